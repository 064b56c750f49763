"""A run may compare with another municipality's register: only one that fits, and never unnoticed."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from helhed.errors import WrongCall
from helhed.evaluation import plan_lines, plan_number
from helhed.profile import read_profile
from helhed.publishing.inputs import rests_on
from helhed.publishing.other_run import require_other_run
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.runner import Order, run_municipality
from helhed.texts import LANGUAGES

ROOT = Path(__file__).parents[2]
NAMED = "../assens/runs/a"


def set_other(folder: Path, named: str) -> None:
    """Write in a profile whose run is compared with."""
    file = folder / "profile.yml"
    kept = re.sub(r"\n  evaluation.other_run: .*\n", "\n", file.read_text(encoding="utf-8"))
    file.write_text(f"{kept.rstrip()}\n  evaluation.other_run: {named}\n", encoding="utf-8")


@pytest.fixture
def places(tmp_path):
    """Furesø, whose profile names a run of Assens in which the data have been checked."""
    found = {name: tmp_path / name for name in ("furesoe", "assens")}
    for name, folder in found.items():
        folder.mkdir()
        for file in ("profile.yml", "sample-pseudonym.key", "pseudonym-key-id.txt"):
            shutil.copy(ROOT / "sample_data" / name / file, folder)
    set_other(found["furesoe"], NAMED)
    check(found["assens"])
    return found


def check(folder: Path, n: int = 1) -> None:
    """Hand over checked tables with ``n`` families."""
    tables = {"family": pd.DataFrame({"family_id": [f"fam-{i}" for i in range(n)]})}
    RunFolder(folder / "runs/a").write_tables("0_check_data", tables, rests_on(read_profile(folder, "en")))


def change(folder: Path, old: str, new: str) -> None:
    """Change the text of a profile."""
    file = folder / "profile.yml"
    written = re.sub(old, new, file.read_text(encoding="utf-8"))
    assert written != file.read_text(encoding="utf-8")
    file.write_text(written, encoding="utf-8")


def refused(folder: Path, lang: str) -> str:
    with pytest.raises(WrongCall) as stopped:
        require_other_run(read_profile(folder, lang), lang)
    return str(stopped.value)


def test_a_finished_run_that_fits_is_used(places):
    assert require_other_run(read_profile(places["furesoe"], "en"), "en") == places["assens"] / "runs/a"
    assert require_other_run(read_profile(places["assens"], "en"), "en") is None


def test_what_the_other_hands_over_is_an_input_of_the_own_run(places):
    before = rests_on(read_profile(places["furesoe"], "en"))["inputs"]
    assert "assens/runs/a" in before
    check(places["assens"])
    assert rests_on(read_profile(places["furesoe"], "en"))["inputs"] == before
    check(places["assens"], 2)
    now = rests_on(read_profile(places["furesoe"], "en"))["inputs"]
    assert {name for name in now if now[name] != before[name]} == {"assens/runs/a"}
    # Two that name each other do not make each other out of date for ever.
    set_other(places["assens"], "../furesoe/runs/b")
    assert rests_on(read_profile(places["furesoe"], "en"))["inputs"] == now


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("named", ["../nowhere/runs/a", "../assens", "../assens/runs", "../furesoe/runs/b", "/", "."])
def test_a_wrong_folder_is_said_with_what_to_write(places, named, lang):
    (places["furesoe"] / "runs/b").mkdir(parents=True)
    set_other(places["furesoe"], named)
    said = refused(places["furesoe"], lang)
    assert said.startswith("profile.yml") and "evaluation.other_run" in said and "{" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_period_invented_data_and_the_own_municipality_are_refused(places, lang):
    assens = (places["assens"] / "profile.yml").read_text(encoding="utf-8")
    change(places["assens"], "value: 2025-12-31", "value: 2025-11-30")
    said = refused(places["furesoe"], lang)
    assert "30. november 2025" in said.replace("30 N", "30. n") and "data.to_date" in said
    (places["assens"] / "profile.yml").write_text(assens, encoding="utf-8")
    change(places["assens"], r"municipality_code: \S+", "municipality_code: '0190'")
    assert "Assens" in refused(places["furesoe"], lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unfinished_or_outdated_run_is_told_of_the_other_municipality(places, lang):
    change(places["assens"], r"\Z", "# changed\n")
    said = refused(places["furesoe"], lang)
    assert "Assens" in said.splitlines()[0] and "profile.yml" in said
    shutil.rmtree(places["assens"] / "runs/a/private")
    assert "Assens" in refused(places["furesoe"], lang)
    change(places["assens"], "model: .*", "model: none")
    assert "assens" in refused(places["furesoe"], lang).splitlines()[0]


def test_the_run_stops_before_its_first_step(places):
    set_other(places["furesoe"], "../nowhere/runs/a")
    order = Order(places["furesoe"], places["furesoe"] / "runs/b")
    with pytest.raises(WrongCall, match="evaluation.other_run"):
        run_municipality(order, lambda progress: None)
    assert not (places["furesoe"] / "runs/b").exists()


def test_the_plan_names_the_register_and_not_the_run(places):
    own, other = (read_profile(places[name], "en") for name in ("assens", "furesoe"))
    assert "another municipality" in dict(plan_lines(other, "en"))["Compared with"]
    assert "same registers" in dict(plan_lines(own, "en"))["Compared with"]
    numbers = []
    for named in ("", NAMED, "../assens/runs/b", "../faaborg/runs/a"):
        set_other(places["furesoe"], f"'{named}'")
        numbers.append(plan_number(read_profile(places["furesoe"], "en")))
    assert len(set(numbers)) == 3 and numbers[1] == numbers[2]
