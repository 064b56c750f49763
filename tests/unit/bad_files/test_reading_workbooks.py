"""Excel files that are wrong as files or hold cells that a reader of values alone would take for empty ones."""

import io
import random
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from helhed.intake import read_municipality
from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.reading.readers import read_xlsx
from helhed.intake.sources import read_source

KEYRING = Keyring(bytes(32), is_synthetic=True)
STEM = "ydelsesrefusion_2023"


def headings() -> list[str]:
    return [column.heading for column in presets()["ydelsesrefusion"].columns]


def write_rows(sheet, rows, top=0) -> None:
    for i, row in enumerate([headings(), *rows]):
        for j, cell in enumerate(row):
            sheet.write_string(top + i, j, cell)


class Export:
    """One export of a municipality as an Excel file that a test writes."""

    def __init__(self, town):
        self.town, self.rows = town, town.exports[STEM]
        town.file(STEM).unlink()
        self.file = town.file(STEM).with_suffix(".xlsx")

    def write(self, change=lambda book, sheet: None, top=0, options=None) -> None:
        with xlsxwriter.Workbook(self.file, options or {}) as book:
            sheet = book.add_worksheet("Udtræk")
            write_rows(sheet, self.rows, top)
            change(book, sheet)

    def rewrite_part(self, part: str, change) -> None:
        """Write the file anew with one of its parts changed."""
        with zipfile.ZipFile(self.file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[part] = change(parts[part])
        with zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    def read(self):
        frame, found, assumed, *_ = read_source(presets()["ydelsesrefusion"], self.town.profile, KEYRING)
        return frame, found, next((one for one in assumed if one.file == self.file.name), None)


@pytest.fixture
def export(town):
    return Export(town)


def test_the_export_as_it_is_reads_as_its_csv_file(town):
    before, _, *_ = read_source(presets()["ydelsesrefusion"], town.profile, KEYRING)
    export = Export(town)
    export.write()
    after, found, assumed = export.read()
    columns = [column for column in before.columns if column != "file_"]
    assert before[columns].equals(after[columns])
    assert not found
    assert assumed.taken == ()


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def encrypted(content: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + content


def renamed_part(old: str, new: str):
    def change(content: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
            for name in source.namelist():
                target.writestr(new if name == old else name, source.read(name))
        return made.getvalue()

    return change


def with_part(name: str):
    def change(content: bytes) -> bytes:
        made = io.BytesIO(content)
        with zipfile.ZipFile(made, "a") as archive:
            archive.writestr(name, b"x")
        return made.getvalue()

    return change


def password_flag(content: bytes) -> bytes:
    """Return a zip file whose parts say that they are encrypted."""
    at = [m.start() for m in re.finditer(rb"PK\x01\x02", content)]
    changed = bytearray(content)
    for position in at:
        changed[position + 8] |= 1
    return bytes(changed)


FILES = {
    "empty": (lambda c: b"", "empty_file"),
    "truncated": (cut, "broken_workbook"),
    "first bytes alone": (lambda c: c[:4], "broken_workbook"),
    "zeros": (lambda c: bytes(5000), "is_utf16"),
    "password": (encrypted, "is_protected"),
    "old .xls renamed": (lambda c: b"\xd0\xcf\x11\xe0" + bytes(600), "is_old_workbook"),
    "CSV renamed": (lambda c: "CPR;Køn\n1;2\n".encode(), "is_text"),
    "web page renamed": (lambda c: b"<html><table><tr><td>CPR</td></tr></table></html>", "is_html"),
    "PDF renamed": (lambda c: b"%PDF-1.4", "is_pdf"),
    "macros": (with_part("xl/vbaProject.bin"), "is_macro_workbook"),
    "binary workbook": (renamed_part("xl/workbook.xml", "xl/workbook.bin"), "is_binary_workbook"),
    "Word renamed": (renamed_part("xl/workbook.xml", "word/document.xml"), "is_word"),
    "zip renamed": (renamed_part("xl/workbook.xml", "something.txt"), "is_compressed"),
    "encrypted zip": (password_flag, "is_protected"),
    "no list of sheets": (renamed_part("xl/_rels/workbook.xml.rels", "xl/_rels/other.rels"), "broken_workbook"),
    "no sheet": (renamed_part("xl/worksheets/sheet1.xml", "xl/worksheets/sheet9.xml"), "broken_workbook"),
}


@pytest.mark.parametrize(("change", "code"), FILES.values(), ids=list(FILES))
def test_a_workbook_that_is_none_is_told_as_what_it_is(export, told, change, code):
    export.write()
    export.file.write_bytes(change(export.file.read_bytes()))
    assert told("ydelsesrefusion", code).file == export.file.name


def test_a_zip_bomb_is_not_opened(export, told):
    export.write()
    export.rewrite_part("xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 60_000_000)
    assert export.file.stat().st_size < 200_000
    line = told("ydelsesrefusion", "zip_bomb").line("en")
    assert "60 MB" in line and "1 MB" in line


def test_a_cell_far_out_is_not_laid_out_in_memory(export, told):
    export.write(lambda book, sheet: sheet.write(1_048_575, 16_383, "x"))
    assert told("ydelsesrefusion", "far_cell").sheet == "Udtræk"


def test_a_blank_row_far_down_does_no_harm(export):
    export.write(lambda book, sheet: sheet.set_row(1_000_000, 20))
    frame, found, _ = export.read()
    assert len(frame) == 5 and not found


CELLS = {
    "formula without a result": (
        lambda book, sheet: sheet.write_formula(1, 2, "=1+1", None, ""),
        "formula_without_value",
        (2, "Beregnet udbetalingsbeløb"),
        "result",
    ),
    "#N/A": (
        lambda book, sheet: sheet.write_formula(2, 2, "=NA()", None, "#N/A"),
        "error_value",
        (3, "Beregnet udbetalingsbeløb"),
        "#N/A",
    ),
    "#REF!": (lambda book, sheet: sheet.write_formula(2, 1, "=A9", None, "#REF!"), "error_value", (3, "Uge"), "#REF!"),
    "merged headings": (lambda book, sheet: merge(book, sheet, "B1:C1"), "merged_cells", (1, "Uge"), "B1:C1"),
    "merged cells": (lambda book, sheet: merge(book, sheet, "A2:A3"), "merged_cells", (2, "CPR nummer"), "A2:A3"),
    "control character": (
        lambda book, sheet: sheet.write_string(1, 8, "Kontant\x0bhjælp"),
        "control_character",
        (2, "Ydelse"),
        "U+000B",
    ),
    "Excel's number of a day": (lambda book, sheet: sheet.write_number(1, 1, 45292), "bad_week", (2, "Uge"), "45292"),
    "headings again": (lambda book, sheet: write_rows(sheet, [], 3), "repeated_header", (4, ""), ""),
    "no headings": (
        lambda book, sheet: sheet.write_row(0, 0, [f"K{i}" for i in range(10)]),
        "missing_column",
        (None, ""),
        "",
    ),
    "doubled heading": (lambda book, sheet: sheet.write(0, 3, "Uge"), "doubled_column", (1, "Uge"), ""),
}


def merge(book, sheet, cells: str) -> None:
    """Merge cells, keeping what stands in the first of them."""
    first = sheet.table[int(cells[1]) - 1][ord(cells[0]) - ord("A")]
    words = book.str_table.string_array or {v: k for k, v in book.str_table.string_table.items()}
    sheet.merge_range(cells, words[first.string])


@pytest.mark.parametrize(("change", "code", "place", "named"), CELLS.values(), ids=list(CELLS))
def test_a_cell_that_would_read_as_empty_is_told(export, told, change, code, place, named):
    export.write(change)
    problem = told("ydelsesrefusion", code)
    row, column = place
    assert row is None or problem.row == row
    assert not column or problem.column == column
    assert named in problem.line("en")


NOTES = {
    "hidden rows": (lambda book, sheet: sheet.set_row(1, None, None, {"hidden": True}), "hidden_rows"),
    "hidden columns": (lambda book, sheet: sheet.set_column(5, 6, None, None, {"hidden": True}), "hidden_columns"),
    "a further sheet": (lambda book, sheet: book.add_worksheet("Noter").write(0, 0, "x"), "other_sheets"),
}


@pytest.mark.parametrize(("change", "code"), NOTES.values(), ids=list(NOTES))
def test_what_is_read_all_the_same_is_told(export, told, change, code):
    export.write(change)
    told("ydelsesrefusion", code, "note")
    assert len(export.read()[0]) == 5


def test_rows_above_the_headings_are_left_out_and_told(export, told):
    def title(book, sheet):
        sheet.merge_range("A1:D1", "Ydelsesrefusion")
        sheet.write(1, 0, "Udtrukket 1. februar 2024")

    export.write(title, top=3)
    assert told("ydelsesrefusion", "rows_above", "note").row == 4
    frame, found, assumed = export.read()
    assert [problem.code for problem in found] == ["intake.rows_above"]
    assert assumed.header_row == 4 and assumed.taken == ("rows_above",)
    assert frame["row_"].tolist()[:2] == [5, 6]


@pytest.mark.parametrize("is_1904", [False, True])
def test_real_dates_are_read_from_both_date_systems(tmp_path, is_1904):
    file = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(file, {"date_1904": is_1904}) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, ["Dato", "Andet"])
        sheet.write_datetime(1, 0, datetime(2024, 2, 29), form)
        sheet.write_datetime(2, 0, datetime(2024, 2, 29, 13, 30), form)
        sheet.write_string(3, 0, "29-02-2024")
        sheet.write_number(4, 0, 45351)
    sheet, _ = read_xlsx(file)
    assert sheet.frame["Dato"].tolist() == ["29-02-2024"] * 3 + ["45351"]
    assert sheet.taken == (*(("dates_from_1904",) if is_1904 else ()), "times_dropped")


def test_values_keep_what_they_are(tmp_path):
    file = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    rows = [["text", "0099001234"], ["whole", 1234.0], ["small", 0.1 + 0.7], ["tiny", 1.5e-12], ["yes", True],
            ["no", False], ["day", date(2024, 5, 1)], ["text of a formula", "'=1+1"]]  # fmt: skip
    for row in [["Hvad", "Værdi"], *rows]:
        book.active.append(row)
    book.save(file)
    sheet, problems = read_xlsx(file)
    assert not problems
    assert sheet.frame["Værdi"].tolist() == [
        "0099001234", "1234", "0,7999999999999999", "0,0000000000015", "SAND", "FALSK", "01-05-2024", "'=1+1",
    ]  # fmt: skip


def test_true_is_a_yes_and_no_number(town, told):
    head = [heading.heading for heading in presets()["jobcenter_indsatser"].columns]
    row = [*town.exports["jobcenter_indsatser"][0][:5], True, True]
    with xlsxwriter.Workbook(town.file("jobcenter_indsatser").with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate([head, row]):
            sheet.write_row(at, 0, cells)
    town.file("jobcenter_indsatser").unlink()
    problem = told("jobcenter_indsatser", "bad_number")
    assert (problem.column, problem.value) == (head[6], "SAND")
    frame, *_ = read_source(presets()["jobcenter_indsatser"], town.profile, KEYRING)
    assert frame["measure_group"].tolist() == ["work_based"]


def test_a_sheet_is_found_whatever_the_case_and_a_missing_one_is_named(town, told):
    town.sheets = {("MØDER " if name == "Møder" else name): rows for name, rows in town.sheets.items()}
    rows = town.sheets.pop("MØDER ")
    with xlsxwriter.Workbook(town.path / "decisions.xlsx") as book:
        for i, row in enumerate([[c.heading for c in presets()["moeder"].columns], *rows]):
            (book.get_worksheet_by_name("møder") or book.add_worksheet("møder")).write_row(i, 0, row)
    frame, found, *_ = read_source(presets()["moeder"], town.profile, KEYRING)
    assert len(frame) == 1 and not found
    assert "møder" in told("planlinjer", "missing_sheet").line("da")


def test_a_town_of_damaged_workbooks_is_read_to_its_end(town):
    (town.path / "decisions.xlsx").write_bytes(b"PK\x03\x04 and no more")
    found = read_municipality(town.profile, "da")
    assert "intake.broken_workbook" in {problem.code for problem in found.must_fix}


@pytest.mark.parametrize("seed", range(150))
def test_a_workbook_with_bytes_changed_is_read_or_refused_with_words(tmp_path, seed):
    file, chance = tmp_path / "x.xlsx", random.Random(seed)
    with xlsxwriter.Workbook(file) as book:
        write_rows(book.add_worksheet(), [["0525104002", "202401", "1,5"] + [""] * 7] * 20)
    content = bytearray(file.read_bytes())
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    file.write_bytes(content[: chance.randint(100, len(content))] if seed % 5 == 0 else content)
    sheet, problems = read_xlsx(file)
    assert sheet is not None or problems
    assert all(problem.line("da") != problem.line("en") for problem in problems)
