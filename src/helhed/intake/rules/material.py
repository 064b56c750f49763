"""What the check rules look at: the typed source frames with what many rules ask of them, worked out once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helhed.intake.building.canonical import is_among, looked_up, positions_of
from helhed.intake.building.keys import numbered
from helhed.intake.building.repeats import Repeats
from helhed.intake.exports.preset import Preset
from helhed.intake.families.forming import Families
from helhed.intake.families.homes import on_the_day
from helhed.intake.sources import rows_of
from helhed.profile import Profile


@dataclass(frozen=True)
class Material:
    """What the rules look at: typed source frames and presets by name, coverage by month, families and profile.

    ``known_repeats`` are the repeated rows of source frames by name, as far as they have been looked for; ``misspelt``
    the unknown persons whose numbers are one digit from those of others (see `helhed.intake.building.wrong_digits`);
    ``partly_read`` the tables of which rows could not be read: that something is not there is not known of them.
    """

    frames: dict[str, pd.DataFrame]
    presets: dict[str, Preset]
    coverage: pd.DataFrame
    families: Families
    family_of: pd.Series
    profile: Profile
    known_repeats: dict[str, Repeats] = field(default_factory=dict)
    misspelt: dict[str, list[str]] = field(default_factory=dict)
    partly_read: frozenset[str] = frozenset()
    _together: dict[str, pd.DataFrame] = field(default_factory=dict)
    _kept: dict[tuple, Any] = field(default_factory=dict)

    @property
    def first_day(self) -> pd.Timestamp:
        """Return the first day of the data period."""
        return pd.Timestamp(self.profile["data.from_date"])

    @property
    def last_day(self) -> pd.Timestamp:
        """Return the last day of the data period."""
        return pd.Timestamp(self.profile["data.to_date"])

    def table(self, table: str) -> pd.DataFrame:
        """Return the rows of all exports that become a table."""
        if table not in self._together:
            self._together[table] = rows_of(table, self.frames, self.presets)
        return self._together[table]

    def filled(self, tables: tuple[str, ...]) -> list[str]:
        """Return the names of the exports that have rows and become one of some tables."""
        filled = self.kept(("filled",), lambda: [name for name, frame in self.frames.items() if len(frame)])
        return [name for name in filled if self.presets[name].table in tables]

    def preset_of(self, frame: pd.DataFrame) -> Preset:
        """Return the preset of a source frame."""
        return self.presets[self._name_of(frame)]

    def repeats(self, frame: pd.DataFrame) -> Repeats:
        """Return which rows of a source frame repeat another one."""
        name = self._name_of(frame)
        return self.known_repeats.setdefault(name, Repeats(frame, self.presets[name]))

    def _name_of(self, frame: pd.DataFrame) -> str:
        return next(name for name, known in self.frames.items() if known is frame)

    def register(self, column: str) -> pd.Series:
        """Return a column of the population register by person; ``born`` is the date of birth, or the CPR number's."""
        return self.kept(("register",), self._register)[column]

    def _register(self) -> pd.DataFrame:
        register = on_the_day(self.table("person"), self.last_day).set_index("person_id")
        return register.assign(born=register["birth_date"].fillna(register["cpr_birth_date"]))

    def kept(self, key: tuple, made: Callable[[], Any]) -> Any:
        """Return what ``made`` gives, made only the first time that the key is asked for."""
        if key not in self._kept:
            self._kept[key] = made()
        return self._kept[key]

    def kept_of(self, frame: pd.DataFrame, what: str, made: Callable[[], Any]) -> Any:
        """Return what ``made`` gives of a frame, made only the first time that it is asked for."""
        # The frame is held too: as long as it lives, no other one can be taken for it.
        return self.kept((id(frame), what), lambda: (frame, made()))[1]

    def of_person(self, frame: pd.DataFrame, column: str, person: str = "person_id") -> pd.Series:
        """Return a column of the register for each row's person; many rules share the look-up."""
        values = self.register(column)
        at = self.kept_of(frame, f"place of {person}", lambda: positions_of(frame[person], values.index))
        return pd.Series(values.array.take(at, allow_fill=True), index=frame.index)

    def owner(self, frame: pd.DataFrame) -> pd.Series:
        """Return a number for the person of each row of a source frame, quick to sort and group by; -1 for nobody."""
        made = self.kept_of(frame, "owner", lambda: numbered(frame["person_id"])[0])
        return pd.Series(made, index=frame.index)

    def age_in(self, frame: pd.DataFrame, when: str) -> pd.Series:
        """Return the age in years of each row's person on the row's date."""
        born = self.of_person(frame, "born")
        return self.kept_of(frame, f"age in {when}", lambda: (frame[when] - born).dt.days / 365.25)

    def born(self, persons: pd.Series) -> pd.Series:
        """Return the date of birth of each person; missing when not in the register."""
        return looked_up(persons, self.register("born"))

    def age(self, persons: pd.Series, when: pd.Series) -> pd.Series:
        """Return each person's age in years on a date; missing when the date of birth is not known."""
        return (when - self.born(persons)).dt.days / 365.25

    def is_known(self, persons: pd.Series) -> pd.Series:
        """Return whether each person is in the population register; true for all when the register was not read."""
        register = self.table("person")["person_id"]
        return is_among(persons, register) | register.empty

    def is_known_case(self, cases: pd.Series) -> pd.Series:
        """Return whether each case is in the export of cases; true for all when that was not read."""
        known = self.table("child_case")["case_id"]
        return is_among(cases, known) | known.empty

    def case(self, cases: pd.Series, column: str) -> pd.Series:
        """Return a column of the child cases by case number."""
        known = self.table("child_case").drop_duplicates("case_id", keep="last")
        return looked_up(cases, known.set_index("case_id")[column])
