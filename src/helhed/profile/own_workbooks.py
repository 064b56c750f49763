"""Reads the workbooks a municipality may add to its folder: own prices and payers, interviews, results from SØM.

What each holds is declared in ``workbooks/``; the blank forms are made from the same declarations. Sheets and headings
may be written in Danish or English.
"""

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from helhed.cpr import shows_cpr
from helhed.errors import Problem, ProfileNeedsWork
from helhed.office_files import DamagedFile, sheet_rows
from helhed.profile.cells import day_written, flag_written, is_empty, number_written, plain_words
from helhed.profile.entries import data_files
from helhed.tables import codes
from helhed.texts import LANGUAGES, number, text

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_HEADING_ROW = 1
_DTYPES = {"text": "str", "choice": "str", "number": "float64", "share": "float64", "year": "Int64", "flag": "boolean"}


@dataclass(frozen=True)
class Field:
    """One column of a declared sheet."""

    name: str
    kind: str
    da: str
    en: str
    help_da: str
    help_en: str
    required: bool = False
    choices: tuple[str, ...] = ()
    codes: str = ""
    min: float | None = None
    max: float | None = None
    if_missing: str = "workbooks.missing"

    def label(self, lang: str) -> str:
        """Return the heading in the language."""
        return self.da if lang == "da" else self.en

    def help(self, lang: str) -> str:
        """Return what is to be written in the column."""
        return self.help_da if lang == "da" else self.help_en

    def labels(self, lang: str) -> dict[str, str]:
        """Return what each allowed choice is called in the language; empty for other kinds."""
        if self.codes:
            return {code: names[lang] for code, names in codes()[self.codes].items()}
        return {choice: text(f"workbooks.choice_{choice}", lang) for choice in self.choices}


@dataclass(frozen=True)
class Sheet:
    """One declared sheet: its names and its columns."""

    name: str
    da: str
    en: str
    columns: dict[str, Field]

    def label(self, lang: str) -> str:
        """Return the sheet's name in the language."""
        return self.da if lang == "da" else self.en


@dataclass(frozen=True)
class Workbook:
    """One declared workbook: the file it is read from, its titles, how it is filled in, and its sheets."""

    file: str
    titles: dict[str, str]
    how: dict[str, str]
    sheets: dict[str, Sheet]


@cache
def own_workbooks() -> dict[str, Workbook]:
    """Return the declared workbooks by name: ``economy``, ``interviews``, ``soem``."""
    return {name: _workbook(declared) for name, declared in data_files("workbooks").items()}


def _workbook(declared: dict) -> Workbook:
    sheets = {
        name: Sheet(name, sheet["da"], sheet["en"], {key: _field(key, one) for key, one in sheet["columns"].items()})
        for name, sheet in declared["sheets"].items()
    }
    titles, how = ({lang: declared[f"{part}{lang}"] for lang in LANGUAGES} for part in ("", "how_"))
    return Workbook(declared["file"], titles, how, sheets)


def _field(name: str, declared: dict) -> Field:
    return Field(name=name, **{**declared, "choices": tuple(declared.get("choices", ()))})


def read_workbook(folder: Path | str, name: str, lang: str = "da") -> dict[str, pd.DataFrame]:
    """Return the sheets of one of a municipality's own workbooks; all empty when there is no file.

    Parameters
    ----------
    folder
        The municipality's folder.
    name
        A key of `own_workbooks`.
    lang
        Language of the messages.

    Returns
    -------
    Sheet to table: its declared columns, and ``row``, where the line stands in the file.

    Raises
    ------
    ProfileNeedsWork
        With one problem per fault: a file that cannot be opened, none of the sheets, an unknown or missing heading, a
        value that is missing, of the wrong kind or outside its limits, and whatever looks like a CPR number.
    """
    found, problems = read_as_far_as_possible(folder, name)
    if problems:
        raise ProfileNeedsWork(problems, lang)
    return {key: sheet.lines for key, sheet in found.items()}


@dataclass(frozen=True)
class ReadSheet:
    """One sheet as far as it could be read: its name in the file, its lines, and the rows with something wrong.

    Where a heading is wrong all rows are: a column of theirs is missing.
    """

    title: str
    lines: pd.DataFrame
    misread: frozenset[int]


def read_as_far_as_possible(folder: Path | str, name: str) -> tuple[dict[str, ReadSheet], list[Problem]]:
    """Return the sheets of one of a municipality's own workbooks, and all that is wrong in them (see `read_workbook`).

    A value that is wrong is missing from its line.
    """
    book = own_workbooks()[name]
    given, problems = _sheets(Path(folder) / book.file)
    found = {}
    for key, sheet in book.sheets.items():
        title = next((title for title in given if plain_words(title) in _names(sheet)), "")
        rows, wrong = _table(sheet, given.get(title, []), {"file": book.file, "sheet": title})
        lines, told = _typed(rows, sheet), {problem.row for problem in wrong}
        found[key] = ReadSheet(title, lines, frozenset(lines["row"] if _HEADING_ROW in told else told))
        problems += wrong
    if given and not any(sheet.title for sheet in found.values()):
        wanted = {one: ", ".join(sheet.label(one) for sheet in book.sheets.values()) for one in LANGUAGES}
        problems.append(Problem("workbooks.no_sheet", file=book.file, details={"sheets": wanted}))
    return found, problems


def _names(sheet: Sheet) -> set[str]:
    return {plain_words(sheet.da), plain_words(sheet.en)}


def _sheets(file: Path) -> tuple[dict[str, list[list]], list[Problem]]:
    """Return the rows of a workbook by the names of its sheets, none when there is no file, and what is wrong."""
    try:
        return (sheet_rows(file.read_bytes()) if file.is_file() else {}), []
    except (DamagedFile, OSError):
        return {}, [Problem("workbooks.unreadable", file=file.name)]


def _table(sheet: Sheet, rows: list[tuple], place: dict) -> tuple[list[dict], list[Problem]]:
    """Return the filled lines of a sheet and what is wrong with it."""
    if not rows:
        return [], []
    columns, problems = _columns(sheet, rows[0], place)
    found = []
    for at, cells in enumerate(rows[1:], start=2):
        if all(is_empty(cell) for cell in cells):
            continue
        line = {"row": at}
        for position, field in columns.items():
            cell = cells[position] if position < len(cells) else None
            line[field.name], code = _value(cell, field)
            if code:
                here = {**place, "row": at, "column": _label_written(field, rows[0][position])}
                problems.append(_wrong(code, cell, field, here))
        found.append(line)
    return found, problems


def _label_written(field: Field, heading: Any) -> str:
    """Return a column's name in the language in which the sheet has its heading."""
    return next(field.label(lang) for lang in LANGUAGES if plain_words(field.label(lang)) == plain_words(heading))


def _columns(sheet: Sheet, headings: tuple, place: dict) -> tuple[dict[int, Field], list[Problem]]:
    known = {plain_words(field.label(lang)): field for field in sheet.columns.values() for lang in LANGUAGES}
    columns, problems = {}, []
    for position, heading in enumerate(headings):
        field = known.get(plain_words(heading))
        if field is not None:
            columns[position] = field
        elif not is_empty(heading):
            near = difflib.get_close_matches(plain_words(heading), known, n=1, cutoff=0.0)
            nearest = {lang: known[near[0]].label(lang) for lang in LANGUAGES}
            details = {"nearest": nearest}
            problems.append(
                Problem("workbooks.unknown_heading", **place, row=_HEADING_ROW, column=str(heading), details=details)
            )
    present = {field.name for field in columns.values()}
    for field in sheet.columns.values():
        if field.required and field.name not in present:
            details = {"heading": {lang: field.label(lang) for lang in LANGUAGES}}
            problems.append(Problem("workbooks.no_heading", **place, row=_HEADING_ROW, details=details))
    return columns, problems


def _value(cell: Any, field: Field) -> tuple[Any, str]:
    """Return the value in a cell and the code of what is wrong with it, empty when nothing is."""
    if is_empty(cell):
        return None, field.if_missing if field.required else ""
    if shows_cpr(str(cell)):
        return None, "workbooks.shows_cpr"
    value = _READERS[field.kind](cell, field)
    return value, f"workbooks.misfit_{field.kind}" if value is None else ""


def _number(cell: Any, field: Field) -> float | None:
    value = number_written(cell)
    low, high = (-float("inf") if field.min is None else field.min), (float("inf") if field.max is None else field.max)
    return value if value is not None and low <= value <= high else None


def _share(cell: Any, _field: Field) -> float | None:
    value = number_written(cell)
    return value if value is not None and 0 <= value <= 1 else None


def _year(cell: Any, _field: Field) -> int | None:
    value = number_written(cell)
    is_year = value is not None and value.is_integer() and _FIRST_YEAR <= value <= _LAST_YEAR
    return int(value) if is_year else None


def _choice(cell: Any, field: Field) -> str | None:
    known = {plain_words(label): code for lang in LANGUAGES for code, label in field.labels(lang).items()}
    return known.get(plain_words(cell)) or (str(cell).strip() if str(cell).strip() in field.labels("da") else None)


_READERS = {
    "text": lambda cell, _field: str(cell).strip(),
    "number": _number,
    "share": _share,
    "year": _year,
    "date": lambda cell, _field: day_written(cell),
    "choice": _choice,
    "flag": lambda cell, _field: flag_written(cell),
}


def _wrong(code: str, cell: Any, field: Field, place: dict) -> Problem:
    allowed = {lang: ", ".join(field.labels(lang).values()) for lang in LANGUAGES}
    is_private = code == "workbooks.shows_cpr"
    return Problem(
        code,
        **place,
        value="" if is_private or is_empty(cell) else str(cell),
        details={"allowed": allowed, "limits": {lang: _limits(field, lang) for lang in LANGUAGES}},
    )


def _limits(field: Field, lang: str) -> str:
    low, high = ("" if limit is None else number(limit, lang) for limit in (field.min, field.max))
    return f"{low} – {high}".strip() if low or high else "–"


def _typed(rows: list[dict], sheet: Sheet) -> pd.DataFrame:
    """Return the lines as a table with a column per declared field, whatever was filled in."""
    frame = pd.DataFrame(rows, columns=["row", *sheet.columns]).astype({"row": "int64"})
    for name, field in sheet.columns.items():
        frame[name] = pd.to_datetime(frame[name]) if field.kind == "date" else frame[name].astype(_DTYPES[field.kind])
    return frame
