"""Control charts: special causes in order and by side, events, ghosted points, assurance, textbook limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import WrongCall
from helhed.monitoring import ChartPlan, assurance, c_chart, p_chart, u_chart, xmr_chart
from helhed.monitoring.special_causes import beyond_limits, kind_of, special_causes, trend, two_in_three

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
    chart, known = xmr_chart(series), xmr_chart(series[~np.isnan(series)])
    assert [rule for rule, value in zip(chart.rules, series, strict=True) if not math.isnan(value)] == list(known.rules)
