"""The 98 municipalities and Christiansø, which belongs to none: codes, names and regions."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Municipality:
    """One municipality: its four-digit code, its name and its region (empty for Christiansø, which has none)."""

    code: str
    name: str
    region: str


@cache
def municipalities() -> dict[str, Municipality]:
    """Return every municipality by code, sorted by code."""
    lines = resources.files("helhed").joinpath("municipalities.csv").read_text(encoding="utf-8").splitlines()
    return {row["code"]: Municipality(**row) for row in csv.DictReader(lines, delimiter=";")}


def municipality_code(written: str | int) -> str | None:
    """Return the four-digit code of a municipality however it is written; None when there is no such municipality.

    Spreadsheets and YAML drop the leading zero, so `0101`, `101` and the number 101 are the same municipality.

    Examples
    --------
    >>> municipality_code("0101"), municipality_code("101"), municipality_code(101), municipality_code("0999")
    ('0101', '0101', '0101', None)
    """
    digits = str(written).strip()
    is_code = digits.isascii() and digits.isdigit() and len(digits) in (3, 4)
    return digits.zfill(4) if is_code and digits.zfill(4) in municipalities() else None


def municipality_called(written: str) -> str | None:
    """Return the four-digit code of a municipality written as a code or by its name; None when there is none such.

    Examples
    --------
    >>> municipality_called("190"), municipality_called("Furesø"), municipality_called("Københavns Kommune")
    ('0190', '0190', '0101')
    >>> municipality_called("Hele landet") is None
    True
    """
    name = " ".join(written.split()).casefold()
    codes = {municipality.name.casefold(): code for code, municipality in municipalities().items()}
    short = name.removesuffix(" kommune")
    return municipality_code(name) or codes.get(short) or codes.get(short.removesuffix("s"))
