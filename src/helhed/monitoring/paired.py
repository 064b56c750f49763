"""Intervals by permutation: of a change of the same families, of a mean and of a ratio. No bell curve is assumed."""

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from helhed.monitoring.given import alike, numbers, probability
from helhed.monitoring.intervals import UNKNOWN, Interval, heavy_variance, with_total

#: Up to so many families every way of exchanging before and now is tried; above it, so many random ones are.
_ALL_WAYS, _RANDOM_WAYS = 12, 4_000
#: Differences up to this share of the largest one are rounding.
_ROUNDING = 1e-12


def paired_change(
    before: tuple[Sequence[float], Sequence[float]],
    now: tuple[Sequence[float], Sequence[float]],
    seed: int,
    confidence: float = 0.95,
) -> Interval:
    """Return the change of a ratio of sums over the same families, with its permutation interval.

    Parameters
    ----------
    before, now
        Numerators and denominators, one per family, in the same order of families.
    seed
        Of the random subsets; it does not matter up to 12 families.

    Notes
    -----
    Each family's part in the change is how far the ratios move when it is left out (the jackknife); where all
    denominators are alike it is the family's own difference. The interval is `permutation_interval` of the parts; where
    a family is more than `helhed.monitoring.intervals.HEAVY` of the denominators it is widened to what the families'
    own changes differ by. Where one family stands for more than half of a denominator the limits are `nan`: then the
    rest tell nothing of it.
    """
    (tops0, bottoms0), (tops1, bottoms1) = (_counting(*side) for side in (before, now))
    alike(tops0, tops1)
    is_used = (bottoms0 > 0) | (bottoms1 > 0)
    if not (bottoms0.sum() > 0 and bottoms1.sum() > 0):
        return UNKNOWN
    change = tops1.sum() / bottoms1.sum() - tops0.sum() / bottoms0.sum()
    if _is_one(bottoms0) or _is_one(bottoms1):
        return Interval(float(change), math.nan, math.nan)
    around = _contributions(tops1[is_used], bottoms1[is_used]) - _contributions(tops0[is_used], bottoms0[is_used])
    both = (bottoms0 > 0) & (bottoms1 > 0)
    own = tops1[both] / bottoms1[both] - tops0[both] / bottoms0[both]
    weights = bottoms1[both] / bottoms1.sum() + bottoms0[both] / bottoms0.sum()
    return _of_parts(float(change), around, heavy_variance(own, weights) if own.size else 0.0, seed, confidence)


def permuted_ratio(
    numerators: Sequence[float], denominators: Sequence[float], seed: int, confidence: float = 0.95
) -> Interval:
    """Return a ratio of sums over families, or a mean over their members, with its permutation interval.

    Brothers and sisters are alike, so the family is the unit that varies; families of denominator 0 do not count. Each
    family's part is how far the ratio moves when it is left out (the jackknife): the residual of a very large family
    would say too little, for it draws the ratio to itself. Where a family is more than
    `helhed.monitoring.intervals.HEAVY` of the denominator the interval is widened to what the families' own ratios
    differ by; where one is more than half of it the limits are `nan`.
    """
    tops, bottoms = with_total(numerators, denominators, confidence)
    if not bottoms.size:
        return UNKNOWN
    ratio = float(tops.sum() / bottoms.sum())
    if _is_one(bottoms):
        return Interval(ratio, math.nan, math.nan)
    return _of_parts(ratio, _contributions(tops, bottoms), heavy_variance(tops / bottoms, bottoms), seed, confidence)


def permutation_interval(differences: Sequence[float], seed: int, confidence: float = 0.95) -> Interval:
    """Return the mean of differences with the interval that the sign-flip permutation test does not reject.

    The means of all non-empty subsets of the differences cut the line into pieces that hold the true centre with the
    same probability (Hartigan, Journal of the American Statistical Association 64, 1969); the interval leaves out as
    many pieces at each end as ``confidence`` allows. It asks only that differences be symmetric about the centre. With
    fewer than 6 differences no interval of 95 per cent exists, and where all differences are alike nothing is known of
    chance: the limits are `nan`. `UNKNOWN` with no differences.

    Examples
    --------
    >>> permutation_interval([1.0, 2.0, 6.0], seed=1, confidence=0.75)
    Interval(value=3.0, low=1.0, high=6.0)
    """
    probability(confidence)
    known = numbers(differences)
    known = known[~np.isnan(known)]
    if not known.size:
        return UNKNOWN
    if np.ptp(known) == 0:
        return Interval(float(known[0]), math.nan, math.nan)
    means = np.sort(_subsets(known.size, seed) @ known)
    cut = math.floor((1 - confidence) / 2 * (means.size + 1) + 1e-9)
    if not cut:
        return Interval(float(known.mean()), math.nan, math.nan)
    # Whether a limit is zero decides what is said: what rounding leaves of nothing is nothing.
    means[np.abs(means) <= _ROUNDING * np.abs(known).max()] = 0.0
    return Interval(float(known.mean()), float(means[cut - 1]), float(means[-cut]))


def _of_parts(value: float, around: np.ndarray, least_variance: float, seed: int, confidence: float) -> Interval:
    """Return a value with the permutation interval of the families' parts, of no less than a variance."""
    found = permutation_interval(value + around, seed, confidence)
    spread = math.sqrt(around.var(ddof=1) / around.size) if around.size > 1 else 0.0
    wider = max(1.0, math.sqrt(least_variance) / spread) if spread else 1.0
    if wider == 1.0:
        return found._replace(value=value)
    return Interval(value, value - (found.value - found.low) * wider, value + (found.high - found.value) * wider)


def _counting(tops: Sequence[float], bottoms: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the numerators and denominators, both 0 for a family of which one is missing or the denominator 0."""
    alike(tops, bottoms)
    over, under = numbers(tops), numbers(bottoms)
    is_used = ~np.isnan(over) & (under > 0)
    return np.where(is_used, over, 0.0), np.where(is_used, under, 0.0)


def _is_one(bottoms: np.ndarray) -> bool:
    """Return whether one of several families stands for more than half of the denominator."""
    return bool(bottoms.max() > bottoms.sum() / 2)


def _contributions(tops: np.ndarray, bottoms: np.ndarray) -> np.ndarray:
    """Return how far each family draws the ratio of sums from what the others make of it; about 0."""
    total = bottoms.sum()
    moved = (bottoms.size - 1) * (tops - tops.sum() / total * bottoms) / (total - bottoms)
    return moved - moved.mean()


@lru_cache(maxsize=128)
def _subsets(n: int, seed: int) -> np.ndarray:
    """Return the weights that give the means of non-empty subsets of ``n`` values, one subset a row."""
    if n <= _ALL_WAYS:
        chosen = np.array(list(itertools.product((0.0, 1.0), repeat=n)))[1:]
    else:
        drawn = np.random.default_rng([seed, n]).integers(0, 2, (_RANDOM_WAYS - 1, n)).astype(float)
        chosen = drawn[drawn.any(axis=1)]
    return chosen / chosen.sum(axis=1, keepdims=True)
