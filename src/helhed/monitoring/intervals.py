"""Exact and honest intervals for small numbers: shares, rates, means and ratios of sums.

All are public functions on plain numbers or sequences; a value that cannot be computed is `nan`, never zero.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats


class Interval(NamedTuple):
    """An estimate with its lower and upper limit; all three `nan` when nothing can be said."""

    value: float
    low: float
    high: float


#: What is returned when there is nothing to compute from.
UNKNOWN = Interval(math.nan, math.nan, math.nan)


def clopper_pearson(count: float, total: float, confidence: float = 0.95) -> Interval:
    """Return the exact interval of a share (0-1).

    The limits are the quantiles of the beta distribution (Clopper and Pearson 1934): the coverage is at least
    ``confidence`` however small the group is. `UNKNOWN` when ``total`` is 0.

    Examples
    --------
    >>> [round(limit, 4) for limit in clopper_pearson(8, 60)]
    [0.1333, 0.0594, 0.2459]
    """
    if not total > 0:
        return UNKNOWN
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(stats.beta.ppf(tail, count, total - count + 1))
    high = 1.0 if count == total else float(stats.beta.ppf(1 - tail, count + 1, total - count))
    return Interval(count / total, low, high)


def wilson(count: float, total: float, confidence: float = 0.95) -> Interval:
    """Return the score interval of a share (0-1) by Wilson (1927): narrower than the exact one, may undercover.

    `UNKNOWN` when ``total`` is 0.
    """
    if not total > 0:
        return UNKNOWN
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    share, spread = count / total, 1 + z * z / total
    centre = (share + z * z / (2 * total)) / spread
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / spread
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def poisson_exact(count: float, exposure: float = 1.0, confidence: float = 0.95) -> Interval:
    """Return the exact interval of a rate: events per unit of exposure (Garwood 1936).

    ``exposure`` is in the unit of the rate, such as child-years. `UNKNOWN` when it is 0.

    Examples
    --------
    >>> [round(limit, 3) for limit in poisson_exact(10)]
    [10.0, 4.795, 18.39]
    """
    if not exposure > 0:
        return UNKNOWN
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(stats.chi2.ppf(tail, 2 * count)) / 2
    high = float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2
    return Interval(count / exposure, low / exposure, high / exposure)


def mean_t(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return the mean with Student's t interval; missing values are left out.

    With one value the limits are `nan`; `UNKNOWN` with none.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not known.size:
        return UNKNOWN
    if known.size == 1:
        return Interval(float(known[0]), math.nan, math.nan)
    half = float(stats.t.ppf(0.5 + confidence / 2, known.size - 1) * known.std(ddof=1) / math.sqrt(known.size))
    return Interval(float(known.mean()), float(known.mean()) - half, float(known.mean()) + half)


def ratio_of_sums(numerators: Sequence[float], denominators: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return a ratio of sums over families, such as days absent per school day, with its interval.

    Brothers and sisters are alike and months of one child are alike, so the family is the unit of variation: the
    linearised variance of a ratio estimator (Cochran, Sampling Techniques, 1977, section 6.3) with one pair per
    family and Student's t with the number of families less one. Families with denominator 0 do not count. With one
    family the limits are `nan`; `UNKNOWN` when all denominators are 0.
    """
    tops, bottoms = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    tops, bottoms = tops[bottoms > 0], bottoms[bottoms > 0]
    n = bottoms.size
    if not n:
        return UNKNOWN
    ratio = float(tops.sum() / bottoms.sum())
    if n == 1:
        return Interval(ratio, math.nan, math.nan)
    spread = math.sqrt(n / (n - 1) * float(((tops - ratio * bottoms) ** 2).sum())) / float(bottoms.sum())
    half = float(stats.t.ppf(0.5 + confidence / 2, n - 1)) * spread
    return Interval(ratio, ratio - half, ratio + half)
