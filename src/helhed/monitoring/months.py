"""Months and spells: which days of which month a spell covers."""

import numpy as np
import pandas as pd

_MONTH = "datetime64[M]"


def month_of(dates: pd.Series) -> pd.Series:
    """Return the first day of each date's month."""
    return dates.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")


def month_number(dates: pd.Series) -> pd.Series:
    """Return each date's month as a running number, so that differences are whole months."""
    return dates.dt.year * 12 + dates.dt.month


def months_between(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the first of every month from the first date's month to the last date's."""
    return pd.date_range(pd.Timestamp(first).replace(day=1), pd.Timestamp(last), freq="MS").as_unit("us")


def spell_months(spells: pd.DataFrame, from_date: pd.Timestamp, to_date: pd.Timestamp) -> pd.DataFrame:
    """Return one row per spell and month it touches within the period.

    Parameters
    ----------
    spells
        Columns ``start_date`` and ``end_date`` (both days count; no end means still running), and any others.
    from_date, to_date
        First and last day of the period.

    Returns
    -------
    The spells' other columns with ``month``, ``days`` (days of the month covered), ``share`` (of the month's days),
    ``is_at_end`` (covers the month's last day within the period) and ``spell_days`` (days of the whole spell, up to
    ``to_date`` while it runs).
    """
    start, until = spells["start_date"], spells["end_date"].fillna(to_date)
    kept = spells.drop(columns=["start_date", "end_date"]).assign(spell_days=(until - start).dt.days + 1)
    is_kept = (until.clip(upper=to_date) >= start.clip(lower=from_date)).to_numpy(dtype=bool)
    last_date = np.datetime64(to_date, "D")
    starts = np.maximum(start[is_kept].to_numpy(dtype="datetime64[D]"), np.datetime64(from_date, "D"))
    ends = np.minimum(until[is_kept].to_numpy(dtype="datetime64[D]"), last_date)
    n_months = (ends.astype(_MONTH) - starts.astype(_MONTH)).astype(int) + 1
    at = np.repeat(np.arange(n_months.size), n_months)
    month = starts.astype(_MONTH)[at] + np.arange(at.size) - np.repeat(np.cumsum(n_months) - n_months, n_months)
    first_day, next_month = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
    last_day = np.minimum(next_month - 1, last_date)
    days = (np.minimum(ends[at], last_day) - np.maximum(starts[at], first_day)).astype(int) + 1
    share = days / (next_month - first_day).astype(int)
    rows = kept[is_kept].take(at).reset_index(drop=True)
    return rows.assign(month=month.astype("datetime64[us]"), days=days, share=share, is_at_end=ends[at] >= last_day)


def joined_spells(spells: pd.DataFrame, key: str = "person_id") -> pd.DataFrame:
    """Return spells with those of one person that overlap or meet joined: key, start_date, end_date.

    A person on two benefits on the same day is on benefit for one day.
    """
    far = pd.Timestamp("2262-01-01")
    rows = spells[[key, "start_date", "end_date"]].sort_values([key, "start_date"]).reset_index(drop=True)
    rows["end_date"] = rows["end_date"].fillna(far)
    latest = rows.groupby(key)["end_date"].cummax().groupby(rows[key]).shift()
    block = (latest.isna() | (rows["start_date"] > latest + pd.Timedelta(days=1))).cumsum()
    joined = rows.groupby([key, block]).agg(start_date=("start_date", "min"), end_date=("end_date", "max"))
    joined = joined.reset_index(level=0).reset_index(drop=True)
    return joined.assign(end_date=joined["end_date"].where(joined["end_date"] < far))
