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
    #: Where the wording in force is found; empty where that is the same place.
    check_url: str = ""
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


#: How acts are written in case systems; the group's name is the mark of the rule ids that belong to each. Any other act
#: is known as such, so that its sections are not taken for those of an act of ours.
_ACT = re.compile(
    r"(?P<bl>(?:lov\s+om\s+)?\bbarnets?\s*lov(?:en)?s?\b|\bbl\b(?!\.?\s?a\b)|\bact\s+on\s+the\s+child\b)"
    r"|(?P<sel>\bservice\s?lov(?:en)?s?\b|\b(?:lov\s+om\s+)?social\s+service\b|\bsel\b|\bservl\b"
    r"|\bact\s+on\s+social\s+services\b)"
    r"|(?P<lab>\b(?:lov\s+om\s+)?(?:en\s+)?aktiv\s+beskæftigelsesindsats\b|\bbeskæftigelsesindsatslov(?:en)?s?\b|\blab\b"
    r"|\bact\s+on\s+active\s+employment\s+measures\b)"
    r"|(?P<rsl>\bretssikkerhedslov(?:en)?s?\b|\blov\s+om\s+retssikkerhed\s+og\s+administration"
    r"(?:\s+på\s+det\s+sociale\s+område)?|\brsl\b|\bact\s+on\s+legal\s+protection\b)"
    r"|(?P<other>\blov(?:en)?\s+om\b|\b\w+lov(?:en)?s?\b|\bact\s+on\b)",
    re.IGNORECASE,
)
#: A section: "§ 11 a", "§§ 91-92", "paragraf 91", "section 91". In "§ 11 i loven" the letter is a word.
_SECTION = re.compile(
    r"(?:§+|\bparagraf\b|\bpar\b\.?|\bsections?\b)\s*(?P<number>\d+)(?:\s*(?P<letter>(?!i\s)[a-zæøå])(?!\w|\.\w))?",
    re.IGNORECASE,
)
#: What may stand between an act and its number where no sign of a section is written: "BL 91".
_BARE = re.compile(
    r"[\s,.:]*(?P<number>\d{1,3})(?:\s*(?P<letter>(?!i\s)[a-zæøå])(?!\w|\.\w))?(?!\d|/|\.\s*[a-zæøå])", re.IGNORECASE
)
#: What stands between a section and the act it belongs to where the act comes after: "§ 91, stk. 2, i barnets lov".
_OF_ACT = re.compile(
    r"(?:[\s,.:\d–-]|\b(?:stk|nr|pkt|og|litra [a-z])\b)*\b(?:i|efter|af|in|of|under)\s+(?:the\s+|den\s+)?"
)
_NEXT_TO = re.compile(r"(?:[\s,.:(\d–-]|\b(?:stk|nr|pkt)\b)*")


def statute_of(section: str) -> str:
    """Return the id of the rule that a section of law names, empty if it is not one of the declared rules.

    Where several sections are named, the first that is declared. A section belongs to the act that follows with "i"
    or "efter", else to the last one named before it, else to the one next to it.

    Examples
    --------
    >>> statute_of("Barnets lov § 32, stk. 1, nr. 3"), statute_of("RSL §11a"), statute_of("Sundhedsloven § 141")
    ('bl_32', 'rsl_11a', '')
    >>> statute_of("§ 91 i barnets lov"), statute_of("Serviceloven § 52 (nu barnets lov § 32)")
    ('bl_91', 'bl_32')
    """
    acts = list(_ACT.finditer(section))
    named = [(_act_of(found, acts, section), found) for found in _SECTION.finditer(section)]
    if not named:
        bare = [(act.lastgroup or "", _BARE.match(section, act.end())) for act in acts]
        named = [(act, found) for act, found in bare if found]
    names = (f"{act}_{found['number']}{(found['letter'] or '').lower()}" for act, found in named)
    return next((name for name in names if name in statutes()), "")


def _act_of(found: re.Match, acts: list[re.Match], section: str) -> str:
    """Return the mark of the act that a section belongs to; empty where none is named."""
    after = next((act for act in acts if act.start() >= found.end()), None)
    before = next((act for act in reversed(acts) if act.end() <= found.start()), None)
    between = section[found.end() : after.start()].casefold() if after else ""
    is_after = _OF_ACT.fullmatch(between) or (before is None and _NEXT_TO.fullmatch(between))
    act = after if after and is_after else before
    return act.lastgroup or "" if act else ""


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
