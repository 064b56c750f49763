"""The whole municipality: whether notifications shifted at the start, and how benefits went beside others.

What a few families gain is hard to see in a whole municipality. These two pictures are for the question that councils
ask anyway, and say as little as the numbers allow.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.evaluation.interrupted_series import InterruptedSeries, interrupted_series
from helhed.evaluation.synthetic_control import SyntheticControl, placebo_ranks, synthetic_control

#: Pairs of season waves: one year and half a year; fewer where there are few months.
_WAVES = 2
#: Fewest periods before the start for which a mix of others means anything (own choice).
FEWEST_PERIODS_BEFORE = 4
#: Fewest other municipalities: each is tried in turn against a mix of the rest.
FEWEST_OTHERS = 3
#: The mean before the start as an index.
_BASE = 100.0


@dataclass(frozen=True)
class MonthlySeries:
    """Notifications per month in the whole municipality.

    Parameters
    ----------
    months
        One row per month: ``month``, ``n_notifications``, ``n_children``; where something can be told also
        ``expected`` notifications by the model and ``expected_without``, as if nothing had begun.
    found
        What happened at the start; None when it cannot be told.
    problems
        Why it cannot be told.
    """

    months: pd.DataFrame
    found: InterruptedSeries | None
    problems: list[Problem]


def notifications_over_time(panel: pd.DataFrame, start_date, confidence: float = 0.95) -> MonthlySeries:
    """Return whether the notifications per child shifted when the municipality began.

    Parameters
    ----------
    panel
        One row per family and month: ``month``, ``n_notifications``, ``n_children``.
    start_date
        The day the new way of working began.
    confidence
        Of the intervals.
    """
    counted = panel[panel["n_notifications"].notna()]
    months = counted.groupby("month")[["n_notifications", "n_children"]].sum().reset_index()
    start = int((months["month"] < pd.Timestamp(start_date).to_period("M").to_timestamp()).sum())
    if months.empty:
        return MonthlySeries(months, None, [Problem("evaluation.no_events")])
    first, last = months["month"].iloc[0], months["month"].iloc[-1]
    if len(months) < 12 * (last.year - first.year) + last.month - first.month + 1:
        return MonthlySeries(months, None, [Problem("evaluation.count_missing")])
    try:
        events, at_risk = months["n_notifications"], months["n_children"]
        found = interrupted_series(
            events, at_risk, start, _WAVES, first_calendar_month=first.month, confidence=confidence
        )
    except WrongCall as refused:
        return MonthlySeries(months, None, refused.problems)
    modelled = months.assign(expected=found.expected, expected_without=found.expected_without)
    return MonthlySeries(modelled, found, [])


@dataclass(frozen=True)
class AmongOthers:
    """The municipality's official figures beside a mix of other municipalities.

    Parameters
    ----------
    series, unit, period_kind
        Codes of the benefit, of what is counted, and of the periods.
    own_name
        The municipality, as the figures call it.
    control
        Its synthetic control; outcomes are indices, the mean before the start being 100.
    ranks
        From `helhed.evaluation.synthetic_control.placebo_ranks`.
    """

    series: str
    unit: str
    period_kind: str
    own_name: str
    control: SyntheticControl
    ranks: pd.DataFrame

    @property
    def p(self) -> float:
        """Return the municipality's rank over the number of municipalities: the probability by chance alone."""
        own = self.ranks.loc[self.ranks["unit"] == self.own_name, "rank"].iloc[0]
        return float(own / len(self.ranks))


def among_others(official: pd.DataFrame, area_code: str, start_date) -> AmongOthers | None:
    """Return the municipality beside a mix of others in the official series with the most municipalities.

    Parameters
    ----------
    official
        Canonical table ``official_figure``: ``area_code``, ``area_name``, ``series``, ``period_start``,
        ``period_kind``, ``unit``, ``value``.
    area_code
        The municipality's own code.
    start_date
        The day the new way of working began; the period it lies in is the first that counts as after.

    Returns
    -------
    None where no series has the municipality, at least three others with every period of it (each is tried in turn
    against the rest), and enough periods before the start. Outcomes are indices, so that large and small
    municipalities can be mixed.
    """
    chosen = [
        (wide.shape[1], key, wide)
        for key, rows in official.groupby(["series", "unit", "period_kind"])
        if (wide := _index_by_area(rows, area_code, pd.Timestamp(start_date), key[2])) is not None
    ]
    if not chosen:
        return None
    most = max(n for n, _, _ in chosen)
    (series, unit, period_kind), wide = next((key, wide) for n, key, wide in chosen if n == most)
    names = official.drop_duplicates("area_code").set_index("area_code")["area_name"]
    outcomes = wide.rename(columns={code: names[code] if pd.notna(names[code]) else code for code in wide.columns})
    own = outcomes.columns[list(wide.columns).index(area_code)]
    control, ranks = synthetic_control(outcomes, own, 0), placebo_ranks(outcomes, own, 0)
    return AmongOthers(series, unit, period_kind, own, control, ranks)


def _index_by_area(rows: pd.DataFrame, area_code: str, start: pd.Timestamp, period_kind: str) -> pd.DataFrame | None:
    """Return one row per period counted from the start, one column per municipality; None where there is too little."""
    wide = rows.pivot(index="period_start", columns="area_code", values="value").sort_index().astype("float64")
    if area_code not in wide:
        return None
    wide = wide.loc[wide[area_code].first_valid_index() : wide[area_code].last_valid_index()]
    wide = wide.dropna(axis=1).loc[:, lambda table: (table > 0).all()]
    first_after = start.to_period({"month": "M", "quarter": "Q", "year": "Y"}[period_kind]).to_timestamp()
    n_before = int((wide.index < first_after).sum())
    is_enough = area_code in wide and wide.shape[1] > FEWEST_OTHERS and FEWEST_PERIODS_BEFORE <= n_before < len(wide)
    if not is_enough:
        return None
    return (_BASE * wide / wide.iloc[:n_before].mean()).set_axis(np.arange(len(wide)) - n_before, axis=0)
