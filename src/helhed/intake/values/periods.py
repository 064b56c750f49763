"""Months, quarters and years as official statistics write them."""

import re

import pandas as pd

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_FORMS = (
    ("month", re.compile(rf"{_YEAR} ?m ?(?P<part>[0-9]{{1,2}})")),
    ("month", re.compile(rf"{_YEAR}-(?P<part>[0-9]{{2}})")),
    ("month", re.compile(rf"(?P<name>[a-z]{{3,9}})\.? {_YEAR}")),
    ("quarter", re.compile(rf"{_YEAR} ?[qk] ?(?P<part>[1-4])")),
    ("quarter", re.compile(rf"(?P<part>[1-4])\. ?(?:kvartal|kvt\.?) {_YEAR}")),
    ("year", re.compile(_YEAR)),
)
_NAMES = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip


def period(written: str) -> tuple[pd.Timestamp, str] | None:
    """Return the first day and the length (``month``, ``quarter``, ``year``) of a period; None when it is none.

    Examples
    --------
    >>> period("2025Q4"), period("jan. 2024")
    ((Timestamp('2025-10-01 00:00:00'), 'quarter'), (Timestamp('2024-01-01 00:00:00'), 'month'))
    >>> period("2024M13") is None
    True
    """
    cell = " ".join(written.split()).casefold()
    for kind, form in _FORMS:
        if found := form.fullmatch(cell):
            month = _first_month(kind, found.groupdict())
            return (pd.Timestamp(year=int(found["year"]), month=month, day=1), kind) if month else None
    return None


def _first_month(kind: str, parts: dict[str, str]) -> int | None:
    if kind == "year":
        return 1
    if kind == "quarter":
        return 3 * int(parts["part"]) - 2
    number = int(parts["part"]) if parts.get("part") else _named(parts["name"])
    return number if 1 <= number <= 12 else None


def _named(name: str) -> int:
    known = [*_MONTHS, *_NAMES]
    return known.index(name) % 12 + 1 if name in known else 0


def period_start(written: str) -> pd.Timestamp | None:
    """Return the first day of a period (see `period`); None when it is none."""
    found = period(written)
    return found[0] if found else None


def period_length(written: str) -> str | None:
    """Return the length of a period (see `period`); None when it is none."""
    found = period(written)
    return found[1] if found else None
