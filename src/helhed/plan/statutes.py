"""Rules of law as data, version by version: what each says in short, where it was read, and the deadlines it sets.

The rules stand in ``statutes.toml``. They are a short rendering for orientation: the current wording must be checked
before anyone acts on them. The version that counts is the one in force on the day that a plan, a decision or an action
is about (`on_day`); where none is known to be, the answer is a doubt, and the outputs ask instead of telling.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

Event = Literal["examination_start", "child_measure_start", "each_child_measure_start"]
#: Why a rule's wording on a day is not known for sure: no version had begun, the last one has ended, from when the
#: version holds was not looked up, or the day is later than the day it was read.
Doubt = Literal["", "before", "after", "since_not_known", "read_earlier"]


class Deadline(BaseModel):
    """A deadline: so many months after an event."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    months: int
    after: Event


class Act(BaseModel):
    """An act: its names, the day it came into force, and the act that stood in its place before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    da: str
    en: str
    valid_from: date | None = None
    before: str = ""
    #: The consolidated act that the wording was read in; empty where it is not known.
    edition: str = ""

    def name(self, lang: str) -> str:
        """Return the act's name in the language."""
        return self.da if lang == "da" else self.en


class Statute(BaseModel):
    """One version of one rule of law."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    act: Act
    section: str
    da: str
    en: str
    url: str
    #: Where the wording in force is found; empty where that is the same place.
    check_url: str = ""
    read_date: date
    #: False where it was read somewhere else than in an act: it is asked about and never used.
    confirmed: bool = True
    #: First and last day of the wording; None where it was not looked up, or has not ended.
    valid_from: date | None = None
    valid_to: date | None = None
    #: Age in years from which the rule holds.
    age: int | None = None
    deadline: Deadline | None = None
    #: What a plan must hold (codes of the catalogue, ``plan.content_<code>``), and the sources whose lines make it up.
    content: tuple[str, ...] = ()
    content_of: tuple[str, ...] = ()
    #: The sector plans that the joint plan may stand in for, with consent; the ages hold for the youth plan.
    replaces: tuple[str, ...] = ()
    from_age: int | None = None
    to_age: int | None = None

    def holds(self, day: date) -> bool:
        """Return whether the version covers a day, as far as its dates are known."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def name(self, lang: str) -> str:
        """Return the rule's name in the language, such as "Barnets lov § 91"."""
        return f"{self.act.name(lang)} § {self.section}"

    def rule(self, lang: str) -> str:
        """Return in short what the rule says."""
        return self.da if lang == "da" else self.en


@dataclass(frozen=True)
class OnDay:
    """What is known of a rule on a day: the version that counts, None where there is none, and what is doubtful."""

    statute_id: str
    day: date
    version: Statute | None
    doubt: Doubt


@cache
def acts() -> dict[str, Act]:
    """Return every declared act by its mark."""
    return {mark: Act(id=mark, **spec) for mark, spec in _declared()["acts"].items()}


@cache
def statutes() -> dict[str, tuple[Statute, ...]]:
    """Return the versions of every declared rule by its id, the oldest first."""
    return read_statutes({name: spec for name, spec in _declared().items() if name != "acts"}, acts())


def _declared() -> dict:
    return tomllib.loads(resources.files("helhed.plan").joinpath("statutes.toml").read_text(encoding="utf-8"))


def read_statutes(declared: dict[str, dict], known: dict[str, Act]) -> dict[str, tuple[Statute, ...]]:
    """Return the versions of declared rules by id; each version states only what changed since the one before.

    Raises
    ------
    ValueError
        If versions of a rule overlap, leave days between them or do not say when they hold; see `version_faults`.
    """
    found = {name: tuple(_versions(name, spec, known)) for name, spec in declared.items()}
    faults = [f"{name}: {fault}" for name, versions in found.items() for fault in version_faults(versions)]
    if faults:
        raise ValueError("; ".join(faults))
    return found


#: What each version states itself: it is never taken over from the version before.
_OWN = ("valid_from", "valid_to", "read_date", "url", "check_url", "confirmed")


def _versions(name: str, spec: dict, known: dict[str, Act]) -> Iterator[Statute]:
    kept: dict = {}
    for version in spec["versions"]:
        dropped = {*version.get("no_longer", ()), *_OWN}
        stated = {key: value for key, value in version.items() if key != "no_longer"}
        kept = {key: value for key, value in kept.items() if key not in dropped} | stated
        yield Statute(id=name, act=known[spec["act"]], section=spec["section"], **kept)


def version_faults(versions: Iterable[Statute]) -> list[str]:
    """Return what is wrong with the days of a rule's versions: empty where they follow each other day by day.

    Only the first version may leave out from when it holds, and only the last until when.
    """
    versions, found = tuple(versions), []
    if not versions:
        return ["no version"]
    for one in versions:
        if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
            found.append(f"ends on {one.valid_to}, before it begins")
    for one, later in zip(versions, versions[1:], strict=False):
        if one.valid_to is None or later.valid_from is None:
            found.append("a version that is followed by another has no last day, or that one no first day")
        elif later.valid_from <= one.valid_to:
            found.append(f"two versions hold on {later.valid_from}")
        elif later.valid_from != one.valid_to + timedelta(days=1):
            found.append(f"no version holds on {one.valid_to + timedelta(days=1)}")
    return found


def on_day(statute_id: str, day: date) -> OnDay:
    """Return what is known of a rule on a day.

    Examples
    --------
    >>> on_day("bl_91", date(2023, 12, 31)).doubt, on_day("bl_91", date(2024, 1, 1)).doubt
    ('before', '')
    """
    versions = statutes()[statute_id]
    version = version_of(versions, day)
    return OnDay(statute_id, day, version, _doubt(versions, version, day))


def version_of(versions: Iterable[Statute], day: date) -> Statute | None:
    """Return the version that covers a day; None if none does."""
    return next((version for version in versions if version.holds(day)), None)


def _doubt(versions: tuple[Statute, ...], version: Statute | None, day: date) -> Doubt:
    if version is None:
        return "before" if versions[0].valid_from and day < versions[0].valid_from else "after"
    if version.valid_to is None and day > version.read_date:
        return "read_earlier"
    return "since_not_known" if version.valid_from is None and day < version.read_date else ""


def in_force(statute_id: str, day: date) -> Statute | None:
    """Return the version of a rule to reckon with on a day; None if none covers it or it was not read in an act."""
    version = version_of(statutes()[statute_id], day)
    return version if version is not None and version.confirmed else None


def rules_of(day: date) -> list[Statute]:
    """Return the version of every rule to reckon with on a day, in the order they are declared."""
    found = (in_force(name, day) for name in statutes())
    return [version for version in found if version is not None]


class Question(BaseModel):
    """Something about the law that no source read so far settles: a question for the municipality's lawyer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    da: str
    en: str
    url: str = ""

    def asked(self, lang: str) -> str:
        """Return the question in the language."""
        return self.da if lang == "da" else self.en


@cache
def open_questions() -> dict[str, Question]:
    """Return every open question on the law by its id; none of them is used as a rule."""
    file = resources.files("helhed.plan").joinpath("statutes_questions.toml")
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: Question(id=name, **spec) for name, spec in declared.items()}


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month where there is no such day.

    Examples
    --------
    >>> add_months(date(2024, 11, 30), 3)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def due_date(statute_id: str, event: date) -> date | None:
    """Return when a rule's deadline falls after an event, by the version in force that day; None if it sets none."""
    statute = in_force(statute_id, event)
    if statute is None or statute.deadline is None:
        return None
    return add_months(event, statute.deadline.months)
