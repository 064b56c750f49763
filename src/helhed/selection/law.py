"""Only what has a legal basis is read: the tables of the selection, less the sources and members without one."""

from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw
import pandas as pd

from helhed.profile import Profile, legal_basis, may_be_read, sources_with_law
from helhed.profile.law import lawful_rows, require_persons, rows_about, uncovered_members
from helhed.selection.criteria import criteria
from helhed.selection.days import born_from
from helhed.selection.register import ADULT_MONTHS, Register
from helhed.selection.rule_tree import criteria_in
from helhed.tables import tables as contracts

#: Whom a criterion of each level looks at.
_LEVELS = {"adult": {"adults"}, "child": {"children"}, "family": {"adults", "children"}}
_PURPOSE = "select"


def lawful_tables(tables: dict[str, pd.DataFrame], profile: Profile, lang: str = "da") -> dict[str, pd.DataFrame]:
    """Return the tables that may be read when the target group is chosen; the others come back without rows.

    Parameters
    ----------
    tables
        Canonical tables by name.
    profile
        The municipality's profile: group ``law``.
    lang
        Language of the message.

    Raises
    ------
    ProfileNeedsWork
        If the register of persons has no legal basis: then there are no families to look at.

    Notes
    -----
    A source is read when the profile gives its legal basis and the purpose of choosing families. Rows about members
    whom the basis does not cover are left out. Where a criterion looks at such members in that source, leaving out
    their rows would turn "yes" into "no", so the whole source (of measures: the whole department) is left out instead:
    the criterion cannot be told.
    """
    require_persons(profile, _PURPOSE, lang)
    return {name: _readable(name, frame, tables["person"], profile) for name, frame in tables.items()}


def _readable(name: str, frame: pd.DataFrame, person: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    uncovered = uncovered_members(profile, name)
    if not _is_looked_at(name, uncovered) or not may_be_read(profile, name, _PURPOSE):
        return lawful_rows(name, frame, person, profile, _PURPOSE)
    is_about = rows_about(frame["person_id"], person, uncovered, profile["data.to_date"])
    if "department" in frame:
        dark = frame.loc[is_about, "department"].unique()
        return frame[~frame["department"].isin(dark)].reset_index(drop=True)
    return frame.iloc[:0].copy() if is_about.any() else frame


def lawful_register(register: Register) -> tuple[Register, dict[str, str]]:
    """Return a register with what `lawful_tables` leaves, whatever engine holds it, and what was not read.

    Returns
    -------
    The register, and by table ``unread`` or ``partly``: tables without a legal basis are not opened at all.

    Raises
    ------
    ProfileNeedsWork
        If the register of persons has no legal basis.
    """
    require_persons(register.profile, _PURPOSE, "da")
    kept, unread = {}, {}
    for name, frame in register.frames.items():
        if not may_be_read(register.profile, name, _PURPOSE):
            unread[name] = "unread"
            continue
        kept[name] = frame
        uncovered = uncovered_members(register.profile, name)
        if uncovered and name not in ("person", "family_member") and "person_id" in frame.collect_schema():
            left = _frame_without(register, name, uncovered)
            kept, unread = (kept | {name: left[0]}), (unread | ({name: left[1]} if left[1] else {}))
    return register.with_frames(kept), unread


def _frame_without(register: Register, name: str, uncovered: set[str]) -> tuple[Any, str]:
    """Return a table's frame without what tells of members whom its basis leaves out, and what it has become."""
    frame, is_about = register.frames[name], _may_be_one_of(register, uncovered)
    persons = register.frames["person"].select("person_id", "birth_date").unique("person_id")
    about = frame.join(persons.rename({"birth_date": "born_"}), on="person_id", how="left").filter(is_about)
    if not len(register.collected(about.select("person_id").head(1))):
        return frame, ""
    if not _is_looked_at(name, uncovered):
        return frame.join(about.select("person_id").unique(), on="person_id", how="anti"), "partly"
    if name == "measure":
        dark = register.collected(about.select("department").unique())["department"].to_list()
        return frame.filter(~nw.col("department").is_in(dark)), "partly"
    return frame.head(0), "unread"


def _may_be_one_of(register: Register, members: set[str]) -> nw.Expr:
    """Return whether a row is, or may be, about such members: see `helhed.profile.law.rows_about`."""
    grown, born = register.day(born_from(register.to_date, ADULT_MONTHS)), nw.col("born_")
    is_one = {"children": born >= grown, "adults": born < grown}
    return reduce(or_, [is_one[member] for member in sorted(members)]).fill_null(True)


def _is_looked_at(name: str, members: set[str]) -> bool:
    """Return whether a criterion looks at such members in a table, person by person."""
    if name in ("person", "enrolment"):
        return False
    levels = {one.level for one in criteria().values() if any(_table_of(source) == name for source in one.sources)}
    return any(_LEVELS[level] & members for level in levels)


def _table_of(source: str) -> str:
    return source.partition(".")[0]


def law_report(tables: dict[str, pd.DataFrame], read: dict[str, pd.DataFrame], profile: Profile, lang: str):
    """Return what was read of each source and on what basis.

    Parameters
    ----------
    tables, read
        The tables before and after `lawful_tables`.
    profile
        The municipality's profile.
    lang
        Language of the legal basis of invented data.

    Returns
    -------
    One row per source among the tables: source, basis (empty: none), purposes, members (as in the profile), n_rows,
    n_read (rows left), state (``read``, ``partly``, ``unread``, ``empty``).
    """
    rows = [
        {
            "source": name,
            "basis": legal_basis(profile, name, lang),
            "purposes": profile[f"law.purpose_{name}"],
            "members": profile[f"law.members_{name}"],
            "n_rows": len(tables[name]),
            "n_read": len(read[name]),
            "state": _state(name, len(tables[name]), len(read[name]), profile),
        }
        for name in sources_with_law()
        if name in tables
    ]
    return pd.DataFrame(rows, columns=["source", "basis", "purposes", "members", "n_rows", "n_read", "state"])


def _state(name: str, n_rows: int, n_read: int, profile: Profile) -> str:
    if not may_be_read(profile, name, _PURPOSE):
        return "unread"
    if not n_rows:
        return "empty"
    return {0: "unread", n_rows: "read"}.get(n_read, "partly")


def resting_on(source: str, profile: Profile) -> list[str]:
    """Return the criteria of the profile's rule that rest on a source."""
    used = (criteria()[name] for name in criteria_in(profile["selection.rule"]))
    return [one.id for one in used if any(_table_of(table) == source for table in sources_of(one.id))]


def sources_of(criterion: str) -> tuple[str, ...]:
    """Return the tables a criterion rests on; one that counts departments rests on all that tell of one."""
    return _WIDE.get(criteria()[criterion].base) or criteria()[criterion].sources or ("person",)


#: Criteria that look at several sources without needing any single one of them.
_WIDE = {
    "n_departments": ("child_case", "measure", "benefit_spell", "absence"),
    "other_member_case": ("child_case", "measure", "absence"),
}


def fields_of(source: str, lang: str) -> list[str]:
    """Return the fields of a canonical table in the language: all that is kept of the exports."""
    return [column.label(lang) for column in contracts()[source].columns]
