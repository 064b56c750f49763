"""When a parent moves closer to work: into job or education, or into a work-based measure."""

from collections.abc import Mapping

import pandas as pd


def progress_events(
    tables: Mapping[str, pd.DataFrame], kind: str, minimum_hours: float, quiet_months: int
) -> pd.DataFrame:
    """Return every adult's first step closer to work.

    Parameters
    ----------
    tables
        ``family_member``, ``employment``, ``measure``.
    kind
        ``work_or_education`` (first month with enough paid hours or in education, after a quiet time), ``work_based``
        (start of the first work-based employment measure) or ``either`` (the first of the two).
    minimum_hours
        Paid hours in a month that count as work.
    quiet_months
        Months without work or education that must lie before it within the data, so that work that went on all
        along is not taken for progress.

    Returns
    -------
    One row per adult with progress: ``family_id``, ``person_id``, ``progress_month``.
    """
    found = []
    if kind in ("work_or_education", "either"):
        found.append(_first_work(tables["employment"], minimum_hours, quiet_months))
    if kind in ("work_based", "either"):
        placements = tables["measure"][tables["measure"]["measure_group"] == "work_based"]
        month = placements["start_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
        found.append(pd.DataFrame({"person_id": placements["person_id"], "progress_month": month}))
    first = pd.concat(found).groupby("person_id", as_index=False)["progress_month"].min()
    adults = tables["family_member"].loc[lambda m: m["role"] == "adult", ["family_id", "person_id"]]
    events = adults.merge(first, on="person_id").drop_duplicates("person_id")
    return events.sort_values(["family_id", "person_id"], ignore_index=True)


def _first_work(employment: pd.DataFrame, minimum_hours: float, quiet_months: int) -> pd.DataFrame:
    is_active = (employment["hours"].fillna(0) >= minimum_hours) | employment["in_education"].fillna(False).astype(bool)
    active = employment[is_active].sort_values(["person_id", "month"])
    number = active["month"].dt.year * 12 + active["month"].dt.month
    first_in_data = (employment["month"].dt.year * 12 + employment["month"].dt.month).min()
    before = number.groupby(active["person_id"]).shift().fillna(first_in_data - 1)
    began = active[number - before > quiet_months]
    return began.groupby("person_id", as_index=False)["month"].min().rename(columns={"month": "progress_month"})


def family_events(events: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """Return each enrolled family's first progress from its start month on: ``family_id``, ``event_month``.

    Parameters
    ----------
    events
        From `progress_events`.
    starts
        ``family_id`` and ``start_date`` of the enrolled families.
    """
    rows = events.merge(starts, on="family_id")
    after = rows[rows["progress_month"] >= rows["start_date"].dt.to_period("M").dt.to_timestamp()]
    first = after.groupby("family_id", as_index=False)["progress_month"].min()
    return first.rename(columns={"progress_month": "event_month"})
