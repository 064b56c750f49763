"""Control charts (SPC) as functions on plain sequences: XmR for values, p for shares, u for rates, c for counts.

A missing value keeps its place and is left out of every calculation. A ghosted point is shown and left out in the same
way: something known and named made it another thing than the rest. The centre and limits start anew only at a stated
event (`ChartPlan.rebased`); below `TRIAL_POINTS` points they are marked as trial limits.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from helhed.errors import Problem, WrongCall
from helhed.monitoring.special_causes import Direction, Kind, kind_of, special_causes

#: Fewest points for limits that are more than a trial (NHS England, Making Data Count).
TRIAL_POINTS = 12
#: From this correlation between neighbouring points the moving range says too little about chance (own choice).
ALIKE_FROM = 0.5
#: Mean moving range to three standard deviations (3 / 1.128, rounded as in the published method).
_RANGE_TO_LIMIT = 2.66
#: A moving range above this many mean moving ranges is an outlier (D4 for ranges of two points).
_RANGE_SCREEN = 3.267

#: Points of one part, and which of them the limits rest on, to centre, low and high per point.
_Limits = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class ChartPlan:
    """What is known of a series before it is read.

    Attributes
    ----------
    direction
        Whether higher (``up``) or lower (``down``) values are better, or neither (``none``).
    rebased
        Position of the first point after an event to the event's name: the centre and limits start anew there.
    ghosts
        Positions of points that are shown and count for nothing.
    baseline_points
        When above 0, the limits of each part rest on its first so many points and are extended over the rest.
    """

    direction: Direction = "none"
    rebased: Mapping[int, str] = field(default_factory=dict)
    ghosts: frozenset[int] = frozenset()
    baseline_points: int = 0


#: A series of which nothing is known beforehand.
NO_PLAN = ChartPlan()


@dataclass(frozen=True)
class ControlChart:
    """A control chart: per point its value, centre, limits, part, the rule that marks it and to which side."""

    values: np.ndarray
    centres: np.ndarray
    low: np.ndarray
    high: np.ndarray
    parts: np.ndarray
    is_ghost: np.ndarray
    rules: tuple[str, ...]
    sides: np.ndarray
    direction: Direction
    is_trial: bool

    @property
    def centre(self) -> float:
        """Return the centre of the latest part."""
        return float(self.centres[-1]) if self.centres.size else math.nan

    @property
    def signals(self) -> np.ndarray:
        """Return which points a rule marks."""
        return self.sides != 0

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return per point whether it is an improvement, a concern, only high or low, or nothing."""
        return tuple(kind_of(int(side), self.direction) for side in self.sides)

    @property
    def latest(self) -> Kind:
        """Return what the latest known point says: this is the variation that a table shows for the series."""
        known = np.flatnonzero(self._counts)
        return self.kinds[known[-1]] if known.size else ""

    @property
    def is_alike(self) -> bool:
        """Return whether neighbouring points are so alike that the limits are too narrow to be shown."""
        around = self.values - self.centres
        return neighbour_correlation(around[self._counts]) >= ALIKE_FROM

    @property
    def _counts(self) -> np.ndarray:
        return ~np.isnan(self.values) & ~self.is_ghost


def xmr_chart(values: Sequence[float], screen: bool = True, plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the XmR chart (individual values) of a series: mean ± 2.66 mean moving ranges.

    Moving ranges of 3.267 times their mean or more are screened out of the mean moving range, as NHS England's
    ``NHSRplotthedots`` does (``screen_outliers``); without the screen one jump widens the limits and hides itself.
    """
    series = np.asarray(values, dtype=float)

    def limits(points: np.ndarray, base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        known = series[base]
        half = _RANGE_TO_LIMIT * _mean_range(known, screen)
        centre = float(known.mean()) if known.size else math.nan
        return centre, np.full(points.size, centre - half), np.full(points.size, centre + half)

    return _chart(series, limits, plan)


def p_chart(counts: Sequence[float], totals: Sequence[float], plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the chart of shares: centre = all counts / all totals, limits by the binomial spread of each total.

    A total of 0 gives no share. Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Raises
    ------
    WrongCall
        If a count is below 0 or above its total.
    """
    tops, bottoms = _counted(counts, totals)
    _refuse(np.flatnonzero(tops > bottoms), "monitoring.chart_count_above_total", tops)

    def limits(points: np.ndarray, base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        centre = _pooled(tops[base], bottoms[base])
        half = 3 * np.sqrt(centre * (1 - centre) / bottoms[points])
        return centre, np.maximum(centre - half, 0), np.minimum(centre + half, 1)

    return _chart(tops / bottoms, limits, plan)


def u_chart(counts: Sequence[float], exposures: Sequence[float], plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the chart of rates: centre = all events / all exposure, limits by the Poisson spread of each exposure.

    An exposure of 0 gives no rate. Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Raises
    ------
    WrongCall
        If a count is below 0.
    """
    tops, bottoms = _counted(counts, exposures)

    def limits(points: np.ndarray, base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        centre = _pooled(tops[base], bottoms[base])
        half = 3 * np.sqrt(centre / bottoms[points])
        return centre, np.maximum(centre - half, 0), centre + half

    return _chart(tops / bottoms, limits, plan)


def c_chart(counts: Sequence[float], plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the chart of counts over equal periods: centre = mean count, limits three Poisson standard deviations.

    Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Raises
    ------
    WrongCall
        If a count is below 0.
    """
    tops, _ = _counted(counts, np.ones(len(counts)))

    def limits(points: np.ndarray, base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        centre = float(tops[base].mean()) if base.size else math.nan
        half = np.full(points.size, 3 * math.sqrt(centre))
        return centre, np.maximum(centre - half, 0), centre + half

    return _chart(tops, limits, plan)


def assurance(chart: ControlChart, target: float) -> Literal["", "passes", "fails", "hit_or_miss"]:
    """Return whether a target is met as the latest part runs now: always, never, or by chance.

    Without a direction, or without limits, nothing can be said (""). The last point's limits decide, as NHS England's
    rule has it: a target beyond them on the better side is missed time and again, one on the worse side is always met.
    """
    if chart.direction == "none" or not chart.values.size or np.isnan(chart.low[-1]) or np.isnan(target):
        return ""
    if chart.low[-1] <= target <= chart.high[-1]:
        return "hit_or_miss"
    is_above = target > chart.high[-1]
    return "fails" if is_above == (chart.direction == "up") else "passes"


def neighbour_correlation(values: Sequence[float]) -> float:
    """Return the correlation of each point with the one before it (lag one, about the common mean).

    The limits of a control chart assume that it is near 0. `nan` for fewer than three points or a constant series.
    """
    series = np.asarray(values, dtype=float)
    known = series[~np.isnan(series)]
    around = known - known.mean() if known.size else known
    spread = float((around**2).sum())
    return float((around[1:] * around[:-1]).sum() / spread) if known.size >= 3 and spread > 0 else math.nan


def _chart(series: np.ndarray, limits: _Limits, plan: ChartPlan) -> ControlChart:
    parts, is_ghost = _parts(series.size, plan), np.isin(np.arange(series.size), list(plan.ghosts))
    centres, low, high = (np.full(series.size, math.nan) for _ in range(3))
    rules, sides = np.full(series.size, "", dtype=object), np.zeros(series.size, dtype=int)
    counting = ~np.isnan(series) & ~is_ghost
    for part in np.unique(parts):
        points = np.flatnonzero(parts == part)
        read = points[counting[points]]
        base = read[: plan.baseline_points] if plan.baseline_points else read
        centre, low[points], high[points] = limits(points, base)
        centres[points] = centre
        rules[read], sides[read] = special_causes(series[read], centre, low[read], high[read])
    last = counting & (parts == parts[-1]) if series.size else counting
    n_base = min(int(last.sum()), plan.baseline_points or series.size)
    return ControlChart(
        series, centres, low, high, parts, is_ghost, tuple(rules), sides, plan.direction, n_base < TRIAL_POINTS
    )


def _parts(size: int, plan: ChartPlan) -> np.ndarray:
    unnamed = [at for at, event in plan.rebased.items() if not str(event).strip()]
    outside = [at for at in plan.rebased if not 0 < at < size] + [at for at in plan.ghosts if not 0 <= at < size]
    problems = [Problem("monitoring.chart_rebase_without_event", details={"point": at + 1}) for at in unnamed]
    problems += [Problem("monitoring.chart_no_such_point", details={"point": at + 1, "points": size}) for at in outside]
    if problems:
        raise WrongCall(problems)
    starts = np.isin(np.arange(size), list(plan.rebased))
    return np.cumsum(starts)


def _mean_range(known: np.ndarray, screen: bool) -> float:
    ranges = np.abs(np.diff(known))
    if screen and ranges.size and ranges.mean() > 0:
        ranges = ranges[ranges < _RANGE_SCREEN * ranges.mean()]
    return float(ranges.mean()) if ranges.size else math.nan


def _counted(counts: Sequence[float], totals: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    tops, bottoms = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    _refuse(np.flatnonzero(tops < 0), "monitoring.chart_negative_count", tops)
    return tops, np.where(bottoms > 0, bottoms, math.nan)


def _refuse(points: np.ndarray, code: str, counts: np.ndarray) -> None:
    if points.size:
        raise WrongCall([Problem(code, value=f"{counts[at]:g}", details={"point": int(at) + 1}) for at in points])


def _pooled(tops: np.ndarray, bottoms: np.ndarray) -> float:
    return float(tops.sum() / bottoms.sum()) if bottoms.size else math.nan
