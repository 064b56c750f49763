"""Reads the cells of a plan form, kind by kind, as `helhed.plan.forms.values` does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from helhed.browser.family_list import number_of

#: The first and the last year of a date in a plan.
YEARS = (1850, 2200)


@dataclass(frozen=True)
class Field:
    """A field of the form: what its heading may say, its kind, the codes by how they are written, its limits."""

    name: str
    kind: str
    labels: Mapping[str, str]
    codes: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[float, float] | None = None
    prompts: tuple[str, ...] = ()


def folded(written) -> str:
    """Return what was written with case and blanks left aside."""
    return " ".join(str("" if written is None else written).casefold().split())


def person(label: str) -> str:
    """Return a member's place in the family, without the name before it and the age after it."""
    place = label.rpartition(" – ")[2]
    return folded(re.sub(r"\s*\([^()]*\)\s*$", "", place))


class Unfit(ValueError):
    """A cell that does not fit its field: the name of the message, what is known instead, and the field's limits."""

    def __init__(self, code: str, known: list[str] = (), limits: str = ""):
        super().__init__(code)
        self.code, self.known, self.limits = code, known, limits


def _read_text(_one: Field, cell, _members) -> str:
    return str(cell)


def _read_date(_one: Field, cell, _members) -> date:
    found = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else date_of(str(cell))
    if found is None or not YEARS[0] <= found.year <= YEARS[1]:
        raise Unfit("not_a_date")
    return found


def date_of(cell: str) -> date | None:
    """Return the date of a text as Danes and the English write it; None if it is none."""
    day_first = re.fullmatch(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d\d)", cell)
    year_first = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", cell)
    in_words = re.fullmatch(r"(\d{1,2})\.?\s*([^\W\d]+)\.?\s+(\d{4})", cell)
    if day_first:
        day, month, year = (int(part) for part in day_first.groups())
    elif year_first:
        year, month, day = (int(part) for part in year_first.groups())
    elif in_words and (month := _MONTHS.get(in_words[2].casefold())):
        day, year = int(in_words[1]), int(in_words[3])
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


_NAMES = """
januar februar marts april maj juni juli august september oktober november december
january february march april may june july august september october november december
jan feb mar apr maj jun jul aug sep okt nov dec
jan feb mar apr may jun jul aug sep oct nov dec
jan feb mar apr may jun jul aug sept oct nov dec
"""
_MONTHS = {name: at % 12 + 1 for at, name in enumerate(_NAMES.split())}


def _read_time(_one: Field, cell, _members) -> str:
    if isinstance(cell, time | datetime) or (isinstance(cell, float) and 0 <= cell < 1):
        return str(cell)
    found = re.fullmatch(r"(?:kl\.?\s*)?(\d{1,2})(?:[:.](\d\d)(?:[:.]00)?)?", str(cell), re.IGNORECASE)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Unfit("not_a_time")
    return str(cell)


def _read_number(one: Field, cell, _members) -> float:
    found = number_of(cell) if not isinstance(cell, bool) and folded(cell) not in _WORDS else None
    lowest, highest = one.limits or (float("-inf"), float("inf"))
    is_whole = one.kind == "number" or (found is not None and found == int(found))
    if found is None or not lowest <= found <= highest or not is_whole:
        raise Unfit("not_a_number", limits=one.name if one.limits else "other")
    return found


_WORDS = ("ja", "j", "nej", "n", "yes", "y", "no", "x", "true", "false", "sand", "falsk")


def _read_code(one: Field, cell, _members) -> str:
    if isinstance(cell, bool) and one.kind == "flag":
        return "yes" if cell else "no"
    found = one.codes.get(folded(cell))
    if found is None:
        raise Unfit("not_a_code", _shown(one))
    return found


def _read_codes(one: Field, cell, _members) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[;\n]", str(cell)) if part.strip()]
    if any(folded(part) not in one.codes for part in parts):
        # Names of codes hold commas themselves: a comma parts them only where a semicolon does not.
        parts = [part for part in re.split(r"[;,\n]", str(cell)) if part.strip()]
    return tuple(_read_code(one, part, None) for part in parts)


def _shown(one: Field) -> list[str]:
    """Return the first way in which each code is written: the page gives the names of its own language first."""
    first: dict[str, str] = {}
    for written, code in one.codes.items():
        first.setdefault(code, written)
    return list(first.values())


def _read_person(one: Field, cell, members: Mapping[str, bool]) -> str:
    written = person(str(cell))
    if written in one.codes:
        return one.codes[written]
    if written not in members:
        raise Unfit("not_a_member", list(members))
    return written


def read_cell(one: Field, cell, members: Mapping[str, bool]):
    """Return the value of a cell that holds something.

    Raises
    ------
    Unfit
        If the cell does not fit the field.
    """
    return _READERS[one.kind](one, cell, members)


_READERS = {
    "text": _read_text,
    "date": _read_date,
    "time": _read_time,
    "number": _read_number,
    "count": _read_number,
    "flag": _read_code,
    "code": _read_code,
    "codes": _read_codes,
    "person": _read_person,
}
