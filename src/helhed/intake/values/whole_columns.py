"""Whole columns of text at once: what Arrow can settle is settled there, and no cell is looked at twice.

A column of an export holds a million cells but often few different ones. Python sees each different cell once, and of
numbers and texts only those that are not written in the usual way.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helhed.cpr import STRANGE, shows_cpr
from helhed.intake.reading.text_columns import cells_of, signs_of

#: Nine digits with little between them, or a sign that may stand for one: whatever `shows_cpr` finds a number in looks
#: so (Arrow knows no look-behind).
_MAY_SHOW_CPR = r"(?:[0-9][^0-9]{0,5}){8}[0-9]|" + STRANGE
_FEWEST_DIGITS = 9
#: Spaces that do not break or are of another width: they look like the plain one.
HARD_SPACE = "[\u00a0\u2007\u2009\u202f]"
#: At most eight digits, with or without decimals; points between thousands and longer numbers are left to Python.
_PLAIN_NUMBER = r"^[0-9]{1,8}(,[0-9]{1,15})?$"
_FIRST_TOO_LARGE = 1e8
#: Digits stay, the comma becomes a point, and whatever else stands in a number becomes a sign that no number has.
_STRAY = b"x"
_AS_NUMBER = bytes(sign if sign in b"0123456789" else b"."[0] if sign == b","[0] else _STRAY[0] for sign in range(256))
_LAST_BLANK, _FIRST_BEYOND_LETTERS = 0x20, 0xC4
#: Begins no-break spaces and superscripts in UTF-8, between the letters of English and those of Danish.
_BEFORE_LETTERS = 0xC2
#: Cells at the beginning of a column from which is guessed whether its texts repeat.
_SAMPLE = 5_000

#: So much of a column stays in the processor's memory while it is looked at.
_PART_BYTES = 200_000

Settled = tuple[pd.Series, np.ndarray]


def of_each(cells: pa.LargeStringArray, read: Callable, dtype: str) -> pd.Series:
    """Return what a function makes of each cell; it is called once per different cell, and missing for empty ones."""
    encoded = cells.dictionary_encode()
    different = encoded.dictionary.to_pylist()
    values = pd.Series([read(cell) if cell else None for cell in different], dtype=dtype)
    return pd.Series(values.array.take(encoded.indices.to_numpy()))


def plain_numbers(cells: pa.LargeStringArray) -> Settled:
    """Return the numbers of a column, and which cells are neither empty nor written as digits and decimal comma."""
    try:
        values = _numbers_by_sign(cells)
    except pa.ArrowInvalid:  # several commas in a cell
        is_plain = pc.match_substring_regex(cells, _PLAIN_NUMBER)
        values = pc.replace_substring(pc.if_else(is_plain, cells, None), ",", ".").cast(pa.float64())
    numbers = values.to_numpy(zero_copy_only=False)
    is_open = (pc.binary_length(cells).to_numpy(zero_copy_only=False) > 0) & ~(numbers < _FIRST_TOO_LARGE)
    return pd.Series(numbers), is_open


def _numbers_by_sign(cells: pa.LargeStringArray) -> pa.DoubleArray:
    """Return the numbers of the cells that hold digits and commas alone and begin and end with a digit."""
    edges, signs = signs_of(cells)
    if not len(signs):
        return pa.nulls(len(cells), pa.float64())
    written = signs.tobytes().translate(_AS_NUMBER)
    signs = np.frombuffer(written, dtype=np.uint8)
    is_plain = edges[1:] > edges[:-1]
    for at in (edges[:-1], edges[1:] - 1):  # no comma is first or last
        is_plain &= signs.take(at, mode="clip") > b"."[0]
    if _STRAY in written:
        stray = np.flatnonzero(signs == _STRAY[0])
        is_plain[np.searchsorted(edges, stray, side="right") - 1] = False
    parts = edges, written, np.packbits(is_plain, bitorder="little")
    return pa.LargeStringArray.from_buffers(len(cells), *map(pa.py_buffer, parts)).cast(pa.float64())


def tidied(texts: pd.Series, softens: bool) -> pd.Series:
    """Return the cells of a text column without spaces around them; most columns hold none at all.

    Parameters
    ----------
    texts
        The cells.
    softens
        Whether hard and narrow spaces become plain ones first.
    """
    cells = cells_of(texts)
    _, signs = signs_of(cells)
    if not len(signs):
        return texts
    if _has_usual_letters(signs):
        return texts.str.strip() if signs.min() <= _LAST_BLANK else texts
    if softens and _holds_hard_spaces(cells):
        texts = texts.str.replace(HARD_SPACE, " ", regex=True)
    return texts.str.strip()


def has_hard_spaces(texts: pd.Series) -> bool:
    """Return whether a text column holds a space that does not break or is of another width."""
    cells = cells_of(texts)
    _, signs = signs_of(cells)
    return bool(len(signs)) and not _has_usual_letters(signs) and _holds_hard_spaces(cells)


def _holds_hard_spaces(cells: pa.LargeStringArray) -> bool:
    return bool(pc.any(pc.match_substring_regex(cells, HARD_SPACE)).as_py())


def _has_usual_letters(signs: np.ndarray) -> bool:
    """Return whether there are only the letters of Danish and its neighbours, no spaces or digits of other scripts."""
    last = signs.max()
    return last < _BEFORE_LETTERS or (last < _FIRST_BEYOND_LETTERS and not (signs == _BEFORE_LETTERS).any())


def texts_without_cpr(cells: pa.LargeStringArray) -> Settled:
    """Return the texts of a column, missing where empty, and which cells may show a CPR number."""
    is_empty = pc.equal(cells, "")
    filled = pc.if_else(is_empty, None, cells) if pc.any(is_empty).as_py() else cells
    return filled.to_pandas(), _may_show_cpr(cells)


def which_show_cpr(texts: pd.Series) -> pd.Series:
    """Return which cells of a text column hold something that looks like a CPR number."""
    cells = cells_of(texts)
    shows = _may_show_cpr(cells)
    if shows.any():
        suspects = of_each(cells.filter(pa.array(shows)), shows_cpr, "boolean")
        shows[shows] = suspects.to_numpy(dtype=bool)
    return pd.Series(shows, index=texts.index)


def _may_show_cpr(cells: pa.LargeStringArray) -> np.ndarray:
    longest = pc.max(pc.binary_length(cells)).as_py() or 0
    if longest < _FEWEST_DIGITS or not _has_digits_or_other_signs(cells):
        return np.zeros(len(cells), dtype=bool)
    if pc.count_distinct(cells.slice(0, _SAMPLE)).as_py() < min(len(cells), _SAMPLE) // 2:
        encoded = cells.dictionary_encode()
        return _have_digits(encoded.dictionary)[encoded.indices.to_numpy()]
    return _have_digits(cells)


def _has_digits_or_other_signs(cells: pa.LargeStringArray) -> bool:
    _, signs = signs_of(cells)
    parts = np.array_split(signs, 1 + len(signs) // _PART_BYTES)
    has_digits = any(np.count_nonzero((part - np.uint8(b"0"[0])) < 10) for part in parts)
    return has_digits or not _has_usual_letters(signs)


def _have_digits(cells: pa.LargeStringArray) -> np.ndarray:
    return pc.match_substring_regex(cells, _MAY_SHOW_CPR).to_numpy(zero_copy_only=False).copy()
