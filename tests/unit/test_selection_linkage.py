"""What records without a family could mean for the target group: tables that count, the ceiling, the loss again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helhed import intake
from helhed.disclosure import protect
from helhed.drawing import png
from helhed.figures import selection as figures
from helhed.kit_files import folder
from helhed.profile import read_profile
from helhed.selection import TABLES, lose_again, public_tables, sentences, unlinked_by_source
from helhed.selection.linkage_sensitivity import helping_tables, hurting_tables, lost_shares, thin
from helhed.selection.stability import rule_status
from helhed.selection.variants import with_value
from helhed.texts import LANGUAGES, text

SAMPLE = folder("sample_data") / "furesoe"
BOTH = {"all": ["adult_on_benefit", "open_child_case"]}


@pytest.fixture(scope="module")
def profile():
    return with_value(read_profile(SAMPLE), "selection.rule", BOTH)


@pytest.fixture(scope="module")
def tables(profile):
    read = intake.read_municipality(profile)
    return {name: read.tables[name] for name in TABLES}


def with_rule(profile, rule):
    return with_value(profile, "selection.rule", rule)


def unlinked(*rows):
    columns = ["source", "table", "person_id", "reason", "n_records"]
    return pd.DataFrame(list(rows), columns=columns).astype({**dict.fromkeys(columns, "str"), "n_records": "Int64"})


def linkage(**records):
    """Return the linkage of sources given as (records, records with a family)."""
    rows = [(source, n, n_family) for source, (n, n_family) in records.items()]
    return pd.DataFrame(rows, columns=["source", "n_records", "n_family"])


#: Two unknown persons in the benefits, one of them in the child cases too; two measures of unknown cases.
LOOSE = unlinked(
    ("ydelsesrefusion", "benefit_week", "p", "no_person", 40),
    ("ydelsesrefusion", "benefit_week", "q", "no_person", 9),
    ("dubu_sager", "child_case", "q", "no_family", 1),
    ("dubu_indsatser", "measure", None, "no_case", 2),
)
LINKED = linkage(ydelsesrefusion=(1000, 951), dubu_sager=(50, 49), dubu_indsatser=(30, 28), sofus=(12, 12))


# ── which tables count ──


@pytest.mark.parametrize(
    ("rule", "helping", "hurting"),
    [
        (BOTH, {"benefit_spell", "child_case"}, set()),
        ({"all": ["adult_on_benefit", {"not": "placed_child"}]}, {"benefit_spell"}, {"measure"}),
        # A child under three is no matter of records, but the family must be known to a department.
        ("child_under_3", {"benefit_spell", "child_case", "measure"}, set()),
        ({"all": ["child_under_3", "open_child_case"]}, {"child_case"}, set()),
        ("school_absence", {"absence", "benefit_spell", "child_case", "measure"}, set()),
        (
            {"any": ["n_departments", "family_has_consent"]},
            {"benefit_spell", "child_case", "measure", "absence", "enrolment"},
            set(),
        ),
        # Two of one and the same: the second criterion decides nothing.
        ({"all": ["adult_on_benefit", {"any": ["adult_on_benefit", "open_child_case"]}]}, {"benefit_spell"}, set()),
    ],
)  # fmt: skip
def test_a_table_counts_when_the_rule_can_turn_on_it(profile, rule, helping, hurting):
    chosen = with_rule(profile, rule)
    assert helping_tables(chosen) == helping
    assert hurting_tables(chosen) == hurting


def test_a_rule_of_many_criteria_takes_every_table_for_deciding(profile):
    names = [f"school_absence >= 0.{hundredth:02}" for hundredth in range(10, 50)]
    chosen = with_rule(profile, {"at_least": {"n": 3, "of": [*names, {"not": "placed_child"}]}})
    assert helping_tables(chosen) >= {"absence", "measure"}
    assert hurting_tables(chosen) >= {"absence", "measure"}


# ── the ceiling ──


def test_each_person_counts_once_and_only_in_sources_that_the_rule_looks_at(profile):
    # p and q in the benefits, q again in the child cases, and two nameless measures the rule does not look at.
    found = unlinked_by_source(LINKED, LOOSE, profile).set_index("source")
    assert found.loc["ydelsesrefusion", ["n_unlinked", "n_persons", "n_could_add"]].tolist() == [49, 2, 2]
    assert found.loc["dubu_sager", ["n_unlinked", "n_persons", "n_could_add"]].tolist() == [1, 1, 1]
    assert found.loc["dubu_indsatser", ["n_unlinked", "n_persons", "n_could_add"]].tolist() == [2, 2, 0]
    assert found.loc["sofus", ["n_unlinked", "n_persons", "n_could_add"]].tolist() == [0, 0, 0]
    total = unlinked_by_source(LINKED, LOOSE, profile).iloc[-1]
    assert pd.isna(total["source"]) and total[["n_unlinked", "n_persons", "n_could_add"]].tolist() == [52, 4, 2]


def test_the_ceiling_holds_when_the_hidden_persons_come_back(profile, tables):
    # Take random persons out of the register, count what the ceiling says, and compare with the truth.
    as_of, rng = profile["data.to_date"], np.random.default_rng(7)
    persons = np.sort(tables["family_member"]["person_id"].unique())
    hidden = set(persons[rng.random(len(persons)) < 0.1])
    members = tables["family_member"]
    fewer = {**tables, "family_member": members[~members["person_id"].isin(hidden)]}
    rows = [
        (name, name, person, "no_person", 1)
        for name in ("benefit_spell", "child_case", "measure", "absence")
        for person in sorted(hidden & set(tables[name]["person_id"]))
    ]
    counted = linkage(**{name: (10_000, 0) for name in ("benefit_spell", "child_case", "measure", "absence")})
    ceiling = unlinked_by_source(counted, unlinked(*rows), profile)["n_could_add"].iloc[-1]
    true, seen = (set(s.index[s == "met"]) for s in (rule_status(t, profile, as_of) for t in (tables, fewer)))
    assert 0 < len(true - seen) <= ceiling


# ── the same loss once more ──


def test_the_share_lost_is_of_persons(profile, tables):
    placed = tables["benefit_spell"]["person_id"].isin(tables["family_member"]["person_id"])
    n_met = tables["benefit_spell"].loc[placed, "person_id"].nunique()
    shares = lost_shares(tables, LOOSE)
    assert shares["benefit_spell"] == pytest.approx(2 / (n_met + 2))
    assert set(shares) == {"benefit_spell", "child_case", "measure"}


def test_thinning_takes_whole_persons_and_leaves_the_rest_alone(tables):
    before = tables["benefit_spell"].copy()
    thinned = thin(tables, {"benefit_spell": 0.3}, np.random.default_rng(1))
    kept, all_of = (frame["person_id"].value_counts() for frame in (thinned["benefit_spell"], before))
    assert (kept == all_of.reindex(kept.index)).all()
    assert len(kept) == pytest.approx(0.7 * len(all_of), rel=0.15)
    assert all(thinned[name] is tables[name] for name in TABLES if name != "benefit_spell")
    pd.testing.assert_frame_equal(tables["benefit_spell"], before)


def test_losing_nothing_moves_nothing(profile, tables):
    again = lose_again(tables, unlinked(), profile, profile["data.to_date"])
    assert again.n_runs == 0 and again.is_stable and not again.shares
    assert again.size == (again.n_eligible, float(again.n_eligible), again.n_eligible)


def test_the_mean_loss_is_what_the_shares_say(profile, tables):
    # A rule of one criterion on one adult: a family leaves when its only recipient is drawn. With a share s of persons
    # lost and one recipient a family the mean is n * s; a second recipient can only make it less.
    alone = with_rule(profile, "adult_on_benefit")
    as_of = alone["data.to_date"]
    persons = sorted(tables["benefit_spell"]["person_id"].unique())
    loose = unlinked(*(("ydelsesrefusion", "benefit_week", f"x{n}", "no_person", 1) for n in range(len(persons) // 9)))
    again = lose_again(tables, loose, alone, as_of)
    share = again.shares["benefit_spell"]
    assert 0.5 * share * again.n_eligible < again.leave[1] <= 1.15 * share * again.n_eligible
    assert again.leave[0] <= again.leave[1] <= again.leave[2]
    assert again.enter == (0, 0.0, 0)
    assert again == lose_again(tables, loose, alone, as_of)
    assert again != lose_again(tables, loose, with_value(alone, "selection.seed", 1), as_of)


def test_a_rule_with_not_can_let_families_in(profile, tables):
    barred = with_rule(profile, {"all": ["open_child_case", {"not": "adult_on_benefit"}]})
    loose = unlinked(*(("y", "benefit_week", f"x{n}", "no_person", 1) for n in range(200)))
    assert lose_again(tables, loose, barred, barred["data.to_date"]).enter[1] > 0


# ── what is shown ──


TITLES = {
    "ydelsesrefusion": "Ydelsesrefusion",
    "dubu_sager": "DUBU",
    "dubu_indsatser": "DUBU, indsatser",
    "sofus": "Sofus",
}


def many(n):
    """Return ``n`` unknown persons in the benefits and as many in the child cases, and their linkage."""
    rows = [(source, table, f"{source}{i}", "no_person", 3) for source, table in _SOURCES for i in range(n)]
    return unlinked(*rows), linkage(ydelsesrefusion=(900, 900 - 3 * n), dubu_sager=(90, 90 - 3 * n), sofus=(12, 12))


_SOURCES = (("ydelsesrefusion", "benefit_week"), ("dubu_sager", "child_case"))


def shown(profile, tables, n, lang):
    loose, linked = many(n)
    again = lose_again(tables, loose, profile, profile["data.to_date"])
    safe = protect(public_tables.unlinked_table(unlinked_by_source(linked, loose, profile), TITLES, lang), 5)
    return safe, again


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_names_the_ceiling_and_the_limits_of_knowledge(profile, tables, lang):
    safe, again = shown(profile, tables, 12, lang)
    said = " ".join(sentences.say_unlinked(safe, again, profile, lang))
    assert "24" in said and text("selection.say_not_random", lang) in said and "Sofus" in said
    assert f"{again.leave[0]}-{again.leave[2]}" in said
    picture = figures.draw_unlinked(safe, again, profile, lang)
    assert "24" in picture.alt and png(picture.figure)[:4] == b"\x89PNG"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_small_numbers_of_persons_are_hidden(profile, tables, lang):
    safe, again = shown(profile, tables, 2, lang)
    assert all(cells[2] not in ("2", "4") for cells in safe.written(lang, 5))
    under = text("outputs.under", lang, threshold=5)
    assert under in sentences.say_unlinked(safe, again, profile, lang)[0]
    assert under in figures.draw_unlinked(safe, again, profile, lang).alt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_when_everything_linked_it_is_said_to_mean_nothing(profile, tables, lang):
    linked = linkage(ydelsesrefusion=(900, 900), sofus=(12, 12))
    again = lose_again(tables, unlinked(), profile, profile["data.to_date"])
    safe = protect(public_tables.unlinked_table(unlinked_by_source(linked, unlinked(), profile), TITLES, lang), 5)
    assert sentences.say_unlinked(safe, again, profile, lang) == [text("selection.say_all_linked", lang, n="2")]
    assert str(again.n_eligible) in figures.draw_unlinked(safe, again, profile, lang).alt


def test_a_target_group_too_small_to_show_is_not_drawn(profile, tables):
    safe, again = shown(profile, tables, 12, "da")
    small = replace(again, n_eligible=3)
    assert figures.draw_unlinked(safe, small, profile, "da").alt == text("selection.unlinked_none", "da")
    assert not sentences.say_lost_again(small, profile, "da")
