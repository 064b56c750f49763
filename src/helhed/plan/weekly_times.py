"""When in the week an action takes place, from its fields or its own words: "Mentor tirsdag og torsdag kl. 9-12"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from helhed.plan.merge import dates_overlap
from helhed.plan.model import FamilyPlan, Line

_MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
_DAYS: dict[str, tuple[int, ...]] = {
    **{name: (day,) for day, name in enumerate(("mandag", "tirsdag", "onsdag", "torsdag", "fredag"))},
    **{"lørdag": (5,), "søndag": (6,), "hverdag": _MONDAY_TO_FRIDAY, "hver dag": tuple(range(7))},
    **{name: (day,) for day, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday"))},
    **{"saturday": (5,), "sunday": (6,), "weekday": _MONDAY_TO_FRIDAY, "every day": tuple(range(7))},
}
_DAY = rf"(?P<day>\b(?:{'|'.join(_DAYS)})(?:ene|en|e|s)?\b)"
_CLOCK = r"(\d{1,2})(?:[.:](\d{2}))?"
#: A time stands after "kl.", "at" or "from", or is written with minutes; "uge 9-12" is none.
_BEFORE = r"(?:\bkl\.?\s*|\bat\s+|\bfrom\s+|\bfra\s+kl\.?\s*)?"
_TIME = rf"(?P<time>{_BEFORE}{_CLOCK}(?:\s*(?:-|–|til|to)\s*(?:kl\.?\s*)?{_CLOCK})?)"
_WORDS = re.compile(f"{_DAY}|{_TIME}", re.IGNORECASE)
_TO_FRIDAY = re.compile(r"\b(mandag|monday)\s*(?:-|–|til|to)\s*(fredag|friday)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Slot:
    """A time of the week: weekday (0 is Monday), start and end in minutes of the day; no end where none is named."""

    weekday: int
    start: int
    end: int | None

    def meets(self, other: "Slot") -> bool:
        """Return whether two times of the week share a minute; a time without an end is its first minute."""
        first, second = (slot.end if slot.end is not None else slot.start + 1 for slot in (self, other))
        return self.weekday == other.weekday and self.start < second and other.start < first


def slots_of(line: Line) -> tuple[Slot, ...]:
    """Return the times of the week of a line: from its fields where they are filled in, else from its words."""
    if not line.weekdays or line.day_start is None:
        return weekly_slots(line.action)
    end = _minute(line.day_end) if line.day_end and line.day_end > line.day_start else None
    return tuple(Slot(_WEEKDAYS.index(day), _minute(line.day_start), end) for day in line.weekdays)


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _minute(clock: time) -> int:
    return 60 * clock.hour + clock.minute


def slot_on(day: date, start: time | None, end: time | None) -> Slot | None:
    """Return the time of the week of something on a date; None where no hour is set."""
    if start is None:
        return None
    return Slot(day.weekday(), _minute(start), _minute(end) if end and end > start else None)


def weekly_slots(words: str | None) -> tuple[Slot, ...]:
    """Return the times of the week that a text names, in its order; nothing where day or hour is missing.

    A time belongs to the days named before it, or, where the text begins with the time, to the days after it.

    Examples
    --------
    >>> weekly_slots("Mentor tirsdag og torsdag kl. 9-12.30")
    (Slot(weekday=1, start=540, end=750), Slot(weekday=3, start=540, end=750))
    >>> weekly_slots("Fast spisetid kl. 18"), weekly_slots("Praktik mandag i uge 9-12")
    ((), ())
    """
    plain = _TO_FRIDAY.sub(lambda span: "hverdage", words or "")
    slots, days, time_first = [], [], None
    for found in _WORDS.finditer(plain):
        if found["day"]:
            named = _weekdays(found["day"])
            slots += [Slot(day, *time_first) for day in named] if time_first else []
            days += [] if time_first else named
        elif span := _minutes(found):
            slots += [Slot(day, *span) for day in days]
            time_first, days = (None if days or slots else span), []
    return tuple(dict.fromkeys(slots))


def _weekdays(word: str) -> list[int]:
    name = max((name for name in _DAYS if word.casefold().startswith(name)), key=len)
    return list(_DAYS[name])


def _minutes(found: re.Match) -> tuple[int, int | None] | None:
    """Return start and end of a time in minutes of the day; None for numbers that are no time."""
    numbers = re.findall(_CLOCK, found["time"])
    is_marked = re.match(r"kl|at|from|fra", found["time"], re.IGNORECASE) or all(minutes for _, minutes in numbers)
    minutes = [60 * int(hour) + int(part or 0) for hour, part in numbers]
    if not is_marked or any(int(part or 0) > 59 for _, part in numbers) or max(minutes) > 24 * 60:
        return None
    start, end = minutes[0], minutes[1] if len(minutes) > 1 else None
    return None if end is not None and end <= start else (start, end)


def clashing_lines(plan: FamilyPlan) -> Iterator[tuple[Line, Line]]:
    """Return the pairs of one person's live actions that name the same hour of the week while both run.

    A pair is left out where the dates show that they never run together.
    """
    timed = [(line, slots_of(line)) for line in plan.live_actions if line.person_id]
    timed = [(line, slots) for line, slots in timed if slots]
    for position, (line, slots) in enumerate(timed):
        for other, others in timed[:position]:
            if line.person_id == other.person_id and run_together(line, other) and _meet(slots, others):
                yield line, other


def run_together(line: Line, other: Line) -> bool:
    """Return whether two lines may run at the same time, as far as their dates tell."""
    return dates_overlap((line.start_date, line.due_date), (other.start_date, other.due_date)) is not False


def _meet(slots: tuple[Slot, ...], others: tuple[Slot, ...]) -> bool:
    return any(slot.meets(other) for slot in slots for other in others)


def is_school_hours(slot: Slot, from_hour: float, to_hour: float) -> bool:
    """Return whether a time of the week lies within the school day, Monday to Friday."""
    return any(slot.meets(Slot(day, round(60 * from_hour), round(60 * to_hour))) for day in _MONDAY_TO_FRIDAY)


def next_day_of(weekday: int, first: date) -> date:
    """Return the first day on or after ``first`` that is a day of the week (0 is Monday)."""
    return date.fromordinal(first.toordinal() + (weekday - first.weekday()) % 7)
