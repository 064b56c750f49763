"""Rules of law as data: what each says in short, where it was read, from when it holds, and the deadlines it sets.

The rules stand in ``statutes.toml``. They are a short rendering for orientation: the current wording must be checked
before anyone acts on them.
"""

import re
import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

Event = Literal["examination_start", "child_measure_start", "each_child_measure_start"]


class Deadline(BaseModel):
    """A deadline: so many months after an event."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    months: int
    after: Event


class Statute(BaseModel):
    """One rule of law."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    act: str
    act_en: str
    section: str
    da: str
    en: str
    url: str
    read_date: date
    #: None where it was not looked up.
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
        """Return whether the rule was in force on a day, as far as its dates are known."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def name(self, lang: str) -> str:
        """Return the rule's name in the language, such as "Barnets lov § 91"."""
        return f"{self.act if lang == 'da' else self.act_en} § {self.section}"

    def rule(self, lang: str) -> str:
        """Return in short what the rule says."""
        return self.da if lang == "da" else self.en


@cache
def statutes() -> dict[str, Statute]:
    """Return every declared rule by its id."""
    declared = tomllib.loads(resources.files("helhed.plan").joinpath("statutes.toml").read_text(encoding="utf-8"))
    return {name: Statute(id=name, **spec) for name, spec in declared.items()}


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


#: How acts are written in case systems, and the mark of the rule ids that belong to each.
_ACTS = {
    r"barnets\s+lov|\bbl\b": "bl",
    r"serviceloven|lov\s+om\s+social\s+service|\bsel\b|\bservl\b": "sel",
    r"aktiv\s+beskæftigelsesindsats|\blab\b": "lab",
    r"retssikkerhedsloven|\brsl\b": "rsl",
}


def statute_of(section: str) -> str:
    """Return the id of the rule that a section of law names, empty if it is not one of the declared rules.

    Examples
    --------
    >>> statute_of("Barnets lov § 32, stk. 1, nr. 3"), statute_of("RSL §11a"), statute_of("Sundhedsloven § 141")
    ('bl_32', 'rsl_11a', '')
    """
    act = next((mark for pattern, mark in _ACTS.items() if re.search(pattern, section, re.IGNORECASE)), "")
    number = re.search(r"§+\s*(\d+)\s*([a-z])?\b", section, re.IGNORECASE)
    if not act or not number:
        return ""
    name = f"{act}_{number[1]}{(number[2] or '').lower()}"
    return name if name in statutes() else ""


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
    """Return when a rule's deadline falls after an event; None if the rule sets none or did not hold on that day."""
    statute = statutes()[statute_id]
    if statute.deadline is None or not statute.holds(event):
        return None
    return add_months(event, statute.deadline.months)
