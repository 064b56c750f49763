"""Which further cells to hide so that the sums do not give the first ones away: the cheapest choice that is safe.

An integer programme (Kelly, Golden and Assad 1992; Fischetti and Salazar 2001): hide cells at least cost such that for
every cell in need a table exists that a reader cannot rule out, in which the cell lies far enough below its value, and
another in which it lies far enough above. Which choices allow that is learnt round by round, as Fischetti and Salazar
do: where a choice leaves a cell too narrow, a linear programme tells of which cells more must be hidden. No clock ends
the search: the same tables give the same choice on every machine. What is chosen is afterwards checked by the reader's
own linear programmes.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from helhed.disclosure.attack import unsafe
from helhed.disclosure.cells import Cells
from helhed.disclosure.protection import Protection
from helhed.errors import Problem, WrongCall

#: Demands after which what is once hidden stays hidden, so that an end comes soon: safe, perhaps not the cheapest.
_MOST_DEMANDS = 2_000
#: Branches that the solver looks at in a round; then it goes on with its best choice so far.
_MOST_BRANCHES = 2_000
#: Share of a distance, or of a gain of one, that is no more than rounding in the solver.
_ROUNDING = 1e-7


def hide_secondary(cells: Cells, protection: Protection, cost: np.ndarray | None = None) -> np.ndarray:
    """Return which cells to hide: those in need and, at least cost, the further ones that keep them safe.

    Parameters
    ----------
    cells
        From one or several tables.
    protection
        Cells in need, and how far they must be kept from the reader.
    cost
        Price of hiding each cell; by default its value, and at least 1, so that the largest numbers stay.

    Raises
    ------
    WrongCall
        If no choice is safe: what is published already gives a cell away, or the table is too small to hide it in.
    """
    price = np.maximum(np.abs(cells.values), 1.0) if cost is None else np.asarray(cost, dtype=float)
    hidden = cheapest_choice(cells, protection, price)
    if hidden is None:
        keys = [cells.keys[cell] for cell in np.flatnonzero(protection.is_needed)]
        raise WrongCall([Problem("outputs.cannot_be_protected", value=str(key)) for key in keys])
    if len(left := unsafe(cells, hidden, protection)):
        raise WrongCall([Problem("outputs.cannot_be_protected", value=str(key)) for key in left["key"]])
    return hidden


def cheapest_choice(cells: Cells, protection: Protection, cost: np.ndarray) -> np.ndarray | None:
    """Return which cells to hide, as `hide_secondary` does but without its proof; None when no choice is safe."""
    price = np.where(cells.is_never_shown, 0.0, cost)
    must = hidden = protection.is_needed | cells.is_never_shown
    if (must & cells.is_published).any():
        return None
    if not protection.is_needed.any():
        return np.zeros(hidden.size, dtype=bool)
    demands = np.empty((0, hidden.size))
    while len(more := _demands(cells, protection, hidden, must)):
        demands, before = np.vstack([demands, more]), hidden
        hidden = _cheapest(price, demands, must, cells.is_published)
        if hidden is None or (hidden == before).all():
            break
        must = must | hidden if len(demands) >= _MOST_DEMANDS else must
    return None if hidden is None else hidden & ~cells.is_never_shown


def _demands(cells: Cells, protection: Protection, hidden: np.ndarray, must: np.ndarray) -> np.ndarray:
    """Return how much hiding each further cell gives, at least 1 being needed: a row for each distance not reached.

    How far a cell can lie from its value in tables that differ in hidden cells only is never more than a sum over these
    cells (the dual programme). What the sum falls short of, further cells must add.
    """
    needed = np.flatnonzero(protection.is_needed)
    far = np.concatenate([protection.below[needed], protection.above[needed]])
    size = float(np.abs(cells.values).sum() + far.sum() + 1)
    down, up = np.minimum(cells.values - cells.low, size), np.minimum(cells.high - cells.values, size)
    goals = np.zeros((far.size, hidden.size))
    goals[np.arange(far.size), np.tile(needed, 2)] = np.repeat([1.0, -1.0], needed.size)
    # Each distance is a programme of its own; all of them are solved as one.
    solved = linprog(
        goals[:, hidden].ravel(),
        A_eq=sparse.kron(sparse.eye_array(far.size), cells.sums[:, hidden], format="csr"),
        b_eq=np.zeros(far.size * len(cells.sums)),
        bounds=np.tile(np.column_stack([-down, up])[hidden], (far.size, 1)),
        method="highs-ds",
    )
    reached = -(goals[:, hidden] * solved.x.reshape(far.size, -1)).sum(axis=1)
    left = goals - solved.eqlin.marginals.reshape(far.size, -1) @ cells.sums
    gains = np.where(np.abs(left) > _ROUNDING, np.maximum(left * down, -left * up), 0.0)
    is_short = reached < far * (1 - _ROUNDING)
    rest = (far - gains[:, must].sum(axis=1))[is_short, np.newaxis]
    return np.where(must, 0.0, np.minimum(gains[is_short] / rest, 1.0))


def _cheapest(price: np.ndarray, demands: np.ndarray, must: np.ndarray, is_published: np.ndarray) -> np.ndarray | None:
    """Return the cheapest choice of hidden cells that meets the demands known so far; None when there is none."""
    solved = milp(
        price,
        integrality=np.ones(price.size),
        bounds=Bounds(must, ~is_published),
        constraints=LinearConstraint(demands, 1, np.inf),
        options={"mip_rel_gap": 0.0, "node_limit": _MOST_BRANCHES},
    )
    return None if solved.x is None else solved.x > 0.5
