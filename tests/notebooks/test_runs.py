"""Every notebook runs for every sample municipality, alone with stock papermill, and after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import papermill
import pytest

from helhed.publishing.manifest import Manifest
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.runner import STEPS
from helhed.texts import document_name

ROOT = Path(__file__).resolve().parents[2]
#: Reading ease is a property of the text, so each language has its own.
OF_THE_LANGUAGE = {"lix_median"}
HELHED = str(Path(sys.executable).with_name("helhed"))


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_finished_in_both_languages_with_the_same_numbers(guide_runs, step):
    for name, run in guide_runs.items():
        manifest = Manifest(run.path)
        assert manifest.is_done(step, "da") and manifest.is_done(step, "en"), name
        numbers = {lang: run.key_numbers(step, lang) for lang in ("da", "en")}
        values = {
            lang: {
                key: number["value"]
                for key, number in numbers[lang].items()
                if number["format"] != "text" and key not in OF_THE_LANGUAGE
            }
            for lang in numbers
        }
        assert values["da"] == values["en"]
        assert values["da"], (name, step)


@pytest.mark.parametrize("step", STEPS)
def test_the_documents_are_the_same_in_both_languages_each_under_its_own_name(guide_runs, step):
    for run in guide_runs.values():
        folders = {lang: run.documents_folder(step, lang) for lang in ("da", "en")}
        files = {
            lang: {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
            for lang, folder in folders.items()
        }
        assert files["en"] and {document_name(name, "en") for name in files["en"]} == files["en"]
        assert {document_name(name, "da") for name in files["en"]} == files["da"]


def test_public_folder_holds_no_identifier_of_the_run(guide_runs):
    """No pseudonym of a person or family stands in any public file."""
    for run in guide_runs.values():
        families = run_table(run, "family")["family_id"]
        persons = run_table(run, "person")["person_id"]
        public = "".join(file.read_text(encoding="utf-8") for file in (run.path / "public").rglob("*.json")) + "".join(
            file.read_text(encoding="utf-8") for file in (run.path / "notebooks").rglob("*.ipynb")
        )
        assert not [key for key in {*families, *persons} if key in public]


def run_table(run, name):
    import pandas as pd

    return pd.read_parquet(run.tables_folder("0_check_data") / f"{name}.parquet")


def test_no_figure_is_without_a_finding(guide_runs):
    for run in guide_runs.values():
        for file in (run.path / "public").rglob("fig-*.json"):
            words = json.loads(file.read_text(encoding="utf-8"))
            assert words["caption"] and len(words["alt"]) > 40, file
            assert file.with_suffix(".png").stat().st_size > 5000, file


@pytest.mark.parametrize("step", STEPS)
def test_each_notebook_runs_with_stock_papermill_from_its_hand_overs(guide_runs, tmp_path, step, monkeypatch):
    monkeypatch.chdir(ROOT)
    run = guide_runs["furesoe"]
    shutil.copytree(run.path, tmp_path / "run")
    parameters = {"municipality": "sample_data/furesoe", "run_dir": str(tmp_path / "run"), "lang": "da"}
    papermill.execute_notebook(
        str(ROOT / "notebooks" / f"{step}.ipynb"), str(tmp_path / "out.ipynb"), parameters, progress_bar=False
    )
    assert RunFolder(tmp_path / "run").key_numbers(step, "da") == run.key_numbers(step, "da")


def test_a_killed_run_is_resumed_and_gives_the_same_numbers(guide_runs, tmp_path):
    shutil.copytree(
        ROOT / "sample_data/roedovre", tmp_path / "roedovre", ignore=shutil.ignore_patterns("runs", "check")
    )
    command = [HELHED, "run", str(tmp_path / "roedovre"), "--lang", "da", "--run-id", "a"]
    run = RunFolder(tmp_path / "roedovre" / "runs" / "a")
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not Manifest(run.path).is_done(STEPS[1], "da") and time.monotonic() < deadline:
        time.sleep(0.3)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not Manifest(run.path).is_done(STEPS[-1], "da")
    finished_before = (run.tables_folder(STEPS[0]) / "hand_over.json").stat().st_mtime_ns
    subprocess.run([*command, "--resume"], cwd=ROOT, check=True, capture_output=True)
    assert (run.tables_folder(STEPS[0]) / "hand_over.json").stat().st_mtime_ns == finished_before
    for step in STEPS:
        assert run.key_numbers(step, "da") == guide_runs["roedovre"].key_numbers(step, "da")
    assert not [path for path in run.path.rglob(".*") if path.is_file()]
