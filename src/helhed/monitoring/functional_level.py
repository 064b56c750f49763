"""Functional level A-D, rated by professionals: domains, share improved and the table of transitions.

Domains as used in KORA's evaluation of Familiens Fremtid (2017): 11 for adults, 6 for children. A = no problem (1),
B = light (2), C = moderate (3), D = severe (4).
"""

import pandas as pd

from helhed.tables import codes

LEVELS = {1: "A", 2: "B", 3: "C", 4: "D"}
#: The domain that sums the others up; the indicator rests on it.
OVERALL = "Samlet funktionsniveau"


def domains(role: str) -> tuple[str, ...]:
    """Return the domains in which an ``adult`` or a ``child`` is rated, as registrations name them."""
    return tuple(codes()[f"{role}_domain"])


def first_and_last(registration: pd.DataFrame, item: str = OVERALL) -> pd.DataFrame:
    """Return one row per person rated at least twice in a domain: family_id, person_id, ``first``, ``last``.

    ``first`` and ``last`` are levels 1-4 (A-D) at the person's first and last date. A rating outside 1-4, such as
    unanswered, does not count.
    """
    is_used = (registration["instrument"] == "functional_level") & (registration["item"] == item)
    ratings = registration[is_used & registration["value"].isin(list(LEVELS))].sort_values("registered_date")
    grouped = ratings.groupby("person_id", sort=True)
    pairs = grouped.agg(
        family_id=("family_id", "first"), first=("value", "first"), last=("value", "last"), n=("value", "size")
    ).reset_index()
    return pairs[pairs["n"] >= 2].drop(columns="n").reset_index(drop=True)


def level_changes(registration: pd.DataFrame, family_member: pd.DataFrame) -> pd.DataFrame:
    """Return how persons' levels moved in every domain: one row per role and domain.

    Columns: role, item, ``n`` (persons rated at least twice), ``n_could`` (not at A first), ``n_improved``,
    ``n_unchanged`` and ``n_worsened`` (of all ``n``).
    """
    role = family_member.drop_duplicates("person_id").set_index("person_id")["role"]
    rows = []
    for kind in ("adult", "child"):
        mine = registration[registration["person_id"].map(role.to_dict()) == kind]
        for item in domains(kind):
            pairs = first_and_last(mine, item)
            n_improved, n_could = share_improved(pairs)
            n_worsened = int((pairs["last"] > pairs["first"]).sum())
            rows.append((kind, item, len(pairs), n_could, n_improved, len(pairs) - n_improved - n_worsened, n_worsened))
    columns = ["role", "item", "n", "n_could", "n_improved", "n_unchanged", "n_worsened"]
    return pd.DataFrame(rows, columns=columns)


def share_improved(pairs: pd.DataFrame) -> tuple[int, int]:
    """Return how many persons moved to a better level (towards A), and how many could: those not at A first."""
    could = pairs[pairs["first"] > 1]
    return int((could["last"] < could["first"]).sum()), len(could)


def transitions(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the number of persons by first level (rows A-D) and last level (columns A-D)."""
    first, last = (pairs[side].map(LEVELS) for side in ("first", "last"))
    letters = list(LEVELS.values())
    return pd.crosstab(first, last).reindex(index=letters, columns=letters, fill_value=0).rename_axis(None, axis=1)
