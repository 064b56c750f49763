"""What the law wants in a plan, and which sector plans the joint plan may stand in for: seen from one family's lines.

Both are read from the rules in ``statutes.toml``. What the data cannot show is ``cannot_tell``, never assumed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from helhed.plan.model import FamilyPlan, Line
from helhed.plan.statutes import Statute, rules_of


@dataclass(frozen=True)
class Content:
    """Something the law wants in a person's sector plan: ``there``, ``missing`` or ``cannot_tell``."""

    statute: Statute
    person_id: str
    content: str
    state: str

    @property
    def statute_id(self) -> str:
        """Return the id of the rule, whatever its version."""
        return self.statute.id


@dataclass(frozen=True)
class Replacement:
    """A sector plan that the joint plan may stand in for.

    ``state``: ``may`` (consent is there), ``ask_consent``, ``one_plan_only`` (nothing to coordinate), ``age_unknown``
    or ``wrong_age``.
    """

    statute: Statute
    person_id: str | None
    source_plan: str
    state: str

    @property
    def statute_id(self) -> str:
        """Return the id of the rule, whatever its version."""
        return self.statute.id


def contents(plan: FamilyPlan) -> list[Content]:
    """Return, for each person's sector plan with a rule on its content, what of it the lines hold.

    The version of a rule is the one in force on the day of the plan; one that no version covers that day is asked about
    (`helhed.plan.law_by_day`). Only live lines count.
    """
    rows = []
    for statute in rules_of(plan.as_of):
        if statute.content:
            for person, lines in _by_person(plan, statute.content_of):
                rows += [Content(statute, person, name, _state(name, lines)) for name in statute.content]
    return rows


def _by_person(plan: FamilyPlan, sources: tuple[str, ...]) -> Iterator[tuple[str, list[Line]]]:
    for member in plan.members:
        lines = [li for li in plan.live_lines if li.person_id == member.person_id and li.source_plan in sources]
        if lines:
            yield member.person_id, lines


#: What of a plan's content its lines can show; everything else needs the plan itself.
_SHOWN_BY = {
    "goals": lambda lines: any(line.goal for line in lines),
    "purpose": lambda lines: any(line.goal for line in lines),
    "effort": lambda lines: any(line.action for line in lines),
    "expected_length": lambda lines: all(line.due_date for line in lines),
}


def _state(content: str, lines: list[Line]) -> str:
    if content not in _SHOWN_BY:
        return "cannot_tell"
    return "there" if _SHOWN_BY[content](lines) else "missing"


def replacements(plan: FamilyPlan, has_consent: bool) -> list[Replacement]:
    """Return the sector plans, or parts of them, that the joint plan may stand in for, by rule and person.

    Parameters
    ----------
    has_consent
        Whether the family's consent is in force on the day of the plan. No rule lets the joint plan replace anything
        without consent, and none where there is only one plan: several plans must need coordination.
    """
    rows = []
    for statute in rules_of(plan.as_of):
        for source in statute.replaces:
            persons = _whose(plan, source)
            rows += [Replacement(statute, p, source, _may(plan, statute, source, p, has_consent)) for p in persons]
    return rows


#: The plan for the parents of a placed child is no sector plan of the data: it follows from the placement.
PARENTS_PLAN = "parents_plan"


def _whose(plan: FamilyPlan, source: str) -> list[str]:
    if source != PARENTS_PLAN:
        return [person for person, _ in _by_person(plan, (source,))]
    has_placed_child = any(line.measure_group == "placement" for line in plan.live_lines)
    return [member.person_id for member in plan.members if member.role == "adult" and has_placed_child]


def _may(plan: FamilyPlan, statute: Statute, source: str, person_id: str, has_consent: bool) -> str:
    member = plan.member(person_id)
    if statute.from_age is not None and source == "youth_plan":
        if member is None or member.age is None:
            return "age_unknown"
        if not statute.from_age <= member.age <= statute.to_age:
            return "wrong_age"
    if plan.n_sector_plans < 2:
        return "one_plan_only"
    return "may" if has_consent else "ask_consent"
