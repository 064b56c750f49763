"""Typed rows into the shape of their table: rows left out, values that stand elsewhere, columns that become rows."""

import re
from collections.abc import Callable

import pandas as pd

from helhed.errors import Problem
from helhed.intake.exports.preset import Heading, Preset
from helhed.intake.reading.readers import RawSheet
from helhed.intake.reading.spelling import plain
from helhed.municipalities import municipality_called

Matched = list[tuple[Heading, str]]


def rows_kept(frame: pd.DataFrame, matched: Matched, place: dict) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the rows that the preset wants, and a note of how many were left out.

    Parameters
    ----------
    frame
        The sheet as text.
    matched
        The headings of the preset, each with the heading in the sheet.
    place
        File and sheet of the note.
    """
    is_kept = pd.Series(True, index=frame.index)
    for heading, written in matched:
        known = _known(heading, frame[written])
        if known is not None:
            is_kept &= known
    n = int((~is_kept).sum())
    if not n:
        return frame, []
    code, severity = ("rows_left_out", "note") if is_kept.any() else ("all_rows_left_out", "should_fix")
    return frame[is_kept], [Problem(f"intake.{code}", severity, **place, details={"n": n})]


def _known(heading: Heading, cells: pd.Series) -> pd.Series | None:
    """Return which cells of a column are wanted; None when all are."""
    if heading.keep:
        kept = {plain(cell) for cell in heading.keep}
        return _which(cells, lambda cell: plain(cell) in kept)
    if heading.unknown != "left_out":
        return None
    if heading.kind == "municipality":
        return _which(cells, lambda cell: municipality_called(cell) is not None)
    known = heading.code_map()
    return _which(cells, lambda cell: plain(cell) in known)


def _which(cells: pd.Series, is_wanted: Callable[[str], bool]) -> pd.Series:
    return cells.isin([cell for cell in cells.unique() if is_wanted(cell)])


def without_blanks(texts: pd.Series, heading: Heading) -> pd.Series:
    """Return the cells of a column, the signs that stand for nothing as empty cells."""
    return texts.mask(texts.isin(list(heading.blank)), "") if heading.blank else texts


def shaped(frame: pd.DataFrame, preset: Preset, sheet: RawSheet) -> tuple[pd.DataFrame, list[Problem]]:
    """Return typed rows with the values that do not stand in a cell, and its side-by-side columns as rows.

    A file whose name does not tell what it must tell is left out, and is a problem.
    """
    told, problems = _of_file(preset, sheet)
    whole = frame.assign(**preset.constants, **told)
    if problems:
        whole = whole[:0]
    return (_turned(whole, preset) if preset.unpivot else whole), problems


def _of_file(preset: Preset, sheet: RawSheet) -> tuple[dict[str, str | None], list[Problem]]:
    told: dict[str, str | None] = {}
    problems = []
    for column, known in preset.from_file.items():
        parts = set(re.findall(r"[^\W_]+", sheet.file.casefold()))
        told[column] = next((code for part, code in known.items() if part.casefold() in parts), None)
        if told[column] is None:
            details = {"known": ", ".join(known)}
            problems.append(Problem("intake.file_does_not_tell", file=sheet.file, details=details))
    return told, problems


def _turned(frame: pd.DataFrame, preset: Preset) -> pd.DataFrame:
    """Return one row per number where the export has several numbers in a row; a missing number gives none."""
    turn = preset.unpivot
    kept = [column for column in frame if column not in turn.of]
    long = frame.melt(id_vars=kept, value_vars=list(turn.of), var_name=turn.kind, value_name=turn.value)
    long = long.assign(**{turn.kind: long[turn.kind].map(turn.of).astype("str")})
    return long.dropna(subset=[turn.value]).sort_values("row_", kind="stable").reset_index(drop=True)
