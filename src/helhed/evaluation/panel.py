"""The monthly picture of every family, and averages of it before and after a date."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]

#: What is followed for each family and month.
OUTCOMES = ("share_on_benefit", "share_working", "absence_share", "n_child_cases", "n_notifications", "n_departments")
_LAST_DAY = pd.Timestamp("2199-12-31")
_KEYS = ["family_id", "month"]


def month_range(from_date, to_date) -> pd.DatetimeIndex:
    """Return the first day of every month that begins and ends within the two dates, from and to included."""
    first = pd.Timestamp(from_date).to_period("M").to_timestamp()
    last = (pd.Timestamp(to_date) + pd.Timedelta(days=1)).to_period("M").to_timestamp()
    return pd.date_range(first, last, freq="MS", inclusive="left").as_unit("us")


def in_months(spells: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return one row per spell and month in which it runs at least one day; an open spell runs on.

    Parameters
    ----------
    spells
        Columns ``start_date`` and ``end_date`` (missing: still running).
    months
        First days of the months.
    """
    first = spells["start_date"].to_numpy(dtype="datetime64[us]")[:, None]
    last = spells["end_date"].fillna(_LAST_DAY).to_numpy(dtype="datetime64[us]")[:, None]
    month_starts = months.to_numpy(dtype="datetime64[us]")
    month_ends = (months + pd.offsets.MonthEnd(0)).to_numpy(dtype="datetime64[us]")
    row, column = np.nonzero((first <= month_ends) & (last >= month_starts))
    return spells.iloc[row].assign(month=months[column]).reset_index(drop=True)


def family_months(tables: Tables, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return what is known about every family in every month.

    Parameters
    ----------
    tables
        ``person``, ``family_member``, ``benefit_spell``, ``employment``, ``child_case``, ``measure``, ``absence``.
    months
        First days of the months.

    Returns
    -------
    One row per family and month with at least one resident adult: ``family_id``, ``month``, ``n_adults``,
    ``n_children``, ``n_members`` and the columns of `OUTCOMES`. Shares are of the family's adults, absence of the
    children's school days. Where a source has no row at all for a month, or a family has no school child, the value
    is missing: that is "cannot tell", not "no". A child with two homes counts in the main home.
    """
    members = _resident_members(tables, months)
    panel = members.groupby(_KEYS).agg(
        n_adults=("is_adult", "sum"), n_children=("is_child", "sum"), n_members=("person_id", "size")
    )
    for part in (_adult_shares, _absence, _child_cases, _departments):
        panel = panel.join(part(tables, members, months))
    panel = panel[panel["n_adults"] > 0].reset_index()
    return panel[[*_KEYS, "n_adults", "n_children", "n_members", *OUTCOMES]]


def _resident_members(tables: Tables, months: pd.DatetimeIndex) -> pd.DataFrame:
    people = tables["family_member"].merge(tables["person"][["person_id", "from_date", "to_date"]], on="person_id")
    people = people[people["is_main_home"].fillna(True)]
    spells = people.rename(columns={"from_date": "start_date", "to_date": "end_date"})
    spells["start_date"] = spells["start_date"].fillna(pd.Timestamp(months[0]))
    members = in_months(spells[["family_id", "person_id", "role", "start_date", "end_date"]], months)
    return members.assign(is_adult=members["role"] == "adult", is_child=members["role"] == "child")


def _adult_shares(tables: Tables, members: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    adults = members[members["is_adult"]]
    on_benefit = in_months(tables["benefit_spell"], months)
    work = tables["employment"]
    at_work = work[(work["hours"].fillna(0) > 0) | work["in_education"].fillna(False).astype(bool)]
    return pd.DataFrame(
        {
            "share_on_benefit": _share_of_members(adults, on_benefit, covered=on_benefit["month"]),
            "share_working": _share_of_members(adults, at_work, covered=work["month"]),
        }
    )


def _share_of_members(members: pd.DataFrame, hits: pd.DataFrame, covered: pd.Series) -> pd.Series:
    marked = members.merge(
        hits[["person_id", "month"]].drop_duplicates().assign(hit=1.0), "left", ["person_id", "month"]
    )
    share = marked.assign(hit=marked["hit"].fillna(0.0)).groupby(_KEYS)["hit"].mean()
    return share.where(share.index.get_level_values("month").isin(covered.unique()))


def _absence(tables: Tables, members: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    rows = members[members["is_child"]].merge(tables["absence"], on=["person_id", "month"])
    rows["days_absent"] = rows[["days_sick", "days_permitted", "days_unlawful"]].sum(axis=1, min_count=1)
    known = rows[(rows["school_days"] > 0) & rows["days_absent"].notna()]
    days = known.groupby(_KEYS)[["days_absent", "school_days"]].sum()
    return pd.DataFrame({"absence_share": (days["days_absent"] / days["school_days"]).clip(upper=1.0)})


def _child_cases(tables: Tables, members: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    cases, children = tables["child_case"], members[members["is_child"]]
    is_notification = cases["case_type"] == "underretning"
    running = in_months(cases[~is_notification], months)
    arrived = cases[is_notification].assign(month=lambda c: c["start_date"].dt.to_period("M").dt.to_timestamp())
    return pd.DataFrame(
        {
            "n_child_cases": _count(members, children, running, running["month"]),
            "n_notifications": _count(members, children, arrived, running["month"]),
        }
    )


def _count(members: pd.DataFrame, children: pd.DataFrame, hits: pd.DataFrame, covered: pd.Series) -> pd.Series:
    hits = hits.assign(month=hits["month"].astype("datetime64[us]"))
    counted = children.merge(hits[["person_id", "month"]], on=["person_id", "month"]).groupby(_KEYS).size()
    every = members.groupby(_KEYS).size().index
    full = counted.reindex(every, fill_value=0).astype("float64")
    return full.where(every.get_level_values("month").isin(covered.unique()))


def _departments(tables: Tables, members: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    columns = ["person_id", "month", "department"]
    cases = tables["child_case"][tables["child_case"]["case_type"] != "underretning"]
    touched = pd.concat(
        [
            in_months(tables["measure"], months)[columns],
            in_months(tables["benefit_spell"], months).assign(department="employment")[columns],
            in_months(cases, months).assign(department="children")[columns],
        ]
    ).drop_duplicates()
    seen = members.merge(touched, on=["person_id", "month"])
    counted = seen.groupby(_KEYS)["department"].nunique()
    every = members.groupby(_KEYS).size().index
    full = counted.reindex(every, fill_value=0).astype("float64")
    return pd.DataFrame({"n_departments": full.where(every.get_level_values("month").isin(touched["month"].unique()))})


def since_start(panel: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """Return the panel's rows of the families with a start, with ``months_since`` the start month (0).

    Parameters
    ----------
    panel
        Columns ``family_id`` and ``month``.
    starts
        One row per family: ``family_id``, ``start_date``; further columns come along.
    """
    rows = panel.merge(starts, on="family_id")
    month, start = rows["month"].dt, rows["start_date"].dt
    return rows.assign(months_since=(month.year - start.year) * 12 + month.month - start.month)


def mean_between(
    rows: pd.DataFrame, first: int, last: int, columns: list[str], minimum_months: int = 1
) -> pd.DataFrame:
    """Return each family's mean of the columns over months ``first`` to ``last`` since its start.

    A mean over fewer than ``minimum_months`` known months is missing.
    """
    grouped = rows[rows["months_since"].between(first, last)].groupby("family_id")[columns]
    return grouped.mean().where(grouped.count() >= minimum_months)
