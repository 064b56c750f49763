"""What each reader of a plan may see: the family everything, everyone else only what consent or their own case allows.

A reader is ``family``, ``coordinator``, ``meeting`` (everyone at the network meeting's table) or the code of a
department. Every document is filled from the reader's view, so that no template can show what its reader may not see.
"""

from collections.abc import Iterable
from dataclasses import replace

from helhed.plan.consent import covers, has_programme_consent, may_give, taken_back_by, takes_part
from helhed.plan.findings import Rule, find
from helhed.plan.findings_checks import Finding
from helhed.plan.model import FadeOut, FamilyPlan, Line

FAMILY, COORDINATOR, MEETING = "family", "coordinator", "meeting"
DEPARTMENTS = ("children", "employment", "adult_social", "health", "school", "housing")


def may_see(plan: FamilyPlan, line: Line, reader: str) -> bool:
    """Return whether a reader may see a line of the plan.

    - The family sees everything that is written about it.
    - The coordinator sees everything once the consent to the programme is in force, before that only the family's own
      goals, which the family has told the coordinator itself. The same holds for the lines of one who has taken their
      own yes to the programme back.
    - A department sees its own lines, and a line of others if the family's consent to the programme is in force and

      - the line, where it says who may see it, names the department, and
      - a consent to share, where such consents are written down, holds for the department, the person and the life
        area, and was given by someone who may give it (`helhed.plan.consent.may_give`). Where none is written down,
        the line must name the department.

      What a person's own consent covered and covers no more is shared no longer, whoever else said yes. Nor is what one
      of two custody holders has taken back.
    - The meeting sees what every department at the table may see.
    """
    if reader == FAMILY:
        return True
    if reader == COORDINATOR:
        return takes_part(plan, line.person_id) or line.is_own_goal
    if reader == MEETING:
        table = departments_at_the_table(plan)
        return takes_part(plan, line.person_id) and all(may_see(plan, line, department) for department in table)
    return line.department == reader or (takes_part(plan, line.person_id) and _is_shared(plan, line, reader))


def _is_shared(plan: FamilyPlan, line: Line, department: str) -> bool:
    named = _named(line)
    sharing = [consent for consent in plan.consents if consent.kind == "sharing"]
    if (named and department not in named) or _is_taken_back(plan, line, department):
        return False
    if taken_back_by(plan, line, department):
        return False
    if not sharing:
        return department in named
    in_force = [one for one in sharing if one.holds(plan.consent_day) and may_give(plan, one, line.person_id)]
    return any(covers(consent, line, department) for consent in in_force)


def _named(line: Line) -> set[str]:
    """Return the departments that a line itself names as those who may see it."""
    return {name.strip() for name in (line.consent_scope or "").replace(";", ",").split(",") if name.strip()}


def _is_taken_back(plan: FamilyPlan, line: Line, department: str) -> bool:
    """Return whether the person of a line has taken back an own consent that let the department see it.

    One that ran out counts as taken back; a later one that holds counts as given again.
    """
    own = [one for one in plan.consents if one.kind == "own" and line.person_id in (one.about, one.given_by)]
    about = [one for one in own if line.person_id is not None and covers(one, line, department)]
    begun = [one for one in about if one.from_date is not None and one.from_date <= plan.consent_day]
    return bool(begun) and not any(one.holds(plan.consent_day) for one in begun)


def departments_at_the_table(plan: FamilyPlan) -> tuple[str, ...]:
    """Return the departments with a live line in the plan: those that a network meeting is held with."""
    present = {line.department for line in plan.live_lines if line.department}
    return tuple(name for name in DEPARTMENTS if name in present)


def view_of(plan: FamilyPlan, reader: str) -> FamilyPlan:
    """Return the plan as a reader may see it.

    Lines the reader may not see are gone, and so is every trace of them: a mark that points to one, members who are
    named nowhere else, cases, contacts and what the family said about the plan.
    """
    if reader == FAMILY:
        return plan
    seen = tuple(line for line in plan.lines if may_see(plan, line, reader))
    view = replace(plan, lines=tuple(_without_hidden_mark(line, seen) for line in seen))
    if reader == COORDINATOR and has_programme_consent(plan):
        return view
    if reader in (COORDINATOR, MEETING):
        return replace(view, cases=(), network=(), evaluations=(), consents=())
    persons = {line.person_id for line in seen}
    return replace(
        view,
        members=tuple(member for member in plan.members if member.person_id in persons),
        consents=tuple(consent for consent in plan.consents if reader in consent.departments),
        meetings=(),
        cases=(),
        network=(),
        evaluations=(),
        fade_out=FadeOut(),
    )


def _without_hidden_mark(line: Line, seen: Iterable[Line]) -> Line:
    if line.duplicate == "no" or any(other.line_id == line.duplicate_of for other in seen):
        return line
    return replace(line, duplicate="no", duplicate_of=None)


def findings_for(plan: FamilyPlan, reader: str, profile) -> list[tuple[Rule, Finding]]:
    """Return the findings of a plan that rest on nothing but what a reader may see.

    A finding is kept if it is found in the whole plan and, the very same, in the reader's view: what rests on a hidden
    line is not found in the view, and what only the view's gaps suggest is not found in the plan.
    """
    whole = find(plan, profile)
    if reader == FAMILY:
        return whole
    in_view = {_mark(rule, found) for rule, found in find(view_of(plan, reader), profile)}
    return [(rule, found) for rule, found in whole if _mark(rule, found) in in_view]


def _mark(rule: Rule, found: Finding) -> tuple:
    lines = [line.line_id if line else None for line in (found.line, found.other)]
    return rule.code, found.person_id, found.amount, *lines


def n_hidden_lines(plan: FamilyPlan, reader: str) -> int:
    """Return how many live lines of the plan a reader may not see."""
    return sum(not may_see(plan, line, reader) for line in plan.live_lines)
