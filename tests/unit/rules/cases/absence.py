"""Cases of the rules for school absence. The town has one row: the girl's March 2024, 20 days, 2.5 sick, 1 unlawful."""

import pandas as pd

DAY = pd.Timestamp
GIRL = 2


def row(**changes):
    """Return the town's row changed."""
    return {"skolefravaer": {0: changes}}


def children(n: int, **changes):
    """Return so many more children in April 2024."""
    none = {"days_sick": 0.0, "days_permitted": 0.0, "days_unlawful": 0.0, "month": DAY("2024-04-01")}
    return {"skolefravaer": {1 + i: {**none, "person_id": f"c{i}", **changes} for i in range(n)}}


def schools(n: int, school: str):
    """Return so many more children at a school in March 2024, none of them absent; the girl goes to Birkeskolen."""
    rows = children(n, month=DAY("2024-03-01"), school=school or None)["skolefravaer"]
    return {"skolefravaer": {0: {"school": "Birkeskolen"}} | rows}


def months(*rows):
    """Return further months of the girl: month, days sick."""
    return {"skolefravaer": {1 + i: {"month": DAY(month), "days_sick": days} for i, (month, days) in enumerate(rows)}}


FULL = (("2024-04-01", 9.5), ("2024-05-01", 9.5), ("2024-06-01", 9.5))
HIGH = {"dubu_sager": {0: {"person_id": "BOY"}}}

CASES = {
    "absence_above_school_days": [
        (row(days_unlawful=18.0), [0]),
        (row(days_unlawful=17.5), []),
    ],
    "school_days_above_23": [
        (row(school_days=24.0), [0]),
        (row(school_days=23.0), []),
    ],
    "school_in_july": [
        (row(month=DAY("2024-07-01")), [0]),
        (row(month=DAY("2024-07-01"), school_days=0.0), []),
    ],
    "no_school_days": [
        (row(school_days=0.0), [0]),
        (row(school_days=0.5), []),
    ],
    "school_days_unlike_others": [
        ({"skolefravaer": {1: {"person_id": "BOY"}, 2: {"person_id": "NOBODY", "school_days": 14.5}}}, [2]),
        ({"skolefravaer": {1: {"person_id": "BOY"}, 2: {"person_id": "NOBODY", "school_days": 15.0}}}, []),
    ],
    "absence_month_missing": [
        ({"skolefravaer": {1: {"month": DAY("2024-05-01")}, 2: {"month": DAY("2024-04-01"), "person_id": "BOY"}}}, [1]),
        ({"skolefravaer": {1: {"month": DAY("2024-05-01")}, 2: {"month": DAY("2024-05-01"), "person_id": "BOY"}}}, []),
    ],
    "month_without_absence": [
        (children(50), ["skolefravaer.csv"]),
        (children(49), []),
        ({"skolefravaer": children(50)["skolefravaer"] | {51: {"month": DAY("2024-04-01")}}}, []),
    ],
    "school_without_absence": [
        (schools(20, "Nordskolen"), ["skolefravaer.csv"]),
        (schools(19, "Nordskolen"), []),
        (schools(20, "Birkeskolen"), []),
        (schools(20, ""), []),
        ({"skolefravaer": schools(20, "Nordskolen")["skolefravaer"] | {0: None}}, []),
    ],
    "copied_absence": [
        (months(("2024-04-01", 9.5), ("2024-05-01", 9.5), ("2024-06-01", 9.5), ("2024-08-01", 9.5)), [3]),
        (months(("2024-04-01", 9.5), ("2024-05-01", 9.5), ("2024-06-01", 9.0)), []),
        (months(("2024-04-01", 2.5), ("2024-05-01", 2.5)), []),
    ],
    "high_absence_without_case": [
        (months(*FULL) | HIGH, [3]),
        (months(*FULL), []),
        (months(*FULL[:2], ("2024-06-01", 9.0)) | HIGH, []),
    ],
    "absence_after_moving": [
        (row() | {"folkeregister": {GIRL: {"to_date": DAY("2024-02-29")}}}, [0]),
        (row() | {"folkeregister": {GIRL: {"to_date": DAY("2024-03-01")}}}, []),
    ],
    "outside_school_age": [
        (row(person_id="MOTHER"), [0]),
        (row() | {"folkeregister": {GIRL: {"birth_date": DAY("2019-10-01")}}}, [0]),
        (row() | {"folkeregister": {GIRL: {"birth_date": DAY("2019-08-20")}}}, []),
        (row(person_id="NOBODY"), []),
    ],
}  # fmt: skip
