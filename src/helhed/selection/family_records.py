"""The records of one family on a day, in plain Python: who is in it, and which rows count.

Nothing but the standard library is loaded, so that it runs in a browser page as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from helhed.selection.days import KnownMonths, born_from, month_after, window_edges

Record = Mapping[str, Any]
#: A row of a family: its table, and its place among the family's rows there.
Place = tuple[str, int]
_SCHOOL_MONTHS = (6 * 12, 16 * 12)
_ENDLESS = float("inf")
_TABLES_OF = {"children": ("child_case",), "employment": ("benefit_spell",), "school": ("absence",)}


@dataclass(frozen=True)
class Question:
    """What is asked of a family, beside its records.

    Parameters
    ----------
    as_of, from_date, to_date
        The reference day and the data period.
    settings
        The entries of the group selection by name, without the group.
    thresholds
        Criteria asked for, with their thresholds.
    needs
        Sources without which a criterion cannot be denied.
    covered
        Sources that hold a row for anybody: tables, and ``measure.<department>``.
    known_months
        Months that the exports leave dark for everybody.
    """

    as_of: date
    from_date: date
    to_date: date
    settings: Mapping[str, Any]
    thresholds: Mapping[str, float]
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()
    known_months: KnownMonths = field(default_factory=KnownMonths)


@dataclass
class Member:
    """A member of the family on the day; ``since`` is the day of moving in."""

    person_id: str
    is_adult: bool
    is_child: bool
    birth: date | None
    since: date | None


class Family:
    """A family on the day: its members, and the rows that count."""

    def __init__(self, records: Mapping[str, list[Record]], question: Question):
        self.records, self.question, self.as_of = records, question, question.as_of
        self._of_person: dict[str, dict[str, list[tuple[Place, Record]]]] = {}
        self.members = list(self._present())
        self.adults = [member for member in self.members if member.is_adult]
        self.children = [member for member in self.members if member.is_child]

    def setting(self, name: str) -> Any:
        """Return the value in force of an entry of the group selection."""
        return self.question.settings[name]

    def _present(self) -> Iterator[Member]:
        persons = {row["person_id"]: row for row in self.records.get("person", [])}
        for row in self.records.get("family_member", []):
            # whoever is not among the persons does not live here
            person = persons.get(row["person_id"])
            if person is None:
                continue
            birth, since, until = (person.get(name) for name in ("birth_date", "from_date", "to_date"))
            is_elsewhere = row.get("is_main_home") is False and not self.setting("count_second_home")
            is_gone = (since is not None and since > self.as_of) or (until is not None and until < self.as_of)
            if is_elsewhere or is_gone or (birth is not None and birth >= born_from(self.as_of, 0)):
                continue
            is_young = birth is None or birth >= born_from(self.as_of, 18 * 12)
            yield Member(
                row["person_id"],
                row["role"] == "adult",
                row["role"] in ("child", "adult_child") and is_young,
                birth,
                since,
            )

    def rows(self, table: str, person_id: str) -> list[tuple[Place, Record]]:
        """Return the rows of a member in a table, each with its place."""
        if table not in self._of_person:
            self._of_person[table] = of_person = {}
            for place, row in enumerate(self.records.get(table, [])):
                of_person.setdefault(row["person_id"], []).append(((table, place), row))
        return self._of_person[table].get(person_id, [])

    def running(self, table: str, person_id: str) -> Iterator[tuple[Place, Record]]:
        """Yield the rows of a member that run on the day."""
        for place, row in self.rows(table, person_id):
            if row["start_date"] <= self.as_of and (row["end_date"] is None or row["end_date"] >= self.as_of):
                yield place, row

    def certain(self, table: str, person_id: str) -> Iterator[tuple[Place, Record]]:
        """Yield the rows of a member that run on the day whatever may have ended since the export stopped."""
        for place, row in self.running(table, person_id):
            if not _is_before(self.known_end(table, row), self.as_of):
                yield place, row

    def known_end(self, table: str, row: Record) -> date | None:
        """Return the last day of a row; of one without, the last day known when its export stops early."""
        source = f"measure.{row['department']}" if table == "measure" else table
        return row["end_date"] or self.question.known_months.open_until.get(source)

    def lacks(self, *names: str) -> bool:
        """Return whether rows of one of the sources that began by the day may be missing."""
        return any(self.question.known_months.lacks(name, self.as_of) for name in names)

    def window(self, setting: str) -> tuple[date, date]:
        """Return the first and the last day of a window given by a setting."""
        edges = window_edges(self.as_of, self.setting(setting))
        return edges[0][0], edges[-1][1]

    def past_months(self, table: str, person_id: str, setting: str) -> Iterator[tuple[Place, Record]]:
        """Yield the rows of a member for months of the window that are wholly past."""
        first, last = self.window(setting)
        for place, row in self.rows(table, person_id):
            if first <= row["month"] < month_after(last):
                yield place, row

    def n_past_months(self, setting: str) -> int:
        """Return how many months of a window given by a setting are wholly past; 1 at least."""
        first, last = self.window(setting)
        end = month_after(last)
        return max(1, 12 * (end.year - first.year) + end.month - first.month - (first.day > 1))

    def is_covered(self, table: str, first: date, last: date) -> bool:
        """Return whether the data period holds all days from the first to the last, and the table none left dark."""
        is_in_period = first >= self.question.from_date and last <= self.question.to_date
        return is_in_period and not self.question.known_months.n_dark(table, first, last)

    def n_dark(self, table: str, setting: str) -> int:
        """Return how many wholly past months of a window given by a setting a table leaves dark for everybody."""
        first, last = self.window(setting)
        return self.question.known_months.n_dark(table, first, month_after(last) - timedelta(days=1))

    def is_aged(self, member: Member, lowest_months: int, below_months: int) -> bool:
        """Return whether a member is of an age: from the lowest up to, not including, the other."""
        low, high = born_from(self.as_of, below_months), born_from(self.as_of, lowest_months)
        return member.birth is not None and low <= member.birth < high

    # ── what is read off a member ──

    def benefit_months(self, member: Member, n_months: int) -> tuple[int, int, set]:
        """Return months on a listed benefit, months it could be, and the spells."""
        spells = [
            (place, row)
            for place, row in self.rows("benefit_spell", member.person_id)
            if row["benefit"] in self.setting("benefits")
            and (row["end_date"] is None or row["end_date"] >= row["start_date"])
        ]
        open_until = self.question.known_months.open_until.get("benefit_spell")
        n_seen, n_possible, places = 0, 0, set()
        for first, last in window_edges(self.as_of, n_months):
            hits = {
                place
                for place, row in spells
                if row["start_date"] <= last and not _is_before(row["end_date"] or open_until, first)
            }
            is_told = self.is_covered("benefit_spell", first, last) and not (
                member.since is not None and member.since > first
            )
            n_seen, n_possible = n_seen + bool(hits), n_possible + (bool(hits) or not is_told)
            places |= hits
        return n_seen, n_possible, places

    def cases(self, member: Member, is_kind: Callable[[Record], bool]) -> tuple[set, set]:
        """Return the open cases of a kind, and those that may be open too."""
        found = {place: row for place, row in self.running("child_case", member.person_id) if is_kind(row)}
        known = {place for place, _ in self.certain("child_case", member.person_id)}
        certain = {place for place, row in found.items() if row["status"] != "closed" or row["end_date"] is not None}
        return certain & known, set(found)

    def measures(self, member: Member, department: str) -> tuple[set, set]:
        """Return the running measures of a member from a department, and those that may be running too."""
        certain, possible = self.certain("measure", member.person_id), self.running("measure", member.person_id)
        known, maybe = (
            {place for place, row in rows if row["department"] == department} for rows in (certain, possible)
        )
        return known, maybe

    def absence(self, member: Member) -> tuple[float | None, float, set]:
        """Return a child's absence, the highest it could be (-1 when none is expected), and the months."""
        if not member.is_child:
            return None, -1.0, set()
        used, absent, school = set(), 0, 0
        for place, row in self.past_months("absence", member.person_id, "absence_window_months"):
            days = [row[kind] for kind in self.setting("absence_kinds")]
            if days and None not in days and (row["school_days"] or 0) > 0:
                used.add(place)
                absent, school = absent + round(sum(days) * 1_000_000), school + round(row["school_days"] * 1_000_000)
        is_told = school > 0 and len(used) >= self.setting("absence_min_months")
        share = absent / school if is_told else None
        if share is None:
            return None, _ENDLESS if self.is_aged(member, *_SCHOOL_MONTHS) else -1.0, used
        n_dark = self.n_dark("absence", "absence_window_months")
        highest = (absent * len(used) + school * n_dark) / (school * (len(used) + n_dark)) if n_dark else share
        return share, highest, used

    def sign(self, member: Member, department: str) -> tuple[set, bool]:
        """Return the records beside measures that show a department, and whether there may be some."""
        if department == "children":
            certain, possible = self.cases(member, lambda row: True)
            return certain, bool(possible) or self.lacks("child_case")
        if department == "employment" and member.is_adult:
            n_seen, n_possible, places = self.benefit_months(member, 1)
            return places, n_possible > n_seen
        if department == "school":
            share, highest, used = self.absence(member)
            is_high = share is not None and share >= self.setting("absence_share")
            return used if is_high else set(), not is_high and highest >= self.setting("absence_share")
        return set(), False

    def is_dark(self, department: str) -> bool:
        """Return whether the exports hold nothing at all of a department."""
        return not {*_TABLES_OF.get(department, ()), f"measure.{department}"} & self.question.covered


def _is_before(day: date | None, other: date) -> bool:
    return day is not None and day < other


@dataclass
class Found:
    """A value as seen, the highest it could be, and the records it rests on."""

    seen: float | None
    possible: float
    records: set[Place] = field(default_factory=set)
