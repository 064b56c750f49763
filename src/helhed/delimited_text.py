"""Text files whose cells lie between separators, whatever a spreadsheet saved; the standard library alone."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8 or UTF-16 as marked, else cp1252; no byte is left out.

    The five bytes that mean nothing in cp1252 become the sign U+FFFD.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@contextmanager
def cells_up_to(most_characters: int) -> Iterator[None]:
    """Let `csv` take cells of so many characters, whatever limit another library has set for the whole process.

    A longer cell is a ``csv.Error``. The limit is put back afterwards.
    """
    before = csv.field_size_limit(most_characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def rows_of(text: str, delimiter: str, most_characters: int) -> list[list[str]]:
    """Return the cells of each row.

    Raises
    ------
    csv.Error
        If a cell is longer than ``most_characters``.
    """
    with cells_up_to(most_characters):
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
