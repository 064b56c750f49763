"""Opens the reader's own file: the rows of an Excel workbook or a CSV file, whatever a spreadsheet saved."""

import csv
import io
import re
import zipfile
from collections import Counter

from helhed.delimited_text import decoded, rows_of

#: A list that people keep is never larger; a file made to fill the memory is refused before it is unpacked.
MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 20_000, 300, 100_000_000
_DELIMITERS = ";\t,|"
_LONGEST_CELL = 1_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: A cell with a formula, as the sheets of a workbook write it.
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


class UnreadableFile(Exception):
    """A file that is no list: ``code`` names what is said of it, ``place`` says where (`helhed.browser.persons`)."""

    def __init__(self, code: str, place=None):
        super().__init__(code)
        self.code, self.place = code, place


def sheets_of(name: str, content: bytes) -> dict[str, list[list]]:
    """Return the rows of each sheet by its name; a CSV file is one sheet without a name.

    Raises
    ------
    UnreadableFile
        If the file is empty, of another kind, damaged, locked with a password or far too large.
    """
    if not content.strip():
        raise UnreadableFile("empty_file")
    if content.startswith(_OLD_EXCEL):
        # The old format, and also a workbook that is locked with a password.
        raise UnreadableFile("old_excel")
    if content.startswith(b"PK"):
        return _workbook(content)
    if name.lower().endswith((".xlsx", ".xlsm", ".docx", ".pdf", ".ods", ".zip")) or b"\x00\x00\x00" in content:
        raise UnreadableFile("damaged_file")
    return {"": _csv_rows(content)}


def column_letter(at: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    from openpyxl.utils import get_column_letter

    return get_column_letter(at + 1)


def formulas_without_value(content: bytes) -> dict[str, Counter[int]]:
    """Return how many formulas were saved without their result, by sheet and column (counted from 0).

    Excel and LibreOffice save both; programs that write a workbook themselves save the formula alone, and the cell
    reads as empty.
    """
    if not _has_formulas(content):
        return {}
    import openpyxl

    shown, written = (
        openpyxl.load_workbook(io.BytesIO(content), data_only=is_shown, read_only=True) for is_shown in (True, False)
    )
    return {sheet.title: _without_value(sheet, written[sheet.title]) for sheet in shown.worksheets}


def _has_formulas(content: bytes) -> bool:
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [part for part in packed.namelist() if part.startswith("xl/worksheets/")]
        return any(_FORMULA.search(packed.read(part)) for part in parts)


def _without_value(shown, written) -> Counter[int]:
    found = Counter()
    for sheet in (shown, written):
        sheet.reset_dimensions()
    for values, formulas in zip(shown.iter_rows(), written.iter_rows(), strict=True):
        for at, (value, formula) in enumerate(zip(values, formulas, strict=True)):
            # A formula whose result is an empty text says that it is a text.
            if formula.data_type == "f" and value.value is None and value.data_type != "str":
                found[at] += 1
    return found


def _workbook(content: bytes) -> dict[str, list[list]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise UnreadableFile("too_large")
            if "word/document.xml" in packed.namelist():
                raise UnreadableFile("word_file")
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        return {sheet.title: _sheet_rows(sheet) for sheet in book.worksheets}
    except UnreadableFile:
        raise
    except Exception as error:
        # A damaged file leads the library to whatever error it happens to stumble over.
        raise UnreadableFile("damaged_file") from error


def _sheet_rows(sheet) -> list[list]:
    sheet.reset_dimensions()
    rows = []
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, values_only=True):
        rows.append(list(row[:MOST_COLUMNS]))
        # What is not read would not be searched for CPR numbers either.
        if len(rows) > MOST_ROWS or any(cell is not None for cell in row[MOST_COLUMNS:]):
            raise UnreadableFile("too_large")
    return rows


def _csv_rows(content: bytes) -> list[list]:
    text = decoded(content)
    head = text[:20_000]
    first = head.splitlines()[0].lower() if head else ""
    delimiter = max(_DELIMITERS, key=head.count)
    if first.startswith("sep=") and len(first) == 5:
        delimiter, text = first[4], text.split("\n", 1)[1] if "\n" in text else ""
    try:
        rows = rows_of(text, delimiter, _LONGEST_CELL)
    except csv.Error as error:
        raise UnreadableFile("damaged_file") from error
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("too_large")
    return rows
