"""The benchmark of the selection still runs: on a small register, where all ways find the same families."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
N_PERSONS = 20_000


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    sys.path.insert(0, str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("selection_benchmark", BENCHMARKS / "selection.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.KEPT, module.ROUNDS = tmp_path_factory.mktemp("registers"), 1
    yield module
    sys.path.remove(str(BENCHMARKS))
    del sys.modules[spec.name]


def test_every_way_finds_the_same_families_on_spells_and_on_monthly_rows(benchmark):
    found = [benchmark.measure(N_PERSONS, is_monthly) for is_monthly in (False, True)]
    assert [one.n_persons for one in found] == [N_PERSONS, N_PERSONS]
    assert found[1].n_benefit_rows > 5 * found[0].n_benefit_rows
    assert all(0 < one.peak_gib < benchmark.PEAK_GOAL_GIB and one.to_scan > 0 for one in found)
    folder = benchmark.register_of(N_PERSONS)
    families = benchmark.told(benchmark.national(folder, benchmark.profile_of(folder)).families)
    assert len(families) > 3  # so that there is something to be the same
    assert min(benchmark.measure_municipality(N_PERSONS)) > 0


def test_ways_that_find_different_families_stop_the_benchmark(benchmark):
    runs = {"ours": lambda: pd.DataFrame({"family_id": ["a"]}), "hand": lambda: pd.DataFrame({"family_id": ["b"]})}
    with pytest.raises(AssertionError, match="hand"):
        benchmark.timed(runs)


def test_the_goals_are_those_of_the_whole_country(benchmark):
    whole = benchmark.Measured(benchmark.PERSONS, 1, 1.0, 1.0, benchmark.HAND_GOAL, benchmark.NAIVE_GOAL, 3.0, 1.0)
    assert whole.is_met
    assert not replace(whole, to_hand=benchmark.HAND_GOAL + 0.01).is_met
    assert not replace(whole, naive_to_ours=benchmark.NAIVE_GOAL - 0.01).is_met
    assert not replace(whole, peak_gib=benchmark.PEAK_GOAL_GIB).is_met
    assert replace(whole, n_persons=N_PERSONS, to_hand=9.0).is_met
