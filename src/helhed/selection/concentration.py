"""How much of the spending on measures is carried by the families that meet the rule."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection.view import View

_MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Concentration:
    """Spending on measures in a year, for all known families and for those that meet the rule.

    ``share_priced`` is the share of the year's measures that have a price; without it nothing can be said.
    """

    spending_dkk: float
    share_of_spending: float
    share_of_families: float
    share_priced: float


def concentration(tables: dict[str, pd.DataFrame], profile: Profile, as_of, eligible: pd.Series) -> Concentration:
    """Return the share of a year's known spending on measures that falls on the eligible families.

    Parameters
    ----------
    tables, profile, as_of
        As for `select_families`; the year is the twelve months that end with the day.
    eligible
        Family ids.

    Notes
    -----
    Spending is price per month times the months a measure ran in the year, in days of 30.4. Measures without a price
    are left out and counted: the shares hold for the priced measures only.
    """
    view = View(tables, profile, as_of)
    spent = _spending_of_measures(view)
    n_measures, n_priced = len(spent), int(spent["dkk"].notna().sum())
    per_family = spent.groupby("family_id")["dkk"].sum()
    total = float(per_family.sum())
    own = float(per_family[per_family.index.isin(eligible)].sum())
    n_families = len(view.families)
    return Concentration(
        spending_dkk=total,
        share_of_spending=own / total if total else float("nan"),
        share_of_families=float(view.families.isin(eligible).mean()) if n_families else float("nan"),
        share_priced=n_priced / n_measures if n_measures else float("nan"),
    )


def concentration_curve(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return how the year's known spending is shared out, from the families with most to those with none.

    Returns
    -------
    One row per part of the families: share_families and share_spending (both so far, 0-1), first row 0 and 0. Ten parts
    of equal size, or five, or none: every part holds as many families as the disclosure threshold at least, and in no
    part does one family carry more than half of the spending. Empty when there is no such division.
    """
    view = View(tables, profile, as_of)
    per_family = _spending_of_measures(view).groupby("family_id")["dkk"].sum()
    spent = per_family.reindex(view.families, fill_value=0.0).sort_values(ascending=False, kind="stable").to_numpy()
    division = next((n for n in _PARTS if _is_safe(spent, n, profile["disclosure.threshold"])), 0)
    if not division:
        return pd.DataFrame({"share_families": [], "share_spending": []}, dtype="float64")
    edges = np.linspace(0, len(spent), division + 1).round().astype(int)
    so_far = np.concatenate([[0.0], spent.cumsum()])
    return pd.DataFrame({"share_families": edges / len(spent), "share_spending": so_far[edges] / so_far[-1]})


#: Numbers of equal parts the families may be divided into.
_PARTS = (10, 5)


def _is_safe(spent: np.ndarray, n_parts: int, threshold: int) -> bool:
    if len(spent) < n_parts * threshold or not spent.sum():
        return False
    parts = np.split(spent, np.linspace(0, len(spent), n_parts + 1).round().astype(int)[1:-1])
    return all(part.max() <= part.sum() / 2 or not part.sum() for part in parts)


def _spending_of_measures(view: View) -> pd.DataFrame:
    first, last = view.window(12)
    measures = view.table("measure")
    is_in = (measures["start_date"] <= last) & ~(measures["end_date"] < first)
    measures = measures[is_in]
    days = (measures["end_date"].fillna(last).clip(upper=last) - measures["start_date"].clip(lower=first)).dt.days + 1
    measures = measures.assign(dkk=measures["price_per_month_dkk"] * days / _MONTH_DAYS)
    members = view.members[view.members["family_id"].isin(view.families)]
    return measures[["person_id", "dkk"]].merge(members[["family_id", "person_id"]], on="person_id")
