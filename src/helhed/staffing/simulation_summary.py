"""What many replications say: waits, flow, use of the hours and overload, each with how sure it is."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import skew
from scipy.stats import t as student

from helhed.staffing.simulation import arrival_times, load_of_phases, start_times
from helhed.staffing.simulation_draws import (
    UNITS_PER_HOUR,
    Course,
    Demand,
    Draw,
    Situation,
    draw_replications,
)

#: Hours a week as they change: (month from which, hours a week), in order, the first from the first day.
Steps = Sequence[tuple[float, float]]
#: Hours a week that stay the same, or how they change in each replication.
Capacity = float | Sequence[Steps]

WEEKS_PER_MONTH = 365.25 / 7 / 12


def waiting_by_capacity(
    draws: Sequence[Draw], capacities: Sequence[Capacity], horizon_months: float, limit_months: float
) -> pd.DataFrame:
    """Return how long new families wait and how many start and leave, one row per capacity.

    Parameters
    ----------
    draws
        Replications; the same ones are used for every capacity, so that differences are not chance.
    capacities
        Hours per week for families: a number, or one sequence of steps per replication.
    limit_months
        Wait that should not be exceeded.

    Returns
    -------
    ``capacity`` (mean over the horizon); ``wait_months`` (mean wait of the families that join the line within the
    horizon), ``wait_mean_low/high`` (95 % interval of that mean), ``wait_low/high`` (5th and 95th percentile of the
    replications' means), ``share_over_limit``, ``started_per_month`` and ``left_per_month`` with ``_low/_high`` (same
    percentiles), ``utilisation`` (hours in use as a share of those there are over the horizon; missing if there are
    none), ``overload_weeks`` with ``_low/_high`` (weeks of the horizon with more hours in use than there are),
    ``n_waiting_end`` (mean), ``n_replications``.
    """
    rows = [_summary(draws, capacity, horizon_months, limit_months) for capacity in capacities]
    return pd.DataFrame(rows)


def mean_of_all(sums: np.ndarray, counts: np.ndarray) -> tuple[float, float, float]:
    """Return the mean over all families of all replications, with its 95 % interval; missing without families.

    The replications are independent, the families within one are not: the interval is that of a ratio of sums, with
    Student's t. Waits are skew, most replications have short ones and a few very long ones; without a correction the
    interval would lie too low too often, so the skewness is taken out first (P. Hall, *On the removal of skewness by
    transformation*, Journal of the Royal Statistical Society B 54, 1992). A mean of the replications' means would
    count a family in a quiet replication for more than one in a busy replication.
    """
    n = len(sums)
    if counts.sum() == 0:
        return (float("nan"),) * 3
    mean = float(sums.sum() / counts.sum())
    if n < 3:
        return mean, float("nan"), float("nan")
    above, below = _hall((sums - mean * counts) / counts.mean())
    return mean, max(0.0, mean - above), mean + below


def _hall(residuals: np.ndarray) -> tuple[float, float]:
    """Return how far the lower and the upper limit of the 95 % interval lie from the mean."""
    n, spread = len(residuals), residuals.std(ddof=1)
    reach = student.ppf(0.975, n - 1) / np.sqrt(n)
    skewness = skew(residuals, bias=False) if spread > 0 else 0.0
    if abs(skewness) < 1e-6:
        return spread * reach, spread * reach

    def moved(x: float) -> float:
        return 3 / skewness * (np.cbrt(1 + skewness * (x - skewness / (6 * n))) - 1)

    return float(spread * moved(reach)), float(-spread * moved(-reach))


def _summary(draws: Sequence[Draw], capacity: Capacity, horizon: float, limit: float) -> dict:
    is_fixed = isinstance(capacity, (int, float))
    each = [[(0.0, capacity)]] * len(draws) if is_fixed else capacity
    runs = pd.DataFrame([_one_run(*one, horizon, limit) for one in zip(draws, each, strict=True)])
    mean, low, high = mean_of_all(runs["wait_sum"].to_numpy(), runs["n_new"].to_numpy())
    summary = {"capacity": capacity if is_fixed else runs["capacity"].mean(), "wait_months": mean}
    for name in ("wait", "started_per_month", "left_per_month", "overload_weeks"):
        if name != "wait":
            summary[name] = runs[name].mean()
        known = runs[name].dropna()
        bounds = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
        summary |= dict(zip((f"{name}_low", f"{name}_high"), bounds, strict=True))
    late = mean_of_all(runs["n_over_limit"].to_numpy(), runs["n_new"].to_numpy())[0]
    means = {name: runs[name].mean() for name in ("utilisation", "n_waiting_end")}
    interval = {"wait_mean_low": low, "wait_mean_high": high, "n_replications": len(runs)}
    return {**summary, "share_over_limit": late, **means, **interval}


def _one_run(draw: Draw, steps: Steps, horizon: float, limit: float) -> dict:
    waits, new, started = waits_between(draw, steps, 0.0, horizon)
    begins = np.concatenate([started, np.zeros(len(draw.present))])
    ends = begins + np.add.reduce(draw.phases.months, axis=1)
    weeks = np.arange(0.5 / WEEKS_PER_MONTH, horizon, 1 / WEEKS_PER_MONTH)
    in_use = load_of_phases(weeks, begins, draw.phases)
    there = hours_at(weeks, steps)
    return {
        "wait": waits.mean() if len(waits) else np.nan,
        "wait_sum": waits.sum(),
        "n_new": len(waits),
        "n_over_limit": (waits > limit).sum(),
        "started_per_month": (started < horizon).sum() / horizon,
        "left_per_month": (ends < horizon).sum() / horizon,
        "capacity": there.mean(),
        "utilisation": in_use.mean() / there.mean() if there.any() else np.nan,
        # Hours are whole hundredths in the simulation: a rounding is no overload.
        "overload_weeks": int((in_use > there + 1 / UNITS_PER_HOUR).sum()),
        "n_waiting_end": int((new & (started >= horizon)).sum()),
    }


def waits_between(draw: Draw, steps: Steps, begin: float, end: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the waits of those joining the line from ``begin`` to before ``end``, who they are, and all starts."""
    units = [(month, round(hours * UNITS_PER_HOUR)) for month, hours in steps]
    starts = start_times(draw, units)
    joined, started = np.asarray(arrival_times(draw, starts), dtype=float), np.asarray(starts, dtype=float)
    new = (joined >= begin) & (joined < end)
    return (started - joined)[new], new, started


def hours_at(times: np.ndarray, steps: Steps) -> np.ndarray:
    """Return the hours a week there are at each time."""
    months, hours = (np.asarray(each, dtype=float) for each in zip(*steps, strict=True))
    return hours[np.maximum(0, np.searchsorted(months, times, side="right") - 1)]


def starts_of_endless_line(
    demand: Demand, present: Sequence[Course], steps: Sequence[Steps], seed: int
) -> list[list[float]]:
    """Return when families start in each replication if there is always one waiting.

    Parameters
    ----------
    present
        What is left of the present families' courses, as in `Situation`.
    steps
        Hours per week as they change, per replication; starts are complete up to the last step.
    """
    units = [[(month, round(hours * UNITS_PER_HOUR)) for month, hours in one] for one in steps]
    end, most = max(one[-1][0] for one in steps), max((there for one in units for _, there in one), default=0)
    lightest = min(hours for _, hours in demand.phases if hours > 0) * min(demand.weights)
    # As many as could start at once, then again and again; more when even they all start before the end.
    n = 10 + math.ceil(most / UNITS_PER_HOUR / max(lightest, demand.mean_hours / 4))
    while True:
        line = Situation(tuple(present), (0.0,) * n)
        draws = draw_replications(replace(demand, starts_per_month=0.0), line, end, len(steps), seed)
        started = [_starts_until(draw, one, end) for draw, one in zip(draws, units, strict=True)]
        if not any(len(each) == len(draw.courses) for each, draw in zip(started, draws, strict=True)):
            return started
        n *= 2


def _starts_until(draw: Draw, units: Sequence[tuple[float, int]], end: float) -> list[float]:
    # At the end there are hours for everyone, so that too few hours are no places instead of a fault.
    starts = start_times(draw, [*units[:-1], (end, max(units[-1][1], draw.heaviest + draw.at_first[1]))])
    return [start for start in starts if start < end]
