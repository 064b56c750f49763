"""Faults in cells that no user can see: signs lost in saving, control characters, rows run together by a quotation."""

import re
import unicodedata

import numpy as np
import pandas as pd

from helhed.errors import Problem
from helhed.intake.reading.text_columns import cells_of, first_signs, signs_of
from helhed.intake.reading.text_files import MOST_CHARACTERS, SEPARATOR

_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
#: A sign that could not be saved, and letters that were saved as UTF-8 and opened as cp1252.
_GARBLED = "\ufffd|\xc3[\x80-\xbf\u2020\u02dc\u2026\u2013\u2014\u0178\u02c6\u2030\u0160\u0152]"
_MARK = "[\u0300-\u036f]"
_ANY = f"{_CONTROL}|{_GARBLED}|{_MARK}"
_FIRST_VISIBLE, _DELETE = 32, 127
#: So much of a file stays in the processor's memory while it is looked at.
_PART_BYTES = 1_000_000
#: More cells than this with one fault in one column are not listed.
_MOST_CELLS = 200
#: Cells whose length is looked at together.
_STRETCH = 500


def may_be_faulty(raw: bytes) -> bool:
    """Return whether a text holds bytes of which faulty signs are made; then its cells are worth looking at."""
    # A single byte is found much faster than two, and these two are rare.
    is_garbled = (b"\xef" in raw and b"\xef\xbf\xbd" in raw) or (b"\x83" in raw and b"\xc3\x83" in raw)
    return is_garbled or _holds_control_byte(raw)


def _holds_control_byte(raw: bytes) -> bool:
    signs = np.frombuffer(raw, dtype=np.uint8)
    return any(map(_has_control, np.array_split(signs, 1 + len(signs) // _PART_BYTES)))


def _has_control(part: np.ndarray) -> bool:
    n_other = np.count_nonzero(part < ord(" "))
    for usual in b"\n\r\t":
        n_other -= np.count_nonzero(part == usual) if n_other else 0
    return n_other > 0 or bool((part == _DELETE).any())


def sign_problems(frame: pd.DataFrame, place: dict) -> list[Problem]:
    """Return one problem per cell with control characters (must be fixed) or lost letters (should be fixed)."""
    problems = []
    for heading in frame.columns:
        suspects = frame[heading][_holds(frame[heading], _ANY)]
        for code, pattern, severity in (
            ("control_character", _CONTROL, "must_fix"),
            ("garbled_letters", _GARBLED, "should_fix"),
        ):
            cells = suspects[suspects.str.contains(pattern)].head(_MOST_CELLS)
            problems += [
                Problem(
                    f"intake.{code}", severity, **place, row=int(row), column=heading, details=_found(pattern, cell)
                )
                for row, cell in cells.items()
            ]
    return problems


def _found(pattern: str, cell: str) -> dict:
    """Return which sign was found, and where in the cell; never the cell, which may hold anything."""
    found = re.search(pattern, cell)
    return {"sign": f"U+{ord(found[0][0]):04X}", "position": found.start() + 1}


def long_cell_problems(frame: pd.DataFrame, place: dict) -> list[Problem]:
    """Return one problem per cell that is longer than any program can show."""
    problems = []
    for heading in frame.columns:
        if _may_hold_long_cells(frame[heading]):
            n = frame[heading].str.len()
            problems += [
                Problem("intake.huge_cell", **place, row=int(row), column=heading, details={"most": MOST_CHARACTERS})
                for row in n.index[n > MOST_CHARACTERS][:_MOST_CELLS]
            ]
    return problems


def _may_hold_long_cells(texts: pd.Series) -> bool:
    """Return whether some hundred cells in a row hold more bytes together than one alone may have."""
    edges, _ = signs_of(cells_of(texts))
    stretches = np.append(edges[:-1:_STRETCH], edges[-1])
    return bool((np.diff(stretches) > MOST_CHARACTERS).any())


def swallowed_rows(frame: pd.DataFrame, n_fields: int, place: dict) -> list[Problem]:
    """Return one problem per cell that holds whole rows: its line breaks and separators are as many as rows have.

    Two quotation marks out of place, some rows apart, make one cell of all between them. In tables of fewer than four
    columns a text can look like that by chance, so nothing is said.
    """
    problems = []
    for heading in frame.columns if n_fields > 3 else ():
        several = frame[heading][frame[heading].str.contains("\n", regex=False)]
        is_rows = several.str.count(SEPARATOR) == (n_fields - 1) * several.str.count("\n")
        problems += [
            Problem("intake.broken_quotes", **place, row=int(row), column=heading) for row in several.index[is_rows]
        ]
    return problems


def composed(frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Return the frame with every letter in one piece (NFC), and whether any letter was in two."""
    changed = {
        heading: frame[heading].map(lambda cell: unicodedata.normalize("NFC", cell)).astype("str")
        for heading in frame.columns
        if _holds(frame[heading], _MARK).any()
    }
    return (frame.assign(**changed) if changed else frame), bool(changed)


def _holds(texts: pd.Series, pattern: str) -> pd.Series:
    """Return which cells hold one of the faulty signs; in a column of visible English signs alone, none does."""
    signs = signs_of(cells_of(texts))[1]
    if not len(signs) or (signs.min() >= _FIRST_VISIBLE and signs.max() < _DELETE):
        return pd.Series(False, index=texts.index)
    return texts.str.contains(pattern, regex=True).astype(bool)


def repeated_header(frame: pd.DataFrame, place: dict) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the frame without rows that repeat the headings, and one problem for each of them."""
    is_same = np.full(len(frame), len(frame.columns) > 0)
    for heading in frame.columns:
        # Few cells begin as the heading does; only those are compared with it.
        begins = first_signs(frame[heading])
        is_same &= (begins == heading.encode()[0]) | (begins <= ord(" ")) | (begins > _DELETE)
        if not is_same.any():
            return frame, []
        is_same[is_same] = (frame.loc[is_same, heading].str.strip() == heading).to_numpy()
    return frame[~is_same], [Problem("intake.repeated_header", **place, row=int(row)) for row in frame.index[is_same]]
