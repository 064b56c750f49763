"""Which cells may not be shown for their own sake: too few, or one contributor that the others could find out.

Sources: the threshold of Statistics Denmark (at least 3 observations, NFGS 2015) as a setting; the (n, k) dominance
rule and the p % rule as in Hundepool and others, Statistical Disclosure Control (2012), chapter 4.
"""

from collections.abc import Sequence

import numpy as np

#: No amount is shown of which one person or family has more than this share: the (1, 75 %) rule.
MOST_OF_ONE = 0.75


def is_too_few(counts: Sequence[float], threshold: int) -> np.ndarray:
    """Return which counts are above 0 and below the threshold."""
    known = np.asarray(counts, dtype=float)
    return (known > 0) & (known < threshold)


def is_dominated(contributions: Sequence[float], n_largest: int, share: float) -> bool:
    """Return whether the ``n_largest`` contributors together hold more than the share of a cell's amount.

    Contributions are amounts, one per person, family or provider; of negative ones the size counts.

    Examples
    --------
    >>> is_dominated([80, 15, 5], 1, 0.75), is_dominated([40, 30, 30], 1, 0.75)
    (True, False)
    """
    ordered = _largest_first(contributions)
    total = ordered.sum()
    return bool(total > 0 and ordered[:n_largest].sum() > share * total)


def is_within_p_percent(contributions: Sequence[float], p: float) -> bool:
    """Return whether the second largest contributor could tell the largest one's amount to within a share ``p``.

    True when what the others hold, without the two largest, is less than p times the largest.

    Examples
    --------
    >>> is_within_p_percent([100, 50, 5], 0.10), is_within_p_percent([100, 50, 10], 0.10)
    (True, False)
    """
    ordered = _largest_first(contributions)
    return bool(ordered.size and ordered[0] > 0 and ordered[2:].sum() < p * ordered[0])


def _largest_first(contributions: Sequence[float]) -> np.ndarray:
    return np.sort(np.abs(np.asarray(contributions, dtype=float)))[::-1]
