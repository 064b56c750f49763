"""Whole columns give what their cells give one by one."""

import hashlib
import hmac
from base64 import b32encode

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.cpr import shows_cpr
from helhed.intake.building.canonical import is_among, looked_up
from helhed.intake.building.keys import _NUMBERED, numbered, rows_alike
from helhed.intake.building.repeats import Repeats, is_repeated, numbers_of
from helhed.intake.exports.preset import Preset
from helhed.intake.pseudonyms import Keyring
from helhed.intake.reading.delimited import parse
from helhed.intake.reading.excel_cells import as_text, as_texts, number_as_text
from helhed.intake.reading.text_columns import cells_of
from helhed.intake.reading.text_files import Head, Text
from helhed.intake.reading.workbook_facts import _LONG_PLACE, _may_be_long
from helhed.intake.values.cells import number
from helhed.intake.values.whole_columns import of_each, plain_numbers, texts_without_cpr, tidied, which_show_cpr

NUMBER_LIKE = st.one_of(
    st.text("0123456789,.- e+", max_size=14),
    st.text(max_size=4),
    st.sampled_from(["1,5", "1.234,5", "160.5", "1,2,3", "99999999,99", "100000000", "-5", "٣", "", "1" * 400]),
)
CPR_LIKE = st.one_of(
    st.text("0123456789 -./\N{EN DASH}\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}ax", max_size=20),
    st.from_regex(r"(0[1-9]|7[1-9])2[1-9]88[- ]?[0-9]{4}", fullmatch=True),
    st.text(max_size=12),
)


def _series(cells: list[str]) -> pd.Series:
    return pd.Series(cells, dtype="str", index=range(2, 2 + len(cells)))


@given(st.lists(NUMBER_LIKE, max_size=12))
@settings(max_examples=300)
def test_numbers_of_a_column_are_the_numbers_of_its_cells(cells):
    values, is_open = plain_numbers(cells_of(_series(cells)))
    settled = [(cell, value) for cell, value, left in zip(cells, values, is_open, strict=True) if not left]
    assert all(pd.isna(value) if cell == "" else value == number(cell) for cell, value in settled)


def test_usual_numbers_are_all_settled_even_beside_a_fault():
    values, is_open = plain_numbers(cells_of(_series(["1,5", "12", "160.5", "", "0,05"])))
    assert is_open.tolist() == [False, False, True, False, False]
    assert values[~is_open].tolist()[:2] == [1.5, 12.0]


@pytest.mark.parametrize("start", [0, 1, 3])
def test_a_part_of_a_column_is_read_as_such(start):
    cells = _series(["11,5", "2", "", "3,25", "x"])
    values, is_open = plain_numbers(cells_of(cells).slice(start))
    whole, is_open_of_whole = plain_numbers(cells_of(cells))
    assert is_open.tolist() == is_open_of_whole.tolist()[start:]
    assert values.fillna(-1).tolist() == whole.fillna(-1).tolist()[start:]


@given(st.lists(CPR_LIKE, max_size=10))
@settings(max_examples=300)
def test_no_number_that_one_cell_shows_is_missed_in_a_column(cells):
    found = which_show_cpr(_series(cells))
    assert found.tolist() == [shows_cpr(cell) for cell in cells]
    _, is_open = texts_without_cpr(cells_of(_series(cells)))
    assert all(left for cell, left in zip(cells, is_open, strict=True) if shows_cpr(cell))


def test_a_number_among_many_equal_texts_is_found():
    planted = "ring til 142388" + "-0001"
    cells = _series(["Familieafdelingen"] * 9_000 + [planted] + ["Familieafdelingen"] * 9_000)
    assert which_show_cpr(cells).sum() == 1


def test_each_different_cell_is_read_once():
    seen = []
    values = of_each(cells_of(_series(["b", "a", "", "b", "b"])), lambda cell: seen.append(cell) or cell * 2, "str")
    assert sorted(seen) == ["a", "b"]
    assert values.fillna("-").tolist() == ["bb", "aa", "-", "bb", "bb"]


@given(st.binary(max_size=100), st.text(max_size=30))
def test_a_pseudonym_is_the_cut_hmac_of_the_standard_library(key, value):
    mark = hmac.new(key, f"person:{value}".encode(), hashlib.sha256).digest()[:10]
    assert Keyring(key).pseudonym("person", value) == b32encode(mark).decode().lower()


KEYS = st.lists(st.sampled_from(["a", "b", "c", None]), max_size=8)


@given(KEYS, st.lists(st.sampled_from(["a", "b", "d"]), unique=True))
def test_a_look_up_is_that_of_a_dictionary(keys, known):
    column = pd.Series(keys, dtype="str")
    values = pd.Series([name.upper() for name in known], index=pd.Index(known, dtype="str"), dtype="str")
    assert is_among(column, values.index).tolist() == [key in known for key in keys]
    assert looked_up(column, values).fillna("-").tolist() == [key.upper() if key in known else "-" for key in keys]


ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3), st.integers(0, 2)), max_size=10)


@given(ROWS, st.sampled_from(["first", "last"]), st.booleans())
def test_of_each_key_the_row_that_the_preset_wants_is_kept(rows, keep, by_date):
    frame = pd.DataFrame(rows, columns=["id", "date", "value"]).assign(row_=range(len(rows)), file_="x")
    preset = Preset(
        name="x",
        title={},
        columns=(),
        table="child_case",
        key=("id",),
        same_key={"keep": keep, **({"by": "date"} if by_date else {})},
    )
    repeats = Repeats(frame, preset)
    is_copy = repeats.is_copy
    left = frame[~(is_copy | repeats.is_superseded)]
    wanted = {}
    for row in frame[~is_copy].itertuples():
        old = wanted.get(row.id)
        order = (row.date if by_date else 0, row.Index)
        is_better = old is None or (order > old[0] if keep == "last" else order < old[0])
        wanted[row.id] = (order, row.Index) if is_better else old
    assert sorted(left.index) == sorted(index for _, index in wanted.values())


@given(st.lists(st.text(" \t\N{NO-BREAK SPACE}\N{EM SPACE}\N{IDEOGRAPHIC SPACE}\x1f aåÅ€", max_size=5), max_size=6))
def test_outer_spaces_of_every_kind_are_taken_off(cells):
    assert tidied(_series(cells), softens=False).tolist() == _series(cells).str.strip().tolist()
    soft = _series(cells).str.replace("\N{NO-BREAK SPACE}", " ")
    assert tidied(_series(cells), softens=True).tolist() == soft.str.strip().tolist()


SAYINGS = st.lists(st.tuples(*[st.sampled_from(["a", "b", None])] * 3), max_size=9)


@given(SAYINGS, st.integers(1, 3))
def test_rows_alike_are_those_that_pandas_calls_duplicated(sayings, n_columns):
    frame = pd.DataFrame(sayings, columns=list("xyz"), dtype="str")
    columns = list("xyz")[:n_columns]
    wanted = frame.index[frame.duplicated(columns, keep=False)]
    assert rows_alike(frame, columns).index.tolist() == wanted.tolist()
    numbers = numbers_of(frame, columns)
    assert is_repeated(numbers, frame).tolist() == frame.duplicated(columns).tolist()


def test_a_number_is_worked_out_once_and_forgotten_with_its_column():
    column = pd.Series(["b", "a", "b"], dtype="str")
    frame = pd.DataFrame({"key": column})
    assert numbered(frame["key"])[0] is numbered(column)[0]
    n_known = len(_NUMBERED)
    del frame, column
    assert len(_NUMBERED) == n_known - 1


ODD_NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**17), 10**17).map(float),
    st.integers(0, 10**9).map(lambda hundredths: hundredths / 100),
)


@given(st.lists(ODD_NUMBERS, min_size=1, max_size=8))
def test_the_numbers_of_an_excel_column_are_written_like_each_of_them(numbers):
    assert as_texts(numbers).tolist() == [number_as_text(one) for one in numbers]


DAYS_OF_EXCEL = st.one_of(st.dates(), st.datetimes())


@given(st.lists(st.one_of(DAYS_OF_EXCEL, st.booleans(), st.just(""), ODD_NUMBERS, st.text(max_size=3)), max_size=8))
def test_an_excel_column_of_mixed_cells_is_written_cell_by_cell(cells):
    assert as_texts(cells).tolist() == [as_text(cell) for cell in cells]


@given(st.lists(st.text('aæØÅé;"\n §', max_size=6), min_size=1, max_size=8))
def test_letters_of_cp1252_are_read_as_in_utf8(cells):
    rows = "".join(f'"{cell.replace(chr(34), chr(34) * 2)}";x\n' for cell in cells)
    head = Head(["a", "b"], 1, 2, 0)
    of_utf8, of_latin = (
        parse("x.csv", Text(rows.encode(codec), codec, is_latin=codec == "latin-1"), head)[0]
        for codec in ("utf-8", "latin-1")
    )
    assert of_utf8["0"].tolist() == of_latin["0"].tolist() == cells


@given(st.lists(st.sampled_from(["A1", "Z99999", "B100000", "AA1", "XFD1048576", "C7"]), max_size=4))
def test_a_far_cell_is_never_passed_over_by_the_quick_look(places):
    rows = "".join(f'<row r="{place.lstrip("ABCDFXZ")}"><c r="{place}"><v>1</v></c></row>' for place in places)
    xml = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    assert _may_be_long(xml) or not _LONG_PLACE.search(xml)
