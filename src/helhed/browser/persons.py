"""Looks for CPR numbers everywhere in a file: in its cells, and beside them (names, comments, text boxes, headers).

What is found is never shown; the message says where it stands.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from helhed.browser.table_files import UnreadableFile, column_letter
from helhed.cpr import shows_cpr

#: The parts of a workbook that hold texts beside its cells, and what each holds.
_PARTS = {
    "comment": r"xl/(?:comments|threadedComments)[^.]*\.xml",
    "drawing": r"xl/drawings[^.]*\.xml",
    "properties": r"xl/persons[^.]*\.xml|docProps/.*\.xml",
    "named_range": r"xl/workbook\.xml",
}
_SHEETS = re.compile(r"xl/(?:worksheets|chartsheets)/[^/]*\.xml")
_MARGIN = re.compile(rb"<(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]*)<")
#: A comment, and a paragraph of a text box: a number may be written in pieces of different letters within one.
_WHOLE = ("comment", "threadedComment", "p")
_BOOK, _ID = "xl/workbook.xml", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHARE = re.compile(r"0?[.,]\d+\+?")


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; ``kind``: ``cell``, what lies beside the cells, or a name.

    ``column``: its letter. ``sheet``: the sheet's name; of a sheet's name that is itself the find, its number.
    """

    kind: str = "cell"
    sheet: str = ""
    row: int | None = None
    column: str = ""


def require_no_persons_beside(name: str, content: bytes, titles: Iterable[str]) -> None:
    """Stop before anything is shown of a file that holds what looks like a CPR number outside its cells.

    Raises
    ------
    UnreadableFile
        If its name, the name of a sheet, or a text beside the cells holds one; with the place.
    """
    # Names first: a place is told with the name of its sheet.
    if shows_cpr(name):
        raise UnreadableFile("cpr_in_list", Place("file_name"))
    for number, title in enumerate(titles, start=1):
        if shows_cpr(title):
            raise UnreadableFile("cpr_in_list", Place("sheet_name", str(number)))
    for place, written in _texts_beside(content) if content.startswith(b"PK") else ():
        if shows_cpr(written):
            raise UnreadableFile("cpr_in_list", place)


def require_no_persons_in_cells(title: str, rows: list[list]) -> None:
    """Stop at the first cell of a sheet that holds what looks like a CPR number.

    Raises
    ------
    UnreadableFile
        With the place of the cell.
    """
    for row, cells in enumerate(rows, start=1):
        for at, cell in enumerate(cells):
            if _looks_like_a_person(cell):
                raise UnreadableFile("cpr_in_list", Place("cell", title, row, column_letter(at)))


def _looks_like_a_person(cell) -> bool:
    if isinstance(cell, float):
        if not cell.is_integer():
            return False  # the many decimals of a share are no number of a person
        cell = int(cell)
    if isinstance(cell, int):
        # a spreadsheet takes the zero in front away
        cell = f"{cell:010d}"
    return isinstance(cell, str) and not _SHARE.fullmatch(cell.strip()) and shows_cpr(cell)


def _texts_beside(content: bytes) -> Iterator[tuple[Place, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet_of = _sheets_by_part(packed)
        for part in packed.namelist():
            sheet = sheet_of.get(part, "")
            if _SHEETS.fullmatch(part):
                for found in _MARGIN.findall(packed.read(part)):
                    yield Place("page_header", sheet), found.decode("utf-8", "replace")
            elif kind := next((kind for kind, parts in _PARTS.items() if re.fullmatch(parts, part)), ""):
                for cell, written in _texts_of(packed.read(part)):
                    yield _place_beside(kind, sheet, cell), written


def _place_beside(kind: str, sheet: str, cell: str) -> Place:
    found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    return Place(kind, sheet, int(found[2]), found[1]) if found else Place(kind, sheet)


def _texts_of(part: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of a part of a workbook, each with the cell that it belongs to; empty where it has none."""
    for element in _tree(part).iter():
        is_whole = element.tag.rpartition("}")[2] in _WHOLE
        yield element.get("ref", ""), "".join(element.itertext()) if is_whole else element.text or ""


def _sheets_by_part(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheet that each part of a workbook belongs to, by its name."""
    if _BOOK not in packed.namelist():
        return {}
    titles = {one.get(_ID): one.get("name", "") for one in _tree(packed.read(_BOOK)).iter() if one.get(_ID)}
    sheet_of = {part: titles[key] for key, part in _related(packed, _BOOK) if key in titles}
    beside = {part: title for sheet, title in sheet_of.items() for _, part in _related(packed, sheet)}
    return beside | sheet_of


def _related(packed: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """Yield the parts that a part of a workbook refers to, each with its key there."""
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels"
    if listed in packed.namelist():
        for one in _tree(packed.read(listed)):
            yield one.get("Id", ""), posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")


def _tree(part: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(part)
    except ElementTree.ParseError as error:
        raise UnreadableFile("damaged_file") from error
