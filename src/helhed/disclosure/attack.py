"""What a reader can find out about hidden cells from everything that is shown: the auditor of a release.

For each hidden cell the smallest and largest value are found that agree with all sums and with what the reader knows
beforehand; two linear programmes per cell. A cell is safe when the interval is wide enough around the true value.
"""

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from helhed.disclosure.cells import Cells
from helhed.disclosure.protection import Protection

#: Width that rounding in the solver may take away.
_SLACK = 1e-6


def attack(cells: Cells, hidden: np.ndarray) -> pd.DataFrame:
    """Return what can be found out: one row per hidden cell with ``key``, ``value``, ``low`` and ``high``.

    Cells that are never shown are as unknown to the reader as hidden ones; they are in the result too.
    """
    unknown = np.asarray(hidden, dtype=bool) | cells.is_never_shown
    low, high = np.where(unknown, cells.low, cells.values), np.where(unknown, cells.high, cells.values)
    free = np.flatnonzero(unknown)
    equations = cells.sums[:, free]
    touched = np.any(equations != 0, axis=1)
    wanted = -(cells.sums[touched] @ np.where(unknown, 0.0, cells.values))
    bounds = np.column_stack([low[free], high[free]])
    rows = []
    for position, cell in enumerate(free):
        known = float(cells.values[cell])
        ends = [_extreme(equations[touched], wanted, bounds, position, sign, known) for sign in (1, -1)]
        rows.append((cells.keys[cell], float(cells.values[cell]), *ends))
    return pd.DataFrame(rows, columns=["key", "value", "low", "high"])


def unsafe(cells: Cells, hidden: np.ndarray, protection: Protection) -> pd.DataFrame:
    """Return the cells that need protection and can be found out too closely; empty when the release is safe.

    Columns of `attack`, and ``low_wanted``, ``high_wanted``: how far the interval must reach. A cell that needs
    protection and is shown is found out exactly.
    """
    found = attack(cells, hidden).set_index("key", drop=False)
    rows = []
    for cell in np.flatnonzero(protection.is_needed):
        key, value = cells.keys[cell], float(cells.values[cell])
        known = found.loc[[key]].iloc[0] if key in found.index else {"low": value, "high": value}
        wanted = value - protection.below[cell], value + protection.above[cell]
        if known["low"] > wanted[0] + _SLACK or known["high"] < wanted[1] - _SLACK:
            rows.append((key, value, known["low"], known["high"], *wanted))
    return pd.DataFrame(rows, columns=["key", "value", "low", "high", "low_wanted", "high_wanted"])


def _extreme(equations, wanted, bounds, position: int, sign: int, known: float) -> float:
    goal = np.zeros(len(bounds))
    goal[position] = sign
    solved = linprog(goal, A_eq=equations, b_eq=wanted, bounds=bounds, method="highs")
    if solved.status == 3:  # unbounded: nothing limits the cell
        return -sign * np.inf
    # Where the solver gives up nothing is proved: the cell counts as found out.
    return known if solved.fun is None else sign * float(solved.fun)
