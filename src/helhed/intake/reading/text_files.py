"""CSV files as UTF-8 text: which characters, where the headings are, whether the quotation marks are closed."""

import contextlib
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helhed.delimited_text import cells_up_to
from helhed.errors import Problem
from helhed.intake.reading.file_formats import csv_shape_problem
from helhed.intake.reading.spelling import plain

SEPARATOR = ";"
_OTHER_SEPARATORS = {",": ",", "\t": "TAB", "|": "|"}
_BOM = b"\xef\xbb\xbf"
_QUOTE = ord('"')
#: The 32 bytes from here on are signs of their own in cp1252 alone.
_FIRST_OF_CP1252, _N_OF_CP1252 = np.uint8(0x80), 32
_PART_BYTES = 200_000
#: Æ, ø, å and accented letters in UTF-8; as cp1252 they would be "Ã" and a sign, which no Danish text has.
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")
#: The headings are looked for in this many rows, within this many characters.
ROWS_ABOVE, _HEAD_CHARACTERS = 20, 1_000_000
#: A title fills no more cells than this, and less than half of what the rows below it fill.
_TITLE_CELLS = 2
#: Excel holds no more in a cell; a longer one is two files or many rows run together.
MOST_CHARACTERS = 32_767


@dataclass(frozen=True)
class Text:
    """A text file, with the encoding it was written in and what was done to it.

    ``raw`` is UTF-8, or where ``is_latin`` latin-1 as it stands in the file: columns are read as UTF-8 one by one, and
    only those that hold letters beyond English.
    """

    raw: bytes
    encoding: str
    taken: tuple[str, ...] = ()
    is_latin: bool = False

    @property
    def codec(self) -> str:
        """Return how ``raw`` is decoded."""
        return "latin-1" if self.is_latin else "utf-8"


@dataclass(frozen=True)
class Head:
    """The headings of a text file: their row, where the rows below begin and how many fields those have."""

    headings: list[str]
    row: int
    n_fields: int
    body_from: int
    taken: tuple[str, ...] = ()


def read_text(file: Path, encoding: str) -> tuple[Text | None, Problem | None]:
    """Return a file as UTF-8 text, or why it cannot be one.

    Parameters
    ----------
    file
        The file.
    encoding
        What the profile says (``utf-8-sig``, ``utf-8`` or ``cp1252``); a byte order mark of UTF-8 goes before it.
    """
    try:
        raw = file.read_bytes()
    except OSError:
        return None, Problem("intake.unreadable", file=file.name)
    if _is_blank(raw):
        return None, Problem("intake.empty_file", file=file.name)
    problem = csv_shape_problem(file, raw)
    if problem is None and b"\0" in raw:
        problem = Problem("intake.nul_bytes", file=file.name, row=_row_at(raw, raw.index(b"\0")))
    if problem is not None:
        return None, problem
    return _decoded(file.name, raw, encoding)


def _is_blank(raw: bytes) -> bool:
    """Return whether there is nothing but a byte order mark, blanks, separators and quotation marks."""
    return not any(_without_marks(part).strip(b' \t\r\n;,"') for part in (raw[:10_000], raw))


def _decoded(name: str, raw: bytes, encoding: str) -> tuple[Text | None, Problem | None]:
    has_mark = raw.startswith(_BOM)
    if encoding == "cp1252" and not has_mark:
        return _of_cp1252(name, raw)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        code = "mixed_encodings" if _UTF8_LETTER.search(raw) else "undecodable"
        details = {"encoding": encoding}
        return None, Problem(f"intake.{code}", file=name, row=_row_at(raw, error.start), details=details)
    utf8 = _without_marks(raw)
    taken = ("byte_order_mark",) if has_mark else ()
    return _composed(utf8, "utf-8-sig" if has_mark else "utf-8", taken), None


def _without_marks(raw: bytes) -> bytes:
    """Return the text without byte order marks at its start: who saves a file twice may add a second one."""
    start = 0
    while raw.startswith(_BOM, start):
        start += len(_BOM)
    return raw[start:] if start else raw


def _of_cp1252(name: str, raw: bytes) -> tuple[Text | None, Problem | None]:
    found = _UTF8_LETTER.search(raw) if b"\xc3" in raw else None
    details = {"encoding": "cp1252"}
    if found and _is_utf8(raw):
        return None, Problem("intake.is_utf8", file=name, details=details)
    if found:
        row = _row_at(raw, found.start())
        return None, Problem("intake.mixed_encodings", file=name, row=row, details=details)
    if not _has_own_signs(raw):
        return Text(raw, "cp1252", is_latin=True), None
    try:
        return Text(raw.decode("cp1252").encode("utf-8"), "cp1252"), None
    except UnicodeDecodeError as error:
        row = _row_at(raw, error.start)
        return None, Problem("intake.undecodable", file=name, row=row, details=details)


def _has_own_signs(raw: bytes) -> bool:
    """Return whether a byte means something else in cp1252 than in latin-1, as € and dashes do, or nothing at all."""
    signs = np.frombuffer(raw, dtype=np.uint8)
    parts = np.array_split(signs, 1 + len(signs) // _PART_BYTES)
    return any((part - _FIRST_OF_CP1252 < _N_OF_CP1252).any() for part in parts)


def _is_utf8(raw: bytes) -> bool:
    try:
        return bool(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _composed(utf8: bytes, encoding: str, taken: tuple[str, ...]) -> Text:
    """Return the text with letters in one piece: macOS writes å as an a and a ring (in UTF-8 marks begin CC or CD)."""
    if b"\xcc" in utf8 or b"\xcd" in utf8:
        written = utf8.decode("utf-8")
        if not unicodedata.is_normalized("NFC", written):
            return Text(unicodedata.normalize("NFC", written).encode("utf-8"), encoding, (*taken, "composed_letters"))
    return Text(utf8, encoding, taken)


def _row_at(raw: bytes, position: int) -> int:
    """Return the row of a byte as the user's program counts it: line breaks inside quotation marks are no new row."""
    before = re.sub(rb'"[^"]*"', b"", raw[:position])
    return (before.count(b"\n") or before.count(b"\r")) + 1


def find_head(name: str, text: Text, expected: Collection[str]) -> tuple[Head | None, Problem | None]:
    """Return the headings of a text file and where its rows begin, or what is wrong with them.

    Parameters
    ----------
    name
        The file's name.
    text
        The file.
    expected
        The headings that the export should have: rows above the one with most of them are left out. Without any, the
        headings are in row 1.
    """
    start = text.raw[: 4 * _HEAD_CHARACTERS].decode(text.codec, "ignore")[:_HEAD_CHARACTERS]
    records, ends = _records(start)
    at = header_position(records, expected)
    if at >= len(records):
        return None, Problem("intake.huge_cell", file=name, row=at + 1, details={"most": MOST_CHARACTERS})
    wrong = _wrong_separator(records[at], start, expected)
    if wrong:
        return None, Problem("intake.wrong_separator", file=name, row=at + 1, details={"separator": wrong})
    headings, following = records[at], next((r for r in records[at + 1 :] if r), records[at])
    n_fields, taken = _fields(headings, following)
    body_from = len(start[: ends[at]].encode(text.codec))
    taken = (*(("rows_above",) if at else ()), *taken)
    return Head(headings[:n_fields], at + 1, n_fields, body_from, taken), None


def _records(start: str) -> tuple[list[list[str]], list[int]]:
    """Return the first records and where each of them ends; a cell that no program can hold ends the list."""
    lines = io.StringIO(start, newline="")
    reader = csv.reader(lines, delimiter=SEPARATOR)
    records, ends = [], []
    with cells_up_to(MOST_CHARACTERS), contextlib.suppress(csv.Error):
        for record in itertools.islice(reader, ROWS_ABOVE + 1):
            records.append(record)
            ends.append(lines.tell())
    return records, ends


def header_position(records: list[list[str]], expected: Collection[str]) -> int:
    """Return the position of the headings: of the records with most of the expected headings, the first.

    Where too few are there to tell, the first record that is neither blank nor a title over wider ones has the headings
    (Excel's note ``sep=;`` is a title too).
    """
    hits = _hits(records, expected)
    if has_headings(records, expected):
        return hits.index(max(hits))
    first = next((i for i, record in enumerate(records) if _n_filled(record)), 0)
    near = {i: _n_filled(record) for i, record in enumerate(records[first : first + ROWS_ABOVE], start=first)}
    widest = max(near.values(), default=0)
    return next((i for i, n in near.items() if n and not _is_title(records[i], n, widest)), first)


def has_headings(records: list[list], expected: Collection[str]) -> bool:
    """Return whether one of the first records holds enough of the expected headings to be the row of them."""
    return max(_hits(records, expected), default=0) >= min(2, max(1, len(set(map(plain, expected)))))


def _hits(records: list[list], expected: Collection[str]) -> list[int]:
    """Return how many of the expected headings each of the first records holds."""
    wanted = {plain(heading) for heading in expected}
    return [len(wanted & {plain(str(cell)) for cell in record}) for record in records[:ROWS_ABOVE]]


def _n_filled(record: list) -> int:
    return sum(bool(str(cell).strip()) for cell in record)


def _is_title(record: list, n_filled: int, widest: int) -> bool:
    is_hint = str(record[0]).casefold().startswith("sep=")
    return widest > n_filled and (is_hint or (n_filled <= _TITLE_CELLS and 2 * n_filled < widest))


def _wrong_separator(headings: list[str], start: str, expected: Collection[str]) -> str:
    """Return the separator that the file uses instead of the semicolon; empty when it uses the semicolon."""
    wanted = {plain(heading) for heading in expected}
    if len(headings) > 1 and (not wanted or wanted & {plain(heading) for heading in headings}):
        return ""
    for sign, name in _OTHER_SEPARATORS.items():
        found = [part for line in start.splitlines()[:ROWS_ABOVE] for part in line.replace('"', "").split(sign)]
        if len(wanted & {plain(part) for part in found}) > 1 or (len(headings) == 1 and sign in headings[0]):
            return name
    return ""


def _fields(headings: list[str], following: list[str]) -> tuple[int, tuple[str, ...]]:
    """Return how many fields a row has; empty ones at the end of either the headings or the rows do not matter."""
    n, m = len(headings), len(following)
    shorter, longer = sorted([headings, following], key=len)
    rest = longer[len(shorter) :]
    is_harmless = n != m and not any(cell.strip() for cell in rest)
    has_empty_end = (n == m and n > 1 and not headings[-1].strip()) or is_harmless
    return (m if is_harmless else n), (("separators_at_end",) if has_empty_end else ())


def open_quote_row(text: Text) -> int | None:
    """Return the row in which a quotation mark is out of place, None when all are in pairs around whole fields.

    A mark inside a field without marks, as in 5" pipe, is a character like any other.
    """
    if b'"' not in text.raw:
        return None
    signs = np.frombuffer(text.raw, dtype=np.uint8)
    if _are_paired(signs, np.flatnonzero(signs == _QUOTE)):
        return None
    reader = csv.reader(io.StringIO(text.raw.decode(text.codec), newline=""), delimiter=SEPARATOR, strict=True)
    n_whole = 0
    try:
        with cells_up_to(len(text.raw)):
            for _ in reader:
                n_whole += 1
    except csv.Error:
        return n_whole + 1
    return None


def _are_paired(signs: np.ndarray, at: np.ndarray) -> bool:
    """Return whether every odd mark begins and every even mark ends a field (or is half of a doubled mark)."""
    if len(at) % 2:
        return False
    edges = np.frombuffer(b';\r\n"', dtype=np.uint8)
    first, last = at[::2], at[1::2]
    begins = np.isin(signs[np.maximum(first - 1, 0)], edges) | (first == 0)
    ends = np.isin(signs[np.minimum(last + 1, len(signs) - 1)], edges) | (last == len(signs) - 1)
    return bool(begins.all() and ends.all())
