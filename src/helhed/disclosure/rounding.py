"""Counts rounded to a base: an alternative to hiding further counts beside the small ones."""

import math
from collections.abc import Sequence

import numpy as np


def rounded(counts: Sequence[float], base: int) -> np.ndarray:
    """Return each count rounded to the nearest multiple of the base, half way up; missing counts stay missing.

    Cells and totals are rounded each on their own, so that sums do not give the cells away; they need not add up.

    Examples
    --------
    >>> rounded([0, 2, 3, 7, 8], 5).tolist()
    [0.0, 0.0, 5.0, 5.0, 10.0]
    """
    known = np.asarray(counts, dtype=float)
    return np.floor(known / base + 0.5) * base


def shown_rounded(count: float, base: int) -> float:
    """Return a count as a public table with rounding shows it: 0 only where there is nobody.

    Examples
    --------
    >>> [shown_rounded(count, 10) for count in (0, 4, 14, 15)]
    [0.0, 10.0, 10.0, 20.0]
    """
    return max(float(rounded([count], base)[0]), float(base)) if count else 0.0


def rounding_limits(value: float, base: int, threshold: int) -> tuple[float, float]:
    """Return the smallest and largest count that is shown as a rounded value; one under the threshold never is.

    Examples
    --------
    >>> rounding_limits(20, 5, 5), rounding_limits(10, 10, 3), rounding_limits(0, 5, 5)
    ((18, 22), (3, 14), (0, 0))
    """
    if not value:
        return 0, 0
    low = threshold if value <= base else math.ceil(value - base / 2)
    return max(low, threshold), math.ceil(value + base / 2) - 1
