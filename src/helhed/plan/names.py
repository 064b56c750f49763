"""The local name list: who the persons of the plans are, read at the last step and never put into a run.

The list is the one that ``helhed plan name-list`` makes (one row per person and coordinator, with the number that the
run knows them by), or the family list with a column for the name. It stays on the municipality's own machine; what is
read of it goes into documents and forms alone.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from helhed.delimited_text import rows_of
from helhed.errors import DataNeedsWork, Problem
from helhed.office_files import DamagedFile, sheet_rows
from helhed.plan.field_types import writable
from helhed.plan.model import FamilyPlan
from helhed.texts import LANGUAGES, catalogue

_HEADINGS = {
    "person_id": "intake.families_person_id",
    "cpr": "intake.families_cpr",
    "name": "plan_names.heading_name",
}
#: The headings stand below the list's warning, within these rows.
_FIRST_ROWS = 6
_LONGEST_CELL = 1_000_000
_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True)
class NameList:
    """Names and CPR numbers by person id; neither is shown when the list is printed."""

    names: Mapping[str, str] = field(repr=False)
    cpr: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def labels(self, with_cpr: bool = False) -> dict[str, str]:
        """Return what documents and forms call each person: the name, followed by the CPR number where asked for."""
        numbers = {person: f" ({cpr[:6]}-{cpr[6:]})" for person, cpr in self.cpr.items()} if with_cpr else {}
        return {person: f"{name}{numbers.get(person, '')}" for person, name in self.names.items()}

    @property
    def person_of_cpr(self) -> dict[str, str]:
        """Return the person id behind each CPR number of ten digits."""
        return {number: person for person, number in self.cpr.items()}

    def missing(self, plans: Mapping[str, FamilyPlan]) -> dict[str, int]:
        """Return how many members of each family the list has no name for; families with none are left out."""
        counts = {
            family: sum(member.person_id not in self.names for member in plan.members) for family, plan in plans.items()
        }
        return {family: n for family, n in counts.items() if n}


def read_name_list(content: bytes, file_name: str, lang: str, may_be_empty: bool = False) -> NameList:
    """Return the names of a list, Excel or CSV.

    The columns "Person (pseudonym)" and "Name" must be there, in Danish or English; "CPR number" may be. Rows without a
    name are passed over: the plan then shows the person's place in the family.

    Parameters
    ----------
    may_be_empty
        Whether a list without a single name is fine, as one that nobody has filled in yet.

    Raises
    ------
    DataNeedsWork
        If the file cannot be read, a column is missing, or a person stands twice with different names or numbers. No
        message names a person.
    """
    rows = _rows(content, file_name, lang)
    head, places = _headings(rows)
    lacking = [name for name in ("person_id", "name") if name not in places]
    if lacking:
        raise DataNeedsWork(
            [_problem("column_missing", file_name, column=_heading(name, lang)) for name in lacking], lang
        )
    found = _Found(file_name)
    for at, row in enumerate(rows[head + 1 :], start=head + 2):
        found.add(at, *(_cell(row, places.get(part)) for part in ("person_id", "name", "cpr")))
    if len(set(found.numbers.values())) < len(found.numbers):
        found.tell("one_cpr_two_persons")
    if not found.names and not may_be_empty:
        found.tell("empty")
    grave = [problem for problem in found.problems if problem.severity == "must_fix"]
    if grave:
        raise DataNeedsWork(grave, lang)
    return NameList(found.names, found.numbers, tuple(found.problems))


class _Found:
    """Names and numbers while a list is read."""

    def __init__(self, file_name: str):
        self.file_name = file_name
        self.names: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.problems: list[Problem] = []

    def tell(self, code: str, severity: str = "must_fix", **more) -> None:
        self.problems.append(_problem(code, self.file_name, severity, **more))

    def add(self, at: int, person: str, name: str, cpr: str) -> None:
        """Take in one row; a row without a person or a name is passed over."""
        if not person or not name:
            return
        digits = re.sub(r"[-\s]", "", cpr)
        if self.names.setdefault(person, name) != name or (digits and self.numbers.get(person, digits) != digits):
            self.tell("twice", row=at)
        elif re.fullmatch(r"\d{10}", digits):
            self.numbers[person] = digits
        elif re.fullmatch(r"\d{9}", digits):
            # A spreadsheet drops the first zero of a number typed as a number.
            self.numbers[person] = f"0{digits}"
        elif digits:
            self.tell("not_a_cpr", "should_fix", row=at)


def _problem(code: str, file_name: str, severity: str = "must_fix", **more) -> Problem:
    return Problem(f"plan_names.{code}", severity, file=file_name, **more)


def _rows(content: bytes, file_name: str, lang: str) -> list[list]:
    try:
        if file_name.casefold().endswith((".csv", ".txt")):
            return _csv_rows(content, file_name, lang)
        return next(iter(sheet_rows(content).values()), [])
    except (DamagedFile, csv.Error) as error:
        raise DataNeedsWork(_problem("unreadable", file_name), lang) from error


def _csv_rows(content: bytes, file_name: str, lang: str) -> list[list[str]]:
    for encoding in _ENCODINGS:
        try:
            written = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise DataNeedsWork(_problem("unreadable", file_name), lang)
    first = next((line for line in written.splitlines() if line.strip()), "")
    mark = max(";,\t", key=first.count)
    return rows_of(written, mark, _LONGEST_CELL)


def _headings(rows: list[list]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings and the place of each known one; those of the row that has most of them."""
    known = {catalogue()[key][lang].casefold(): name for name, key in _HEADINGS.items() for lang in LANGUAGES}
    best: tuple[int, dict[str, int]] = (0, {})
    for at, row in enumerate(rows[:_FIRST_ROWS]):
        found = {
            known[cell]: place for place, one in enumerate(row) if (cell := str(one or "").strip().casefold()) in known
        }
        if len(found) > len(best[1]):
            best = (at, found)
    return best


def _heading(name: str, lang: str) -> str:
    return catalogue()[_HEADINGS[name]][lang]


def _cell(row: list, place: int | None) -> str:
    value = row[place] if place is not None and place < len(row) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(writable(str(value if value is not None else "")).split())
