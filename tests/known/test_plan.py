"""The shared plan against cases worked by hand and rules with a published source."""

from datetime import date

import pytest

from helhed.plan.lix import level, lix, read
from helhed.plan.sections import statute_of
from helhed.plan.statutes import due_date, statutes
from helhed.profile import declared_entries


def test_lix_of_a_danish_text_worked_by_hand():
    # Sentences: "Planen samler det hele." / "Koordinatoren hjælper familien." / "Vi mødes igen 3. marts."  -> 3
    # Words: Planen samler det hele (4) + Koordinatoren hjælper familien (3) + Vi mødes igen 3 marts (5) = 12
    # Long words (more than 6 letters): Koordinatoren (13), hjælper (7), familien (8) = 3
    # LIX = 12 / 3 + 100 * 3 / 12 = 4 + 25 = 29
    words = "Planen samler det hele. Koordinatoren hjælper familien. Vi mødes igen 3. marts."
    assert (read(words).n_words, read(words).n_sentences, read(words).n_long_words) == (12, 3, 3)
    assert lix(words) == 29
    assert level(29) == "easy"


def test_lix_counts_a_list_line_by_line():
    # Two lines without a full stop: 2 sentences, 4 words, none of more than 6 letters ("Mentor" has 6).
    # LIX = 4 / 2 + 0 = 2
    assert lix("Mentor hver\nVi ses") == 2


def test_lix_of_nothing_cannot_be_told():
    assert lix(" – … ") is None


@pytest.mark.parametrize(
    ("score", "name"),
    [(24.9, "very_easy"), (25, "easy"), (34.9, "easy"), (35, "medium"), (45, "hard"), (55, "very_hard")],
)
def test_levels_begin_where_bjoernsson_puts_them(score, name):
    assert level(score) == name


@pytest.mark.parametrize(
    ("rule", "event", "due"),
    [
        # Barnets lov § 91: at the latest 3 months after the decision.
        ("bl_91", date(2024, 5, 15), date(2024, 8, 15)),
        # § 20: within 4 months; 31 October has no counterpart in February.
        ("bl_20", date(2024, 10, 31), date(2025, 2, 28)),
        ("bl_20", date(2023, 10, 31), None),
        # § 95: first follow-up 3 months after the start, across the turn of the year.
        ("bl_95", date(2024, 11, 30), date(2025, 2, 28)),
        # The act came into force on 1 January 2024.
        ("bl_91", date(2023, 12, 31), None),
        ("bl_91", date(2024, 1, 1), date(2024, 4, 1)),
        # A rule without a deadline sets none.
        ("bl_92", date(2024, 5, 15), None),
    ],
)
def test_deadlines_of_the_law(rule, event, due):
    assert due_date(rule, event) == due


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("Barnets lov § 32, stk. 1, nr. 3", "bl_32"),
        ("BL §32", "bl_32"),
        ("barnets lov §§ 91 og 92", "bl_91"),
        ("Serviceloven § 141", "sel_141"),
        ("SEL § 141, stk. 7", "sel_141"),
        ("Lov om social service § 141", "sel_141"),
        ("LAB § 42", "lab_42"),
        ("Retssikkerhedsloven § 11 c, stk. 1", "rsl_11c"),
        # The same number in another act is another rule.
        ("Sundhedsloven § 141", ""),
        ("Serviceloven § 32", ""),
        ("§ 32", ""),
        ("Barnets lov", ""),
    ],
)
def test_sections_of_law_as_case_systems_write_them(written, rule):
    assert statute_of(written) == rule


def test_every_rule_names_its_source_and_when_it_was_read():
    wanted = {"bl_78", "bl_91", "bl_92", "bl_95", "bl_109", "bl_110", "sel_141", "rsl_11a", "rsl_11b", "rsl_11c"}
    assert wanted <= set(statutes())
    for rule in (version for versions in statutes().values() for version in versions):
        assert rule.url.startswith("https://")
        assert rule.read_date <= date.today()
        assert rule.da != rule.en


def test_ages_in_the_act_on_the_child():
    # § 3: party from 10. From which age own consent to placement is asked for was not looked up: a setting, no rule.
    assert {rule.id: rule.age for versions in statutes().values() for rule in versions if rule.age} == {"bl_3": 10}
    entry = declared_entries()["plan.own_consent_years"]
    assert (entry.default, entry.quality) == (15, "red")


def test_the_deadlines_are_worded_as_the_source_has_them():
    # Barnets lov § 95: at the earlier of the examination's end and three months; § 91: three months, nothing else read.
    follow_up, childs_plan = statutes()["bl_95"][0], statutes()["bl_91"][0]
    assert "examination" in follow_up.en and "undersøgelse" in follow_up.da
    assert "without consent" not in childs_plan.en and "uden samtykke" not in childs_plan.da
