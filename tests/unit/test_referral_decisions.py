"""The referral meeting's own sheet is read back: into decisions.xlsx, and from there into the next run."""

import io
import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from helhed import intake
from helhed.cli import app
from helhed.errors import DataNeedsWork, WrongCall
from helhed.office_files import sheet_rows
from helhed.profile import read_profile
from helhed.publishing.referral_decisions import take_in_decisions
from helhed.selection import evaluate_criteria, referral_workbook, select_families
from helhed.selection.decided_sheet import Decided, decisions_in

SAMPLE = Path(__file__).parents[2] / "sample_data" / "furesoe"
#: The columns of the meeting's decision, reason, who decided and the day.
YELLOW = (6, 7, 8, 9)
MEETING = date(2026, 1, 20)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A sample municipality of its own, its shortlist, and the referral sheet of either language."""
    folder = tmp_path_factory.mktemp("town") / "furesoe"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("runs", "check"))
    profile = read_profile(folder, "en")
    tables = intake.read_municipality(profile, "en").tables
    shortlist = select_families(tables, profile, profile["data.to_date"])
    judged = evaluate_criteria(tables, profile, profile["data.to_date"])
    sheets = {lang: referral_workbook(shortlist, judged, profile, lang) for lang in ("da", "en")}
    return folder, profile, shortlist.set_index("family_id"), sheets


def workbook(file):
    """Return the sheets of a workbook as frames."""
    return pd.read_excel(file, sheet_name=None, engine="openpyxl")


def filled(content, **rows):
    """Return a referral sheet with the yellow cells of some rows filled in: r5=(decision, reason, by, day)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, cells in rows.items():
        for column, cell in zip(YELLOW, cells, strict=True):
            book.worksheets[0].cell(int(name[1:]), column).value = cell
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_the_meeting_wrote_is_read_in_either_language_and_every_way_of_writing_a_day(town):
    for lang, words in (("da", "venteliste"), ("en", "Waiting list")):
        said = (words, "kan vente", "leder")
        sheet = filled(
            town[3][lang], r2=(*said, datetime(2026, 1, 20)), r4=(*said, "20.01.2026"), r5=(*said, "2026-01-20")
        )
        decided, problems = decisions_in(sheet_rows(sheet), "a.xlsx")
        assert problems == []
        assert [one.row for one in decided] == [2, 4, 5]
        listed = openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0]
        assert decided[1] == Decided(listed["B4"].value, "reserve", "kan vente", "leder", MEETING, 4)


def test_a_sheet_nobody_has_written_in_says_nothing(town):
    assert decisions_in(sheet_rows(town[3]["da"]), "a.xlsx") == ([], [])


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ((None, "reason", "leader", MEETING), "decided_without", "Mødets beslutning"),
        (("venteliste", None, "leader", MEETING), "decided_without", "Begrundelse"),
        (("venteliste", "reason", "  ", MEETING), "decided_without", "Besluttet af"),
        (("venteliste", "reason", "leader", None), "decided_without", "Dato"),
        (("maybe", "reason", "leader", MEETING), "unknown_decision", "Mødets beslutning"),
        (("venteliste", "reason", "leader", "i morgen"), "no_day_of_decision", "Dato"),
    ],
)
def test_a_row_that_is_not_complete_is_told_with_its_cell(town, cells, code, column):
    decided, problems = decisions_in(sheet_rows(filled(town[3]["da"], r3=cells)), "a.xlsx")
    assert decided == []
    assert [(one.code, one.row, one.column) for one in problems] == [(f"selection.{code}", 3, column)]
    assert all(one.message(lang) for one in problems for lang in ("da", "en"))


def test_a_family_in_two_rows_and_a_file_that_is_another_are_told(town):
    head, *rows = next(iter(sheet_rows(filled(town[3]["da"], r2=("udsat", "a", "b", MEETING))).values()))
    decided, problems = decisions_in({"x": [head, rows[0], rows[0]]}, "a.xlsx")
    assert len(decided) == 1
    assert [(one.code, one.row) for one in problems] == [("selection.decided_twice", 3)]
    assert [one.code for one in decisions_in({"x": [["CPR"], ["a"]]}, "a.xlsx")[1]] == ["selection.no_referral_sheet"]


def test_decisions_reach_the_next_run_and_a_second_time_changes_nothing(town, tmp_path):
    folder, profile, shortlist, sheets = town
    sheet, waiting = tmp_path / "referral_sheet.xlsx", ("venteliste", "kan vente", "leder", MEETING)
    reserve = shortlist[(shortlist["standing"] == "reserve") & ~shortlist["reasons"].str.contains("note_")]
    order = [row[1] for row in next(iter(sheet_rows(sheets["da"]).values()))]
    new, known = reserve.index[:2], shortlist.index[shortlist["reasons"].str.contains("note_decided_reserve")][0]
    offer = ("tilbydes plads", "enighed", "leder", MEETING)
    rows = {f"r{order.index(family) + 1}": offer for family in new}
    sheet.write_bytes(filled(sheets["da"], **rows, **{f"r{order.index(known) + 1}": waiting}))
    before = workbook(folder / "decisions.xlsx")

    said = take_in_decisions(folder, sheet, "da")
    assert len(said) == 4
    assert sum("Ny række" in line for line in said) == 2
    after = workbook(folder / "decisions.xlsx")
    assert len(after["Indskrivninger"]) == len(before["Indskrivninger"]) + 2
    for name in set(before) - {"Indskrivninger"}:
        pd.testing.assert_frame_equal(after[name], before[name])
    kept = workbook(folder / "check" / "decisions_before.xlsx")["Indskrivninger"]
    pd.testing.assert_frame_equal(kept, before["Indskrivninger"])

    read = intake.read_municipality(profile, "en")
    enrolment = read.tables["enrolment"].set_index("family_id")
    told = enrolment.loc[[*new, known], ["decision", "decision_reason", "decided_by", "offered_date"]]
    assert told["decision"].tolist() == ["include", "include", "reserve"]
    assert told["decision_reason"].tolist() == ["enighed", "enighed", "kan vente"]
    assert set(told["offered_date"]) == {pd.Timestamp(MEETING)}
    listed = select_families(read.tables, profile, profile["data.to_date"]).set_index("family_id")
    assert listed.loc[new, "reasons"].str.contains("note_offer_open").all()

    done = CliRunner().invoke(app, ["decisions", str(folder), str(sheet), "--lang", "en"])
    assert done.exit_code == 0
    assert "Nothing has been changed" in done.output
    pd.testing.assert_frame_equal(workbook(folder / "decisions.xlsx")["Indskrivninger"], after["Indskrivninger"])


def test_a_course_that_has_begun_is_left_as_it_is_and_a_strange_family_is_told(town, tmp_path):
    folder, _, shortlist, sheets = town
    enrolled = shortlist.index[shortlist["standing"] == "enrolled"][0]
    book = openpyxl.load_workbook(io.BytesIO(filled(sheets["da"], r2=("udsat", "a", "b", MEETING))))
    sheet, before = tmp_path / "sheet.xlsx", (folder / "decisions.xlsx").read_bytes()
    book.worksheets[0]["B2"] = enrolled
    book.save(sheet)
    assert "forløb" in take_in_decisions(folder, sheet, "da")[1]
    book.worksheets[0]["B2"] = "nobodynobody1234"
    book.save(sheet)
    with pytest.raises(DataNeedsWork, match="nobodynobody1234"):
        take_in_decisions(folder, sheet, "en")
    assert (folder / "decisions.xlsx").read_bytes() == before


def test_a_file_that_cannot_be_opened_is_told(town, tmp_path):
    (tmp_path / "cut.xlsx").write_bytes(town[3]["da"][:2000])
    for name in ("cut.xlsx", "nowhere.xlsx"):
        with pytest.raises(WrongCall, match=name):
            take_in_decisions(town[0], tmp_path / name, "en")
