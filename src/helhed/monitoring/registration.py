"""The registration workbook: what no system holds, prefilled with who is due for what, with lists and limits.

The sheet has the columns of ``Registreringer`` in the decisions workbook, so that filled rows are copied back as they
are. It names families and persons by pseudonym; the CPR number is written on the municipality's own machine.
"""

import io

import pandas as pd
import xlsxwriter

from helhed.monitoring.functional_level import domains
from helhed.monitoring.rules import Rules
from helhed.monitoring.who5 import ITEMS
from helhed.sheets import STYLES, new_book, print_setup, set_widths, styles
from helhed.tables import codes, scales
from helhed.texts import text

#: Items of each instrument, by role, beside the functional level, and who rates.
_ITEMS = {
    "adult": {"who5": ITEMS, "trust": ("samlet",), "ownership": ("samlet",)},
    "child": {"leisure": ("samlet",)},
}
_RATED_BY = {"functional_level": "professional", "leisure": "professional"}
#: Columns as the decisions workbook has them, then columns that help the reader.
_FILLED = ["CPR nummer", "Dato", "Instrument", "Punkt", "Værdi", "Vurderet af"]
_HELPING = ["Familie", "Person", "Rolle", "Forfalder"]


def due_registrations(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per registration due: family_id, person_id, role, instrument, item, ``due_date``.

    Parameters
    ----------
    tables
        ``registration`` and ``family_member``.
    enrolled
        Enrolled families with ``is_enrolled`` and ``start_date``.
    rules
        Interval between registrations and reference day.

    Notes
    -----
    Due on the family's start, then ``registration_interval_months`` after the person's latest date of the instrument;
    what falls due within the month after the reference day is listed too.
    """
    current = enrolled[enrolled["is_enrolled"]]
    members = tables["family_member"].merge(current[["family_id", "start_date"]], on="family_id")
    members = members[members["is_main_home"].fillna(True).astype(bool)].drop_duplicates("person_id")
    wanted = pd.DataFrame(
        [
            (role, name, item)
            for role, kinds in _ITEMS.items()
            for name, items in {**kinds, "functional_level": domains(role)}.items()
            for item in items
        ],
        columns=["role", "instrument", "item"],
    )
    due = members.merge(wanted, on="role")
    latest = tables["registration"].groupby(["person_id", "instrument"])["registered_date"].max().rename("latest")
    due = due.join(latest, on=["person_id", "instrument"])
    next_date = due["latest"] + pd.DateOffset(months=rules.registration_interval_months)
    due = due.assign(due_date=next_date.fillna(due["start_date"]))
    kept = due[due["due_date"] <= rules.to_date + pd.DateOffset(months=1)]
    columns = ["family_id", "person_id", "role", "instrument", "item", "due_date"]
    return kept[columns].sort_values(["family_id", "person_id", "instrument"], kind="stable").reset_index(drop=True)


def registration_workbook(due: pd.DataFrame, rules: Rules, lang: str) -> bytes:
    """Return the workbook as Excel bytes, the same for the same input: one sheet to fill in and one with help.

    Headings and coded cells are in Danish in both languages, because they are read back; the help is in the language.
    """
    buffer = io.BytesIO()
    book = new_book(buffer)
    _write_form(book, due, rules, lang)
    _write_help(book, lang)
    book.close()
    return buffer.getvalue()


def _write_form(book: xlsxwriter.Workbook, due: pd.DataFrame, rules: Rules, lang: str) -> None:
    sheet = book.add_worksheet("Registreringer")
    looks = styles(book)
    heads = {True: looks["head_required"], False: looks["head"]}
    words, dates, numbers = (
        book.add_format({**STYLES["input"], "num_format": form}) for form in ("@", "dd-mm-yyyy", "0")
    )
    for column, name in enumerate([*_FILLED, *_HELPING]):
        sheet.write_string(0, column, name, heads[name in _FILLED])
    for row, line in enumerate(due.itertuples(index=False), start=1):
        sheet.write_blank(row, 0, None, words)
        sheet.write_blank(row, 1, None, dates)
        sheet.write_string(row, 2, codes()["instrument"][line.instrument]["da"])
        sheet.write_string(row, 3, line.item)
        sheet.write_blank(row, 4, None, numbers)
        sheet.write_string(row, 5, codes()["rated_by"][_RATED_BY.get(line.instrument, "self")]["da"], words)
        for column, value in enumerate((line.family_id, line.person_id, codes()["family_role"][line.role]["da"])):
            sheet.write_string(row, 6 + column, value)
        sheet.write_datetime(row, 9, line.due_date.to_pydatetime(), looks["date"])
        _limit(sheet, row, line.instrument, lang)
    _limit_columns(sheet, max(len(due), 1), rules, lang)
    set_widths(sheet, (14, 12, 20, 34, 8, 16, 16, 16, 14, 12))
    print_setup(sheet)
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"select_locked_cells": True, "format_columns": True, "autofilter": True, "sort": True})
    sheet.autofilter(0, 0, max(len(due), 1), len(_FILLED) + len(_HELPING) - 1)


def _limit(sheet, row: int, instrument: str, lang: str) -> None:
    low, high = scales()[instrument]
    message = text("monitoring.form_value_wrong", lang, low=low, high=high)
    rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high, "error_message": message}
    sheet.data_validation(row, 4, row, 4, {**rule, "error_title": text("monitoring.form_wrong", lang)})


def _limit_columns(sheet, last: int, rules: Rules, lang: str) -> None:
    title = text("monitoring.form_wrong", lang)
    dates = {"validate": "date", "criteria": ">=", "value": rules.from_date.to_pydatetime(), "error_title": title}
    sheet.data_validation(1, 1, last, 1, {**dates, "error_message": text("monitoring.form_date_wrong", lang)})
    raters = [labels["da"] for labels in codes()["rated_by"].values()]
    lists = {"validate": "list", "source": raters, "error_title": title}
    sheet.data_validation(1, 5, last, 5, {**lists, "error_message": text("monitoring.form_list_wrong", lang)})


def _write_help(book: xlsxwriter.Workbook, lang: str) -> None:
    sheet = book.add_worksheet(text("monitoring.form_help_sheet", lang))
    wrap = styles(book)["words"]
    sheet.set_column(0, 0, 100)
    keys = ("fill", "cpr", "who5", "functional_level", "trust", "leisure", "back")
    for row, key in enumerate(keys):
        sheet.write_string(row, 0, text(f"monitoring.form_help_{key}", lang), wrap)
