"""What the statistics are given, checked before anything is computed: numbers, equal lengths, known times.

A value that is missing (``None``, `nan`) stays missing. What cannot be a number, or cannot be at all, is refused in
words: a statistic of it would look like a finding.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall


def numbers(values: Sequence[float]) -> np.ndarray:
    """Return a sequence as numbers, missing values as `nan`.

    Raises
    ------
    WrongCall
        If a value is a text, a date or without end, or there is no sequence.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.ndim == 1 and not np.isinf(values).any():
        return values.astype(float, copy=False)
    given = sequence(values)
    found = np.array([float(value) if _is_number(value) else np.nan for value in given], dtype=float)
    _refuse("monitoring.given_no_number", given, given.notna().to_numpy() & ~np.isfinite(found))
    return found


def one_number(value: float) -> float:
    """Return a number, `nan` for a missing one.

    Raises
    ------
    WrongCall
        If it is a text, a date or without end.
    """
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return float(numbers([value])[0])


def sequence(values: Sequence) -> pd.Series:
    """Return values in their order; what has no order, or is a single value or a table, is refused.

    Raises
    ------
    WrongCall
        If it is no sequence.
    """
    _require_sequence(values)
    return pd.Series(list(values), dtype="object")


def _require_sequence(values: Sequence) -> None:
    kinds = (Sequence, np.ndarray, pd.Series, pd.Index, pd.api.extensions.ExtensionArray)
    if not isinstance(values, kinds) or isinstance(values, (str, bytes)) or getattr(values, "ndim", 1) != 1:
        raise WrongCall(Problem("monitoring.given_no_sequence", value=type(values).__name__))


def counted(counts: Sequence[float], totals: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and what they are divided by; without a total above 0 there is nothing to divide by: `nan`.

    Raises
    ------
    WrongCall
        If one is below 0, or the sequences differ in length.
    """
    tops, bottoms = numbers(counts), numbers(totals)
    alike(counts, totals)
    _refuse("monitoring.chart_negative_count", tops, tops < 0)
    _refuse("monitoring.given_negative_total", bottoms, bottoms < 0)
    return tops, np.where(bottoms > 0, bottoms, np.nan)


def waits(months: Sequence[float], *others: Sequence) -> np.ndarray:
    """Return times as numbers: each known and not below 0, and as many as of everything that goes with them.

    Raises
    ------
    WrongCall
        If a time is missing or below 0, or the sequences differ in length.
    """
    times = numbers(months)
    alike(months, *others)
    _refuse("monitoring.given_no_time", times, ~(times >= 0))
    return times


def known(values: Sequence) -> np.ndarray:
    """Return groups or causes as text, one for each; a missing one is refused, not guessed.

    Raises
    ------
    WrongCall
        If one is missing.
    """
    given = sequence(values)
    _refuse("monitoring.given_missing", given, given.isna().to_numpy())
    return given.astype("str").to_numpy(dtype=object)


def happened(values: Sequence[bool]) -> np.ndarray:
    """Return whether something happened, one for each: true and false, or 1 and 0.

    Raises
    ------
    WrongCall
        If one is missing or anything else: other software writes 1 and 2, or words, and they would all count as yes.
    """
    given = sequence(values)
    _refuse("monitoring.given_missing", given, given.isna().to_numpy())
    is_wrong = ~np.array([_is_number(value) and value in (0, 1) for value in given], dtype=bool)
    _refuse("monitoring.given_no_yes_no", given, is_wrong)
    return given.to_numpy(dtype=bool)


def causes_of(values: Sequence[str]) -> np.ndarray:
    """Return why each waiting ended, ``""`` for those who still wait.

    Raises
    ------
    WrongCall
        If one is missing or a number: other software writes 0 for those who still wait, and it would count as a cause.
    """
    given = sequence(values)
    _refuse("monitoring.given_missing", given, given.isna().to_numpy())
    is_wrong = ~np.array([isinstance(value, str) for value in given], dtype=bool)
    _refuse("monitoring.given_no_cause", given, is_wrong)
    return given.to_numpy()


def alike(*sequences: Sequence) -> None:
    """Refuse sequences that belong together and differ in length.

    Raises
    ------
    WrongCall
        If they do.
    """
    for values in sequences:
        if not (isinstance(values, np.ndarray) and values.ndim == 1):
            _require_sequence(values)
    lengths = [len(values) for values in sequences]
    if len(set(lengths)) > 1:
        raise WrongCall([Problem("monitoring.given_lengths", value=" / ".join(str(length) for length in lengths))])


def probability(confidence: float) -> float:
    """Return a confidence, which lies between 0 and 1.

    Raises
    ------
    WrongCall
        If it does not: 95 per cent is 0.95.
    """
    if not (_is_number(confidence) and 0 < confidence < 1):
        raise WrongCall([Problem("monitoring.given_confidence", value=_written(confidence))])
    return confidence


def part_of(count: float | np.ndarray, total: float | np.ndarray) -> None:
    """Refuse a part that is below 0 or above its whole; of several, the first that is.

    Raises
    ------
    WrongCall
        If it is.
    """
    # What is worked out from shares may be above its whole by a rounding.
    is_wrong = np.atleast_1d((count < 0) | (count > total * (1 + 1e-9)))
    if is_wrong.any():
        part, whole = (np.broadcast_to(given, is_wrong.shape)[is_wrong][0] for given in (count, total))
        raise WrongCall([Problem("monitoring.given_no_part", value=f"{part:g}", details={"total": f"{whole:g}"})])


def _refuse(code: str, values: Sequence, is_wrong: np.ndarray) -> None:
    if is_wrong.any():
        at = np.flatnonzero(is_wrong)
        raise WrongCall([Problem(code, value=_written(values[i]), details={"point": int(i) + 1}) for i in at])


def _is_number(value: object) -> bool:
    return isinstance(value, (Real, Decimal, np.bool_))


def _written(value: object) -> str:
    if isinstance(value, float):
        return "–" if np.isnan(value) else f"{value:g}"
    return "–" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
