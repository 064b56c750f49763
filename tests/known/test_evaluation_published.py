"""The evaluation's methods against published studies and the figures that other software gives for them."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import WrongCall
from helhed.evaluation import comparison as cmp
from helhed.evaluation.interrupted_series import interrupted_series
from helhed.evaluation.matching import coarsened, exact_strata, nearest_neighbours
from helhed.evaluation.staggered import average_effect, effects_by, group_time_effects, pre_trend_p
from helhed.evaluation.synthetic_control import placebo_ranks, simplex_weights, synthetic_control

DATA = Path(__file__).parent / "published"


@pytest.fixture(scope="module")
def training():
    persons = pd.read_csv(DATA / "job_training.csv")
    races = pd.get_dummies(persons["race"])[["black", "hispan"]].astype(float)
    covariates = persons[["age", "educ", "married", "nodegree", "re74", "re75"]].astype(float).join(races)
    return covariates, persons["treat"].to_numpy(dtype=bool), persons["re78"].to_numpy()


def test_job_training_by_odds_weights(training):
    # R's WeightIt, vignette "Using WeightIt to estimate balancing weights": effect on the treated 1214, effective
    # sample of the controls 99.82.
    covariates, treated, earnings = training
    weights = cmp.odds_weights(cmp.propensity(covariates, treated), treated)
    effect = earnings[treated].mean() - np.average(earnings[~treated], weights=weights[~treated])
    assert effect == pytest.approx(1214.07, abs=0.01)
    assert cmp.effective_sample_size(weights[~treated]) == pytest.approx(99.82, abs=0.01)


def test_job_training_by_entropy_balancing(training):
    # The same vignette: effect 1273, effective sample 98.46.
    covariates, treated, earnings = training
    found = cmp.entropy_balance(covariates[~treated].to_numpy(), covariates[treated].mean().to_numpy())
    assert found.is_reached
    assert earnings[treated].mean() - found.weights @ earnings[~treated] == pytest.approx(1273.26, abs=0.01)
    assert cmp.effective_sample_size(found.weights) == pytest.approx(98.46, abs=0.01)


def test_job_training_by_nearest_neighbours(training):
    # R's MatchIt, vignette "MatchIt: getting started": means of the 185 matched controls.
    covariates, treated, _ = training
    pairs = nearest_neighbours(cmp.propensity(covariates, treated), treated)
    published = {"age": 25.3027, "educ": 10.6054, "married": 0.2108, "nodegree": 0.6378, "re74": 2342.1076}
    published |= {"re75": 1614.7451, "black": 0.4703, "hispan": 0.2162}
    assert covariates.iloc[pairs["comparison"]].mean().to_dict() == pytest.approx(published, abs=1e-4)


@pytest.fixture(scope="module")
def counties():
    wide = pd.read_csv(DATA / "minimum_wage_counties.csv")
    long = wide.melt(["county", "first_treated"], var_name="period", value_name="outcome").astype({"period": int})
    return long.assign(unit=long["county"], start=long["first_treated"].where(long["first_treated"] > 0))


#: R's did, vignette "Introduction to DiD with multiple time periods", without covariates, never-treated comparison.
MINIMUM_WAGE = {
    (2004, 2004): (-0.0105, 0.0233),
    (2004, 2005): (-0.0704, 0.0310),
    (2004, 2006): (-0.1373, 0.0364),
    (2004, 2007): (-0.1008, 0.0344),
    (2006, 2004): (0.0065, 0.0233),
    (2006, 2005): (-0.0028, 0.0196),
    (2006, 2006): (-0.0046, 0.0178),
    (2006, 2007): (-0.0412, 0.0202),
    (2007, 2004): (0.0305, 0.0150),
    (2007, 2005): (-0.0027, 0.0164),
    (2007, 2006): (-0.0311, 0.0179),
    (2007, 2007): (-0.0261, 0.0167),
}


def test_minimum_wage_group_time_effects(counties):
    # The published errors are drawn by bootstrap; diff-diff 3.13 gives these analytic ones to six figures.
    table = group_time_effects(counties, "never").table.set_index(["group", "period"])
    for cell, (effect, error) in MINIMUM_WAGE.items():
        assert table.loc[cell, "effect"] == pytest.approx(effect, abs=6e-5)
        assert table.loc[cell, "standard_error"] == pytest.approx(error, abs=6e-5)


def test_minimum_wage_averages(counties):
    # R's did: simple -0.0400, group -0.0310, dynamic -0.0772, calendar -0.0417; pre-trend p 0.16812. Errors and the
    # not-yet-treated comparison: diff-diff 3.13.
    effects = group_time_effects(counties, "never")
    simple = average_effect(effects)
    assert (simple["effect"], simple["standard_error"]) == pytest.approx((-0.03995132, 0.01203402), abs=1e-8)
    overall = {by: effects_by(effects, by)[1]["effect"] for by in ("group", "periods_since", "period")}
    assert overall == pytest.approx({"group": -0.0310, "periods_since": -0.0772, "period": -0.0417}, abs=6e-5)
    groups = effects_by(effects, "group")[0]
    assert groups["effect"].tolist() == pytest.approx([-0.079749, -0.022910, -0.026054], abs=1e-6)
    assert groups["standard_error"].tolist() == pytest.approx([0.026368, 0.016703, 0.016655], abs=1e-6)
    assert pre_trend_p(effects) == pytest.approx(0.16812, abs=1e-5)
    not_yet = average_effect(group_time_effects(counties, "not_yet"))
    assert (not_yet["effect"], not_yet["standard_error"]) == pytest.approx((-0.03976367, 0.01205243), abs=1e-8)


def test_cigarette_tax_by_synthetic_control():
    # Abadie, Diamond and Hainmueller (2010): about 20 packs fewer per head over 1989-2000. Fitted on the outcome alone
    # the mean gap is -19.51 (scpi and tidysynth give the same weights: Utah 0.39, Montana 0.23, Nevada 0.20, ...).
    sales = pd.read_csv(DATA / "cigarette_sales.csv", index_col="Year")
    found = synthetic_control(sales, "California", 1989)
    assert found.effect == pytest.approx(-19.51, abs=0.01)
    assert found.weights.sum() == pytest.approx(1) and (found.weights >= 0).all()
    largest = {"Utah": 0.394, "Montana": 0.232, "Nevada": 0.205, "Connecticut": 0.109}
    assert found.weights.nlargest(4).to_dict() == pytest.approx(largest, abs=1e-3)


def test_placebo_ranks_put_the_treated_among_the_others():
    sales = pd.read_csv(DATA / "cigarette_sales.csv", index_col="Year")
    ranks = placebo_ranks(sales, "California", 1989).set_index("unit")
    assert len(ranks) == 39 and ranks.loc["California", "rank"] == 3
    # The published comparison leaves out placebos that fit much worse before than California does.
    close = placebo_ranks(sales, "California", 1989, worst_fit=5).set_index("unit")
    assert len(close) < 39 and close.loc["California", "effect"] == ranks.loc["California", "effect"]


def test_a_mix_that_exists_is_found_exactly():
    # C = 0.25 A + 0.75 B before the start, 10 more after it.
    table = pd.DataFrame({"A": [0, 4, 8, 4, 0], "B": [4, 0, 8, 8, 4]}, index=range(2018, 2023)).astype(float)
    table["C"] = 0.25 * table["A"] + 0.75 * table["B"] + np.array([0, 0, 0, 10, 10])
    found = synthetic_control(table, "C", 2021)
    assert found.weights.to_dict() == pytest.approx({"A": 0.25, "B": 0.75})
    assert found.effect == pytest.approx(10) and found.misfit_before == pytest.approx(0, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=2, max_size=6))
def test_no_other_mix_comes_nearer(columns):
    others = np.array(columns).T
    target = np.array([1.0, -2.0, 0.5, 3.0])
    weights = simplex_weights(others, target)
    assert weights.sum() == pytest.approx(1) and (weights >= 0).all()
    best = np.linalg.norm(others @ weights - target)
    for other in np.eye(others.shape[1]):
        mixed = 0.9 * weights + 0.1 * other
        assert best <= np.linalg.norm(others @ mixed - target) + 1e-6


def test_smoking_ban_by_interrupted_series():
    # Lopez Bernal et al. 2017: step 0.894 (0.864-0.925) as Poisson, dispersion 3.6; with the season 0.885, and the
    # interval 0.839-0.933 by normal quantiles.
    months = pd.read_csv(DATA / "heart_attacks.csv")
    plain = interrupted_series(months["admissions"], months["population"], 36, waves=0, is_overdispersed=False)
    assert (plain.level.value, plain.level.high) == pytest.approx((0.894, 0.925), abs=6e-4)
    assert plain.dispersion == pytest.approx(3.56, abs=0.01)
    season = interrupted_series(months["admissions"], months["population"], 36).level
    by_normal = [season.value * math.exp(sign * 1.959964 * season.standard_error) for sign in (-1, 1)]
    assert (season.value, *by_normal) == pytest.approx((0.885, 0.839, 0.933), abs=6e-4)
    assert season.low < by_normal[0] and season.high > by_normal[1]
    # With a changed slope the step itself hardly moves, and no change of the slope is seen (p 0.43).
    sloped = interrupted_series(months["admissions"], months["population"], 36, has_new_slope=True)
    assert sloped.slope.p == pytest.approx(0.428, abs=1e-3) and sloped.level.high < 1


def test_series_without_a_basis_are_refused():
    ones = [1.0] * 24
    for counts, exposure, start in (
        ([1] * 24, ones, 3),
        ([1] * 23 + [math.nan], ones, 12),
        ([1] * 24, [0.0] * 24, 12),
        ([0] * 24, ones, 12),
    ):
        with pytest.raises(WrongCall):
            interrupted_series(counts, exposure, start)


def test_strata_by_hand():
    # Stratum (1, x): one treated, two controls; (2, y): two treated, one control; (3, z): a treated alone.
    # Raw control weights 1/2, 1/2 and 2 sum to 3 for 3 controls, so they stay.
    frame = pd.DataFrame({"size": [1, 1, 1, 2, 2, 2, 3], "kind": list("xxxyyyz")})
    treated = [True, False, False, True, True, False, True]
    strata = exact_strata(frame, treated, ["size", "kind"])
    assert strata["weight"].tolist() == [1, 0.5, 0.5, 1, 1, 2, 0]
    assert strata["stratum"].isna().tolist() == [False] * 6 + [True]


def test_a_unit_with_a_missing_value_is_in_no_stratum():
    frame = pd.DataFrame({"age": [20.0, 20.0, math.nan, 22.0]})
    strata = exact_strata(coarsened(frame, {"age": [21]}), [True, False, False, False], ["age"])
    assert strata["weight"].tolist() == [1, 1, 0, 0]
    with pytest.raises(WrongCall):
        exact_strata(frame, [True, False, False, False], ["agee"])


def test_neighbours_with_replacement_and_several_by_hand():
    score, treated = [0.9, 0.8, 0.7, 0.2, 0.85], [True, True, False, False, False]
    twice = nearest_neighbours(score, treated, with_replacement=True)
    assert twice[["treated", "comparison"]].to_numpy().tolist() == [[0, 4], [1, 4]]
    both = nearest_neighbours(score, treated, n_neighbours=2)
    # First round: 0 takes 4, 1 takes 2; second round: 0 takes 3, nobody is left for 1.
    assert both[["treated", "comparison"]].to_numpy().tolist() == [[0, 4], [1, 2], [0, 3]]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=40))
def test_matched_groups_are_equal_on_what_they_were_matched_on(units):
    frame = pd.DataFrame(units, columns=["treated", "a", "b"])
    weight = exact_strata(frame, frame["treated"], ["a", "b"])["weight"]
    if not weight[frame["treated"]].sum():
        return
    for name in ("a", "b"):
        means = [
            np.average(frame[name][group], weights=weight[group]) for group in (frame["treated"], ~frame["treated"])
        ]
        assert means[0] == pytest.approx(means[1])
