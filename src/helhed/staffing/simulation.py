"""Waiting time by simulation: families start when there are hours for them, and give the hours back phase by phase.

Hours are the scarce thing, not chairs: a family takes many hours in its first months and few in its fade-out. The
line is first come, first served. Time and hours as in `helhed.staffing.simulation_draws`.
"""

import math
from collections.abc import Sequence
from heapq import heapify, heappop, heappush, heapreplace
from itertools import pairwise

import numpy as np

from helhed.errors import Problem, WrongCall
from helhed.staffing.simulation_draws import UNITS_PER_HOUR, Course, Draw, Phases, phases_of


def start_times(draw: Draw, capacity: int | Sequence[tuple[float, int]]) -> list[float]:
    """Return when each family starts, first come, first served; returning families too, in the order of the courses.

    Parameters
    ----------
    draw
        One replication.
    capacity
        Units the coordinators have: one number, or (month from which, units) in order, the first in force from the
        first day. More may be in use than there are, on the first day or when a coordinator leaves: then nobody
        starts until enough is free.

    Raises
    ------
    WrongCall
        If one family needs more than there is when nobody else is left.

    Notes
    -----
    Because the line is first come, first served, the next start depends on earlier ones only; the events that matter
    are the hours given back, kept in a heap: of each family the next time only, which carries those after it. A change
    of the capacity is an event of the same kind.
    """
    present, used = draw.at_first
    capacity, changes = _changes(capacity)
    # With the end of time in it the heap is never empty.
    queue = [(month, units, ()) for month, units in (*present, *changes, (math.inf, 0))]
    heapify(queue)
    first, holds, returns, back = [*draw.arrivals, math.inf], draw.holds, draw.returns, []
    starts, now, place, pop, push, follow = [math.nan] * len(holds), 0.0, 0, heappop, heappush, heapreplace
    for _ in holds:
        if back and back[0][0] <= first[place]:
            arrival, family = pop(back)
        else:
            arrival, family = first[place], place
            place += 1
        if arrival > now:
            now = arrival
        need, (months, released, later) = holds[family]
        time, units, rest = queue[0]
        while time <= now or used + need > capacity:
            if time > now:
                now = _before_the_end(time)
            used -= units
            if rest:
                wait, units, rest = rest
                follow(queue, (time + wait, units, rest))
            else:
                pop(queue)
            time, units, rest = queue[0]
        starts[family] = now
        used += need
        push(queue, (now + months, released, later))
        if family in returns:
            follows, months = returns[family]
            push(back, (now + months, follows))
    return starts


def _before_the_end(time: float) -> float:
    if time == math.inf:
        raise WrongCall(Problem("staffing.too_few_hours"))
    return time


def _changes(capacity: int | Sequence[tuple[float, int]]) -> tuple[int, list[tuple[float, int]]]:
    """Return the units of the first day, and when which units come (or, below 0, go)."""
    if isinstance(capacity, int):
        return capacity, []
    later = [(month, units - before) for (_, before), (month, units) in pairwise(capacity) if units != before]
    return capacity[0][1], later


def arrival_times(draw: Draw, starts: Sequence[float]) -> list[float]:
    """Return when each family joins the line, in the order of the courses: returning families when they come back."""
    arrivals = draw.arrivals + [math.nan] * (len(draw.courses) - len(draw.arrivals))
    for family, (follows, months) in draw.returns.items():
        arrivals[follows] = starts[family] + months
    return arrivals


def ready_times(draw: Draw) -> list[float]:
    """Return when each family would start if nobody had to wait; families already waiting start at once."""
    ready = [max(0.0, arrival) for arrival in draw.arrivals]
    ready += [math.nan] * (len(draw.courses) - len(ready))
    for family, (follows, months) in draw.returns.items():
        ready[follows] = ready[family] + months
    return ready


def load_at(times: Sequence[float], starts: Sequence[float], courses: Sequence[Course]) -> np.ndarray:
    """Return the hours per week in use at each time, from starts and courses (a phase counts with its own hours)."""
    return load_of_phases(times, starts, phases_of(courses))


def load_of_phases(times: Sequence[float], starts: Sequence[float], phases: Phases) -> np.ndarray:
    """Return what `load_at` does, from the courses as arrays."""
    order = np.argsort(times, kind="stable")
    ends = np.add.accumulate(np.column_stack([np.asarray(starts, dtype=float), phases.months]), axis=1)
    moments = np.concatenate([ends[:, :-1].ravel(), ends[:, 1:].ravel()])
    changes = np.concatenate([phases.units.ravel(), -phases.units.ravel()])
    # From the first time on that is not before the moment the change counts.
    places = np.searchsorted(np.asarray(times, dtype=float)[order], moments, side="left")
    running = np.cumsum(np.bincount(places, changes, len(order) + 1))[:-1]
    return running[np.argsort(order, kind="stable")] / UNITS_PER_HOUR
