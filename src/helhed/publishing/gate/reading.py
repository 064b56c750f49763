"""Chooses the reader of a file about to leave: by what the file is, not only by what it is called."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from helhed.publishing.gate.office import MOST_BYTES, Reader, members, office_pieces, xml_pieces
from helhed.publishing.gate.pdf import pdf_pieces
from helhed.publishing.gate.pictures import byte_pieces, picture_pieces
from helhed.publishing.gate.pieces import Piece, Place, Unreadable, at
from helhed.publishing.gate.web import csv_pieces, html_pieces, json_pieces, script_pieces, svg_pieces, text_pieces

_OFFICE = {"docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "potx"}
_PICTURES = {"png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp", "ico"}
_TEXTS = (
    "txt",
    "md",
    "rst",
    "ics",
    "vcf",
    "yml",
    "yaml",
    "toml",
    "py",
    "po",
    "pot",
    "bib",
    "cfg",
    "ini",
    "log",
    "tex",
    "",
)
_BYTES = ("woff", "woff2", "ttf", "otf", "eot", "mo", "wasm", "bin", "pyc", "whl")
_DEEPEST = 5
#: How pictures begin, whatever they are called.
_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def pieces_of(name: str, content: bytes, place: Place = (), depth: int = 0) -> Iterator[Piece]:
    """Return every text in a file, also in files inside it, each with its place.

    Parameters
    ----------
    name
        The file's name with its ending; the name itself is a text too, but that is the caller's to look at.
    content
        The file.
    place, depth
        Where the file lies when it is part of another, and how deep.

    Raises
    ------
    Unreadable
        If nobody can vouch for the file: damaged, locked, of an unknown kind, larger or deeper than a document.
    """
    if depth > _DEEPEST:
        raise Unreadable("too_deep", place)
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if content.startswith(b"PK\x03\x04") or ending in _OFFICE | {"zip"}:
        yield from _archive(content, ending, place, depth)
    elif content.startswith(b"%PDF") or ending == "pdf":
        yield from pdf_pieces(content, place, depth, pieces_of)
    elif ending in _PICTURES or content.startswith(_PICTURE_STARTS):
        yield from picture_pieces(content, place)
    else:
        yield from _written(ending, content, place, depth)


def _archive(content: bytes, ending: str, place: Place, depth: int) -> Iterator[Piece]:
    if ending in _OFFICE:
        yield from office_pieces(content, place, depth, pieces_of)
        return
    for name, inner in members(content, place):
        where = at(place, "part", name)
        yield Piece(where, name)
        yield from pieces_of(name, inner, where, depth + 1)


def _written(ending: str, content: bytes, place: Place, depth: int) -> Iterator[Piece]:
    with_files = next((read for endings, read in _HOLDING_FILES.items() if ending in endings), None)
    alone = next((read for endings, read in _ALONE.items() if ending in endings), None)
    if with_files:
        yield from with_files(content, place, depth, pieces_of)
    elif alone:
        yield from alone(content, place)
    else:
        raise Unreadable("unknown_kind", place)


def _inventory(content: bytes, place: Place) -> Iterator[Piece]:
    """Return the names and titles in a guide's list of what others may link to: four lines, then compressed ones."""
    head, packed = content.split(b"\n", 4)[:4], content.split(b"\n", 4)[4:]
    try:
        lines = zlib.decompressobj().decompress(b"".join(packed), MOST_BYTES)
    except zlib.error as error:
        raise Unreadable("damaged", place) from error
    yield from text_pieces(b"\n".join([*head, lines]), place)


def _json_lines(content: bytes, place: Place, depth: int, read: Reader) -> Iterator[Piece]:
    for number, line in enumerate(content.splitlines(), start=1):
        yield from json_pieces(line, at(place, "line", number), depth, read)


#: Endings to the reader of files that may hold further files, and of files that hold none.
_HOLDING_FILES: dict[tuple[str, ...], Callable[[bytes, Place, int, Reader], Iterator[Piece]]] = {
    ("html", "htm", "xhtml"): html_pieces,
    ("ipynb", "json", "map", "geojson", "webmanifest"): json_pieces,
    ("jsonl",): _json_lines,
    ("svg",): svg_pieces,
}
_ALONE: dict[tuple[str, ...], Callable[[bytes, Place], Iterator[Piece]]] = {
    ("js", "mjs", "css"): script_pieces,
    ("csv", "tsv"): csv_pieces,
    ("xml", "rels", "vml", "xsd", "drawio"): xml_pieces,
    _TEXTS: text_pieces,
    ("inv",): _inventory,
    _BYTES: byte_pieces,
}


def files_under(folder: Path) -> list[str]:
    """Return the files in a folder and its folders, in order, as paths inside it; links are followed nowhere."""
    files = (file for file in Path(folder).rglob("*") if file.is_file() and not file.is_symlink())
    return sorted(file.relative_to(folder).as_posix() for file in files)
