"""Families that belong together get one coordinator: they are placed as one unit."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Units:
    """What is placed as one: ``rows`` (positions of each unit's families) and ``allowed`` (units x coordinators)."""

    rows: tuple[tuple[int, ...], ...]
    allowed: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def without(self, left_out: np.ndarray) -> "Units":
        """Return the units that hold a family that is not left out."""
        kept = [k for k, rows in enumerate(self.rows) if not left_out[list(rows)].all()]
        return Units(tuple(self.rows[k] for k in kept), self.allowed[kept])

    def sum_of(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of the families' rows of a matrix, one row per unit."""
        return np.stack([values[list(rows)].sum(axis=0) for rows in self.rows])


def units_of(families: pd.DataFrame, allowed: np.ndarray, fixed: np.ndarray) -> Units:
    """Return the families still to place, those with the same mark in ``together`` as one unit.

    Parameters
    ----------
    families
        With the column ``together`` where some belong together.
    allowed
        Families x coordinators.
    fixed
        Position of the coordinator that each family keeps, -1 when it is to be placed.

    Notes
    -----
    Where one of them keeps a coordinator, the others join it if they may. They are parted where they keep different
    ones or where no coordinator may have them all: a conflict of interest counts for more.
    """
    marks = families["together"] if "together" in families else pd.Series(None, index=families.index, dtype="object")
    rows, pairs = [], []
    for group in _groups(marks):
        to_place = tuple(i for i in group if fixed[i] < 0)
        kept = {int(fixed[i]) for i in group if fixed[i] >= 0}
        together = allowed[list(to_place)].all(axis=0) if to_place else np.zeros(allowed.shape[1], bool)
        if len(kept) == 1:
            together &= np.arange(allowed.shape[1]) == kept.pop()
        whole = bool(to_place) and bool(together.any())
        rows += [to_place] if whole else [(i,) for i in to_place]
        pairs += [together] if whole else [allowed[i] for i in to_place]
    return Units(tuple(rows), np.array(pairs).reshape(len(rows), allowed.shape[1]))


def _groups(marks: pd.Series) -> list[list[int]]:
    """Return the positions of each group of marks, a family without a mark on its own, in the order of the families."""
    groups: dict = {}
    for position, mark in enumerate(marks):
        groups.setdefault(("alone", position) if pd.isna(mark) else mark, []).append(position)
    return list(groups.values())


def families_sharing_children(family_member: pd.DataFrame) -> pd.Series:
    """Return a mark for each family that shares a child with another: brothers and sisters in two homes, one entry.

    Parameters
    ----------
    family_member
        Canonical table: ``family_id``, ``person_id``.

    Returns
    -------
    By ``family_id``: the first family (in order of id) that it is linked with, directly or through a third. Families
    that share nobody are not in the result.
    """
    pairs = family_member[["family_id", "person_id"]].drop_duplicates()
    shared = pairs[pairs.duplicated("person_id", keep=False)]
    mark = {family: family for family in sorted(shared["family_id"].unique())}
    for _, families in shared.groupby("person_id")["family_id"]:
        first = min(mark[one] for one in families)
        joined = {mark[one] for one in families}
        mark = {family: first if now in joined else now for family, now in mark.items()}
    return pd.Series(mark, dtype="str").rename_axis("family_id")
