"""One moment's view of a municipality's tables: who lives in which family, what each family's values are."""

from functools import cached_property
from typing import Any

import pandas as pd

from helhed.profile import Profile
from helhed.selection import signs
from helhed.selection.engines import TABLES
from helhed.selection.query import Query
from helhed.selection.register import Register
from helhed.tables import tables as contracts

__all__ = ["TABLES", "View"]


class View:
    """What the tables of a municipality say about families on one day, as pandas frames.

    Parameters
    ----------
    tables
        Canonical tables by name; they are never changed.
    profile
        The municipality's profile.
    as_of
        The reference day: everything after it is unknown.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], profile: Profile, as_of):
        self.tables, self.profile, self.as_of = tables, profile, pd.Timestamp(as_of)
        self.register = Register(tables, profile, as_of)

    def setting(self, name: str) -> Any:
        """Return the value in force of an entry of the group selection."""
        return self.register.setting(name)

    def table(self, name: str) -> pd.DataFrame:
        """Return a canonical table; one that was left out counts as one without rows."""
        return self.tables[name] if name in self.tables else contracts()[name].empty()

    @cached_property
    def members(self) -> pd.DataFrame:
        """Return who lives in the families with a child at home, as `Register.members` returns it."""
        return self.register.members().to_pandas()

    @cached_property
    def families(self) -> pd.Index:
        """Return the families in question, sorted: with a child under 18 at home and known to a department."""
        return self._index(Query(self.register).families())

    def departments(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return which departments are around each family, and for which it is not known; one column per department.

        The rule is that of `helhed.selection.signs.departments`.
        """
        query = Query(self.register)
        found = signs.departments(query)
        around = {f"around_{name}": is_around for name, (is_around, _) in found.items()}
        unknown = {f"unknown_{name}": is_unknown for name, (_, is_unknown) in found.items()}
        families = query.families(**around, **unknown)
        index = self._index(families)
        involved, dark = (families[list(part)].set_axis(list(found), axis=1) for part in (around, unknown))
        return involved.astype(bool).set_index(index), dark.astype(bool).set_index(index)

    def window(self, n_months: int) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Return the first and the last day of the last ``n_months`` months, counted back from the day."""
        first, last = self.register.window(n_months)
        return pd.Timestamp(first), pd.Timestamp(last)

    def _index(self, families: pd.DataFrame) -> pd.Index:
        return pd.Index(families["family_id"], name="family_id", dtype="str")
