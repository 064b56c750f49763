"""The family account and the break-even month against cases worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from helhed.economy import account as acc
from helhed.economy import break_even as be
from helhed.economy import lines as li
from helhed.economy import words
from helhed.economy.case import enrolled_months, is_known, measures_change, priced_share
from helhed.economy.own import OwnEconomy
from helhed.economy.prices import PRICED_GROUPS, PriceBasis, price_measures, published_prices
from helhed.errors import WrongCall

MONTHS = pd.date_range("2024-01-01", periods=3, freq="MS")


def _dates(*texts):
    return pd.to_datetime(list(texts))


def test_benefit_is_spread_by_days_and_split_by_payer():
    # 16 January to 15 February 2024: 31 days, 16 in January and 15 in February. 3,100 kr paid, 620 refunded: 100 kr a
    # day, of which the state pays 20.
    spell = pd.DataFrame(
        {"person_id": ["p"], "start_date": _dates("2024-01-16"), "end_date": _dates("2024-02-15")}
    ).assign(paid_dkk=3100.0, refund_dkk=620.0)
    lines = li.benefit_lines(spell, MONTHS, pd.Timestamp("2024-03-31")).set_index(["payer", "month"])["amount_dkk"]
    assert lines["municipality"].tolist() == pytest.approx([16 * 80, 15 * 80])
    assert lines["state"].tolist() == pytest.approx([16 * 20, 15 * 20])


def test_open_spell_ends_with_the_data():
    spell = pd.DataFrame(
        {"person_id": ["p"], "start_date": _dates("2024-03-01"), "end_date": pd.to_datetime([None])}
    ).assign(paid_dkk=310.0, refund_dkk=0.0)
    lines = li.benefit_lines(spell, MONTHS, pd.Timestamp("2024-03-31"))
    assert lines.loc[lines["payer"] == "municipality", "amount_dkk"].sum() == pytest.approx(310)


def test_measure_costs_its_price_by_days_of_the_month():
    # From 16 February 2024 (29 days): 14 of 29 days, then all of March.
    measure = pd.DataFrame(
        {
            "person_id": ["p"],
            "measure_type": ["Kontaktperson"],
            "measure_group": ["preventive"],
            "start_date": _dates("2024-02-16"),
            "end_date": pd.to_datetime([None]),
            "price_per_month_dkk": [2900.0],
        }
    )
    lines = li.measure_lines(measure.assign(family_id="f"), MONTHS, PriceBasis(lambda key: 0.0), OwnEconomy())
    assert set(lines["item"]) == {"measure"} and not lines["is_estimated"].any()
    paid = lines[lines["payer"] == "municipality"].set_index("month")["amount_dkk"]
    assert paid.tolist() == pytest.approx([1400, 2900])


def test_prices_own_then_published_then_setting():
    measures = pd.DataFrame(
        {
            "measure_type": ["Plejefamilie", " plejefamilie ", "Opholdssted", "Mentor"],
            "measure_group": ["placement", "placement", "placement", "work_based"],
            "price_per_month_dkk": [40000.0, None, None, None],
        }
    )
    settings = {f"economy.price_{group}_dkk_per_month": 1234.0 for group in PRICED_GROUPS}
    priced = price_measures(measures, PriceBasis(settings.__getitem__))
    # Benchmarkingenheden 2019: 1,160,000 kr a year, residential home; TV 2 Fyn 2024: 51,000 kr a month, foster family.
    assert priced["monthly_dkk"].tolist() == pytest.approx([40000, 51000, 1160000 / 12, 1234])
    assert priced["price_origin"].tolist() == ["own", "published", "published", "setting"]


def test_every_published_price_names_its_source_and_year():
    for price in published_prices().values():
        assert price["source"].count("https://") == 1
        assert 2010 <= price["year"] <= 2030


def test_coordination_by_hand():
    # 18.5 hours is half a post: 480,000 / 12 · 1.25 / 2 = 25,000 kr a month; two families share February, of which one
    # is there for 14 of its 29 days: 29 + 14 = 43 family-days.
    coordinator = pd.DataFrame(
        {"weekly_hours": [18.5], "from_date": pd.to_datetime([None]), "to_date": pd.to_datetime([None])}
    )
    cost = li.coordination_cost(coordinator, MONTHS, 480000, 0.25)
    assert cost.tolist() == pytest.approx([25000] * 3)
    enrolment = pd.DataFrame(
        {
            "family_id": ["f", "g"],
            "start_date": _dates("2024-01-01", "2024-02-16"),
            "exit_date": pd.to_datetime([None, None]),
        }
    )
    lines = li.shared_lines(enrolment, cost, "coordination").set_index(["family_id", "month"])["amount_dkk"]
    assert lines["f", MONTHS[0]] == pytest.approx(25000)
    assert lines["g", MONTHS[1]] == pytest.approx(25000 * 14 / 43)
    assert lines.sum() == pytest.approx(75000)


def test_no_coordination_on_the_day_of_exit():
    # f leaves on 1 February: all of January is f's, February is g's alone.
    enrolment = pd.DataFrame(
        {
            "family_id": ["f", "g"],
            "start_date": _dates("2024-01-01", "2024-02-01"),
            "exit_date": pd.to_datetime(["2024-02-01", None]),
        }
    )
    lines = li.shared_lines(enrolment, pd.Series([1000.0] * 3, index=MONTHS), "coordination")
    assert lines[["family_id", "amount_dkk"]].to_numpy().tolist() == [["f", 1000], ["g", 1000], ["g", 1000]]


def test_account_by_payer_per_family_month():
    account = pd.DataFrame(
        {
            "family_id": ["f", "f", "g", "x"],
            "item": ["benefit", "benefit", "measure", "measure"],
            "payer": ["municipality", "state", "municipality", "municipality"],
            "is_estimated": [False, False, True, False],
            "amount_dkk": [80.0, 20, 100, 999],
        }
    )
    table = acc.by_payer(account[account["family_id"] != "x"], 2).set_index("item")
    assert table.loc["benefit", ["municipality", "region", "state", "all"]].tolist() == [40, 0, 10, 50]
    assert table.loc["total", ["all", "estimated_share"]].tolist() == [100, 0.5]


def test_break_even_of_assens_at_its_own_pace():
    # Assens' Job og Familie: 4.9 mio saved = 56 % of the investment (8.75 mio) over 40 months (March 2017-June 2020).
    # Paid at once and saved at an even pace of 4.9 / 40 mio a month, 8.75 mio is reached after 8.75 / 0.1225 = 71.4
    # months of saving: month 72 when saving begins in month 1.
    investment, saving = 8.75, 4.9 / 40
    net = np.full(120, saving)
    net[0] -= investment
    assert be.break_even_month(net) == 72
    assert np.cumsum(net)[39] == pytest.approx(4.9 - 8.75)


#: 1,000 a month for 12 months; half an adult moves after month 6 and saves 4,000 a month each: +2,000 from month 7.
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


def test_net_curve_by_hand():
    # Months 1-6: -1,000; months 7-12: +1,000; from 13: +2,000. The sum is zero after month 12.
    net = be.net_curve(BY_HAND, 14)
    assert net.tolist() == pytest.approx([-1000] * 6 + [1000] * 6 + [2000] * 2)
    assert be.break_even_month(net) == 12


def test_part_of_a_month_is_paid_and_saved_by_that_part():
    # 1,000 in the months enrolled, 2.25 of them; 2,000 from the move at 1.5 months: half of month 2, then all.
    inputs = BY_HAND | {"enrolled_months": 2.25, "move_month": 1.5}
    assert be.net_curve(inputs, 4).tolist() == pytest.approx([-1000, 1000 - 1000, 2000 - 250, 2000])


def test_fade_and_discount_by_hand():
    # Month 18 is one year after the move: 2,000 · 0.9, discounted by one and a half years at 10 %.
    net = be.net_curve({**BY_HAND, "fade_per_year": 0.1, "discount_rate": 0.1}, 18)
    assert net[-1] == pytest.approx(1800 / 1.1**1.5)


def test_more_than_all_of_a_saving_cannot_fade():
    # A fade of 60 % a year with its range up to double that: all of it is the most that can go.
    inputs = {name: 0.0 for name in be.INPUTS} | {"adults_moved": 1.0, "benefit_saved_dkk": 100.0}
    most, all_of_it = (be.net_curve(inputs | {"fade_per_year": fade}, 24) for fade in (1.2, 1.0))
    assert most.tolist() == all_of_it.tolist()
    ranges = {name: be.Range(value, value, value) for name, value in inputs.items()}
    drawn = be.payback(ranges | {"fade_per_year": be.Range(0.0, 0.6, 1.2)}, 24, 50, 1).draws
    assert np.isfinite(drawn).all() and (drawn >= 0).all()


def test_a_value_lies_between_its_ends():
    for wrong in ((3, 2, 1), (0, 5, 3), (math.nan, 5, 3)):
        with pytest.raises(WrongCall):
            be.Range(*wrong)
    assert math.isnan(be.Range(math.nan, math.nan, math.nan).value)


def test_never_breaking_even_is_missing():
    assert math.isnan(be.break_even_month(be.net_curve({**BY_HAND, "adults_moved": 0.0}, 24)))


def test_crossing_zero_only_for_a_while_is_not_breaking_even():
    assert be.break_even_month(np.array([-1.0, 2, -3, 1, 1, 1])) == 5


def test_adults_needed_by_hand():
    # 12,000 spent; one adult moved saves 4,000 · 8 months (7 to 14) = 32,000: 0.375 adults pay it back in 14 months.
    assert be.moved_needed({name: be.Range(v, v, v) for name, v in BY_HAND.items()}, 14) == pytest.approx(0.375)


def test_certain_inputs_give_a_range_of_one_month():
    ranges = {name: be.Range(value, value, value) for name, value in BY_HAND.items()}
    draws = be.draw_curves(ranges, 36, 50, np.random.default_rng(1))
    found = be.find_break_even(ranges, draws)
    assert (found.month, found.low, found.high, found.share_never) == (12, 12, 12, 0)


def test_one_at_a_time_moves_one_input():
    ranges = {name: be.Range(value, value, value) for name, value in BY_HAND.items()}
    ranges["adults_moved"] = be.Range(0.0, 0.5, 1.0)
    table = be.one_at_a_time(ranges, 36).set_index("input")
    assert math.isnan(table.loc["adults_moved", "month_at_low"])
    # One adult: months 1-6 -1,000 each, then +3,000: paid back in two months.
    assert table.loc["adults_moved", "month_at_high"] == 8
    assert table.loc["move_month", ["month_at_low", "month_at_high"]].tolist() == [12, 12]


def test_draws_that_never_break_even_open_the_range():
    ranges = {name: be.Range(value, value, value) for name, value in BY_HAND.items()}
    ranges["adults_moved"] = be.Range(-1.0, 0.5, 1.0)
    found = be.find_break_even(ranges, be.draw_curves(ranges, 60, 500, np.random.default_rng(1)))
    assert math.isnan(found.high)
    assert 0.2 < found.share_never < 0.8


def test_enrolled_months_counts_those_still_there():
    # Two left after 10 and 20 months, two are still there after 30: the survival curve is 0.75, then 0.5 at 20 months;
    # Kaplan-Meier's median is the first time at or below one half.
    start = pd.Timestamp("2022-01-01")
    exits = [start + pd.Timedelta(days=round(30.4375 * m)) for m in (10, 20)] + [pd.NaT] * 2
    enrolment = pd.DataFrame({"start_date": [start] * 4, "exit_date": exits})
    to_date = start + pd.Timedelta(days=round(30.4375 * 30))
    assert enrolled_months(enrolment, to_date) == pytest.approx(20, abs=0.05)
    assert enrolled_months(enrolment.tail(2), to_date) == pytest.approx(30, abs=0.05)


def test_measures_change_by_hand():
    # f: 100 a month before, 160 after; g: 200 before, 220 after: mean rise 40, t interval 40 ± 12.7062 · 28.2843 / √2.
    months = [*range(-12, 0), *range(1, 13)]
    dates = pd.date_range("2023-01-01", periods=24, freq="MS")
    panel = pd.concat([pd.DataFrame({"family_id": f, "month": dates, "months_since": months}) for f in "fg"])
    amounts = {"f": (100.0, 160.0), "g": (200.0, 220.0)}
    account = panel.assign(
        item="measure",
        payer="municipality",
        is_estimated=False,
        amount_dkk=[amounts[f][m > 0] for f, m in zip(panel["family_id"], panel["months_since"], strict=True)],
    ).drop(columns="months_since")
    change = measures_change(account, panel)
    assert change.value == pytest.approx(40)
    assert change.high - change.value == pytest.approx(12.7062047 * 28.2842712 / math.sqrt(2), rel=1e-6)
    assert priced_share(account, panel) == 1


def test_change_of_measures_of_one_family_cannot_be_said():
    dates = pd.date_range("2023-01-01", periods=24, freq="MS")
    panel = pd.DataFrame({"family_id": "f", "month": dates, "months_since": [*range(-12, 0), *range(1, 13)]})
    account = panel.assign(item="measure", payer="municipality", is_estimated=False, amount_dkk=100.0).drop(
        columns="months_since"
    )
    change = measures_change(account, panel)
    assert all(math.isnan(part) for part in (change.low, change.value, change.high))


def test_priced_share_by_hand():
    # 300 at the municipality's own price, 100 estimated in the same months; what lies two years back is not counted.
    panel = pd.DataFrame({"family_id": "f", "month": MONTHS, "months_since": [-20, 0, 1]})
    amounts = {
        ("measure", False): (900.0, 100, 200),
        ("placement", True): (900.0, 50, 50),
        ("benefit", False): (1.0, 1, 1),
    }
    account = pd.concat(
        [
            pd.DataFrame({"family_id": "f", "month": MONTHS, "item": item, "is_estimated": flag, "amount_dkk": paid})
            for (item, flag), paid in amounts.items()
        ]
    )
    assert priced_share(account, panel) == pytest.approx(0.75)
    assert "75" in words.priced_sentence(account, panel, 1, "en")
    assert words.priced_sentence(account, panel, 5, "en") == ""
    assert math.isnan(priced_share(account.head(0), panel))
    assert words.priced_sentence(account.head(0), panel, 1, "en") == ""


def test_break_even_with_an_unknown_input_is_not_said():
    ranges = {name: be.Range(value, value, value) for name, value in BY_HAND.items()}
    nothing = be.Range(math.nan, math.nan, math.nan)
    unknown = {**ranges, "extra_measures_dkk": nothing}
    assert is_known(ranges) and not is_known(unknown)
    found = be.payback(unknown, 36, 50, 1).break_even
    assert all(math.isnan(part) for part in (found.month, found.low, found.high, found.share_never))
    numbers = words.break_even_numbers(found, unknown, 36, "en")
    names = ("break_even_month", "break_even_range", "break_even_never_share", "adults_moved_needed")
    assert [numbers[name][0] for name in names] == [None] * 4
    assert numbers["coordination_per_family_month_dkk"][0] == 800
    unpaid = words.break_even_numbers(found, {**ranges, "coordination_dkk": nothing}, 36, "en")
    assert unpaid["coordination_per_family_month_dkk"][0] is None
    for sentence in (
        words.needed_sentence(unknown, 36, 1.0, "en"),
        words.moved_what_if(unknown, 36, 50, 1, "en")(0.5),
    ):
        assert sentence.startswith("It cannot be said when")
