"""What every workbook that people open looks like: one style for heads, input cells, dates and pages.

A workbook made here holds texts as texts (what looks like a formula or a link is none) and is the same bytes whenever
it is made from the same content. A room adds what it alone needs on top of `STYLES`.
"""

import io
import math
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

BLUE, LIGHT, YELLOW, GREY, RED = "#0072B2", "#DCE9F2", "#FFF2CC", "#EFEFEF", "#F6C7B6"
_LINE = "#BFBFBF"
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#FFFFFF"}
_WORDS = {"text_wrap": True, "valign": "top"}
#: What a cell looks like, by what it is for. Only cells to fill in are unlocked.
STYLES: dict[str, dict] = {
    "title": {"bold": True, "font_size": 16, "font_color": BLUE},
    "head": {**_HEAD, "bg_color": LIGHT},
    "head_required": {**_HEAD, "bg_color": BLUE, "font_color": "#FFFFFF"},
    "head_input": {**_HEAD, "bg_color": YELLOW},
    "words": _WORDS,
    "text": {**_WORDS, "num_format": "@"},
    "bold": {**_WORDS, "bold": True},
    "count": {"valign": "top"},
    "number": {"valign": "top", "num_format": "#,##0.0"},
    "date": {"valign": "top", "align": "left", "num_format": "dd-mm-yyyy"},
    "month": {"valign": "top", "align": "left", "num_format": "yyyy-mm"},
    "share": {"valign": "top", "num_format": "0%"},
    "link": {**_WORDS, "bold": True, "underline": 1, "font_color": BLUE},
    "input": {**_WORDS, "locked": False, "bg_color": YELLOW, "border": 1, "border_color": _LINE},
    "warning": {"bold": True, "font_color": "#A33B00"},
}
#: What may be done on a protected sheet beside filling in; there is no password.
ALLOWED = {
    name: True
    for name in ("format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
}  # fmt: skip
_CREATED = datetime(2025, 1, 1)
_A4 = 9
_LINE_POINTS = 14.5
#: Letters of 11 points are printed at this share of their size at the least: 8 points can still be read.
_LEAST_PRINTED = 75
#: Across A4 between the margins in pixels of 1/96 inch; a column of a width takes so many for each letter, and some.
_ACROSS, _LETTER_PIXELS, _COLUMN_PIXELS = 1045, 7, 5


def new_book(buffer: io.BytesIO, title: str = "") -> Workbook:
    """Return an empty workbook that writes no formulas and no links of its own accord, and carries no clock."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "author": "Helhed", "created": _CREATED})
    return book


def styles(book: Workbook, **own: dict) -> dict[str, Format]:
    """Return the formats of a workbook by name: those of `STYLES`, and a room's own, which may replace them."""
    return {name: book.add_format(look) for name, look in {**STYLES, **own}.items()}


def print_setup(
    sheet: Worksheet, footer: str = "", repeated: int = 1, widths: Sequence[float] = (), n_keys: int = 1
) -> None:
    """Print a sheet across A4, one page wide, with its first rows on each page; a footer may hold Excel's codes.

    Where the columns' ``widths`` are given and would make the letters too small on one page, the sheet goes on over
    more pages instead, and its first ``n_keys`` columns stand on each of them.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    if sum(_LETTER_PIXELS * width + _COLUMN_PIXELS for width in widths) * _LEAST_PRINTED / 100 > _ACROSS:
        sheet.set_print_scale(_LEAST_PRINTED)
        sheet.repeat_columns(0, n_keys - 1)
        sheet.print_across()
    else:
        sheet.fit_to_pages(1, 0)
    if repeated:
        sheet.repeat_rows(0, repeated - 1)
    if footer:
        # A footer that shrank with its sheet could not be read.
        sheet.set_footer(footer, {"scale_with_doc": False})


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the widths of the first columns."""
    for column, each in enumerate(widths):
        sheet.set_column(column, column, each)


def row_height(cells: Sequence[str], widths: Sequence[float]) -> float:
    """Return a height in points in which every cell's text can be read; not every program finds it by itself."""
    lines = max(math.ceil(1.1 * len(cell) / each) for cell, each in zip(cells, widths, strict=True))
    return _LINE_POINTS * max(1, lines) + 1


def protect(sheet: Worksheet) -> None:
    """Lock what is not to be filled in, without a password."""
    sheet.protect("", ALLOWED)
