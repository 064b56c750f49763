"""Indicators of a town of three families, worked by hand, and the instruments' published scoring."""

import math
import runpy
from pathlib import Path

import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from helhed.monitoring.cohort import enrolled_by_month, enrolled_families, family_groups
from helhed.monitoring.courses import (
    cases_at_start,
    enrolled_low_high,
    in_both_departments,
    median_months,
    months_to_first_family,
    parents_at_start,
)
from helhed.monitoring.family_months import family_months
from helhed.monitoring.follow import follow, key_numbers
from helhed.monitoring.functional_level import domains, first_and_last, share_improved, transitions
from helhed.monitoring.indicators import indicator_values
from helhed.monitoring.registrations import registration_values
from helhed.monitoring.rules import Rules
from helhed.monitoring.who5 import who5_band, who5_change, who5_score, who5_scores
from helhed.tables import tables as contracts

_town = runpy.run_path(str(Path(__file__).with_name("monitoring_town.py")))
day, table = _town["day"], _town["table"]


@pytest.fixture
def rules() -> Rules:
    return Rules(
        from_date=day("2024-01-01"),
        to_date=day("2024-06-30"),
        project_start=day("2024-01-15"),
        min_families=1,
        confidence=0.95,
        baseline_months=2,
        start_window_days=31,
        kontanthjaelp_benefits=("kontanthjaelp",),
        work_hours_per_month=20,
        lasting_months=1,
        active_case_types=("barnets_plan",),
        registration_interval_months=6,
        fill_up_months=0,
    )


@pytest.fixture
def town() -> dict[str, pd.DataFrame]:
    """F1: adult A1, children C1, C2; starts 1 April. F2: adult A2, child C3; never. F3: adult A3; never eligible."""
    births = {"A1": "1988-05-01", "A2": "1990-01-01", "A3": "1980-01-01"}
    births |= {"C1": "2014-03-01", "C2": "2024-03-01", "C3": "2012-02-01"}
    homes = {"A1": "F1", "C1": "F1", "C2": "F1", "A2": "F2", "C3": "F2", "A3": "F3"}
    months = [f"2024-0{number}-01" for number in range(1, 7)]
    benefit = {"benefit": "kontanthjaelp", "paid_dkk": 9100.0}
    return {
        "person": table("person", [{"person_id": p, "birth_date": day(b)} for p, b in births.items()]),
        "family": table("family", [{"family_id": f} for f in ("F1", "F2", "F3")]),
        "family_member": table(
            "family_member",
            [
                {"family_id": f, "person_id": p, "role": "child" if p[0] == "C" else "adult", "is_main_home": True}
                for p, f in homes.items()
            ],
        ),
        # A1: 91 days, 1 January to 31 March: 100 kroner a day. A2 has benefit throughout.
        "benefit_spell": table(
            "benefit_spell",
            [
                {"person_id": "A1", "start_date": day("2024-01-01"), "end_date": day("2024-03-31"), **benefit},
                {"person_id": "A2", "start_date": day("2024-01-01"), **benefit},
            ],
        ),
        # A1 works from May; A3 always, so that every month has job data.
        "employment": table(
            "employment",
            [{"person_id": "A3", "month": day(m), "hours": 150.0} for m in months]
            + [{"person_id": "A1", "month": day(m), "hours": 80.0} for m in months[4:]],
        ),
        "child_case": table(
            "child_case",
            [
                {"case_id": "1", "person_id": "C1", "case_type": "barnets_plan", "status": "closed"}
                | {"start_date": day("2023-05-01"), "end_date": day("2024-05-20")},
                {"case_id": "2", "person_id": "C1", "case_type": "underretning", "status": "closed"}
                | {"start_date": day("2024-02-10"), "end_date": day("2024-02-20")},
                {"case_id": "3", "person_id": "C3", "case_type": "barnets_plan", "status": "open"}
                | {"start_date": day("2024-01-10")},
            ],
        ),
        # A work-based measure 1-10 March and an overlapping course 6-15 March: 15 of 31 days on benefit.
        "measure": table(
            "measure",
            [
                {"measure_id": "1", "person_id": "A1", "measure_group": "work_based", "department": "employment"}
                | {"start_date": day("2024-03-01"), "end_date": day("2024-03-10")},
                {"measure_id": "2", "person_id": "A1", "measure_group": "activation", "department": "employment"}
                | {"start_date": day("2024-03-06"), "end_date": day("2024-03-15")},
                {"measure_id": "3", "person_id": "C1", "measure_group": "preventive", "department": "children"}
                | {"start_date": day("2024-02-01"), "end_date": day("2024-04-30"), "price_per_month_dkk": 3000.0},
            ],
        ),
        # C1 absent 4 of 20 days in March; 21 of 20 in May is a mistake; no row in April. C3: 1 of 20 every month.
        "absence": table(
            "absence",
            [
                {"person_id": "C1", "month": day("2024-03-01"), "school_days": 20.0, "days_sick": 3.0}
                | {"days_unlawful": 1.0},
                {"person_id": "C1", "month": day("2024-05-01"), "school_days": 20.0, "days_sick": 21.0},
            ]
            + [{"person_id": "C3", "month": day(m), "school_days": 20.0, "days_sick": 1.0} for m in months[2:5]],
        ),
        "daycare": table("daycare", []),
        "registration": table("registration", []),
        "enrolment": table(
            "enrolment",
            [
                {"family_id": "F1", "offered_date": day("2024-03-20"), "start_date": day("2024-04-01")}
                | {"decision": "include"},
                {"family_id": "F2", "offered_date": day("2024-03-20"), "decision": "include"},
            ],
        ),
        "meeting": table(
            "meeting",
            [
                {"meeting_id": m, "family_id": "F1", "meeting_date": day("2024-05-03"), "kind": "network"}
                for m in ("1", "2")
            ],
        ),
    }


@pytest.fixture
def values(town, rules) -> pd.DataFrame:
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    shortlist = pd.DataFrame({"family_id": ["F1", "F2", "F3"], "is_eligible": [True, True, False]})
    groups = family_groups(town["family"], enrolled, shortlist)
    assert groups["group"].tolist() == ["enrolled", "others", "rest"]
    return indicator_values(family_months(town, rules), groups, rules)


def row(values: pd.DataFrame, indicator: str, group: str, level: str, period: str) -> pd.Series:
    is_it = (values["indicator"] == indicator) & (values["group"] == group)
    found = values[is_it & (values["level"] == level) & (values["period"] == period)]
    assert len(found) == 1
    return found.iloc[0]


def test_counts_of_the_enrolled_family(town, rules):
    counts = family_months(town, rules).set_index(["family_id", "month"]).loc["F1"]
    # C2 is born in March: one child in January and February, two from then.
    assert counts["children"].tolist() == [1, 1, 2, 2, 2, 2]
    assert counts["adults_on_benefit"].tolist() == [1, 1, 1, 0, 0, 0]
    assert counts["benefit_days"].tolist() == [31, 29, 31, 0, 0, 0]
    assert counts["activated_days"].tolist() == [0, 0, 15, 0, 0, 0]
    assert counts["adults_in_work"].tolist() == [0, 0, 0, 0, 1, 1]
    assert counts["notifications"].tolist() == [0, 1, 0, 0, 0, 0]
    # The case is closed on 20 May: not open at the end of May.
    assert counts["children_with_case"].tolist() == [1, 1, 1, 1, 0, 0]
    # 100 kroner of benefit a day, 3,000 of measure a month in February to April.
    assert counts["spending_dkk"].tolist() == pytest.approx([3100, 5900, 6100, 3000, 0, 0])
    # In March three measures ran, two without a price.
    assert counts["measures_unpriced"].tolist() == [0, 0, 2, 0, 0, 0]
    assert counts["measures_active"].tolist() == [0, 1, 3, 1, 0, 0]
    # One network meeting with two agreements is one meeting, and counts while enrolled.
    assert counts["network_meetings"].tolist() == [0, 0, 0, 0, 1, 0]
    assert counts["families_enrolled"].tolist() == [0, 0, 0, 1, 1, 1]
    # April has no row and May an impossible one: unknown, not zero.
    assert counts["school_days"].tolist() == [0, 0, 20, 0, 0, 0]
    assert counts["pupils_unknown"].tolist() == [0, 0, 0, 1, 1, 0]


def test_before_and_after_the_start(values):
    # Baseline two months, February and March: activation 15 of 29 + 31 days, notifications 1 in 3 child-months.
    before = row(values, "activation_degree", "enrolled", "baseline", "baseline")
    assert before["value"] == pytest.approx(15 / 60)
    rate = row(values, "notifications_per_child", "enrolled", "baseline", "baseline")
    assert rate["value"] == pytest.approx(12 / 3)
    # Spending per member and month: 5,900 + 6,100 over 2 + 3 member-months.
    assert row(values, "spending_per_member_dkk", "enrolled", "baseline", "baseline")["value"] == pytest.approx(2400)
    # A state is read in the last month: benefit in March yes, in June no.
    assert row(values, "benefit_share", "enrolled", "baseline", "baseline")["value"] == 1
    assert row(values, "benefit_share", "enrolled", "now", "now")["value"] == 0
    assert row(values, "benefit_share", "others", "now", "now")["value"] == 1
    # Months since the start: 0 and 1 are April and May, period "2"; work is read in May.
    assert row(values, "work_or_education_share", "enrolled", "since_start", "2")["value"] == 1
    # The period "4" would need June and July: not observed.
    assert row(values, "work_or_education_share", "enrolled", "since_start", "4")["reason"] == "no_data"


def test_absence_and_what_is_missing(values):
    march = row(values, "absence_share", "others", "month", "2024-03")
    assert (march["value"], march["share_missing"]) == (pytest.approx(0.05), 0)
    april = row(values, "absence_share", "enrolled", "month", "2024-04")
    assert (april["reason"], april["share_missing"]) == ("all_missing", 1)
    assert math.isnan(april["value"])
    assert row(values, "absence_days_per_year", "others", "month", "2024-03")["value"] == pytest.approx(10)


def test_courses(town, rules):
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    parents = parents_at_start(town, enrolled, rules)
    assert parents[["person_id", "is_known", "is_to_work"]].to_numpy().tolist() == [["A1", True, True]]
    cases = cases_at_start(town, enrolled, rules)
    assert cases[["case_id", "is_closed"]].to_numpy().tolist() == [["1", True]]
    assert in_both_departments(town, enrolled, rules).tolist() == [True]
    assert months_to_first_family(enrolled, rules) == 3
    by_month = enrolled_by_month(enrolled, pd.date_range("2024-01-01", "2024-06-01", freq="MS"))
    assert by_month["n_enrolled"].tolist() == [0, 0, 0, 1, 1, 1]
    assert enrolled_low_high(by_month, enrolled, rules) == (1, 1)


def test_cases_of_an_adult_are_no_child_cases(town, rules):
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    of_adult = {**town, "child_case": town["child_case"].assign(person_id="A1")}
    assert cases_at_start(of_adult, enrolled, rules).empty
    # Closed on the day of the start: open on that day, and closed since.
    on_the_day = town["child_case"].assign(end_date=pd.Timestamp("2024-04-01"))
    assert cases_at_start({**town, "child_case": on_the_day}, enrolled, rules)["is_closed"].tolist() == [True]


def test_family_is_gone_on_the_day_of_its_exit(town, rules):
    # F1 starts on 1 April and leaves on 1 June: enrolled at the end of April and May, with meetings in May alone.
    enrolment = town["enrolment"].assign(exit_date=pd.to_datetime(["2024-06-01", None]))
    assert enrolled_families(enrolment, day("2024-05-31"))["is_enrolled"].tolist() == [True]
    assert enrolled_families(enrolment, day("2024-06-01"))["is_enrolled"].tolist() == [False]
    counts = family_months({**town, "enrolment": enrolment}, rules).set_index(["family_id", "month"]).loc["F1"]
    assert counts["families_enrolled"].tolist() == [0, 0, 0, 1, 1, 0]


def test_family_that_starts_before_the_project_gives_no_months_to_the_first_family(town, rules):
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    early = enrolled.assign(start_date=day("2024-01-14"))
    assert months_to_first_family(early, rules) is None
    assert months_to_first_family(early.assign(start_date=day("2024-01-15")), rules) == 0


def test_work_beside_kontanthjaelp_is_not_to_work(town, rules):
    again = table(
        "benefit_spell",
        [{"person_id": "A1", "benefit": "kontanthjaelp", "start_date": day("2024-03-01"), "paid_dkk": 1.0}],
    )
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    assert parents_at_start({**town, "benefit_spell": again}, enrolled, rules)["is_to_work"].tolist() == [False]


def test_without_job_data_the_way_to_work_is_unknown(town, rules):
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    empty = {**town, "employment": contracts()["employment"].empty()}
    assert parents_at_start(empty, enrolled, rules)["is_known"].tolist() == [False]


def test_median_with_censoring_worked_by_hand(rules):
    # Courses of 61, 122 and 183 days that ended, and one of 151 days still running on 30 June.
    # Kaplan-Meier: after 61 days 3/4, after 122 days 3/4 x 2/3 = 1/2, so the median is 122 days = 4.0 months.
    frame = pd.DataFrame(
        {
            "family_id": list("abcd"),
            "start_date": pd.to_datetime(["2023-01-01", "2023-01-01", "2023-01-01", "2024-01-31"]).as_unit("us"),
            "exit_date": pd.to_datetime(["2023-03-03", "2023-05-03", "2023-07-03", None]).as_unit("us"),
        }
    )
    assert median_months(frame, rules) == pytest.approx(122 / (365.25 / 12))
    # Without the longest course the median of 61, 122 and the running 151 lies at 122 by statsmodels too.
    expected = SurvfuncRight([61 / 30.4375, 122 / 30.4375, 151 / 30.4375], [1, 1, 0]).quantile(0.5)
    assert median_months(frame.iloc[[0, 1, 3]], rules) == pytest.approx(expected)
    assert math.isnan(median_months(frame.iloc[3:], rules))


def test_who5_as_published():
    # WHO 1998: raw sum 0-25 times 4; 50 or less is a screen (raw below 13); 10 points matter.
    assert who5_score([5] * 5) == 100
    assert who5_score([0] * 5) == 0
    assert [who5_band(who5_score(items)) for items in ([2, 2, 2, 3, 3], [2, 2, 3, 3, 3])] == ["screen", "above"]
    # Ergoterapeutforeningen (etf.dk, WHO-5): 0-35, 36-50, over 50. Scores are multiples of 4: 32 and 36 lie beside 35.
    assert [who5_band(score) for score in (0, 32, 35, 36, 50, 52, 100, math.nan)] == [
        "low", "low", "low", "screen", "screen", "above", "above", "unknown"
    ]  # fmt: skip
    assert [who5_change(*pair) for pair in ((40, 50), (40, 49), (50, 40))] == ["better", "unchanged", "worse"]
    for wrong in (
        [5] * 4,
        [5] * 6,
        [5, 5, 5, 5, math.nan],
        [5, 5, 5, 5, None],
        ["a", 5, 5, 5, 5],
        [6, 5, 5, 5, 5],
        [2.5, 3, 3, 3, 3],
    ):
        assert math.isnan(who5_score(wrong))


def _answers(person: str, when: str, instrument: str, items: dict[str, float]) -> list[dict]:
    base = {"family_id": f"F{person[1]}", "person_id": person, "registered_date": day(when), "instrument": instrument}
    return [{**base, "item": item, "value": value, "rated_by": "self"} for item, value in items.items()]


def test_registrations_by_measurement(town, rules):
    full, part = dict.fromkeys("12345", 3.0), dict.fromkeys("1234", 3.0)
    rows = _answers("A1", "2024-04-02", "who5", full) + _answers("A1", "2024-06-02", "who5", part)
    rows += _answers("A1", "2024-04-02", "trust", {"samlet": 2.0}) + _answers(
        "A1", "2024-06-02", "trust", {"samlet": 4.0}
    )
    registration = table("registration", rows)
    assert who5_scores(registration)["is_complete"].tolist() == [True, False]
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    values = registration_values(
        {**town, "registration": registration, "family_member": town["family_member"]}, enrolled, rules
    )
    assert row(values, "who5_mean", "enrolled", "measurement", "1")["value"] == 60
    # One complete form: nothing to compare.
    assert row(values, "who5_mean", "enrolled", "now", "now")["reason"] == "measured_once"
    assert row(values, "trust_share", "enrolled", "baseline", "baseline")["value"] == 0
    assert row(values, "trust_share", "enrolled", "now", "now")["value"] == 1
    # Neither of the two children has a registration of leisure.
    assert row(values, "leisure_share", "enrolled", "now", "now")["share_missing"] == 1


def test_wellbeing_first_and_last_are_of_the_same_persons(town, rules):
    # A1 goes from 40 to 60; A2 answers once, 100. The mean of all first forms, 70, would turn a rise into a fall.
    rows = _answers("A1", "2024-04-02", "who5", dict.fromkeys("12345", 2.0))
    rows += _answers("A1", "2024-06-02", "who5", dict.fromkeys("12345", 3.0))
    rows += _answers("A2", "2024-05-02", "who5", dict.fromkeys("12345", 5.0))
    enrolment = town["enrolment"].assign(start_date=pd.to_datetime(["2024-04-01", "2024-05-01"]))
    tables = {**town, "enrolment": enrolment, "registration": table("registration", rows)}
    shortlist = pd.DataFrame({"family_id": ["F1", "F2", "F3"], "is_eligible": [True, True, False]})
    numbers = key_numbers(follow(tables, shortlist, rules, 1), tables, rules)
    assert [numbers[f"who5_{which}"][0] for which in ("first", "second", "last")] == [40, 60, 60]


def test_wellbeing_of_nobody_measured_twice_cannot_be_told(town, rules):
    rows = _answers("A1", "2024-04-02", "who5", dict.fromkeys("12345", 2.0))
    tables = {**town, "registration": table("registration", rows)}
    shortlist = pd.DataFrame({"family_id": ["F1", "F2", "F3"], "is_eligible": [True, True, False]})
    numbers = key_numbers(follow(tables, shortlist, rules, 1), tables, rules)
    assert [numbers[f"who5_{which}"][0] for which in ("first", "second", "last")] == [None] * 3


def test_answers_of_another_role_do_not_count(town, rules):
    # F1: adult A1 and child C1 answer trust, WHO-5 and leisure; a grown-up child S1 answers WHO-5.
    rows = []
    for person in ("A1", "C1", "S1"):
        for when, answer in (("2024-04-02", 2.0), ("2024-06-02", 5.0)):
            rows += _answers(person, when, "trust", {"samlet": answer})
            rows += _answers(person, when, "who5", dict.fromkeys("12345", answer))
            rows += _answers(person, when, "leisure", {"samlet": 1.0})
    member = pd.concat(
        [
            town["family_member"],
            table(
                "family_member", [{"family_id": "F1", "person_id": "S1", "role": "adult_child", "is_main_home": True}]
            ),
        ]
    )
    enrolled = enrolled_families(town["enrolment"], rules.to_date)
    values = registration_values(
        {**town, "registration": table("registration", rows), "family_member": member}, enrolled, rules
    )
    trust, leisure = (row(values, name, "enrolled", "now", "now") for name in ("trust_share", "leisure_share"))
    assert (trust["numerator"], trust["denominator"], trust["share_missing"]) == (1, 1, 0)
    # Two children, of whom one has answered.
    assert (leisure["denominator"], leisure["share_missing"]) == (1, 0.5)
    assert row(values, "who5_mean", "enrolled", "now", "now")["denominator"] == 1


def test_functional_level_counts_persons_not_rows(town, rules):
    # C1 has a second home in F2, which is enrolled too: still one person. A1 and C1 are rated twice; of the
    # five persons A1, C1, C2, A2 and C3 three are not.
    rows = [
        answer
        for person in ("A1", "C1")
        for when, level in (("2024-04-02", 4.0), ("2024-06-02", 2.0))
        for answer in _answers(person, when, "functional_level", {"Samlet funktionsniveau": level})
    ]
    second = table("family_member", [{"family_id": "F2", "person_id": "C1", "role": "child", "is_main_home": False}])
    enrolment = town["enrolment"].assign(start_date=pd.to_datetime(["2024-04-01", "2024-05-01"]))
    enrolled = enrolled_families(enrolment, rules.to_date)
    member = pd.concat([town["family_member"], second])
    values = registration_values(
        {**town, "registration": table("registration", rows), "family_member": member}, enrolled, rules
    )
    found = row(values, "functional_level_improved_share", "enrolled", "now", "now")
    assert found["share_missing"] == pytest.approx(3 / 5)


def test_functional_level_worked_by_hand():
    # P1 from D to B (better), P2 from B to B, P3 from A to C (worse, but could not improve), P4 rated once.
    ratings = {"P1": (4, 2), "P2": (2, 2), "P3": (1, 3), "P4": (3,)}
    rows = [
        row
        for person, levels in ratings.items()
        for when, level in zip(("2024-01-05", "2024-06-05"), levels, strict=False)
        for row in _answers(person, when, "functional_level", {"Samlet funktionsniveau": level})
    ]
    pairs = first_and_last(table("registration", rows))
    assert share_improved(pairs) == (1, 2)
    moved = transitions(pairs)
    assert (moved.loc["D", "B"], moved.loc["B", "B"], moved.loc["A", "C"], int(moved.to_numpy().sum())) == (1, 1, 1, 3)
    assert (len(domains("adult")), len(domains("child"))) == (11, 6)


@pytest.mark.parametrize(("n_open", "expected"), [(1, None), (0, 6), (5, 6)])
def test_closed_cases_are_not_told_when_few_are_left_open(town, rules, n_open, expected):
    # Case 1 and five more of C1 close after the start on 1 April; with one open of 7, 7 - 6 would give the one away.
    plain = {"person_id": "C1", "case_type": "barnets_plan", "start_date": day("2023-05-01")}
    more = [{"case_id": f"c{i}", "status": "closed", "end_date": day("2024-05-20"), **plain} for i in range(5)]
    more += [{"case_id": f"o{i}", "status": "open", **plain} for i in range(n_open)]
    cases = pd.concat([town["child_case"], table("child_case", more)], ignore_index=True)
    tables = {**town, "child_case": cases}
    shortlist = pd.DataFrame({"family_id": ["F1", "F2"], "is_eligible": True})
    numbers = key_numbers(follow(tables, shortlist, rules, 5), tables, rules)
    assert numbers["child_cases_active_at_start"] == (6 + n_open, "count")
    assert numbers["child_cases_closed"] == (expected, "count")
