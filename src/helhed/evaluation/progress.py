"""When a parent moves closer to work: into job or education, or into a work-based measure."""

from collections.abc import Mapping

import pandas as pd

_STILL_RUNNING = pd.Timestamp("2199-12-31")


def progress_events(
    tables: Mapping[str, pd.DataFrame], kind: str, minimum_hours: float, quiet_months: int
) -> pd.DataFrame:
    """Return every step closer to work of every adult.

    Parameters
    ----------
    tables
        ``family_member``, ``employment``, ``measure``.
    kind
        ``work_or_education`` (first month with enough paid hours or in education, after a quiet time), ``work_based``
        (start of a work-based employment measure, after a quiet time) or ``either``.
    minimum_hours
        Paid hours in a month that count as work.
    quiet_months
        Months without the same that must lie before it, so that what went on all along is not taken for progress: work
        or education within the data, or another work-based measure.

    Returns
    -------
    One row per adult and beginning: ``family_id``, ``person_id``, ``progress_month``. An adult who loses the job and
    finds work again has two.
    """
    found = []
    if kind in ("work_or_education", "either"):
        found.append(_work_begun(tables["employment"], minimum_hours, quiet_months))
    if kind in ("work_based", "either"):
        found.append(_measures_begun(tables["measure"], quiet_months))
    begun = pd.concat(found, ignore_index=True).drop_duplicates()
    adults = tables["family_member"].loc[lambda m: m["role"] == "adult", ["family_id", "person_id"]]
    events = adults.drop_duplicates("person_id").merge(begun, on="person_id")
    return events.sort_values(["family_id", "person_id", "progress_month"], ignore_index=True)


def _work_begun(employment: pd.DataFrame, minimum_hours: float, quiet_months: int) -> pd.DataFrame:
    is_active = (employment["hours"].fillna(0) >= minimum_hours) | employment["in_education"].fillna(False).astype(bool)
    active = employment[is_active].sort_values(["person_id", "month"])
    number = _month_number(active["month"])
    first_in_data = _month_number(employment["month"]).min()
    before = number.groupby(active["person_id"]).shift().fillna(first_in_data - 1)
    began = active[number - before > quiet_months]
    return began[["person_id", "month"]].rename(columns={"month": "progress_month"})


def _measures_begun(measure: pd.DataFrame, quiet_months: int) -> pd.DataFrame:
    columns = ["person_id", "start_date", "end_date"]
    placements = measure.loc[measure["measure_group"] == "work_based", columns].sort_values(columns)
    ends = placements["end_date"].fillna(_STILL_RUNNING)
    latest = ends.groupby(placements["person_id"]).cummax().groupby(placements["person_id"]).shift()
    is_quiet = latest.isna() | (_month_number(placements["start_date"]) - _month_number(latest) > quiet_months)
    began = placements[is_quiet]
    month = began["start_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    return pd.DataFrame({"person_id": began["person_id"], "progress_month": month})


def _month_number(dates: pd.Series) -> pd.Series:
    return dates.dt.year * 12 + dates.dt.month


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
