"""Cases of the rules for public benefits and for paid work."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT
#: The town's weeks: the mother's social assistance in four weeks, the father's sickness benefit in one.
LAST = 4


def weeks(*starts, first=5, **changes):
    """Return more weeks of the mother (or as the changes say) with these Mondays."""
    return {first + i: {"week": DAY(start), **changes} for i, start in enumerate(starts)}


def week(**changes):
    """Return the town's first week changed."""
    return {"ydelsesrefusion": {0: changes}}


MONDAYS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-03-04", periods=6, freq="7D")]
TWO = {
    **weeks(*MONDAYS[:5]),
    **weeks(*MONDAYS[:5], first=10, benefit="dagpenge"),
}

CASES = {
    "benefit_of_child": [
        (week(person_id="BOY"), [0]),
        ({"own_benefit_spell": {0: {"person_id": "BOY"}}}, [0]),
        ({"ydelsesrefusion": {0: {"person_id": "BOY"}}, "folkeregister": {3: {"birth_date": DAY("2005-12-10")}}}, []),
    ],
    "benefit_after_pension_age": [
        ({"ydelsesrefusion": weeks("2024-03-04", "2024-03-11"),
          "folkeregister": {0: {"birth_date": DAY("1957-01-05")}}}, [5]),
        ({"ydelsesrefusion": weeks("2024-01-08"), "folkeregister": {0: {"birth_date": DAY("1957-01-05")}}}, []),
        ({"ydelsesrefusion": weeks("2031-03-03"), "folkeregister": {0: {"birth_date": DAY("1963-01-05")}}}, [],
         {"data.from_date": DAY("2030-01-01").date(), "data.to_date": DAY("2031-12-31").date()}),
    ],
    "education_benefit_from_30": [
        ({"ydelsesrefusion": weeks("2024-03-04", "2024-03-11", benefit="uddannelseshjaelp")}, [5]),
        ({"ydelsesrefusion": weeks("2018-04-02", benefit="uddannelseshjaelp")}, []),
        ({"ydelsesrefusion": weeks("2024-03-04")}, []),
    ],
    "two_benefits": [
        ({"ydelsesrefusion": {5: {"benefit": "sygedagpenge"}}}, [5]),
        ({"ydelsesrefusion": {5: {"paid_dkk": 10.0}}}, []),
    ],
    "long_double_benefit": [
        ({"ydelsesrefusion": TWO}, [14]),
        ({"ydelsesrefusion": TWO | {14: {"week": DAY("2024-04-08"), "benefit": "dagpenge"}}}, []),
    ],
    "one_week_missing": [
        ({"ydelsesrefusion": {LAST + 1: {"week": DAY("2024-01-29")}}}, [5]),
        ({"ydelsesrefusion": {LAST + 1: {"week": DAY("2024-02-05")}}}, []),
    ],
    "paid_twice": [
        ({"ydelsesrefusion": {5: {"refund_dkk": 100.0}}}, [5]),
        ({"ydelsesrefusion": {5: {"paid_dkk": 100.0}}}, []),
        ({"ydelsesrefusion": {5: {}}}, []),
    ],
    "pension_stops": [
        ({"ydelsesrefusion": {0: {"benefit": "foertidspension"}}}, [0]),
        ({"ydelsesrefusion": weeks("2025-01-06", benefit="foertidspension")}, []),
        ({"ydelsesrefusion": {0: {"benefit": "foertidspension"}},
          "folkeregister": {0: {"to_date": DAY("2024-01-15")}}}, []),
        ({"ydelsesrefusion": {0: {"benefit": "foertidspension"}},
          "folkeregister": {0: {"birth_date": DAY("1956-12-20")}}}, []),
    ],
    "week_outside_period": [
        (week(week=DAY("2022-12-19")), [0]),
        (week(week=DAY("2026-01-05")), [0]),
        (week(week=DAY("2022-12-26")), []),
    ],
    "benefit_after_moving": [
        ({"ydelsesrefusion": {0: {}}, "folkeregister": {0: {"to_date": DAY("2023-11-10")}}}, [0]),
        ({"ydelsesrefusion": {0: {}}, "folkeregister": {0: {"to_date": DAY("2023-12-15")}}}, []),
    ],
    "benefit_before_moving_in": [
        ({"ydelsesrefusion": {0: {}}, "folkeregister": {0: {"from_date": DAY("2024-01-22")}}}, [0]),
        ({"ydelsesrefusion": {0: {}}, "folkeregister": {0: {"from_date": DAY("2024-01-15")}}}, []),
    ],
    "sho_of_resident": [
        ({"ydelsesrefusion": {0: {"benefit": "sho"}}, "folkeregister": {0: {"from_date": DAY("1988-03-14")}}}, [0]),
        (week(benefit="sho"), []),
        ({"ydelsesrefusion": {0: {"benefit": "sho"}},
          "folkeregister": {0: {"from_date": DAY("1988-03-14"), "origin_group": "nonwestern"}}}, []),
    ],
    "refund_above_paid": [
        (week(refund_dkk=3001.5), [0]),
        ({"own_benefit_spell": {0: {"refund_dkk": 40_000.0}}}, [0]),
        (week(refund_dkk=3000.5), []),
        (week(paid_dkk=-3000.0, refund_dkk=-600.0), []),
    ],
    "week_below_zero": [
        (week(paid_dkk=-3000.5, refund_dkk=-600.0), [0]),
        ({"ydelsesrefusion": {5: {"paid_dkk": -3500.0, "refund_dkk": -700.0, "week": DAY("2024-03-04")},
                              6: {"paid_dkk": 3000.0, "refund_dkk": 600.0, "week": DAY("2024-03-04")}}}, [6]),
        ({"ydelsesrefusion": {5: {"paid_dkk": 3000.0, "refund_dkk": 600.0, "week": DAY("2024-03-04")},
                              6: {"paid_dkk": -3000.0, "refund_dkk": -600.0, "week": DAY("2024-03-04")}}}, []),
    ],
    "payments_added_up": [
        ({"ydelsesrefusion": {5: {"paid_dkk": 3000.0, "week": DAY("2024-03-04")},
                              6: {"paid_dkk": -200.0, "week": DAY("2024-03-04")}}}, ["ydelsesrefusion_2023.csv"]),
        ({"ydelsesrefusion": {5: {"paid_dkk": 3000.0, "week": DAY("2024-03-04")},
                              6: {"paid_dkk": 3000.0, "refund_dkk": 1.0, "week": DAY("2024-03-04")}}}, []),
    ],
    "refund_rate": [
        (week(refund_rate=120.0), [0]),
        (week(refund_rate=100.0), []),
    ],
    "refund_off_the_steps": [
        (week(refund_rate=50.0), [0]),
        (week(refund_rate=80.0), []),
        (week(refund_rate=50.0), [],
         {"data.from_date": DAY("2014-01-01").date(), "data.to_date": DAY("2015-12-31").date()}),
    ],
    "refund_rate_rises": [
        ({"ydelsesrefusion": {1: {"refund_rate": 30.0}}}, [1]),
        ({"ydelsesrefusion": {3: {"refund_rate": 30.0}}}, []),
    ],
    "refund_not_as_rate": [
        (week(refund_dkk=610.0), [0]),
        (week(refund_dkk=605.0), []),
    ],
    "refund_without_rate": [
        (week(refund_rate=None), [0]),
        (week(refund_rate=None, refund_dkk=0.0), []),
    ],
    "nothing_paid": [
        (week(paid_dkk=0.0), [0]),
        ({"own_benefit_spell": {0: {"paid_dkk": 0.0}}}, [0]),
        (week(paid_dkk=0.01), []),
    ],
    "very_high_payment": [
        (week(paid_dkk=20_000.5), [0]),
        (week(paid_dkk=20_000.0), []),
    ],
    "spell_ends_before_start": [
        ({"own_benefit_spell": {0: {"end_date": DAY("2023-12-31")}}}, [0]),
        ({"own_benefit_spell": {0: {"end_date": DAY("2024-01-01")}}}, []),
    ],
    "spells_overlap": [
        ({"own_benefit_spell": {1: {"start_date": DAY("2024-06-29"), "end_date": NOT}}}, [1]),
        ({"own_benefit_spell": {1: {"start_date": DAY("2024-06-30"), "end_date": NOT}}}, []),
        ({"own_benefit_spell": {1: {"start_date": DAY("2024-02-01"), "benefit": "dagpenge"}}}, []),
    ],
    "spell_after_period": [
        ({"own_benefit_spell": {0: {"start_date": DAY("2026-01-01")}}}, [0]),
        ({"own_benefit_spell": {0: {"start_date": DAY("2025-12-31")}}}, []),
    ],
    # paid work
    "month_outside_period": [
        ({"beskaeftigelse": {0: {"month": DAY("2026-01-01")}}}, [0]),
        ({"own_leisure": {0: {"month": DAY("2022-12-01")}}}, [0]),
        ({"beskaeftigelse": {0: {"month": DAY("2025-12-01")}}}, []),
    ],
    "many_hours": [
        ({"beskaeftigelse": {0: {"hours": 250.5}}}, [0]),
        ({"beskaeftigelse": {0: {"hours": 250.0}}}, []),
    ],
    "work_of_child": [
        ({"beskaeftigelse": {0: {"person_id": "BOY"}}}, [0]),
        ({"beskaeftigelse": {0: {"person_id": "BOY", "hours": 0.0}}}, []),
        ({"beskaeftigelse": {0: {"person_id": "GIRL"}}}, []),
    ],
    "work_at_high_age": [
        ({"beskaeftigelse": {0: {}}, "folkeregister": {1: {"birth_date": DAY("1944-04-20")}}}, [0]),
        ({"beskaeftigelse": {0: {}}, "folkeregister": {1: {"birth_date": DAY("1944-05-10")}}}, []),
    ],
    "education_at_high_age": [
        ({"beskaeftigelse": {0: {"in_education": True}}, "folkeregister": {1: {"birth_date": DAY("1959-04-20")}}}, [0]),
        ({"beskaeftigelse": {0: {"in_education": True}}, "folkeregister": {1: {"birth_date": DAY("1959-05-10")}}}, []),
    ],
    "full_time_beside_benefit": [
        ({"beskaeftigelse": {0: {"person_id": "MOTHER", "month": DAY("2024-03-01"), "hours": 160.0}},
          "ydelsesrefusion": weeks(*MONDAYS[:4])}, [0]),
        ({"beskaeftigelse": {0: {"person_id": "MOTHER", "month": DAY("2024-03-01"), "hours": 159.0}},
          "ydelsesrefusion": weeks(*MONDAYS[:4])}, []),
        ({"beskaeftigelse": {0: {"person_id": "MOTHER", "month": DAY("2024-03-01"), "hours": 160.0}},
          "ydelsesrefusion": weeks(*MONDAYS[:3])}, []),
        ({"beskaeftigelse": {0: {"person_id": "MOTHER", "month": DAY("2024-03-01"), "hours": 160.0}},
          "ydelsesrefusion": weeks(*MONDAYS[:4], benefit="sygedagpenge")}, []),
    ],
}  # fmt: skip
