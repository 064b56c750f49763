"""Reads CSV and Excel files as text, and says plainly when a file is not what it should be.

Every cell comes out as text; nothing is guessed, and what was taken for granted is in ``RawSheet.taken``. The index of
a sheet is the row number as the user's program shows it.
"""

import gc
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from helhed.errors import Problem
from helhed.intake.reading.delimited import parse
from helhed.intake.reading.excel_cells import DECIMAL, as_text, as_texts, number_as_text
from helhed.intake.reading.file_formats import form_problem, workbook_problem
from helhed.intake.reading.file_names import find_file
from helhed.intake.reading.hidden_faults import (
    composed,
    long_cell_problems,
    may_be_faulty,
    repeated_header,
    sign_problems,
    swallowed_rows,
)
from helhed.intake.reading.spelling import plain, plain_name
from helhed.intake.reading.text_columns import first_signs
from helhed.intake.reading.text_files import (
    ROWS_ABOVE,
    SEPARATOR,
    find_head,
    has_headings,
    header_position,
    open_quote_row,
    read_text,
)
from helhed.intake.reading.workbook_facts import MAX_CELLS, SheetFacts, fact_problems, sheet_facts

__all__ = [
    "DECIMAL",
    "SEPARATOR",
    "RawSheet",
    "find_file",
    "number_as_text",
    "read_csv",
    "read_export",
    "read_xlsx",
    "sheet_names",
]

#: What a damaged workbook may raise while it is read.
_DAMAGE = (
    CalamineError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ElementTree.ParseError,
)


#: From here on a byte is part of a letter beyond English, or of a hard space.
_FIRST_BEYOND_ASCII = 0x80


@dataclass(frozen=True)
class RawSheet:
    """A file, or one sheet of a workbook, as text; ``frame`` is indexed by row number.

    ``header_row`` is the row of the headings. ``taken`` lists what was taken for granted, as keys of the text catalogue
    without their beginning ``intake.taken_``.
    """

    file: str
    frame: pd.DataFrame
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    header_row: int = 1
    taken: tuple[str, ...] = ()
    #: Headings of the columns in which Excel holds a number.
    numbers: frozenset[str] = frozenset()


Read = tuple[RawSheet | None, list[Problem]]


def read_export(file: Path, encoding: str, headings: Collection[str] = ()) -> Read:
    """Return a CSV file or the first sheet of an Excel file as text, with the problems found.

    Parameters
    ----------
    file
        The file.
    encoding
        What the profile says (``utf-8-sig``, ``utf-8`` or ``cp1252``).
    headings
        What the export should have: where they are not in row 1, they are looked for in the first rows.
    """
    is_workbook = file.suffix.casefold() == ".xlsx"
    return read_xlsx(file, headings=headings) if is_workbook else read_csv(file, encoding, headings)


def read_csv(file: Path, encoding: str, headings: Collection[str] = ()) -> Read:
    """Return a semicolon-separated file as text, with the problems found (see `read_export`)."""
    text, problem = read_text(file, encoding)
    if problem:
        return None, [problem]
    head, problem = find_head(file.name, text, headings)
    problem = problem or _header_problem(file.name, head.headings, head.row)
    if problem:
        return None, [problem]
    row = open_quote_row(text)
    if row:
        return None, [Problem("intake.broken_quotes", file=file.name, row=row)]
    try:
        frame, problems = parse(file.name, text, head)
    except pa.ArrowInvalid:
        return None, [Problem("intake.is_unknown", file=file.name)]
    if frame is None:
        return None, problems
    place = {"file": file.name}
    named, met = _headed(frame, head.headings, place)
    if may_be_faulty(text.raw):
        met += sign_problems(named, place)
    if b'"' in text.raw and text.raw.count(b"\n") > len(frame) + head.row:
        met += swallowed_rows(named, head.n_fields, place)
    named, repeats = repeated_header(named, place)
    problems += [*met, *long_cell_problems(named, place), *repeats, *_rows_above(head.row, place)]
    return RawSheet(file.name, named, "", text.encoding, SEPARATOR, head.row, (*text.taken, *head.taken)), problems


def _header_problem(file: str, header: list[str], row: int, sheet: str = "") -> Problem | None:
    named = [plain(heading) for heading in header if heading.strip()]
    doubled = [heading.strip() for heading in header if named.count(plain(heading)) > 1]
    if doubled:
        return Problem("intake.doubled_column", file=file, sheet=sheet, row=row, column=", ".join(Counter(doubled)))
    return None


def _rows_above(row: int, place: dict) -> list[Problem]:
    return [Problem("intake.rows_above", "note", **place, row=row)] if row > 1 else []


def read_xlsx(file: Path, sheet: str | None = None, headings: Collection[str] = ()) -> Read:
    """Return one sheet of an Excel file as text (the first when none is named), with the problems found."""
    problem = form_problem(file) if sheet else workbook_problem(file)
    if problem:
        return None, [problem]
    with _without_collector():
        return _read_xlsx(file, sheet, headings)


def _read_xlsx(file: Path, sheet: str | None, headings: Collection[str]) -> Read:
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            if not workbook.sheet_names:
                return None, [Problem("intake.broken_workbook", file=file.name)]
            first = _sheet_named(sheet, workbook.sheet_names)
            name = first if sheet else _sheet_with(headings, file, workbook)
            if name is None:
                known = ", ".join(workbook.sheet_names)
                return None, [Problem("intake.missing_sheet", file=file.name, sheet=sheet, details={"known": known})]
            facts = sheet_facts(file, name)
            if facts.n_cells > MAX_CELLS:
                return None, [Problem("intake.far_cell", file=file.name, sheet=sheet or name)]
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            others = [] if sheet else [other for other in workbook.sheet_names if other != name]
    except _DAMAGE:
        return None, [Problem("intake.broken_workbook", file=file.name)]
    read, problems = _sheet_of_rows(file.name, sheet or "", rows, facts, headings)
    if read and name != first:
        read = replace(read, taken=(*read.taken, "other_sheet"))
    if others:
        details = {"read": name, "others": ", ".join(others)}
        problems.append(Problem("intake.other_sheets", "note", file=file.name, details=details))
    return read, problems


def _sheet_with(headings: Collection[str], file: Path, workbook: CalamineWorkbook) -> str:
    """Return the sheet to read: the first, or if that lacks the headings the only other one that has them."""
    names = workbook.sheet_names
    if len(names) == 1 or not headings or _holds(headings, file, workbook, names[0]):
        return names[0]
    able = [name for name in names[1:] if _holds(headings, file, workbook, name)]
    return able[0] if len(able) == 1 else names[0]


def _holds(headings: Collection[str], file: Path, workbook: CalamineWorkbook, name: str) -> bool:
    """Return whether a sheet has the headings in its first rows; one with a cell far out is not laid out for that."""
    if sheet_facts(file, name).n_cells > MAX_CELLS:
        return False
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=ROWS_ABOVE)
    return has_headings(rows, headings)


def sheet_names(file: Path) -> tuple[list[str], list[Problem]]:
    """Return the names of a workbook's sheets, none when it cannot be read, and the problem met."""
    problem = form_problem(file)
    if problem:
        return [], [problem]
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            return list(workbook.sheet_names), []
    except _DAMAGE:
        return [], [Problem("intake.broken_workbook", file=file.name)]


@contextmanager
def _without_collector():
    """Keep the garbage collector from going through all cells again and again while a sheet is laid out."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _sheet_named(sheet: str | None, names: list[str]) -> str | None:
    """Return the sheet's name as the workbook writes it: case, outer blanks and letters in two pieces do not matter."""
    if sheet is None:
        return names[0] if names else None
    wanted = plain_name(sheet).strip()
    return next((name for name in names if plain_name(name).strip() == wanted), None)


def _sheet_of_rows(file: str, sheet: str, rows: list[list], facts: SheetFacts, headings: Collection[str]) -> Read:
    place = {"file": file, "sheet": sheet}
    if not any(cell not in ("", None) for row in rows[:1000] for cell in row):
        return None, [Problem("intake.empty_file", **place)]
    at = header_position(rows, headings)
    header = [unicodedata.normalize("NFC", as_text(cell)) for cell in rows[at]]
    problem = _header_problem(file, header, at + 1, sheet)
    if problem:
        return None, [problem]
    cells = list(zip(*rows[at + 1 :], strict=True)) or [()] * len(header)
    columns = {str(i): as_texts(column) for i, column in enumerate(cells)}
    frame = pd.DataFrame(columns).set_axis(pd.RangeIndex(at + 2, 1 + len(rows)))
    named, problems = _headed(frame, header, place)
    named, is_composed = composed(named)
    of_column = {i: heading.strip() for i, heading in enumerate(header, start=1) if heading.strip()}
    problems += fact_problems(facts, place, of_column, at + 1) + sign_problems(named, place)
    named, repeats = repeated_header(named, place)
    problems += [*repeats, *_rows_above(at + 1, place)]
    taken = {"rows_above": at > 0, "composed_letters": is_composed, "dates_from_1904": facts.is_1904}
    kinds = [set(map(type, column)) for column in cells]
    taken["times_dropped"] = any(datetime in kinds[i] and _has_time(column) for i, column in enumerate(cells))
    numbers = frozenset(header[i].strip() for i in range(len(cells)) if float in kinds[i])
    told = tuple(key for key in taken if taken[key])
    return RawSheet(file, named, sheet, header_row=at + 1, taken=told, numbers=numbers), problems


def _has_time(column: tuple) -> bool:
    """Return whether a column of Excel cells holds a day with a time of day; midnight is none."""
    return any(type(cell) is datetime and cell.time() != time() for cell in column)


def _headed(frame: pd.DataFrame, header: list[str], place: dict) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the frame under its headings, without empty rows, and a problem per column of values without a heading."""
    kept = [str(i) for i, heading in enumerate(header) if heading.strip()]
    named = frame[kept].set_axis([header[int(i)].strip() for i in kept], axis=1)
    problems = []
    for nameless in frame.columns.difference(kept, sort=False):
        filled = frame.index[frame[nameless].str.strip() != ""]
        if len(filled):
            details = {"number": int(nameless) + 1}
            problems.append(
                Problem("intake.nameless_column", "should_fix", **place, row=int(filled[0]), details=details)
            )
    is_empty = np.ones(len(named), dtype=bool)
    for heading in named.columns:
        # Only rows that have been empty so far are looked at again; blanks and hard spaces say nothing.
        begins = first_signs(named[heading])
        is_empty &= (begins <= ord(" ")) | (begins >= _FIRST_BEYOND_ASCII)
        is_empty[is_empty] = (named.loc[is_empty, heading].str.strip() == "").to_numpy()
        if not is_empty.any():
            return named, problems
    return named[~is_empty], problems
