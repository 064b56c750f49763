"""The plan of one family: who is in it, what it wants, what is under way, what was agreed and what comes next.

A plan holds no names. Persons are called by their place in the family ("Adult 1", "Child 1 (8 years)"); names are
filled in at the end, on the municipality's own machine.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from helhed.plan.merge import enrolled_families, merge_lines
from helhed.texts import text


@dataclass(frozen=True)
class Member:
    """One member of the family; ``number`` counts within the role, the oldest first."""

    person_id: str
    role: str
    number: int
    age: int | None

    def label(self, lang: str) -> str:
        """Return what the member is called when no name is known, such as "Child 1 (8 years)"."""
        name = text(f"plan.member_{self.role}", lang, number=self.number)
        if self.role != "child" or self.age is None:
            return name
        return text("plan.member_with_age", lang, name=name, age=self.age)


@dataclass(frozen=True)
class Line:
    """One line of the shared plan; the columns of `helhed.plan.merge.merge_lines`, None where nothing is known."""

    line_id: str
    person_id: str | None
    source_plan: str
    life_area: str
    goal: str | None
    action: str | None
    owner: str | None
    start_date: date | None
    due_date: date | None
    status: str
    section: str | None
    hours_per_week: float | None
    consent_scope: str | None
    department: str | None
    measure_id: str | None
    measure_group: str | None
    is_live: bool
    is_overdue: bool
    legal_status: str
    statute_id: str | None
    duplicate: str
    duplicate_of: str | None

    @property
    def is_measure(self) -> bool:
        """Return whether the line is a measure of a case system; its due date is then its expected end."""
        return self.measure_id is not None

    @property
    def is_own_goal(self) -> bool:
        """Return whether the line is the family's own, in its own words."""
        return self.source_plan == "family"

    def may_be_seen_by(self, department: str) -> bool:
        """Return whether a department may see the line: its own lines, and those it is named for; else not."""
        named = (self.consent_scope or "").replace(";", ",").split(",")
        return self.department == department or department in {name.strip() for name in named}


@dataclass(frozen=True)
class Agreement:
    """What was agreed at a meeting, by whom and until when."""

    what: str
    owner: str | None
    due_date: date | None


@dataclass(frozen=True)
class Meeting:
    """A meeting with everything that was agreed at it."""

    held_date: date
    kind: str
    participants: str | None
    agreements: tuple[Agreement, ...]


@dataclass(frozen=True)
class ChildCase:
    """A case of the children's department."""

    person_id: str
    case_type: str
    start_date: date | None
    end_date: date | None
    status: str


@dataclass(frozen=True)
class FamilyPlan:
    """Everything the shared plan of one family holds on the day it is made."""

    family_id: str
    as_of: date
    members: tuple[Member, ...]
    lines: tuple[Line, ...]
    meetings: tuple[Meeting, ...]
    cases: tuple[ChildCase, ...]
    consent_date: date | None
    start_date: date | None
    coordinator_id: str | None

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
        """Return the next meeting that already has a date."""
        coming = [meeting for meeting in self.meetings if meeting.held_date > self.as_of]
        return min(coming, key=lambda meeting: meeting.held_date, default=None)

    @property
    def n_sector_plans(self) -> int:
        """Return how many sector plans the family has: one per person and kind of plan with a live line."""
        no_plan = ("family", "case_system")
        plans = {(li.person_id, li.source_plan) for li in self.live_lines if li.source_plan not in no_plan}
        return len(plans)


def assemble_plans(tables: dict[str, pd.DataFrame], profile, as_of: date) -> dict[str, FamilyPlan]:
    """Return the plan of every enrolled family by its id, sorted.

    Parameters
    ----------
    tables
        ``plan_line``, ``measure``, ``family_member``, ``person``, ``enrolment``, ``meeting`` and ``child_case`` after
        their contracts; ``assignment`` (``family_id``, ``coordinator_id``) where it is there: it fills in a
        coordinator that the enrolment lacks.
    profile
        Settings by key; uses ``plan.duplicate_likeness``.
    as_of
        The day the plans are made.
    """
    lines = merge_lines(tables, as_of, profile["plan.duplicate_likeness"])
    return plans_of_lines(lines, tables, as_of)


def plans_of_lines(lines: pd.DataFrame, tables: dict[str, pd.DataFrame], as_of: date) -> dict[str, FamilyPlan]:
    """Return the plans of enrolled families from merged lines; see `assemble_plans`."""
    families = enrolled_families(tables["enrolment"], as_of)
    enrolment = {row["family_id"]: row for row in records(tables["enrolment"])}
    members = _members(tables, families, as_of)
    lines_of = _grouped(lines, "family_id")
    meetings_of = _grouped(tables["meeting"], "family_id")
    cases_of = _grouped(tables["child_case"], "person_id")
    proposed = _coordinators(tables.get("assignment"))
    return {
        family: FamilyPlan(
            family_id=family,
            as_of=as_of,
            members=members.get(family, ()),
            lines=tuple(_line(row) for row in lines_of.get(family, [])),
            meetings=_meetings(meetings_of.get(family, [])),
            cases=tuple(_case(row) for m in members.get(family, ()) for row in cases_of.get(m.person_id, [])),
            consent_date=enrolment[family]["consent_date"],
            start_date=enrolment[family]["start_date"],
            coordinator_id=enrolment[family]["coordinator_id"] or proposed.get(family),
        )
        for family in families
    }


def age_in_years(birth_date: date | None, as_of: date) -> int | None:
    """Return a person's age from the month of birth; the birthday counts from the first of its month."""
    if birth_date is None:
        return None
    return as_of.year - birth_date.year - (as_of.month < birth_date.month)


def records(frame: pd.DataFrame) -> list[dict]:
    """Return the rows as dicts of plain Python values: dates for timestamps, None for what is missing."""
    columns = {name: [_plain(value) for value in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value):
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _grouped(frame: pd.DataFrame, key: str) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for row in records(frame):
        groups.setdefault(row[key], []).append(row)
    return groups


def _members(tables: dict[str, pd.DataFrame], families: list[str], as_of: date) -> dict[str, tuple[Member, ...]]:
    members = tables["family_member"]
    of_families = members[members["family_id"].isin(families)]
    known = of_families.merge(tables["person"][["person_id", "birth_date"]], on="person_id", how="left")
    ordered = known.sort_values(["family_id", "birth_date", "person_id"])
    ordered = ordered.assign(number=ordered.groupby(["family_id", "role"]).cumcount() + 1)
    return {
        family: tuple(
            Member(row["person_id"], row["role"], row["number"], age_in_years(row["birth_date"], as_of))
            for row in sorted(rows, key=lambda row: (_ROLE_ORDER.index(row["role"]), row["number"]))
        )
        for family, rows in _grouped(ordered, "family_id").items()
    }


_ROLE_ORDER = ("adult", "child", "adult_child")


def _line(row: dict) -> Line:
    return Line(**{name: row[name] for name in Line.__dataclass_fields__})


def _case(row: dict) -> ChildCase:
    return ChildCase(**{name: row[name] for name in ChildCase.__dataclass_fields__})


def _meetings(rows: list[dict]) -> tuple[Meeting, ...]:
    found: dict[tuple, list[dict]] = {}
    for row in sorted(rows, key=lambda row: (row["meeting_date"], row["kind"], row["meeting_id"])):
        found.setdefault((row["meeting_date"], row["kind"]), []).append(row)
    return tuple(
        Meeting(
            held_date=held,
            kind=kind,
            participants=next((row["participants"] for row in group if row["participants"]), None),
            agreements=tuple(
                Agreement(row["agreement"], row["owner"], row["due_date"]) for row in group if row["agreement"]
            ),
        )
        for (held, kind), group in found.items()
    )


def _coordinators(assignment: pd.DataFrame | None) -> dict[str, str]:
    return {} if assignment is None else {r["family_id"]: r["coordinator_id"] for r in records(assignment)}
