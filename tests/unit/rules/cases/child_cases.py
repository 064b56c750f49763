"""Cases of the rules for child cases. The town has one case: the girl's open examination from 1 February 2024."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT
GIRL, BOY = 2, 3


def case(**changes):
    """Return the town's case changed."""
    return {"dubu_sager": {0: changes}}


def with_girl(birth_date=None, to_date=NOT, **changes):
    """Return the town's case changed, of a girl who was born or moved out on another day."""
    girl = {"to_date": to_date} | ({"birth_date": DAY(birth_date)} if birth_date else {})
    return case(**changes) | {"folkeregister": {GIRL: girl}}


CASES = {
    "case_ends_before_start": [
        (case(end_date=DAY("2024-01-31")), [0]),
        (case(end_date=DAY("2024-02-01")), []),
    ],
    "closed_without_date": [
        (case(status="closed"), [0]),
        (case(status="closed", end_date=DAY("2024-03-01")), []),
    ],
    "open_with_end": [
        (case(end_date=DAY("2025-12-31")), [0]),
        (case(end_date=DAY("2026-01-01")), []),
    ],
    "closed_after_period": [
        (case(status="closed", end_date=DAY("2026-01-01")), [0]),
        (case(status="closed", end_date=DAY("2025-12-31")), []),
    ],
    "case_before_birth": [
        (case(start_date=DAY("2009-07-28")), [0]),
        (case(start_date=DAY("2009-07-29")), []),
    ],
    "case_of_adult": [
        (case(person_id="MOTHER"), [0]),
        (with_girl("2001-02-03"), []),
    ],
    "case_opened_from_18": [
        (with_girl("2006-01-30"), [0]),
        (with_girl("2006-02-05"), []),
        (with_girl("2006-01-30", case_type="ungeplan"), []),
    ],
    "open_case_past_18": [
        (with_girl("2007-09-25"), [0]),
        (with_girl("2007-10-05"), []),
        (with_girl("2007-09-25", status="closed", end_date=DAY("2025-12-31")), []),
    ],
    "open_case_past_23": [
        (with_girl("2002-12-30"), [0]),
        (with_girl("2003-01-05"), []),
    ],
    "case_after_period": [
        (case(start_date=DAY("2026-01-01")), [0]),
        (case(start_date=DAY("2025-12-31")), []),
    ],
    "case_after_moving": [
        (with_girl(to_date=DAY("2024-01-31")), [0]),
        (with_girl(to_date=DAY("2024-02-01")), []),
    ],
    "open_case_of_moved": [
        (with_girl(to_date=DAY("2025-06-30")), [0]),
        (with_girl(to_date=DAY("2025-07-01")), []),
    ],
    "two_cases_at_once": [
        ({"dubu_sager": {1: {"case_id": "S2", "start_date": DAY("2025-01-01")}}}, [1]),
        ({"dubu_sager": {1: {"case_id": "S2", "start_date": DAY("2025-01-01"), "case_type": "barnets_plan"}}}, []),
        ({"dubu_sager": {0: {"end_date": DAY("2025-01-01")}, 1: {"case_id": "S2", "start_date": DAY("2025-01-01")}}},
         []),
    ],
    "closed_same_day": [
        (case(end_date=DAY("2024-02-01")), [0]),
        (case(end_date=DAY("2024-02-02")), []),
        (case(end_date=DAY("2024-02-01"), case_type="underretning"), []),
    ],
    "long_examination": [
        ({"dubu_sager": {1: {"case_id": "S2", "end_date": DAY("2024-06-03")}}}, [1]),
        ({"dubu_sager": {1: {"case_id": "S2", "end_date": DAY("2024-06-01")}}}, []),
        ({"dubu_sager": {1: {"case_id": "S2", "case_type": "handicap"}}}, []),
    ],
    "long_notification": [
        (case(case_type="underretning", end_date=DAY("2024-08-03")), [0]),
        (case(case_type="underretning", end_date=DAY("2024-08-02")), []),
    ],
    "plan_without_measure": [
        ({"dubu_sager": {1: {"case_id": "S2", "case_type": "barnets_plan", "person_id": "FATHER"}}}, [1]),
        ({"dubu_sager": {1: {"case_id": "S2", "case_type": "barnets_plan"}}}, []),
        ({"dubu_sager": {1: {"case_id": "S2", "case_type": "barnets_plan", "person_id": "FATHER",
                             "start_date": DAY("2025-07-01")}}}, []),
    ],
    "case_without_section": [
        (case(section=None), [0]),
        (case(section=None, case_type="underretning"), []),
    ],
    "section_without_law": [
        (case(section="§ 20, stk. 1, nr. 2"), [0]),
        ({"dubu_indsatser": {0: {"section": "32"}}}, [0]),
        (case(section="BL § 20, stk. 1"), []),
        (case(section="barnets lov"), []),
    ],
    "old_law": [
        (case(section="Serviceloven § 50"), [0]),
        ({"dubu_indsatser": {0: {"section": "SEL § 52, stk. 3"}}}, [0]),
        (case(section="Serviceloven § 50", start_date=DAY("2023-12-31")), []),
    ],
    "section_of_other_chapter": [
        (case(section="Barnets lov § 91"), [0]),
        (case(section="BL § 17"), [0]),
        (case(section="Barnets lov § 27"), []),
        (case(section="Serviceloven § 91"), []),
    ],
}  # fmt: skip
