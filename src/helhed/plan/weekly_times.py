"""When in the week an action takes place, from its fields or its own words: "Mentor tirsdag og torsdag kl. 9-12"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time

from helhed.plan.merge import dates_overlap
from helhed.plan.model import FamilyPlan, Line

_MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
_NAMES = (
    ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_DAYS: dict[str, tuple[int, ...]] = {
    **{name: (day,) for names in _NAMES for day, name in enumerate(names)},
    **{"hverdag": _MONDAY_TO_FRIDAY, "hver dag": tuple(range(7)), "weekend": (5, 6)},
    **{"weekday": _MONDAY_TO_FRIDAY, "every day": tuple(range(7))},
}
#: Short names are words of their own, too ("man", "søn", "sat"): they count beside another day, or before a time.
_SHORT = {
    **{short: name for name, *shorts in (
        ("mandag", "man"), ("tirsdag", "tirs", "tir"), ("onsdag", "ons"), ("torsdag", "tors", "tor"),
        ("fredag", "fre"), ("lørdag", "lør"), ("søndag", "søn"),
        ("monday", "mon"), ("tuesday", "tues", "tue"), ("wednesday", "wed"), ("thursday", "thurs", "thur", "thu"),
        ("friday", "fri"), ("saturday", "sat"), ("sunday", "sun"),
    ) for short in shorts},
}  # fmt: skip
_ANY_DAY = rf"(?:(?:{'|'.join(_DAYS)})(?:ene|en|er|e|s)?|(?:{'|'.join(_SHORT)})\b\.?)"
_AND = r"\s*(?:-\s*og|-\s*and|og|and|,|/|&|\+|-|–|til|to)\s*"
_LISTED = re.compile(rf"\b{_ANY_DAY}(?:{_AND}{_ANY_DAY})+", re.IGNORECASE)
_SHORT_DAY = re.compile(rf"\b({'|'.join(_SHORT)})\b\.?", re.IGNORECASE)
_ALSO_WORDS = ("man", "søn", "fri", "sat", "sun")
_NO_WORDS = "|".join(short for short in _SHORT if short not in _ALSO_WORDS)
_SHORT_BEFORE_TIME = re.compile(rf"\b(?:({'|'.join(_SHORT)})\.|({_NO_WORDS}))(?=\s+(?:kl\b|at\b|\d))", re.IGNORECASE)
_DAY_NAME = rf"\b(?:{'|'.join(_DAYS)})(?:ene|en|er|e|s)?\b"
_DAY = rf"(?P<day>{_DAY_NAME})(?:\s*(?:-|–|til|to)\s*(?P<until>{_DAY_NAME}))?"
_CLOCK = r"(\d{1,2})(?:[.:](\d{2}))?(?:\s*([ap])\.?m\b\.?)?"
#: A time stands after "kl.", "at" or "from", or is written with minutes or "am"; "uge 9-12" is none.
_BEFORE = r"(?:\bkl\.?\s*|\bat\s+|\bfrom\s+|\bfra\s+kl\.?\s*)?"
_TIME = rf"(?P<time>{_BEFORE}{_CLOCK}(?:\s*(?:-|–|til|to)\s*(?:kl\.?\s*)?{_CLOCK})?)"
_WORDS = re.compile(f"{_DAY}|{_TIME}", re.IGNORECASE)
#: How many weeks lie between one time and the next, by what the words say.
_WEEKS_APART = {
    2: r"\bhver\s+anden\b|\bhver\s+14\.\s*dag|\bhver\s+2\.|\bevery\s+(?:other|second|two\s+weeks)\b|\bfortnight",
    3: r"\bhver\s+(?:tredje|3\.)|\bevery\s+(?:third|three\s+weeks)\b",
    4: r"\bhver\s+(?:fjerde|4\.)|\bevery\s+(?:fourth|four\s+weeks)\b",
}
_MONTH = (
    r"(?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:ts|ch)?|apr(?:il)?|ma[jy]|jun[ie]?|jul[iy]?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
#: Words for single days, which come again in no even number of weeks: "mandag d. 3. marts", "første mandag i måneden".
_SINGLE_DAYS = re.compile(
    rf"da[gy],?\s+(?:d(?:en|\.)\s*)?\d{{1,2}}(?:/\d|(?:\.|st|nd|rd|th)?\s*(?:of\s+)?{_MONTH})"
    rf"|da[gy],?\s+(?:d(?:en|\.)\s*\d{{1,2}}\.|the\s+\d|{_MONTH}\s+\d)"
    r"|\b(?:første|anden|tredje|fjerde|sidste|first|second|third|fourth|last)\s+\w+da[gy]\s+(?:i|of|in)\b"
    r"|\b(?:u?lige\s+uger?|odd\s+weeks?|even\s+weeks?)\b"
    r"|\b(?:hver|om|pr\.?)\s+måned|\bmånedlig|\b(?:every|a|per)\s+month\b|\bmonthly\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Slot:
    """A time of the week: weekday (0 is Monday), start and end in minutes of the day; no end where none is named.

    ``weeks`` is how many weeks lie between one time and the next; 0 where it is not the same every so many weeks.
    """

    weekday: int
    start: int
    end: int | None
    weeks: int = field(default=1, repr=False)

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
    plain = _with_full_names(words or "")
    weeks = _weeks_apart(plain)
    slots, days, time_first = [], [], None
    for found in _WORDS.finditer(plain):
        if found["day"]:
            named = _weekdays(found["day"], found["until"])
            slots += [Slot(day, *time_first, weeks) for day in named] if time_first else []
            days += [] if time_first else named
        elif span := _minutes(found):
            slots += [Slot(day, *span, weeks) for day in days]
            time_first, days = (None if days or slots else span), []
    return tuple(dict.fromkeys(slots))


def _with_full_names(words: str) -> str:
    """Return a text with the short names of days written out where they can be nothing else."""
    full = lambda found: _SHORT[(found[1] or found[2]).casefold()]  # noqa: E731
    listed = _LISTED.sub(
        lambda row: re.sub(
            r"(?<=dag)-\s*(?=og|and)", " ", _SHORT_DAY.sub(lambda one: _SHORT[one[1].casefold()], row[0])
        ),
        words,
    )
    return _SHORT_BEFORE_TIME.sub(full, listed)


def _weeks_apart(words: str) -> int:
    if _SINGLE_DAYS.search(words):
        return 0
    return next((weeks for weeks, said in _WEEKS_APART.items() if re.search(said, words, re.IGNORECASE)), 1)


def _weekdays(word: str, until: str | None) -> list[int]:
    """Return the days that a word names, or those from one day to another: "mandag til torsdag"."""
    first, last = (_days_of(one) if one else () for one in (word, until))
    if len(first) != 1 or len(last) != 1:
        return [*first, *last]
    return [(first[0] + at) % 7 for at in range((last[0] - first[0]) % 7 + 1)]


def _days_of(word: str) -> tuple[int, ...]:
    return _DAYS[max((name for name in _DAYS if word.casefold().startswith(name)), key=len)]


def _minutes(found: re.Match) -> tuple[int, int | None] | None:
    """Return start and end of a time in minutes of the day; None for numbers that are no time."""
    numbers = re.findall(_CLOCK, found["time"], re.IGNORECASE)
    is_marked = re.match(r"kl|at|from|fra", found["time"], re.IGNORECASE) or all(m or half for _, m, half in numbers)
    # In "2-4 pm" the mark of the end holds for the start, too, unless that would put it after the end.
    is_marked = is_marked or bool(numbers[-1][2])
    minutes = [_minute_of(hour, part, half or numbers[-1][2]) for hour, part, half in numbers]
    if len(minutes) > 1 and minutes[0] > minutes[1] and not numbers[0][2]:
        minutes[0] = _minute_of(*numbers[0])
    if not is_marked or any(int(part or 0) > 59 for _, part, _ in numbers) or max(minutes) > 24 * 60:
        return None
    start, end = minutes[0], minutes[1] if len(minutes) > 1 else None
    return None if end is not None and end <= start else (start, end)


def _minute_of(hour: str, part: str, half: str) -> int:
    """Return a time in minutes of the day; ``half`` is the "a" or "p" of English hours, empty for those of 24."""
    hours = int(hour) % 12 + (12 if half.casefold() == "p" else 0) if half else int(hour)
    return 60 * hours + int(part or 0)


def clashing_lines(plan: FamilyPlan) -> Iterator[tuple[Line, Line]]:
    """Return the pairs of one person's live actions that name the same hour of the week while both run.

    A pair is left out where the dates show that they never run together.
    """
    timed = [(line, slots_of(line)) for line in plan.live_actions if line.person_id]
    timed = [(line, slots) for line, slots in timed if slots]
    for position, (line, slots) in enumerate(timed):
        for other, others in timed[:position]:
            if line.person_id == other.person_id and run_together(line, other, plan.as_of) and _meet(slots, others):
                yield line, other


def run_together(line: Line, other: Line, as_of: date) -> bool:
    """Return whether two lines may run at the same time, as far as their dates tell; see `runs_on`."""
    spans = [(one.start_date, _end(one, as_of)) for one in (line, other)]
    return dates_overlap(*spans) is not False


def runs_on(line: Line, day: date, as_of: date) -> bool:
    """Return whether a line may run on a day; one that is still live after its date has no end that anybody knows."""
    end = _end(line, as_of)
    return (line.start_date is None or line.start_date <= day) and (end is None or day <= end)


def _end(line: Line, as_of: date) -> date | None:
    is_past = line.is_live and line.due_date is not None and line.due_date < as_of
    return None if is_past else line.due_date


def _meet(slots: tuple[Slot, ...], others: tuple[Slot, ...]) -> bool:
    return any(slot.meets(other) for slot in slots for other in others)


def is_school_hours(slot: Slot, from_hour: float, to_hour: float) -> bool:
    """Return whether a time of the week lies within the school day, Monday to Friday."""
    return any(slot.meets(Slot(day, round(60 * from_hour), round(60 * to_hour))) for day in _MONDAY_TO_FRIDAY)


def next_day_of(weekday: int, first: date) -> date:
    """Return the first day on or after ``first`` that is a day of the week (0 is Monday)."""
    return date.fromordinal(first.toordinal() + (weekday - first.weekday()) % 7)
