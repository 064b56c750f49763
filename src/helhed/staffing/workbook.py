"""The Excel file for the project leader: who coordinates whom, places and hours month by month; kept private."""

import io
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from helhed.sheets import STYLES, new_book, print_setup, row_height, set_widths, styles
from helhed.staffing.assignment_shown import gap_words
from helhed.texts import text

_ASSIGNMENT = {"family_id": 18, "coordinator_id": 14, "weight": 10, "reason": 60}
_LOAD = {"coordinator_id": 14, "n_families": 12, "weight": 10, "capacity": 16, "load": 12}
_PLAN = {"month": 12, "hours_needed": 14, "hours_available": 14, "posts": 16, "places": 10}
_PLACES = {"month": 12, "new_places": 16, "new_places_low": 12, "new_places_high": 12, "offers": 16}
_HOURS = {
    "coordinator_id": 14, "month": 12, "share_in_post": 20, "ramp_up_share": 30, "days_at_work": 14,
    "hours_at_work": 14, "hours_meetings": 16, "hours_available": 16,
}  # fmt: skip
_LEAVING = {"coordinator_id": 14, "n_to_move": 20, "n_without": 20, "peak_load": 20}
_CLASH = {"demand": 34, "family_id": 18, "coordinator_id": 14}
#: What a column's cells look like; the others are numbers, or texts where they hold texts.
_LOOKS = {
    "month": "month",
    **dict.fromkeys(("load", "peak_load", "share_in_post", "ramp_up_share"), "share"),
    **dict.fromkeys(("n_families", "n_to_move", "n_without", "places"), "count"),
}


@dataclass(frozen=True)
class Sheets:
    """What the file holds.

    The assignment, each coordinator's load, the months, the places to offer, each coordinator's hours month by month,
    departures and the rules that clash; ``gap`` is the largest share by which a better assignment could exist.
    """

    assignment: pd.DataFrame
    load: pd.DataFrame
    plan: pd.DataFrame
    places: pd.DataFrame
    hours: pd.DataFrame
    leaving: pd.DataFrame
    clash: pd.DataFrame
    gap: float = 0.0


def staffing_workbook(sheets: Sheets, lang: str) -> bytes:
    """Return an Excel file with a sheet each for families, coordinators, months, places, hours and departures.

    A further sheet names the rules that clash where some do. The same input gives the same bytes.
    """
    buffer = io.BytesIO()
    book = new_book(buffer, text("staffing.workbook_title", lang))
    # A number and the words beside it would else run together.
    looks = styles(book, words={**STYLES["words"], "indent": 1})
    reasons = [_reasons(codes, lang) for codes in sheets.assignment["reason"]]
    demands = [text(f"staffing.demand_{demand}", lang) for demand in sheets.clash["demand"]]
    parts = [
        ("families", sheets.assignment.assign(reason=reasons), _ASSIGNMENT),
        ("coordinators", sheets.load, _LOAD),
        ("months", sheets.plan, _PLAN),
        ("places", sheets.places, _PLACES),
        ("hours", sheets.hours, _HOURS),
        ("leaving", sheets.leaving, _LEAVING),
    ]
    if demands:
        parts.append(("clash", sheets.clash.assign(demand=demands), _CLASH))
    for name, frame, widths in parts:
        sheet = _added(book, name, lang)
        _sheet(sheet, frame, widths, looks, lang)
        if name == "families":
            _note(sheet, len(frame) + 2, gap_words(sheets.gap, lang), widths, looks)
    book.close()
    return buffer.getvalue()


def _reasons(codes: str, lang: str) -> str:
    return "; ".join(text(f"staffing.reason_{code}", lang) for code in codes.split(",") if code)


def _added(book: Workbook, name: str, lang: str) -> Worksheet:
    return book.add_worksheet(text(f"staffing.sheet_{name}", lang))


def _sheet(sheet: Worksheet, frame: pd.DataFrame, widths: dict[str, int], looks: dict[str, Format], lang: str) -> None:
    # Where nobody is in post there are no rows, and a table made of no rows has no columns.
    frame = frame if len(frame) else pd.DataFrame(columns=list(widths))
    set_widths(sheet, list(widths.values()))
    heads = [text(f"staffing.column_{column}", lang) for column in widths]
    sheet.set_row(0, row_height(heads, list(widths.values())))
    for position, (column, head) in enumerate(zip(widths, heads, strict=True)):
        sheet.write_string(0, position, head, looks["head"])
        for row, value in enumerate(frame[column], start=1):
            _cell(sheet, row, position, value, looks, _LOOKS.get(column, "number"))
    print_setup(sheet)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(frame)), len(widths) - 1)


def _note(sheet: Worksheet, row: int, words: str, widths: dict[str, int], looks: dict[str, Format]) -> None:
    """Write a sentence under the table, over all its columns."""
    sheet.merge_range(row, 0, row, len(widths) - 1, words, looks["words"])
    sheet.set_row(row, row_height([words], [sum(widths.values())]))


def _cell(sheet: Worksheet, row: int, position: int, value, looks: dict[str, Format], look: str) -> None:
    if pd.isna(value):
        sheet.write_string(row, position, "–", looks["words"])
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, position, value.to_pydatetime(), looks[look])
    elif isinstance(value, str):
        sheet.write_string(row, position, value, looks["words"])
    else:
        sheet.write_number(row, position, float(value), looks[look])
