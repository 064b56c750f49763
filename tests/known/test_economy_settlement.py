"""Who pays, the curve over time and what a course is worth, against cases worked by hand."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from helhed import economy
from helhed.economy import lines as li
from helhed.economy import scenario as sc
from helhed.economy.break_even import INPUTS, Range, payback
from helhed.economy.own import OwnEconomy, own_economy, payer_shares
from helhed.economy.prices import PRICED_GROUPS, PriceBasis, price_measures
from helhed.economy.shown import folded
from helhed.economy.soem import Case, soem_comparison
from helhed.errors import ProfileNeedsWork, WrongCall
from helhed.texts import text

MONTHS = pd.date_range("2024-01-01", periods=12, freq="MS")
SETTINGS = {f"economy.price_{group}_dkk_per_month": 1000.0 for group in PRICED_GROUPS}


def measures(**columns) -> pd.DataFrame:
    """Return measures of one family that run all of 2024."""
    given = {
        "family_id": "f",
        "person_id": "p",
        "measure_type": "Støtte",
        "measure_group": "preventive",
        "start_date": pd.Timestamp("2024-01-01"),
        "end_date": pd.Timestamp("2024-12-31"),
        "price_per_month_dkk": 1000.0,
    } | columns
    n = max(len(one) for one in given.values() if isinstance(one, list)) if columns else 1
    return pd.DataFrame({name: one if isinstance(one, list) else [one] * n for name, one in given.items()})


def sheets(prices=(), payers=(), refund=()) -> dict[str, pd.DataFrame]:
    """Return the sheets of the municipality's own economy, as they are read."""
    blank = OwnEconomy()
    refund_columns = ["row", "from_date", "to_week", "municipality", "state", "source"]
    return {
        "prices": pd.DataFrame(list(prices), columns=blank.prices.columns).astype({"measure_type": "str"}),
        "payers": pd.DataFrame(list(payers), columns=blank.payers.columns),
        "refund": pd.DataFrame(list(refund), columns=refund_columns),
    }


def test_account_items_by_kind_of_measure():
    groups = ["preventive", "placement", "activation", "work_based", "health"]
    lines = li.measure_lines(
        measures(measure_group=groups, person_id=list("abcde")), MONTHS, PriceBasis(SETTINGS.__getitem__), OwnEconomy()
    )
    paid = lines.groupby("item")["amount_dkk"].sum()
    assert paid.to_dict() == pytest.approx({"activation": 24_000, "measure": 24_000, "placement": 12_000})


def test_payers_share_a_measure_from_their_date_on():
    # Health: the region pays 40 % and the state 10 % from July; before that the municipality pays all.
    july = pd.Timestamp("2024-07-01")
    own = own_economy(sheets(payers=[(2, "health", july, 0.5, 0.4, 0.1, "agreement")]))
    lines = li.measure_lines(measures(measure_group=["health"]), MONTHS, PriceBasis(SETTINGS.__getitem__), own)
    paid = lines.groupby("payer")["amount_dkk"].sum()
    assert paid.to_dict() == pytest.approx({"municipality": 6000 + 3000, "region": 2400, "state": 600})


def test_newer_line_of_payers_takes_the_place_of_the_older():
    days = [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-01")]
    payers = pd.DataFrame(
        {"measure_group": "health", "from_date": days, "municipality": [1.0, 0.2], "region": [0.0, 0.8], "state": 0.0}
    )
    shares = payer_shares(pd.Series(["health"] * 12), pd.Series(MONTHS), payers.iloc[::-1])
    assert shares["region"].tolist() == [0.0] * 5 + [0.8] * 7


def test_refund_of_an_expensive_case_goes_from_municipality_to_state():
    # Two siblings' placements at 50,000 a month each: 1,200,000 in 2024. 2022 borders: 25 % of 340,000 = 85,000.
    placed = measures(measure_group=["placement"] * 2, person_id=["a", "b"], price_per_month_dkk=50_000.0)
    lines = li.measure_lines(placed, MONTHS, PriceBasis(SETTINGS.__getitem__), OwnEconomy())
    paid = lines.groupby("payer")["amount_dkk"].sum()
    assert paid["state"] == pytest.approx(85_000) and paid["municipality"] == pytest.approx(1_115_000)
    # Each alone stays below the border: two families get nothing.
    apart = li.measure_lines(
        placed.assign(family_id=["f", "g"]), MONTHS, PriceBasis(SETTINGS.__getitem__), OwnEconomy()
    )
    assert apart.groupby("payer")["amount_dkk"].sum()["state"] == 0
    # With 2 % growth the border of 2022 is 860,000 · 1.02² = 894,744 in 2024.
    refund = economy.expensive_case_refund(1_200_000, date(2024, 7, 1), growth_per_year=0.02)
    assert refund == pytest.approx(0.25 * (1_200_000 - 894_744))


def test_benefit_without_a_refund_in_the_data_follows_the_steps():
    # 60 weeks at 1,000: 4 weeks of 80 %, 22 of 40 %, 26 of 30 %, 8 of 20 % = 3,200 + 8,800 + 7,800 + 1,600 = 21,400.
    spell = pd.DataFrame(
        {
            "person_id": ["p"],
            "start_date": [pd.Timestamp("2023-01-02")],
            "end_date": [pd.Timestamp("2024-02-25")],
            "paid_dkk": [60_000.0],
            "refund_dkk": [np.nan],
        }
    )
    months = pd.date_range("2023-01-01", periods=18, freq="MS")
    lines = li.benefit_lines(spell, months, pd.Timestamp("2024-06-30"))
    paid = lines.groupby("payer")["amount_dkk"].sum()
    assert paid["state"] == pytest.approx(21_400) and paid["municipality"] == pytest.approx(38_600)
    assert lines["is_estimated"].all()
    # In two spells the weeks go on counting.
    halves = pd.concat([spell, spell], ignore_index=True).assign(
        start_date=pd.to_datetime(["2023-01-02", "2023-07-31"]),
        end_date=pd.to_datetime(["2023-07-30", "2024-02-25"]),
        paid_dkk=[30_000.0, 30_000.0],
    )
    again = li.benefit_lines(halves, months, pd.Timestamp("2024-06-30"))
    assert again.groupby("payer")["amount_dkk"].sum()["state"] == pytest.approx(21_400)


def _payments(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["start_date", "end_date", "paid_dkk"])
    dates = {name: pd.to_datetime(frame[name]) for name in ("start_date", "end_date")}
    return frame.assign(person_id="p", refund_dkk=np.nan, **dates)


def test_two_benefits_at_a_time_are_one_week_on_benefits():
    # 20 weeks of 1,000 and beside them 20 of 100: 4 weeks of 80 % and 16 of 40 % of 1,100 = 3,520 + 7,040.
    months = pd.date_range("2023-01-01", periods=18, freq="MS")
    main = ("2023-01-02", "2023-05-21", 20_000.0)
    beside = _payments(main, (*main[:2], 2_000.0))
    state = li.benefit_lines(beside, months, pd.Timestamp("2024-06-30")).groupby("payer")["amount_dkk"].sum()["state"]
    assert state == pytest.approx(3_520 + 7_040)
    # Ten weeks, in the fifth to the tenth a second benefit that goes on for ten more: 20 weeks and not 26. Of the
    # first 4 · 800 + 6 · 400, of the second 16 weeks of 40 % of 100.
    longer = _payments(("2023-01-02", "2023-03-12", 10_000.0), ("2023-01-30", "2023-05-21", 1_600.0))
    state = li.benefit_lines(longer, months, pd.Timestamp("2024-06-30")).groupby("payer")["amount_dkk"].sum()["state"]
    assert state == pytest.approx(4 * 800 + 6 * 400 + 16 * 40)
    # A short benefit inside a long one adds no week to what comes after: weeks 21 to 30 are 6 of 40 % and 4 of 30 %.
    after = ("2023-05-22", "2023-07-30", 10_000.0)
    inside = _payments(main, ("2023-02-06", "2023-02-12", 0.0), after)
    state = li.benefit_lines(inside, months, pd.Timestamp("2024-06-30")).groupby("payer")["amount_dkk"].sum()["state"]
    assert state == pytest.approx(4 * 800 + 16 * 400 + 6 * 400 + 4 * 300)


@pytest.mark.parametrize(("lang", "words"), [("da", "refusionstrappen"), ("en", "refund steps")])
def test_a_refund_by_the_rules_is_said_with_what_its_weeks_count_from(lang, words):
    own = pd.DataFrame({"family_id": list("abcdef"), "month": MONTHS[0], "months_since": 1})
    account = own.assign(item="benefit", payer="state", is_estimated=[True] * 5 + [False], amount_dkk=100.0)
    said = economy.refund_sentence(account, own, 5, lang)
    assert words in said and "83" in said
    assert economy.refund_sentence(account, own, 6, lang) == ""
    assert economy.refund_sentence(account.assign(is_estimated=False), own, 5, lang) == ""
    assert words in economy.account_sentence(account, own, math.nan, 5, lang)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_measures_that_never_came_cost_an_unknown_amount(lang):
    # Six families, each with 100 kr. of benefit; of measures the whole account knows nothing.
    own = pd.DataFrame({"family_id": list("abcdef"), "month": MONTHS[0], "months_since": 1, "n_members": 2})
    benefit = own.assign(item="benefit", payer="state", is_estimated=False, amount_dkk=100.0)
    effort = benefit.assign(item="coordination", payer="municipality")
    account, lacking = pd.concat([benefit, effort]), ("activation", "measure", "placement")
    assert economy.items_without_data(account) == lacking
    table = economy.account_table(account, own, 5, lang).frame.set_index("item")["all"]
    assert table.isna().sum() == 3 and table.iloc[0] == 100
    assert all(text(f"economy.item_{item}", lang) in economy.account_sentence(account, own, math.nan, 5, lang)
               for item in lacking)  # fmt: skip
    panel = own[["family_id", "month", "n_members"]]
    assert economy.spending_per_member(account, panel)["spending_per_member_dkk"].isna().all()
    one = benefit.head(1).assign(item="measure", amount_dkk=60.0)
    known = pd.concat([account, one])
    assert economy.items_without_data(known) == ()
    # Family a: 160 kr. for two; the others had no measure, and that is known: 50 each.
    spending = economy.spending_per_member(known, panel)["spending_per_member_dkk"]
    assert spending.tolist() == [80, 50, 50, 50, 50, 50]


def test_own_refund_steps_hold_from_their_date():
    day = pd.Timestamp("2024-01-01")
    rule = [(2, day, 10.0, 0.4, 0.6, "own act"), (3, day, np.nan, 0.9, 0.1, "own act")]
    own = own_economy(sheets(refund=rule))
    assert own.steps[0].borders == (10.0,) and own.steps[0].shares == (0.6, 0.1)
    spell = pd.DataFrame(
        {"person_id": ["p"], "start_date": [day], "end_date": [day + pd.Timedelta(days=20 * 7 - 1)]}
    ).assign(paid_dkk=20_000.0, refund_dkk=np.nan)
    lines = li.benefit_lines(spell, MONTHS, pd.Timestamp("2024-12-31"), own.steps)
    assert lines.groupby("payer")["amount_dkk"].sum()["state"] == pytest.approx(10 * 600 + 10 * 100)


def test_own_price_list_goes_before_published_prices_and_is_brought_to_the_year():
    # 365.25 / 12 days of 1,000 in 2023 is 30,437.50 a month; two years at 10 % make it 36,829.38.
    listed = own_economy(sheets(prices=[(2, " Plejefamilie", 1000.0, "day", 2023, "list of charges")]))
    basis = PriceBasis(SETTINGS.__getitem__, listed.prices, 2025, 2024, 0.1)
    wanted = measures(measure_type=["plejefamilie", "Mentor"], price_per_month_dkk=np.nan)
    priced = price_measures(wanted, basis)
    assert priced["monthly_dkk"].tolist() == pytest.approx([30_437.5 * 1.21, 1100])
    assert priced["price_origin"].tolist() == ["list", "setting"]
    assert priced["price_year"].tolist() == [2023, 2024]


def test_price_without_a_year_is_refused():
    with pytest.raises(WrongCall, match="year"):
        try:
            economy.monthly_price({"dkk_per_month": 51_000})
        except WrongCall as error:
            raise WrongCall(error.problems, "en") from None
    without = OwnEconomy(prices=pd.DataFrame([(2, "x", 1.0, "month", pd.NA, "s")], columns=OwnEconomy().prices.columns))
    with pytest.raises(WrongCall):
        price_measures(measures(), PriceBasis(SETTINGS.__getitem__, without.prices))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"payers": [(7, "health", pd.Timestamp("2024-01-01"), 0.5, 0.4, 0.2, "s")]}, ("row 7", "110%")),
        ({"refund": [(3, pd.Timestamp("2024-01-01"), np.nan, 0.5, 0.4, "s")]}, ("row 3", "90%")),
        ({"refund": [(3, pd.Timestamp("2024-01-01"), 4.0, 0.5, 0.5, "s")]}, ("row 3", "last step")),
        ({"prices": [(2, "A", 1.0, "month", 2024, "s"), (3, "a ", 2.0, "month", 2024, "s")]}, ("row 3", "Two lines")),
    ],
)
def test_shares_steps_and_doubles_that_cannot_be_right_are_refused(given, words):
    with pytest.raises(ProfileNeedsWork) as error:
        own_economy(sheets(**given), "en")
    assert all(word in str(error.value) for word in (*words, "economy.xlsx"))


def account_of(amounts: dict[str, list[float]], first: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return account and months of families whose municipal spending by month since the start is given."""
    n = len(next(iter(amounts.values())))
    dates, since = pd.date_range("2022-01-01", periods=n, freq="MS"), range(first, first + n)
    rows = pd.concat([pd.DataFrame({"family_id": f, "month": dates, "months_since": since}) for f in amounts])
    paid = [amount for series in amounts.values() for amount in series]
    account = rows.assign(item="benefit", payer="municipality", is_estimated=False, amount_dkk=paid)
    return account.drop(columns="months_since"), rows


def test_curve_rises_first_and_then_falls_by_hand():
    # 100 a month for a year before; then 150 for four months and 90 for eight: the top is +200 after month 3 (the
    # fourth), the end is 200 - 80 = +120.
    account, rows = account_of({f: [100.0] * 12 + [150.0] * 4 + [90.0] * 8 for f in "abcde"}, -12)
    extra = sc.extra_spending(sc.spending_by_month(account, rows))
    found = sc.spending_curve(extra, None, 5, np.random.default_rng(1), n_draws=50)
    assert found.scenario == "as_before" and found.is_falling
    assert (found.top["month"], found.top["cumulative_dkk"]) == (3, 200)
    assert found.last["cumulative_dkk"] == pytest.approx(120)
    # All families are alike: no interval around it.
    assert (found.last["low_dkk"], found.last["high_dkk"]) == pytest.approx((120, 120))


def test_comparison_families_development_is_taken_off():
    account, rows = account_of({f: [100.0] * 12 + [150.0] * 6 for f in "abcde"}, -12)
    others, other_rows = account_of({f: [200.0] * 12 + [230.0] * 6 for f in "vwxyz"}, -12)
    mine = sc.extra_spending(sc.spending_by_month(account, rows))
    theirs = sc.extra_spending(sc.spending_by_month(others, other_rows))
    found = sc.spending_curve(mine, theirs, 5, np.random.default_rng(1), n_draws=20)
    assert found.scenario == "as_comparison"
    assert found.last["cumulative_dkk"] == pytest.approx(6 * (50 - 30))


def test_curve_ends_where_too_few_families_are_seen():
    account, rows = account_of({f: [100.0] * 18 for f in "abcde"}, -12)
    late = rows[~((rows["family_id"] == "a") & (rows["months_since"] > 2))]
    found = sc.spending_curve(
        sc.extra_spending(sc.spending_by_month(account, late)), None, 5, np.random.default_rng(1), n_draws=20
    )
    assert found.curve["month"].tolist() == [0, 1, 2]
    none = sc.spending_curve(
        sc.extra_spending(sc.spending_by_month(account, late[late["months_since"] >= 0])),
        None,
        1,
        np.random.default_rng(1),
    )
    assert none.curve.empty and none.n_families == 0
    assert "Too few families" in economy.curve_sentence(none, 5, "en")


BY_HAND = {
    "coordination_dkk": 800.0,
    "extra_measures_dkk": 200.0,
    "enrolled_months": 12.0,
    "adults_moved": 0.5,
    "move_month": 6.0,
    "benefit_saved_dkk": 4000.0,
    "fade_per_year": 0.0,
    "discount_rate": 0.0,
}
RANGES = {name: Range(value, value, value) for name, value in BY_HAND.items()}


def test_worth_of_a_course_by_hand():
    # -1,000 for 6 months, +1,000 for 6, +2,000 for 12: 24,000 over two years. A fixed cost of 60,000 takes 3 families.
    found = economy.worth(RANGES, payback(RANGES, 24, 20, 1), 60_000)
    assert found.value_dkk == found.low_dkk == found.high_dkk == pytest.approx(24_000)
    assert found.families_per_year == 3 and found.share_positive == 1
    amounts = [-1000.0] * 6 + [1000.0] * 6 + [2000.0] * 12
    assert found.rate.value == pytest.approx(economy.internal_rate(amounts).value)
    assert economy.net_present_value(amounts, found.rate.value) == pytest.approx(0, abs=1e-6)
    # Discounted, it is the sum of each month's amount at its own factor.
    at_ten = {**RANGES, "discount_rate": Range(0.1, 0.1, 0.1)}
    worth = economy.worth(at_ten, payback(at_ten, 24, 20, 1), 0.0)
    assert worth.value_dkk == pytest.approx(economy.net_present_value(amounts, 0.1))


def test_worth_with_an_unknown_input_is_not_said():
    unknown = {**RANGES, "extra_measures_dkk": Range(math.nan, math.nan, math.nan)}
    found = economy.worth(unknown, payback(unknown, 24, 20, 1), 60_000)
    assert math.isnan(found.value_dkk) and math.isnan(found.families_per_year)


def test_most_important_assumption_comes_first():
    swung = {**RANGES, "benefit_saved_dkk": Range(2000, 4000, 6000), "coordination_dkk": Range(790, 800, 810)}
    found = economy.value_swings(swung, 24)
    # Half an adult over 18 months: 2,000 more or less a month is 18,000.
    assert found.loc[0, ["input", "value_at_low_dkk", "value_at_high_dkk"]].tolist() == [
        "benefit_saved_dkk", 24_000 - 18_000, 24_000 + 18_000,
    ]  # fmt: skip
    assert set(found["input"]) == set(INPUTS)


def settled_case() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return account and months of five families: 3,000 municipal and 1,000 state benefit a month before the start."""
    account, rows = account_of({f: [3000.0] * 24 for f in "abcde"}, -12)
    state = account.assign(payer="state", amount_dkk=1000.0)
    effort = account.assign(item="coordination", amount_dkk=800.0)
    own = rows.assign(n_adults=1, n_children=2, share_on_benefit=1.0)
    return pd.concat([account, state, effort], ignore_index=True), own


def test_who_pays_and_who_gains_by_hand():
    account, own = settled_case()
    ranges = {**RANGES, "benefit_saved_dkk": Range(3000, 3000, 3000), "extra_measures_dkk": Range(0, 0, 0)}
    found = economy.payers_result(ranges, account, own, 24).set_index("payer")
    # Municipality: 12 · 800 paid, half an adult · 3,000 · 18 months saved. State: half · 1,000 · 18. Region: nothing.
    assert found.loc["municipality", ["effort_dkk", "benefits_dkk"]].tolist() == pytest.approx([-9600, 27_000])
    assert found["net_dkk"].to_dict() == pytest.approx(
        {"municipality": 17_400, "region": 0, "state": 9000, "all": 26_400}
    )
    sentence = economy.payers_sentence(found.reset_index(), True, "en")
    assert "The municipality DKK 17,400 in gain" in sentence and "The region" not in sentence


class _Profile(dict):
    """Settings by key."""


def test_soem_results_are_set_beside_the_same_years_families_and_prices():
    account, own = settled_case()
    ranges = {**RANGES, "benefit_saved_dkk": Range(3000, 3000, 3000), "extra_measures_dkk": Range(0, 0, 0)}
    profile = _Profile({"staffing.price_growth": 0.1, "data.to_date": date(2024, 12, 31)})
    results = pd.DataFrame(
        {"row": [2], "payer": ["municipality"], "net_result_dkk": [100_000.0], "years": [2.0], "participants": [10.0]}
    ).assign(price_year=2025)
    found = soem_comparison(results, Case(ranges, account, own, profile))
    assert found.loc[0, "own_dkk"] == pytest.approx(17_400 * 10 * 1.1)
    assert found.loc[0, "difference_dkk"] == pytest.approx(191_400 - 100_000)
    assert "point the same way" in economy.soem_sentence(found, "en")
    assert "different ways" in economy.soem_sentence(found.assign(soem_dkk=-1.0), "en")
    parts = pd.concat([results.assign(payer=p, row=i) for i, p in enumerate((*economy.PAYERS, "all"), start=2)])
    with pytest.raises(ProfileNeedsWork, match="300.000"):
        soem_comparison(parts, Case(ranges, account, own, profile))


def test_measures_of_few_families_are_not_shown_alone():
    account, rows = account_of({f: [10.0] * 12 for f in "abcdef"}, 0)
    placed = account[account["family_id"].isin(list("ab"))].assign(item="placement")
    others = account.assign(item="measure")
    safe = folded(pd.concat([account, placed, others]), rows, 5)
    assert set(safe["item"]) == {"benefit", "measure"}
    assert safe["amount_dkk"].sum() == pytest.approx(pd.concat([account, placed, others])["amount_dkk"].sum())
    table = economy.account_table(pd.concat([account, placed, others]), rows, 5, "en").frame
    assert not any("Placement" in item for item in table["item"]) and len(table) == 5
    assert economy.account_table(account, rows[rows["family_id"].isin(list("ab"))], 5, "en").frame.empty
