"""The inputs of the break-even model for one municipality, with their ranges, from its own data and profile."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from helhed.economy.break_even import INPUTS, Range
from helhed.survival import median_months, stays


def case_ranges(
    account: pd.DataFrame, panel: pd.DataFrame, enrolment: pd.DataFrame, effect: tuple, profile: Mapping
) -> dict[str, Range]:
    """Return the range of every input of `helhed.economy.break_even.net_curve`.

    Parameters
    ----------
    account
        From `helhed.economy.account.family_account`.
    panel
        One row per enrolled family and month: ``family_id``, ``month``, ``months_since``, ``n_adults``,
        ``share_on_benefit``.
    enrolment
        ``start_date``, ``exit_date`` of the enrolled families.
    effect
        Change of the share of adults on benefit (value, low, high), and the months from the start until a parent
        moved (missing: the setting ``economy.move_month``).
    profile
        The profile.

    An input that the data cannot tell is NaN (see `is_known`).
    """
    (share, low, high), move_month = effect
    swing = profile["economy.uncertainty_share"]
    adults = panel["n_adults"].mean()
    month = profile["economy.move_month"] if np.isnan(move_month) else move_month
    own = _per_family_month(account, panel)
    return {
        "coordination_dkk": _around(own["coordination"], swing),
        "extra_measures_dkk": measures_change(account, panel),
        "enrolled_months": _around(enrolled_months(enrolment, profile["data.to_date"]), swing),
        "adults_moved": Range(*(0.0 - adults * limit for limit in (high, share, low))),
        "move_month": _around(month, swing),
        "benefit_saved_dkk": _around(own["benefit"], swing),
        "fade_per_year": _around(profile["economy.fade_per_year"], 1.0),
        "discount_rate": _around(profile["economy.discount_rate"], 0.5),
    }


def _around(value: float, swing: float) -> Range:
    return Range(value * (1 - swing), value, value * (1 + swing))


def _per_family_month(account: pd.DataFrame, panel: pd.DataFrame) -> dict[str, float]:
    """Return coordination per enrolled family-month, and the municipality's own part of a benefit per adult-month.

    NaN where there is nothing to tell it from.
    """
    own = account[(account["payer"] == "municipality") & account["family_id"].isin(panel["family_id"])]
    coordination = own[own["item"] == "coordination"]["amount_dkk"]
    before = panel[panel["months_since"] < 0]
    paid = own[own["item"] == "benefit"].merge(before[["family_id", "month"]], on=["family_id", "month"])
    adult_months = (before["share_on_benefit"] * before["n_adults"].astype("float64")).sum()
    return {
        "coordination": float(coordination.mean()) if len(coordination) else np.nan,
        "benefit": float(paid["amount_dkk"].sum() / adult_months) if adult_months > 0 else np.nan,
    }


def measures_change(account: pd.DataFrame, panel: pd.DataFrame) -> Range:
    """Return the change of the municipality's measures per family and month: first year after minus year before.

    With the 95 % t interval over the families that have at least six months on both sides; NaN when there are fewer
    than two: then the change cannot be said, which is not that there is none.
    """
    own = account[(account["item"] == "measure") & (account["payer"] == "municipality")]
    rows = panel[["family_id", "month", "months_since"]].merge(own, how="left", on=["family_id", "month"])
    rows = rows.assign(amount_dkk=rows["amount_dkk"].fillna(0.0))
    before, after = (_year_mean(rows, first, last) for first, last in ((-12, -1), (1, 12)))
    change = (after - before).dropna()
    if len(change) < 2:
        return Range(np.nan, np.nan, np.nan)
    half = stats.t.ppf(0.975, len(change) - 1) * change.std() / np.sqrt(len(change))
    return Range(change.mean() - half, change.mean(), change.mean() + half)


def priced_share(account: pd.DataFrame, panel: pd.DataFrame) -> float:
    """Return the share of the enrolled families' spending on measures that has the municipality's own price.

    Over the year before and the year after the start: the rest is not in `measures_change`. NaN without spending.
    """
    rows = panel.loc[panel["months_since"].between(-12, 12), ["family_id", "month"]]
    amount = account.merge(rows, on=["family_id", "month"]).groupby("item")["amount_dkk"].sum()
    priced, estimated = amount.get("measure", 0.0), amount.get("measure_estimated", 0.0)
    return float(priced / (priced + estimated)) if priced + estimated > 0 else np.nan


def is_known(ranges: Mapping[str, Range]) -> bool:
    """Return whether every input of the break-even model is known: with one missing there is no break-even month."""
    return all(np.isfinite(ranges[name].value) for name in INPUTS)


def _year_mean(rows: pd.DataFrame, first: int, last: int) -> pd.Series:
    grouped = rows[rows["months_since"].between(first, last)].groupby("family_id")["amount_dkk"]
    return grouped.mean().where(grouped.size() >= 6)


def enrolled_months(enrolment: pd.DataFrame, to_date) -> float:
    """Return the median months of enrolment (Kaplan-Meier; families still enrolled count as "at least so long").

    Where fewer than half of the families have left, the longest time seen so far: the median is longer still. NaN
    without families.
    """
    months, has_left = stays(enrolment, to_date)
    median = median_months(months, has_left)
    return median if np.isfinite(median) else float(months.max()) if len(months) else np.nan


def used(ranges: Mapping[str, Range], adults_moved: float = 0.0) -> dict[str, Range]:
    """Return the ranges, with the adults moved replaced by a chosen number if one is given (above zero)."""
    if adults_moved <= 0:
        return dict(ranges)
    return {**ranges, "adults_moved": Range(0.0, adults_moved, 2 * adults_moved)}
