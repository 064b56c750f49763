"""Cases of the rules for enrolled families: contact, coordinator, measurements, register."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT


def one(**changes):
    """Return the town's only enrolment with changes."""
    return {"indskrivninger": {0: changes}}


def both(first, **second):
    """Return two enrolments: the town's with changes, and a copy of it with others."""
    return {"indskrivninger": {0: first, 1: second}}


def gone(day):
    """Return the mother as moved out of the municipality."""
    return {"folkeregister": {0: {"to_date": day}}}


def coordinator(**changes):
    """Return the town's only coordinator with changes."""
    return {"koordinatorer": {0: changes}}


LEFT = {"exit_date": DAY("2025-05-31"), "exit_reason": "moved"}
MEASURED = {"registreringer": {i: {"registered_date": DAY("2024-07-03")} for i in range(5)}}
LATE = {"registreringer": {i: {"registered_date": DAY("2025-05-29")} for i in range(5)}}
IN_TIME = {"registreringer": {i: {"registered_date": DAY("2025-05-30")} for i in range(5)}}

CASES = {
    "started_without_coordinator": [
        (one(coordinator_id=None), [0]),
        (one(coordinator_id=None, start_date=NOT), []),
    ],
    "coordinator_without_place": [
        (one(decision="exclude", start_date=NOT), [0]),
        (one(decision="include", start_date=NOT), []),
    ],
    "unknown_coordinator": [
        (one(coordinator_id="K9"), [0]),
        (one(coordinator_id=None), []),
    ],
    "started_before_coordinator": [
        (one(start_date=DAY("2023-12-31")), [0]),
        (one(start_date=DAY("2024-01-01")), []),
    ],
    "coordinator_has_left": [
        (one() | coordinator(to_date=DAY("2025-12-30")), [0]),
        (one() | coordinator(to_date=DAY("2025-12-31")), []),
        (one(**LEFT) | coordinator(to_date=DAY("2025-05-31")), []),
        (one(**LEFT) | coordinator(to_date=DAY("2025-05-30")), [0]),
    ],
    "contact_is_child": [
        (one(person_id="GIRL"), [0]),
        ({"moeder": {0: {"person_id": "BOY"}}}, [0]),
        (one(person_id="FATHER"), []),
    ],
    "contact_is_adult_child": [
        (
            one(person_id="GIRL")
            | {"folkeregister": {2: {"birth_date": DAY("2005-05-05"), "cpr_birth_date": DAY("2005-05-05")}}},
            [0],
        ),
        (one(person_id="GIRL"), []),
    ],
    "contact_without_family": [
        (one(person_id="homeless"), [0]),
        ({"moeder": {0: {"person_id": "homeless"}}}, [0]),
        ({"planlinjer": {0: {"contact_id": "homeless"}}}, [0]),
        (one(person_id="NOBODY"), []),
    ],
    "family_without_child": [
        (one() | {"folkeregister": {2: None, 3: {"birth_date": DAY("2006-05-31")}}}, [0]),
        (one() | {"folkeregister": {2: None, 3: {"birth_date": DAY("2006-06-03")}}}, []),
    ],
    "enrolled_twice": [
        (both({}, start_date=DAY("2025-01-01")), [0, 1]),
        (both({}, person_id="FATHER"), []),
    ],
    "course_continued": [
        (both(LEFT, start_date=DAY("2025-07-01")), [1]),
        (both(LEFT, start_date=DAY("2025-07-02")), []),
    ],
    "two_coordinators_at_once": [
        (both(LEFT, start_date=DAY("2025-05-30")), [1]),
        (both(LEFT, start_date=DAY("2025-05-31")), []),
    ],
    "moved_but_still_here": [
        (one(**LEFT), [0]),
        (one(**LEFT) | gone(DAY("2025-05-31")), []),
    ],
    "moved_without_exit": [
        (one() | gone(DAY("2025-12-31")), [0]),
        (one() | gone(DAY("2026-01-01")), []),
        (one(**LEFT) | gone(DAY("2025-12-31")), []),
    ],
    "goals_reached_nothing_done": [
        (one(exit_date=DAY("2025-05-31"), exit_reason="goals_reached"), [0]),
        (
            one(exit_date=DAY("2025-05-31"), exit_reason="goals_reached") | {"planlinjer": {0: {"status": "done"}}},
            [],
        ),
    ],
    "no_start_measurement": [
        (one() | MEASURED, [0]),
        (one(start_date=DAY("2024-06-02")) | MEASURED, []),
        (one(start_date=DAY("2025-12-01")), []),
    ],
    "measurement_overdue": [
        (both({}, start_date=DAY("2024-06-02")) | LATE, [1]),
        (both({}, start_date=DAY("2024-06-02")) | IN_TIME, []),
        (both({}, **LEFT) | LATE, []),
    ],
}
