"""What the list of errors and the log of corrections look like in Excel, and the log itself."""

import io
from typing import Any

from helhed.intake.corrections import ACTIONS, LOG_FIELDS, STATES, Correction
from helhed.sheets import STYLES, new_book, print_setup, styles
from helhed.texts import text

#: Columns that a case worker types into.
INPUT = ("action", "value", "who", "remark")
_FILLS = {"must_fix": "#F4C7C3", "should_fix": "#FCE8B2", "note": "#DCE6F2"}
#: Sign of each severity: it says the same to whoever cannot tell the colours apart.
_SIGNS = {"must_fix": "●", "should_fix": "▲", "note": "○"}
_WIDTHS = {"file": 26, "sheet": 14, "row": 7, "column": 22, "found": 22, "severity": 15, "what": 62, "summary": 90,
           "action": 15, "value": 20, "who": 14, "remark": 24, "mark": 20, "alike": 8, "taken_in": 12, "state": 26,
           "mark_after": 20}  # fmt: skip


def log_workbook(corrections: list[Correction], lang: str) -> bytes:
    """Return the log of corrections as a workbook: what was corrected, by whom, and whether it is in use."""
    buffer = io.BytesIO()
    with new_book(buffer) as book:
        looks = sheet_styles(book)
        sheet = book.add_worksheet(text("intake.sheet_corrections", lang))
        write_head(sheet, [(field, text(f"intake.correction_{field}", lang)) for field in LOG_FIELDS], looks)
        hide(sheet, LOG_FIELDS, ("mark", "alike", "mark_after"))
        for line, correction in enumerate(corrections, start=1):
            for at, field in enumerate(LOG_FIELDS):
                sheet.write_string(line, at, _in_words(correction, field, lang), looks["text"])
        sheet.autofilter(0, 0, max(len(corrections), 1), len(LOG_FIELDS) - 1)
        print_setup(sheet)
    return buffer.getvalue()


def _in_words(correction: Correction, field: str, lang: str) -> str:
    written = str(getattr(correction, field))
    known = {"action": ACTIONS, "state": STATES}.get(field, ())
    return text(f"intake.{field}_{written}", lang) if written in known else written


def with_sign(severity: str, lang: str) -> str:
    """Return a severity in words, with its sign before it."""
    return f"{_SIGNS[severity]} {text(f'intake.{severity}', lang)}"


def sheet_styles(book) -> dict[str, Any]:
    """Return the cell formats by name, among them one per severity for words (``must_fix``) and numbers (``n_…``)."""
    own = {severity: {**STYLES["text"], "bg_color": fill} for severity, fill in _FILLS.items()}
    numbers = {f"n_{severity}": {**STYLES["count"], "bg_color": fill} for severity, fill in _FILLS.items()}
    return styles(book, input={**STYLES["input"], "num_format": "@"}, **own, **numbers)


def fit_height(sheet, line: int, words: str, field: str) -> None:
    """Make a row as high as the words of its widest cell need: not every program does so by itself."""
    # About one character per unit of width; a little is lost where words break.
    lines = -(-len(words) // int(_WIDTHS[field] * 0.95))
    sheet.set_row(line, 15 * max(lines, 1))


def write_head(sheet, titles: list[tuple[str, str]], looks: dict) -> None:
    """Write the head of a sheet: (field, title) pairs; set the columns' widths and keep the head in view."""
    for at, (field, title) in enumerate(titles):
        sheet.set_column(at, at, _WIDTHS[field])
        sheet.write_string(0, at, title, looks["head_input" if field in INPUT else "head"])
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)


def hide(sheet, fields: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    """Hide the columns that are for reading back only."""
    for at in (fields.index(field) for field in hidden):
        sheet.set_column(at, at, _WIDTHS[fields[at]], None, {"hidden": True})
