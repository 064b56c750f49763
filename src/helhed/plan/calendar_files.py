"""Calendar files (.ics) of a plan: its meetings, what takes place every week, and the next review, in Danish time."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from helhed.plan.deadlines import next_review
from helhed.plan.family_page import Wording, capital
from helhed.plan.model import FamilyPlan, Line, Meeting
from helhed.plan.statutes import add_months
from helhed.plan.views import view_of
from helhed.plan.weekly_times import Slot, next_day_of, slots_of
from helhed.tables import code_label
from helhed.texts import text

ZONE = ZoneInfo("Europe/Copenhagen")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: What has no end comes again for so many months in a calendar; the plan is reviewed before.
_OPEN_END_MONTHS = 12


def calendar_of(plan: FamilyPlan, reader: str, wording: Wording) -> bytes:
    """Return what a reader may see of a plan's coming dates as a calendar file; the same plan gives the same bytes.

    A meeting without an hour lasts the whole day. What comes again does so until its end, and for a year where it has
    none. No name and no number of the family stands in it: calendars lie open on telephones.
    """
    view = view_of(plan, reader)
    calendar = Calendar()
    calendar.add("prodid", "-//Helhed//Familiens Plan//DA")
    calendar.add("version", "2.0")
    calendar.add("name", text("plan.calendar_name", wording.lang))
    for mark, event in _events(view, wording):
        event.add("uid", f"{hashlib.sha256(f'{plan.family_id}/{mark}'.encode()).hexdigest()[:24]}@helhed")
        event.add("dtstamp", datetime.combine(plan.as_of, time(0), UTC))
        calendar.add_component(event)
    # Summer time of the years the calendar can reach, not of all years.
    first, last = date(plan.as_of.year, 1, 1), date(plan.as_of.year + 4, 1, 1)
    calendar.add_missing_timezones(first_date=first, last_date=last)
    return calendar.to_ical()


def _events(plan: FamilyPlan, wording: Wording) -> Iterator[tuple[str, Event]]:
    for meeting in plan.meetings:
        if meeting.held_date >= plan.as_of or meeting.repeats_weeks:
            yield f"meeting/{meeting.meeting_id}/{meeting.held_date}/{meeting.kind}", _meeting(plan, meeting, wording)
    for line in plan.live_actions:
        for start, end, weeks, days in _by_hours(slots_of(line)):
            first = _first_day(plan, line, days, weeks)
            if first and (line.due_date is None or first <= line.due_date):
                yield f"line/{line.line_id}/{start}", _weekly(plan, line, (first, start, end, weeks), days)
    review = next_review(plan, wording.profile["plan.review_months"])
    if review:
        event = Event()
        event.add("summary", capital(wording.say("kind_review")))
        event.add("dtstart", review)
        yield "review", event


def _meeting(plan: FamilyPlan, meeting: Meeting, wording: Wording) -> Event:
    event = Event()
    event.add("summary", capital(code_label("meeting_kind", meeting.kind, wording.lang)))
    _add_hours(event, meeting.held_date, meeting.start_time, meeting.end_time)
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.repeats_weeks:
        event.add("rrule", {"freq": "weekly", "interval": meeting.repeats_weeks, "until": _until(plan, None, event)})
    return event


def _by_hours(slots: tuple[Slot, ...]) -> Iterator[tuple[int, int | None, int, list[int]]]:
    """Return the hours of a line, how many weeks apart, and the weekdays on which it takes place at those hours."""
    for start, end, weeks in dict.fromkeys((slot.start, slot.end, slot.weeks) for slot in slots):
        days = [slot.weekday for slot in slots if (slot.start, slot.end, slot.weeks) == (start, end, weeks)]
        yield start, end, weeks, days


def _first_day(plan: FamilyPlan, line: Line, days: list[int], weeks: int) -> date | None:
    """Return the first of a line's days in the week from its start or, if it has begun, from the day of the plan.

    What comes every second week is counted from the week of its start; None where the days cannot be known.
    """
    earliest = max(line.start_date or plan.as_of, plan.as_of)
    if weeks == 1:
        return min(next_day_of(day, earliest) for day in days)
    if weeks == 0 or line.start_date is None:
        return None
    begun = [next_day_of(day, line.start_date) for day in days]
    late = [max(0, -(-(earliest - first).days // (7 * weeks))) for first in begun]
    return min(first + timedelta(weeks=weeks * n) for first, n in zip(begun, late, strict=True))


def _weekly(plan: FamilyPlan, line: Line, span: tuple[date, int, int | None, int], days: list[int]) -> Event:
    first, start, end, weeks = span
    event = Event()
    event.add("summary", line.action)
    _add_hours(event, first, _clock(start), None if end is None else _clock(end))
    until = _until(plan, line.due_date, event)
    apart = {"interval": weeks} if weeks > 1 else {}
    event.add("rrule", {"freq": "weekly", **apart, "byday": [_DAYS[day] for day in sorted(days)], "until": until})
    return event


def _clock(minute: int) -> time:
    """Return a minute of the day as a time; the end of the day is its last minute."""
    return time(*divmod(min(minute, 24 * 60 - 1), 60))


def _add_hours(event: Event, day: date, start: time | None, end: time | None) -> None:
    if start is None:
        event.add("dtstart", day)
        return
    event.add("dtstart", datetime.combine(day, start, ZONE))
    if end and end > start:
        event.add("dtend", datetime.combine(day, end, ZONE))


def _until(plan: FamilyPlan, last: date | None, event: Event) -> date | datetime:
    """Return the end of what comes again: its own, else the end of the phase-out, else a year from now."""
    last = last or plan.fade_out.to_date or add_months(plan.as_of, _OPEN_END_MONTHS)
    first = event["dtstart"].dt
    if not isinstance(first, datetime):
        return max(last, first)
    # The calendar's rules want the end of what has an hour in universal time.
    return max(datetime.combine(last + timedelta(days=1), time(0), ZONE) - timedelta(seconds=1), first).astimezone(UTC)
