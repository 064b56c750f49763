"""What the network meeting must settle: rules declared one by one, each with a code, a severity and a question.

A finding never changes the plan. Its texts stand in the catalogue as ``plan.finding_<code>`` (what was found) and
``plan.question_<code>`` (the question for the meeting).
"""

from dataclasses import dataclass

import pandas as pd

from helhed.errors import Severity
from helhed.plan.consent import has_programme_consent
from helhed.plan.findings_checks import (
    Check,
    Finding,
    agreements_incomplete,
    agreements_past,
    by_content,
    by_earlier_act,
    by_statute,
    clashing_hours,
    consent_after_start,
    custody_not_known,
    dates_of_repeat_differ,
    full_time_beside_treatment,
    hours_above_limit,
    is_child_measure,
    is_sector_line,
    lacks_case,
    meeting_on_day_off,
    meeting_overdue,
    meetings_same_day,
    names_no_child,
    needs_own_consent,
    on_lines,
    on_plan,
    runs_after_case_closed,
    shared_by_another,
    shared_for_young,
    sharing_disputed,
    too_many_for_family,
    too_many_for_person,
)
from helhed.plan.findings_school import action_in_school_hours, meeting_in_school_hours
from helhed.plan.model import FamilyPlan, Line, Member
from helhed.plan.statute_words import name_and_version
from helhed.tables import code_label
from helhed.texts import number, text


@dataclass(frozen=True)
class Rule:
    """A declared rule: what to look for in a plan and how much it matters."""

    code: str
    severity: Severity
    check: Check
    #: The profile entry that sets the rule's limit, if it has one.
    limit: str = ""


#: Every rule, the gravest first. A code is never reused for another meaning.
RULES: tuple[Rule, ...] = (
    Rule("no_consent", "must_fix", on_plan(lambda plan: not has_programme_consent(plan))),
    Rule("shared_by_another", "should_fix", shared_by_another),
    Rule("sharing_disputed", "should_fix", sharing_disputed),
    Rule("custody_not_known", "note", custody_not_known),
    Rule("shared_for_young", "note", shared_for_young, "plan.own_consent_years"),
    Rule("consent_after_start", "should_fix", on_plan(consent_after_start)),
    Rule("no_own_goals", "should_fix", on_plan(lambda plan: not plan.own_goals)),
    Rule("no_child_named", "should_fix", on_plan(names_no_child)),
    Rule("no_coordinator", "should_fix", on_plan(lambda plan: not plan.coordinator_id)),
    Rule("hours_above_limit", "should_fix", hours_above_limit, "plan.max_weekly_hours"),
    Rule("full_time_beside_treatment", "should_fix", full_time_beside_treatment),
    Rule("clashing_hours", "should_fix", clashing_hours),
    Rule("action_in_school_hours", "should_fix", action_in_school_hours),
    Rule("too_many_actions_person", "should_fix", too_many_for_person, "plan.max_live_actions_person"),
    Rule("too_many_actions_family", "should_fix", too_many_for_family, "plan.max_live_actions_family"),
    Rule("same_action_twice", "should_fix", on_lines(lambda plan, line: line.duplicate == "duplicate")),
    Rule("perhaps_same_action", "note", on_lines(lambda plan, line: line.duplicate == "possible")),
    Rule("same_action_other_dates", "should_fix", dates_of_repeat_differ),
    Rule(
        "dates_reversed",
        "should_fix",
        on_lines(lambda plan, li: bool(li.start_date and li.due_date) and li.due_date < li.start_date),
    ),
    Rule(
        "goal_without_action",
        "should_fix",
        on_lines(lambda plan, line: is_sector_line(line) and bool(line.goal) and not line.action),
    ),
    Rule(
        "action_without_goal",
        "note",
        on_lines(lambda plan, line: is_sector_line(line) and bool(line.action) and not line.goal),
    ),
    Rule("action_without_owner", "should_fix", on_lines(lambda plan, line: bool(line.action) and not line.owner)),
    Rule(
        "action_without_date",
        "should_fix",
        on_lines(lambda plan, line: is_sector_line(line) and bool(line.action) and line.due_date is None),
    ),
    Rule("action_overdue", "should_fix", on_lines(lambda plan, line: line.is_overdue)),
    Rule("measure_after_case_closed", "should_fix", on_lines(runs_after_case_closed)),
    Rule("measure_without_case", "note", on_lines(lacks_case)),
    Rule(
        "measure_without_section",
        "note",
        on_lines(lambda plan, line: is_child_measure(line) and line.legal_status == "not_stated"),
    ),
    Rule("section_of_earlier_act", "note", on_lines(by_earlier_act)),
    Rule("measure_without_end", "note", on_lines(lambda plan, line: is_child_measure(line) and line.due_date is None)),
    Rule("examination_late", "should_fix", by_statute("bl_20", "passed")),
    Rule("childs_plan_missing", "must_fix", by_statute("bl_91", "passed")),
    Rule("childs_plan_not_seen", "note", by_statute("bl_91", "cannot_tell")),
    Rule("childs_plan_without_goals", "should_fix", by_content("bl_92", "goals")),
    Rule("youth_plan_without_goals", "should_fix", by_content("bl_109", "goals")),
    Rule("adult_plan_without_purpose", "should_fix", by_content("sel_141", "purpose")),
    Rule("adult_plan_without_effort", "should_fix", by_content("sel_141", "effort")),
    Rule("adult_plan_without_length", "should_fix", by_content("sel_141", "expected_length")),
    Rule("own_consent_placement", "note", needs_own_consent, "plan.own_consent_years"),
    Rule("agreement_past_date", "note", on_plan(agreements_past)),
    Rule("agreement_incomplete", "should_fix", on_plan(agreements_incomplete)),
    Rule("no_network_meeting", "should_fix", on_plan(lambda plan: plan.last_meeting is None)),
    Rule("meeting_in_school_hours", "should_fix", meeting_in_school_hours),
    Rule("meeting_on_day_off", "should_fix", on_plan(meeting_on_day_off)),
    Rule("meetings_same_day", "should_fix", on_plan(meetings_same_day)),
    Rule("network_meeting_overdue", "should_fix", meeting_overdue, "plan.network_meeting_months"),
    Rule(
        "person_outside_family",
        "note",
        on_lines(lambda plan, line: bool(line.person_id) and plan.member(line.person_id) is None),
    ),
    Rule(
        "nobody_may_see",
        "note",
        on_lines(lambda plan, line: is_sector_line(line) and not (line.consent_scope or "").strip()),
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


def named(line: Line | None) -> str:
    """Return what a line is called in a sentence: its action, else its goal."""
    return (line.action or line.goal or "–") if line else "–"


def words(plan: FamilyPlan, rule: Rule, found: Finding, lang: str, **more) -> dict[str, str]:
    """Return a finding in words: ``severity``, ``text`` (what was found) and ``question`` (for the meeting)."""
    profile, names = more.get("profile"), more.get("names")
    values = {
        "who": who(plan, found.person_id, lang, names),
        "what": named(found.line),
        "other": named(found.other),
        "source": code_label("source_plan", found.line.source_plan, lang) if found.line else "–",
        "amount": number(found.amount, lang),
        "limit": number(profile[rule.limit], lang) if profile is not None and rule.limit else "–",
    }
    asked = "_asked" if found.is_asked else ""
    said = text(f"plan.finding_{rule.code}{asked}", lang, **values)
    by_law = f" {text('plan.by_law', lang, rule=name_and_version(found.statute, lang))}" if found.statute else ""
    return {
        "severity": text(f"plan.severity_{rule.severity}", lang),
        "text": said[:1].upper() + said[1:] + by_law,
        "question": text(f"plan.question_{rule.code}{asked}", lang, **values),
    }
