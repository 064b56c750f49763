"""The family's page of the plan in plain language: own goals first, agreements, what is under way, questions."""

from dataclasses import dataclass, field
from datetime import date, time

from helhed.plan.deadlines import next_meeting_due
from helhed.plan.findings import Finding, Rule, who, words
from helhed.plan.model import FamilyPlan, Line
from helhed.texts import day, text

#: Findings that concern the case work alone; they are not asked on the family's page.
FOR_STAFF = frozenset(
    ("consent_after_start", "measure_without_case", "measure_without_section", "measure_without_end")
    + ("examination_late", "person_outside_family", "nobody_may_see", "action_without_goal", "childs_plan_not_seen")
    + (
        "custody_not_known",
        "section_of_earlier_act",
        "adult_plan_without_effort",
        "adult_plan_without_length",
        "dates_reversed",
        "meeting_on_day_off",
    )
)
_QUESTIONS_FOR_FAMILY = 5


@dataclass(frozen=True)
class Wording:
    """How a plan is written: the profile, the language and, at the very end, the names of the persons."""

    profile: object
    lang: str
    #: Person id to name; only ever filled in on the municipality's own machine.
    names: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, **values) -> str:
        """Return a text of the plan's catalogue."""
        return text(f"plan.{key}", self.lang, **values)

    def day(self, when: date | None, missing: str = "not_set") -> str:
        """Return a date in words, or what stands for a missing one."""
        return day(when, self.lang) if when else self.say(missing)

    def clock(self, start: time | None, end: time | None) -> str:
        """Return hours as written in the language; empty without a start."""
        if start is None:
            return ""
        form = "%H.%M" if self.lang == "da" else "%H:%M"
        span = f"{start:{form}}–{end:{form}}" if end else f"{start:{form}}"
        return text("plan_documents.clock", self.lang, span=span)

    def who(self, plan: FamilyPlan, person_id: str | None) -> str:
        """Return what a person is called."""
        return who(plan, person_id, self.lang, self.names)


def family_page(plan: FamilyPlan, wording: Wording, found: list[tuple[Rule, Finding]]) -> dict:
    """Return what stands on the family's page: own goals first, agreements, what is under way, contact, questions."""
    coordinator = wording.names.get(plan.coordinator_id or "", plan.coordinator_id)
    return {
        "own_goals": _own_goals(plan, wording),
        "agreements": _agreements(plan, wording),
        "now": _now(plan, wording),
        "coordinator": wording.say("coordinator_is", coordinator=coordinator)
        if coordinator
        else wording.say("coordinator_missing"),
        "meeting": _meeting(plan, wording),
        "questions": _family_questions(plan, wording, found),
    }


def page_text(page: dict) -> str:
    """Return the words of the family's page, one line per sentence or row, for the reading score."""
    rows = [row["text"] for row in page["own_goals"] + page["questions"]]
    rows += [f"{row['what']}. {row['who']}. {row['when']}" for row in page["agreements"]]
    rows += [line["text"] for person in page["now"] for line in person["lines"]]
    return "\n".join([*rows, page["coordinator"], page["meeting"]])


def _own_goals(plan: FamilyPlan, wording: Wording) -> list[dict]:
    if not plan.own_goals:
        had_goals = any(line.is_own_goal and line.goal for line in plan.lines)
        return [{"text": wording.say("only_old_goals" if had_goals else "no_own_goals")}]
    order = {member.person_id: position for position, member in enumerate(plan.members)}
    lines = sorted(plan.own_goals, key=lambda line: order.get(line.person_id, -1))
    return [{"text": _own_goal(plan, line, wording)} for line in lines]


def _own_goal(plan: FamilyPlan, line: Line, wording: Wording) -> str:
    goal = line.goal.strip(' »«"“”')
    if line.person_id:
        written = wording.say("goal_of", who=wording.who(plan, line.person_id), goal=goal)
    else:
        written = wording.say("goal_of_family", goal=goal)
    return f"{written}. {wording.say('first_step', action=line.action.strip().rstrip('.'))}" if line.action else written


def _agreements(plan: FamilyPlan, wording: Wording) -> list[dict]:
    agreed = plan.last_meeting.agreements if plan.last_meeting else ()
    rows = [
        {"what": item.what, "who": item.owner or wording.say("not_set"), "when": wording.day(item.due_date)}
        for item in agreed
    ]
    return rows or [{"what": wording.say("no_agreements"), "who": "", "when": ""}]


def _now(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return what is under way for each person, what stands in two plans written once."""
    ids = [m.person_id for m in plan.members] + [None]
    rows = []
    for person_id in ids:
        lines = [li for li in plan.live_actions if li.person_id == person_id]
        if lines:
            rows.append(
                {"name": capital(wording.who(plan, person_id)), "lines": [_plainly(li, wording) for li in lines]}
            )
    return rows or [{"name": wording.say("nothing_now"), "lines": []}]


def _plainly(line: Line, wording: Wording) -> dict:
    parts = [f"{capital(line.action.strip()).rstrip('.')}."]
    parts.append(wording.say("owner_is", owner=capital(line.owner)) if line.owner else wording.say("no_owner"))
    if line.due_date:
        parts.append(wording.say("was_due" if line.is_overdue else "until", date=day(line.due_date, wording.lang)))
    return {"text": " ".join(parts)}


def _meeting(plan: FamilyPlan, wording: Wording) -> str:
    if coming := plan.next_meeting:
        said = wording.say("meeting_is_set", date=day(coming.held_date, wording.lang))
        parts = [wording.clock(coming.start_time, coming.end_time), coming.place or ""]
        return " ".join([said, *(f"{capital(part)}." for part in parts if part)])
    due = next_meeting_due(plan, wording.profile["plan.network_meeting_months"])
    if due and due >= plan.as_of:
        return wording.say("meeting_due", date=day(due, wording.lang))
    return wording.say("meeting_not_set")


def _family_questions(plan: FamilyPlan, wording: Wording, found: list[tuple[Rule, Finding]]) -> list[dict]:
    first_of_rule = {rule.code: (rule, item) for rule, item in reversed(found) if rule.code not in FOR_STAFF}
    chosen = [pair for pair in found if first_of_rule.get(pair[0].code) == pair][:_QUESTIONS_FOR_FAMILY]
    rows = [
        {"text": words(plan, rule, item, wording.lang, profile=wording.profile, names=wording.names)["question"]}
        for rule, item in chosen
    ]
    return rows or [{"text": wording.say("no_questions")}]


def capital(words_: str) -> str:
    """Return the words with a capital first letter."""
    return words_[:1].upper() + words_[1:]
