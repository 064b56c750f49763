"""Who is followed: the enrolled families, the families they are held up against, and their members."""

import pandas as pd

from helhed.tables import takes_part

#: A family is in one group for the whole period: enrolled ever, eligible but never enrolled, or neither.
GROUPS = ("enrolled", "others", "rest")


def enrolled_families(enrolment: pd.DataFrame, to_date: pd.Timestamp) -> pd.DataFrame:
    """Return one row per family that has started by a day: the enrolment row, ``is_enrolled`` on that day.

    A family without a start date has not started, whatever the referral meeting decided. One that is enrolled twice is
    followed from its first start, and is enrolled as its latest row says.
    """
    started = enrolment[enrolment["start_date"].notna() & (enrolment["start_date"] <= to_date)]
    first = started.groupby("family_id")["start_date"].transform("min")
    started = started.sort_values("start_date", kind="stable").assign(start_date=first)
    started = started.drop_duplicates("family_id", keep="last")
    return started.assign(is_enrolled=takes_part(started, to_date)).sort_values("family_id").reset_index(drop=True)


def family_groups(family: pd.DataFrame, enrolled: pd.DataFrame, shortlist: pd.DataFrame) -> pd.DataFrame:
    """Return one row per family: ``group`` (see `GROUPS`) and ``start_date`` (missing unless enrolled).

    ``others`` are the families that meet the criteria and have never been enrolled; where a criterion could not be
    settled for want of data the family is in ``rest``.
    """
    eligible = set(shortlist.loc[shortlist["is_eligible"].fillna(False).astype(bool), "family_id"])
    starts = enrolled.set_index("family_id")["start_date"]
    groups = pd.DataFrame({"family_id": family["family_id"].sort_values().to_numpy()})
    # Before the first family has started there is nothing to map to, and the column would lose its kind.
    groups["start_date"] = pd.to_datetime(groups["family_id"].map(starts.to_dict())).astype("datetime64[us]")
    groups["group"] = [
        "enrolled" if family_id in starts.index else "others" if family_id in eligible else "rest"
        for family_id in groups["family_id"]
    ]
    return groups


def members(family_member: pd.DataFrame, person: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person at its main home: family_id, person_id, ``role`` and the person's dates.

    A child that lives in two homes counts once, in its main home.
    """
    home = family_member[family_member["is_main_home"].fillna(True).astype(bool)].drop_duplicates("person_id")
    dates = person[["person_id", "birth_date", "from_date", "to_date"]]
    return home[["family_id", "person_id", "role"]].merge(dates, on="person_id", how="left")


def enrolled_by_month(enrolled: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return one row per month: ``n_enrolled`` at the month's end, ``n_started`` and ``n_left`` in the month."""
    rows = []
    for month in months:
        end = month + pd.offsets.MonthEnd(0)
        is_in = takes_part(enrolled, end)
        started = enrolled["start_date"].between(month, end)
        left = enrolled["exit_date"].between(month, end)
        rows.append((month, int(is_in.sum()), int(started.sum()), int(left.sum())))
    return pd.DataFrame(rows, columns=["month", "n_enrolled", "n_started", "n_left"])
