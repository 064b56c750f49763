"""What the statistics are given, checked before anything is computed: numbers, equal lengths, known times.

A value that is missing (``None``, `nan`) stays missing. What cannot be a number, or cannot be at all, is refused in
words: a statistic of it would look like a finding.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall


def numbers(values: Sequence[float]) -> np.ndarray:
    """Return a sequence as numbers, missing values as `nan`.

    Raises
    ------
    WrongCall
        If a value is a text or without end.
    """
    given = pd.Series(list(values), dtype="object")
    found = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    is_wrong = given.notna().to_numpy() & ~np.isfinite(found)
    _refuse("monitoring.given_no_number", given, is_wrong)
    return found


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
    """Return groups or whether something happened, one for each; a missing one is refused, not guessed.

    Raises
    ------
    WrongCall
        If one is missing.
    """
    given = pd.Series(list(values), dtype="object")
    _refuse("monitoring.given_missing", given, given.isna().to_numpy())
    return given.to_numpy()


def alike(*sequences: Sequence) -> None:
    """Refuse sequences that belong together and differ in length.

    Raises
    ------
    WrongCall
        If they do.
    """
    lengths = [len(sequence) for sequence in sequences]
    if len(set(lengths)) > 1:
        raise WrongCall([Problem("monitoring.given_lengths", value=" / ".join(str(length) for length in lengths))])


def probability(confidence: float) -> float:
    """Return a confidence, which lies between 0 and 1.

    Raises
    ------
    WrongCall
        If it does not: 95 per cent is 0.95.
    """
    if not 0 < confidence < 1:
        raise WrongCall([Problem("monitoring.given_confidence", value=f"{confidence:g}")])
    return confidence


def part_of(count: float, total: float) -> None:
    """Refuse a part that is below 0 or above its whole.

    Raises
    ------
    WrongCall
        If it is.
    """
    # What is worked out from shares may be above its whole by a rounding.
    if count < 0 or count > total * (1 + 1e-9):
        details = {"total": f"{total:g}"}
        raise WrongCall([Problem("monitoring.given_no_part", value=f"{count:g}", details=details)])


def _refuse(code: str, values: Sequence, is_wrong: np.ndarray) -> None:
    at = np.flatnonzero(is_wrong)
    if at.size:
        raise WrongCall([Problem(code, value=_written(values[i]), details={"point": int(i) + 1}) for i in at])


def _written(value: object) -> str:
    if isinstance(value, float):
        return "–" if np.isnan(value) else f"{value:g}"
    return "–" if pd.isna(value) else str(value)
