"""Random tables written as Danish CSV in every encoding and as Excel files come back as they were."""

import csv
import io
import string
import unicodedata
from datetime import date

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from helhed.intake.exports.preset import Heading
from helhed.intake.pseudonyms import Keyring, shows_cpr
from helhed.intake.reading.readers import read_export
from helhed.intake.values.cells import convert

KEYRING = Keyring(bytes(32), is_synthetic=True)
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252"]
DANISH = string.ascii_letters + "æøåÆØÅéüö"
quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: Text that a case worker may write: letters, quotation marks, separators, line breaks, signs of formulas.
texts = st.text(DANISH + "0123456789 ;,\"'“”–=+-@|&<>%#./\\\n\t", max_size=30)
ids = st.text("0123456789", min_size=1, max_size=8).map(lambda digits: f"0{digits}")
days = st.dates(date(1850, 1, 1), date(2199, 12, 31))
amounts = st.integers(-9_999_999_999, 9_999_999_999).map(lambda hundredths: hundredths / 100)
#: Kind of column: the values, how they are written in a CSV file, and the value that must come back.
KINDS = {
    "text": (texts.map(str.strip), str),
    "id": (ids, str),
    "date": (days, lambda day: f"{day:%d-%m-%Y}"),
    "number": (amounts, lambda amount: f"{amount:.2f}".replace(".", ",")),
    "flag": (st.booleans(), lambda is_so: "J" if is_so else "N"),
    "week": (days, lambda day: f"{day.isocalendar().year}{day.isocalendar().week:02d}"),
    "code": (st.sampled_from(["m", "f", "u"]), str),
}


@st.composite
def drawn_tables(draw):
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=2, max_size=6))
    columns = [Heading(f"Kolonne {i} {kind} æøå", kind=kind, code_list="sex") for i, kind in enumerate(kinds)]
    cells = st.tuples(*(st.none() | KINDS[kind][0] for kind in kinds))
    rows = draw(st.lists(cells, min_size=1, max_size=8))
    written = [["" if cell is None else KINDS[k][1](cell) for k, cell in zip(kinds, row, strict=True)] for row in rows]
    # What looks like a CPR number is taken out of texts, an empty row is no row, and rows inside a cell are refused.
    assume(not any(shows_cpr(cell) for row in written for cell in row))
    assume(all(any(row) for row in written))
    is_run_together = any(
        cell.count("\n") and cell.count(";") == (len(kinds) - 1) * cell.count("\n") for row in written for cell in row
    )
    assume(not is_run_together)
    return columns, rows, written


IS_SAME = {
    "date": lambda value, written: value == pd.Timestamp(written),
    "week": lambda value, written: value.isocalendar()[:2] == written.isocalendar()[:2] and value.isoweekday() == 1,
    "number": lambda value, written: value == pytest.approx(written, abs=1e-9),
    "text": lambda value, written: value == unicodedata.normalize("NFC", written),
    "id": lambda value, written: value == KEYRING.pseudonym("id", written),
}


def same_values(sheet, columns, rows) -> None:
    """Assert that every column is read as the values that were written."""
    assert sheet.frame.columns.tolist() == [column.heading for column in columns]
    assert sheet.frame.index.tolist() == list(range(2, 2 + len(rows)))
    for i, column in enumerate(columns):
        texts = sheet.frame[column.heading].str.strip()
        values, misfits = convert(texts, column, KEYRING)
        assert not misfits.any()
        written = [row[i] for row in rows]
        is_same = IS_SAME.get(column.kind, lambda value, written: value == written)
        for value, one in zip(values, written, strict=True):
            assert pd.isna(value) if one in (None, "") else is_same(value, one)
        if column.kind == "id":
            assert texts.tolist() == [one or "" for one in written]


@quick
@given(drawn_tables(), st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_table_comes_back_from_a_csv_file(tmp_path, table, encoding, line_end, is_quoted):
    columns, rows, written = table
    made = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(made, delimiter=";", lineterminator=line_end, quoting=quoting)
    writer.writerows([[column.heading for column in columns], *written])
    file = tmp_path / "udtræk.csv"
    file.write_bytes(made.getvalue().encode(encoding))
    sheet, problems = read_export(file, encoding, [column.heading for column in columns])
    assert not problems
    assert sheet.encoding == encoding
    same_values(sheet, columns, rows)


@quick
@given(drawn_tables())
def test_a_table_comes_back_from_an_excel_file(tmp_path, table):
    columns, rows, _ = table
    file = tmp_path / "udtræk.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
        for j, column in enumerate(columns):
            sheet.write_string(0, j, column.heading)
            for i, row in enumerate(rows, start=1):
                write_cell(sheet, (i, j), column.kind, row[j], form)
    read, problems = read_export(file, "utf-8-sig", [column.heading for column in columns])
    assert not problems
    same_values(read, columns, rows)


def write_cell(sheet, place, kind: str, value, form) -> None:
    """Write a value as Excel itself holds it: numbers as numbers, dates as dates from 1900 on, the rest as text."""
    if value is None:
        return
    if kind == "number":
        sheet.write_number(*place, value)
    elif kind == "flag":
        sheet.write_boolean(*place, value)
    elif kind == "date" and value.year > 1900:
        sheet.write_datetime(*place, value, form)
    else:
        sheet.write_string(*place, KINDS[kind][1](value))


@quick
@given(st.binary(max_size=400), st.sampled_from(ENCODINGS), st.sampled_from([".csv", ".xlsx"]))
def test_any_bytes_are_read_or_refused_with_words(tmp_path, content, encoding, ending):
    file = tmp_path / f"x{ending}"
    file.write_bytes(content)
    sheet, problems = read_export(file, encoding, ["CPR nummer", "Køn"])
    assert sheet is not None or problems
    for problem in problems:
        assert problem.line("da") != problem.line("en")


@quick
@given(st.text('ab;"\n\r\t ,|=\x00\x0b\x1aæ\u030a\u00c3\ufffd', max_size=80), st.sampled_from(ENCODINGS[:2]))
def test_any_text_is_read_or_refused_with_words(tmp_path, content, encoding):
    file = tmp_path / "x.csv"
    file.write_bytes(content.encode(encoding))
    sheet, problems = read_export(file, encoding)
    assert sheet is not None or problems
    for problem in problems:
        assert problem.line("da") != problem.line("en")
