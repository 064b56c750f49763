"""Cells of an Excel sheet as the Danish text that a CSV export would hold."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

DECIMAL = ","
#: Whole numbers from here on are not all written in full by Arrow.
_FIRST_LARGE = 1e15
#: Numbers below and from here on are written with an exponent: in full they would be a row of noughts.
_LEAST_IN_FULL, _FIRST_SHORT = 1e-20, 1e21
#: In how Arrow writes a number: an exponent, "nan" or "inf".
_NO_DIGITS = "[a-z]"


def as_texts(cells: Sequence[Any]) -> pd.Series:
    """Return the cells of an Excel column as text; each different day or other value is written once."""
    kinds = set(map(type, cells))
    if len(kinds) == 1 and kinds <= _AT_ONCE.keys():
        return _AT_ONCE[kinds.pop()](cells).to_pandas()
    for kind in kinds & _AT_ONCE.keys():
        written = iter(_AT_ONCE[kind]([cell for cell in cells if type(cell) is kind]).to_pylist())
        cells = [next(written) if type(cell) is kind else cell for cell in cells]
    if not kinds <= {str, *_AT_ONCE}:
        cells = [as_text(cell) for cell in cells]
    return pa.array(cells, pa.large_string()).to_pandas()


def as_text(cell: Any) -> str:
    """Return an Excel cell as text: dates dd-mm-yyyy, numbers with decimal comma, SAND and FALSK as Excel says.

    A length of time stands in hours and minutes.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "SAND" if cell else "FALSK"
    if isinstance(cell, float):
        return number_as_text(cell)
    if isinstance(cell, (datetime, date)):
        return f"{cell.day:02}-{cell.month:02}-{cell.year:04}"
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(cell)


def number_as_text(number: float) -> str:
    """Return a number with a decimal comma and no more digits than it needs; far from all use, as Excel shows it.

    Examples
    --------
    >>> number_as_text(1250.5), number_as_text(0.00001), number_as_text(1e300)
    ('1250,5', '0,00001', '1E+300')
    """
    if number and not _LEAST_IN_FULL < abs(number) < _FIRST_SHORT:
        return repr(number).upper().replace(".", DECIMAL)
    if number.is_integer():
        return str(int(number))
    shortest = repr(number)
    written = np.format_float_positional(number, trim="-") if "e" in shortest else shortest
    return written.replace(".", DECIMAL)


def _numbers_as_text(numbers: Sequence[float]) -> pa.LargeStringArray:
    """Return numbers as `number_as_text` writes each: Arrow, too, writes the fewest digits that tell a number apart."""
    values = np.array(numbers)
    is_whole = (np.floor(values) == values) & (np.abs(values) < _FIRST_LARGE)
    whole = pa.array(np.where(is_whole, values, 0).astype("int64")).cast(pa.large_string())
    decimals = pa.array(values).cast(pa.large_string())
    texts = pc.if_else(pa.array(is_whole), whole, pc.replace_substring(decimals, ".", DECIMAL))
    if pc.any(pc.match_substring_regex(texts, _NO_DIGITS)).as_py():
        return pa.array([number_as_text(number) for number in numbers], pa.large_string())
    return texts


def _days_as_text(days: Sequence[date]) -> pa.LargeStringArray:
    encoded = pa.array(days).dictionary_encode()
    return pa.array(map(as_text, encoded.dictionary.to_pylist()), pa.large_string()).take(encoded.indices)


#: Kinds of cells of which a whole column is written at once.
_AT_ONCE = {float: _numbers_as_text, date: _days_as_text, datetime: _days_as_text}
