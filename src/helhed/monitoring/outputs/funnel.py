"""Limits of a funnel plot: how far chance alone carries a small group from the common level.

All are public functions on plain numbers. The limits of shares and rates are exact, made continuous by interpolation
(Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005, appendix A.1).
"""

import math

from scipy import optimize, stats

from helhed.monitoring.intervals import Interval, clopper_pearson, poisson_exact

#: Coverages of the two pairs of limits: about two and three standard deviations.
COVERAGES = (0.95, 0.998)
_MOST = 1e7


def share_limits(centre: float, total: float, coverage: float = 0.95) -> tuple[float, float]:
    """Return between which shares (0-1) chance keeps a group of ``total`` persons when the true share is ``centre``.

    Examples
    --------
    >>> [round(limit, 3) for limit in share_limits(0.3, 50)]
    [0.166, 0.42]
    """
    n = max(int(total), 1)
    low, high = (_interpolated(stats.binom(n, centre), tail) / n for tail in _tails(coverage))
    # Where nearly none or nearly all have it, interpolation goes past the common level itself.
    return min(max(low, 0.0), centre), max(min(high, 1.0), centre)


def rate_limits(centre: float, exposure: float, coverage: float = 0.95) -> tuple[float, float]:
    """Return between which rates chance keeps a group that was observed for ``exposure`` units of time."""
    low, high = (_interpolated(stats.poisson(centre * exposure), tail) / exposure for tail in _tails(coverage))
    return min(max(low, 0.0), centre), max(high, centre)


def mean_limits(centre: float, spread: float, n: float, coverage: float = 0.95) -> tuple[float, float]:
    """Return between which means chance keeps ``n`` families whose values have the standard deviation ``spread``."""
    half = float(stats.norm.ppf(0.5 + coverage / 2)) * spread / math.sqrt(n)
    return centre - half, centre + half


def independent_persons(found: Interval, confidence: float) -> float:
    """Return how many independent persons would give a share its interval; `nan` for a share of none or all.

    Members of a family are alike: the interval of `helhed.monitoring.clustered_share` is wider than that of so many
    single persons, and a funnel must be as wide.
    """
    if not 0 < found.value < 1:
        return math.nan
    return _size_of(found, lambda size: clopper_pearson(found.value * size, size, confidence))


def independent_exposure(found: Interval, confidence: float) -> float:
    """Return which exposure of independent events would give a rate its interval; `nan` for a rate of zero."""
    if not found.value > 0:
        return math.nan
    return _size_of(found, lambda size: poisson_exact(found.value * size, size, confidence))


def spread_of(found: Interval, n: int, confidence: float) -> float:
    """Return the standard deviation between ``n`` families that gives a mean or ratio its interval."""
    if n < 2:
        return math.nan
    return (found.high - found.value) / float(stats.t.ppf(0.5 + confidence / 2, n - 1)) * math.sqrt(n)


def _tails(coverage: float) -> tuple[float, float]:
    return (1 - coverage) / 2, (1 + coverage) / 2


def _interpolated(law, tail: float) -> float:
    """Return where the distribution passes a tail, on a line between the counts before and after."""
    count = float(law.ppf(tail))
    return count - (float(law.cdf(count)) - tail) / float(law.pmf(count))


def _size_of(found: Interval, interval) -> float:
    """Return the size whose interval is as wide as the one found."""
    wanted = found.high - found.low

    def too_wide(log_size: float) -> float:
        made = interval(math.exp(log_size))
        return made.high - made.low - wanted

    lowest, highest = math.log(0.5), math.log(_MOST)
    if too_wide(lowest) < 0 or too_wide(highest) > 0:
        return math.nan
    return math.exp(optimize.brentq(too_wide, lowest, highest))
