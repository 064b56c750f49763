"""The run record: what numbers rest on is written down, and a change is noticed before old and new are mixed."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from helhed.errors import DataNeedsWork, HelhedError, WrongCall
from helhed.intake import read_municipality, reading_facts
from helhed.notebook import open_step
from helhed.profile import read_profile
from helhed.publishing.checking import check_municipality, write_family_list
from helhed.publishing.inputs import rests_on, seeds
from helhed.publishing.manifest import Manifest
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.runner import STEPS, Order, run_municipality

ROOT = Path(__file__).resolve().parents[2]
KEY = "sample-pseudonym.key"
CHECK, SELECT, STAFF = STEPS[:3]


@pytest.fixture
def folder(tmp_path):
    """Return a copy of a sample municipality without runs."""
    copy = tmp_path / "furesoe"
    shutil.copytree(ROOT / "sample_data/furesoe", copy, ignore=shutil.ignore_patterns("runs", "check"))
    return copy


@pytest.fixture
def handed_over(folder):
    """Return the folder and a run of it in which the first step has handed over a table."""
    run = folder / "runs" / "a"
    step = open_step(CHECK, str(folder), str(run), "en")
    step.record(assumed=[{"file": "a.csv", "encoding": "cp1252"}])
    step.hand_over({"family": pd.DataFrame({"family_id": ["a"]})})
    return folder, run


def export_changes(folder):
    with (folder / "exports" / "sofus.csv").open("a", encoding="utf-8") as opened:
        opened.write("\n")


def export_comes(folder):
    (folder / "exports" / "nyt_system.csv").write_text("a;b\n", encoding="utf-8")


def export_goes(folder):
    (folder / "exports" / "sensum.csv").unlink()


def decisions_change(folder):
    with (folder / "decisions.xlsx").open("ab") as opened:
        opened.write(b"\0")


def preset_comes(folder):
    (folder / "presets").mkdir()
    (folder / "presets" / "eget.yml").write_text("table: measure\n", encoding="utf-8")


def profile_changes(folder):
    with (folder / "profile.yml").open("a", encoding="utf-8") as opened:
        opened.write("  disclosure.threshold: 6\n")


def key_is_replaced_on_purpose(folder):
    (folder / KEY).write_text("00" * 32)
    (folder / "pseudonym-key-id.txt").unlink()


CHANGES = {
    "exports/sofus.csv": export_changes,
    "exports/nyt_system.csv": export_comes,
    "exports/sensum.csv": export_goes,
    "decisions.xlsx": decisions_change,
    "presets/eget.yml": preset_comes,
    "profile has changed": profile_changes,
    "another key": key_is_replaced_on_purpose,
}


def test_a_later_step_reads_while_nothing_has_changed(handed_over):
    folder, run = handed_over
    assert len(open_step(SELECT, str(folder), str(run), "en").read(CHECK, "family")) == 1
    assert RunFolder(run).facts(CHECK) == {"assumed": [{"file": "a.csv", "encoding": "cp1252"}]}


@pytest.mark.parametrize("said", CHANGES)
def test_every_later_step_notices_a_change(handed_over, said):
    folder, run = handed_over
    CHANGES[said](folder)
    for later in STEPS[1:]:
        with pytest.raises(WrongCall, match=said) as caught:
            open_step(later, str(folder), str(run), "en")
        assert CHECK in str(caught.value)


@pytest.mark.parametrize("said", [name for name in CHANGES if "key" not in name])
def test_a_step_notices_a_change_while_it_runs(handed_over, said):
    folder, run = handed_over
    step = open_step(SELECT, str(folder), str(run), "en")
    CHANGES[said](folder)
    with pytest.raises(HelhedError, match=said):
        step.hand_over({"shortlist": pd.DataFrame({"family_id": ["a"]})})
    assert RunFolder(run).rows(SELECT) == {}


def test_the_first_step_starts_anew_from_what_lies_there_now(handed_over):
    folder, run = handed_over
    export_changes(folder)
    open_step(CHECK, str(folder), str(run), "en").hand_over({"family": pd.DataFrame({"family_id": ["a", "b"]})})
    assert len(open_step(SELECT, str(folder), str(run), "en").read(CHECK, "family")) == 2


def test_what_is_no_input_is_no_change(handed_over):
    folder, run = handed_over
    before = rests_on(read_profile(folder))
    (folder / "exports" / "~$sofus.xlsx").write_text("an open file's lock")
    (folder / "check").mkdir()
    (folder / "check" / "fejlliste.xlsx").write_text("")
    (folder / "notes.txt").write_text("")
    assert rests_on(read_profile(folder)) == before
    assert run.is_dir()


@pytest.mark.parametrize("spoil", ["wrong", "missing"])
@pytest.mark.parametrize(
    "use",
    [
        lambda folder: check_municipality(folder, "en"),
        lambda folder: write_family_list(folder, "en"),
        lambda folder: open_step(CHECK, str(folder), str(folder / "runs/b"), "en"),
        lambda folder: open_step(SELECT, str(folder), str(folder / "runs/a"), "en"),
        lambda folder: run_municipality(Order(folder, folder / "runs/b", ("en",)), print),
        lambda folder: run_municipality(Order(folder, folder / "runs/a", ("en",), reuse=True), print),
    ],
    ids=["check", "families", "first notebook", "later notebook", "run", "resumed run"],
)
def test_whoever_comes_with_another_key_writes_nothing(handed_over, use, spoil):
    folder, _ = handed_over
    if spoil == "wrong":
        (folder / KEY).write_text("00" * 32)
    else:
        (folder / KEY).unlink()
    before = {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}
    with pytest.raises(DataNeedsWork) as caught:
        use(folder)
    assert {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")} == before
    said = str(caught.value)
    assert "Nothing was written" in said and "safe place" in said and "pseudonym-key-id.txt" in said


@pytest.mark.parametrize("said", [name for name in CHANGES if "/" in name or "." in name])
def test_later_steps_alone_are_not_run_on_changed_files(handed_over, said):
    folder, run = handed_over
    order = Order(folder, run, ("en",), (STAFF,))
    finish_first_steps(order)
    CHANGES[said](folder)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    with pytest.raises(WrongCall, match="rest on something else") as caught:
        run_municipality(order, print)
    assert said in str(caught.value) and "--steps" in str(caught.value)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def finish_first_steps(order):
    """Write the record of a run in which the first two steps have finished, as the runner does."""
    with pytest.raises(HelhedError):  # there is no hand-over of the second step: staffing itself stops
        run_municipality(order, print)
    manifest = Manifest(order.run_dir)
    for step in (CHECK, SELECT):
        manifest.record(step, "en", state="done", rows={})


def test_the_record_of_a_run_is_whole(handed_over):
    folder, run = handed_over
    order = Order(folder, run, ("en",), (STAFF,))
    finish_first_steps(order)
    content = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    profile = read_profile(folder)
    assert {"municipality", "run", "inputs", "key", "settings", "seeds", "year", "settings_year", "versions", "code",
            "steps"} <= set(content)  # fmt: skip
    assert {"profile.yml", "decisions.xlsx", "exports/sofus.csv"} <= set(content["inputs"])
    assert content["key"] == (folder / "pseudonym-key-id.txt").read_text(encoding="utf-8").split("\n")[0]
    assert set(content["settings"]) == set(profile.settings)
    assert all(set(setting) == {"value", "origin"} for setting in content["settings"].values())
    assert content["seeds"] == seeds(profile) and {"staffing.seed", "evaluation.seed"} <= set(content["seeds"])
    assert content["year"] == content["settings_year"] == profile["data.to_date"].year
    assert content["steps"][STAFF]["en"]["state"] == "stopped"


def test_how_files_were_read_is_plain_and_about_files(folder):
    found = read_municipality(read_profile(folder))
    facts = reading_facts(found)
    assert len(facts) == len(found.assumed) > 10
    assert json.loads(json.dumps(facts)) == facts
    assert {"file", "encoding", "n_rows"} <= set(facts[0])
