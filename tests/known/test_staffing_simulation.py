"""The event loop against simpy on the same draws, and against queueing theory where it applies."""

import numpy as np
import pytest
import simpy

from helhed.staffing import queueing
from helhed.staffing.simulation import Demand, Draw, Situation, draw_replications, releases, start_times

FULL = Demand(
    starts_per_month=1.6,
    phases=((2, 4.3), (8, 3.1), (3, 1.7), (1, 2.1)),
    weights=(1.0, 1.15, 1.3),
    course_variation=0.4,
    share_dropping_out=0.15,
)


def simpy_starts(draw: Draw, capacity: int) -> list[float]:
    """Return start times from simpy: one process per family, hours as a container, first come first served."""
    env = simpy.Environment()
    in_use = sum(need for need, _ in map(releases, draw.present))
    # Hours in use above the capacity: the container holds the debt until enough is given back.
    free = simpy.Container(env, init=max(0, capacity - in_use))
    debt = [max(0, in_use - capacity)]
    starts = [None] * len(draw.arrivals)

    def give_back(units):
        paid = min(debt[0], units)
        debt[0] -= paid
        if units > paid:
            yield free.put(units - paid)

    def present(steps):
        for months, units in steps:
            yield env.timeout(months)
            yield from give_back(units)

    def family(i, arrival, need, steps):
        yield env.timeout(max(0.0, arrival))
        yield free.get(need)
        starts[i] = env.now
        yield from present(steps)

    for course in draw.present:
        env.process(present(releases(course)[1]))
    for i, (arrival, (need, steps)) in enumerate(zip(draw.arrivals, draw.holds, strict=True)):
        env.process(family(i, arrival, need, steps))
    env.run()
    return starts


@pytest.mark.parametrize("hours", [20, 55, 80])
def test_every_start_is_simpys_start(hours):
    present = tuple(((months, 3.1), (3.0, 1.7)) for months in (0.5, 2.0, 2.0, 7.5, 11.25))
    for draw in draw_replications(FULL, Situation(present, (3.0, 1.5, 0.2)), 60, 8, seed=5):
        assert start_times(draw, hours * 100) == simpy_starts(draw, hours * 100)


def test_starts_from_a_caseload_above_capacity_are_simpys():
    present = tuple(((float(months), 3.0),) for months in range(1, 13))
    for draw in draw_replications(FULL, Situation(present), 24, 5, seed=9):
        starts = start_times(draw, 2000)
        assert starts == simpy_starts(draw, 2000)
        # 36 hours in use, 20 there are: a new family needs 4.3 and more, so seven of twelve must have left.
        assert min(starts) >= 7


def test_markov_case_covers_erlang_c():
    # M/M/5, rho 0.8: 4 erlang, mean stay 1 month. C(5, 4) = 0.5541, wait 0.5541 / (5 - 4) months.
    n, warm_up, reps = 1500, 300, 60
    rng = np.random.default_rng(11)
    means = []
    for _ in range(reps):
        arrivals = np.cumsum(rng.exponential(1 / 4, n)).tolist()
        courses = [[(months, 1)] for months in rng.exponential(1, n)]
        starts = start_times(Draw(arrivals, courses), 5)
        means.append((np.array(starts) - arrivals)[warm_up:].mean())
    error = np.std(means, ddof=1) / np.sqrt(reps)
    expected = queueing.mean_wait(4, 1, 5)
    assert expected == pytest.approx(0.5541, abs=1e-4)
    assert abs(np.mean(means) - expected) < 1.96 * error
    assert error < 0.1 * expected


def test_poisson_arrivals_and_gamma_stays():
    draws = draw_replications(FULL, Situation(), 120, 200, seed=3)
    counts = [len(draw.arrivals) for draw in draws]
    # 1.6 x 120 = 192, Poisson: variance 192.
    assert np.mean(counts) == pytest.approx(192, abs=3 * np.sqrt(192 / 200))
    assert np.var(counts) == pytest.approx(192, rel=0.35)


def test_queue_by_hand():
    # One place. Arrivals at 0, 1 and 5; each stays 3 months: starts 0, 3, 6.
    draw = Draw([0.0, 1.0, 5.0], [[(3.0, 1)]] * 3)
    assert start_times(draw, 1) == [0, 3, 6]


def test_fade_out_lets_the_next_family_in():
    # 3 h: two months at 2 h, two at 1 h. At 0: 2 in use. The second needs 2 and starts when the first falls to 1.
    draw = Draw([0.0, 0.0, 0.0], [[(2.0, 2), (2.0, 1)]] * 3)
    assert start_times(draw, 3) == [0, 2, 4]


def test_hours_of_a_heavier_phase_ahead_are_kept_free():
    # 1 h now and 3 h later: 3 are kept from the start, nothing given back before the end.
    assert releases([(2.0, 1), (4.0, 3), (1.0, 1)]) == (3, [(6.0, 2), (1.0, 1)])
