"""The why workbook: every known family, every criterion, with value, threshold, distance and the records behind."""

import io
import math
from datetime import datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from helhed.profile import Profile, declared_entries, value_in_words
from helhed.selection.criteria import criteria
from helhed.selection.explaining import explain_statuses
from helhed.selection.referral_lists import set_height, sheet_head
from helhed.selection.referral_sheet import about_the_list, standing_in_words
from helhed.selection.rule_tree import criteria_in
from helhed.texts import text

#: How the numbers of a criterion are shown in a cell.
_CELLS = {"number": "0", "share1": "0.0%"}
_ANSWERS = {"column_family": 22, "column_standing": 30, "criterion": 48, "why.in_rule": 12, "column_status": 18}
_ANSWERS |= {"column_value": 10, "column_threshold": 10, "column_distance": 20, "column_records": 80}
_RULE = {"column_family": 22, "column_standing": 30, "why.part_of_rule": 90, "column_status": 18}
_MEANING = {"criterion": 48, "column_explanation": 90, "why.settings": 60, "why.source": 60}


def why_workbook(
    shortlist: pd.DataFrame,
    family_criterion: pd.DataFrame,
    records: dict[tuple[str, str], str],
    profile: Profile,
    lang: str,
) -> bytes:
    """Return why every known family is, or is not, in the target group: for the run's private folder.

    Parameters
    ----------
    shortlist, family_criterion
        As `select_families` and `evaluate_criteria` return them.
    records
        The records behind each answer, as `helhed.selection.records.records_in_words` returns them.
    profile
        The municipality's profile.
    lang
        ``da`` or ``en``.

    Returns
    -------
    An Excel file with sheets: every family and criterion with answer, value, threshold, distance and the records the
    answer rests on; the rule worked out branch by branch for every family; what each criterion counts, with its
    settings and source; how the list came about. Numbers are numbers, so that they sort and filter. The same input
    gives the same bytes.
    """
    judged = family_criterion[family_criterion["family_id"].isin(shortlist["family_id"])]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": datetime.combine(profile["data.to_date"], datetime.min.time())})
        stands = zip(shortlist["family_id"], shortlist["standing"], shortlist["reasons"], strict=True)
        named = {family: standing_in_words(standing, reasons, lang) for family, standing, reasons in stands}
        _answers_sheet(book, judged, named, records, profile, lang)
        _rule_sheet(book, judged, named, profile, lang)
        _meaning_sheet(book, profile, lang)
        _about_sheet(book, shortlist, profile, lang)
    return buffer.getvalue()


def _sheet(book: Workbook, name: str, widths: dict[str, int], n_rows: int, lang: str) -> Worksheet:
    sheet = book.add_worksheet(text(f"why.sheet_{name}", lang))
    keys = {key if "." in key else f"selection.{key}": width for key, width in widths.items()}
    sheet_head(book, sheet, {text(key, lang): width for key, width in keys.items()})
    sheet.autofilter(0, 0, max(n_rows, 1), len(widths) - 1)
    return sheet


def _answers_sheet(
    book: Workbook, judged: pd.DataFrame, standing: dict[str, str], said: dict, profile: Profile, lang: str
) -> None:
    sheet = _sheet(book, "answers", _ANSWERS, len(judged), lang)
    top, wrapped = (
        book.add_format({"valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top", "indent": 1}),
    )
    forms = {form: book.add_format({"num_format": shown, "valign": "top"}) for form, shown in _CELLS.items()}
    used = set(criteria_in(profile["selection.rule"]))
    labels = {name: criteria()[name].label(lang) for name in judged["criterion"].unique()}
    in_rule = {name: text(f"outputs.{'yes' if name in used else 'no'}", lang) for name in labels}
    statuses = {name: text(f"selection.status_{name}", lang) for name in judged["status"].unique()}
    shown = {name: forms[criteria()[name].form] for name in labels}
    told = (judged[name].tolist() for name in ("family_id", "criterion", "status", "value", "threshold", "distance"))
    for row, (family, name, status, *numbers) in enumerate(zip(*told, strict=True), start=1):
        cells = [family, standing[family], labels[name], in_rule[name], statuses[status]]
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, top)
        for column, value in enumerate(numbers, start=5):
            if not math.isnan(value):
                sheet.write_number(row, column, value, shown[name])
        behind = said.get((family, name), "–")
        sheet.write_string(row, 8, behind, wrapped)
        set_height(sheet, row, (behind, _ANSWERS["column_records"]))


def _rule_sheet(book: Workbook, judged: pd.DataFrame, standing: dict[str, str], profile: Profile, lang: str) -> None:
    """Add the rule branch by branch; a branch is set in below the one it belongs to."""
    rule, row = profile["selection.rule"], 0
    steps = {shift: book.add_format({"indent": 2 * shift}) for shift in range(16)}
    sheet = _sheet(book, "rule", _RULE, 1, lang)
    told: dict[str, dict[str, str]] = {}
    for family, name, status in zip(
        *(judged[part].tolist() for part in ("family_id", "criterion", "status")), strict=True
    ):
        told.setdefault(family, {})[name] = status
    for family, statuses in sorted(told.items()):
        explained = explain_statuses(rule, statuses)
        for depth, words, status in explained.lines(lang):
            row += 1
            sheet.write_string(row, 0, family)
            sheet.write_string(row, 1, standing[family])
            sheet.write_string(row, 2, words, steps[min(depth, len(steps) - 1)])
            sheet.write_string(row, 3, text(f"selection.status_{status}", lang))
    sheet.autofilter(0, 0, max(row, 1), len(_RULE) - 1)


def _meaning_sheet(book: Workbook, profile: Profile, lang: str) -> None:
    sheet = _sheet(book, "meaning", _MEANING, len(criteria()), lang)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, criterion in enumerate(criteria().values(), start=1):
        keys = [key for key in (criterion.threshold_key, *criterion.settings) if key]
        cells = [criterion.label(lang), criterion.explanation(lang), _settings(keys, profile, lang)]
        cells.append(criterion.source(lang))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, wrapped)
        set_height(sheet, row, *zip(cells, _MEANING.values(), strict=True))


def _settings(keys: list[str], profile: Profile, lang: str) -> str:
    said = (f"{declared_entries()[key].label(lang)}: {value_in_words(profile[key], lang)}" for key in keys)
    return "\n".join(said) or "–"


def _about_sheet(book: Workbook, shortlist: pd.DataFrame, profile: Profile, lang: str) -> None:
    sheet = book.add_worksheet(text("selection.sheet_about", lang))
    sheet.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True})
    notice = [text("outputs.synthetic_note", lang)] if profile.is_synthetic else []
    for row, sentence in enumerate([*notice, *about_the_list(shortlist, profile, lang), text("why.private", lang)]):
        sheet.write_string(row, 0, sentence, wrapped)
    sheet.protect()
