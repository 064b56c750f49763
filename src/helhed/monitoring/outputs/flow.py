"""Inflow and outflow: families that started, left and were enrolled, in periods long enough to be shown."""

from dataclasses import dataclass

import pandas as pd

from helhed.outputs import PublicTable, is_small
from helhed.texts import number, text

#: Lengths of period in months, shortest first.
_LENGTHS = (3, 6, 12)


@dataclass(frozen=True)
class Flow:
    """Enrolment by period.

    Parameters
    ----------
    periods
        One row per period: ``from_month``, ``to_month``, ``n_started``, ``n_left`` and ``n_enrolled`` at its end;
        missing where the number may not be shown.
    months
        Length of a period.
    is_whole
        Whether starts and exits can be shown. A start or exit of a few families could be worked out from the number
        enrolled before and after, so both are left out everywhere as soon as one of them is small.
    """

    periods: pd.DataFrame
    months: int
    is_whole: bool


def flow(by_month: pd.DataFrame, threshold: int) -> Flow:
    """Return enrolment in the shortest periods in which no number is small.

    Parameters
    ----------
    by_month
        One row per month: ``month``, ``n_enrolled`` at its end, ``n_started``, ``n_left``, as
        `helhed.monitoring.enrolled_by_month` gives it. Months before the first start are left out.
    threshold
        Smallest number of families that may be shown; 0 shows all, for a team's own eyes.
    """
    begun = by_month[(by_month["n_enrolled"] + by_month["n_started"]).cumsum() > 0]
    for months in _LENGTHS:
        periods = _summed(begun, months)
        if not is_small(periods[["n_started", "n_left", "n_enrolled"]], threshold).to_numpy().any():
            return Flow(_masked(periods, threshold), months, True)
    periods = _masked(_summed(begun, _LENGTHS[1]), threshold)
    return Flow(periods.assign(n_started=pd.NA, n_left=pd.NA), _LENGTHS[1], False)


def flow_table(found: Flow, lang: str) -> PublicTable:
    """Return enrolment by period as a table: starts and exits only where they can be shown."""
    flows = {"n_started": "count", "n_left": "count"} if found.is_whole else {}
    formats = {"from_month": "month", "to_month": "month", **flows, "n_enrolled": "count"}
    columns = {key: (text(f"monitoring_outputs.column_{key}", lang), form) for key, form in formats.items()}
    title = text("monitoring_outputs.flow_table", lang)
    return PublicTable("flow", title, found.periods[list(columns)], columns)


def flow_sentence(found: Flow, lang: str) -> str:
    """Return how many families have started, left and are enrolled, or why starts and exits are not told."""
    if found.periods.empty:
        return text("monitoring_outputs.say_flow_none", lang)
    last = found.periods["n_enrolled"].iloc[-1]
    if pd.isna(last):
        return text("monitoring_outputs.say_flow_few", lang)
    enrolled = number(last, lang)
    if not found.is_whole:
        return text("monitoring_outputs.say_flow_hidden", lang, enrolled=enrolled)
    told = {key: number(found.periods[f"n_{key}"].sum(), lang) for key in ("started", "left")}
    return text("monitoring_outputs.say_flow", lang, enrolled=enrolled, **told)


def _summed(by_month: pd.DataFrame, months: int) -> pd.DataFrame:
    """Return the months put together in periods of the calendar: quarters, half-years or years."""
    number_of = by_month["month"].dt.year * 12 + by_month["month"].dt.month - 1
    grouped = by_month.groupby(number_of // months, sort=True)
    periods = grouped.agg(
        from_month=("month", "min"),
        to_month=("month", "max"),
        n_started=("n_started", "sum"),
        n_left=("n_left", "sum"),
        n_enrolled=("n_enrolled", "last"),
    )
    counts = ["n_started", "n_left", "n_enrolled"]
    return periods.astype(dict.fromkeys(counts, "Int64")).reset_index(drop=True)


def _masked(periods: pd.DataFrame, threshold: int) -> pd.DataFrame:
    return periods.assign(n_enrolled=periods["n_enrolled"].mask(is_small(periods["n_enrolled"], threshold)))
