"""The workbooks to fetch on paper: letters that can be read, headings on each page, rows as high as their texts."""

import math
from functools import cache

import openpyxl
import pytest

from helhed import kit_files

TEMPLATES = kit_files.folder("templates")
FILES = sorted(file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*.xlsx"))
#: A4 across without its margins, and the letters of most cells.
ACROSS_INCHES, LETTER_POINTS, LEAST_POINTS = 10.9, 11, 8


@cache
def sheets(file):
    return [sheet for sheet in openpyxl.load_workbook(TEMPLATES / file) if sheet.sheet_state == "visible"]


def width(sheet, column):
    # Columns beside each other with the same width stand in the file as one.
    return next(each.width for each in sheet.column_dimensions.values() if each.min <= column <= each.max)


def inches(sheet):
    """Return how wide the columns are with something in them: 7 pixels a letter, 96 an inch.

    The width in the file counts the 5 pixels beside the letters already.
    """
    return sum(7 * width(sheet, column) for column in range(1, sheet.max_column + 1)) / 96


def printed_points(sheet):
    """Return the size on paper of the smallest letters of a sheet."""
    sizes = (cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None)
    smallest = min(size or LETTER_POINTS for size in sizes)
    if sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage:
        return smallest * min(1, ACROSS_INCHES / inches(sheet))
    return smallest * (sheet.page_setup.scale or 100) / 100


@pytest.mark.parametrize("file", FILES)
def test_letters_are_printed_so_large_that_they_can_be_read(file):
    small = {sheet.title: printed_points(sheet) for sheet in sheets(file) if printed_points(sheet) < LEAST_POINTS}
    assert small == {}


@pytest.mark.parametrize("file", FILES)
def test_a_sheet_over_more_pages_repeats_its_key_and_its_headings(file):
    for sheet in sheets(file):
        if inches(sheet) * LEAST_POINTS / LETTER_POINTS > ACROSS_INCHES:
            assert sheet.print_title_cols and sheet.print_title_rows, sheet.title
            assert sheet.oddFooter and not sheet.HeaderFooter.scaleWithDoc, sheet.title


@pytest.mark.parametrize("file", FILES)
def test_no_row_is_lower_than_its_texts(file):
    low = []
    for sheet in sheets(file):
        merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row}
        for row in sheet.iter_rows():
            lines = [
                math.ceil(len(cell.value) / width(sheet, cell.column))
                for cell in row
                if isinstance(cell.value, str)
                and cell.alignment.wrap_text
                and (cell.row, cell.column) not in merged
                and not cell.value.startswith("=")
            ]
            height = sheet.row_dimensions[row[0].row].height
            if max(lines, default=1) > 1 and (height or 0) < 14 * max(lines):
                low.append((sheet.title, row[0].row, max(lines), height))
    assert low == []


@pytest.mark.parametrize("lang", ["da", "en"])
def test_numbers_that_are_counted_are_shown_without_decimals(lang):
    prices, _, refund = sheets(f"economy_{lang}.xlsx")[1:]
    assert refund["B2"].column == 2 and refund.column_dimensions["B"].number_format == "General"
    assert prices.column_dimensions["B"].number_format == "#,##0.00"
