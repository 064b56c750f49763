"""The whole municipality: a planted shift is found, too little data are refused in words, and others are ranked."""

import numpy as np
import pandas as pd
import pytest

from helhed.evaluation.whole_municipality import among_others, notifications_over_time
from helhed.evaluation.whole_words import others_sentence, others_table, ratio_words, series_sentence
from helhed.figures.evaluation import series_picture

START = pd.Timestamp("2024-01-15")


def panel(factor, seed=1, months=36):
    rng = np.random.default_rng(seed)
    month = pd.date_range("2022-07-01", periods=months, freq="MS").as_unit("us")
    rate = np.where(month >= "2024-01-01", factor, 1.0) * 40
    return pd.DataFrame(
        {"family_id": "all", "month": month, "n_notifications": rng.poisson(rate).astype(float), "n_children": 2000}
    )


@pytest.mark.parametrize(("factor", "word"), [(0.5, "fewer than before"), (2.0, "more than before"), (1.0, "cannot")])
def test_a_planted_shift_is_found(factor, word):
    series = notifications_over_time(panel(factor), START)
    level = series.found.level
    assert level.low < factor < level.high
    assert word in series_sentence(series, "en")
    # Without the start the model's events after it are larger by just the ratio that it found.
    expected = series.found.expected / series.found.expected_without
    np.testing.assert_allclose(expected, np.where(series.months["month"] >= "2024-01-01", level.value, 1.0))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_start_without_months_before_gives_a_message_and_no_number(lang):
    series = notifications_over_time(panel(0.5), pd.Timestamp("2022-08-01"))
    assert series.found is None
    assert series_sentence(series, lang) == series.problems[0].message(lang)
    nothing = notifications_over_time(panel(0.5).assign(n_notifications=np.nan), START)
    assert nothing.found is None and series_sentence(nothing, lang)


def test_a_month_without_counts_in_the_middle_gives_a_message_and_no_number():
    gap = panel(0.5)
    gap.loc[7, "n_notifications"] = np.nan
    series = notifications_over_time(gap, START)
    assert series.found is None and "count" in series_sentence(series, "en")


def test_the_picture_says_what_was_counted():
    series = notifications_over_time(panel(0.5), START)
    words = ratio_words(series.found.level, "en")
    picture = series_picture(series.months, words, START, "en", True)
    before = series.months.loc[series.months["month"] < "2024-01-01", "n_notifications"].mean() / 2
    assert f"the mean is {before:.1f} before" in picture.alt
    assert words["value"] in picture.caption


def official(n_areas, n_periods=16, drop=10.0):
    """Return quarterly figures: the first municipality is the mean of the next two until it loses ``drop`` per cent."""
    rng = np.random.default_rng(6)
    periods = pd.date_range("2021-01-01", periods=n_periods, freq="QS").as_unit("us")
    areas = {str(100 + i): 200 + 10 * i + rng.normal(0, 6, n_periods).cumsum() for i in range(1, n_areas)}
    own = (areas["101"] / areas["101"][:12].mean() + areas["102"] / areas["102"][:12].mean()) / 2 * 150
    areas["100"] = own * np.where(np.arange(n_periods) >= 12, 1 - drop / 100, 1.0)
    rows = [
        (code, f"By {code}", "kontanthjaelp", period, "quarter", "persons", value)
        for code, values in areas.items()
        for period, value in zip(periods, values, strict=True)
    ]
    columns = ["area_code", "area_name", "series", "period_start", "period_kind", "unit", "value"]
    return pd.DataFrame(rows, columns=columns)


def test_the_mix_that_was_planted_is_found_and_the_fall_with_it():
    found = among_others(official(21), "100", START)
    assert found.own_name == "By 100"
    assert found.control.weights[["By 101", "By 102"]].to_numpy() == pytest.approx([0.5, 0.5], abs=1e-4)
    mix = found.control.gaps[found.control.gaps.index >= 0]
    assert (mix < -8).all()
    assert found.p == pytest.approx(1 / 21)
    assert "is rare without a reason" in others_sentence(found, 0.05, "en")
    assert others_table(found, "da").frame["unit"].iloc[0] == "By 100"


@pytest.mark.parametrize(("n_areas", "can"), [(2, False), (3, False), (4, True), (5, True)])
def test_each_other_is_tried_in_turn_so_there_must_be_three(n_areas, can):
    found = among_others(
        official(max(n_areas, 3)).query(f"area_code in {['100', '101', '102', '103', '104'][:n_areas]}"), "100", START
    )
    assert (found is not None) == can
    assert others_sentence(found, 0.05, "da")


def test_few_municipalities_can_never_be_beyond_chance():
    found = among_others(official(10), "100", START)
    assert "Hent tal for flere kommuner" in others_sentence(found, 0.05, "da")
    assert "is rare without a reason" in others_sentence(found, 0.1, "en")
    still = among_others(official(10, drop=0.0), "100", START)
    assert "occurs without any effort" in others_sentence(still, 0.1, "en")


@pytest.mark.parametrize(
    "figures",
    [
        official(21).head(0),
        official(21)[lambda rows: rows["area_code"] == "100"],
        official(21)[lambda rows: rows["area_code"] != "100"],
        official(21)[lambda rows: rows["period_start"] >= "2023-07-01"],
        official(21).assign(value=lambda rows: rows["value"].mask(rows["period_start"] == "2022-01-01")),
    ],
    ids=["nothing", "alone", "absent", "late", "gap"],
)
def test_where_there_is_too_little_there_is_a_message_and_no_number(figures):
    assert among_others(figures, "100", START) is None
    assert "alle kommuner valgt" in others_sentence(None, 0.05, "da")
