"""The monthly indicators at group level: by month, by time since the start, and now against before.

All follow every family that ever started, also after it has left: a family that leaves early still counts.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
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
    for name, (month, *_) in _periods(rules, "month").items():
        chosen = panel.in_months(panel.is_enrolled, month, month)
        if chosen.size:
            found.append(value_row(indicator, Place("enrolled", "cohort", name), panel.basis(indicator, chosen), rules))
    return without_empty_sources(value_table(found), empty)


def _groups(indicator: Indicator, panel: Panel) -> dict[str, np.ndarray]:
    """Return which family months are each group's; an enrolled family counts from the month it starts."""
    others = {"all": ~panel.is_enrolled, "eligible": panel.is_eligible}
    found = {"enrolled": panel.is_enrolled & (panel.since >= 0)}
    return found if indicator.compared_with == "none" else {**found, "others": others[indicator.compared_with]}


def _periods(rules: Rules, length: str) -> dict[str, list[int]]:
    """Return the calendar periods by name, each with its months as running numbers."""
    found: dict[str, list[int]] = {}
    first, last = (day.year * 12 + day.month for day in (rules.from_date, rules.to_date))
    for number in range(first, last + 1):
        year, month = divmod(number - 1, 12)
        names = {
            "month": f"{year}-{month + 1:02}",
            "quarter": f"{year}Q{month // 3 + 1}",
            "half_year": f"{year}H{month // 6 + 1}",
        }
        found.setdefault(names[length], []).append(number)
    return found


def _by_period(indicator: Indicator, panel: Panel, rules: Rules, length: str) -> list[dict]:
    """Return the values by calendar period; a state is read in the last month with data, a flow is summed."""
    found, periods = [], _periods(rules, length)
    for group, is_mine in _groups(indicator, panel).items():
        for period, months in periods.items():
            in_period = panel.in_months(is_mine, months[0], months[-1])
            chosen = _latest(indicator, panel, in_period, 1) if indicator.over_time == "state" else in_period
            place = Place(group, length, period)
            found.append(value_row(indicator, place, panel.basis(indicator, chosen), rules))
    return found


def _since_start(indicator: Indicator, panel: Panel, rules: Rules) -> list[dict]:
    length, found = rules.baseline_months, []
    for period in range(PERIODS_AFTER + 1):
        first, last = (period - 1) * length, period * length - 1
        seen = panel.is_enrolled & panel.is_observed(first, last, rules)
        place = Place("enrolled", "since_start", str(period * length) if period else "baseline")
        chosen = np.flatnonzero(seen & _in_window(indicator, panel, first, last))
        found.append(value_row(indicator, place, panel.basis(indicator, chosen), rules))
    return found


def _now_and_before(indicator: Indicator, panel: Panel, rules: Rules) -> list[dict]:
    """Return the same families before their start and at the end of the data, their change, and the others."""
    length = rules.baseline_months
    seen = panel.is_enrolled & panel.is_observed(-length, length - 1, rules)
    groups = _groups(indicator, panel)
    now = _latest(indicator, panel, np.flatnonzero(seen), length)
    rows = [value_row(indicator, Place("enrolled", "now", "now"), panel.basis(indicator, now), rules)]
    if "others" in groups:
        # What is only counted while a family is enrolled has no baseline and no others.
        before = np.flatnonzero(seen & _in_window(indicator, panel, -length, -1))
        place = Place("enrolled", "baseline", "baseline")
        rows.insert(0, value_row(indicator, place, panel.basis(indicator, before), rules))
        chosen = _latest(indicator, panel, np.flatnonzero(groups["others"]), length)
        others = value_row(indicator, Place("others", "now", "now"), panel.basis(indicator, chosen), rules)
        change = change_row(indicator, *panel.paired(indicator, before, now), rules)
        rows += [others, change, difference_row(indicator, rows[1], others)]
    return rows


def _in_window(indicator: Indicator, panel: Panel, first: int, last: int) -> np.ndarray:
    """Return which family months lie in a window since the start: all of a flow, the last one of a state."""
    start = last if indicator.over_time == "state" else first
    return (panel.since >= start) & (panel.since <= last) & (panel.since > NEVER)


def _latest(indicator: Indicator, panel: Panel, rows: np.ndarray, length: int) -> np.ndarray:
    """Return those of some rows of the last months with data: ``length`` of a flow, one of a state.

    Without any data the last of the chosen months: then what is missing can be told.
    """
    month = panel.month[rows]
    has_data = panel.column(indicator.counts[1])[rows] > 0
    months = np.unique(month[has_data] if has_data.any() else month)
    kept = months[-1 if indicator.over_time == "state" else -length :]
    return rows[np.isin(month, kept)]
