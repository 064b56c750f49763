"""A second look at a file that has been read, now that it is known which export it is.

Headings that differ from the preset's in signs and spaces alone are the preset's. Cells that Excel shows in per cent
are read as they are shown. A workbook with the same table on two sheets is refused: nobody can say which one is meant.
"""

import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from helhed.errors import Problem
from helhed.intake.exports.preset import Preset
from helhed.intake.pseudonyms import without_cpr
from helhed.intake.reading.percent_cells import percent_cells
from helhed.intake.reading.readers import RawSheet
from helhed.intake.reading.spelling import plain
from helhed.intake.reading.text_files import ROWS_ABOVE, has_headings, header_position
from helhed.intake.reading.workbook_facts import MAX_CELLS, sheet_facts

#: What a workbook that is damaged where its values are not may raise.
_DAMAGE = (
    CalamineError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    ElementTree.ParseError,
)


def looked_again(sheet: RawSheet | None, problems: list[Problem], file: Path, preset: Preset):
    """Return the sheet as its export has it, and the problems with those that the second look finds.

    Parameters
    ----------
    sheet, problems
        What reading the file gave.
    file
        The file.
    preset
        The export that it is.
    """
    if sheet is None:
        return sheet, problems
    if file.suffix.casefold() == ".xlsx":
        others = next((p for p in problems if p.code == "intake.other_sheets"), None)
        if others:
            problems = [*problems, *_same_table(file, sheet, others, preset)]
        sheet = _as_shown(sheet, file, others.details["read"] if others else sheet.sheet, preset)
    return with_known_headings(_of_today(sheet, preset), preset), problems


def _of_today(sheet: RawSheet, preset: Preset) -> RawSheet:
    """Return the sheet with today's headings where it has those of an older workbook; one that has both is left."""
    written = {plain(heading) for heading in sheet.frame.columns}
    now = {heading: preset.heading_now(heading) for heading in sheet.frame.columns}
    new = {heading: today for heading, today in now.items() if today != heading and plain(today) not in written}
    if not new:
        return sheet
    numbers = frozenset(new.get(name, name) for name in sheet.numbers)
    return replace(sheet, frame=sheet.frame.rename(columns=new), numbers=numbers)


def with_known_headings(sheet: RawSheet, preset: Preset) -> RawSheet:
    """Return the sheet with the preset's own spelling of headings that differ in signs, spaces and case alone.

    Only where one heading of the file, and one of the preset, can be meant.
    """
    written = {plain(heading) for heading in sheet.frame.columns}
    wanted = [heading.heading for heading in preset.columns]
    by_letters = {_letters(name): name for name in sheet.frame.columns}
    n_written = Counter(map(_letters, sheet.frame.columns))
    n_wanted = Counter(map(_letters, wanted))
    new = {
        by_letters[letters]: heading
        for heading in wanted
        for letters in [_letters(heading)]
        if plain(heading) not in written and letters and n_written[letters] == n_wanted[letters] == 1
    }
    if not new:
        return sheet
    numbers = frozenset(new.get(name, name) for name in sheet.numbers)
    return replace(sheet, frame=sheet.frame.rename(columns=new), numbers=numbers, taken=(*sheet.taken, "headings"))


def _letters(heading: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", heading)).casefold()


def _as_shown(sheet: RawSheet, file: Path, name: str, preset: Preset) -> RawSheet:
    """Return the sheet with "25 %" where Excel shows that and keeps 0.25; the number alone in a column of per cent."""
    try:
        shown = percent_cells(file, name)
        headings = _row_of(file, name, sheet.header_row) if shown else []
    except _DAMAGE:
        return sheet
    if not shown:
        return sheet
    in_percent = {plain(heading.heading) for heading in preset.columns if heading.in_percent}
    frame, taken = sheet.frame.copy(), set()
    for (row, column), cell in shown.items():
        heading = str(headings[column - 1]).strip() if column <= len(headings) else ""
        if row not in frame.index or heading not in frame:
            continue
        if plain(heading) in in_percent:
            taken.add("percent_cells")
            cell = cell.removesuffix(" %")
        frame.loc[row, heading] = cell
    return replace(sheet, frame=frame, taken=(*sheet.taken, *taken))


def _row_of(file: Path, name: str, row: int) -> list:
    with CalamineWorkbook.from_path(file) as workbook:
        sheet = workbook.get_sheet_by_name(name or workbook.sheet_names[0])
        return sheet.to_python(skip_empty_area=False, nrows=row)[-1]


def _same_table(file: Path, sheet: RawSheet, others: Problem, preset: Preset) -> list[Problem]:
    """Return a problem for each other sheet that holds rows under the same headings as the one that was read."""
    headings = [heading.heading for heading in preset.columns]
    wanted = {plain(name) for name in headings} & {plain(name) for name in sheet.frame.columns}
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            names = [name for name in workbook.sheet_names if name != others.details["read"]]
            alike = [name for name in names if wanted and _holds_rows(file, workbook, name, headings, wanted)]
    except _DAMAGE:
        return []
    details = {"read": others.details["read"]}
    return [Problem("intake.same_table", file=file.name, sheet=without_cpr(name), details=details) for name in alike]


def _holds_rows(file: Path, workbook: CalamineWorkbook, name: str, headings: list[str], wanted: set[str]) -> bool:
    if sheet_facts(file, name).n_cells > MAX_CELLS:
        return False
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=2 * ROWS_ABOVE)
    if not has_headings(rows, headings):
        return False
    at = header_position(rows, headings)
    is_filled = any(cell not in ("", None) for row in rows[at + 1 :] for cell in row)
    return is_filled and wanted <= {plain(str(cell)) for cell in rows[at]}
