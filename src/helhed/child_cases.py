"""Which child cases were open when the child's family started: one rule for all who count them."""

from collections.abc import Sequence

import pandas as pd


def dated_cases(child_case: pd.DataFrame, case_types: Sequence[str]) -> pd.DataFrame:
    """Return the cases of the types; one that is closed without a closing date cannot be placed and is left out."""
    is_undated = (child_case["status"] == "closed") & child_case["end_date"].isna()
    kept = child_case[child_case["case_type"].isin(list(case_types)) & ~is_undated.fillna(False).astype(bool)]
    return kept[["case_id", "person_id", "start_date", "end_date"]]


def cases_open_at_start(
    child_case: pd.DataFrame, family_member: pd.DataFrame, starts: pd.DataFrame, case_types: Sequence[str], to_date
) -> pd.DataFrame:
    """Return the child cases that were open on the day the child's family started.

    Parameters
    ----------
    child_case, family_member
        The canonical tables; children count in their main home.
    starts
        ``family_id``, ``start_date``; families that start after ``to_date`` or have no date are left out.
    case_types
        The types that count as active child cases.
    to_date
        Last day of the data; a closing date after it is not known yet.

    Returns
    -------
    One row per case: ``family_id``, ``case_id``, ``closed_date`` (missing: still open). A case is open on its first
    and its last day.
    """
    to_date = pd.Timestamp(to_date)
    is_home = family_member["is_main_home"].fillna(True).astype(bool)
    children = family_member[is_home & (family_member["role"] == "child")].drop_duplicates("person_id")
    begun = starts.loc[starts["start_date"] <= to_date, ["family_id", "start_date"]]
    begun = begun.rename(columns={"start_date": "family_start"})
    homes = children[["family_id", "person_id"]].merge(begun, on="family_id")
    rows = dated_cases(child_case, case_types).merge(homes, on="person_id")
    is_open = (rows["start_date"] <= rows["family_start"]) & ~(rows["end_date"] < rows["family_start"])
    found = rows[is_open].assign(closed_date=rows["end_date"].where(rows["end_date"] <= to_date))
    return found[["family_id", "case_id", "closed_date"]].sort_values(["family_id", "case_id"], ignore_index=True)
