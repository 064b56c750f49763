"""Findings on the school day: what takes a child out of school. Holidays are those the municipality has stated.

Without stated holidays the kit does not know whether the schools are open: in weeks when many are closed, a finding is
worded as a question. No holiday is assumed: nothing is left out because of a date that nobody has stated.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from helhed.plan.deadlines import is_working_day
from helhed.plan.findings_checks import Finding
from helhed.plan.model import FamilyPlan, Line
from helhed.plan.weekly_times import Slot, is_school_hours, slot_on, slots_of
from helhed.profile import periods

#: Weeks of the year (ISO 8601) in which many schools are closed; the week of Easter is found by its public holidays.
#: They only turn a finding into a question.
_OFTEN_CLOSED = frozenset((1, 7, 8, *range(27, 33), 42, 52, 53))
_THURSDAY, _FRIDAY = 3, 4
#: An action that runs for longer than this is never wholly within a holiday.
_LONGEST_HOLIDAY_DAYS = 90


def action_in_school_hours(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the actions outside school that take a child of school age away in school hours.

    Ages, hours and holidays are settings; a child whose age is not known is left out, and so is an action all of whose
    days lie in the schools' holidays.
    """
    pupils, hours, closed = _pupils(plan, profile), _school_day(profile), _holidays(profile)
    for line in plan.live_actions:
        slots = [slot for slot in slots_of(line) if is_school_hours(slot, *hours)]
        if line.person_id not in pupils or line.life_area == "education" or not slots:
            continue
        days = _days_of(plan, line, slots)
        if not days or not all(_is_closed(day, closed) for day in days):
            is_asked = bool(days) and all(_may_be_closed(day, closed) for day in days)
            yield Finding(line, line.person_id, is_asked=is_asked)


def _pupils(plan: FamilyPlan, profile) -> set[str]:
    ages = range(profile["plan.school_from_years"], profile["plan.school_to_years"])
    return {member.person_id for member in plan.members if member.role == "child" and member.age in ages}


def _school_day(profile) -> tuple[float, float]:
    return profile["plan.school_day_from_hour"], profile["plan.school_day_to_hour"]


def _holidays(profile) -> tuple[tuple[date, date], ...]:
    return periods(profile["plan.school_holidays"]) or ()


def _days_of(plan: FamilyPlan, line: Line, slots: list[Slot]) -> list[date]:
    """Return the coming days on which a line takes place in school hours; empty where its dates do not tell."""
    first = max(day for day in (line.start_date, plan.as_of) if day)
    if line.due_date is None or not first <= line.due_date <= first + timedelta(days=_LONGEST_HOLIDAY_DAYS):
        return []
    days = (first + timedelta(days=after) for after in range((line.due_date - first).days + 1))
    return [day for day in days if day.weekday() in {slot.weekday for slot in slots}]


def _is_closed(day: date, closed: tuple[tuple[date, date], ...]) -> bool:
    """Return whether the schools are closed for sure: on a public holiday, or in a holiday that the profile states."""
    return not is_working_day(day) or any(first <= day <= last for first, last in closed)


def _may_be_closed(day: date, closed: tuple[tuple[date, date], ...]) -> bool:
    """Return whether the schools are closed, or may be: in a week when many are, for a time without stated holidays."""
    is_stated = bool(closed) and closed[0][0] <= day <= max(last for _, last in closed)
    return _is_closed(day, closed) or (not is_stated and _is_often_closed(day))


def _is_often_closed(day: date) -> bool:
    monday = day - timedelta(days=day.weekday())
    ends = [monday + timedelta(days=after) for after in (_THURSDAY, _FRIDAY)]
    return day.isocalendar().week in _OFTEN_CLOSED or not any(is_working_day(end) for end in ends)


def meeting_in_school_hours(plan: FamilyPlan, profile) -> Iterator[Finding]:
    """Return the plan if its next meeting lies in school hours on a school day and a pupil may be asked to it.

    A meeting whose list of participants names no child takes nobody out of school; one without a list may.
    """
    meeting, closed = plan.next_meeting, _holidays(profile)
    slot = slot_on(meeting.held_date, meeting.start_time, meeting.end_time) if meeting else None
    if slot is None or _is_closed(meeting.held_date, closed) or not _pupils(plan, profile):
        return
    if is_school_hours(slot, *_school_day(profile)) and _may_ask_children(meeting.participants):
        yield Finding(is_asked=_may_be_closed(meeting.held_date, closed))


#: Words for a child at the table. "Børnerådgiver" and "ungekonsulent" are grown up: only whole words count.
_CHILDREN = re.compile(
    r"\b(barn(et|ets)?|børn(ene|enes)?|unge|ung|søn(nen|ner|nerne)?|d(a|ø)tt(er|eren|re|rene)|elev(en|er|erne)?|familien?|alle"
    r"|child|children|young|sons?|daughters?|kids?|pupils?|(the|whole) family|everyone|everybody|all)\b"
)


def _may_ask_children(participants: str | None) -> bool:
    return participants is None or _CHILDREN.search(participants.casefold()) is not None
