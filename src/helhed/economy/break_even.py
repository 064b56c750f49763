"""When the effort could pay for itself: a cumulative curve per family, its break-even month and its range.

The model, per enrolled family and month m: while enrolled the municipality pays for coordination and for the measures
that come on top; from the month in which parents move on it saves part of the benefits it pays itself.

    net(m) = saving(m) - cost(m),   discounted to the start
    cost(m) = coordination + extra measures    for m up to the months enrolled, else 0
    saving(m) = adults moved · benefit saved per adult · (1 - fade)^(years since the move)    after the move

A month that only partly lies within the course, or after the move, counts with that part.

A rise of spending in the beginning is expected: it was seen in Furesø and Assens alike.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.browser.money import INPUTS
from helhed.economy.given import number
from helhed.errors import Problem, WrongCall


@dataclass(frozen=True)
class Range:
    """A value and how low and how high it may be; NaN where it is not known.

    Raises
    ------
    WrongCall
        If the value does not lie between the two.
    """

    low: float
    value: float
    high: float

    def __post_init__(self):
        for name in ("low", "value", "high"):
            object.__setattr__(self, name, number(getattr(self, name), name))
        if self.low > self.value or self.value > self.high or self.low > self.high:
            raise WrongCall(Problem("economy.range_wrong", value=f"{self.low:g}, {self.value:g}, {self.high:g}"))


def net_curve(inputs: Mapping[str, float | np.ndarray], horizon_months: int) -> np.ndarray:
    """Return the net result of each month 1 … horizon, discounted, per family.

    Parameters
    ----------
    inputs
        The members of `INPUTS`; numbers, or arrays of one length for many draws at once.
    horizon_months
        Months to look ahead.

    Returns
    -------
    One column per month; one row per draw where the inputs are arrays.
    """
    value = {name: np.asarray(inputs[name], dtype=float)[..., None] for name in INPUTS}
    month = np.arange(1, horizon_months + 1, dtype=float)
    cost = (value["coordination_dkk"] + value["extra_measures_dkk"]) * _part_of_month(value["enrolled_months"], month)
    months_after = np.maximum(month - value["move_month"], 0.0)
    left = np.clip(1 - value["fade_per_year"], 0.0, None)  # more than all of it cannot fade
    kept = left ** (months_after / 12) * np.minimum(months_after, 1.0)
    saving = value["adults_moved"] * value["benefit_saved_dkk"] * kept
    return (saving - cost) / (1 + value["discount_rate"]) ** (month / 12)


def _part_of_month(months: np.ndarray | float, month: np.ndarray | float) -> np.ndarray | float:
    """Return how much of each month lies within so many months: of 2.5 months all of the second, half of the third.

    Examples
    --------
    >>> _part_of_month(2.5, np.arange(1, 5)).tolist()
    [1.0, 1.0, 0.5, 0.0]
    """
    return np.clip(months - (month - 1), 0.0, 1.0)


def break_even_month(net: np.ndarray) -> np.ndarray | float:
    """Return the first month from which the cumulative result stays at zero or above; NaN when it never does.

    Parameters
    ----------
    net
        Net result by month; one row per case where there are many.

    Examples
    --------
    Pay 100 at once, save 30 a month from then on: 100 is reached in the fourth saving month, month 5.

    >>> break_even_month(np.array([-100.0, 30, 30, 30, 30, 30]))
    5.0
    """
    cumulative = np.cumsum(np.atleast_2d(net), axis=1)
    months = cumulative.shape[1]
    # Cents of rounding must not put the break-even off by a month.
    is_below = cumulative < -1e-6 * np.maximum(np.abs(cumulative).max(axis=1, keepdims=True), 1.0)
    last_below = np.where(is_below.any(axis=1), months - is_below[:, ::-1].argmax(axis=1), 0)
    is_unknown = np.isnan(cumulative).any(axis=1)
    found = np.where(is_unknown | (last_below == months), np.nan, last_below + 1.0)
    return float(found[0]) if np.ndim(net) == 1 else found


def one_at_a_time(ranges: Mapping[str, Range], horizon_months: int) -> pd.DataFrame:
    """Return the break-even month with one input at its low and high value and all others at their value.

    Columns ``input``, ``low``, ``high`` (the input), ``month_at_low``, ``month_at_high`` (NaN: not within the horizon).
    """
    base = {name: ranges[name].value for name in INPUTS}
    rows = []
    for name in INPUTS:
        ends = (ranges[name].low, ranges[name].high)
        months = [break_even_month(net_curve({**base, name: end}, horizon_months)) for end in ends]
        rows.append((name, *ends, *months))
    return pd.DataFrame(rows, columns=["input", "low", "high", "month_at_low", "month_at_high"])


def draw_curves(ranges: Mapping[str, Range], horizon_months: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return the net result by month of many draws: every input triangular between its low and high value.

    Triangular with the peak at the value: the simplest shape that knows three numbers. Inputs are drawn independently.
    """
    drawn = {}
    for name in INPUTS:
        low, value, high = ranges[name].low, ranges[name].value, ranges[name].high
        drawn[name] = rng.triangular(low, value, high, n_draws) if low < high else np.full(n_draws, value)
    return net_curve(drawn, horizon_months)


@dataclass(frozen=True)
class BreakEven:
    """The break-even month and its range over the draws; NaN where it lies beyond the horizon.

    All parts are NaN, ``share_never`` too, when an input is not known.
    """

    month: float
    low: float
    high: float
    share_never: float


@dataclass(frozen=True)
class Payback:
    """When the effort could pay for itself: the net curve, the draws around it and the break-even month."""

    net: np.ndarray
    draws: np.ndarray
    break_even: BreakEven


def payback(ranges: Mapping[str, Range], horizon_months: int, n_draws: int, seed: int) -> Payback:
    """Return the net result by month, ``n_draws`` curves drawn from the ranges, and the break-even month."""
    draws = draw_curves(ranges, horizon_months, n_draws, np.random.default_rng(seed))
    net = net_curve({name: given.value for name, given in ranges.items()}, horizon_months)
    return Payback(net, draws, find_break_even(ranges, draws))


def find_break_even(ranges: Mapping[str, Range], draws: np.ndarray, coverage: float = 0.8) -> BreakEven:
    """Return the break-even month with the range that holds the middle ``coverage`` of the draws.

    A draw that never breaks even counts as later than every month, so a range may have no upper end.
    """
    if np.isnan(draws).any():
        return BreakEven(math.nan, math.nan, math.nan, math.nan)
    horizon = draws.shape[1]
    months = break_even_month(draws)
    ordered = np.sort(np.where(np.isfinite(months), months, np.inf))
    low, high = (
        ordered[min(int(q * len(ordered)), len(ordered) - 1)] for q in ((1 - coverage) / 2, (1 + coverage) / 2)
    )
    value = break_even_month(net_curve({name: ranges[name].value for name in INPUTS}, horizon))
    return BreakEven(value, _finite(low), _finite(high), float(np.isnan(months).mean()))


def _finite(value: float) -> float:
    return float(value) if math.isfinite(value) else math.nan


def moved_needed(ranges: Mapping[str, Range], horizon_months: int) -> float:
    """Return how many adults a family must move off benefit, on average, to pay the effort back within the horizon.

    Savings grow in proportion to the adults moved, so it is the total cost over the savings of one adult moved.
    Missing when one adult moved saves nothing.
    """
    base = {name: ranges[name].value for name in INPUTS}
    cost = -net_curve({**base, "adults_moved": 0.0}, horizon_months).sum()
    saving = net_curve({**base, "adults_moved": 1.0}, horizon_months).sum() + cost
    return float(cost / saving) if saving > 0 else math.nan
