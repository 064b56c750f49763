"""Cells of an Excel sheet that are shown in per cent: Excel keeps 0.25 where people see, and mean, 25 %."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from helhed.intake.reading.excel_cells import number_as_text
from helhed.intake.reading.workbook_facts import column_number, part_of, pieces_of

_STYLES = "xl/styles.xml"
#: The formats of Excel's own that show per cent.
_BUILT_IN = {9, 10}
#: What stands in quotes, behind a backslash or in brackets is shown or said, and is no sign of the format.
_SAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FORMULA = rb"(?:<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>))?"
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/])>\s*" + _FORMULA + rb"\s*<(?:\w+:)?v>([^<]+)<")
_PLACE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})([0-9]+)["']""")
_STYLE = re.compile(rb"""(?:^|\s)s=["']([0-9]+)["']""")
_KIND = re.compile(rb"""(?:^|\s)t=["'](\w+)["']""")
#: Digits after the point beyond which a number is what the computer's arithmetic left.
_DIGITS = 10


def percent_cells(file: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return what people see in the cells of a sheet that are shown in per cent, by row and column counted from 1.

    Parameters
    ----------
    file
        The workbook.
    sheet
        Name of the sheet; the workbook's first when empty.
    """
    with zipfile.ZipFile(file) as archive:
        styles = _percent_styles(archive)
        part = part_of(archive, sheet)[0] if styles else None
        return dict(_shown(archive, part, styles)) if part else {}


def _percent_styles(archive: zipfile.ZipFile) -> set[int]:
    """Return the numbers of the cell styles that show per cent."""
    if _STYLES not in archive.namelist():
        return set()
    book = ElementTree.fromstring(archive.read(_STYLES))
    own = {
        int(node.get("numFmtId", 0))
        for node in book.iter()
        if node.tag.endswith("}numFmt") and "%" in _SAID.sub("", node.get("formatCode", ""))
    }
    cells = next((node for node in book.iter() if node.tag.endswith("}cellXfs")), ())
    return {at for at, style in enumerate(cells) if int(style.get("numFmtId", 0)) in own | _BUILT_IN}


def _shown(archive: zipfile.ZipFile, part: str, styles: set[int]) -> Iterator[tuple[tuple[int, int], str]]:
    for text in pieces_of(archive, part):
        for cell in _CELL.finditer(text):
            place, style, kind = (pattern.search(cell[1]) for pattern in (_PLACE, _STYLE, _KIND))
            if place and style and int(style[1]) in styles and (kind is None or kind[1] == b"n"):
                yield (int(place[2]), column_number(place[1])), _in_per_cent(cell[2])


def _in_per_cent(written: bytes) -> str:
    return f"{number_as_text(round(float(written) * 100, _DIGITS))} %"
