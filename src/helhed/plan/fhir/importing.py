"""CarePlans of other systems (FHIR R4, JSON) as lines of the canonical table ``plan_line``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from helhed.cpr import shows_cpr, without_cpr
from helhed.errors import Problem
from helhed.plan.fhir.dates import clock_of, day_of
from helhed.plan.fhir.shapes import (
    AREA_OF_PLAN,
    CODES,
    LINE,
    LINE_STATUS,
    Activity,
    CarePlan,
    Detail,
    Extension,
    Goal,
    elements_left,
)
from helhed.plan.field_types import writable
from helhed.plan.forms.layout import codes_by_label
from helhed.plan.forms.people import People
from helhed.plan.forms.sector import SectorLines
from helhed.plan.model import FamilyPlan
from helhed.plan.sector_lines import lines_table
from helhed.tables import codes
from helhed.texts import text

_DEFAULT_PLAN = "treatment_plan"


def read_fhir(
    files: Mapping[str, bytes],
    plans: Mapping[str, FamilyPlan],
    person_of_cpr: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> SectorLines:
    """Return one line per activity, and one per goal that no activity serves, of every CarePlan in the files.

    A file holds a CarePlan or a Bundle. Its subject must be a member of one family in the programme, known by the
    person's number in the run or, with a name list on the municipality's own machine, by CPR number; else the
    CarePlan is left out and told. A CarePlan that holds neither activities nor goals (the head of other plans) gives
    no lines.

    Parameters
    ----------
    files
        File name to content.
    plans
        The plans of the families in the programme, by id.
    person_of_cpr
        CPR number of ten digits to person id; see `helhed.plan.names.NameList`.
    names
        Person id to name, from the same list: a name of the family in a text gives way to the person's place.
    """
    rows, problems = [], []
    for name in sorted(files):
        reader = _File(name, plans, person_of_cpr or {}, names or {})
        rows += reader.rows(files[name])
        problems += reader.problems
    return SectorLines(lines_table(rows), tuple(problems))


@dataclass(frozen=True)
class _Place:
    """Where a line was read: its CarePlan's place in the file and the resources that it may point to."""

    number: int
    plan: CarePlan
    resources: Mapping[str, dict]


class _File:
    """One file while it is read."""

    def __init__(
        self, name: str, plans: Mapping[str, FamilyPlan], person_of_cpr: Mapping[str, str], names: Mapping[str, str]
    ):
        self.name, self.plans, self.person_of_cpr, self.names = name, plans, person_of_cpr, names
        self.problems: list[Problem] = []

    def rows(self, content: bytes) -> list[dict]:
        """Return the lines of the file."""
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            return self._nothing("not_json")
        entries = _entries(found)
        if not any(one.get("resourceType") == "CarePlan" for _, one in entries):
            return self._nothing("no_care_plan")
        known = _by_reference(entries)
        rows = []
        for number, (_, one) in enumerate(entries, 1):
            if one.get("resourceType") == "CarePlan":
                rows += self._care_plan(number, one, known)
        return rows

    def _nothing(self, code: str) -> list[dict]:
        self._tell(code)
        return []

    def _tell(self, code: str, severity: str = "must_fix", **more) -> None:
        self.problems.append(Problem(f"plan_fhir.{code}", severity, file=self.name, **more))

    def _care_plan(self, number: int, raw: dict, known: Mapping[str, dict]) -> list[dict]:
        try:
            plan = CarePlan.model_validate(raw)
        except ValidationError as error:
            for one in error.errors():
                where = ".".join(str(part) for part in ("CarePlan", *one["loc"]))
                self._tell("misfit", row=number, value=where)
            return []
        place = _Place(number, plan, known | _by_reference([("", one) for one in plan.contained]))
        lines = list(self._lines(place))
        if not lines:
            return []
        whose = self._whose(place)
        if whose is None:
            self._tell("unknown_subject", row=number)
            return []
        if left := elements_left(raw):
            self._tell("not_read", "note", row=number, value=", ".join(left))
        source = self._source_plan(place)
        return [self._row(line, source, whose, f"fhir {number}.{at}", place) for at, line in enumerate(lines, 1)]

    def _whose(self, place: _Place) -> tuple[str, str | None] | None:
        """Return family and person of a CarePlan; None if they are not known, or not for certain."""
        subject = place.plan.subject
        resource = place.resources.get(subject.reference or "", {})
        listed = resource.get("identifier")
        numbers = [one.get("value") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        numbers += [subject.identifier.value] if subject.identifier else []
        persons = {self.person_of_cpr.get(_digits(one), one) for one in numbers if isinstance(one, str)}
        found = {(family, None) for family in self.plans if family in persons}
        for family, plan in self.plans.items():
            found |= {(family, member.person_id) for member in plan.members if member.person_id in persons}
        return next(iter(found)) if len(found) == 1 else None

    def _source_plan(self, place: _Place) -> str:
        for concept in place.plan.category:
            for coding in concept.coding:
                if coding.system == CODES and coding.code in codes()["source_plan"]:
                    return coding.code
            if found := codes_by_label("source_plan").get((concept.words or "").casefold().strip()):
                return found
        self._tell("plan_assumed", "note", row=place.number)
        return _DEFAULT_PLAN

    def _lines(self, place: _Place) -> Iterator[dict]:
        served = set()
        for activity in place.plan.activity:
            served |= {goal.reference for goal in activity.detail.goal} if activity.detail else set()
            yield self._of_activity(activity, place)
        for reference in place.plan.goal:
            if reference.reference is None or reference.reference not in served:
                line = _of_goal(_goal_of(reference.reference, place), reference.display)
                if not line.get("goal"):
                    self._tell("no_words", "should_fix", row=place.number)
                yield line

    def _of_activity(self, activity: Activity, place: _Place) -> dict:
        if activity.detail:
            if activity.detail.doNotPerform:
                self._tell("do_not", "should_fix", row=place.number)
            return _of_detail(activity.detail, place)
        pointer = activity.reference
        resource = place.resources.get(pointer.reference or "", {}) if pointer else {}
        request = _request(resource)
        action = (pointer.display if pointer else None) or request.get("action")
        if not action:
            self._tell("no_words", "should_fix", row=place.number)
        return request | {"action": action}

    def _row(self, line: dict, source: str, whose: tuple[str, str | None], read_from: str, place: _Place) -> dict:
        row = {"status": LINE_STATUS.get(place.plan.status, "active")} | {
            k: v for k, v in line.items() if v is not None
        }
        row.setdefault("life_area", AREA_OF_PLAN[source])
        family, person = whose
        people = People(self.plans[family].members, "da", self.names)
        row |= {
            name: self._without_persons(value, people, place) for name, value in row.items() if isinstance(value, str)
        }
        return row | {"family_id": family, "person_id": person, "source_plan": source, "read_from": read_from}

    def _without_persons(self, value: str, people: People, place: _Place) -> str:
        """Return a text as a plan holds it: without CPR numbers and without names of the family's members."""
        value = writable(value)
        if shows_cpr(value):
            self._tell("cpr_removed", "should_fix", row=place.number)
            value = without_cpr(value)
        hidden = people.without_names(value)
        if hidden != value:
            self._tell("name_removed", "note", row=place.number)
        return hidden


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit()) or number


def _entries(found) -> list[tuple[str, dict]]:
    """Return the resources of a file with the address of each: those of a Bundle, or the one resource that it is."""
    if not isinstance(found, dict):
        return []
    if found.get("resourceType") != "Bundle":
        return [("", found)]
    listed = found.get("entry")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return [(str(e.get("fullUrl") or ""), e["resource"]) for e in entries if isinstance(e.get("resource"), dict)]


def _by_reference(entries: list[tuple[str, dict]]) -> dict[str, dict]:
    known = {}
    for url, one in entries:
        name = f"{one.get('resourceType')}/{one.get('id')}"
        known |= {name: one, f"#{one.get('id')}": one} | ({url: one} if url else {})
    return known


def _goal_of(reference: str | None, place: _Place) -> Goal | None:
    try:
        return Goal.model_validate(place.resources[reference or ""])
    except (KeyError, ValidationError):
        return None


def _of_goal(goal: Goal | None, display: str | None) -> dict:
    if goal is None:
        return {"goal": display}
    due = next((one.dueDate for one in goal.target if one.dueDate), None)
    days = {"start_date": day_of(goal.startDate), "due_date": day_of(due, is_end=True)}
    status = {"status": LINE_STATUS.get(goal.lifecycleStatus or "")}
    return {"goal": goal.description.words or display} | days | status | _further(goal.extension)


def _of_detail(detail: Detail, place: _Place) -> dict:
    goals = [(_goal_of(one.reference, place), one.display) for one in detail.goal]
    words = [_of_goal(goal, display).get("goal") for goal, display in goals]
    period = detail.scheduledPeriod
    if period is None and detail.scheduledTiming and detail.scheduledTiming.repeat:
        period = detail.scheduledTiming.repeat.boundsPeriod
    action = detail.description or (detail.code.words if detail.code else None)
    if detail.doNotPerform:
        action = text("plan_fhir.do_not_words", "da", action=action or "–")
    line = {
        "goal": "\n".join(one for one in words if one) or None,
        "action": action,
        "owner": ", ".join(one.display for one in detail.performer if one.display) or None,
        "start_date": day_of(period.start) if period else None,
        "due_date": day_of(period.end, is_end=True) if period else None,
        "status": LINE_STATUS.get(detail.status or ""),
    }
    return line | _further(detail.extension)


def _request(resource: Mapping) -> dict:
    """Return what a request, task or appointment says of an activity, as far as it can be read as words."""
    try:
        detail = Detail.model_validate(
            {
                "status": resource.get("status"),
                "code": resource.get("code") if isinstance(resource.get("code"), dict) else None,
                "description": resource.get("description") if isinstance(resource.get("description"), str) else None,
                "scheduledPeriod": resource.get("occurrencePeriod") or resource.get("executionPeriod"),
            }
        )
    except ValidationError:
        return {}
    return _of_detail(detail, _NOWHERE)


_NOWHERE = _Place(0, CarePlan(resourceType="CarePlan", status="unknown", subject={}), {})


def _further(extensions: list[Extension]) -> dict:
    """Return what an extension of our own says of a line; values that no line can hold are left aside."""
    own = [one for extension in extensions if extension.url == LINE for one in extension.extension]
    words = {one.url: one.valueString for one in own if one.valueString}
    hours = next((one.valueDecimal for one in own if one.url == "hours_per_week"), None)
    areas, departments, weekdays = codes()["life_area"], codes()["department"], codes_by_label("weekday")
    scope = [one for one in words.get("consent_scope", "").replace(";", ",").split(",") if one in departments]
    found = {
        "life_area": words["life_area"] if words.get("life_area") in areas else None,
        "section": words.get("section"),
        "owner": words.get("owner"),
        "status": words["status"] if words.get("status") in codes()["line_status"] else None,
        "consent_scope": ",".join(scope) or None,
        "hours_per_week": hours if hours is not None and 0 <= hours <= 60 else None,
        "weekdays": tuple(one for one in words.get("weekdays", "").split(",") if one in weekdays) or None,
        "day_start": clock_of(words.get("day_start")),
        "day_end": clock_of(words.get("day_end")),
    }
    return {name: value for name, value in found.items() if value is not None}
