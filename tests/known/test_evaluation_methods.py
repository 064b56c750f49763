"""Comparison groups, differences in differences and staggered starts against cases worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from helhed.evaluation import comparison as cmp
from helhed.evaluation.effects import (
    detectable_effect,
    difference_in_changes,
    difference_in_differences,
    difference_in_pairs,
    differences_left,
    families_needed,
    paired_randomisation_p,
    randomisation_p,
)
from helhed.evaluation.estimates import mean_estimate
from helhed.evaluation.matching import nearest_neighbours
from helhed.evaluation.small_samples import coefficient
from helhed.evaluation.staggered import average_effect, average_for_few, effects_by_time, group_time_effects
from helhed.evaluation.theory_of_change import link


def test_entropy_balance_of_two_points_is_the_lever_rule():
    # Values 0 and 1, wanted mean 0.3: the weights must be 0.7 and 0.3.
    found = cmp.entropy_balance(np.array([[0.0], [1.0]]), [0.3])
    assert found.is_reached
    assert found.weights == pytest.approx([0.7, 0.3], abs=1e-6)


def test_entropy_balance_of_a_die():
    # Jaynes' die (1962): six faces, wanted mean 4.5. Published maximum-entropy probabilities.
    found = cmp.entropy_balance(np.arange(1.0, 7).reshape(-1, 1), [4.5])
    assert found.weights == pytest.approx([0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749], abs=1e-5)


def test_entropy_balance_reproduces_every_mean():
    rng = np.random.default_rng(1)
    comparison, treated = rng.normal(0, 1, (200, 5)), rng.normal(0.1, 0.8, (40, 5))
    found = cmp.entropy_balance(comparison, treated.mean(axis=0))
    assert found.weights @ comparison == pytest.approx(treated.mean(axis=0), abs=1e-6)
    assert found.weights.sum() == pytest.approx(1)


def test_entropy_balance_admits_what_cannot_be_reached():
    found = cmp.entropy_balance(np.array([[0.0], [1.0]]), [1.5])
    assert not found.is_reached


def test_balance_table_by_hand():
    # Treated 2, 4, 6: mean 4, sd 2. Comparison 1, 3: mean 2, sd √2. Difference 2.
    frame = pd.DataFrame({"x": [2.0, 4, 6, 1, 3]})
    treated = [True] * 3 + [False] * 2
    assert cmp.balance_table(frame, treated, ["x"])["standardised_difference"].item() == pytest.approx(2 / 2)
    pooled = cmp.balance_table(frame, treated, ["x"], denominator="pooled")
    assert pooled["standardised_difference"].item() == pytest.approx(2 / math.sqrt((4 + 2) / 2))
    # Weights 1 and 3 on the comparison: mean (1 + 9) / 4 = 2.5; the standard deviation stays that of equal weights.
    weighted = cmp.balance_table(frame, treated, ["x"], [1, 1, 1, 1, 3])
    assert weighted["standardised_difference"].item() == pytest.approx(1.5 / 2)


def test_better_off_share_by_hand():
    table = pd.DataFrame(
        {"covariate": ["good", "bad", "even"], "mean_treated": [1.0, 1.0, 1.0], "mean_comparison": [2.0, 2.0, 1.0]}
    )
    # More of the good: better. More of the bad: worse. Equal: not better.
    assert cmp.better_off_share(table, {"good": True, "bad": False, "even": True}) == pytest.approx(1 / 3)


def test_nearest_neighbours_by_hand():
    # Treated 0.9 chooses before 0.5. 0.9 takes 0.8, 0.5 takes 0.45 (0.6 is further).
    pairs = nearest_neighbours([0.5, 0.9, 0.45, 0.8, 0.6], [True, True, False, False, False])
    assert pairs[["treated", "comparison"]].to_numpy().tolist() == [[1, 3], [0, 2]]
    assert len(nearest_neighbours([0.5, 0.9, 0.45, 0.7], [True, True, False, False], caliper=0.1)) == 1


def test_propensity_of_one_yes_or_no_covariate_is_the_share():
    # 3 of 4 treated where x = 1, 1 of 4 where x = 0: a saturated logit gives the shares back.
    x = pd.DataFrame({"x": [1.0] * 4 + [0.0] * 4})
    treated = [True, True, True, False, True, False, False, False]
    assert cmp.propensity(x, treated) == pytest.approx([0.75] * 4 + [0.25] * 4, abs=1e-5)
    assert cmp.odds_weights([0.75, 0.75], [True, False]) == pytest.approx([1, 3])


def test_measures_that_follow_from_others_are_left_out_and_the_propensity_stays():
    rng = np.random.default_rng(3)
    known = pd.DataFrame({"a": rng.normal(size=30), "b": rng.normal(size=30)})
    treated = rng.integers(0, 2, 30).astype(bool)
    more = known.assign(same=known["a"], rest=1 - known["a"] - 2 * known["b"], flat=4.0)
    filled = cmp.fill_missing(more, list(more.columns))
    assert list(filled.columns) == ["a", "b"]
    expected = cmp.propensity(known, treated)
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(cmp.propensity(filled, treated), expected)


def test_propensity_of_separated_groups_is_missing():
    assert np.isnan(cmp.propensity(pd.DataFrame({"x": [1.0, 2, 3, 4]}), [False, False, True, True])).all()


def test_effective_sample_size_by_hand():
    assert cmp.effective_sample_size([3, 1]) == pytest.approx(16 / 10)


def _two_periods(before_after):
    rows = [
        (f"f{i}", enrolled, after, y) for i, (enrolled, *ys) in enumerate(before_after) for after, y in enumerate(ys)
    ]
    return pd.DataFrame(rows, columns=["family_id", "is_enrolled", "is_after", "y"])


def test_difference_in_differences_card_krueger():
    # Card and Krueger (1994), table 3: full-time employment per restaurant, New Jersey 20.44 -> 21.03, Pennsylvania
    # 23.33 -> 21.17; the difference of the differences is 0.59 - (-2.16) = 2.75 from these rounded means. Four
    # invented restaurants lie evenly around the published means.
    rows = [(1, 20.44 - 3, 21.03 - 2), (1, 20.44 + 3, 21.03 + 2), (0, 23.33 - 4, 21.17 - 5), (0, 23.33 + 4, 21.17 + 5)]
    estimate = difference_in_differences(_two_periods(rows), "y")
    assert estimate.value == pytest.approx(2.75)
    assert (estimate.n_enrolled, estimate.n_comparison) == (2, 2)


def test_difference_in_differences_error_by_hand():
    # Changes: enrolled 1, 3 (mean 2), comparison 0, 2 (mean 1): estimate 1. Welch's error: variances 2 and 2 over
    # two families each, 2/2 + 2/2 = 2; as many degrees of freedom as two equal groups have, 2: t is 4.302653.
    rows = [(1, 0, 1), (1, 0, 3), (0, 0, 0), (0, 0, 2)]
    estimate = difference_in_differences(_two_periods(rows), "y")
    assert estimate.value == pytest.approx(1)
    assert estimate.high - estimate.value == pytest.approx(4.302653 * math.sqrt(2), rel=1e-5)


def test_error_of_a_regression_is_that_of_statsmodels_hc2():
    rng = np.random.default_rng(8)
    design = np.column_stack([np.ones(25), rng.integers(0, 2, 25), rng.normal(size=(25, 2))])
    outcome = rng.normal(size=25) * (1 + design[:, 1])
    theirs = sm.OLS(outcome, design).fit(cov_type="HC2")
    for position in range(4):
        ours = coefficient(design, outcome, position)
        assert ours.value == pytest.approx(theirs.params[position])
        assert ours.standard_error == pytest.approx(theirs.bse[position])


@pytest.mark.parametrize("is_weighted", [False, True])
def test_degrees_of_freedom_are_those_of_the_full_matrices(is_weighted):
    # Bell and McCaffrey: with G the residual maker's rows scaled by what they give the variance, (tr G'G)² / tr (G'G)².
    rng = np.random.default_rng(9)
    n = 18
    design = np.column_stack([np.ones(n), np.arange(n) < 5, rng.normal(size=n)]).astype(float)
    outcome, weights = rng.normal(size=n), rng.exponential(size=n) if is_weighted else np.ones(n)
    weighted = design * weights[:, None]
    inverse = np.linalg.inv(design.T @ weighted)
    left = np.eye(n) - design @ inverse @ weighted.T
    spread = left @ left.T
    share = (weighted @ inverse[1]) ** 2 / np.diag(spread)
    matrix = np.sqrt(np.outer(share, share)) * spread
    ours = coefficient(design, outcome, 1, weights)
    assert ours.degrees_of_freedom == pytest.approx(np.trace(matrix) ** 2 / (matrix**2).sum())
    assert ours.standard_error == pytest.approx(math.sqrt(share @ (left @ outcome) ** 2))


def test_adjusting_leaves_a_balanced_estimate_and_narrows_its_interval():
    rng = np.random.default_rng(10)
    measure = np.tile([-1.0, 0.0, 1.0, 2.0], 15)
    enrolled = np.repeat([True, False], [20, 40])
    change = 3 * measure + rng.normal(0, 0.5, 60) + enrolled
    plain = difference_in_changes(change, enrolled)
    adjusted = difference_in_changes(change, enrolled, adjust=measure[:, None])
    assert adjusted.value == pytest.approx(plain.value)
    assert adjusted.high - adjusted.low < (plain.high - plain.low) / 3


def test_pairs_are_students_paired_test_and_an_intercept():
    # Student's sleep data (1908): mean 1.58, t = 4.0621, p = 0.00283 with 9 degrees of freedom.
    differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    plain = difference_in_pairs(differences)
    assert (plain.value, plain.p) == (pytest.approx(1.58), pytest.approx(0.002833, abs=1e-6))
    # Where the pairs still differed before, the line through (0, 2) and (2, 0) says 2 for pairs that did not.
    differences, gaps = [2.1, 1.9, 0.1, -0.1], [0, 0, 2, 2]
    assert difference_in_pairs(differences, gaps).value == pytest.approx(2.0)
    np.testing.assert_allclose(differences_left(differences, gaps), [2.1, 1.9, 2.1, 1.9])


def test_families_needed_is_cohens_table_and_turns_the_detectable_effect_round():
    # Cohen (1988), table 2.4.1, two-sided 5 %, power 80 %: 64 in each group for d = 0.5, 26 for 0.8, 394 for 0.2.
    assert [families_needed(d, 1.0) for d in (0.5, 0.8)] == [64, 26]
    assert families_needed(0.2, 1.0) == pytest.approx(394, abs=1)
    n = families_needed(0.03, 0.08, 2.0)
    assert detectable_effect(n, 2 * n, 0.08) <= 0.03 < detectable_effect(n - 1, 2 * n - 2, 0.08)
    assert families_needed(0.0, 1.0) is None and families_needed(0.1, math.nan) is None


def test_family_without_a_value_after_is_left_out():
    rows = [(1, 0, 1), (1, 0, 3), (1, 0, math.nan), (0, 0, 0), (0, 0, 2)]
    assert difference_in_differences(_two_periods(rows), "y").n_enrolled == 2


def test_randomisation_by_hand():
    # Changes 1, 2 (enrolled) against 3, 4: 6 ways to choose two of four; the difference of means is -2 here and +2 for
    # 3, 4 against 1, 2. Two of six.
    p = randomisation_p([1, 2, 3, 4], [True, True, False, False], 999, np.random.default_rng(1))
    assert p == pytest.approx(2 / 6)


def test_randomisation_of_one_cannot_be_told():
    rng = np.random.default_rng(1)
    assert math.isnan(randomisation_p([1, 3, 4], [True, False, False], 99, rng))
    assert math.isnan(paired_randomisation_p([1.0], 99, rng))


def test_paired_randomisation_is_fishers_test_of_darwins_plants():
    # Fisher (1935): 15 pairs of Zea mays; 1726 of the 32768 sign patterns are at least as extreme, p = 0.05267.
    crossed = [23.5, 12, 21, 22, 19.125, 21.5, 22.125, 20.375, 18.25, 21.625, 23.25, 21, 22.125, 23, 12]
    selfed = [17.375, 20.375, 20, 20, 18.375, 18.625, 18.625, 15.25, 16.5, 18, 16.25, 18, 12.75, 15.5, 18]
    differences = np.round((np.array(crossed) - np.array(selfed)) * 8)  # eighths of an inch are whole numbers
    assert paired_randomisation_p(differences, 40000, np.random.default_rng(1)) == pytest.approx(1726 / 32768)


def test_detectable_effect_is_cohens_table():
    # Cohen (1988): 64 in each group find d = 0.50 with power 0.80 at the 5 % level, 26 find d = 0.80.
    assert detectable_effect(64, 64, 1.0) == pytest.approx(0.50, abs=0.005)
    assert detectable_effect(26, 26, 10.0) == pytest.approx(8.0, abs=0.1)
    assert math.isnan(detectable_effect(1, 20, 1.0))


def test_mean_with_interval_of_students_sleep_data():
    # Student (1908): extra hours of sleep by drug 2 minus drug 1; R's t.test gives 1.58, interval 0.7001 to 2.4599.
    estimate = mean_estimate([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((1.58, 0.7001142, 2.4598858), abs=1e-6)


def _panel(outcomes):
    rows = [(unit, t, start, y) for unit, (start, ys) in outcomes.items() for t, y in enumerate(ys, start=1)]
    return pd.DataFrame(rows, columns=["unit", "period", "start", "outcome"])


#: Four periods. Group 2 gains 5 at once, group 3 gains 2 from period 3; everyone gains 1 a period.
STAGGERED = _panel(
    {
        "a": (2, [0, 6, 7, 8]),
        "b": (2, [2, 8, 9, 10]),
        "c": (3, [1, 2, 5, 6]),
        "d": (None, [0, 1, 2, 3]),
        "e": (None, [4, 5, 6, 7]),
    }
)


def test_group_time_effects_by_hand():
    table = group_time_effects(STAGGERED).table.set_index(["group", "period"])["effect"]
    assert table.to_dict() == pytest.approx({(2, 2): 5, (2, 3): 5, (2, 4): 5, (3, 2): 0, (3, 3): 2, (3, 4): 2})


def test_not_yet_started_families_count_as_comparison():
    effects = group_time_effects(STAGGERED).table.set_index(["group", "period"])["n_comparison"]
    assert effects[2, 2] == 3  # c has not started in period 2
    assert effects[2, 3] == 2
    assert group_time_effects(STAGGERED, "never").table["n_comparison"].eq(2).all()


def test_average_weights_groups_by_size():
    # Group 2 (two units) has three periods of 5, group 3 (one unit) two of 2: (3·2·5 + 2·1·2) / (3·2 + 2·1) = 34 / 8.
    assert average_effect(group_time_effects(STAGGERED))["effect"] == pytest.approx(34 / 8)
    by_time = effects_by_time(group_time_effects(STAGGERED)).set_index("periods_since")["effect"]
    assert by_time.to_dict() == pytest.approx({-1: 0, 0: (2 * 5 + 2) / 3, 1: (2 * 5 + 2) / 3, 2: 5})


def test_error_of_one_cell_is_that_of_two_means():
    # Changes 1, 3 against 0, 0, 3: with one group and two periods the error is √(Σ(d - mean)²/n² of each group):
    # 2/4 + 6/9.
    frame = _panel({"a": (2, [0, 1]), "b": (2, [0, 3]), "c": (None, [0, 0]), "d": (None, [0, 0]), "e": (None, [0, 3])})
    table = group_time_effects(frame).table
    assert table["standard_error"].item() == pytest.approx(math.sqrt(2 / 4 + 6 / 9))


def test_average_for_few_is_welchs_test_when_all_start_together():
    # One start, one period on each side: changes 1, 2, 6 against 0, 1, 0, 1.
    changes, started = [1.0, 2.0, 6.0, 0.0, 1.0, 0.0, 1.0], [True] * 3 + [False] * 4
    rows = [
        (unit, period, 1 if is_started else np.nan, period * change)
        for unit, (change, is_started) in enumerate(zip(changes, started, strict=True))
        for period in (0, 1)
    ]
    frame = pd.DataFrame(rows, columns=["unit", "period", "start", "outcome"])
    estimate = average_for_few(group_time_effects(frame))
    welch = stats.ttest_ind(changes[:3], changes[3:], equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert (estimate.low, estimate.high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert estimate.p == pytest.approx(welch.pvalue)


def test_better_off_counts_from_the_limit_on():
    table = pd.DataFrame(
        {
            "covariate": ["absence_share", "share_working"],
            "mean_treated": [0.20, 0.50],
            "mean_comparison": [0.19, 0.60],  # better by 0.1 and by 0.5 standard deviations
            "sd": [0.10, 0.20],
        }
    )
    shares = [cmp.better_off_share(table, cmp.HIGHER_IS_BETTER, limit) for limit in (0.0, 0.2, 0.6)]
    assert shares == [1.0, 0.5, 0.0]


def test_link_reproduces_assens_midterm():
    # Socialindsatsen 2019: 18 % of the active child cases closed, 10 cases (of 56), in half of them a parent moved.
    # Invented: 8 of the 46 open cases are in families with progress. Fisher's exact test, two-sided, from the
    # hypergeometric distribution: table [[5, 5], [8, 38]].
    families = [f"f{i}" for i in range(56)]
    closed = pd.Series(pd.NaT, index=range(56), dtype="datetime64[us]")
    closed[:10] = pd.Timestamp("2024-06-01")
    active = pd.DataFrame({"family_id": families, "case_id": families, "closed_month": closed})
    moved = [*families[:5], *families[10:18]]
    months = ["2024-01-01"] * 3 + ["2024-08-01", "2024-06-01"] + ["2024-02-01"] * 8
    found = link(active, pd.DataFrame({"family_id": moved, "event_month": pd.to_datetime(months)}))
    assert (found.n_closed, found.share_closed_with_progress) == (10, 0.5)
    assert (found.parent_first, found.child_first, found.same_month) == (3, 1, 1)
    # The counts are 13 moved of 56, 10 closed; P(X >= 5) and the other tail's equally rare tables.
    weights = [math.comb(10, k) * math.comb(46, 13 - k) for k in range(11)]
    expected = sum(w for w in weights if w <= weights[5]) / math.comb(56, 13)
    assert found.p == pytest.approx(expected)
