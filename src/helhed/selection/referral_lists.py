"""Further sheets of the referral workbook: the families at the cut, and where the meeting overruled the rule."""

from dataclasses import dataclass, field

import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from helhed.outputs import FORMATS
from helhed.profile import Profile
from helhed.selection.records import records_in_words
from helhed.tables import code_label
from helhed.texts import day, number, text


@dataclass(frozen=True)
class Meeting:
    """What the referral meeting needs beside the list itself.

    Parameters
    ----------
    records
        From `helhed.selection.records.records_behind`.
    near, changes
        From `helhed.selection.places`: `at_the_cut` and `with_one_place`.
    decided
        From `helhed.selection.overrides.decisions_and_rule`.
    order
        From `helhed.selection.places.order_values`; without it the sheet of families has no values of the order.
    """

    records: pd.DataFrame
    near: pd.DataFrame
    changes: pd.DataFrame
    decided: pd.DataFrame
    order: pd.DataFrame | None = None
    _words: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def records_in_words(self, lang: str) -> dict[tuple[str, str], str]:
        """Return the records behind each answer in words, by family and criterion; put into words once."""
        if lang not in self._words:
            self._words[lang] = records_in_words(self.records, lang)
        return self._words[lang]


#: Height of a line in a row, and the highest row that Excel has, in points.
_LINE, _HIGHEST = 15, 405
#: How the values of each order are written.
_ORDER_FORMATS = {"absence_share": "share1"}


def cut_sheet(book: Workbook, meeting: Meeting, profile: Profile, lang: str) -> None:
    """Add the families on either side of the cut, and what one place more or fewer would change."""
    sheet = book.add_worksheet(text("selection.sheet_cut", lang))
    order = list(profile["selection.order_by"])
    headings = ["column_rank", "column_family", "column_standing", "column_tied", "column_offer_open"]
    widths = dict.fromkeys([text(f"selection.{name}", lang) for name in headings], 22)
    sheet_head(book, sheet, widths | {text(f"selection.order_{name}", lang): 22 for name in order})
    for row, family in enumerate(meeting.near.to_dict("records"), start=1):
        tied, offer = (
            text(f"outputs.{'yes' if family[flag] else 'no'}", lang) for flag in ("is_tied_at_cut", "is_offer_open")
        )
        standing = text(f"selection.standing_{family['standing']}", lang)
        cells = [number(family["rank"], lang), family["family_id"], standing, tied, offer]
        cells += [_written(name, family[name], lang) for name in order]
        _write(sheet, row, cells)
    for row, sentence in enumerate(_moves(meeting.changes, lang), start=len(meeting.near) + 2):
        sheet.write_string(row, 0, sentence)


def order_headings(meeting: Meeting | None, profile: Profile, lang: str) -> dict[str, str]:
    """Return the headings of what the list was ordered by, by column of `Meeting.order`; none without it."""
    if meeting is None or meeting.order is None:
        return {}
    order = {name: text(f"selection.order_{name}", lang) for name in profile["selection.order_by"]}
    return {"is_offer_open": text("selection.column_offer_open", lang), **order}


def in_order_cell(column: str, value, lang: str) -> str:
    """Return a value of `Meeting.order` as the sheet of families shows it."""
    if column == "is_offer_open":
        return text(f"outputs.{'yes' if value else 'no'}", lang)
    return _written(column, value, lang)


def _written(order: str, value: float, lang: str) -> str:
    return "–" if pd.isna(value) else FORMATS[_ORDER_FORMATS.get(order, "number")](value, lang)


def _moves(changes: pd.DataFrame, lang: str) -> list[str]:
    said = []
    for row in changes[changes["change"] != 0].itertuples():
        name = "more" if row.change > 0 else "fewer"
        places = number(row.n_places, lang)
        if pd.isna(row.family_id):
            said.append(text(f"selection.move_{name}_nobody", lang, places=places))
        else:
            said.append(text(f"selection.move_{name}", lang, family=row.family_id, places=places))
    return said


def overrides_sheet(book: Workbook, meeting: Meeting, lang: str) -> None:
    """Add the decisions that went against the rule, with reason and who decided."""
    sheet = book.add_worksheet(text("selection.sheet_overrides", lang))
    names = {"column_family": 22, "column_decision": 24, "column_rule_then": 30, "column_decision_reason": 50}
    names |= {"column_decided_by": 24, "column_decided_date": 16}
    sheet_head(book, sheet, {text(f"selection.{name}", lang): width for name, width in names.items()})
    against = meeting.decided.dropna(subset=["override"])
    for row, item in enumerate(against.itertuples(), start=1):
        decision, rule = code_label("decision", item.decision, lang), text(f"selection.status_{item.rule}", lang)
        reason, by = ("–" if pd.isna(value) else value for value in (item.decision_reason, item.decided_by))
        on = "–" if pd.isna(item.decided_date) else day(item.decided_date, lang)
        _write(sheet, row, [item.family_id, decision, rule, reason, by, on])
    if against.empty:
        sheet.write_string(1, 0, text("selection.no_overrides", lang))


def _write(sheet: Worksheet, row: int, cells: list[str]) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, cell)


def sheet_head(book: Workbook, sheet: Worksheet, widths: dict[str, int]) -> None:
    """Write the headings of a sheet with the widths of its columns, freeze them and protect the sheet."""
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for column, (label, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, bold)
    sheet.set_row(0, 2 * _LINE)
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def set_height(sheet: Worksheet, row: int, *wrapped: tuple[str, int]) -> None:
    """Make a row as high as its wrapped texts need, each given with the width of its column."""
    lines = [sum(max(1, -(-len(line) // width)) for line in words.split("\n")) for words, width in wrapped]
    sheet.set_row(row, min(_HIGHEST, _LINE * max(lines, default=1)))
