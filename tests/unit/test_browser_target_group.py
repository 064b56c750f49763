"""The page finds the target group that the selection finds, for every published rule, on a sample's own list."""

import json
from pathlib import Path

import pytest

from helhed import intake
from helhed.browser.family_list import ListedFamily, Seen, read_families
from helhed.browser.kit import kit_of
from helhed.browser.page import Page
from helhed.browser.table_files import sheets_of
from helhed.browser.target_group import choose
from helhed.profile import read_profile
from helhed.profile.entries import presets
from helhed.profile.published_rules import published_rules
from helhed.publishing.browser_kit import browser_kit, settings_of
from helhed.publishing.family_list_file import family_list_workbook, family_rows, own_family_list
from helhed.selection import evaluate_criteria, select_families
from helhed.selection.variants import with_model, with_published_rule, with_value

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "assens"
RULES = [*presets(), *published_rules()]
KIT = kit_of(browser_kit("da"))


@pytest.fixture(scope="module")
def sample():
    """Return the profile of a sample and its tables: 308 families."""
    profile = read_profile(SAMPLE)
    return profile, intake.read_municipality(profile).tables


def of_rule(profile, name):
    """Return the profile with a published rule and all that the page takes from it."""
    chosen = with_model(profile, name) if name in presets() else with_published_rule(profile, name)
    for key in ("selection.places", "selection.order_by"):
        chosen = with_value(chosen, key, settings_of(name)[key])
    return chosen


@pytest.mark.parametrize("name", RULES)
def test_standing_rank_and_ties_are_those_of_the_selection(sample, name):
    profile, tables = sample
    profile = of_rule(profile, name)
    day, rule = profile["data.to_date"], KIT.rules[name]
    wanted = select_families(tables, profile, day)
    content = family_list_workbook("da", family_rows(tables, profile, day, "da"))
    listed = read_families(sheets_of("list.xlsx", content), KIT.columns)
    limits = {key: one["limit"] for key, one in KIT.criteria.items()}
    thresholds = {one: float(profile[key]) if key else 1.0 for one, key in limits.items()}
    found = choose(listed.families, rule["rule"], thresholds, rule["order_by"], rule["places"])
    assert listed.faults == () and len(found) == len(wanted) > 300
    mine = {one.family.name: (one.standing, one.rank or 0, one.is_tied) for one in found}
    columns = wanted[["family_id", "standing", "rank", "is_tied_at_cut"]].fillna({"rank": 0})
    assert mine == {family: (*rest,) for family, *rest in columns.itertuples(index=False)}
    told = {one.family.name: codes_of(one) for one in found}
    for family, reasons in wanted[["family_id", "reasons"]].itertuples(index=False):
        assert told[family] == {code for code in reasons.split(",") if code.startswith(("criterion_", "unknown_"))}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_runs_own_list_opens_on_the_page_and_tells_of_no_person(sample, lang):
    profile, tables = sample
    criteria = evaluate_criteria(tables, profile, profile["data.to_date"])
    content = own_family_list(tables, criteria, profile, lang)
    listed = read_families(sheets_of("list.xlsx", content), KIT.columns)
    assert listed.faults == () and {one.name for one in listed.families} == set(criteria["family_id"])
    words = {cell for rows in sheets_of("list.xlsx", content).values() for row in rows for cell in row if cell}
    persons = set(tables["person"]["person_id"])
    # Reading would have refused what looks like a CPR number; a pseudonym of a person has no place there either.
    assert len(persons) > 500 and not persons & words


def codes_of(one):
    prefixes = {"met": "criterion", "cannot_tell": "unknown"}
    return {f"{prefixes[reason.status]}_{reason.criterion}" for reason in one.reasons if reason.status in prefixes}


def test_the_rule_of_the_page_is_that_of_the_profile(sample):
    for name in RULES:
        profile = of_rule(sample[0], name)
        assert KIT.rules[name]["rule"] == profile["selection.rule"]
        # The other published rules leave the rest to the municipality; the page, which has none, takes the defaults.
        for key, limit in KIT.rules[name]["limits"].items() if name in presets() else ():
            assert limit == profile[key], (name, key)


def family(name, has_place=False, decision="", **seen):
    return ListedFamily(1, name, {key: Seen(value, False) for key, value in seen.items()}, has_place, decision)


def test_an_offer_stands_first_a_place_is_held_and_a_tie_is_marked():
    families = (
        family("d", n_departments=3, adult_on_benefit=3),
        family("c", n_departments=3, adult_on_benefit=3),
        family("b", n_departments=5, adult_on_benefit=3),
        family("a", decision="include"),
        family("e", has_place=True),
        family("f", decision="exclude", n_departments=6, adult_on_benefit=9),
        family("h", decision="declined", n_departments=6, adult_on_benefit=9),
        ListedFamily(1, "g", {}),
    )
    found = choose(families, {"all": ["adult_on_benefit"]}, {"adult_on_benefit": 3}, ["n_departments"], 4)
    told = {one.family.name: (one.standing, one.rank, one.is_tied) for one in found}
    assert told == {
        "a": ("shortlisted", 1, False),
        "b": ("shortlisted", 2, False),
        "c": ("shortlisted", 3, True),
        "d": ("reserve", 4, True),
        "g": ("cannot_tell", None, False),
        "e": ("enrolled", None, False),
        "f": ("not_eligible", None, False),
        "h": ("not_eligible", None, False),
    }


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", RULES)
def test_the_example_is_answered_for_every_rule_in_words(root, lang, name):
    content = (root / "templates" / f"familieliste_eksempel_{lang}.xlsx").read_bytes()
    page = Page(json.dumps(browser_kit(lang)))
    answer = json.loads(page.answer("target", json.dumps({"rule": name, "places": "5"}), "list.xlsx", content))
    assert "{" not in answer["html"] and answer["html"].count("<tr>") > 60
    name, saved = answer["saved"]
    assert name.endswith(".csv") and saved.startswith("\ufeff") and saved.count("\r\n") == 61


def test_another_threshold_and_a_missing_column_are_taken_into_account():
    page, filled = Page(json.dumps(browser_kit("en"))), {"rule": "thisted", "places": ""}
    content = b"Family;at least one adult on public support;at least one child with an open child case\n1;4;1\n2;2;1\n"

    def answer(**more):
        return json.loads(page.answer("target", json.dumps({**filled, **more}), "a.csv", content))["html"]

    assert "Meet the rule: 1." in answer() and "at least one child with a disability case" in answer()
    assert "Meet the rule: 2." in answer(**{"limit_selection.benefit_months": "2"})


def test_fewer_places_than_none_are_no_number_of_places():
    page = Page(json.dumps(browser_kit("en")))
    answer = json.loads(page.answer("target", json.dumps({"rule": "furesoe", "places": "-4"}), "a.csv", b"Family\n1\n"))
    assert "write a number from 0 to 2,000" in answer["html"] and answer["saved"] is None


def test_the_saved_list_runs_no_formula():
    page = Page(json.dumps(browser_kit("en")))
    content = b"Family;Decision of the meeting\n=1+1;\n@x;\n"
    saved = json.loads(page.answer("target", json.dumps({"rule": "furesoe"}), "a.csv", content))["saved"][1]
    assert "'=1+1" in saved and "'@x" in saved
