"""Households from the population register to the criteria, worked out by hand on 31 December 2025.

Each register is a list of persons with parents and addresses (capitals), as in `test_intake_families`; families are
formed as the check step forms them, and every criterion is worked out in three ways: pandas, Polars, one family.
"""

import pandas as pd
import polars as pl
import pytest

from helhed.intake.building.canonical import first_of_month
from helhed.intake.building.spells import benefit_spells
from helhed.intake.families.forming import build_families
from helhed.intake.families.homes import on_the_day
from helhed.selection import evaluate_criteria, select_families
from helhed.selection.national import national_of
from helhed.selection.one_family import evaluate_family
from helhed.selection.register import Register as Frames
from helhed.selection.variants import with_value
from helhed.selection.why import question_of, records_of
from helhed.tables import tables as contracts
from tests.known.test_intake_families import RULES, one, register
from tests.known.test_selection import DAY, Register, make_profile

MOTHER = one("m", 1985, "A", sex="f")
STEPFATHER = one("s", 1984, "A", sex="m")


def town(persons, records=None):
    """Return canonical tables: the families of the persons, and what a `Register` has recorded about them."""
    here = on_the_day(register(*persons), RULES.reference_date)
    here = here.assign(birth_date=first_of_month(here["birth_date"]))
    families = build_families(here, RULES)
    of_register = {"person": here, "family_member": families.family_member}
    formed = {name: contracts()[name].conform(_whole(name, frame)) for name, frame in of_register.items()}
    return (records or Register()).tables() | formed


def _whole(name, frame):
    lacking = {column.name: pd.NA for column in contracts()[name].columns if column.name not in frame}
    return frame.assign(**lacking)


def family_of(tables, person):
    members = tables["family_member"]
    return members.loc[(members["person_id"] == person) & members["is_main_home"], "family_id"].iloc[0]


def came_out(tables, profile, criterion, person="m"):
    """Return status and value of the family in which a person has the main home; None when it is not in question."""
    judged = evaluate_criteria(tables, profile, DAY, [criterion]).set_index("family_id")
    family = family_of(tables, person)
    if family not in judged.index:
        return None
    status, value = judged.loc[family, ["status", "value"]]
    answer = evaluate_family(records_of(tables, family), question_of(Frames(tables, profile, DAY), [criterion]))
    assert answer[criterion].status == status
    alone = with_value(profile, "selection.rule", {"any": [criterion]})
    lazy = {name: pl.from_pandas(table).lazy() for name, table in tables.items()}
    assert national_of(Frames(lazy, alone, DAY)).fingerprint() == national_of(Frames(tables, alone, DAY)).fingerprint()
    return status, value


@pytest.fixture
def profile(tmp_path):
    return make_profile(tmp_path, benefit_window_months=6, benefit_months=3, n_children=1)


def case_of(*children, **more):
    found = Register()
    for child in children:
        found = found.case(child, "2025-01-01", **more)
    return found


# ── the day of the birthday ──


def test_a_child_that_turns_18_on_the_day_is_none(profile):
    tables = town([MOTHER, one("x", "2007-12", "A", mother="m") | {"birth_date": "2007-12-31"}], case_of("x"))
    assert came_out(tables, profile, "n_children") is None


def test_a_child_that_turns_18_tomorrow_is_one(profile):
    tables = town([MOTHER, one("x", "2008-01", "A", mother="m")], case_of("x"))
    assert came_out(tables, profile, "open_child_case") == ("met", 1)


def test_the_case_of_the_twin_sister_of_a_grown_up_counts_only_as_long_as_she_is_a_child(profile):
    # twins born on either side of midnight between two months: one is 18, the other will be in January
    pair = [one("x", "2007-12", "A", mother="m") | {"birth_date": "2007-12-31"}, one("y", "2008-01", "A", mother="m")]
    assert came_out(town([MOTHER, *pair], case_of("x")), profile, "open_child_case") == ("not_met", 0)
    assert came_out(town([MOTHER, *pair], case_of("x", "y")), profile, "open_child_case") == ("met", 1)


def test_a_grown_up_son_at_home_on_benefit_is_no_adult_of_the_family(profile):
    persons = [MOTHER, one("g", 2004, "A", mother="m"), one("x", 2015, "A", mother="m")]
    records = case_of("x").benefit("g", "2025-01-01").benefit("m", "2025-12-01")
    assert came_out(town(persons, records), profile, "adult_on_benefit") == ("not_met", 1)
    assert came_out(town(persons, records), profile, "one_adult") == ("met", 1)


def test_a_child_born_on_the_day_counts_and_one_expected_does_not(profile):
    born = one("x", "2025-12", "A", mother="m") | {"birth_date": "2025-12-31"}
    tables = town([MOTHER, born], Register().measure("m", "health"))
    assert came_out(tables, profile, "child_under_3") == ("met", 1)
    expected = town([MOTHER, one("x", "2026-01", "A", mother="m")], Register().measure("m", "health"))
    assert came_out(expected, profile, "child_under_3") is None


# ── twins ──

TWINS = [one("x", 2015, "A", mother="m"), one("y", 2015, "A", mother="m")]


def test_twins_with_a_case_each_are_two_children_and_two_cases_of_one_are_one(profile):
    assert came_out(town([MOTHER, *TWINS], case_of("x", "y")), profile, "open_child_case") == ("met", 2)
    assert came_out(town([MOTHER, *TWINS], case_of("x", "x")), profile, "open_child_case") == ("met", 1)


def test_notifications_on_twins_on_one_day_are_two(tmp_path):
    profile = make_profile(tmp_path, n_notifications=2, notification_window_months=12)
    records = Register()
    for child in ("x", "y"):
        records = records.case(child, "2025-03-10", end="2025-03-17", case_type="underretning")
    assert came_out(town([MOTHER, *TWINS], records), profile, "notifications") == ("met", 2)


def test_the_twin_without_school_rows_leaves_it_open_and_the_other_decides_when_high(tmp_path):
    profile = make_profile(tmp_path, absence_share=0.1, absence_window_months=3, absence_min_months=3)
    for days, expected in ((2.0, "met"), (1.9, "cannot_tell")):
        records = Register().measure("m", "health")
        for month in ("2025-10-01", "2025-11-01", "2025-12-01"):
            records = records.absence("x", month, 20.0, days)
        assert came_out(town([MOTHER, *TWINS], records), profile, "school_absence")[0] == expected


# ── step-parents ──


def test_the_step_father_is_an_adult_of_the_family(profile):
    persons = [MOTHER, STEPFATHER, one("x", 2015, "A", mother="m")]
    tables = town(persons, case_of("x").benefit("s", "2025-10-01"))
    assert came_out(tables, profile, "adult_on_benefit") == ("met", 3)
    assert came_out(tables, profile, "all_adults_on_benefit") == ("not_met", 0)
    assert came_out(tables, profile, "one_adult") == ("not_met", 0)


def test_the_step_fathers_own_child_elsewhere_is_not_of_this_family(profile):
    # z lives with its own mother k; its case is hers and not that of the household of its father
    persons = [MOTHER, STEPFATHER, one("x", 2015, "A", mother="m")]
    persons += [one("k", 1986, "B", sex="f"), one("z", 2014, "B", mother="k", father="s")]
    tables = town(persons, case_of("z").benefit("m", "2025-01-01"))
    assert came_out(tables, profile, "open_child_case") == ("not_met", 0)
    assert came_out(tables, profile, "open_child_case", "k") == ("met", 1)
    assert came_out(tables, profile, "n_children") == ("met", 1)


@pytest.mark.parametrize(("both", "expected"), [("false", ("not_met", 0)), ("true", ("met", 1))])
def test_the_step_fathers_child_with_a_second_home_here_counts_when_the_profile_says_so(tmp_path, both, expected):
    profile = make_profile(tmp_path, count_second_home=both)
    persons = [MOTHER, STEPFATHER, one("x", 2015, "A", mother="m")]
    persons += [one("k", 1986, "B", sex="f"), one("z", 2014, "B", mother="k", father="s", second="A")]
    tables = town(persons, case_of("z").benefit("m", "2025-01-01"))
    assert came_out(tables, profile, "open_child_case") == expected
    assert came_out(tables, profile, "open_child_case", "k") == ("met", 1)


def test_children_brought_by_both_are_counted_together(tmp_path):
    profile = make_profile(tmp_path, n_children=3)
    persons = [MOTHER, STEPFATHER, *TWINS, one("z", 2012, "A", father="s")]
    assert came_out(town(persons, case_of("z")), profile, "n_children") == ("met", 3)


def test_the_case_of_a_father_living_elsewhere_is_no_case_of_another_member(profile):
    # Morsø: the mother is on benefit; the father, who has left, is in treatment
    persons = [MOTHER, one("f", 1984, "B", sex="m"), one("x", 2015, "A", mother="m", father="f")]
    records = Register().benefit("m", "2025-01-01").measure("f", "health").case("q", "2025-01-01")
    for month in ("2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01", "2025-11-01", "2025-12-01"):
        records = records.absence("x", month, 20.0, 0.0)
    records = records.measure("q", "adult_social")
    assert came_out(town(persons, records), profile, "other_member_case") == ("not_met", 0)
    at_home = [MOTHER, one("f", 1984, "A", sex="m"), one("x", 2015, "A", mother="m", father="f")]
    assert came_out(town(at_home, records), profile, "other_member_case") == ("met", 1)


# ── out and back ──


def left_and_back(out, back):
    """Return mother and child who lived here from 2015, moved out on a day and came back on another."""
    stays = [{"from_date": "2015-06-01", "to_date": out}, {"from_date": back}]
    return [person | stay for person in (MOTHER, one("x", 2015, "A", mother="m")) for stay in stays]


@pytest.mark.parametrize(
    ("asked", "expected"),
    # July and August were spent elsewhere, September here without benefit, October to December on benefit
    [(3, ("met", 3)), (5, ("cannot_tell", 3)), (6, ("not_met", 3))],
)
def test_months_in_another_municipality_are_unknown(tmp_path, asked, expected):
    profile = make_profile(tmp_path, benefit_window_months=6, benefit_months=asked)
    tables = town(left_and_back("2024-03-31", "2025-09-01"), case_of("x").benefit("m", "2025-10-01"))
    assert came_out(tables, profile, "adult_on_benefit") == expected


def test_a_benefit_before_the_move_is_seen_although_the_months_between_are_not(tmp_path):
    # on benefit here until 15 July, elsewhere until October: July is seen, August and September may have been
    profile = make_profile(tmp_path, benefit_window_months=6, benefit_months=4)
    records = case_of("x").benefit("m", "2025-01-01", "2025-07-15").benefit("m", "2025-12-01")
    tables = town(left_and_back("2025-07-15", "2025-10-01"), records)
    assert came_out(tables, profile, "adult_on_benefit") == ("cannot_tell", 2)
    more = make_profile(tmp_path, benefit_window_months=6, benefit_months=5)
    assert came_out(tables, more, "adult_on_benefit") == ("not_met", 2)


def test_who_moves_out_one_day_and_in_the_next_was_never_away(tmp_path):
    profile = make_profile(tmp_path, benefit_window_months=6, benefit_months=4)
    tables = town(left_and_back("2025-08-31", "2025-09-01"), case_of("x").benefit("m", "2025-10-01"))
    assert came_out(tables, profile, "adult_on_benefit") == ("not_met", 3)


@pytest.mark.parametrize(("last", "expected"), [("2025-12-31", ("met", 1)), ("2025-12-30", None)])
def test_a_family_that_leaves_on_the_day_is_still_here(profile, last, expected):
    persons = [MOTHER | {"to_date": last}, one("x", 2015, "A", mother="m", to_date=last)]
    assert came_out(town(persons, case_of("x")), profile, "open_child_case") == expected


def test_a_father_who_left_yesterday_is_no_adult_of_the_family(profile):
    persons = [MOTHER, one("f", 1984, "A", sex="m", to_date="2025-12-30")]
    persons += [one("x", 2015, "A", mother="m", father="f")]
    tables = town(persons, case_of("x").benefit("f", "2025-01-01").benefit("q", "2025-01-01"))
    assert came_out(tables, profile, "adult_on_benefit") == ("not_met", 0)
    assert came_out(tables, profile, "one_adult") == ("met", 1)


# ── protected addresses and other homes ──


def test_a_family_with_a_protected_address_of_its_own_is_like_any_other(profile):
    hidden = [one("p", 1985, "Z", sex="f"), one("v", 2015, "Z", mother="p")]
    tables = town([MOTHER, one("x", 2015, "A", mother="m"), *hidden], case_of("v"))
    assert came_out(tables, profile, "open_child_case", "p") == ("met", 1)


def test_a_family_whose_protected_address_is_left_out_is_held_together_by_its_ties(profile):
    hidden = [one("p", 1985, None, sex="f"), one("v", 2015, None, mother="p"), one("w", 2012, None, mother="p")]
    tables = town([MOTHER, one("x", 2015, "A", mother="m"), *hidden, one("n", 1984, None, sex="m")], case_of("v"))
    assert came_out(tables, profile, "open_child_case", "p") == ("met", 1)
    assert came_out(tables, profile, "one_adult", "p") == ("met", 1)


def test_a_grandmother_with_custody_is_the_adult(profile):
    persons = [one("g", 1960, "A", sex="f"), one("x", 2015, "A", mother="gone", custody="g")]
    tables = town(persons, case_of("x").benefit("g", "2025-10-31"))
    assert came_out(tables, profile, "adult_on_benefit", "g") == ("met", 3)


# ── weeks over New Year, and the leap day ──


def weeks(person, *mondays):
    """Return the spells of a person paid in some weeks, and of somebody paid in every week, so that no week is dark."""
    every = pd.date_range("2023-01-02", "2025-12-29", freq="W-MON")
    paid = [(person, pd.Timestamp(monday)) for monday in mondays] + [("q", monday) for monday in every]
    rows = pd.DataFrame(paid, columns=["person_id", "week"]).astype({"week": "datetime64[us]"})
    return benefit_spells(rows.assign(benefit="kontanthjaelp", paid_dkk=100.0, refund_dkk=0.0))


@pytest.mark.parametrize(
    ("mondays", "window", "n_months"),
    [
        (["2024-12-30"], 12, 1),  # week 1 of 2025 begins in 2024: January alone lies in the window of twelve
        (["2024-12-30"], 13, 2),  # and December 2024 in that of thirteen
        (["2025-12-29"], 1, 1),  # week 1 of 2026 begins before the day: December
        (["2025-12-29"], 12, 1),
        (["2024-12-23"], 12, 0),  # week 52 of 2024 ends on 29 December
        (["2024-12-23", "2024-12-30"], 14, 2),  # one spell over New Year: December and January
        (["2024-02-26"], 22, 1),  # with the leap day and up to 3 March: March alone lies in the window of 22
        (["2024-02-26"], 23, 2),  # and February 2024 in that of 23
    ],
)
def test_weeks_over_new_year_count_in_the_months_they_touch(tmp_path, mondays, window, n_months):
    profile = make_profile(tmp_path, benefit_window_months=window, benefit_months=1)
    tables = town([MOTHER, one("x", 2015, "A", mother="m")], case_of("x"))
    others = contracts()["benefit_spell"].conform(_whole("benefit_spell", weeks("m", *mondays)))
    status, value = came_out(tables | {"benefit_spell": others}, profile, "adult_on_benefit")
    assert (status, value) == ("met" if n_months else "not_met", n_months)


# ── the same day ──


def test_a_case_opened_and_closed_on_the_day_is_open_on_it(profile):
    tables = town([MOTHER, one("x", 2015, "A", mother="m")], Register().case("x", DAY, end=DAY, status="closed"))
    assert came_out(tables, profile, "open_child_case") == ("met", 1)


def test_a_case_closed_yesterday_and_a_new_one_today_are_one_child(profile):
    records = Register().case("x", "2025-01-01", end="2025-12-30", status="closed").case("x", DAY)
    assert came_out(town([MOTHER, one("x", 2015, "A", mother="m")], records), profile, "open_child_case") == ("met", 1)


def test_a_spell_and_a_window_that_meet_on_one_day(tmp_path):
    # the window of one month is December: a spell of 1 December alone, and one of 30 November alone
    profile = make_profile(tmp_path, benefit_window_months=1, benefit_months=1)
    for day, expected in (("2025-12-01", ("met", 1)), ("2025-11-30", ("not_met", 0))):
        tables = town([MOTHER, one("x", 2015, "A", mother="m")], case_of("x").benefit("m", day, day))
        assert came_out(tables, profile, "adult_on_benefit") == expected


def test_placements_of_twins_that_end_on_the_first_day_of_the_window(tmp_path):
    profile = make_profile(tmp_path, n_placements=2, placement_window_months=12)
    for last, expected in (("2024-12-31", ("not_met", 1)), ("2025-01-01", ("met", 2))):
        records = Register().measure("x", "children", "2024-01-01", "2025-01-01", "placement")
        records = records.measure("y", "children", "2024-01-01", last, "placement")
        assert came_out(town([MOTHER, *TWINS], records), profile, "n_placements") == expected


def test_the_list_of_a_town_of_all_of_them_is_in_order(tmp_path):
    # two families with as many months on benefit: the one known by family_id first; the third has fewer
    profile = make_profile(tmp_path, order_by="[months_on_benefit]", places=2, benefit_window_months=6)
    profile = with_value(profile, "selection.rule", {"all": ["adult_on_benefit", "open_child_case"]})
    persons, records = [], Register()
    for letter, start in (("A", "2025-09-30"), ("B", "2025-09-01"), ("C", "2025-10-01")):
        persons += [one(f"m{letter}", 1985, letter, sex="f"), one(f"x{letter}", 2015, letter, mother=f"m{letter}")]
        records = records.benefit(f"m{letter}", start).case(f"x{letter}", "2025-01-01")
    tables = town(persons, records)
    listed = select_families(tables, profile, DAY).sort_values("rank")
    assert listed["family_id"].iloc[2] == family_of(tables, "mC")
    assert listed["family_id"].tolist()[:2] == sorted(family_of(tables, name) for name in ("mA", "mB"))
