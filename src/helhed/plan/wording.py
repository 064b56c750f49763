"""A family's plan in words: everything a Word template may ask for, written in one language.

The family's page comes first and in plain language; the professional page holds every line with its source.
"""

from datetime import date

import pandas as pd

from helhed.plan.deadlines import next_review, plan_dates
from helhed.plan.family_page import Wording, capital, family_page, page_text
from helhed.plan.findings import find, words
from helhed.plan.lix import level, lix
from helhed.plan.model import FamilyPlan, Line
from helhed.plan.statutes import add_months, statutes
from helhed.tables import code_label
from helhed.texts import day, number

#: Every field a template may use: None for a text, else the fields of each row of a list.
FIELDS: dict[str, tuple[str, ...] | None] = {
    "municipality": None,
    "made_on": None,
    "family": None,
    "notice": None,
    "department": None,
    "members": ("name", "role"),
    "own_goals": ("text",),
    "agreements": ("what", "who", "when"),
    "now": ("name", "lines"),
    "coordinator": None,
    "meeting": None,
    "questions": ("text",),
    "timeline": None,
    "areas": ("name", "goals", "actions", "owners"),
    "lines": ("person", "area", "goal", "action", "owner", "dates", "status", "source", "legal", "seen_by", "mark"),
    "network": ("name", "what"),
    "participants": None,
    "findings": ("severity", "text", "question"),
    "meeting_questions": ("severity", "question"),
    "consents": ("who", "what", "state"),
    "dates": ("date", "kind", "who", "what", "owner"),
    "phase": None,
    "phase_out_from": None,
    "review": None,
    "statutes": ("name", "text", "url", "read"),
    "lix": None,
    "lix_level": None,
}
_SEVERITIES = ("must_fix", "should_fix", "note")
_ALWAYS_SHOWN = ("bl_32", "bl_91", "bl_92", "bl_95", "bl_110", "sel_141", "lab_42", "rsl_11a", "rsl_11b", "rsl_11c")


def plan_in_words(plan: FamilyPlan, wording: Wording) -> dict:
    """Return the plan in words, by the names of `FIELDS` (all but ``timeline`` and ``department``)."""
    found = find(plan, wording.profile)
    page = family_page(plan, wording, found)
    findings = [
        (rule.severity, words(plan, rule, item, wording.lang, profile=wording.profile, names=wording.names))
        for rule, item in sorted(found, key=lambda pair: _SEVERITIES.index(pair[0].severity))
    ]
    score = lix(page_text(page))
    return {
        **page,
        "municipality": wording.profile.name,
        "made_on": day(plan.as_of, wording.lang),
        "family": plan.family_id,
        "notice": wording.say("invented") if wording.profile.is_synthetic else "",
        "members": [
            {
                "name": wording.who(plan, m.person_id),
                "role": code_label("family_role", m.role, wording.lang),
            }
            for m in plan.members
        ],
        "areas": _areas(plan, wording),
        "lines": line_rows(plan, wording),
        "network": _network(plan, wording),
        "participants": _participants(plan, wording),
        "findings": [finding for _, finding in findings],
        # The meeting's time is short: what is only worth a look stays on the professional page.
        "meeting_questions": [finding for severity, finding in findings if severity != "note"],
        "consents": _consents(plan, wording),
        "dates": _dates(plan, wording),
        **_course(plan, wording),
        "statutes": _statutes(plan, wording),
        "lix": number(score, wording.lang),
        "lix_level": wording.say(f"lix_{level(score)}") if score is not None else "–",
    }


def _areas(plan: FamilyPlan, wording: Wording) -> list[dict]:
    rows = []
    for area in ("family", "social", "education", "employment", "health", "housing", "leisure"):
        lines = [line for line in plan.live_lines if line.life_area == area]
        if lines:
            goals = dict.fromkeys(line.goal.strip() for line in lines if line.goal)
            actions = dict.fromkeys(li.action.strip() for li in plan.live_actions if li.life_area == area)
            owners = dict.fromkeys(line.owner for line in lines if line.owner)
            rows.append(
                {
                    "name": capital(code_label("life_area", area, wording.lang)),
                    "goals": "; ".join(goals) or "–",
                    "actions": "; ".join(actions) or "–",
                    "owners": ", ".join(owners) or wording.say("not_set"),
                }
            )
    return rows


def line_rows(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return every line of the plan in words, by member; what is done or dropped comes last."""
    order = {m.person_id: position for position, m in enumerate(plan.members)}
    last = len(order)
    lines = sorted(plan.lines, key=lambda li: (not li.is_live, order.get(li.person_id, last), li.life_area, li.line_id))
    source = {line.line_id: line.source_plan for line in plan.lines}
    return [_line_row(plan, line, wording, source) for line in lines]


def _line_row(plan: FamilyPlan, line: Line, wording: Wording, source: dict[str, str]) -> dict:
    lang = wording.lang
    dates = [day(when, lang, "short") if when else "…" for when in (line.start_date, line.due_date)]
    seen_by = [code_label("department", name.strip(), lang) for name in (line.consent_scope or "").split(",") if name]
    legal = wording.say(f"legal_{line.legal_status}")
    marks = [wording.say("mark_overdue")] if line.is_overdue else []
    if line.duplicate != "no" and line.duplicate_of in source:
        other = code_label("source_plan", source[line.duplicate_of], lang)
        marks.append(wording.say(f"mark_{line.duplicate}", source=other))
    return {
        "person": wording.who(plan, line.person_id),
        "area": code_label("life_area", line.life_area, lang),
        "goal": line.goal or "–",
        "action": line.action or "–",
        "owner": line.owner or ("–" if line.is_own_goal else wording.say("not_set")),
        "dates": " – ".join(dates) if line.start_date or line.due_date else "–",
        "status": code_label("line_status", line.status, lang),
        "source": code_label("source_plan", line.source_plan, lang),
        "legal": f"{line.section} ({legal})" if line.section else legal,
        "seen_by": ", ".join(seen_by) or wording.say("nobody"),
        "mark": ". ".join(marks),
    }


def timeline_bars(plan: FamilyPlan, wording: Wording) -> pd.DataFrame:
    """Return what the timeline draws, by member; see `helhed.figures.plan.timeline_picture`."""
    order = {member.person_id: position for position, member in enumerate(plan.members)}
    lines = sorted(plan.live_actions, key=lambda line: (order.get(line.person_id, len(order)), line.life_area))
    return pd.DataFrame(
        {
            "person": [capital(wording.who(plan, line.person_id)) for line in lines],
            "what": [line.action for line in lines],
            "area": [line.life_area for line in lines],
            "start_date": pd.Series([line.start_date for line in lines], dtype="object"),
            "due_date": pd.Series([line.due_date for line in lines], dtype="object"),
        }
    )


def _network(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return who works with the family and on what: the owners of live lines, most lines first."""
    areas: dict[str, list[str]] = {}
    for line in plan.live_lines:
        if line.owner and not line.is_own_goal:
            areas.setdefault(line.owner, []).append(code_label("life_area", line.life_area, wording.lang))
    ordered = sorted(areas.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = [{"name": owner, "what": ", ".join(dict.fromkeys(found))} for owner, found in ordered]
    return rows or [{"name": wording.say("not_known"), "what": ""}]


def _participants(plan: FamilyPlan, wording: Wording) -> str:
    names = plan.last_meeting.participants if plan.last_meeting else None
    return wording.say("network_participants", names=names or wording.say("not_known"))


def _consents(plan: FamilyPlan, wording: Wording) -> list[dict]:
    given = plan.consent_date
    state = wording.say("consent_given", date=day(given, wording.lang)) if given else wording.say("consent_missing")
    rows = [{"who": capital(wording.say("the_family")), "what": wording.say("consent_family"), "state": state}]
    party, own_years = statutes()["bl_3"], wording.profile["plan.own_consent_years"]
    for member in plan.members:
        if member.role != "child":
            continue
        name = wording.who(plan, member.person_id)
        if member.age is None:
            what = wording.say("consent_child_party", age=party.age)
            rows.append({"who": name, "what": what, "state": wording.say("age_cannot_tell")})
        elif member.age >= party.age:
            what = wording.say("consent_child_party", age=party.age)
            rows.append({"who": name, "what": what, "state": wording.say("consent_yes")})
        is_placed = any(li.person_id == member.person_id and li.measure_group == "placement" for li in plan.live_lines)
        if is_placed and member.age is not None and member.age >= own_years:
            what = wording.say("consent_own_placement", age=own_years)
            rows.append({"who": name, "what": what, "state": wording.say("consent_cannot_tell")})
    return rows


def _dates(plan: FamilyPlan, wording: Wording) -> list[dict]:
    return [
        {
            "date": day(item.due_date, wording.lang),
            "kind": wording.say(f"kind_{item.kind}"),
            "who": capital(wording.who(plan, item.person_id)),
            "what": item.what or (statutes()[item.statute_id].name(wording.lang) if item.statute_id else "–"),
            "owner": item.owner or wording.say("not_set"),
        }
        for item in plan_dates(plan, wording.profile)
    ]


def _course(plan: FamilyPlan, wording: Wording) -> dict:
    """Return where the family is in the course: phase, when the coordinator begins to step back, next review."""
    profile, start = wording.profile, plan.start_date
    review = next_review(plan, profile["plan.review_months"])
    if start is None:
        return {"phase": wording.say("phase_unknown"), "phase_out_from": "–", "review": "–"}
    name, phase_out = phase(start, plan.as_of, [profile[f"staffing.{part}_months"] for part in _PHASES])
    return {
        "phase": wording.say(f"phase_{name}"),
        "phase_out_from": day(phase_out, wording.lang),
        "review": wording.day(review),
    }


_PHASES = ("start", "active", "fade_out")


def phase(start: date, as_of: date, months: list[float]) -> tuple[str, date]:
    """Return the phase of a family's course on a day, and the day the coordinator begins to step back.

    Parameters
    ----------
    start, as_of
        First day of the course; the day asked for.
    months
        Length of start-up, active support and phase-out in months; parts of a month are rounded to whole months in
        the running total.

    Examples
    --------
    >>> phase(date(2025, 1, 1), date(2025, 8, 1), [2, 6, 3])
    ('active', datetime.date(2025, 9, 1))
    """
    ends = [add_months(start, round(sum(months[: count + 1]))) for count in range(len(months))]
    name = next((name for name, end in zip(_PHASES, ends, strict=True) if as_of < end), "over")
    return name, ends[1]


def _statutes(plan: FamilyPlan, wording: Wording) -> list[dict]:
    used = {line.statute_id for line in plan.live_lines if line.statute_id} | set(_ALWAYS_SHOWN)
    return [
        {
            "name": rule.name(wording.lang),
            "text": rule.rule(wording.lang),
            "url": rule.url,
            "read": day(rule.read_date, wording.lang),
        }
        for name, rule in statutes().items()
        if name in used and rule.holds(plan.as_of)
    ]
