"""Says which rules stand against each other when the families cannot all be placed.

A deletion filter (Chinneck and Dravnieks 1991): one demand after the other is left out; where the rest still cannot be
kept it stays out. What is left is a smallest set that clashes: give way on any one of them and this clash is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.staffing.assignment import Rules
from helhed.staffing.fitting import allowed_pairs, speaks_against
from helhed.staffing.pairing import Programme, pair_up

COLUMNS = ["demand", "family_id", "coordinator_id"]


@dataclass(frozen=True)
class _Demand:
    """One thing that is asked: ``what`` of a family or a coordinator, each by position (-1: none)."""

    what: str
    family: int = -1
    person: int = -1


def demands_in_conflict(families: pd.DataFrame, coordinators: pd.DataFrame, rules: Rules | None = None) -> pd.DataFrame:
    """Return a smallest set of demands that cannot all be met; empty when every enrolled family can be placed.

    Parameters
    ----------
    families, coordinators, rules
        As for `helhed.staffing.assignment.best_assignment`; new families, who may wait, are left out.

    Returns
    -------
    One row per demand: ``demand`` (``place``: the family must have a coordinator; ``keep``: it keeps the one it has;
    ``capacity``: nobody above the highest load; ``conflict``, ``language``, ``competence``, ``district``),
    ``family_id`` and ``coordinator_id`` where it concerns one. Without ``capacity`` among the musts, hours are no
    demand; where a must forbids the coordinator a family has, the family need not keep it.
    """
    rules = rules or Rules()
    enrolled = families[~families["is_new"].astype(bool)].sort_values("family_id", ignore_index=True)
    people = coordinators[coordinators["capacity"] > 0].sort_values("coordinator_id", ignore_index=True)
    case = _Case.of(enrolled, people, rules)
    demands = case.demands(rules)
    if not len(enrolled) or case.can_meet(demands):
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    found = _smallest(case, demands)
    rows = [
        (
            demand.what,
            enrolled["family_id"].iloc[demand.family] if demand.family >= 0 else None,
            people["coordinator_id"].iloc[demand.person] if demand.person >= 0 else None,
        )
        for demand in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype("str").sort_values(COLUMNS, ignore_index=True)


def _smallest(case: "_Case", demands: Sequence[_Demand]) -> list[_Demand]:
    """Return the demands that are left when whole blocks, then halves, then single ones have been tried away."""
    kept, size = list(demands), max(1, len(demands) // 2)
    while True:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            if case.can_meet(rest):
                start += size
            else:
                kept = rest
        if size == 1:
            return kept
        size = max(1, size // 2)


@dataclass(frozen=True)
class _Case:
    """The enrolled families and the coordinators as arrays; ``against`` are families x coordinators."""

    weight: np.ndarray
    capacity: np.ndarray
    against: dict[str, np.ndarray]
    present: np.ndarray

    @classmethod
    def of(cls, enrolled: pd.DataFrame, people: pd.DataFrame, rules: Rules) -> "_Case":
        """Return the case; nobody in post stands as -1 in ``present``."""
        position = {name: j for j, name in enumerate(people["coordinator_id"])}
        present = enrolled["coordinator_id"].map(position).fillna(-1).to_numpy(int)
        capacity = people["capacity"].to_numpy(float) * rules.highest_load
        return cls(enrolled["weight"].to_numpy(float), capacity, speaks_against(enrolled, people), present)

    def demands(self, rules: Rules) -> list[_Demand]:
        """Return everything that is asked, in the order in which it is tried away: the families' placing last."""
        n, m = len(self.weight), len(self.capacity)
        asked = [
            _Demand(what, family)
            for what in sorted(set(rules.must) & set(self.against))
            for family in np.flatnonzero(self.against[what].any(axis=1))
        ]
        kept = [] if rules.may_move else np.flatnonzero(self._may_keep(rules))
        asked += [_Demand("keep", family, self.present[family]) for family in kept]
        asked += [_Demand("capacity", person=j) for j in range(m)] if "capacity" in rules.must else []
        return [*asked, *(_Demand("place", family) for family in range(n))]

    def _may_keep(self, rules: Rules) -> np.ndarray:
        """Return which families have a coordinator in post who may have them."""
        allowed = allowed_pairs(self.against, rules.must)
        return np.array([j >= 0 and bool(allowed[i, j]) for i, j in enumerate(self.present)], bool)

    def can_meet(self, demands: Sequence[_Demand]) -> bool:
        """Return whether some assignment meets the demands; families that nobody asks to place are left out."""
        to_place = sorted({demand.family for demand in demands if demand.what == "place"})
        if not to_place:
            return True
        if not len(self.capacity):
            return False
        allowed = self._allowed(demands)[to_place]
        if not allowed.any(axis=1).all():
            return False
        capacity = np.full(len(self.capacity), self.weight.sum())
        for demand in demands:
            if demand.what == "capacity":
                capacity[demand.person] = self.capacity[demand.person]
        weights = np.repeat(self.weight[to_place][:, None], len(capacity), axis=1)
        return pair_up(Programme(np.zeros_like(weights), weights, capacity, allowed=allowed)).is_feasible

    def _allowed(self, demands: Sequence[_Demand]) -> np.ndarray:
        allowed = np.ones((len(self.weight), len(self.capacity)), bool)
        for demand in demands:
            if demand.what in self.against:
                allowed[demand.family] &= ~self.against[demand.what][demand.family]
            elif demand.what == "keep":
                allowed[demand.family] &= np.arange(len(self.capacity)) == demand.person
        return allowed
