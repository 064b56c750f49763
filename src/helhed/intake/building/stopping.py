"""Whether an export of cases or measures stops before the data period does: nothing new in it is then not nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helhed.intake.exports.preset import Preset
from helhed.profile import Profile

#: Tables whose rows begin on a day: a month without one may be as it was, or lie behind the end of the export.
STARTING = ("child_case", "measure", "benefit_spell", "health", "housing")
#: Own assumptions, to be replaced by what is known of a municipality's systems. A silence at the end is no pause when
#: it is more than twice the longest pause of the 13 months before it (with a whole Christmas), and would have held 15
#: days with something new: three weeks of work in a large municipality.
TIMES_LONGEST, FEWEST_DAYS, LOOK_BACK_DAYS = 2, 15, 395
#: Profile entry in which a municipality states how far its exports reach.
REACH = "data.exports_reach"
_STATED = re.compile(r"(\w+)\s*:?\s+(\d{1,2}-\d{1,2}-\d{4})")


@dataclass(frozen=True)
class Stop:
    """How far an export reaches that stops early.

    Parameters
    ----------
    last_day
        The last day on which something began, or to which the municipality says that the export reaches.
    first_dark
        The first day of the first month that is not wholly covered.
    n_days
        On how many days something would have begun since, at the pace of the 13 months before; None when the
        municipality states the day.
    """

    last_day: pd.Timestamp
    first_dark: pd.Timestamp
    n_days: int | None


def stop_of(begun: pd.Series, first_day: pd.Timestamp, last_day: pd.Timestamp) -> Stop | None:
    """Return where an export stops; None when it reaches the end of the data period, or nobody can say.

    Parameters
    ----------
    begun
        The first day of each record.
    first_day, last_day
        The data period; what began outside it plays no part.

    Notes
    -----
    Days count, not records: brothers and sisters often begin together. Closing days play no part: they are written
    ahead. A single day with records knows no pause: the 13 months themselves are taken for one. The days between the
    last record and the end of its month are covered when they are no longer than such a pause.
    """
    days = begun[(begun >= first_day) & (begun <= last_day)].dt.normalize().drop_duplicates().sort_values()
    if days.empty:
        return None
    last = days.iloc[-1]
    latest = days[days > last - pd.Timedelta(days=LOOK_BACK_DAYS)]
    longest = latest.diff().dt.days.max() if len(latest) > 1 else LOOK_BACK_DAYS
    silence = (last_day - last).days
    n_days = len(latest) * silence / LOOK_BACK_DAYS
    if silence <= TIMES_LONGEST * longest or n_days < FEWEST_DAYS:
        return None
    month = last.to_period("M")
    is_covered = (month.end_time.normalize() - last).days <= longest
    return Stop(last, (month + int(is_covered)).start_time.as_unit("us"), int(n_days))


def stops_of(
    frames: Mapping[str, pd.DataFrame], presets: Mapping[str, Preset], profile: Profile
) -> dict[str, Stop | None]:
    """Return for each export whose rows begin on a day, by name, where it stops early; None where it does not.

    What the profile states (``data.exports_reach``) comes before what the records look like.
    """
    first_day, last_day = (pd.Timestamp(profile[f"data.{edge}_date"]) for edge in ("from", "to"))
    stated, _ = stated_reach(profile[REACH])
    starting = {name: frame for name, frame in frames.items() if presets[name].table in STARTING and len(frame)}
    return {
        name: _stated_stop(stated[name], last_day)
        if name in stated
        else stop_of(frame["start_date"], first_day, last_day)
        for name, frame in starting.items()
    }


def stated_reach(written: str) -> tuple[dict[str, pd.Timestamp], list[str]]:
    """Return the day to which each export is said to reach, by name, and what could not be read.

    Examples
    --------
    >>> stated_reach("dubu_sager 30-09-2025; sensum")
    ({'dubu_sager': Timestamp('2025-09-30 00:00:00')}, ['sensum'])
    """
    parts = [part.strip() for part in written.split(";") if part.strip()]
    found = {part: _STATED.fullmatch(part) for part in parts}
    days = {part: pd.to_datetime(m[2], format="%d-%m-%Y", errors="coerce") for part, m in found.items() if m}
    read = {found[part][1]: day for part, day in days.items() if pd.notna(day)}
    return read, [part for part in parts if part not in days or pd.isna(days[part])]


def _stated_stop(day: pd.Timestamp, last_day: pd.Timestamp) -> Stop | None:
    return None if day >= last_day else Stop(day, (day + pd.Timedelta(days=1)).replace(day=1).as_unit("us"), None)


def sources_filled(preset: Preset, frame: pd.DataFrame) -> list[str]:
    """Return what an export is a source of: its table, or ``measure.<department>`` for each department in its rows.

    Measures of health and of housing fill the tables of these names as well.
    """
    if preset.table != "measure":
        return [preset.table]
    departments = sorted(frame["department"].dropna().unique())
    return [f"measure.{name}" for name in departments] + [name for name in departments if name in STARTING]
