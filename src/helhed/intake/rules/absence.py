"""Check rules for school absence month by month."""

import numpy as np
import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.rules.places import filled, place_of
from helhed.intake.rules.rule import Rule, WholeRule

_MOST_DAYS = 23
_SCHOOL_AGE = (4.5, 19)
_JULY = 7
_OTHER_DAYS = 5
_ABSENCE = ("absence",)
#: A month with so many children, in all or at a school, and not a day of absence was not registered.
_MANY_CHILDREN, _CHILDREN_OF_SCHOOL = 50, 20
_MONTHS_RUNNING = 3
_COPIED_DAYS = 5
_HIGH_SHARE = 0.5
_KINDS = ["days_sick", "days_permitted", "days_unlawful"]


def _absent(f: pd.DataFrame) -> pd.Series:
    return f[_KINDS[0]] + f[_KINDS[1]] + f[_KINDS[2]]


def _ordered(m, f) -> pd.DataFrame:
    """Return the rows by child and month: ``owner``, ``at`` (number of the month among those of the export)."""

    def made():
        at = np.searchsorted(np.unique(f["month"].to_numpy()), f["month"].to_numpy())
        rows = pd.DataFrame({"owner": m.owner(f), "at": at, "absent": _absent(f), "days": f["school_days"]})
        rows = rows.assign(**f[_KINDS])
        return rows.sort_values(["owner", "at"], kind="stable").drop_duplicates(["owner", "at"])

    return m.kept_of(f, "ordered", made)


def _month_missing(m, f):
    rows = _ordered(m, f)
    is_gap = (rows["owner"] == rows["owner"].shift()) & (rows["at"].diff() > 1)
    return is_gap.reindex(f.index, fill_value=False)


def _running(rows: pd.DataFrame, is_so: pd.Series) -> pd.Series:
    """Return the row in which something has been so for `_MONTHS_RUNNING` months of a child in a row."""
    is_next = (rows["owner"] == rows["owner"].shift()) & (rows["at"].diff() == 1)
    run = (~is_next | ~is_so).cumsum()
    return is_so & (is_so.groupby(run).cumsum() == _MONTHS_RUNNING)


def _copied(m, f):
    rows = _ordered(m, f)
    is_next = (rows["owner"] == rows["owner"].shift()) & (rows["at"].diff() == 1)
    is_same = is_next & (rows[_KINDS] == rows[_KINDS].shift()).all(axis=1) & (rows["absent"] >= _COPIED_DAYS)
    is_second = is_same & is_same.shift(fill_value=False)
    return (is_second & ~is_second.shift(fill_value=False)).reindex(f.index, fill_value=False)


def _high_without_case(m, f):
    cases = m.table("child_case")
    if cases.empty:
        return pd.Series(False, index=f.index)
    rows = _ordered(m, f)
    is_high = (rows["days"] > 0) & (rows["absent"] > _HIGH_SHARE * rows["days"])
    high = _running(rows, is_high).reindex(f.index, fill_value=False)
    return high & ~is_among(f["person_id"], cases["person_id"])


def _unlike_others(_m, f):
    usual = f.groupby("month")["school_days"].transform("median")
    return (f["school_days"] - usual).abs() > _OTHER_DAYS


def _months_without_absence(m):
    places = []
    for preset, frame in filled(m, _ABSENCE):
        by_month = _absent(frame).groupby(frame["month"]).agg(["sum", "size"])
        silent = by_month.index[(by_month["sum"] == 0) & (by_month["size"] >= _MANY_CHILDREN)]
        places += [place_of(m, preset, f"{month:%Y-%m}") for month in silent]
    return places


def _schools_without_absence(m):
    """Return a place for each school and month without a day of absence while other schools have some."""
    places = []
    for preset, frame in filled(m, _ABSENCE):
        known = frame[frame["school"].notna() & (frame["school_days"] > 0)]
        by_school = _absent(known).groupby([known["month"], known["school"]]).agg(["sum", "size"])
        is_silent = (by_school["sum"] == 0) & (by_school["size"] >= _CHILDREN_OF_SCHOOL)
        of_month = by_school["sum"].groupby(level="month").transform("sum")
        silent = by_school.index[is_silent & (of_month > 0)]
        places += [place_of(m, preset, school, {"month": f"{month:%Y-%m}"}) for month, school in silent]
    return places


ABSENCE_RULES: tuple[Rule | WholeRule, ...] = (
    Rule(
        "absence_above_school_days",
        "should_fix",
        _ABSENCE,
        "school_days",
        lambda m, f: _absent(f) > f["school_days"] + 0.001,
        why="impossible",
    ),
    Rule(
        "school_days_above_23",
        "should_fix",
        _ABSENCE,
        "school_days",
        lambda m, f: f["school_days"] > _MOST_DAYS,
        limits={"limit": _MOST_DAYS},
        why="weekdays",
    ),
    Rule(
        "school_in_july",
        "note",
        _ABSENCE,
        "school_days",
        lambda m, f: (f["month"].dt.month == _JULY) & (f["school_days"] > 0),
        why="unusual",
    ),
    Rule(
        "no_school_days",
        "note",
        _ABSENCE,
        "school_days",
        lambda m, f: (f["month"].dt.month != _JULY) & (f["school_days"] == 0),
        why="complete",
    ),
    Rule(
        "school_days_unlike_others",
        "note",
        _ABSENCE,
        "school_days",
        _unlike_others,
        limits={"limit": _OTHER_DAYS},
        why="own_choice",
    ),
    Rule("absence_month_missing", "note", _ABSENCE, "month", _month_missing, why="complete"),
    WholeRule(
        "month_without_absence",
        "should_fix",
        _ABSENCE,
        _months_without_absence,
        limits={"limit": _MANY_CHILDREN},
        why="own_choice",
    ),
    WholeRule(
        "school_without_absence",
        "should_fix",
        _ABSENCE,
        _schools_without_absence,
        limits={"limit": _CHILDREN_OF_SCHOOL},
        why="own_choice",
    ),
    Rule(
        "copied_absence",
        "note",
        _ABSENCE,
        "month",
        _copied,
        limits={"limit": _COPIED_DAYS, "months": _MONTHS_RUNNING},
        why="own_choice",
    ),
    Rule(
        "high_absence_without_case",
        "note",
        _ABSENCE,
        "month",
        _high_without_case,
        limits={"limit": round(100 * _HIGH_SHARE), "months": _MONTHS_RUNNING},
        why="own_choice",
    ),
    Rule(
        "absence_after_moving",
        "should_fix",
        _ABSENCE,
        "month",
        lambda m, f: f["month"] > m.of_person(f, "to_date"),
        why="wrong_person",
    ),
    Rule(
        "outside_school_age",
        "should_fix",
        _ABSENCE,
        "month",
        lambda m, f: ~m.age_in(f, "month").between(*_SCHOOL_AGE) & m.of_person(f, "born").notna(),
        why="wrong_person",
    ),
)
