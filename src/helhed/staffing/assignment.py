"""Which coordinator each family gets: even load, the same coordinator as before, district, language, competence.

A family keeps its coordinator as long as that person is in post: the relation carries the method. The others are
given out by an integer programme (see `helhed.staffing.pairing`); the same tables give the same answer.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helhed.errors import Problem, StepFailed, WrongCall
from helhed.staffing.assignment_input import require_assignable
from helhed.staffing.fitting import COLUMNS_OF, allowed_pairs, is_conflict, matches, speaks_against
from helhed.staffing.pairing import Pairing, Programme, pair_up
from helhed.staffing.siblings import Units, units_of
from helhed.staffing.waiting_line import filled_up, too_far_back

#: What speaks against a pairing costs this much, in the same unit as `_UNEVEN` for one whole load.
COSTS = {"language": 3.0, "competence": 1.5, "district": 0.5}
#: A new family left waiting costs more than any preference; hours above the limit cost more still, and an enrolled
#: family without a coordinator most of all.
_LEFT_WAITING, _OVERLOAD, _WITHOUT, _UNEVEN, _FULLER, _TIE = 40.0, 1000.0, 20_000.0, 4.0, 2.0, 1e-5

#: What may be made a must. ``capacity``: nobody above the highest load, not even with enrolled families.
MUSTS = ("conflict", "language", "competence", "district", "capacity")
COLUMNS = ["family_id", "coordinator_id", "weight", "is_new", "is_changed", "reason"]


@dataclass(frozen=True)
class Rules:
    """What an assignment must keep.

    Parameters
    ----------
    highest_load
        Load (weight / capacity) up to which new families are given.
    must
        Which of `MUSTS` are never broken; the others count as costs. A conflict of interest is a must unless it is
        left out here.
    may_move
        Whether a family may lose a coordinator who is in post. As few as possible are then moved, and only to keep
        the musts, to avoid overload or to place a family that would be left without.
    """

    highest_load: float = 1.0
    must: frozenset[str] = frozenset({"conflict"})
    may_move: bool = False

    def __post_init__(self):
        unknown = sorted(set(self.must) - set(MUSTS))
        if unknown:
            raise WrongCall(Problem("staffing.unknown_must", value=", ".join(unknown)))
        if not self.highest_load > 0:
            raise WrongCall(Problem("staffing.highest_load", value=str(self.highest_load)))


@dataclass(frozen=True)
class Assignment:
    """An assignment and how good it is.

    ``table`` is what `assign_families` returns; ``gap`` the largest share by which a better one could exist;
    ``n_moved`` the families that lose a coordinator who is in post; ``n_left_post`` those whose coordinator has left;
    ``n_without`` the enrolled families nobody may or can take: `helhed.staffing.conflicts` says why.
    """

    table: pd.DataFrame
    gap: float
    n_moved: int
    n_left_post: int
    n_without: int


def assign_families(families: pd.DataFrame, coordinators: pd.DataFrame, rules: Rules | None = None) -> pd.DataFrame:
    """Return the best coordinator for each family, and why; the table of `best_assignment`."""
    return best_assignment(families, coordinators, rules).table


def best_assignment(families: pd.DataFrame, coordinators: pd.DataFrame, rules: Rules | None = None) -> Assignment:
    """Return the best coordinator for each family, why, and how sure it is that none is better.

    Parameters
    ----------
    families
        One row per family: ``family_id``, ``weight``, ``coordinator_id`` (present one or missing), ``is_new`` (waits
        for a place) and, where known, ``district``, ``languages``, ``needs``, ``conflicts`` (coordinators who may not
        have the family) - words separated by comma - and ``together`` (families with the same mark get the same
        coordinator). The order of new families is their priority.
    coordinators
        One row per coordinator in post: ``coordinator_id``, ``capacity`` (sum of weights they can carry) and, where
        known, ``district``, ``languages``, ``competences``.
    rules
        What must be kept; conflicts of interest alone unless given.

    Returns
    -------
    Assignment
        Its ``table`` has one row per family, sorted: ``family_id``, ``coordinator_id`` (missing when left waiting),
        ``weight``, ``is_new``, ``is_changed``, ``reason`` (codes separated by comma: kept, moved, left_post, conflict,
        together, language, competence, district, free_hours, no_hours, nobody_allowed).

    Raises
    ------
    WrongCall
        If a column is missing, a row stands twice, or a weight or capacity is below 0 or not a number.

    Notes
    -----
    Enrolled families get a coordinator, above the highest load if it must be, unless capacity is a must. New families
    are left waiting when nobody has hours, the last in line first. What is not known about a family counts neither
    for nor against anyone. Families that belong together are parted only where no coordinator may have them all, or
    where each already has one in post.
    """
    require_assignable(families, coordinators)
    rules = rules or Rules()
    order = families.assign(_rank=np.arange(len(families))).sort_values("family_id", ignore_index=True)
    people = coordinators[coordinators["capacity"] > 0].sort_values("coordinator_id", ignore_index=True)
    against = speaks_against(order, people)
    allowed = allowed_pairs(against, rules.must)
    present = _present(order, people, allowed)
    if not len(people) or not len(order):
        return _assignment(order, people, Pairing(np.full(len(order), -1), 0.0, 0.0), present, allowed)
    found = _solve(order, people, _Pairs(against, allowed, present), rules)
    return _assignment(order, people, found, present, allowed)


@dataclass(frozen=True)
class _Pairs:
    """Families x coordinators: what speaks ``against`` and what is ``allowed``; ``present``: each family's position."""

    against: dict[str, np.ndarray]
    allowed: np.ndarray
    present: np.ndarray


def _present(order: pd.DataFrame, people: pd.DataFrame, allowed: np.ndarray) -> np.ndarray:
    """Return the position of each family's coordinator, -1 for none in post or one who may not have the family."""
    position = {name: j for j, name in enumerate(people["coordinator_id"])}
    present = order["coordinator_id"].astype("object").map(position).fillna(-1).to_numpy(int, copy=True)
    barred = (present >= 0) & ~allowed[np.arange(len(order)), present] if len(people) else present >= 0
    return np.where(barred, -1, present)


def _solve(order: pd.DataFrame, people: pd.DataFrame, pairs: _Pairs, rules: Rules) -> Pairing:
    """Return the position of every family's coordinator: kept ones first, the rest by the programme."""
    fixed = np.full(len(order), -1) if rules.may_move else pairs.present
    chosen, limit = fixed.copy(), people["capacity"].to_numpy(float) * rules.highest_load
    everyone = units_of(order, pairs.allowed, fixed)
    units = everyone.without(too_far_back(order, limit, pairs.allowed, fixed))
    if not len(everyone):
        return Pairing(chosen, 0.0, 0.0)
    found = _found(order, people, pairs, units, rules)
    for rows, position in zip(units.rows, found.chosen, strict=True):
        chosen[list(rows)] = position
    if (chosen < 0).any():
        chosen = filled_up(order, everyone, chosen, limit, everyone.sum_of(_pair_costs(order, people, pairs, rules)))
    return Pairing(chosen, found.cost, found.gap)


def _found(order: pd.DataFrame, people: pd.DataFrame, pairs: _Pairs, units: Units, rules: Rules) -> Pairing:
    """Return what the programme finds for the units; the positions are those of the units."""
    if not len(units):
        return Pairing(np.array([], int), 0.0, 0.0)
    programme = _programme(order, people, pairs, units, rules)
    if rules.may_move:
        programme = _moving_few(programme, units.sum_of(_moves(pairs.present, len(people))))
    found = pair_up(programme)
    if not found.is_feasible:
        raise StepFailed(Problem("staffing.no_assignment"))
    return found


def _programme(order: pd.DataFrame, people: pd.DataFrame, pairs: _Pairs, units: Units, rules: Rules) -> Programme:
    weight, full = order["weight"].to_numpy(float), people["capacity"].to_numpy(float)
    costs, held = _pair_costs(order, people, pairs, rules), _held(order, people, pairs, rules)
    m = len(people)
    return Programme(
        costs=units.sum_of(costs),
        weights=np.repeat(units.sum_of(weight[:, None]), m, axis=1),
        capacity=full * rules.highest_load,
        allowed=units.allowed,
        left_out=units.sum_of(_left_out_costs(order)[:, None])[:, 0],
        overload=np.inf if "capacity" in rules.must else _OVERLOAD,
        held=held,
        even=_UNEVEN,
        full=full,
    )


def _held(order: pd.DataFrame, people: pd.DataFrame, pairs: _Pairs, rules: Rules) -> np.ndarray:
    """Return what each coordinator carries of families that keep their coordinator."""
    weight = order["weight"].to_numpy(float)
    fixed = np.full(len(order), -1) if rules.may_move else pairs.present
    return np.bincount(fixed[fixed >= 0], weight[fixed >= 0], minlength=len(people))


def _pair_costs(order: pd.DataFrame, people: pd.DataFrame, pairs: _Pairs, rules: Rules) -> np.ndarray:
    """Return families x coordinators: what speaks against the pairing, with ties broken openly."""
    weight, full = order["weight"].to_numpy(float), people["capacity"].to_numpy(float)
    costs = sum(COSTS[what] * pairs.against[what] for what in COSTS)
    costs = costs + _FULLER * np.outer(weight, _held(order, people, pairs, rules) / full)
    n, m = costs.shape
    return costs + _TIE * (np.add.outer(np.arange(n), np.arange(m)) % m)


def _moves(present: np.ndarray, n_people: int) -> np.ndarray:
    """Return families x coordinators: whether the pairing takes a family from the coordinator it has."""
    return (present[:, None] >= 0) & (present[:, None] != np.arange(n_people))


def _moving_few(programme: Programme, moves: np.ndarray) -> Programme:
    """Return the programme with a limit: no more families moved than keeping musts and hours asks for."""
    # Nobody is moved to make room for a new family.
    left_out = np.where(programme.left_out < _WITHOUT, 1e-4, programme.left_out)
    # Moves are whole: a gap of less than half a move among all is none.
    gap = 0.5 / (1 + moves.any(axis=1).sum())
    first = replace(programme, costs=moves.astype(float), left_out=left_out, even=0.0, gap=gap)
    chosen = pair_up(first).chosen
    placed = np.flatnonzero(chosen >= 0)
    n_moved = round(moves[placed, chosen[placed]].sum())
    return replace(programme, fewest=(moves, n_moved))


def _left_out_costs(order: pd.DataFrame) -> np.ndarray:
    """Return what leaving each family out costs: a new one waits, dearer the earlier in line; an enrolled one must not.

    A new family's cost is always less than overload, an enrolled family's more than overload for it.
    """
    waits = _LEFT_WAITING + 10 * (1 - order["_rank"].rank(method="first").to_numpy() / (len(order) + 1))
    return np.where(order["is_new"].to_numpy(bool), waits, _WITHOUT * np.maximum(1.0, order["weight"].to_numpy(float)))


def _assignment(
    order: pd.DataFrame, people: pd.DataFrame, found: Pairing, present: np.ndarray, allowed: np.ndarray
) -> Assignment:
    table = _result(order, people, found.chosen, allowed)
    in_post = order["coordinator_id"].isin(people["coordinator_id"]).to_numpy()
    left = order["coordinator_id"].notna().to_numpy() & ~in_post
    without = table["coordinator_id"].isna() & ~table["is_new"]
    moved = in_post & (present >= 0) & (found.chosen != present)
    return Assignment(table, found.gap, int(moved.sum()), int(left.sum()), int(without.sum()))


def _result(order: pd.DataFrame, people: pd.DataFrame, chosen: np.ndarray, allowed: np.ndarray) -> pd.DataFrame:
    staff, in_post = people.to_dict("records"), set(people["coordinator_id"])
    shared = _shared(order, chosen)
    rows = []
    for i, (family, position) in enumerate(zip(order.to_dict("records"), chosen, strict=True)):
        person = None if position < 0 else staff[position]
        before = family.get("coordinator_id")
        reasons = _reasons(family, person, in_post) if person else _why_not(allowed[i])
        rows.append(
            {
                "family_id": family["family_id"],
                "coordinator_id": person["coordinator_id"] if person else None,
                "weight": float(family["weight"]),
                "is_new": bool(family["is_new"]),
                "is_changed": bool(person) and not pd.isna(before) and before != person["coordinator_id"],
                "reason": ",".join([*reasons, *(["together"] if shared[i] else [])]),
            }
        )
    kinds = dict.fromkeys(("family_id", "coordinator_id", "reason"), "str")
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds | {"weight": float, "is_new": bool, "is_changed": bool})


def _shared(order: pd.DataFrame, chosen: np.ndarray) -> np.ndarray:
    """Return whether each family shares its coordinator with one that it belongs together with."""
    if "together" not in order:
        return np.zeros(len(order), bool)
    mark, here = order["together"], pd.Series(chosen, index=order.index)
    return (mark.notna() & (here >= 0) & pd.DataFrame({"mark": mark, "here": here}).duplicated(keep=False)).to_numpy()


def _why_not(allowed: np.ndarray) -> list[str]:
    return ["nobody_allowed" if allowed.size and not allowed.any() else "no_hours"]


def _reasons(family: dict, person: dict, in_post: set[str]) -> list[str]:
    before = family.get("coordinator_id")
    if before == person["coordinator_id"]:
        return ["kept"]
    change = [] if pd.isna(before) else [_change(family, before, in_post)]
    fits = [what for what in COLUMNS_OF if matches(family, person, what)]
    return [*change, *(fits or ["free_hours"])]


def _change(family: dict, before: str, in_post: set[str]) -> str:
    """Return why a family loses the coordinator it had."""
    if before not in in_post:
        return "left_post"
    return "conflict" if is_conflict(family, {"coordinator_id": before}) else "moved"


def loads(assignment: pd.DataFrame, coordinators: pd.DataFrame) -> pd.DataFrame:
    """Return each coordinator's load: ``coordinator_id``, ``n_families``, ``weight``, ``capacity``, ``load``."""
    placed = assignment.dropna(subset="coordinator_id").groupby("coordinator_id")["weight"].agg(["size", "sum"])
    # Identifiers are text in the assignment, whatever they are in the table.
    table = coordinators[["coordinator_id", "capacity"]].astype({"coordinator_id": "str"})
    table = table.merge(placed, on="coordinator_id", how="left")
    table = table.rename(columns={"size": "n_families", "sum": "weight"}).fillna({"n_families": 0, "weight": 0.0})
    load = (table["weight"] / table["capacity"]).where(table["capacity"] > 0)
    columns = ["coordinator_id", "n_families", "weight", "capacity", "load"]
    return table.assign(n_families=table["n_families"].astype("Int64"), load=load)[columns]
