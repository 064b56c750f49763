"""How well a coordinator fits a family: language, competence and district, and who may not have whom."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

#: For each thing that may match: the family's column and the coordinator's.
COLUMNS_OF = {
    "language": ("languages", "languages"),
    "competence": ("needs", "competences"),
    "district": ("district", "district"),
}
#: The family's column with the coordinators who may not have it: a relative, a neighbour, a former case.
CONFLICTS = "conflicts"


#: What people write between the words of a list; in lists of languages and of people, the words for "and" too.
_BETWEEN, _AND = r"[,;/|\n]", r"[,;/|\n&+]|\b(?:og|and|samt|eller|or)\b"
#: Readings of a list of coordinators: their identifiers may hold a stroke or a word for "and" themselves.
_LISTS = (r"[,;\n]", _BETWEEN, _AND)


def words(listed, between: str = _BETWEEN) -> set[str]:
    """Return the words of a list separated by comma, semicolon, stroke or line, in lower case; empty when unknown.

    Examples
    --------
    >>> sorted(words("dansk, Arabisk")), sorted(words("dansk; Arabisk")), words(None)
    (['arabisk', 'dansk'], ['arabisk', 'dansk'], set())
    """
    if listed is None or pd.isna(listed):
        return set()
    return {word.strip().casefold() for word in re.split(between, str(listed), flags=re.IGNORECASE) if word.strip()}


def wanted(family: dict, what: str) -> set[str]:
    """Return what a family needs of one kind; empty when nothing is known."""
    return _of_kind(family.get(COLUMNS_OF[what][0]), what)


def _of_kind(listed, what: str) -> set[str]:
    return words(listed, _AND if what == "language" else _BETWEEN)


def matches(family: dict, person: dict, what: str) -> bool:
    """Return whether a coordinator has what a family wants; a competence may stand inside a longer phrase."""
    needed, offered = wanted(family, what), _of_kind(person.get(COLUMNS_OF[what][1]), what)
    if what == "competence":
        return any(word in phrase for word in needed for phrase in offered)
    return bool(needed & offered)


def misfits(family: dict, person: dict) -> list[str]:
    """Return what speaks against a pairing; what is unknown about the family says nothing."""
    return [what for what in COLUMNS_OF if wanted(family, what) and not matches(family, person, what)]


def is_conflict(family: dict, person: dict) -> bool:
    """Return whether the coordinator is among those who may not have the family."""
    name = _name(person["coordinator_id"])
    return any(name in words(family.get(CONFLICTS), between) for between in _LISTS)


def n_unknown_conflicts(families: pd.DataFrame, known: Collection[str]) -> int:
    """Return for how many families a conflict of interest names somebody who is not a coordinator.

    Such a name bars nobody: a slip of the pen would let the wrong coordinator have the family.

    Parameters
    ----------
    families
        With the column ``conflicts`` where there are any.
    known
        Identifiers of all coordinators, also of those who have left.
    """
    if CONFLICTS not in families:
        return 0
    names = {_name(one) for one in known}
    return sum(all(words(listed, between) - names for between in _LISTS) for listed in families[CONFLICTS])


def _name(identifier) -> str:
    return str(identifier).strip().casefold()


def speaks_against(families: pd.DataFrame, people: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return, for each kind of misfit and for conflicts of interest, families x coordinators: whether it is there."""
    shape = (len(families), len(people))
    found = {what: np.zeros(shape, bool) for what in (*COLUMNS_OF, "conflict")}
    staff = people.to_dict("records")
    for i, family in enumerate(families.to_dict("records")):
        for j, person in enumerate(staff):
            for what in misfits(family, person):
                found[what][i, j] = True
            found["conflict"][i, j] = is_conflict(family, person)
    return found


def allowed_pairs(against: dict[str, np.ndarray], must: Collection[str]) -> np.ndarray:
    """Return families x coordinators: whether the pairing breaks none of the musts."""
    shape = next(iter(against.values())).shape
    allowed = np.ones(shape, bool)
    for what in sorted(set(must) & set(against)):
        allowed &= ~against[what]
    return allowed
