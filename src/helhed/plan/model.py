"""The plan of one family: who is in it, what it wants, what is under way, what was agreed and what comes next.

A plan holds no names. Persons are called by their place in the family ("Adult 1", "Child 1 (8 years)"); names are
filled in at the end, on the municipality's own machine. The classes check what is put into them; their JSON Schema is
published (`helhed.plan.files.plan_schema`), and each file says after which version of it the plan was written.
"""

from dataclasses import replace
from datetime import date, time, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from helhed.plan.field_types import (
    Department,
    LifeArea,
    LineStatus,
    MeetingKind,
    Role,
    SourcePlan,
    Text,
    Weekday,
)
from helhed.texts import text

#: The version of the plan's shape; `helhed.plan.files` brings older plans up to it.
SCHEMA_VERSION = 2
#: A record of a plan: never changed after it is made, and only with the fields that are declared.
_record = dataclass(frozen=True, config=ConfigDict(extra="forbid"))


@_record
class Member:
    """One member of the family; ``number`` counts within the role, the oldest first.

    ``custody``: who has custody of a child, within the family or outside it; None where the register does not tell.
    """

    person_id: str
    role: Role
    number: int
    age: int | None
    custody: tuple[str, ...] | None = None

    def label(self, lang: str) -> str:
        """Return what the member is called when no name is known, such as "Child 1 (8 years)"."""
        name = text(f"plan.member_{self.role}", lang, number=self.number)
        if self.role != "child" or self.age is None:
            return name
        return text("plan.member_with_age", lang, name=name, age=self.age)


@_record
class Contact:
    """Someone in the family's network: a grandparent, a teacher, a coordinator; ``person_id`` is whose network."""

    contact_id: str
    #: Who it is, by role or relation ("grandmother", "class teacher"), never by number.
    who: Text
    kind: Literal["private", "professional"] = "private"
    person_id: str | None = None
    what: Text | None = None
    takes_part: bool | None = None


@_record
class Line:
    """One line of the shared plan; the columns of `helhed.plan.merge.merge_lines`, None where nothing is known.

    ``weekdays`` with ``day_start`` and ``day_end`` say when in the week the action takes place; ``read_from`` names
    the form or file that the line was read from.
    """

    line_id: str
    person_id: str | None
    source_plan: SourcePlan
    life_area: LifeArea
    goal: Text | None
    action: Text | None
    owner: Text | None
    start_date: date | None
    due_date: date | None
    status: LineStatus
    section: Text | None
    hours_per_week: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    consent_scope: str | None
    department: Department | None
    measure_id: str | None
    measure_group: str | None
    is_live: bool
    is_overdue: bool
    legal_status: Literal["granted", "statutory_plan", "agreement", "not_stated"]
    statute_id: str | None
    duplicate: Literal["no", "duplicate", "possible"]
    duplicate_of: str | None
    weekdays: tuple[Weekday, ...] = ()
    day_start: time | None = None
    day_end: time | None = None
    read_from: Text | None = None

    @property
    def is_measure(self) -> bool:
        """Return whether the line is a measure of a case system; its due date is then its expected end."""
        return self.measure_id is not None

    @property
    def is_own_goal(self) -> bool:
        """Return whether the line is the family's own, in its own words."""
        return self.source_plan == "family"


@_record
class Agreement:
    """What was agreed at a meeting, by whom and until when."""

    what: Text
    owner: Text | None
    due_date: date | None
    agreement_id: str = ""
    is_done: bool | None = None


@_record
class Meeting:
    """A meeting with everything that was agreed at it; ``repeats_weeks`` for one that comes again and again."""

    held_date: date
    kind: MeetingKind
    participants: Text | None
    agreements: tuple[Agreement, ...]
    meeting_id: str = ""
    start_time: time | None = None
    end_time: time | None = None
    place: Text | None = None
    repeats_weeks: Annotated[int, Field(ge=1, le=52)] | None = None

    def after(self, day: date) -> date | None:
        """Return the first day after another on which the meeting takes place; None if it does not come again."""
        if self.held_date > day or not self.repeats_weeks:
            return self.held_date if self.held_date > day else None
        weeks = 7 * self.repeats_weeks
        return self.held_date + timedelta(days=weeks * ((day - self.held_date).days // weeks + 1))


@_record
class ChildCase:
    """A case of the children's department."""

    person_id: str
    case_type: str
    start_date: date | None
    end_date: date | None
    status: str


@_record
class Consent:
    """Who may see what, from when, given by whom.

    ``departments`` are those that may see, ``life_areas`` what they may see (empty: all of them), ``about`` the
    member it concerns (None: the whole family), ``given_by`` the member who gave it (None: not written down).
    ``kind``: ``programme`` (to take part), ``sharing`` (to share across departments), ``measure`` (to a measure, by
    the custody holder) or ``own`` (by the child or young person).
    """

    consent_id: str
    kind: Literal["programme", "sharing", "measure", "own"]
    given_by: str | None = None
    about: str | None = None
    departments: tuple[Department, ...] = ()
    life_areas: tuple[LifeArea, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    withdrawn_date: date | None = None
    note: Text | None = None

    def holds(self, day: date) -> bool:
        """Return whether the consent holds on a day: given by then, not run out and not withdrawn."""
        has_begun = self.from_date is not None and self.from_date <= day
        ends = [when for when in (self.to_date, self.withdrawn_date) if when is not None]
        return has_begun and all(day <= when for when in ends) and self.withdrawn_date != day


@_record
class FadeOutStep:
    """One step of the coordinator's stepping back: what, who takes over, by when."""

    step_id: str
    what: Text
    takes_over: Text | None = None
    due_date: date | None = None
    is_done: bool | None = None


@_record
class FadeOut:
    """How and when the coordinator steps back, and how the family gets in touch afterwards."""

    from_date: date | None = None
    to_date: date | None = None
    steps: tuple[FadeOutStep, ...] = ()
    contact_after: Text | None = None


@_record
class Evaluation:
    """What a member of the family says about the plan; ``score`` from 1 (not at all) to 5 (very much)."""

    evaluation_id: str
    held_date: date | None = None
    person_id: str | None = None
    question: Text | None = None
    answer: Text | None = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None


@_record
class FamilyPlan:
    """Everything the shared plan of one family holds on the day it is made.

    ``version`` counts the changes of the plan; ``changed_by`` is the role of who made the last one.
    """

    family_id: str
    as_of: date
    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    meetings: tuple[Meeting, ...]
    cases: tuple[ChildCase, ...]
    consent_date: date | None
    start_date: date | None
    coordinator_id: str | None
    network: tuple[Contact, ...] = ()
    consents: tuple[Consent, ...] = ()
    fade_out: FadeOut = FadeOut()
    review_dates: tuple[date, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    version: Annotated[int, Field(ge=1)] = 1
    changed_by: Text | None = None
    changed_date: date | None = None
    #: The day that documents are made of the plan; given anew each time, so that no file holds it.
    made_date: Annotated[SkipJsonSchema[date | None], Field(exclude=True)] = None

    @property
    def consent_day(self) -> date:
        """Return the day on which consents are judged: the latest of the exports', the last change's and the making's.

        So a consent withdrawn after the last day of the exports ends the sharing at once.
        """
        return max(day for day in (self.as_of, self.changed_date, self.made_date) if day is not None)

    @cached_property
    def _member_of_id(self) -> dict[str, Member]:
        return {member.person_id: member for member in self.members}

    def member(self, person_id: str | None) -> Member | None:
        """Return the member of an id; None for the whole family and for persons outside it."""
        return self._member_of_id.get(person_id) if person_id else None

    @property
    def live_lines(self) -> tuple[Line, ...]:
        """Return the lines that are planned or under way."""
        return tuple(line for line in self.lines if line.is_live)

    @property
    def live_actions(self) -> tuple[Line, ...]:
        """Return the live lines that ask something of someone, what certainly stands twice counted once."""
        return tuple(
            line for line in self.live_lines if line.action and not line.is_own_goal and line.duplicate != "duplicate"
        )

    @property
    def own_goals(self) -> tuple[Line, ...]:
        """Return the live lines with the family's own goals."""
        return tuple(line for line in self.live_lines if line.is_own_goal and line.goal)

    @property
    def last_meeting(self) -> Meeting | None:
        """Return the last network or start-up meeting held by the day of the plan."""
        held = [m for m in self.meetings if m.held_date <= self.as_of and m.kind in ("network", "start")]
        return max(held, key=lambda meeting: meeting.held_date, default=None)

    @property
    def next_meeting(self) -> Meeting | None:
        """Return the next meeting that has a date: for one that comes again, the next time it does.

        What comes again does so until the end of the phase-out, where that is set.
        """
        end = self.fade_out.to_date
        coming = [
            replace(meeting, held_date=when)
            for meeting in self.meetings
            if (when := meeting.after(self.as_of)) and (when == meeting.held_date or end is None or when <= end)
        ]
        return min(coming, key=lambda meeting: meeting.held_date, default=None)

    @property
    def n_sector_plans(self) -> int:
        """Return how many sector plans the family has: one per person and kind of plan with a live line."""
        no_plan = ("family", "case_system")
        plans = {(li.person_id, li.source_plan) for li in self.live_lines if li.source_plan not in no_plan}
        return len(plans)
