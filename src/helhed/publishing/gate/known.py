"""What the municipality's own files say must not leave: CPR numbers, names, addresses, telephone numbers, pseudonyms.

All of it stays in the memory of the machine for as long as the search runs, and never in a report.
"""

import getpass
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pyarrow.parquet as pq

from helhed.cpr import folded
from helhed.delimited_text import decoded
from helhed.publishing.gate.pieces import Piece, Unreadable
from helhed.publishing.gate.reading import files_under, pieces_of

#: Files and folders of a municipality in which people are named; runs and what was released are not among them.
_INPUTS = (
    *("exports", "names.xlsx", "names.csv", "navne.xlsx", "navne.csv", "decisions.xlsx", "corrections.xlsx"),
    *("sector_plans", "registrations", "plans", "private"),
)
_TEN_DIGITS = re.compile(r"(?<!\d)(\d{6})[- \u2010-\u2015]?(\d{4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+[A-Za-z]?")
_NAME_HEADING = re.compile(r"\bnavn\b|\bname\b|navn$|^navn|\bnames?$", re.IGNORECASE)
_FIRST_HEADING = re.compile(r"fornavn|first ?name|given", re.IGNORECASE)
_LAST_HEADING = re.compile(r"efternavn|last ?name|surname|family ?name", re.IGNORECASE)
_ADDRESS_HEADING = re.compile(r"adresse(?!-?id)|\baddress\b(?!-?id)|^vej|\bstreet\b", re.IGNORECASE)
_NUMBER_HEADING = re.compile(r"hus ?n|nummer i vej|house ?n", re.IGNORECASE)
_PHONE_HEADING = re.compile(r"telefon|mobil|\btlf|phone", re.IGNORECASE)
#: Headings with "navn" that name something else than a person.
_NO_PERSON = re.compile(r"kommune|leverand|sagnavn|skole|tilbud|ydelse|filnavn|gruppe|team|afdeling", re.IGNORECASE)
_FEWEST_SIGNS = 6
_MOST_WORDS = 6
#: Names of accounts that are the machine's, not a person's, and words that are also ordinary ones.
_MACHINES = {"root", "user", "runner", "admin", "administrator", "ubuntu", "jovyan", "build", "nobody", "helhed"}


@dataclass
class Known:
    """What must not leave, gathered from a municipality's own files.

    Parameters
    ----------
    cpr_numbers
        Ten digits each.
    phrases
        Words in lower case to what they are: ``name`` or ``address``.
    phones
        Eight digits each.
    pseudonyms
        Of persons, families and addresses in any run.
    paths
        Folders of this machine.
    users
        Accounts of this machine that may be a person's.
    """

    cpr_numbers: set[str] = field(default_factory=set)
    phrases: dict[tuple[str, ...], str] = field(default_factory=dict)
    phones: set[str] = field(default_factory=set)
    pseudonyms: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)

    def longest(self) -> int:
        """Return the number of words in the longest phrase."""
        return max((len(words) for words in self.phrases), default=0)

    def add_phrase(self, written: str, kind: str) -> None:
        """Add a name, also with the last name first and without the middle ones, or an address."""
        parts = [tuple(words_of(part)) for part in written.split()]
        parts = [part for part in parts if part][:_MOST_WORDS]
        if len(parts) < 2 or sum(map(len, chain(*parts))) < _FEWEST_SIGNS:
            return
        orders = (
            [parts]
            if kind == "address"
            else [parts, parts[-1:] + parts[:-1], [parts[0], parts[-1]], [parts[-1], parts[0]]]
        )
        self.phrases.update((tuple(chain(*order)), kind) for order in orders)


def words_of(written: str) -> list[str]:
    """Return the words and numbers of a text in lower case; a dash divides words, as it does in addresses of pages.

    Examples
    --------
    >>> words_of("Bo-Erik Åkær, Skovvej 12B")
    ['bo', 'erik', 'åkær', 'skovvej', '12b']
    """
    return [word.casefold() for word in _WORD.findall(written)]


def known_of(municipality: Path, with_machine: bool = True) -> Known:
    """Return what a municipality's files and this machine say must not leave.

    Parameters
    ----------
    municipality
        The folder with ``exports/``, workbooks, name list and ``runs/``.
    with_machine
        Whether this machine's own folders and account count too.
    """
    known = Known()
    for name in _inputs(municipality):
        _add_file(known, municipality / name)
    for file in sorted(municipality.glob("runs/*/private/*/tables/*.parquet")):
        known.pseudonyms |= _pseudonyms(file)
    if with_machine:
        known.paths |= {str(municipality.resolve()), str(Path.home()), str(Path.cwd())} - {"/", "/root"}
        known.users |= _users()
    return known


def _inputs(municipality: Path) -> Iterator[str]:
    for name in _INPUTS:
        if (municipality / name).is_dir():
            yield from (f"{name}/{file}" for file in files_under(municipality / name))
        elif (municipality / name).is_file():
            yield name


def is_input(file: Path) -> bool:
    """Return whether a file, as a path in a municipality's folder, is an input or of the private part of a run."""
    return file.parts[0] in _INPUTS or "private" in file.parts


def _users() -> set[str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        return set()
    return {user} if len(user) > 3 and user.casefold() not in _MACHINES else set()


def _add_file(known: Known, file: Path) -> None:
    """Add what a file of the input holds. One that cannot be read holds nothing that the run could have used."""
    try:
        content = file.read_bytes()
        if file.suffix.lower() in (".csv", ".txt", ".tsv"):
            written = decoded(content)
            known.cpr_numbers |= _ten_digits(written)
            if not any(_is_heading(heading) for heading in re.split(r"[;,\t|]", "\n".join(written.splitlines()[:10]))):
                return
        pieces = [piece for piece in pieces_of(file.name, content) if piece.role != "row"]
    except (Unreadable, OSError):
        return
    known.cpr_numbers |= _ten_digits("\n".join(piece.written for piece in pieces))
    for row in _rows(pieces):
        _add_row(known, row)


def _ten_digits(written: str) -> set[str]:
    return {"".join(found) for found in _TEN_DIGITS.findall(folded(written)[0])}


def _rows(pieces: Iterable[Piece]) -> Iterator[dict[str, str]]:
    """Return the rows of tables among the pieces, keyed by the heading of each column."""
    headings: dict[tuple, dict[str, str]] = {}
    rows: dict[tuple, dict[str, str]] = {}
    for piece in pieces:
        if len(piece.place) < 2 or piece.place[-1][0] != "column" or piece.place[-2][0] != "row":
            continue
        table, row, column = piece.place[:-2], piece.place[:-1], piece.place[-1][1]
        if _is_heading(piece.written):
            headings.setdefault(table, {}).setdefault(column, piece.written.strip())
        if column in headings.get(table, {}):
            rows.setdefault(row, {})[headings[table][column]] = piece.written
    yield from rows.values()


def _is_heading(written: str) -> bool:
    patterns = (_NAME_HEADING, _FIRST_HEADING, _LAST_HEADING, _ADDRESS_HEADING, _NUMBER_HEADING, _PHONE_HEADING)
    return len(written) < 40 and any(pattern.search(written) for pattern in patterns)


def _add_row(known: Known, row: dict[str, str]) -> None:
    first, last = _value(row, _FIRST_HEADING), _value(row, _LAST_HEADING)
    if first and last:
        known.add_phrase(f"{first} {last}", "name")
    street, number = _value(row, _ADDRESS_HEADING), _value(row, _NUMBER_HEADING)
    if street and number:
        known.add_phrase(f"{street} {number}", "address")
    for heading, value in row.items():
        if _PHONE_HEADING.search(heading):
            known.phones |= {digits for digits in [re.sub(r"\D", "", value)[-8:]] if len(digits) == 8}
        elif _ADDRESS_HEADING.search(heading) and re.search(r"[^\W\d]{3,}.* \d+", value):
            known.add_phrase(re.match(r".*?\d+[A-Za-z]?", value)[0], "address")
        elif _NAME_HEADING.search(heading) and not _NO_PERSON.search(heading) and _looks_like_name(value):
            known.add_phrase(value, "name")


def _value(row: dict[str, str], heading: re.Pattern) -> str:
    return next((value for name, value in row.items() if heading.search(name) and value != name), "")


def _looks_like_name(value: str) -> bool:
    words = value.replace(",", " ").split()
    return 2 <= len(words) <= _MOST_WORDS and all(word[:1].isupper() for word in (words[0], words[-1]))


def _pseudonyms(file: Path) -> set[str]:
    names = [name for name in pq.read_schema(file).names if name.endswith(("_id", "_ids"))]
    columns = pq.read_table(file, columns=names).columns
    values = {value for column in columns for value in column.unique().to_pylist() if isinstance(value, str)}
    return {mark for value in values for mark in re.findall(r"(?<![a-z2-7])[a-z2-7]{16}(?![a-z2-7])", value)}
