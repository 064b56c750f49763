"""Cases of the rules across tables."""

import pandas as pd

DAY = pd.Timestamp


def job(hours=145.0, month="2024-05-01", **changes):
    """Return the mother's job-centre measure with changes, and her paid hours in a month."""
    work = {"person_id": "MOTHER", "month": DAY(month), "hours": hours}
    return {"jobcenter_indsatser": {0: changes}, "beskaeftigelse": {1: work}}


PLACED = {"measure_group": "placement"}
#: The father is enrolled too, and his one week on a benefit is left out.
ALONE = {
    "indskrivninger": {1: {"person_id": "FATHER"}},
    "ydelsesrefusion": {4: None},
}

CASES = {
    "enrolled_without_records": [
        (ALONE, [1]),
        ({"indskrivninger": {1: {"person_id": "FATHER"}}}, []),
        (ALONE | {"indskrivninger": {1: {"person_id": "FATHER", "start_date": pd.NaT}}}, []),
    ],
    "contact_no_parent": [
        ({"indskrivninger": {0: {"person_id": "GIRL"}}}, [0]),
        ({"indskrivninger": {0: {"person_id": "FATHER"}}}, []),
    ],
    "in_two_exports": [
        ({"own_employment": {0: {"month": DAY("2024-05-01")}}}, [0]),
        ({"own_employment": {0: {"month": DAY("2024-06-01")}}}, []),
        ({"own_employment": {0: {"month": DAY("2024-05-01"), "person_id": "MOTHER"}}}, []),
    ],
    "activation_beside_work": [
        (job(140.0), [0]),
        (job(139.0), []),
        (job(hours_per_week=24.0), []),
        (job(hours_per_week=25.0), [0]),
        (job(month="2024-07-01"), []),
        (job(month="2024-06-01"), [0]),
    ],
    "placement_without_case": [
        ({"sofus": {0: PLACED}}, [0]),
        ({"sofus": {0: {**PLACED, "person_id": "GIRL"}}}, []),
        ({"sofus": {0: {"measure_group": "preventive"}}}, []),
    ],
}
