"""Net present value and internal rate of return, with the conventions said and the traps named."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helhed.economy.given import known_number, number
from helhed.errors import Problem, WrongCall

#: When in its period an amount falls: at its start, middle or end, as a share of the period.
TIMING = {"start": 0.0, "middle": 0.5, "end": 1.0}
#: Yearly rates between which an internal rate is looked for.
_LOWEST_RATE, _HIGHEST_RATE = -0.99, 100.0


@dataclass(frozen=True)
class InternalRate:
    """The yearly rates at which a series of amounts is worth nothing today.

    ``rates`` holds every one between -99 % and 10,000 % a year. ``warning`` is empty when there is exactly one and it
    means what people think: ``no_sign_change`` (only income or only cost: no rate), ``several_rates`` (none of them is
    the answer; use the net present value), ``several_sign_changes`` (one rate found, but money goes out again later),
    ``income_first`` (a high rate is bad here) or ``none_found``.
    """

    rates: tuple[float, ...]
    n_sign_changes: int
    warning: str

    @property
    def value(self) -> float:
        """Return the rate where there is just one, else NaN."""
        return self.rates[0] if len(self.rates) == 1 else float("nan")


def net_present_value(
    amounts: Sequence[float], yearly_rate: float, periods_per_year: int = 12, timing: str = "end"
) -> float:
    """Return what the amounts are worth at the start of the first period.

    Parameters
    ----------
    amounts
        Income above 0, cost below 0, one per period.
    yearly_rate
        Real yearly rate, such as 0.035; a month's factor is its twelfth root.
    periods_per_year
        12 for months, 1 for years.
    timing
        ``start``, ``middle`` or ``end``: when in its period an amount falls.

    Raises
    ------
    WrongCall
        If an amount is missing, the rate is -100 % or lower, there are no periods in a year, or the timing is unknown.
    """
    flows, yearly_rate = _checked(amounts), known_number(yearly_rate, "yearly_rate")
    problems = [Problem("economy.rate_too_low", value=f"{yearly_rate:g}")] if yearly_rate <= -1 else []
    periods, wrong = _periods(periods_per_year)
    problems += wrong
    is_timing = isinstance(timing, str) and timing in TIMING
    problems += [] if is_timing else [Problem("economy.unknown_timing", value=str(timing))]
    if problems:
        raise WrongCall(problems)
    years = (np.arange(flows.size) + TIMING[timing]) / periods
    return float((flows / (1 + yearly_rate) ** years).sum())


def internal_rate(amounts: Sequence[float], periods_per_year: int = 12) -> InternalRate:
    """Return the yearly rates at which the amounts have a net present value of zero.

    All real roots of the polynomial in the period's factor are found, not the one nearest to a guess.
    """
    flows = _checked(amounts)
    periods, wrong = _periods(periods_per_year)
    if wrong:
        raise WrongCall(wrong)
    signs = np.sign(flows[flows != 0])
    changes = int((signs[1:] != signs[:-1]).sum())
    if not changes:
        return InternalRate((), 0, "no_sign_change")
    roots = np.roots(np.trim_zeros(flows)[::-1])
    real = roots[np.abs(roots.imag) < 1e-7 * np.maximum(np.abs(roots.real), 1)].real
    yearly = np.array([factor ** (-periods) - 1 for factor in real[real > 0]])
    within = np.sort(yearly[(yearly > _LOWEST_RATE) & (yearly < _HIGHEST_RATE)])
    distinct = within[np.append(True, np.diff(within) > 1e-6)] if within.size else within
    return InternalRate(tuple(float(rate) for rate in distinct), changes, _warning(distinct.size, changes, signs[0]))


def modified_internal_rate(
    amounts: Sequence[float], finance_rate: float, reinvestment_rate: float, periods_per_year: int = 12
) -> float:
    """Return the one yearly rate of a series, also with several sign changes: the modified internal rate of return.

    Costs are brought back to the first period at the finance rate, income forward to the last at the reinvestment
    rate; the rate is what turns the one into the other. NaN without both a cost and an income.

    Parameters
    ----------
    amounts
        Income above 0, cost below 0, one per period.
    finance_rate, reinvestment_rate
        Yearly.
    periods_per_year
        12 for months, 1 for years.

    Examples
    --------
    >>> round(modified_internal_rate([-100, 50, -60, 70], 0.10, 0.12, 1), 5)
    -0.03909
    """
    flows, reinvestment_rate = _checked(amounts), known_number(reinvestment_rate, "reinvestment_rate")
    last, periods = flows.size - 1, _periods(periods_per_year)[0]
    spent = net_present_value(np.minimum(flows, 0), finance_rate, periods_per_year, "start")
    earned = net_present_value(np.maximum(flows, 0), reinvestment_rate, periods_per_year, "start")
    if not spent < 0 < earned:
        return float("nan")
    grown = earned * (1 + reinvestment_rate) ** (last / periods)
    return float((grown / -spent) ** (periods / last) - 1)


def _warning(n_rates: int, n_changes: int, first_sign: float) -> str:
    if n_rates != 1:
        return "several_rates" if n_rates else "none_found"
    if n_changes > 1:
        return "several_sign_changes"
    return "income_first" if first_sign > 0 else ""


def families_to_break_even(fixed_cost_dkk: float, net_per_family_dkk: float) -> float:
    """Return how many families carry the fixed cost; NaN when a family brings in nothing: no number is enough.

    Examples
    --------
    >>> families_to_break_even(1_000_000, 40_000)
    25.0
    """
    fixed, net = number(fixed_cost_dkk, "fixed_cost_dkk"), number(net_per_family_dkk, "net_per_family_dkk")
    if not net > 0 or math.isnan(fixed):
        return math.nan
    return float(np.ceil(max(fixed, 0.0) / net - 1e-9)) + 0.0  # never -0


def _periods(periods_per_year: int) -> tuple[float, list[Problem]]:
    """Return the periods of a year, and what is wrong with them; money is paid no oftener than every day."""
    periods = number(periods_per_year, "periods_per_year")
    is_right = 0 < periods <= 366
    return periods, [] if is_right else [Problem("economy.periods_wrong", value=str(periods_per_year))]


def _checked(amounts: Sequence[float]) -> np.ndarray:
    try:
        flows = np.array([known_number(amount, "amount") for amount in np.asarray(amounts, dtype=object)])
    except (TypeError, WrongCall):
        flows = np.empty(0)
    if flows.ndim != 1 or not flows.size or not np.isfinite(flows).all():
        raise WrongCall(Problem("economy.amount_missing"))
    return flows
