"""One pass over a register for everything that is asked of the families: per row, per person, per member, per family.

What is asked is written as expressions and only then worked out: each source is read once and becomes one row per
person, the persons are joined to their families once, and each family becomes one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from helhed.selection import sources
from helhed.selection.register import Register

_HOW = {"max": nw.Expr.max, "min": nw.Expr.min, "sum": nw.Expr.sum}


@dataclass
class Query:
    """What is asked of the families of a register; every name is worked out once however often it is asked for.

    Parameters
    ----------
    register
        The tables of one day.
    """

    register: Register
    _facts: dict[str, dict[str, tuple[nw.Expr, str]]] = field(default_factory=dict)
    _columns: dict[str, tuple[nw.Expr, int]] = field(default_factory=dict)
    _totals: dict[str, tuple[nw.Expr, str]] = field(default_factory=dict)
    _asked: dict[str, nw.Expr] = field(default_factory=dict)

    def __post_init__(self):
        known = [self.count_rows(table, f"known_{table}", nw.lit(1), "max") for table in sources.KNOWN_BY]
        self._is_known = self.total("n_known", sum(known[1:], known[0]), "max") > 0

    # ── what is asked ──

    def has_row(self, table: str, name: str, of_row: nw.Expr) -> nw.Expr:
        """Return, for a member, whether the person has a row of the table for which an expression holds."""
        return self.count_rows(table, name, of_row, "max") > 0

    def count_rows(self, table: str, name: str, of_row: nw.Expr, how: str = "sum") -> nw.Expr:
        """Return, for a member, the sum (or the highest) over the person's rows; 0 for a person without rows."""
        if table not in self.register.frames:
            return nw.lit(0)
        number = of_row.cast(nw.Int8 if how == "max" else nw.Int64)
        self._facts.setdefault(table, {}).setdefault(name, (number, how))
        return nw.col(name)

    def column(self, name: str, of_member: nw.Expr, after: Sequence[str] = ()) -> nw.Expr:
        """Return a value of a member under a name, so that it is worked out once.

        ``after`` names those of these values that it is worked out from, where they are asked for.
        """
        if name not in self._columns:
            round_ = 1 + max((self._columns[one][1] for one in after if one in self._columns), default=0)
            self._columns[name] = (of_member, round_)
        return nw.col(name)

    def total(self, name: str, of_member: nw.Expr, how: str = "sum") -> nw.Expr:
        """Return, for a family, the sum, the highest or the lowest over its members; missing values are passed over."""
        self._totals.setdefault(name, (of_member, how))
        return nw.col(name)

    def count(self, name: str, is_so: nw.Expr) -> nw.Expr:
        """Return, for a family, of how many members an expression holds."""
        return self.total(name, is_so.cast(nw.Int64))

    def asked(self, name: str) -> nw.Expr | None:
        """Return, for a family, a date of its enrolment; None when there are no enrolments."""
        if "enrolment" not in self.register.frames:
            return None
        self._asked.setdefault(name, nw.col(name))
        return nw.col(name)

    def on(self, day: date) -> Any:
        """Return a day as the engine compares it."""
        return self.register.day(day)

    # ── what is found ──

    def families(self, **values: nw.Expr) -> pd.DataFrame:
        """Return one row per family with a child under 18 at home and known to a department, sorted by family_id.

        Parameters
        ----------
        **values
            Expressions of a family by the name of their column.
        """
        return by_family(self.unsorted_families(**values))

    def unsorted_families(self, **values: nw.Expr) -> pd.DataFrame:
        """Return the same in no order: a country is sorted once it is known who is wanted."""
        members = self._members()
        names = list(self._totals)
        inputs = [expression.alias(name) for name, (expression, _) in self._totals.items()]
        members = members.select("family_id", *inputs)
        grouped = members.group_by("family_id").agg(*(_HOW[self._totals[name][1]](nw.col(name)) for name in names))
        families = grouped.filter(self._is_known)
        if self._asked:
            asked = self.register.frames["enrolment"].select("family_id", *self._asked)
            families = families.join(asked, on="family_id", how="left")
        outputs = [expression.alias(name) for name, expression in values.items()]
        return self.register.collected(families.select("family_id", *outputs)).to_pandas()

    def _members(self) -> Any:
        members = self.register.members()
        names = [name for facts in self._facts.values() for name in facts]
        if names:
            members = members.join(self._persons(names), on="person_id", how="left")
            members = members.with_columns(nw.col(*names).fill_null(0))
        # those that rest on no other first, then those that rest on them: each round is one look at the members
        for round_ in sorted({round_ for _, round_ in self._columns.values()}):
            of_round = {name: value for name, (value, own) in self._columns.items() if own == round_}
            members = members.with_columns(*(value.alias(name) for name, value in of_round.items()))
        return members

    def _persons(self, names: list[str]) -> Any:
        """Return what the tables tell of each person, one row per person: members are joined to it but once."""
        of_tables = [self._per_person(table, facts) for table, facts in self._facts.items()]
        if len(of_tables) == 1:
            return of_tables[0]
        return nw.concat(of_tables, how="diagonal").group_by("person_id").agg(nw.col(*names).max())

    def _per_person(self, table: str, facts: dict[str, tuple[nw.Expr, str]]) -> Any:
        rows = sources.rows(self.register, table)
        rows = rows.select("person_id", *(number.alias(name) for name, (number, _) in facts.items()))
        return rows.group_by("person_id").agg(*(_HOW[how](nw.col(name)) for name, (_, how) in facts.items()))


def by_family(found: pd.DataFrame) -> pd.DataFrame:
    """Return rows of families sorted by family_id."""
    return found.sort_values("family_id", kind="stable").reset_index(drop=True)
