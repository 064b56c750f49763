"""Households worked out by hand: who belongs to whom on 31 December 2025.

Each register is a list of `one` person a line; `households` writes a family as its members, in brackets those whose
main home is elsewhere. Capitals are addresses.
"""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.intake.families.forming import UNPLACED_REASONS, FamilyRules, build_families
from helhed.intake.families.homes import on_the_day
from helhed.intake.families.in_words import family_rules_in_words
from helhed.texts import catalogue

RULES = FamilyRules(pd.Timestamp("2025-12-31"))
COLUMNS = (
    "person_id", "birth_date", "address_id", "mother_id", "father_id", "custody_ids", "second_address_id", "sex",
    "from_date", "to_date", "district",
)  # fmt: skip


def one(person_id, born, address=None, **more):
    """Return a person; ``born`` is a year or a month such as "2015-03"."""
    more = {"mother_id": more.pop("mother", None), "father_id": more.pop("father", None), **more}
    more = {"custody_ids": more.pop("custody", None), "second_address_id": more.pop("second", None), **more}
    day = f"{born}-01" if "-" in str(born) else f"{born}-01-01"
    return {"person_id": person_id, "birth_date": day, "address_id": address, "district": "Nord", **more}


def register(*persons):
    frame = pd.DataFrame(list(persons), columns=COLUMNS)
    for name in COLUMNS:
        frame[name] = frame[name].astype("datetime64[us]" if name.endswith("_date") else "str")
    return frame


def found(*persons, rules=RULES):
    return build_families(register(*persons), rules)


def households(*persons, rules=RULES):
    return written(found(*persons, rules=rules))


def written(families):
    """Return each family as its members, those with their main home elsewhere in brackets."""
    groups = []
    for _, rows in families.family_member.groupby("family_id"):
        guests = "".join(sorted(rows.loc[~rows["is_main_home"], "person_id"]))
        groups.append("".join(sorted(rows.loc[rows["is_main_home"], "person_id"])) + (f"({guests})" if guests else ""))
    return sorted(groups)


def role(families, person):
    return families.family_member.set_index("person_id")["role"].loc[person]


def size(families, person):
    """Return adults, children and type of the family in which a person has the main home."""
    members = families.family_member
    family = members.loc[(members["person_id"] == person) & members["is_main_home"], "family_id"].iloc[0]
    row = families.family.set_index("family_id").loc[family]
    return int(row["n_adults"]), int(row["n_children"]), row["family_type"]


MOTHER = one("m", 1985, "A", sex="f")
FATHER = one("f", 1984, "A", sex="m")

#: Rule, register, households: worked by hand.
CASES = {
    "a_couple_with_twins": (
        "child_at_home",
        [MOTHER, FATHER, one("x", 2015, "A", mother="m", father="f"), one("y", 2015, "A", mother="m", father="f")],
        ["fmxy"],
    ),
    "father_unknown": ("child_at_home", [MOTHER, one("x", 2015, "A", mother="m")], ["mx"]),
    "mother_not_in_the_extract": ("child_at_home", [FATHER, one("x", 2015, "A", mother="gone", father="f")], ["fx"]),
    "a_father_living_elsewhere_is_a_family_of_his_own": (
        "child_at_home",
        [MOTHER, one("f", 1984, "B", sex="m"), one("x", 2015, "A", mother="m", father="f")],
        ["f", "mx"],
    ),
    "siblings_divided_between_the_parents": (
        "child_at_home",
        [
            MOTHER, one("f", 1984, "B", sex="m"),
            one("x", 2015, "A", mother="m", father="f"), one("y", 2013, "B", mother="m", father="f"),
        ],
        ["fy", "mx"],
    ),
    "a_step_father_joins": (
        "couple_cohabiting",
        [MOTHER, one("s", 1982, "A", sex="m"), one("x", 2015, "A", mother="m")],
        ["msx"],
    ),
    "both_bring_children": (
        "couple_cohabiting",
        [MOTHER, one("s", 1982, "A", sex="m"), one("x", 2015, "A", mother="m"), one("y", 2012, "A", father="s")],
        ["msxy"],
    ),
    "a_grown_up_son_does_not_hide_the_step_father": (
        "couple_cohabiting",
        [one("m", 1970, "A", sex="f"), one("s", 1968, "A", sex="m"), one("g", 1996, "A", sex="m", mother="m")],
        ["g", "ms"],
    ),
    "a_lodger_much_older_does_not_join": (
        "adult_alone", [MOTHER, one("l", 1963, "A", sex="m"), one("x", 2015, "A", mother="m")], ["l", "mx"],
    ),
    "two_women_sharing_are_two_families": (
        "adult_alone",
        [MOTHER, one("k", 1986, "A", sex="f"), one("x", 2015, "A", mother="m"), one("y", 2016, "A", mother="k")],
        ["ky", "mx"],
    ),
    "two_mothers_of_one_child": (
        "couple_common_child",
        [MOTHER, one("k", 1986, "A", sex="f"), one("x", 2020, "A", mother="m", father="k")],
        ["kmx"],
    ),
    "a_co_mother_known_by_custody": (
        "couple_common_child",
        [MOTHER, one("k", 1986, "A", sex="f"), one("x", 2020, "A", mother="m", custody="m,k")],
        ["kmx"],
    ),
    "married_women_without_a_common_child": (
        "married_couple", [MOTHER, one("k", 1986, "A", sex="f")], ["k", "m"],
    ),
    "parents_twenty_years_apart": (
        "couple_common_child",
        [MOTHER, one("f", 1960, "A", sex="m"), one("x", 2015, "A", mother="m", father="f")],
        ["fmx"],
    ),
    "parents_of_a_placed_child_and_a_lodger": (
        # The lodger would hide them as a couple; their child, placed at B, shows it.
        "couple_common_child",
        [
            MOTHER, FATHER, one("l", 1990, "A", sex="m"), one("p", 1970, "B"),
            one("x", 2015, "B", mother="m", father="f"),
        ],
        ["fmx", "l", "p"],
    ),
    "the_youngest_common_child_decides": (
        # m has x with f and later y with g; all five live at A. y is younger: m and g are the couple.
        "couple_common_child",
        [
            MOTHER, FATHER, one("g", 1983, "A", sex="m"),
            one("x", 2012, "A", mother="m", father="f"), one("y", 2018, "A", mother="m", father="g"),
        ],
        ["f", "gmxy"],
    ),
    "two_couples_at_one_address": (
        "couple_common_child",
        [
            MOTHER, FATHER, one("x", 2015, "A", mother="m", father="f"),
            one("k", 1990, "A", sex="f"), one("h", 1989, "A", sex="m"), one("y", 2020, "A", mother="k", father="h"),
        ],
        ["fmx", "hky"],
    ),
    "adult_siblings": (
        "adult_alone",
        [one("a", 1985, "A", sex="f", mother="n"), one("b", 1986, "A", sex="m", mother="n")],
        ["a", "b"],
    ),
    "half_siblings_by_the_father": (
        "adult_alone",
        [one("a", 1985, "A", sex="f", father="n"), one("b", 1986, "A", sex="m", father="n")],
        ["a", "b"],
    ),
    "students_sharing": (
        "adult_alone",
        [one("a", 2002, "A", sex="f"), one("b", 2003, "A", sex="m"), one("c", 2003, "A", sex="m")],
        ["a", "b", "c"],
    ),
    "a_shelter": (
        "adult_alone",
        [
            MOTHER, one("x", 2015, "A", mother="m"), one("k", 1990, "A", sex="f"), one("y", 2020, "A", mother="k"),
            one("n", 1991, "A", sex="f"), one("z", 2021, "A", mother="n"),
        ],
        ["ky", "mx", "nz"],
    ),
    "parents_apart_at_one_address_are_the_mothers": (
        # m is in a couple with g by their younger child, so x, whose father f also lives here, stays with the mother.
        "child_at_home",
        [
            one("m", 1985, "A", sex="f"), one("f", 1984, "A", sex="m"), one("g", 1983, "A", sex="m"),
            one("x", 2012, "A", mother="m", father="f"), one("y", 2018, "A", mother="m", father="g"),
        ],
        ["f", "gmxy"],
    ),
    "grandparents_with_their_daughter_and_her_child": (
        "young_parent",
        [
            one("g", 1955, "A", sex="f"), one("h", 1954, "A", sex="m"),
            one("m", 1985, "A", sex="f", mother="g", father="h"), one("x", 2015, "A", mother="m"),
        ],
        ["gh", "mx"],
    ),
    "a_teenage_mother_with_her_parents": (
        "young_parent",
        [
            MOTHER, FATHER, one("t", "2009-03", "A", sex="f", mother="m", father="f"),
            one("b", "2025-06", "A", mother="t"),
        ],
        ["bt", "fm"],
    ),
    "a_teenage_mother_whose_baby_is_placed": (
        "young_parent",
        [MOTHER, one("t", "2009-03", "A", mother="m"), one("b", "2025-06", "B", mother="t"), one("p", 1970, "B")],
        ["bmt", "p"],
    ),
    "a_teenage_mother_and_her_baby_both_placed_apart": (
        "child_away",
        [MOTHER, one("t", "2009-03", "T", mother="m"), one("b", "2025-06", "B", mother="t"), one("p", 1970, "B")],
        ["bmt", "p"],
    ),
    "a_young_man_at_home_with_a_child_elsewhere": (
        "adult_child_at_home",
        [
            MOTHER, one("y", 2004, "A", sex="m", mother="m"), one("k", 2004, "B", sex="f"),
            one("b", 2024, "B", mother="k", father="y"),
        ],
        ["bk", "my"],
    ),
    "a_grandmother_with_custody": (
        "custody_holder_at_home", [one("g", 1960, "A"), one("x", 2015, "A", custody="g")], ["gx"],
    ),
    "a_grandmother_with_custody_while_the_mother_lives_elsewhere": (
        "custody_holder_at_home",
        [one("g", 1960, "G"), MOTHER, one("x", 2015, "G", mother="m", custody="g")],
        ["gx", "m"],
    ),
    "a_grandmother_who_shares_custody_at_home_stays_apart": (
        "child_at_home",
        [
            one("g", 1960, "A", sex="f"), one("m", 1985, "A", sex="f", mother="g"),
            one("x", 2015, "A", mother="m", custody="m,g"),
        ],
        ["g", "mx"],
    ),
    "a_child_in_a_foster_family": (
        "child_away",
        [
            one("m", 1985, "M"), one("f", 1985, "F"), one("p", 1970, "P", sex="f"), one("q", 1968, "P", sex="m"),
            one("k", 2014, "P", mother="p", father="q"), one("x", 2015, "P", mother="m", father="f"),
        ],
        ["f", "kpq", "mx"],
    ),
    "a_placed_child_of_whom_the_father_has_custody": (
        "child_away",
        [
            one("m", 1985, "M"), one("f", 1985, "F"), one("p", 1970, "P"),
            one("x", 2015, "P", mother="m", father="f", custody="f"),
        ],
        ["fx", "m", "p"],
    ),
    "a_placed_child_whose_grandmother_has_custody": (
        "child_away",
        [one("m", 1985, "M"), one("g", 1960, "G"), one("p", 1970, "P"), one("x", 2015, "P", mother="m", custody="g")],
        ["gx", "m", "p"],
    ),
    "a_child_at_an_institution": (
        "child_away",
        [one("m", 1985, "M"), one("x", 2010, "I", mother="m"), *(one(str(n), 1980 + n, "I") for n in range(7))],
        ["0", "1", "2", "3", "4", "5", "6", "mx"],
    ),
    "a_grown_up_sister_is_no_parent": (
        "child_away",
        [one("m", 1975, "M"), one("s", 2000, "S", mother="m"), one("x", 2012, "S", mother="m")],
        ["mx", "s"],
    ),
    "a_newborn_without_an_address": ("newborn", [MOTHER, one("b", "2025-12", None, mother="m")], ["bm"]),
    "a_parent_of_five_years_is_a_mistake": (
        "implausible_parent",
        [MOTHER, one("x", 2015, "A", mother="m"), one("y", 2020, "A", mother="x", father="m")],
        ["mxy"],
    ),
    "mother_and_daughter_entered_the_wrong_way_round_too": (
        "implausible_parent",
        [one("m", 1985, "A", mother="x"), one("x", 2015, "A", mother="m")],
        ["mx"],
    ),
    "a_family_that_left_and_the_new_tenants": (
        "moved",
        [
            one("m", 1985, "A", to_date="2024-05-01"), one("x", 2015, "A", mother="m", to_date="2024-05-01"),
            one("k", 1986, "A"), one("y", 2014, "A", mother="k"),
        ],
        ["ky", "mx"],
    ),
    "tenants_who_left_at_different_times_are_no_couple": (
        "moved",
        [one("a", 1985, "A", sex="f", to_date="2024-05-01"), one("b", 1985, "A", sex="m", to_date="2025-02-01")],
        ["a", "b"],
    ),
    "the_mother_died": (
        # Mother and father lived together; x stays with the father, the mother stands alone.
        "moved",
        [
            one("m", 1985, "A", sex="f", to_date="2025-03-10"), FATHER,
            one("x", 2015, "A", mother="m", father="f", custody="f"),
        ],
        ["fx", "m"],
    ),
    "a_placed_child_goes_to_the_parent_who_still_lives_here": (
        "child_away",
        [one("m", 1985, "M", to_date="2024-05-01"), one("f", 1985, "F"), one("x", 2015, "P", mother="m", father="f")],
        ["fx", "m"],
    ),
    "the_father_has_not_moved_in_yet": (
        "moved",
        [MOTHER, one("f", 1984, "A", sex="m", from_date="2026-01-15"), one("x", 2015, "A", mother="m", father="f")],
        ["f", "mx"],
    ),
    "two_homes": (
        "second_home",
        [one("m", 1985, "A"), one("f", 1984, "B"), one("x", 2015, "A", mother="m", father="f", second="B")],
        ["f(x)", "mx"],
    ),
    "two_homes_with_a_step_mother_in_the_second": (
        "second_home",
        [
            one("m", 1985, "A"), one("f", 1984, "B", sex="m"), one("s", 1988, "B", sex="f"),
            one("x", 2015, "A", mother="m", father="f", second="B"), one("y", 2020, "B", mother="s", father="f"),
        ],
        ["fsy(x)", "mx"],
    ),
    "several_rows_are_the_history_of_one_person": (
        # x moved from the mother to the father on 1 June 2025: on the reference day he lives with the father.
        "reference_day",
        [
            one("m", 1985, "A"), one("f", 1984, "B"),
            one("x", 2010, "A", mother="m", father="f", from_date="2010-01-01", to_date="2025-05-31"),
            one("x", 2010, "B", mother="m", father="f", from_date="2025-06-01"),
        ],
        ["fx", "m"],
    ),
    "a_move_after_the_reference_day_is_not_yet_true": (
        "reference_day",
        [
            one("m", 1985, "A"), one("f", 1984, "B"),
            one("x", 2010, "A", mother="m", father="f", from_date="2010-01-01", to_date="2026-01-09"),
            one("x", 2010, "B", mother="m", father="f", from_date="2026-01-10"),
        ],
        ["f", "mx"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_households_worked_by_hand(name):
    _, persons, expected = CASES[name]
    assert households(*persons) == expected


def test_every_declared_rule_has_a_register_worked_by_hand():
    assert {rule for rule, _, _ in CASES.values()} == set(family_rules_in_words())


def test_every_member_carries_the_rule_that_put_it_there():
    ruled = {name: set(found(*persons).family_member["rule"]) for name, (_, persons, _) in CASES.items()}
    assert set().union(*ruled.values()) <= set(family_rules_in_words())
    decided = {"adult_alone", "couple_common_child", "couple_cohabiting", "child_at_home", "custody_holder_at_home"}
    for name, (rule, _, _) in CASES.items():
        if rule in decided | {"child_away", "second_home", "adult_child_at_home"}:
            assert rule in ruled[name], name


def test_a_child_in_two_homes_counts_once_and_both_homes_show_it():
    families = found(*CASES["two_homes"][1])
    assert size(families, "x") == (1, 1, "one_adult")
    assert size(families, "f") == (1, 0, "no_children")
    assert families.family["has_second_home"].all()


def test_a_second_home_outside_the_register_marks_the_family_too():
    families = found(MOTHER, one("x", 2015, "A", mother="m", second="Z"))
    assert families.family["has_second_home"].tolist() == [True]
    assert not found(MOTHER, one("x", 2015, "A", mother="m", second="A")).family["has_second_home"].any()


def test_a_child_who_moved_alone_stays_but_is_not_counted():
    families = found(MOTHER, one("x", 2015, "A", mother="m", to_date="2025-08-01"), one("y", 2017, "A", mother="m"))
    assert written(families) == ["mxy"]
    assert size(families, "m") == (1, 1, "one_adult")
    gone = found(*CASES["a_family_that_left_and_the_new_tenants"][1])
    assert size(gone, "m") == (1, 1, "one_adult")


@pytest.mark.parametrize(("born", "together"), [("1970-02", True), ("1970-01", False)])
def test_the_limit_of_a_couple_is_below_fifteen_years(born, together):
    # January 1985 is 179 months after February 1970 and 180, fifteen years, after January 1970.
    assert households(MOTHER, one("s", born, "A", sex="m")) == (["ms"] if together else ["m", "s"])


def test_couples_of_the_same_sex_without_a_common_child_are_a_choice():
    persons = CASES["married_women_without_a_common_child"][1]
    assert households(*persons, rules=FamilyRules(RULES.reference_date, couple_of_same_sex=True)) == ["km"]


@pytest.mark.parametrize(("born", "expected"), [("2001-01", "adult_child"), ("2000-12", "adult")])
def test_a_child_at_home_counts_until_twenty_four(born, expected):
    # On 31 December 2025 the one born in January 2001 is 24; the one born in December 2000 is 25.
    assert role(found(one("m", 1975, "A"), one("y", born, "A", mother="m")), "y") == expected


@pytest.mark.parametrize(("born", "expected"), [("2008-01", "child"), ("2007-12", "adult_child")])
def test_a_child_is_a_child_until_eighteen(born, expected):
    assert role(found(one("m", 1975, "A"), one("y", born, "A", mother="m")), "y") == expected


def test_a_teenage_mother_is_the_adult_of_her_family():
    families = found(*CASES["a_teenage_mother_with_her_parents"][1])
    assert size(families, "b") == (1, 1, "one_adult")
    assert size(families, "m") == (2, 0, "no_children")


#: Reason, register in which x has no family for it.
UNPLACED = {
    "no_birth_date": [MOTHER, one("x", 2015, "A", mother="m") | {"birth_date": None}],
    "not_born_yet": [MOTHER, one("x", "2026-01", "A", mother="m")],
    "parent_without_family": [one("t", "2009-03", "T", mother="nobody"), one("x", "2025-01", "B", mother="t")],
    "parents_moved_away": [
        one("m", 1985, "A", to_date="2024-05-01"), one("g", 1960, "G"), one("x", 2015, "G", mother="m"),
    ],
    "no_address": [MOTHER, one("x", 2015, None, mother="nobody")],
    "institution_address": [one("x", 2015, "I", mother="nobody"), *(one(str(n), 1980 + n, "I") for n in range(5))],
    "alone_at_address": [MOTHER, one("x", 2015, "X")],
    "no_parent_in_register": [MOTHER, one("x", 2015, "A", mother="nobody")],
}  # fmt: skip


def test_every_reason_has_a_register_and_words():
    assert set(UNPLACED) == set(UNPLACED_REASONS)
    assert all(f"intake.unplaced_{reason}" in catalogue() for reason in UNPLACED_REASONS)


@pytest.mark.parametrize("reason", UNPLACED)
def test_who_cannot_be_placed_is_counted_with_the_reason(reason):
    families = found(*UNPLACED[reason])
    assert families.unplaced.set_index("person_id")["reason"].loc["x"] == reason
    assert families.n_unplaced[reason] == 1
    assert "x" not in set(families.family_member["person_id"])


def test_the_family_id_rests_on_the_adults_alone():
    before = found(MOTHER, one("x", 2015, "A", mother="m"))
    after = found(
        one("m", 1985, "B", sex="f"), one("x", 2015, "B", mother="m"), one("y", 2025, "B", mother="m"),
    )  # fmt: skip
    assert before.family["family_id"].tolist() == after.family["family_id"].tolist()


def test_an_unbroken_stay_reaches_over_moves_within_the_municipality():
    # Two addresses without a break from 2012; before that a year elsewhere since 2010.
    history = register(
        one("a", 1985, "C", from_date="2005-01-01", to_date="2010-12-31"),
        one("a", 1985, "A", from_date="2012-03-01", to_date="2020-06-30"),
        one("a", 1985, "B", from_date="2020-07-01"),
    )
    row = on_the_day(history, RULES.reference_date).iloc[0]
    assert (row["address_id"], row["from_date"]) == ("B", pd.Timestamp("2012-03-01"))
    assert pd.isna(row["to_date"])
    earlier = on_the_day(history, pd.Timestamp("2011-06-01")).iloc[0]
    assert (earlier["address_id"], earlier["to_date"]) == ("C", pd.Timestamp("2010-12-31"))


def test_an_empty_register_gives_no_families():
    families = build_families(register(), RULES)
    assert families.family.empty and families.family_member.empty and not families.n_unplaced


# ── properties of any register ──

NAMES = [f"p{n:02d}" for n in range(12)]
DATES = [None, None, None, "2024-05-01", "2025-12-31", "2026-02-01"]


@st.composite
def registers(draw):
    """Return a register of up to twelve persons with any ties; no two are born in the same month."""
    n = draw(st.integers(1, len(NAMES)))
    births = draw(st.permutations(range(n)))
    tie, home = st.sampled_from([None, "elsewhere", *NAMES[:n]]), st.sampled_from([None, "A", "B", "C"])
    persons = []
    for name, birth in zip(NAMES[:n], births, strict=True):
        held = draw(st.lists(st.sampled_from(NAMES[:n]), max_size=2, unique=True))
        persons.append(
            one(
                name, f"{1960 + birth * 6}-{birth % 12 + 1:02d}", draw(home), mother=draw(tie), father=draw(tie),
                custody=",".join(held) or None, second=draw(home), sex=draw(st.sampled_from(["f", "m", "u"])),
                to_date=draw(st.sampled_from(DATES)), from_date=draw(st.sampled_from(DATES)),
            )
        )  # fmt: skip
    return register(*persons)


def shape(families, names=lambda person: person):
    """Return everything but the ids of the families: members with role, home and rule by family, and the unplaced."""
    members = families.family_member.assign(person_id=families.family_member["person_id"].map(names))
    joined = members.merge(families.family, on="family_id").drop(columns="district")
    columns = [name for name in joined if name != "family_id"]
    groups = {frozenset(map(tuple, rows[columns].astype(str).to_numpy())) for _, rows in joined.groupby("family_id")}
    return groups, {names(person): reason for person, reason in families.unplaced.itertuples(index=False)}


@given(registers())
@settings(max_examples=25, deadline=None)
def test_everybody_is_in_one_main_family_or_counted_as_unplaced(persons):
    families = build_families(persons, RULES)
    main = families.family_member.loc[families.family_member["is_main_home"], "person_id"].tolist()
    assert sorted(main + families.unplaced["person_id"].tolist()) == sorted(persons["person_id"])
    assert sum(families.n_unplaced.values()) == len(families.unplaced)
    adults = families.family_member[families.family_member["role"] == "adult"].groupby("family_id").size()
    assert adults.between(1, 2).all() and set(adults.index) == set(families.family["family_id"])
    assert not families.family_member.duplicated(["family_id", "person_id"]).any()


@given(registers(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_rows_changes_nothing(persons, random):
    order = list(range(len(persons)))
    random.shuffle(order)
    once, again = build_families(persons, RULES), build_families(persons.iloc[order], RULES)
    pd.testing.assert_frame_equal(once.family, again.family)
    pd.testing.assert_frame_equal(once.family_member, again.family_member)
    pd.testing.assert_frame_equal(once.unplaced, again.unplaced)


@given(registers(), registers())
@settings(max_examples=15, deadline=None)
def test_households_without_ties_do_not_touch_each_other(persons, others):
    others = others.copy()
    for name in ("person_id", "mother_id", "father_id"):
        others[name] = "q" + others[name].str[1:]
    others["custody_ids"] = others["custody_ids"].str.replace("p", "q")
    for name in ("address_id", "second_address_id"):
        others[name] = "other" + others[name]
    one_by_one = [build_families(part, RULES) for part in (persons, others)]
    together = shape(build_families(pd.concat([persons, others], ignore_index=True), RULES))
    groups, unplaced = zip(*map(shape, one_by_one), strict=True)
    assert together == (groups[0] | groups[1], unplaced[0] | unplaced[1])


@given(registers(), st.permutations(NAMES))
@settings(max_examples=25, deadline=None)
def test_other_pseudonyms_change_nothing_but_the_ids(persons, renamed):
    new = dict(zip(NAMES, renamed, strict=True))
    other = persons.copy()
    for name in ("person_id", "mother_id", "father_id"):
        other[name] = other[name].map(lambda person: new.get(person, person)).astype("str")
    other["custody_ids"] = [
        held if pd.isna(held) else ",".join(new[person] for person in held.split(",")) for held in other["custody_ids"]
    ]
    other["custody_ids"] = other["custody_ids"].astype("str")
    back = {fresh: old for old, fresh in new.items()}
    assert shape(build_families(other, RULES), back.get) == shape(build_families(persons, RULES))
