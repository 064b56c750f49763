"""Which further cells to hide so that the sums do not give the first ones away: the cheapest choice that is safe.

An integer programme (Kelly, Golden and Assad 1992; Fischetti and Salazar 2001): hide cells at least cost such that for
every cell in need a table exists that a reader cannot rule out, in which the cell lies far enough below its value, and
another in which it lies far enough above. What is chosen is afterwards checked by the reader's own linear programmes.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from helhed.disclosure.attack import unsafe
from helhed.disclosure.cells import Cells
from helhed.disclosure.protection import Protection
from helhed.errors import Problem, WrongCall


def hide_secondary(
    cells: Cells, protection: Protection, cost: np.ndarray | None = None, time_limit_seconds: float = 60.0
) -> np.ndarray:
    """Return which cells to hide: those in need and, at least cost, the further ones that keep them safe.

    Parameters
    ----------
    cells
        From one or several tables.
    protection
        Cells in need, and how far they must be kept from the reader.
    cost
        Price of hiding each cell; by default its value, and at least 1, so that the largest numbers stay.
    time_limit_seconds
        Of the solver; the best choice found by then is used.

    Raises
    ------
    WrongCall
        If no choice is safe: what is published already gives a cell away, or the table is too small to hide it in.
    """
    price = np.maximum(np.abs(cells.values), 1.0) if cost is None else np.asarray(cost, dtype=float)
    hidden = cheapest_choice(cells, protection, price, time_limit_seconds)
    if hidden is None:
        keys = [cells.keys[cell] for cell in np.flatnonzero(protection.is_needed)]
        raise WrongCall([Problem("outputs.cannot_be_protected", value=str(key)) for key in keys])
    if len(left := unsafe(cells, hidden, protection)):
        raise WrongCall([Problem("outputs.cannot_be_protected", value=str(key)) for key in left["key"]])
    return hidden


def cheapest_choice(
    cells: Cells, protection: Protection, cost: np.ndarray, time_limit_seconds: float = 60.0
) -> np.ndarray | None:
    """Return which cells to hide, as `hide_secondary` does but without its proof; None when no choice is safe."""
    needed = np.flatnonzero(protection.is_needed)
    if not needed.size:
        return np.zeros(len(cells.keys), dtype=bool)
    solved = _solve(cells, protection, needed, np.where(cells.is_never_shown, 0.0, cost), time_limit_seconds)
    return None if solved is None else (solved | protection.is_needed) & ~cells.is_never_shown


def _solve(cells: Cells, protection: Protection, needed: np.ndarray, price: np.ndarray, seconds: float):
    """Return the hidden cells, or None: variables are one yes/no per cell, then two deviations per cell in need."""
    n, size = len(cells.keys), float(np.abs(cells.values).sum() + protection.above.sum() + 1)
    down = np.minimum(cells.values - cells.low, size)
    up = np.minimum(cells.high - cells.values, size)
    deviations = [(cell, sign) for cell in needed for sign in (-1, 1)]
    total = n * (1 + len(deviations))
    blocks, lows, highs = [], [], []
    for number, _ in enumerate(deviations, start=1):
        place = slice(number * n, (number + 1) * n)
        # Every sum still holds in the other table.
        blocks.append(_placed(cells.sums, place, total))
        lows.append(np.zeros(len(cells.sums)))
        highs.append(np.zeros(len(cells.sums)))
        # Only hidden cells may differ: -down * hidden <= deviation <= up * hidden.
        blocks.append(_placed(np.eye(n), place, total) + _placed(np.diag(down), slice(0, n), total))
        lows.append(np.zeros(n))
        highs.append(np.full(n, np.inf))
        blocks.append(_placed(np.eye(n), place, total) - _placed(np.diag(up), slice(0, n), total))
        lows.append(np.full(n, -np.inf))
        highs.append(np.zeros(n))
    least, most = np.full(total, -np.inf), np.full(total, np.inf)
    least[:n] = np.where(protection.is_needed | cells.is_never_shown, 1.0, 0.0)
    most[:n] = np.where(cells.is_published, 0.0, 1.0)
    if (least[:n] > most[:n]).any():
        return None
    for number, (cell, sign) in enumerate(deviations, start=1):
        if sign < 0:
            most[number * n + cell] = -protection.below[cell]
        else:
            least[number * n + cell] = protection.above[cell]
    constraint = LinearConstraint(sparse.vstack(blocks, format="csr"), np.concatenate(lows), np.concatenate(highs))
    whole = np.concatenate([np.ones(n), np.zeros(total - n)])
    goal = np.concatenate([price, np.zeros(total - n)])
    options = {"time_limit": seconds, "mip_rel_gap": 0.0}
    solved = milp(goal, integrality=whole, bounds=Bounds(least, most), constraints=constraint, options=options)
    return None if solved.x is None else solved.x[:n] > 0.5


def _placed(matrix: np.ndarray, place: slice, width: int) -> sparse.csr_matrix:
    compact = sparse.coo_matrix(matrix)
    shape = (matrix.shape[0], width)
    return sparse.coo_matrix((compact.data, (compact.row, compact.col + place.start)), shape=shape).tocsr()
