"""Reads what lies beside the picture in a picture file. Drawn letters are not read."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

from PIL import ExifTags, Image, UnidentifiedImageError

from helhed.delimited_text import decoded
from helhed.publishing.gate.pieces import Piece, Place, Unreadable, at

AUTHORS = {"author", "artist", "creator", "copyright", "xpauthor", "/author", "/creator", "/producer"}
_WORDS = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
_WIDE_WORDS = {
    "utf-16-le": re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){6,}"),
    "utf-16-be": re.compile(rb"(?:\x00[\x20-\x7e\xa0-\xff]){6,}"),
}
#: How a camera says that its remark has two bytes a sign.
_WIDE = b"UNICODE\x00"
#: How a picture begins and how it ends.
_ENDS = {b"\xff\xd8": b"\xff\xd9", b"GIF8": b"\x00;"}
_END_OF_PNG = b"IEND\xaeB`\x82"


def picture_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the texts in a picture file: title, author, camera data, comments, anything behind its end."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            told = dict(picture.info)
            data = picture.getexif()
            within = [data, *(data.get_ifd(part) for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo))]
            tags = {ExifTags.TAGS.get(tag, str(tag)): value for part in within for tag, value in part.items()}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged", place) from error
    for name, value in {**told, **tags}.items():
        role = "author" if str(name).lower() in AUTHORS else "prose"
        yield Piece(at(place, "property", name), str(name))
        yield Piece(at(place, "property", name), _as_text(value), role)
    if content.startswith(b"\x89PNG"):
        yield from byte_pieces(content.partition(_END_OF_PNG)[2], at(place, "property", "IEND"))
        yield from _png_words(content, place)
    else:
        # What is packed may look like anything: in the whole of the file only what is known counts.
        yield from (replace(piece, role="joined") for piece in byte_pieces(content, place))
        yield from byte_pieces(_behind(content), at(place, "property", "EOI"))


def _behind(content: bytes) -> bytes:
    """Return what follows the end of a JPEG or GIF picture."""
    end = next((end for start, end in _ENDS.items() if content.startswith(start)), None)
    return content.rpartition(end)[2] if end else b""


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
    if isinstance(value, bytes) and value.startswith(_WIDE):
        return value[len(_WIDE) :].decode("utf-16-le", errors="replace")
    if isinstance(value, bytes):
        return " ".join(decoded(word) for word in _WORDS.findall(value.replace(b"\x00", b"")))
    if isinstance(value, tuple) and all(isinstance(part, float) for part in value):
        # The library works a resolution out from whole numbers: 150.01239999999998 is a rounding, not what was written.
        return " ".join(f"{part:.10g}" for part in value)
    try:
        # Camera data are read as western text, whatever they were written in.
        return str(value).encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return str(value)


def byte_pieces(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the runs of printable signs in a file of unknown inside, with one byte a sign and with two."""
    for word in _WORDS.findall(content):
        yield Piece(place, decoded(word), "code")
        if not word.isascii():
            # A stray byte beside a word makes the whole of it no UTF-8.
            yield Piece(place, word.decode("utf-8", errors="replace"), "code")
    for order, words in _WIDE_WORDS.items():
        for word in words.findall(content):
            yield Piece(place, word.decode(order), "code")
