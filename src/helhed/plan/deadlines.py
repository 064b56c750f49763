"""Every date the plan sets: actions, agreements, ends of measures, reviews, meetings and the deadlines of the law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
import pandas as pd

from helhed.plan.model import FamilyPlan, Line
from helhed.plan.statutes import Statute, add_months, due_date, in_force

KINDS = ("action", "agreement", "measure_ends", "statute", "review", "meeting")
CHILD_MEASURES = ("preventive", "placement")
_CHILD_PLAN_CASES = ("barnets_plan", "ungeplan")
_CHILD_PLAN_SOURCES = ("childs_plan", "youth_plan")


@dataclass(frozen=True)
class StatutoryDeadline:
    """A deadline of the law for one person.

    ``state``: ``ahead``, ``met``, ``passed`` (the law demands it and the exports do not show it) or ``cannot_tell``
    (the exports cannot show whether it was met, or whether the law demands it here).
    """

    statute_id: str
    person_id: str
    event_date: date
    due_date: date
    state: str

    @property
    def statute(self) -> Statute:
        """Return the version of the rule that sets the deadline: the one in force on the day of the event."""
        return in_force(self.statute_id, self.event_date)


@dataclass(frozen=True)
class PlanDate:
    """One date of a plan that someone must keep."""

    kind: str
    due_date: date
    person_id: str | None = None
    what: str | None = None
    owner: str | None = None
    #: The version of the rule that sets a deadline of the law.
    statute: Statute | None = None

    @property
    def act_by(self) -> date:
        """Return the last working day on which the date can still be kept."""
        return last_working_day(self.due_date)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_working_day(day: date) -> bool:
    """Return whether a day is a Danish working day: Monday to Friday and no public holiday.

    Days on which many municipalities close without the law saying so (5 June, 24 and 31 December) count as working
    days. Store bededag counts as a holiday up to 2023 only.
    """
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def last_working_day(day: date) -> date:
    """Return the last Danish working day on or before a day: what a deadline on a day off means for those at work.

    The rules read so far do not say that a deadline moves to a later day, so it is never moved forward.

    Examples
    --------
    >>> last_working_day(date(2025, 4, 21)), last_working_day(date(2025, 4, 22))
    (datetime.date(2025, 4, 16), datetime.date(2025, 4, 22))
    """
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def statutory_deadlines(plan: FamilyPlan) -> list[StatutoryDeadline]:
    """Return the deadlines that the declared rules set for the family's children, by due date.

    The date of a decision is not in the exports: the start of the measure stands in for it. A measure that began
    before a rule came into force has no deadline by it; what held then is asked (`helhed.plan.law_by_day`).
    """
    found = [*_examinations(plan), *_childs_plans(plan), *_first_follow_ups(plan)]
    return sorted(found, key=lambda item: (item.due_date, item.statute_id, item.person_id))


def _examinations(plan: FamilyPlan) -> Iterable[StatutoryDeadline]:
    for case in plan.cases:
        if case.case_type != "boernefaglig_undersoegelse" or case.status != "open" or case.start_date is None:
            continue
        due = due_date("bl_20", case.start_date)
        if due:
            yield StatutoryDeadline("bl_20", case.person_id, case.start_date, due, _state(due, plan.as_of, "passed"))


def _childs_plans(plan: FamilyPlan) -> Iterable[StatutoryDeadline]:
    by_child: dict[str, list[Line]] = {}
    for line in _child_measures(plan):
        by_child.setdefault(line.person_id, []).append(line)
    for child, lines in by_child.items():
        covered = [line for line in lines if due_date("bl_91", line.start_date)]
        # Only a placement demands a plan; with supporting measures it is decided whether to make one.
        placements = [line for line in covered if line.measure_group == "placement"]
        if covered:
            start = min(line.start_date for line in placements or covered)
            due, late = due_date("bl_91", start), "passed" if placements else "cannot_tell"
            state = "met" if has_childs_plan(plan, child) else _state(due, plan.as_of, late)
            yield StatutoryDeadline("bl_91", child, start, due, state)


def _first_follow_ups(plan: FamilyPlan) -> Iterable[StatutoryDeadline]:
    for line in _child_measures(plan):
        due = due_date("bl_95", line.start_date)
        if due:
            # Whether a follow-up took place is not in the exports. Three months are the latest day: where an
            # examination is finished earlier, so is the first follow-up due.
            state = _state(due, plan.as_of, "cannot_tell")
            yield StatutoryDeadline("bl_95", line.person_id, line.start_date, due, state)


def _child_measures(plan: FamilyPlan) -> list[Line]:
    return [
        line
        for line in plan.live_lines
        if line.measure_group in CHILD_MEASURES and line.person_id and line.start_date is not None
    ]


def has_childs_plan(plan: FamilyPlan, child: str) -> bool:
    """Return whether the child has an open plan case or a live line of a child's or youth plan."""
    has_case = any(c.person_id == child and c.case_type in _CHILD_PLAN_CASES and c.status == "open" for c in plan.cases)
    return has_case or any(li.person_id == child and li.source_plan in _CHILD_PLAN_SOURCES for li in plan.live_lines)


def _state(due: date, as_of: date, when_late: str) -> str:
    return "ahead" if due >= as_of else when_late


def next_review(plan: FamilyPlan, months: int) -> date | None:
    """Return the first review on or after the day of the plan; None where neither a date nor the start is known.

    A date that is written down comes first; else it is counted in whole periods from the family's start.
    """
    agreed = [when for when in plan.review_dates if when >= plan.as_of]
    if agreed or plan.start_date is None:
        return min(agreed, default=None)
    periods = 1
    while (due := add_months(plan.start_date, months * periods)) < plan.as_of:
        periods += 1
    return due


def next_meeting_due(plan: FamilyPlan, months: int) -> date | None:
    """Return the date of the next meeting, else the latest day for one; None if no meeting was ever held."""
    if plan.next_meeting:
        return plan.next_meeting.held_date
    return add_months(plan.last_meeting.held_date, months) if plan.last_meeting else None


def plan_dates(plan: FamilyPlan, profile) -> list[PlanDate]:
    """Return every date of the plan that is still open, by date; what is overdue comes first.

    The agreements of the last meeting are listed unless they are marked as done.
    """
    dates = [
        PlanDate(
            "measure_ends" if line.is_measure else "action", line.due_date, line.person_id, line.action, line.owner
        )
        for line in plan.live_lines
        if line.due_date
    ]
    if plan.last_meeting:
        dates += [
            PlanDate("agreement", agreed.due_date, None, agreed.what, agreed.owner)
            for agreed in plan.last_meeting.agreements
            if agreed.due_date and not agreed.is_done
        ]
    dates += [
        PlanDate("statute", found.due_date, found.person_id, statute=found.statute)
        for found in statutory_deadlines(plan)
        if found.state in ("ahead", "passed")
    ]
    for kind, due in (
        ("review", next_review(plan, profile["plan.review_months"])),
        ("meeting", next_meeting_due(plan, profile["plan.network_meeting_months"])),
    ):
        if due:
            dates.append(PlanDate(kind, due))
    return sorted(
        dates, key=lambda item: (item.due_date, KINDS.index(item.kind), item.person_id or "", item.what or "")
    )


def deadline_table(plans: dict[str, FamilyPlan], profile) -> pd.DataFrame:
    """Return one row per date of all plans that is overdue or falls within the window of the profile.

    Columns: ``family_id``, ``person_id``, ``kind`` (of `KINDS`), ``what``, ``owner``, ``statute_id``,
    ``statute_from_date`` (first day of the version of the rule that counts), ``due_date``, ``act_by_date`` (the last
    working day for it), ``is_overdue``; sorted by date.
    """
    window = timedelta(days=profile["plan.deadline_window_days"])
    rows = [
        {
            "family_id": plan.family_id,
            "person_id": item.person_id,
            "kind": item.kind,
            "what": item.what,
            "owner": item.owner,
            "statute_id": item.statute.id if item.statute else None,
            "statute_from_date": pd.Timestamp(item.statute.valid_from if item.statute else None),
            "due_date": pd.Timestamp(item.due_date),
            "act_by_date": pd.Timestamp(item.act_by),
            "is_overdue": item.due_date < plan.as_of,
        }
        for plan in plans.values()
        for item in plan_dates(plan, profile)
        if item.due_date <= plan.as_of + window
    ]
    columns = ["family_id", "person_id", "kind", "what", "owner", "statute_id"]
    dates = ["statute_from_date", "due_date", "act_by_date"]
    frame = pd.DataFrame(rows, columns=[*columns, *dates, "is_overdue"])
    kinds = {name: "str" for name in columns} | dict.fromkeys(dates, "datetime64[us]") | {"is_overdue": "bool"}
    return frame.astype(kinds).sort_values(["due_date", "family_id", "kind", "what"], ignore_index=True)
