"""The assignment against what is known: a published instance, every pairing tried, conflicts worked out by hand."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helhed.staffing.assignment import Rules, best_assignment, loads
from helhed.staffing.conflicts import demands_in_conflict
from helhed.staffing.pairing import Programme, pair_up

#: OR-Library, gap1 (J. E. Beasley): five problems c515 of 5 agents and 15 jobs with their published optimum, the
#: largest profit (Cattrysse, Salomon and Van Wassenhove 1994).
GAP1 = Path(__file__).with_name("published") / "gap1.txt"


def published():
    """Return (profit, need, capacity, optimum) of each published problem; profit and need are jobs x agents."""
    numbers = iter(GAP1.read_text(encoding="utf-8").split())

    def rows(n, m):
        return np.array([[float(next(numbers)) for _ in range(m)] for _ in range(n)])

    found = []
    for _ in range(int(next(numbers))):
        agents, jobs = int(next(numbers)), int(next(numbers))
        profit, needs = rows(agents, jobs).T, rows(agents, jobs).T
        found.append((profit, needs, rows(1, agents)[0], float(next(numbers))))
    return found


@pytest.mark.parametrize("problem", range(5))
def test_published_optimum(problem):
    profit, needs, capacity, best = published()[problem]
    found = pair_up(Programme(-profit, needs, capacity))
    assert -found.cost == pytest.approx(best) and found.gap == 0
    used = np.bincount(found.chosen, needs[np.arange(15), found.chosen], minlength=5)
    assert (used <= capacity).all() and profit[np.arange(15), found.chosen].sum() == pytest.approx(best)


def test_cheapest_of_the_first_published_problem():
    profit, needs, capacity, _ = published()[0]
    assert pair_up(Programme(profit, needs, capacity)).cost == pytest.approx(261)


def cost_of(choice, programme):
    """Return the cost of a pairing, written anew: -1 is left out."""
    placed, total = programme.held.copy(), 0.0
    for row, column in enumerate(choice):
        total += programme.left_out[row] if column < 0 else programme.costs[row, column]
        if column >= 0:
            placed[column] += programme.weights[row, column]
            total += 0.0 if programme.allowed[row, column] else np.inf
    total += programme.even * max(placed / programme.capacity)
    over = np.maximum(0, placed - np.maximum(programme.capacity, programme.held))
    return total + programme.overload * over.sum()


@pytest.mark.parametrize("seed", range(12))
def test_no_pairing_is_better_than_the_one_found(seed):
    rng = np.random.default_rng(seed)
    n, m = 6, 3
    programme = Programme(
        costs=rng.choice([0.0, 0.5, 1.5, 3.0], (n, m)),
        weights=np.repeat(rng.uniform(0.6, 1.9, n).round(2)[:, None], m, axis=1),
        capacity=rng.uniform(1.5, 4, m).round(2),
        allowed=rng.random((n, m)) > 0.2,
        left_out=np.where(rng.random(n) > 0.5, 40.0, 20_000.0),
        overload=1000.0,
        held=rng.uniform(0, 2, m).round(2),
        even=4.0,
    )
    best = min(cost_of(choice, programme) for choice in itertools.product(range(-1, m), repeat=n))
    found = pair_up(programme)
    assert cost_of(found.chosen, programme) == pytest.approx(found.cost)
    assert best - 1e-6 <= found.cost <= best * (1 + 1.01e-3) + 1e-6


def families(**columns):
    n = len(columns["family_id"])
    base = {"weight": [1.0] * n, "coordinator_id": pd.Series([pd.NA] * n, dtype="str"), "is_new": [False] * n}
    return pd.DataFrame({**base, **columns}).astype({"coordinator_id": "str"})


def staff(**columns):
    return pd.DataFrame({"capacity": [5.0] * len(columns["coordinator_id"]), **columns})


def test_clashing_demands_are_named_and_nothing_else():
    # Both a and b need Arabic; only K2 speaks it, and has hours for one. c and K1 have nothing to do with it.
    table = families(family_id=["a", "b", "c"], languages=["arabisk", "arabisk", "dansk"])
    people = staff(coordinator_id=["K1", "K2"], capacity=[5.0, 1.5], languages=["dansk", "dansk, arabisk"])
    found = demands_in_conflict(table, people, Rules(must=frozenset({"language", "capacity"})))
    expected = {("language", "a", None), ("language", "b", None), ("capacity", None, "K2")}
    expected |= {("place", "a", None), ("place", "b", None)}
    assert {tuple(None if pd.isna(v) else v for v in row) for row in found.itertuples(index=False)} == expected
    # Give way on the hours, or on the language of one: the clash is gone.
    assert demands_in_conflict(table, people, Rules(must=frozenset({"language"}))).empty
    assert demands_in_conflict(table, people, Rules(must=frozenset({"capacity"}))).empty


def test_conflict_of_interest_with_everyone_is_named():
    table = families(family_id=["a", "b"], conflicts=["k1, K2", None])
    people = staff(coordinator_id=["K1", "K2"])
    found = demands_in_conflict(table, people)
    assert found["demand"].tolist() == ["conflict", "place"] and set(found["family_id"]) == {"a"}
    done = best_assignment(table, people)
    assert done.n_without == 1
    assert done.table.set_index("family_id")["reason"].to_dict() == {"a": "nobody_allowed", "b": "free_hours"}


def test_a_continuing_relation_is_named_where_it_takes_the_hours():
    # a keeps K1 and fills the hours; b needs what only K1 has.
    table = families(family_id=["a", "b"], coordinator_id=["K1", None])
    table["district"] = [None, "Nord"]
    people = staff(coordinator_id=["K1", "K2"], capacity=[1.0, 1.0], district=["Nord", "Syd"])
    musts = frozenset({"district", "capacity"})
    found = demands_in_conflict(table, people, Rules(must=musts))
    assert sorted(found["demand"]) == ["capacity", "district", "keep", "place", "place"]
    # When families may be moved, one move settles it.
    moved = best_assignment(table, people, Rules(must=musts, may_move=True))
    assert (moved.n_moved, moved.n_without) == (1, 0)
    assert moved.table["reason"].tolist() == ["moved,free_hours", "district"]


@pytest.mark.parametrize("seed", range(6))
def test_no_fewer_families_can_be_moved(seed):
    rng = np.random.default_rng(seed)
    n, people = 6, staff(coordinator_id=["K1", "K2", "K3"], capacity=[2.6, 2.6, 2.6])
    table = families(family_id=list("abcdef"), weight=rng.uniform(0.8, 1.3, n).round(2))
    table["coordinator_id"] = pd.Series(rng.choice(["K1", "K2", "K3", "gone"], n), dtype="str")
    table["conflicts"] = [rng.choice(["K1", "K2", "K3"]) if rng.random() < 0.4 else None for _ in range(n)]
    found = best_assignment(table, people, Rules(must=frozenset({"conflict", "capacity"}), may_move=True))

    def moves(choice):
        placed = np.zeros(3)
        for row, column in enumerate(choice):
            if f"K{column + 1}" == table["conflicts"].iloc[row]:
                return np.inf
            placed[column] += table["weight"].iloc[row]
        if (placed > 2.6 + 1e-9).any():
            return np.inf
        barred = table["coordinator_id"] == table["conflicts"]
        return sum(
            before in ("K1", "K2", "K3") and not barred.iloc[row] and before != f"K{column + 1}"
            for row, (before, column) in enumerate(zip(table["coordinator_id"], choice, strict=True))
        )

    fewest = min(moves(choice) for choice in itertools.product(range(3), repeat=n))
    if np.isinf(fewest):
        assert found.n_without > 0
    else:
        assert (found.n_moved, found.n_without) == (fewest, 0)
        assert loads(found.table, people)["load"].max() <= 1 + 1e-6


def test_240_families_and_12_coordinators():
    # Large enough for a big town; the limit is on the search, not on the clock, and the gap is told.
    rng = np.random.default_rng(5)
    table = families(family_id=[f"F{i:03}" for i in range(240)], weight=rng.uniform(0.6, 1.9, 240).round(2))
    table["languages"] = rng.choice([None, "arabisk", "somali"], 240, p=[0.8, 0.1, 0.1])
    table["district"] = rng.choice(["Nord", "Syd"], 240)
    people = staff(coordinator_id=[f"K{j:02}" for j in range(12)], capacity=[27.0] * 12)
    people["languages"] = ["dansk", "dansk, arabisk", "dansk, somali"] * 4
    people["district"] = ["Nord", "Syd"] * 6
    done = best_assignment(table, people)
    load = loads(done.table, people)["load"]
    assert done.gap < 0.05 and done.n_without == 0
    assert load.max() <= 1 and load.max() - load.min() < 0.1
    spoken = done.table.merge(people, on="coordinator_id").merge(table[["family_id", "languages"]], on="family_id")
    wanted = spoken.dropna(subset="languages_y")
    assert [w in s for w, s in zip(wanted["languages_y"], wanted["languages_x"], strict=True)].count(False) == 0
