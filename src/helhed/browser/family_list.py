"""Reads a list of families, one row a family and one column a criterion; no persons, no CPR numbers.

A cell holds a number, a share, or yes and no. ``2+`` and "at least 2" say that there may be more than is known. An
empty cell says that it is not known, which is not the same as no.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from helhed.browser.persons import require_no_persons_in_cells
from helhed.browser.table_files import UnreadableFile, column_letter

#: Columns that are no criterion: what the family is called, its place now, the decision, and two of the order.
FAMILY, HAS_PLACE, DECISION = "family", "has_place", "decision"
#: What may stand among the decisions although the family took it: a no to the offer.
SAID_NO = "declined"
ORDER_ONLY = ("months_on_benefit", "waiting_since")
_HEAD_ROWS = 20
_YES, _NO = ("ja", "j", "yes", "y", "x", "true", "sand"), ("nej", "n", "no", "false", "falsk")
_UNKNOWN = ("", "?", "-", "–", "ved ikke", "ukendt", "unknown", "not known", "don't know")
_LEAST = re.compile(r"(?:mindst|minimum|min\.?|at least|>=|≥)\s*(.+)|(.+?)\s*\+", re.IGNORECASE)
_NUMBER = re.compile(r"([1-9]\d{0,2}(?:[ .\u00a0]\d{3})+|\d+)(?:,(\d+))?|(\d*)\.(\d+)")
_THOUSANDS = re.compile(r"[ .\u00a0]")
#: A word of a heading that means a person's name, address, number or birthday.
_OF_PERSONS = re.compile(
    r"\b(?:\w*(?:navne?|adresser?|telefon|mobil|cpr|person(?=nr|nummer))(?:nr|nummer)?|\w*names?|address(?:es)?"
    r"|tlf|phones?|mobile|e-?mails?|mails?|fødselsda(?:g|to)|birthda(?:y|te)|date of birth)\b"
)


@dataclass(frozen=True)
class Column:
    """A column of the list: its name, what its heading may say, and the kind of its cells.

    ``form``: ``count``, ``share``, ``flag``, ``text`` or ``code``; for the last one ``codes`` gives the code of each
    way it may be written. ``most``: more than that cannot be counted, such as months in the latest year.
    """

    name: str
    heads: tuple[str, ...]
    form: str
    codes: Mapping[str, str] = field(default_factory=dict)
    most: float | None = None


@dataclass(frozen=True)
class Seen:
    """What is known of a value: the value itself, and whether it may be higher."""

    value: float | None = None
    may_be_more: bool = True


@dataclass(frozen=True)
class ListedFamily:
    """A row of the list: where it stands, what the family is called, and its cells by column."""

    row: int
    name: str
    seen: Mapping[str, Seen]
    has_place: bool = False
    decision: str = ""


@dataclass(frozen=True)
class Fault:
    """Something in the file that could not be read: what it is, where it stands, and what stands there.

    ``most``: the highest number that there can be, where one is higher.
    """

    code: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str | date = ""
    most: float | None = None


@dataclass(frozen=True)
class FamilyList:
    """The families of a file, the columns that it has, and what could not be read."""

    families: tuple[ListedFamily, ...]
    columns: tuple[str, ...]
    faults: tuple[Fault, ...]


def read_families(
    sheets: Mapping[str, list[list]],
    columns: Iterable[Column],
    without_value: Mapping[str, Mapping[int, int]] | None = None,
) -> FamilyList:
    """Return the families of the sheet that has most of the columns.

    Parameters
    ----------
    sheets
        Rows of each sheet by its title.
    columns
        The columns that the list may have.
    without_value
        Formulas saved without a result, from `helhed.browser.table_files.formulas_without_value`.

    Raises
    ------
    UnreadableFile
        If no sheet has a column with the families' names, or a cell of any sheet shows what looks like a CPR number.
    """
    for title, rows in sheets.items():
        require_no_persons_in_cells(title, rows)
    known = {_folded(head): column for column in columns for head in (column.name, *column.heads)}
    found = [(len(places), title, at, places) for title, at, places in _heads(sheets, known)]
    if not found:
        raise UnreadableFile("no_family_column")
    _, title, at, places = max(found, key=lambda one: one[0])
    rows = sheets[title]
    faults = [*_strange(title, at, rows[at], places), *_uncomputed(title, places, (without_value or {}).get(title, {}))]
    families = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        reader = _Row(title, number, row, places)
        if family := reader.family({one.name for one in families}):
            families.append(family)
        faults += reader.faults
    return FamilyList(tuple(families), tuple(column.name for column in places.values()), tuple(faults))


def _heads(sheets: Mapping[str, list[list]], known: Mapping[str, Column]):
    """Yield each row that may hold the headings: sheet, place of the row, and the column at each place."""
    for title, rows in sheets.items():
        for at, row in enumerate(rows[:_HEAD_ROWS]):
            places: dict[int, Column] = {}
            for place, cell in enumerate(row):
                column = known.get(_folded(cell))
                if column and column not in places.values():
                    places[place] = column
            if any(column.name == FAMILY for column in places.values()):
                yield title, at, places


def _folded(cell) -> str:
    return " ".join(str("" if cell is None else cell).replace("*", "").casefold().split()).rstrip(":?")


def _strange(title: str, row: int, heads: list, places: Mapping[int, Column]) -> Iterator[Fault]:
    """Yield a fault for each heading that is no column of the list; of one that means persons, only its own word."""
    for at, head in enumerate(heads):
        if at in places or not _folded(head):
            continue
        if person := _OF_PERSONS.search(_folded(head).replace("_", " ")):
            yield Fault("person_column", title, row + 1, column_letter(at), person[0])
        else:
            yield Fault("unknown_column", title, row + 1, value=str(head).strip())


def _uncomputed(title: str, places: Mapping[int, Column], without_value: Mapping[int, int]) -> Iterator[Fault]:
    for at, column in places.items():
        if n := without_value.get(at):
            yield Fault("uncomputed", title, None, column.heads[0], str(n))


class _Row:
    """One row of the list while it is read."""

    def __init__(self, sheet: str, number: int, cells: list, places: Mapping[int, Column]):
        self.sheet, self.number, self.cells, self.places = sheet, number, cells, places
        self.faults: list[Fault] = []

    def family(self, taken: set[str]) -> ListedFamily | None:
        """Return the family of the row; nothing for an empty row, or one that cannot be told from another."""
        cells = {column.name: (column, self._cell(at)) for at, column in self.places.items()}
        if not any(_plain(cell) for _, cell in cells.values()):
            return None
        name = _plain(cells[FAMILY][1])
        if not name or name in taken:
            self._tell("family_twice" if name else "family_missing", cells[FAMILY][0], cells[FAMILY][1])
            return None
        seen = {
            key: self._seen(column, cell)
            for key, (column, cell) in cells.items()
            if column.form in ("count", "share", "flag") and key != HAS_PLACE
        }
        return ListedFamily(self.number, name, seen, self._has_place(cells), self._decision(cells))

    def _cell(self, at: int):
        return self.cells[at] if at < len(self.cells) else None

    def _tell(self, code: str, column: Column, cell) -> None:
        most = column.most if code == "above_most" else None
        self.faults.append(Fault(code, self.sheet, self.number, column.heads[0], given(cell), most))

    def _has_place(self, cells: dict) -> bool:
        column, cell = cells.get(HAS_PLACE, (None, None))
        return bool(column and self._seen(column, cell).value)

    def _decision(self, cells: dict) -> str:
        column, cell = cells.get(DECISION, (None, None))
        written = _folded(cell)
        if not column or written in _UNKNOWN:
            return ""
        if written not in column.codes:
            self._tell("unknown_decision", column, cell)
        return column.codes.get(written, "")

    def _seen(self, column: Column, cell) -> Seen:
        written = _plain(cell)
        if written.casefold() in _UNKNOWN:
            return Seen()
        if column.form != "flag" and written.casefold() in _NO:
            # Nothing to count, for example no child of school age: there is no value, and it is not met.
            return Seen(None, False)
        least = _LEAST.fullmatch(written) if isinstance(cell, str) else None
        value = number_of((least[1] or least[2]) if least else cell)
        if value is None:
            self._tell("not_a_value", column, cell)
            return Seen()
        if fault := _misfit(column, value):
            self._tell(fault, column, cell)
            return Seen()
        return Seen(value, bool(least))


def _misfit(column: Column, value: float) -> str:
    """Return what is wrong with a number: a share lies within 0 and 1, what is counted is whole and not below 0."""
    if column.form == "share":
        return "" if 0 <= value <= 1 else "not_a_share"
    if column.form == "flag":
        return "" if value in (0, 1) else "not_yes_or_no"
    if not (value >= 0 and value == int(value)):
        return "not_a_count"
    return "above_most" if column.most is not None and value > column.most else ""


def _plain(cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()  # a spreadsheet knows no day without an hour
    return "" if cell is None else " ".join(str(cell).split())


def given(cell) -> str | date:
    """Return what stands in a cell as a message may show it: a day as a date, anything else as a short text."""
    is_day = isinstance(cell, datetime) and cell.time() == time()
    return cell.date() if is_day else cell if type(cell) is date else _plain(cell)[:80]


def number_of(cell) -> float | None:
    """Return the number that a cell holds, as Danes and the English write it; yes is 1, no is 0, None for none.

    Examples
    --------
    >>> [number_of(cell) for cell in ("1.234,5", "12 %", "ja", "0.5", 3, "mange")]
    [1234.5, 0.12, 1.0, 0.5, 3.0, None]
    """
    if isinstance(cell, bool | int | float):
        return float(cell) if math.isfinite(cell) else None
    if cell is None or isinstance(cell, date | datetime):
        return None
    written = " ".join(str(cell).split()).casefold()
    if written in _YES or written in _NO:
        return float(written in _YES)
    is_share = written.endswith("%")
    found = _NUMBER.fullmatch(written.rstrip("% \u00a0"))
    if not found:
        return None
    whole, decimals, before, after = found.groups()
    plain = f"{before or 0}.{after}" if after else f"{_THOUSANDS.sub('', whole)}.{decimals or 0}"
    # Divided as a decimal number: 12.3 / 100 is not 0.123 to the last digit, and thresholds are.
    return float(f"{plain}e-2") if is_share else float(plain)
