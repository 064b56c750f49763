"""What a reader of everything that is shown can work out about the counts that are not.

The reader knows the rules too: "under 5" says that a count is 1 to 4, and what is hidden beside it is no smaller than
the threshold. Counts are whole numbers. For each count in question the smallest and the largest value are found that
fit all of this; two integer programmes per count, each over the counts that hang together with it alone.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from helhed.disclosure.rounding import rounding_limits

#: So many values of a small count must remain possible, or all there are below the threshold.
FEWEST_POSSIBLE = 3


@dataclass(frozen=True)
class Shown:
    """How a count is shown: ``shown`` (its value), ``rounded`` (to a ``base``), ``under`` (a threshold), or not.

    Not shown are ``hidden`` counts (a cell without its number) and ``unseen`` ones (no cell at all).
    """

    how: str
    value: float = 0
    threshold: int = 0
    base: int = 0

    def limits(self, is_careful: bool = True) -> tuple[float, float]:
        """Return the smallest and largest value that this alone leaves possible."""
        if self.how == "shown":
            return self.value, self.value
        if self.how == "rounded":
            return rounding_limits(self.value, self.base, self.threshold)
        if self.how == "under":
            return 1, self.threshold - 1
        return (self.threshold if self.how == "hidden" and is_careful else 0), np.inf


@dataclass
class Knowledge:
    """What a reader has in hand: counts as they are shown, and sums that tie them together.

    Parameters
    ----------
    counts
        Key of each count to how it is shown.
    sums
        Pairs of a total, a key or a number, and the keys of its parts.
    """

    counts: dict[Hashable, Shown] = field(default_factory=dict)
    sums: list[tuple[Hashable | float, tuple[Hashable, ...]]] = field(default_factory=list)

    def found_out(self) -> dict[Hashable, tuple[float, float]]:
        """Return the small counts that can be told too closely, with the smallest and largest value still possible.

        Too closely: fewer than `FEWEST_POSSIBLE` values remain of a count shown as under the threshold, or it is
        certain that a count that is not shown is small and not 0.
        """
        found = {}
        for group in self._groups():
            possible = self._possible(group, is_careful=True)
            if possible is None:
                # Somebody has hidden small counts without saying so: the reader gives that rule up.
                possible = self._possible(group, is_careful=False) or {}
            found |= {key: ends for key, ends in possible.items() if _is_too_close(self.counts[key], *ends)}
        return found

    def _groups(self) -> list[tuple[list[Hashable], list]]:
        """Return the unknown counts that hang together by sums, with those sums."""
        keys = [key for key, shown in self.counts.items() if shown.how != "shown"]
        at = {key: number for number, key in enumerate(keys)}
        tied = [(total, parts, sorted({at[key] for key in (total, *parts) if key in at})) for total, parts in self.sums]
        tied = [one for one in tied if one[2]]
        pairs = [(numbers[0], other) for *_, numbers in tied for other in numbers]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        graph = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(keys), len(keys)))
        _, label = connected_components(graph, directed=False)
        groups: dict[int, tuple[list, list]] = {}
        for total, parts, numbers in tied:
            groups.setdefault(int(label[numbers[0]]), ([], []))[1].append((total, parts))
        for key, group in zip(keys, label, strict=True):
            if int(group) in groups:
                groups[int(group)][0].append(key)
        return list(groups.values())

    def _possible(self, group: tuple[list, list], is_careful: bool) -> dict | None:
        """Return for each count of a group the smallest and largest possible value; None if nothing fits at all."""
        keys, sums = group
        limits = np.array([self.counts[key].limits(is_careful) for key in keys])
        rows, rests = zip(*(self._equation(total, parts, keys) for total, parts in sums), strict=True)
        bounds, constraint = Bounds(*limits.T), LinearConstraint(np.array(rows), rests, rests)
        if milp(np.zeros(len(keys)), integrality=np.ones(len(keys)), bounds=bounds, constraints=constraint).x is None:
            return None
        ends: dict[Hashable, tuple[float, float]] = {}
        for place, key in enumerate(keys):
            if self.counts[key].how == "rounded" or (is_careful and self.counts[key].how == "hidden"):
                continue
            ends[key] = tuple(_extreme(place, sign, bounds, constraint) for sign in (1, -1))
        return ends

    def _equation(self, total, parts: Sequence, keys: list) -> tuple[np.ndarray, float]:
        row, rest = np.zeros(len(keys)), 0.0
        for key, sign in [(total, -1), *((part, 1) for part in parts)]:
            if key in keys:
                row[keys.index(key)] += sign
            else:
                rest -= sign * (self.counts[key].value if key in self.counts else float(key))
        return row, rest


def _is_too_close(shown: Shown, low: float, high: float) -> bool:
    if shown.how == "under":
        return high - low + 1 < min(FEWEST_POSSIBLE, shown.threshold - 1)
    return low > 0 and high < shown.threshold


def _extreme(place: int, sign: int, bounds: Bounds, constraint: LinearConstraint) -> float:
    goal = np.zeros(len(bounds.lb))
    goal[place] = sign
    solved = milp(goal, integrality=np.ones(len(goal)), bounds=bounds, constraints=constraint)
    if solved.x is None:  # unbounded: nothing but its own limit holds the count
        return float(bounds.lb[place] if sign > 0 else bounds.ub[place])
    return float(round(solved.x[place]))
