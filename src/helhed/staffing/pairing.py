"""The integer programme behind the assignment: rows to coordinators at the lowest cost, solved to a stated gap.

The generalised assignment problem with three additions: a row may be left out at a cost, a coordinator may be
overloaded at a cost, and the highest load may cost something. Solved by HiGHS (`scipy.optimize.milp`).
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from helhed.staffing.exchange import Costs, bettered

#: HiGHS stops when no answer can be better by more than this share, or after a number of nodes of its search tree
#: that falls with the size: a limit in seconds would give other answers on another machine.
GAP = 1e-3
_NODES, _FEWEST_NODES, _COUNTED = 300_000, 60, 6


@dataclass(frozen=True)
class Programme:
    """What is to be paired, and what it costs.

    Parameters
    ----------
    costs
        Rows x coordinators: the cost of each pair.
    weights
        Rows x coordinators: what each row takes of each coordinator's capacity.
    capacity
        What each coordinator can carry.
    allowed
        Rows x coordinators: which pairs may be made; all when left out.
    left_out
        Cost of leaving each row out; infinite (also when left out) for a row that must be placed.
    overload
        Cost of each unit above the capacity; infinite when nobody may be overloaded.
    held
        What each coordinator carries already.
    even
        Cost of the highest load, (held + placed) / ``full``.
    full
        What a load of 1 means for each coordinator; the capacity when left out.
    fewest
        Rows x coordinators and a number: no more than this many of these pairs may be made.
    gap
        Search until no answer can be better by more than this share.
    """

    costs: np.ndarray
    weights: np.ndarray
    capacity: np.ndarray
    allowed: np.ndarray | None = None
    left_out: np.ndarray | None = None
    overload: float = np.inf
    held: np.ndarray | None = None
    even: float = 0.0
    full: np.ndarray | None = None
    fewest: tuple[np.ndarray, int] | None = None
    gap: float = GAP

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and coordinators."""
        return self.costs.shape


@dataclass(frozen=True)
class Pairing:
    """The best pairing found: ``chosen`` is the position of each row's coordinator, -1 when left out.

    ``gap`` is the largest share by which a better answer could exist; ``cost`` the cost of this one. ``is_feasible``
    is False when no pairing keeps every constraint; nothing is chosen then.
    """

    chosen: np.ndarray = field(repr=False)
    cost: float
    gap: float
    is_feasible: bool = True


def pair_up(programme: Programme) -> Pairing:
    """Return the cheapest pairing of rows and coordinators.

    Notes
    -----
    Variables: x[row, coordinator] in {0, 1}; left out[row] in {0, 1}; overload[coordinator] >= 0; peak >= 0.

    Examples
    --------
    Two rows, each cheapest at the first coordinator, who has room for one.

    >>> import numpy as np
    >>> found = pair_up(Programme(np.array([[1.0, 3.0], [1.0, 2.0]]), np.ones((2, 2)), np.ones(2)))
    >>> found.chosen.tolist(), found.cost
    ([0, 1], 3.0)
    """
    n, m = programme.shape
    left_out = np.full(n, np.inf) if programme.left_out is None else programme.left_out
    may_be_left, may_overload = np.isfinite(left_out), np.isfinite(programme.overload)
    allowed = np.ones((n, m)) if programme.allowed is None else programme.allowed
    over_cost = programme.overload if may_overload else 0.0
    found = milp(
        np.concatenate(
            [programme.costs.ravel(), np.where(may_be_left, left_out, 0), np.full(m, over_cost), [programme.even]]
        ),
        integrality=np.concatenate([np.ones(n * m + n), np.zeros(m + 1)]),
        bounds=Bounds(
            0, np.concatenate([allowed.ravel(), may_be_left, np.full(m, np.inf if may_overload else 0), [np.inf]])
        ),
        constraints=_constraints(programme),
        options={"mip_rel_gap": programme.gap, "node_limit": _node_limit(programme)},
    )
    if found.x is None:
        return Pairing(np.full(n, -1), np.inf, np.inf, is_feasible=False)
    pairs = found.x[: n * m].reshape(n, m).round().astype(int)
    chosen = np.where(pairs.any(axis=1), pairs.argmax(axis=1), m) if m else np.full(n, 0)
    return _bettered(chosen, found, programme, np.where(allowed, programme.costs, np.inf), left_out)


def _node_limit(programme: Programme) -> int:
    n, m = programme.shape
    nodes = _NODES // (n * m + 1) + _FEWEST_NODES
    # A node takes several times as long where pairs are counted, and the search tree closes hardly any of the gap.
    return nodes if programme.fewest is None else nodes // _COUNTED


def _bettered(chosen: np.ndarray, found, programme: Programme, pairs: np.ndarray, left_out: np.ndarray) -> Pairing:
    """Return the pairing after moves and swaps that make no more of the counted pairs, with the gap that is left."""
    n, m = programme.shape
    held = np.zeros(m) if programme.held is None else programme.held
    costs = Costs(
        pairs=_without_more(np.column_stack([pairs, left_out]), chosen, programme),
        weights=np.column_stack([programme.weights, np.zeros(n)]),
        room=np.maximum(0, programme.capacity - held),
        held=held,
        full=programme.capacity if programme.full is None else programme.full,
        overload=programme.overload,
        even=programme.even,
    )
    is_proven = found.status == 0
    if not is_proven:
        chosen = bettered(chosen, costs)
    cost = costs.of(chosen)
    bound = found.mip_dual_bound if found.mip_dual_bound is not None else cost
    gap = max(0.0, (cost - bound) / max(abs(cost), 1e-9))
    return Pairing(np.where(chosen == m, -1, chosen), cost, gap if gap > 1e-9 else 0.0)


def _without_more(pairs: np.ndarray, chosen: np.ndarray, programme: Programme) -> np.ndarray:
    """Return the costs with counted pairs other than the chosen ones shut: their number then cannot grow."""
    if programme.fewest is None:
        return pairs
    n, m = programme.shape
    counted = np.column_stack([programme.fewest[0].astype(bool), np.zeros(n, bool)])
    counted[np.arange(n), chosen] = False
    return np.where(counted, np.inf, pairs)


def _constraints(programme: Programme) -> list[LinearConstraint]:
    """Return: each row once, capacity kept but for overload, no load above the peak, no more than the fewest."""
    n, m = programme.shape
    held = np.zeros(m) if programme.held is None else programme.held
    full = programme.capacity if programme.full is None else programme.full
    once = sparse.hstack([sparse.kron(sparse.eye(n), np.ones((1, m))), sparse.eye(n), sparse.csr_array((n, m + 1))])
    # Row by row the weights stand on a diagonal: coordinator j's load is the sum over rows of x[row, j] * weight.
    load = sparse.hstack([sparse.diags_array(row) for row in programme.weights]) if n else sparse.csr_array((m, 0))
    nobody = sparse.csr_array((m, n))
    within = sparse.hstack([load, nobody, -sparse.eye(m), sparse.csr_array((m, 1))])
    even = sparse.hstack([load, nobody, sparse.csr_array((m, m)), sparse.csr_array(-full[:, None])])
    rows = [
        LinearConstraint(once.tocsr(), 1, 1),
        LinearConstraint(within.tocsr(), -np.inf, np.maximum(0, programme.capacity - held)),
        LinearConstraint(even.tocsr(), -np.inf, -held),
    ]
    if programme.fewest is not None:
        counted, most = programme.fewest
        row = sparse.csr_array(np.concatenate([counted.ravel().astype(float), np.zeros(n + m + 1)])[None, :])
        rows.append(LinearConstraint(row, -np.inf, most))
    return rows
