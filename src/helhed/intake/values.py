"""Text cells to values, strictly in Danish formats: what does not fit is a problem, never a guess."""

import re
from collections.abc import Callable

import pandas as pd

from helhed.intake.presets import Heading, plain
from helhed.intake.pseudonyms import Keyring, shows_cpr, without_cpr

#: What several systems write when a spell has no end.
OPEN_END = "31-12-9999"
_DATE = r"^([0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$"
_NUMBER = re.compile(r"^-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?$")
_FLAGS = {"j": True, "ja": True, "n": False, "nej": False}

Converted = tuple[pd.Series, pd.Series]


def convert(texts: pd.Series, heading: Heading, keyring: Keyring) -> Converted:
    """Return the values of a column and which of its cells do not fit.

    Parameters
    ----------
    texts
        The cells, stripped of outer spaces; an empty cell is an empty text.
    heading
        How the column is read.
    keyring
        Makes the pseudonyms of persons and addresses.
    """
    written = texts[texts != ""]
    known = {cell: _CONVERTERS[heading.kind](cell, heading, keyring) for cell in written.unique()}
    values = texts.map(known).astype(_DTYPES.get(heading.kind, "str"))
    misfits = (texts != "") & values.isna()
    if heading.kind == "date":
        misfits &= ~texts.isin([OPEN_END, "9999-12-31"])
    return values, misfits


def birth_dates(texts: pd.Series, keyring: Keyring) -> pd.Series:
    """Return the dates of birth that CPR numbers carry; missing where a cell is none."""
    known = {cell: pd.Timestamp(born) for cell in texts.unique() if (born := keyring.birth_date(cell))}
    return texts.map(known).astype("datetime64[us]")


def dates(cell: str) -> pd.Timestamp | None:
    """Return a date written dd-mm-yyyy or yyyy-mm-dd, with or without a time of day; None when it is none.

    Examples
    --------
    >>> dates("31-12-2024"), dates("31-02-2024"), dates("12/31/2024")
    (Timestamp('2024-12-31 00:00:00'), None, None)
    """
    if not re.match(_DATE, cell) or cell[:10] in (OPEN_END, "9999-12-31"):
        return None
    first, second, third = re.split(r"[ T]", cell)[0].split("-")
    day, year = (third, first) if len(first) == 4 else (first, third)
    return _timestamp(int(year), int(second), int(day))


def _timestamp(year: int, month: int, day: int) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(year=year, month=month, day=day) if 1850 <= year <= 2200 else None
    except ValueError:
        return None


def number(cell: str) -> float | None:
    """Return a number with decimal comma and, if any, a point between thousands; None when it is written otherwise.

    Examples
    --------
    >>> number("1.234,50"), number("12,5"), number("1234.5")
    (1234.5, 12.5, None)
    """
    return float(cell.replace(".", "").replace(",", ".")) if _NUMBER.match(cell) else None


def week(cell: str) -> pd.Timestamp | None:
    """Return the Monday of an ISO week written yyyyww; None when there is no such week.

    Examples
    --------
    >>> week("202401"), week("202453")
    (Timestamp('2024-01-01 00:00:00'), None)
    """
    if not re.match(r"^[0-9]{6}$", cell) or not 1850 <= int(cell[:4]) <= 2200:
        return None
    try:
        return pd.Timestamp.fromisocalendar(int(cell[:4]), int(cell[4:]), 1)
    except ValueError:
        return None


def month(cell: str) -> pd.Timestamp | None:
    """Return the first day of a month written yyyy-mm, or of a date on the first; None when it is neither.

    Examples
    --------
    >>> month("2024-02"), month("01-02-2024"), month("2024-13")
    (Timestamp('2024-02-01 00:00:00'), Timestamp('2024-02-01 00:00:00'), None)
    """
    found = re.match(r"^([0-9]{4})-([0-9]{2})$", cell)
    if found:
        return _timestamp(int(found.group(1)), int(found.group(2)), 1)
    day = dates(cell)
    return day if day is not None and day.day == 1 else None


def _person_list(cell: str, _heading: Heading, keyring: Keyring) -> str | None:
    persons = [keyring.person(part) for part in cell.split(",") if part.strip()]
    return None if None in persons else ",".join(sorted(set(persons)))


def _identifier(cell: str, _heading: Heading, keyring: Keyring) -> str:
    """Return a case or measure number as it is, but a pseudonym where a system uses CPR numbers for it."""
    return keyring.pseudonym("id", cell) if shows_cpr(cell) else cell


def _code_list(cell: str, heading: Heading, _keyring: Keyring) -> str | None:
    known = heading.code_map()
    found = [known.get(plain(part)) for part in cell.split(",") if part.strip()]
    return None if None in found else ",".join(sorted(set(found)))


_CONVERTERS: dict[str, Callable] = {
    "cpr": lambda cell, heading, keyring: keyring.person(cell),
    "cprs": _person_list,
    "address": lambda cell, heading, keyring: keyring.pseudonym("address", plain(cell)),
    "id": _identifier,
    "text": lambda cell, heading, keyring: without_cpr(cell),
    "date": lambda cell, heading, keyring: dates(cell),
    "number": lambda cell, heading, keyring: number(cell),
    "week": lambda cell, heading, keyring: week(cell),
    "month": lambda cell, heading, keyring: month(cell),
    "flag": lambda cell, heading, keyring: _FLAGS.get(plain(cell)),
    "code": lambda cell, heading, keyring: heading.code_map().get(plain(cell)),
    "codes": _code_list,
}
_DTYPES = {
    "date": "datetime64[us]",
    "week": "datetime64[us]",
    "month": "datetime64[us]",
    "number": "float64",
    "flag": "boolean",
}
