"""CPR numbers and addresses to keyed pseudonyms; nothing downstream sees a CPR number.

Sources: the structure of the number, the century table and the replacement numbers (day + 60) are described by the
CPR office (cpr.dk, "Personnummeret i CPR"). Modulus 11 never rejects a number: since 2007 numbers are issued
that fail it.
"""

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from helhed.errors import Problem

_SHAPE = re.compile(r"^([0-9]{6})[- ]?([0-9]{4})$")
#: What looks like a CPR number in running text: day 01-31 or 61-91, month 01-12 or (sample data) 21-32.
_IN_TEXT = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])\d{2}[- ]?\d{4}(?!\d)"
)
REMOVED = "[fjernet]"
_SAMPLE_MONTH_SHIFT, _REPLACEMENT_DAY_SHIFT = 20, 60
_KEY_BYTES = 32


def normalise_cpr(written: str) -> str | None:
    """Return a number of CPR shape as ten digits, with or without hyphen; None when it has another shape.

    Examples
    --------
    >>> normalise_cpr(" 142388-0001 "), normalise_cpr("1423880001"), normalise_cpr("142388")
    ('1423880001', '1423880001', None)
    """
    found = _SHAPE.match(written.strip())
    return found.group(1) + found.group(2) if found else None


def birth_date_of_cpr(cpr: str, is_synthetic: bool = False) -> date | None:
    """Return the date of birth that a ten-digit number carries; None when no CPR number can look like that.

    Parameters
    ----------
    cpr
        Ten digits (see `normalise_cpr`).
    is_synthetic
        Whether sample numbers are accepted: the month is written with 20 added, which no CPR number has.

    Examples
    --------
    >>> birth_date_of_cpr("1423880001", is_synthetic=True), birth_date_of_cpr("1423880001")
    (datetime.date(1988, 3, 14), None)
    """
    day, month, year, seventh = int(cpr[:2]), int(cpr[2:4]), int(cpr[4:6]), int(cpr[6])
    if is_synthetic and month > _SAMPLE_MONTH_SHIFT:
        month -= _SAMPLE_MONTH_SHIFT
    if day > _REPLACEMENT_DAY_SHIFT:
        day -= _REPLACEMENT_DAY_SHIFT
    try:
        return date(_century(seventh, year) + year, month, day)
    except ValueError:
        return None


def _century(seventh: int, year: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def without_cpr(written: str) -> str:
    """Return a text with everything that looks like a CPR number replaced by "[fjernet]".

    Examples
    --------
    >>> without_cpr("ring til 142388-0001 i dag")
    'ring til [fjernet] i dag'
    """
    return _IN_TEXT.sub(REMOVED, written)


def shows_cpr(written: str) -> bool:
    """Return whether a text holds something that looks like a CPR number."""
    return _IN_TEXT.search(written) is not None


@dataclass(frozen=True)
class Keyring:
    """Makes pseudonyms with the municipality's key: the same person gets the same pseudonym in every file."""

    key: bytes
    is_synthetic: bool = False

    def pseudonym(self, kind: str, value: str) -> str:
        """Return the pseudonym of a value: HMAC-SHA256 cut to 80 bits, as 16 letters and digits (base32)."""
        mark = hmac.new(self.key, f"{kind}:{value}".encode(), hashlib.sha256).digest()[:10]
        return base64.b32encode(mark).decode().lower()

    def person(self, written: str) -> str | None:
        """Return the pseudonym of a CPR number; None when it cannot be one."""
        cpr = normalise_cpr(written)
        if cpr is None or birth_date_of_cpr(cpr, self.is_synthetic) is None:
            return None
        return self.pseudonym("person", cpr)

    def birth_date(self, written: str) -> date | None:
        """Return the date of birth that a CPR number carries; None when it cannot be one."""
        cpr = normalise_cpr(written)
        return None if cpr is None else birth_date_of_cpr(cpr, self.is_synthetic)


def read_key(file: Path) -> tuple[bytes, list[Problem]]:
    """Return the municipality's key and the problems found; a new key is made, readable by its owner alone."""
    if not file.exists():
        return _new_key(file)
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError, ValueError):
        key = b""
    if len(key) < _KEY_BYTES:
        return b"", [Problem("intake.broken_key", file=file.name)]
    return key, []


def _new_key(file: Path) -> tuple[bytes, list[Problem]]:
    key = os.urandom(_KEY_BYTES)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return b"", [Problem("intake.key_not_writable", file=file.name)]
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(key.hex() + "\n")
    return key, [Problem("intake.new_key", "note", file=file.name)]
