from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

from helhed.plan.assembly import assemble_plans
from helhed.plan.calendar_files import calendar_of
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.model import FadeOut, Meeting
from helhed.plan.views import FAMILY, MEETING
from helhed.profile import declared_entries


class Settings(dict):
    name, is_synthetic, folder = "Eksempel", True, None


PROFILE = Settings({key: entry.default for key, entry in declared_entries().items()})
PLAN = assemble_plans(example_tables(), PROFILE, EXAMPLE_DAY)["eksempel"]
WORDING = Wording(PROFILE, "da")
DANISH = ZoneInfo("Europe/Copenhagen")


def events(plan, reader=FAMILY) -> dict:
    calendar = Calendar.from_ical(calendar_of(plan, reader, WORDING))
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def with_meeting(**values):
    meeting = Meeting(date(2025, 9, 1), "network", None, (), meeting_id="n9", **values)
    return replace(PLAN, meetings=(*PLAN.meetings, meeting))


def with_action(words: str, **values):
    lines = tuple(replace(li, action=words, **values) if li.line_id == "l5" else li for li in PLAN.lines)
    return replace(PLAN, lines=lines)


def times(event) -> list[datetime]:
    """Return when an event takes place, read by another library."""
    start = event["dtstart"].dt
    rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=start)
    return list(rule)


def test_a_meeting_has_its_hour_in_danish_time_and_its_place():
    event = events(with_meeting(start_time=time(15), end_time=time(16, 30), place="Familiehuset"))["Netværksmøde"]
    assert event["dtstart"].dt == datetime(2025, 9, 1, 15, tzinfo=DANISH)
    assert event["dtstart"].dt.astimezone(UTC).hour == 13
    assert event["dtend"].dt == datetime(2025, 9, 1, 16, 30, tzinfo=DANISH)
    assert event["location"] == "Familiehuset"


def test_a_meeting_without_an_hour_lasts_the_day_and_past_ones_are_left_out():
    found = Calendar.from_ical(calendar_of(with_meeting(), FAMILY, WORDING)).walk("VEVENT")
    assert [event["dtstart"].dt for event in found if event["summary"] == "Netværksmøde"] == [date(2025, 9, 1)]


def test_what_comes_again_keeps_its_hour_over_summer_time():
    plan = with_meeting(start_time=time(15), repeats_weeks=4)
    plan = replace(plan, fade_out=FadeOut(to_date=date(2025, 11, 24)))
    found = times(events(plan)["Netværksmøde"])
    assert [day.date() for day in found] == [
        date(2025, 9, 1),
        date(2025, 9, 29),
        date(2025, 10, 27),
        date(2025, 11, 24),
    ]
    assert {day.hour for day in found} == {15}


def test_weekly_actions_come_on_their_days_until_their_end():
    event = events(with_action("Kontaktperson tirsdag og torsdag kl. 15-16", due_date=date(2025, 6, 17)))
    found = times(event["Kontaktperson tirsdag og torsdag kl. 15-16"])
    assert [f"{day:%d-%m}" for day in found] == ["03-06", "05-06", "10-06", "12-06", "17-06"]
    ended = events(with_action("Kontaktperson tirsdag kl. 15", due_date=date(2025, 6, 2)))
    assert "Kontaktperson tirsdag kl. 15" not in ended


def test_the_calendar_of_the_meeting_names_nothing_hidden_and_no_family():
    said = calendar_of(with_action("Kontaktperson tirsdag kl. 15-16"), MEETING, WORDING).decode()
    assert "Kontaktperson" not in said and "eksempel" not in said
    assert "eksempel" not in calendar_of(PLAN, FAMILY, WORDING).decode()


def test_the_same_plan_gives_the_same_file_and_every_event_its_own_mark():
    plan = with_meeting(start_time=time(15))
    assert calendar_of(plan, FAMILY, WORDING) == calendar_of(plan, FAMILY, WORDING)
    marks = [event["uid"] for event in Calendar.from_ical(calendar_of(plan, FAMILY, WORDING)).walk("VEVENT")]
    assert len(set(marks)) == len(marks) >= 2


def test_markup_and_line_breaks_in_an_action_stay_text():
    words = "Møde mandag kl. 9-10;\nBEGIN:VEVENT, <b>{{ x }}"
    (event,) = [one for name, one in events(with_action(words)).items() if name.startswith("Møde")]
    assert str(event["summary"]) == words


def test_what_comes_every_second_week_is_counted_from_its_start_and_single_days_are_left_out():
    words = "Samtale hver anden tirsdag kl. 10-11"
    # Started Tuesday 6 May 2025: 20 May, 3 June (the first after the plan's day, 2 June), 17 June, 1 and 15 July.
    plan = with_action(words, start_date=date(2025, 5, 5), due_date=date(2025, 7, 20))
    found = [when.date() for when in times(events(plan)[words])]
    assert found == [date(2025, 6, 3), date(2025, 6, 17), date(2025, 7, 1), date(2025, 7, 15)]
    assert words not in events(with_action(words, start_date=None))
    for once in ("Møde mandag d. 16. juni kl. 10", "Første mandag i måneden kl. 9"):
        assert once not in events(with_action(once, start_date=date(2025, 5, 5)))
