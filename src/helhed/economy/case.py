"""The inputs of the break-even model for one municipality, with their ranges, from its own data and profile."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from helhed.economy.account import MEASURES
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
    own = account[account["family_id"].isin(panel["family_id"])]
    return {
        "coordination_dkk": _around(coordination_per_month(own), swing),
        "extra_measures_dkk": measures_change(account, panel),
        "enrolled_months": _around(enrolled_months(enrolment, profile["data.to_date"]), swing),
        "adults_moved": Range(*(0.0 - adults * limit for limit in (high, share, low))),
        "move_month": _around(month, swing),
        "benefit_saved_dkk": _around(benefit_per_adult(own, panel, "municipality"), swing),
        "fade_per_year": _share_around(profile["economy.fade_per_year"], 1.0),
        "discount_rate": _around(profile["economy.discount_rate"], 0.5),
    }


def _around(value: float, swing: float) -> Range:
    low, high = sorted((value * (1 - swing), value * (1 + swing)))
    return Range(low, value, high)


def _share_around(value: float, swing: float) -> Range:
    found = _around(value, swing)
    return Range(found.low, value, min(found.high, 1.0))


def coordination_per_month(account: pd.DataFrame) -> float:
    """Return the cost of coordination per enrolled family and month; NaN where there is none."""
    amount = account.loc[account["item"] == "coordination", "amount_dkk"]
    return float(amount.mean()) if len(amount) else np.nan


def benefit_per_adult(account: pd.DataFrame, panel: pd.DataFrame, payer: str) -> float:
    """Return what a payer paid a month for an adult on benefit before the start; NaN where nobody was on benefit."""
    before = panel[panel["months_since"] < 0]
    own = account[(account["payer"] == payer) & (account["item"] == "benefit")]
    paid = own.merge(before[["family_id", "month"]], on=["family_id", "month"])["amount_dkk"].sum()
    adult_months = (before["share_on_benefit"] * before["n_adults"].astype("float64")).sum()
    return float(paid / adult_months) if adult_months > 0 else np.nan


def measures_change(account: pd.DataFrame, panel: pd.DataFrame, payer: str = "municipality") -> Range:
    """Return the change of a payer's measures per family and month: first year after minus year before.

    Measures with the municipality's own price alone. With the 95 % t interval over the families that have at least six
    months on both sides; NaN when there are fewer than two: then the change cannot be said, which is not that there is
    none.
    """
    own = account[account["item"].isin(MEASURES) & ~account["is_estimated"] & (account["payer"] == payer)]
    own = own.groupby(["family_id", "month"], as_index=False)["amount_dkk"].sum()
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
    inside = account[account["item"].isin(MEASURES)].merge(rows, on=["family_id", "month"])
    amount = inside.groupby("is_estimated")["amount_dkk"].sum()
    priced, estimated = amount.get(False, 0.0), amount.get(True, 0.0)
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
