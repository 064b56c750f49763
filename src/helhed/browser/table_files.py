"""Opens the reader's own file: the rows of an Excel workbook or a CSV file, whatever a spreadsheet saved."""

import csv
import io
import zipfile

from helhed.delimited_text import decoded, rows_of

#: A list that people keep is never larger; a file made to fill the memory is refused before it is unpacked.
MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 20_000, 300, 100_000_000
_DELIMITERS = ";\t,|"
_LONGEST_CELL = 1_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class UnreadableFile(Exception):
    """A file that is no list: ``code`` names what is said of it."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


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
