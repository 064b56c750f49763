"""Which coordinator each family gets: even load, the same coordinator as before, district, language, competence.

A family keeps its coordinator as long as that person is in post: the relation carries the method. The others are
given out by an integer programme solved by HiGHS (`scipy.optimize.milp`); the same tables give the same answer.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from helhed.errors import Problem, StepFailed

#: What speaks against a pairing costs this much, in the same unit as `_UNEVEN` for one whole load.
COSTS = {"language": 3.0, "competence": 1.5, "district": 0.5}
#: A new family left waiting costs more than any preference; hours above the limit cost more still.
_LEFT_WAITING, _OVERLOAD, _UNEVEN, _FULLER, _TIE = 40.0, 1000.0, 4.0, 2.0, 1e-5
#: HiGHS stops when no answer can be better by more than this share; smaller than the smallest preference.
_GAP = 1e-3

COLUMNS = ["family_id", "coordinator_id", "weight", "is_new", "is_changed", "reason"]


def assign_families(families: pd.DataFrame, coordinators: pd.DataFrame, highest_load: float = 1.0) -> pd.DataFrame:
    """Return the best coordinator for each family, and why.

    Parameters
    ----------
    families
        One row per family: ``family_id``, ``weight``, ``coordinator_id`` (present one or missing), ``is_new`` (waits
        for a place) and, where known, ``district``, ``languages``, ``needs`` (words separated by comma). The order
        of new families is their priority.
    coordinators
        One row per coordinator in post: ``coordinator_id``, ``capacity`` (sum of weights they can carry) and, where
        known, ``district``, ``languages``, ``competences``.
    highest_load
        Load (weight / capacity) up to which new families are given.

    Returns
    -------
    One row per family, sorted: ``family_id``, ``coordinator_id`` (missing when left waiting), ``weight``,
    ``is_new``, ``is_changed``, ``reason`` (codes separated by comma: kept, left_post, language, competence, district,
    free_hours, no_hours).

    Notes
    -----
    Families who are enrolled always get a coordinator, above the highest load if it must be; nobody is moved to even
    out. New families are left waiting when nobody has hours, the last in line first. What is not known about a family
    counts neither for nor against anyone.
    """
    order = families.assign(_rank=np.arange(len(families))).sort_values("family_id", ignore_index=True)
    people = coordinators[coordinators["capacity"] > 0].sort_values("coordinator_id", ignore_index=True)
    position = {name: j for j, name in enumerate(people["coordinator_id"])}
    chosen = order["coordinator_id"].map(position).fillna(-1).to_numpy(int, copy=True)
    open_ones = np.flatnonzero(chosen < 0)
    if len(open_ones) and len(people):
        held = np.bincount(chosen[chosen >= 0], order["weight"][chosen >= 0], minlength=len(people))
        to_place = order.iloc[open_ones].reset_index(drop=True)
        chosen[open_ones] = _solve(to_place, people, held, highest_load)
    return _result(order, people, chosen)


def _penalties(families: pd.DataFrame, people: pd.DataFrame) -> np.ndarray:
    """Return families x coordinators: what each pairing costs."""
    costs = np.zeros((len(families), len(people)))
    for i, family in enumerate(families.to_dict("records")):
        for j, person in enumerate(people.to_dict("records")):
            costs[i, j] = sum(COSTS[what] for what in _misfits(family, person))
            costs[i, j] += _TIE * ((i + j) % len(people))
    return costs


def _misfits(family: dict, person: dict) -> list[str]:
    """Return what speaks against a pairing; what is unknown about the family says nothing."""
    return [what for what in COSTS if _wanted(family, what) and not _matches(family, person, what)]


#: For each thing that may match: the family's column and the coordinator's.
_COLUMNS_OF = {
    "language": ("languages", "languages"),
    "competence": ("needs", "competences"),
    "district": ("district", "district"),
}


def _wanted(family: dict, what: str) -> set[str]:
    return words(family.get(_COLUMNS_OF[what][0]))


def _matches(family: dict, person: dict, what: str) -> bool:
    """Return whether a coordinator has what a family wants; a competence may stand inside a longer phrase."""
    wanted, offered = _wanted(family, what), words(person.get(_COLUMNS_OF[what][1]))
    if what == "competence":
        return any(word in phrase for word in wanted for phrase in offered)
    return bool(wanted & offered)


def words(listed) -> set[str]:
    """Return the words of a list separated by comma, in lower case; empty when nothing is known."""
    if listed is None or pd.isna(listed):
        return set()
    return {word.strip().casefold() for word in str(listed).split(",") if word.strip()}


def _solve(families: pd.DataFrame, people: pd.DataFrame, held: np.ndarray, highest_load: float) -> np.ndarray:
    """Return the position of each family's coordinator, -1 for left waiting; ``held`` is the weight already carried.

    Variables: x[f, c] in {0, 1}; left waiting[f] in {0, 1}; overload[c] >= 0 in weight; peak >= 0, the highest load.
    """
    n, m = len(families), len(people)
    weight, capacity = families["weight"].to_numpy(float), people["capacity"].to_numpy(float)
    pairs = (_penalties(families, people) + _FULLER * weight[:, None] * (held / capacity)[None, :]).ravel()
    costs = np.concatenate([pairs, _waiting_costs(families), np.full(m, _OVERLOAD), [_UNEVEN]])
    is_new = families["is_new"].to_numpy(float)
    upper = np.concatenate([np.ones(n * m), is_new, np.full(m + 1, np.inf)])
    found = milp(
        costs,
        integrality=np.concatenate([np.ones(n * m + n), np.zeros(m + 1)]),
        bounds=Bounds(0, upper),
        constraints=_constraints(weight, capacity, held, highest_load),
        options={"mip_rel_gap": _GAP},
    )
    if found.x is None:
        raise StepFailed(Problem("staffing.no_assignment"))
    chosen = found.x[: n * m].reshape(n, m).round().astype(int)
    return np.where(chosen.any(axis=1), chosen.argmax(axis=1), -1)


def _constraints(weight: np.ndarray, capacity: np.ndarray, held: np.ndarray, highest: float) -> list[LinearConstraint]:
    """Return: each family once, hours kept within the limit but for overload, no load above the peak."""
    n, m = len(weight), len(capacity)
    placed = sparse.hstack([sparse.kron(sparse.eye(n), np.ones((1, m))), sparse.eye(n), sparse.csr_array((n, m + 1))])
    load, no_waiting = sparse.kron(weight[None, :], sparse.eye(m)), sparse.csr_array((m, n))
    within = sparse.hstack([load, no_waiting, -sparse.eye(m), sparse.csr_array((m, 1))])
    even = sparse.hstack([load, no_waiting, sparse.csr_array((m, m)), sparse.csr_array(-capacity[:, None])])
    return [
        LinearConstraint(placed.tocsr(), 1, 1),
        LinearConstraint(within.tocsr(), -np.inf, np.maximum(0, capacity * highest - held)),
        LinearConstraint(even.tocsr(), -np.inf, -held),
    ]


def _waiting_costs(families: pd.DataFrame) -> np.ndarray:
    """Return what leaving each family waiting costs: more the earlier it stands in line, always less than overload."""
    rank = families["_rank"].rank(method="first").to_numpy()
    return _LEFT_WAITING + 10 * (1 - rank / (len(families) + 1))


def _result(families: pd.DataFrame, people: pd.DataFrame, chosen: Sequence[int]) -> pd.DataFrame:
    ids = list(people["coordinator_id"])
    rows = []
    for family, position in zip(families.to_dict("records"), chosen, strict=True):
        person = None if position < 0 else people.iloc[position].to_dict()
        before = family.get("coordinator_id")
        has_before = not pd.isna(before)
        rows.append(
            {
                "family_id": family["family_id"],
                "coordinator_id": person["coordinator_id"] if person else None,
                "weight": float(family["weight"]),
                "is_new": bool(family["is_new"]),
                "is_changed": bool(person) and has_before and before != person["coordinator_id"],
                "reason": ",".join(_reasons(family, person, ids)),
            }
        )
    kinds = {
        "family_id": "str",
        "coordinator_id": "str",
        "weight": float,
        "is_new": bool,
        "is_changed": bool,
        "reason": "str",
    }
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)


def _reasons(family: dict, person: dict | None, ids: list[str]) -> list[str]:
    if person is None:
        return ["no_hours"]
    before = family.get("coordinator_id")
    if before == person["coordinator_id"]:
        return ["kept"]
    reasons = ["left_post"] if not pd.isna(before) and before not in ids else []
    reasons += [what for what in COSTS if _matches(family, person, what)]
    return [*reasons, "free_hours"] if not reasons or reasons == ["left_post"] else reasons


def loads(assignment: pd.DataFrame, coordinators: pd.DataFrame) -> pd.DataFrame:
    """Return each coordinator's load: ``coordinator_id``, ``n_families``, ``weight``, ``capacity``, ``load``."""
    placed = assignment.dropna(subset="coordinator_id").groupby("coordinator_id")["weight"].agg(["size", "sum"])
    table = coordinators[["coordinator_id", "capacity"]].merge(placed, on="coordinator_id", how="left")
    table = table.rename(columns={"size": "n_families", "sum": "weight"}).fillna({"n_families": 0, "weight": 0.0})
    load = (table["weight"] / table["capacity"]).where(table["capacity"] > 0)
    columns = ["coordinator_id", "n_families", "weight", "capacity", "load"]
    return table.assign(n_families=table["n_families"].astype("Int64"), load=load)[columns]
