"""Waiting-time formulas of queueing theory, for checking a simulation and for a first estimate.

All functions are plain: numbers in, numbers out; impossible numbers are refused with `WrongCall`, which names the
number. Rates and times must use the same unit of time. A *server* is one place for a family, the *offered load* is
arrivals per unit of time multiplied by the mean stay, the *utilisation* is the offered load per server.

Sources: A. K. Erlang (1917); L. Kleinrock, *Queueing Systems* I (1975), chapter 3; J. D. C. Little (1961);
A. M. Lee and P. A. Longton (1959) for M/G/c; A. O. Allen, *Probability, Statistics, and Queueing Theory* (1990), the
Allen-Cunneen approximation for G/G/c; for the relaxation time J. W. Cohen, *The Single Server Queue* (1982).
"""

import math
from bisect import bisect_left
from numbers import Real

from scipy.stats import poisson

from helhed.errors import Problem, WrongCall
from helhed.staffing.given_numbers import require_not_negative, require_positive
from helhed.texts import LANGUAGES, number, percent

#: Up to so many servers are counted one by one.
_COUNTED = 100_000


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
    servers, where factorials overflow at 171. Above `_COUNTED` servers the same sum is
    taken from its other end, or from the Poisson distribution: fewer steps.

    Examples
    --------
    >>> round(erlang_b(10, 5), 4)
    0.0184
    """
    _whole(servers, 0)
    require_not_negative(offered_load=offered_load)
    if offered_load == 0:
        return 0.0 if servers else 1.0
    if servers > _COUNTED:
        return _blocked_of_many(int(servers), offered_load)
    inverse = 1.0
    for server in range(1, int(servers) + 1):
        inverse = 1 + inverse * server / offered_load
        if inverse == math.inf:
            return 0.0
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
    _whole(servers, 1)
    require_not_negative(offered_load=offered_load)
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
    load = _load(arrival_rate, mean_stay)
    waits = erlang_c(servers, load)
    return math.inf if load >= servers else waits * mean_stay / (servers - load)


def share_waiting_longer(wait: float, arrival_rate: float, mean_stay: float, servers: int) -> float:
    """Return the long-run share of arrivals that wait longer than ``wait`` in M/M/c: ``C e^(-(c-a) t / s)``.

    Examples
    --------
    One server, half used: half of the arrivals wait at all.

    >>> share_waiting_longer(0, 0.5, 1, 1)
    0.5
    """
    require_not_negative(wait=wait)
    load = _load(arrival_rate, mean_stay)
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
    require_not_negative(stay_variation=stay_variation, arrival_variation=arrival_variation)
    return mean_wait(arrival_rate, mean_stay, servers) * (arrival_variation**2 + stay_variation**2) / 2


def number_in_system(arrival_rate: float, mean_time: float) -> float:
    """Return the mean number present, ``L = lambda W`` (Little's law); needs no assumption about distributions.

    Examples
    --------
    Two families start a month and stay a year: 24 at a time.

    >>> number_in_system(2, 12)
    24
    """
    require_not_negative(arrival_rate=arrival_rate, mean_time=mean_time)
    return arrival_rate * mean_time


def servers_for_wait(arrival_rate: float, mean_stay: float, longest_mean_wait: float) -> int:
    """Return the smallest number of servers for which the long-run mean wait of M/M/c is within the limit."""
    require_positive(longest_mean_wait=longest_mean_wait)
    fewest = math.floor(_load(arrival_rate, mean_stay)) + 1
    step = 1
    while mean_wait(arrival_rate, mean_stay, fewest + step) > longest_mean_wait:
        step *= 2
    # More servers never wait longer: the smallest number that keeps the limit is found by halving.
    return bisect_left(
        range(fewest + step), True, lo=fewest, key=lambda c: mean_wait(arrival_rate, mean_stay, c) <= longest_mean_wait
    )


def relaxation_time(utilisation: float, mean_stay: float, servers: float) -> float:
    """Return about how long an M/M/c queue needs to forget how it began, ``s / (c (1 - sqrt(rho))²)``.

    After so long, what is left of the first day's state has fallen to about ``1/e``; exact for one server, an
    approximation for more. A queue close to its limit forgets so slowly that a plan of ten years never sees the long
    run: plan from the present caseload.

    Examples
    --------
    24 places, stays of 12 months, nine tenths in use: 190 months.

    >>> round(relaxation_time(0.9, 12, 24))
    190
    """
    require_not_negative(utilisation=utilisation)
    require_positive(mean_stay=mean_stay, servers=servers)
    if utilisation >= 1:
        return math.inf
    return mean_stay / (servers * (1 - math.sqrt(utilisation)) ** 2)


def refuse_endless(load: float, capacity: float, arrivals_per_month: float) -> None:
    """Raise `WrongCall` when the load reaches the capacity: the queue never ends. The message says what would end it.

    Parameters
    ----------
    load, capacity
        Hours a week that the families need in the long run, and that there are.
    arrivals_per_month
        Families a month that make the load.
    """
    if load < capacity:
        return
    share = capacity / load
    numbers = {
        "needed": (load, 1),
        "there": (capacity, 1),
        "more": (load - capacity, 1),
        "starts": (arrivals_per_month, 2),
        "most": (arrivals_per_month * share, 2),
    }
    details = {name: {lang: number(value, lang, n) for lang in LANGUAGES} for name, (value, n) in numbers.items()}
    details["shorter"] = {lang: percent(1 - share, lang) for lang in LANGUAGES}
    raise WrongCall(Problem("staffing.never_ends", details=details))


def _blocked_of_many(servers: int, offered_load: float) -> float:
    if offered_load < servers:
        return math.exp(poisson.logpmf(servers, offered_load) - poisson.logcdf(servers, offered_load))
    inverse = term = 1.0
    for server in range(servers, 0, -1):
        term *= server / offered_load
        inverse += term
        if term < 1e-17 * inverse:
            break
    return 1 / inverse


def _load(arrival_rate: float, mean_stay: float) -> float:
    require_not_negative(arrival_rate=arrival_rate)
    require_positive(mean_stay=mean_stay)
    return arrival_rate * mean_stay


def _whole(servers: int, fewest: int) -> None:
    if not (isinstance(servers, Real) and fewest <= servers < math.inf and servers == int(servers)):
        raise WrongCall(Problem("staffing.queue_servers", value=str(servers), details={"fewest": fewest}))
