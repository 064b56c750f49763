"""The event loop against simpy on the same draws, and against queueing theory where it applies."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from helhed.errors import WrongCall
from helhed.profile import Profile, Setting, declared_entries
from helhed.staffing import (
    checked_against_theory,
    long_run_wait,
    observed_shares,
    queueing,
    theoretical_wait,
    waiting_by_capacity,
)
from helhed.staffing.capacity_staff import equal_people, staff_steps
from helhed.staffing.course_lengths import Length
from helhed.staffing.organisation_shown import sentence_theory
from helhed.staffing.simulation import arrival_times, load_at, start_times
from helhed.staffing.simulation_draws import Demand, Draw, Situation, draw_replications, months_of, releases

#: The oracle lies in a file of its own: the benchmark uses it too.
simpy_starts = runpy.run_path(str(Path(__file__).with_name("simpy_model.py")))["simpy_starts"]


@pytest.fixture
def profile(tmp_path):
    values = {key: Setting(value=entry.default, origin="default") for key, entry in declared_entries().items()}
    return Profile("Prøve", "0000", "none", tmp_path, True, values, {})


FULL = Demand(
    starts_per_month=1.6,
    phases=((2, 4.3), (8, 3.1), (3, 1.7), (1, 2.1)),
    weights=(1.0, 1.15, 1.3),
    lengths=(Length(2), Length(8, "gamma", 0.4), Length(3), Length(1)),
    share_dropping_out=0.15,
)


@pytest.mark.parametrize("hours", [20, 55, 80])
def test_every_start_is_simpys_start(hours):
    present = tuple(((months, 3.1), (3.0, 1.7)) for months in (0.5, 2.0, 2.0, 7.5, 11.25))
    for draw in draw_replications(FULL, Situation(present, (3.0, 1.5, 0.2)), 60, 8, seed=5):
        assert start_times(draw, hours * 100) == simpy_starts(draw, hours * 100)


STEPS = [(0.0, 5500), (3.0, 4000), (5.0, 4100), (5.5, 2500), (9.0, 6000), (20.0, 900), (26.0, 7000)]


@pytest.mark.parametrize("seed", range(4))
def test_every_start_is_simpys_start_when_staff_come_and_go_and_families_return(seed):
    demand = replace(FULL, share_returning=0.35, months_to_return=4.0)
    present = tuple(((months, 3.1), (3.0, 1.7)) for months in (0.5, 2.0, 2.0, 7.5, 11.25))
    draws = draw_replications(demand, Situation(present, (3.0, 1.5, 0.2)), 60, 4, seed)
    assert sum(len(draw.returns) for draw in draws) > 20
    for draw in draws:
        assert start_times(draw, STEPS) == simpy_starts(draw, STEPS)


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


@pytest.mark.parametrize(("places", "load", "measured", "n"), [(2, 0.5, 100, 30), (2, 0.75, 150, 40)])
def test_the_95_percent_interval_covers_theory_at_its_rate(places, load, measured, n):
    # M/M/c with stays of a month. Two places half used: 1 erlang, C = 1/3, wait 1/3 x 1 / (2 - 1) = 1/3 month. Three
    # quarters used: 1.5 erlang, C = 9/14, wait 9/14 / (2 - 1.5) = 9/7 months.
    arrivals = places * load
    demand = Demand(arrivals, ((1.0, 1.0),), lengths=(Length(1.0, "exponential"),))
    n_seeds = 200
    runs = [
        long_run_wait(demand, places, measured_months=measured, n_replications=n, seed=seed) for seed in range(n_seeds)
    ]
    theory = {0.5: 1 / 3, 0.75: 9 / 7}[load]
    assert queueing.mean_wait(arrivals, 1, places) == pytest.approx(theory)
    # Five relaxation times of 1 / (2 (1 - sqrt(load))²) are left out: 5.83 and 27.9 months.
    assert runs[0].warm_up_months == pytest.approx({0.5: 29.1, 0.75: 139.3}[load], abs=0.1)
    assert all(run.theory_months == pytest.approx(theory) for run in runs)
    covered = sum(run.covers_theory for run in runs)
    # 95 % of 200 is 190; three standard deviations of the binomial are 9.2.
    assert abs(covered - 190) <= 9.2
    waits = np.array([run.wait_months for run in runs])
    assert abs(waits.mean() - theory) < 3 * waits.std() / np.sqrt(n_seeds)
    late = np.array([run.share_over_limit for run in runs])
    expected = queueing.share_waiting_longer(1, arrivals, 1, places)
    assert abs(late.mean() - expected) < 3 * late.std() / np.sqrt(n_seeds)


def test_the_long_run_is_longer_close_to_the_limit():
    # One place, nine tenths used: 1 / (1 - sqrt(0.9))² = 379.7 months to forget; five times that left out, ten counted.
    demand = Demand(0.9, ((1.0, 1.0),), lengths=(Length(1.0, "exponential"),))
    run = long_run_wait(demand, 1.0, n_replications=3)
    assert run.warm_up_months == pytest.approx(1898.7, abs=0.5) and run.measured_months == pytest.approx(3797, abs=1)


def test_the_long_run_of_erlang_stays_is_near_the_approximation_and_littles_law():
    # One coordinator for one family at a time: M/E2/1 is exact by Pollaczek-Khinchine: variation² = 1/2.
    demand = Demand(0.5, ((1.0, 1.0),), lengths=(Length(1.0, "erlang", 0.7),))
    found = long_run_wait(demand, 1.0, measured_months=400, n_replications=60, seed=3)
    exact = queueing.mean_wait_general(0.5, 1, 1, stay_variation=2**-0.5)
    assert exact == pytest.approx(0.75)
    assert found.low <= exact <= found.high and found.high - found.low < 0.2 * exact


def test_a_long_run_that_never_settles_is_refused_with_what_would_end_it():
    demand = Demand(2.0, ((12.0, 2.5),))
    # 2 x 12 x 2.5 = 60 hours, 48 there.
    with pytest.raises(WrongCall, match="60,0 timer om ugen, og der er 48,0"):
        long_run_wait(demand, 48.0)


def test_mean_and_hours_of_a_course_with_drop_outs_by_hand():
    # Phases of 2 months at 4 h and 6 at 1 h; half leave at a random point: mean stay 8 x 0.75 = 6 months.
    demand = Demand(1.0, ((2.0, 4.0), (6.0, 1.0)), (1.0, 2.0), share_dropping_out=0.5, share_returning=0.2)
    assert demand.mean_stay_months == 6
    # Those who leave early have 2 x (8 - 1) / 8 = 1.75 months of the first and 6 x 3 / 8 = 2.25 of the second:
    # hour-months (8 + 6) / 2 + (7 + 2.25) / 2 = 11.625, over 6 months 1.9375, mean weight 1.5.
    assert demand.mean_hours == pytest.approx(1.9375 * 1.5)
    # A fifth comes back: 1 / 0.8 a month, 6 months, 2.90625 h.
    assert demand.load_hours == pytest.approx(1.25 * 6 * 2.90625)
    draws = draw_replications(demand, Situation(), 400, 20, seed=2)
    stays = [months_of(course) for draw in draws for course in draw.courses]
    assert np.mean(stays) == pytest.approx(6, abs=0.15)
    back = sum(len(draw.returns) for draw in draws)
    assert back / len(stays) == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize(
    ("kind", "variation", "expected"),
    [("exponential", 0.0, 1.0), ("gamma", 0.5, 0.5), ("erlang", 0.55, 3**-0.5), ("lognormal", 0.8, 0.8)],
)
def test_lengths_have_the_mean_and_the_variation_they_say(kind, variation, expected):
    length = Length(6.0, kind, variation)
    drawn = length.draw(np.random.default_rng(8), 40_000)
    assert length.coefficient_of_variation == pytest.approx(expected)
    assert drawn.mean() == pytest.approx(6, rel=0.02)
    assert drawn.std() / drawn.mean() == pytest.approx(expected, rel=0.05)


def test_erlang_has_the_stages_whose_variation_is_nearest():
    # Erlang-2 has variation 0.707, Erlang-3 0.577: 0.6 is nearer to three, 0.7 to two, 3 has only one.
    assert Length(1, "erlang", 0.6).coefficient_of_variation == pytest.approx(3**-0.5)
    assert Length(1, "erlang", 0.7).coefficient_of_variation == pytest.approx(2**-0.5)
    assert Length(1, "erlang", 3.0).coefficient_of_variation == 1


def test_observed_lengths_are_kaplan_meiers_about_the_planned_mean():
    # 20 leave after 10 months, 20 are still there after 15, 20 leave after 20: half of the 40 at risk after 10.
    months = [10.0] * 20 + [15.0] * 20 + [20.0] * 20
    left = [True] * 20 + [False] * 20 + [True] * 20
    stays, shares = observed_shares(months, left)
    # A third left at 10; of the 20 left at 20 all leave: two thirds.
    assert stays == (10.0, 20.0) and shares == pytest.approx((1 / 3, 2 / 3))
    drawn = Length(6.0, "empirical", observed=stays, shares=shares).draw(np.random.default_rng(1), 3000)
    # Mean stay 50/3: 10 becomes 3.6 and 20 becomes 7.2 months.
    assert sorted(set(drawn.round(6))) == [3.6, 7.2]
    assert drawn.mean() == pytest.approx(6, rel=0.02)
    with pytest.raises(WrongCall, match="mindst 20"):
        observed_shares([3.0] * 19, [True] * 19)


def test_hours_fall_and_the_line_stops_until_a_coordinator_comes():
    # 6 h, then 3 h from month 2, 6 again from month 9. Each family takes 3 h for 4 months.
    draw = Draw([0.0, 0.0, 1.0, 5.0], [[(4.0, 300)]] * 4)
    # Two start at once; from month 2 there is room for one, both are in until 4, then one a time.
    assert start_times(draw, [(0.0, 600), (2.0, 300), (9.0, 600)]) == [0, 0, 4, 8]
    table = waiting_by_capacity([draw], [[[(0.0, 6.0), (2.0, 3.0), (9.0, 6.0)]]], 12, 1)
    # Waits 0, 0, 3, 3. Overload: 6 h in use from month 2 to 4, when there are 3: 8.7 weeks.
    assert table.loc[0, "wait_months"] == 1.5 and table.loc[0, "share_over_limit"] == 0.5
    assert table.loc[0, "overload_weeks"] in (8, 9)


def test_a_family_comes_back_by_hand():
    # One place. A is there 0-2 and comes back at 2 + 1 = 3; B arrives at 1, waits to 2, stays to 6: A waits 3 to 6.
    draw = Draw([0.0, 1.0], [[(2.0, 1)], [(4.0, 1)], [(1.0, 1)]], returns={0: (2, 3.0)})
    starts = start_times(draw, 1)
    assert starts == [0, 2, 6]
    assert arrival_times(draw, starts) == [0, 1, 3]


def test_absences_take_the_mean_loss_and_are_the_same_for_more_replications(profile):
    # 15 % leave a year, 2 months empty, 6 months from half: 0.15 x 3.5 / 12 = 4.4 % lost in the long run.
    people = equal_people(2.5, 20.0)
    assert [person.hours_per_week for person in people] == [20, 20, 10]
    steps = staff_steps(people, profile, 120, 400)
    hours = np.array([[each for _, each in one[:-1]] for one in steps])
    late = hours[:, 24:].mean() / 50
    # Leaving begins anew after an empty post: 1 / (80 + 2) of the months instead of 1 / 80.
    assert 1 - late == pytest.approx(0.04375, abs=0.006)
    assert steps[0][-1] == (120.0, 50.0)
    assert staff_steps(people, profile, 120, 20) == steps[:20]


def test_theory_speaks_only_where_it_has_a_formula():
    exponential, fixed = Length(12.0, "exponential"), Length(12.0)
    markov = Demand(1.6, ((12.0, 2.5),), lengths=(exponential,))
    # 60 hours are 24 places of 2.5 hours.
    assert theoretical_wait(markov, 60.0) == queueing.mean_wait(1.6, 12, 24)
    assert theoretical_wait(replace(markov, lengths=(fixed,)), 60.0) == queueing.mean_wait(1.6, 12, 24) / 2
    # Two exponential phases of six months at the same hours are Erlang-2: variation² = 1/2.
    two = Demand(1.6, ((6.0, 2.5), (6.0, 2.5)), lengths=(Length(6.0, "exponential"),) * 2)
    assert theoretical_wait(two, 60.0) == pytest.approx(queueing.mean_wait(1.6, 12, 24) * 0.75)
    for other in (
        replace(markov, weights=(1.0, 1.5)),
        replace(markov, share_dropping_out=0.1),
        replace(markov, share_returning=0.1),
        Demand(1.6, ((6.0, 2.5), (6.0, 1.0))),
    ):
        assert np.isnan(theoretical_wait(other, 60.0))


def test_the_check_of_the_notebook_holds_theory_for_places_as_here():
    run = checked_against_theory(18, 12.0, seed=42)
    # 18 places, four fifths used.
    assert run.theory_months == pytest.approx(queueing.mean_wait(0.8 * 18 / 12, 12, 18))
    assert run.covers_theory and run.high - run.low < 0.5 * run.theory_months
    assert "18 pladser" in sentence_theory(run, "da")
    outside = replace(run, theory_months=2 * run.high)
    assert not outside.covers_theory and "one run of twenty" in sentence_theory(outside, "en")


def test_a_family_that_holds_nothing_starts_and_too_few_hours_are_refused_whoever_else_waits():
    # One left on the day it came, one holds no hours: neither takes anything from the third.
    draw = Draw([0.0, 0.5, 1.0], [[], [(2.0, 0)], [(1.0, 300)]])
    assert [need for need, _ in draw.holds] == [0, 0, 300]
    assert start_times(draw, 300) == [0.0, 0.5, 1.0]
    many = Draw([0.0, 1.0, 2.0, 3.0], [[(1.0, 300)], [(1.0, 900)], [(1.0, 300)], [(1.0, 300)]])
    with pytest.raises(WrongCall, match="ikke til en eneste familie"):
        start_times(many, 300)


def exact_wait_of_fixed_stays(arrivals, servers, n=300):
    """Return the mean wait of M/D/c with stays of 1 (Crommelin 1932), from the numbers present one stay apart.

    Everyone in service has left a stay later and nobody who came since has: N' = max(N - c, 0) + Poisson(arrivals).
    """
    new, present = poisson.pmf(np.arange(n), arrivals), np.eye(n)[0]
    for _ in range(2000):
        left = np.concatenate([[present[: servers + 1].sum()], present[servers + 1 :], np.zeros(servers)])
        present = np.convolve(left, new)[:n]
    return np.maximum(np.arange(n) - servers, 0) @ present / arrivals


@pytest.mark.parametrize(("arrivals", "servers"), [(1.6, 2), (4.0, 5)])
def test_courses_of_fixed_length_wait_as_long_as_crommelin_says(arrivals, servers):
    # One server has a closed form: 0.7 / (2 x 0.3).
    assert exact_wait_of_fixed_stays(0.7, 1) == pytest.approx(0.7 / 0.6)
    exact = exact_wait_of_fixed_stays(arrivals, servers)
    run = long_run_wait(Demand(arrivals, ((1.0, 1.0),)), servers, n_replications=40, measured_months=600, seed=5)
    assert run.low <= exact <= run.high and run.high - run.low < 0.2 * exact
    # The formula for general stays is an approximation, here a few per cent too short.
    assert run.theory_months == pytest.approx(exact, rel=0.05) and run.theory_months < exact


def test_hours_in_use_are_those_of_every_phase_that_runs():
    courses = [[(2.0, 250), (1.0, 100)], [(3.0, 200)], []]
    # the first runs from month 1 to 4, its lighter phase from month 3; the second from month 0.5 to 3.5
    times = [3.75, 0.0, 0.5, 1.0, 3.0, 3.5, 4.0]
    assert load_at(times, [1.0, 0.5, 0.0], courses).tolist() == [1.0, 0.0, 2.0, 4.5, 3.0, 1.0, 0.0]
    assert load_at(times, [], []).tolist() == [0.0] * 7


@given(st.integers(0, 2**32), st.lists(st.floats(0, 30), max_size=8))
@settings(max_examples=25, deadline=None)
def test_hours_in_use_at_a_time_are_the_sum_over_the_families(seed, times):
    demand = Demand(2.0, ((2.0, 4.0), (6.0, 2.0), (3.0, 1.0)), (1.0, 1.5), share_dropping_out=0.3, share_returning=0.2)
    (draw,) = draw_replications(demand, Situation(), 24.0, 1, seed)
    starts = start_times(draw, 2_000)
    expected = [0.0] * len(times)
    for start, course in zip(starts, draw.courses, strict=True):
        for months, units in course:
            expected = [
                sum_ + units * (start <= time < start + months) for sum_, time in zip(expected, times, strict=True)
            ]
            start += months
    assert load_at(times, starts, draw.courses).tolist() == pytest.approx([one / 100 for one in expected])
