"""What the rules of findings look for in a plan: one small check per rule, or per kind of rule."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from helhed.plan.consent import covers, is_own, is_under_age, may_give, taken_back_by
from helhed.plan.deadlines import CHILD_MEASURES, is_working_day, next_meeting_due, statutory_deadlines
from helhed.plan.law_in_plan import contents
from helhed.plan.model import Consent, FamilyPlan, Line
from helhed.plan.sections import acts_named
from helhed.plan.statutes import Statute, acts
from helhed.plan.weekly_times import clashing_lines, run_together, runs_on


@dataclass(frozen=True)
class Finding:
    """One thing found in one plan: ``line`` and ``person_id`` say where, ``amount`` how much, ``other`` beside what."""

    line: Line | None = None
    person_id: str | None = None
    amount: float | None = None
    other: Line | None = None
    #: The version of the rule of law that it rests on.
    statute: Statute | None = None
    #: Whether it holds is not known: it is worded as a question (the texts that end on ``_asked``).
    is_asked: bool = False


Check = Callable[[FamilyPlan, object], Iterable[Finding]]


def on_lines(test: Callable[[FamilyPlan, Line], bool]) -> Check:
    """Return a check that finds every live line for which the test holds."""

    def check(plan: FamilyPlan, _profile) -> Iterator[Finding]:
        return (Finding(line, line.person_id) for line in plan.live_lines if test(plan, line))

    return check


def on_plan(test: Callable[[FamilyPlan], bool]) -> Check:
    """Return a check that finds the plan as a whole if the test holds."""
    return lambda plan, _profile: [Finding()] if test(plan) else []


def is_sector_line(line: Line) -> bool:
    """Return whether a line comes from a sector plan: no measure of a case system, no goal of the family's own."""
    return not line.is_measure and not line.is_own_goal


def hours_above_limit(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the persons of whom the plan asks more hours in one week than the limit, now or later.

    Actions that never run together are not added up; one past its date that is still live counts as running.
    """
    for member in plan.members:
        lines = [li for li in plan.live_actions if li.person_id == member.person_id and li.hours_per_week]
        days = {plan.as_of, *(li.start_date for li in lines if li.start_date and li.start_date > plan.as_of)}
        hours = max(sum(li.hours_per_week or 0 for li in lines if runs_on(li, day, plan.as_of)) for day in days)
        if hours > profile["plan.max_weekly_hours"]:
            yield Finding(person_id=member.person_id, amount=hours)


def full_time_beside_treatment(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return full-time work, activation or education beside treatment that takes part of the day."""
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
        beside = [other for other in treatment if _same_person_and_time(plan, line, other)]
        if beside:
            yield Finding(line, line.person_id, line.hours_per_week, beside[0])


def _same_person_and_time(plan: FamilyPlan, line: Line, other: Line) -> bool:
    is_same_person = line.person_id is not None and line.person_id == other.person_id
    return is_same_person and run_together(line, other, plan.as_of)


def too_many_for_person(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the persons with more live actions than the limit."""
    for member in plan.members:
        n_actions = sum(line.person_id == member.person_id for line in plan.live_actions)
        if n_actions > profile["plan.max_live_actions_person"]:
            yield Finding(person_id=member.person_id, amount=n_actions)


def too_many_for_family(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the family if it has more live actions than the limit."""
    if len(plan.live_actions) > profile["plan.max_live_actions_family"]:
        yield Finding(amount=len(plan.live_actions))


def names_no_child(plan: FamilyPlan) -> bool:
    """Return whether a family with children has a plan without a line about one of them."""
    children = {member.person_id for member in plan.members if member.role == "child"}
    return bool(children) and not any(line.person_id in children for line in plan.live_lines)


def cases_of(plan: FamilyPlan, line: Line) -> list:
    """Return the child cases of a line's person."""
    return [case for case in plan.cases if case.person_id == line.person_id]


def is_child_measure(line: Line) -> bool:
    """Return whether a line is a measure of the children's department."""
    return line.is_measure and line.measure_group in CHILD_MEASURES


def runs_after_case_closed(plan: FamilyPlan, line: Line) -> bool:
    """Return whether a child's measure runs although every case of the child is closed."""
    cases = cases_of(plan, line)
    return is_child_measure(line) and bool(cases) and all(case.status == "closed" for case in cases)


def consent_after_start(plan: FamilyPlan) -> bool:
    """Return whether the consent is dated after the first day."""
    return bool(plan.consent_date and plan.start_date) and plan.consent_date > plan.start_date


def needs_own_consent(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the placements of young persons who are old enough to be asked and of whom no own consent is in force."""
    years = profile["plan.own_consent_years"]
    for line in plan.live_lines:
        member = plan.member(line.person_id)
        is_old_enough = member is not None and member.age is not None and member.age >= years
        if line.measure_group == "placement" and is_old_enough and not _has_own(plan, line.person_id):
            yield Finding(line, line.person_id)


def _has_own(plan: FamilyPlan, person_id: str) -> bool:
    return any(is_own(one, person_id) and one.holds(plan.consent_day) for one in plan.consents)


def shared_for_young(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the young persons old enough to be asked whose lines are shared on somebody else's yes alone.

    From what age the young person's own yes is needed was not read in an act: it is asked.
    """
    for member in plan.members:
        is_asked = is_under_age(member) and member.age is not None and member.age >= profile["plan.own_consent_years"]
        if is_asked and not _has_own(plan, member.person_id) and _is_shared_by_others(plan, member.person_id):
            yield Finding(person_id=member.person_id)


def _is_shared_by_others(plan: FamilyPlan, person_id: str) -> bool:
    consents = [one for one in plan.consents if one.kind == "sharing" and one.holds(plan.consent_day)]
    givers = {
        one.given_by for one in consents for name in one.departments if _covers_line_of(plan, one, person_id, name)
    }
    return bool(givers) and person_id not in givers


def _covers_line_of(plan: FamilyPlan, consent: Consent, person_id: str, department: str) -> bool:
    lines = [line for line in plan.live_lines if line.person_id == person_id and line.department != department]
    return may_give(plan, consent, person_id) and any(covers(consent, line, department) for line in lines)


def custody_not_known(plan: FamilyPlan, _profile) -> Iterator[Finding]:
    """Return the children of whom an adult agreed to share, while the register does not tell who has custody."""
    adults = {member.person_id for member in plan.members if member.role == "adult"}
    for member in plan.members:
        is_open = is_under_age(member) and member.custody is None
        given = [one for one in plan.consents if one.kind == "sharing" and one.holds(plan.consent_day)]
        by_adults = [one for one in given if one.given_by in adults]
        if is_open and any(
            _covers_line_of(plan, one, member.person_id, name) for one in by_adults for name in one.departments
        ):
            yield Finding(person_id=member.person_id)


def sharing_disputed(plan: FamilyPlan, _profile) -> Iterator[Finding]:
    """Return the persons about whom one giver took a consent back that another one's yes still covers."""
    for member in plan.members:
        lines = [line for line in plan.live_lines if line.person_id == member.person_id]
        if any(_is_disputed(plan, line, one) for line in lines for one in plan.consents):
            yield Finding(person_id=member.person_id)


def _is_disputed(plan: FamilyPlan, line: Line, consent: Consent) -> bool:
    if consent.kind != "sharing" or not consent.holds(plan.consent_day):
        return False
    if not may_give(plan, consent, line.person_id):
        return False
    others = [name for name in consent.departments if name != line.department]
    return any(covers(consent, line, name) and taken_back_by(plan, line, name) for name in others)


def shared_by_another(plan: FamilyPlan, _profile) -> Iterator[Finding]:
    """Return the persons whose lines someone else said yes to share, who may not say it for them."""
    consents = [one for one in plan.consents if one.kind == "sharing" and one.holds(plan.consent_day)]
    for member in plan.members:
        lines = [line for line in plan.live_lines if line.person_id == member.person_id]
        meant = [one for one in consents if any(covers(one, line, name) for line in lines for name in one.departments)]
        if meant and not any(may_give(plan, one, member.person_id) for one in meant):
            yield Finding(person_id=member.person_id)


def agreements_past(plan: FamilyPlan) -> bool:
    """Return whether an agreement of the last meeting is past its date."""
    agreed = plan.last_meeting.agreements if plan.last_meeting else ()
    return any(item.due_date and item.due_date < plan.as_of and not item.is_done for item in agreed)


def agreements_incomplete(plan: FamilyPlan) -> bool:
    """Return whether an agreement of the last meeting lacks an owner or a date."""
    agreed = plan.last_meeting.agreements if plan.last_meeting else ()
    return any((not item.owner or not item.due_date) and not item.is_done for item in agreed)


def meeting_overdue(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the plan if its last meeting is longer ago than the limit and none is set."""
    due = next_meeting_due(plan, profile["plan.network_meeting_months"])
    if plan.last_meeting and due and due < plan.as_of:
        yield Finding(amount=profile["plan.network_meeting_months"])


def by_statute(statute_id: str, state: str) -> Check:
    """Return a check that finds the persons for whom a deadline of the law is in a state."""

    def check(plan: FamilyPlan, _profile) -> Iterator[Finding]:
        found = [item for item in statutory_deadlines(plan) if item.statute_id == statute_id and item.state == state]
        return (Finding(person_id=item.person_id, statute=item.statute) for item in found)

    return check


def by_earlier_act(plan: FamilyPlan, line: Line) -> bool:
    """Return whether a child's line names the act that barnets lov took the place of, on a day when it is in force.

    The sections of that act were not looked up; which one has taken their place is asked.
    """
    act = acts()["bl"]
    is_childs = is_child_measure(line) or line.source_plan in ("childs_plan", "youth_plan")
    named = acts_named(line.section or "")
    return is_childs and plan.as_of >= act.valid_from and act.before in named and act.id not in named


def lacks_case(plan: FamilyPlan, line: Line) -> bool:
    """Return whether a child's measure has no case behind it."""
    return is_child_measure(line) and not cases_of(plan, line)


def clashing_hours(plan: FamilyPlan, _profile) -> Iterator[Finding]:
    """Return the actions of one person that name the same hour of the same weekday."""
    for line, other in clashing_lines(plan):
        yield Finding(line, line.person_id, other=other)


def dates_of_repeat_differ(plan: FamilyPlan, _profile) -> Iterator[Finding]:
    """Return the lines that repeat another one with another date: two plans promise the same for different days."""
    by_id = {line.line_id: line for line in plan.lines}
    for line in plan.live_lines:
        first = by_id.get(line.duplicate_of) if line.duplicate != "no" else None
        if first and first.due_date and line.due_date and first.due_date != line.due_date:
            yield Finding(line, line.person_id, other=first)


def meeting_on_day_off(plan: FamilyPlan) -> bool:
    """Return whether the next meeting lies on a weekend or a public holiday."""
    return plan.next_meeting is not None and not is_working_day(plan.next_meeting.held_date)


def meetings_same_day(plan: FamilyPlan) -> bool:
    """Return whether the family is asked to two kinds of meeting on one coming day."""
    days = [meeting.held_date for meeting in plan.meetings if meeting.held_date >= plan.as_of]
    return len(set(days)) < len(days)


def by_content(statute_id: str, content: str) -> Check:
    """Return a check that finds the persons whose sector plan lacks something the law wants in it."""

    def check(plan: FamilyPlan, _profile) -> Iterator[Finding]:
        wanted = (statute_id, content, "missing")
        found = [row for row in contents(plan) if (row.statute_id, row.content, row.state) == wanted]
        return (Finding(person_id=row.person_id, statute=row.statute) for row in found)

    return check
