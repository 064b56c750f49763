"""What is seen once the export is known: cells in per cent, the same table twice, headings spelt otherwise."""

from datetime import timedelta

import openpyxl
import pytest
import xlsxwriter

from helhed.intake import read_municipality
from helhed.intake.corrections import Correction, apply_corrections, row_marks
from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.reading.excel_cells import as_text
from helhed.intake.reading.percent_cells import percent_cells
from helhed.intake.sources import raw_sheets, read_source
from helhed.publishing.checking import check_municipality
from tests.unit.bad_files.conftest import BOY, FATHER, csv_text, headings
from tests.unit.test_corrections import type_in

JOB = "beskaeftigelse"


def write_book(town, stem: str, *sheets: tuple[str, list]):
    """Write an export as a workbook; a cell is a value, or a value and a number format."""
    town.file(stem).unlink()
    file = town.path / "exports" / f"{stem}.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    value, form = cell if isinstance(cell, tuple) else (cell, "General")
                    sheet.write(row, column, value, book.add_format({"num_format": form}))
    return file


def read(town, source):
    return read_source(presets()[source], town.profile, Keyring(bytes(32), is_synthetic=True))


FORMS = ["0%", "0.00%", "0.0 %", '#,##0.00" "%', "[Red]0%"]


@pytest.mark.parametrize("form", FORMS)
def test_a_cell_in_per_cent_is_told_as_people_see_it(town, told, form):
    write_book(town, JOB, ("Ark1", [headings(JOB), [FATHER, "2024-05", (0.25, form), "N"]]))
    problem = told(JOB, "number_percent")
    assert (problem.row, problem.column, problem.value) == (2, "Løntimer", "25 %")


@pytest.mark.parametrize("form", ["0.00", '0.0" pct. %"', r"0\%", "General"])
def test_a_percent_sign_that_is_only_shown_changes_nothing(town, form):
    write_book(town, JOB, ("Ark1", [headings(JOB), [FATHER, "2024-05", (0.25, form), "N"]]))
    frame, problems, *_ = read(town, JOB)
    assert frame["hours"].tolist() == [0.25]
    assert not [p for p in problems if p.severity == "must_fix"]


def test_a_column_whose_unit_is_per_cent_is_read_as_it_is_shown(town):
    row = [FATHER, 202405, 3000, 600, "", "", (0.2, "0%"), "", "Kontanthjælp", ""]
    write_book(town, "ydelsesrefusion_2024", ("Ark1", [headings("ydelsesrefusion_2024"), row]))
    frame, _, assumed, _ = read(town, "ydelsesrefusion")
    assert frame.loc[frame["file_"] == "ydelsesrefusion_2024.xlsx", "refund_rate"].tolist() == [20.0]
    assert "percent_cells" in next(a for a in assumed if a.file.endswith("2024.xlsx")).taken


def test_a_number_that_looks_like_none_in_binary_is_shown_as_people_see_it(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet, form = book.add_worksheet("A"), book.add_format({"num_format": "0.0%"})
        sheet.write(1, 27, 0.07, form)
        sheet.write_formula(2, 0, "=1/8", form, 0.125)
        sheet.write(3, 0, 5)
    assert percent_cells(tmp_path / "x.xlsx", "A") == {(2, 28): "7 %", (3, 1): "12,5 %"}
    assert percent_cells(tmp_path / "x.xlsx", "") == percent_cells(tmp_path / "x.xlsx", "A")


def test_the_same_table_on_two_sheets_is_refused(town, told):
    rows = [[headings(JOB), [FATHER, f"{year}-05", 10, "N"]] for year in (2024, 2025)]
    write_book(town, JOB, ("2024", rows[0]), ("Om", [["Fra lønsystemet"]]), ("2025", rows[1]))
    problem = told(JOB, "same_table")
    assert problem.sheet == "2025"
    assert "2024" in problem.line("da")


def test_an_empty_form_and_another_table_are_not_the_same_table(town):
    rows = [headings(JOB), [FATHER, "2024-05", 10, "N"]]
    write_book(town, JOB, ("Data", rows), ("Skema", rows[:1]), ("Sum", [["Måned", "Løntimer"], ["2024-05", 10]]))
    _, problems, *_ = read(town, JOB)
    assert [p.code for p in problems if p.severity == "must_fix"] == []


SPELLINGS = {
    "a hyphen": ("CPR nummer", "CPR-nummer"),
    "two spaces and a point": ("Under uddannelse", "Under  uddannelse."),
    "run together": ("CPR nummer", "cprnummer"),
    "parted": ("Løntimer", "Løn timer"),
}


@pytest.mark.parametrize(("heading", "written"), SPELLINGS.values(), ids=list(SPELLINGS))
def test_a_heading_with_other_signs_is_the_same_and_that_is_recorded(town, heading, written):
    as_it_is, *_ = read(town, JOB)
    content = csv_text(JOB, town.exports[JOB]).replace(heading, written, 1)
    town.file(JOB).write_text(content, encoding="utf-8-sig")
    frame, problems, assumed, _ = read(town, JOB)
    assert frame.equals(as_it_is)
    assert "headings" in assumed[0].taken
    assert not [p for p in problems if p.severity == "must_fix"]


def test_a_heading_of_an_older_decisions_workbook_is_read_without_a_remark(town):
    as_it_is, *_ = read(town, "planlinjer")
    then = [heading.replace("CPR-nummer", "CPR nummer") for heading in headings("Planlinjer")]
    assert then != headings("Planlinjer")
    file = town.path / "decisions.xlsx"
    book = openpyxl.load_workbook(file)
    for column, heading in enumerate(then, start=1):
        book["Planlinjer"].cell(1, column).value = heading
    book.save(file)
    frame, problems, assumed, _ = read(town, "planlinjer")
    assert len(frame) == 1 and frame.equals(as_it_is) and assumed[0].taken == () and problems == []
    # A workbook that has both is not guessed about: the one of today counts.
    book["Planlinjer"].cell(1, len(then) + 1).value = "CPR-nummer"
    book.save(file)
    frame, problems, *_ = read(town, "planlinjer")
    assert frame["person_id"].isna().all()


def test_a_correction_of_an_older_workbook_still_counts(town):
    preset, keyring = presets()["planlinjer"], Keyring(bytes(32), is_synthetic=True)
    sheet = next(sheet for sheet, _ in raw_sheets(preset, town.profile))
    mark = row_marks(sheet, preset, keyring).iloc[0]
    given = Correction(sheet.file, sheet.sheet, "2", "CPR nummer", "", "correct", BOY, "Anne", "", mark)
    corrected, outcomes, problems = apply_corrections(sheet, preset, [given], keyring)
    assert problems == [] and outcomes[0].state == "applied"
    assert corrected.frame["CPR-nummer"].tolist() == [BOY]


def test_two_headings_that_could_be_meant_are_none(town, told):
    content = csv_text(JOB, [[*row, "x"] for row in town.exports[JOB]])
    head = ";".join(headings(JOB)).replace("CPR nummer", "CPR-nummer") + ";CPRnummer"
    town.file(JOB).write_text("\n".join([head, *content.splitlines()[1:]]), encoding="utf-8-sig")
    assert told(JOB, "missing_column").column == "CPR nummer"


@pytest.mark.parametrize(("length", "shown"), [(timedelta(days=6, hours=6), "150:00"), (timedelta(minutes=65), "1:05")])
def test_a_length_of_time_is_written_in_hours(length, shown):
    assert as_text(length) == shown


def test_a_cell_in_per_cent_under_a_heading_spelt_otherwise_can_be_corrected(town):
    heads = [heading.replace("CPR nummer", "CPR-nummer") for heading in headings(JOB)]
    write_book(town, JOB, ("Ark1", [heads, [FATHER, "2024-05", (0.25, "0%"), "N"]]))
    assert check_municipality(town.path, "en").n_must_fix == 1
    type_in(town, {(2, "Løntimer"): {"Corrected value": "25", "Who": "Anne"}}, sheet=f"{JOB}.xlsx")
    assert check_municipality(town.path, "en").n_must_fix == 0
    assert read_municipality(town.profile).tables["employment"]["hours"].tolist() == [25.0]
