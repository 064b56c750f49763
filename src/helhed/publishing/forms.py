"""The workbooks that people fill in: the generic data workbook and the decisions workbook, from one generator.

Sheets, headings, lists, limits and help come from the export presets and the contracts of the tables, so that what is
filled in can be read back. Only the cells to fill in are unlocked; there is no password.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from helhed.intake import Heading, Preset, declared_workbook, meaning_of, presets
from helhed.publishing.form_cells import LAST_ROW, Lists, cell_format, how_written, input_help, limit, row_height, width
from helhed.tables import tables
from helhed.texts import text

DECISIONS = "decisions.xlsx"
_BLUE, _LIGHT, _RED = "#0072B2", "#DCE9F2", "#F6C7B6"
#: What may be done on a protected sheet beside filling in.
_ALLOWED = dict.fromkeys(("format_columns", "format_rows", "insert_rows", "delete_rows", "sort"), True)
_A4 = 9
#: Widths of the columns of the two sheets that explain the workbook.
_READ_ME, _COLUMNS = (5, 30, 70, 40), (22, 28, 15, 62, 48)


def data_workbook_name(lang: str) -> str:
    """Return where the generic workbook of a language lies in a municipality's folder."""
    return declared_workbook()["file"][lang]


def data_workbook(lang: str) -> bytes:
    """Return the blank generic workbook as Excel bytes: a sheet per table that a person can fill in."""
    return _Form("data", data_workbook_name(lang), lang).content()


def decisions_workbook(lang: str) -> bytes:
    """Return the blank decisions workbook as Excel bytes; sheets and headings are Danish, help is in the language."""
    return _Form("decisions", DECISIONS, lang).content()


class _Form:
    """One workbook while it is written."""

    def __init__(self, name: str, file: str, lang: str):
        self.name, self.file, self.lang = name, file, lang
        self.presets = [preset for preset in presets().values() if preset.workbook == file]
        self.buffer = io.BytesIO()
        # What a text looks like must never make it a formula or a link.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.book.set_properties({"title": self._text("title"), "author": "Helhed", "created": datetime(2025, 1, 1)})
        self.lists = Lists(text("forms.sheet_lists", lang), lang)
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#FFFFFF"}
        self.formats = {
            "title": self.book.add_format({"bold": True, "font_size": 16, "font_color": _BLUE}),
            "words": self.book.add_format({"text_wrap": True, "valign": "top"}),
            "number": self.book.add_format({"bold": True, "valign": "top", "align": "right"}),
            "head": self.book.add_format({**head, "bg_color": _LIGHT}),
            # The star that marks what is required is shown by the format: the heading itself stays as it is read.
            "head_required": self.book.add_format(
                {**head, "bg_color": _BLUE, "font_color": "#FFFFFF", "num_format": '@" *"'}
            ),
            "missing": self.book.add_format({"bg_color": _RED}),
            "link": self.book.add_format(
                {"underline": 1, "font_color": _BLUE, "valign": "top", "text_wrap": True, "bold": True}
            ),
        }

    def content(self) -> bytes:
        """Return the whole workbook."""
        read_me = self._page("sheet_read_me")
        columns = self._page("sheet_columns")
        for preset in self.presets:
            self._sheet(preset)
        self._write_read_me(read_me)
        self._write_columns(columns)
        self.lists.write(self.book)
        self.book.close()
        return self.buffer.getvalue()

    def _text(self, key: str, **values) -> str:
        return text(f"forms.{self.name}_{key}", self.lang, **values)

    def _page(self, key: str) -> Worksheet:
        """Return a new sheet, protected and set up for printing: across the page, one page wide."""
        sheet = self.book.add_worksheet(text(f"forms.{key}", self.lang))
        self._set_up(sheet)
        return sheet

    def _set_up(self, sheet: Worksheet) -> None:
        sheet.protect("", _ALLOWED)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{self._text('title')} · &A&R{text('forms.page', self.lang)}")

    def _write_read_me(self, sheet: Worksheet) -> None:
        formats, lang = self.formats, self.lang
        sheet.hide_gridlines(2)
        self._set_widths(sheet, _READ_ME)
        sheet.write_string(0, 1, self._text("title"), formats["title"])
        lines = self._text("how", file=PurePosixPath(self.file).name).strip().splitlines()
        for row, line in enumerate(lines, start=2):
            sheet.write_number(row, 0, row - 1, formats["number"])
            sheet.merge_range(row, 1, row, 3, line, formats["words"])
            sheet.set_row(row, row_height([line], [sum(_READ_ME[1:])]))
        head = len(lines) + 3
        for column, key in enumerate(("overview", "head_holds", "head_grain"), start=1):
            sheet.write_string(head, column, text(f"forms.{key}", lang), formats["head"])
        for row, preset in enumerate(self.presets, start=head + 1):
            table = tables()[preset.table]
            cells = [preset.sheet, table.meaning(lang), table.grain(lang)]
            sheet.write_url(row, 1, f"internal:'{preset.sheet}'!A2", formats["link"], preset.sheet)
            for column, cell in enumerate(cells[1:], start=2):
                sheet.write_string(row, column, cell, formats["words"])
            sheet.set_row(row, row_height(cells, _READ_ME[1:]))

    def _write_columns(self, sheet: Worksheet) -> None:
        lang = self.lang
        self._set_widths(sheet, _COLUMNS)
        for column, key in enumerate(("sheet", "column", "required", "meaning", "how")):
            sheet.write_string(0, column, text(f"forms.head_{key}", lang), self.formats["head"])
        rows = [(preset, heading) for preset in self.presets for heading in preset.columns]
        for row, (preset, heading) in enumerate(rows, start=1):
            required = text("forms.yes" if heading.required else "forms.no", lang)
            meaning = meaning_of(preset.table, heading.to, lang)
            cells = (preset.sheet, heading.heading, required, meaning, how_written(heading, lang, with_codes=True))
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, self.formats["words"])
            sheet.set_row(row, row_height(cells, _COLUMNS))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)

    def _set_widths(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        for column, each in enumerate(widths):
            sheet.set_column(column, column, each)

    def _sheet(self, preset: Preset) -> None:
        sheet = self.book.add_worksheet(preset.sheet)
        self._set_up(sheet)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{LAST_ROW + 1}"})
        widths = [width(heading, self.lang) for heading in preset.columns]
        # The star and bold letters need room too.
        sheet.set_row(0, row_height([f"{heading.heading}   " for heading in preset.columns], [w - 3 for w in widths]))
        for column, heading in enumerate(preset.columns):
            self._column(sheet, column, heading, preset)

    def _column(self, sheet: Worksheet, column: int, heading: Heading, preset: Preset) -> None:
        unlocked = self.book.add_format({**cell_format(heading), "locked": False})
        sheet.set_column(column, column, width(heading, self.lang), unlocked)
        head = self.formats["head_required" if heading.required else "head"]
        sheet.write_string(0, column, heading.heading, head)
        meaning = meaning_of(preset.table, heading.to, self.lang)
        whole = f"{meaning} {how_written(heading, self.lang, with_codes=True)}".strip()
        sheet.write_comment(0, column, whole, {"author": "Helhed", "x_scale": 2, "y_scale": 2})
        rule = limit(heading, preset, self.lists, self.lang)
        sheet.data_validation(1, column, LAST_ROW, column, {**rule, **input_help(heading, meaning, self.lang)})
        if heading.required:
            self._mark_missing(sheet, column, len(preset.columns))

    def _mark_missing(self, sheet: Worksheet, column: int, n_columns: int) -> None:
        first, last, here = (xlsxwriter.utility.xl_col_to_name(c) for c in (0, n_columns - 1, column))
        formula = f'=AND(${here}2="",COUNTA(${first}2:${last}2)>0)'
        rule = {"type": "formula", "criteria": formula, "format": self.formats["missing"]}
        sheet.conditional_format(1, column, LAST_ROW, column, rule)
