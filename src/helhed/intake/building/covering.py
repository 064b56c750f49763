"""Which months each table covers: where an export stops early or has a hole, its figures are unknown, not zero."""

from collections.abc import Mapping

import pandas as pd

from helhed.intake.building.stopping import Stop, sources_filled
from helhed.intake.sources import Sources
from helhed.tables import tables

#: Own choices. A week is dark with fewer than this share of the records of a usual week, of exports this large.
_DARK_SHARE, _FEWEST_A_WEEK = 0.1, 5
_SIX_DAYS = pd.Timedelta(days=6)
#: Canonical table of the weekly payments.
_FILLS = {"benefit_week": "benefit_spell"}


def months_covered(
    sources: Sources, seen: pd.DataFrame, last_day, stops: Mapping[str, Stop | None] | None = None
) -> pd.DataFrame:
    """Return which months of the data period each table covers.

    Parameters
    ----------
    sources
        Every export as a typed frame.
    seen
        Records by source and month (see `helhed.intake.building.linkage.coverage`).
    last_day
        The last day of the data period.
    stops
        Where the exports of cases and measures stop early (see `helhed.intake.building.stopping.stops_of`).

    Returns
    -------
    The canonical table ``coverage``; measures by department (``measure.<department>``). A month without any record that
    is no usual gap of a monthly source is dark; of weekly payments each month that a dark week touches; of cases and
    measures each month after their export stops. Of several exports to one table the months of all count, but an export
    that ends about where another begins is carried on by it.
    """
    by_table: dict[str, list[pd.DataFrame]] = {}
    for name, rows in seen.groupby("source", sort=True):
        preset, frame = sources.presets[name], sources.frames[name]
        own = _own_months(rows, preset.gap_months is None, (stops or {}).get(name))
        if preset.table == "benefit_week":
            own = _weekly(own, frame[preset.month], pd.Timestamp(last_day))
        if preset.gap_months is not None or name in (stops or {}):
            for table in sources_filled(preset, frame):
                by_table.setdefault(_FILLS.get(table, table), []).append(own)
    parts = [_of_table(own).assign(source_table=table).reset_index() for table, own in by_table.items()]
    contract = tables()["coverage"]
    if not parts:
        return contract.empty()
    return contract.conform(pd.concat(parts, ignore_index=True)).sort_values(list(contract.key), ignore_index=True)


def _own_months(rows: pd.DataFrame, is_of_days: bool, stop: Stop | None) -> pd.DataFrame:
    """Return for each month whether an export covers it whole, covers some of it, and holds records of it."""
    own = rows.set_index("month")
    is_filled = own["n_records"] > 0
    if not is_of_days:
        is_there = own["state"] != "missing"
        return pd.DataFrame({"is_covered": is_there, "is_begun": is_there, "is_filled": is_filled})
    covered, begun = (True, True) if stop is None else (own.index < stop.first_dark, own.index <= stop.last_day)
    return pd.DataFrame({"is_covered": covered, "is_begun": begun, "is_filled": is_filled}, index=own.index)


def with_stops(seen: pd.DataFrame, stops: Mapping[str, Stop | None]) -> pd.DataFrame:
    """Return records by source and month, the empty months of exports that stop called ``missing``.

    Parameters
    ----------
    seen, stops
        As for `months_covered`.
    """
    first_dark = seen["source"].map({name: stop.first_dark for name, stop in stops.items() if stop})
    is_dark = (seen["month"] >= pd.to_datetime(first_dark)) & (seen["n_records"] == 0)
    return seen.assign(state=seen["state"].mask(is_dark, "missing"))


def last_whole_week(weeks: pd.Series) -> pd.Timestamp:
    """Return the Monday of the last week that weekly records cover; missing when there are none.

    Parameters
    ----------
    weeks
        The Monday of each record's week.
    """
    counts = weeks.value_counts()
    return counts.index[counts >= _fewest(counts)].max()


def _fewest(counts: pd.Series) -> float:
    """Return below how many records a week is dark: one without any, in a small export none for sure."""
    usual = counts.median()
    return max(1.0, _DARK_SHARE * usual) if usual >= _FEWEST_A_WEEK else 0.0


def _weekly(own: pd.DataFrame, weeks: pd.Series, last_day: pd.Timestamp) -> pd.DataFrame:
    """Return the months of a weekly export, those touched by a dark week not covered."""
    first = own.index[0]
    mondays = pd.date_range(first, last_day - _SIX_DAYS, freq="W-MON").as_unit("us")
    counts = weeks.dropna().value_counts()
    is_dark = counts.reindex(mondays, fill_value=0) < _fewest(counts)
    dark, lit = mondays[is_dark], mondays[~is_dark]
    touched = _months(dark).union(_months(dark + _SIX_DAYS))
    is_begun = own["is_begun"] & (own.index.isin(_months(lit)) | ~own.index.isin(touched))
    return own.assign(is_covered=own["is_covered"] & ~own.index.isin(touched), is_begun=is_begun)


def _months(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return days.to_period("M").to_timestamp().as_unit("us").unique()


def _of_table(exports: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the months that all exports to a table cover, one that follows another standing in for it."""
    whole = [_carried_on(own, exports) for own in exports]
    is_covered, is_begun = (pd.concat([own[name] for own in whole], axis=1) for name in ("is_covered", "is_begun"))
    return pd.DataFrame({"is_covered": is_covered.all(axis=1), "is_begun": is_begun.all(axis=1)})


def _carried_on(own: pd.DataFrame, exports: list[pd.DataFrame]) -> pd.DataFrame:
    whole = own[["is_covered", "is_begun"]]
    for other in exports:
        if (own["is_filled"] & other["is_filled"]).sum() <= 1:
            whole = whole | other[["is_covered", "is_begun"]]
    return whole
