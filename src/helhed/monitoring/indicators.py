"""The monthly indicators at group level: by month, by time since the start, and now against before.

All follow every family that ever started, also after it has left: a family that leaves early still counts.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.months import months_between
from helhed.monitoring.panel import NEVER, Panel
from helhed.monitoring.rules import Rules
from helhed.monitoring.usable import without_empty_sources
from helhed.monitoring.values import Place, change_row, difference_row, value_row, value_table

#: Periods after the start that are shown, each as long as the baseline.
PERIODS_AFTER = 4


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
    panel = Panel.of(counts, groups)
    found = []
    for indicator in indicator_catalogue().values():
        if indicator.basis == "months":
            found += _by_period(indicator, panel, rules, "month")
            found += _by_period(indicator, panel, rules, "half_year")
            found += _since_start(indicator, panel, rules)
            found += _now_and_before(indicator, panel, rules)
    return value_table(found)


def quarterly_values(
    indicator: Indicator, counts: pd.DataFrame, groups: pd.DataFrame, rules: Rules, empty: Collection[str] = ()
) -> pd.DataFrame:
    """Return one indicator by calendar quarter (level ``quarter``, period such as 2024Q1) for both groups.

    A quarter is steadier than a month: one child's illness weighs less. ``empty`` as in `cohort_by_month`.
    """
    found = value_table(_by_period(indicator, Panel.of(counts, groups), rules, "quarter"))
    return without_empty_sources(found, empty)


def cohort_by_month(
    indicator: Indicator, counts: pd.DataFrame, groups: pd.DataFrame, rules: Rules, empty: Collection[str] = ()
) -> pd.DataFrame:
    """Return one indicator by month for all families ever enrolled, also in the months before they started.

    A control chart needs the same families throughout: with families coming in month by month the line would also
    move because others are counted. ``empty`` names the tables without a row
    (`helhed.monitoring.usable.empty_sources`): a month that rests on one of them has no value.
    """
    panel = Panel.of(counts, groups)
    found = []
    for month in months_between(rules.from_date, rules.to_date):
        chosen = (panel.group == "enrolled") & (panel.month == month.year * 12 + month.month)
        if chosen.any():
            place = Place("enrolled", "cohort", f"{month:%Y-%m}")
            found.append(value_row(indicator, place, panel.basis(indicator, chosen), rules))
    return without_empty_sources(value_table(found), empty)


def _groups(indicator: Indicator, panel: Panel) -> dict[str, np.ndarray]:
    """Return which family months are each group's; an enrolled family counts from the month it starts."""
    is_enrolled = panel.group == "enrolled"
    others = {"all": ~is_enrolled, "eligible": panel.group == "others"}
    found = {"enrolled": is_enrolled & (panel.since >= 0)}
    return found if indicator.compared_with == "none" else {**found, "others": others[indicator.compared_with]}


def _periods(rules: Rules, length: str) -> dict[str, list[int]]:
    """Return the calendar periods by name, each with its months as running numbers."""
    found: dict[str, list[int]] = {}
    for month in months_between(rules.from_date, rules.to_date):
        names = {
            "month": f"{month:%Y-%m}",
            "quarter": f"{month.year}Q{month.quarter}",
            "half_year": f"{month.year}H{1 if month.month <= 6 else 2}",
        }
        found.setdefault(names[length], []).append(month.year * 12 + month.month)
    return found


def _by_period(indicator: Indicator, panel: Panel, rules: Rules, length: str) -> list[dict]:
    """Return the values by calendar period; a state is read in the last month with data, a flow is summed."""
    found = []
    for group, is_mine in _groups(indicator, panel).items():
        for period, months in _periods(rules, length).items():
            in_period = is_mine & (panel.month >= months[0]) & (panel.month <= months[-1])
            chosen = _latest(indicator, panel, in_period, 1) if indicator.over_time == "state" else in_period
            place = Place(group, length, period)
            found.append(value_row(indicator, place, panel.basis(indicator, chosen), rules))
    return found


def _since_start(indicator: Indicator, panel: Panel, rules: Rules) -> list[dict]:
    length, is_enrolled = rules.baseline_months, panel.group == "enrolled"
    found = []
    for period in range(PERIODS_AFTER + 1):
        first, last = (period - 1) * length, period * length - 1
        seen = is_enrolled & panel.is_observed(first, last, rules)
        place = Place("enrolled", "since_start", str(period * length) if period else "baseline")
        chosen = seen & _in_window(indicator, panel, first, last)
        found.append(value_row(indicator, place, panel.basis(indicator, chosen), rules))
    return found


def _now_and_before(indicator: Indicator, panel: Panel, rules: Rules) -> list[dict]:
    """Return the same families before their start and at the end of the data, their change, and the others."""
    length = rules.baseline_months
    seen = (panel.group == "enrolled") & panel.is_observed(-length, length - 1, rules)
    groups = _groups(indicator, panel)
    now = _latest(indicator, panel, seen, length)
    rows = [value_row(indicator, Place("enrolled", "now", "now"), panel.basis(indicator, now), rules)]
    if "others" in groups:
        # What is only counted while a family is enrolled has no baseline and no others.
        before = seen & _in_window(indicator, panel, -length, -1)
        place = Place("enrolled", "baseline", "baseline")
        rows.insert(0, value_row(indicator, place, panel.basis(indicator, before), rules))
        chosen = _latest(indicator, panel, groups["others"], length)
        others = value_row(indicator, Place("others", "now", "now"), panel.basis(indicator, chosen), rules)
        change = change_row(indicator, *panel.paired(indicator, before, now), rules)
        rows += [others, change, difference_row(indicator, rows[1], others)]
    return rows


def _in_window(indicator: Indicator, panel: Panel, first: int, last: int) -> np.ndarray:
    """Return which family months lie in a window since the start: all of a flow, the last one of a state."""
    start = last if indicator.over_time == "state" else first
    return (panel.since >= start) & (panel.since <= last) & (panel.since > NEVER)


def _latest(indicator: Indicator, panel: Panel, chosen: np.ndarray, length: int) -> np.ndarray:
    """Return the chosen rows of the last months with data: ``length`` of a flow, one of a state.

    Without any data the last of the chosen months: then what is missing can be told.
    """
    has_data = chosen & (panel.column(indicator.counts[1]) > 0)
    months = np.unique(panel.month[has_data if has_data.any() else chosen])
    kept = months[-1 if indicator.over_time == "state" else -length :]
    return chosen & np.isin(panel.month, kept)
