"""One pass over a register for everything that is asked of the families: per row, per person, per member, per family.

What is asked is written as expressions and only then worked out: each source is read once and becomes one row per
person, the persons are joined to their families once, and each family becomes one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from helhed.selection import sources
from helhed.selection.expressions import FLAG, WHOLE, Expr, col, lit
from helhed.selection.register import Register
from helhed.selection.rows import ArrayRows, Asked, EngineRows


@dataclass
class Query:
    """What is asked of the families of a register; every name is worked out once however often it is asked for.

    Parameters
    ----------
    register
        The tables of one day.
    """

    register: Register
    _facts: dict[str, dict[str, Asked]] = field(default_factory=dict)
    _columns: dict[str, tuple[Expr, int]] = field(default_factory=dict)
    _totals: dict[str, Asked] = field(default_factory=dict)
    _asked: dict[str, Expr] = field(default_factory=dict)

    def __post_init__(self):
        known = [self.count_rows(table, f"known_{table}", lit(1), "max") for table in sources.KNOWN_BY]
        self._is_known = self.total("n_known", sum(known[1:], known[0]), "max") > 0

    # ── what is asked ──

    def has_row(self, table: str, name: str, of_row: Expr) -> Expr:
        """Return, for a member, whether the person has a row of the table for which an expression holds."""
        return self.count_rows(table, name, of_row, "max") > 0

    def count_rows(self, table: str, name: str, of_row: Expr, how: str = "sum") -> Expr:
        """Return, for a member, the sum (or the highest) over the person's rows; 0 for a person without rows."""
        if table not in self.register.frames:
            return lit(0)
        number = of_row.cast(FLAG if how == "max" else WHOLE)
        self._facts.setdefault(table, {}).setdefault(name, (number, how))
        return col(name)

    def column(self, name: str, of_member: Expr, after: Sequence[str] = ()) -> Expr:
        """Return a value of a member under a name, so that it is worked out once.

        ``after`` names those of these values that it is worked out from, where they are asked for.
        """
        if name not in self._columns:
            round_ = 1 + max((self._columns[one][1] for one in after if one in self._columns), default=0)
            self._columns[name] = (of_member, round_)
        return col(name)

    def total(self, name: str, of_member: Expr, how: str = "sum") -> Expr:
        """Return, for a family, the sum, the highest or the lowest over its members; missing values are passed over."""
        self._totals.setdefault(name, (of_member, how))
        return col(name)

    def count(self, name: str, is_so: Expr) -> Expr:
        """Return, for a family, of how many members an expression holds."""
        return self.total(name, is_so.cast(WHOLE))

    def asked(self, name: str) -> Expr | None:
        """Return, for a family, a date of its enrolment; None when there are no enrolments."""
        if "enrolment" not in self.register.frames:
            return None
        self._asked.setdefault(name, col(name))
        return col(name)

    def on(self, day: date) -> Any:
        """Return a day as the engine compares it."""
        return self.register.day(day)

    # ── what is found ──

    def families(self, **values: Expr) -> pd.DataFrame:
        """Return one row per family with a child under 18 at home and known to a department, sorted by family_id.

        Parameters
        ----------
        **values
            Expressions of a family by the name of their column.
        """
        return by_family(self.unsorted_families(**values))

    def unsorted_families(self, **values: Expr) -> pd.DataFrame:
        """Return the same in no order: a country is sorted once it is known who is wanted."""
        families = self._members().per("family_id", self._totals).filter(self._is_known)
        if self._asked:
            asked = self.register.rows["enrolment"].select("family_id", *self._asked)
            families = families.join(asked, on="family_id", how="left")
        return families.select("family_id", **values).to_pandas()

    def _members(self) -> ArrayRows | EngineRows:
        members = self.register.members()
        names = [name for facts in self._facts.values() for name in facts]
        if names:
            members = members.join(self._persons(names), on="person_id", how="left")
            members = members.with_columns(**{name: col(name).fill_null(0) for name in names})
        # those that rest on no other first, then those that rest on them: each round is one look at the members
        for round_ in sorted({round_ for _, round_ in self._columns.values()}):
            of_round = {name: value for name, (value, own) in self._columns.items() if own == round_}
            members = members.with_columns(**of_round)
        return members

    def _persons(self, names: list[str]) -> ArrayRows | EngineRows:
        """Return what the tables tell of each person, one row per person: members are joined to it but once."""
        first, *others = [
            sources.rows(self.register, one).per("person_id", asked) for one, asked in self._facts.items()
        ]
        return first.beside(others, "person_id", names)


def by_family(found: pd.DataFrame) -> pd.DataFrame:
    """Return rows of families sorted by family_id."""
    return found.sort_values("family_id", kind="stable").reset_index(drop=True)
