"""Whole columns of text at once: what Arrow can settle is settled there, and no cell is looked at twice.

A column of an export holds a million cells but often few different ones. Python sees each different cell once, and of
numbers and texts only those that are not written in the usual way.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helhed.cpr import shows_cpr

#: Nine digits with little between them: whatever `shows_cpr` finds a number in looks so (Arrow knows no look-behind).
_MAY_SHOW_CPR = r"(?:\p{Nd}\P{Nd}{0,3}){8}\p{Nd}"
_FEWEST_DIGITS = 9
#: At most eight digits, with or without decimals; points between thousands and longer numbers are left to Python.
_PLAIN_NUMBER = r"^[0-9]{1,8}(,[0-9]{1,15})?$"
_FIRST_TOO_LARGE = 1e8
_ZERO, _COMMA, _POINT = b"0,."
#: Cells at the beginning of a column from which is guessed whether its texts repeat.
_SAMPLE = 5_000

Settled = tuple[pd.Series, np.ndarray]


def cells_of(texts: pd.Series) -> pa.LargeStringArray:
    """Return the cells of a text column as one Arrow array, without a copy where that is possible."""
    cells = pa.array(texts, type=pa.large_string())
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


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
    edges, signs = _signs_of(cells)
    is_digit = (signs - np.uint8(_ZERO)) < 10
    is_plain = edges[1:] > edges[:-1]
    is_plain[is_plain] = is_digit[edges[:-1][is_plain]] & is_digit[edges[1:][is_plain] - 1]
    is_comma = signs == _COMMA
    strange = np.flatnonzero(~(is_digit | is_comma))
    is_plain[np.searchsorted(edges, strange, side="right") - 1] = False
    with_points = np.where(is_comma, np.uint8(_POINT), signs)
    parts = edges, with_points, np.packbits(is_plain, bitorder="little")
    return pa.LargeStringArray.from_buffers(len(cells), *map(pa.py_buffer, parts)).cast(pa.float64())


def _signs_of(cells: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each cell begins, and last where they end, and the bytes of all cells in one row."""
    _, edges, signs = cells.buffers()
    if not len(cells) or signs is None:
        return np.zeros(len(cells) + 1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    edges = np.frombuffer(edges, dtype=np.int64)[cells.offset : cells.offset + len(cells) + 1]
    return edges - edges[0], np.frombuffer(signs, dtype=np.uint8)[edges[0] : edges[-1]]


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
    if longest < _FEWEST_DIGITS:
        return np.zeros(len(cells), dtype=bool)
    if pc.count_distinct(cells.slice(0, _SAMPLE)).as_py() < min(len(cells), _SAMPLE) // 2:
        encoded = cells.dictionary_encode()
        return _has_digits(encoded.dictionary)[encoded.indices.to_numpy()]
    return _has_digits(cells)


def _has_digits(cells: pa.LargeStringArray) -> np.ndarray:
    return pc.match_substring_regex(cells, _MAY_SHOW_CPR).to_numpy(zero_copy_only=False).copy()
