"""Queueing formulas against published values and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helhed.errors import WrongCall
from helhed.staffing import queueing


@pytest.mark.parametrize(
    ("servers", "load", "blocked"),
    [
        # Erlang's table: 10 lines, 5 erlang.
        (10, 5, 0.0184),
        # By hand: 2 servers, 1 erlang: (1/2) / (1 + 1 + 1/2) = 0.2.
        (2, 1, 0.2),
        (1, 5, 5 / 6),
        (0, 3, 1),
        (5, 0, 0),
        # More servers than a factorial can hold.
        (132, 123, 0.0312),
    ],
)
def test_erlang_b_is_the_published_value(servers, load, blocked):
    assert queueing.erlang_b(servers, load) == pytest.approx(blocked, abs=5e-5)


@pytest.mark.parametrize(
    ("servers", "load", "log_blocked"),
    # Natural logarithms computed with Mathematica, from the tests of the public package capacity_planning.
    [
        (100, 120, -1.62826407041),
        (10000, 12000, -1.78927734649),
        (100, 20, -84.1661482002),
        (100, 10000, -0.01004931575),
    ],
)
def test_erlang_b_holds_for_many_servers(servers, load, log_blocked):
    assert math.log(queueing.erlang_b(servers, load)) == pytest.approx(log_blocked, abs=1e-6)


@pytest.mark.parametrize("load", [120_000.0, 100_000.0, 99_900.0, 99_000.0])
def test_erlang_b_of_a_hundred_thousand_servers_by_another_way(load):
    # Above a hundred thousand servers are not counted one by one. One more server by the recursion of the textbooks.
    blocked = queueing.erlang_b(100_000, load)
    one_more = load * blocked / (100_001 + load * blocked)
    assert queueing.erlang_b(100_001, load) == pytest.approx(one_more, rel=1e-6)
    assert queueing.erlang_b(10**9, 2e9) == pytest.approx(0.5, rel=1e-6) and queueing.erlang_b(10**9, 1e3) == 0


@pytest.mark.parametrize(
    ("servers", "load_1_percent", "load_2_percent"),
    # The published table of traffic that so many lines carry at a blocking of 1 and 2 per cent.
    [(1, 0.0101, 0.0204), (5, 1.36, 1.66), (10, 4.46, 5.08), (20, 12.0, 13.2), (50, 37.9, 40.3), (100, 84.1, 88.0)],
)
def test_loads_of_the_published_blocking_table(servers, load_1_percent, load_2_percent):
    assert queueing.erlang_b(servers, load_1_percent) == pytest.approx(0.01, abs=3e-4)
    assert queueing.erlang_b(servers, load_2_percent) == pytest.approx(0.02, abs=3e-4)


def test_two_tellers_of_winston():
    # Winston, Operations Research, section 20.6: 80 customers an hour, two tellers of 50 an hour each: the chance that
    # both are busy is 0.71, and 2.84 customers stand in line.
    assert queueing.erlang_c(2, 1.6) == pytest.approx(0.71, abs=0.005)
    assert 80 * queueing.mean_wait(80, 1 / 50, 2) == pytest.approx(2.84, abs=0.005)


def test_erlang_b_is_zero_when_smaller_than_any_float():
    # Mathematica: e^-29325.
    assert queueing.erlang_b(10000, 200) == 0


@pytest.mark.parametrize(
    ("servers", "load", "waits"),
    [
        # Published in the tests of a public package: 132 agents, 123 erlang; 12421 agents, 12345 erlang.
        (132, 123, 0.3211),
        (12421, 12345, 0.3812),
        # By hand: 2 servers, 1 erlang: 0.2 / (1 - 0.5 x 0.8) = 1/3.
        (2, 1, 1 / 3),
        # Ten serving assistants, 6 erlang: textbook curve reads "about 0.10".
        (10, 6, 0.1013),
        (1, 0.7, 0.7),
        (3, 3, 1),
        (3, 5, 1),
    ],
)
def test_erlang_c_is_the_published_value(servers, load, waits):
    assert queueing.erlang_c(servers, load) == pytest.approx(waits, abs=5e-5)


def test_mean_wait_of_one_server_is_the_textbook_formula():
    # M/M/1: rho / (1 - rho) x mean stay = 0.8 / 0.2 x 10 = 40.
    assert queueing.mean_wait(0.08, 10, 1) == pytest.approx(40)


def test_mean_wait_of_two_servers():
    # C = 1/3, stay 12 months, 2 - 1 spare: 1/3 x 12 / 1 = 4 months.
    assert queueing.mean_wait(1 / 12, 12, 2) == pytest.approx(4)


def test_waiting_never_settles_when_load_reaches_the_places():
    assert queueing.mean_wait(2, 12, 24) == math.inf
    assert queueing.share_waiting_longer(99, 2, 12, 24) == 1


def test_share_waiting_longer_falls_exponentially():
    # M/M/1, rho 0.5, stay 1: 0.5 e^-0.5t.
    assert queueing.share_waiting_longer(0, 0.5, 1, 1) == pytest.approx(0.5)
    assert queueing.share_waiting_longer(2, 0.5, 1, 1) == pytest.approx(0.5 * math.exp(-1))


def test_constant_stays_halve_the_wait_of_one_server():
    # Pollaczek-Khinchine: M/D/1 waits half of M/M/1.
    assert queueing.mean_wait_general(0.08, 10, 1, stay_variation=0) == pytest.approx(20)
    assert queueing.mean_wait_general(0.08, 10, 1, stay_variation=1) == pytest.approx(40)


def test_littles_law():
    # Two families start a month and stay a year: 24 at a time.
    assert queueing.number_in_system(2, 12) == 24


def test_servers_for_wait_is_the_smallest():
    servers = queueing.servers_for_wait(1.6, 12, 1.0)
    assert queueing.mean_wait(1.6, 12, servers) <= 1.0 < queueing.mean_wait(1.6, 12, servers - 1)


@pytest.mark.parametrize(
    ("servers", "load", "blocked"),
    # The worked table of codingace.net/maths/blocking_probability.html: erlang and circuits.
    [(10, 8, 0.121661), (10, 12, 0.301925), (14, 12, 0.117210), (18, 20, 0.221260)],
)
def test_erlang_b_is_the_published_table(servers, load, blocked):
    assert queueing.erlang_b(servers, load) == pytest.approx(blocked, abs=5e-7)


def test_erlang_b_of_half_the_servers_needed():
    # The tests of the public package capacity_planning: 10 agents, 20 erlang.
    assert queueing.erlang_b(10, 20) == pytest.approx(0.5379631686320729, abs=1e-12)


@pytest.mark.parametrize(
    ("arrivals", "stay", "servers", "in_line", "wait", "precision"),
    [
        # R. Bronson, Schaum's Outline of Operations Research (1982), as published at
        # web.ist.utl.pt/mcasquilho/compute/or/Fx-queuevars.php. 23.3: 24 and 30 an hour: 4 in the system, 1/6 h there.
        (24, 1 / 30, 1, 4 - 0.8, 1 / 6 - 1 / 30, 1e-9),
        # 23.14: 30 an hour, 1.5 minutes each: 2.25 in line, 4.5 minutes.
        (0.5, 1.5, 1, 2.25, 4.5, 1e-9),
        # 23.16: one a minute, 45 seconds each: 2.25 in line, 2.25 minutes.
        (1, 0.75, 1, 2.25, 2.25, 1e-9),
        # 24.6: three servers, 300 a year, 2 days each: 0.352 in line, 0.43 days.
        (300 / 365, 2, 3, 0.352, 0.43, 2e-3),
    ],
)
def test_line_and_wait_are_the_textbooks(arrivals, stay, servers, in_line, wait, precision):
    found = queueing.mean_wait(arrivals, stay, servers)
    assert found == pytest.approx(wait, abs=precision)
    assert queueing.number_in_system(arrivals, found) == pytest.approx(in_line, abs=precision)


@pytest.mark.parametrize(("wait", "share"), [(0, 1 / 6), (0.5, math.exp(-2) / 6), (1, math.exp(-4) / 6)])
def test_tail_of_two_servers_by_hand(wait, share):
    # 2 an hour, 3 an hour each, two servers: a = 2/3, empty 1 / (1 + 2/3 + (4/9)/2 / (2/3)) = 1/2,
    # all busy 1/2 x (4/9)/2 / (2/3) = 1/6; those who wait, wait with rate 2 x 3 - 2 = 4 an hour.
    assert queueing.share_waiting_longer(wait, 2, 1 / 3, 2) == pytest.approx(share)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
@settings(max_examples=60)
def test_erlang_formulas_are_the_sums_of_poisson_terms(servers, utilisation):
    # Erlang B is P(N = c) / P(N <= c) for N Poisson; Erlang C follows from P(N < c) and the geometric tail.
    load = servers * utilisation
    blocked = stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load)
    tail = stats.poisson.pmf(servers, load) / (1 - utilisation)
    assert queueing.erlang_b(servers, load) == pytest.approx(blocked, rel=1e-9)
    assert queueing.erlang_c(servers, load) == pytest.approx(
        tail / (stats.poisson.cdf(servers - 1, load) + tail), rel=1e-9
    )


@given(st.floats(0.001, 0.999999), st.floats(0.1, 100))
@settings(max_examples=60)
def test_one_server_is_the_closed_form_however_near_the_limit(utilisation, stay):
    # M/M/1: C = rho, W = rho s / (1 - rho).
    assert queueing.erlang_c(1, utilisation) == pytest.approx(utilisation, rel=1e-9)
    found = queueing.mean_wait(utilisation / stay, stay, 1)
    assert found == pytest.approx(utilisation * stay / (1 - utilisation), rel=1e-6)


def test_near_the_limit_and_beyond():
    assert queueing.erlang_c(100_000, 99_999.999) == pytest.approx(1, abs=1e-4)
    assert math.isfinite(queueing.mean_wait(99_999.999, 1, 100_000))
    assert queueing.erlang_c(24, 24) == 1 and queueing.mean_wait(2, 12, 24) == math.inf


def test_general_stays_beside_the_exact_wait():
    # Constant stays, three servers, utilisation 0.8. Exact M/D/c waits by C. D. Crommelin's formula, computed here from
    # the arrivals within one stay; the approximation is known to be too low by a few per cent.
    servers, load = 3, 2.4
    exact = crommelin_mean_number_waiting(servers, load) / load
    found = queueing.mean_wait_general(load, 1, servers, stay_variation=0)
    assert exact * 0.9 < found < exact
    # With exponential stays nothing is approximated.
    assert queueing.mean_wait_general(load, 1, servers, 1) == queueing.mean_wait(load, 1, servers)


def crommelin_mean_number_waiting(servers: int, load: float, most: int = 200) -> float:
    """Return the mean line of M/D/c: the number present one stay later is the line that was left plus new arrivals."""
    arrivals = stats.poisson.pmf(np.arange(most), load)
    present = np.full(most, 1 / most)
    for _ in range(2000):
        left = np.concatenate([[present[: servers + 1].sum()], present[servers + 1 :]])
        present = np.convolve(left, arrivals)[:most]
        present /= present.sum()
    return float((np.maximum(0, np.arange(most) - servers) * present).sum())


@given(st.floats(0.05, 30), st.floats(0.5, 40), st.floats(0.05, 12))
@settings(max_examples=40)
def test_servers_for_wait_is_the_smallest_of_all(arrivals, stay, limit):
    servers = queueing.servers_for_wait(arrivals, stay, limit)
    assert queueing.mean_wait(arrivals, stay, servers) <= limit
    assert servers == 1 or queueing.mean_wait(arrivals, stay, servers - 1) > limit


def test_a_busy_queue_forgets_slowly():
    # 24 places, stays of 12 months: 12 / (24 x (1 - sqrt(0.9))²) = 190 months; at half use 5.8.
    assert queueing.relaxation_time(0.9, 12, 24) == pytest.approx(189.9, abs=0.1)
    assert queueing.relaxation_time(0.5, 12, 24) == pytest.approx(5.83, abs=0.01)
    assert queueing.relaxation_time(1, 12, 24) == math.inf


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: queueing.erlang_b(-1, 2), "-1"),
        (lambda: queueing.erlang_b(2.5, 2), "2.5"),
        (lambda: queueing.erlang_c(0, 2), "mindst 1"),
        (lambda: queueing.erlang_c(3, float("nan")), "offered_load"),
        (lambda: queueing.mean_wait(1, 0, 3), "mean_stay"),
        (lambda: queueing.mean_wait(float("inf"), 1, 3), "arrival_rate"),
        (lambda: queueing.number_in_system(-1, 3), "arrival_rate"),
        (lambda: queueing.share_waiting_longer(-1, 1, 1, 3), "wait"),
        (lambda: queueing.servers_for_wait(1, 1, 0), "longest_mean_wait"),
        (lambda: queueing.relaxation_time(-0.1, 1, 1), "utilisation"),
        (lambda: queueing.erlang_b("3", 2), "helt tal"),
        (lambda: queueing.erlang_c(None, 2), "None"),
        (lambda: queueing.erlang_b(float("inf"), 2), "inf"),
        (lambda: queueing.number_in_system("1,5", 3), "1,5"),
    ],
)
def test_impossible_numbers_are_refused_by_name(call, said):
    with pytest.raises(WrongCall, match=said):
        call()


def test_an_endless_queue_says_what_would_end_it():
    # 60 hours needed, 48 there: 12 more, or 1.6 of 2 families, or a fifth less each.
    with pytest.raises(WrongCall, match=r"12,0 timer mere om ugen, færre end 1,60 .* 2,00, .* 20\s%"):
        queueing.refuse_endless(60, 48, 2)
    assert queueing.refuse_endless(47.9, 48, 2) is None


def test_the_clinic_of_the_textbook():
    # Gross and Harris, Fundamentals of Queueing Theory, the eye clinic: 6 an hour, 20 minutes each, three doctors:
    # C(3, 2) = 4/9, in line 8/9, wait 8/9 / 6 hours = 8 minutes 53 seconds.
    assert queueing.erlang_c(3, 2) == pytest.approx(4 / 9)
    assert queueing.mean_wait(6, 1 / 3, 3) * 60 == pytest.approx(80 / 9)
    assert queueing.number_in_system(6, queueing.mean_wait(6, 1 / 3, 3)) == pytest.approx(8 / 9)


def test_more_servers_than_can_be_counted_turn_nobody_away():
    assert queueing.erlang_b(10**9, 12.0) == 0.0 and queueing.mean_wait(1, 12, 10**9) == 0.0
