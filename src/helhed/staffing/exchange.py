"""Betters a pairing by moving one row, or swapping two, as long as that lowers the cost.

The search tree of the integer programme is cut off after a number of nodes. Where coordinators are filled to the last
hour, its answer can then be bettered at once; the bound of the programme says how far from the best it may still be.
"""

from dataclasses import dataclass

import numpy as np

#: A step counts as better from this much; more steps than this are not tried.
_BETTER, _MOST_STEPS = 1e-9, 2_000


@dataclass(frozen=True)
class Costs:
    """The cost of a pairing, with leaving out as one more column of ``pairs`` and ``weights`` (weight 0).

    ``pairs`` and ``weights`` are rows x (coordinators + 1); what is not allowed costs infinity. ``room`` is what each
    coordinator can take beside what is held, ``full`` and ``held`` give the load, ``overload`` and ``even`` their cost.
    """

    pairs: np.ndarray
    weights: np.ndarray
    room: np.ndarray
    held: np.ndarray
    full: np.ndarray
    overload: float
    even: float

    def of(self, chosen: np.ndarray) -> float:
        """Return the cost of a pairing; ``chosen`` gives each row's column."""
        return float(self.pairs[np.arange(len(chosen)), chosen].sum() + self._of_loads(self.placed(chosen)))

    def placed(self, chosen: np.ndarray) -> np.ndarray:
        """Return what is placed with each coordinator."""
        rows = np.arange(len(chosen))
        return np.bincount(chosen, self.weights[rows, chosen], minlength=self.pairs.shape[1])[:-1]

    def _of_loads(self, placed: np.ndarray) -> np.ndarray:
        """Return the cost of overload and of the highest load; ``placed`` may have further axes in front."""
        over = np.maximum(0.0, placed - self.room)
        over[over < 1e-9] = 0.0
        beyond = np.where(over > 0, self.overload, 0.0) * np.where(over > 0, over, 1.0)
        return beyond.sum(axis=-1) + self.even * ((placed + self.held) / self.full).max(axis=-1, initial=0.0)

    def after_moves(self, chosen: np.ndarray) -> np.ndarray:
        """Return rows x columns: the change of cost when the row goes to the column."""
        rows, placed = np.arange(len(chosen)), self.placed(chosen)
        now = self._of_loads(placed)
        n, m = self.pairs.shape[0], self.pairs.shape[1] - 1
        loads = np.broadcast_to(placed, (n, m + 1, m)).copy()
        here = chosen < m
        loads[here, :, chosen[here]] -= self.weights[rows[here], chosen[here]][:, None]
        for column in range(m):
            loads[:, column, column] += self.weights[:, column]
        changed = self.pairs - self.pairs[rows, chosen][:, None] + self._of_loads(loads) - now
        changed[rows, chosen] = 0.0
        return changed

    def after_swaps(self, chosen: np.ndarray, row: int) -> np.ndarray:
        """Return for every other row the change of cost when it and ``row`` change places."""
        rows, placed = np.arange(len(chosen)), self.placed(chosen)
        here, there = chosen[row], chosen
        padded = np.broadcast_to(np.append(placed, 0.0), (len(chosen), len(placed) + 1)).copy()
        padded[:, here] += self.weights[rows, here] - self.weights[row, here]
        padded[rows, there] += self.weights[row, there] - self.weights[rows, there]
        pairs = self.pairs[row, there] + self.pairs[rows, here] - self.pairs[row, here] - self.pairs[rows, there]
        changed = pairs + self._of_loads(padded[:, :-1]) - self._of_loads(placed)
        return np.where(there == here, 0.0, changed)


def bettered(chosen: np.ndarray, costs: Costs) -> np.ndarray:
    """Return the pairing after all single moves and swaps that lower the cost: the first of the best at each step."""
    chosen = chosen.copy()
    for _ in range(_MOST_STEPS):
        if not (_moved(chosen, costs) or _swapped(chosen, costs)):
            break
    return chosen


def _moved(chosen: np.ndarray, costs: Costs) -> bool:
    changed = costs.after_moves(chosen)
    row, column = np.unravel_index(np.argmin(changed), changed.shape)
    if changed[row, column] >= -_BETTER:
        return False
    chosen[row] = column
    return True


def _swapped(chosen: np.ndarray, costs: Costs) -> bool:
    """Make the best swap of the first row that has one that is better; return whether there was one."""
    for row in range(len(chosen)):
        changed = costs.after_swaps(chosen, row)
        other = int(np.argmin(changed))
        if changed[other] < -_BETTER:
            chosen[row], chosen[other] = chosen[other], chosen[row]
            return True
    return False
