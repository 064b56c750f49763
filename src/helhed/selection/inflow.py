"""How many families newly meet the rule in a month, and how many to expect."""

from dataclasses import dataclass

import pandas as pd
from scipy import stats

from helhed.profile import Profile
from helhed.selection.criteria import MET, criteria
from helhed.selection.register import Register
from helhed.selection.rule_tree import criteria_in
from helhed.selection.stability import earlier, status_in

#: Months before the series in which a family must not have met the rule to count as new.
_LOOK_BACK_MONTHS = 12


@dataclass(frozen=True)
class Expected:
    """Families expected in a coming month: the mean, and limits that hold it with the stated certainty.

    ``p_dispersion`` is the probability of months at least this uneven if only chance were at work.
    """

    mean: float
    low: int
    high: int
    n_months: int
    p_dispersion: float


def inflow(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return how many families newly met the rule in each month up to the day.

    Returns
    -------
    One row per month: month (first day), n_families. A family counts once, in the first month at whose end it meets
    the rule, and only if it did not meet it at a month's end in up to a year before the series. The series is as long
    as the profile asks, but no longer than the data allow: the rule's windows must lie within the data period, and it
    ends where an export stops that the rule rests on: months without new records are not months without new families.
    """
    as_of, register = known_until(tables, profile, pd.Timestamp(as_of)), Register(tables, profile, as_of)
    n_covered = covered_months(profile, as_of)
    n_months = min(profile["selection.inflow_months"], n_covered)
    ends = [earlier(as_of, k) for k in range(min(n_covered, n_months + _LOOK_BACK_MONTHS), -1, -1)]
    seen, counts = set(), []
    for end in ends:
        status = status_in(register.again(as_of=end))
        met = set(status.index[status == MET])
        counts.append(len(met - seen))
        seen |= met
    months = pd.DatetimeIndex(ends).to_period("M").to_timestamp().as_unit("us")
    series = pd.DataFrame({"month": months, "n_families": pd.array(counts, dtype="Int64")})
    return series.iloc[len(series) - n_months :].reset_index(drop=True)


def known_until(tables: dict[str, pd.DataFrame], profile: Profile, as_of: pd.Timestamp) -> pd.Timestamp:
    """Return the day, or the last day before an export that the rule rests on leaves the months up to it dark."""
    months = Register(tables, profile, as_of).known_months
    asked = [criteria()[name] for name in criteria_in(profile["selection.rule"])]
    resting = [source for source in months.dark if any(one.rests_on(source, profile) for one in asked)]
    dark = {month for source in resting for month in months.dark[source]}
    while as_of.date().replace(day=1) in dark:
        as_of = as_of.replace(day=1) - pd.Timedelta(days=1)
    return as_of


def covered_months(profile: Profile, as_of: pd.Timestamp) -> int:
    """Return for how many months before the day the rule's windows lie wholly within the data period."""
    names = criteria_in(profile["selection.rule"])
    window = max([1, *(profile[key] for name in names for key in criteria()[name].windows)])
    start = pd.Timestamp(profile["data.from_date"])
    span = (as_of.year - start.year) * 12 + as_of.month - start.month + (1 if start.day == 1 else 0)
    return max(0, span - window)


def expected_inflow(counts: pd.Series, level: float = 0.95) -> Expected | None:
    """Return how many families to expect in one coming month; nothing with fewer than three months.

    Notes
    -----
    Exact prediction limits for one future Poisson count: given the total of the months and the coming month, the
    coming month is binomial with one chance in (months + 1). Limits are the counts that are not too unlikely in
    either tail (Nelson 1982, Applied Life Data Analysis, ch. 6; method "conditional" of R's EnvStats::predIntPois).
    Dispersion: Fisher's index, the sum of squared deviations over the mean, chi-squared with months - 1 degrees.
    """
    values = pd.Series(counts).astype(float)
    if len(values) < 3:
        return None
    low, high = poisson_prediction(int(values.sum()), len(values), level)
    mean = values.mean()
    p = float(stats.chi2.sf(((values - mean) ** 2).sum() / mean, len(values) - 1)) if mean else 1.0
    return Expected(float(mean), low, high, len(values), p)


def poisson_prediction(total: int, n_months: int, level: float = 0.95) -> tuple[int, int]:
    """Return limits that hold the count of one coming month with at least the stated certainty.

    Parameters
    ----------
    total
        Events in the months seen.
    n_months
        Months seen.
    level
        Certainty, 0-1.

    Examples
    --------
    >>> poisson_prediction(0, 24)
    (0, 1)
    """
    tail, chance = (1 - level) / 2, 1 / (n_months + 1)
    low = 0
    while stats.binom.cdf(low, total + low, chance) <= tail:
        low += 1
    high = low
    while stats.binom.sf(high, total + high + 1, chance) > tail:
        high += 1
    return low, high
