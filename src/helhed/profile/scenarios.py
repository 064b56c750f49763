"""Reads the sheet of scenarios: one row per scenario, one column per setting that differs from the profile.

The file ``scenarios.xlsx`` in the municipality's folder is optional. An empty cell means: as in the profile.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from helhed.cpr import shows_cpr
from helhed.errors import Problem, ProfileNeedsWork
from helhed.office_files import DamagedFile, sheet_rows
from helhed.profile.cells import is_empty, number_written, plain_words
from helhed.profile.entries import Entry, choice_label, declared_entries
from helhed.texts import LANGUAGES, text

FILE_NAME = "scenarios.xlsx"
#: What may be varied beside the settings: the name says which field of `Scenario` it becomes.
SPECIAL = ("name", "posts", "starts")
_KINDS = ("int", "float", "share", "choice")


@dataclass(frozen=True)
class Scenario:
    """One row of the sheet.

    Parameters
    ----------
    name
        What the scenario is called.
    row
        Where it stands in the sheet; the headings are row 1.
    values
        Declared setting to its value in this scenario; settings not in it are as in the profile.
    posts, starts
        Full-time posts and new families a month; ``None`` for as now.
    """

    name: str
    row: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    posts: float | None = None
    starts: float | None = None


def scenario_entries() -> dict[str, Entry]:
    """Return the settings that a scenario may vary: the numbers, shares and choices of the staffing step."""
    return {
        key: entry for key, entry in declared_entries().items() if entry.group == "staffing" and entry.kind in _KINDS
    }


def read_scenarios(folder: Path | str, lang: str = "da") -> list[Scenario]:
    """Return the scenarios of a municipality's folder, in the order of the sheet; empty when there is no file.

    Parameters
    ----------
    folder
        The municipality's folder; may hold ``scenarios.xlsx`` with headings in Danish or English.
    lang
        Language of the messages.

    Raises
    ------
    ProfileNeedsWork
        With one problem per fault, each with its sheet, row and column: no sheet of scenarios, an unknown or doubled
        heading (the nearest known one is named), a value of the wrong kind or outside the limits, a scenario without
        a name or with the name of another.
    """
    file = Path(folder) / FILE_NAME
    if not file.is_file():
        return []
    sheet, rows = _sheet(file, lang)
    columns, problems = _columns(rows[0], sheet)
    scenarios = []
    for number, cells in enumerate(rows[1:], start=2):
        if any(not is_empty(cell) for cell in cells):
            scenario, wrong = _scenario(number, cells, columns, sheet)
            scenarios.append(scenario)
            problems += wrong
    problems += _doubles(scenarios, sheet)
    if problems:
        raise ProfileNeedsWork(problems, lang)
    return scenarios


def _sheet(file: Path, lang: str) -> tuple[str, list[list]]:
    """Return the name and rows of the sheet whose first heading is that of the scenario's name."""
    try:
        sheets = sheet_rows(file.read_bytes())
    except (DamagedFile, OSError):
        raise ProfileNeedsWork(Problem("scenarios.unreadable", file=FILE_NAME), lang) from None
    wanted = {plain_words(heading_of("name", one)) for one in LANGUAGES}
    for title, rows in sheets.items():
        if rows and rows[0] and plain_words(rows[0][0]) in wanted:
            return title, rows
    names = " / ".join(heading_of("name", one) for one in LANGUAGES)
    raise ProfileNeedsWork(Problem("scenarios.no_sheet", file=FILE_NAME, details={"heading": names}), lang)


@cache
def _known_headings() -> dict[str, str]:
    """Return what may stand above a column, plainly written, to the setting or special column it means."""
    known = {key: key for key in scenario_entries()}
    for lang in LANGUAGES:
        known |= {plain_words(entry.label(lang)): key for key, entry in scenario_entries().items()}
        known |= {plain_words(heading_of(name, lang)): name for name in (*SPECIAL, "note")}
    return known


@dataclass(frozen=True)
class _Column:
    """One column of the sheet: where it stands, what is written above it and what that means."""

    position: int
    heading: str
    meant: str


def _columns(headings: tuple, sheet: str) -> tuple[list[_Column], list[Problem]]:
    """Return the columns that are understood, and what is wrong with the headings."""
    columns, problems = [], []
    for position, heading in enumerate(headings):
        if is_empty(heading):
            continue
        meant = _known_headings().get(plain_words(heading))
        place = {"file": FILE_NAME, "sheet": sheet, "row": 1, "column": str(heading)}
        if meant is None:
            problems.append(_unknown(heading, place))
        elif meant in {column.meant for column in columns}:
            problems.append(Problem("scenarios.double_heading", **place))
        else:
            columns.append(_Column(position, str(heading), meant))
    return columns, problems


def _unknown(heading: Any, place: dict) -> Problem:
    near = difflib.get_close_matches(plain_words(heading), _known_headings(), n=1, cutoff=0.5)
    if not near:
        return Problem("scenarios.unlike_any_heading", **place)
    nearest = {lang: heading_of(_known_headings()[near[0]], lang) for lang in LANGUAGES}
    return Problem("scenarios.unknown_heading", **place, details={"nearest": nearest})


def heading_of(meant: str, lang: str) -> str:
    """Return the heading of a setting, of a column of `SPECIAL` or of the note."""
    entries = scenario_entries()
    return entries[meant].label(lang) if meant in entries else text(f"scenarios.{meant}", lang)


def _scenario(number: int, cells: tuple, columns: list[_Column], sheet: str) -> tuple[Scenario, list[Problem]]:
    found, problems = {"values": {}}, []
    for column, cell in _filled(cells, columns):
        meant, value = column.meant, _value(cell, column.meant)
        if value is None:
            place = {"file": FILE_NAME, "sheet": sheet, "row": number, "column": column.heading}
            problems.append(_misfit(meant, cell, place))
        elif meant in SPECIAL:
            found[meant] = value
        elif meant != "note":
            found["values"][meant] = value
    name = found.pop("name", "")
    if not name:
        problems.append(Problem("scenarios.no_name", file=FILE_NAME, sheet=sheet, row=number))
    elif shows_cpr(name):
        problems.append(Problem("scenarios.shows_cpr", file=FILE_NAME, sheet=sheet, row=number))
    return Scenario(name=name, row=number, **found), problems


def _filled(cells: tuple, columns: list[_Column]) -> Iterator[tuple[_Column, Any]]:
    for column in columns:
        if column.position < len(cells) and not is_empty(cells[column.position]):
            yield column, cells[column.position]


def _value(cell: Any, meant: str) -> Any:
    """Return the value in a cell, ``None`` when it does not fit."""
    if meant in ("name", "note"):
        return str(cell).strip()
    if meant in SPECIAL:
        given = number_written(cell)
        return given if given is not None and given > 0 else None
    entry = scenario_entries()[meant]
    if entry.kind == "choice":
        return _choices(entry).get(plain_words(cell))
    given = number_written(cell)
    if given is not None and entry.kind == "int":
        given = int(given) if float(given).is_integer() else None
    return given if given is not None and entry.fits(given) else None


def _choices(entry: Entry) -> dict[str, str]:
    """Return how a choice may be written to the choice: as the setting names it or in words of either language."""
    known = {plain_words(choice): choice for choice in entry.choices}
    for lang in LANGUAGES:
        known |= {plain_words(choice_label(choice, lang)): choice for choice in entry.choices}
    return known


def _misfit(meant: str, cell: Any, place: dict) -> Problem:
    if meant in SPECIAL:
        return Problem("scenarios.misfit_number", **place, value=str(cell))
    entry = scenario_entries()[meant]
    labels = {lang: entry.label(lang) for lang in LANGUAGES}
    if entry.kind == "choice":
        allowed = {lang: ", ".join(choice_label(choice, lang) for choice in entry.choices) for lang in LANGUAGES}
        return Problem(
            "scenarios.misfit_choice", **place, value=str(cell), details={"allowed": allowed, "label": labels}
        )
    limits = {"limits": entry.limits() or "0 – 1", "label": labels}
    return Problem(f"scenarios.misfit_{entry.kind}", **place, value=str(cell), details=limits)


def _doubles(scenarios: list[Scenario], sheet: str) -> list[Problem]:
    seen, problems = {}, []
    for scenario in scenarios:
        first = seen.setdefault(scenario.name.casefold(), scenario.row)
        if scenario.name and first != scenario.row:
            place = {"file": FILE_NAME, "sheet": sheet, "row": scenario.row, "value": scenario.name}
            problems.append(Problem("scenarios.double_name", **place, details={"first": first}))
    return problems
