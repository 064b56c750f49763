"""Check rules for day care, leisure, health and housing."""

import pandas as pd

from helhed.intake.clashes import alike, at_same_time
from helhed.intake.rules.limits import JOB_FROM
from helhed.intake.rules.rule import Rule, overlaps

_MOST_DAYS = 23
_DAYCARE_TO = 7
_LEISURE_TO = 25
_TENANT_FROM = 15


def _in_school(m, f):
    school = m.table("absence")
    attends = school.loc[school["school_days"] > 0, ["person_id", "month"]]
    own = pd.MultiIndex.from_frame(f[["person_id", "month"]])
    return f["is_enrolled"] & pd.Series(own.isin(pd.MultiIndex.from_frame(attends)), index=f.index)


def _same_course_overlaps(_m, f):
    single = f.drop_duplicates(["person_id", "kind", "start_date", "end_date"])
    same = overlaps(single.assign(same=single["person_id"] + "|" + single["kind"]), "same")
    return same.reindex(f.index, fill_value=False)


_DAYCARE, _LEISURE, _COURSES = ("daycare",), ("leisure",), ("health", "housing")

DAILY_LIFE_RULES: tuple[Rule, ...] = (
    Rule(
        "too_old_for_daycare",
        "should_fix",
        _DAYCARE,
        "month",
        lambda m, f: f["is_enrolled"] & (m.age_in(f, "month") >= _DAYCARE_TO),
        limits={"limit": _DAYCARE_TO},
        why="own_choice",
    ),
    Rule(
        "month_before_birth",
        "should_fix",
        (*_DAYCARE, *_LEISURE),
        "month",
        lambda m, f: f["month"] + pd.offsets.MonthEnd(0) < m.of_person(f, "born"),
        why="wrong_person",
    ),
    Rule(
        "month_after_moving",
        "should_fix",
        (*_DAYCARE, *_LEISURE),
        "month",
        lambda m, f: f["month"] > m.of_person(f, "to_date"),
        why="wrong_person",
    ),
    Rule(
        "daycare_absence_above_23",
        "should_fix",
        _DAYCARE,
        "days_absent",
        lambda m, f: f["days_absent"] > _MOST_DAYS,
        limits={"limit": _MOST_DAYS},
        why="weekdays",
    ),
    Rule(
        "absent_not_enrolled",
        "should_fix",
        _DAYCARE,
        "days_absent",
        lambda m, f: ~f["is_enrolled"] & (f["days_absent"] > 0),
        why="impossible",
    ),
    Rule("daycare_and_school", "note", _DAYCARE, "month", _in_school, why="unusual"),
    Rule(
        "leisure_job_under_13",
        "should_fix",
        _LEISURE,
        "has_leisure_job",
        lambda m, f: f["has_leisure_job"] & (m.age_in(f, "month") < JOB_FROM),
        limits={"limit": JOB_FROM},
        why="law",
        source="fritidsjob",
    ),
    Rule(
        "leisure_at_high_age",
        "note",
        _LEISURE,
        "month",
        lambda m, f: m.age_in(f, "month") >= _LEISURE_TO,
        limits={"limit": _LEISURE_TO},
        why="own_choice",
    ),
    Rule(
        "activity_without_yes",
        "should_fix",
        _LEISURE,
        "has_activity",
        lambda m, f: f["activity"].notna() & (f["has_activity"] == False),  # noqa: E712
        needs=("activity",),
        why="impossible",
    ),
    Rule(
        "leisure_says_nothing",
        "note",
        _LEISURE,
        "has_activity",
        lambda m, f: f["has_activity"].isna() & f["has_leisure_job"].isna(),
        needs=("has_leisure_job",),
        why="complete",
    ),
    # health and housing
    Rule(
        "course_ends_before_start",
        "should_fix",
        _COURSES,
        "end_date",
        lambda m, f: f["end_date"] < f["start_date"],
        why="impossible",
    ),
    Rule(
        "course_before_birth",
        "should_fix",
        _COURSES,
        "start_date",
        lambda m, f: f["start_date"] < m.of_person(f, "born"),
        why="wrong_person",
    ),
    Rule(
        "course_after_period",
        "note",
        _COURSES,
        "start_date",
        lambda m, f: f["start_date"] > m.last_day,
        why="period",
    ),
    Rule(
        "course_after_moving",
        "note",
        _COURSES,
        "start_date",
        lambda m, f: f["start_date"] > m.of_person(f, "to_date"),
        why="wrong_person",
    ),
    Rule(
        "same_course_twice",
        "should_fix",
        _COURSES,
        "start_date",
        _same_course_overlaps,
        why="twice",
        beside=at_same_time(alike("person_id", "kind")),
    ),
    Rule(
        "housing_of_child",
        "note",
        ("housing",),
        "start_date",
        lambda m, f: m.age_in(f, "start_date") < _TENANT_FROM,
        limits={"limit": _TENANT_FROM},
        why="own_choice",
    ),
)
