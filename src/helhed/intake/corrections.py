"""Corrected values: what case workers type into the list of errors is kept, logged and applied at every reading.

A correction is tied to its row by a keyed mark of the row as it stood, not by the row's number: a new export in
another order still meets it, and a row that has changed since is left alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from helhed.errors import Problem
from helhed.intake.correction_forms import form_of
from helhed.intake.exports.preset import Heading, Preset
from helhed.intake.pseudonyms import Keyring, without_cpr
from helhed.intake.reading.readers import RawSheet, read_xlsx, sheet_names
from helhed.intake.reading.spelling import plain
from helhed.intake.values.cells import convert
from helhed.texts import LANGUAGES, text

#: The log of corrections in the municipality's folder.
LOG_NAME = "corrections.xlsx"
#: What a correction does: puts a value into a cell, empties the cell, or leaves out the row.
ACTIONS = ("correct", "clear", "delete")
#: What became of a correction at the last check.
STATES = ("applied", "mended", "no_longer_fits", "rejected", "replaced")
#: Columns that both the list of errors and the log hold, by which a correction is read back.
FIELDS = ("file", "sheet", "row", "column", "found", "action", "value", "who", "remark", "mark", "alike")
LOG_FIELDS = (*FIELDS, "taken_in", "state", "mark_after")
_END_OF_CELL = "\x1f"


@dataclass(frozen=True)
class Correction:
    """One correction.

    Parameters
    ----------
    file, sheet, row, column
        Where the cell stood when it was corrected; ``row`` is for people, the mark is what counts.
    found
        What stood there; empty where it would name a person.
    action, value
        One of `ACTIONS`, and the value as the export would write it.
    who, remark
        Who corrected it, and why.
    mark, mark_after, alike
        Keyed marks of the row as it stood and with all its corrections; how many rows looked just like it.
    taken_in
        Day on which the correction was taken in, dd-mm-yyyy.
    state
        One of `STATES`.
    """

    file: str
    sheet: str
    row: str
    column: str
    found: str
    action: str
    value: str
    who: str
    remark: str
    mark: str
    alike: str = "1"
    taken_in: str = ""
    state: str = ""
    mark_after: str = ""
    #: Where the correction itself stands: workbook, sheet and row.
    place: tuple[str, str, int] = ("", "", 0)

    @property
    def cell(self) -> tuple[str, str, str, str]:
        """Return which cell is meant; a file keeps its name when it turns from CSV to Excel."""
        return (_stem(self.file), self.sheet, self.mark, plain(self.column))

    def problem(self, code: str, severity: str = "note", **details: str | dict[str, str]) -> Problem:
        """Return a problem at the place where the correction stands."""
        workbook, sheet, row = self.place
        return Problem(f"intake.{code}", severity, workbook, sheet, row, self.column, without_cpr(self.value), details)


def row_marks(sheet: RawSheet, preset: Preset, keyring: Keyring) -> pd.Series:
    """Return the keyed mark of each row, from the columns that are used; indexed as the sheet is.

    Two rows have the same mark only if they hold the same text in every used column.
    """
    by_plain = {plain(written): written for written in sheet.frame.columns}
    used = [by_plain[plain(h.heading)] for h in preset.columns if h.to and plain(h.heading) in by_plain]
    cells = sheet.frame[used].apply(lambda column: column.str.strip())
    joined = cells.agg(_END_OF_CELL.join, axis=1) if len(cells) and used else pd.Series("", index=cells.index)
    return joined.map(lambda row: keyring.pseudonym("row", row)).astype("str")


def apply_corrections(
    sheet: RawSheet, preset: Preset, corrections: Iterable[Correction], keyring: Keyring
) -> tuple[RawSheet, list[Correction], list[Problem]]:
    """Return the sheet as corrected, this sheet's corrections with what became of them, and what to say about them.

    A cell is corrected in every row that has the mark. Deletions leave as many rows of a mark as there were then,
    less one for each deletion: a copy that has gone from the system is not deleted twice.
    """
    of_sheet = [c for c in corrections if (_stem(c.file), c.sheet) == (_stem(sheet.file), sheet.sheet)]
    own = [replace(c, column=preset.heading_now(c.column)) for c in of_sheet]
    if not own:
        return sheet, [], []
    faults = {c.place: fault for c in own if (fault := _fault(c, preset, keyring))}
    in_force = [c for c in own if c.state != "replaced" and c.place not in faults]
    rows_of_mark = _rows_of_mark(row_marks(sheet, preset, keyring))
    frame = sheet.frame.copy()
    for correction in in_force:
        if correction.action != "delete":
            frame.loc[rows_of_mark.get(correction.mark, []), _heading(correction, frame)] = correction.value
    doomed = _doomed(in_force, rows_of_mark)
    after = row_marks(replace(sheet, frame=frame), preset, keyring)
    corrected = replace(sheet, frame=frame.drop(index=[row for rows in doomed.values() for row in rows]))
    outcomes = [_with_state(c, rows_of_mark, doomed, after) if c in in_force else _unused(c) for c in own]
    return corrected, outcomes, [*faults.values(), *_notes(outcomes)]


def _unused(correction: Correction) -> Correction:
    return correction if correction.state == "replaced" else replace(correction, state="rejected")


def _doomed(corrections: list[Correction], rows_of_mark: dict[str, list[int]]) -> dict[str, list[int]]:
    """Return the rows to leave out by mark."""
    deletions = Counter((c.mark, int(c.alike or 1)) for c in corrections if c.action == "delete")
    kept = {mark: max(alike - n, 0) for (mark, alike), n in deletions.items()}
    return {mark: rows_of_mark.get(mark, [])[n:] for mark, n in kept.items()}


def _heading(correction: Correction, frame: pd.DataFrame) -> str | None:
    """Return the sheet's own spelling of the heading that a correction is for."""
    return next((written for written in frame.columns if plain(written) == plain(correction.column)), None)


def _rows_of_mark(marks: pd.Series) -> dict[str, list[int]]:
    rows = defaultdict(list)
    for row, mark in marks.items():
        rows[mark].append(row)
    return rows


def _with_state(
    correction: Correction, rows_of_mark: dict[str, list[int]], doomed: dict[str, list[int]], after: pd.Series
) -> Correction:
    rows = rows_of_mark.get(correction.mark)
    if correction.action == "delete":
        return replace(correction, state="applied" if doomed[correction.mark] else "mended")
    if rows:
        return replace(correction, state="applied", mark_after=str(after[rows[0]]))
    return replace(correction, state="mended" if correction.mark_after in rows_of_mark else "no_longer_fits")


def _notes(outcomes: Iterable[Correction]) -> list[Problem]:
    codes = {"mended": "correction_not_needed", "no_longer_fits": "correction_no_longer_fits"}
    return [c.problem(codes[c.state], file=c.file) for c in outcomes if c.state in codes]


def with_outcomes(log: Iterable[Correction], outcomes: Iterable[Correction]) -> list[Correction]:
    """Return the log with the states that a reading found."""
    found = {outcome.place: outcome for outcome in outcomes}
    return [found.get(correction.place, correction) for correction in log]


def read_log(municipality: Path) -> tuple[list[Correction], list[Problem]]:
    """Return the corrections that a municipality's log holds, the oldest first, and the problems met."""
    file = municipality / LOG_NAME
    return _read_workbook(file, LOG_FIELDS) if file.is_file() else ([], [])


def read_typed(file: Path) -> tuple[list[Correction], list[Problem]]:
    """Return the corrections that someone has typed into a list of errors, and the problems met."""
    return _read_workbook(file, FIELDS) if file.is_file() else ([], [])


def _read_workbook(file: Path, fields: tuple[str, ...]) -> tuple[list[Correction], list[Problem]]:
    names, problems = sheet_names(file)
    found = []
    for name in (name for name in names if name not in _other_sheets()):
        sheet, met = read_xlsx(file, name)
        columns = _columns_of(sheet.frame, fields) if sheet else {}
        problems += [problem for problem in met if problem.severity == "must_fix"]
        if columns:
            cells = sheet.frame[list(columns.values())].set_axis(list(columns), axis=1)
            found += [_correction(dict(zip(columns, row[1:], strict=True)), (file.name, name, row[0]))
                      for row in cells.itertuples(name=None)]  # fmt: skip
    return [correction for correction in found if correction is not None], problems


def _other_sheets() -> set[str]:
    return {text(f"intake.sheet_{name}", lang) for name in ("summary", "lists") for lang in LANGUAGES}


def _columns_of(frame: pd.DataFrame, fields: tuple[str, ...]) -> dict[str, str]:
    """Return the sheet's heading of each field in whichever language it is; empty when it is no such sheet."""
    by_plain = {plain(written): written for written in frame.columns}
    for lang in LANGUAGES:
        headings = {field: by_plain.get(plain(text(f"intake.correction_{field}", lang))) for field in fields}
        if all(headings.values()):
            return headings
    return {}


def _correction(cells: dict[str, str], place: tuple[str, str, int]) -> Correction | None:
    """Return what a row says, or None when nothing was typed into it."""
    typed = {field: cell.strip() for field, cell in cells.items()}
    if not typed["mark"] or not (typed["value"] or typed["action"]):
        return None
    # A word that is no action is kept as written, so that the next check can say so.
    typed["action"] = _code(typed["action"], ACTIONS, "action") or typed["action"] or "correct"
    if typed["action"] == "clear":
        typed["value"] = ""
    if "state" in typed:
        typed["state"] = _code(typed["state"], STATES, "state")
    return Correction(**typed, place=place)


def _code(written: str, known: tuple[str, ...], field: str) -> str:
    labels = {plain(text(f"intake.{field}_{code}", lang)): code for code in known for lang in LANGUAGES}
    return labels.get(plain(written), "")


def merge_corrections(log: list[Correction], typed: list[Correction], day: str) -> list[Correction]:
    """Return the log with newly typed corrections at its end; of two for one cell, the later one counts.

    What has been typed is never thrown away: an earlier one stays in the log as replaced. Deletions of rows that look
    alike add up, one row each.
    """
    known = Counter((c.cell, c.action, c.value) for c in log if c.state != "replaced")
    fresh = []
    for correction in typed:
        same = (correction.cell, correction.action, correction.value)
        if known[same] and correction.action != "delete":
            continue
        known[same] += 1
        fresh.append(replace(correction, taken_in=day, state=""))
    later = {c.cell for c in fresh if c.action != "delete"}
    kept = [replace(c, state="replaced") if c.cell in later and c.action != "delete" else c for c in log]
    return [*kept, *fresh]


def _fault(correction: Correction, preset: Preset, keyring: Keyring) -> Problem | None:
    """Return what is wrong with a correction: no such action or column, or a value that the column cannot hold."""
    if correction.action not in ACTIONS:
        known = {lang: ", ".join(text(f"intake.action_{code}", lang) for code in ACTIONS) for lang in LANGUAGES}
        return correction.problem("unknown_action", "should_fix", known=known)
    if correction.action == "delete":
        return None
    headings = {plain(h.heading): h for h in preset.columns if h.to}
    heading = headings.get(plain(correction.column))
    if heading is None:
        known = ", ".join(h.heading for h in headings.values())
        return correction.problem("correction_without_column", "should_fix", known=known)
    is_sound = not correction.value or _fits(correction.value, heading, keyring)
    return None if is_sound else correction.problem("bad_correction", "should_fix", form=form_of(heading))


def _fits(value: str, heading: Heading, keyring: Keyring) -> bool:
    cells = pd.Series([value], dtype="str")
    read, misfits = convert(cells, heading, keyring)
    if misfits.any():
        return False
    low = heading.min is not None and bool((read < heading.min).any())
    return not low and not (heading.max is not None and bool((read > heading.max).any()))


def _stem(file: str) -> str:
    return Path(file).stem.casefold()
