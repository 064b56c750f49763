"""Cases of the rules for parents and custody."""

import pandas as pd

DAY = pd.Timestamp
MOTHER, FATHER, GIRL, BOY, HOMELESS = range(5)


def register(at, **changes):
    """Return the register with one row changed."""
    return {"folkeregister": {at: changes}}


def siblings(n: int):
    """Return the register with so many more children of the mother, born years apart."""
    born = {"like": BOY, "mother_id": "MOTHER"}
    return {
        "folkeregister": {5 + i: {**born, "person_id": f"c{i}", "birth_date": DAY(2014 + i, 11, 11)} for i in range(n)}
    }


CASES = {
    "own_parent": [
        (register(MOTHER, mother_id="MOTHER"), [MOTHER]),
        (register(MOTHER, father_id="MOTHER"), [MOTHER]),
        (register(MOTHER, mother_id="NOBODY"), []),
    ],
    "same_parents": [
        (register(MOTHER, mother_id="FATHER", father_id="FATHER"), [MOTHER]),
        (register(MOTHER, mother_id=None, father_id=None), []),
    ],
    "parent_not_older": [
        (register(FATHER, mother_id="MOTHER"), [FATHER]),
        (register(FATHER, father_id="MOTHER", birth_date=DAY("1988-03-14")), [FATHER]),
        (register(FATHER, mother_id="MOTHER", birth_date=DAY("1988-03-16")), []),
    ],
    "young_mother": [
        (register(GIRL, birth_date=DAY("2000-03-12")), [GIRL]),
        (register(GIRL, birth_date=DAY("2000-03-16")), []),
        (register(GIRL, birth_date=DAY("1988-03-14")), []),
    ],
    "young_father": [
        (register(GIRL, birth_date=DAY("1997-03-30")), [GIRL]),
        (register(GIRL, birth_date=DAY("1997-04-05")), []),
    ],
    "parent_under_15": [
        (register(BOY, birth_date=DAY("2003-03-10"), father_id=None), [BOY]),
        (register(BOY, birth_date=DAY("2000-03-30"), mother_id=None), [BOY]),
        (register(BOY, birth_date=DAY("2003-03-18"), father_id=None), []),
    ],
    "old_mother": [
        (register(MOTHER, birth_date=DAY("1955-05-01")), [GIRL, BOY]),
        (register(MOTHER, birth_date=DAY("1958-10-20")), []),
    ],
    "old_father": [
        (register(FATHER, birth_date=DAY("1930-06-01")), [BOY]),
        (register(FATHER, birth_date=DAY("1933-10-20")), []),
    ],
    "mother_is_man": [
        (register(MOTHER, sex="m"), [GIRL, BOY]),
        (register(MOTHER, sex="u"), []),
    ],
    "father_is_woman": [
        (register(FATHER, sex="f"), [GIRL, BOY]),
        (register(FATHER, sex="u"), []),
    ],
    "siblings_too_close": [
        (register(BOY, birth_date=DAY("2010-10-30")), [BOY]),
        (register(BOY, birth_date=DAY("2010-05-08")), [BOY]),
        (register(BOY, birth_date=DAY("2010-11-01")), []),
        (register(BOY, birth_date=DAY("2010-05-07")), []),
    ],
    "many_children": [
        (siblings(11), [GIRL]),
        (siblings(10), []),
    ],
    "no_parents": [
        (register(GIRL, mother_id=None, father_id=None), [GIRL]),
        (register(GIRL, mother_id=None), []),
    ],
    "no_father": [
        (register(GIRL, father_id=None), [GIRL]),
        (register(GIRL, father_id=None, birth_date=DAY("2007-12-30")), []),
    ],
    "no_custody": [
        (register(GIRL, custody_ids=None), [GIRL]),
        (register(GIRL, custody_ids=None, birth_date=DAY("2007-12-30")), []),
    ],
    "own_custody": [
        (register(GIRL, custody_ids="MOTHER,GIRL"), [GIRL]),
        (register(GIRL, custody_ids="MOTHER,BOY"), []),
    ],
    "no_custody_holder_known": [
        (register(GIRL, custody_ids="NOBODY"), [GIRL]),
        (register(GIRL, custody_ids="NOBODY,MOTHER"), []),
        (register(GIRL, custody_ids=None), []),
    ],
    "custody_holder_is_child": [
        ({"folkeregister": {GIRL: {"custody_ids": "MOTHER,BOY"}, BOY: {"birth_date": DAY("2011-01-05")}}}, [GIRL]),
        ({"folkeregister": {GIRL: {"custody_ids": "MOTHER,BOY"}, BOY: {"birth_date": DAY("2010-12-25")}}}, []),
    ],
    "custody_holder_no_parent": [
        (register(BOY, custody_ids="MOTHER,NOBODY"), [BOY]),
        (register(BOY, custody_ids="NOBODY", father_id=None), []),
        (register(BOY, custody_ids="FATHER"), []),
    ],
    "many_custody_holders": [
        (register(BOY, custody_ids="MOTHER,FATHER,NOBODY"), [BOY]),
        (register(BOY, custody_ids="MOTHER,FATHER,MOTHER"), []),
    ],
}  # fmt: skip
