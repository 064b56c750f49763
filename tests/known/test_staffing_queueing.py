"""Queueing formulas against published values and closed forms."""

import math

import pytest

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
    "call",
    [
        lambda: queueing.erlang_b(-1, 2),
        lambda: queueing.erlang_c(0, 2),
        lambda: queueing.mean_wait(1, 0, 3),
        lambda: queueing.number_in_system(-1, 3),
    ],
)
def test_impossible_numbers_are_refused(call):
    with pytest.raises(WrongCall):
        call()
