"""Present value, internal rate and the state's refund against published examples and cases worked by hand."""

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.economy import (
    Range,
    Steps,
    benefit_split,
    checked_shares,
    expensive_case_refund,
    families_to_break_even,
    internal_rate,
    modified_internal_rate,
    monthly_price,
    net_present_value,
    steps_on,
)
from helhed.errors import WrongCall


@pytest.mark.parametrize(
    ("rate", "amounts", "timing", "expected"),
    [
        # Microsoft's documentation of NPV: all amounts at the end of their year.
        (0.10, [-10_000, 3_000, 4_200, 6_800], "end", 1188.44),
        # numpy-financial's documentation of npv: the first amount falls at once.
        (0.08, [-40_000, 5_000, 8_000, 12_000, 30_000], "start", 3065.22),
    ],
)
def test_net_present_value_as_published(rate, amounts, timing, expected):
    assert net_present_value(amounts, rate, periods_per_year=1, timing=timing) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        # Microsoft's documentation of IRR after five and four years; numpy-financial's documentation of irr.
        ([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], 0.0866),
        ([-70_000, 12_000, 15_000, 18_000, 21_000], -0.0212),
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, 7], 0.06206),
        # Brealey and Myers, Principles of Corporate Finance, chapter 5: 28 per cent.
        ([-4_000, 2_000, 4_000], 0.28078),
    ],
)
def test_internal_rate_as_published(amounts, expected):
    found = internal_rate(amounts, periods_per_year=1)
    assert found.value == pytest.approx(expected, abs=5e-5) and found.warning == ""


def test_annuity_and_mortgage_as_in_the_tables():
    # The annuity factor of 10 years at 5 % is 7.7217. A loan of 100,000 at 6 % a year, put to it by the month, is paid
    # off with 599.55 in each of 360 months: half a per cent a month is 6.168 % a year.
    assert net_present_value([1_000] * 10, 0.05, 1) == pytest.approx(7_721.73, abs=0.01)
    assert net_present_value([599.55] * 360, 1.005**12 - 1) == pytest.approx(100_000, abs=1)
    assert internal_rate([-100_000] + [599.55] * 360).value == pytest.approx(0.061678, abs=2e-6)


def test_two_rates_and_none_of_brealey_and_myers():
    # Principles of Corporate Finance, chapter 5: a mine that must be tidied up has -50 % and 15.2 %; another case none.
    mine = internal_rate([-1_000, 800, 150, 150, 150, 150, -150], 1)
    assert mine.rates == pytest.approx((-0.5, 0.152), abs=5e-4) and mine.warning == "several_rates"
    assert internal_rate([1_000, -3_000, 2_500], 1).warning == "none_found"


def test_two_rates_are_no_answer():
    # The textbook oil pump (Lorie and Savage 1955): -1,600, 10,000, -10,000 has the rates 25 % and 400 %.
    found = internal_rate([-1600, 10_000, -10_000], periods_per_year=1)
    assert found.rates == pytest.approx((0.25, 4.0)) and found.warning == "several_rates"
    assert math.isnan(found.value) and found.n_sign_changes == 2


def test_every_rate_of_three_is_found():
    # (1 - 1.1 x)(1 - 1.2 x)(1 - 1.3 x) = 0 at 10, 20 and 30 %; a rate that touches zero twice is one rate.
    found = internal_rate([-1000, 3600, -4310, 1716], periods_per_year=1)
    assert found.rates == pytest.approx((0.1, 0.2, 0.3)) and found.warning == "several_rates"
    touching = internal_rate([-1, 2.2, -1.21], periods_per_year=1)
    assert touching.rates == pytest.approx((0.1,), abs=1e-6) and touching.warning == "several_sign_changes"
    # Ten years of months: the polynomial is solved as well as by bracketing.
    months = internal_rate([-100.0] + [1.0] * 119 + [0.5])
    assert months.value == pytest.approx(0.03725816, abs=1e-7)


@pytest.mark.parametrize(
    ("amounts", "finance", "reinvest", "expected"),
    [
        # numpy-financial's documentation of mirr; Microsoft's documentation of MIRR after five and after three years.
        ([-100, 50, -60, 70], 0.10, 0.12, -0.03909366594356467),
        ([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12, 0.126094),
        ([-120_000, 39_000, 30_000, 21_000], 0.10, 0.12, -0.048044),
    ],
)
def test_modified_internal_rate_as_published(amounts, finance, reinvest, expected):
    assert modified_internal_rate(amounts, finance, reinvest, 1) == pytest.approx(expected, abs=1e-6)
    assert math.isnan(modified_internal_rate([1, 2], finance, reinvest, 1))


def test_other_traps_are_named():
    assert internal_rate([-1, -1]).warning == "no_sign_change"
    assert internal_rate([100, -110], 1).warning == "income_first"
    assert internal_rate([-1, 3, -2.5], 1).warning == "none_found"
    assert internal_rate([-100, 230, -10], 1).warning in {"several_rates", "several_sign_changes"}


def test_months_are_compounded_to_years():
    # 1 % a month is 12.68 % a year.
    assert internal_rate([-100, 101]).value == pytest.approx(1.01**12 - 1)
    assert net_present_value([0] * 11 + [110], 0.10) == pytest.approx(100)
    assert net_present_value([110], 0.10, 1, "middle") == pytest.approx(110 / math.sqrt(1.1))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 100), min_size=1, max_size=12), st.integers(1, 500))
def test_at_its_internal_rate_a_case_is_worth_nothing(income, cost):
    amounts = [-cost, *income]
    found = internal_rate(amounts, 1)
    if not math.isnan(found.value):
        assert net_present_value(amounts, found.value, 1) == pytest.approx(0, abs=1e-5 * cost)


def test_assens_arithmetic():
    # Assens: 4.9 million saved is 56 % of the investment, so 8.75 million for 50 families is 175,000 kr. a family, and
    # another 3.85 million is missing.
    investment = 4.9e6 / 0.56
    assert (investment, investment / 50, investment - 4.9e6) == pytest.approx((8.75e6, 175_000, 3.85e6))
    assert families_to_break_even(investment, 4.9e6 / 50) == 90  # 89.3 families with the same saving each
    assert math.isnan(families_to_break_even(1, 0))
    assert str(families_to_break_even(-1, 10)) == "0.0"


def test_refund_steps_by_week():
    # 80 % for four weeks, 40 % for weeks 5-26, 30 % for weeks 27-52, then 20 %.
    numbers = [1, 4, 5, 26, 27, 52, 53, 400]
    weeks = pd.DataFrame({"week_start": pd.Timestamp("2024-01-01"), "week_number": numbers, "paid_dkk": 1000.0})
    split = benefit_split(weeks)
    assert split["state_dkk"].tolist() == pytest.approx([800, 800, 400, 400, 300, 300, 200, 200])
    assert (split["state_dkk"] + split["municipality_dkk"]).eq(1000).all()
    # A year on benefits: (4 x 80 + 22 x 40 + 26 x 30) / 52 = 38.1 %.
    year = pd.DataFrame({"week_start": pd.Timestamp("2024-01-01"), "week_number": range(1, 53), "paid_dkk": 1.0})
    assert benefit_split(year)["state_dkk"].mean() == pytest.approx(0.3808, abs=1e-4)


def test_refund_of_an_expensive_case_by_hand():
    # 2022: 25 % of 820,000 above 860,000 (205,000), 50 % of the next 440,000 (220,000), 75 % of 380,000 (285,000).
    assert expensive_case_refund(2_500_000, date(2022, 5, 1)) == pytest.approx(710_000)
    assert expensive_case_refund(860_000, date(2022, 5, 1)) == 0
    assert expensive_case_refund(900_000, date(2021, 5, 1)) == pytest.approx(17_500)


def test_what_cannot_be_computed_is_refused():
    weeks = pd.DataFrame({"week_start": [pd.Timestamp("2010-01-04")], "week_number": [1], "paid_dkk": [1.0]})
    for call in (
        lambda: benefit_split(weeks),
        lambda: benefit_split(weeks.assign(week_start=pd.Timestamp("2024-01-01"), week_number=0)),
        lambda: checked_shares({"municipality": 0.6, "state": 0.5}),
        lambda: checked_shares({"municipality": 1.2, "state": -0.2}),
        lambda: expensive_case_refund(math.nan, date(2022, 1, 1)),
        lambda: net_present_value([1, math.nan], 0.03),
        lambda: net_present_value([1], -1.5),
        lambda: net_present_value([1], 0.1, timing="later"),
        lambda: internal_rate([]),
        lambda: internal_rate([[1, 2], [3, 4]]),
        lambda: internal_rate(["a", 1]),
        lambda: net_present_value([1], 0.1, periods_per_year=0),
        lambda: monthly_price({"year": 2024}),
        lambda: benefit_split(weeks.assign(week_start=pd.Timestamp("2024-01-01"), week_number=math.nan)),
        lambda: benefit_split(
            weeks.assign(week_start=pd.Timestamp("2024-01-01"), week_number=9),
            {"benefit": [Steps(date(2020, 1, 1), (4,), (0.8,), "x")]},
        ),
        lambda: Steps(date(2020, 1, 1), (26, 4), (0.8, 0.4, 0.2), "x"),
        lambda: Steps(date(2020, 1, 1), (4,), (1.8, 0.4), "x"),
        lambda: net_present_value([1], None),
        lambda: net_present_value([1], "0,03"),
        lambda: net_present_value(["1", "2"], 0.03),
        lambda: net_present_value([1], 0.1, timing=1),
        lambda: internal_rate([-1, 2], "12"),
        lambda: internal_rate([-1, 2], 10**9),
        lambda: modified_internal_rate([-1, 2], 0.1, None),
        lambda: modified_internal_rate([-1, 2], 0.1, 0.1, 0),
        lambda: families_to_break_even("1", 2),
        lambda: monthly_price({"year": "2024", "dkk_per_month": 3}),
        lambda: monthly_price({"year": 2024, "dkk_per_month": None}),
        lambda: checked_shares({"municipality": None, "state": 0.5}),
        lambda: steps_on("benefit", "2024-01-01"),
        lambda: steps_on("benefits", date(2024, 1, 1)),
        lambda: expensive_case_refund(1e6, None),
        lambda: Range(1, "2", 3),
        lambda: benefit_split(None),
        lambda: benefit_split(weeks.drop(columns="paid_dkk")),
        lambda: benefit_split(weeks.assign(week_start=pd.NaT)),
        lambda: benefit_split(weeks.assign(week_start=pd.Timestamp("2024-01-01"), week_number="1")),
    ):
        with pytest.raises(WrongCall) as refused:
            call()
        messages = [[problem.message(lang) for lang in ("da", "en")] for problem in refused.value.problems]
        assert messages and all(da != en and "{" not in da + en for da, en in messages)
    # What is written otherwise is the same: a time of the day, decimals, a column of a table.
    assert steps_on("benefit", pd.Timestamp("2024-01-01 12:00")) == steps_on("benefit", date(2024, 1, 1))
    flows = pd.Series([-100, 60, 60], dtype="Int64", index=[3, 3, 1])
    assert internal_rate(flows, 1) == internal_rate([Decimal(-100), 60.0, 60], Decimal(1))
    assert math.isnan(families_to_break_even(None, 2)) and math.isnan(families_to_break_even(1, None))
    assert checked_shares({"municipality": 0.8, "state": 0.2})["state"] == 0.2


def test_own_steps_go_before_the_declared_ones():
    own = {"benefit": [Steps(date(2020, 1, 1), (), (0.5,), "own")]}
    weeks = pd.DataFrame({"week_start": [pd.Timestamp("2024-01-01")], "week_number": [3], "paid_dkk": [100.0]})
    assert benefit_split(weeks, own)["state_dkk"].tolist() == [50]
    assert np.isclose(benefit_split(weeks)["state_dkk"], 80).all()
