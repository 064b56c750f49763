"""The legal basis and the purpose of each source, as the profile states them: what lacks one may not be read."""

import pandas as pd

from helhed.errors import Problem, ProfileNeedsWork
from helhed.profile.entries import choice_label, declared_entries
from helhed.profile.reading import FILE_NAME, Profile
from helhed.tables import tables as contracts
from helhed.texts import text

_BASIS = "law.basis_"
#: Tables that are made from the register of persons and follow it.
_MADE_OF_PERSONS = ("family", "family_member")
_CHILD_MONTHS = 18 * 12
_STATES = ("unread", "partly")


def sources_with_law() -> tuple[str, ...]:
    """Return the canonical tables whose legal basis and purpose the profile states, in the order of declaration."""
    return tuple(key.removeprefix(_BASIS) for key in declared_entries() if key.startswith(_BASIS))


def legal_basis(profile: Profile, source: str, lang: str) -> str:
    """Return the legal basis of a source in words; empty where the municipality has given none.

    Invented data are about nobody and need no legal basis: the text says so.
    """
    given = profile[f"{_BASIS}{source}"].strip()
    return text("profile.law_invented", lang) if not given and profile.is_synthetic else given


def source_of(table: str) -> str:
    """Return the source whose legal basis a table follows: itself, or the register of persons that it is made from."""
    return "person" if table in _MADE_OF_PERSONS else table


def may_be_read(profile: Profile, table: str, purpose: str) -> bool:
    """Return whether a table has a legal basis and the purpose asked for: ``select``, ``coordinate``, ``follow_up``.

    A table that is neither listed in the profile nor made from one that is, is about no citizen and may be read.
    """
    source = source_of(table)
    if source not in sources_with_law():
        return True
    return bool(legal_basis(profile, source, "en")) and purpose in profile[f"law.purpose_{source}"]


def uncovered_members(profile: Profile, table: str) -> set[str]:
    """Return the members, ``adults`` or ``children``, whom the legal basis of a table does not cover."""
    source = source_of(table)
    if source not in sources_with_law():
        return set()
    return {"adults", "children"} - set(profile[f"law.members_{source}"])


def rows_about(persons: pd.Series, person: pd.DataFrame, members: set[str], day) -> pd.Series:
    """Return which rows are, or may be, about such members on a day: one without a month of birth may be either.

    Parameters
    ----------
    persons
        The person each row is about.
    person
        The canonical table of persons.
    members
        ``adults`` (from the month of the 18th birthday), ``children``, or both.
    day
        The day on which ages count.
    """
    born = persons.map(person.drop_duplicates("person_id").set_index("person_id")["birth_date"])
    months = (day.year - born.dt.year) * 12 + day.month - born.dt.month
    is_child, is_adult = ~(months >= _CHILD_MONTHS), ~(months < _CHILD_MONTHS)
    return (is_child & ("children" in members)) | (is_adult & ("adults" in members))


def lawful_rows(table: str, frame: pd.DataFrame, person: pd.DataFrame, profile: Profile, purpose: str) -> pd.DataFrame:
    """Return the rows of a table that may be read for a purpose.

    Parameters
    ----------
    table, frame
        A canonical table's name and rows.
    person
        The canonical table of persons.
    profile
        The municipality's profile: group ``law``.
    purpose
        ``select``, ``coordinate`` or ``follow_up``.

    Returns
    -------
    No rows without a legal basis or the purpose; else the rows without those about members whom the basis leaves out.
    """
    if not may_be_read(profile, table, purpose):
        return frame.iloc[:0].copy()
    uncovered = uncovered_members(profile, table)
    if not uncovered or "person_id" not in frame:
        return frame
    return frame[~rows_about(frame["person_id"], person, uncovered, profile["data.to_date"])].reset_index(drop=True)


def law_problems(profile: Profile) -> list[Problem]:
    """Return one problem that names the entries to fill in, when a source of the profile has no legal basis."""
    missing = [source for source in sources_with_law() if not legal_basis(profile, source, "en")]
    if not missing:
        return []
    keys = ", ".join(f"{_BASIS}{source}" for source in missing)
    row = next((profile.lines[f"{_BASIS}{name}"] for name in missing if f"{_BASIS}{name}" in profile.lines), None)
    return [Problem("profile.source_without_basis", "should_fix", FILE_NAME, row=row, column=keys)]


def require_persons(profile: Profile, purpose: str, lang: str) -> None:
    """Stop when the register of persons may not be read for a purpose: then there are no families to look at.

    Raises
    ------
    ProfileNeedsWork
        With the entry to fill in and its line.
    """
    if may_be_read(profile, "person", purpose):
        return
    lacks_basis = not legal_basis(profile, "person", lang)
    key = f"{_BASIS}person" if lacks_basis else "law.purpose_person"
    code, row = "law.persons_without_basis" if lacks_basis else "law.persons_without_purpose", profile.lines.get(key)
    details = {"purpose": choice_label(purpose, lang)}
    raise ProfileNeedsWork(Problem(code, file=FILE_NAME, row=row, column=key, details=details), lang)


def unread_in_words(unread: dict[str, str], purpose: str, lang: str) -> str:
    """Return which tables were not read for want of a legal basis, and which in part.

    Parameters
    ----------
    unread
        Canonical table to ``unread`` or ``partly``.
    purpose
        ``select``, ``coordinate`` or ``follow_up``.
    lang
        ``da`` or ``en``.
    """
    named = {
        state: [contracts()[name].label(lang) for name, one in unread.items() if one == state] for state in _STATES
    }
    said = {"purpose": choice_label(purpose, lang)}
    return " ".join(
        text(f"law.{state}_tables", lang, sources=", ".join(labels), **said)
        for state, labels in named.items()
        if labels
    )
