"""What an Excel sheet says beside its cells: formulas without a result, error values, merged cells, hidden rows.

A reader of values alone would take such cells for empty ones. The sheet's XML is therefore looked through for them.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from helhed.errors import Problem

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 20
_TOKENS = {
    "formula": re.compile(rb"<(?:\w+:)?f[\s>/]"),
    "error": re.compile(rb""" t=["']e["']"""),
    "merged": re.compile(rb"<(?:\w+:)?mergeCell\s"),
    "hidden_row": re.compile(rb"""<(?:\w+:)?row\s[^>]*\shidden=["'](?:1|true)["']"""),
    "hidden_column": re.compile(rb"""<(?:\w+:)?col\s[^>]*\shidden=["'](?:1|true)["']"""),
    "far_row": re.compile(rb""" r=["'][A-Z]*[0-9]{6}"""),
    "two_letters": re.compile(rb""" r=["'][A-Z]{2}[0-9]"""),
    "three_letters": re.compile(rb""" r=["'][A-Z]{3}[0-9]"""),
}
#: Signs of which one is part of every such token: a quick look for them spares most searches. Those of more than two
#: bytes have a letter in front that cells hardly hold: a single byte is found much faster than a word.
_SIGNS_OF = {
    "formula": ((b"f", b"f>"), (b"h", b't="shared"'), (b"h", b"t='shared'")),
    "error": ((b"e", b'e"'), (b"e", b"e'")),
    "merged": ((b"g", b"mergeCell"),),
    "hidden_row": ((b"h", b"hidden="),),
    "hidden_column": ((b"h", b"hidden="),),
}
#: Most sheets hold none of these three; one search tells.
_LONG = {"far_row", "two_letters", "three_letters"}
_LONG_PLACE = re.compile(rb""" r=["'](?:[A-Z]{2}|[A-Z]*[0-9]{6})""")
_LONGEST_PLACE = 10
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/])>(.*?)</(?:\w+:)?c>", re.S)
_PLACE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})([0-9]+)["']""")
_KIND = re.compile(rb"""(?:^|\s)t=["'](\w+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<")
_FORMULA = _TOKENS["formula"]
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*ref=["']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)["']""")
#: More faulty cells than this of one kind in one sheet are not listed.
_MOST_CELLS = 200
#: A sheet is laid out as a full rectangle in memory: one cell far out would fill it. No export is that large.
MAX_CELLS = 60_000_000
_ROWS_OF_FIVE_DIGITS, _MOST_ROWS = 99_999, 1_048_576
_CELL_PLACE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]+)["']""")


@dataclass(frozen=True)
class SheetFacts:
    """What is special about a sheet; cells as (row, column counted from 1, what stands there)."""

    formulas_without_value: tuple[tuple[int, int, str], ...] = ()
    error_values: tuple[tuple[int, int, str], ...] = ()
    merged: tuple[tuple[int, int, str], ...] = ()
    has_hidden_rows: bool = False
    has_hidden_columns: bool = False
    is_1904: bool = False
    n_cells: int = 0


def sheet_facts(file: Path, sheet: str) -> SheetFacts:
    """Return what is special about one sheet of a workbook (see `SheetFacts`).

    Raises
    ------
    zipfile.BadZipFile, KeyError, ElementTree.ParseError
        If the workbook is damaged.
    """
    with zipfile.ZipFile(file) as archive:
        part, is_1904 = part_of(archive, sheet)
        if part is None:
            return SheetFacts(is_1904=is_1904)
        found = _tokens_in(archive, part)
        n_cells = _size_bound(found)
        if n_cells > MAX_CELLS:
            n_cells = _size(archive, part)
        xml = archive.read(part) if found & {"formula", "error", "merged"} else b""
    return SheetFacts(
        tuple(_formulas_without_value(xml)) if "formula" in found else (),
        tuple(_error_values(xml)) if "error" in found else (),
        tuple(_merged(xml)) if "merged" in found else (),
        "hidden_row" in found,
        "hidden_column" in found,
        is_1904,
        n_cells,
    )


def part_of(archive: zipfile.ZipFile, sheet: str) -> tuple[str | None, bool]:
    """Return the name of a sheet's XML inside the zip file and whether dates are counted from 1904.

    Without a name it is the workbook's first sheet.
    """
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    settings = next((node for node in book.iter() if node.tag.endswith("}workbookPr")), None)
    is_1904 = settings is not None and settings.get("date1904", "0") in ("1", "true")
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target_of = {link.get("Id"): link.get("Target", "") for link in links}
    for node in book.iter():
        if node.tag.endswith("}sheet") and (not sheet or node.get("name") == sheet):
            target = target_of.get(node.get(_RELATION), "")
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), is_1904
    return None, is_1904


def _tokens_in(archive: zipfile.ZipFile, part: str) -> set[str]:
    """Return which tokens a part holds."""
    found: set[str] = set()
    for text in pieces_of(archive, part):
        sought = _TOKENS.keys() - found
        if sought & _LONG and not (_may_be_long(text) and _LONG_PLACE.search(text)):
            sought -= _LONG
        found |= {name for name in sought if _holds(text, name)}
    return found


def _holds(text: bytes, name: str) -> bool:
    signs = _SIGNS_OF.get(name)
    may_hold = signs is None or any(_has(text, rare, sign) for rare, sign in signs)
    return may_hold and _TOKENS[name].search(text) is not None


def _may_be_long(text: bytes) -> bool:
    """Return whether a cell's place may have two letters or six digits: a look that spares most searches."""
    written = np.frombuffer(text, dtype=np.uint8)
    at = np.flatnonzero(written[:-_LONGEST_PLACE] == ord("r"))
    first = at[written[at + 1] == ord("=")] + 3
    if (written[first + 1] >= ord("A")).any():
        return True
    for place in range(1, 6):
        first = first[_is_digit(written[first + place])]
    return bool((_is_digit(written[first]) | _is_digit(written[first + 6])).any())


def _is_digit(signs: np.ndarray) -> np.ndarray:
    return (signs - np.uint8(ord("0"))) < 10


def _has(text: bytes, rare: bytes, sign: bytes) -> bool:
    if len(sign) > 2:
        return rare in text and sign in text
    # Python looks for two bytes slowly; these begin with a letter that the cells of a sheet hardly hold.
    written = np.frombuffer(text, dtype=np.uint8)
    first = np.flatnonzero(written[:-1] == sign[0])
    return bool((written[first + 1] == sign[1]).any())


def pieces_of(archive: zipfile.ZipFile, part: str):
    """Yield a part piece by piece, a little of each twice, so that a large sheet does not fill the memory."""
    with archive.open(part) as opened:
        last = b""
        while chunk := opened.read(_CHUNK):
            text = last + chunk
            yield text
            last = text[-500:]


def _size_bound(found: set[str]) -> int:
    """Return how many cells the rectangle of all cells has at most, from the length of the largest references."""
    width = 16_384 if "three_letters" in found else 702 if "two_letters" in found else 26
    return width * (_MOST_ROWS if "far_row" in found else _ROWS_OF_FIVE_DIGITS)


def _size(archive: zipfile.ZipFile, part: str) -> int:
    rows = columns = 0
    for text in pieces_of(archive, part):
        for place in _CELL_PLACE.finditer(text):
            rows, columns = max(rows, int(place[2])), max(columns, column_number(place[1]))
    return rows * columns


def _cells(xml: bytes):
    for match in _CELL.finditer(xml):
        place = _PLACE.search(match[1])
        if place:
            kind = _KIND.search(match[1])
            yield int(place[2]), column_number(place[1]), kind[1] if kind else b"n", match[2]


def _formulas_without_value(xml: bytes):
    found = (
        (row, column, "")
        for row, column, kind, inside in _cells(xml)
        if _FORMULA.search(inside) and kind not in (b"str", b"e") and not _VALUE.search(inside)
    )
    yield from _first(found)


def _error_values(xml: bytes):
    found = (
        (row, column, value[1].decode("ascii", "replace"))
        for row, column, kind, inside in _cells(xml)
        if kind == b"e" and (value := _VALUE.search(inside))
    )
    yield from _first(found)


def _merged(xml: bytes):
    found = (
        (int(m[2]), column_number(m[1]), f"{m[1].decode()}{m[2].decode()}:{m[3].decode()}{m[4].decode()}")
        for m in _MERGED.finditer(xml)
    )
    yield from _first(found)


def _first(found):
    for _, cell in zip(range(_MOST_CELLS), found, strict=False):
        yield cell


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1, from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def fact_problems(facts: SheetFacts, place: dict, headings: dict[int, str], header_row: int) -> list[Problem]:
    """Return what is special about a sheet as problems for the user.

    Parameters
    ----------
    facts
        Of the sheet.
    place
        File and sheet.
    headings
        Column counted from 1 to heading; cells of other columns are not read and so no problem.
    header_row
        Row of the headings; what stands above is not read.
    """
    problems = []
    for code, cells in (
        ("formula_without_value", facts.formulas_without_value),
        ("error_value", facts.error_values),
        ("merged_cells", facts.merged),
    ):
        problems += [
            Problem(f"intake.{code}", **place, row=row, column=headings.get(column, ""), value=value)
            for row, column, value in cells
            if row >= header_row and (column in headings or code == "merged_cells")
        ]
    hidden = {"hidden_rows": facts.has_hidden_rows, "hidden_columns": facts.has_hidden_columns}
    return problems + [Problem(f"intake.{code}", "note", **place) for code, is_so in hidden.items() if is_so]
