"""Cases of the rules for day care, leisure, health and housing."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT
GIRL, BOY = 2, 3


def daycare(**changes):
    """Return the boy's March 2017 in day care changed."""
    return {"own_daycare": {0: changes}}


def leisure(**changes):
    """Return the girl's March 2024 changed: football, no job."""
    return {"own_leisure": {0: changes}}


def health(**changes):
    """Return the mother's treatment of January to June 2024 changed."""
    return {"own_health": {0: changes}}


def person(at, **changes):
    return {"folkeregister": {at: changes}}


CASES = {
    "too_old_for_daycare": [
        (daycare(month=DAY("2020-11-01")), [0]),
        (daycare(month=DAY("2020-10-01")), []),
        (daycare(month=DAY("2020-11-01"), is_enrolled=False, days_absent=0.0), []),
    ],
    "month_before_birth": [
        (daycare(month=DAY("2013-09-01")), [0]),
        (leisure(month=DAY("2010-04-01")), [0]),
        (daycare(month=DAY("2013-10-01")), []),
    ],
    "month_after_moving": [
        (daycare() | person(BOY, to_date=DAY("2017-02-28")), [0]),
        (daycare() | person(BOY, to_date=DAY("2017-03-01")), []),
    ],
    "daycare_absence_above_23": [
        (daycare(days_absent=23.5), [0]),
        (daycare(days_absent=23.0), []),
    ],
    "absent_not_enrolled": [
        (daycare(is_enrolled=False), [0]),
        (daycare(is_enrolled=False, days_absent=0.0), []),
    ],
    "daycare_and_school": [
        (daycare(person_id="GIRL", month=DAY("2024-03-01")), [0]),
        (daycare(person_id="GIRL", month=DAY("2024-04-01")), []),
        (daycare(person_id="GIRL", month=DAY("2024-03-01"), is_enrolled=False), []),
    ],
    "leisure_job_under_13": [
        (leisure(has_leisure_job=True, month=DAY("2023-05-01")), [0]),
        (leisure(has_leisure_job=True, month=DAY("2023-06-01")), []),
        (leisure(month=DAY("2023-05-01")), []),
    ],
    "leisure_at_high_age": [
        (leisure() | person(GIRL, birth_date=DAY("1999-02-20")), [0]),
        (leisure() | person(GIRL, birth_date=DAY("1999-03-05")), []),
    ],
    "activity_without_yes": [
        (leisure(has_activity=False), [0]),
        (leisure(has_activity=False, activity=None), []),
    ],
    "leisure_says_nothing": [
        (leisure(has_activity=None, has_leisure_job=None), [0]),
        (leisure(has_activity=None), []),
    ],
    "course_ends_before_start": [
        (health(end_date=DAY("2023-12-31")), [0]),
        ({"own_housing": {0: {"end_date": DAY("2023-12-31")}}}, [0]),
        (health(end_date=DAY("2024-01-01")), []),
    ],
    "course_before_birth": [
        (health(start_date=DAY("1988-03-13")), [0]),
        (health(start_date=DAY("1988-03-14")), []),
    ],
    "course_after_period": [
        (health(start_date=DAY("2026-01-01")), [0]),
        (health(start_date=DAY("2025-12-31")), []),
    ],
    "course_after_moving": [
        (health(person_id="GIRL") | person(GIRL, to_date=DAY("2023-12-31")), [0]),
        (health(person_id="GIRL") | person(GIRL, to_date=DAY("2024-01-01")), []),
    ],
    "same_course_twice": [
        ({"own_health": {1: {"start_date": DAY("2024-06-29"), "end_date": NOT}}}, [1]),
        ({"own_health": {1: {"start_date": DAY("2024-06-30"), "end_date": NOT}}}, []),
        ({"own_health": {1: {"start_date": DAY("2024-06-29"), "kind": "genoptræning"}}}, []),
    ],
    "housing_of_child": [
        ({"own_housing": {0: {"person_id": "GIRL"}}}, [0]),
        ({"own_housing": {0: {"person_id": "GIRL", "start_date": DAY("2025-05-10")}}}, []),
    ],
}  # fmt: skip
