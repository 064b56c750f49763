"""Exact tests, lots in groups of unequal size and differences of yes/no measures, against published values."""

import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import WrongCall
from helhed.evaluation import balance_table, changed_both_ways, paired_randomisation_p, randomisation_p, two_by_two

DATA = Path(__file__).parent / "published"


def test_tea_twins_and_penicillin():
    # Fisher (1935), the lady tasting tea: one cup of each kind wrong, 34/70. Fisher (1934), convicts' twins: 10 of 13
    # and 2 of 17; R's fisher.test gives p = 0.0005367.
    assert two_by_two(3, 1, 1, 3).p == pytest.approx(34 / 70)
    twins = two_by_two(10, 3, 2, 15)
    assert twins.p == pytest.approx(0.0005367, abs=1e-7) and twins.odds_ratio == pytest.approx(25)
    # Newcombe (1998), table II: 56/70 against 48/80 has the interval 0.0524 to 0.3339.
    shares = two_by_two(56, 14, 48, 32)
    assert (shares.difference, shares.low, shares.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_mcnemar_exact():
    # Agresti (Categorical Data Analysis): approval of a prime minister, 86 and 150 changed; twice the binomial tail.
    tail = sum(math.comb(236, k) for k in range(87)) / 2**236
    assert changed_both_ways(86, 150) == pytest.approx(2 * tail)
    assert changed_both_ways(150, 86) == changed_both_ways(86, 150)
    assert changed_both_ways(5, 5) == 1 and math.isnan(changed_both_ways(0, 0))


def test_counts_that_cannot_be_are_refused():
    for call in (
        lambda: two_by_two(-1, 2, 3, 4),
        lambda: changed_both_ways(1.5, 2),
        lambda: two_by_two(1, 1, 1, 1, 95),
    ):
        with pytest.raises(WrongCall):
            call()
    assert math.isnan(two_by_two(0, 0, 3, 4).difference)
    assert math.isnan(two_by_two(3, 0, 4, 0).p) and two_by_two(3, 0, 4, 0).difference == 0


def _by_all_lots(values, n_treated):
    everyone = range(len(values))
    gaps = [
        abs(np.mean([values[i] for i in chosen]) - np.mean([values[i] for i in everyone if i not in chosen]))
        for chosen in combinations(everyone, n_treated)
    ]
    return np.mean([gap >= gaps[0] - 1e-9 for gap in gaps])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-20, 20), min_size=5, max_size=8), st.integers(2, 3))
def test_lots_in_unequal_groups_count_all_differences_at_least_as_far_from_zero(values, n_treated):
    treated = np.arange(len(values)) < n_treated
    p = randomisation_p(values, treated, 9999, np.random.default_rng(1))
    assert p == pytest.approx(_by_all_lots(values, n_treated))


def test_honey_tea_and_sleep_by_lot():
    # Imbens and Rubin (2015), chapter 5: honey and cough, 16 of 20. The tea again, all right: 2 of 70. Student's sleep
    # data (1908): nine of ten slept longer and one alike, so 4 of 1024 sign patterns.
    rng = np.random.default_rng(1)
    assert randomisation_p([3, 5, 0, 4, 0, 1], [1, 1, 1, 0, 0, 0], 999, rng) == pytest.approx(0.8)
    assert randomisation_p([1] * 4 + [0] * 4, [1] * 4 + [0] * 4, 999, rng) == pytest.approx(2 / 70)
    sleep = [12, 24, 13, 13, 0, 10, 18, 8, 46, 14]
    assert paired_randomisation_p(sleep, 2000, rng) == pytest.approx(4 / 1024)


def test_differences_are_those_of_matchit():
    # R's MatchIt, vignette "MatchIt: getting started", summary before matching: standard deviation of the treated, and
    # √(p(1 - p)) for yes/no measures, as Austin (2009) has it.
    persons = pd.read_csv(DATA / "job_training.csv")
    covariates = persons[["age", "educ", "married", "nodegree", "re74", "re75"]].astype(float)
    covariates = covariates.join(pd.get_dummies(persons["race"]).astype(float))
    found = balance_table(covariates, persons["treat"].astype(bool), list(covariates)).set_index("covariate")
    published = {"age": -0.3094, "educ": 0.0550, "married": -0.8263, "nodegree": 0.2450, "re74": -0.7211}
    published |= {"re75": -0.2903, "black": 1.7615, "hispan": -0.3498, "white": -1.8819}
    assert found["standardised_difference"].to_dict() == pytest.approx(published, abs=6e-5)
    by_hand = (0.75 - 0.25) / math.sqrt((0.75 * 0.25 + 0.25 * 0.75) / 2)
    yes_no = pd.DataFrame({"x": [1.0, 1, 1, 0, 1, 0, 0, 0]})
    pooled = balance_table(yes_no, [True] * 4 + [False] * 4, ["x"], denominator="pooled")
    assert pooled["standardised_difference"].item() == pytest.approx(by_hand)
