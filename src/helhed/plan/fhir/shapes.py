"""The parts of FHIR R4 that lines of a plan are read from, and the codes that both sides share.

Source: HL7 FHIR Release 4 (4.0.1), resources CarePlan, Goal, Patient, Group and Bundle.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

#: Where the codes and the further fields of a line are declared.
CODES = "https://github.com/helhed/helhed/fhir/codes"
LINE = "https://github.com/helhed/helhed/fhir/plan-line"
PERSONS, FAMILIES = "urn:helhed:person", "urn:helhed:family"

#: Status of a line to the status of an activity and of a goal.
ACTIVITY_STATUS = {"planned": "not-started", "active": "in-progress", "done": "completed", "dropped": "stopped"}
GOAL_STATUS = {"planned": "planned", "active": "active", "done": "completed", "dropped": "cancelled"}
#: The other way: every status that FHIR knows for activities, goals, requests and tasks.
LINE_STATUS = {
    **dict.fromkeys(("not-started", "scheduled", "planned", "proposed", "draft", "accepted", "requested"), "planned"),
    **dict.fromkeys(("booked", "pending", "received", "ready"), "planned"),
    **dict.fromkeys(("in-progress", "active", "on-hold", "unknown"), "active"),
    **dict.fromkeys(("completed", "fulfilled"), "done"),
    **dict.fromkeys(("cancelled", "stopped", "revoked", "entered-in-error", "rejected", "failed", "noshow"), "dropped"),
}
#: The life area of a plan whose lines name none.
AREA_OF_PLAN = {
    "family": "family",
    "job_plan": "employment",
    "childs_plan": "family",
    "youth_plan": "family",
    "education_plan": "education",
    "treatment_plan": "health",
    "adult_plan": "social",
    "housing": "housing",
    "case_system": "social",
}

#: Elements that say nothing that a line could hold, or that are read; what else stands there is told.
UNDERSTOOD = frozenset(
    ("resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "identifier", "status", "intent")
    + ("category", "title", "subject", "period", "created", "goal", "activity", "partOf", "extension")
)
_OF_ACTIVITY = frozenset(("id", "extension", "detail", "reference"))
_OF_DETAIL = frozenset(
    ("id", "extension", "kind", "code", "status", "description", "goal", "scheduledPeriod", "scheduledTiming")
    + ("performer", "doNotPerform")
)
_OF_TIMING = frozenset(("id", "extension", "repeat"))
_OF_REPEAT = frozenset(("id", "extension", "boundsPeriod"))


def elements_left(plan: dict) -> list[str]:
    """Return the elements of a CarePlan that no line holds, by their place, such as ``activity.progress``."""
    left = set(plan) - UNDERSTOOD
    for activity in plan.get("activity") or []:
        detail = activity.get("detail") or {}
        timing = detail.get("scheduledTiming") or {}
        left |= {f"activity.{name}" for name in set(activity) - _OF_ACTIVITY}
        left |= {f"activity.detail.{name}" for name in set(detail) - _OF_DETAIL}
        if set(timing) - _OF_TIMING or set(timing.get("repeat") or {}) - _OF_REPEAT:
            left.add("activity.detail.scheduledTiming")
    return sorted(left)


class Part(BaseModel):
    """A part of a resource; what it holds beside the declared fields is left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Coding(Part):
    """A code of a system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(Part):
    """A concept in words and codes."""

    coding: list[Coding] = []
    text: str | None = None

    @property
    def words(self) -> str | None:
        """Return the concept in words: its text, else the first name of a code."""
        return self.text or next((one.display for one in self.coding if one.display), None)


class Identifier(Part):
    """A number under which someone is known."""

    system: str | None = None
    value: str | None = None


class Reference(Part):
    """A pointer to another resource."""

    reference: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Period(Part):
    """From when to when; dates may lack the day or the month."""

    start: str | None = None
    end: str | None = None


class Repeat(Part):
    """When something is repeated."""

    boundsPeriod: Period | None = None  # noqa: N815 (FHIR's own name)


class Timing(Part):
    """A schedule."""

    repeat: Repeat | None = None


class Extension(Part):
    """A further field."""

    url: str
    valueString: str | None = None  # noqa: N815 (FHIR's own name)
    valueDecimal: float | None = None  # noqa: N815 (FHIR's own name)
    extension: list["Extension"] = []


class Detail(Part):
    """An activity written out in the plan itself."""

    status: str | None = None
    code: Concept | None = None
    description: str | None = None
    goal: list[Reference] = []
    scheduledPeriod: Period | None = None  # noqa: N815 (FHIR's own name)
    scheduledTiming: Timing | None = None  # noqa: N815 (FHIR's own name)
    performer: list[Reference] = []
    extension: list[Extension] = []
    #: Whether the plan says that this must not be done.
    doNotPerform: bool = False  # noqa: N815 (FHIR's own name)


class Activity(Part):
    """An activity of a plan: written out, or a pointer to a request that holds it."""

    detail: Detail | None = None
    reference: Reference | None = None


class Target(Part):
    """By when a goal is to be reached."""

    dueDate: str | None = None  # noqa: N815 (FHIR's own name)


class Goal(Part):
    """A goal."""

    resourceType: Literal["Goal"]  # noqa: N815 (FHIR's own name)
    lifecycleStatus: str | None = None  # noqa: N815 (FHIR's own name)
    description: Concept = Concept()
    startDate: str | None = None  # noqa: N815 (FHIR's own name)
    target: list[Target] = []
    extension: list[Extension] = []


class CarePlan(Part):
    """A plan of one office for one person."""

    resourceType: Literal["CarePlan"]  # noqa: N815 (FHIR's own name)
    status: Annotated[str, Field(min_length=1)]
    subject: Reference
    category: list[Concept] = []
    title: str | None = None
    period: Period | None = None
    goal: list[Reference] = []
    activity: list[Activity] = []
    contained: list[dict] = []
