"""Problems of reading that need a place of their own to be met: folders, the key, open workbooks, odd corrections."""

from pathlib import Path

import pandas as pd
import pytest

from helhed.errors import DataNeedsWork
from helhed.intake import read_municipality
from helhed.intake.corrections import Correction, apply_corrections, row_marks
from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import KEY_ID_FILE, Keyring, open_key
from helhed.intake.reading.file_names import find_file
from helhed.intake.reading.readers import RawSheet
from helhed.intake.rules.reading import reading_rules
from helhed.intake.values.misfits import misfit_code
from helhed.publishing.checking import check_municipality
from tests.unit.bad_files.conftest import Municipality

KEYRING = Keyring(bytes(32), is_synthetic=True)


@pytest.fixture
def town(tmp_path):
    return Municipality(tmp_path / "town")


def codes_of(stop) -> list[str]:
    return [problem.code for problem in stop.value.problems]


def test_a_folder_that_cannot_be_listed(tmp_path, monkeypatch):
    def refused(_folder):
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refused)
    file, (problem,) = find_file(tmp_path, "folkeregister")
    assert file is None
    assert problem.code == "intake.unreadable_folder"


def test_a_key_that_cannot_be_made(town):
    town.write_profile(**{"data.key_file": "no/such/folder/pseudonym.key"})
    with pytest.raises(DataNeedsWork) as stop:
        open_key(town.profile, "en")
    assert codes_of(stop) == ["intake.key_not_writable"]


def test_a_fingerprint_that_cannot_be_written(town):
    record = town.path / KEY_ID_FILE
    record.unlink(missing_ok=True)
    record.symlink_to(town.path / "no such folder" / "fingerprint")
    with pytest.raises(DataNeedsWork) as stop:
        open_key(town.profile, "en")
    assert codes_of(stop) == ["intake.key_id_not_writable"]


def test_what_lies_in_the_folder_and_is_not_read_is_told(town):
    exports = town.path / "exports"
    for name in ("noter.txt", "gamle tal.xls", "tal.ods", "uden_endelse", "Thumbs.db", ".DS_Store", "~$åben.xlsx"):
        (exports / name).write_text("x")
    (exports / "tom mappe").mkdir()
    (exports / "2024").mkdir()
    (exports / "2024" / "sofus.csv").write_text("x")
    town.file("sofus").rename(exports / "sofus.xls")
    problems = read_municipality(town.profile, "en").problems
    told = {(p.code.split(".")[1], p.file) for p in problems if p.row is None and (exports / p.file).exists()}
    assert {(code, file) for code, file in told if code.startswith(("un", "is_"))} == {
        ("unread_ending", "noter.txt"),
        ("unread_ending", "gamle tal.xls"),
        ("unread_ending", "tal.ods"),
        ("unread_ending", "uden_endelse"),
        ("unread_folder", "2024"),
        ("is_old_workbook", "sofus.xls"),
    }


def test_without_a_register_nobody_is_said_to_have_the_wrong_family(town):
    town.file("folkeregister").write_bytes(b"")
    codes = {p.code for p in read_municipality(town.profile, "en").problems}
    assert "intake.empty_file" in codes
    assert not codes & {"intake.contact_without_family", "intake.person_of_other_family"}


def test_replacement_numbers_are_told_once_and_counted(town):
    replaced = "74238" + "80001"
    town.exports["folkeregister"].append([replaced, "14-03-1988", "K", "A9", "Nord", *[""] * 3, "Dansk", "", "", ""])
    town.write()
    found = [p for p in read_municipality(town.profile, "en").problems if p.code == "intake.replacement_numbers"]
    assert [problem.details for problem in found] == [{"n": 1}]


def test_a_list_of_errors_that_is_open_in_another_program(town):
    check_municipality(town.path, "en")
    (town.path / "check" / "~$errors.xlsx").touch()
    with pytest.raises(DataNeedsWork) as stop:
        check_municipality(town.path, "en")
    assert codes_of(stop) == ["intake.workbook_open"]


@pytest.mark.parametrize(
    ("column", "action", "expected"),
    [
        ("Løntimer", "", "intake.unknown_action"),
        ("Farve", "correct", "intake.correction_without_column"),
        ("Løntimer", "correct", None),
    ],
)
def test_a_correction_that_says_nothing_sure(column, action, expected):
    preset = presets()["beskaeftigelse"]
    headings = [heading.heading for heading in preset.columns]
    frame = pd.DataFrame([["x", "2024-05", "12", "N"]], columns=headings, index=[2], dtype="str")
    sheet = RawSheet("beskaeftigelse.csv", frame)
    mark = row_marks(sheet, preset, KEYRING).iloc[0]
    correction = Correction("beskaeftigelse.csv", "", "2", column, "12", action, "13", "", "", mark)
    problems = apply_corrections(sheet, preset, [correction], KEYRING)[2]
    assert [problem.code for problem in problems] == ([expected] if expected else [])


def test_a_period_that_is_none():
    assert misfit_code("i foråret", "period") == "bad_period"


def test_every_declared_problem_has_a_severity_and_an_area():
    assert reading_rules()
    for rule in reading_rules():
        assert rule.severities
        assert set(rule.severities) <= {"must_fix", "should_fix", "note"}
        assert rule.why == f"reading_{rule.area}"
