"""Check rules that look at every export: repeated rows, and persons nobody knows."""

from helhed.intake.clashes import alike_by_key, same_as, wholly_alike
from helhed.intake.rules.rule import KEY, Rule, is_copy, is_superseded

#: Tables whose rows come from exports.
_ALL = (
    "person", "benefit_week", "benefit_spell", "employment", "child_case", "measure", "absence", "daycare", "leisure",
    "health", "housing", "registration", "enrolment", "coordinator", "plan_line", "meeting", "official_figure",
)  # fmt: skip
#: Of these, the tables whose rows name a person; a plan line belongs to its contact.
_OF_PERSONS = tuple(table for table in _ALL if table not in ("person", "coordinator", "plan_line", "official_figure"))


def _is_stranger(m, f):
    # A record without a person of its own got its case's person; an unknown case is another rule's.
    return ~m.is_known(f["person_id"]) & m.preset_of(f).has("person_id")


GENERAL_RULES: tuple[Rule, ...] = (
    Rule("exact_copy", "should_fix", _ALL, "", is_copy, why="twice", beside=same_as(wholly_alike)),
    Rule("same_key", "should_fix", _ALL, KEY, is_superseded, why="twice", beside=same_as(alike_by_key)),
    Rule("person_not_in_register", "should_fix", _OF_PERSONS, "person_id", _is_stranger, why="links"),
    Rule(
        "person_not_in_register",
        "should_fix",
        ("plan_line",),
        "contact_id",
        lambda m, f: ~m.is_known(f["contact_id"]),
        why="links",
    ),
)
