"""What a family's course is worth: present value, internal rate, families needed, and who pays and who gains.

Conventions, the same everywhere: real kroner per family, counted from the family's start, each month's amount at the
end of the month, discounted at the profile's yearly rate, until the horizon; nothing is counted beyond it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.economy.break_even import INPUTS, Payback, Range, net_curve
from helhed.economy.case import benefit_per_adult, is_known, measures_change
from helhed.economy.own import PAYERS
from helhed.economy.present_value import InternalRate, families_to_break_even, internal_rate


@dataclass(frozen=True)
class Worth:
    """What one family's course is worth to the municipality over the horizon.

    Parameters
    ----------
    value_dkk, low_dkk, high_dkk
        Net present value, and the middle 80 % of the draws; NaN where an input is not known.
    share_positive
        Share of the draws in which it is above 0.
    rate
        The internal rate of the same amounts before discounting, with its warning.
    families_per_year
        New families a year whose value carries the yearly fixed cost; NaN when a family brings in nothing.
    """

    value_dkk: float
    low_dkk: float
    high_dkk: float
    share_positive: float
    rate: InternalRate
    families_per_year: float


def worth(ranges: Mapping[str, Range], back: Payback, fixed_dkk_per_year: float) -> Worth:
    """Return what a course is worth.

    Parameters
    ----------
    ranges
        From `helhed.economy.case.case_ranges`.
    back
        From `helhed.economy.break_even.payback` on the same ranges.
    fixed_dkk_per_year
        Cost a year that does not depend on the number of families, such as premises and evaluation.
    """
    if not is_known(ranges):
        return Worth(np.nan, np.nan, np.nan, np.nan, InternalRate((), 0, "none_found"), np.nan)
    value, drawn = float(back.net.sum()), back.draws.sum(axis=1)
    low, high = np.quantile(drawn, [0.1, 0.9])
    undiscounted = net_curve({**_values(ranges), "discount_rate": 0.0}, len(back.net))
    needed = families_to_break_even(fixed_dkk_per_year, value)
    return Worth(value, float(low), float(high), float((drawn > 0).mean()), internal_rate(undiscounted), needed)


def fixed_cost_per_year(profile: Mapping) -> float:
    """Return the effort's cost a year that does not depend on the number of families: premises and evaluation."""
    return profile["staffing.premises_dkk_per_year"] + profile["staffing.evaluation_dkk_per_year"]


def _values(ranges: Mapping[str, Range]) -> dict[str, float]:
    return {name: ranges[name].value for name in INPUTS}


def value_swings(ranges: Mapping[str, Range], horizon_months: int) -> pd.DataFrame:
    """Return the present value with one input at its low and high value, the input that moves it most first.

    Columns ``input``, ``low``, ``high`` (the input), ``value_at_low_dkk``, ``value_at_high_dkk``.
    """
    base = _values(ranges)
    rows = []
    for name in INPUTS:
        ends = (ranges[name].low, ranges[name].high)
        rows.append((name, *ends, *(net_curve({**base, name: end}, horizon_months).sum() for end in ends)))
    found = pd.DataFrame(rows, columns=["input", "low", "high", "value_at_low_dkk", "value_at_high_dkk"])
    swing = (found["value_at_high_dkk"] - found["value_at_low_dkk"]).abs()
    return found.loc[swing.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def payers_result(
    ranges: Mapping[str, Range], account: pd.DataFrame, own: pd.DataFrame, horizon_months: int
) -> pd.DataFrame:
    """Return who pays and who gains over the horizon, per family: one row per payer and one for ``all``.

    Columns ``payer``, ``effort_dkk`` (coordination), ``measures_dkk`` (extra measures while enrolled), ``benefits_dkk``
    (benefits saved) and ``net_dkk``; cost below 0, discounted.

    Parameters
    ----------
    ranges
        From `helhed.economy.case.case_ranges`, for the municipality.
    account, own
        The account, and the enrolled families' months with what `helhed.economy.case.case_ranges` reads.
    horizon_months
        Months to look ahead.
    """
    nothing = {**_values(ranges), "coordination_dkk": 0.0, "extra_measures_dkk": 0.0, "benefit_saved_dkk": 0.0}
    enrolled = account[account["family_id"].isin(own["family_id"])]
    rows = []
    for payer in PAYERS:
        is_municipality = payer == "municipality"
        part = {
            "effort_dkk": {"coordination_dkk": ranges["coordination_dkk"].value if is_municipality else 0.0},
            "measures_dkk": {"extra_measures_dkk": measures_change(account, own, payer).value},
            "benefits_dkk": {"benefit_saved_dkk": benefit_per_adult(enrolled, own, payer)},
        }
        sums = {name: net_curve({**nothing, **given}, horizon_months).sum() for name, given in part.items()}
        rows.append({"payer": payer, **sums, "net_dkk": sum(sums.values())})
    found = pd.DataFrame(rows)
    return pd.concat([found, found.drop(columns="payer").sum().to_frame().T.assign(payer="all")], ignore_index=True)
