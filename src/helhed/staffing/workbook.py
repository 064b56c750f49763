"""The Excel file for the project leader: who coordinates whom, and hours month by month; kept private."""

import io
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import xlsxwriter

from helhed.texts import text

_ASSIGNMENT = {"family_id": 18, "coordinator_id": 14, "weight": 10, "reason": 60}
_LOAD = {"coordinator_id": 14, "n_families": 12, "weight": 10, "capacity": 12, "load": 12}
_PLAN = {"month": 12, "hours_needed": 14, "hours_available": 14, "posts": 10, "places": 10}
_LEAVING = {"coordinator_id": 14, "n_to_move": 16, "n_without": 16, "peak_load": 16}
_CLASH = {"demand": 34, "family_id": 18, "coordinator_id": 14}


@dataclass(frozen=True)
class Sheets:
    """What the file holds: the assignment, each coordinator's load, the months, departures and rules that clash."""

    assignment: pd.DataFrame
    load: pd.DataFrame
    plan: pd.DataFrame
    leaving: pd.DataFrame
    clash: pd.DataFrame


def staffing_workbook(sheets: Sheets, lang: str) -> bytes:
    """Return an Excel file with a sheet each for families, coordinators, months and departures.

    A further sheet names the rules that clash where some do. The same input gives the same bytes.
    """
    buffer = io.BytesIO()
    # strings_to_formulas: a coordinator called "=1+1" must stay a text.
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})
    reasons = [_reasons(codes, lang) for codes in sheets.assignment["reason"]]
    _sheet(book, "sheet_families", sheets.assignment.assign(reason=reasons), _ASSIGNMENT, lang)
    _sheet(book, "sheet_coordinators", sheets.load, _LOAD, lang)
    _sheet(book, "sheet_months", sheets.plan, _PLAN, lang)
    _sheet(book, "sheet_leaving", sheets.leaving, _LEAVING, lang)
    if len(sheets.clash):
        named = [text(f"staffing.demand_{demand}", lang) for demand in sheets.clash["demand"]]
        _sheet(book, "sheet_clash", sheets.clash.assign(demand=named), _CLASH, lang)
    book.close()
    return buffer.getvalue()


def _reasons(codes: str, lang: str) -> str:
    return "; ".join(text(f"staffing.reason_{code}", lang) for code in codes.split(",") if code)


def _sheet(book: xlsxwriter.Workbook, name: str, frame: pd.DataFrame, widths: dict[str, int], lang: str) -> None:
    sheet = book.add_worksheet(text(f"staffing.{name}", lang))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE9F2"})
    forms = {"month": book.add_format({"num_format": "yyyy-mm"}), "load": book.add_format({"num_format": "0%"})}
    forms |= {"peak_load": forms["load"], **dict.fromkeys(("n_families", "n_to_move", "n_without"), book.add_format())}
    number = book.add_format({"num_format": "#,##0.0"})
    for position, (column, width) in enumerate(widths.items()):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, text(f"staffing.column_{column}", lang), bold)
        for row, value in enumerate(frame[column], start=1):
            _cell(sheet, row, position, value, forms.get(column, number))
    sheet.set_row(0, 48)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(frame)), len(widths) - 1)


def _cell(sheet, row: int, position: int, value, form) -> None:
    if pd.isna(value):
        sheet.write_string(row, position, "–")
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, position, value.to_pydatetime(), form)
    elif isinstance(value, str):
        sheet.write_string(row, position, value)
    else:
        sheet.write_number(row, position, float(value), form)
