"""Cases of the rules for registrations; the town's five rows are one WHO-5 of the mother on 1 June 2024."""

import pandas as pd

from helhed.tables import codes

DAY = pd.Timestamp
NOT = pd.NaT


def one(**changes):
    """Return the first registration with changes."""
    return {"registreringer": {0: changes}}


def more(*added):
    """Return further registrations, each the first row with changes."""
    return {"registreringer": {5 + i: row for i, row in enumerate(added)}}


def level(item="Sundhed", person="MOTHER", **changes):
    """Return a rating of the functional level."""
    row = {"instrument": "functional_level", "item": item, "value": 2.0, "rated_by": "professional"}
    return {**row, "person_id": person, **changes}


def single(instrument, person, day, value=1.0, by="self"):
    """Return a registration of one item."""
    row = {"instrument": instrument, "item": "1", "person_id": person, "value": value, "rated_by": by}
    return {**row, "registered_date": DAY(day)}


def levels(n, value=2.0, **changes):
    """Return so many domains of the functional level, all with one value, beside the overall level."""
    items = ["Samlet funktionsniveau", *[name for name in codes()["adult_domain"] if name != "Samlet funktionsniveau"]]
    return more(*[level(item, value=value, **changes) for item in items[:n]])


def who5(day, *values):
    """Return a second WHO-5 of the mother."""
    return more(*[{"item": str(i), "value": v, "registered_date": DAY(day)} for i, v in enumerate(values, start=1)])


LEFT = {"indskrivninger": {0: {"exit_date": DAY("2024-10-01"), "exit_reason": "other"}}}

CASES = {
    "outside_instrument": [
        (one(value=5.5), [0]),
        (one(value=-1.0), [0]),
        (one(value=5.0), []),
        (more(single("sdq_total", "GIRL", "2024-06-02", 41.0, "parent")), [5]),
        (more(single("sdq_total", "GIRL", "2024-06-02", 40.0, "parent")), []),
    ],
    "no_whole_number": [(one(value=2.5), [0]), (one(value=5.5), []), (one(value=0.0), [])],
    "unknown_who5_item": [(one(item="6"), [0]), (one(item="5"), [])],
    "unknown_domain": [
        (more(level("Humør")), [5]),
        *[(more(level(name)), []) for name in [*codes()["adult_domain"], *codes()["child_domain"]]],
    ],
    "incomplete_who5": [
        (one(registered_date=DAY("2024-07-01")), [0, 1, 2, 3, 4]),
        (who5("2024-09-01", 1, 2, 3, 4, 5), []),
    ],
    "no_overall_level": [
        (more(level()), [5]),
        (more(level(), level("Samlet funktionsniveau")), []),
    ],
    "adult_domain_of_child": [
        (more(level("Egenomsorg", "GIRL", registered_date=DAY("2028-05-04"))), [5]),
        (more(level("Egenomsorg", "GIRL", registered_date=DAY("2028-05-06"))), []),
        (more(level("Sundhed", "GIRL")), []),
    ],
    "child_domain_of_adult": [
        (more(level("Familieforhold", "GIRL", registered_date=DAY("2033-05-06"))), [5]),
        (more(level("Familieforhold", "GIRL", registered_date=DAY("2033-05-04"))), []),
        (more(level("Sundhed", "MOTHER")), []),
    ],
    "who5_of_small_child": [
        (more(single("who5", "BOY", "2022-10-10")), [5]),
        (more(single("who5", "BOY", "2022-10-12")), []),
    ],
    "who5_not_by_self": [
        ({"registreringer": {i: {"rated_by": "professional"} for i in range(5)}}, [0]),
        (more(single("sdq_total", "GIRL", "2024-06-02", 10.0, "professional")), []),
    ],
    "sdq_outside_ages": [
        (more(single("sdq_total", "MOTHER", "2024-06-02", 10.0, "parent")), [5]),
        (more(single("sdq_total", "BOY", "2015-10-10", 10.0, "parent")), [5]),
        (more(single("sdq_total", "BOY", "2015-10-12", 10.0, "parent")), []),
        (more(single("sdq_total", "GIRL", "2028-05-04", 10.0, "parent")), []),
        (more(single("sdq_total", "GIRL", "2028-05-06", 10.0, "parent")), [5]),
    ],
    "sdq_by_small_child": [
        (more(single("sdq_total", "BOY", "2024-10-10")), [5]),
        (more(single("sdq_total", "BOY", "2024-10-12")), []),
        (more(single("sdq_total", "BOY", "2024-10-10", by="parent")), []),
    ],
    "self_by_small_child": [
        (more(single("leisure", "BOY", "2020-10-10")), [5]),
        (more(single("leisure", "BOY", "2020-10-12")), []),
        (more(single("leisure", "BOY", "2020-10-10", by="parent")), []),
    ],
    "level_by_self": [(more(level(rated_by="self")), [5]), (more(level()), [])],
    "trust_of_child": [
        (more(single("trust", "GIRL", "2025-05-04")), [5]),
        (more(single("trust", "GIRL", "2025-05-06")), []),
    ],
    "trust_by_professional": [
        (more(single("ownership", "MOTHER", "2024-06-01", by="professional")), [5]),
        (more(single("ownership", "MOTHER", "2024-06-01")), []),
    ],
    "leisure_of_adult": [
        (more(single("leisure", "GIRL", "2028-05-06")), [5]),
        (more(single("leisure", "GIRL", "2028-05-04")), []),
    ],
    "registered_job_under_13": [
        (more(single("leisure_job", "GIRL", "2023-05-04")), [5]),
        (more(single("leisure_job", "GIRL", "2023-05-06")), []),
        (more(single("leisure_job", "GIRL", "2023-05-04", 0.0)), []),
    ],
    "registered_before_birth": [
        (more(single("leisure", "BOY", "2013-10-10")), [5]),
        (more(single("leisure", "BOY", "2013-10-11")), []),
    ],
    "registered_after_period": [
        (one(registered_date=DAY("2026-01-01")), [0]),
        (one(registered_date=DAY("2025-12-31")), []),
    ],
    "registered_before_course": [
        (more(single("trust", "MOTHER", "2024-04-30")), [5]),
        (more(single("trust", "MOTHER", "2024-05-01")), []),
        (more(single("trust", "FATHER", "2020-01-01")), []),
    ],
    "registered_after_exit": [
        (more(single("trust", "MOTHER", "2024-11-02")) | LEFT, [5]),
        (more(single("trust", "MOTHER", "2024-11-01")) | LEFT, []),
        (more(single("trust", "MOTHER", "2025-11-02")), []),
    ],
    "registered_outside_course": [
        (more(single("trust", "FATHER", "2024-06-02")), [5]),
        (more(single("trust", "GIRL", "2024-06-02")), []),
        (more(single("trust", "homeless", "2024-06-02")), []),
    ],
    "registered_after_move": [
        (
            more(single("trust", "MOTHER", "2024-08-02")) | {"folkeregister": {0: {"to_date": DAY("2024-08-01")}}},
            [5],
        ),
        (
            more(single("trust", "MOTHER", "2024-08-01")) | {"folkeregister": {0: {"to_date": DAY("2024-08-01")}}},
            [],
        ),
    ],
    "measured_again_soon": [
        (who5("2024-06-14", 1, 2, 3, 4, 5), [5]),
        (who5("2024-06-15", 1, 2, 3, 4, 5), []),
    ],
    "all_levels_alike": [
        (levels(6), [5]),
        (levels(5), []),
        (more(*levels(6)["registreringer"].values(), level("Mobilitet", value=3.0)), []),
    ],
    "who5_leaps": [
        (who5("2024-09-01", 0, 0, 0, 0, 0), [5]),
        (who5("2024-09-01", 1, 0, 0, 0, 0), []),
        (who5("2024-09-01", 0, 0, 0, 0), []),
    ],
}
