"""The fields of the letters around a network meeting and the course: invitation, minutes, consent form, phase-out."""

from datetime import date

from helhed.plan.family_page import Wording, capital
from helhed.plan.model import FamilyPlan, Line, Meeting
from helhed.plan.statutes import in_force
from helhed.plan.views import DEPARTMENTS, departments_at_the_table, may_see
from helhed.tables import code_label
from helhed.texts import text


def letter_fields(plan: FamilyPlan, wording: Wording) -> dict:
    """Return the fields of the letters, from the plan as their reader may see it."""
    return {
        **_meeting_fields(plan, wording),
        "invited": _invited(plan, wording),
        "shares": _shares(plan, wording),
        "children_asked": _children_asked(plan, wording),
        "children_party": _children_party(plan, wording),
        "signers": _signers(plan, wording),
        **_phase_out_fields(plan, wording),
        "evaluation": _evaluation(plan, wording),
    }


def say(key: str, wording: Wording, **values) -> str:
    """Return a text of the documents' catalogue."""
    return text(f"plan_documents.{key}", wording.lang, **values)


def _meeting_fields(plan: FamilyPlan, wording: Wording) -> dict:
    coming, held = plan.next_meeting, plan.last_meeting
    to_fill_in = say("to_fill_in", wording)
    return {
        "meeting_date": wording.day(coming.held_date) if coming else to_fill_in,
        "meeting_time": (wording.clock(coming.start_time, coming.end_time) if coming else "") or to_fill_in,
        "meeting_place": (coming.place if coming else None) or to_fill_in,
        "held_date": wording.day(held.held_date) if held else to_fill_in,
        "held_kind": capital(code_label("meeting_kind", held.kind, wording.lang)) if held else "–",
        "held_participants": (held.participants if held else None) or to_fill_in,
    }


def _invited(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return who is asked to the next meeting: those written down for it, else those the reader can see, with room."""
    coming: Meeting | None = plan.next_meeting
    if coming and coming.participants:
        return [{"name": capital(name.strip())} for name in coming.participants.split(",") if name.strip()]
    departments = [code_label("department", name, wording.lang) for name in departments_at_the_table(plan)]
    names = [wording.say("the_family"), say("coordinator", wording), *departments, say("to_fill_in", wording)]
    return [{"name": capital(name)} for name in names]


def _shares(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return what each department would like to see of the others' lines, for the family to say yes or no to."""
    rows = []
    for department in DEPARTMENTS:
        wanted = [line for line in plan.live_lines if line.department != department]
        shared = [line for line in wanted if may_see(plan, line, department)]
        rows.append(
            {
                "department": capital(code_label("department", department, wording.lang)),
                "today": _areas_of(shared, wording) or say("sees_own_only", wording),
            }
        )
    return rows


def _areas_of(lines: list[Line], wording: Wording) -> str:
    return ", ".join(dict.fromkeys(code_label("life_area", line.life_area, wording.lang) for line in lines))


def _children_asked(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return the children and young people of the family, each with room for an own answer."""
    children = [member for member in plan.members if member.role != "adult"]
    return [{"name": wording.who(plan, member.person_id)} for member in children]


def _children_party(plan: FamilyPlan, wording: Wording) -> str:
    """Return from what age a child is a party, by the rule in force on the day of the plan; a question without one."""
    rule = in_force("bl_3", plan.as_of)
    return say("children_party", wording, age=rule.age) if rule else text("plan.law_party_asked", wording.lang)


def _signers(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return who signs: adults, and children from the age at which they are a party to their own case.

    Where the age of a child, or the rule in force on the day of the plan, is not known, the child is not left out.
    """
    rule = in_force("bl_3", plan.as_of)
    party_age = rule.age if rule else 0
    signing = [one for one in plan.members if one.role != "child" or one.age is None or one.age >= party_age]
    return [{"name": wording.who(plan, member.person_id)} for member in signing]


def _phase_out_fields(plan: FamilyPlan, wording: Wording) -> dict:
    steps = plan.fade_out.steps
    return {
        "fade_out_steps": [
            {
                "what": step.what,
                "who": step.takes_over or wording.say("not_set"),
                "when": wording.day(step.due_date),
                "state": say("step_done" if step.is_done else "step_ahead", wording),
            }
            for step in steps
        ]
        or [{"what": say("no_steps", wording), "who": "", "when": "", "state": ""}],
        "continues": _continues(plan, plan.fade_out.to_date or plan.fade_out.from_date or plan.as_of, wording),
        "contact_after": plan.fade_out.contact_after or say("to_fill_in", wording),
        "fade_out_to": wording.day(plan.fade_out.to_date),
    }


def _continues(plan: FamilyPlan, after: date, wording: Wording) -> list[dict]:
    """Return what goes on after the coordinator's last day: what runs on then or has no end.

    Nobody is promised by name where the plan names nobody.
    """
    lines = [line for line in plan.live_actions if line.due_date is None or line.due_date >= after]
    rows = [
        {"text": f"{capital(line.action.strip())} ({line.owner or say('owner_to_agree', wording)})"} for line in lines
    ]
    return rows or [{"text": say("nothing_continues", wording)}]


def _evaluation(plan: FamilyPlan, wording: Wording) -> list[dict]:
    rows = [
        {
            "who": wording.who(plan, one.person_id),
            "question": one.question or "–",
            "answer": one.answer or "–",
            "score": say("score", wording, score=one.score) if one.score else "–",
        }
        for one in plan.evaluations
    ]
    return rows or [{"who": say("no_evaluation", wording), "question": "", "answer": "", "score": ""}]
