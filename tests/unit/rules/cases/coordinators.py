"""Cases of the rules for coordinators."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT


def one(**changes):
    """Return the town's only coordinator with changes."""
    return {"koordinatorer": {0: changes}}


def two(**changes):
    """Return a second coordinator, a copy of the first with changes."""
    return {"koordinatorer": {1: {"coordinator_id": "K2", **changes}}}


def families(n):
    """Return so many more enrolments of the mother with the same coordinator."""
    return {"indskrivninger": {i: {"start_date": DAY("2025-01-01")} for i in range(1, n + 1)}}


ENDED = {"indskrivninger": {0: {"exit_date": DAY("2025-06-30"), "exit_reason": "other"}}}

CASES = {
    "coordinator_ends_before_start": [
        (one(to_date=DAY("2023-12-31")), [0]),
        (one(to_date=DAY("2024-01-01")), []),
    ],
    "coordinator_absence_reversed": [
        (one(absent_from_date=DAY("2025-03-02"), absent_to_date=DAY("2025-03-01")), [0]),
        (one(absent_from_date=DAY("2025-03-02"), absent_to_date=DAY("2025-03-02")), []),
        (one(absent_from_date=DAY("2025-03-02"), absent_to_date=NOT), []),
    ],
    "coordinator_without_start": [(one(from_date=NOT), [0]), (one(from_date=DAY("2030-01-01")), [])],
    "coordinator_not_yet": [(one(from_date=DAY("2026-01-01")), [0]), (one(from_date=DAY("2025-12-31")), [])],
    "coordinator_without_hours": [(one(weekly_hours=0.0), [0]), (one(weekly_hours=0.5), [])],
    "coordinator_few_hours": [
        (one(weekly_hours=4.9), [0]),
        (one(weekly_hours=5.0), []),
        (one(weekly_hours=0.0), []),
    ],
    "coordinator_above_limit": [
        (one(weekly_hours=37.0) | families(10), [0]),
        (one(weekly_hours=37.0) | families(9), []),
    ],
    "coordinator_never_used": [
        (two(from_date=DAY("2025-10-02")), [1]),
        (two(from_date=DAY("2025-10-03")), []),
    ],
    "coordinator_spelt_twice": [
        ({"koordinatorer": {1: {"coordinator_id": "k. 1"}}}, [0, 1]),
        (two(), []),
    ],
    "coordinator_unknown_district": [
        (one(district="Vest"), [0]),
        (one(district=" NORD "), []),
        (one(district=None), []),
    ],
    "coordinator_no_competences": [(one(competences=None), [0]), (one(competences="mentor"), [])],
    "coordinator_no_languages": [(one(languages=None), [0]), (one(languages="dansk"), [])],
    "nobody_has_authority": [
        ({}, ["decisions.xlsx"], {"staffing.organisation": "taskforce"}),
        (one(has_authority=True), [], {"staffing.organisation": "taskforce"}),
        (one(has_authority=False), []),
    ],
    "nobody_in_role": [
        (one(to_date=DAY("2025-12-30")), [-1]),
        (one(to_date=DAY("2025-12-31")), []),
        (one(to_date=DAY("2025-12-30")) | ENDED, []),
    ],
    "district_without_coordinator": [
        (one(district="Syd"), [-1]),
        (one(district="nord"), []),
        (one(district=None), []),
        (one(district="Syd") | ENDED, []),
    ],
}
