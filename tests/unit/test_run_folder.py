"""A run's folder is always whole: what fails half-way leaves the earlier content as it was."""

from pathlib import Path

import pandas as pd
import pytest

from helhed.errors import WrongCall
from helhed.publishing.manifest import Manifest
from helhed.publishing.run_folder import RunFolder, replace_file, replace_folder


def test_tables_come_back_as_they_were_handed_over(tmp_path):
    run = RunFolder(tmp_path)
    frame = pd.DataFrame({"family_id": ["a", "b"], "n": pd.array([1, None], dtype="Int64")})
    run.write_tables("0_check_data", {"family": frame}, "hash")
    pd.testing.assert_frame_equal(run.read_table("0_check_data", "family", "hash", "da"), frame)
    assert run.rows("0_check_data") == {"family": 2}


def test_reading_what_was_never_handed_over_names_the_step(tmp_path):
    with pytest.raises(WrongCall, match="0_check_data.*family"):
        RunFolder(tmp_path).read_table("0_check_data", "family", "hash", "en")


def test_a_hand_over_from_another_profile_is_refused(tmp_path):
    run = RunFolder(tmp_path)
    run.write_tables("0_check_data", {"family": pd.DataFrame({"a": [1]})}, "old")
    with pytest.raises(WrongCall, match="profile has changed"):
        run.read_table("0_check_data", "family", "new", "en")


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
