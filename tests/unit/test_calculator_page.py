"""The calculator's page: its answers are those of the calculator, in both languages, and it needs no network."""

import json
import re

import pytest

from helhed.browser.staffing import long_run
from helhed.browser.words import Words
from helhed.publishing.calculator_page import GOAL_WEEKS, POSTS, STARTS, calculator_html
from helhed.publishing.staffing_start import StaffingStart, standard_settings
from helhed.texts import LANGUAGES, text


def data_of(html):
    return json.loads(re.search(r'id="helhed-calculator-data">(.*?)</script>', html, re.S)[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_answer_is_that_of_the_calculator(lang):
    data = data_of(calculator_html(lang))
    assert (data["lang"], tuple(data["posts"]), tuple(data["goal"])) == (lang, POSTS, GOAL_WEEKS)
    assert data["sick"] == sorted(data["sick"]) and standard_settings()["staffing.sick_days"] in data["sick"]
    for k, posts in enumerate(POSTS):
        for i, starts in enumerate(STARTS):
            for j, sick in enumerate(data["sick"]):
                found = long_run(posts, starts, standard_settings() | {"staffing.sick_days": sick})
                places, families, used, needed, wait, goal = data["grid"][k][i][j]
                assert (places, families) == (found.places, round(found.families, 1))
                assert needed == round(found.posts_needed, 1)
                # The share as the page "In your browser" writes it.
                assert used is None or Words("en", {}).share(found.utilisation) == f"{used:,}%"
                assert (wait is None) == (goal is None) == (found.utilisation >= 1)
                assert wait is None or (wait == round(found.wait_weeks, 1) and goal - 1 < found.wait_weeks <= goal)


def test_half_a_per_cent_is_written_alike_on_both_pages():
    found = long_run(3, 1, standard_settings())
    assert (found.families, found.places) == (pytest.approx(11.4), 24)
    data = data_of(calculator_html("da"))
    assert data["grid"][POSTS.index(3.0)][STARTS.index(1.0)][2][2] == 48
    assert Words("da", {}).share(found.utilisation) == "48\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sliders_have_labels_and_nothing_is_fetched(lang):
    html = calculator_html(lang)
    for name in ("posts", "wanted_inflow", "sick_days", "goal_weeks"):
        assert f">{text(f'outputs.slider_{name}', lang)}</label>" in html
    assert html.count("<label for=") == html.count('type="range"') == 4
    assert "http" not in html and "fetch(" not in html and "src=" not in html


def test_other_settings_give_other_answers():
    other = StaffingStart(standard_settings() | {"staffing.active_months": 3.0})
    assert data_of(calculator_html("da", other))["grid"] != data_of(calculator_html("da"))["grid"]
