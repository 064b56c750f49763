"""The shared plan as a FHIR R4 Bundle: one CarePlan for the family and, as parts of it, one per sector plan."""

from collections.abc import Iterator

from helhed.plan.fhir.shapes import ACTIVITY_STATUS, CODES, FAMILIES, GOAL_STATUS, LINE, PERSONS
from helhed.plan.model import FamilyPlan, Line
from helhed.tables import code_label
from helhed.texts import text

_FURTHER = ("life_area", "section", "consent_scope")


def plan_to_fhir(plan: FamilyPlan, lang: str) -> dict:
    """Return a plan as a Bundle that holds no names: persons are known by their number in the run.

    Every line stands once, as an activity with its goal or as a goal alone; what FHIR has no place for (life area,
    section of law, who may see it) stands in an extension, so that `helhed.plan.fhir.read_fhir` gives the line back.

    Parameters
    ----------
    lang
        The language of titles and categories.
    """
    refs = {member.person_id: f"member-{at}" for at, member in enumerate(plan.members, 1)}
    strangers = [line.person_id for line in plan.lines if line.person_id and line.person_id not in refs]
    refs |= {person: f"other-{at}" for at, person in enumerate(dict.fromkeys(strangers), 1)}
    resources = [
        _group(plan, refs),
        *(_patient(person, ref) for person, ref in refs.items()),
        _whole(plan, lang),
        *_sector_plans(plan, refs, lang),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": f"{plan.as_of:%Y-%m-%d}T00:00:00Z",
        "entry": [{"fullUrl": f"urn:helhed:{one['resourceType']}:{one['id']}", "resource": one} for one in resources],
    }


def _group(plan: FamilyPlan, refs: dict[str, str]) -> dict:
    group = {
        "resourceType": "Group",
        "id": "family",
        "identifier": [{"system": FAMILIES, "value": plan.family_id}],
        "type": "person",
        "actual": True,
        "member": [{"entity": {"reference": f"Patient/{refs[one.person_id]}"}} for one in plan.members],
    }
    return {name: value for name, value in group.items() if value != []}


def _patient(person_id: str, ref: str) -> dict:
    return {"resourceType": "Patient", "id": ref, "identifier": [{"system": PERSONS, "value": person_id}]}


def _whole(plan: FamilyPlan, lang: str) -> dict:
    whole = {
        "resourceType": "CarePlan",
        "id": "shared",
        "status": "active",
        "intent": "plan",
        "title": text("plan_fhir.title", lang),
        "subject": {"reference": "Group/family"},
        "created": f"{plan.as_of:%Y-%m-%d}",
    }
    return whole | ({"period": {"start": f"{plan.start_date:%Y-%m-%d}"}} if plan.start_date else {})


def _sector_plans(plan: FamilyPlan, refs: dict[str, str], lang: str) -> Iterator[dict]:
    parts: dict[tuple, list[tuple[int, Line]]] = {}
    for at, line in enumerate(plan.lines, 1):
        parts.setdefault((line.person_id, line.source_plan), []).append((at, line))
    for number, ((person, source), lines) in enumerate(parts.items(), 1):
        subject = {"reference": f"Patient/{refs[person]}" if person else "Group/family"}
        goals = [_goal(at, line, subject) for at, line in lines if _filled(line.goal)]
        label = code_label("source_plan", source, lang)
        sector = {
            "resourceType": "CarePlan",
            "id": f"sector-{number}",
            "partOf": [{"reference": "CarePlan/shared"}],
            "status": "active" if any(line.is_live for _, line in lines) else "completed",
            "intent": "plan",
            "category": [{"coding": [{"system": CODES, "code": source, "display": label}], "text": label}],
            "subject": subject,
            "goal": [{"reference": f"Goal/{goal['id']}"} for goal in goals],
            # A line with neither goal nor action is a line all the same.
            "activity": [_activity(at, line) for at, line in lines if _filled(line.action) or not _filled(line.goal)],
        }
        yield from goals
        yield {name: value for name, value in sector.items() if value != []}


def _filled(words: str | None) -> bool:
    return bool(words and words.strip())


def _goal(at: int, line: Line, subject: dict) -> dict:
    goal = {
        "resourceType": "Goal",
        "id": f"goal-{at}",
        "lifecycleStatus": GOAL_STATUS[line.status],
        "description": {"text": line.goal},
        "subject": subject,
    }
    if line.start_date:
        goal["startDate"] = f"{line.start_date:%Y-%m-%d}"
    if line.due_date:
        goal["target"] = [{"dueDate": f"{line.due_date:%Y-%m-%d}"}]
    return goal if _filled(line.action) else goal | {"extension": [_extension(line)]}


def _activity(at: int, line: Line) -> dict:
    detail = {"extension": [_extension(line)], "status": ACTIVITY_STATUS[line.status]}
    if _filled(line.action):
        detail["description"] = line.action
    if _filled(line.goal):
        detail["goal"] = [{"reference": f"Goal/goal-{at}"}]
    days = {"start": line.start_date, "end": line.due_date}
    if any(days.values()):
        detail["scheduledPeriod"] = {name: f"{day:%Y-%m-%d}" for name, day in days.items() if day}
    if _filled(line.owner):
        detail["performer"] = [{"display": line.owner}]
    return {"detail": detail}


def _extension(line: Line) -> dict:
    """Return what FHIR has no place for; the owner stands here too, where a goal alone has no performer."""
    words = {name: getattr(line, name) for name in _FURTHER} | {
        "owner": line.owner,
        "status": line.status,
        "weekdays": ",".join(line.weekdays),
        "day_start": f"{line.day_start:%H:%M}" if line.day_start else None,
        "day_end": f"{line.day_end:%H:%M}" if line.day_end else None,
    }
    inside = [{"url": name, "valueString": value} for name, value in words.items() if _filled(value)]
    if line.hours_per_week is not None:
        inside.append({"url": "hours_per_week", "valueDecimal": line.hours_per_week})
    return {"url": LINE, "extension": inside}
