"""Months and spells: which days of which month a spell covers."""

import pandas as pd


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
    start = spells["start_date"].clip(lower=from_date)
    end = spells["end_date"].fillna(to_date).clip(upper=to_date)
    kept = spells.assign(
        _start=start,
        _end=end,
        spell_days=(spells["end_date"].fillna(to_date) - spells["start_date"]).dt.days + 1,
        _n=month_number(end) - month_number(start) + 1,
    )
    kept = kept[kept["_end"] >= kept["_start"]].reset_index(drop=True)
    rows = kept.loc[kept.index.repeat(kept["_n"].astype(int))]
    step = rows.groupby(level=0).cumcount()
    month = (rows["_start"].dt.to_period("M") + step).dt.to_timestamp().astype("datetime64[us]")
    last_day = (month + pd.offsets.MonthEnd(0)).clip(upper=to_date)
    days = (rows["_end"].clip(upper=last_day) - rows["_start"].clip(lower=month)).dt.days + 1
    rows = rows.assign(month=month, days=days, share=days / month.dt.days_in_month, is_at_end=rows["_end"] >= last_day)
    return rows.drop(columns=["_start", "_end", "_n", "start_date", "end_date"]).reset_index(drop=True)


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
