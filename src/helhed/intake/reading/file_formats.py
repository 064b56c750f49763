"""Recognises what a file really is, whatever its name says: many systems write other formats under a familiar ending.

Only the first bytes and the list of contents of a zip file are looked at; nothing is unpacked here.
"""

import zipfile
from dataclasses import replace
from pathlib import Path

from helhed.errors import Problem

UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_OLE = b"\xd0\xcf\x11\xe0"
#: First bytes to what the file is; a text file has none of them.
_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    _OLE: "ole",
    b"%PDF": "pdf",
    b"{\\rtf": "rtf",
    b"\x1f\x8b": "compressed",
    b"7z\xbc\xaf": "compressed",
    b"Rar!": "compressed",
    b"PAR1": "unknown",
    b"\x89PNG": "unknown",
    b"\xff\xd8\xff": "unknown",
}
_MARKUP = {b"<!doctype html": "html", b"<html": "html", b"<table": "html", b"<?xml": "xml"}
#: A name in the zip file to what its owner is called.
_PARTS = {
    "xl/vbaProject.bin": "macro_workbook",
    "xl/workbook.bin": "binary_workbook",
    "xl/workbook.xml": "workbook",
    "word/document.xml": "word",
    "mimetype": "open_document",
}
#: Endings that an export may have come with, each with the message that says what to do.
OTHER_ENDINGS = {
    ".xls": "old_workbook",
    ".xlsm": "macro_workbook",
    ".xlsb": "binary_workbook",
    ".ods": "open_document",
    ".txt": "text_ending",
    ".tsv": "text_ending",
    ".pdf": "pdf",
    ".htm": "html",
    ".html": "html",
    ".xml": "xml",
    ".zip": "compressed",
    ".7z": "compressed",
    ".gz": "compressed",
    ".docx": "word",
}
#: A workbook that unpacks to more than this is refused: no municipal export is that large.
MAX_UNPACKED_BYTES = 2_000_000_000
#: Real workbooks shrink to a tenth or a thirtieth; only a file made to fill the memory shrinks this much.
MAX_RATIO, _RATIO_FROM_BYTES = 200, 20_000_000
_MAX_PARTS = 10_000


def shape_of(head: bytes) -> str:
    """Return what a file is from its first bytes: a format by name, "utf16", or "text" when nothing else shows.

    Examples
    --------
    >>> shape_of(b"%PDF-1.7"), shape_of(b"  <HTML><body>"), shape_of(b"CPR;Navn")
    ('pdf', 'html', 'text')
    """
    for signature, shape in _SIGNATURES.items():
        if head.startswith(signature):
            return shape
    if head.startswith(UTF16_BOMS) or _is_bare_utf16(head):
        return "utf16"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    return next((shape for mark, shape in _MARKUP.items() if start.startswith(mark)), "text")


def _is_bare_utf16(head: bytes) -> bool:
    """Return whether every second byte of the beginning is zero, as in UTF-16 text without a mark."""
    start = head[:200]
    return len(start) >= 4 and max(start[::2].count(0), start[1::2].count(0)) > len(start) // 4


def csv_shape_problem(file: Path, raw: bytes) -> Problem | None:
    """Return why a file named .csv is no text file, with the cure; None when it looks like one."""
    shape = shape_of(raw[:1000])
    if shape == "text":
        return None
    if shape == "zip":
        shape = _zip_kind(file)
    elif shape == "ole":
        shape = _ole_kind(raw)
    return Problem(f"intake.is_{shape}", file=file.name)


def workbook_problem(file: Path) -> Problem | None:
    """Return why a file named .xlsx cannot be read as a workbook, with the cure; None when it can."""
    try:
        with file.open("rb") as opened:
            head = opened.read(1000)
    except OSError:
        return Problem("intake.unreadable", file=file.name)
    if not head.strip():
        return Problem("intake.empty_file", file=file.name)
    shape = shape_of(head)
    if shape == "zip":
        return _zip_problem(file)
    if shape == "ole":
        shape = _ole_kind(file.read_bytes())
    if b"\0" in head and shape == "text":
        return Problem("intake.broken_workbook", file=file.name)
    return Problem(f"intake.is_{shape}", file=file.name)


def form_problem(file: Path) -> Problem | None:
    """Return why a workbook that people fill in cannot be read (see `workbook_problem`): its cures are others."""
    problem = workbook_problem(file)
    return replace(problem, details={**problem.details, "is_form": True}) if problem else None


def _zip_problem(file: Path) -> Problem | None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Problem("intake.broken_workbook", file=file.name)
    size, packed = sum(part.file_size for part in parts), max(1, file.stat().st_size)
    is_bomb = size > _RATIO_FROM_BYTES and size / packed > MAX_RATIO
    if is_bomb or size > MAX_UNPACKED_BYTES or len(parts) > _MAX_PARTS:
        details = {"packed": _megabytes(packed), "unpacked": _megabytes(size)}
        return Problem("intake.zip_bomb", file=file.name, details=details)
    if any(part.flag_bits & 1 for part in parts):
        return Problem("intake.is_protected", file=file.name)
    kind = _kind_of_parts([part.filename for part in parts])
    return None if kind == "workbook" else Problem(f"intake.is_{kind}", file=file.name)


def _megabytes(n_bytes: int) -> str:
    return f"{max(1, round(n_bytes / 1_000_000))} MB"


def _zip_kind(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            return _kind_of_parts(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "compressed"


def _kind_of_parts(names: list[str]) -> str:
    return next((kind for part, kind in _PARTS.items() if part in names), "compressed")


def _ole_kind(raw: bytes) -> str:
    """Return whether an old container holds an encrypted workbook or an old one."""
    return "protected" if "EncryptedPackage".encode("utf-16-le") in raw else "old_workbook"
