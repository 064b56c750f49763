"""One exception per way a user can be wrong, and the problem record they all carry.

A *problem* is one thing that one person can mend: it names the file, the place in it, the value found and the
cure, in the user's language. Readers collect every problem they can find before they stop.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, get_args

from helhed.cpr import without_cpr
from helhed.texts import catalogue, kroner, text

#: Many problems are of one file and column, and many values are found more than once.
_without_cpr = lru_cache(maxsize=10_000)(without_cpr)
Severity = Literal["must_fix", "should_fix", "note"]
#: The most severe first.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a user's file or setting, and what to do about it.

    Parameters
    ----------
    code
        Key of the message in the text catalogue, such as ``intake.missing_column``.
    severity
        ``must_fix`` stops the run, ``should_fix`` and ``note`` do not.
    file, sheet, row, column
        Where it is. ``row`` counts as the user's program shows it: the header is row 1.
    value
        What was found there. Never an identifier of a person: those stay in the source file.
    details
        Further values that the message text names; one that depends on the language of the message is a dict by
        language. ``beside`` are the rows with which the row clashes; ``is_form`` says that people fill in the file.

    Whatever looks like a CPR number is taken out of the texts when the record is made: names of files, sheets and
    columns hold such numbers too.
    """

    code: str
    severity: Severity = "must_fix"
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    details: dict = field(default_factory=dict)

    def __post_init__(self):
        for name in ("file", "sheet", "column", "value"):
            written = getattr(self, name)
            if written and (clean := _without_cpr(written)) != written:
                object.__setattr__(self, name, clean)
        details = {name: without_cpr(one) if isinstance(one, str) else one for name, one in self.details.items()}
        object.__setattr__(self, "details", details)

    def place(self, lang: str) -> str:
        """Return where the problem is: file, sheet, row and column, as far as they are known."""
        parts = [self.file]
        for part in ("sheet", "row", "column"):
            if getattr(self, part):
                name = "line" if part == "row" and self.file.endswith((".yml", ".yaml")) else part
                parts.append(text(f"errors.place_{name}", lang, value=getattr(self, part)))
        return ", ".join(part for part in parts if part)

    def message(self, lang: str) -> str:
        """Return the problem as one sentence with its cure, without the place."""
        words = in_words({name: one for name, one in self.details.items() if name != "beside"}, lang)
        message = text(self._key(), lang, value=self.value, column=self.column, **words)
        beside = self.details.get("beside")
        return f"{message} {text('errors.beside', lang, rows=beside)}" if beside else message

    def _key(self) -> str:
        """Return the key of the message; in a workbook that people fill in, some cures are others than of an export."""
        of_workbook = f"{self.code}_in_workbook"
        is_of_workbook = self.sheet or self.details.get("is_form")
        return of_workbook if is_of_workbook and of_workbook in catalogue() else self.code

    def line(self, lang: str) -> str:
        """Return place and message on one line."""
        place = self.place(lang)
        return f"{place}: {self.message(lang)}" if place else self.message(lang)


def in_words(details: dict, lang: str) -> dict:
    """Return the values that a message names, in the language; amounts (``_dkk``) as written in it."""
    chosen = {name: value[lang] if isinstance(value, dict) else value for name, value in details.items()}
    return {name: kroner(value, lang) if name.endswith("_dkk") else value for name, value in chosen.items()}


#: The language of messages where who raises them does not know it: a step's calculations do not.
_SPOKEN = ContextVar("spoken", default="da")


def speak(lang: str) -> None:
    """Let messages come in a language from here on."""
    _SPOKEN.set(lang)


class HelhedError(Exception):
    """A message for the user, never a bare traceback; subclasses say whose turn it is to act."""

    exit_code = 3
    #: Places in the code, for a report of a fault of ours; never holds values of the data.
    where: list[str]

    def __init__(self, problems: Problem | list[Problem], lang: str = ""):
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        self.lang = lang = lang or _SPOKEN.get()
        self.where = []
        super().__init__("\n".join(problem.line(lang) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows for this error: the message lines alone (IPython asks for this)."""
        return str(self).split("\n")


class DataNeedsWork(HelhedError):
    """An export, workbook or form of the municipality is missing, unreadable or fails a check."""

    exit_code = 1


class ProfileNeedsWork(HelhedError):
    """The municipality profile is missing, unreadable, incomplete or outside its limits."""

    exit_code = 1


class WrongCall(HelhedError):
    """The command or notebook was called with something that does not exist or does not fit."""

    exit_code = 2


class StepFailed(HelhedError):
    """A notebook stopped for a reason the user cannot mend: our fault."""

    exit_code = 3
