"""The comparison families: found in the municipality's own register, with a start month each."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def find_comparison(
    panel: pd.DataFrame, enrolled: pd.DataFrame, ever_enrolled: Sequence[str], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the enrolled and the comparison families with a start month each.

    A comparison family was never enrolled, and in its start month had an adult on a public benefit and an open child
    case. Its start month is drawn among the enrolled families' start months in which it qualifies, as often as they
    occur, so that both groups are followed over the same calendar.

    Parameters
    ----------
    panel
        One row per family and month: ``family_id``, ``month``, ``share_on_benefit``, ``n_child_cases``.
    enrolled
        One row per enrolled family: ``family_id``, ``start_date``.
    ever_enrolled
        Families that may not be in the comparison.
    rng
        Draws the start months.

    Returns
    -------
    One row per family: ``family_id``, ``start_date`` (first of the month), ``is_enrolled``.
    """
    starts = enrolled.assign(start_date=_first_of_month(enrolled["start_date"]), is_enrolled=True)
    how_often = starts["start_date"].value_counts()
    qualifies = (panel["share_on_benefit"] > 0) & (panel["n_child_cases"] > 0) & panel["month"].isin(how_often.index)
    pool = panel.loc[qualifies & ~panel["family_id"].isin(ever_enrolled), ["family_id", "month"]]
    pool = pool.sort_values(["family_id", "month"], ignore_index=True)
    # The smallest of E/weight, E exponential, picks a row with probability proportional to its weight.
    draw = rng.exponential(size=len(pool)) / how_often.reindex(pool["month"]).to_numpy(dtype=float)
    chosen = pool.assign(draw=draw).sort_values("draw").drop_duplicates("family_id").sort_values("family_id")
    others = chosen.rename(columns={"month": "start_date"})[["family_id", "start_date"]].assign(is_enrolled=False)
    both = pd.concat([starts[["family_id", "start_date", "is_enrolled"]].sort_values("family_id"), others])
    return both.reset_index(drop=True)


def from_another_register(
    panel: pd.DataFrame, enrolment: pd.DataFrame, other_panel: pd.DataFrame, other_enrolment: pd.DataFrame
) -> pd.DataFrame:
    """Return the panel in which another municipality's families take the place of the own comparison families.

    The own families that were offered a place stay; of the other's, those that were never offered one. Families of the
    other register are marked (`marked_as_other`): the same number may stand for two families.

    Parameters
    ----------
    panel, other_panel
        One row per family and month, with the same columns.
    enrolment, other_enrolment
        ``family_id`` of those offered a place.
    """
    own = panel[panel["family_id"].isin(enrolment["family_id"])]
    others = other_panel[~other_panel["family_id"].isin(other_enrolment["family_id"])]
    others = others.assign(family_id=marked_as_other(others["family_id"]))
    return pd.concat([own, others[list(own.columns)]], ignore_index=True)


def marked_as_other(family_id: pd.Series) -> pd.Series:
    """Return the families' numbers as those of another register, so that none can be taken for an own family's."""
    return "other-" + family_id.astype("str")


def _first_of_month(dates: pd.Series) -> pd.Series:
    return dates.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
