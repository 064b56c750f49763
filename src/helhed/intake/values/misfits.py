"""Why a cell does not fit its column: the usual ways of writing it otherwise, each with a message of its own."""

import re
from collections.abc import Callable
from datetime import date

import pandas as pd

from helhed.errors import Problem
from helhed.intake.exports.preset import Heading
from helhed.intake.pseudonyms import birth_date_of_cpr, normalise_cpr
from helhed.intake.reading.spelling import plain

_ANYWHERE = (
    ("apostrophe", re.compile(r"^['\u2018\u2019]")),
    ("error_text", re.compile(r"^#(?:[A-ZÆØÅ/0-9_]+[!?]?|\?+|#+)$")),
)
_LAST_DAY = 31
_SPACE = r"[ \u00a0\u2007\u2009\u202f]"
#: A year before 1850 or after 2200.
_FAR = r"(?:0[0-9]{3}|1[0-7][0-9]{2}|18[0-4][0-9]|220[1-9]|22[1-9][0-9]|2[3-9][0-9]{2}|[3-9][0-9]{3})"
_IN_ORDER: dict[str, tuple[tuple[str, re.Pattern], ...]] = {
    "date": (
        ("date_serial", re.compile(r"^[0-9]{5}(?:[.,][0-9]+)?$")),
        ("date_american", re.compile(r"^(?:0?[1-9]|1[0-2])[-/.](?:1[3-9]|2[0-9]|3[01])[-/.][0-9]{4}")),
        ("date_short_year", re.compile(r"^[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}$")),
        ("date_signs", re.compile(r"^(?:[0-9]{1,2}[/.][0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2})")),
        ("date_digits", re.compile(r"^[0-9]{8}$")),
        ("date_far", re.compile(rf"^(?:[0-9]{{1,2}}-[0-9]{{1,2}}-{_FAR}|{_FAR}-[0-9]{{2}}-[0-9]{{2}})")),
        ("date_time", re.compile(r"^(?:[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})[ T]\S")),
        ("date_impossible", re.compile(r"^(?:[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})")),
    ),
    "number": (
        ("number_percent", re.compile(r"%")),
        ("number_with_unit", re.compile(r"kr|dkk|,-$|€|\$", re.I)),
        ("number_with_space", re.compile(rf"^-?[0-9]+(?:{_SPACE}[0-9]+)+(?:,[0-9]+)?$")),
        ("number_minus", re.compile(r"^(?:[\u2010-\u2015\u2212].*|[0-9.,]+-|\([0-9.,]+\)|-\s.*)$")),
        ("number_english", re.compile(r"^-?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+$")),
        (
            "number_too_large",
            re.compile(r"^-?(?=(?:\.?[0-9]){9,}(?:,|$))(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?$"),
        ),
        ("number_thousands_point", re.compile(r"^-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?$")),
        ("number_decimal_point", re.compile(r"^-?[0-9]+\.[0-9]+$")),
        ("number_scientific", re.compile(r"^-?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+$", re.I)),
    ),
    "week": (("no_such_week", re.compile(r"^[0-9]{4}-?W?[0-9]{2}$")),),
    "month": (
        ("month_not_first", re.compile(r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|^[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        ("month_impossible", re.compile(r"^[0-9]{4}-[0-9]{2}$")),
    ),
    "cpr": (
        ("cpr_scientific", re.compile(r"^[0-9](?:[.,][0-9]+)?E\+?[0-9]+$", re.I)),
        ("cpr_decimals", re.compile(r"^[0-9]{9,10}[.,]0+$")),
        ("cpr_nine_digits", re.compile(r"^[1-9](?:0[1-9]|1[0-2]|2[1-9]|3[0-2])[0-9]{2}[- ]?[0-9]{4}$")),
        ("cpr_impossible_date", re.compile(r"^[0-9]{6}[- ]?[0-9]{4}$")),
        ("cpr_letters", re.compile(r"[A-ZÆØÅ]", re.I)),
    ),
    "cprs": (("cprs_separator", re.compile(r"[0-9]{6}[- ]?[0-9]{4}\s*(?:[^,\s0-9]+\s*|\s)[0-9]{6}[- ]?[0-9]{4}")),),
}
_OTHERWISE = {
    "cpr": "bad_cpr",
    "cprs": "bad_cpr",
    "date": "bad_date",
    "number": "bad_number",
    "week": "bad_week",
    "month": "bad_month",
    "period": "bad_period",
    "flag": "bad_flag",
    "code": "unknown_code",
    "codes": "unknown_code",
    "municipality": "bad_municipality",
    "address": "address_in_words",
}


def misfit_code(cell: str, kind: str) -> str:
    """Return the key of the message that says why a cell does not fit a column of a kind.

    Examples
    --------
    >>> misfit_code("45292", "date"), misfit_code("1234.5", "number"), misfit_code("i morgen", "date")
    ('date_serial', 'number_decimal_point', 'bad_date')
    """
    is_label = kind in ("code", "codes", "flag")
    tried = (*(() if is_label else _ANYWHERE), *_IN_ORDER.get(kind, ()))
    found = next((code for code, pattern in tried if pattern.search(cell)), _OTHERWISE.get(kind, "empty_cell"))
    if kind == "cprs" and found == "bad_cpr":
        return _of_several(cell)
    return _MORE_EXACTLY.get(found, lambda _cell: found)(cell)


def _of_several(cell: str) -> str:
    """Return what is wrong with the first number of a list that is none; an invented one is at fault if no other is."""
    codes = [misfit_code(part.strip(), "cpr") for part in cell.split(",") if part.strip() and not _is_real(part)]
    return next((code for code in codes if code != "cpr_invented"), next(iter(codes), "bad_cpr"))


def _is_real(written: str) -> bool:
    cpr = normalise_cpr(written)
    return cpr is not None and birth_date_of_cpr(cpr) is not None


def _impossible_or_invented(written: str) -> str:
    """Return whether the date in a number is impossible, or moved as in the kit's invented numbers."""
    cpr = normalise_cpr(written)
    is_invented = cpr is not None and birth_date_of_cpr(cpr, is_synthetic=True) is not None
    return "cpr_invented" if is_invented else "cpr_impossible_date"


def _signs_or_no_such_day(cell: str) -> str:
    """Return whether only the signs of a date are others than hyphens, or there is no such day either."""
    first, second, third = (int(part) for part in re.findall(r"[0-9]+", cell)[:3])
    day, year = (third, first) if first > _LAST_DAY else (first, third)
    try:
        date(year, second, day)
    except ValueError:
        return "date_signs_impossible"
    return "date_signs"


#: Codes that only a look at the numbers in the cell can tell from others.
_MORE_EXACTLY: dict[str, Callable[[str], str]] = {
    "cpr_impossible_date": _impossible_or_invented,
    "date_signs": _signs_or_no_such_day,
}


def misfit_problems(texts: pd.Series, heading: Heading, problems_of: Callable[[str, pd.Series], list]) -> list:
    """Return the problems of cells that do not fit, message by message.

    Parameters
    ----------
    texts
        The cells that do not fit, by row.
    heading
        Their column.
    problems_of
        Makes the problems of cells with one message.
    """
    if texts.empty:
        return []
    codes = texts.map(lambda cell: misfit_code(cell, heading.kind))
    return [problem for code in codes.unique() for problem in problems_of(code, texts[codes == code])]


#: Faults of reading a cell after which what stands in it says no more.
_OF_CELL = {f"intake.{code}" for code in ("formula_without_value", "error_value", "huge_cell", "control_character")}


def not_said_twice(found: list[Problem], while_reading: list[Problem]) -> list[Problem]:
    """Return the problems of cells and headings without those that follow from a fault met while reading the file.

    Parameters
    ----------
    found
        The problems of headings and cells.
    while_reading
        What was wrong with the file: a formula without a result leaves its cell empty, merged headings lose some, rows
        of another length are not there.
    """
    cells = {(p.row, plain(p.column)) for p in while_reading if p.code in _OF_CELL}
    merged = {p.row for p in while_reading if p.code == "intake.merged_cells"}
    has_ragged = any(p.code == "intake.ragged_row" for p in while_reading)
    return [
        problem
        for problem in found
        if (problem.row, plain(problem.column)) not in cells
        and not (problem.code == "intake.missing_column" and problem.row in merged)
        and not (problem.code == "intake.no_rows" and has_ragged)
    ]
