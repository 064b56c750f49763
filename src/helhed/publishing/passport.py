"""The implementation passport: milestones over 36 months, declared once in ``passport.toml``.

The page, the Word file and the picture are made by `helhed.publishing.passport_documents`, the workbook by
`helhed.publishing.passport_sheet`. Months are counted from the one in which the municipality decides to begin.
"""

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

Words = Mapping[str, str]
_WORDS = ("title", "responsible", "evidence", "risk", "cure")


@dataclass(frozen=True)
class Milestone:
    """Something that must be in place from ``first_month`` and at the latest at the end of ``last_month``.

    ``words`` holds title, responsible, evidence, risk and cure by language; ``page`` is the chapter that tells how.
    """

    id: str
    first_month: int
    last_month: int
    page: str
    words: Mapping[str, Words]
    example_done: date | None
    example_note: Words


@dataclass(frozen=True)
class Phase:
    """Milestones that are signed together; ``gate`` is what the signature means, by language."""

    id: str
    first_month: int
    last_month: int
    title: Words
    gate: Words
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class Passport:
    """The whole passport; ``words`` holds title, purpose, who, time and how by language."""

    file: str
    example_file: str
    sources: tuple[str, ...]
    months: int
    example_start: date
    words: Mapping[str, Words]
    phases: tuple[Phase, ...]

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Return the milestones of all phases, in their order."""
        return tuple(milestone for phase in self.phases for milestone in phase.milestones)


@cache
def passport() -> Passport:
    """Return the declared passport."""
    file = resources.files("helhed.publishing").joinpath("passport.toml")
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return Passport(
        file=declared["file"],
        example_file=declared["example_file"],
        sources=tuple(declared["sources"]),
        months=declared["months"],
        example_start=declared["example_start"],
        words={key: declared[key] for key in ("title", "purpose", "who", "time", "how")},
        phases=tuple(_phase(phase) for phase in declared["phases"]),
    )


def month_of(start: date, month: int) -> date:
    """Return the first day of a month, where ``start`` lies in month 1.

    Examples
    --------
    >>> month_of(date(2026, 8, 1), 6)
    datetime.date(2027, 1, 1)
    """
    years, at = divmod(start.month - 1 + month - 1, 12)
    return date(start.year + years, at + 1, 1)


def due(start: date, month: int) -> date:
    """Return the last day of a month, where ``start`` lies in month 1.

    Examples
    --------
    >>> due(date(2026, 8, 1), 7)
    datetime.date(2027, 2, 28)
    """
    first = month_of(start, month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def days_late(milestone: Milestone, start: date, done: date | None) -> int:
    """Return how many days after its deadline a milestone was reached; 0 if in time or not reached yet."""
    return 0 if done is None else max(0, (done - due(start, milestone.last_month)).days)


def _phase(declared: dict) -> Phase:
    milestones = tuple(_milestone(each) for each in declared["milestones"])
    return Phase(**{**declared, "milestones": milestones})


def _milestone(declared: dict) -> Milestone:
    return Milestone(
        id=declared["id"],
        first_month=declared["first_month"],
        last_month=declared["last_month"],
        page=declared["page"],
        words={key: declared[key] for key in _WORDS},
        example_done=declared.get("example_done"),
        example_note=declared.get("example_note", {}),
    )
