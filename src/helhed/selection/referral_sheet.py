"""The Excel sheet for the referral meeting: the proposal with its reasons, and room for the meeting's own decisions."""

import io
from datetime import datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from helhed.outputs import FORMATS
from helhed.profile import Profile
from helhed.selection.criteria import criteria
from helhed.selection.referral_lists import (
    Meeting,
    cut_sheet,
    in_order_cell,
    order_headings,
    overrides_sheet,
    set_height,
    sheet_head,
)
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_in_words
from helhed.selection.shortlist import is_noted
from helhed.tables import codes
from helhed.texts import day, document_name, text

#: Families a meeting may decide on, in the order in which they are shown.
_ON_THE_TABLE = ("shortlisted", "reserve", "cannot_tell")
_COLUMNS = {
    "rank": 6,
    "family": 22,
    "standing": 30,
    "n_departments": 13,
    "reasons": 70,
    "decision": 24,
    "decision_reason": 40,
    "decided_by": 22,
    "decided_date": 14,
}
#: Notes of families that are off the list although they may meet the rule.
_KEPT_OFF = ("note_said_no", "note_decided_exclude")
INPUTS = ("decision", "decision_reason", "decided_by", "decided_date")


def referral_workbook(
    shortlist: pd.DataFrame,
    family_criterion: pd.DataFrame,
    profile: Profile,
    lang: str,
    meeting: Meeting | None = None,
) -> bytes:
    """Return the workbook for the referral meeting.

    Parameters
    ----------
    shortlist, family_criterion
        As `select_families` and `evaluate_criteria` return them.
    profile
        The municipality's profile.
    lang
        ``da`` or ``en``.
    meeting
        What more the meeting needs; without it the last two sheets and the records are left out.

    Returns
    -------
    An Excel file with sheets: the families the meeting may decide on (proposed, waiting, cannot be told) with yellow
    cells to fill in; every criterion of every such family with value, threshold, distance and the records it rests
    on; how the list came about; the families at the cut; decisions against the rule. Text that looks like a formula
    stays text. The same input gives the same bytes.
    """
    rows = on_the_table(shortlist)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": datetime.combine(profile["data.to_date"], datetime.min.time())})
        headings = order_headings(meeting, profile, lang)
        sheet = _families_sheet(book, rows, headings, lang)
        if meeting and headings:
            last = len(_COLUMNS) + len(headings) - 1
            sheet.set_column(len(_COLUMNS), last, 20, book.add_format({"text_wrap": True, "valign": "top"}))
            _order_cells(sheet, rows, meeting.order, list(headings), lang)
        judged = family_criterion[family_criterion["family_id"].isin(rows["family_id"])]
        judged = judged.assign(is_in_rule=judged["criterion"].isin(criteria_in(profile["selection.rule"])))
        _criteria_sheet(book, judged, meeting.records_in_words(lang) if meeting else {}, lang)
        _about_sheet(book, shortlist, profile, lang)
        if meeting:
            cut_sheet(book, meeting, profile, lang)
            overrides_sheet(book, meeting, lang)
    return buffer.getvalue()


def reasons_in_words(reasons: str, lang: str) -> str:
    """Return a shortlist's reasons as a sentence list."""
    return "; ".join(_reason(key, lang) for key in reasons.split(",") if key)


def _reason(key: str, lang: str) -> str:
    if key.startswith("unknown_"):
        return text("selection.unknown", lang, criterion=criteria()[key.removeprefix("unknown_")].label(lang))
    if key.startswith("criterion_"):
        return criteria()[key.removeprefix("criterion_")].label(lang)
    return text(f"selection.{key}", lang)


def on_the_table(shortlist: pd.DataFrame) -> pd.DataFrame:
    """Return the families a meeting may decide on: those proposed first, then the others by rank."""
    rows = shortlist[shortlist["standing"].isin(_ON_THE_TABLE)]
    place = rows["standing"].map({standing: i for i, standing in enumerate(_ON_THE_TABLE)})
    return rows.assign(place=place).sort_values(["place", "rank", "family_id"]).reset_index(drop=True)


def _order_cells(sheet: Worksheet, rows: pd.DataFrame, order: pd.DataFrame, names: list[str], lang: str) -> None:
    """Write what each family with a number was ordered by, beside the cells to fill in."""
    values = order.set_index("family_id")
    for row, family in enumerate(rows["family_id"], start=1):
        for column, name in enumerate(names if family in values.index else [], start=len(_COLUMNS)):
            sheet.write_string(row, column, in_order_cell(name, values.loc[family, name], lang))


def _families_sheet(book: Workbook, rows: pd.DataFrame, order: dict[str, str], lang: str) -> Worksheet:
    sheet = book.add_worksheet(text("selection.sheet_families", lang))
    widths = {text(f"selection.column_{name}", lang): width for name, width in _COLUMNS.items()}
    sheet_head(book, sheet, widths | dict.fromkeys(order.values(), 20))
    wrapped, yellow = book.add_format({"text_wrap": True, "valign": "top"}), _input_format(book)
    dates = _input_format(book, {"num_format": "dd-mm-yyyy"})
    centred = book.add_format({"align": "center", "valign": "top"})
    for row, family in enumerate(rows.itertuples(), start=1):
        if not pd.isna(family.rank):
            sheet.write_number(row, 0, int(family.rank), centred)
        sheet.write_string(row, 1, family.family_id, wrapped)
        sheet.write_string(row, 2, text(f"selection.standing_{family.standing}", lang), wrapped)
        if not pd.isna(family.n_departments):
            sheet.write_number(row, 3, int(family.n_departments), centred)
        why = reasons_in_words(family.reasons, lang)
        sheet.write_string(row, 4, why, wrapped)
        set_height(sheet, row, (why, _COLUMNS["reasons"]))
        for column in range(5, 5 + len(INPUTS)):
            sheet.write_blank(row, column, None, dates if column == 8 else yellow)
    _decision_list(sheet, len(rows), lang)
    return sheet


def _decision_list(sheet: Worksheet, n_rows: int, lang: str) -> None:
    if not n_rows:
        return
    labels = [names[lang] for names in codes()["decision"].values()]
    message = text("selection.sheet_decision_error", lang)
    sheet.data_validation(1, 5, n_rows, 5, {"validate": "list", "source": labels, "error_message": message})


def _criteria_sheet(book: Workbook, judged: pd.DataFrame, records: dict, lang: str) -> None:
    sheet = book.add_worksheet(text("selection.sheet_criteria", lang))
    names = {"column_family": 22, "criterion": 50, "column_status": 20, "column_value": 12, "column_threshold": 12}
    names |= {"column_distance": 20, "column_records": 60, "column_explanation": 90, "column_in_rule": 12}
    sheet_head(book, sheet, {text(f"selection.{name}", lang): width for name, width in names.items()})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, item in enumerate(judged.itertuples(), start=1):
        criterion = criteria()[item.criterion]
        numbers = [FORMATS[criterion.form](number, lang) for number in (item.value, item.threshold, item.distance)]
        status = text(f"selection.status_{item.status}", lang)
        behind = records.get((item.family_id, item.criterion), "–")
        cells = [item.family_id, criterion.label(lang), status, *numbers, behind, criterion.explanation(lang)]
        cells.append(text(f"outputs.{'yes' if item.is_in_rule else 'no'}", lang))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, wrapped)
        set_height(sheet, row, (behind, 60), (cells[-2], 90), (cells[1], 50))


def _about_sheet(book: Workbook, shortlist: pd.DataFrame, profile: Profile, lang: str) -> None:
    sheet = book.add_worksheet(text("selection.sheet_about", lang))
    sheet.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True})
    of_the_sheet = [text(f"selection.sheet_{name}", lang) for name in ("protection", "way_back")]
    notice = [text("outputs.synthetic_note", lang)] if profile.is_synthetic else []
    for row, sentence in enumerate([*notice, *about_the_list(shortlist, profile, lang), *of_the_sheet]):
        sheet.write_string(row, 0, sentence, wrapped)
        set_height(sheet, row, (sentence, 100))
    sheet.protect()


def standing_in_words(standing: str, reasons: str, lang: str) -> str:
    """Return where a family stands; one that is off the list for what was decided or answered is told so."""
    kept_off = [code for code in _KEPT_OFF if code in reasons.split(",")]
    if standing == "not_eligible" and kept_off:
        return text("selection.standing_kept_off", lang, why=reasons_in_words(",".join(kept_off), lang))
    return text(f"selection.standing_{standing}", lang)


def about_the_list(shortlist: pd.DataFrame, profile: Profile, lang: str) -> list[str]:
    """Return how the list came about, in sentences: who decides, the rule, the order, the places, who said no."""
    n_said_no = int((shortlist["is_eligible"] & is_noted(shortlist, "note_said_no")).sum())
    why = document_name("why.xlsx", lang)
    kept_off = [text("selection.sheet_said_no", lang, n=n_said_no, why=why)] if n_said_no else []
    return [
        text("selection.sheet_human", lang),
        text("selection.say_rule", lang, rule=rule_in_words(profile["selection.rule"], lang)),
        text("selection.say_order", lang, order=order_in_words(profile, lang)),
        text(
            "selection.sheet_places",
            lang,
            places=FORMATS["number"](profile["selection.places"], lang),
            day=day(profile["data.to_date"], lang),
        ),
        *kept_off,
    ]


def order_in_words(profile: Profile, lang: str) -> str:
    """Return the order of the list in words."""
    then = text("selection.order_then", lang)
    return then.join(text(f"selection.order_{name}", lang) for name in profile["selection.order_by"])


def _input_format(book: Workbook, more: dict | None = None):
    lines = {"border": 1, "border_color": "#BFBFBF"}
    look = {"locked": False, "bg_color": "#FFF7CC", "text_wrap": True, "valign": "top"}
    return book.add_format({**look, **lines, **(more or {})})
