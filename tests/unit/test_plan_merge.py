from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from helhed.plan.example import EXAMPLE_DAY, example_tables, table_of
from helhed.plan.merge import dates_overlap, enrolled_families, merge_lines, n_lines_in, same_action
from helhed.tables import tables as contracts

DAY = date(2025, 6, 1)
ACTIONS = st.sampled_from(
    ["Mentor", "mentor.", "Mentor hver uge", "Familiebehandling", None, " ", "Fast kontaktperson"]
)
DATES = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2026, 1, 1)))
FAMILIES, PERSONS = ["f1", "f2", "f3"], ["p1", "p2", "p3", "p4"]


@st.composite
def households(draw):
    """Draw enrolments, members, plan lines and measures, with anything missing that may be missing."""
    enrolment = [
        {"family_id": f, "decision": "include", "start_date": draw(DATES), "exit_date": draw(DATES)} for f in FAMILIES
    ]
    members = [
        {"family_id": f, "person_id": p, "role": "adult", "is_main_home": True}
        for f in FAMILIES
        for p in draw(st.lists(st.sampled_from(PERSONS), unique=True))
    ]
    lines = [
        {
            "line_id": f"l{i}",
            "family_id": draw(st.sampled_from([*FAMILIES, "gone"])),
            "person_id": draw(st.sampled_from([*PERSONS, None])),
            "source_plan": draw(st.sampled_from(["family", "job_plan", "childs_plan", "housing"])),
            "life_area": "social",
            "action": draw(ACTIONS),
            "start_date": draw(DATES),
            "due_date": draw(DATES),
            "status": draw(st.sampled_from(["planned", "active", "done", "dropped"])),
            "section": draw(st.sampled_from([None, "", "LAB § 42"])),
        }
        for i in range(draw(st.integers(0, 6)))
    ]
    measures = [
        {
            "measure_id": f"m{i}",
            "person_id": draw(st.sampled_from([*PERSONS, "stranger"])),
            "measure_type": draw(ACTIONS.filter(bool)),
            "measure_group": "preventive",
            "department": "children",
            "start_date": draw(DATES),
            "end_date": draw(DATES),
        }
        for i in range(draw(st.integers(0, 5)))
    ]
    rows = {"enrolment": enrolment, "family_member": members, "plan_line": lines, "measure": measures}
    return {name: table_of(name, found) for name, found in rows.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(households())
def test_as_many_lines_come_out_as_went_in_and_none_is_changed(tables):
    before = {name: frame.copy() for name, frame in tables.items()}
    merged = merge_lines(tables, DAY)

    assert len(merged) == n_lines_in(tables, DAY)
    assert merged["line_id"].is_unique
    columns = list(contracts()["plan_line"].empty().columns)
    own = merged[merged["source_plan"] != "case_system"].sort_values("line_id")[columns]
    families = enrolled_families(tables["enrolment"], DAY)
    given_lines = tables["plan_line"][tables["plan_line"]["family_id"].isin(families)].sort_values("line_id")
    assert_frame_equal(own.reset_index(drop=True), given_lines.reset_index(drop=True))
    for name, frame in before.items():
        assert_frame_equal(tables[name], frame)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(households(), st.randoms())
def test_the_order_of_the_input_does_not_matter(tables, random):
    shuffled = {name: frame.sample(frac=1, random_state=random.randint(0, 9)) for name, frame in tables.items()}
    assert_frame_equal(merge_lines(tables, DAY), merge_lines(shuffled, DAY))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(households())
def test_a_mark_names_a_live_line_of_the_same_person_that_is_not_the_line_itself(tables):
    merged = merge_lines(tables, DAY).set_index("line_id")
    for line_id, line in merged[merged["duplicate"] != "no"].iterrows():
        other = merged.loc[line["duplicate_of"]]
        assert other.name != line_id
        assert line["is_live"] and other["is_live"]
        assert (other["family_id"], str(other["person_id"])) == (line["family_id"], str(line["person_id"]))
        assert same_action(line["action"], other["action"])
        overlap = dates_overlap((line["start_date"], line["due_date"]), (other["start_date"], other["due_date"]))
        assert overlap if line["duplicate"] == "duplicate" else overlap is not False
    assert (merged.loc[merged["duplicate"] == "no", "duplicate_of"].isna()).all()


def test_a_measure_that_stands_in_a_sector_plan_is_marked_and_kept():
    merged = merge_lines(example_tables(), EXAMPLE_DAY).set_index("line_id")
    assert merged.loc["eksempel-m1", ["duplicate", "duplicate_of", "legal_status"]].tolist() == [
        "duplicate",
        "l5",
        "granted",
    ]
    assert merged.loc["l5", "duplicate"] == "no"
    assert merged.loc["eksempel-m2", "legal_status"] == "not_stated"
    assert merged.loc["l3", ["legal_status", "statute_id", "department"]].tolist() == [
        "statutory_plan",
        "lab_42",
        "employment",
    ]


def test_a_line_typed_in_as_a_measure_is_a_line_with_a_due_date():
    tables = example_tables()
    tables["plan_line"].loc[tables["plan_line"]["line_id"] == "l8", "source_plan"] = "case_system"
    line = merge_lines(tables, EXAMPLE_DAY).set_index("line_id").loc["l8"]
    assert line["is_overdue"] and pd.isna(line["measure_id"])


def test_a_child_with_two_homes_stands_in_both_families_plans():
    tables = example_tables()
    tables["enrolment"] = pd.concat([tables["enrolment"], tables["enrolment"].assign(family_id="anden")])
    second = tables["family_member"].query("person_id == 'barn'").assign(family_id="anden", is_main_home=False)
    tables["family_member"] = pd.concat([tables["family_member"], second])
    merged = merge_lines(tables, EXAMPLE_DAY)
    assert sorted(merged.loc[merged["measure_id"] == "m1", "line_id"]) == ["anden-m1", "eksempel-m1"]
    assert len(merged) == n_lines_in(tables, EXAMPLE_DAY) == 11


def test_families_take_part_from_their_start_until_the_day_before_their_exit():
    rows = [
        {"family_id": "before", "decision": "include", "start_date": date(2025, 6, 2)},
        {"family_id": "first day", "decision": "include", "start_date": date(2025, 6, 1)},
        {"family_id": "left", "decision": "include", "start_date": date(2024, 1, 1), "exit_date": date(2025, 6, 1)},
        {"family_id": "never", "decision": "exclude"},
        {"family_id": "stays", "decision": "include", "start_date": date(2024, 1, 1), "exit_date": date(2025, 6, 2)},
    ]
    assert enrolled_families(table_of("enrolment", rows), DAY) == ["first day", "stays"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Støtte i hjemmet", "STØTTE, hjemmet", "same"),
        ("Støtte i hjemmet", "Støtte i hjemmet to gange om ugen", "alike"),
        ("Fast kontaktperson", "Fast kontaktpersson", "alike"),
        ("Virksomhedspraktik", "Familiebehandling", ""),
        ("  ", "Mentor", ""),
        ("=SUM(A1)", "=SUM(A1)", "same"),
    ],
)
def test_actions_are_compared_by_their_words(one, other, expected):
    assert same_action(one, other) == same_action(other, one) == expected


def test_dates_that_leave_it_open_are_not_read_as_no():
    jan, jun, dec = (pd.Timestamp(2025, month, 1) for month in (1, 6, 12))
    assert dates_overlap((jan, pd.NaT), (jun, dec)) is None
    assert dates_overlap((jan, jun), (dec, pd.NaT)) is False
    assert dates_overlap((pd.NaT, pd.NaT), (jan, jun)) is None
    assert dates_overlap((jan, pd.NaT), (dec, pd.NaT)) is True


def test_a_family_takes_part_from_its_start_until_the_day_before_its_exit():
    rows = [
        {"family_id": "on_start", "decision": "include", "start_date": DAY},
        {"family_id": "on_exit", "decision": "include", "start_date": date(2025, 1, 1), "exit_date": DAY},
        {
            "family_id": "day_after",
            "decision": "include",
            "start_date": date(2025, 1, 1),
            "exit_date": date(2025, 6, 2),
        },
        {"family_id": "no_start", "decision": "include", "exit_date": date(2025, 7, 1)},
    ]
    assert enrolled_families(table_of("enrolment", rows), DAY) == ["day_after", "on_start"]
