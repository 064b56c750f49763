"""The registration workbook: one for each coordinator and quarter, prefilled, with lists, limits and help.

It names families and persons by pseudonym and holds no CPR number. Filled in, it is put into the municipality's folder
``registrations`` and read by `helhed.monitoring.returned`. Headings and choices are in Danish in both languages,
because they are read back; the help is in the language.
"""

import io
import re

import pandas as pd
import xlsxwriter

from helhed.monitoring.registration import quarter, quarter_end
from helhed.monitoring.rules import Rules
from helhed.sheets import STYLES, new_book, print_setup, set_widths, styles
from helhed.tables import codes, scales
from helhed.texts import text

SHEET = "Registreringer"
#: Columns of the sheet, by what they hold; the last three are filled in.
HEADINGS = {
    "family_id": "Familie",
    "person_id": "Person",
    "role": "Rolle",
    "birth_year": "Født",
    "status": "Status",
    "due_date": "Forfalder",
    "instrument": "Skema",
    "item": "Punkt",
    "scale": "Mulige svar",
    "value": "Svar",
    "registered_date": "Dato",
    "rated_by": "Vurderet af",
}
#: Answers that are chosen by word, and the number each stands for.
WORDS = {
    "functional_level": {"A": 1, "B": 2, "C": 3, "D": 4},
    "leisure": {"ja": 1, "nej": 0},
    "leisure_job": {"ja": 1, "nej": 0},
}
_FILLED = ("value", "registered_date", "rated_by")
_RATED_BY = {
    "functional_level": "professional",
    "leisure": "professional",
    "leisure_job": "professional",
    "sdq_total": "parent",
}
_WIDTHS = (19, 19, 15, 7, 11, 12, 21, 32, 12, 9, 12, 17)
_STATUS = {"never": "mangler", "late": "forsinket", "due": "forfalder"}
_HELP = ("fill", "whom", "who5", "functional_level", "trust", "leisure", "totals", "back")


def registration_workbooks(due: pd.DataFrame, rules: Rules, lang: str) -> dict[str, bytes]:
    """Return one workbook for each coordinator: file name, such as ``registrations_2026K1_K01.xlsx``, to content.

    ``due`` as `helhed.monitoring.due_registrations` gives it. A coordinator with nothing due gets no workbook.
    """
    return {
        f"registrations_{quarter(rules)}_{_in_file_name(coordinator)}.xlsx": registration_workbook(part, rules, lang)
        for coordinator, part in due.groupby("coordinator_id", sort=True)
    }


def registration_workbook(due: pd.DataFrame, rules: Rules, lang: str) -> bytes:
    """Return the workbook as Excel bytes, the same for the same input: one sheet to fill in and one with help."""
    buffer = io.BytesIO()
    book = new_book(buffer, text("monitoring.form_title", lang, quarter=quarter(rules)))
    _write_form(book, due, rules, lang)
    if (due["instrument"] == "who5").any():
        _write_who5(book, lang)
    _write_help(book, due, rules, lang)
    book.close()
    return buffer.getvalue()


def _in_file_name(coordinator: str) -> str:
    return re.sub(r"[^\wæøåÆØÅ-]+", "-", str(coordinator)).strip("-") or "-"


def _write_form(book: xlsxwriter.Workbook, due: pd.DataFrame, rules: Rules, lang: str) -> None:
    sheet = book.add_worksheet(SHEET)
    looks = styles(book, year={"valign": "top", "align": "left"})
    for column, (name, heading) in enumerate(HEADINGS.items()):
        sheet.write_string(0, column, heading, looks["head_required" if name in _FILLED else "head"])
    blanks = {
        name: book.add_format({**STYLES["input"], "num_format": form})
        for name, form in (("value", "General"), ("registered_date", "dd-mm-yyyy"), ("rated_by", "@"))
    }
    columns = {name: at for at, name in enumerate(HEADINGS)}
    for row, line in enumerate(due.itertuples(index=False), start=1):
        shown = {
            "family_id": line.family_id,
            "person_id": line.person_id,
            "role": codes()["family_role"][line.role]["da"],
            "status": _STATUS[line.status],
            "instrument": codes()["instrument"][line.instrument]["da"],
            "item": line.item,
            "scale": possible_answers(line.instrument),
        }
        for name, words in shown.items():
            sheet.write_string(row, columns[name], words, looks["text"])
        if line.birth_year == line.birth_year and not pd.isna(line.birth_year):
            sheet.write_number(row, columns["birth_year"], int(line.birth_year), looks["year"])
        sheet.write_datetime(row, columns["due_date"], line.due_date.to_pydatetime(), looks["date"])
        sheet.write_blank(row, columns["value"], None, blanks["value"])
        sheet.write_blank(row, columns["registered_date"], None, blanks["registered_date"])
        rated = codes()["rated_by"][_RATED_BY.get(line.instrument, "self")]["da"]
        sheet.write_string(row, columns["rated_by"], rated, blanks["rated_by"])
        _limit(sheet, (row, columns["value"]), line.instrument, lang)
    _limit_columns(sheet, columns, max(len(due), 1), rules, lang)
    set_widths(sheet, _WIDTHS)
    print_setup(sheet, "&L&A &P/&N")
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"select_locked_cells": True, "format_columns": True, "autofilter": True, "sort": True})
    sheet.autofilter(0, 0, max(len(due), 1), len(HEADINGS) - 1)


def _limit(sheet, cell: tuple[int, int], instrument: str, lang: str) -> None:
    title = {"error_title": text("monitoring.form_wrong", lang)}
    if instrument in WORDS:
        message = text("monitoring.form_word_wrong", lang, words=", ".join(WORDS[instrument]))
        rule = {"validate": "list", "source": list(WORDS[instrument]), "error_message": message}
    else:
        low, high = scales()[instrument]
        message = text("monitoring.form_value_wrong", lang, low=low, high=high)
        kind = "decimal" if instrument in DECIMAL else "integer"
        rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_message": message}
    sheet.data_validation(*cell, *cell, rule | title)


#: Instruments whose total may have a decimal: lines are measured in millimetres.
DECIMAL = ("ors_total", "srs_total")


def _limit_columns(sheet, columns: dict[str, int], last: int, rules: Rules, lang: str) -> None:
    title = {"error_title": text("monitoring.form_wrong", lang)}
    at = columns["registered_date"]
    dates = {"validate": "date", "criteria": "between", "minimum": rules.from_date.to_pydatetime()}
    dates |= {"maximum": quarter_end(rules).to_pydatetime(), "error_message": text("monitoring.form_date_wrong", lang)}
    sheet.data_validation(1, at, last, at, dates | title)
    at = columns["rated_by"]
    raters = [labels["da"] for labels in codes()["rated_by"].values()]
    lists = {"validate": "list", "source": raters, "error_message": text("monitoring.form_list_wrong", lang)}
    sheet.data_validation(1, at, last, at, lists | title)


def possible_answers(instrument: str) -> str:
    """Return the answers that an instrument has, such as ``0-5`` or ``A, B, C, D``."""
    low, high = scales()[instrument]
    return ", ".join(WORDS[instrument]) if instrument in WORDS else f"{low}-{high}"


def _write_who5(book: xlsxwriter.Workbook, lang: str) -> None:
    """Write the form itself, to print for the person: WHO-5 may be used freely when its source is named."""
    sheet = book.add_worksheet("WHO-5")
    looks = styles(book, box={"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    sheet.write_string(0, 0, text("monitoring.who5_title", lang), looks["title"])
    sheet.write_string(1, 0, text("monitoring.who5_how", lang), looks["words"])
    for column in range(6):
        sheet.write_string(2, column + 1, text(f"monitoring.who5_answer_{5 - column}", lang), looks["box"])
    for number in range(1, 6):
        sheet.write_string(number + 2, 0, f"{number}. {text(f'monitoring.who5_item_{number}', lang)}", looks["words"])
        for column in range(6):
            sheet.write_number(number + 2, column + 1, 5 - column, looks["box"])
        sheet.set_row(number + 2, 32)
    sheet.write_string(9, 0, text("monitoring.who5_source", lang), looks["words"])
    sheet.set_row(1, 32)
    sheet.set_row(2, 46)
    sheet.set_row(9, 62)
    set_widths(sheet, (58, 11, 11, 11, 11, 11, 11))
    print_setup(sheet, repeated=0)


def _write_help(book: xlsxwriter.Workbook, due: pd.DataFrame, rules: Rules, lang: str) -> None:
    sheet = book.add_worksheet(text("monitoring.form_help_sheet", lang))
    looks = styles(book)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, text("monitoring.form_title", lang, quarter=quarter(rules)), looks["title"])
    coordinators = ", ".join(sorted(set(due["coordinator_id"])))
    sheet.write_string(1, 0, text("monitoring.form_of", lang, coordinator=coordinators), looks["bold"])
    for row, key in enumerate(_HELP, start=3):
        sheet.write_string(row, 0, text(f"monitoring.form_help_{key}", lang), looks["words"])
        sheet.set_row(row, 48)
    print_setup(sheet, repeated=0)
