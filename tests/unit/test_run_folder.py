"""A run's folder is always whole: what fails half-way leaves the earlier content as it was."""

import re
from pathlib import Path

import pandas as pd
import pytest

from helhed.errors import WrongCall
from helhed.publishing.manifest import Manifest
from helhed.publishing.run_folder import RunFolder, replace_file, replace_folder

INPUTS = {"profile.yml": "1", "exports/a.csv": "1"}
NOW = {"inputs": INPUTS, "key": "k"}


def test_tables_come_back_as_they_were_handed_over(tmp_path):
    run = RunFolder(tmp_path)
    frame = pd.DataFrame({"family_id": ["a", "b"], "n": pd.array([1, None], dtype="Int64")})
    run.write_tables("0_check_data", {"family": frame}, NOW, {"assumed": [1]})
    pd.testing.assert_frame_equal(run.read_table("0_check_data", "family", NOW, "da"), frame)
    assert run.rows("0_check_data") == {"family": 2}
    assert run.facts("0_check_data") == {"assumed": [1]}
    assert run.rows("1_select_target_group") == run.facts("1_select_target_group") == {}


def test_the_same_tables_handed_over_once_more_stay_where_they_are(tmp_path):
    run, families = RunFolder(tmp_path), pd.DataFrame({"family_id": ["a", "b"]})
    run.write_tables("0_check_data", {"family": families, "person": families}, NOW)
    before = {file: file.stat().st_ino for file in run.tables_folder("0_check_data").iterdir()}
    run.write_tables("0_check_data", {"family": families, "person": families}, NOW)
    assert {file: file.stat().st_ino for file in run.tables_folder("0_check_data").iterdir()} == before
    run.write_tables("0_check_data", {"family": families[:1], "person": families}, NOW)
    assert len(run.read_table("0_check_data", "family", NOW, "en")) == 1
    run.write_tables("0_check_data", {"family": families[:1]}, NOW)
    assert [file.stem for file in sorted(run.tables_folder("0_check_data").iterdir())] == ["family", "hand_over"]


def test_reading_what_was_never_handed_over_names_the_step(tmp_path):
    with pytest.raises(WrongCall, match="0_check_data.*family"):
        RunFolder(tmp_path).read_table("0_check_data", "family", NOW, "en")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({**NOW, "inputs": {**INPUTS, "profile.yml": "2"}}, "profile has changed"),
        ({**NOW, "inputs": {**INPUTS, "exports/a.csv": "2"}}, r"0_check_data.*exports/a\.csv\."),
        ({**NOW, "inputs": {**INPUTS, "exports/b.csv": "1"}}, r"exports/b\.csv\."),
        ({**NOW, "inputs": {"profile.yml": "1"}}, r"exports/a\.csv\."),
        ({**NOW, "key": "other"}, "another key"),
    ],
)
def test_a_hand_over_that_rests_on_something_else_is_refused(tmp_path, now, said):
    run = RunFolder(tmp_path)
    run.write_tables("0_check_data", {"family": pd.DataFrame({"a": [1]})}, NOW)
    run.require_unchanged("0_check_data", NOW, "en")
    for refused in (run.read_table, lambda step, _name, *rest: run.require_unchanged(step, *rest)):
        with pytest.raises(WrongCall, match=said) as caught:
            refused("0_check_data", "family", now, "en")
        assert len(caught.value.problems) == 1


def test_templates_and_offices_forms_concern_the_plans_alone(tmp_path):
    run = RunFolder(tmp_path)
    for step in ("0_check_data", "3_make_family_plans"):
        run.write_tables(step, {}, NOW)
    for added in ("templates/fagplan_da.docx", "sector_plans/*"):
        now = {**NOW, "inputs": {**INPUTS, added: "1"}}
        run.require_unchanged("0_check_data", now, "en")
        with pytest.raises(WrongCall, match=re.escape(added)):
            run.require_unchanged("3_make_family_plans", now, "en")


def test_everything_that_changed_is_named_at_once(tmp_path):
    run = RunFolder(tmp_path)
    run.write_tables("0_check_data", {}, NOW)
    with pytest.raises(WrongCall) as caught:
        run.require_unchanged("0_check_data", {"inputs": {}, "key": ""}, "da")
    assert [problem.code.split(".")[1] for problem in caught.value.problems] == [
        "profile_changed",
        "inputs_changed",
        "key_changed",
    ]


def test_only_finished_earlier_steps_come_before(tmp_path):
    run = RunFolder(tmp_path)
    for step in ("0_check_data", "2_staff_coordinators", "3_make_family_plans"):
        run.write_tables(step, {}, NOW)
    assert run.finished_before("2_staff_coordinators") == ["0_check_data"]
    assert run.finished_before("0_check_data") == []


def test_a_folder_that_cannot_be_filled_leaves_the_old_one(tmp_path):
    replace_folder(tmp_path / "out", lambda folder: (folder / "a").write_text("old"))

    def fails(folder):
        (folder / "a").write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_folder(tmp_path / "out", fails)
    assert (tmp_path / "out" / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    replace_folder(tmp_path / "out", lambda folder: (folder / "a").write_text("old"))
    rename = Path.rename

    def locked(path, target):
        if ".new-" in path.name:
            raise PermissionError("locked by another program")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(PermissionError):
        replace_folder(tmp_path / "out", lambda folder: (folder / "a").write_text("new"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "a").read_text() == "old"


def test_replace_file_leaves_no_temporary_file(tmp_path):
    replace_file(tmp_path / "x" / "a.txt", b"1")
    replace_file(tmp_path / "x" / "a.txt", b"2")
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["a.txt"]
    assert (tmp_path / "x" / "a.txt").read_bytes() == b"2"


def test_manifest_forgets_finished_steps_when_an_input_changes(tmp_path):
    manifest = Manifest(tmp_path)
    manifest.start({"inputs": {"a.csv": "1"}})
    manifest.record("0_check_data", "da", state="done")
    again = Manifest(tmp_path)
    again.start({"inputs": {"a.csv": "1"}})
    assert again.is_done("0_check_data", "da")
    again.start({"inputs": {"a.csv": "2"}})
    assert not again.is_done("0_check_data", "da")


def test_manifest_names_what_differs_one_by_one(tmp_path):
    manifest = Manifest(tmp_path)
    facts = {"inputs": {"a.csv": "1", "b.csv": "1"}, "key": "k", "versions": {"pandas": "3"}}
    manifest.start(facts)
    assert manifest.differences({**facts, "key": "other"}) == []  # nothing has finished: nothing rests on it
    manifest.record("0_check_data", "da", state="done")
    assert manifest.differences(facts) == []
    now = {"inputs": {"a.csv": "2", "c.csv": "1"}, "key": "other", "versions": {"pandas": "4"}, "year": 2026}
    assert manifest.differences(now) == ["a.csv", "b.csv", "c.csv", "key", "pandas", "year"]


def test_a_record_that_goes_on_keeps_what_has_finished(tmp_path):
    before, now = {"inputs": {"templates/a.docx": "1"}}, {"inputs": {"templates/a.docx": "2"}}
    manifest = Manifest(tmp_path)
    manifest.start(before)
    manifest.record("0_check_data", "da", state="done")
    manifest.go_on(now)
    again = Manifest(tmp_path)
    assert again.is_done("0_check_data", "da") and again.differences(now) == []
    again.start(before)
    assert not again.is_done("0_check_data", "da")
