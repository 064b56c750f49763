"""Cases of the rules for measures, what they cost and rest on."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT
MOTHER, FATHER, GIRL, BOY = range(4)


def dubu(**changes):
    """Return the girl's contact person (from 1 March 2024, on case S1) changed."""
    return {"dubu_indsatser": {0: changes}}


def sofus(**changes):
    """Return the boy's family treatment (referred 1 February 2024, started on the 15th) changed."""
    return {"sofus": {0: changes}}


def job(**changes):
    """Return the mother's work practice (April to June 2024) changed."""
    return {"jobcenter_indsatser": {0: changes}}


def person(at, **changes):
    return {"folkeregister": {at: changes}}


def prices(last: float, n: int = 4):
    """Return so many more measures at the usual price, and one at another."""
    return {
        "dubu_indsatser": {
            **{1 + i: {"start_date": DAY(2024, 3, 1 + i)} for i in range(n)},
            1 + n: {"price_per_month_dkk": last, "start_date": DAY("2025-01-01")},
        }
    }


CASES = {
    "measure_ends_before_start": [
        ({"sensum": {0: {"end_date": DAY("2023-12-31")}}}, [0]),
        ({"sensum": {0: {"end_date": DAY("2024-01-01")}}}, []),
    ],
    "measure_after_period": [
        (sofus(start_date=DAY("2026-01-01")), [0]),
        (sofus(start_date=DAY("2025-12-31")), []),
    ],
    "measure_before_birth": [
        (dubu(start_date=DAY("2010-05-04")), [0]),
        (sofus(start_date=DAY("2013-10-10")), [0]),
        (sofus(start_date=DAY("2013-10-11")), []),
    ],
    "same_measure_twice": [
        ({"dubu_indsatser": {0: {"end_date": DAY("2025-01-02")}, 1: {"start_date": DAY("2025-01-01")}}}, [1]),
        ({"dubu_indsatser": {0: {"end_date": DAY("2025-01-01")}, 1: {"start_date": DAY("2025-01-01")}}}, []),
        ({"dubu_indsatser": {1: {"start_date": DAY("2025-01-01"), "measure_type": "Aflastning"}}}, []),
    ],
    "open_measure_for_years": [
        (dubu(start_date=DAY("2020-12-30")), [0]),
        (dubu(start_date=DAY("2020-12-31")), []),
        (dubu(start_date=DAY("2020-12-30"), measure_group="placement"), []),
    ],
    "measure_after_moving": [
        (dubu() | person(GIRL, to_date=DAY("2024-02-29")), [0]),
        (dubu() | person(GIRL, to_date=DAY("2024-03-01")), []),
    ],
    "open_measure_of_moved": [
        (dubu() | person(GIRL, to_date=DAY("2025-09-29")), [0]),
        (dubu() | person(GIRL, to_date=DAY("2025-09-30")), []),
        (dubu(end_date=DAY("2025-10-01")) | person(GIRL, to_date=DAY("2025-09-01")), []),
    ],
    "measure_without_case": [
        (dubu(case_id="S9"), [0]),
        (dubu(), []),
    ],
    "measure_before_case": [
        (dubu(start_date=DAY("2024-01-31")), [0]),
        (dubu(start_date=DAY("2024-02-01")), []),
    ],
    "measure_open_on_closed_case": [
        (dubu() | {"dubu_sager": {0: {"status": "closed", "end_date": DAY("2024-12-31")}}}, [0]),
        (dubu(end_date=DAY("2024-12-31")) | {"dubu_sager": {0: {"status": "closed", "end_date": DAY("2024-12-31")}}},
         []),
    ],
    "not_started": [
        (sofus(start_date=NOT), [0]),
        (sofus(end_date=NOT), []),
    ],
    "started_before_referral": [
        (sofus(referred_date=DAY("2024-02-16")), [0]),
        (sofus(referred_date=DAY("2024-02-15")), []),
    ],
    "long_wait": [
        (sofus(referred_date=DAY("2023-02-14")), [0]),
        (sofus(referred_date=DAY("2023-02-15")), []),
    ],
    "never_started": [
        (sofus(start_date=NOT, referred_date=DAY("2024-12-30")), [0]),
        (sofus(start_date=NOT, referred_date=DAY("2024-12-31")), []),
    ],
    "measure_of_young_adult": [
        (sofus() | person(BOY, birth_date=DAY("2001-02-12")), [0]),
        (sofus() | person(BOY, birth_date=DAY("2001-02-16")), []),
    ],
    "measure_runs_past_23": [
        (sofus() | person(BOY, birth_date=DAY("2002-11-20")), [0]),
        (sofus() | person(BOY, birth_date=DAY("2002-12-10")), []),
        (sofus(end_date=DAY("2025-11-30")) | person(BOY, birth_date=DAY("2002-11-20")), []),
    ],
    "two_placements": [
        ({"dubu_indsatser": {0: {"measure_group": "placement"},
                             1: {"measure_group": "placement", "start_date": DAY("2024-03-02")}}}, [1]),
        ({"dubu_indsatser": {0: {"measure_group": "placement", "end_date": DAY("2024-03-02")},
                             1: {"measure_group": "placement", "start_date": DAY("2024-03-02")}}}, []),
    ],
    "placed_from_18": [
        (dubu(measure_group="placement") | person(GIRL, birth_date=DAY("2006-02-25")), [0]),
        (dubu(measure_group="placement") | person(GIRL, birth_date=DAY("2006-03-05")), []),
        (dubu() | person(GIRL, birth_date=DAY("2006-02-25")), []),
    ],
    "placed_one_day": [
        (dubu(measure_group="placement", end_date=DAY("2024-03-01")), [0]),
        (dubu(measure_group="placement", end_date=DAY("2024-03-02")), []),
    ],
    "adult_measure_of_child": [
        (job(person_id="GIRL"), [0]),
        (job(person_id="GIRL") | person(GIRL, birth_date=DAY("2009-03-30")), []),
    ],
    "adult_support_of_minor": [
        ({"sensum": {0: {"person_id": "GIRL"}}} | person(GIRL, birth_date=DAY("2006-01-05")), [0]),
        ({"sensum": {0: {"person_id": "GIRL"}}} | person(GIRL, birth_date=DAY("2005-12-30")), []),
        ({"sensum": {0: {"person_id": "GIRL"}}} | person(GIRL, birth_date=DAY("2009-01-10")), []),
    ],
    "work_measure_of_pensioner": [
        (job() | person(MOTHER, birth_date=DAY("1957-02-20")), [0]),
        (job() | person(MOTHER, birth_date=DAY("1957-03-10")), []),
    ],
    "work_measure_without_benefit": [
        (job(person_id="FATHER", start_date=DAY("2024-02-26"), measure_id="J2"), []),
        ({"jobcenter_indsatser": {0: {"start_date": DAY("2024-02-19")}}}, []),
        ({"jobcenter_indsatser": {0: {"start_date": DAY("2024-02-19")},
                                  1: {"start_date": DAY("2024-02-20"), "measure_id": "J2"}}}, [1]),
    ],
    "long_practice": [
        (job(end_date=DAY("2024-09-30")), [0]),
        (job(end_date=DAY("2024-09-29")), []),
        (job(end_date=DAY("2024-09-30"), measure_type="Mentorstøtte"), []),
    ],
    "over_full_time": [
        (job(hours_per_week=37.5), [0]),
        (job(hours_per_week=37.0), []),
    ],
    "measure_without_hours": [
        (job(hours_per_week=0.0), [0]),
        (job(hours_per_week=0.5), []),
    ],
    # what they are called, cost and rest on
    "unknown_measure_type": [
        (dubu(is_listed_type=False), [0]),
        (dubu(is_listed_type=pd.NA), []),
    ],
    "no_price": [
        (dubu(price_per_month_dkk=0.0), [0]),
        (dubu(price_per_month_dkk=1.0), []),
    ],
    "very_high_price": [
        (dubu(price_per_month_dkk=400_001.0), [0]),
        (dubu(price_per_month_dkk=400_000.0), []),
    ],
    "price_far_above_usual": [
        (prices(65_001.0), [5]),
        (prices(65_000.0), []),
        (prices(65_001.0, n=2), []),
    ],
    "price_far_below_usual": [
        (prices(649.0), [5]),
        (prices(650.0), []),
    ],
    "placement_without_section": [
        (dubu(measure_group="placement", section=None), [0]),
        (dubu(section=None), []),
    ],
    "placement_without_provider": [
        (dubu(measure_group="placement", provider=None), [0]),
        (dubu(provider=None), []),
    ],
}  # fmt: skip
