"""A family's plan in words: everything a Word template may ask for, written in one language.

The family's page comes first and in plain language; the professional page holds every line with its source.
"""

from datetime import date

import pandas as pd

from helhed.errors import SEVERITIES
from helhed.plan.consent import has_programme_consent
from helhed.plan.consent_words import consent_rows, hidden_note
from helhed.plan.deadlines import next_review, plan_dates
from helhed.plan.family_page import Wording, capital, family_page, page_text
from helhed.plan.findings import words
from helhed.plan.law_words import law_in_words
from helhed.plan.letters import letter_fields, say
from helhed.plan.lix import level, lix
from helhed.plan.model import FamilyPlan, Line
from helhed.plan.statute_words import name_and_version
from helhed.plan.statutes import add_months
from helhed.plan.views import FAMILY, findings_for, view_of
from helhed.tables import code_label
from helhed.texts import day, number


def plan_in_words(plan: FamilyPlan, wording: Wording, reader: str = FAMILY) -> dict:
    """Return what a reader may see of the plan in words, by the names of `helhed.plan.fields.FIELDS`.

    Pictures, ``department`` and ``changes`` are put in where a document is written.
    """
    view, found = view_of(plan, reader), findings_for(plan, reader, wording.profile)
    page = family_page(view, wording, found)
    if any(li.is_own_goal for li in plan.lines) and not any(li.is_own_goal for li in view.lines):
        page["own_goals"] = [{"text": say("goals_not_shown", wording)}]
    findings = [
        (rule.severity, words(view, rule, item, wording.lang, profile=wording.profile, names=wording.names))
        for rule, item in sorted(found, key=lambda pair: SEVERITIES.index(pair[0].severity))
    ]
    score = reading_score(plan, wording)
    return {
        **page,
        **head_fields(view, wording),
        "members": [
            {
                "name": wording.who(view, m.person_id),
                "role": code_label("family_role", m.role, wording.lang),
            }
            for m in view.members
        ],
        "areas": _areas(view, wording),
        "lines": line_rows(view, wording),
        "network": _network(view, wording),
        "participants": _participants(view, wording),
        "findings": [finding for _, finding in findings],
        # The meeting's time is short: what is only worth a look stays on the professional page.
        "meeting_questions": [finding for severity, finding in findings if severity != "note"]
        or [{"severity": "–", "text": "–", "question": say("no_questions_at_table", wording)}],
        "consents": consent_rows(view, wording),
        "hidden": hidden_note(plan, reader, wording),
        "dates": _dates(view, wording),
        **_course(view, wording),
        **law_in_words(view, wording, has_programme_consent(plan)),
        **letter_fields(view, wording),
        "lix": number(score, wording.lang),
        "lix_level": wording.say(f"lix_{level(score)}") if score is not None else "–",
    }


def reading_score(plan: FamilyPlan, wording: Wording) -> float | None:
    """Return the LIX of the family's own page, whoever reads the document that tells it."""
    return lix(page_text(family_page(plan, wording, findings_for(plan, FAMILY, wording.profile))))


def head_fields(plan: FamilyPlan, wording: Wording) -> dict:
    """Return what stands at the head of every document: municipality, day, family, version, whether it is invented."""
    changed = {"role": plan.changed_by or wording.say("not_known"), "date": wording.day(plan.changed_date, "not_known")}
    return {
        "municipality": wording.profile.name,
        "made_on": day(plan.as_of, wording.lang),
        "family": plan.family_id,
        "notice": wording.say("invented") if wording.profile.is_synthetic else "",
        "version": say("version", wording, version=plan.version, **changed),
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
    """Return who stands around the family: those written down as its network, then the owners of live lines."""
    areas: dict[str, list[str]] = {}
    for line in plan.live_lines:
        if line.owner and not line.is_own_goal:
            areas.setdefault(line.owner, []).append(code_label("life_area", line.life_area, wording.lang))
    ordered = sorted(areas.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = [{"name": contact.who, "what": contact.what or ""} for contact in plan.network]
    rows += [{"name": owner, "what": ", ".join(dict.fromkeys(found))} for owner, found in ordered]
    return rows or [{"name": wording.say("not_known"), "what": ""}]


def _participants(plan: FamilyPlan, wording: Wording) -> str:
    names = plan.last_meeting.participants if plan.last_meeting else None
    return wording.say("network_participants", names=names or wording.say("not_known"))


def _dates(plan: FamilyPlan, wording: Wording) -> list[dict]:
    return [
        {
            "date": day(item.due_date, wording.lang),
            "act_by": day(item.act_by, wording.lang),
            "kind": wording.say(f"kind_{item.kind}"),
            "who": capital(wording.who(plan, item.person_id)),
            "what": item.what or (name_and_version(item.statute, wording.lang) if item.statute else "–"),
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
        "phase_out_from": day(plan.fade_out.from_date or phase_out, wording.lang),
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
