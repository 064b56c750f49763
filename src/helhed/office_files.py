"""Opens Word and Excel files that people have sent, whatever is in them: damaged files and traps are told apart early.

A file comes from outside: it may be cut off, made by another program, or made to fill the memory of whoever opens it.
Sizes are looked at before anything is unpacked, and definitions of entities, which no Office program writes, are
refused.
"""

import io
import zipfile
from collections.abc import Collection
from itertools import islice

import openpyxl
from docx import Document
from docx.document import Document as WordDocument

#: No form, name list or template unpacks to more than this.
MOST_BYTES = 200_000_000
#: Real files shrink to a thirtieth at most; only a file made to fill the memory shrinks this much.
MOST_SHRUNK, _SHRUNK_FROM_BYTES = 200, 20_000_000
_MOST_PARTS = 10_000
#: A sheet that people fill in never reaches further; one cell at the sheet's far end would make billions of empty ones.
MOST_ROWS, MOST_COLUMNS = 50_000, 300
#: Where a definition stands, if there is one: before the first element.
_HEAD_BYTES = 4096


class DamagedFile(Exception):
    """A file that cannot be read as what its name says, or that nobody should open."""


def sheet_rows(content: bytes, wanted: Collection[str] = ()) -> dict[str, list[list]]:
    """Return the cells of every sheet of a workbook: the sheet's name to its rows, of equal length, without formats.

    With names of sheets ``wanted`` (in small letters) no other sheet is read.

    Raises
    ------
    DamagedFile
        If the file is no workbook, damaged, locked or a trap.

    Examples
    --------
    >>> sheet_rows(b"no workbook")
    Traceback (most recent call last):
    helhed.office_files.DamagedFile
    """
    _require_harmless(content)
    # A damaged file leads the library to whatever error it happens to stumble over.
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        sheets = [one for one in book.worksheets if not wanted or one.title.strip().casefold() in wanted]
        return {sheet.title: _rows(sheet) for sheet in sheets}
    except Exception as error:
        raise DamagedFile from error


def word_document(content: bytes) -> WordDocument:
    """Return a Word document.

    Raises
    ------
    DamagedFile
        If the file is no Word document, damaged, locked or a trap.
    """
    _require_harmless(content)
    try:
        document = Document(io.BytesIO(content))
        # Reading is put off by the library: a document without a body, or whose styles are none, shows it only here.
        document.element.body.iterchildren()
        _ = document.styles
        return document
    except Exception as error:
        raise DamagedFile from error


def _rows(sheet) -> list[list]:
    sheet.reset_dimensions()
    rows = list(islice(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), MOST_ROWS + 1))
    widths = [max((at for at, cell in enumerate(row, 1) if cell is not None), default=0) for row in rows]
    width = max(widths, default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise DamagedFile
    return [[*row[:width], *[None] * (width - len(row))] for row in rows]


def _require_harmless(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            is_shrunk = size > _SHRUNK_FROM_BYTES and size > MOST_SHRUNK * max(1, len(content))
            is_trap = is_shrunk or size > MOST_BYTES or len(parts) > _MOST_PARTS
            if is_trap or any(_defines_entities(archive, part) for part in parts):
                raise DamagedFile
    except DamagedFile:
        raise
    except Exception as error:
        raise DamagedFile from error


def _defines_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return False
    with archive.open(part) as opened:
        head = opened.read(_HEAD_BYTES).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
