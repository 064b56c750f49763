"""Check rules that look at every export: repeated rows, and persons nobody knows."""

from helhed.intake.clashes import alike_by_key, same_as, wholly_alike
from helhed.intake.rules.limits import EVERY_TABLE, OF_PERSONS
from helhed.intake.rules.rule import KEY, Rule, is_copy, is_superseded

#: A plan line has a person only now and then, and its contact always.
_OF_PERSON = tuple(table for table in OF_PERSONS if table != "plan_line")


def _is_stranger(m, f):
    # A record without a person of its own got its case's person; an unknown case is another rule's.
    return ~m.is_known(f["person_id"]) & m.preset_of(f).has("person_id")


GENERAL_RULES: tuple[Rule, ...] = (
    Rule("exact_copy", "should_fix", EVERY_TABLE, "", is_copy, why="twice", beside=same_as(wholly_alike)),
    Rule("same_key", "should_fix", EVERY_TABLE, KEY, is_superseded, why="twice", beside=same_as(alike_by_key)),
    Rule("person_not_in_register", "should_fix", _OF_PERSON, "person_id", _is_stranger, why="links"),
    Rule(
        "person_not_in_register",
        "should_fix",
        ("plan_line",),
        "contact_id",
        lambda m, f: ~m.is_known(f["contact_id"]),
        why="links",
    ),
)
