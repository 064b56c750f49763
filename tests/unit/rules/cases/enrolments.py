"""Cases of the rules for enrolments: dates, decisions and consent."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT


def one(**changes):
    """Return the town's only enrolment with changes."""
    return {"indskrivninger": {0: changes}}


CASES = {
    "started_without_consent": [
        (one(consent_date=NOT), [0]),
        (one(consent_date=NOT, start_date=NOT), []),
    ],
    "consent_after_start": [
        (one(consent_date=DAY("2024-06-02")), [0]),
        (one(consent_date=DAY("2024-06-01")), []),
    ],
    "consent_before_offer": [
        (one(consent_date=DAY("2024-04-30")), [0]),
        (one(consent_date=DAY("2024-05-01")), []),
    ],
    "consent_in_future": [
        (one(consent_date=DAY("2026-01-01")), [0]),
        (one(consent_date=DAY("2025-12-31")), []),
    ],
    "started_before_offer": [
        (one(offered_date=DAY("2024-06-02")), [0]),
        (one(offered_date=DAY("2024-06-01")), []),
    ],
    "start_after_period": [
        (one(start_date=DAY("2026-01-01")), [0]),
        (one(start_date=DAY("2025-12-31")), []),
    ],
    "started_before_project": [
        (one(start_date=DAY("2023-12-31")), [0]),
        (one(start_date=DAY("2024-01-01")), []),
    ],
    "long_wait_for_start": [
        (one(start_date=DAY("2024-08-09")), [0]),
        (one(start_date=DAY("2024-08-08")), []),
    ],
    "consent_never_used": [
        (one(start_date=NOT, consent_date=DAY("2025-10-01")), [0]),
        (one(start_date=NOT, consent_date=DAY("2025-10-02")), []),
        (one(start_date=NOT, decision="exclude"), []),
        (one(start_date=NOT, consent_date=DAY("2025-10-01"), exit_date=DAY("2025-11-01")), []),
    ],
    "offered_without_date": [
        (one(offered_date=NOT), [0]),
        (one(offered_date=NOT, decision="reserve"), []),
    ],
    "all_on_one_day": [
        (one(offered_date=DAY("2024-06-01"), consent_date=DAY("2024-06-01")), [0]),
        (one(offered_date=DAY("2024-05-31"), consent_date=DAY("2024-06-01")), []),
    ],
    "exit_before_start": [
        (one(exit_date=DAY("2024-05-31")), [0]),
        (one(exit_date=DAY("2024-06-01")), []),
    ],
    "exit_without_start": [
        (one(exit_date=DAY("2025-05-31"), start_date=NOT), [0]),
        (one(exit_date=DAY("2025-05-31"), start_date=NOT, exit_reason="phased_out"), [0]),
        (one(exit_date=DAY("2025-05-31"), start_date=NOT, exit_reason="declined"), []),
        (one(exit_date=DAY("2025-05-31")), []),
    ],
    "exit_in_future": [
        (one(exit_date=DAY("2026-01-01")), [0]),
        (one(exit_date=DAY("2026-01-01"), start_date=NOT, exit_reason="declined"), []),
        (one(exit_date=DAY("2025-12-31")), []),
    ],
    "offered_again": [
        (one(exit_date=DAY("2024-04-30"), start_date=NOT, exit_reason="declined"), [0]),
        (one(exit_date=DAY("2024-05-01"), start_date=NOT, exit_reason="declined"), []),
        (one(exit_date=DAY("2024-04-30")), []),
    ],
    "offer_never_answered": [
        (one(offered_date=DAY("2025-10-01"), consent_date=NOT, start_date=NOT), [0]),
        (one(offered_date=DAY("2025-10-02"), consent_date=NOT, start_date=NOT), []),
        (one(offered_date=DAY("2025-10-01"), start_date=NOT), []),
        (one(offered_date=DAY("2025-10-01"), consent_date=NOT, start_date=NOT, exit_date=DAY("2025-10-09")), []),
    ],
    "very_short_course": [
        (one(exit_date=DAY("2024-06-14")), [0]),
        (one(exit_date=DAY("2024-06-15")), []),
        (one(exit_date=DAY("2024-05-31")), []),
    ],
    "exit_without_reason": [
        (one(exit_date=DAY("2025-05-31")), [0]),
        (one(exit_date=DAY("2025-05-31"), exit_reason="moved"), []),
    ],
    "reason_without_exit": [
        (one(exit_reason="moved"), [0]),
        (one(exit_reason="declined", start_date=NOT), [0]),
        (one(exit_reason="other", start_date=NOT), []),
    ],
    "no_after_yes": [
        (one(exit_reason="declined", start_date=NOT), [0]),
        (one(exit_reason="declined", consent_date=NOT), [0]),
        (one(exit_reason="declined", consent_date=NOT, start_date=NOT), []),
        (one(exit_reason="withdrew"), []),
    ],
    "started_against_decision": [
        (one(decision="exclude"), [0]),
        (one(decision="exclude", start_date=NOT), []),
    ],
    "started_from_waiting_list": [
        (one(decision="reserve"), [0]),
        (one(decision="postpone"), [0]),
        (one(decision="exclude"), []),
        (one(decision="reserve", start_date=NOT), []),
    ],
    "decision_without_reason": [
        (one(decision_reason=None), [0]),
        (one(decision_reason="x"), []),
    ],
    "reason_says_nothing": [
        (one(decision_reason="jf. 1"), [0]),
        (one(decision_reason="Gælds"), []),
        (one(decision_reason=None), []),
    ],
}
