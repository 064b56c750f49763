"""The pages with staffing sliders begin with the edition's municipality's own numbers and answer as notebook 2 does."""

import json
import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from helhed.browser.page import Page
from helhed.browser.staffing import PHASES, course_months, long_run, with_course_months
from helhed.profile import Setting, declared_entries, presets, read_profile
from helhed.profile.reading import Profile
from helhed.publishing.browser_kit import browser_kit
from helhed.publishing.browser_page import part_html, start_html
from helhed.publishing.calculator_page import calculator_html
from helhed.publishing.staffing_start import StaffingStart, card_settings, standard_settings, start_in_words, start_of
from helhed.staffing import need
from helhed.texts import LANGUAGES, number

MODELS = sorted(presets())


def profile_of(model):
    """Return a profile that has changed nothing of a model."""
    own = {key: given["value"] for key, given in presets()[model]["settings"].items()}
    values = {key: entry.default for key, entry in declared_entries().items()} | own
    return Profile("x", "0000", model, Path(), True, {key: Setting(value=one) for key, one in values.items()}, {})


def start_in(model, starts=0.64, weight=1.0, posts=3.7):
    """Return what the pages begin with after a run of the model, as it lies in the public folder."""
    profile = profile_of(model)
    needed = need(starts, profile, weight)
    found = {"posts_now": posts, "starts_per_month": starts, "posts_needed": max(needed.posts, 0.0)}
    card = json.loads(json.dumps({"name": "Vejle & Omegn", "model": model, "staffing": card_settings(profile)}))
    return start_of(card, {name: {"value": value} for name, value in found.items()}), profile, needed


def answer(start, lang="da", **changed):
    page = Page(json.dumps(browser_kit(lang, start)))
    values = first_values(part_html("staffing", lang, start)) | changed
    return values, json.loads(page.answer("staffing", json.dumps(values)))["html"]


def first_values(html):
    fields = re.findall(r'name="(\w+)" min="[^"]*" max="[^"]*" step="[^"]*" value="([^"]*)"', html)
    chosen = re.search(r'<option value="(\w+)" selected>', html)[1]
    return dict(fields) | {"organisation": chosen}


@pytest.mark.parametrize("model", MODELS)
def test_as_it_begins_the_page_answers_families_and_posts_as_notebook_2(model):
    start, profile, needed = start_in(model, weight=1.1)
    values, html = answer(start)
    assert float(values["course_months"]) == sum(profile[f"staffing.{name}_months"] for name in PHASES)
    assert float(values["families_per_post"]) == profile["staffing.families_per_post_limit"]
    assert values["organisation"] == profile["staffing.organisation"]
    assert f'<option value="{model}" selected>' in part_html("target", "da", start)
    assert (float(values["posts"]), float(values["starts"])) == (3.7, 0.64)
    families, posts = (number(value, "da", 1) for value in (needed.families, needed.posts))
    assert f"fylder på langt sigt {families} pladser" in html and f"kræver {posts} fuldtidsstillinger" in html


@pytest.mark.parametrize("model", ["furesoe", "assens"])
@pytest.mark.parametrize("months", [6, 12, 24, 36])
def test_another_length_is_answered_as_by_a_profile_with_it(model, months):
    start, profile, _ = start_in(model)
    others = sum(profile[f"staffing.{name}_months"] for name in PHASES if name != "active")
    settings = profile.settings | {"staffing.active_months": Setting(value=float(months - others))}
    other = Profile("x", "0000", model, Path(), True, settings, {})
    needed = need(0.64, other)
    _, html = answer(start, course_months=str(months))
    assert f"kræver {number(needed.posts, 'da', 1)} fuldtidsstillinger" in html
    assert f"langt sigt {number(needed.families, 'da', 1)} pladser" in html


@pytest.mark.parametrize("months", [0.5, 3, 6, 7.5, 60])
def test_a_course_has_the_length_that_is_asked_for(months):
    changed = with_course_months(standard_settings(), months)
    assert course_months(changed) == pytest.approx(months)
    assert all(changed[f"staffing.{name}_months"] >= 0 for name in PHASES)
    assert with_course_months(standard_settings(), course_months(standard_settings())) == standard_settings()


def test_the_weight_of_a_family_is_found_back_where_the_hours_decide():
    assert start_in("furesoe", weight=1.25)[0].mean_weight == pytest.approx(1.25, abs=1e-5)
    # Five families a post: the limit decides, and the hours say nothing.
    assert start_in("assens", weight=1.25)[0].mean_weight == 1.0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_said_where_the_numbers_come_from(lang):
    start = start_in("furesoe")[0]
    for html in (part_html("staffing", lang, start), calculator_html(lang, start)):
        assert "Vejle & Omegn" in unescape(html) and "Vejle & O" not in html
        assert all(sentence in unescape(html) for sentence in start_in_words(start, lang)) and ": 24." in html
    said = " ".join(start_in_words(StaffingStart(), lang))
    assert ": 12." in said and ": 10." in said and "36" in said
    for html in (part_html("staffing", lang), calculator_html(lang)):
        assert said.split(".")[0] in unescape(html)


def test_the_page_with_the_table_of_answers_has_the_same_numbers():
    start = start_in("assens")[0]
    data = json.loads(re.search(r'calculator-data">(.*?)</script>', calculator_html("da", start), re.S)[1])
    at = data["starts"].index(0.64)
    # The run's own number of posts, which stands between two of the slider's.
    found = long_run(3.7, 0.64, start.settings, start.mean_weight)
    places, families, used, needed, *_ = data["grid"][data["posts"].index(3.7)][at][2]
    assert (places, families, needed) == (found.places, round(found.families, 1), round(found.posts_needed, 1))
    assert f"({used}\N{NO-BREAK SPACE}%)" in answer(start)[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_wait_that_the_run_expects_from_the_families_of_today_stands_beside_the_long_run(lang):
    card = {"name": "Vejle", "staffing": card_settings(profile_of("roedovre"))}
    found = {"waiting_weeks": {"value": 47.587}, "posts_for_target_wait": {"value": 5.6}}
    said = start_in_words(start_of(card, found), lang)[-1]
    assert number(47.6, lang, 1) in said and number(5.6, lang, 1) in said
    (alone,) = {one for one in start_in_words(start_of(card, {"waiting_weeks": {"value": 47.587}}), lang)} - {
        one for one in start_in_words(start_of(card, {}), lang)
    }
    assert number(47.6, lang, 1) in alone and number(5.6, lang, 1) not in alone
    for html in (part_html("staffing", lang, start_of(card, found)), calculator_html(lang, start_of(card, found))):
        assert said in unescape(html)


@pytest.mark.parametrize("card", [{"name": "Vejle"}, {"name": "Vejle", "staffing": {}}])
def test_a_run_that_says_little_leaves_the_defaults(card):
    start = start_of(card, {"posts_now": {"value": None, "text": "–"}})
    assert start.settings == standard_settings() and (start.posts, start.starts, start.mean_weight) == (None, None, 1.0)
    assert start_html("da", True, start)


def test_only_settings_stand_on_the_card(root):
    profile = read_profile(root / "sample_data" / "assens")
    card = card_settings(profile)
    assert set(card) == set(standard_settings())
    assert all(isinstance(value, int | float | str) for value in card.values())
    words = {key for key, value in card.items() if isinstance(value, str)}
    assert all(declared_entries()[key].kind == "choice" for key in words)
    assert pd.isna(list(card.values())).sum() == 0
