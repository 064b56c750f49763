"""The tables of one day, whatever engine holds them: who lives in which family, and which sources there are."""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import narwhals as nw
import pandas as pd

from helhed.profile import Profile
from helhed.selection.days import KnownMonths, born_from, month_after, window_edges
from helhed.selection.expressions import Expr, col, when
from helhed.selection.rows import ArrayRows, EngineRows, held

ADULT_MONTHS = 18 * 12


def midnight(day: date) -> datetime:
    """Return a day as a point in time, as columns of time stamps are compared."""
    return datetime(day.year, day.month, day.day)


class Register:
    """What the tables say on one day: ``rows`` for expressions, and ``frames`` as narwhals has them.

    Parameters
    ----------
    tables
        Canonical tables by name, as frames of one engine that narwhals knows; a table may be left out.
    profile
        The municipality's profile.
    as_of
        The reference day: everything after it is unknown.
    literal
        How a day is written for the engine's columns of days: a point in time, or the day itself.
    collect
        Brings the rows of a frame into memory.

    Notes
    -----
    Ages count in whole months, because only the month of birth is kept: a person is a child until the month of the
    18th birthday. A person without a date of moving in or out lives in the municipality throughout.
    """

    def __init__(
        self,
        tables: Mapping[str, Any],
        profile: Profile,
        as_of,
        literal: Callable[[date], Any] = midnight,
        collect: Callable[[Any], nw.DataFrame] | None = None,
    ):
        self.frames = {name: nw.from_native(table) for name, table in tables.items()}
        self.profile, self.as_of, self.day = profile, pd.Timestamp(as_of).date(), literal
        self._has_rows: dict[str, bool] = {}
        self.collected = collect or collected

    @property
    def from_date(self) -> date:
        """Return the first day of the data period."""
        return self.profile["data.from_date"]

    @property
    def to_date(self) -> date:
        """Return the last day of the data period."""
        return self.profile["data.to_date"]

    def again(self, profile: Profile | None = None, as_of=None) -> "Register":
        """Return the same tables, made ready once, with other settings or on another day."""
        self.rows, self.known_months  # noqa: B018 - what is worked out once is handed on
        same = copy(self)
        same.profile = profile or self.profile
        same.as_of = self.as_of if as_of is None else pd.Timestamp(as_of).date()
        return same

    def with_frames(self, frames: Mapping[str, Any]) -> "Register":
        """Return a register of the same day with other frames of the same engine."""
        return Register(frames, self.profile, self.as_of, self.day, self.collected)

    def setting(self, name: str):
        """Return the value in force of an entry of the group selection."""
        return self.profile[f"selection.{name}"]

    def window(self, n_months: int) -> tuple[date, date]:
        """Return the first and the last day of the last ``n_months`` months, counted back from the day."""
        edges = window_edges(self.as_of, n_months)
        return edges[0][0], edges[-1][1]

    def n_past_months(self, window: str) -> int:
        """Return how many months of a window given by a setting are wholly past; 1 at least."""
        first, last = self.window(self.setting(window))
        end = month_after(last)
        n_months = 12 * (end.year - first.year) + end.month - first.month - (first.day > 1)
        return max(1, n_months)

    def covers(self, table: str, first: date, last: date) -> bool:
        """Return whether the data period holds all days from the first to the last, and the table none left dark."""
        is_in_period = first >= self.from_date and last <= self.to_date
        return is_in_period and not self.known_months.n_dark(table, first, last)

    def n_dark(self, table: str, window: str) -> int:
        """Return how many wholly past months of a window given by a setting a table leaves dark for everybody."""
        first, last = self.window(self.setting(window))
        return self.known_months.n_dark(table, first, month_after(last) - timedelta(days=1))

    @cached_property
    def known_months(self) -> KnownMonths:
        """Return what the table of coverage says; without one every month of the data period is covered."""
        if "coverage" not in self.frames:
            return KnownMonths()
        frame = self.frames["coverage"].select("source_table", "month", "is_covered", "is_begun")
        rows = self.collected(frame).to_pandas()
        rows = rows.assign(month=pd.to_datetime(rows["month"]).dt.date).sort_values(["source_table", "month"])
        of_tables: dict[str, list[tuple[date, bool, bool]]] = {}
        for table, *month in zip(*(rows[name].tolist() for name in rows), strict=True):
            of_tables.setdefault(table, []).append(tuple(month))
        known = {table: _known_of(months) for table, months in of_tables.items()}
        dark = {table: months for table, (months, _) in known.items() if months}
        return KnownMonths(dark, {table: until for table, (_, until) in known.items() if until is not None})

    @cached_property
    def rows(self) -> dict[str, ArrayRows] | dict[str, EngineRows]:
        """Return the tables as expressions are asked of them: on arrays where pandas holds them all."""
        natives = {name: nw.to_native(frame) for name, frame in self.frames.items()}
        if all(isinstance(native, pd.DataFrame) for native in natives.values()):
            return held(natives)
        return {name: EngineRows(frame, self.collected) for name, frame in self.frames.items()}

    def has(self, source: str) -> bool:
        """Return whether a source holds any row: a table name, or ``measure.<department>``."""
        table, _, department = source.partition(".")
        if department:
            return department in self._departments
        if table not in self._has_rows:
            frame = self.frames.get(table)
            self._has_rows[table] = frame is not None and len(self.collected(frame.head(1))) > 0
        return self._has_rows[table]

    @cached_property
    def _departments(self) -> set[str]:
        if "measure" not in self.frames:
            return set()
        return set(self.collected(self.frames["measure"].select("department").unique())["department"].to_list())

    def lacks(self, *names: str) -> bool:
        """Return whether rows of one of the sources that began by the day may be missing: months of it are dark."""
        return any(self.known_months.lacks(name, self.as_of) for name in names)

    def known_end(self, table: str) -> Expr:
        """Return the last day of a row; of one without, the last day known when its export stops early."""
        end = col("end_date")
        for source, last in self.known_months.open_until.items():
            if source == table:
                end = end.fill_null(self.day(last))
            elif source.startswith(f"{table}."):
                is_open = col("end_date").is_null() & (col("department") == source.partition(".")[2])
                end = when(is_open).then(self.day(last)).otherwise(end)
        return end

    def before(self, column: str, day: date) -> Expr:
        """Return whether a day in a column lies before a day; a day that is missing does not."""
        return (col(column) < self.day(day)) & ~col(column).is_null()

    def not_before(self, column: str, day: date) -> Expr:
        """Return whether a day in a column is the day, later, or missing."""
        return col(column).is_null() | (col(column) >= self.day(day))

    def members(self) -> ArrayRows | EngineRows:
        """Return who lives in the families with a child under 18 at home.

        Columns: family_id, person_id, is_adult, birth_date, resident_from, is_child.
        """
        linked, residents = self._linked(), self._residents()
        young = residents.filter(self._is_under_18()).select("person_id")
        with_child = linked.filter(col("is_young_role")).join(young, on="person_id", how="semi").select("family_id")
        members = linked.join(with_child, on="family_id", how="semi").join(residents, on="person_id", how="inner")
        return members.select(
            "family_id",
            "person_id",
            "is_adult",
            "birth_date",
            "resident_from",
            is_child=col("is_young_role") & self._is_under_18(),
        )

    def _linked(self) -> ArrayRows | EngineRows:
        linked = self.rows["family_member"]
        if not self.setting("count_second_home"):
            linked = linked.filter(col("is_main_home").fill_null(True))
        role = col("role")
        return linked.select(
            "family_id",
            "person_id",
            is_adult=role == "adult",
            is_young_role=role.is_in(["child", "adult_child"]),
        )

    def _residents(self) -> ArrayRows | EngineRows:
        """Return who lives in the municipality on the day: whoever is not among the persons does not."""
        has_come = col("from_date").is_null() | (col("from_date") <= self.day(self.as_of))
        is_born = col("birth_date").is_null() | (col("birth_date") < self.day(born_from(self.as_of, 0)))
        persons = self.rows["person"].select("person_id", "birth_date", "from_date", "to_date")
        here = persons.filter(has_come & is_born & self.not_before("to_date", self.as_of))
        return here.select("person_id", "birth_date", resident_from=col("from_date"))

    def _is_under_18(self) -> Expr:
        return self.not_before("birth_date", born_from(self.as_of, ADULT_MONTHS))


def _known_of(months: list[tuple[date, bool, bool]]) -> tuple[frozenset[date], date | None]:
    """Return the months of a source that are dark, and the last day known of it when the export stops early.

    Of a month, in order: its first day, whether it is covered, whether it is begun. Of one that is begun and not
    covered the first day is known; the last one of a month that is covered.
    """
    dark = frozenset(first for first, is_covered, _ in months if not is_covered)
    last = max((first for first, _, is_begun in months if is_begun), default=date.min)
    if last == months[-1][0]:
        return dark, None
    return dark, last if last in dark or last == date.min else born_from(last, 0) - timedelta(days=1)


def collected(frame: Any) -> nw.DataFrame:
    """Return a frame with its rows in memory, whatever engine holds it."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame
