"""Run charts and control charts (SPC) with special-cause rules, as functions on plain sequences.

A run chart needs no limits and comes first; below `TRIAL_POINTS` points the limits of a control chart are marked as
trial limits. Missing values are left out of every calculation and keep their place in the result.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

#: Fewest points for limits that are more than a trial (NHS England, Making Data Count).
TRIAL_POINTS = 12
#: From this correlation between neighbouring points the moving range says too little about chance (own choice).
ALIKE_FROM = 0.5
#: Mean moving range to three standard deviations (3 / 1.128, rounded as in the published method).
_RANGE_TO_LIMIT = 2.66
#: A moving range above this many mean moving ranges is an outlier (D4 for ranges of two points).
_RANGE_SCREEN = 3.267


@dataclass(frozen=True)
class RunChart:
    """A run chart read by the Anhøj rules; ``is_signal`` when either the longest run or the crossings are unusual."""

    median: float
    n_useful: int
    longest_run: int
    longest_run_limit: int
    crossings: int
    crossings_limit: int

    @property
    def is_signal(self) -> bool:
        """Return whether the points vary more than by chance."""
        return self.longest_run > self.longest_run_limit or self.crossings < self.crossings_limit


@dataclass(frozen=True)
class ControlChart:
    """A control chart: centre, limits per point, and which points a rule marks."""

    values: np.ndarray
    centre: float
    low: np.ndarray
    high: np.ndarray
    signals: np.ndarray
    is_trial: bool

    @property
    def is_alike(self) -> bool:
        """Return whether neighbouring points are so alike that the limits are too narrow to be shown."""
        return neighbour_correlation(self.values) >= ALIKE_FROM


def run_chart(values: Sequence[float], centre: float | None = None) -> RunChart:
    """Return the run chart of a series around its median, or around a given centre.

    Points on the centre line do not count. A run is unusually long when it is longer than round(log2(n) + 3); the
    crossings are unusually few when they are fewer than the 5 % quantile of the binomial distribution (n - 1, 0.5).

    Source: Anhøj and Olesen 2014, PLOS ONE 9(11) e113825; Anhøj 2015, PLOS ONE 10(3) e0121349.
    """
    known = _known(values)
    middle = float(np.median(known)) if centre is None and known.size else (math.nan if centre is None else centre)
    sides = np.sign(known - middle)
    sides = sides[sides != 0]
    n = int(sides.size)
    runs = _run_lengths(sides)
    return RunChart(
        median=middle,
        n_useful=n,
        longest_run=max(runs, default=0),
        longest_run_limit=longest_run_limit(n),
        crossings=max(len(runs) - 1, 0),
        crossings_limit=crossings_limit(n),
    )


def longest_run_limit(n_useful: int) -> int:
    """Return the longest run that chance still explains among this many useful points (Anhøj)."""
    return round(math.log2(n_useful) + 3) if n_useful > 0 else 0


def crossings_limit(n_useful: int) -> int:
    """Return the fewest crossings of the centre line that chance still explains (Anhøj)."""
    return int(stats.binom.ppf(0.05, n_useful - 1, 0.5)) if n_useful > 1 else 0


def xmr_chart(values: Sequence[float], screen: bool = True) -> ControlChart:
    """Return the XmR chart (individual values) of a series: mean ± 2.66 mean moving ranges.

    Moving ranges of 3.267 times their mean or more are screened out of the mean moving range, as NHS England's
    ``NHSRplotthedots`` does (``screen_outliers``); without the screen one jump widens the limits and hides itself.
    """
    series = np.asarray(values, dtype=float)
    known = _known(series)
    ranges = np.abs(np.diff(known))
    if screen and ranges.size:
        ranges = ranges[ranges < _RANGE_SCREEN * ranges.mean()] if ranges.mean() > 0 else ranges
    centre = float(known.mean()) if known.size else math.nan
    half = _RANGE_TO_LIMIT * float(ranges.mean()) if ranges.size else math.nan
    return _chart(series, centre, np.full(series.size, centre - half), np.full(series.size, centre + half))


def p_chart(counts: Sequence[float], totals: Sequence[float]) -> ControlChart:
    """Return the chart of shares: centre = all counts / all totals, limits by the binomial spread of each total.

    Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.
    """
    tops, bottoms = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    centre = _pooled(tops, bottoms)
    half = 3 * np.sqrt(centre * (1 - centre) / _positive(bottoms))
    return _chart(tops / _positive(bottoms), centre, np.maximum(centre - half, 0), np.minimum(centre + half, 1))


def u_chart(counts: Sequence[float], exposures: Sequence[float]) -> ControlChart:
    """Return the chart of rates: centre = all events / all exposure, limits by the Poisson spread of each exposure.

    Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.
    """
    tops, bottoms = np.asarray(counts, dtype=float), np.asarray(exposures, dtype=float)
    centre = _pooled(tops, bottoms)
    half = 3 * np.sqrt(centre / _positive(bottoms))
    return _chart(tops / _positive(bottoms), centre, np.maximum(centre - half, 0), centre + half)


def neighbour_correlation(values: Sequence[float]) -> float:
    """Return the correlation of each point with the one before it (lag one, about the common mean).

    The limits of a control chart assume that it is near 0. `nan` for fewer than three points or a constant series.
    """
    known = _known(values)
    around = known - known.mean() if known.size else known
    spread = float((around**2).sum())
    return float((around[1:] * around[:-1]).sum() / spread) if known.size >= 3 and spread > 0 else math.nan


def beyond_limits(values: Sequence[float], low: Sequence[float], high: Sequence[float]) -> np.ndarray:
    """Return which points lie outside the limits."""
    series = np.asarray(values, dtype=float)
    return (series < np.asarray(low, dtype=float)) | (series > np.asarray(high, dtype=float))


def long_side(values: Sequence[float], centre: float, length: int = 7) -> np.ndarray:
    """Return which points belong to a run of ``length`` or more on one side of the centre (NHS England: seven)."""
    return _in_runs(np.sign(np.asarray(values, dtype=float) - centre), length)


def trend(values: Sequence[float], length: int = 7) -> np.ndarray:
    """Return which points belong to ``length`` or more points that all rise or all fall (NHS England: seven)."""
    steps = np.sign(np.diff(np.asarray(values, dtype=float)))
    in_step = _in_runs(steps, length - 1)
    marked = np.zeros(len(values), dtype=bool)
    marked[:-1] |= in_step
    marked[1:] |= in_step
    return marked


def two_in_three(values: Sequence[float], centre: float, low: Sequence[float], high: Sequence[float]) -> np.ndarray:
    """Return which points are one of two among three in a row that lie near the same limit.

    Near means within the outer third between the centre and the limit (NHS England, Making Data Count).
    """
    series, lows, highs = (np.asarray(part, dtype=float) for part in (values, low, high))
    near_high = (series > centre + 2 / 3 * (highs - centre)) & (series <= highs)
    near_low = (series < centre - 2 / 3 * (centre - lows)) & (series >= lows)
    marked = np.zeros(series.size, dtype=bool)
    for near in (near_high, near_low):
        for start in range(series.size - 2):
            window = slice(start, start + 3)
            if near[window].sum() >= 2:
                marked[window] |= near[window]
    return marked


def _chart(series: np.ndarray, centre: float, low: np.ndarray, high: np.ndarray) -> ControlChart:
    is_known = ~np.isnan(series)
    signals = np.zeros(series.size, dtype=bool)
    known, lows, highs = series[is_known], low[is_known], high[is_known]
    signals[is_known] = (
        beyond_limits(known, lows, highs)
        | long_side(known, centre)
        | trend(known)
        | two_in_three(known, centre, lows, highs)
    )
    return ControlChart(series, centre, low, high, signals, is_trial=int(is_known.sum()) < TRIAL_POINTS)


def _in_runs(sides: np.ndarray, length: int) -> np.ndarray:
    lengths = np.repeat(_run_lengths(sides), _run_lengths(sides)) if sides.size else np.zeros(0)
    return (lengths >= length) & (sides != 0) & ~np.isnan(sides)


def _run_lengths(sides: np.ndarray) -> list[int]:
    if not sides.size:
        return []
    starts = np.flatnonzero(np.r_[True, sides[1:] != sides[:-1]])
    return np.diff(np.r_[starts, sides.size]).tolist()


def _known(values: Sequence[float]) -> np.ndarray:
    series = np.asarray(values, dtype=float)
    return series[~np.isnan(series)]


def _positive(totals: np.ndarray) -> np.ndarray:
    return np.where(totals > 0, totals, np.nan)


def _pooled(tops: np.ndarray, bottoms: np.ndarray) -> float:
    usable = (bottoms > 0) & ~np.isnan(tops)
    return float(tops[usable].sum() / bottoms[usable].sum()) if usable.any() else math.nan
