"""How well a coordinator fits a family: language, competence and district, and who may not have whom."""

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


def words(listed) -> set[str]:
    """Return the words of a list separated by comma, in lower case; empty when nothing is known.

    Examples
    --------
    >>> sorted(words("dansk, Arabisk")), words(None)
    (['arabisk', 'dansk'], set())
    """
    if listed is None or pd.isna(listed):
        return set()
    return {word.strip().casefold() for word in str(listed).split(",") if word.strip()}


def wanted(family: dict, what: str) -> set[str]:
    """Return what a family needs of one kind; empty when nothing is known."""
    return words(family.get(COLUMNS_OF[what][0]))


def matches(family: dict, person: dict, what: str) -> bool:
    """Return whether a coordinator has what a family wants; a competence may stand inside a longer phrase."""
    needed, offered = wanted(family, what), words(person.get(COLUMNS_OF[what][1]))
    if what == "competence":
        return any(word in phrase for word in needed for phrase in offered)
    return bool(needed & offered)


def misfits(family: dict, person: dict) -> list[str]:
    """Return what speaks against a pairing; what is unknown about the family says nothing."""
    return [what for what in COLUMNS_OF if wanted(family, what) and not matches(family, person, what)]


def is_conflict(family: dict, person: dict) -> bool:
    """Return whether the coordinator is among those who may not have the family."""
    return str(person["coordinator_id"]).strip().casefold() in words(family.get(CONFLICTS))


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
