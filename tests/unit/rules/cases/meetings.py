"""Cases of the rules for meetings; the town's one row is a network meeting of the mother on a Saturday in June 2024."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT


def one(**changes):
    """Return the town's only meeting with changes."""
    return {"moeder": {0: changes}}


def more(*added):
    """Return further rows, each the first one with changes."""
    return {"moeder": {1 + i: row for i, row in enumerate(added)}}


LEFT = {"indskrivninger": {0: {"exit_date": DAY("2024-10-01"), "exit_reason": "other"}}}
MOVED = {"folkeregister": {0: {"to_date": DAY("2024-08-01")}}}

CASES = {
    "due_before_meeting": [(one(due_date=DAY("2024-06-14")), [0]), (one(due_date=DAY("2024-06-15")), [])],
    "agreement_without_owner": [(one(owner=None), [0]), (one(owner=None, agreement=None), [])],
    "agreement_without_due": [(one(due_date=NOT), [0]), (one(due_date=NOT, agreement=None), [])],
    "due_without_agreement": [
        (one(agreement=None), [0]),
        (one(agreement=None, due_date=NOT), [0]),
        (one(agreement=None, due_date=NOT, owner=None), []),
    ],
    "due_far_off": [(one(due_date=DAY("2025-06-17")), [0]), (one(due_date=DAY("2025-06-16")), [])],
    "due_after_exit": [
        (one(due_date=DAY("2024-11-02")) | LEFT, [0]),
        (one(due_date=DAY("2024-11-01")) | LEFT, []),
        (one(due_date=DAY("2024-11-02")), []),
    ],
    "nothing_agreed": [
        (one(agreement=None), [0]),
        ({"moeder": {0: {"agreement": None}, 1: {"agreement": "x"}}}, []),
        (one(agreement=None, kind="start"), []),
    ],
    "too_many_agreements": [
        (more(*[{"agreement": f"aftale {i}"} for i in range(10)]), [0]),
        (more(*[{"agreement": f"aftale {i}"} for i in range(9)]), []),
        (more(*[{"agreement": f"aftale {i}", "meeting_date": DAY("2024-07-15")} for i in range(10)]), []),
    ],
    "no_participants": [(one(participants=None), [0]), (one(participants="mor"), [])],
    "meeting_without_family": [
        (more({"participants": "skole, PPR, moderator"}), [1]),
        (more({"participants": "skole, Mor"}), []),
        (more({"participants": "Familien og PPR"}), []),
        (more({"participants": None}), []),
    ],
    "meeting_after_period": [
        (one(meeting_date=DAY("2026-01-01")), [0]),
        (one(meeting_date=DAY("2025-12-31")), []),
    ],
    "meeting_before_start": [
        (one(meeting_date=DAY("2024-05-31")), [0]),
        (one(meeting_date=DAY("2024-06-01")), []),
        (one(meeting_date=DAY("2024-05-31"), kind="start"), []),
    ],
    "meeting_after_exit": [
        (one(meeting_date=DAY("2024-10-02")) | LEFT, [0]),
        (one(meeting_date=DAY("2024-10-01")) | LEFT, []),
    ],
    "meeting_outside_course": [
        (one(person_id="FATHER"), [0]),
        (one(person_id="GIRL"), []),
        (one(person_id="homeless"), []),
    ],
    "meeting_after_move": [
        (one(meeting_date=DAY("2024-08-02")) | MOVED, [0]),
        (one(meeting_date=DAY("2024-08-01")) | MOVED, []),
    ],
    "meeting_at_weekend": [
        (more({"meeting_date": DAY("2024-07-07")}), [1]),
        (more({"meeting_date": DAY("2024-07-05")}), []),
    ],
    "two_start_meetings": [
        (more({"kind": "start"}, {"kind": "start", "meeting_date": DAY("2024-06-16")}), [2]),
        (more({"kind": "start"}, {"kind": "start", "agreement": "en aftale mere"}), []),
        (more({"kind": "start"}, {"kind": "start", "meeting_date": DAY("2024-06-16"), "person_id": "FATHER"}), []),
    ],
}
