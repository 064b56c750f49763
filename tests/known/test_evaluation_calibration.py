"""Intervals for few families hold the truth as often as they say: many draws in which the truth is known.

The whole calculation on at least 500 invented municipalities is in ``benchmarks/evaluation.py``; here its parts are
drawn often enough to see an interval of 95 % that holds less than 93 % or more than 97 %.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helhed.evaluation.effects import difference_in_changes, difference_in_pairs
from helhed.evaluation.staggered import average_for_few, group_time_effects

N_DRAWS = 1500
BENCHMARK = Path(__file__).parents[2] / "benchmarks/evaluation.py"


def held(estimates, truth):
    """Return the share of the intervals that hold the truth."""
    return np.mean([estimate.low <= truth <= estimate.high for estimate in estimates])


@pytest.mark.parametrize("spread_of_enrolled", [1.0, 2.0])
def test_interval_of_twenty_families_against_sixty(spread_of_enrolled):
    rng = np.random.default_rng(1)
    enrolled = np.arange(80) < 20
    spread = np.where(enrolled, spread_of_enrolled, 1.0)
    drawn = [difference_in_changes(0.3 * enrolled + rng.normal(0, spread), enrolled) for _ in range(N_DRAWS)]
    assert 0.93 <= held(drawn, 0.3) <= 0.97


def test_interval_with_uneven_weights_and_measures_taken_out():
    rng = np.random.default_rng(2)
    enrolled = np.arange(80) < 20
    drawn = []
    for _ in range(N_DRAWS):
        measures = rng.normal(size=(80, 4))
        weights = np.where(enrolled, 1.0, rng.exponential(size=80))
        change = 0.3 * enrolled + measures @ [1.0, -0.5, 0.0, 0.2] + rng.normal(size=80)
        drawn.append(difference_in_changes(change, enrolled, weights, measures))
    assert 0.93 <= held(drawn, 0.3) <= 0.97


def test_interval_of_pairs_that_still_differed():
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(N_DRAWS):
        gaps = rng.normal(0.2, 1, 20)
        drawn.append(difference_in_pairs(0.3 - 0.6 * gaps + rng.normal(size=20), gaps))
    assert 0.93 <= held(drawn, 0.3) <= 0.97


def test_interval_of_staggered_starts_in_few_families():
    # 20 families start in one of three quarters, 60 never do; two quarters before the first start, one after the last.
    rng = np.random.default_rng(4)
    n, n_periods = 80, 6
    frame = pd.DataFrame({"unit": np.repeat(np.arange(n), n_periods), "period": np.tile(np.arange(n_periods), n)})
    drawn = []
    for _ in range(400):
        starts = np.where(np.arange(n) < 20, rng.integers(2, 5, n), np.nan)
        start = np.repeat(starts, n_periods)
        noise = rng.normal(0, 1, (n, n_periods)) + rng.normal(0, 1, n)[:, None]
        outcome = noise.ravel() + 0.3 * (frame["period"] >= start)
        drawn.append(average_for_few(group_time_effects(frame.assign(start=start, outcome=outcome))))
    assert 0.93 <= held(drawn, 0.3) <= 0.975


def test_no_effect_is_never_called_one_and_a_large_effect_is_found():
    spec = importlib.util.spec_from_file_location("evaluation_benchmark", BENCHMARK)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    claimed = {
        truth: [
            row["is_claimed"]
            for seed in range(2)
            for row in benchmark.judged((truth, 60, seed))
            if row["method"] == "sentence"
        ]
        for truth in ("none", "enrolled_at_worst", "effect")
    }
    assert not any(claimed["none"]) and not any(claimed["enrolled_at_worst"])
    assert any(claimed["effect"])
