"""The list of what must be mended in the workbooks that coordinators sent back, for those who mend it."""

import io

from helhed.errors import Problem
from helhed.sheets import new_book, print_setup, row_height, set_widths, styles
from helhed.texts import text

_COLUMNS = ("file", "row", "column", "value", "what")
_WIDTHS = (34, 8, 16, 16, 80)


def mend_workbook(problems: tuple[Problem, ...], lang: str) -> bytes:
    """Return the problems as an Excel workbook: file, row, column, value and what to do, one problem a row."""
    buffer = io.BytesIO()
    book = new_book(buffer, text("monitoring.mend_sheet", lang))
    sheet, looks = book.add_worksheet(text("monitoring.mend_sheet", lang)), styles(book)
    for column, name in enumerate(_COLUMNS):
        sheet.write_string(0, column, text(f"monitoring.mend_{name}", lang), looks["head"])
    for at, problem in enumerate(problems, start=1):
        row = "" if problem.row is None else str(problem.row)
        cells = (problem.file, row, problem.column, problem.value, problem.message(lang))
        for column, words in enumerate(cells):
            sheet.write_string(at, column, words, looks["text"])
        sheet.set_row(at, row_height(cells, _WIDTHS))
    set_widths(sheet, _WIDTHS)
    print_setup(sheet, "&L&A &P/&N")
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
