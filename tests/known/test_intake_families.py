"""Households worked out by hand: who belongs to whom on 31 December 2025."""

import pandas as pd
import pytest

from helhed.intake.families import FamilyRules, build_families

RULES = FamilyRules(pd.Timestamp("2025-12-31"))


def register(*rows):
    columns = ["person_id", "birth_date", "address_id", "mother_id", "father_id", "custody_ids", "second_address_id"]
    frame = pd.DataFrame([[*row, *[None] * (7 - len(row))] for row in rows], columns=columns).astype("str")
    frame["birth_date"] = frame["birth_date"].astype("datetime64[us]")
    moved = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return frame.assign(to_date=moved, district="Nord")


def households(families):
    """Return each family as (main members, guests), sorted."""
    groups = families.family_member.groupby("family_id")
    return sorted(
        (
            "".join(sorted(rows.loc[rows.is_main_home, "person_id"])),
            "".join(sorted(rows.loc[~rows.is_main_home, "person_id"])),
        )
        for _, rows in groups
    )


def role(families, person):
    return families.family_member.set_index("person_id")["role"].loc[person]


def test_a_child_in_two_homes_counts_once():
    # a and b are parents of c, who is registered with a and has a second home with b.
    found = build_families(
        register(("a", "1985-01-01", "A"), ("b", "1984-01-01", "B"), ("c", "2015-01-01", "A", "a", "b", "a,b", "B")),
        RULES,
    )
    assert households(found) == [("ac", ""), ("b", "c")]
    by_adults = found.family.set_index("n_children")
    assert by_adults.loc[1, "family_type"] == "one_adult"
    assert by_adults.loc[0, "family_type"] == "no_children"
    assert found.family["has_second_home"].all()
    assert found.family["n_children"].sum() == 1


def test_a_step_parent_joins_and_a_lodger_does_not():
    # At A: a, her child c and the unrelated s, 3 years apart: a couple. At B: d, her child e and l, 22 years older.
    found = build_families(
        register(
            ("a", "1985-01-01", "A"), ("s", "1982-01-01", "A"), ("c", "2015-01-01", "A", "a"),
            ("d", "1985-01-01", "B"), ("l", "1963-01-01", "B"), ("e", "2015-01-01", "B", "d"),
        ),
        RULES,
    )  # fmt: skip
    assert households(found) == [("acs", ""), ("de", ""), ("l", "")]


def test_the_limit_of_a_couple_is_below_fifteen_years():
    # 1 January 1985 and 1 February 1970 are 14.9 years apart, 1 January 1970 is 15.0 (5,479 days / 365.25 = 15.0007).
    near = build_families(register(("a", "1985-01-01", "A"), ("s", "1970-02-01", "A")), RULES)
    far = build_families(register(("a", "1985-01-01", "A"), ("s", "1970-01-01", "A")), RULES)
    assert (len(near.family), len(far.family)) == (1, 2)


def test_three_unrelated_adults_at_one_address_are_three_families():
    found = build_families(
        register(("a", "1985-01-01", "A"), ("b", "1986-01-01", "A"), ("c", "1987-01-01", "A")), RULES
    )
    assert len(found.family) == 3


def test_siblings_and_mother_and_grown_son_are_no_couples():
    # a and b share the mother m; g (26) lives with his mother h and is too old to be counted as her child.
    found = build_families(
        register(
            ("a", "1985-01-01", "A", "m"), ("b", "1986-01-01", "A", "m"),
            ("h", "1979-01-01", "H"), ("g", "1999-01-01", "H", "h"),
        ),
        RULES,
    )  # fmt: skip
    assert households(found) == [("a", ""), ("b", ""), ("g", ""), ("h", "")]


@pytest.mark.parametrize(("born", "expected"), [("2001-01-01", "adult_child"), ("2000-12-01", "adult")])
def test_a_child_at_home_counts_until_twenty_four(born, expected):
    # On 31 December 2025 the one born in January 2001 is 24; the one born in December 2000 is 25.
    found = build_families(register(("m", "1975-01-01", "A"), ("y", born, "A", "m")), RULES)
    assert role(found, "y") == expected


def test_three_generations_at_one_address_are_two_families():
    # y (20) lives with her mother m and her own child c: she is a mother, not a child at home.
    found = build_families(
        register(("m", "1975-01-01", "A"), ("y", "2005-06-01", "A", "m"), ("c", "2024-01-01", "A", "y")), RULES
    )
    assert households(found) == [("cy", ""), ("m", "")]
    assert role(found, "y") == "adult"


def test_a_placed_child_belongs_to_the_mother():
    # c lives at the foster family f; the mother m and the father p live elsewhere, each alone.
    found = build_families(
        register(
            ("m", "1985-01-01", "M"), ("p", "1985-01-01", "P"), ("f", "1970-01-01", "F"),
            ("c", "2015-01-01", "F", "m", "p"),
        ),
        RULES,
    )  # fmt: skip
    assert households(found) == [("cm", ""), ("f", ""), ("p", "")]


def test_a_placed_child_goes_to_the_parent_who_still_lives_here():
    people = register(("m", "1985-01-01", "M"), ("p", "1985-01-01", "P"), ("c", "2015-01-01", "F", "m", "p"))
    people.loc[people["person_id"] == "m", "to_date"] = pd.Timestamp("2024-05-01")
    assert households(build_families(people, RULES)) == [("cp", ""), ("m", "")]


def test_a_family_that_moved_away_stays_one_family_apart_from_the_new_tenants():
    people = register(
        ("a", "1985-01-01", "A"), ("c", "2015-01-01", "A", "a"), ("x", "1986-01-01", "A"), ("z", "2014-01-01", "A", "x")
    )
    people.loc[people["person_id"].isin(["a", "c"]), "to_date"] = pd.Timestamp("2024-05-01")
    assert households(build_families(people, RULES)) == [("ac", ""), ("xz", "")]


def test_who_cannot_be_placed_is_counted_with_the_reason():
    found = build_families(
        register(("a", "1985-01-01", "A"), ("b", "2015-01-01", "A", "unknown"), ("c", "2015-01-01", None, "unknown")),
        RULES,
    )
    assert households(found) == [("a", "")]
    assert found.n_unplaced == {"no_address": 1, "no_parent_in_register": 1}


def test_a_custody_holder_stands_in_for_a_parent():
    # c has no known parents; the grandmother g has custody and lives at the same address.
    found = build_families(register(("g", "1960-01-01", "G"), ("c", "2015-01-01", "G", None, None, "g")), RULES)
    assert households(found) == [("cg", "")]


def test_the_family_id_rests_on_the_adults_alone():
    one = build_families(register(("a", "1985-01-01", "A"), ("c", "2015-01-01", "A", "a")), RULES)
    more = build_families(
        register(("a", "1985-01-01", "B"), ("c", "2015-01-01", "B", "a"), ("d", "2025-01-01", "B", "a")), RULES
    )
    assert one.family["family_id"].tolist() == more.family["family_id"].tolist()
