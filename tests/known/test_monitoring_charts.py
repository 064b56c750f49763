"""Control charts: special causes in order and by side, events, ghosted points, assurance, textbook limits."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import WrongCall
from helhed.monitoring import (
    ChartPlan,
    assurance,
    c_chart,
    moving_range_chart,
    p_chart,
    run_chart,
    u_chart,
    xmr_chart,
)
from helhed.monitoring.run_charts import crossings_limit, longest_run_limit
from helhed.monitoring.special_causes import beyond_limits, kind_of, one_side, special_causes, trend, two_in_three
from helhed.texts import LANGUAGES

# Montgomery, Introduction to Statistical Quality Control, printed circuit boards: nonconformities in 26 samples.
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]


def test_c_chart_equals_montgomery():
    chart = c_chart(BOARDS)
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((19.85, 6.48, 33.22), abs=0.01)
    assert [at + 1 for at, rule in enumerate(chart.rules) if rule == "beyond_limits"] == [6, 20]


def test_ghosted_points_count_for_nothing_and_are_still_there():
    # Montgomery's revised limits without samples 6 and 20: 472 / 24 = 19.67, limits 6.36 and 32.97.
    chart = c_chart(BOARDS, ChartPlan(ghosts=frozenset({5, 19})))
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((19.67, 6.36, 32.97), abs=6e-3)
    assert chart.values[[5, 19]].tolist() == [5, 39] and not chart.signals[[5, 19]].any()
    assert chart.is_ghost.sum() == 2


#: Montgomery, orange juice cans: nonconforming among 50 in each of 30 samples.
CANS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6
]  # fmt: skip


def test_p_chart_equals_montgomery():
    # 347 nonconforming; centre 0.2313, limits 0.0524 and 0.4102; samples 15 and 23 are above.
    chart = p_chart(CANS, [50] * 30)
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((0.2313, 0.0524, 0.4102), abs=1e-4)
    assert np.flatnonzero(beyond_limits(chart.values, chart.low, chart.high)).tolist() == [14, 22]


def test_montgomerys_revised_share_chart():
    # Without samples 15 and 23: 301 / 1400 = 0.2150, limits 0.0407 and 0.3893; then sample 21 lies above and is kept,
    # because no cause is found.
    chart = p_chart(CANS, [50] * 30, ChartPlan(ghosts=frozenset({14, 22})))
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((0.2150, 0.0407, 0.3893), abs=1e-4)
    assert chart.rules[20] == "beyond_limits"


def test_u_chart_equals_montgomery():
    # Montgomery, personal computers: 20 samples of 5, 193 nonconformities; centre 1.93, limits 0.07 and 3.79.
    counts = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
    chart = u_chart(counts, [5] * 20)
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((1.93, 0.07, 3.79), abs=5e-3)


def test_two_of_three_asks_for_one_side():
    # NHSRplotthedots 0.2: the third point must lie on the side of the two, not on the other side or on the mean.
    low, high = [-3] * 3, [3] * 3
    assert two_in_three([2.5, 0.1, 2.5], 0, low, high).tolist() == [1, 0, 1]
    assert not two_in_three([2.5, -0.1, 2.5], 0, low, high).any()
    assert not two_in_three([2.5, 0, 2.5], 0, low, high).any()
    # A point beyond the limit is not near it (the published rule): one near point beside it is not enough.
    assert not two_in_three([3.5, 2.5, 1], 0, low, high).any()
    assert two_in_three([3.5, 2.5, 2.5], 0, low, high).tolist() == [0, 1, 1]


def test_a_point_of_two_trends_counts_to_the_next():
    # NHSRplotthedots, ptd_special_cause_type: "if a point is part of a trend either side, use right side".
    assert trend([0, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]).tolist() == [1] * 7 + [-1] * 7


def test_the_first_rule_in_order_is_named():
    # A rising row of seven with its last point beyond the limit: the limit goes before the trend, the trend before the
    # run on one side, and the trend's side is its direction, not the side of the centre.
    values = [-1, -0.5, 0.5, 1, 1.5, 2, 9]
    rules, sides = special_causes(values, 0, [-3] * 7, [3] * 7)
    assert rules == ["trend"] * 6 + ["beyond_limits"]
    assert sides.tolist() == [1] * 7
    falling, sides = special_causes([2.5, 2.4, 2.3, 2.2, 2.1, 2.05, 2.01], 0, [-3] * 7, [3] * 7)
    assert falling == ["trend"] * 7 and (sides == -1).all()
    near, _ = special_causes([1, 1, 1, 1, 1, 2.5, 2.6], 0, [-3] * 7, [3] * 7)
    assert near == ["one_side"] * 5 + ["two_in_three"] * 2


@pytest.mark.parametrize(
    ("side", "direction", "kind"),
    [
        (1, "up", "improvement"),
        (-1, "up", "concern"),
        (1, "down", "concern"),
        (-1, "down", "improvement"),
        (1, "none", "high"),
        (-1, "none", "low"),
        (0, "up", ""),
    ],
)
def test_better_and_worse_follow_the_direction(side, direction, kind):
    assert kind_of(side, direction) == kind


def test_limits_begin_anew_at_a_stated_event_alone():
    # NHSRplotthedots, _snaps/ptd_spc.md: its series halved gives 0.0746, -2.60, 2.75 and 0.209, -3.28, 3.70.
    series = [
        -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285,
        -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716,
        0.70135590, -0.47279141,
    ]  # fmt: skip
    chart = xmr_chart(series, plan=ChartPlan(rebased={10: "family house opens"}))
    assert (chart.centres[0], chart.low[0], chart.high[0]) == pytest.approx((0.0746, -2.60, 2.75), abs=6e-3)
    assert (chart.centre, chart.low[-1], chart.high[-1]) == pytest.approx((0.209, -3.28, 3.70), abs=6e-3)
    assert chart.is_trial and not xmr_chart(series).is_trial
    for wrong in (ChartPlan(rebased={10: " "}), ChartPlan(rebased={0: "start"}), ChartPlan(ghosts=frozenset({20}))):
        with pytest.raises(WrongCall):
            xmr_chart(series, plan=wrong)


def test_a_run_does_not_reach_over_an_event():
    values = [0, 2] * 6 + [11, 9, 11, 11, 11] + [20, 18] * 6
    chart = xmr_chart(values, plan=ChartPlan(rebased={17: "new law"}))
    alone = xmr_chart(values[17:])
    assert chart.rules[17:] == alone.rules and chart.high[-1] == alone.high[-1]


def test_limits_of_a_baseline_are_extended():
    # Baseline 1, 3, 1, 3, ...: mean 2, mean range 2, limits 2 ± 5.32; the later jump does not widen them.
    values = [1, 3] * 6 + [9]
    chart = xmr_chart(values, plan=ChartPlan(baseline_points=12, direction="down"))
    assert (chart.centre, chart.high[-1]) == pytest.approx((2, 7.32))
    assert chart.latest == "concern" and not chart.is_trial


def test_assurance_as_making_data_count():
    chart = xmr_chart([9, 11] * 8, plan=ChartPlan(direction="up"))  # mean 10, limits 4.68 and 15.32
    assert [assurance(chart, target) for target in (4, 10, 16)] == ["passes", "hit_or_miss", "fails"]
    down = xmr_chart([9, 11] * 8, plan=ChartPlan(direction="down"))
    assert [assurance(down, target) for target in (4, 10, 16)] == ["fails", "hit_or_miss", "passes"]
    assert assurance(xmr_chart([9, 11] * 8), 4) == "" and assurance(chart, math.nan) == ""
    assert assurance(xmr_chart([9], plan=ChartPlan(direction="up")), 4) == ""


def test_limits_follow_each_denominator():
    # Shares of 10 and 40: centre 10/50 = 0.2; half widths 3 x sqrt(0.16/10) and half of that.
    chart = p_chart([4, 6], [10, 40])
    assert chart.high - 0.2 == pytest.approx([3 * math.sqrt(0.016), 3 * math.sqrt(0.004)])
    rates = u_chart([4, 6], [1, 4])  # centre 2 per unit
    assert rates.high - 2 == pytest.approx([3 * math.sqrt(2), 3 * math.sqrt(0.5)])


def test_a_month_without_a_denominator_is_missing():
    chart = p_chart([1, 0, 2], [10, 0, 10])
    assert math.isnan(chart.values[1]) and math.isnan(chart.high[1]) and chart.centre == pytest.approx(0.15)
    rates = u_chart([3, 0], [2, 0])
    assert rates.centre == pytest.approx(1.5) and math.isnan(rates.values[1])


def test_impossible_counts_are_refused():
    for call in (
        lambda: p_chart([11], [10]),
        lambda: p_chart([-1], [10]),
        lambda: u_chart([-1], [1]),
        lambda: c_chart([-1]),
    ):
        with pytest.raises(WrongCall, match="1"):
            call()


def test_nothing_to_chart_says_nothing():
    for chart in (xmr_chart([]), xmr_chart([math.nan]), c_chart([]), p_chart([], [])):
        assert not chart.signals.any() and chart.latest == "" and math.isnan(chart.centre)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-50, 50), min_size=3, max_size=40), st.integers(-5, 5), st.sampled_from([0.5, 1, 4]))
def test_a_chart_follows_shift_scale_and_mirror(values, shift, scale):
    plain, moved = xmr_chart(values), xmr_chart([scale * value + shift for value in values])
    mirrored = xmr_chart([-value for value in values])
    assert moved.rules == plain.rules == mirrored.rules
    assert (moved.sides == plain.sides).all() and (mirrored.sides == -plain.sides).all()
    assert moved.high == pytest.approx(scale * plain.high + shift, nan_ok=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=1, max_size=40))
def test_missing_points_change_nothing_for_the_rest(values):
    series = np.array([math.nan if value is None else value for value in values])
    chart, known = c_chart(series), c_chart(series[~np.isnan(series)])
    assert [rule for rule, value in zip(chart.rules, series, strict=True) if not math.isnan(value)] == list(known.rules)


def test_a_missing_point_has_no_range_to_its_neighbours():
    # NHSRplotthedots and qicharts2 take abs(diff(y)): a missing y leaves out both ranges beside it. Ranges 1, 1, 1, 2;
    # mean 1.25; mean of the points 14 / 6.
    chart = xmr_chart([1, 2, 3, math.nan, 1, 2, 4, math.nan], screen=False)
    assert chart.centre == pytest.approx(13 / 6)
    assert chart.high[0] - chart.centre == pytest.approx(2.66 * (1 + 1 + 1 + 2) / 4)
    # qicharts2 takes an excluded point out first: the range goes over it, 3 to 1.
    ghosted = xmr_chart([1, 2, 3, 9, 1, 2, 4], screen=False, plan=ChartPlan(ghosts=frozenset({3})))
    assert ghosted.high[0] - ghosted.centre == pytest.approx(2.66 * (1 + 1 + 2 + 1 + 2) / 5)


@pytest.mark.parametrize("level", [0.1, 0.3, 0.7, 1 / 3, 5.1, 52.4])
@pytest.mark.parametrize("n", [7, 10, 12, 13, 24])
def test_a_series_that_never_moves_has_no_signal(level, n):
    # The mean of n equal numbers may differ from them in the last digit.
    for chart in (xmr_chart([level] * n), u_chart([level * 3] * n, [3] * n), p_chart([3] * n, [30] * n)):
        assert not chart.signals.any()
    assert run_chart([level] * n).n_useful == 0


def test_rounding_is_no_trend():
    # 0.1 + 0.2 is not 0.3 to a computer; the shares are alike to everybody else.
    assert not trend([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3, 0.4]).any()
    assert one_side([0.3] * 3 + [0.1 + 0.2] * 4, 0.3).tolist() == [0] * 7


def test_near_a_limit_is_two_standard_deviations_also_where_the_limit_is_cut():
    # Mean 61 / 16 = 3.8125, three spreads 5.858: the lower limit, -2.05, is cut to 0. Two spreads below the mean is
    # -0.09: two counts of 1 are 1.4 spreads below, no signal.
    chart = c_chart([4, 5, 4, 6, 3, 5, 4, 4, 5, 3, 4, 5, 1, 1, 3, 4])
    assert chart.low[0] == 0 and not chart.signals.any()
    # Mean 6, three spreads 7.35, cut to 0; two spreads below is 1.10: counts of 1 are near the limit.
    counts = [6, 7, 6, 8, 6, 7, 6, 8, 6, 7, 6, 8, 7, 6, 1, 1, 6, 6]
    assert sum(counts) == 6 * len(counts)
    assert [at for at, rule in enumerate(c_chart(counts).rules) if rule == "two_in_three"] == []
    assert c_chart(counts[:14] + [1, 1, 5, 7]).rules[14:16] == ("two_in_three",) * 2
    # Shares of 4: limits 0.5 +- 0.75 are cut on both sides; two spreads above the mean is 1.0, and 1.0 is not above it.
    assert not p_chart([2, 1, 3, 4, 4, 3, 1, 0, 0, 2], [4] * 10).signals.any()


def test_where_ranges_tell_nothing_there_are_no_limits():
    # Screening would leave ranges of 0 alone, and limits of no width mark everything: the outlier is then kept.
    rare = xmr_chart([1] * 6 + [5])
    assert rare.high[0] == pytest.approx(11 / 7 + 2.66 * 4 / 6) and rare.signals.tolist() == [False] * 6 + [True]
    silent = xmr_chart([1, 1, math.nan, 0])
    assert math.isnan(silent.high[0]) and not silent.signals.any()


def test_moving_ranges_equal_montgomery():
    # Montgomery, Introduction to Statistical Quality Control, mortgage loan costs: 20 values, mean 300.5, mean moving
    # range 7.79; limits of the values 279.78 and 321.22, of the ranges 0 and 25.45; nothing is out of control.
    loans = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
    values, ranges = xmr_chart(loans), moving_range_chart(loans)
    assert (values.centre, values.low[0], values.high[0]) == pytest.approx((300.5, 279.78, 321.22), abs=0.01)
    assert math.isnan(ranges.values[0]) and ranges.values[1:4].tolist() == [22, 9, 1]
    assert (ranges.centre, ranges.low[1], ranges.high[1]) == pytest.approx((7.79, 0, 25.45), abs=0.01)
    assert not values.signals.any() and not ranges.signals.any()
    assert moving_range_chart(loans[:11]).is_trial and not moving_range_chart(loans[:12]).is_trial
    # Limits of the first three points: ranges 22 and 9.
    assert moving_range_chart(loans, plan=ChartPlan(baseline_points=3)).centre == 15.5
    jump = moving_range_chart([*loans, 360])
    assert jump.rules[-1] == "beyond_limits" and jump.signals.sum() == 1
    anew = moving_range_chart([1, 2, 1, 2, 11, 12, 11], plan=ChartPlan(rebased={4: "new law"}))
    assert anew.values.tolist()[1:4] == [1, 1, 1] and math.isnan(anew.values[4]) and anew.centre == 1


# Montgomery, purchase orders: orders with an error among those of 25 weeks.
ERRORS = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
ORDERS = [
    100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90
]  # fmt: skip


def test_p_chart_of_varying_totals_equals_montgomery():
    # 234 / 2450 = 0.0955; limits of 100 orders 0.007 and 0.184; week 11 alone is out.
    chart = p_chart(ERRORS, ORDERS)
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((0.0955, 0.0073, 0.1837), abs=1e-4)
    assert [at + 1 for at, rule in enumerate(chart.rules) if rule == "beyond_limits"] == [11]


def test_u_chart_of_varying_exposure_equals_montgomery():
    # Montgomery, dyed cloth: 153 nonconformities in 107.5 units; 1.42; first limits 0.29 and 2.56.
    chart = u_chart([14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5])
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((1.42, 0.29, 2.56), abs=5e-3)
    assert not beyond_limits(chart.values, chart.low, chart.high).any()


@pytest.mark.parametrize(
    "call",
    [
        lambda: p_chart([1, 2, 3], [10]),
        lambda: p_chart([1, 2], [10, -10]),
        lambda: p_chart([1, 2], [10, 0]),
        lambda: u_chart([1], [1, 2]),
        lambda: xmr_chart(["a", 2]),
        lambda: xmr_chart([1, math.inf]),
        lambda: run_chart([1, "2x"]),
        lambda: xmr_chart([1, 2, 3], plan=ChartPlan(direction="high")),
        lambda: xmr_chart([1, 2, 3], plan=ChartPlan(baseline_points=-3)),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(call):
    with pytest.raises(WrongCall) as refused:
        call()
    assert all(problem.message(lang) for problem in refused.value.problems for lang in LANGUAGES)


def test_a_missing_value_may_be_written_in_any_way():
    for nothing in (None, math.nan, pd.NA, np.nan):
        chart = xmr_chart([1, nothing, 2, 3])
        assert chart.centre == 2 and math.isnan(chart.values[1])


def test_run_chart_points_by_hand():
    # Median 3. Above: points 2, 3, 4 and 8; below: 1, 5, 6 and 9; point 7 lies on it and does not break a run.
    chart = run_chart([1, 5, 6, 5, 2, 1, 3, 4, 2])
    assert chart.sides.tolist() == [-1, 1, 1, 1, -1, -1, 0, 1, -1]
    assert chart.in_longest_run.tolist() == [False, True, True, True] + [False] * 5
    over = run_chart([1, 5, 3, 6, math.nan, 7, 1, 2, 2], centre=3)
    assert np.flatnonzero(over.in_longest_run).tolist() == [1, 3, 5] and over.longest_run == 3


def test_limits_of_runs_and_crossings_as_published():
    # Anhøj and Olesen 2014, PLOS ONE 9(11) e113825: useful points, longest run, fewest crossings.
    published = {
        10: (6, 2), 11: (6, 2), 12: (7, 3), 13: (7, 3), 14: (7, 4), 15: (7, 4), 16: (7, 4), 17: (7, 5), 18: (7, 5),
        19: (7, 6), 20: (7, 6), 21: (7, 6), 22: (7, 7), 23: (8, 7), 24: (8, 8), 25: (8, 8), 26: (8, 8), 27: (8, 9),
        28: (8, 9), 29: (8, 10), 30: (8, 10),
    }  # fmt: skip
    assert {n: (longest_run_limit(n), crossings_limit(n)) for n in published} == published
