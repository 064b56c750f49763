"""Cases of the rules for the population register: dates, sex, addresses and districts."""

import pandas as pd

DAY = pd.Timestamp
NOT = pd.NaT
MOTHER, FATHER, GIRL, BOY, HOMELESS = range(5)
#: More rows, so that the register is large enough to say something of itself.
MANY = range(5, 105)


def register(at, **changes):
    """Return the register with one row changed."""
    return {"folkeregister": {at: changes}}


def many(**changes):
    """Return the register with a hundred more rows, alike but for their number."""
    return {at: {"person_id": f"p{at}", "address_id": f"a{at}", **changes} for at in MANY}


CASES = {
    "sex_not_as_cpr_says": [
        ({"folkeregister": {2: {"sex": "m"}}}, [2]),
        ({"folkeregister": {2: {"sex": "u"}}}, []),
        ({"folkeregister": {2: {"sex": "m", "cpr_sex": None}}}, []),
        ({"folkeregister": {1: {"sex": "f"}}}, [1]),
    ],
    "born_after_period": [
        (register(MOTHER, birth_date=DAY("2026-01-01")), [MOTHER]),
        (register(MOTHER, birth_date=DAY("2025-12-31")), []),
    ],
    "no_birth_date": [
        (register(MOTHER, birth_date=NOT), [MOTHER]),
        (register(MOTHER, birth_date=DAY("1950-01-01")), []),
    ],
    "not_born_as_cpr_says": [
        (register(MOTHER, birth_date=DAY("1988-03-15")), [MOTHER]),
        (register(MOTHER, birth_date=NOT), []),
    ],
    "older_than_110": [
        (register(MOTHER, birth_date=DAY("1915-12-30")), [MOTHER]),
        (register(MOTHER, birth_date=DAY("1916-01-05")), []),
    ],
    "moved_out_before_in": [
        (register(MOTHER, to_date=DAY("2009-12-31")), [MOTHER]),
        (register(MOTHER, to_date=DAY("2010-01-01")), []),
    ],
    "left_before_birth": [
        (register(GIRL, to_date=DAY("2010-05-04")), [GIRL]),
        (register(GIRL, to_date=DAY("2010-05-05")), []),
    ],
    "resident_before_birth": [
        (register(GIRL, from_date=DAY("2010-05-04")), [GIRL]),
        (register(GIRL, from_date=DAY("2010-05-05")), []),
    ],
    "moved_in_after_period": [
        (register(MOTHER, from_date=DAY("2026-01-01")), [MOTHER]),
        (register(MOTHER, from_date=DAY("2025-12-31")), []),
    ],
    "moves_out_after_period": [
        (register(MOTHER, to_date=DAY("2026-01-01")), [MOTHER]),
        (register(MOTHER, to_date=DAY("2025-12-31")), []),
    ],
    "no_infants": [
        ({"folkeregister": many()}, ["folkeregister.csv"]),
        ({"folkeregister": many() | {50: {"birth_date": DAY("2025-06-01")}}}, []),
        ({"folkeregister": dict(list(many().items())[:94])}, []),
    ],
    "nobody_moved_in": [
        ({"folkeregister": many(from_date=DAY("2024-12-30"))}, ["folkeregister.csv"]),
        ({"folkeregister": many(from_date=DAY("2024-12-31"))}, []),
    ],
    "many_born_first_january": [
        ({"folkeregister": many() | {at: {"like": 0, "birth_date": DAY("1990-01-01")} for at in range(5, 125)}},
         ["folkeregister.csv"]),
        ({"folkeregister": many() | {at: {"birth_date": DAY("1990-01-01")} for at in range(105, 115)}}, []),
    ],
    "sex_not_stated": [
        (register(MOTHER, sex="u"), [MOTHER]),
        (register(MOTHER, sex="m"), []),
    ],
    "unplaced_person": [
        (register(5, like=BOY, person_id="NOBODY", mother_id=None, father_id=None, custody_ids=None), [5]),
        (register(5, like=BOY, person_id="NOBODY", mother_id="MOTHER", father_id=None, custody_ids=None), []),
    ],
    "no_address": [
        (register(MOTHER, address_id=None), [MOTHER]),
        (register(MOTHER, address_id="elsewhere"), []),
    ],
    "no_adult_at_address": [
        (register(BOY, address_id="elsewhere"), [BOY]),
        ({"folkeregister": {BOY: {"address_id": "elsewhere"}, 5: {"person_id": "x", "address_id": "elsewhere"}}}, []),
        ({"folkeregister": {BOY: {"address_id": "elsewhere"},
                            5: {"person_id": "x", "address_id": "elsewhere", "to_date": DAY("2025-12-31")}}}, [BOY]),
    ],
    "crowded_address": [
        ({"folkeregister": {at: {"person_id": f"p{at}", "address_id": "block"} for at in range(5, 18)}}, [5]),
        ({"folkeregister": {at: {"person_id": f"p{at}", "address_id": "block"} for at in range(5, 17)}}, []),
    ],
    "two_districts": [
        (register(BOY, district="Syd"), [BOY]),
        (register(BOY, district="Syd", address_id="elsewhere"), []),
        (register(HOMELESS, district="Nord"), []),
    ],
    "no_district": [
        (register(MOTHER, district=None), [MOTHER]),
        ({"folkeregister": {at: {"district": None} for at in (MOTHER, FATHER, GIRL)}}, []),
    ],
    "second_home_of_adult": [
        (register(MOTHER, second_address_id="elsewhere"), [MOTHER]),
        (register(BOY, second_address_id="elsewhere"), []),
    ],
    "second_home_is_first": [
        (register(BOY, address_id="same", second_address_id="same"), [BOY]),
        (register(BOY, address_id="same", second_address_id="other"), []),
    ],
    "second_home_unknown": [
        (register(BOY, second_address_id="elsewhere"), [BOY]),
        ({"folkeregister": {BOY: {"second_address_id": "elsewhere"}, 5: {"person_id": "x", "address_id": "elsewhere"}}},
         []),
    ],
    "second_home_of_others": [
        ({"folkeregister": {BOY: {"second_address_id": "elsewhere"}, 5: {"person_id": "x", "address_id": "elsewhere"}}},
         [BOY]),
        ({"folkeregister": {BOY: {"second_address_id": "elsewhere"}, FATHER: {"address_id": "elsewhere"}}}, []),
    ],
}  # fmt: skip
