"""Control charts (SPC) as functions on plain sequences: XmR for values, p for shares, u for rates, c for counts.

A missing value keeps its place and is left out of every calculation. A ghosted point is shown and left out in the same
way: something known and named made it another thing than the rest. The centre and limits start anew only at a stated
event (`ChartPlan.rebased`); below `TRIAL_POINTS` points they are marked as trial limits.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, get_args

import numpy as np

from helhed.errors import Problem, WrongCall
from helhed.monitoring.given import counted, numbers
from helhed.monitoring.special_causes import Direction, Kind, beyond_limits, kind_of, special_causes

#: Fewest points for limits that are more than a trial (NHS England, Making Data Count).
TRIAL_POINTS = 12
#: From this correlation between neighbouring points the moving range says too little about chance (own choice).
ALIKE_FROM = 0.5
#: Mean moving range to three standard deviations (3 / 1.128, rounded as in the published method).
_RANGE_TO_LIMIT = 2.66
#: A moving range above this many mean moving ranges is an outlier (D4 for ranges of two points).
_RANGE_SCREEN = 3.267


class _Limits(NamedTuple):
    """The centre of a part, how far from it the limits lie at each point, and where values cannot go on."""

    centre: float
    half: np.ndarray
    lowest: float = -math.inf
    highest: float = math.inf


#: Points of one part, and which of them the limits rest on, to its limits.
_Law = Callable[[np.ndarray, np.ndarray], _Limits]


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
    """Return the X half of the XmR chart (individual values) of a series: mean ± 2.66 mean moving ranges.

    Moving ranges of 3.267 times their mean or more are screened out of the mean moving range, as NHS England's
    ``NHSRplotthedots`` does (``screen_outliers``); without the screen one jump widens the limits and hides itself. A
    missing value has no range to its neighbours; over a ghosted point the range goes from neighbour to neighbour. Where
    the ranges tell nothing, being all 0 though the points differ, there are no limits.
    """
    series = numbers(values)

    def limits(points: np.ndarray, base: np.ndarray) -> _Limits:
        mean_range = _mean(_screened(_ranges(series, base)[1], screen))
        # Points that differ though no neighbours do: the ranges tell nothing, and limits of no width mark everything.
        half = math.nan if mean_range == 0 and np.ptp(series[base]) > 0 else _RANGE_TO_LIMIT * mean_range
        return _Limits(_mean(series[base]), np.full(points.size, half))

    return _chart(series, limits, plan)


def moving_range_chart(values: Sequence[float], screen: bool = True, plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the mR half of the XmR chart: how far each point lies from the one before it, up to 3.267 mean ranges.

    The ranges share points, so the rules of runs and trends do not hold for them: only a range beyond the limit is
    marked. The first point of a part has no range. ``screen`` and ``plan`` as in `xmr_chart`.
    """
    series = numbers(values)
    parts, counting = _parts(series.size, plan), _counting(series, plan)
    ranges = np.full(series.size, math.nan)
    for part in np.unique(parts):
        to, found = _ranges(series, np.flatnonzero(counting & (parts == part)))
        ranges[to] = found

    def limits(points: np.ndarray, base: np.ndarray) -> _Limits:
        centre = _mean(_screened(ranges[base], screen))
        return _Limits(centre, np.full(points.size, (_RANGE_SCREEN - 1) * centre), lowest=0.0)

    n_ranges = max(plan.baseline_points - 1, 1) if plan.baseline_points else 0
    chart = _chart(ranges, limits, replace(plan, direction="none", baseline_points=n_ranges))
    is_far = beyond_limits(chart.values, chart.low, chart.high) * chart._counts
    rules = tuple("beyond_limits" if far else "" for far in is_far)
    return replace(chart, sides=is_far, rules=rules, is_trial=xmr_chart(values, screen, plan).is_trial)


def p_chart(counts: Sequence[float], totals: Sequence[float], plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the chart of shares: centre = all counts / all totals, limits by the binomial spread of each total.

    A total of 0 gives no share. Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Raises
    ------
    WrongCall
        If a count is below 0 or above its total, a total is below 0, or there are not as many of both.
    """
    tops, bottoms = counted(counts, totals)
    _refuse(np.flatnonzero(tops > numbers(totals)), "monitoring.chart_count_above_total", tops)

    def limits(points: np.ndarray, base: np.ndarray) -> _Limits:
        centre = _pooled(tops[base], bottoms[base])
        return _Limits(centre, 3 * np.sqrt(centre * (1 - centre) / bottoms[points]), 0.0, 1.0)

    return _chart(tops / bottoms, limits, plan)


def u_chart(counts: Sequence[float], exposures: Sequence[float], plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the chart of rates: centre = all events / all exposure, limits by the Poisson spread of each exposure.

    An exposure of 0 gives no rate. Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Raises
    ------
    WrongCall
        If a count or an exposure is below 0, or there are not as many of both.
    """
    tops, bottoms = counted(counts, exposures)

    def limits(points: np.ndarray, base: np.ndarray) -> _Limits:
        centre = _pooled(tops[base], bottoms[base])
        return _Limits(centre, 3 * np.sqrt(centre / bottoms[points]), lowest=0.0)

    return _chart(tops / bottoms, limits, plan)


def c_chart(counts: Sequence[float], plan: ChartPlan = NO_PLAN) -> ControlChart:
    """Return the chart of counts over equal periods: centre = mean count, limits three Poisson standard deviations.

    Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Raises
    ------
    WrongCall
        If a count is below 0.
    """
    tops = numbers(counts)
    counted(tops, np.ones(tops.size))

    def limits(points: np.ndarray, base: np.ndarray) -> _Limits:
        centre = _mean(tops[base])
        return _Limits(centre, np.full(points.size, 3 * math.sqrt(centre)), lowest=0.0)

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


def _chart(series: np.ndarray, law: _Law, plan: ChartPlan) -> ControlChart:
    parts, counting = _parts(series.size, plan), _counting(series, plan)
    centres, low, high = (np.full(series.size, math.nan) for _ in range(3))
    rules, sides = np.full(series.size, "", dtype=object), np.zeros(series.size, dtype=int)
    for part in np.unique(parts):
        points = np.flatnonzero(parts == part)
        read = points[counting[points]]
        found = law(points, read[: plan.baseline_points] if plan.baseline_points else read)
        low[points] = np.maximum(found.centre - found.half, found.lowest)
        high[points] = np.minimum(found.centre + found.half, found.highest)
        centres[points] = found.centre
        half = found.half[np.isin(points, read)]
        rules[read], sides[read] = special_causes(series[read], found.centre, low[read], high[read], half)
    last = counting & (parts == parts[-1]) if series.size else counting
    n_base = min(int(last.sum()), plan.baseline_points or series.size)
    is_ghost = np.isin(np.arange(series.size), list(plan.ghosts))
    return ControlChart(
        series, centres, low, high, parts, is_ghost, tuple(rules), sides, plan.direction, n_base < TRIAL_POINTS
    )


def _counting(series: np.ndarray, plan: ChartPlan) -> np.ndarray:
    return ~np.isnan(series) & ~np.isin(np.arange(series.size), list(plan.ghosts))


def _parts(size: int, plan: ChartPlan) -> np.ndarray:
    unnamed = [at for at, event in plan.rebased.items() if not str(event).strip()]
    outside = [at for at in plan.rebased if not 0 < at < size] + [at for at in plan.ghosts if not 0 <= at < size]
    problems = [Problem("monitoring.chart_rebase_without_event", details={"point": at + 1}) for at in unnamed]
    problems += [Problem("monitoring.chart_no_such_point", details={"point": at + 1, "points": size}) for at in outside]
    if plan.direction not in get_args(Direction):
        known = ", ".join(get_args(Direction))
        problems.append(Problem("monitoring.chart_no_direction", value=str(plan.direction), details={"known": known}))
    if plan.baseline_points < 0:
        problems.append(Problem("monitoring.chart_negative_baseline", value=str(plan.baseline_points)))
    if problems:
        raise WrongCall(problems)
    starts = np.isin(np.arange(size), list(plan.rebased))
    return np.cumsum(starts)


def _ranges(series: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that have a range to the point before them, and the ranges; none over a missing value."""
    n_missing = np.cumsum(np.isnan(series))[base]
    is_next = np.diff(n_missing) == 0
    return base[1:][is_next], np.abs(np.diff(series[base]))[is_next]


def _screened(ranges: np.ndarray, screen: bool) -> np.ndarray:
    """Return the ranges without outliers; all of them where only ranges of 0 would be left to judge by."""
    kept = ranges[ranges < _RANGE_SCREEN * _mean(ranges)] if screen else ranges
    return kept if kept.any() else ranges


def _mean(known: np.ndarray) -> float:
    return float(known.mean()) if known.size else math.nan


def _refuse(points: np.ndarray, code: str, counts: np.ndarray) -> None:
    if points.size:
        raise WrongCall([Problem(code, value=f"{counts[at]:g}", details={"point": int(at) + 1}) for at in points])


def _pooled(tops: np.ndarray, bottoms: np.ndarray) -> float:
    return float(tops.sum() / bottoms.sum()) if bottoms.size else math.nan
