"""Intervals and charts of the monitoring against other libraries and published values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson
from statsmodels.stats.weightstats import DescrStatsW

from helhed.monitoring.control_charts import neighbour_correlation, xmr_chart
from helhed.monitoring.intervals import clopper_pearson, mean_t, poisson_exact, ratio_of_sums, wilson
from helhed.monitoring.run_charts import crossings_limit, longest_run_limit, run_chart
from helhed.monitoring.special_causes import beyond_limits, one_side, trend, two_in_three

# The series of NHSRplotthedots' own tests: R's set.seed(123); rnorm(20).
NHSR = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285,
    -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716,
    0.70135590, -0.47279141,
]  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 80).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_share_intervals_equal_statsmodels_and_scipy(case):
    count, total = case
    exact = clopper_pearson(count, total)
    assert exact[1:] == pytest.approx(proportion_confint(count, total, method="beta"), abs=1e-9)
    other = stats.binomtest(count, total).proportion_ci(method="exact")
    assert exact[1:] == pytest.approx((other.low, other.high), abs=1e-6)
    assert wilson(count, total)[1:] == pytest.approx(proportion_confint(count, total, method="wilson"), abs=1e-9)
    assert exact.low <= exact.value <= exact.high


@pytest.mark.parametrize(
    ("count", "total", "score", "exact"),
    # Newcombe (Statistics in Medicine 17, 1998, 857-872), table I, methods 3 and 5.
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_share_intervals_as_published(count, total, score, exact):
    assert wilson(count, total)[1:] == pytest.approx(score, abs=5e-5)
    assert clopper_pearson(count, total)[1:] == pytest.approx(exact, abs=5e-5)


def test_trade_deficits_of_wheeler():
    # Wheeler, Understanding Variation: twelve months of 1987, mean 12.75; by hand the eleven ranges add to 18.3, so the
    # limits are 12.75 -/+ 2.66 x 18.3 / 11.
    deficits = [10.7, 13.0, 11.4, 11.5, 12.5, 14.1, 14.8, 14.1, 12.6, 16.0, 11.7, 10.6]
    chart = xmr_chart(deficits, screen=False)
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((12.75, 8.3247, 17.1753), abs=5e-5)
    assert not chart.signals.any()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 60), st.floats(0.5, 50))
def test_rate_interval_equals_statsmodels(count, exposure):
    low, high = confint_poisson(count, exposure, method="exact-c")
    found = poisson_exact(count, exposure)
    assert (found.low, found.high) == pytest.approx((0.0 if count == 0 else low, high), rel=1e-9, abs=1e-9)


def test_mean_interval_equals_statsmodels_and_leaves_missing_values_out():
    values = [52.0, 44.0, 60.0, 48.0, 56.0]
    assert mean_t([*values, math.nan])[1:] == pytest.approx(DescrStatsW(values).tconfint_mean(0.05))


def test_nothing_to_compute_from_is_unknown_and_not_zero():
    for found in (clopper_pearson(0, 0), wilson(0, 0), poisson_exact(0, 0), mean_t([]), ratio_of_sums([], [])):
        assert all(math.isnan(part) for part in found)
    assert mean_t([7.0])[0] == 7.0 and math.isnan(mean_t([7.0])[1])


def test_ratio_of_sums_worked_by_hand():
    # Three families absent 2, 6 and 4 of 20, 40 and 20 days: ratio 12/80 = 0.15.
    # Residuals 2-3 = -1, 6-6 = 0, 4-3 = 1: sum of squares 2; spread sqrt(3/2 x 2)/80 = sqrt(3)/80 = 0.0216506.
    # The second has half of all days: the own ratios 0.1, 0.15 and 0.2 have the variance 1/400, and the squares of the
    # shares of days add to 3/8: spread sqrt(3/3200) = 0.0306186 is the larger one.
    # t(0.975, 2) = 4.302653: half width 0.1317413. A family without school days does not count.
    found = ratio_of_sums([2, 6, 4, 0], [20, 40, 20, 0])
    assert found == pytest.approx((0.15, 0.15 - 0.1317413, 0.15 + 0.1317413), abs=1e-6)


def test_xmr_equals_nhsrplotthedots():
    # Source: nhs-r-community/NHSRplotthedots, tests/testthat/_snaps/ptd_spc.md (mean 0.142, limits -3.01 and 3.29;
    # first ten 0.0746, -2.60, 2.75; last ten 0.209, -3.28, 3.70).
    for series, expected in (
        (NHSR, (0.142, -3.01, 3.29)),
        (NHSR[:10], (0.0746, -2.60, 2.75)),
        (NHSR[10:], (0.209, -3.28, 3.70)),
    ):
        chart = xmr_chart(series)
        assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx(expected, abs=0.006)
        assert chart.is_trial == (len(series) < 12)
    assert not xmr_chart(NHSR).signals.any()


def test_xmr_screens_outlying_moving_ranges():
    # The same test file puts 10 in the place of point 15 and asks that the screened limits are narrower.
    jumped = [*NHSR[:14], 10.0, *NHSR[15:]]
    screened, open_ = xmr_chart(jumped), xmr_chart(jumped, screen=False)
    assert screened.high[0] - screened.low[0] < open_.high[0] - open_.low[0]
    # By hand: ranges 1, 1, 1, 1, 1, 20, 20, 1 (mean 5.75; 3.267 x 5.75 = 18.8 screens both 20s), so the mean is 1.
    series = [1, 2, 1, 2, 1, 2, 22, 2, 1]
    assert xmr_chart(series).high[0] == pytest.approx(np.mean(series) + 2.66)


def test_opposite_points_near_the_limits_are_no_signal():
    # NHSRplotthedots, test-ptd_spc_standard.R: two in three near the limits counts on one side alone.
    series = [1, -1] * 7 + [5.5, -5.5]
    assert not xmr_chart(series).signals[-2:].any()


def test_special_cause_rules_as_published():
    # NHSRplotthedots, test-ptd_calculate_point_type.R; the published functions mark the seventh point on, ours the
    # whole run, as the published flag does in the end.
    assert one_side([1] * 8 + [-1], 0).tolist() == [1] * 8 + [0]
    assert not one_side([1] * 6 + [-1], 0).any()
    assert trend([2, 1, 2, 3, 4, 5, 6, 7, 3]).tolist() == [0] + [1] * 7 + [0]
    assert not trend([1, 2, 3, 3, 4, 5, 6]).any()
    assert (trend(list(range(7, 0, -1))) == -1).all()
    low, high = [-3] * 7, [3] * 7
    assert two_in_three([1, 1, 2.5, 1, 2.5, 1, 1], 0, low, high).tolist() == [0, 0, 1, 0, 1, 0, 0]
    assert not two_in_three([2.5, 1, 1, 2.5, 1, 1, 1], 0, low, high).any()
    assert beyond_limits([4, 0, -4, 0, 0, 0, 0], low, high).tolist() == [1, 0, -1, 0, 0, 0, 0]


def test_anhoej_limits_and_example():
    # Published example (sciencetrends.com, Crossings, runs and crossrun): 13 points that cross the middle between
    # points 3-4, 6-7, 7-8, 9-10 and 10-11: five crossings, longest run three; fewer than three crossings would
    # be a signal.
    series = [1, 1, 1, 3, 3, 3, 1, 3, 3, 1, 3, 3, 3]
    chart = run_chart(series, centre=2)
    assert (chart.n_useful, chart.longest_run, chart.crossings, chart.crossings_limit) == (13, 3, 5, 3)
    assert not chart.is_signal
    # qicharts2: round(log2(n) + 3) and qbinom(0.05, n - 1, 0.5). 24 points: log2 is 4.585, so 8; P(X <= 7) = 0.0466
    # and P(X <= 8) = 0.105 for binomial(23, 0.5), so 8. 13 points: log2 is 3.70, so 7.
    assert (longest_run_limit(24), crossings_limit(24)) == (8, 8)
    assert longest_run_limit(13) == 7
    shifted = run_chart([1] * 10 + [3] * 10)
    assert (shifted.longest_run, shifted.crossings, shifted.is_signal) == (10, 1, True)


def test_points_on_the_median_do_not_count():
    chart = run_chart([1, 2, 2, 3, 1, 3, 2])
    assert (chart.median, chart.n_useful) == (2, 4)


def test_neighbour_correlation_worked_by_hand():
    # 1, 2, 3: deviations -1, 0, 1: products 0 + 0 over 2 = 0. 1, 2, 3, 4: (0.75 - 0.25 + 0.75) / 5 = 0.25.
    assert neighbour_correlation([1, 2, 3]) == pytest.approx(0)
    assert neighbour_correlation([1, 2, 3, 4]) == pytest.approx(0.25)
    assert math.isnan(neighbour_correlation([5, 5, 5]))


def test_missing_points_keep_their_place():
    chart = xmr_chart([1, math.nan, 2, 1, 2])
    assert math.isnan(chart.values[1]) and not chart.signals[1]
    assert chart.centre == pytest.approx(1.5)
