"""What cannot carry an estimate is refused in words, and ways to write the same thing give the same answer."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helhed import evaluation as ev
from helhed.errors import WrongCall

DATA = Path(__file__).parents[1] / "known/published"
RNG = np.random.default_rng(1)
TWO_PERIODS = pd.DataFrame(
    {"family_id": list("aabbccdd"), "is_enrolled": [True] * 4 + [False] * 4, "is_after": [False, True] * 4, "y": 1.0}
)
STATES = pd.DataFrame({name: [1.0, 2, 3, 5] for name in "ABCDE"}, index=range(2020, 2024))
LONG = pd.DataFrame(
    {"unit": np.repeat(range(6), 3), "period": [1, 2, 3] * 6, "start": [2.0] * 9 + [np.nan] * 9, "outcome": range(18)}
)
DATES = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"] * 6)
COUNTS = [5, 6, 7, 6, 5, 6, 7, 6, 5, 6] * 3
REFUSED = {
    "denominator": lambda: ev.balance_table(pd.DataFrame({"x": [1.0, 2]}), [True, False], ["x"], denominator="pool"),
    "covariate": lambda: ev.balance_table(pd.DataFrame({"x": [1.0, 2]}), [True, False], ["y"]),
    "text": lambda: ev.balance_table(pd.DataFrame({"x": ["a", "b"]}), [True, False], ["x"]),
    "lengths": lambda: ev.nearest_neighbours([0.1, 0.2, 0.3], [True, False]),
    "strata_lengths": lambda: ev.exact_strata(pd.DataFrame({"a": [1, 2]}), [True], ["a"]),
    "propensity_gap": lambda: ev.propensity(pd.DataFrame({"x": [1.0, np.nan, 2]}), [True, False, True]),
    "odds_of_one": lambda: ev.odds_weights([1.0, 1.0], [True, False]),
    "balance_gap": lambda: ev.entropy_balance([[1.0], [np.nan]], [0.5]),
    "balance_nobody": lambda: ev.entropy_balance(np.empty((0, 1)), [0.5]),
    "balance_no_table": lambda: ev.entropy_balance([1.0, 2.0], [1.5]),
    "confidence": lambda: ev.difference_in_changes([1, 2, 3, 4], [1, 1, 0, 0], confidence=95),
    "change_lengths": lambda: ev.difference_in_changes([1, 2, 3], [True, False]),
    "infinite_change": lambda: ev.difference_in_changes([1, 2, np.inf, 4], [1, 1, 0, 0]),
    "doubled_family": lambda: ev.difference_in_differences(pd.concat([TWO_PERIODS, TWO_PERIODS]), "y"),
    "in_both_groups": lambda: ev.difference_in_differences(
        TWO_PERIODS.assign(is_enrolled=TWO_PERIODS["is_enrolled"] & TWO_PERIODS["is_after"]), "y"
    ),
    "after_as_words": lambda: ev.difference_in_differences(TWO_PERIODS.assign(is_after=["before", "after"] * 4), "y"),
    "after_as_codes": lambda: ev.difference_in_differences(TWO_PERIODS.assign(is_after=[1, 2] * 4), "y"),
    "dates_of_a_zone": lambda: ev.group_time_effects(LONG.assign(period=DATES.tz_localize("Europe/Copenhagen"))),
    "start_as_text": lambda: ev.synthetic_control(STATES, "A", "2022"),
    "no_states": lambda: ev.synthetic_control(None, "A", 2022),
    "no_outcome": lambda: ev.difference_in_differences(TWO_PERIODS, "z"),
    "no_draws": lambda: ev.randomisation_p([1, 2, 3, 4], [1, 1, 0, 0], 0, RNG),
    "no_draws_of_pairs": lambda: ev.paired_randomisation_p([1, 2, 3], 0, RNG),
    "power": lambda: ev.families_needed(0.5, 1.0, power=1.0),
    "doubled_unit": lambda: ev.group_time_effects(pd.concat([LONG, LONG])),
    "start_changes": lambda: ev.group_time_effects(LONG.assign(start=LONG["period"])),
    "dates": lambda: ev.group_time_effects(LONG.assign(period=DATES)),
    "comparison": lambda: ev.group_time_effects(LONG, "nevr"),
    "no_start": lambda: ev.group_time_effects(LONG.drop(columns="start")),
    "average_by": lambda: ev.effects_by(ev.group_time_effects(LONG), "calendar"),
    "doubled_state": lambda: ev.synthetic_control(pd.concat([STATES, STATES], axis=1), "A", 2022),
    "doubled_year": lambda: ev.synthetic_control(pd.concat([STATES, STATES]), "A", 2022),
    "infinite_state": lambda: ev.synthetic_control(STATES.assign(B=np.inf), "A", 2022),
    "text_state": lambda: ev.synthetic_control(STATES.astype(object).assign(B="x"), "A", 2022),
    "two_others": lambda: ev.placebo_ranks(STATES[["A", "B", "C"]], "A", 2022),
    "none_after": lambda: ev.interrupted_series([5] * 20 + [0] * 20, [100] * 40, 20, waves=0),
    "none_before": lambda: ev.interrupted_series([0] * 20 + [5] * 20, [100] * 40, 20, waves=0),
    "followed_exactly": lambda: ev.interrupted_series([5] * 40, [100] * 40, 20, waves=0),
    "too_many_waves": lambda: ev.interrupted_series(COUNTS, [100] * 30, 15, waves=7),
    "series_lengths": lambda: ev.interrupted_series(COUNTS, [100] * 20, 15),
    # Groups written as 1 and 2, as words, or with a gap would all count as treated.
    "groups_as_codes": lambda: ev.difference_in_changes([1, 2, 3, 4], [1, 1, 2, 2]),
    "groups_as_words": lambda: ev.randomisation_p([1, 2, 3, 4], ["ja", "ja", "nej", "nej"], 9, RNG),
    "groups_with_a_gap": lambda: ev.difference_in_changes([1, 2, 3, 4], pd.array([True, True, None, False])),
    "no_table": lambda: ev.balance_table([1.0, 2.0], [True, False], ["x"]),
    "no_table_of_covariates": lambda: ev.propensity(np.ones((4, 1)), [1, 1, 0, 0]),
    "two_columns": lambda: ev.difference_in_pairs(np.ones((4, 2))),
    "one_value": lambda: ev.effective_sample_size(5),
    "texts": lambda: ev.odds_weights(["0.1", "0.2"], [True, False]),
    "weights_lengths": lambda: ev.simplex_weights(np.ones((4, 2)), [1.0, 2.0]),
    "no_neighbours": lambda: ev.nearest_neighbours([0.1, 0.2], [True, False], n_neighbours=0),
    "caliper": lambda: ev.nearest_neighbours([0.1, 0.2], [True, False], caliper="0,1"),
    "confidence_text": lambda: ev.difference_in_pairs([1.0, 2.0], confidence="95"),
    "confidence_none": lambda: ev.two_by_two(1, 2, 3, 4, None),
    "count_text": lambda: ev.changed_both_ways("8", 1),
    "sd_text": lambda: ev.detectable_effect(20, 20, "1"),
    "start_half": lambda: ev.interrupted_series(COUNTS, [100] * 30, 15.5),
    "month": lambda: ev.interrupted_series(COUNTS, [100] * 30, 15, first_calendar_month=0),
    "draws_half": lambda: ev.paired_randomisation_p([1, 2, 3], 2.5, RNG),
    "lot": lambda: ev.paired_randomisation_p([1, 2, 3], 9, "7"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_both_languages(case):
    with pytest.raises(WrongCall) as refused:
        REFUSED[case]()
    messages = [[problem.message(lang) for lang in ("da", "en")] for problem in refused.value.problems]
    assert messages and all(da and en and da != en for da, en in messages)


def test_never_may_be_written_in_three_ways():
    # R's did writes 0, others infinity. mpdta: -0.0400 (R's did, vignette).
    wide = pd.read_csv(DATA / "minimum_wage_counties.csv")
    long = wide.melt(["county", "first_treated"], var_name="period", value_name="outcome").astype({"period": int})
    long = long.rename(columns={"county": "unit", "first_treated": "start"}).astype({"start": float})
    for never in (0.0, np.inf, np.nan):
        frame = long.assign(start=long["start"].replace(0.0, never))
        found = ev.average_effect(ev.group_time_effects(frame, "never"))
        assert (found["effect"], found["standard_error"]) == pytest.approx((-0.03995132, 0.01203402), abs=1e-8)


def test_where_periods_begin_at_0_a_start_of_0_is_a_start():
    frame = LONG.assign(period=LONG["period"] - 1, start=LONG["start"] - 2)
    assert ev.group_time_effects(frame).table.empty


def test_one_treated_unit_has_an_effect_and_no_interval():
    rng = np.random.default_rng(2)
    frame = LONG.assign(start=LONG["start"].where(LONG["unit"] == 0), outcome=rng.normal(size=len(LONG)))
    effects = ev.group_time_effects(frame)
    assert effects.table["effect"].notna().all() and effects.table["standard_error"].isna().all()
    both = [ev.average_effect(effects), ev.effects_by(effects, "group")[1], ev.effects_by(effects, "period")[1]]
    assert all(np.isfinite(one["effect"]) and np.isnan(one["low"]) for one in both)
    assert ev.effects_by_time(effects)["standard_error"].isna().all()


def test_the_published_pre_trend_test_is_kept_from_few_families():
    # By simulation it rejects 48 of 100 where 20 families start in three quarters and nothing differs.
    rng = np.random.default_rng(3)

    def frame(n_per_group, n_never=60, n_periods=6):
        start = np.r_[np.repeat([2.0, 3.0, 4.0], n_per_group), np.full(n_never, np.nan)]
        n = len(start)
        return pd.DataFrame(
            {
                "unit": np.repeat(np.arange(n), n_periods),
                "period": np.tile(np.arange(n_periods), n),
                "start": np.repeat(start, n_periods),
                "outcome": rng.normal(size=n * n_periods),
            }
        )

    assert np.isnan(ev.pre_trend_p(ev.group_time_effects(frame(7))))
    p = [ev.pre_trend_p(ev.group_time_effects(frame(40))) for _ in range(120)]
    assert np.isfinite(p).all() and np.mean(np.array(p) < 0.05) < 0.13


@pytest.mark.parametrize("kind", ["bool", "boolean", "int64", "Int64", "category", "float32"])
def test_the_kind_and_the_index_of_a_column_decide_nothing(kind):
    # 1, 3 and 7 of 1, 2, 3, 5, 6 and 7: only 1, 5, 6 and 2, 3, 7 of the 20 ways are nearer to the middle.
    changes, enrolled = [1.0, 3.0, 7.0, 2.0, 5.0, 6.0], [True, True, True, False, False, False]
    index = [5, 5, 0, 2, 1, 9]
    values, groups = pd.Series(changes, index=index), pd.Series(enrolled, index=index).astype(kind)
    assert ev.difference_in_changes(values.astype("Float64"), groups) == ev.difference_in_changes(changes, enrolled)
    assert ev.randomisation_p(values, groups, 99, 1) == ev.randomisation_p(changes, enrolled, 99, 1) == 0.9
    assert ev.nearest_neighbours(values, groups).equals(ev.nearest_neighbours(changes, enrolled))
    frame = pd.DataFrame({"x": values})
    assert ev.balance_table(frame, groups, ["x"]).equals(ev.balance_table(frame, enrolled, ["x"]))
    assert ev.propensity(frame, groups) == pytest.approx(ev.propensity(frame.reset_index(drop=True), enrolled))


def test_what_is_not_known_gives_no_number():
    assert np.isnan(ev.detectable_effect(20, 20, None)) and np.isnan(ev.detectable_effect(20, None, 1.0))
    assert ev.families_needed(None, 1.0) is None


def test_nobody_and_nothing_to_balance():
    empty = ev.balance_table(pd.DataFrame({"x": pd.Series(dtype="float64")}), [], ["x"])
    assert len(empty) == 1 and empty.drop(columns="covariate").isna().all(axis=None)
    found = ev.entropy_balance(np.empty((4, 0)), [])
    assert found.is_reached and found.weights.tolist() == [0.25] * 4
    assert ev.families_needed(1e-9, 1.0) is None and ev.families_needed(0.5, 1.0, 0) is None


def test_strata_keep_an_index_that_repeats():
    frame = pd.DataFrame({"a": [1, 1, 2, 2]}, index=[0, 0, 0, 1])
    strata = ev.exact_strata(frame, [True, False, False, True], ["a"])
    assert strata.index.tolist() == [0, 0, 0, 1] and strata["weight"].tolist() == [1, 1, 1, 1]
