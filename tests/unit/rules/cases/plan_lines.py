"""Cases of the rules for plan lines; the town's one row is a line of a job plan of the girl, from June 2024."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT


def one(**changes):
    """Return the town's only plan line with changes."""
    return {"planlinjer": {0: changes}}


def of(person, plan, start):
    """Return a further line: of a person, from a plan, with a start."""
    return {"planlinjer": {1: {"person_id": person, "source_plan": plan, "start_date": DAY(start)}}}


LEFT = {"indskrivninger": {0: {"exit_date": DAY("2025-12-31"), "exit_reason": "other"}}}
STAYS = {"indskrivninger": {0: {"exit_date": DAY("2026-01-01"), "exit_reason": "other"}}}

CASES = {
    "due_before_start": [(one(due_date=DAY("2024-05-31")), [0]), (one(due_date=DAY("2024-06-01")), [])],
    "person_of_other_family": [(one(person_id="FATHER"), [0]), (one(person_id="BOY"), []), (one(person_id=None), [])],
    "line_without_text": [(one(goal=None, action=None), [0]), (one(goal=None), [])],
    "active_before_start": [
        (one(start_date=DAY("2026-01-01")), [0]),
        (one(start_date=DAY("2025-12-31")), []),
        (one(start_date=DAY("2026-01-01"), status="planned"), []),
    ],
    "done_before_start": [
        (one(start_date=DAY("2026-01-01"), status="done"), [0]),
        (one(start_date=DAY("2025-12-31"), status="done"), []),
    ],
    "planned_but_due": [
        (one(start_date=DAY("2025-10-31"), status="planned"), [0]),
        (one(start_date=DAY("2025-11-01"), status="planned"), []),
        (one(start_date=DAY("2025-10-31")), []),
    ],
    "very_long_line": [(one(due_date=DAY("2027-06-05")), [0]), (one(due_date=DAY("2027-06-04")), [])],
    "line_without_start": [(one(start_date=NOT), [0]), (one(start_date=NOT, status="done"), [])],
    "job_plan_without_hours": [
        (one(hours_per_week=0.0), [0]),
        (one(hours_per_week=float("nan")), [0]),
        (one(hours_per_week=0.5), []),
        (one(hours_per_week=0.0, status="planned"), []),
        (one(hours_per_week=0.0, source_plan="housing"), []),
    ],
    "childs_plan_of_adult": [
        (of("GIRL", "youth_plan", "2033-05-06"), [1]),
        (of("GIRL", "childs_plan", "2033-05-04"), []),
        (of("MOTHER", "adult_plan", "2024-06-01"), []),
    ],
    "job_plan_of_child": [
        (of("GIRL", "job_plan", "2025-05-04"), [1]),
        (of("GIRL", "job_plan", "2025-05-06"), []),
        (of("GIRL", "youth_plan", "2025-05-04"), []),
    ],
    "adult_plan_of_child": [
        (of("GIRL", "adult_plan", "2028-05-04"), [1]),
        (of("GIRL", "adult_plan", "2028-05-06"), []),
    ],
    "sector_line_without_person": [
        (one(person_id=None), [0]),
        (one(person_id=None, source_plan="family"), []),
        (one(person_id=None, source_plan="housing"), []),
    ],
    "line_outside_course": [
        (one(contact_id="FATHER"), [0]),
        (one(contact_id="GIRL"), []),
        (one(contact_id="homeless"), []),
    ],
    "live_line_after_exit": [
        (one() | LEFT, [0]),
        (one() | STAYS, []),
        (one(status="done") | LEFT, []),
    ],
    "live_line_of_moved": [
        (one() | {"folkeregister": {2: {"to_date": DAY("2025-12-31")}}}, [0]),
        (one() | {"folkeregister": {2: {"to_date": DAY("2026-01-01")}}}, []),
        (one(status="dropped") | {"folkeregister": {2: {"to_date": DAY("2025-12-31")}}}, []),
    ],
    "plan_hidden_from_owner": [
        (one(consent_scope="children,school"), [0]),
        (one(consent_scope="employment"), []),
        (one(consent_scope=None), []),
        (one(consent_scope="children", source_plan="family"), []),
    ],
    "line_section_without_law": [
        (one(section="§ 32, stk. 1"), [0]),
        (one(section="32"), [0]),
        (one(section="LAB § 42"), []),
        (one(section=None), []),
    ],
    "old_law_for_child": [
        (one(source_plan="childs_plan", section="Serviceloven § 52"), [0]),
        (one(source_plan="childs_plan", section="Serviceloven § 52", start_date=DAY("2023-12-31")), []),
        (one(source_plan="childs_plan", section="Barnets lov § 32"), []),
        (one(source_plan="adult_plan", section="Serviceloven § 141"), []),
    ],
}
