"""What the step shows about money and scenarios: every price with its source, every sentence in both languages."""

from datetime import date

import pandas as pd
import pytest

from helhed.profile import Setting, declared_entries
from helhed.profile.reading import Profile
from helhed.staffing import money_shown, report
from helhed.staffing.budget import grant_fit
from helhed.staffing.scenarios_shown import long_run_answer, scenarios_shown, sentence_scenarios
from helhed.texts import LANGUAGES


@pytest.fixture
def profile_with(tmp_path):
    def make(**values):
        settings = {
            key: Setting(value=entry.default, source=entry.source, origin="default")
            for key, entry in declared_entries().items()
        }
        settings["data.to_date"] = Setting(value=date(2025, 12, 31))
        for name, value in values.items():
            settings[f"staffing.{name}"] = Setting(value=value, source="HR, 2025 / HR, 2025")
        return Profile("Prøve", "0000", "none", tmp_path, True, settings, {})

    return make


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_price_has_a_source_and_says_whether_to_replace_it(profile_with, lang):
    rows = money_shown.budget_shown(3, 20, profile_with(salary_dkk_per_year=500000.0), lang).written(lang, 5)
    yes, no = {"da": ("ja", "nej"), "en": ("yes", "no")}[lang]
    assert [row[-1] for row in rows] == [no, yes, yes, yes, yes, ""]
    assert all(row[-2] for row in rows[:-1]) and rows[0][-2] == "HR, 2025"
    assert "2022" in rows[0][4]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_years_add_up_in_the_table(profile_with, lang):
    profile = profile_with(grant_dkk=5000000.0, grant_months=30, own_financing_dkk=600000.0)
    frame = money_shown.years_shown(3, profile, lang).frame
    assert frame["year"].tolist()[:-1] == ["2026", "2027", "2028"]
    for column in ("total_dkk", "own_dkk", "grant_dkk", "uncovered_dkk", "months"):
        assert frame[column].iloc[-1] == pytest.approx(frame[column].iloc[:-1].sum())
    last = frame.iloc[-1]
    assert last["own_dkk"] == pytest.approx(600000) and last["grant_dkk"] == pytest.approx(
        5000000 if last["uncovered_dkk"] else last["grant_dkk"]
    )
    assert last["own_dkk"] + last["grant_dkk"] + last["uncovered_dkk"] == pytest.approx(last["total_dkk"])
    assert last["pay_dkk"] + last["other_dkk"] == pytest.approx(last["total_dkk"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_about_money(profile_with, lang):
    profile = profile_with(grant_dkk=9286000.0, grant_months=40, own_financing_dkk=100000.0)
    said = [
        money_shown.sentence_years(3, profile, lang),
        money_shown.sentence_years(0.5, profile, lang),
        money_shown.sentence_grants(3, 150000, profile, lang),
        report.sentence_grant(grant_fit(3, 150000, profile), lang),
    ]
    assert not any("{" in one or "nan" in one.split() or "kr.." in one for one in said)
    assert said[0] != said[1] and {"da": "egen finansiering", "en": "own financing"}[lang] in said[3]
    table = money_shown.grants_shown(3, 150000, profile, lang).written(lang, 5)
    # Neither the year of Brøndby's grant nor how many families it reached in all is stated.
    assert len(table) == 3 and table[0][2] == table[0][4] == table[0][5] == "–"
    assert "–" not in table[2][4:6]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_scenarios_in_words(profile_with, lang):
    row = {
        "posts": 3.0, "starts_per_month": 1.0, "posts_needed": 2.0, "families": 12.0, "places": 20,
        "utilisation": 0.6, "per_month_dkk": 150000.0,
    }  # fmt: skip
    rows = [
        {"scenario": "nu", "wait_months": 1.0, "per_course_dkk": 100000.0, **row},
        {"scenario": "kort", "wait_months": float("nan"), "per_course_dkk": 50000.0, **row},
    ]
    compared = pd.DataFrame(rows)
    said = sentence_scenarios(compared, profile_with(), lang)
    assert "nu" in said and "kort" in said and "{" not in said
    assert "nu" not in sentence_scenarios(compared.iloc[1:], profile_with(), lang).split("kort")[1]
    assert scenarios_shown(compared, lang).written(lang, 5)[1][6] == "–"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sliders_answer_in_words(profile_with, lang):
    say = long_run_answer(profile_with(), 1.1, lang)
    roomy, full = say(5.0, 0.5, 1.25, 10.0, 4.0), say(1.0, 8.0, 1.25, 10.0, 4.0)
    assert "{" not in roomy + full and "∞" not in roomy + full and "inf" not in roomy.split()
    assert {"da": "bliver ved med at vokse", "en": "keeps growing"}[lang] in full
    assert roomy != say(5.0, 0.5, 1.25, 30.0, 4.0)
    # Twice the hours with each family: fewer places.
    assert roomy != say(5.0, 0.5, 2.5, 10.0, 4.0)
