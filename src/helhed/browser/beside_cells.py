"""Looks for CPR numbers beside a file's cells: in its name, comments, text boxes, page headers and properties."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from helhed.browser.table_files import UnreadableFile
from helhed.cpr import shows_cpr

#: The parts of a workbook that hold such texts.
_PARTS = re.compile(r"xl/(?:comments|threadedComments|drawings|persons)[^.]*\.xml|xl/workbook\.xml|docProps/.*\.xml")
_SHEETS = re.compile(r"xl/(?:worksheets|chartsheets)/[^/]*\.xml")
_MARGIN = re.compile(rb"<(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]*)<")
#: A comment, and a paragraph of a text box: a number may be written in pieces of different letters within one.
_WHOLE = ("comment", "threadedComment", "p")


def require_no_persons_beside(name: str, content: bytes, sheets: dict[str, list[list]]) -> None:
    """Stop before anything is shown of a file that holds what looks like a CPR number outside its cells.

    Raises
    ------
    UnreadableFile
        If its name, the name of a sheet, or a text beside the cells holds one.
    """
    texts = [name, *sheets]
    if content.startswith(b"PK"):
        texts += _texts_beside(content)
    if any(shows_cpr(text) for text in texts):
        raise UnreadableFile("cpr_in_list")


def _texts_beside(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.namelist():
            if _PARTS.fullmatch(part):
                yield from _texts_of(packed.read(part))
            elif _SHEETS.fullmatch(part):
                yield from (found.decode("utf-8", "replace") for found in _MARGIN.findall(packed.read(part)))


def _texts_of(part: bytes) -> Iterator[str]:
    try:
        tree = ElementTree.fromstring(part)
    except ElementTree.ParseError as error:
        raise UnreadableFile("damaged_file") from error
    for element in tree.iter():
        if element.tag.rpartition("}")[2] in _WHOLE:
            yield "".join(element.itertext())
        else:
            yield element.text or ""
