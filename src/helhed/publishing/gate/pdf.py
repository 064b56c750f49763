"""Reads PDF files: what a reader sees, what lies beside it, and every text anywhere in the file, also from before."""

import contextlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pypdf
from pypdf.errors import PyPdfError

from helhed.delimited_text import decoded
from helhed.publishing.gate.office import MOST_BYTES, Reader
from helhed.publishing.gate.pictures import AUTHORS, byte_pieces
from helhed.publishing.gate.pieces import Piece, Place, Unreadable, at, line_pieces

#: A part of the file, mostly compressed: pages, fonts, pictures, and lists of objects with their texts.
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
#: What is said of a part stands before it; pictures and fonts are drawn, not read.
_LONGEST_HEAD = 1000
_DRAWN = (b"/Image", b"/Length1", b"/Type1C", b"/CIDFontType0C", b"/OpenType")
#: A text, by the name before it if there is one: between brackets, or in pairs of hexadecimal digits.
_TEXT = re.compile(
    rb"(?:/([A-Za-z]{1,40}+)\s*+)?"
    rb"(\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)|<[0-9A-Fa-f][0-9A-Fa-f\s]{10,}+>)",
    re.DOTALL,
)
_HEXADECIMAL = re.compile(rb"<[0-9A-Fa-f\s]+>")
_SIGN = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b" ", b"f": b" ", b"\n": b""}
#: Names of texts that a program makes: times and fingerprints.
_MADE_BY_PROGRAMS = {b"CreationDate", b"ModDate", b"M", b"ID", b"CheckSum", b"DA"}


def pdf_pieces(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return the text of a PDF page by page, its properties, contents list, notes, form fields and attachments."""
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        if document.is_encrypted:
            raise Unreadable("locked", place)
        yield from _properties(document, place)
        for number, page in enumerate(document.pages, start=1):
            where = at(place, "page", number)
            yield from line_pieces(where, (page.extract_text() or "").splitlines())
            yield from _notes(page, where)
        for name, files in document.attachments.items():
            yield Piece(at(place, "part", name), name)
            for file in files:
                yield from read(name, file, at(place, "part", name), depth + 1)
        yield from _every_string(content, place, depth, read)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Unreadable("damaged", place) from error


def _properties(document: pypdf.PdfReader, place: Place) -> Iterator[Piece]:
    for name, value in (document.metadata or {}).items():
        is_date = str(name).endswith("Date")
        role = "author" if str(name).lower() in AUTHORS else "code" if is_date else "prose"
        yield Piece(at(place, "property", name), str(value), role)
    if (packet := document.root_object.get("/Metadata")) is not None:
        body = packet.get_object().get_data().decode("utf-8", errors="replace")
        yield from line_pieces(at(place, "property", "XMP"), re.sub(r"<[^>]*>", "\n", body).splitlines())
    for name, field in (document.get_fields() or {}).items():
        yield Piece(at(place, "property", name), f"{name}")
        yield Piece(at(place, "property", name), str(field.get("/V", "")))
    yield from _headings(document.outline, place)


def _headings(outline: list, place: Place) -> Iterator[Piece]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _headings(entry, place)
        else:
            yield Piece(at(place, "property", "outline"), str(entry.title or ""))


def _notes(page: pypdf.PageObject, place: Place) -> Iterator[Piece]:
    for note in page.get("/Annots") or ():
        inside = note.get_object()
        for name in ("/Contents", "/T", "/TU", "/V", "/Alt"):
            if inside.get(name):
                yield Piece(at(place, "comment", name), str(inside[name]), "author" if name == "/T" else "prose")
        link = inside.get("/A")
        if link is not None and "/URI" in link.get_object():
            yield Piece(at(place, "comment", "/URI"), str(link.get_object()["/URI"]), "code")


def _every_string(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return the texts in every part of the file as it lies on the disk.

    That is also what no program shows: descriptions of pictures, scripts, layers, parts that nothing refers to, and
    what was replaced by a later saving. Of pictures and fonts, which may look like anything, only what is known counts.
    """
    yield from _strings(_STREAM.sub(b" ", content), place)
    left = MOST_BYTES
    for found in _STREAM.finditer(content):
        head = content[max(0, found.start() - _LONGEST_HEAD) : found.start()].rpartition(b" obj")[2]
        inside = _unpacked(found[1], left)
        left -= len(inside)
        if left <= 0:
            raise Unreadable("too_large", place)
        if b"DCTDecode" in head:
            with contextlib.suppress(Unreadable):
                yield from read("x.jpg", inside, place, depth + 1)
        elif any(kind in head for kind in _DRAWN):
            yield from (replace(piece, role="joined") for piece in byte_pieces(inside, place))
        else:
            yield from _strings(inside, place)


def _unpacked(stream: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, most)
    except zlib.error:
        return stream


def _strings(part: bytes, place: Place) -> Iterator[Piece]:
    # Letters of a page are often written as numbers of their drawings.
    yield from byte_pieces(_HEXADECIMAL.sub(b" ", part), place)
    for name, written in _TEXT.findall(part):
        where = at(place, "property", name.decode()) if name else place
        yield Piece(where, _as_text(written), "prose" if name and name not in _MADE_BY_PROGRAMS else "code")


def _as_text(written: bytes) -> str:
    if written.startswith(b"<"):
        digits = re.sub(rb"\s", b"", written[1:-1])
        plain = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        plain = _SIGN.sub(_sign, written[1:-1])
    return decoded(plain)


def _sign(found: re.Match) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if code[:1] in b"01234567" else _SIGNS.get(code, code)
