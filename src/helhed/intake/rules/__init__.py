"""The check rules, one by one: code, severity, exports, column to look at, and the test.

What cannot be read at all is found while reading (see `helhed.intake.sources`); these rules look at what was read.
"""

from helhed.intake.checks import Rule, is_copy, is_superseded
from helhed.intake.presets import presets
from helhed.intake.rules.children import CASE_RULES
from helhed.intake.rules.decisions import DECISION_RULES
from helhed.intake.rules.income import MONTHLY_RULES
from helhed.intake.rules.register import REGISTER_RULES

#: Exports that name the person of a record, but for the register itself and the plan lines, whose contact counts.
_OF_PERSONS = tuple(
    name
    for name, preset in presets().items()
    if preset.has("person_id") and name not in ("folkeregister", "planlinjer")
)

_GENERAL_RULES: tuple[Rule, ...] = (
    # all exports
    Rule("exact_copy", "should_fix", tuple(presets()), "", is_copy),
    *(
        Rule("same_key", "should_fix", (name,), preset.key[0], is_superseded(name))
        for name, preset in presets().items()
        if preset.key
    ),
    Rule("person_not_in_register", "should_fix", _OF_PERSONS, "person_id", lambda m, f: ~m.is_known(f["person_id"])),
    Rule(
        "person_not_in_register", "should_fix", ("planlinjer",), "contact_id", lambda m, f: ~m.is_known(f["contact_id"])
    ),
)
RULES = (*_GENERAL_RULES, *REGISTER_RULES, *CASE_RULES, *MONTHLY_RULES, *DECISION_RULES)
