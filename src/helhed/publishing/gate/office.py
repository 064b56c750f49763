"""Reads Word, Excel and PowerPoint files as the XML that they are: also what no window shows.

Hidden sheets, comments, headers, properties, alternative texts, formulas, embedded files and pictures all count.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise

from lxml import etree

from helhed.delimited_text import decoded
from helhed.publishing.gate.pieces import Piece, Place, Unreadable, at, column_pieces, is_one_number, row_pieces

#: Parsing stops at anything that could grow: no entities, no outside files.
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
#: Comments are read by themselves: inside a word they would part it.
_PARSER |= {"remove_comments": True, "remove_pis": True}
_UNSHOWN = re.compile(r"<!--(.*?)(?:-->|$)|<\?(?!xml )(.*?)\?>", re.DOTALL)
#: What lies in an archive beside its files, as a name that says how to read it.
_BESIDE = "zip.bin"
#: Elements that a reader sees as one piece, whatever runs it is made of.
_PARAGRAPHS = {"p", "si", "is", "f", "v", "t", "title", "author", "text", "comment"}
_ROWS = {"tr", "row"}
_AUTHORS = {"creator", "lastModifiedBy", "Manager", "Company", "author", "persona", "userId"}
#: Attributes in which people write, or which hold a person's name.
_WRITTEN_ATTRIBUTES = {
    "descr",
    "title",
    "name",
    "tooltip",
    "alt",
    "display",
    "prompt",
    "error",
    "promptTitle",
    "errorTitle",
}
_AUTHOR_ATTRIBUTES = {"author", "initials", "displayName", "userName"}
#: What a sheet's header says besides its words: left, middle, right, font and size.
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|[A-Z]|\d+)')
_FRACTION = re.compile(r"-?\d*\.\d{5,}(?:[eE][-+]?\d+)?")
_ZERO_LOST = re.compile(r"[1-9]\d{8}")
#: Elements whose value is a number that the program draws at random.
_RANDOM_MARKS = {"creationId", "modId", "rowId", "colId", "uniqueId"}
#: More than this from one archive is no document but a trap.
MOST_BYTES = 400_000_000
_MOST_MEMBERS = 20_000
#: What a damaged archive may raise while it is unpacked.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
)

Reader = Callable[[str, bytes, Place, int], Iterator[Piece]]


def members(content: bytes, place: Place) -> Iterator[tuple[str, bytes]]:
    """Return name and content of each file in an archive, and what lies in the archive beside the files.

    Raises
    ------
    Unreadable
        If the archive is damaged, locked, or larger than any document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > MOST_BYTES or len(entries) > _MOST_MEMBERS:
                raise Unreadable("too_large", place)
            for entry in entries:
                yield entry.filename, archive.read(entry)
            remarks = [archive.comment, *(entry.comment for entry in archive.infolist())]
            yield _BESIDE, b"\n".join([b"", *remarks, *_between(content, archive.infolist())])
    except _DAMAGE as error:
        reason = "locked" if "password" in str(error) or "encrypted" in str(error) else "damaged"
        raise Unreadable(reason, place) from error


def _between(content: bytes, entries: list[zipfile.ZipInfo]) -> list[bytes]:
    """Return the bytes of an archive that are no file's: before, between and behind them, and its list of them."""
    parts, end = [], 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        name_and_more = struct.unpack_from("<HH", content, entry.header_offset + 26)
        parts.append(content[end : entry.header_offset + 30 + sum(name_and_more)])
        end = entry.header_offset + 30 + sum(name_and_more) + entry.compress_size
    return [*parts, content[end:]]


def office_pieces(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return everything written in a Word, Excel or PowerPoint file; ``read`` reads the files inside it."""
    parts: dict[str, bytes] = {}
    for name, part in members(content, place):
        # Two files of one name: a program shows one of them.
        parts[name if name not in parts else f"{len(parts)}-{name}"] = part
    strings = _shared_strings(parts.get("xl/sharedStrings.xml", b""), place)
    sheets = _sheet_names(parts, place)
    for name, part in parts.items():
        where = at(place, "sheet", sheets[name]) if name in sheets else at(place, "part", name)
        yield Piece(at(place, "part", name), name)
        if name.endswith((".xml", ".rels", ".vml")):
            root = _tree(part, where)
            yield from unshown_pieces(decoded(part), where)
            yield from _attributes(root, where)
            yield from (_sheet_rows(root, where, strings) if name in sheets else _texts(root, where))
        else:
            yield from read(name, part, where, depth + 1)


def xml_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return everything written in an XML file: texts, comments and attributes."""
    root = _tree(content, place)
    yield from unshown_pieces(decoded(content), place)
    yield from _attributes(root, place)
    yield from _texts(root, place)


def unshown_pieces(text: str, place: Place) -> Iterator[Piece]:
    """Return the comments and instructions in a page or an XML file, also those outside its outermost element."""
    for comment, instruction in _UNSHOWN.findall(text):
        yield Piece(place, comment or instruction)


def _tree(content: bytes, place: Place) -> etree._Element:
    try:
        root = etree.fromstring(content, etree.XMLParser(**_PARSER))
    except etree.XMLSyntaxError as error:
        raise Unreadable("damaged", place) from error
    if root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in content:
        raise Unreadable("entities", place)
    return root


def _kind(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _attributes(root: etree._Element, place: Place) -> Iterator[Piece]:
    for node in root.iter(etree.Element):
        for name, value in node.attrib.items():
            local = etree.QName(name).localname
            is_author = local in _AUTHOR_ATTRIBUTES
            role = "author" if is_author else "prose" if local in _WRITTEN_ATTRIBUTES else "code"
            role = "mark" if _kind(node) in _RANDOM_MARKS else role
            if value:
                yield Piece(place, value, role)


def _texts(root: etree._Element, place: Place) -> Iterator[Piece]:
    """Return texts element by element, then paragraph by paragraph and row by row with the tags inside taken out."""
    yield from _broken_numbers(root, place)
    for node in root.iter(etree.Element):
        kind = _kind(node)
        if kind in _AUTHORS and node.text:
            yield Piece(at(place, "property", kind), node.text, "author")
        elif kind in _PARAGRAPHS and len(node):
            yield Piece(place, _joined(node))
        elif kind in _ROWS:
            yield from row_pieces(place, [_joined(cell) for cell in node])
        if node.text and node.text.strip() and kind not in _AUTHORS:
            yield Piece(place, node.text)
        if node.tail and node.tail.strip():
            yield Piece(place, node.tail)


def _broken_numbers(root: etree._Element, place: Place) -> Iterator[Piece]:
    """Return each two texts one after the other that may be one number, such as two labels in a drawing."""
    texts = [node.text for node in root.iter(etree.Element) if node.text and node.text.strip()]
    for first, last in pairwise(texts):
        if is_one_number(first, last):
            yield Piece(place, f"{first} {last}", "joined")


def _joined(node: etree._Element) -> str:
    """Return the text of an element as a reader sees it: runs joined, breaks and tabs as spaces."""
    pieces = []
    for inner in node.iter(etree.Element):
        kind = _kind(inner)
        if kind == "noBreakHyphen":
            pieces.append("-")
        elif kind in ("tab", "br", "cr"):
            pieces.append(" ")
        pieces.append(inner.text or "")
        if inner is not node:
            pieces.append(inner.tail or "")
    return "".join(pieces)


def _shared_strings(content: bytes, place: Place) -> list[str]:
    return [_joined(one) for one in _tree(content, place) if _kind(one) == "si"] if content else []


def _sheet_names(parts: dict[str, bytes], place: Place) -> dict[str, str]:
    """Return the parts of a workbook that are sheets, each with the name on its tab."""
    if "xl/workbook.xml" not in parts or "xl/_rels/workbook.xml.rels" not in parts:
        return {}
    targets = {node.get("Id"): node.get("Target", "") for node in _tree(parts["xl/_rels/workbook.xml.rels"], place)}
    names = {}
    for node in _tree(parts["xl/workbook.xml"], place).iter(etree.Element):
        if _kind(node) == "sheet":
            link = next((value for key, value in node.attrib.items() if etree.QName(key).localname == "id"), "")
            target = targets.get(link, "").lstrip("/")
            names[target if target.startswith("xl/") else f"xl/{target}"] = node.get("name", "")
    return {part: name for part, name in names.items() if part in parts}


def _sheet_rows(root: etree._Element, place: Place, strings: list[str]) -> Iterator[Piece]:
    grid = []
    for row in (node for node in root.iter(etree.Element) if _kind(node) == "row"):
        where = at(place, "row", row.get("r", "?"))
        grid.append([_cell_text(cell, strings) for cell in row if _kind(cell) == "c"])
        yield from row_pieces(where, grid[-1])
        for formula in (node for node in row.iter(etree.Element) if _kind(node) == "f" and node.text):
            yield Piece(where, formula.text)
    yield from column_pieces(place, grid)
    for node in root.iter(etree.Element):
        if _kind(node) in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "formula1", "formula2") and node.text:
            yield Piece(at(place, "property", _kind(node)), _HEADER_CODE.sub(" ", node.text))


def _cell_text(cell: etree._Element, strings: list[str]) -> str:
    value = next((node.text or "" for node in cell if _kind(node) == "v"), "")
    if cell.get("t") == "s" and value.isdigit() and int(value) < len(strings):
        return strings[int(value)]
    if cell.get("t") == "inlineStr":
        return _joined(cell)
    if cell.get("t", "n") == "n" and _FRACTION.fullmatch(value):
        # The last decimals of a share may look like any number.
        return f"{float(value):.4f}"
    # A spreadsheet drops the first zero of a number.
    return f"0{value}" if _ZERO_LOST.fullmatch(value) else value
