"""What a municipality may get wrong about its rule, and what it is told: each message names the line of the profile."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from helhed.errors import ProfileNeedsWork
from helhed.profile import declared_entries, read_profile
from helhed.profile.entries import choice_label, presets
from helhed.profile.published_rules import OF_MODEL, PICK, published_rules, rule_entries
from helhed.publishing.checking import check_municipality
from helhed.selection import (
    criteria,
    evaluate_criteria,
    funnel,
    known_in,
    missing_sources,
    model_statuses,
    read_rule,
    say_gaps,
    select_families,
    sentences,
)
from helhed.selection.rule_form import rule_help, rule_in_yaml
from helhed.selection.variants import with_published_rule
from helhed.texts import LANGUAGES
from tests.known.test_selection import DAY, Register

SAMPLE = Path(__file__).parents[2] / "sample_data" / "furesoe"


def written(tmp_path, *lines):
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    (tmp_path / "profile.yml").write_text("\n".join([*head, *lines, ""]), encoding="utf-8")
    return read_profile(tmp_path, "en")


def told(tmp_path, *lines):
    with pytest.raises(ProfileNeedsWork) as stopped:
        read_rule(written(tmp_path, *lines), "en")
    return stopped.value


# ── the line of the fault ──

LONG = ["  selection.rule:", "    all:", "      - adult_on_benefit", "      - any:"]


@pytest.mark.parametrize(
    ("more", "row", "words"),
    [
        (["          - open_child_case", "          - scool_absence"], 11, "“school_absence”"),
        (["          - open_child_case", "          - not: open_child_cases"], 11, "“open_child_case”"),
        (["          - at_least: {n: 4, of: [one_adult, n_children]}"], 10, "from 1 to 2"),
        (
            ["          - one_adult", "          - at_least:", "              of: [one_adult]", "              n: 2"],
            13,
            "1",
        ),
        (["          - one_adult", "          - [n_children]"], 11, "cannot be read at"),
        (["          - one_adult", "          - 7"], 11, "“7”"),
        (["          - one_adult", "          -"], 11, "cannot be read at"),
        (["          - one_adult", "          - not: {}"], 11, "cannot be read at"),
        (["          - one_adult", "          - any: []"], 11, "any"),
        (["          - one_adult", "          - {not: one_adult, any: [n_children]}"], 11, "cannot be read at"),
        (["          - one_adult", "          - one_adult: 1", "          - placed_child"], 11, "one_adult"),
        (["          - one_adult", "          - {at_least: {n: 1}}"], 11, "at_least"),
        (
            [
                "          - one_adult",
                "          - at_least:",
                "              n: 1",
                "              of:",
                "                - n_children",
                "                - n_children",
            ],
            15,
            "n_children",
        ),
    ],
)
def test_a_fault_inside_a_long_rule_is_told_with_its_own_line(tmp_path, more, row, words):
    stopped = told(tmp_path, *LONG, *more)
    assert stopped.problems[0].row == row and words in str(stopped)


def test_the_same_misspelling_is_told_at_each_of_its_lines_and_under_value_too(tmp_path):
    stopped = told(tmp_path, *LONG, "          - scool_absence", "          - one_adult", "      - scool_absence")
    assert [problem.row for problem in stopped.problems] == [10, 12]
    owned = [
        "  selection.rule:",
        "    value:",
        "      all:",
        "        - one_adult",
        "        - nonsense",
        "    owner: A",
    ]
    assert [problem.row for problem in told(tmp_path, *owned).problems] == [10]


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("{all: [placed_child, {not: placed_child}]}", ["placed_child"]),
        # what follows from a criterion cannot be missing beside it
        ("{all: [all_adults_on_benefit, {not: adult_on_benefit}]}", ["all_adults_on_benefit", "adult_on_benefit"]),
        ("{all: [open_child_case, {not: child_in_childrens_department}]}", ["open_child_case"]),
        ("{all: [one_adult, child_disability_case, {not: child_in_childrens_department}]}", ["child_disability_case"]),
        ("{all: [{at_least: {n: 2, of: [n_children, one_adult]}}, {not: one_adult}]}", ["one_adult"]),
    ],
)
def test_criteria_that_exclude_each_other_are_found_before_the_run(tmp_path, rule, names):
    stopped = told(tmp_path, f"  selection.rule: {rule}")
    assert "contradicts itself" in str(stopped) and all(name in str(stopped) for name in names)
    assert stopped.problems[0].row == 6


def test_criteria_that_only_sound_alike_are_no_contradiction(tmp_path):
    for rule in (
        "{all: [adult_on_benefit, {not: all_adults_on_benefit}]}",
        "{all: [child_in_childrens_department, {not: open_child_case}]}",
        "{all: [child_under_3, older_child]}",
    ):
        assert read_rule(written(tmp_path, f"  selection.rule: {rule}"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  selection.young_child_years: 30", "1 – 17"),
        ("  selection.benefit_months: 0", "1 – 36"),
        ("  selection.absence_share: 12", "selection.absence_share"),
        ("  selection.places: -1", "0 – 2000"),
        ("  selection.benefits: [kontanthjaelp, kontanthjalp]", "“kontanthjalp”"),
        ("  selection.order_by: [shoe_size]", "months_on_benefit"),
        ("  selection.case_types: [barnets_plan, sag]", "ungeplan"),
        ("  selection.rule_preset: aarhus", "thisted"),
    ],
)
def test_a_value_outside_its_limits_is_told_with_its_line(tmp_path, line, words):
    stopped = told(tmp_path, line)
    assert stopped.problems[0].row == 6 and words in str(stopped)


@pytest.mark.parametrize(
    "lines",
    [
        ["  selection.benefit_months: 8", "  selection.benefit_window_months: 6"],
        ["  selection.rule: {all: [school_absence]}", "  selection.absence_min_months: 9"],
        [
            "  selection.rule: {all: [n_departments]}",
            "  selection.n_departments: 2",
            "  selection.departments: [school]",
        ],
    ],
)
def test_a_lowest_above_the_highest_is_told_before_the_run(tmp_path, lines):
    stopped = told(tmp_path, *lines)
    assert "No family can meet" in str(stopped) and stopped.problems[0].row >= 6


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("line", "danish", "english"),
    [
        ("selection.rule: {at_least: {n: 2, of: [one_adult, one_adult, placed_child]}}", "mere end én gang", "once"),
        ("selection.rule: {all: [one_adult, school_absence >= 30 %]}", "»school_absence >= 0.1«", "absence >= 0.1”"),
        ("selection.rule: {all: [one_adult, school_absence < 0.3]}", "absence_share", "selection.absence_share"),
        ("selection.rule: {any: [{school_absence: 0.3}, one_adult]}", "tal med punktum", "with a point"),
        ("selection.rule: {all: [one_adult, school_absence >= 30]}", "Tilladt: 0 – 1", "Allowed: 0 – 1"),
        ("selection.rule: {all: [one_adult, notifications >= 0]}", "Tilladt: 1 – 50", "Allowed: 1 – 50"),
        ("selection.rule: {all: [one_adult, adult_on_benefit >= 7]}", "ikke nås med", "cannot be reached"),
        ("selection.rule: {all: [school_absence >= 0.3, {not: school_absence}]}", "modsiger sig selv", "contradicts"),
        ("selection.rule: {any: [n_children >= 1, one_adult]}", "alle familier opfylder den", "every family meets"),
        ("selection.rule: {any: [{placed_child: 2}, one_adult]}", "opfyldt eller ej", "met or not"),
        ("selection.rule: {all: [zzzz]}", "housing_problem", "Choose one of these"),
        ("selection.rule: {all: [mindst én voksen på forsørgelse]}", "»adult_on_benefit«", "“adult_on_benefit”"),
        ("selection.rule: [one_adult]", "ikke en regel", "not a rule"),
        ("selection.order_by: []", "pseudonym", "pseudonym"),
        ("selection.order_by: [absence_share, absence_share]", "»absence_share«", "“absence_share”"),
        ("selection.absence_kinds: [days_sick, days_sick]", "»days_sick«", "“days_sick”"),
        ("selection.absence_share: 0", "over 0", "above 0"),
        ("selection.sections: Barnets lov § 32; bla", "»bla«", "“bla”"),
        ("selection.benefits: []", "selection.benefits er tom", "selection.benefits is empty"),
        ("selection.count_second_home: ja", "true eller false.", "true or false."),
    ],
)
def test_what_shapes_the_rule_is_told_with_its_line_and_its_cure(tmp_path, line, danish, english, lang):
    with pytest.raises(ProfileNeedsWork) as stopped:
        written(tmp_path)
        file = tmp_path / "profile.yml"
        file.write_text(f"{file.read_text(encoding='utf-8')}  {line}\n", encoding="utf-8")
        read_rule(read_profile(tmp_path, lang), lang)
    (problem,) = stopped.value.problems
    assert problem.row == 6 and {"da": danish, "en": english}[lang] in str(stopped.value)
    assert "–." not in str(stopped.value)


@pytest.mark.parametrize(
    ("rule", "more", "words"),
    [
        ("{all: [{not: n_children}, one_adult]}", "selection.n_children: 1", "contradicts"),
        ("{any: [n_children, one_adult]}", "selection.n_children: 1", "says nothing"),
        (
            "{all: [one_adult, adult_on_benefit, {not: all_adults_on_benefit}]}",
            "selection.places: 3",
            "contradicts",
        ),
        ("{all: [placed_child, {not: n_placements}]}", "selection.n_placements: 1", "contradicts"),
        ("{any: [child_under_3, older_child]}", "selection.older_child_years: 3", "says nothing"),
        ("{all: [school_absence, {not: n_departments}]}", "selection.n_departments: 1", "contradicts"),
    ],
)
def test_what_follows_from_the_settings_is_known(tmp_path, rule, more, words):
    assert words in str(told(tmp_path, f"  selection.rule: {rule}", f"  {more}"))


def test_a_rule_that_the_comparison_cannot_use_stops_nothing(tmp_path):
    lines = ["  selection.rule: {all: [one_adult]}", "  selection.case_types: []", "  selection.places: 3"]
    profile, tables = written(tmp_path, *lines), town()
    assert read_rule(profile)
    assert (model_statuses(tables, profile, DAY)["own"] == "met").all()


def test_the_check_before_the_run_reads_the_rule_too(tmp_path):
    folder = tmp_path / "furesoe"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("runs", "check"))
    file = folder / "profile.yml"
    sound = file.read_text(encoding="utf-8").rstrip()
    file.write_text(f"{sound}\n  selection.rule: {{all: [one_adults]}}\n", encoding="utf-8")
    result = check_municipality(folder, "da")
    assert result.n_must_fix >= 1 and "one_adult" in result.lines[0] and "selection.rule" in result.lines[0]


# ── what the data make of a sound rule ──


def town(n=6):
    register = Register()
    for number in range(n):
        register.family(f"F{number}").benefit(f"F{number}1", "2025-01-01").case(f"F{number}c1", "2025-01-01")
    return register.tables()


def said(profile, tables, lang):
    judged, shortlist = evaluate_criteria(tables, profile, DAY), select_families(tables, profile, DAY)
    steps = funnel(tables, profile, DAY, judged, shortlist)
    told = [sentences.say_funnel(steps, shortlist, profile, lang)]
    told.append(sentences.say_places(shortlist, known_in(steps), profile, lang))
    return " ".join(sentence for said in told for sentence in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyone_and_too_many_places_are_said_with_their_lines(tmp_path, lang):
    profile = written(tmp_path, "  selection.rule: {all: [adult_on_benefit]}", "  selection.places: 40")
    words = said(profile, town(), lang)
    line = {"da": "linje", "en": "line"}[lang]
    assert f"profile.yml, {line} 6: selection.rule" in words
    assert f"profile.yml, {line} 7: selection.places" in words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_is_said_with_the_line_of_the_rule(tmp_path, lang):
    profile = written(tmp_path, "  selection.places: 4", "  selection.rule: {all: [n_children, adult_on_benefit]}")
    words = said(profile, town(), lang)
    assert {"da": "Ingen familie opfylder reglen", "en": "No family meets the rule"}[lang] in words
    assert {"da": "linje 7", "en": "line 7"}[lang] in words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_criterion_without_its_source_is_said_with_line_and_number(tmp_path, lang):
    rule = ["  selection.rule:", "    all:", "      - adult_on_benefit", "      - no_daycare"]
    profile, tables = written(tmp_path, *rule), town()
    judged = evaluate_criteria(tables, profile, DAY)
    missing = missing_sources(tables, profile, DAY, judged)
    assert missing[["criterion", "source", "n_cannot_tell", "row"]].to_numpy().tolist() == [
        ["no_daycare", "daycare", 6, 9]
    ]
    (words,) = say_gaps(missing, profile, lang)
    assert "9" in words and " 6 " in words and {"da": "Dagtilbud", "en": "Day care"}[lang] in words
    assert set(judged.loc[judged["criterion"] == "no_daycare", "status"]) == {"cannot_tell"}


def test_with_all_sources_nothing_is_missing(tmp_path):
    profile, tables = written(tmp_path), town()
    assert missing_sources(tables, profile, DAY, evaluate_criteria(tables, profile, DAY)).empty


# ── a published rule by name ──


def test_the_choices_are_the_models_and_the_published_rules():
    first, *named = declared_entries()[PICK].choices
    assert first == OF_MODEL and set(named) == {*presets(), *published_rules()} and len(set(named)) == len(named)


@pytest.mark.parametrize("name", [*published_rules(), *presets()])
def test_a_rule_picked_by_name_is_the_published_one(tmp_path, name):
    own = written(tmp_path)
    profile = written(tmp_path, f"  selection.rule_preset: {name}")
    assert profile["selection.rule"] == with_published_rule(own, name)["selection.rule"]
    assert profile["selection.places"] == own["selection.places"]
    assert profile["selection.order_by"] == own["selection.order_by"]
    stated = presets()[name]["settings"] if name in presets() else {}
    for key in (key for key in rule_entries() if key in stated):
        assert profile[key] == stated[key]["value"]
    for lang in LANGUAGES:
        assert choice_label(name, lang) in " ".join(sentences.say_rule(profile, lang))
    assert read_rule(profile)


def test_the_municipalitys_own_thresholds_stay_with_a_picked_rule(tmp_path):
    profile = written(tmp_path, "  selection.rule_preset: assens", "  selection.benefit_months: 2")
    assert profile["selection.benefit_months"] == 2
    assert profile["selection.benefit_window_months"] == 12


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_picked_rule_beside_an_own_rule_is_told(tmp_path, lang):
    written(tmp_path)
    file = tmp_path / "profile.yml"
    more = "  selection.rule_preset: thisted\n  selection.rule: {all: [one_adult]}\n"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(ProfileNeedsWork) as stopped:
        read_profile(tmp_path, lang)
    assert stopped.value.problems[0].row == 7 and "thisted" in str(stopped.value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_profile_to_fill_in_names_every_criterion_and_its_example_is_sound(tmp_path, lang):
    lines = rule_help(lang)
    assert sum(line.startswith("- ") for line in lines) == len(criteria())
    (example,) = [line for line in lines if line.startswith("{")]
    profile = written(tmp_path, f"  selection.rule: {example}")
    assert rule_in_yaml(read_rule(profile)) == example


def test_gaps_turn_a_no_into_cannot_tell(tmp_path):
    register = Register().family("A").benefit("A1", "2025-11-01").case("Ac1", "2025-01-01")
    register.family("B", since="2025-09-15").benefit("B1", "2025-11-01").case("Bc1", "2025-01-01")
    shortlist = select_families(register.tables(), written(tmp_path), DAY).set_index("family_id")
    assert shortlist["cannot_tell"].to_dict() == {"A": False, "B": True}
    assert pd.isna(shortlist.loc["B", "rank"]) and shortlist.loc["B", "standing"] == "cannot_tell"
