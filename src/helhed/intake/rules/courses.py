"""What the rules about decisions share: each family's course with its coordinator, and columns that may be lacking."""

import pandas as pd

from helhed.intake.building.canonical import is_among, looked_up
from helhed.intake.rules.material import Material
from helhed.tables import DTYPES, tables

#: Stands for the end of what has not ended.
FAR = pd.Timestamp("2200-01-01")


def rows_with(m: Material, table: str, *columns: str) -> pd.DataFrame:
    """Return the rows of all exports that become a table; columns that no export has are empty."""
    rows = m.table(table)
    kinds = {name: DTYPES[tables()[table].column(name).kind] for name in columns if name not in rows}
    return rows.assign(**{name: pd.Series(index=rows.index, dtype=kind) for name, kind in kinds.items()})


def home_of(m: Material, persons: pd.Series) -> pd.Series:
    """Return the family in which each person has the main home; missing where there is none."""
    return looked_up(persons, m.family_of)


def is_unplaced(m: Material, persons: pd.Series) -> pd.Series:
    """Return which persons of the register have no family; nobody when no families could be formed at all."""
    return m.is_known(persons) & ~is_among(persons, m.family_of.index) & bool(len(m.family_of))


def is_not_enrolled(m: Material, persons: pd.Series) -> pd.Series:
    """Return which persons' families are not among the enrolled; nobody's while rows of those could not be read."""
    home = home_of(m, persons)
    enrolled = home_of(m, m.table("enrolment")["person_id"])
    return home.notna() & ~is_among(home, enrolled) & ("enrolment" not in m.partly_read)


def courses(m: Material) -> pd.DataFrame:
    """Return one row per started family, indexed by family: ``start_date`` (first), ``exit_date`` (last, or `FAR`)."""
    return m.kept(("courses",), lambda: _courses(m))


def _courses(m: Material) -> pd.DataFrame:
    rows = rows_with(m, "enrolment", "start_date", "exit_date")
    started = rows[rows["start_date"].notna()]
    started = started.assign(home=home_of(m, started["person_id"]), exit_date=started["exit_date"].fillna(FAR))
    return started.groupby("home").agg(start_date=("start_date", "min"), exit_date=("exit_date", "max"))


def course_of(m: Material, persons: pd.Series, column: str) -> pd.Series:
    """Return ``start_date`` or ``exit_date`` of each person's family; missing where the family has not started."""
    return looked_up(home_of(m, persons), courses(m)[column])


def moved_out(m: Material, persons: pd.Series) -> pd.Series:
    """Return the day on which each person left the municipality; missing where the register has none."""
    return looked_up(persons, m.register("to_date"))


def days(n: int) -> pd.Timedelta:
    """Return a span of days."""
    return pd.Timedelta(days=n)
