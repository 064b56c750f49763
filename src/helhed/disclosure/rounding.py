"""Counts rounded to a base: an alternative to hiding, when a table must have a number in every cell."""

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
