"""What a case of one rule cannot show: runs of months, prices of zero, all domains, years, and the list of rules."""

import re

import pandas as pd
import pytest

from helhed.intake import check_rules
from helhed.intake.building.canonical import build_tables
from helhed.intake.exports.feeds import feeds
from helhed.intake.rules import RULES
from helhed.intake.rules.rule import Rule, holds_in, run_checks
from helhed.tables import codes
from helhed.texts import LANGUAGES, catalogue


def test_a_month_without_rows_is_found_once_per_run_of_months(spoilt_material):
    rules = tuple(rule for rule in RULES if rule.code == "missing_month")
    gaps = [p.value for p in run_checks(spoilt_material({}, {}), rules) if p.file.startswith("skolefravaer")]
    # The only rows are of March 2024; July is never expected.
    assert gaps == [
        "2023-01 – 2023-06",
        "2023-08 – 2024-02",
        "2024-04 – 2024-06",
        "2024-08 – 2025-06",
        "2025-08 – 2025-12",
    ]


@pytest.mark.parametrize("price", [0.0, -1.0])
def test_price_of_zero_is_no_price(rule_town, spoilt_material, price):
    spoilt = spoilt_material({"dubu_indsatser": {0: {"price_per_month_dkk": price}}}, {})
    before, after = (
        build_tables(frames, rule_town.presets, rule_town.profile)[0]["measure"]["price_per_month_dkk"]
        for frames in (rule_town.frames, spoilt.frames)
    )
    assert before.notna().sum() == 1
    assert after.isna().all()


def test_every_domain_of_the_functional_level_is_known(found_in):
    for domain in {**codes()["adult_domain"], **codes()["child_domain"]}:
        row = {"instrument": "functional_level", "value": 2.0, "item": domain}
        assert not found_in("unknown_domain", {"registreringer": {0: row}}, {}), domain


@pytest.mark.parametrize(
    ("years", "period", "holds"),
    [
        ((None, None), (1990, 1990), True),
        ((2024, None), (2022, 2024), True),
        ((2024, None), (2021, 2023), False),
        ((2022, 2029), (2029, 2031), True),
        ((2022, 2029), (2030, 2031), False),
    ],
)
def test_a_rule_holds_when_the_period_touches_its_years(years, period, holds):
    assert holds_in(years, *period) is holds


@pytest.mark.parametrize(
    ("years", "holds"),
    [((None, None), [True] * 4), ((2024, None), [False, True, True, True]), ((None, 2023), [True, False, False, True])],
)
def test_a_rule_for_some_years_is_judged_by_the_date_of_each_row(years, holds):
    rows = pd.DataFrame({"start_date": pd.to_datetime(["2023-12-31", "2024-01-01", "2030-01-01", None])})
    rule = Rule("old_law", "note", ("child_case",), "section", lambda _m, _f: None, years=years)
    assert rule.holds_for(rows, "start_date").tolist() == holds


def test_a_row_is_judged_by_the_date_that_the_rule_is_about_else_by_its_first():
    days = {table: (feed.day_of("end_date"), feed.day_of("section")) for table, feed in feeds().items()}
    assert days["child_case"] == ("end_date", "start_date")
    assert days["benefit_week"] == ("week", "week")
    assert days["absence"] == ("month", "month")
    assert all(first in feeds()[table].columns for table, (_, first) in days.items())


def test_a_row_before_the_years_of_a_rule_breaks_nothing(found_in):
    """The steps of the refund hold from 2016: a week of 2015 off the steps is none of the rule's business."""
    off = {"refund_rate": 50.0, "week": pd.Timestamp("2016-01-04")}
    assert found_in("refund_off_the_steps", {"ydelsesrefusion": {0: off}}, {})
    before = off | {"week": pd.Timestamp("2015-12-21")}
    assert not found_in("refund_off_the_steps", {"ydelsesrefusion": {0: before}}, {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_tells_every_rule_once_per_table_with_its_limits(lang):
    listed = check_rules(lang)
    assert {rule.code for rules in listed.values() for rule in rules} >= {rule.code for rule in RULES}
    for rules in listed.values():
        codes_of_table = [rule.code for rule in rules]
        assert len(codes_of_table) == len(set(codes_of_table))
        assert all(rule.message.strip() and not re.search(r"\{\w+\}", rule.message) for rule in rules)
    told = {rule.code: rule.message for rules in listed.values() for rule in rules}
    assert "67" in told["benefit_after_pension_age"]
    assert "400" in told["very_high_price"]
    assert "…" in told["default_date"]


def test_the_reason_of_every_rule_is_in_the_catalogue():
    missing = {rule.code for rule in RULES if rule.why and f"intake.why_{rule.why}" not in catalogue()}
    assert missing == set()
