"""Waiting time by simulation: families arrive by chance, start when there are hours for them, and leave in phases.

Hours are the scarce thing, not chairs: a family takes many hours in its first months and few in its fade-out. The
line is first come, first served. Time is in months from the day of the calculation; hours are whole hundredths of an
hour a week, so that sums are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall

#: Hundredths of an hour a week: the unit of hours inside the simulation.
UNITS_PER_HOUR = 100

#: A course inside the simulation: (months, units held) of each phase in order.
Course = list[tuple[float, int]]


@dataclass(frozen=True)
class Demand:
    """What comes to the coordinators and how long it stays.

    Parameters
    ----------
    starts_per_month
        Families a month that say yes to a place; arrivals are Poisson.
    phases
        (months, hours per week) of each phase of the planned course for a family of weight 1.
    weights
        Weights to draw from, one per family known.
    course_variation
        Coefficient of variation of the length of the longest phase (gamma distributed); 0 for always as planned.
    share_dropping_out
        Share of families that leave at a random point of their course.
    """

    starts_per_month: float
    phases: tuple[tuple[float, float], ...]
    weights: tuple[float, ...] = (1.0,)
    course_variation: float = 0.0
    share_dropping_out: float = 0.0


@dataclass(frozen=True)
class Situation:
    """The line and the caseload on the first day.

    Parameters
    ----------
    present
        What is left of each present family's course: (months, hours per week), weight included.
    waiting_months
        How long each family in the line has waited, longest first.
    """

    present: tuple[tuple[tuple[float, float], ...], ...] = ()
    waiting_months: tuple[float, ...] = ()


@dataclass(frozen=True)
class Draw:
    """What chance decided in one replication: when families arrive (sorted) and the course of each."""

    arrivals: list[float]
    courses: list[Course]
    present: list[Course] = field(default_factory=list)

    @cached_property
    def holds(self) -> list[tuple[int, Course]]:
        """Return what each arriving family holds and gives back (see `releases`)."""
        return [releases(course) for course in self.courses]


def draw_replications(
    demand: Demand, situation: Situation, horizon_months: float, n_replications: int, seed: int
) -> list[Draw]:
    """Return what chance decides in each replication; the same seed gives the same draws.

    Arrivals before 0 are families already waiting; those within the horizon are new.
    """
    rng = np.random.default_rng(seed)
    present = [to_units(course) for course in situation.present]
    return [_draw(rng, demand, situation, horizon_months, present) for _ in range(n_replications)]


def _draw(
    rng: np.random.Generator, demand: Demand, situation: Situation, horizon: float, present: list[Course]
) -> Draw:
    n_new = rng.poisson(demand.starts_per_month * horizon)
    new = np.sort(rng.uniform(0, horizon, n_new)).tolist()
    arrivals = [-months for months in sorted(situation.waiting_months, reverse=True)] + new
    n = len(arrivals)
    weights = rng.choice(np.asarray(demand.weights), n).tolist()
    stretch = _stretch(rng, demand.course_variation, n)
    cut = np.where(rng.random(n) < demand.share_dropping_out, rng.random(n), 1.0).tolist()
    longest = max(range(len(demand.phases)), key=lambda i: demand.phases[i][0])
    courses = [_course(demand.phases, longest, *each) for each in zip(weights, stretch, cut, strict=True)]
    return Draw(arrivals, courses, present)


def _stretch(rng: np.random.Generator, variation: float, n: int) -> list[float]:
    if variation <= 0:
        return [1.0] * n
    return rng.gamma(1 / variation**2, variation**2, n).tolist()


def _course(phases: Sequence, longest: int, weight: float, stretch: float, cut: float) -> Course:
    months = [length * stretch if i == longest else length for i, (length, _) in enumerate(phases)]
    left, course = cut * sum(months), []
    for length, (_, hours) in zip(months, phases, strict=True):
        if left <= 0:
            break
        course.append((min(length, left), hours * weight))
        left -= length
    return to_units([step for step in course if step[0] > 0])


def to_units(course: Sequence[tuple[float, float]]) -> Course:
    """Return a course with its hours per week in whole units."""
    return [(months, round(hours * UNITS_PER_HOUR)) for months, hours in course]


def releases(course: Course) -> tuple[int, Course]:
    """Return the units to keep free when a family starts, and (months, units given back) as its phases end.

    Enough is kept free for the heaviest phase still to come, so that nobody who has started runs out of hours.
    """
    held, steps, heaviest = [], [], 0
    for _, units in reversed(course):
        heaviest = max(heaviest, units)
        held.append(heaviest)
    held = held[::-1] + [0]
    months = 0.0
    for (length, _), now, after in zip(course, held[:-1], held[1:], strict=True):
        months += length
        if after < now:
            steps.append((months, now - after))
            months = 0.0
    return held[0], steps


def start_times(draw: Draw, capacity: int) -> list[float]:
    """Return when each arriving family starts, first come, first served.

    Parameters
    ----------
    draw
        One replication.
    capacity
        Units the coordinators have. More may be in use on the first day: then nobody starts until enough is free.

    Raises
    ------
    WrongCall
        If one family needs more than the whole capacity.

    Notes
    -----
    Because the line is first come, first served, the next start depends on earlier ones only; the events that matter
    are the hours given back, kept in a heap.
    """
    queue, used = _present_load(draw.present)
    starts, now = [], 0.0
    for arrival, (need, steps) in zip(draw.arrivals, draw.holds, strict=True):
        if arrival > now:
            now = arrival
        while queue and queue[0][0] <= now:
            used -= heappop(queue)[1]
        while used + need > capacity:
            if not queue:
                raise WrongCall(Problem("staffing.too_few_hours"))
            now, units = heappop(queue)
            used -= units
        starts.append(now)
        used += need
        time = now
        for months, units in steps:
            time += months
            heappush(queue, (time, units))
    return starts


def _present_load(present: Sequence[Course]) -> tuple[list, int]:
    queue, used = [], 0
    for course in present:
        need, steps = releases(course)
        used, time = used + need, 0.0
        for months, units in steps:
            time += months
            queue.append((time, units))
    heapify(queue)
    return queue, used


def load_at(times: Sequence[float], starts: Sequence[float], courses: Sequence[Course]) -> np.ndarray:
    """Return the hours per week in use at each time, from starts and courses (a phase counts with its own hours)."""
    moments, changes = [], []
    for start, course in zip(starts, courses, strict=True):
        end = start
        for months, units in course:
            moments += [end, end + months]
            changes += [units, -units]
            end += months
    order = np.argsort(moments, kind="stable")
    running = np.concatenate([[0], np.cumsum(np.asarray(changes, dtype=int)[order])])
    return running[np.searchsorted(np.asarray(moments, dtype=float)[order], times, side="right")] / UNITS_PER_HOUR


def waiting_by_capacity(
    draws: Sequence[Draw], capacities: Sequence[float], horizon_months: float, limit_months: float
) -> pd.DataFrame:
    """Return how long new families wait and how many start and leave, one row per capacity.

    Parameters
    ----------
    draws
        Replications; the same ones are used for every capacity, so that differences are not chance.
    capacities
        Hours per week for families.
    limit_months
        Wait that should not be exceeded.

    Returns
    -------
    ``capacity``; ``wait_months`` (mean over replications of the mean wait of families arriving within the horizon),
    ``wait_mean_low/high`` (95 % interval of that mean), ``wait_low/high`` (5th and 95th percentile over
    replications), ``share_over_limit``, ``started_per_month`` and ``left_per_month`` with ``_low/_high`` (same
    percentiles), ``utilisation`` (share of the hours in use over the horizon), ``n_waiting_end`` (mean).
    """
    rows = [_summary(draws, capacity, horizon_months, limit_months) for capacity in capacities]
    return pd.DataFrame(rows)


def _summary(draws: Sequence[Draw], capacity: float, horizon: float, limit: float) -> dict:
    runs = pd.DataFrame([_one_run(draw, capacity, horizon, limit) for draw in draws])
    summary = {"capacity": capacity}
    for name in ("wait", "started_per_month", "left_per_month"):
        low, high = np.nanquantile(runs[name], [0.05, 0.95]) if runs[name].notna().any() else (np.nan, np.nan)
        unit = "_months" if name == "wait" else ""
        summary |= {f"{name}{unit}": runs[name].mean(), f"{name}_low": low, f"{name}_high": high}
    error = 1.96 * runs["wait"].std() / np.sqrt(runs["wait"].count()) if len(runs) > 1 else np.nan
    means = {name: runs[name].mean() for name in ("share_over_limit", "utilisation", "n_waiting_end")}
    wait = summary["wait_months"]
    return {**summary, "wait_mean_low": float(np.maximum(0.0, wait - error)), "wait_mean_high": wait + error, **means}


def _one_run(draw: Draw, capacity: float, horizon: float, limit: float) -> dict:
    starts = start_times(draw, round(capacity * UNITS_PER_HOUR))
    arrived, started = np.asarray(draw.arrivals, dtype=float), np.asarray(starts, dtype=float)
    new = arrived >= 0
    waits = (started - arrived)[new]
    lengths = [sum(months for months, _ in course) for course in draw.courses]
    ends = np.concatenate([started + lengths, [sum(m for m, _ in course) for course in draw.present]])
    midpoints = np.arange(0.5, horizon)
    in_use = load_at(midpoints, [*starts, *([0.0] * len(draw.present))], [*draw.courses, *draw.present])
    return {
        "wait": waits.mean() if len(waits) else np.nan,
        "share_over_limit": (waits > limit).mean() if len(waits) else np.nan,
        "started_per_month": (started < horizon).sum() / horizon,
        "left_per_month": (ends < horizon).sum() / horizon,
        "utilisation": in_use.mean() / capacity,
        "n_waiting_end": int((started >= horizon).sum()),
    }
