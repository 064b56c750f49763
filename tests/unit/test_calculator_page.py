"""The calculator's page: its answers are those of the calculator, in both languages, and it needs no network."""

import json
import re

import pytest

from helhed.browser.staffing import long_run
from helhed.publishing.calculator_page import GOAL_WEEKS, POSTS, STARTS, calculator_html, standard_settings
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
                places, families, needed, wait = data["grid"][k][i][j]
                assert (places, families) == (found.places, pytest.approx(found.families, abs=0.006))
                assert needed == pytest.approx(found.posts_needed, abs=0.006)
                assert (wait is None) == (found.utilisation >= 1)
                assert wait is None or wait == pytest.approx(found.wait_weeks, abs=0.006)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sliders_have_labels_and_nothing_is_fetched(lang):
    html = calculator_html(lang)
    for name in ("posts", "wanted_inflow", "sick_days", "goal_weeks"):
        assert f">{text(f'outputs.slider_{name}', lang)}</label>" in html
    assert html.count("<label for=") == html.count('type="range"') == 4
    assert "http" not in html and "fetch(" not in html and "src=" not in html


def test_other_settings_give_other_answers():
    other = standard_settings() | {"staffing.active_months": 3.0}
    assert data_of(calculator_html("da", other))["grid"] != data_of(calculator_html("da"))["grid"]
