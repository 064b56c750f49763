"""Writes typed tables as the exports look: CSV with semicolon and decimal comma, or Excel. Same table, same bytes."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

#: Columns of money carry two decimals in the CSV files, other numbers as few as they need.
MONEY = {
    "Beregnet udbetalingsbeløb",
    "Refusionsbeløb",
    "Medfinansieringsbeløb",
    "Total",
    "Pris pr stk",
    "Pris pr dag",
    "Pris pr måned",
    "Beregnet pris pr dag",
    "Beregnet total",
}
_CREATED = datetime.datetime(2026, 1, 2, 8, 0, 0)


def write_csv(table: pd.DataFrame, file: Path, encoding: str) -> None:
    """Write a table as a Danish CSV export: semicolon, decimal comma, dates dd-mm-yyyy, CRLF."""
    text = pd.DataFrame({name: as_text(table[name]) for name in table.columns})
    text.to_csv(file, sep=";", index=False, encoding=encoding, lineterminator="\r\n")


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as the text of a Danish CSV export."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return _by_value(column, lambda value: f"{value:%d-%m-%Y}")
    if pd.api.types.is_numeric_dtype(column):
        form = _money if column.name in MONEY else _number
        return _by_value(column, form)
    return column.fillna("")


def _by_value(column: pd.Series, form) -> pd.Series:
    codes, values = pd.factorize(column)
    texts = np.array([form(value) for value in values] + [""], dtype=object)
    return pd.Series(texts[codes], index=column.index)


def _money(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",") if value % 1 else f"{int(value)}"


def write_workbook(sheets: dict[str, pd.DataFrame], file: Path) -> None:
    """Write tables as sheets of one Excel workbook, dates as dates and numbers as numbers."""
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED, "title": "Opdigtede data"})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column, bold)
                sheet.set_column(place, place, max(12, len(column) + 2))
                _write_column(sheet, place, table[column], day)


def _write_column(sheet, place: int, column: pd.Series, day) -> None:
    is_date = pd.api.types.is_datetime64_any_dtype(column)
    is_number = pd.api.types.is_numeric_dtype(column)
    for row, value in enumerate(column.tolist(), 1):
        if value is None or value == "" or value is pd.NaT or value != value:
            continue
        if is_date:
            sheet.write_datetime(row, place, value.to_pydatetime(), day)
        elif is_number:
            sheet.write_number(row, place, value)
        else:
            sheet.write_string(row, place, value)
