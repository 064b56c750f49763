"""Forms of a plan as Excel workbooks: written with lists to choose from, read back cell by cell."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from helhed.errors import Problem
from helhed.office_files import DamagedFile, sheet_rows
from helhed.plan.documents import same_bytes
from helhed.plan.field_types import writable
from helhed.plan.forms.content import FormContent, is_fixed
from helhed.plan.forms.layout import Field, Sheet, prompt_of
from helhed.plan.forms.raw import RawForm, RawRow, RawSheet, raw_sheet
from helhed.plan.forms.values import written
from helhed.sheets import GREY, STYLES, new_book, print_setup, row_height, set_widths, styles
from helhed.texts import LANGUAGES, text

#: The longest text that a cell of Excel holds; what is longer goes on in the row below.
_LONGEST = 32_000
_LONGEST_TITLE, _LONGEST_HINT = 32, 255
_N_LISTED_ROWS = 300
_WIDE = ("label", "goal", "action", "what", "note", "answer", "question", "participants", "contact_after")
_CELL = {"text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
_FOOTER = "&L&A&R&P"
#: The highest row of Excel in points, and the room that bold letters take of a column.
_HIGHEST, _BOLD_ROOM = 409, 2
CONTINUED = " +"


def workbook(content: FormContent) -> bytes:
    """Return a form as the bytes of an Excel workbook."""
    buffer = io.BytesIO()
    book = new_book(buffer, content.title)
    writer = _Writer(book, content)
    writer.read_me()
    for sheet in content.sheets:
        writer.sheet(sheet)
    writer.lists()
    book.close()
    return same_bytes(buffer.getvalue())


class _Writer:
    """One workbook while it is written."""

    def __init__(self, book: xlsxwriter.Workbook, content: FormContent):
        self.book, self.content, self.lang = book, content, content.lang
        self.look = styles(book)
        self.formats = {
            (kind, fixed): book.add_format(form | _CELL | ({"bg_color": GREY} if fixed else {}))
            for kind, form in {
                "": STYLES["text"],
                "date": STYLES["date"],
                "time": STYLES["date"] | {"num_format": "hh:mm"},
                "number": STYLES["count"] | {"align": "left"},
            }.items()
            for fixed in (False, True)
        }
        self.columns: dict[str, tuple[int, int]] = {}
        self.list_values: dict[str, list[str]] = {}

    def read_me(self) -> None:
        page = self.book.add_worksheet(text("plan_forms.read_me", self.lang))
        page.hide_gridlines(2)
        set_widths(page, (28, 90))
        page.write_string(0, 0, self.content.title, self.look["title"])
        for row, line in enumerate(self.content.how, start=2):
            page.merge_range(row, 0, row, 1, line, self.look["words"])
            page.set_row(row, 48)
        start = len(self.content.how) + 3
        for row, sheet in enumerate(self.content.sheets, start=start):
            page.write_url(row, 0, f"internal:'{sheet.title(self.lang)}'!A1", self.look["link"], sheet.title(self.lang))
            page.write_string(row, 1, sheet.help(self.lang), self.look["words"])
            page.set_row(row, 48)
        print_setup(page, _FOOTER, repeated=0)

    def sheet(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(sheet.title(self.lang))
        rows = self.content.rows[sheet.name]
        if is_record(sheet):
            self._record(page, sheet, rows[0])
            print_setup(page, _FOOTER, repeated=0)
        else:
            self._grid(page, sheet, rows)
            print_setup(page, _FOOTER, widths=_widths(sheet))

    def _record(self, page: Worksheet, sheet: Sheet, row: dict) -> None:
        set_widths(page, (28, 60))
        for at, field in enumerate(sheet.fields):
            page.write_string(at, 0, field.label(self.lang), self.look["head"])
            self._cell(page, (at, 1), field, row.get(field.name), is_fixed(sheet, field.name, row))
            self._choices(page, field, (at, 1, at, 1))

    def _grid(self, page: Worksheet, sheet: Sheet, rows: list[dict]) -> None:
        labels, widths = [field.label(self.lang) for field in sheet.fields], _widths(sheet)
        page.set_row(0, row_height(labels, [width - _BOLD_ROOM for width in widths]))
        for at, (field, label, width) in enumerate(zip(sheet.fields, labels, widths, strict=True)):
            page.write_string(0, at, label, self.look["head"])
            page.set_column(at, at, width, self._format(field, False))
            self._choices(page, field, (1, at, _N_LISTED_ROWS, at))
        line = 1
        for row in rows:
            line = self._row(page, sheet, row, line)
        page.freeze_panes(1, 1)

    def _row(self, page: Worksheet, sheet: Sheet, row: dict, line: int) -> int:
        """Write a row; what is longer than a cell goes on in rows below that bear the same number and a plus."""
        shown = {field.name: _pieces(field, row.get(field.name)) for field in sheet.fields}
        n_pieces = max(len(pieces) for pieces in shown.values())
        for piece in range(n_pieces):
            pieces = [_piece(shown[field.name], piece) for field in sheet.fields]
            words = [
                written(field, part, self.content.people) for field, part in zip(sheet.fields, pieces, strict=True)
            ]
            page.set_row(line + piece, min(_HIGHEST, row_height(words, _widths(sheet))))
            for at, field in enumerate(sheet.fields):
                value = pieces[at]
                if piece and field.name == sheet.key:
                    value = f"{row[sheet.key]}{CONTINUED}"
                self._cell(page, (line + piece, at), field, value, is_fixed(sheet, field.name, row))
        return line + n_pieces

    def _cell(self, page: Worksheet, place: tuple[int, int], field: Field, value, fixed: bool) -> None:
        form = self._format(field, fixed)
        if value is None or value == ():
            page.write_blank(*place, None, form)
        elif field.kind == "date":
            page.write_datetime(*place, datetime.combine(value, time()), form)
        elif field.kind == "time":
            page.write_datetime(*place, value, form)
        elif field.kind in ("number", "count"):
            page.write_number(*place, value, form)
        else:
            page.write_string(*place, written(field, value, self.content.people), form)

    def _format(self, field: Field, fixed: bool):
        kind = {"count": "number"}.get(field.kind, field.kind)
        return self.formats.get((kind, fixed)) or self.formats["", fixed]

    def _choices(self, page: Worksheet, field: Field, area: tuple[int, int, int, int]) -> None:
        values = self.content.choices(field)
        if not values:
            hint = prompt_of(field, self.lang)
            if hint:
                title = field.label(self.lang)[:_LONGEST_TITLE]
                rule = {"validate": "any", "input_title": title, "input_message": hint[:_LONGEST_HINT]}
                page.data_validation(*area, rule)
            return
        name = field.codes or field.kind
        column = list(self.list_values).index(name) if name in self.list_values else len(self.list_values)
        self.list_values[name] = values
        letter = xl_col_to_name(column)
        source = f"='{self._list_sheet}'!${letter}$1:${letter}${len(values)}"
        # Something else may be written too: a mistake is told with its place when the form is read.
        page.data_validation(*area, {"validate": "list", "source": source, "error_type": "warning"})

    @property
    def _list_sheet(self) -> str:
        return text("plan_forms.choose", self.lang)

    def lists(self) -> None:
        page = self.book.add_worksheet(self._list_sheet)
        for column, values in enumerate(self.list_values.values()):
            for row, value in enumerate(values):
                page.write_string(row, column, value)
        page.hide()


def is_record(sheet: Sheet) -> bool:
    """Return whether a sheet holds one row for good: it stands upright, one field per line."""
    return sheet.is_card and not sheet.n_spare


def _pieces(field: Field, value) -> list:
    if field.kind != "text" or not isinstance(value, str) or len(value) <= _LONGEST:
        return [value]
    return [value[at : at + _LONGEST] for at in range(0, len(value), _LONGEST)]


def _piece(pieces: list, at: int):
    return pieces[at] if at < len(pieces) else None


def _widths(sheet: Sheet) -> list[float]:
    return [12 if field.name == sheet.key and sheet.prefix else _width(field) for field in sheet.fields]


def _width(field: Field) -> float:
    if field.name in _WIDE:
        return 36
    return {"date": 13, "time": 10, "number": 10, "count": 12, "flag": 10, "codes": 22}.get(field.kind, 18)


def read_workbook(file: bytes, sheets: tuple[Sheet, ...], file_name: str, lang: str = "da") -> RawForm:
    """Return what stands in a form's workbook, sheet by sheet; what is missing or unknown is among the problems."""
    try:
        pages = sheet_rows(file, {sheet.title(each).casefold() for sheet in sheets for each in LANGUAGES})
    except DamagedFile:
        problem = Problem("plan_forms.unreadable", file=file_name, details={"kind": "Excel (.xlsx)"})
        return RawForm({}, (problem,))
    found, problems = {}, []
    titles = {title.strip().casefold(): rows for title, rows in pages.items()}
    for sheet in sheets:
        page = next((titles[t.casefold()] for t in map(sheet.title, LANGUAGES) if t.casefold() in titles), None)
        if page is None:
            title = sheet.title(lang)
            problems.append(Problem("plan_forms.sheet_missing", file=file_name, value=title))
            continue
        found[sheet.name] = _raw_sheet(sheet, page)
    return RawForm(found, tuple(problems))


def _raw_sheet(sheet: Sheet, rows: list[list]) -> RawSheet:
    if is_record(sheet):
        # A record stands upright: headings in the first column, what is filled in in the second.
        heads, values = ([row[at] if at < len(row) else None for row in rows] for at in (0, 1))
        return raw_sheet(sheet, [_head(cell) for cell in heads], [(None, values)])
    heads = [_head(cell) for cell in rows[0]] if rows else []
    found = raw_sheet(sheet, heads, list(enumerate(rows[1:], start=2)))
    return replace(found, rows=tuple(_joined(sheet, found.rows)))


def _head(cell) -> str:
    return "" if cell is None else str(cell).strip()


def _joined(sheet: Sheet, rows: Iterable[RawRow]) -> Iterator[RawRow]:
    """Return the rows that hold something, each with what goes on in the rows below it."""
    open_row: RawRow | None = None
    for row in rows:
        key = str(row.cells.get(sheet.key) or "")
        if open_row is not None and key == f"{open_row.cells.get(sheet.key)}{CONTINUED}":
            more = {name: cell for name, cell in row.cells.items() if cell is not None and name != sheet.key}
            joined = {name: f"{open_row.cells.get(name) or ''}{cell}" for name, cell in more.items()}
            open_row = RawRow(open_row.place, open_row.cells | joined)
            continue
        if open_row is not None:
            yield open_row
        holds = any(cell is not None and writable(str(cell)).strip() for cell in row.cells.values())
        open_row = row if holds else None
    if open_row is not None:
        yield open_row
