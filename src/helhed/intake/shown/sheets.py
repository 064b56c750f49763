"""What the list of errors and the log of corrections look like in Excel, and the log itself."""

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from helhed.intake.corrections import ACTIONS, LOG_FIELDS, STATES, Correction
from helhed.texts import text

#: Columns that a case worker types into.
INPUT = ("action", "value", "who", "remark")
_FIXED_DATE = datetime(2025, 1, 1)
_FILLS = {"must_fix": "#F4C7C3", "should_fix": "#FCE8B2", "note": "#DCE6F2"}
_INPUT_FILL = "#FFF2CC"
_WIDTHS = {"file": 26, "sheet": 14, "row": 7, "column": 22, "found": 22, "severity": 15, "what": 62, "summary": 90,
           "action": 15, "value": 20, "who": 14, "remark": 24, "mark": 20, "alike": 8, "taken_in": 12, "state": 26,
           "mark_after": 20}  # fmt: skip


def new_book(buffer: io.BytesIO) -> xlsxwriter.Workbook:
    """Return an empty workbook that writes no formulas and is the same bytes whenever it is made."""
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _FIXED_DATE})
    return book


def log_workbook(corrections: list[Correction], lang: str) -> bytes:
    """Return the log of corrections as a workbook: what was corrected, by whom, and whether it is in use."""
    buffer = io.BytesIO()
    with new_book(buffer) as book:
        styles = sheet_styles(book)
        sheet = book.add_worksheet(text("intake.sheet_corrections", lang))
        write_head(sheet, [(field, text(f"intake.correction_{field}", lang)) for field in LOG_FIELDS], styles)
        hide(sheet, LOG_FIELDS, ("mark", "alike", "mark_after"))
        for line, correction in enumerate(corrections, start=1):
            for at, field in enumerate(LOG_FIELDS):
                sheet.write_string(line, at, _in_words(correction, field, lang), styles["cell"])
        sheet.autofilter(0, 0, max(len(corrections), 1), len(LOG_FIELDS) - 1)
        print_setup(sheet)
    return buffer.getvalue()


def _in_words(correction: Correction, field: str, lang: str) -> str:
    written = str(getattr(correction, field))
    known = {"action": ACTIONS, "state": STATES}.get(field, ())
    return text(f"intake.{field}_{written}", lang) if written in known else written


def sheet_styles(book) -> dict[str, Any]:
    """Return the cell formats by name, among them one per severity."""
    base = {"text_wrap": True, "valign": "top", "num_format": "@"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "input_head": book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": _INPUT_FILL}
        ),
        "cell": book.add_format(base),
        "count": book.add_format({"valign": "top"}),
        "link": book.add_format({"font_color": "#0B5394", "underline": 1, "valign": "top"}),
        "input": book.add_format(
            {**base, "locked": False, "bg_color": _INPUT_FILL, "border": 1, "border_color": "#BFBFBF"}
        ),
        **{severity: book.add_format({**base, "bg_color": fill}) for severity, fill in _FILLS.items()},
        **{f"n_{severity}": book.add_format({"valign": "top", "bg_color": fill}) for severity, fill in _FILLS.items()},
    }


def fit_height(sheet, line: int, words: str, field: str) -> None:
    """Make a row as high as the words of its widest cell need: not every program does so by itself."""
    # About one character per unit of width; a little is lost where words break.
    lines = -(-len(words) // int(_WIDTHS[field] * 0.95))
    sheet.set_row(line, 15 * max(lines, 1))


def write_head(sheet, titles: list[tuple[str, str]], styles: dict) -> None:
    """Write the head of a sheet: (field, title) pairs; set the columns' widths and keep the head in view."""
    for at, (field, title) in enumerate(titles):
        sheet.set_column(at, at, _WIDTHS[field])
        sheet.write_string(0, at, title, styles["input_head" if field in INPUT else "head"])
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)


def hide(sheet, fields: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    """Hide the columns that are for reading back only."""
    for at in (fields.index(field) for field in hidden):
        sheet.set_column(at, at, _WIDTHS[fields[at]], None, {"hidden": True})


def print_setup(sheet) -> None:
    """Print a sheet across A4, as wide as the page, the head on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
