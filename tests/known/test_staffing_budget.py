"""The budget worked out by hand: items, years with rising prices, own financing, the grants of the pioneers."""

from datetime import date

import pytest

from helhed.profile import Setting, declared_entries
from helhed.profile.reading import Profile
from helhed.staffing import budget, grants

PLAIN = {
    "salary_dkk_per_year": 480000.0,
    "overhead_share": 0.0,
    "training_dkk_per_post": 0.0,
    "premises_dkk_per_year": 0.0,
    "evaluation_dkk_per_year": 0.0,
    "price_growth": 0.0,
    "grant_dkk": 8300000.0,
    "grant_months": 24,
}


@pytest.fixture
def priced(tmp_path):
    def make(**values):
        settings = {key: Setting(value=entry.default) for key, entry in declared_entries().items()}
        settings["data.to_date"] = Setting(value=date(2025, 12, 31))
        for name, value in (PLAIN | values).items():
            settings[f"staffing.{name}"] = Setting(value=value)
        return Profile("Prøve", "0000", "none", tmp_path, True, settings, {})

    return make


def test_budget_by_hand(priced):
    profile = priced(
        overhead_share=0.25,
        training_dkk_per_post=12000.0,
        premises_dkk_per_year=240000.0,
        evaluation_dkk_per_year=60000.0,
    )
    table = budget.budget(3, 24, profile).set_index("item")
    # Pay 3 x 480,000 / 12 = 120,000; a quarter on top 30,000; training 3 x 1,000; a house 20,000; evaluation 5,000.
    assert table["per_month_dkk"].to_dict() == {
        "salary": 120000, "overhead": 30000, "training": 3000, "premises": 20000, "evaluation": 5000, "total": 178000,
    }  # fmt: skip
    assert table.loc["total", "per_year_dkk"] == 2136000
    assert table.loc["total", "per_family_dkk"] == pytest.approx(178000 / 24)
    assert budget.budget(3, 0, profile)["per_family_dkk"].isna().all()


def test_grant_of_8_3_million(priced):
    # Brøndby: DKK 8.3m, two years. At 40,000 a month a post costs 960,000: 8.6 posts.
    fit = budget.grant_fit(10, 100000, priced())
    assert fit.posts_paid == pytest.approx(8.6458, abs=1e-3)
    assert fit.months_paid == pytest.approx(20.75)
    assert fit.left_over_dkk == pytest.approx(8300000 - 9600000)
    assert fit.courses_paid == 83
    assert budget.grant_fit(10, 100000, priced(grant_dkk=0.0)) is None


def test_a_house_and_an_evaluation_leave_less_for_posts(priced):
    # 8.3m less 24 x (10,000 + 5,000) = 7.94m for posts of 960,000.
    profile = priced(premises_dkk_per_year=120000.0, evaluation_dkk_per_year=60000.0)
    assert budget.grant_fit(5, 100000, profile).posts_paid == pytest.approx(7.94 / 0.96)


def test_years_with_rising_prices(priced):
    # Two posts, 80,000 a month in 2025; 10 % a year. November 2026 to January 2028: 2, 12 and 1 months.
    profile = priced(
        price_growth=0.1, price_year=2025, grant_dkk=1000000.0, own_financing_dkk=150000.0, grant_months=15
    )
    table = budget.budget_by_year(2, profile, date(2026, 11, 1), 15).set_index("year")
    assert table["total_dkk"].to_dict() == pytest.approx({2026: 2 * 88000, 2027: 12 * 96800, 2028: 80000 * 1.331})
    # Own money 10,000 a month; the grant pays the rest: 156,000, then all that is left, 844,000.
    assert table["own_dkk"].tolist() == pytest.approx([20000, 120000, 10000])
    assert table["grant_dkk"].tolist() == pytest.approx([156000, 844000, 0])
    assert table["uncovered_dkk"].tolist() == pytest.approx([0, 12 * 96800 - 964000, 80000 * 1.331 - 10000])


def test_rising_prices_shorten_what_the_grant_pays(priced):
    # 400,000 a month in 2025, 440,000 in 2026: 12 months take 5.28m, 3.02m / 484,000 = 6.24 months more.
    fit = budget.grant_fit(10, 100000, priced(price_growth=0.1, price_year=2025))
    assert fit.months_paid == pytest.approx(12 + 3020000 / 484000)
    assert fit.left_over_dkk == pytest.approx(8300000 - 12 * 440000 - 12 * 484000)


def test_own_financing_stands_beside_the_grant(priced):
    fit = budget.grant_fit(10, 100000, priced(own_financing_dkk=1300000.0))
    assert fit.left_over_dkk == pytest.approx(0)
    assert fit.months_paid == pytest.approx(24)


def test_published_grants_as_the_sources_state_them(priced):
    table = grants.published_grants("en").set_index("who")
    # Folkebladet; KORA, April 2014; A.P. Møller Fonden.
    assert table["grant_dkk"].tolist() == [8300000, 8700000, 9286000]
    here = grants.grants_here(10, 100000, priced(), "en")
    # Brøndby: 20 to 25 families at a time; how many in the two years is not stated, so neither is the amount for each.
    unknown = float("nan")
    # Furesø: 8.7m for 20 to 25 families: 348,000 to 435,000 each; Assens 9,286,000 / 50 = 185,720.
    assert here["per_family_low_dkk"].tolist() == pytest.approx([unknown, 348000, 185720], nan_ok=True)
    assert here["per_family_high_dkk"].tolist() == pytest.approx([unknown, 435000, 185720], nan_ok=True)
    # 10 posts cost 400,000 a month: 9.6m in Brøndby's two years, 16m in Assens' forty months.
    assert here["share_of_effort"].tolist() == pytest.approx([8.3 / 9.6, 8.7 / 9.6, 9.286 / 16])
