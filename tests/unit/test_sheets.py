"""Workbooks that people open share one style, hold texts as texts, and are the same bytes for the same content."""

import ast
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from helhed.sheets import STYLES, new_book, print_setup, protect, row_height, set_widths, styles

ROOMS = Path(__file__).resolve().parents[2] / "src/helhed"


def book_with(*cells: str) -> bytes:
    buffer = io.BytesIO()
    with new_book(buffer, "Title") as book:
        looks, sheet = styles(book), book.add_worksheet("Sheet")
        for row, cell in enumerate(cells):
            sheet.write(row, 0, cell, looks["text"])
        for row, name in enumerate(STYLES):
            sheet.write_string(row, 1, name, looks[name])
        set_widths(sheet, [12, 30])
        print_setup(sheet, "&L&A", repeated=2)
        protect(sheet)
    return buffer.getvalue()


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|'/c calc'!A1", "https://example.org", "007", "+45 12", "@SUM(A1)"])
def test_what_looks_like_a_formula_a_link_or_a_number_stays_text(cell):
    read = load_workbook(io.BytesIO(book_with(cell)))["Sheet"]["A1"]
    assert (read.value, read.data_type, read.hyperlink, read.number_format) == (cell, "s", None, "@")


def test_same_content_same_bytes(later):
    first = book_with("a")
    later()
    assert first == book_with("a")


def test_only_input_cells_are_unlocked_and_the_page_is_set_up():
    sheet = load_workbook(io.BytesIO(book_with("a")))["Sheet"]
    assert {cell.value for cell in sheet["B"] if not cell.protection.locked} == {"input"}
    assert sheet.protection.sheet and sheet.protection.password is None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.column_dimensions["B"].width == pytest.approx(30, abs=1)


def test_a_room_may_replace_a_look():
    with new_book(io.BytesIO()) as book:
        book.add_worksheet()
        assert styles(book, head={"italic": True}, odd={})["head"].italic
        assert not styles(book)["head"].italic


@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_row_is_high_enough_for_its_longest_cell_and_grows_with_it(cells):
    widths = [20.0] * len(cells)
    height = row_height(cells, widths)
    assert height >= 14.5 * max(len(cell) / 20 for cell in cells)
    assert row_height([cell + "x" * 40 for cell in cells], widths) > height


@pytest.mark.parametrize("room", ["intake", "publishing", "monitoring"])
def test_the_rooms_make_their_workbooks_by_the_one_style(room):
    for file in (ROOMS / room).rglob("*.py"):
        called = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Call)
        }
        assert not called & {"xlsxwriter.Workbook", "Workbook"}, file
