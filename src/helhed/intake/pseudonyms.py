"""CPR numbers and addresses to keyed pseudonyms; nothing downstream sees a CPR number.

Sources: the structure of the number, the century table and the replacement numbers (day + 60) are described by the
CPR office (cpr.dk, "Personnummeret i CPR"). Modulus 11 never rejects a number: since 2007 numbers are issued
that fail it.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from helhed.cpr import REMOVED, shows_cpr, without_cpr
from helhed.errors import DataNeedsWork, Problem
from helhed.profile import Profile
from helhed.texts import LANGUAGES, text

__all__ = [
    "KEY_ID_FILE",
    "REMOVED",
    "Keyring",
    "birth_date_of_cpr",
    "key_id",
    "key_id_text",
    "normalise_cpr",
    "open_key",
    "passes_modulus_11",
    "read_key",
    "shows_cpr",
    "without_cpr",
]

#: Where a municipality's folder says which key its pseudonyms are made with.
KEY_ID_FILE = "pseudonym-key-id.txt"
_KEY_ID = re.compile(r"[0-9a-f]{12}")
_SHAPE = re.compile(r"^([0-9]{6})[- ]?([0-9]{4})$")
_SAMPLE_MONTH_SHIFT, _REPLACEMENT_DAY_SHIFT = 20, 60
_MODULUS, _WEIGHTS = 11, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_KEY_BYTES = 32
_MARK_BYTES, _BLOCK_BYTES = 10, 64
_SIGNS = "abcdefghijklmnopqrstuvwxyz234567"
_TWO_SIGNS, _SHIFTS = [first + second for first in _SIGNS for second in _SIGNS], range(70, -1, -10)


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


def sex_of_cpr(cpr: str) -> str | None:
    """Return the sex that a ten-digit number carries: the last digit is odd for men; None for a replacement number.

    Examples
    --------
    >>> sex_of_cpr("1423880001"), sex_of_cpr("1423880002"), sex_of_cpr("7423880001")
    ('m', 'f', None)
    """
    if is_replacement_number(cpr):
        return None
    return "m" if int(cpr[-1]) % 2 else "f"


def is_replacement_number(cpr: str) -> bool:
    """Return whether ten digits are a replacement number: 60 is added to the day for a person without a CPR number.

    Examples
    --------
    >>> is_replacement_number("7423880001"), is_replacement_number("1423880001")
    (True, False)
    """
    return int(cpr[:2]) > _REPLACEMENT_DAY_SHIFT


def passes_modulus_11(cpr: str) -> bool:
    """Return whether ten digits pass the check of modulus 11, which finds every single wrong digit.

    It speaks for a number and never against one. Sample numbers have no check digit and never pass.

    Examples
    --------
    >>> passes_modulus_11("010203" + "0400"), passes_modulus_11("010203" + "0401"), passes_modulus_11("1423880001")
    (True, False, False)
    """
    has_check_digit = int(cpr[2:4]) <= _SAMPLE_MONTH_SHIFT
    return has_check_digit and sum(int(d) * w for d, w in zip(cpr, _WEIGHTS, strict=True)) % _MODULUS == 0


def _century(seventh: int, year: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


@dataclass(frozen=True)
class Keyring:
    """Makes pseudonyms with the municipality's key: the same person gets the same pseudonym in every file."""

    key: bytes
    is_synthetic: bool = False
    #: Pseudonyms of the persons met who have a replacement number.
    replaced: set[str] = field(default_factory=set, compare=False)
    _met: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    def pseudonym(self, kind: str, value: str) -> str:
        """Return the pseudonym of a value: HMAC-SHA256 cut to 80 bits, as 16 letters and digits (base32)."""
        inner, outer = (state.copy() for state in self._states)
        inner.update(f"{kind}:{value}".encode())
        outer.update(inner.digest())
        mark = int.from_bytes(outer.digest()[:_MARK_BYTES], "big")
        return "".join([_TWO_SIGNS[mark >> shift & 1023] for shift in _SHIFTS])

    @cached_property
    def _states(self) -> tuple:
        """Return the two keyed states that HMAC (RFC 2104) starts each value from: a column has many values."""
        key = hashlib.sha256(self.key).digest() if len(self.key) > _BLOCK_BYTES else self.key
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        return tuple(hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))

    def person(self, written: str) -> str | None:
        """Return the pseudonym of a CPR number; None when it cannot be one.

        The same persons stand in many files: each is worked out once. What is remembered never leaves the memory.
        """
        if written not in self._met:
            self._met[written] = self._person(written)
        return self._met[written]

    def _person(self, written: str) -> str | None:
        cpr = normalise_cpr(written)
        if cpr is None or birth_date_of_cpr(cpr, self.is_synthetic) is None:
            return None
        person = self.pseudonym("person", cpr)
        if is_replacement_number(cpr):
            self.replaced.add(person)
        return person

    def numbers_of(self, persons: Collection[str]) -> dict[str, str]:
        """Return the CPR numbers, as ten digits, of persons that have been met: to compare them, never to show them."""
        return {p: normalise_cpr(written) or "" for written, p in self._met.items() if p in persons}

    def birth_date(self, written: str) -> date | None:
        """Return the date of birth that a CPR number carries; None when it cannot be one."""
        cpr = normalise_cpr(written)
        return None if cpr is None else birth_date_of_cpr(cpr, self.is_synthetic)

    def sex(self, written: str) -> str | None:
        """Return the sex that a CPR number carries; None when it cannot be one, or carries none."""
        cpr = normalise_cpr(written)
        is_one = cpr is not None and birth_date_of_cpr(cpr, self.is_synthetic) is not None
        return sex_of_cpr(cpr) if is_one else None


def key_id(key: bytes) -> str:
    """Return the fingerprint of a key: tells two keys apart and gives neither away.

    Examples
    --------
    >>> key_id(bytes(32)), key_id(bytes(31) + b"a") == key_id(bytes(32))
    ('66687aadf862', False)
    """
    return hashlib.sha256(key).hexdigest()[:12]


def open_key(profile: Profile, lang: str = "da") -> tuple[bytes, list[Problem]]:
    """Return the municipality's key, and what should be known about it.

    The first time, the key's fingerprint is written beside the profile (`KEY_ID_FILE`), and a key is made if there is
    none. From then on only that key opens the municipality: a new one is never made in silence, since new pseudonyms
    cannot be linked with the old ones.

    Raises
    ------
    DataNeedsWork
        If the key is missing, broken or another than before, lies where results lie, or cannot be recorded. Nothing
        has been written then.
    """
    file, record = profile.folder / profile["data.key_file"], profile.folder / KEY_ID_FILE
    if _is_within(file, profile.folder / "runs") or _is_within(file, profile.folder / "exports"):
        raise DataNeedsWork(Problem("intake.key_among_results", file=file.name), lang)
    recorded, told_by = _recorded_id(record, lang), KEY_ID_FILE
    if not recorded:
        recorded, told_by = _id_of_runs(profile.folder, file)
    if recorded and not file.exists():
        facts = {"id": recorded, "record": told_by}
        raise DataNeedsWork(Problem("intake.key_missing", file=profile["data.key_file"], details=facts), lang)
    key, problems = read_key(file) if file.exists() else _new_key(file)
    if not key:
        raise DataNeedsWork(problems, lang)
    if recorded and key_id(key) != recorded:
        facts = {"id": key_id(key), "recorded": recorded, "record": told_by}
        raise DataNeedsWork(Problem("intake.wrong_key", file=profile["data.key_file"], details=facts), lang)
    if not record.exists():
        _record_id(record, key_id(key), lang)
    if _others_can_read(file) and not profile.is_synthetic:
        problems = [*problems, Problem("intake.key_open_to_others", "should_fix", file=file.name)]
    return key, problems


def read_key(file: Path) -> tuple[bytes, list[Problem]]:
    """Return the key that a file holds, empty when it holds none, and the problem found."""
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


def _recorded_id(record: Path, lang: str) -> str:
    """Return the fingerprint of the key used before; empty when none has been used."""
    if not record.exists():
        return ""
    try:
        first = record.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        first = ""
    if not _KEY_ID.fullmatch(first):
        raise DataNeedsWork(Problem("intake.broken_key_id", file=record.name), lang)
    return first


def _id_of_runs(folder: Path, file: Path) -> tuple[str, str]:
    """Return the fingerprint that the latest run was made with, and where it stands; empty when no run tells one.

    Where any run was made with the key as it is, that is the one: runs with two keys may lie beside each other.
    """
    told = {}
    for record in sorted((folder / "runs").glob("*/manifest.json"), key=lambda found: found.stat().st_mtime):
        try:
            found = str(json.loads(record.read_text(encoding="utf-8"))["key"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
        if _KEY_ID.fullmatch(found):
            told[found] = f"runs/{record.parent.name}/{record.name}"
    now = key_id(read_key(file)[0]) if file.exists() else ""
    if now in told:
        return now, told[now]
    return list(told.items())[-1] if told else ("", "")


def _record_id(record: Path, found: str, lang: str) -> None:
    try:
        record.write_text(key_id_text(found), encoding="utf-8", newline="\n")
    except OSError:
        raise DataNeedsWork(Problem("intake.key_id_not_writable", file=record.name), lang) from None


def key_id_text(found: str) -> str:
    """Return what the file with a key's fingerprint says: the fingerprint, then what it is for, in both languages."""
    return "\n\n".join([found, *(text("intake.key_id_file", lang) for lang in LANGUAGES)]) + "\n"


def _is_within(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _others_can_read(file: Path) -> bool:
    return os.name == "posix" and bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
