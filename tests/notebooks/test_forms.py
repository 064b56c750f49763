"""In JupyterLab a notebook shows forms for its what-ifs, in the reader's words; without a person there, none."""

import os
import shutil
from pathlib import Path

import papermill
import pytest

ROOT = Path(__file__).resolve().parents[2]
WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
WITH_FORMS = {
    "1_select_target_group": ["Pladser i alt"],
    "2_staff_coordinators": [
        "Fuldtidsstillinger",
        "Mål for ventetid, uger",
        "Nye familier pr. måned",
        "Sygedage pr. år",
        "Timer med familien pr. uge, aktiv fase",
    ],
    "5_evaluate_and_account": ["Voksne pr. familie, som flyttes væk fra ydelse"],
}


@pytest.mark.parametrize("is_lab", [True, False])
@pytest.mark.parametrize("step", WITH_FORMS)
def test_forms_are_shown_only_where_somebody_can_use_them(guide_runs, tmp_path, monkeypatch, step, is_lab):
    monkeypatch.chdir(ROOT)
    if is_lab:
        monkeypatch.setenv("JPY_SESSION_NAME", f"notebooks/{step}.ipynb")
    assert is_lab == ("JPY_SESSION_NAME" in os.environ)
    shutil.copytree(guide_runs["assens"].path, tmp_path / "run")
    parameters = {"municipality": "sample_data/assens", "run_dir": str(tmp_path / "run"), "lang": "da"}
    notebook = str(ROOT / "notebooks" / f"{step}.ipynb")
    done = papermill.execute_notebook(notebook, str(tmp_path / "out.ipynb"), parameters, progress_bar=False)
    forms = [output for cell in done.cells for output in cell.get("outputs", []) if WIDGET in output.get("data", {})]
    assert bool(forms) == is_lab
    state = done.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    sliders = [part["state"] for part in state.values() if part["model_name"].endswith("SliderModel")]
    assert sorted(slider["description"] for slider in sliders) == (WITH_FORMS[step] if is_lab else [])
    # The slider's own number has a decimal point in every language: the form writes it beside.
    assert not any(slider["readout"] for slider in sliders)
    numbers = [part["state"]["value"] for part in state.values() if part["model_name"] == "LabelModel"]
    assert len(numbers) == len(sliders) and not any("." in number for number in numbers)
