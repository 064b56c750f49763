"""Waiting-time formulas of queueing theory, for checking a simulation and for a first estimate.

All functions are plain: numbers in, numbers out. Rates and times must use the same unit of time. A *server* is one
place for a family, the *offered load* is arrivals per unit of time multiplied by the mean stay.

Sources: A. K. Erlang (1917); L. Kleinrock, *Queueing Systems* I (1975), chapter 3; J. D. C. Little (1961);
A. M. Lee and P. A. Longton (1959) for M/G/c; A. O. Allen, *Probability, Statistics, and Queueing Theory* (1990), the
Allen-Cunneen approximation for G/G/c.
"""

import math

from helhed.errors import Problem, WrongCall


def erlang_b(servers: int, offered_load: float) -> float:
    """Return the share of arrivals that find every server taken and are turned away (Erlang B).

    Parameters
    ----------
    servers
        Number of servers, 0 or more.
    offered_load
        Arrival rate x mean stay, in erlang.

    Notes
    -----
    Recursion on the inverse, ``1/B(n) = 1 + n/a x 1/B(n-1)``, until it outgrows a float: stable for any number of
    servers, where factorials overflow at 171.

    Examples
    --------
    >>> round(erlang_b(10, 5), 4)
    0.0184
    """
    _check(servers >= 0, offered_load >= 0)
    if offered_load == 0:
        return 0.0 if servers else 1.0
    inverse = 1.0
    for server in range(1, servers + 1):
        inverse = 1 + inverse * server / offered_load
    return 1 / inverse


def erlang_c(servers: int, offered_load: float) -> float:
    """Return the share of arrivals that must wait when nobody is turned away (Erlang C).

    ``C = B / (1 - rho (1 - B))`` with B from `erlang_b` and ``rho`` = offered load / servers. With an offered load
    of at least the number of servers the queue grows for ever and everyone waits: 1.

    Examples
    --------
    >>> round(erlang_c(2, 1), 4)
    0.3333
    """
    _check(servers >= 1, offered_load >= 0)
    if offered_load >= servers:
        return 1.0
    blocked = erlang_b(servers, offered_load)
    return blocked / (1 - offered_load / servers * (1 - blocked))


def mean_wait(arrival_rate: float, mean_stay: float, servers: int) -> float:
    """Return the long-run mean wait of all arrivals in an M/M/c queue, ``C s / (c - a)``; infinite if it never settles.

    Examples
    --------
    One server, an arrival every second month, a mean stay of one month: 1 x 0.5 / (1 - 0.5) = 1 month.

    >>> mean_wait(0.5, 1, 1)
    1.0
    """
    _check(arrival_rate >= 0, mean_stay > 0)
    load = arrival_rate * mean_stay
    waits = erlang_c(servers, load)
    return math.inf if load >= servers else waits * mean_stay / (servers - load)


def share_waiting_longer(wait: float, arrival_rate: float, mean_stay: float, servers: int) -> float:
    """Return the long-run share of arrivals that wait longer than ``wait`` in M/M/c: ``C e^(-(c-a) t / s)``."""
    _check(arrival_rate >= 0, mean_stay > 0, wait >= 0)
    load = arrival_rate * mean_stay
    waits = erlang_c(servers, load)
    return 1.0 if load >= servers else waits * math.exp(-(servers - load) * wait / mean_stay)


def mean_wait_general(
    arrival_rate: float, mean_stay: float, servers: int, stay_variation: float, arrival_variation: float = 1.0
) -> float:
    """Return about how long arrivals wait on average when stays are not exponential (Allen-Cunneen).

    The M/M/c wait multiplied by ``(ca² + cs²) / 2``, where the coefficients of variation are standard deviation /
    mean. With Poisson arrivals (``arrival_variation`` 1) this is the Lee-Longton formula for M/G/c; it is exact for
    M/M/c and, by Pollaczek-Khinchine, for one server.
    """
    _check(stay_variation >= 0, arrival_variation >= 0)
    return mean_wait(arrival_rate, mean_stay, servers) * (arrival_variation**2 + stay_variation**2) / 2


def number_in_system(arrival_rate: float, mean_time: float) -> float:
    """Return the mean number present, ``L = lambda W`` (Little's law); needs no assumption about distributions."""
    _check(arrival_rate >= 0, mean_time >= 0)
    return arrival_rate * mean_time


def servers_for_wait(arrival_rate: float, mean_stay: float, longest_mean_wait: float) -> int:
    """Return the smallest number of servers for which the long-run mean wait of M/M/c is within the limit."""
    _check(longest_mean_wait > 0)
    servers = max(1, math.floor(arrival_rate * mean_stay) + 1)
    while mean_wait(arrival_rate, mean_stay, servers) > longest_mean_wait:
        servers += 1
    return servers


def _check(*is_right: bool) -> None:
    if not all(is_right):
        raise WrongCall(Problem("staffing.queue_numbers"))
