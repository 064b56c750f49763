"""What the network meeting must settle: rules declared one by one, each with a code, a severity and a question.

A finding never changes the plan. Its texts stand in the catalogue as ``plan.finding_<code>`` (what was found) and
``plan.question_<code>`` (the question for the meeting).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from helhed.errors import Severity
from helhed.plan.deadlines import CHILD_MEASURES, next_meeting_due, statutory_deadlines
from helhed.plan.merge import dates_overlap
from helhed.plan.model import FamilyPlan, Line, Member
from helhed.tables import code_label
from helhed.texts import number, text


@dataclass(frozen=True)
class Finding:
    """One thing found in one plan; ``line`` and ``person_id`` say where, ``amount`` how much."""

    line: Line | None = None
    person_id: str | None = None
    amount: float | None = None


Check = Callable[[FamilyPlan, object], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A declared rule: what to look for in a plan and how much it matters."""

    code: str
    severity: Severity
    check: Check
    #: The profile entry that sets the rule's limit, if it has one.
    limit: str = ""


def _on_lines(test: Callable[[FamilyPlan, Line], bool]) -> Check:
    """Return a check that finds every live line for which the test holds."""

    def check(plan: FamilyPlan, _profile) -> Iterator[Finding]:
        return (Finding(line, line.person_id) for line in plan.live_lines if test(plan, line))

    return check


def _on_plan(test: Callable[[FamilyPlan], bool]) -> Check:
    """Return a check that finds the plan as a whole if the test holds."""
    return lambda plan, _profile: [Finding()] if test(plan) else []


def _is_sector_line(line: Line) -> bool:
    return not line.is_measure and not line.is_own_goal


def _hours_above_limit(plan: FamilyPlan, profile) -> Iterator[Finding]:
    for member in plan.members:
        hours = sum(li.hours_per_week or 0 for li in plan.live_actions if li.person_id == member.person_id)
        if hours > profile["plan.max_weekly_hours"]:
            yield Finding(person_id=member.person_id, amount=hours)


def _full_time_beside_treatment(plan: FamilyPlan, profile) -> Iterator[Finding]:
    # Hours that are not stated may fill the day: they count as a clash that cannot be ruled out.
    full = [li for li in plan.live_actions if (li.hours_per_week or 0) >= profile["plan.full_time_hours"]]
    treatment = [
        li
        for li in plan.live_actions
        if li.life_area == "health"
        and (li.hours_per_week is None or li.hours_per_week >= profile["plan.daytime_treatment_hours"])
    ]
    for line in full:
        if line.life_area not in ("employment", "education"):
            continue
        if any(_same_person_and_time(line, other) for other in treatment):
            yield Finding(line, line.person_id, line.hours_per_week)


def _same_person_and_time(line: Line, other: Line) -> bool:
    overlap = dates_overlap((line.start_date, line.due_date), (other.start_date, other.due_date))
    return line.person_id is not None and line.person_id == other.person_id and overlap is not False


def _too_many_for_person(plan: FamilyPlan, profile) -> Iterator[Finding]:
    for member in plan.members:
        n_actions = sum(line.person_id == member.person_id for line in plan.live_actions)
        if n_actions > profile["plan.max_live_actions_person"]:
            yield Finding(person_id=member.person_id, amount=n_actions)


def _too_many_for_family(plan: FamilyPlan, profile) -> Iterator[Finding]:
    if len(plan.live_actions) > profile["plan.max_live_actions_family"]:
        yield Finding(amount=len(plan.live_actions))


def _names_no_child(plan: FamilyPlan) -> bool:
    children = {member.person_id for member in plan.members if member.role == "child"}
    return bool(children) and not any(line.person_id in children for line in plan.live_lines)


def _cases_of(plan: FamilyPlan, line: Line) -> list:
    return [case for case in plan.cases if case.person_id == line.person_id]


def _is_child_measure(line: Line) -> bool:
    return line.is_measure and line.measure_group in CHILD_MEASURES


def _runs_after_case_closed(plan: FamilyPlan, line: Line) -> bool:
    cases = _cases_of(plan, line)
    return _is_child_measure(line) and bool(cases) and all(case.status == "closed" for case in cases)


def _consent_after_start(plan: FamilyPlan) -> bool:
    return bool(plan.consent_date and plan.start_date) and plan.consent_date > plan.start_date


def _needs_own_consent(plan: FamilyPlan, profile) -> Iterator[Finding]:
    years = profile["plan.own_consent_years"]
    for line in plan.live_lines:
        member = plan.member(line.person_id)
        is_old_enough = member is not None and member.age is not None and member.age >= years
        if line.measure_group == "placement" and is_old_enough:
            yield Finding(line, line.person_id)


def _agreements_past(plan: FamilyPlan) -> bool:
    agreed = plan.last_meeting.agreements if plan.last_meeting else ()
    return any(item.due_date and item.due_date < plan.as_of for item in agreed)


def _agreements_incomplete(plan: FamilyPlan) -> bool:
    agreed = plan.last_meeting.agreements if plan.last_meeting else ()
    return any(not item.owner or not item.due_date for item in agreed)


def _meeting_overdue(plan: FamilyPlan, profile) -> Iterator[Finding]:
    due = next_meeting_due(plan, profile["plan.network_meeting_months"])
    if plan.last_meeting and due and due < plan.as_of:
        yield Finding(amount=profile["plan.network_meeting_months"])


def _by_statute(statute_id: str, state: str) -> Check:
    def check(plan: FamilyPlan, _profile) -> Iterator[Finding]:
        found = [item for item in statutory_deadlines(plan) if item.statute_id == statute_id and item.state == state]
        return (Finding(person_id=item.person_id) for item in found)

    return check


#: Every rule, the gravest first. A code is never reused for another meaning.
RULES: tuple[Rule, ...] = (
    Rule("no_consent", "must_fix", _on_plan(lambda plan: plan.consent_date is None)),
    Rule("consent_after_start", "should_fix", _on_plan(_consent_after_start)),
    Rule("no_own_goals", "should_fix", _on_plan(lambda plan: not plan.own_goals)),
    Rule("no_child_named", "should_fix", _on_plan(_names_no_child)),
    Rule("no_coordinator", "should_fix", _on_plan(lambda plan: not plan.coordinator_id)),
    Rule("hours_above_limit", "should_fix", _hours_above_limit, "plan.max_weekly_hours"),
    Rule("full_time_beside_treatment", "should_fix", _full_time_beside_treatment),
    Rule("too_many_actions_person", "should_fix", _too_many_for_person, "plan.max_live_actions_person"),
    Rule("too_many_actions_family", "should_fix", _too_many_for_family, "plan.max_live_actions_family"),
    Rule("same_action_twice", "should_fix", _on_lines(lambda plan, line: line.duplicate == "duplicate")),
    Rule("perhaps_same_action", "note", _on_lines(lambda plan, line: line.duplicate == "possible")),
    Rule(
        "goal_without_action",
        "should_fix",
        _on_lines(lambda plan, line: _is_sector_line(line) and bool(line.goal) and not line.action),
    ),
    Rule(
        "action_without_goal",
        "note",
        _on_lines(lambda plan, line: _is_sector_line(line) and bool(line.action) and not line.goal),
    ),
    Rule("action_without_owner", "should_fix", _on_lines(lambda plan, line: bool(line.action) and not line.owner)),
    Rule(
        "action_without_date",
        "should_fix",
        _on_lines(lambda plan, line: _is_sector_line(line) and bool(line.action) and line.due_date is None),
    ),
    Rule("action_overdue", "should_fix", _on_lines(lambda plan, line: line.is_overdue)),
    Rule("measure_after_case_closed", "should_fix", _on_lines(_runs_after_case_closed)),
    Rule(
        "measure_without_case",
        "note",
        _on_lines(lambda plan, line: _is_child_measure(line) and not _cases_of(plan, line)),
    ),
    Rule(
        "measure_without_section",
        "note",
        _on_lines(lambda plan, line: _is_child_measure(line) and line.legal_status == "not_stated"),
    ),
    Rule(
        "measure_without_end", "note", _on_lines(lambda plan, line: _is_child_measure(line) and line.due_date is None)
    ),
    Rule("examination_late", "should_fix", _by_statute("bl_20", "passed")),
    Rule("childs_plan_missing", "must_fix", _by_statute("bl_91", "passed")),
    Rule("childs_plan_not_seen", "note", _by_statute("bl_91", "cannot_tell")),
    Rule("own_consent_placement", "note", _needs_own_consent, "plan.own_consent_years"),
    Rule("agreement_past_date", "note", _on_plan(_agreements_past)),
    Rule("agreement_incomplete", "should_fix", _on_plan(_agreements_incomplete)),
    Rule("no_network_meeting", "should_fix", _on_plan(lambda plan: plan.last_meeting is None)),
    Rule("network_meeting_overdue", "should_fix", _meeting_overdue, "plan.network_meeting_months"),
    Rule(
        "person_outside_family",
        "note",
        _on_lines(lambda plan, line: bool(line.person_id) and plan.member(line.person_id) is None),
    ),
    Rule(
        "nobody_may_see",
        "note",
        _on_lines(lambda plan, line: _is_sector_line(line) and not (line.consent_scope or "").strip()),
    ),
)


def find(plan: FamilyPlan, profile) -> list[tuple[Rule, Finding]]:
    """Return everything found in one plan, in the order of `RULES` and of the plan's lines."""
    return [(rule, finding) for rule in RULES for finding in rule.check(plan, profile)]


def finding_table(plans: dict[str, FamilyPlan], profile) -> pd.DataFrame:
    """Return one row per finding: ``family_id``, ``line_id``, ``person_id``, ``code``, ``severity``, ``amount``.

    ``line_id`` and ``person_id`` are missing where a finding concerns the whole plan.
    """
    rows = [
        (
            plan.family_id,
            found.line.line_id if found.line else None,
            found.person_id,
            rule.code,
            rule.severity,
            found.amount,
        )
        for plan in plans.values()
        for rule, found in find(plan, profile)
    ]
    columns = ["family_id", "line_id", "person_id", "code", "severity", "amount"]
    return pd.DataFrame(rows, columns=columns).astype({**dict.fromkeys(columns[:5], "str"), "amount": "float64"})


def who(plan: FamilyPlan, person_id: str | None, lang: str, names: dict[str, str] | None = None) -> str:
    """Return what a person is called in the plan: the name if it is known, else the place in the family."""
    if person_id is None:
        return text("plan.the_family", lang)
    member: Member | None = plan.member(person_id)
    if member is None:
        return text("plan.outside_family", lang)
    return (names or {}).get(person_id) or member.label(lang)


def words(plan: FamilyPlan, rule: Rule, found: Finding, lang: str, **more) -> dict[str, str]:
    """Return a finding in words: ``severity``, ``text`` (what was found) and ``question`` (for the meeting)."""
    profile, names = more.get("profile"), more.get("names")
    values = {
        "who": who(plan, found.person_id, lang, names),
        "what": (found.line.action or found.line.goal or "–") if found.line else "–",
        "source": code_label("source_plan", found.line.source_plan, lang) if found.line else "–",
        "amount": number(found.amount, lang),
        "limit": number(profile[rule.limit], lang) if profile is not None and rule.limit else "–",
    }
    said = text(f"plan.finding_{rule.code}", lang, **values)
    return {
        "severity": text(f"plan.severity_{rule.severity}", lang),
        "text": said[:1].upper() + said[1:],
        "question": text(f"plan.question_{rule.code}", lang, **values),
    }
