"""The page's sums are those of the rooms: power, break-even, budget, numbers in words."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.browser import money, power
from helhed.browser.words import Words, table
from helhed.economy import break_even
from helhed.evaluation import detectable_effect
from helhed.profile import declared_entries
from helhed.staffing.budget import budget
from helhed.texts import day, kroner, number, percent

DEFAULTS = {key: entry.default for key, entry in declared_entries().items()}
AMOUNTS = {
    "coordination_dkk": st.floats(0, 50_000),
    "extra_measures_dkk": st.floats(-20_000, 50_000),
    "enrolled_months": st.floats(0, 60),
    "adults_moved": st.floats(0, 3),
    "move_month": st.floats(0, 60),
    "benefit_saved_dkk": st.floats(0, 30_000),
    "fade_per_year": st.floats(0, 1.5),
    "discount_rate": st.floats(0, 0.15),
}


@pytest.mark.parametrize("groups", [(2, 2), (3, 2), (5, 9), (20, 40), (100, 300), (1500, 60)])
def test_the_smallest_change_is_that_of_the_evaluation(groups):
    assert power.detectable_effect(*groups, 0.4) == pytest.approx(detectable_effect(*groups, 0.4), rel=1e-5)


@pytest.mark.parametrize("unknown", [(1, 20, 0.4), (20, 1, 0.4), (20, 20, 0.0), (20, 20, math.nan)])
def test_what_nobody_can_know_is_said_to_be_so(unknown):
    assert power.detectable_effect(*unknown) is None


@settings(max_examples=60)
@given(st.fixed_dictionaries(AMOUNTS), st.integers(1, 180))
def test_break_even_is_that_of_the_economy(inputs, horizon):
    theirs = break_even.net_curve(inputs, horizon)
    mine = money.net_curve(inputs, horizon)
    assert mine == pytest.approx(theirs.tolist(), rel=1e-9, abs=1e-6)
    month = break_even.break_even_month(theirs)
    assert money.break_even_month(mine) == (None if math.isnan(month) else int(month))
    ranges = {name: break_even.Range(value, value, value) for name, value in inputs.items()}
    needed = break_even.moved_needed(ranges, horizon)
    found = money.moved_needed(inputs, horizon)
    if found is not None and found < 1e6:
        assert found == pytest.approx(needed, rel=1e-6, abs=1e-9)


@settings(max_examples=40)
@given(st.floats(0, 40), st.floats(0, 1e6), st.floats(0, 5e5))
def test_the_budget_is_that_of_the_staffing(posts, premises, evaluation):
    chosen = DEFAULTS | {"staffing.premises_dkk_per_year": premises, "staffing.evaluation_dkk_per_year": evaluation}
    theirs = budget(posts, 10.0, chosen).set_index("item")["per_month_dkk"]
    mine = money.monthly_costs(posts, chosen)
    assert {**mine, "total": sum(mine.values())} == pytest.approx(theirs.to_dict())
    a_year = sum(mine.values()) * 12
    assert money.posts_paid(a_year, chosen) == pytest.approx(posts, abs=1e-6)
    assert money.posts_paid(premises / 2, chosen) == 0.0 or premises == 0


@settings(max_examples=200)
@given(st.floats(-1e9, 1e9), st.integers(0, 3), st.sampled_from(["da", "en"]))
def test_numbers_are_written_as_everywhere_in_the_kit(value, decimals, lang):
    words = Words(lang, {})
    shown = number(value, lang, decimals)
    is_nothing = not set(shown) & set("123456789")
    # The kit writes a nothing that came from below with a minus in front; the page does not.
    assert words.number(value, decimals) == (shown.lstrip("-") if is_nothing else shown)
    assert words.share(abs(round(value / 1e9, 6)), 1) == percent(abs(round(value / 1e9, 6)), lang, 1)
    assert is_nothing or decimals or words.kroner(value) == kroner(value, lang)


@given(st.dates())
def test_dates_are_written_as_everywhere_in_the_kit(when):
    for lang in ("da", "en"):
        assert Words(lang, {}).day(when) == day(when, lang)


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_missing_number_is_a_dash(missing):
    words = Words("da", {})
    assert {words.number(missing), words.share(missing), words.kroner(missing)} == {"–"}


def test_nothing_in_a_file_can_become_markup():
    html = table(["<b>"], [["<script>alert(1)</script>"]], "<i>")
    assert "<script" not in html and "<b>" not in html and "&lt;script&gt;" in html
