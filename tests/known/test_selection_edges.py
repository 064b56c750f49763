"""Registers at the edges of windows, months and ages, each worked out by hand and judged twice: table and plain Python.

The benefit window is the last six months counted back from the day; on the last day of a month they are calendar
months. Ages count in whole months: a child is under 18 until the month of the 18th birthday.
"""

from datetime import date

import pytest

from helhed.selection import evaluate_criteria, select_families, why
from helhed.selection.days import window_edges
from tests.known.test_selection import Register, make_profile

OTHER = "B"


def answer(tmp_path, register, criterion, day, **settings):
    """Return status and value of family F; another family gives every source a row, so that "no" can be said."""
    register.family(OTHER).benefit("B1", "2023-01-01").case("Bc1", "2023-01-01").measure("B1", "health")
    register.measure("Bc1", "children", group="placement").absence("Bc1", "2025-12-01", 20.0, 0.0)
    profile = make_profile(tmp_path, rule=f"{{all: [{criterion}]}}", **settings)
    tables = register.tables()
    row = evaluate_criteria(tables, profile, day, [criterion]).set_index("family_id").loc["F"]
    plain = why(tables, profile, day, "F")[criterion]
    assert (plain.status, plain.value) == (row["status"], row["value"])
    return row["status"], row["value"]


# ── the edges of the months themselves ──


@pytest.mark.parametrize(
    ("day", "first", "last_month"),
    [
        # the last day of a month: calendar months
        (date(2024, 2, 29), date(2023, 9, 1), (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2025, 2, 28), date(2024, 9, 1), (date(2025, 2, 1), date(2025, 2, 28))),
        (date(2025, 4, 30), date(2024, 11, 1), (date(2025, 4, 1), date(2025, 4, 30))),
        # the day before the leap day: months from the 29th to the 28th, and March 1 after February in other years
        (date(2024, 2, 28), date(2023, 8, 29), (date(2024, 1, 29), date(2024, 2, 28))),
        # the middle of a month
        (date(2025, 7, 15), date(2025, 1, 16), (date(2025, 6, 16), date(2025, 7, 15))),
        # the 30th: the month of February ends the window's months on its own last day
        (date(2025, 3, 30), date(2024, 9, 30), (date(2025, 2, 28), date(2025, 3, 30))),
    ],
)
def test_the_window_of_six_months(day, first, last_month):
    edges = window_edges(day, 6)
    assert edges[0][0] == first and edges[-1] == last_month
    # the months follow each other without a gap and without a day in two of them
    assert all((later[0] - earlier[1]).days == 1 for earlier, later in zip(edges, edges[1:], strict=False))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-02-29", "2024-02-29", ("met", 1)),  # the leap day alone
        ("2023-09-01", "2023-09-01", ("met", 1)),  # the window's first day alone
        ("2023-08-31", "2023-08-31", ("not_met", 0)),  # the day before it
        ("2024-03-01", None, ("not_met", 0)),  # the day after the reference day
        ("2023-01-31", None, ("met", 6)),  # a spell over the whole window
        ("2024-01-31", "2024-02-01", ("met", 2)),  # the last day of one month and the first of the next
        ("2024-02-10", "2024-02-01", ("not_met", 0)),  # ends before it begins: impossible, counts nowhere
    ],
)
def test_benefit_spells_around_a_leap_february(tmp_path, start, end, expected):
    register = Register().family("F").benefit("F1", start, end).case("Fc1", "2023-01-01")
    assert answer(tmp_path, register, "adult_on_benefit", "2024-02-29", benefit_months=1) == expected


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        # the same days twice, under two benefits
        ([("2025-07-01", "2025-08-31", "kontanthjaelp"), ("2025-07-01", "2025-08-31", "sygedagpenge")], 2),
        # one inside the other
        ([("2025-07-01", "2025-11-30", "kontanthjaelp"), ("2025-09-01", "2025-09-30", "sygedagpenge")], 5),
        # overlapping ends
        ([("2025-07-15", "2025-09-15", "kontanthjaelp"), ("2025-09-15", "2025-11-15", "sygedagpenge")], 5),
        # a gap of a whole month (September) between two spells
        ([("2025-07-01", "2025-08-31", "kontanthjaelp"), ("2025-10-01", "2025-12-31", "kontanthjaelp")], 5),
        # a gap of a day between two spells: no month is lost
        ([("2025-07-01", "2025-09-14", "kontanthjaelp"), ("2025-09-16", "2025-12-31", "kontanthjaelp")], 6),
    ],
)
def test_months_of_overlapping_spells_count_once(tmp_path, spells, expected):
    register = Register().family("F").case("Fc1", "2023-01-01")
    for start, end, benefit in spells:
        register.benefit("F1", start, end, benefit)
    status, value = answer(tmp_path, register, "adult_on_benefit", "2025-12-31", benefit_months=5)
    assert (status, value) == ("met" if expected >= 5 else "not_met", expected)


def test_two_adults_never_add_up_to_one(tmp_path):
    # July-September on one adult, October-December on the other: three months each, not six
    register = Register().family("F", adults=2).case("Fc1", "2023-01-01")
    register.benefit("F1", "2025-07-01", "2025-09-30").benefit("F2", "2025-10-01")
    assert answer(tmp_path, register, "adult_on_benefit", "2025-12-31", benefit_months=4) == ("not_met", 3)


# ── moving in, moving out, being born, turning 18 ──


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2025-07-01", ("not_met", 2)),  # resident from the window's first day: nothing is unknown
        ("2025-07-02", ("not_met", 2)),  # July is unknown: 2 seen, 3 possible, 4 asked for
        ("2025-09-01", ("cannot_tell", 2)),  # July and August are unknown: 4 possible
        ("2025-09-02", ("cannot_tell", 2)),  # September too: 5 possible
    ],
)
def test_months_before_moving_in_are_unknown(tmp_path, since, expected):
    register = Register().family("F", since=since).case("Fc1", "2025-10-01").benefit("F1", "2025-11-01")
    assert answer(tmp_path, register, "adult_on_benefit", "2025-12-31", benefit_months=4) == expected


@pytest.mark.parametrize(("last", "is_there"), [("2025-12-31", True), ("2025-12-30", False)])
def test_a_child_that_moved_out_the_day_before_is_gone(tmp_path, last, is_there):
    register = Register().family("F").benefit("F1", "2025-01-01").family(OTHER).benefit("B1", "2025-01-01")
    (child,) = [row for row in register.rows["person"] if row["person_id"] == "Fc1"]
    child["to_date"] = last
    listed = select_families(register.tables(), make_profile(tmp_path), "2025-12-31")["family_id"]
    assert ("F" in set(listed)) is is_there


@pytest.mark.parametrize(("first", "is_there"), [("2025-12-31", True), ("2026-01-01", False)])
def test_a_family_that_moves_in_tomorrow_is_not_here_yet(tmp_path, first, is_there):
    register = Register().family("F", since=first).benefit("F1", "2025-01-01").family(OTHER).benefit("B1", "2025-01-01")
    families = set(evaluate_criteria(register.tables(), make_profile(tmp_path), "2025-12-31")["family_id"])
    assert ("F" in families) is is_there


@pytest.mark.parametrize(
    ("birth", "day", "n"),
    [
        ("2008-01-01", "2025-12-31", 2),  # born in January 2008: 18 next month
        ("2007-12-01", "2025-12-31", 1),  # born in December 2007: 18 this month
        ("2008-02-01", "2026-01-31", 2),
        ("2008-02-01", "2026-02-01", 1),  # born in February 2008, a leap year: 18 from the first of February 2026
        ("2025-12-01", "2025-12-31", 2),  # born this month
    ],
)
def test_a_child_counts_until_the_month_of_its_18th_birthday(tmp_path, birth, day, n):
    register = Register().family("F", births=("2015-05-01", birth)).benefit("F1", "2025-01-01")
    assert answer(tmp_path, register, "n_children", day, n_children=2) == ("met" if n == 2 else "not_met", n)


def test_a_case_of_a_child_that_turned_18_in_the_window_is_no_child_case(tmp_path):
    # 18 in October 2025; the plan runs on, but the family's child under 18 has none
    register = Register().family("F", births=("2015-05-01", "2007-10-01")).benefit("F1", "2025-01-01")
    register.case("Fc2", "2024-01-01", case_type="ungeplan")
    assert answer(tmp_path, register, "open_child_case", "2025-12-31") == ("not_met", 0)
    register = Register().family("F", births=("2015-05-01", "2007-10-01")).benefit("F1", "2025-01-01")
    register.case("Fc2", "2024-01-01", case_type="ungeplan")
    assert answer(tmp_path, register, "open_child_case", "2025-09-30") == ("met", 1)


@pytest.mark.parametrize(
    ("years", "birth", "expected"),
    [(3, "2021-03-01", "met"), (3, "2021-02-01", "not_met"), (4, "2020-03-01", "met"), (4, "2020-02-01", "not_met")],
)
def test_a_young_child_on_the_leap_day(tmp_path, years, birth, expected):
    # on 29 February 2024 a child born in March 2021 is two years and eleven months, one born in February is three
    register = Register().family("F", births=(birth,)).benefit("F1", "2023-01-01")
    assert answer(tmp_path, register, "child_under_3", "2024-02-29", young_child_years=years)[0] == expected


# ── cases, notifications, placements, absence ──


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2023-03-01", ("met", 2)),  # the first day of the twelve months up to 29 February 2024
        ("2023-02-28", ("not_met", 1)),
        ("2024-02-29", ("met", 2)),
        ("2024-03-01", ("not_met", 1)),
    ],
)
def test_notifications_in_twelve_months_up_to_the_leap_day(tmp_path, start, expected):
    register = Register().family("F").benefit("F1", "2023-01-01")
    register.case("Fc1", "2023-06-15", "2023-06-15", "underretning", "closed")
    register.case("Fc1", start, start, "underretning", "closed")
    assert answer(tmp_path, register, "notifications", "2024-02-29") == expected


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2025-12-31", None, "met"),
        ("2026-01-01", None, "not_met"),
        ("2025-01-01", "2025-12-31", "met"),
        ("2025-01-01", "2025-12-30", "not_met"),
    ],
)
def test_a_placement_on_the_day(tmp_path, start, end, status):
    register = Register().family("F").benefit("F1", "2025-01-01").measure("Fc1", "children", start, end, "placement")
    assert answer(tmp_path, register, "placed_child", "2025-12-31")[0] == status


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        # the window of six months: July to December 2025
        ("2025-12-31", ("2025-07-01", "2025-11-01", "2025-12-01"), ("met", 0.1)),
        # June lies before it: two months left, three are asked for
        ("2025-12-31", ("2025-06-01", "2025-11-01", "2025-12-01"), ("cannot_tell", None)),
        # on 30 December the month of December is not over
        ("2025-12-30", ("2025-07-01", "2025-10-01", "2025-12-01"), ("cannot_tell", None)),
        ("2025-12-30", ("2025-07-01", "2025-10-01", "2025-11-01"), ("met", 0.1)),
    ],
)
def test_school_absence_in_months_that_are_wholly_past(tmp_path, day, months, expected):
    register = Register().family("F").benefit("F1", "2025-01-01")
    for month in months:
        register.absence("Fc1", month, 20.0, 2.0)
    register.family(OTHER).absence("Bc1", "2025-10-01", 20.0, 0.0)
    profile, tables = make_profile(tmp_path, rule="{all: [school_absence]}"), register.tables()
    row = evaluate_criteria(tables, profile, day, ["school_absence"]).set_index("family_id").loc["F"]
    plain = why(tables, profile, day, "F")["school_absence"]
    assert (row["status"], plain.status) == (expected[0], expected[0])
    assert plain.value == expected[1] == (None if row.isna()["value"] else row["value"])


def test_exactly_the_threshold_is_met(tmp_path):
    # 3 + 3 of 20 + 40 days: a tenth, and the threshold is a tenth
    register = Register().family("F").benefit("F1", "2025-01-01")
    register.absence("Fc1", "2025-10-01", 10.0, 1.5).absence("Fc1", "2025-11-01", 10.0, 1.5)
    register.absence("Fc1", "2025-12-01", 40.0, 3.0)
    assert answer(tmp_path, register, "school_absence", "2025-12-31") == ("met", pytest.approx(0.1))
