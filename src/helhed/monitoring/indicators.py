"""The monthly indicators at group level: by month, by time since the start, and now against before.

All follow every family that ever started, also after it has left: a family that leaves early still counts.
"""

import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.months import month_number, months_between
from helhed.monitoring.rules import Rules
from helhed.monitoring.values import Basis, Place, value_row, value_table

#: Columns of the monthly table that hold what is unknown and what was expected, by the indicator's numerator.
_UNKNOWN = {
    "adults_on_benefit": ("adults_unknown", "adults"),
    "adults_on_kontanthjaelp": ("adults_unknown", "adults"),
    "activated_days": ("adults_unknown", "adults"),
    "adults_in_work": ("adults_unknown_work", "adults"),
    "absent_days": ("pupils_unknown", "pupils"),
    "spending_dkk": ("measures_unpriced", "measures_active"),
}
#: Periods after the start that are shown, each as long as the baseline.
_PERIODS_AFTER = 4


def indicator_values(counts: pd.DataFrame, groups: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the values of every monthly indicator.

    Parameters
    ----------
    counts
        One row per family and month, see `helhed.monitoring.family_months.family_months`.
    groups
        One row per family: group and start date, see `helhed.monitoring.cohort.family_groups`.
    rules
        The municipality's settings.

    Returns
    -------
    One row per indicator, group, level and period; columns `helhed.monitoring.values.COLUMNS`.
    """
    rows = counts.merge(groups, on="family_id", how="inner", validate="many_to_one")
    rows = rows.assign(since=(month_number(rows["month"]) - month_number(rows["start_date"])).astype("Int64"))
    found = []
    for indicator in indicator_catalogue().values():
        if indicator.basis == "months":
            found += _by_month(indicator, rows, rules)
            found += _since_start(indicator, rows, rules)
            found += _now_and_before(indicator, rows, rules)
    return value_table(found)


def quarterly_values(indicator: Indicator, counts: pd.DataFrame, groups: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one indicator by calendar quarter (level ``quarter``, period such as 2024Q1) for both groups.

    A quarter is steadier than a month: one child's illness weighs less.
    """
    rows = counts.merge(groups, on="family_id", how="inner", validate="many_to_one")
    rows = rows.assign(since=(month_number(rows["month"]) - month_number(rows["start_date"])).astype("Int64"))
    found = []
    for group, part in _groups(indicator, rows):
        for quarter, chosen in part.groupby(part["month"].dt.to_period("Q"), sort=True):
            found.append(_value(indicator, Place(group, "quarter", str(quarter)), chosen, rules))
    return value_table(found)


def cohort_by_month(indicator: Indicator, counts: pd.DataFrame, groups: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one indicator by month for all families ever enrolled, also in the months before they started.

    A control chart needs the same families throughout: with families coming in month by month the line would also
    move because others are counted.
    """
    mine = groups.loc[groups["group"] == "enrolled", "family_id"]
    rows = counts[counts["family_id"].isin(mine)]
    found = [
        _value(indicator, Place("enrolled", "cohort", f"{month:%Y-%m}"), part, rules)
        for month, part in rows.groupby("month", sort=True)
    ]
    return value_table(found)


def _groups(indicator: Indicator, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the family months of each group; an enrolled family counts from the month it starts."""
    enrolled = rows[(rows["group"] == "enrolled") & (rows["since"] >= 0).fillna(False).astype(bool)]
    others = {
        "all": rows[rows["group"] != "enrolled"],
        "eligible": rows[rows["group"] == "others"],
    }
    parts = [("enrolled", enrolled)]
    return parts if indicator.compared_with == "none" else [*parts, ("others", others[indicator.compared_with])]


def _by_month(indicator: Indicator, rows: pd.DataFrame, rules: Rules) -> list[dict]:
    months = months_between(rules.from_date, rules.to_date)
    found = []
    for group, part in _groups(indicator, rows):
        by_month = dict(list(part.groupby("month", sort=True)))
        for month in months:
            place = Place(group, "month", f"{month:%Y-%m}")
            found.append(_value(indicator, place, by_month.get(month, part.iloc[:0]), rules))
    return found


def _since_start(indicator: Indicator, rows: pd.DataFrame, rules: Rules) -> list[dict]:
    enrolled, length = rows[rows["group"] == "enrolled"], rules.baseline_months
    found = []
    for period in range(_PERIODS_AFTER + 1):
        first, last = (period - 1) * length, period * length - 1
        seen = enrolled[_is_observed(enrolled["start_date"], first, last, rules)]
        place = Place("enrolled", "since_start", str(period * length) if period else "baseline")
        found.append(_value(indicator, place, _window(indicator, seen, first, last), rules))
    return found


def _now_and_before(indicator: Indicator, rows: pd.DataFrame, rules: Rules) -> list[dict]:
    """Return the same families before their start and at the end of the data, and the others at the end."""
    length = rules.baseline_months
    enrolled = rows[rows["group"] == "enrolled"]
    seen = enrolled[_is_observed(enrolled["start_date"], -length, length - 1, rules)]
    before = _window(indicator, seen, -length, -1)
    # What is only counted while a family is enrolled has no baseline.
    has_baseline = indicator.compared_with != "none"
    found = [_value(indicator, Place("enrolled", "baseline", "baseline"), before, rules)] if has_baseline else []
    for group, part in (("enrolled", seen), *_groups(indicator, rows)[1:]):
        found.append(_value(indicator, Place(group, "now", "now"), _latest(indicator, part, length), rules))
    return found


def _window(indicator: Indicator, rows: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the family months of a window since the start: all of a flow, the last one of a state."""
    start = last if indicator.over_time == "state" else first
    return rows[rows["since"].between(start, last).fillna(False).astype(bool)]


def _latest(indicator: Indicator, rows: pd.DataFrame, length: int) -> pd.DataFrame:
    """Return the last months with data: ``length`` of a flow, one of a state."""
    months = sorted(rows.loc[rows[indicator.counts[1]] > 0, "month"].unique())
    return rows[rows["month"].isin(months[-1 if indicator.over_time == "state" else -length :])]


def _is_observed(starts: pd.Series, first: int, last: int, rules: Rules) -> pd.Series:
    """Return whether the months ``first`` to ``last`` since the start all lie within the data period."""
    begin = rules.from_date.year * 12 + rules.from_date.month
    end = rules.to_date.year * 12 + rules.to_date.month
    start = month_number(starts)
    return (start + first >= begin) & (start + last <= end)


def _value(indicator: Indicator, place: Place, rows: pd.DataFrame, rules: Rules) -> dict:
    numerator, denominator = indicator.counts
    unknown, expected = _UNKNOWN.get(numerator, (None, None))
    columns = [numerator, denominator]
    sums = rows[columns] if rows["family_id"].is_unique else rows.groupby("family_id")[columns].sum()
    basis = Basis(
        sums[numerator].to_numpy(),
        sums[denominator].to_numpy(),
        float(rows[unknown].sum()) if unknown else 0.0,
        float(rows[expected].sum()) if unknown else float(sums[denominator].sum()),
    )
    return value_row(indicator, place, basis, rules)
