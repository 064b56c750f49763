"""The workbooks that people fill in: the generic data workbook and the decisions workbook, from one generator.

Sheets, headings, lists, limits and help come from the export presets and the contracts of the tables, so that what is
filled in can be read back. Only the cells to fill in are unlocked; there is no password.
"""

import io
from collections.abc import Sequence
from pathlib import PurePosixPath

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from helhed.intake import Heading, Preset, declared_workbook, meaning_of, presets
from helhed.publishing.form_cells import (
    LAST_ROW,
    Lists,
    cell_format,
    how_written,
    input_help,
    limit,
    name_in,
    width,
)
from helhed.sheets import RED, STYLES, new_book, print_setup, protect, row_height, set_widths, styles
from helhed.tables import tables
from helhed.texts import text

DECISIONS = "decisions.xlsx"
#: Widths of the columns of the two sheets that explain the workbook.
_READ_ME, _COLUMNS = (5, 30, 70, 40), (22, 28, 15, 62, 48)


def data_workbook_name(lang: str) -> str:
    """Return where the generic workbook of a language lies in a municipality's folder."""
    return declared_workbook()["file"][lang]


def data_workbook(lang: str) -> bytes:
    """Return the blank generic workbook as Excel bytes: a sheet per table that a person can fill in."""
    return _Form("data", data_workbook_name(lang), lang).content()


def decisions_workbook(lang: str) -> bytes:
    """Return the blank decisions workbook as Excel bytes.

    Sheets and headings are Danish, as they are read; their names in the language stand behind them, and the help is
    in the language.
    """
    return _Form("decisions", DECISIONS, lang).content()


class _Form:
    """One workbook while it is written."""

    def __init__(self, name: str, file: str, lang: str):
        self.name, self.file, self.lang = name, file, lang
        self.presets = [preset for preset in presets().values() if preset.workbook == file]
        #: Sheets and headings of the decisions are read by their Danish words, whatever the language of the help.
        self.is_foreign = name == "decisions" and lang != "da"
        self.buffer = io.BytesIO()
        self.book = new_book(self.buffer, self._text("title"))
        self.lists = Lists(text("forms.sheet_lists", lang), lang)
        line_number = {"bold": True, "valign": "top", "align": "right"}
        self.formats = styles(self.book, line_number=line_number, missing={"bg_color": RED})

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

    def _set_up(self, sheet: Worksheet, widths: Sequence[float] = ()) -> None:
        protect(sheet)
        print_setup(sheet, f"&L{self._text('title')} · &A&R{text('forms.page', self.lang)}", widths=widths)

    def _write_read_me(self, sheet: Worksheet) -> None:
        formats, lang = self.formats, self.lang
        sheet.hide_gridlines(2)
        set_widths(sheet, _READ_ME)
        sheet.write_string(0, 1, self._text("title"), formats["title"])
        lines = self._text("how", file=PurePosixPath(self.file).name).strip().splitlines()
        for row, line in enumerate(lines, start=2):
            sheet.write_number(row, 0, row - 1, formats["line_number"])
            sheet.merge_range(row, 1, row, 3, line, formats["words"])
            sheet.set_row(row, row_height([line], [sum(_READ_ME[1:])]))
        head = len(lines) + 3
        for column, key in enumerate(("overview", "head_holds", "head_grain"), start=1):
            sheet.write_string(head, column, text(f"forms.{key}", lang), formats["head"])
        for row, preset in enumerate(self.presets, start=head + 1):
            table = tables()[preset.table]
            cells = [preset.sheet, table.meaning(lang), table.grain(lang)]
            name = f"{preset.sheet} ({table.label(lang)})" if self.is_foreign else preset.sheet
            sheet.write_url(row, 1, f"internal:'{preset.sheet}'!A2", formats["link"], name)
            for column, cell in enumerate(cells[1:], start=2):
                sheet.write_string(row, column, cell, formats["words"])
            sheet.set_row(row, row_height(cells, _READ_ME[1:]))

    def _write_columns(self, sheet: Worksheet) -> None:
        lang = self.lang
        set_widths(sheet, _COLUMNS)
        for column, key in enumerate(("sheet", "column", "required", "meaning", "how")):
            sheet.write_string(0, column, text(f"forms.head_{key}", lang), self.formats["head"])
        rows = [(preset, heading) for preset in self.presets for heading in preset.columns]
        for row, (preset, heading) in enumerate(rows, start=1):
            required = text("forms.yes" if heading.required else "forms.no", lang)
            meaning = meaning_of(preset.table, heading.to, lang)
            column = f"{heading.heading}{self._name_behind(heading, preset)}"
            cells = (preset.sheet, column, required, meaning, how_written(heading, lang, with_codes=True))
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell, self.formats["words"])
            sheet.set_row(row, row_height(cells, _COLUMNS))
        sheet.freeze_panes(1, 0)

    def _sheet(self, preset: Preset) -> None:
        sheet = self.book.add_worksheet(preset.sheet)
        widths = [width(heading, self.lang) for heading in preset.columns]
        self._set_up(sheet, widths)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{LAST_ROW + 1}"})
        # The star and bold letters need room too.
        shown = [f"{heading.heading}{self._added(heading, preset)}  " for heading in preset.columns]
        sheet.set_row(0, row_height(shown, [w - 3 for w in widths]))
        for column, heading in enumerate(preset.columns):
            self._column(sheet, column, heading, preset)

    def _column(self, sheet: Worksheet, column: int, heading: Heading, preset: Preset) -> None:
        unlocked = self.book.add_format({**cell_format(heading), "locked": False})
        sheet.set_column(column, column, width(heading, self.lang), unlocked)
        # What is added is shown by the format: the heading itself stays as it is read.
        added = self._added(heading, preset).replace('"', "'")
        head = {
            **STYLES["head_required" if heading.required else "head"],
            **({"num_format": f'@"{added}"'} if added else {}),
        }
        sheet.write_string(0, column, heading.heading, self.book.add_format(head))
        meaning = meaning_of(preset.table, heading.to, self.lang)
        whole = f"{meaning} {how_written(heading, self.lang, with_codes=True)}".strip()
        sheet.write_comment(0, column, whole, {"author": "Helhed", "x_scale": 2, "y_scale": 2})
        rule = limit(heading, preset, self.lists, self.lang)
        sheet.data_validation(1, column, LAST_ROW, column, {**rule, **input_help(heading, meaning, self.lang)})
        if heading.required:
            self._mark_missing(sheet, column, len(preset.columns))

    def _added(self, heading: Heading, preset: Preset) -> str:
        """Return what is shown behind a heading: its name in the language, and a star where it must be filled in."""
        return self._name_behind(heading, preset) + (" *" if heading.required else "")

    def _name_behind(self, heading: Heading, preset: Preset) -> str:
        name = name_in(heading, preset, self.lang) if self.is_foreign else ""
        return f" ({name})" if name else ""

    def _mark_missing(self, sheet: Worksheet, column: int, n_columns: int) -> None:
        first, last, here = (xlsxwriter.utility.xl_col_to_name(c) for c in (0, n_columns - 1, column))
        formula = f'=AND(${here}2="",COUNTA(${first}2:${last}2)>0)'
        rule = {"type": "formula", "criteria": formula, "format": self.formats["missing"]}
        sheet.conditional_format(1, column, LAST_ROW, column, rule)
