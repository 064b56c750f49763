"""Child cases at the family's start, counted once by one rule: worked by hand."""

import pandas as pd

from helhed.child_cases import cases_open_at_start
from helhed.evaluation.theory_of_change import active_cases
from helhed.tables import tables as contracts

START, TO_DATE = pd.Timestamp("2024-03-10"), pd.Timestamp("2024-12-31")
#: Case, person, type, status, first day, last day, and whether it counts.
CASES = [
    ("opened same day", "c", "barnets_plan", "open", "2024-03-10", None, True),
    ("closed same day", "c", "barnets_plan", "closed", "2023-01-01", "2024-03-10", True),
    ("closed day before", "c", "barnets_plan", "closed", "2023-01-01", "2024-03-09", False),
    ("opened day after", "c", "barnets_plan", "open", "2024-03-11", None, False),
    ("another type", "c", "underretning", "open", "2024-01-01", None, False),
    ("closed without a date", "c", "barnets_plan", "closed", "2024-01-01", None, False),
    ("closes after the data", "c", "barnets_plan", "open", "2024-01-01", "2025-02-01", True),
    ("of the adult", "a", "barnets_plan", "open", "2024-01-01", None, False),
    ("of the grown-up child", "g", "barnets_plan", "open", "2024-01-01", None, False),
    ("in the second home", "d", "barnets_plan", "open", "2024-01-01", None, False),
]


def tables():
    columns = ["case_id", "person_id", "case_type", "status", "start_date", "end_date"]
    cases = pd.DataFrame([case[:6] for case in CASES], columns=columns)
    dates = {name: pd.to_datetime(cases[name]) for name in ("start_date", "end_date")}
    member = pd.DataFrame(
        [
            ("f", "a", "adult", True),
            ("f", "c", "child", True),
            ("f", "g", "adult_child", True),
            ("f", "d", "child", False),
        ],
        columns=["family_id", "person_id", "role", "is_main_home"],
    )
    return {
        "child_case": contracts()["child_case"].conform(cases.assign(**dates)),
        "family_member": contracts()["family_member"].conform(member),
    }


def test_children_cases_open_on_the_day_of_start():
    starts = pd.DataFrame({"family_id": ["f"], "start_date": [START]})
    made = tables()
    found = cases_open_at_start(made["child_case"], made["family_member"], starts, ["barnets_plan"], TO_DATE)
    assert set(found["case_id"]) == {case[0] for case in CASES if case[-1]}
    closed = found.set_index("case_id")["closed_date"]
    assert closed["closed same day"] == START
    # A closing date after the data is not known yet.
    assert closed.isna().sum() == 2


def test_evaluation_counts_by_the_same_rule():
    starts = pd.DataFrame({"family_id": ["f", "later"], "start_date": [START, TO_DATE + pd.Timedelta(days=1)]})
    active = active_cases(tables(), starts, ["barnets_plan"], TO_DATE)
    assert set(active["case_id"]) == {case[0] for case in CASES if case[-1]}
    assert active["closed_month"].dropna().tolist() == [pd.Timestamp("2024-03-01")]
