"""What chance decides in the simulation: when families arrive, how long they stay, who drops out and who comes back.

Time is in months from the day of the calculation; hours are whole hundredths of an hour a week, so that sums are exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from helhed.errors import Problem, WrongCall
from helhed.staffing.course_lengths import Length

#: Hundredths of an hour a week: the unit of hours inside the simulation.
UNITS_PER_HOUR = 100

#: A course inside the simulation: (months, units held) of each phase in order.
Course = list[tuple[float, int]]
#: Units given back one after another: (months, units, the chain after them), empty at the end.
Chain = tuple


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
    lengths
        How the length of each phase varies; empty for always as planned.
    share_dropping_out
        Share of families that leave at a random point of their course.
    share_returning
        Share of families that have left and come back to the line, for a whole new course.
    months_to_return
        Mean months from leaving to coming back (exponential).

    Raises
    ------
    WrongCall
        If a number is negative, the share that returns is not below 1, or the phases add to nothing.
    """

    starts_per_month: float
    phases: tuple[tuple[float, float], ...]
    weights: tuple[float, ...] = (1.0,)
    lengths: tuple[Length, ...] = ()
    share_dropping_out: float = 0.0
    share_returning: float = 0.0
    months_to_return: float = 6.0

    def __post_init__(self):
        given = [self.starts_per_month, self.months_to_return, *self.weights, *sum(self.phases, ())]
        if not all(0 <= value < float("inf") for value in given):
            raise WrongCall(Problem("staffing.demand_numbers"))
        if not (0 <= self.share_dropping_out <= 1 and 0 <= self.share_returning < 1):
            raise WrongCall(Problem("staffing.demand_shares"))
        lightest = min(self.weights, default=0) * max((hours for months, hours in self.phases if months), default=0)
        if not round(lightest * UNITS_PER_HOUR):
            raise WrongCall(Problem("staffing.empty_course"))

    @property
    def phase_lengths(self) -> tuple[Length, ...]:
        """Return the distribution of each phase's length."""
        return self.lengths or tuple(Length(months) for months, _ in self.phases)

    @property
    def mean_stay_months(self) -> float:
        """Return the mean months from start to leaving; those who drop out leave half-way on average."""
        return sum(months for months, _ in self.phases) * (1 - self.share_dropping_out / 2)

    @property
    def mean_hours(self) -> float:
        """Return the hours per week that a family keeps from others, the mean over its stay and over the weights.

        A family keeps the hours of the heaviest phase still to come (see `kept_free`).
        """
        kept = accumulate(reversed([hours for _, hours in self.phases]), max)
        hours = list(kept)[::-1]
        whole, begun, total = sum(months for months, _ in self.phases), 0.0, 0.0
        for (months, _), each in zip(self.phases, hours, strict=True):
            # The mean months in this phase of a family that leaves at a random point of its course.
            partly = months * (whole - begun - months / 2) / whole
            total += each * (months * (1 - self.share_dropping_out) + partly * self.share_dropping_out)
            begun += months
        return float(np.mean(self.weights)) * total / self.mean_stay_months

    @property
    def load_hours(self) -> float:
        """Return the hours per week that all families keep in the long run, those who come back included."""
        return self.starts_per_month / (1 - self.share_returning) * self.mean_stay_months * self.mean_hours


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


class Phases(NamedTuple):
    """Courses as arrays, one row each: months and units of their phases in order, 0 where a course has fewer."""

    months: np.ndarray
    units: np.ndarray


@dataclass(frozen=True)
class Draw:
    """What chance decided in one replication: when families arrive (sorted) and the course of each.

    ``returns`` says of a family (its place among the courses) as which further course it comes back, and how many
    months after it started. Courses beyond the number of arrivals are such returns.
    """

    arrivals: list[float]
    courses: list[Course]
    present: list[Course] = field(default_factory=list)
    returns: dict[int, tuple[int, float]] = field(default_factory=dict)

    @cached_property
    def holds(self) -> list[tuple[int, Chain]]:
        """Return what each arriving family holds and gives back (see `kept_free`)."""
        return [kept_free(course) for course in self.courses]

    @cached_property
    def heaviest(self) -> int:
        """Return the most units that a family needs to start; 0 without families."""
        return max((need for need, _ in self.holds), default=0)

    @cached_property
    def phases(self) -> Phases:
        """Return the courses, then what is left of those of the present families, as arrays."""
        return phases_of([*self.courses, *self.present])

    @cached_property
    def at_first(self) -> tuple[list[tuple[float, int]], int]:
        """Return when the present families give back which units (a heap), and the units they hold on the first day."""
        queue, used = [], 0
        for course in self.present:
            need, steps = releases(course)
            used, time = used + need, 0.0
            for months, units in steps:
                time += months
                queue.append((time, units))
        return sorted(queue), used


def draw_replications(
    demand: Demand, situation: Situation, horizon_months: float, n_replications: int, seed: int
) -> list[Draw]:
    """Return what chance decides in each replication; the same seed gives the same draws.

    Arrivals before 0 are families already waiting; those within the horizon are new.
    """
    return list(replications(demand, situation, horizon_months, n_replications, seed))


def replications(
    demand: Demand, situation: Situation, horizon_months: float, n_replications: int, seed: int
) -> Iterator[Draw]:
    """Yield the draws of `draw_replications` one at a time, for those who look at each only once."""
    rng = np.random.default_rng(seed)
    present = [to_units(course) for course in situation.present]
    for _ in range(n_replications):
        yield _draw(rng, demand, situation, horizon_months, present)


def _draw(
    rng: np.random.Generator, demand: Demand, situation: Situation, horizon: float, present: list[Course]
) -> Draw:
    n_new = rng.poisson(demand.starts_per_month * horizon)
    new = np.sort(rng.uniform(0, horizon, n_new)).tolist()
    arrivals = [-months for months in sorted(situation.waiting_months, reverse=True)] + new
    weights = rng.choice(np.asarray(demand.weights), len(arrivals))
    courses = _courses(rng, demand, weights)
    if not demand.share_returning:
        return Draw(arrivals, courses, present)
    back = _present_coming_back(rng, demand, present, horizon)
    arrivals, weights = [*arrivals, *back], np.concatenate([weights, rng.choice(np.asarray(demand.weights), len(back))])
    courses += _courses(rng, demand, weights[len(courses) :])
    order = sorted(range(len(arrivals)), key=arrivals.__getitem__)
    draw = Draw([arrivals[i] for i in order], [courses[i] for i in order], present)
    _add_returns(rng, demand, weights[order], draw)
    return draw


def _present_coming_back(rng: np.random.Generator, demand: Demand, present: list[Course], horizon: float) -> list:
    comes = rng.random(len(present)) < demand.share_returning
    gaps = rng.exponential(demand.months_to_return, len(present)).tolist()
    left = [months_of(course) for course in present]
    moments = [end + gap for end, gap, back in zip(left, gaps, comes, strict=True) if back]
    return [moment for moment in moments if moment < horizon]


def _add_returns(rng: np.random.Generator, demand: Demand, weights: np.ndarray, draw: Draw) -> None:
    """Add the courses of those who come back, and of those of them who come back again."""
    last = np.arange(len(draw.courses))
    while len(last):
        back = last[rng.random(len(last)) < demand.share_returning]
        gaps = rng.exponential(demand.months_to_return, len(back))
        after = [months_of(draw.courses[family]) + gap for family, gap in zip(back, gaps.tolist(), strict=True)]
        last = np.arange(len(draw.courses), len(draw.courses) + len(back))
        draw.returns.update(zip(back.tolist(), zip(last.tolist(), after, strict=True), strict=True))
        weights = np.concatenate([weights, weights[back]])
        draw.courses.extend(_courses(rng, demand, weights[last]))


def _courses(rng: np.random.Generator, demand: Demand, weights: np.ndarray) -> list[Course]:
    n = len(weights)
    months = np.column_stack([length.draw(rng, n) for length in demand.phase_lengths])
    drops_out = rng.random(n) < demand.share_dropping_out
    stays = rng.random(n) * months.sum(axis=1)
    begun = np.cumsum(months, axis=1) - months
    months = np.where(drops_out[:, None], np.clip(stays[:, None] - begun, 0, months), months)
    hours = np.outer(weights, [each for _, each in demand.phases])
    units = np.rint(hours * UNITS_PER_HOUR).astype(int)
    phases = (zip(*(part.tolist() for part in phase), strict=True) for phase in zip(months.T, units.T, strict=True))
    return [[step for step in course if step[0] > 0] for course in zip(*phases, strict=True)]


def to_units(course: Sequence[tuple[float, float]]) -> Course:
    """Return a course with its hours per week in whole units."""
    return [(months, round(hours * UNITS_PER_HOUR)) for months, hours in course]


def phases_of(courses: Sequence[Course]) -> Phases:
    """Return courses as arrays."""
    n_phases = np.array([len(course) for course in courses], dtype=int)
    is_one = np.arange(n_phases.max(initial=0)) < n_phases[:, None]
    steps = np.array([step for course in courses for step in course], dtype=float).reshape(-1, 2)
    phases = Phases(np.zeros(is_one.shape), np.zeros(is_one.shape))
    for part, of_steps in zip(phases, steps.T, strict=True):
        part[is_one] = of_steps
    return phases


def months_of(course: Course) -> float:
    """Return the length of a course in months."""
    return sum(months for months, _ in course)


def kept_free(course: Course) -> tuple[int, Chain]:
    """Return the units to keep free when a family starts, and the chain of what it gives back as its phases end.

    Enough is kept free for the heaviest phase still to come, so that nobody who has started runs out of hours. A
    course that holds nothing gives back nothing at once.
    """
    held, chain = 0, ()
    for months, units in reversed(course):
        if units > held:
            chain = (months, units - held, chain)
            held = units
        elif chain:
            before, given_back, later = chain
            chain = (before + months, given_back, later)
    return held, chain or (0.0, 0, ())


def releases(course: Course) -> tuple[int, Course]:
    """Return the units to keep free when a family starts, and (months, units given back) as its phases end.

    The same as `kept_free`, as a list.
    """
    held, chain = kept_free(course)
    steps = []
    while chain:
        months, units, chain = chain
        steps.append((months, units))
    return held, steps
