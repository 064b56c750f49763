"""Exact and honest intervals for small numbers: shares, rates, means and ratios of sums.

All are public functions on plain numbers or sequences; a value that cannot be computed is `nan`, never zero.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from helhed.monitoring.given import alike, counted, numbers, one_number, part_of, probability


class Interval(NamedTuple):
    """An estimate with its lower and upper limit; all three `nan` when nothing can be said."""

    value: float
    low: float
    high: float


#: A family that is more than this share of a denominator draws the ratio to itself: then what the families' own values
#: say of chance is looked at too (own choice, from the simulation in ``tests/known/test_monitoring_changes.py``).
HEAVY = 0.2
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
    count, total = one_number(count), one_number(total)
    if not total > 0 or math.isnan(count):
        return UNKNOWN
    part_of(count, total)
    tail = (1 - probability(confidence)) / 2
    low = 0.0 if count == 0 else float(special.betaincinv(count, total - count + 1, tail))
    high = 1.0 if count >= total else float(special.betaincinv(count + 1, total - count, 1 - tail))
    return Interval(count / total, low, high)


def wilson(count: float, total: float, confidence: float = 0.95) -> Interval:
    """Return the score interval of a share (0-1) by Wilson (1927): narrower than the exact one, may undercover.

    `UNKNOWN` when ``total`` is 0.
    """
    count, total = one_number(count), one_number(total)
    if not total > 0 or math.isnan(count):
        return UNKNOWN
    part_of(count, total)
    z = float(special.ndtri(0.5 + probability(confidence) / 2))
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
    count, exposure = one_number(count), one_number(exposure)
    if not exposure > 0 or math.isnan(count):
        return UNKNOWN
    part_of(count, math.inf)
    tail = (1 - probability(confidence)) / 2
    low = 0.0 if count == 0 else float(special.gammaincinv(count, tail))
    high = float(special.gammaincinv(count + 1, 1 - tail))
    return Interval(count / exposure, low / exposure, high / exposure)


def mean_t(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return the mean with Student's t interval; missing values are left out.

    With one value the limits are `nan`; `UNKNOWN` with none.
    """
    known, tail = numbers(values), 0.5 + probability(confidence) / 2
    known = known[~np.isnan(known)]
    if not known.size:
        return UNKNOWN
    if known.size == 1:
        return Interval(float(known[0]), math.nan, math.nan)
    half = float(special.stdtrit(known.size - 1, tail) * known.std(ddof=1) / math.sqrt(known.size))
    return Interval(float(known.mean()), float(known.mean()) - half, float(known.mean()) + half)


def ratio_of_sums(numerators: Sequence[float], denominators: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return a ratio of sums over families, such as days absent per school day, with its interval.

    Brothers and sisters are alike and months of one child are alike, so the family is the unit of variation: the
    linearised variance of a ratio estimator (Cochran, Sampling Techniques, 1977, section 6.3) with one pair per
    family and Student's t with the number of families less one. Where a family is more than `HEAVY` of the denominator
    the variance is at least that of families whose own ratios differ alike. Families with denominator 0, or of which
    either is missing, do not count. With one family the limits are `nan`; `UNKNOWN` when all denominators are 0.
    """
    tops, bottoms = with_total(numerators, denominators, confidence)
    n = bottoms.size
    if not n:
        return UNKNOWN
    ratio = float(tops.sum() / bottoms.sum())
    if n == 1:
        return Interval(ratio, math.nan, math.nan)
    half = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * math.sqrt(_ratio_variance(tops, bottoms))
    return Interval(ratio, ratio - half, ratio + half)


def clustered_share(counts: Sequence[float], totals: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return a share of persons with an exact interval that knows that members of one family are alike.

    Korn and Graubard (Survey Methodology 24, 1998): the interval of Clopper and Pearson for the number of independent
    persons that vary as much as these families do, with Student's t for the number of families less one. With one
    person in each family it is Clopper and Pearson's interval itself. Where all persons have it, or none, how alike the
    members of a family are cannot be seen: then a family counts as one (by Kish's weight, where sizes differ). Families
    of total 0 do not count; with one family the limits are `nan`, and all are `UNKNOWN` without any.

    Parameters
    ----------
    counts, totals
        Persons that have what is counted, and persons in all, per family.
    """
    tops, bottoms = with_total(counted(counts, totals)[0], totals, confidence)
    part_of(tops, bottoms)
    n, share = bottoms.sum(), tops.sum() / bottoms.sum() if bottoms.size else math.nan
    if bottoms.size <= 1:
        return Interval(float(share), math.nan, math.nan)
    if share in (0.0, 1.0):
        alike = float(n**2 / (bottoms**2).sum())
        return clopper_pearson(share * alike, alike, confidence)
    chance = share * (1 - share) / (n - 1)
    effective = min(n, _independent(n, _ratio_variance(tops, bottoms) / chance, n - 1, bottoms.size, confidence))
    return clopper_pearson(share * effective, effective, confidence)._replace(value=float(share))


def clustered_rate(counts: Sequence[float], exposures: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return a rate of events with an exact interval that knows that some families have many and most have none.

    The interval of Garwood for the number of events that chance alone would need to vary as much as these families do
    (the same reasoning as in `clustered_share`); never narrower than `poisson_exact`. With one family the limits are
    `nan`; `UNKNOWN` without exposure.
    """
    tops, bottoms = with_total(counted(counts, exposures)[0], exposures, confidence)
    if bottoms.size <= 1:
        return Interval(float(tops.sum() / bottoms.sum()) if bottoms.size else math.nan, math.nan, math.nan)
    total, rate = bottoms.sum(), tops.sum() / bottoms.sum()
    if rate == 0:
        return poisson_exact(0, float(total), confidence)
    too_much = _ratio_variance(tops, bottoms) / (rate / total)
    effective = min(1.0, _independent(1.0, too_much, math.inf, bottoms.size, confidence))
    return poisson_exact(float(tops.sum() * effective), float(total * effective), confidence)


def difference_of(one: Interval, other: Interval) -> Interval:
    """Return the difference of two independent estimates, with an interval made from their own intervals.

    The method of variance estimates recovery (Zou and Donner, Statistics in Medicine 27, 2008): it keeps limits that
    are not symmetric, as exact ones are. An estimate without limits gives a difference without limits.
    """
    value = one.value - other.value
    low = value - math.hypot(one.value - one.low, other.high - other.value)
    return Interval(value, low, value + math.hypot(one.high - one.value, other.value - other.low))


def with_total(tops: Sequence[float], bottoms: Sequence[float], confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the numerators and denominators of the families that count: both known, the denominator above 0.

    Raises
    ------
    WrongCall
        If there are not as many of both, a denominator is below 0, or the confidence is none.
    """
    probability(confidence)
    alike(tops, bottoms)
    over, under = numbers(tops), counted(bottoms, bottoms)[1]
    is_used = ~np.isnan(over) & (under > 0)
    return over[is_used], under[is_used]


def _ratio_variance(tops: np.ndarray, bottoms: np.ndarray) -> float:
    """Return the linearised variance of a ratio of sums with one pair per family (Cochran 1977, section 6.3)."""
    n, ratio = bottoms.size, tops.sum() / bottoms.sum()
    variance = n / (n - 1) * float(((tops - ratio * bottoms) ** 2).sum()) / float(bottoms.sum()) ** 2
    return max(variance, heavy_variance(tops / bottoms, bottoms))


def heavy_variance(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the variance of the weighted mean of values that differ alike; 0 where no family is more than `HEAVY`.

    The variance of the families' own values times the sum of their squared shares of the weight. What a heavy family
    differs by from a mean that it makes itself says too little, however it is measured.
    """
    shares = weights / weights.sum()
    return float(values.var(ddof=1) * (shares**2).sum()) if shares.max() > HEAVY and values.size > 1 else 0.0


def _independent(n: float, design_effect: float, degrees: float, n_families: int, confidence: float) -> float:
    """Return how many independent units vary as much as ``n`` units in families do (Korn and Graubard 1998)."""
    if design_effect <= 0:
        return math.inf
    tail = 0.5 + confidence / 2
    wider = special.stdtrit(degrees, tail) / special.stdtrit(n_families - 1, tail)
    return float(n / design_effect * wider**2)
