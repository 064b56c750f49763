"""Text cells to values, strictly in Danish formats: what does not fit is a problem, never a guess."""

import re
from collections.abc import Callable
from functools import lru_cache

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helhed.intake.exports.preset import Heading
from helhed.intake.pseudonyms import Keyring, without_cpr
from helhed.intake.reading.spelling import plain
from helhed.intake.reading.text_columns import cells_of, which_are_empty
from helhed.intake.values.periods import period_length, period_start
from helhed.intake.values.whole_columns import of_each, plain_numbers, texts_without_cpr
from helhed.municipalities import municipalities, municipality_called

#: What several systems write when a spell has no end.
OPEN_END = "31-12-9999"
_DAY = r"([0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
#: A time of day, as databases write it with fractions of a second too.
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
_DATE = re.compile(rf"^{_DAY}(?:[ T]{_TIME})?$")
_NO_END = rf"^(?:{OPEN_END}|9999-12-31)(?:[ T]{_TIME})?$"
#: An ISO week, with or without the letter and the hyphen of ISO 8601.
_WEEK = re.compile(r"^([0-9]{4})(?:-?W)?([0-9]{2})$")
_NUMBER = re.compile(r"^-?([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?$")
#: A number from here on has more than eight digits before the comma.
TOO_LARGE = 1e8
#: The same days stand in many columns and files: so many are remembered.
_MOST_DAYS = 50_000
#: What yes and no are written as; Excel shows its own as SAND and FALSK.
FLAGS = {
    **dict.fromkeys(("j", "ja", "yes", "sand", "true"), True),
    **dict.fromkeys(("n", "nej", "no", "falsk", "false"), False),
}

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
    cells, dtype = cells_of(texts), _DTYPES.get(heading.kind, "str")
    settle = _AT_ONCE.get(heading.kind)
    if settle is None:
        values = of_each(cells, _reader(heading, keyring), dtype)
    else:
        values, is_open = settle(cells)
        if is_open.any():
            values[is_open] = of_each(cells.filter(pa.array(is_open)), _reader(heading, keyring), dtype).array
    values = values.set_axis(texts.index)
    misfits = values.isna()
    if misfits.any():
        misfits &= ~which_are_empty(texts)
    if heading.kind == "date" and misfits.any():
        misfits[misfits] = ~texts[misfits].str.match(_NO_END)
    return values, misfits


def nothing_of(kind: str) -> pd.Series:
    """Return a column of a kind without rows."""
    return pd.Series(dtype=_DTYPES.get(kind, "str"))


def _reader(heading: Heading, keyring: Keyring) -> Callable:
    read = _CONVERTERS[heading.kind]
    return lambda cell: read(cell, heading, keyring)


def derived(texts: pd.Series, heading: Heading, keyring: Keyring) -> dict[str, pd.Series]:
    """Return the further columns that a column's cells carry, by name; missing where a cell does not fit.

    A CPR number carries a date of birth and a sex, a period its length, a municipality's code or name the name.
    """
    cells = cells_of(texts)
    readers = {
        heading.birth_to: (keyring.birth_date, "datetime64[us]"),
        heading.sex_to: (keyring.sex, "str"),
        heading.length_to: (period_length, "str"),
        heading.name_to: (_municipality_name, "str"),
    }
    return {name: of_each(cells, *reader).set_axis(texts.index) for name, reader in readers.items() if name}


def _municipality_name(cell: str) -> str | None:
    code = municipality_called(cell)
    return municipalities()[code].name if code else None


@lru_cache(maxsize=_MOST_DAYS)
def dates(cell: str) -> pd.Timestamp | None:
    """Return a date written dd-mm-yyyy or yyyy-mm-dd, with or without a time of day; None when it is none.

    Examples
    --------
    >>> dates("31-12-2024"), dates("31-02-2024"), dates("12/31/2024")
    (Timestamp('2024-12-31 00:00:00'), None, None)
    """
    found = _DATE.match(cell)
    if not found or cell[:10] in (OPEN_END, "9999-12-31"):
        return None
    first, second, third = found[1].split("-")
    day, year = (third, first) if len(first) == 4 else (first, third)
    return _timestamp(int(year), int(second), int(day))


def _timestamp(year: int, month: int, day: int) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(year=year, month=month, day=day) if 1850 <= year <= 2200 else None
    except ValueError:
        return None


def dates_taken(texts: pd.Series) -> set[str]:
    """Return what is taken for granted in a column of dates: ``date_orders`` mixed, ``times_dropped``.

    A time of midnight, as databases write it to every date, is no time of day.

    Examples
    --------
    >>> sorted(dates_taken(pd.Series(["31-12-2024", "2024-12-31 10:30"])))
    ['date_orders', 'times_dropped']
    """
    found = [match for match in map(_DATE.match, map(str.strip, texts.unique())) if match]
    orders = {match[1][4] == "-" for match in found}
    timed = any(re.search("[1-9]", match[0][len(match[1]) :]) for match in found)
    return {*(["date_orders"] if len(orders) > 1 else []), *(["times_dropped"] if timed else [])}


def number(cell: str, may_have_points: bool = True) -> float | None:
    """Return a number with decimal comma and, if any, a point between thousands; None when it is written otherwise.

    More than eight digits before the comma are no amount of a household: it may be a CPR number that has slipped in.

    Examples
    --------
    >>> number("1.234,50"), number("12,5"), number("1234.5"), number("123456789")
    (1234.5, 12.5, None, None)
    """
    if not _NUMBER.match(cell) or ("." in cell and not may_have_points):
        return None
    value = float(cell.replace(".", "").replace(",", "."))
    return value if abs(value) < TOO_LARGE else None


def has_points(texts: pd.Series, heading: Heading) -> bool:
    """Return whether a number of a column is read with a point between thousands."""
    if heading.kind != "number" or not heading.may_have_points:
        return False
    cells = cells_of(texts)
    pointed = cells.filter(pc.match_substring(cells, "."))
    return any(number(cell.strip()) is not None for cell in pointed.unique().to_pylist())


def week(cell: str) -> pd.Timestamp | None:
    """Return the Monday of an ISO week written yyyyww, yyyyWww or yyyy-Www; None when there is no such week.

    Examples
    --------
    >>> week("202401"), week("2024-W01"), week("202453")
    (Timestamp('2024-01-01 00:00:00'), Timestamp('2024-01-01 00:00:00'), None)
    """
    found = _WEEK.match(cell)
    if not found or not 1850 <= int(found[1]) <= 2200:
        return None
    try:
        return pd.Timestamp.fromisocalendar(int(found[1]), int(found[2]), 1)
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


def _address(cell: str, _heading: Heading, keyring: Keyring) -> str | None:
    """Return the pseudonym of an address; None for words that many addresses share, such as "Beskyttet adresse".

    Every address in Denmark has a number. Two who do not live together must not become one family by such words.
    """
    return keyring.pseudonym("address", plain(cell)) if re.search("[0-9]", cell) else None


def _identifier(cell: str, _heading: Heading, keyring: Keyring) -> str:
    """Return the pseudonym of a case or measure number: by the number the case system would show who it is about."""
    return keyring.pseudonym("id", cell)


def _code_list(cell: str, heading: Heading, _keyring: Keyring) -> str | None:
    known = heading.code_map()
    found = [known.get(plain(part)) for part in cell.split(",") if part.strip()]
    return None if None in found else ",".join(sorted(set(found)))


_CONVERTERS: dict[str, Callable] = {
    "cpr": lambda cell, heading, keyring: keyring.person(cell),
    "cprs": _person_list,
    "address": _address,
    "id": _identifier,
    "text": lambda cell, heading, keyring: without_cpr(cell),
    "date": lambda cell, heading, keyring: dates(cell),
    "number": lambda cell, heading, keyring: number(cell, heading.may_have_points),
    "week": lambda cell, heading, keyring: week(cell),
    "month": lambda cell, heading, keyring: month(cell),
    "municipality": lambda cell, heading, keyring: municipality_called(cell),
    "period": lambda cell, heading, keyring: period_start(cell),
    "flag": lambda cell, heading, keyring: FLAGS.get(plain(cell)),
    "code": lambda cell, heading, keyring: heading.code_map().get(plain(cell)),
    "codes": _code_list,
}
#: Kinds of which Arrow settles most cells; the others go through `_CONVERTERS`.
_AT_ONCE: dict[str, Callable] = {"number": plain_numbers, "text": texts_without_cpr}
_DTYPES = {
    "date": "datetime64[us]",
    "week": "datetime64[us]",
    "month": "datetime64[us]",
    "period": "datetime64[us]",
    "number": "float64",
    "flag": "boolean",
}
