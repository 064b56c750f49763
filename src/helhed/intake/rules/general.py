"""Check rules that look at every export: repeated rows, persons nobody knows, and numbers that are written wrong."""

import pandas as pd

from helhed.intake.clashes import MOST_NAMED, Beside, alike_by_key, same_as, wholly_alike
from helhed.intake.rules.limits import EVERY_TABLE, OF_PERSONS
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import KEY, Rule, is_copy, is_superseded

#: A plan line has a person only now and then, and its contact always.
_OF_PERSON = tuple(table for table in OF_PERSONS if table != "plan_line")


def _is_stranger(column: str):
    """Return the test for persons nobody knows; one who is misspelt is another rule's."""
    # A record without a person of its own got its case's person; an unknown case is another rule's.
    return lambda m, f: ~m.is_known(f[column]) & m.preset_of(f).has(column) & ~_is_misspelt(column)(m, f)


def _is_misspelt(column: str):
    """Return the test for persons who are one digit from somebody in the register."""
    return lambda m, f: f[column].isin(list(m.misspelt))


def _rows_of_meant(column: str) -> Beside:
    def beside(m: Material, f: pd.DataFrame, hits: pd.Index) -> list[str]:
        register = m.table("person").drop_duplicates("person_id").set_index("person_id")
        rows = register["row_"].astype("str") + " (" + register["file_"].astype("str") + ")"
        return [", ".join(rows[m.misspelt[person][:MOST_NAMED]]) for person in f.loc[hits, column]]

    return beside


GENERAL_RULES: tuple[Rule, ...] = (
    Rule("exact_copy", "should_fix", EVERY_TABLE, "", is_copy, why="twice", beside=same_as(wholly_alike)),
    Rule("same_key", "should_fix", EVERY_TABLE, KEY, is_superseded, why="twice", beside=same_as(alike_by_key)),
    Rule("person_not_in_register", "should_fix", _OF_PERSON, "person_id", _is_stranger("person_id"), why="links"),
    Rule(
        "person_not_in_register",
        "should_fix",
        ("plan_line",),
        "contact_id",
        _is_stranger("contact_id"),
        why="links",
    ),
    *(
        Rule(
            "wrong_cpr_digit",
            "must_fix",
            tables,
            column,
            _is_misspelt(column),
            why="wrong_digit",
            beside=_rows_of_meant(column),
        )
        for column, tables in (("person_id", OF_PERSONS), ("contact_id", ("plan_line",)))
    ),
)
