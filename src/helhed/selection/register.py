"""The tables of one day, whatever engine holds them: who lives in which family, and which sources there are."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection.days import KnownMonths, born_from, month_after, window_edges

ADULT_MONTHS = 18 * 12


def midnight(day: date) -> datetime:
    """Return a day as a point in time, as columns of time stamps are compared."""
    return datetime(day.year, day.month, day.day)


class Register:
    """What the tables say on one day, as narwhals frames: eager for pandas, lazy for every other engine.

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
        self.from_date, self.to_date = profile["data.from_date"], profile["data.to_date"]

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
        rows = rows.assign(month=pd.to_datetime(rows["month"])).sort_values(["source_table", "month"])
        of_tables = [(table, _known_of(own)) for table, own in rows.groupby("source_table")]
        dark = {table: months for table, (months, _) in of_tables if months}
        return KnownMonths(dark, {table: until for table, (_, until) in of_tables if until is not None})

    @cached_property
    def by_person(self) -> dict[str, Any]:
        """Return the frames with persons as numbers where pandas holds them all: it joins texts slowly."""
        return self._numbered[0]

    def person_ids(self, numbers: pd.Series) -> pd.Series:
        """Return the persons of a column of `by_person` under their own names."""
        names = self._numbered[1]
        return numbers if names is None else pd.Series(names.take(numbers), index=numbers.index, dtype="str")

    @cached_property
    def _numbered(self) -> tuple[dict[str, Any], pd.Index | None]:
        return numbered(self.frames)

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

    def known_end(self, table: str) -> nw.Expr:
        """Return the last day of a row; of one without, the last day known when its export stops early."""
        end = nw.col("end_date")
        for source, last in self.known_months.open_until.items():
            if source == table:
                end = end.fill_null(self.day(last))
            elif source.startswith(f"{table}."):
                is_open = nw.col("end_date").is_null() & (nw.col("department") == source.partition(".")[2])
                end = nw.when(is_open).then(nw.lit(self.day(last))).otherwise(end)
        return end

    def before(self, column: str, day: date) -> nw.Expr:
        """Return whether a day in a column lies before a day; a day that is missing does not."""
        return (nw.col(column) < self.day(day)) & ~nw.col(column).is_null()

    def not_before(self, column: str, day: date) -> nw.Expr:
        """Return whether a day in a column is the day, later, or missing."""
        return nw.col(column).is_null() | (nw.col(column) >= self.day(day))

    def members(self) -> Any:
        """Return who lives in the families with a child under 18 at home.

        Columns: family_id, person_id (as in `by_person`), is_adult, is_child, birth_date, resident_from.
        """
        linked, residents = self._linked(), self._residents()
        young = residents.filter(self._is_under_18()).select("person_id")
        with_child = linked.filter(nw.col("is_young_role")).join(young, on="person_id", how="semi").select("family_id")
        members = linked.join(with_child, on="family_id", how="semi").join(residents, on="person_id", how="inner")
        return members.select(
            "family_id",
            "person_id",
            "is_adult",
            (nw.col("is_young_role") & self._is_under_18()).alias("is_child"),
            "birth_date",
            "resident_from",
        )

    def _linked(self) -> Any:
        linked = self.by_person["family_member"]
        if not self.setting("count_second_home"):
            linked = linked.filter(nw.col("is_main_home").fill_null(True))
        role = nw.col("role")
        return linked.select(
            "family_id",
            "person_id",
            (role == "adult").alias("is_adult"),
            role.is_in(["child", "adult_child"]).alias("is_young_role"),
        )

    def _residents(self) -> Any:
        """Return who lives in the municipality on the day: whoever is not among the persons does not."""
        has_come = nw.col("from_date").is_null() | (nw.col("from_date") <= self.day(self.as_of))
        is_born = nw.col("birth_date").is_null() | (nw.col("birth_date") < self.day(born_from(self.as_of, 0)))
        persons = self.by_person["person"].select("person_id", "birth_date", "from_date", "to_date")
        here = persons.filter(has_come & is_born & self.not_before("to_date", self.as_of))
        return here.select("person_id", "birth_date", nw.col("from_date").alias("resident_from"))

    def _is_under_18(self) -> nw.Expr:
        return self.not_before("birth_date", born_from(self.as_of, ADULT_MONTHS))


def _known_of(months: pd.DataFrame) -> tuple[frozenset[date], date | None]:
    """Return the months of a source that are dark, and the last day known of it when the export stops early.

    Of a month that is begun and not covered the first day is known; the last one of a month that is covered.
    """
    starts = months["month"].dt.date
    dark = frozenset(starts[~months["is_covered"].astype(bool)])
    begun = starts[months["is_begun"].astype(bool)]
    last = begun.iloc[-1] if len(begun) else date.min
    if last == starts.iloc[-1]:
        return dark, None
    return dark, last if last in dark or last == date.min else born_from(last, 0) - timedelta(days=1)


def numbered(frames: dict[str, Any]) -> tuple[dict[str, Any], pd.Index | None]:
    """Return frames with person_id as a number, and the names by number; other frames, or one that lacks an id, as is.

    One person has one number in all frames.
    """
    natives = {name: nw.to_native(frame) for name, frame in frames.items()}
    if not all(isinstance(native, pd.DataFrame) for native in natives.values()):
        return frames, None
    own = {name: native["person_id"].astype("str") for name, native in natives.items() if "person_id" in native}
    codes, names = pd.factorize(pd.concat(own.values(), ignore_index=True))
    if (codes < 0).any():
        return frames, None
    ends = np.cumsum([len(column) for column in own.values()])
    parts = dict(zip(own, np.split(codes, ends[:-1]), strict=True))
    return frames | {name: nw.from_native(natives[name].assign(person_id=part)) for name, part in parts.items()}, names


def collected(frame: Any) -> nw.DataFrame:
    """Return a frame with its rows in memory, whatever engine holds it."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame
