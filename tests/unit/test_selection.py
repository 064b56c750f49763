"""The rule tree, its explanation, what is shown of the list, and the sheet for the referral meeting."""

import io
from dataclasses import replace
from itertools import combinations

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.disclosure import protect
from helhed.drawing import png
from helhed.errors import ProfileNeedsWork
from helhed.figures import selection as figures
from helhed.figures import selection_groups
from helhed.profile import read_profile
from helhed.profile.entries import presets
from helhed.selection import (
    compare_models,
    criteria,
    evaluate_rule,
    explain_family,
    key_numbers,
    model_tables,
    public_tables,
    read_rule,
    referral_workbook,
    rule_in_words,
    sentences,
    shown_standings,
)
from helhed.selection.criteria import STATUSES
from helhed.selection.inflow import Expected
from helhed.selection.referral_sheet import reasons_in_words
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_in_short
from helhed.selection.sensitivity import values_around
from helhed.selection.shown_sizes import too_near
from helhed.selection.variants import with_model, with_places, with_value
from helhed.texts import LANGUAGES, catalogue

NAMES = ["adult_on_benefit", "open_child_case", "school_absence", "n_departments"]


@pytest.fixture
def profile(tmp_path):
    return written(tmp_path)


def written(tmp_path, *lines):
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    (tmp_path / "profile.yml").write_text("\n".join([*head, *(f"  {line}" for line in lines)]), encoding="utf-8")
    return read_profile(tmp_path, "en")


def statuses(families):
    """Return a family_criterion table from one dict of statuses per family."""
    rows = [(f"F{i}", name, status) for i, family in enumerate(families) for name, status in family.items()]
    return pd.DataFrame(rows, columns=["family_id", "criterion", "status"])


# ── the tree ──

leaf = st.sampled_from(NAMES)


def nodes(children):
    several = st.lists(children, min_size=1, max_size=3)
    counted = several.flatmap(lambda of: st.integers(1, len(of)).map(lambda n: {"at_least": {"n": n, "of": of}}))
    return st.one_of(
        several.map(lambda of: {"all": of}),
        several.map(lambda of: {"any": of}),
        children.map(lambda x: {"not": x}),
        counted,
    )


rules = st.recursive(leaf, nodes, max_leaves=6)
family = st.fixed_dictionaries({name: st.sampled_from(STATUSES) for name in NAMES})


@given(rules, st.lists(family, min_size=1, max_size=5))
def test_the_explanation_of_one_family_equals_the_judgement_of_all(rule, families):
    table = statuses(families)
    judged = evaluate_rule(rule, table)
    for family_id, status in judged.items():
        assert explain_family(family_id, rule, table).status == status


@given(rules, family)
def test_what_is_certain_stays_so_whatever_the_missing_data_turn_out_to_be(rule, known):
    status = explain_family("F0", rule, statuses([known])).status
    for found in ("met", "not_met"):
        filled = {name: found if was == "cannot_tell" else was for name, was in known.items()}
        after = explain_family("F0", rule, statuses([filled])).status
        assert after != "cannot_tell"
        assert status in (after, "cannot_tell")


@given(rules)
def test_every_rule_can_be_read_aloud(rule):
    for lang in LANGUAGES:
        words = rule_in_words(rule, lang)
        assert all(criteria()[name].label(lang) in words for name in criteria_in(rule))
        assert len(rule_in_short(rule, lang)) <= max(len(words), 30)


@pytest.mark.parametrize(
    ("rule", "known", "expected"),
    [
        ({"all": ["a", "b"]}, {"a": "not_met", "b": "cannot_tell"}, "not_met"),
        ({"all": ["a", "b"]}, {"a": "met", "b": "cannot_tell"}, "cannot_tell"),
        ({"any": ["a", "b"]}, {"a": "met", "b": "cannot_tell"}, "met"),
        ({"any": ["a", "b"]}, {"a": "not_met", "b": "cannot_tell"}, "cannot_tell"),
        ({"not": "a"}, {"a": "cannot_tell"}, "cannot_tell"),
        (
            {"at_least": {"n": 2, "of": ["a", "b", "c"]}},
            {"a": "met", "b": "not_met", "c": "cannot_tell"},
            "cannot_tell",
        ),
        (
            {"at_least": {"n": 2, "of": ["a", "b", "c"]}},
            {"a": "not_met", "b": "not_met", "c": "cannot_tell"},
            "not_met",
        ),
        ({"at_least": {"n": 1, "of": ["a", "b", "c"]}}, {"a": "met", "b": "not_met", "c": "cannot_tell"}, "met"),
    ],
)
def test_three_valued_logic(rule, known, expected):
    # Kleene's strong logic; the values can be looked up in any table of it
    table = statuses([known])
    assert evaluate_rule(rule, table).tolist() == [expected]
    assert explain_family("F0", rule, table).status == expected


def test_an_explanation_has_a_line_for_every_branch():
    rule = {"all": ["adult_on_benefit", {"any": ["open_child_case", "school_absence"]}]}
    table = statuses([dict.fromkeys(NAMES, "met")])
    lines = explain_family("F0", rule, table).lines("en")
    assert [depth for depth, _, _ in lines] == [0, 1, 1, 2, 2]


# ── faults ──


@pytest.mark.parametrize(
    ("rule", "danish", "english"),
    [
        ("{all: [adult_on_benefits]}", "»adult_on_benefit«", "“adult_on_benefit”"),
        ("{all: [adult_on_benefit], any: [placed_child]}", "kan ikke læses", "cannot be read"),
        ("{some: [adult_on_benefit]}", "kan ikke læses", "cannot be read"),
        ("{all: []}", "mangler en liste", "lacks a list"),
        ("{all: adult_on_benefit}", "mangler en liste", "lacks a list"),
        ("{at_least: {n: 2}}", "at_least: {n: 2", "at_least: {n: 2"),
        ("{at_least: {n: 3, of: [placed_child, child_under_3]}}", "fra 1 til 2", "from 1 to 2"),
        ("{all: [placed_child, {not: placed_child}]}", "modsiger", "contradicts"),
        ("{any: [placed_child, {not: placed_child}]}", "siger intet", "says nothing"),
    ],
)
def test_a_faulty_rule_is_told_with_its_line(tmp_path, rule, danish, english):
    profile = written(tmp_path, f"selection.rule: {rule}")
    for lang, words in (("da", danish), ("en", english)):
        with pytest.raises(ProfileNeedsWork) as told:
            read_rule(profile, lang)
        assert words in str(told.value)
        assert told.value.problems[0].row == 6


def test_every_fault_of_a_rule_is_told_at_once(tmp_path):
    profile = written(tmp_path, "selection.rule: {all: [nonsense, {any: [more_nonsense]}]}")
    with pytest.raises(ProfileNeedsWork) as told:
        read_rule(profile, "en")
    assert len(told.value.problems) == 2


@pytest.mark.parametrize(
    "line",
    ["selection.benefit_months: 7", "selection.benefits: []", "selection.case_types: []"],
)
def test_a_threshold_nobody_can_reach_is_told(tmp_path, line):
    # the preset's window is six months
    with pytest.raises(ProfileNeedsWork, match="No family can meet"):
        read_rule(written(tmp_path, line), "en")


def test_more_departments_than_are_counted_is_told(tmp_path):
    lines = ["selection.rule: {all: [n_departments]}", "selection.departments: [children, employment]"]
    with pytest.raises(ProfileNeedsWork, match="No family can meet"):
        read_rule(written(tmp_path, *lines, "selection.n_departments: 3"), "en")


def test_every_model_has_a_sound_rule_of_its_own(profile):
    found = {str(read_rule(with_model(profile, name))) for name in presets()}
    assert len(found) == len(presets())


def test_every_criterion_explains_itself_in_both_languages():
    for criterion in criteria().values():
        for lang in LANGUAGES:
            assert criterion.label(lang) and criterion.explanation(lang) and criterion.source(lang)


def test_what_ifs_leave_the_profile_alone(profile):
    assert with_places(profile, 7)["selection.places"] == 7
    assert with_places(profile, 0) is profile
    assert profile["selection.places"] == 25


def test_values_tried_stay_within_limits_and_within_reach(profile):
    assert values_around("selection.benefit_months", with_value(profile, "selection.benefit_months", 5)) == [3, 4, 5, 6]
    assert values_around("selection.absence_share", profile) == [0.05, 0.10, 0.15, 0.20]


# ── what is shown ──


def listing(**standings):
    rows = [
        {
            "family_id": f"{standing}{i}",
            "standing": standing,
            "is_eligible": standing in ("enrolled", "shortlisted", "reserve"),
        }
        for standing, n in standings.items()
        for i in range(n)
    ]
    frame = pd.DataFrame(rows).assign(
        is_tied_at_cut=False, n_departments=3, reasons="criterion_adult_on_benefit,note_tied"
    )
    ranks = iter(range(1, 1000))
    frame["rank"] = pd.array(
        [next(ranks) if s in ("shortlisted", "reserve") else None for s in frame["standing"]], "Int64"
    )
    return frame.assign(cannot_tell=frame["standing"] == "cannot_tell")


def steps(known, eligible, available=30, shortlisted=3, everyone=900):
    rows = [("all", None, everyone, 0), ("known", None, known, 0), ("rule", "adult_on_benefit", eligible, 8)]
    rows += [("available", None, available, 0), ("shortlisted", None, shortlisted, 0)]
    return pd.DataFrame(rows, columns=["step", "part", "n_families", "n_cannot_tell"])


def drawn_funnel(profile, listed, known, everyone=900):
    """Return the funnel of a list as it is shown, with threshold 5."""
    n = {name: int((listed["standing"] == name).sum()) for name in ("shortlisted", "reserve")}
    eligible = int(listed["is_eligible"].sum())
    each = steps(known, eligible, sum(n.values()), n["shortlisted"], everyone)
    return protect(public_tables.funnel_table(each, listed, profile, "en"), 5)


@pytest.mark.parametrize(
    ("places", "standings", "words"),
    [
        (20, {"enrolled": 20, "reserve": 12}, "There is no free place: 20 families have one, and there are 20 in all"),
        (60, {"enrolled": 20, "shortlisted": 12}, "more free places than families"),
        (
            30,
            {"enrolled": 20, "shortlisted": 10, "reserve": 40},
            "Free places: 10. Families that can be offered one or have an open offer: 50",
        ),
        (60, {"enrolled": 20, "shortlisted": 3}, "all under 5 are proposed"),
    ],
)
def test_sentences_on_places(profile, places, standings, words):
    listed, profile = listing(**standings), with_value(profile, "selection.places", places)
    said = " ".join(sentences.say_places(listed, 300, profile, "en"))
    assert words in said


def test_everyone_and_nobody_meeting_the_rule_is_said(profile):
    everyone = sentences.say_funnel(steps(12, 12), listing(reserve=12), profile, "en")
    assert "Every known family" in " ".join(everyone)
    nobody = sentences.say_funnel(steps(12, 0), listing(not_eligible=12), profile, "en")
    assert "No family meets the rule" in " ".join(nobody)


def test_hidden_counts_are_a_dotted_stub_and_never_a_bar_of_nought(profile):
    profile = with_value(profile, "selection.places", 70)
    safe = drawn_funnel(profile, listing(enrolled=60, shortlisted=3, not_eligible=240), 300)
    picture = figures.draw_funnel(safe, profile, "en")
    assert "Proposed for a place: under 5" in picture.caption
    (axes,) = picture.figure.axes
    bars = {container.get_label(): list(container) for container in axes.containers}
    stubs = bars["hidden to protect a few families"]
    assert [round(stub.get_y() + stub.get_height() / 2) for stub in stubs] == [3, 4]
    assert all(stub.get_width() > 0 and stub.get_linestyle() == ":" for stub in stubs)
    assert [bar.get_width() for bar in bars["meet the demands so far"]][:3] == [900, 300, 63]


def test_a_hidden_fate_is_drawn_as_what_is_left(profile):
    rows = [(3, 40, 30, 6, 3, 1, 30 / 36), (6, 40, 25, 15, 0, 0, 25 / 40)]
    names = ["months", "n_then", "n_still", "n_no_longer", "n_cannot_tell", "n_gone", "share_still"]
    safe = protect(public_tables.stability_table(pd.DataFrame(rows, columns=names), "en"), 5)
    (axes,) = selection_groups.draw_stability(safe, profile, "en").figure.axes
    (container,) = [one for one in axes.containers if one.get_label() == "hidden to protect a few families"]
    (left,) = container
    told = safe.frame.loc[0, ["n_still", "n_no_longer", "n_cannot_tell", "n_gone"]].dropna().sum()
    assert left.get_width() == 40 - told > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_departments_below_the_threshold_leave_the_figure(profile, lang):
    rows = [(False, False, 0, 50), (True, True, 2, 9), (True, False, 1, 2), (False, True, 1, 1)]
    overlap = pd.DataFrame(rows, columns=["children", "health", "n_departments", "n_families"])
    picture = figures.draw_departments(protect(public_tables.departments_table(overlap, lang), 5), profile, lang)
    assert len(picture.figure.axes[0].patches) == 1
    assert "2" in picture.caption and "9" in picture.caption
    none = figures.draw_departments(protect(public_tables.departments_table(overlap.tail(2), lang), 5), profile, lang)
    assert none.caption == catalogue()["selection.departments_none"][lang]


def test_inflow_is_shown_in_the_shortest_periods_that_may_be_shown():
    months = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"), "n_families": [2] * 24})
    table = public_tables.inflow_table(months, 5, "en")
    assert table.frame["n_families"].tolist() == [*[6] * 8, 48]
    assert table.frame["per_month"].tolist()[:-1] == [2.0] * 8
    assert len(public_tables.inflow_table(months.assign(n_families=7), 5, "en").frame) == 24 + 1
    assert len(public_tables.inflow_table(months.tail(5).assign(n_families=1), 5, "en").frame) == 1


def test_a_single_hidden_period_is_not_given_away_by_the_mean():
    n_families = [7, *[0] * 11, 1, *[0] * 11]
    months = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=24, freq="MS"), "n_families": n_families})
    safe = protect(public_tables.inflow_table(months, 5, "en"), 5)
    told = safe.frame["n_families"].iloc[:-1].dropna()
    assert 7 not in told.tolist() and 1 not in told.tolist()


def test_few_free_places_that_are_all_proposed_are_a_number_of_places(profile):
    profile = with_value(profile, "selection.places", 23)
    listed = listing(enrolled=20, shortlisted=3, reserve=40)
    numbers = key_numbers.standing_numbers(listed, steps(300, 63), profile)
    assert numbers["n_shortlisted"] == (3, "number")
    assert numbers["n_available"] == (43, "count") and numbers["n_reserve"] == (40, "count")
    assert "Free places: 3." in " ".join(sentences.say_places(listed, 300, profile, "en"))
    assert "shortlisted" not in drawn_funnel(profile, listed, 300).frame["step"].tolist()


def test_few_families_that_fill_only_some_of_the_places_are_hidden(profile):
    profile = with_value(profile, "selection.places", 40)
    listed = listing(enrolled=20, shortlisted=3, not_eligible=240)
    numbers = key_numbers.standing_numbers(listed, steps(300, 23, 3, 3), profile)
    assert numbers["n_shortlisted"] == (3, "count") and numbers["n_reserve"] == (None, "count")
    assert drawn_funnel(profile, listed, 300).frame["step"].iloc[-1] == "shortlisted"


def test_few_families_that_wait_are_not_given_away_by_the_free_places(profile):
    listed = listing(enrolled=20, shortlisted=9, reserve=3)
    numbers = key_numbers.standing_numbers(listed, steps(300, 32), with_value(profile, "selection.places", 29))
    assert numbers["n_available"] == (None, "count") and numbers["n_shortlisted"] == (9, "number")
    plenty = key_numbers.standing_numbers(
        listing(shortlisted=9, reserve=40), steps(300, 63), with_value(profile, "selection.places", 9)
    )
    assert plenty["n_reserve"] == (40, "count")


@given(*[st.integers(0, 40)] * 4, st.integers(0, 60), st.integers(0, 200))
@settings(max_examples=40, deadline=None)
def test_no_number_of_the_list_gives_a_small_one_away(enrolled, waiting, others, more, places, beside):
    places = max(places, enrolled)
    shortlisted = min(places - enrolled, waiting)
    listed = listing(enrolled=enrolled, shortlisted=shortlisted, reserve=waiting - shortlisted, not_eligible=others + 1)
    profile = {"selection.places": places, "disclosure.threshold": 5}
    known = enrolled + waiting + others + 1
    shown = {name: n for name, n in shown_standings(listed, known, profile).items() if n is not None}
    told = {name: n for name, n in shown.items() if not 0 < n < 5} | {"known": known}
    nested = [told[name] for name in ("known", "eligible", "available", "shortlisted") if name in told]
    assert not [pair for pair in combinations(nested, 2) if 0 < abs(pair[0] - pair[1]) < 5]
    if 0 < waiting - shortlisted < 5 and shortlisted:
        assert "available" not in told and "reserve" not in told
    safe = drawn_funnel(profile, listed, known, known + beside)
    drawn = safe.frame["n_families"].dropna().astype(int).tolist()
    assert not [pair for pair in combinations(drawn, 2) if 0 < abs(pair[0] - pair[1]) < 5 and known not in pair]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_inflow_that_is_too_small_or_too_short_is_not_shown(profile, lang):
    tiny, none = Expected(0.1, 0, 1, 24, 0.5), catalogue()["selection.inflow_none"][lang]
    assert sentences.say_inflow(tiny, profile, lang) == [none]
    assert sentences.say_inflow(None, profile, lang) == [none]
    months = pd.DataFrame({"month": pd.to_datetime([]), "n_families": pd.array([], "Int64")})
    picture = figures.draw_inflow(protect(public_tables.inflow_table(months, 5, lang), 5), None, profile, lang)
    assert picture.alt == none
    assert png(picture.figure)


def test_a_rule_without_thresholds_has_an_empty_sensitivity_figure(profile):
    moved = pd.DataFrame(columns=["key", "value", "is_present", "n_eligible", "n_cannot_tell", "n_changed"])
    safe = protect(public_tables.sensitivity_table(moved, 5, "en"), 5)
    picture = figures.draw_sensitivity(safe, sentences.most_moving(safe), profile, "en")
    assert picture.caption == sentences.say_sensitivity(safe, "en")[0]


# ── the sheet ──


def judged_rows(listed):
    rows = listed[["family_id"]].assign(
        criterion="school_absence", status="met", value=0.12, threshold=0.1, distance=0.02
    )
    return rows.reset_index(drop=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_has_the_families_on_the_table_and_room_for_decisions(profile, lang):
    listed = listing(enrolled=2, shortlisted=2, reserve=1, not_eligible=3, cannot_tell=1)
    content = referral_workbook(listed, judged_rows(listed), profile, lang)
    book = openpyxl.load_workbook(io.BytesIO(content))
    families, every, _ = (book[name] for name in book.sheetnames)
    shown = [row[1] for row in families.iter_rows(min_row=2, values_only=True)]
    assert shown == ["shortlisted0", "shortlisted1", "reserve0", "cannot_tell0"]
    assert every.max_row == 1 + 4
    assert families.protection.sheet
    assert families["B2"].protection.locked and not families["F2"].protection.locked
    choices = families.data_validations.dataValidation[0]
    assert str(choices.sqref) == "F2:F5"
    assert {"da": "tilbydes plads", "en": "offered a place"}[lang] in choices.formula1


def test_the_sheet_is_the_same_every_time_and_formulas_stay_text(profile):
    listed = listing(shortlisted=1).assign(family_id='=HYPERLINK("x")')
    first, second = (referral_workbook(listed, judged_rows(listed), profile, "da") for _ in range(2))
    assert first == second
    cell = openpyxl.load_workbook(io.BytesIO(first)).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_an_empty_list_makes_an_empty_sheet(profile):
    listed = listing(enrolled=1)
    book = openpyxl.load_workbook(io.BytesIO(referral_workbook(listed, judged_rows(listed), profile, "en")))
    assert book.worksheets[0].max_row == 1


def test_reasons_are_written_in_words():
    words = reasons_in_words("criterion_adult_on_benefit,unknown_school_absence,note_offer_open", "en")
    assert words.count(";") == 2 and "cannot be told: high school absence" in words


def test_every_reason_and_standing_has_a_text():
    wanted = [f"selection.note_decided_{code}" for code in ("reserve", "postpone", "exclude")]
    wanted += [
        f"selection.standing_{name}" for name in ("enrolled", "shortlisted", "reserve", "not_eligible", "cannot_tell")
    ]
    assert set(wanted) <= set(catalogue())


def test_a_profile_of_another_model_keeps_its_other_settings(profile):
    other = with_model(profile, "roedovre")
    assert other["selection.places"] == 40
    assert {k: v for k, v in other.settings.items() if not k.startswith("selection.")} == {
        k: v for k, v in profile.settings.items() if not k.startswith("selection.")
    }
    assert replace(other, settings=profile.settings) == profile


def test_criteria_give_no_small_number_away_beside_the_known_families(profile):
    # 295 families are known: 295 - 23 - 268 = 4 cannot be told.
    rows = [("adult_on_benefit", 23, 268, 4, 23 / 291, 4 / 295), ("open_child_case", 100, 195, 0, 100 / 295, 0.0)]
    names = ["criterion", "n_met", "n_not_met", "n_cannot_tell", "share_met", "share_cannot_tell"]
    table = public_tables.criteria_table(pd.DataFrame(rows, columns=names), profile, "en")
    written = {row[0]: row[2:] for row in protect(table, 5).written("en", 5)}
    # the 23 stand in the funnel too, so it is "no" that is hidden
    assert written[criteria()["adult_on_benefit"].label("en")] == ["23", "hidden", "under 5", "hidden"]
    assert written[criteria()["open_child_case"].label("en")][:3] == ["100", "195", "0"]


@pytest.mark.parametrize(("n_met", "n_unknown"), [(116, 2), (5, 1), (290, 4), (291, 4), (3, 2), (0, 3), (296, 4)])
def test_what_the_funnel_shows_tells_no_more_of_the_few_that_cannot_be_told(profile, n_met, n_unknown):
    n_not = 300 - n_met - n_unknown
    rows = [("adult_on_benefit", n_met, n_not, n_unknown, n_met / max(1, n_met + n_not), n_unknown / 300)]
    names = ["criterion", "n_met", "n_not_met", "n_cannot_tell", "share_met", "share_cannot_tell"]
    table = protect(public_tables.criteria_table(pd.DataFrame(rows, columns=names), profile, "en"), 5)
    shown = dict(zip(names[1:4], table.written("en", 5)[0][2:5], strict=True))
    assert shown["n_cannot_tell"] == "under 5"
    # the funnel gives n_met away unless it is too near 0 or the 300 that are known
    in_funnel = not too_near([("rule", n_met)], 5, [300]) and not 0 < n_met < 5
    is_met_known, is_no_known = in_funnel or shown["n_met"].isdigit(), shown["n_not_met"].isdigit()
    assert not (is_met_known and is_no_known)


def test_stability_hides_how_many_still_meet_when_all_but_few_do(profile):
    # 35 then and 32 still: 3 are not among them. 20 + 15 of 35 leave nobody small.
    rows = [(3, 35, 32, 2, 1, 0, 32 / 34), (6, 35, 20, 15, 0, 0, 20 / 35)]
    names = ["months", "n_then", "n_still", "n_no_longer", "n_cannot_tell", "n_gone", "share_still"]
    safe = protect(public_tables.stability_table(pd.DataFrame(rows, columns=names), "en"), 5)
    first, second = safe.written("en", 5)
    assert first == ["3", "35", "hidden", "under 5", "under 5", "0", "hidden"]
    assert second[:6] == ["6", "35", "20", "15", "0", "0"]
    assert key_numbers.stability_numbers(safe)["share_still_after_3_months"] == (None, "share")


def statuses_of(**families):
    """Return the statuses of 200 families by rule; each rule is met by those with the numbers given."""
    met = {name: ["met" if n in found else "not_met" for n in range(200)] for name, found in families.items()}
    return pd.DataFrame(met, index=[f"F{n}" for n in range(200)])


def side_by_side(statuses):
    matrix = model_tables.models_matrix(statuses, 5, "en")
    table = protect(model_tables.models_table(compare_models(statuses), matrix, "en"), 5)
    return matrix.written("en", 5), table.written("en", 5)


def test_models_do_not_give_away_the_few_that_the_own_rule_misses():
    matrix, table = side_by_side(statuses_of(own=range(40), furesoe=range(2, 50), assens=range(60)))
    assert [row[-1] for row in table] == ["40", "hidden", "40"]
    assert [row[1:] for row in matrix] == [["40", "hidden", "40"], ["hidden", "48", "48"], ["40", "48", "60"]]


def test_of_two_rules_nearly_alike_only_one_size_is_shown():
    # furesoe finds all of own and two more: 42 - 40 = 2; morsoe and thisted differ by three
    matrix, table = side_by_side(
        statuses_of(own=range(40), furesoe=range(42), morsoe=range(100, 160), thisted=range(97, 160))
    )
    assert [row[1] for row in table] == ["40", "hidden", "60", "hidden"]
    assert matrix[0][1:3] == ["40", "hidden"] and matrix[1][2] == "hidden" and matrix[3][4] == "hidden"


def test_two_rules_together_give_no_third_away():
    # own and assens together are all of morsoe but two: 50 + 50 - 10 = 90 of 92
    matrix, _ = side_by_side(statuses_of(own=range(50), assens=range(40, 90), morsoe=range(92)))
    assert matrix[0][2] == "hidden" and matrix[1][1] == "hidden"


@given(st.lists(st.tuples(st.integers(0, 180), st.integers(0, 60)), min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_no_two_numbers_of_the_comparison_give_a_small_one_away(spans):
    names = ["own", "assens", "broendby", "furesoe", "morsoe", "thisted"]
    found = {name: range(low, low + n) for name, (low, n) in zip(names, spans, strict=False)}
    matrix, table = side_by_side(statuses_of(**found))
    members = {name: set(each) & set(range(200)) for name, each in found.items()}
    shown = {
        (one, other): members[one] & members[other]
        for one, row in zip(found, matrix, strict=True)
        for other, cell in zip(found, row[1:], strict=True)
        if cell.isdigit()
    } | {("known", "known"): set(range(200))}
    for pair, group in shown.items():
        assert not 0 < len(group) < 5
        for other in shown.values():
            assert not (group <= other and 0 < len(other - group) < 5), (pair, found)
    sizes = [len(group) for (one, other), group in shown.items() if one == other]
    assert not [pair for pair in combinations(sizes, 2) if 0 < abs(pair[0] - pair[1]) < 5]
    for row, (name, cells) in enumerate(zip(found, table, strict=True)):
        assert (cells[1] == matrix[row][row + 1]) and (cells[4] == matrix[row][1]), name


def test_a_department_around_all_but_few_families_is_not_shown():
    departments = pd.DataFrame({"department": ["a", "b", "c", "d"], "n_families": [3, 97, 60, 30], "n_all": 100})
    departments = departments.assign(share=departments["n_families"] / 100, n_unknown=[0, 0, 40, 51])
    numbers = key_numbers.department_numbers(departments, 5)
    assert [value for value, _ in numbers.values()] == [None, None, 0.6, None]


@pytest.mark.parametrize(
    ("shortlisted", "written"), [(20, ["hidden", "20"]), (23, ["23", "23"]), (15, ["23", "15"]), (3, ["23"])]
)
def test_the_funnel_gives_no_short_reserve_list_away(profile, shortlisted, written):
    profile = with_value(profile, "selection.places", 37 + shortlisted)
    listed = listing(enrolled=37, shortlisted=shortlisted, reserve=23 - shortlisted, not_eligible=240)
    safe = drawn_funnel(profile, listed, 300)
    assert [row[1] for row in safe.written("en", 5)] == ["900", "300", "60", *written]


def test_steps_that_few_families_part_are_not_both_shown(profile):
    listed = listing(enrolled=10, shortlisted=8, reserve=20, not_eligible=3)
    profile = with_value(profile, "selection.places", 18)
    cells = [row[1] for row in drawn_funnel(profile, listed, 41, 43).written("en", 5)]
    # 41 known of 43, and 38 of them meet the rule
    assert cells == ["hidden", "41", "hidden", "28", "8"]
    said = " ".join(sentences.say_funnel(steps(41, 38), listed, profile, "en"))
    assert "(hidden) meet the rule" in said and "38" not in said
