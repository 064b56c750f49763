"""Filled registration workbooks read back: every answer checked, those that hold merged, the others named with cure.

Nothing is mended or guessed: an answer that breaks a rule is left out and told with file, row, column and value.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from helhed.errors import Problem
from helhed.monitoring.functional_level import domains
from helhed.monitoring.registration import WHOLE, quarter_end
from helhed.monitoring.registration_form import DECIMAL, HEADINGS, SHEET, WORDS
from helhed.monitoring.rules import Rules
from helhed.monitoring.usable import contradicts
from helhed.monitoring.who5 import ITEMS
from helhed.office_files import DamagedFile, sheet_rows
from helhed.outputs import FORMATS
from helhed.tables import codes, scales, tables
from helhed.texts import LANGUAGES, text

#: A workbook larger than this, packed or unpacked, is not one that we have made.
_LARGEST_BYTES, _LARGEST_UNPACKED = 5_000_000, 60_000_000
_MOST_ROWS = 20_000
_NEEDED = ("family_id", "person_id", "instrument", "item", "value", "registered_date", "rated_by")
_KEY = ["person_id", "registered_date", "instrument", "item"]
_FORM = ["person_id", "registered_date", "instrument"]


@dataclass(frozen=True)
class Returned:
    """What the coordinators have sent back.

    ``rows`` has the columns of the canonical table ``registration``; ``problems`` name every answer that was left out;
    ``n_answers`` has the number of answers used by file.
    """

    rows: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    n_answers: dict[str, int] = field(default_factory=dict)


def read_registrations(
    files: Mapping[str, bytes], recorded: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules
) -> Returned:
    """Return the answers of filled registration workbooks.

    Parameters
    ----------
    files
        File name to content; what is not an Excel workbook is told and left out.
    recorded
        The canonical tables ``family_member`` and ``registration``. What is registered there already holds; the same
        answer again is no clash.
    enrolled
        The enrolled families with their start.
    rules
        The municipality's settings.

    Notes
    -----
    An answer is used when its person is of an enrolled family, its form and item exist, the answer is on the scale,
    the date lies between the days up to the family's start and the end of the quarter, it is said who rated, and no
    other answer of that person, day and item contradicts it. A WHO-5 form with fewer than five answers is refused.
    """
    checker = _Checker(_known_persons(recorded["family_member"], enrolled), rules)
    found = [answer for name in sorted(files) for answer in checker.answers(name, files[name])]
    columns = ["family_id", *_KEY, "value", "rated_by", "file", "row"]
    rows = pd.DataFrame(found, columns=columns).astype({"value": "float64", "row": "int64"})
    rows["registered_date"] = pd.to_datetime(rows["registered_date"]).astype("datetime64[us]")
    problems = list(checker.problems)
    for part in (_contradicting, _clashing, _incomplete):
        refused, told = part(rows, recorded["registration"])
        rows, problems = rows[~refused], problems + told
    rows = rows.drop_duplicates(_KEY)
    used = rows.groupby("file").size()
    n_answers = {name: int(used.get(name, 0)) for name in sorted(files)}
    return Returned(tables()["registration"].conform(rows.drop(columns=["file", "row"])), tuple(problems), n_answers)


def with_registrations(recorded: dict[str, pd.DataFrame], found: Returned) -> dict[str, pd.DataFrame]:
    """Return the canonical tables with the answers that were sent back among the registrations."""
    both = pd.concat([recorded["registration"], found.rows], ignore_index=True).drop_duplicates(_KEY)
    ordered = both.sort_values(["family_id", *_KEY], kind="stable").reset_index(drop=True)
    return {**recorded, "registration": ordered}


def returned_sentences(found: Returned, lang: str) -> list[str]:
    """Return how many answers came from how many workbooks, and how many could not be used; nothing without files."""
    if not found.n_answers:
        return []
    counts = {"files": len(found.n_answers), "answers": len(found.rows), "problems": len(found.problems)}
    written = {key: FORMATS["number"](value, lang) for key, value in counts.items()}
    key = "returned_with_problems" if found.problems else "returned"
    return [text(f"monitoring.say_{key}", lang, **written)]


class _Checker:
    """Reads workbooks row by row; what breaks a rule is told and left out."""

    def __init__(self, persons: dict[str, tuple[str, str, pd.Timestamp]], rules: Rules):
        self.persons, self.rules = persons, rules
        self.problems: list[Problem] = []
        self._instruments, self._raters = (_codes_by_label(name) for name in ("instrument", "rated_by"))

    def answers(self, name: str, content: bytes) -> Iterator[dict]:
        """Yield the answers of one workbook that hold by themselves."""
        page = self._page(name, content)
        if page is None:
            return
        rows = iter(page[:_MOST_ROWS])
        heads = [_plain(cell) for cell in next(rows, ())]
        at = {key: heads.index(head) for key, head in HEADINGS.items() if head in heads}
        missing = [HEADINGS[key] for key in _NEEDED if key not in at]
        if missing:
            self._tell("form_no_column", name, row=1, value=", ".join(missing))
            return
        for number, row in enumerate(rows, start=2):
            cells = {key: row[place] if place < len(row) else None for key, place in at.items()}
            if _plain(cells["value"]):
                yield from self._answer(name, number, cells)

    def _answer(self, name: str, row: int, cells: dict) -> Iterator[dict]:
        place = {"file_name": name, "row": row}
        found = {
            "person_id": self._person(cells, place),
            "instrument": self._coded(cells, "instrument", self._instruments, place),
            "rated_by": self._coded(cells, "rated_by", self._raters, place),
        }
        found["item"] = self._item(cells, found, place)
        found["value"] = self._value(cells, found["instrument"], place)
        found["registered_date"] = self._date(cells, found["person_id"], place)
        if all(value is not None for value in found.values()):
            yield {**found, "family_id": self.persons[found["person_id"]][0], "file": name, "row": row}

    def _person(self, cells: dict, place: dict) -> str | None:
        person = _plain(cells["person_id"])
        if person in self.persons and self.persons[person][0] == _plain(cells["family_id"]):
            return person
        # A pseudonym that somebody has changed may have become a name or a number: it is not repeated.
        self._tell("form_unknown_person", **place, column="person_id")
        return None

    def _coded(self, cells: dict, name: str, labels: dict[str, str], place: dict) -> str | None:
        code = labels.get(_plain(cells[name]).casefold())
        if code is None:
            self._tell(f"form_unknown_{name}", **place, column=name, value=_plain(cells[name]))
        return code

    def _item(self, cells: dict, found: dict, place: dict) -> str | None:
        item, instrument, person = _plain(cells["item"]), found["instrument"], found["person_id"]
        if instrument is None or person is None:
            return None
        role = self.persons[person][1]
        known = {"who5": ITEMS, "functional_level": domains(role) if role != "adult_child" else ()}
        if item in known.get(instrument, (WHOLE,)):
            return item
        self._tell("form_unknown_item", **place, column="item", value=item)
        return None

    def _value(self, cells: dict, instrument: str | None, place: dict) -> float | None:
        if instrument is None:
            return None
        cell, (low, high) = _plain(cells["value"]), scales()[instrument]
        number = {word.casefold(): value for word, value in WORDS.get(instrument, {}).items()}.get(cell.casefold())
        number = _number(cell) if number is None else float(number)
        is_whole = number is not None and (number % 1 == 0 or instrument in DECIMAL)
        if number is not None and is_whole and low <= number <= high:
            return number
        words = WORDS.get(instrument)
        if words:
            self._tell("form_not_a_choice", **place, column="value", value=cell, words=", ".join(words))
        else:
            self._tell("form_outside_scale", **place, column="value", value=cell, low=low, high=high)
        return None

    def _date(self, cells: dict, person: str | None, place: dict) -> pd.Timestamp | None:
        found = _day(cells["registered_date"])
        if found is None:
            written = _plain(cells["registered_date"])
            self._tell(
                "form_not_a_date" if written else "form_no_date", **place, column="registered_date", value=written
            )
            return None
        if person is None:
            return None
        first = self.persons[person][2] - pd.Timedelta(days=self.rules.start_window_days)
        if first <= found <= quarter_end(self.rules):
            return found
        days = {
            name: {lang: FORMATS["date"](day, lang) for lang in LANGUAGES}
            for name, day in (("first", first), ("last", quarter_end(self.rules)))
        }
        self._tell("form_date_outside", **place, column="registered_date", value=f"{found:%d-%m-%Y}", **days)
        return None

    def _page(self, name: str, content: bytes) -> list[list] | None:
        try:
            if len(content) > _LARGEST_BYTES or _unpacked(content) > _LARGEST_UNPACKED:
                self._tell("form_too_large", name)
                return None
            pages = sheet_rows(content)
        except (DamagedFile, zipfile.BadZipFile, ValueError):
            self._tell("form_unreadable", name)
            return None
        if SHEET in pages:
            return pages[SHEET]
        self._tell("form_no_sheet", name, value=SHEET)
        return None

    def _tell(self, code: str, file_name: str, row: int | None = None, column: str = "", value: str = "", **details):
        self.problems.append(_problem(code, file_name, row, column, value, **details))


def _problem(code: str, file_name: str, row: int | None, column: str = "", value: str = "", **details) -> Problem:
    place = {"file": file_name, "sheet": SHEET if row else "", "row": row, "column": HEADINGS.get(column, "")}
    return Problem(f"monitoring.{code}", "should_fix", **place, value=value, details=details)


def _known_persons(member: pd.DataFrame, enrolled: pd.DataFrame) -> dict[str, tuple[str, str, pd.Timestamp]]:
    """Return family, role and the family's start of every member of the enrolled families."""
    home = member[member["is_main_home"].fillna(True).astype(bool)].drop_duplicates("person_id")
    mine = home.merge(enrolled[["family_id", "start_date"]], on="family_id")
    return {row.person_id: (row.family_id, row.role, row.start_date) for row in mine.itertuples()}


def _contradicting(rows: pd.DataFrame, _registered: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    refused = contradicts(rows)
    return refused, [_of_row("form_two_on_one_day", row) for row in rows[refused].itertuples()]


def _clashing(rows: pd.DataFrame, registered: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    """Return the answers that say something else than what is registered for the same person, day and item."""
    known = registered.drop_duplicates(_KEY).set_index(_KEY)["value"]
    there = known.reindex(pd.MultiIndex.from_frame(rows[_KEY])).to_numpy(dtype=float)
    refused = pd.Series((there == there) & (there != rows["value"].to_numpy()), index=rows.index)
    return refused, [_of_row("form_registered_otherwise", row) for row in rows[refused].itertuples()]


def _incomplete(rows: pd.DataFrame, registered: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    """Return the WHO-5 answers of forms that are not whole, together with what is registered already."""
    known = pd.concat([rows[[*_KEY]], registered[_KEY]], ignore_index=True).drop_duplicates()
    n_items = known[known["instrument"] == "who5"].groupby(_FORM)["item"].nunique()
    mine = n_items.reindex(pd.MultiIndex.from_frame(rows[_FORM])).to_numpy(dtype=float)
    refused = pd.Series(mine < len(ITEMS), index=rows.index)
    first = rows[refused].drop_duplicates(_FORM)
    return refused, [_of_row("form_who5_incomplete", row) for row in first.itertuples()]


def _of_row(code: str, row) -> Problem:
    return _problem(code, row.file, int(row.row), "value", f"{row.value:g}")


def _codes_by_label(name: str) -> dict[str, str]:
    return {labels[lang].casefold(): code for code, labels in codes()[name].items() for lang in LANGUAGES}


def _plain(cell) -> str:
    """Return a cell as text; a whole number without its decimals, as Excel shows it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _number(cell: str) -> float | None:
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e6 else None


def _day(cell) -> pd.Timestamp | None:
    if isinstance(cell, datetime | date):
        return pd.Timestamp(cell).normalize()
    for form in ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return pd.Timestamp(datetime.strptime(_plain(cell), form))
        except ValueError:
            continue
    return None


def _unpacked(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(part.file_size for part in packed.infolist())
