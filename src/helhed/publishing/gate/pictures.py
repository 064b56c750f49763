"""Reads what lies beside the picture in a picture file, and the text of PDF files. Drawn letters are not read."""

import io
import re
from collections.abc import Iterator

import pypdf
from PIL import ExifTags, Image, UnidentifiedImageError
from pypdf.errors import PyPdfError

from helhed.delimited_text import decoded
from helhed.publishing.gate.office import Reader
from helhed.publishing.gate.pieces import Piece, Place, Unreadable, at, line_pieces

_AUTHORS = {"author", "artist", "creator", "copyright", "xpauthor", "/author", "/creator", "/producer"}
_WORDS = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
_WIDE_WORDS = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_END_OF_PNG = b"IEND\xaeB`\x82"


def picture_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the texts in a picture file: title, author, camera data, comments, anything behind its end."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            told = dict(picture.info)
            tags = {ExifTags.TAGS.get(tag, str(tag)): value for tag, value in picture.getexif().items()}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged", place) from error
    for name, value in {**told, **tags}.items():
        role = "author" if str(name).lower() in _AUTHORS else "prose"
        yield Piece(at(place, "property", name), str(name))
        yield Piece(at(place, "property", name), _as_text(value), role)
    if content.startswith(b"\x89PNG"):
        yield from byte_pieces(content.partition(_END_OF_PNG)[2], at(place, "property", "IEND"))
        yield from _png_words(content, place)


def _png_words(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the words of chunks that are neither picture nor among those that the library reads."""
    offset = 8
    while offset + 8 <= len(content):
        length, kind = int.from_bytes(content[offset : offset + 4], "big"), content[offset + 4 : offset + 8]
        if kind not in (b"IDAT", b"IHDR", b"IEND", b"PLTE", b"tRNS", b"pHYs", b"gAMA", b"cHRM", b"sRGB"):
            body = content[offset + 8 : offset + 8 + length]
            yield from byte_pieces(body, at(place, "property", kind.decode("latin-1")))
        offset += length + 12


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return " ".join(decoded(word) for word in _WORDS.findall(value.replace(b"\x00", b"")))
    try:
        # Camera data are read as western text, whatever they were written in.
        return str(value).encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return str(value)


def byte_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the runs of printable signs in a file of unknown inside, with one byte a sign and with two."""
    for word in _WORDS.findall(content):
        yield Piece(place, decoded(word), "code")
    for word in _WIDE_WORDS.findall(content):
        yield Piece(place, word.decode("utf-16-le"), "code")


def pdf_pieces(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    """Return the text of a PDF page by page, its properties, contents list, notes, form fields and attachments."""
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        if document.is_encrypted:
            raise Unreadable("locked", place)
        yield from _pdf_properties(document, place)
        for number, page in enumerate(document.pages, start=1):
            where = at(place, "page", number)
            yield from line_pieces(where, (page.extract_text() or "").splitlines())
            yield from _notes(page, where)
        for name, files in document.attachments.items():
            yield Piece(at(place, "part", name), name)
            for file in files:
                yield from read(name, file, at(place, "part", name), depth + 1)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Unreadable("damaged", place) from error


def _pdf_properties(document: pypdf.PdfReader, place: Place) -> Iterator[Piece]:
    for name, value in (document.metadata or {}).items():
        is_date = str(name).endswith("Date")
        role = "author" if str(name).lower() in _AUTHORS else "code" if is_date else "prose"
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
