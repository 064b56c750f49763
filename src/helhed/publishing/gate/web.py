"""Reads what the web is made of: pages, scripts, styles, JSON, notebooks, CSV, calendars and plain text."""

import base64
import binascii
import csv
import json
import re
import urllib.parse
from collections.abc import Iterator

import lxml.html
from lxml import etree

from helhed.delimited_text import decoded, rows_of
from helhed.publishing.gate.office import Reader, unshown_pieces, xml_pieces
from helhed.publishing.gate.pieces import Piece, Place, Unreadable, at, column_pieces, line_pieces, row_pieces, seam

#: Elements that stand on their own; all others, known or not, stand within a line.
_BLOCKS = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "desc",
        "details",
    ),
    *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "foreignobject", "form", "head"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "iframe", "input", "legend", "li", "link", "main"),
    *("menu", "meta", "nav", "noscript", "object", "ol", "optgroup", "option", "p", "pre", "script", "section"),
    *("select", "style", "summary", "svg", "table", "tbody", "td", "template", "text", "textarea", "tfoot", "th"),
    *("thead", "title", "tr", "ul", "video"),
}
#: Where a script puts two texts together.
_PUT_TOGETHER = re.compile(r"([\"'`])\s*\+\s*([\"'`])")
_DATA_ADDRESS = re.compile(r"data:([\w.+/-]*)((?:;[\w=.+-]+)*),([^\"')\s]+)")
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
}
_DELIMITERS = ";,\t|"
_LONGEST_CELL = 10_000_000
#: Values of these attributes are addresses, sizes, names of classes: digits in them are usually no number of a person.
_CODE_ATTRIBUTES = {"class", "id", "d", "style", "points", "transform", "viewbox", "integrity", "for", "href", "src"}


def html_pieces(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return everything written in a web page: visible text, attributes, comments, scripts, pictures inside it."""
    text = decoded(content)
    if not text.strip():
        return
    try:
        root = lxml.html.document_fromstring(text.replace("\x00", " "), parser=lxml.html.HTMLParser(huge_tree=True))
    except (etree.ParserError, ValueError) as error:
        raise Unreadable("damaged", place) from error
    yield from unshown_pieces(text, at(place, "comment", ""))
    for node in root.iter(etree.Element):
        yield from _html_attributes(node, place, depth, read)
        if node.tag in ("script", "style"):
            yield from script_pieces((node.text or "").encode(), at(place, "script", node.tag))
    yield from _html_texts(root, place)


def _html_attributes(node: etree._Element, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    is_author = node.tag == "meta" and "author" in (node.get("name") or node.get("property") or "").lower()
    for name, value in node.attrib.items():
        role = "author" if is_author and name == "content" else "code" if name.lower() in _CODE_ATTRIBUTES else "prose"
        if value.startswith("data:"):
            yield from _data_address(value, place, depth, read)
        elif value:
            yield Piece(at(place, "attribute", name), value, role)


def _html_texts(root: etree._Element, place: Place) -> Iterator[Piece]:
    """Return text block by block: tags that stand within a line do not divide it; table rows also as a whole."""
    block, line, before = [], 1, ""
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        is_shown = isinstance(node.tag, str) and node.tag not in ("script", "style")
        if is_shown and node.tag in _BLOCKS:
            yield from _block(block, before, at(place, "line", line))
            before = "".join(block).strip() or before
            block, line = [], node.sourceline or line
        if event == "start":
            block.append((node.text or "") if is_shown else "")
            continue
        if event == "end" and node.tag == "tr":
            cells = [" ".join(cell.text_content().split()) for cell in node if isinstance(cell.tag, str)]
            yield from row_pieces(at(place, "line", node.sourceline or line), cells)
        block.append(node.tail or "")
    yield from _block(block, before, at(place, "line", line))


def _block(block: list[str], before: str, place: Place) -> Iterator[Piece]:
    said = "".join(block)
    if said.strip():
        yield Piece(place, said)
        yield from seam(place, before, said)


def script_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the lines of a script or style as written, and with the texts that it puts together."""
    text = decoded(content)
    yield from line_pieces(place, text.splitlines(), "code")
    if (together := _PUT_TOGETHER.sub("", text)) != text:
        yield from line_pieces(place, together.splitlines(), "code")
    if text.startswith("Search.setIndex("):
        yield from json_pieces(text[len("Search.setIndex(") : -1].encode(), place, 0, None)


def json_pieces(content: bytes, place: Place, depth: int, read: Reader | None) -> Iterator[Piece]:
    """Return every name and value of a JSON file; in a notebook also what its pictures and tables hold.

    Raises
    ------
    Unreadable
        If it is no JSON.
    """
    try:
        tree = json.loads(decoded(content), object_pairs_hook=_every_pair)
    except (ValueError, RecursionError) as error:
        raise Unreadable("damaged", place) from error
    yield from _json_walk(tree, place, depth, read)


def _every_pair(pairs: list[tuple[str, object]]) -> dict:
    """Return the pairs by name; a name that comes again, which most programs forget, gets a number."""
    found: dict = {}
    for name, value in pairs:
        found[name if name not in found else f"{name} ({len(found)})"] = value
    return found


def _json_walk(node: object, place: Place, depth: int, read: Reader | None) -> Iterator[Piece]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield Piece(place, str(key), "code")
            where = at(place, "key", key) if len(place) < 12 else place
            yield from _json_value(key, value, where, depth, read)
    elif isinstance(node, list):
        if node and all(isinstance(one, str) for one in node):
            # Lines of a notebook's cell belong together; other lists are the cells of a row.
            are_lines = any(one.endswith("\n") for one in node)
            yield from [Piece(place, "".join(node))] if are_lines else row_pieces(place, node)
            return
        scalars = [_scalar(one) for one in node if not isinstance(one, dict | list)]
        yield from row_pieces(place, scalars) if len(scalars) == len(node) <= 200 else ()
        for number, one in enumerate(node, start=1):
            yield from _json_walk(one, at(place, "item", number), depth, read)
    else:
        yield Piece(place, _scalar(node), "prose" if isinstance(node, str) else "code")


def _json_value(key: str, value: object, place: Place, depth: int, read: Reader | None) -> Iterator[Piece]:
    written = "".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
    if read and key in _ENDINGS and isinstance(written, str) and key != "image/svg+xml":
        yield from _decoded_file(written, _ENDINGS[key], place, depth, read)
    elif read and key in ("text/html", "image/svg+xml") and isinstance(written, str):
        yield from read("x.html" if key == "text/html" else "x.svg", written.encode(), place, depth + 1)
    elif key.lower() in ("author", "authors", "creator", "username", "user") and isinstance(written, str):
        yield Piece(place, written, "author")
    else:
        yield from _json_walk(value, place, depth, read)


def _scalar(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else str(value)


def _data_address(value: str, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return what a ``data:`` address holds: it is a file within the file."""
    for kind, options, body in _DATA_ADDRESS.findall(value):
        body = urllib.parse.unquote(body)
        if "base64" in options:
            yield from _decoded_file(body, _ENDINGS.get(kind, "txt"), place, depth, read)
        else:
            yield from read(f"x.{_ENDINGS.get(kind, 'txt')}", body.encode(), place, depth + 1)


def _decoded_file(body: str, ending: str, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    try:
        content = base64.b64decode(body, validate=False)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("damaged", place) from error
    yield from read(f"x.{ending}", content, place, depth + 1)


def csv_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return every cell of a CSV file and every row as a whole."""
    text = decoded(content).replace("\x00", " ")
    head = text[:10_000]
    delimiter = max(_DELIMITERS, key=head.count)
    yield from (piece for piece in line_pieces(place, text.splitlines()) if piece.role == "prose")
    try:
        rows = rows_of(text, delimiter, _LONGEST_CELL)
    except csv.Error as error:
        raise Unreadable("damaged", place) from error
    rows = [[cell.strip() for cell in row] for row in rows]
    for number, row in enumerate(rows, start=1):
        yield from row_pieces(at(place, "row", number), row)
    yield from column_pieces(place, rows)


def text_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the lines of a text file; folded lines of a calendar are put together."""
    text = decoded(content)
    unfolded = re.sub(r"\r?\n[ \t]", "", text) if text.startswith("BEGIN:VCALENDAR") else text
    yield from line_pieces(place, text.splitlines())
    if unfolded != text:
        yield from line_pieces(place, unfolded.splitlines())


def svg_pieces(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return everything written in a drawing, also in its description and in pictures inside it."""
    for piece in xml_pieces(content, place):
        if piece.written.startswith("data:"):
            yield from _data_address(piece.written, place, depth, read)
        else:
            yield piece
