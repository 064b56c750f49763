"""The Excel workbook of the indicators: overview, every value, families in and out, and every definition.

All values are guarded: the workbook may be handed to anyone who may see the guide.
"""

import io
from collections.abc import Callable

import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.outputs.cards import cards
from helhed.monitoring.outputs.definitions import definition_rows
from helhed.monitoring.outputs.flow import Flow, flow_sentence
from helhed.outputs import is_small
from helhed.sheets import new_book, print_setup, row_height, set_widths, styles
from helhed.texts import day, month, text

#: Number formats of Excel by the format of an indicator.
_NUMBERS = {
    "share": "0%",
    "share1": "0.0%",
    "dkk": "#,##0",
    "count": "#,##0",
    "number": "#,##0",
    "number1": "#,##0.0",
    "number2": "#,##0.00",
}
_OVERVIEW = {
    "name": 34,
    "goal": 9,
    "value_before": 13,
    "value": 13,
    "low": 11,
    "high": 11,
    "value_others": 13,
    "n": 10,
    "share_missing": 9,
    "verdict_text": 24,
    "sentence": 80,
}
_VALUES = {
    "name": 34,
    "group": 22,
    "level": 30,
    "period": 14,
    "value": 12,
    "low": 11,
    "high": 11,
    "n": 10,
    "share_missing": 9,
    "reason": 26,
}
_FLOW = {"from_month": 16, "to_month": 16, "n_started": 12, "n_left": 12, "n_enrolled": 16}
_SHARES = ("share_missing",)
_INDICATOR_NUMBERS = ("value", "low", "high", "value_before", "value_others")
_FIRST_ROW = 1


def indicator_workbook(
    shown: pd.DataFrame, families: Flow, about: tuple[str, pd.Timestamp, bool], threshold: int, lang: str
) -> bytes:
    """Return the workbook as Excel bytes, the same for the same input.

    Parameters
    ----------
    shown
        Guarded values (see `helhed.monitoring.shown.guarded`).
    families
        Enrolment by period, see `helhed.monitoring.outputs.flow.flow`.
    about
        The municipality's name, the last day of the data, and whether the data are invented.
    threshold
        Smallest number of families that may be shown: a smaller number behind a value is left out.
    lang
        ``da`` or ``en``.
    """
    buffer = io.BytesIO()
    writer = _Writer(new_book(buffer, text("monitoring_outputs.book_title", lang, name=about[0])), threshold, lang)
    writer.read_me(about)
    writer.table("overview", cards(shown, list(indicator_catalogue()), lang), _OVERVIEW)
    writer.table("values", _in_words(shown, lang), _VALUES)
    writer.table("flow", families.periods, _FLOW, flow_sentence(families, lang))
    writer.definitions()
    writer.book.close()
    return buffer.getvalue()


def _in_words(shown: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the values that may be told to all, with names, groups, levels and reasons in words."""
    declared = indicator_catalogue()
    # Month by month a number of families would tell of single starts and exits; the sheet of the flow has them safely.
    kinds = shown["indicator"].map({name: indicator.kind for name, indicator in declared.items()})
    known = shown[kinds.notna() & ~((kinds == "count") & (shown["level"] != "now"))].reset_index(drop=True)

    def words(column: str, of: Callable[[str], str]) -> pd.Series:
        return known[column].map({value: of(value) for value in known[column].unique()})

    return known.assign(
        name=words("indicator", lambda name: declared[name].label(lang)),
        format=words("indicator", lambda name: declared[name].format),
        group=words("group", lambda name: text(f"monitoring_outputs.group_{name}", lang)),
        level=words("level", lambda name: text(f"monitoring_outputs.level_{name}", lang)),
        period=words("period", lambda name: _period(name, lang)),
        reason=words("reason", lambda name: text(f"monitoring.reason_{name}", lang) if name else ""),
    )


def _period(name: str, lang: str) -> str:
    return (
        text(f"monitoring_outputs.period_{name}", lang) if name in ("baseline", "now", "change", "difference") else name
    )


class _Writer:
    """The workbook while it is written."""

    def __init__(self, book: Workbook, threshold: int, lang: str):
        self.book, self.threshold, self.lang = book, threshold, lang
        numbers = {f"n_{name}": {"valign": "top", "num_format": form} for name, form in _NUMBERS.items()}
        self.looks = styles(book, none={"align": "right", "valign": "top"}, **numbers)

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet, set up for printing."""
        sheet = self.book.add_worksheet(text(f"monitoring_outputs.sheet_{name}", self.lang))
        print_setup(sheet, f"&L{text('monitoring_outputs.book_footer', self.lang)}&R&P")
        return sheet

    def read_me(self, about: tuple[str, pd.Timestamp, bool]) -> None:
        """Write what the workbook holds, for whom, and how its numbers are read."""
        name, to_date, is_synthetic = about
        sheet = self.sheet("read_me")
        sheet.hide_gridlines(2)
        set_widths(sheet, (110,))
        sheet.write_string(0, 0, text("monitoring_outputs.book_title", self.lang, name=name), self.looks["title"])
        told = [text("monitoring_outputs.book_date", self.lang, day=day(to_date, self.lang))]
        told += text("monitoring_outputs.book_how", self.lang, threshold=self.threshold).strip().splitlines()
        if is_synthetic:
            sheet.write_string(1, 0, text("outputs.synthetic_banner", self.lang, name=name), self.looks["warning"])
            sheet.set_row(1, row_height([text("outputs.synthetic_banner", self.lang, name=name)], (110,)))
        for row, line in enumerate(told, start=3):
            sheet.write_string(row, 0, line, self.looks["words"])
            sheet.set_row(row, row_height([line], (110,)))

    def table(self, name: str, rows: pd.DataFrame, widths: dict[str, int], note: str = "") -> None:
        """Write rows under their headings; a number keeps the format of its indicator."""
        sheet = self.sheet(name)
        set_widths(sheet, list(widths.values()))
        for column, key in enumerate(widths):
            head = text(f"monitoring_outputs.column_{key}", self.lang)
            sheet.write_string(0, column, head, self.looks["head"])
        sheet.set_row(0, row_height([text(f"monitoring_outputs.column_{key}", self.lang) for key in widths],
                                    list(widths.values())))  # fmt: skip
        for row, record in enumerate(rows.to_dict("records"), start=_FIRST_ROW):
            for column, key in enumerate(widths):
                self._cell(sheet, (row, column), key, record)
            words = [key for key in widths if isinstance(record[key], str)]
            sheet.set_row(row, row_height(["", *(record[key] for key in words)], [1, *(widths[key] for key in words)]))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(widths) - 1)
        if note:
            sheet.merge_range(len(rows) + 2, 0, len(rows) + 2, len(widths) - 1, note, self.looks["words"])
            sheet.set_row(len(rows) + 2, row_height([note], [sum(widths.values())]))

    def definitions(self) -> None:
        """Write every indicator with every field of its declaration."""
        sheet = self.sheet("definitions")
        widths = (34, 24, 90)
        set_widths(sheet, widths)
        for column, key in enumerate(("name", "field", "told")):
            head = text(f"monitoring_outputs.column_{key}", self.lang)
            sheet.write_string(0, column, head, self.looks["head"])
        lines = [
            (indicator.label(self.lang), *line)
            for indicator in indicator_catalogue().values()
            for line in definition_rows(indicator, self.lang)
        ]
        for row, cells in enumerate(lines, start=_FIRST_ROW):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, self.looks["bold" if column == 0 else "words"])
            sheet.set_row(row, row_height(cells, widths))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(lines), len(widths) - 1)

    def _cell(self, sheet: Worksheet, place: tuple[int, int], key: str, record: dict) -> None:
        value = record[key]
        if isinstance(value, str):
            sheet.write_string(*place, value, self.looks["words"])
        elif pd.isna(value) or (key == "n" and is_small(value, self.threshold)):
            sheet.write_string(*place, "–", self.looks["none"])
        elif key in _INDICATOR_NUMBERS:
            sheet.write_number(*place, float(value), self.looks[f"n_{record['format']}"])
        elif isinstance(value, pd.Timestamp):
            sheet.write_string(*place, month(value, self.lang), self.looks["words"])
        else:
            sheet.write_number(*place, float(value), self.looks["share" if key in _SHARES else "count"])
