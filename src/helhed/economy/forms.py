"""The blank workbooks a municipality may add to its folder, made from their declarations."""

import io
from collections.abc import Sequence

from xlsxwriter.workbook import Workbook as Book
from xlsxwriter.worksheet import Worksheet

from helhed.profile.own_workbooks import Field, Sheet, Workbook, own_workbooks
from helhed.sheets import new_book, print_setup, protect, row_height, set_widths, styles
from helhed.texts import LANGUAGES, text

#: Lines that can be filled in.
LAST_ROW = 300
_READ_ME = (26, 30, 90)
_FORMATS = {"number": "General", "share": "0.0%", "date": "dd-mm-yyyy", "year": "0"}
_MONEY = "#,##0.00"
#: Excel refuses longer help beside a cell.
_LONGEST_HELP = 250


def blank_workbook(name: str, lang: str) -> bytes:
    """Return a blank workbook as Excel bytes: how it is filled in, and a sheet per declared table.

    Parameters
    ----------
    name
        A key of `helhed.profile.own_workbooks.own_workbooks`, such as ``interviews``.
    lang
        Language of sheets, headings, lists and help; any language is read back.
    """
    declared, buffer = own_workbooks()[name], io.BytesIO()
    book = new_book(buffer, declared.titles[lang])
    write_read_me(book, declared, lang)
    write_sheets(book, declared, lang)
    book.close()
    return buffer.getvalue()


def write_read_me(book: Book, declared: Workbook, lang: str) -> None:
    """Write the sheet that says how the workbook is filled in and what each column holds."""
    formats, sheet = styles(book), book.add_worksheet(text("workbooks.sheet_read_me", lang))
    _set_up(sheet, declared, lang)
    sheet.hide_gridlines(2)
    set_widths(sheet, _READ_ME)
    sheet.write_string(0, 0, declared.titles[lang], formats["title"])
    lines = declared.how[lang].strip().splitlines()
    for row, line in enumerate(lines, start=2):
        sheet.merge_range(row, 0, row, 2, line, formats["words"])
        sheet.set_row(row, row_height([line], [sum(_READ_ME)]))
    head = len(lines) + 3
    for column, key in enumerate(("sheet", "column", "help")):
        sheet.write_string(head, column, text(f"workbooks.head_{key}", lang), formats["head"])
    fields = [(table, field) for table in declared.sheets.values() for field in table.columns.values()]
    for row, (table, field) in enumerate(fields, start=head + 1):
        cells = (table.label(lang), field.label(lang), _help(field, lang))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, formats["words"])
        sheet.set_row(row, row_height(cells, _READ_ME))


def write_sheets(book: Book, declared: Workbook, lang: str) -> None:
    """Write the sheets to fill in, with their lists, limits and help."""
    for table in declared.sheets.values():
        sheet = book.add_worksheet(table.label(lang))
        _set_up(sheet, declared, lang, _widths(table))
        sheet.freeze_panes(1, 0)
        for position, field in enumerate(table.columns.values()):
            _write_column(book, sheet, position, field, lang)
        sheet.set_row(0, row_height([f"{one.label(lang)} *" for one in table.columns.values()], _widths(table)))


def _set_up(sheet: Worksheet, declared: Workbook, lang: str, widths: Sequence[float] = ()) -> None:
    protect(sheet)
    print_setup(sheet, f"&L{declared.titles[lang]} · &A&R{text('forms.page', lang)}", widths=widths)


def _widths(table: Sheet) -> list[float]:
    return [_width(field) for field in table.columns.values()]


def _width(field: Field) -> float:
    if field.name == "quote":
        return 70
    if field.kind == "text":
        return 34
    longest = max((len(one) for lang in LANGUAGES for one in field.labels(lang).values()), default=0)
    return max(14, min(longest + 4, 40))


def _write_column(book: Book, sheet: Worksheet, position: int, field: Field, lang: str) -> None:
    look = {"text_wrap": True, "valign": "top", "locked": False, "num_format": _number_format(field)}
    sheet.set_column(position, position, _width(field), book.add_format(look))
    head = styles(book)["head_required" if field.required else "head"]
    sheet.write_string(0, position, f"{field.label(lang)} *" if field.required else field.label(lang), head)
    sheet.write_comment(0, position, _help(field, lang), {"author": "Helhed", "x_scale": 2})
    title = field.label(lang)[:32]
    shown = {"input_title": title, "input_message": _help(field, lang)[:_LONGEST_HELP]}
    sheet.data_validation(1, position, LAST_ROW, position, {**_rule(field, lang), **shown})


def _number_format(field: Field) -> str:
    return _MONEY if field.name.endswith("_dkk") else _FORMATS.get(field.kind, "@")


def _help(field: Field, lang: str) -> str:
    choices = ", ".join(field.labels(lang).values())
    return f"{field.help(lang)} ({choices})" if choices else field.help(lang)


def _rule(field: Field, lang: str) -> dict:
    """Return the limit of the cells: a list, or a range of numbers; anything else is checked when it is read."""
    if field.kind == "choice":
        # The list in a cell holds 255 letters; a longer one stands in the help and is checked when read.
        labels = list(field.labels(lang).values())
        return {"validate": "list", "source": labels} if len(",".join(labels)) <= 255 else {"validate": "any"}
    if field.kind == "flag":
        return {"validate": "list", "source": [text("outputs.yes", lang), text("outputs.no", lang)]}
    limits = {"share": (0, 1), "year": (1990, 2100), "number": (field.min, field.max)}.get(field.kind)
    if limits is None or None in limits:
        return {"validate": "any"}
    return {"validate": "decimal", "criteria": "between", "minimum": limits[0], "maximum": limits[1]}
