"""Small hand-made registers, each worked out by hand; the reference day is 31 December 2025 unless said otherwise.

With a window of six months the window is 1 July - 31 December 2025.
"""

import itertools

import pandas as pd
import pytest

from helhed.errors import DataNeedsWork
from helhed.profile import read_profile
from helhed.selection import (
    compare_models,
    concentration,
    department_overlap,
    evaluate_criteria,
    expected_inflow,
    inflow,
    model_statuses,
    poisson_prediction,
    require_families,
    select_families,
    sensitivity,
    stability,
)
from helhed.selection.inflow import covered_months
from helhed.selection.referral_sheet import about_the_list, standing_in_words
from helhed.tables import tables as contracts

DAY = "2025-12-31"


def make_profile(tmp_path, data_end="2025-12-31", **settings):
    lines = [f"  selection.{key}: {value}" for key, value in settings.items()]
    text = "\n".join(
        ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", *lines, "  data.encoding: utf-8"]
        + [f"  data.to_date: {data_end}"]
    )
    (tmp_path / "profile.yml").write_text(text + "\n", encoding="utf-8")
    return read_profile(tmp_path, "en")


def frame(name, *rows):
    contract = contracts()[name]
    dates = {c.name for c in contract.columns if c.kind in ("date", "month")}
    records = [
        {key: pd.Timestamp(value) if key in dates and value else value for key, value in row.items()} for row in rows
    ]
    defaults = {"text": pd.NA, "code": "other", "dkk": 0.0, "flag": True, "id": pd.NA}
    full = [
        {c.name: r.get(c.name, defaults.get(c.kind)) if c.required else r.get(c.name) for c in contract.columns}
        for r in records
    ]
    return contract.conform(pd.DataFrame(full)) if full else contract.empty()


class Register:
    """A register in the making: families of adults and children with what runs for them."""

    def __init__(self):
        names = ("person", "family_member", "benefit_spell", "child_case", "measure", "absence", "enrolment")
        self.rows = {name: [] for name in names}
        self.number = itertools.count()

    def family(self, family, adults=1, births=("2015-05-01",), since=None):
        people = [(f"{family}{i}", "adult", "1988-03-01") for i in range(1, adults + 1)]
        people += [(f"{family}c{i}", "child", birth) for i, birth in enumerate(births, start=1)]
        for person, role, birth in people:
            self.rows["person"].append({"person_id": person, "birth_date": birth, "from_date": since})
            self.rows["family_member"].append(
                {"family_id": family, "person_id": person, "role": role, "is_main_home": True}
            )
        return self

    def benefit(self, person, start, end=None, benefit="kontanthjaelp"):
        self.rows["benefit_spell"].append(
            {"person_id": person, "benefit": benefit, "start_date": start, "end_date": end}
        )
        return self

    def case(self, person, start, end=None, case_type="barnets_plan", status="open"):
        row = {"case_id": str(next(self.number)), "person_id": person, "case_type": case_type, "status": status}
        self.rows["child_case"].append(row | {"start_date": start, "end_date": end})
        return self

    def measure(self, person, department, start="2025-01-01", end=None, group="other", price=None):
        row = {"measure_id": str(next(self.number)), "person_id": person, "department": department, "measure_type": "x"}
        row |= {"measure_group": group, "start_date": start, "end_date": end, "price_per_month_dkk": price}
        self.rows["measure"].append(row)
        return self

    def absence(self, person, month, days, sick, unlawful=0.0):
        row = {"person_id": person, "month": month, "school_days": days, "days_sick": sick, "days_permitted": 0.0}
        self.rows["absence"].append(row | {"days_unlawful": unlawful})
        return self

    def enrolment(self, family, decision="include", **dates):
        self.rows["enrolment"].append({"family_id": family, "decision": decision, **dates})
        return self

    def tables(self):
        return {name: frame(name, *rows) for name, rows in self.rows.items()}


def judged(tables, profile, criterion, family="F", day=DAY):
    rows = evaluate_criteria(tables, profile, day, [criterion]).set_index("family_id").loc[family]
    return rows["status"], rows["value"]


# ── window edges ──


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-01-01", "2025-07-01", ("met", 1)),  # ends on the window's first day: July counts
        ("2025-01-01", "2025-06-30", ("not_met", 0)),  # ends the day before
        ("2025-12-31", None, ("met", 1)),  # begins on the reference day
        ("2026-01-01", None, ("not_met", 0)),  # begins the day after
        ("2025-07-31", "2025-08-01", ("met", 2)),  # two days in two months
        ("2025-01-01", None, ("met", 6)),  # runs through, open end
    ],
)
def test_benefit_months_at_the_edges_of_the_window(tmp_path, start, end, expected):
    register = Register().family("F").benefit("F1", start, end).case("Fc1", "2024-01-01")
    # another family on benefit all the time: the source holds data
    register.family("B").benefit("B1", "2023-01-01")
    profile = make_profile(tmp_path, benefit_months=1, benefit_window_months=6)
    assert judged(register.tables(), profile, "adult_on_benefit") == expected


def test_overlapping_spells_of_two_benefits_count_a_month_once(tmp_path):
    # kontanthjælp July-September and sygedagpenge September-October: July, August, September, October = 4 months
    register = Register().family("F").benefit("F1", "2025-07-01", "2025-09-30")
    register.benefit("F1", "2025-09-10", "2025-10-05", "sygedagpenge")
    assert judged(register.tables(), make_profile(tmp_path), "adult_on_benefit") == ("met", 4)


def test_a_benefit_that_is_not_listed_does_not_count(tmp_path):
    register = Register().family("F").benefit("F1", "2025-01-01", None, "foertidspension")
    profile = make_profile(tmp_path, benefits="[kontanthjaelp]")
    assert judged(register.tables(), profile, "adult_on_benefit") == ("not_met", 0)


def test_one_adult_of_two_on_benefit_is_not_all(tmp_path):
    register = Register().family("F", adults=2).benefit("F1", "2025-01-01").benefit("F2", "2025-11-01")
    profile, tables = make_profile(tmp_path, benefit_months=3), register.tables()
    assert judged(tables, profile, "adult_on_benefit") == ("met", 6)
    assert judged(tables, profile, "all_adults_on_benefit") == ("not_met", 2)


# ── cannot tell ──


def test_a_family_that_moved_in_within_the_window_cannot_be_told(tmp_path):
    # resident from 15 October: July-October are not covered; seen November, December = 2 < 3, possible 6
    register = Register().family("F", since="2025-10-15").benefit("F1", "2025-11-01")
    assert judged(register.tables(), make_profile(tmp_path), "adult_on_benefit") == ("cannot_tell", 2)


def test_a_family_that_moved_in_and_is_seen_long_enough_is_met(tmp_path):
    register = Register().family("F", since="2025-10-01").benefit("F1", "2025-10-01")
    assert judged(register.tables(), make_profile(tmp_path), "adult_on_benefit") == ("met", 3)


def test_months_before_the_data_period_cannot_be_told(tmp_path):
    # window October 2022 - March 2023, data from January 2023: three months unknown, March seen -> 1 .. 4
    register = Register().family("F").benefit("F1", "2023-03-01").case("Fc1", "2023-01-01")
    assert judged(register.tables(), make_profile(tmp_path), "adult_on_benefit", day="2023-03-31") == ("cannot_tell", 1)


def test_a_source_without_any_row_cannot_say_no(tmp_path):
    tables = Register().family("F").benefit("F1", "2025-01-01").tables()
    assert judged(tables, make_profile(tmp_path), "open_child_case")[0] == "cannot_tell"
    assert judged(tables, make_profile(tmp_path), "placed_child")[0] == "cannot_tell"


def test_children_without_a_registered_adult_cannot_be_told(tmp_path):
    register = Register().family("F", adults=0).case("Fc1", "2025-01-01").family("B").benefit("B1", "2023-01-01")
    assert judged(register.tables(), make_profile(tmp_path), "adult_on_benefit")[0] == "cannot_tell"
    assert judged(register.tables(), make_profile(tmp_path), "all_adults_on_benefit")[0] == "cannot_tell"


def test_a_case_closed_without_a_date_cannot_be_told(tmp_path):
    register = Register().family("F").case("Fc1", "2025-01-01", None, status="closed")
    assert judged(register.tables(), make_profile(tmp_path), "open_child_case") == ("cannot_tell", 0)


# ── children ──


@pytest.mark.parametrize(("end", "status"), [(DAY, "met"), ("2025-12-30", "not_met"), (None, "met")])
def test_a_case_is_open_until_and_with_its_last_day(tmp_path, end, status):
    register = Register().family("F").case("Fc1", "2025-01-01", end, status="closed" if end else "open")
    assert judged(register.tables(), make_profile(tmp_path), "open_child_case")[0] == status


def test_a_notification_alone_is_not_a_child_case_but_counts_as_notification(tmp_path):
    # two notifications from 1 January (first day of twelve months) and one the day before
    register = Register().family("F")
    for start in ("2024-12-31", "2025-01-01", "2025-12-31"):
        register.case("Fc1", start, start, "underretning", "closed")
    tables, profile = register.tables(), make_profile(tmp_path)
    assert judged(tables, profile, "open_child_case")[0] == "not_met"
    assert judged(tables, profile, "notifications") == ("met", 2)


@pytest.mark.parametrize(("birth", "status"), [("2023-01-01", "met"), ("2022-12-01", "not_met")])
def test_a_child_is_young_until_the_month_of_its_third_birthday(tmp_path, birth, status):
    register = Register().family("F", births=(birth,)).benefit("F1", "2025-01-01")
    assert judged(register.tables(), make_profile(tmp_path), "child_under_3")[0] == status


@pytest.mark.parametrize(("birth", "is_there"), [("2008-01-01", True), ("2007-12-01", False)])
def test_families_without_a_child_under_18_are_outside_from_the_start(tmp_path, birth, is_there):
    register = (
        Register().family("F", births=(birth,)).benefit("F1", "2025-01-01").family("B").benefit("B1", "2025-01-01")
    )
    families = set(evaluate_criteria(register.tables(), make_profile(tmp_path), DAY)["family_id"])
    assert families == ({"F", "B"} if is_there else {"B"})


def test_a_family_nobody_knows_is_outside(tmp_path):
    register = Register().family("F").benefit("F1", "2025-01-01").family("U")
    assert set(evaluate_criteria(register.tables(), make_profile(tmp_path), DAY)["family_id"]) == {"F"}


def test_school_absence_is_days_over_school_days_in_whole_months(tmp_path):
    # October 20 days 1 sick, November 20 days 2 sick 1 unlawful, December 10 days 1 sick: 5/50 = 0.10; June is outside
    register = Register().family("F").case("Fc1", "2025-01-01").absence("Fc1", "2025-06-01", 20.0, 20.0)
    register.absence("Fc1", "2025-10-01", 20.0, 1.0).absence("Fc1", "2025-11-01", 20.0, 2.0, 1.0)
    register.absence("Fc1", "2025-12-01", 10.0, 1.0)
    tables = register.tables()
    assert judged(tables, make_profile(tmp_path), "school_absence") == ("met", pytest.approx(0.10))
    assert judged(tables, make_profile(tmp_path, absence_min_months=4), "school_absence")[0] == "cannot_tell"
    only_sick = make_profile(tmp_path, absence_kinds="[days_sick]")
    assert judged(tables, only_sick, "school_absence") == ("not_met", pytest.approx(0.08))


def test_a_toddler_needs_no_school_register(tmp_path):
    register = Register().family("F", births=("2023-05-01",)).case("Fc1", "2025-01-01")
    register.family("B").case("Bc1", "2025-01-01").absence("Bc1", "2025-12-01", 20.0, 1.0)
    assert judged(register.tables(), make_profile(tmp_path), "school_absence")[0] == "not_met"


# ── family ──


def burdened():
    register = Register().family("F", adults=2).benefit("F1", "2025-01-01").case("Fc1", "2025-01-01")
    return register.measure("F2", "health", group="health").measure("Fc1", "children", group="preventive")


def test_departments_are_counted_once_each(tmp_path):
    # children (case and measure), employment (benefit), health = 3; nothing known of adult social care, school, housing
    status, value = judged(burdened().tables(), make_profile(tmp_path, n_departments=3), "n_departments")
    assert (status, value) == ("met", 3)
    assert judged(burdened().tables(), make_profile(tmp_path, n_departments=4), "n_departments")[0] == "cannot_tell"


def test_departments_left_out_of_the_profile_are_not_missed(tmp_path):
    profile = make_profile(tmp_path, n_departments=3, departments="[children, employment, housing]")
    tables = burdened().family("B").measure("B1", "housing").tables()
    assert judged(tables, profile, "n_departments") == ("not_met", 2)


def test_another_member_with_a_case_is_not_the_adult_on_benefit_itself(tmp_path):
    # F: the only adult on benefit has treatment, nobody else has a case. G: the child has one
    register = Register().family("F").benefit("F1", "2025-01-01").measure("F1", "health")
    register.family("G").benefit("G1", "2025-01-01").case("Gc1", "2025-01-01").measure("G1", "adult_social")
    for month in ("2025-10-01", "2025-11-01", "2025-12-01"):
        register.absence("Fc1", month, 20.0, 0.0).absence("Gc1", month, 20.0, 0.0)
    profile, tables = make_profile(tmp_path), register.tables()
    assert judged(tables, profile, "other_member_case", "F") == ("not_met", 0)
    assert judged(tables, profile, "other_member_case", "G") == ("met", 1)


def test_two_adults_on_benefit_and_one_in_treatment_is_another_member(tmp_path):
    register = Register().family("F", adults=2).benefit("F1", "2025-01-01").benefit("F2", "2025-01-01")
    register.measure("F1", "health").case("X", "2025-01-01")
    assert judged(register.tables(), make_profile(tmp_path), "other_member_case") == ("met", 1)


def lit(register):
    """Return the register with a family that gives every department a row, and a child at school for months."""
    register.family("L", adults=2).case("Lc1", "2025-01-01").benefit("L1", "2025-01-01")
    register.measure("L2", "health").measure("L2", "adult_social")
    for month in ("2025-10-01", "2025-11-01", "2025-12-01"):
        register.absence("Fc1", month, 20.0, 0.0).absence("Lc1", month, 20.0, 0.0)
    return register


@pytest.mark.parametrize("closed", [None, "2025-06-30"])
def test_a_member_who_may_have_a_case_is_no_member_without_one(tmp_path, closed):
    # the child's case is closed: with a date it is no case, without one nobody knows
    register = lit(Register().family("F").benefit("F1", "2025-01-01"))
    register.case("Fc1", "2024-01-01", closed, status="closed")
    status = judged(register.tables(), make_profile(tmp_path), "other_member_case")[0]
    assert status == ("not_met" if closed else "cannot_tell")


def test_a_pupil_without_school_rows_may_have_a_case(tmp_path):
    register = lit(Register().family("F").benefit("F1", "2025-01-01"))
    register.rows["absence"] = [row for row in register.rows["absence"] if row["person_id"] == "Lc1"]
    assert judged(register.tables(), make_profile(tmp_path), "other_member_case")[0] == "cannot_tell"


@pytest.mark.parametrize(("since", "status"), [(None, "not_met"), ("2025-11-15", "cannot_tell")])
def test_the_only_recipient_is_left_out_only_when_no_other_may_be_on_benefit(tmp_path, since, status):
    # F1 is on benefit and in treatment; F2 is not. Moved in on 15 November, F2's July-October are unknown: 4 >= 3.
    register = lit(Register().family("F", adults=2).benefit("F1", "2025-01-01").measure("F1", "health"))
    next(row for row in register.rows["person"] if row["person_id"] == "F2")["from_date"] = since
    assert judged(register.tables(), make_profile(tmp_path), "other_member_case")[0] == status


def test_who_may_be_the_only_recipient_is_no_other_member_for_certain(tmp_path):
    # F1 moved in on 15 November and is in treatment: on benefit before that, nobody else has a case; else F1 has.
    register = lit(Register().family("F", since="2025-11-15").measure("F1", "health"))
    assert judged(register.tables(), make_profile(tmp_path), "other_member_case")[0] == "cannot_tell"


def test_consent_is_unknown_before_a_family_is_asked(tmp_path):
    register = Register()
    for family in "FGH":
        register.family(family).benefit(f"{family}1", "2025-01-01")
    register.enrolment("F", offered_date="2025-10-01", consent_date="2025-10-05").enrolment(
        "G", offered_date="2025-10-01"
    )
    tables, profile = register.tables(), make_profile(tmp_path)
    statuses = [judged(tables, profile, "family_has_consent", family)[0] for family in "FGH"]
    assert statuses == ["met", "not_met", "cannot_tell"]


def test_a_child_with_two_homes_counts_in_its_main_home_unless_the_profile_says_both(tmp_path):
    register = Register().family("F").benefit("F1", "2025-01-01").case("Fc1", "2025-01-01").family("G", births=())
    register.benefit("G1", "2025-01-01")
    register.rows["family_member"].append(
        {"family_id": "G", "person_id": "Fc1", "role": "child", "is_main_home": False}
    )
    tables = register.tables()
    assert set(evaluate_criteria(tables, make_profile(tmp_path), DAY)["family_id"]) == {"F"}
    both = evaluate_criteria(tables, make_profile(tmp_path, count_second_home="true"), DAY)
    assert set(both["family_id"]) == {"F", "G"}


# ── the list ──


def queue():
    """All meet the rule: A has a place, B had one, C is excluded, D has an open offer, E and F are equal."""
    register = Register()
    for family in "ABCDEF":
        register.family(family).benefit(f"{family}1", "2025-01-01").case(f"{family}c1", "2025-01-01")
    register.enrolment("A", start_date="2025-06-01").enrolment("B", start_date="2024-01-01", exit_date="2025-01-31")
    return register.enrolment("C", decision="exclude").enrolment("D", offered_date="2025-12-01")


def test_places_go_to_the_open_offer_first_and_a_tie_at_the_cut_is_told(tmp_path):
    # 3 places, 1 taken: D first, then B, E, F are equal; B is first by family_id
    listed = select_families(queue().tables(), make_profile(tmp_path, places=3), DAY).set_index("family_id")
    assert listed["standing"].to_dict() == {
        "A": "enrolled", "B": "shortlisted", "C": "not_eligible", "D": "shortlisted", "E": "reserve", "F": "reserve",
    }  # fmt: skip
    assert listed["rank"].dropna().to_dict() == {"D": 1, "B": 2, "E": 3, "F": 4}
    assert set(listed.index[listed["is_tied_at_cut"]]) == {"B", "E", "F"}
    assert "note_had_place" in listed.loc["B", "reasons"]
    assert listed.loc["C", "is_eligible"] and "note_decided_exclude" in listed.loc["C", "reasons"]


@pytest.mark.parametrize(
    ("offered", "data_end", "counts"),
    [(None, DAY, True), (DAY, DAY, True), ("2026-01-10", DAY, True), ("2026-01-10", "2026-02-28", False)],
)
def test_every_decision_counts_from_its_date_on(tmp_path, offered, data_end, counts):
    # On the day the data end every decision written down counts, also of the meeting that came after it.
    # C is excluded and D offered a place on the day given; all else is equal, so C, B, D, E, F would stand by name
    register = queue()
    register.rows["enrolment"] = [row for row in register.rows["enrolment"] if row["family_id"] in "AB"]
    register.enrolment("C", decision="exclude", offered_date=offered).enrolment("D", offered_date=offered)
    register.enrolment("E", decision="postpone", offered_date=offered)
    profile = make_profile(tmp_path, **{"places": 3, "data_end": data_end})
    listed = select_families(register.tables(), profile, DAY).set_index("family_id")
    assert listed["rank"].dropna().to_dict() == (
        {"D": 1, "B": 2, "E": 3, "F": 4} if counts else {"B": 1, "C": 2, "D": 3, "E": 4, "F": 5}
    )
    assert listed.loc["C", "standing"] == ("not_eligible" if counts else "shortlisted")
    notes = {"C": "note_decided_exclude", "D": "note_offer_open", "E": "note_decided_postpone"}
    assert [note in listed.loc[family, "reasons"] for family, note in notes.items()] == [counts] * 3


def test_an_offer_stands_open_until_the_start_and_a_place_ends_on_the_exit_day(tmp_path):
    register = queue().enrolment("F", offered_date="2025-12-20", start_date="2026-01-05")
    register.rows["enrolment"][0]["exit_date"] = DAY  # A leaves on the day itself
    listed = select_families(register.tables(), make_profile(tmp_path, places=9), DAY).set_index("family_id")
    assert "note_offer_open" in listed.loc["F", "reasons"]
    assert listed.loc["A", "standing"] == "shortlisted" and "note_had_place" in listed.loc["A", "reasons"]


@pytest.mark.parametrize(
    ("answer", "is_over"),
    [
        ({"exit_date": DAY, "exit_reason": "declined"}, True),
        ({"consent_date": "2025-12-10", "exit_date": "2025-12-20", "exit_reason": "withdrew"}, True),
        # The meeting comes after the data, and so does the no.
        ({"exit_date": "2026-02-01", "exit_reason": "declined"}, True),
        ({"offered_date": "2026-01-12", "exit_date": "2026-02-01", "exit_reason": "declined"}, True),
        # Asked again after an earlier no.
        ({"offered_date": "2025-12-01", "exit_date": "2025-11-01", "exit_reason": "declined"}, False),
        ({}, False),
    ],
)
def test_a_family_that_says_no_holds_no_place_and_is_not_proposed_again(tmp_path, answer, is_over):
    # D had the open offer and stood first; its place goes to the next, who would else wait
    register = queue()
    register.rows["enrolment"] = [row for row in register.rows["enrolment"] if row["family_id"] != "D"]
    register.enrolment("D", **{"offered_date": "2025-12-01", **answer})
    listed = select_families(register.tables(), make_profile(tmp_path, places=3), DAY).set_index("family_id")
    assert listed.loc["D", "standing"] == ("not_eligible" if is_over else "shortlisted")
    assert ("note_said_no" in listed.loc["D", "reasons"]) == is_over
    assert ("note_offer_open" in listed.loc["D", "reasons"]) != is_over
    assert "note_had_place" not in listed.loc["D", "reasons"]
    assert set(listed.index[listed["standing"] == "shortlisted"]) == ({"B", "E"} if is_over else {"D", "B"})


def test_the_meeting_is_told_who_met_the_rule_and_said_no(tmp_path):
    register = queue()
    register.rows["enrolment"] = [row for row in register.rows["enrolment"] if row["family_id"] != "D"]
    register.enrolment("D", offered_date="2025-12-01", exit_date="2026-02-01", exit_reason="declined")
    profile = make_profile(tmp_path, places=3)
    listed = select_families(register.tables(), profile, DAY)
    assert any("have said no: 1." in sentence for sentence in about_the_list(listed, profile, "en"))
    d = listed.set_index("family_id").loc["D"]
    said = "ikke på listen: har sagt nej til tilbuddet eller trukket sig før start"
    assert standing_in_words(d["standing"], d["reasons"], "da") == said
    others = select_families(queue().tables(), profile, DAY)
    assert not any("said no" in sentence for sentence in about_the_list(others, profile, "en"))


def test_the_order_of_the_profile_decides(tmp_path):
    register = queue().measure("F1", "health")
    listed = select_families(register.tables(), make_profile(tmp_path, places=3), DAY).set_index("family_id")
    assert listed.loc[["D", "F"], "rank"].tolist() == [1, 2]
    assert not listed["is_tied_at_cut"].any()


def test_more_places_than_families_and_none_at_all(tmp_path):
    many = select_families(queue().tables(), make_profile(tmp_path, places=100), DAY)
    assert (many["standing"] == "shortlisted").sum() == 4
    none = select_families(queue().tables(), make_profile(tmp_path, places=1), DAY)
    assert (none["standing"] == "reserve").sum() == 4


def test_an_enrolled_family_keeps_its_place_when_its_child_turns_18(tmp_path):
    register = (
        queue().family("Z", births=("2005-01-01",)).benefit("Z1", "2025-01-01").enrolment("Z", start_date="2023-01-01")
    )
    listed = select_families(register.tables(), make_profile(tmp_path, places=3), DAY).set_index("family_id")
    assert listed.loc["Z", "standing"] == "enrolled" and not listed.loc["Z", "is_eligible"]
    assert (listed["standing"] == "shortlisted").sum() == 1


def test_the_tables_are_not_changed(tmp_path):
    tables = queue().tables()
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    select_families(tables, make_profile(tmp_path), DAY)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


@pytest.mark.parametrize(("lang", "words"), [("da", "ingen familie"), ("en", "no family")])
def test_nobody_to_choose_among_is_said(tmp_path, lang, words):
    tables = Register().tables()
    with pytest.raises(DataNeedsWork, match=words):
        require_families(tables, make_profile(tmp_path), DAY, lang)
    assert select_families(tables, make_profile(tmp_path), DAY).empty


# ── what moves ──


def test_sensitivity_moves_one_threshold_at_a_time(tmp_path):
    # months on benefit in the window: F 6, G 2, H 4
    register = Register()
    for family, start in {"F": "2025-01-01", "G": "2025-11-01", "H": "2025-09-01"}.items():
        register.family(family).benefit(f"{family}1", start).case(f"{family}c1", "2025-01-01")
    moved = sensitivity(register.tables(), make_profile(tmp_path, benefit_months=3), DAY)
    assert dict(zip(moved["value"], moved["n_eligible"], strict=True)) == {1: 3, 2: 3, 3: 2, 4: 2, 5: 1}
    assert moved.loc[moved["is_present"], "value"].tolist() == [3]


def test_stability_tells_still_no_longer_and_gone(tmp_path):
    # a year before all three met the rule; G's case is closed since, H's child has turned 18
    register = Register().family("F").family("G").family("H", births=("2007-06-01",))
    for family in "FGH":
        register.benefit(f"{family}1", "2023-01-01")
    register.case("Fc1", "2024-01-01").case("Gc1", "2024-01-01", "2025-03-01", status="closed").case(
        "Hc1", "2024-01-01"
    )
    row = stability(register.tables(), make_profile(tmp_path), DAY, [12]).iloc[0]
    assert row[["n_then", "n_still", "n_no_longer", "n_gone"]].tolist() == [3, 1, 1, 1]
    assert row["share_still"] == 0.5


def test_a_family_counts_as_new_once_in_its_first_month(tmp_path):
    # F's case opens on 5 March 2025, closes in May and opens again in September: new in March only.
    # G has met the rule since 2023: never new.
    register = Register().family("F").benefit("F1", "2023-01-01").family("G").benefit("G1", "2023-01-01")
    register.case("Gc1", "2023-01-01").case("Fc1", "2025-03-05", "2025-05-20", status="closed").case(
        "Fc1", "2025-09-01"
    )
    months = inflow(register.tables(), make_profile(tmp_path), DAY)
    assert len(months) == 24
    assert months.loc[months["n_families"] > 0].to_numpy().tolist() == [[pd.Timestamp("2025-03-01"), 1]]


def test_inflow_is_as_long_as_the_data_allow(tmp_path):
    # data from January 2023, window 6 months: by June 2023 nothing can be compared, by September three months can
    tables = Register().family("F").benefit("F1", "2023-01-01").case("Fc1", "2023-01-01").tables()
    assert len(inflow(tables, make_profile(tmp_path), "2023-06-30")) == 0
    assert len(inflow(tables, make_profile(tmp_path), "2023-09-30")) == 3
    assert expected_inflow(pd.Series([1, 2])) is None


@pytest.mark.parametrize(
    ("criterion", "n_months"),
    [
        # 36 months of data less the longest window a criterion looks back: benefits 6, absence 3, notifications 12
        ("adult_on_benefit", 30),
        ("other_member_case", 30),
        ("school_absence", 33),
        ("n_departments", 33),
        ("notifications", 24),
        ("open_child_case", 35),
    ],
)
def test_every_criterion_declares_how_far_it_looks_back(tmp_path, criterion, n_months):
    profile = make_profile(tmp_path, rule=f"{{all: [{criterion}]}}", absence_window_months=3)
    assert covered_months(profile, pd.Timestamp(DAY)) == n_months


def test_prediction_limits_by_hand():
    # 4 events in 1 month: given x + y events, the coming month has a half each.
    # low: P(Y <= 0 | 4) = 1/16 = 0.0625 > 0.025 -> 0
    # high 10: P(Y >= 10 | 14) = (1001 + 364 + 91 + 14 + 1) / 16384 = 0.0898 > 0.025
    # high 13: P(Y >= 13 | 17) = (2380 + 680 + 136 + 17 + 1) / 131072 = 0.02452 <= 0.025 -> 12 is the last
    # high 12: P(Y >= 12 | 16) = (1820 + 560 + 120 + 16 + 1) / 65536 = 0.03841 > 0.025
    assert poisson_prediction(4, 1) == (0, 12)


def test_prediction_limits_hold_what_they_promise():
    # the promise is at least 95 % over both past and coming counts, for a mean of 1.5 over 12 months
    from scipy import stats

    past, coming = stats.poisson(1.5 * 12), stats.poisson(1.5)
    held = 0.0
    for total in range(60):
        low, high = poisson_prediction(total, 12)
        held += past.pmf(total) * (coming.cdf(high) - coming.cdf(low - 1))
    assert 0.95 <= held <= 0.995


def test_dispersion_tells_uneven_months_from_even_ones():
    assert expected_inflow(pd.Series([2, 3, 2, 3, 2, 3])).p_dispersion > 0.05
    assert expected_inflow(pd.Series([0, 0, 12, 0, 0, 12])).p_dispersion < 0.001


def test_models_on_the_same_families(tmp_path):
    # F: benefit and plan: Furesø, Rødovre; D: benefit and a disability case: Rødovre only
    register = Register().family("F").benefit("F1", "2025-01-01").case("Fc1", "2025-01-01")
    register.family("D").benefit("D1", "2025-01-01").case("Dc1", "2025-01-01", case_type="handicap")
    register.measure("Fc1", "children")
    for person in ("Fc1", "Dc1"):
        for month in ("2025-10-01", "2025-11-01", "2025-12-01"):
            register.absence(person, month, 20.0, 0.0)
    compared = compare_models(model_statuses(register.tables(), make_profile(tmp_path), DAY)).set_index("model")
    assert compared.loc[["own", "furesoe", "roedovre"], "n_eligible"].tolist() == [1, 1, 2]
    assert compared.loc["roedovre", "n_shared_with_own"] == 1
    assert compared.loc["roedovre", "n_only"] == 1


def test_department_combinations_are_disjoint(tmp_path):
    overlap = department_overlap(
        burdened().family("G").benefit("G1", "2025-01-01").tables(), make_profile(tmp_path), DAY
    )
    counted = overlap[overlap["n_families"] > 0].set_index("n_departments")["n_families"].to_dict()
    assert counted == {1: 1, 3: 1}


def test_spending_is_shared_by_the_months_in_the_year(tmp_path):
    # 1 January - 31 December 2025 is 365 days. F: 1000 kr. a month all year = 1000 * 365 / 30.4375 = 11991.79
    # G: 3000 kr. a month from 1 July (184 days) = 18135.52; one measure without a price; F carries 0.398
    register = Register().family("F").family("G").measure("Fc1", "children", "2020-01-01", price=1000.0)
    register.measure("Gc1", "children", "2025-07-01", price=3000.0).measure("G1", "health", "2025-07-01")
    carried = concentration(register.tables(), make_profile(tmp_path), DAY, pd.Series(["F"]))
    assert carried.spending_dkk == pytest.approx(11991.79 + 18135.52, abs=0.02)
    assert carried.share_of_spending == pytest.approx(11991.79 / 30127.31, abs=1e-5)
    assert (carried.share_of_families, carried.share_priced) == (0.5, pytest.approx(2 / 3))
