"""What the simulation says of the long run, where the start is forgotten: to hold it against theory, not to plan."""

import math
from dataclasses import dataclass

import numpy as np

from helhed.staffing.course_lengths import Length
from helhed.staffing.given_numbers import require_positive
from helhed.staffing.queueing import mean_wait_general, refuse_endless, relaxation_time
from helhed.staffing.simulation_draws import Demand, Situation, replications
from helhed.staffing.simulation_summary import mean_of_all, waits_between

#: The warm-up of a long-run figure, in relaxation times: what is left of the start is then e^-5, under 1 %.
RELAXATION_TIMES = 5
#: What is counted after it: as many relaxation times, and at least as many months.
MEASURED_TIMES, LEAST_MEASURED = 10, 600.0
#: With more places hardly anybody waits at four fifths in use, and there would be nothing to compare.
MOST_CHECKED = 24


@dataclass(frozen=True)
class LongRun:
    """The long-run wait of a flow of families with so many hours per week, start of the simulation left out.

    ``wait_months`` with its 95 % interval ``low``-``high``; ``share_over_limit`` of the families wait longer than the
    limit; ``warm_up_months`` were left out and ``measured_months`` counted in each of ``n_replications`` from ``seed``.
    ``theory_months`` is what theory says (see `theoretical_wait`), missing where it says nothing.
    """

    hours_per_week: float
    wait_months: float
    low: float
    high: float
    share_over_limit: float
    warm_up_months: float
    measured_months: float
    n_replications: int
    seed: int
    theory_months: float

    @property
    def covers_theory(self) -> bool:
        """Return whether the interval holds what theory says."""
        return self.low <= self.theory_months <= self.high


def long_run_wait(
    demand: Demand,
    hours_per_week: float,
    *,
    limit_months: float = 1.0,
    measured_months: float | None = None,
    n_replications: int = 60,
    seed: int = 42,
    warm_up_months: float | None = None,
) -> LongRun:
    """Return the wait that settles in the long run, for comparison with theory. A plan is not made from it.

    The simulation begins empty, so its first months are not the long run. They are left out: five relaxation times
    of the queue (`helhed.staffing.queueing.relaxation_time`) unless a warm-up is given. As many months as make ten
    relaxation times are counted, at least 600, unless a number is given: a queue close to its limit remembers long, and
    few replications of a short time would miss its long waits.

    Raises
    ------
    WrongCall
        If the families need all the hours or more: then the queue never settles. The message says what would end it.
    """
    refuse_endless(demand.load_hours, hours_per_week, demand.starts_per_month)
    servers = max(1.0, hours_per_week / demand.mean_hours)
    settles = relaxation_time(demand.load_hours / hours_per_week, demand.mean_stay_months, servers)
    warm_up = RELAXATION_TIMES * settles if warm_up_months is None else warm_up_months
    measured = max(LEAST_MEASURED, MEASURED_TIMES * settles) if measured_months is None else measured_months
    end = warm_up + measured
    draws = replications(demand, Situation(), end, n_replications, seed)
    waits = [waits_between(draw, [(0.0, hours_per_week)], warm_up, end)[0] for draw in draws]
    counts = np.array([len(each) for each in waits])
    mean, low, high = mean_of_all(np.array([each.sum() for each in waits]), counts)
    late = mean_of_all(np.array([(each > limit_months).sum() for each in waits]), counts)[0]
    theory = theoretical_wait(demand, hours_per_week)
    return LongRun(hours_per_week, mean, low, high, late, warm_up, measured, n_replications, seed, theory)


def theoretical_wait(demand: Demand, hours_per_week: float) -> float:
    """Return the long-run mean wait in months by theory; missing where theory has no formula for these courses.

    It has one where every family keeps the same hours throughout: a family then is one place taken, and there are as
    many places as go into the hours. With one exponential phase it is exact (M/M/c), else the approximation of Lee
    and Longton (M/G/c; exact for one place). Different weights, hours that change, drop-out and return have none.
    """
    phases = [(months, round(hours, 9)) for months, hours in demand.phases if months > 0]
    same_hours = len({hours for _, hours in phases}) == 1 and len(set(demand.weights)) == 1
    if not same_hours or demand.share_dropping_out or demand.share_returning:
        return math.nan
    each = phases[0][1] * demand.weights[0]
    stay = demand.mean_stay_months
    variance = sum((length.months * length.coefficient_of_variation) ** 2 for length in demand.phase_lengths)
    # 1e-9: 24 places at 2.5 hours must not become 23.
    servers = math.floor(hours_per_week / each + 1e-9)
    return mean_wait_general(demand.starts_per_month, stay, servers, math.sqrt(variance) / stay)


def checked_against_theory(places: int, stay_months: float, seed: int, utilisation: float = 0.8) -> LongRun:
    """Return the simulation's long-run wait of a queue whose exact wait is known, with as many places as here.

    Parameters
    ----------
    places
        Families present at a time; at least 1 and at most `MOST_CHECKED` of them are simulated.
    stay_months
        Mean stay; taken to be exponential, because theory is exact then.
    utilisation
        Share of the places in use.
    """
    require_positive(places=places, stay_months=stay_months, utilisation=utilisation)
    places = max(1, min(places, MOST_CHECKED))
    demand = Demand(
        utilisation * places / stay_months, ((stay_months, 1.0),), lengths=(Length(stay_months, "exponential"),)
    )
    return long_run_wait(demand, float(places), n_replications=150, seed=seed)
