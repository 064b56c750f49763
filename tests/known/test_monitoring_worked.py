"""Every indicator of the catalogue worked by hand in one town.

Three families start on 1 July 2024. G1: adults A1 and A2, children C1 (12), C2 (3) and C3 (15). G2: adult B1,
children D1 (11), D2 (16) and C4 (4); it withdraws on 16 November. G3: adult Z1, phased out on 1 October. H (adult X1,
child E1) is never enrolled. Periods are three months long: "now" is October to December, or December for a state, and
all three families are followed, also after they have left: 4 adults and 6 children, 12 adult and 18 child months.
"""

import math
import runpy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from helhed.monitoring import (
    TABLES,
    Rules,
    band_table,
    cohort_by_month,
    enrolled_families,
    family_months,
    first_and_last,
    follow,
    followed_registrations,
    indicator_catalogue,
    kaplan_meier,
    key_numbers,
    level_changes,
    member_months,
    shares_by_mark,
    time_to_closure,
    time_to_exit,
    time_to_work,
    waiting_sentences,
    waiting_shares,
    who5_first_and_last,
)
from helhed.texts import LANGUAGES

_town = runpy.run_path(str(Path(__file__).with_name("monitoring_town.py")))
day, table = _town["day"], _town["table"]
RULES = Rules(
    from_date=day("2024-01-01"),
    to_date=day("2024-12-31"),
    project_start=day("2024-06-01"),
    min_families=1,
    confidence=0.95,
    baseline_months=3,
    start_window_days=31,
    kontanthjaelp_benefits=("kontanthjaelp",),
    work_hours_per_month=20,
    lasting_months=1,
    active_case_types=("barnets_plan",),
    registration_interval_months=6,
    fill_up_months=0,
    review_months=3,
)
HOMES = {
    "G1": {"A1": "1985-01-01", "A2": "1986-01-01", "C1": "2012-03-01", "C2": "2021-06-01", "C3": "2009-01-01"},
    "G2": {"B1": "1980-01-01", "D1": "2013-05-01", "D2": "2008-02-01", "C4": "2020-02-01"},
    "G3": {"Z1": "1990-01-01"},
    "H": {"X1": "1982-01-01", "E1": "2012-01-01"},
}
MONTHS = [f"2024-{number:02d}-01" for number in range(1, 13)]
#: Answers in July and in December, by instrument and item, and person.
ANSWERS = {
    ("trust", "samlet"): {"A1": (2, 4), "A2": (4, 4), "B1": (4, 3)},
    ("ownership", "samlet"): {"A1": (5, 5), "A2": (1, 2), "B1": (2, 2)},
    ("motivation", "samlet"): {"A1": (1, 4), "B1": (5, 3)},
    ("ors_total", "samlet"): {"A1": (20, 25), "B1": (10, 15)},
    ("srs_total", "samlet"): {"A1": (30, 36), "B1": (30, 35)},
    ("sdq_total", "samlet"): {"C1": (20, 16), "D1": (10, 12)},
    ("leisure", "samlet"): {"C1": (0, 1), "C3": (0, 0), "D1": (1, 1), "D2": (0, 0)},
    # C1 is 12 years old: the answer does not count.
    ("leisure_job", "samlet"): {"C1": (1, 1), "C3": (0, 1), "D2": (0, 0)},
    ("functional_level", "Samlet funktionsniveau"): {"A1": (4, 2), "B1": (3, 3), "A2": (1, 1)}
    | {"C1": (3, 2), "D1": (3, 2), "D2": (2, 3)},
    ("functional_level", "Familieforhold"): {"C1": (3, 2), "D1": (3, 3), "D2": (4, 4), "C3": (2, 2)},
    **{("who5", item): {"A1": (2, 3), "B1": (3, 2), "A2": (3, 3)} for item in "2345"},
    ("who5", "1"): {"A1": (2, 3), "B1": (3, 2), "A2": (3, 4)},
}
#: Numerator and denominator now, as the catalogue names them, and the value; how each is found stands beside it.
WORKED = {
    # December: A1 and B1 of four adults; A1 alone on kontanthjælp.
    "benefit_share": (2, 4, Fraction(1, 2)),
    "kontanthjaelp_share": (1, 4, Fraction(1, 4)),
    # A1 and B1 on each of 92 days: 184 / 7 weeks in one adult year (12 adult months).
    "benefit_weeks_per_year": (184, 12, Fraction(184, 7)),
    # A1's course ran on the 31 days of October.
    "activation_degree": (31, 184, Fraction(31, 184)),
    # A2 works, Z1 studies; B1's 10 hours are below the limit of 20.
    "work_or_education_share": (2, 4, Fraction(2, 4)),
    "in_work_share": (1, 4, Fraction(1, 4)),
    "in_education_share": (1, 4, Fraction(1, 4)),
    # C1, C3 and D1 have 20 school days in each month. Absent: 3 days sick, 1 permitted, 2 unlawful.
    "absence_share": (6, 180, Fraction(6, 180)),
    "absence_days_per_year": (6, 180, Fraction(6, 180) * 200),
    "absence_sick_share": (3, 180, Fraction(3, 180)),
    "absence_permitted_share": (1, 180, Fraction(1, 180)),
    "absence_unlawful_share": (2, 180, Fraction(2, 180)),
    # C2 (3) is in day care, C4 (4) is not; older children are not asked.
    "daycare_share": (1, 2, Fraction(1, 2)),
    # C1 in October and D1 in November, in 18 child months or 1.5 child years.
    "notifications_per_child": (2, 18, Fraction(4, 3)),
    "examinations_per_child": (1, 18, Fraction(2, 3)),
    # C1's measure ran in October and November.
    "preventive_measures_per_child": (2, 18, Fraction(1, 9)),
    "placed_children_share": (1, 6, Fraction(1, 6)),
    # At the end of December D1's and C3's plans are open, C1's has ended.
    "open_child_cases": (2, 6, Fraction(2, 6)),
    "child_cases_opened_per_child": (1, 18, Fraction(2, 3)),
    # C1's plan on 20 November and D2's on 2 October.
    "child_cases_ended_per_child": (2, 18, Fraction(4, 3)),
    # Benefits of 100 and 200 kroner a day on 92 days, 27,600; preventive 2 x 3,000; placement 20,000. 30 member months.
    "spending_per_member_dkk": (53_600, 30, Fraction(53_600, 30)),
    "spending_per_family_dkk": (53_600, 9, Fraction(53_600, 9)),
    # Two meetings of G1, one of G2, in 3 + 2 months enrolled (G3 left on 1 October).
    "network_meetings_per_family": (3, 5, Fraction(36, 5)),
    # A1 60, B1 40, A2 64.
    "who5_mean": (164, 3, Fraction(164, 3)),
    "who5_screen_share": (1, 3, Fraction(1, 3)),
    # A1 from 40 to 60; A2 gains 4 points, B1 loses 20.
    "who5_improved_share": (1, 3, Fraction(1, 3)),
    "ors_mean": (40, 2, Fraction(20)),
    "srs_mean": (71, 2, Fraction(71, 2)),
    # Better: A1, C1 and D1; A2 had nothing to improve.
    "functional_level_improved_share": (3, 5, Fraction(3, 5)),
    "functional_level_adults_improved_share": (1, 2, Fraction(1, 2)),
    "functional_level_children_improved_share": (2, 3, Fraction(2, 3)),
    "family_relations_improved_share": (1, 4, Fraction(1, 4)),
    "sdq_mean": (28, 2, Fraction(14)),
    "trust_share": (2, 3, Fraction(2, 3)),
    "motivation_share": (1, 2, Fraction(1, 2)),
    "ownership_share": (1, 3, Fraction(1, 3)),
    "leisure_share": (2, 4, Fraction(2, 4)),
    "leisure_job_share": (1, 2, Fraction(1, 2)),
    # Only G1 is still enrolled on 31 December.
    "enrolled_families": (1, math.nan, Fraction(1)),
    # Offered on 10, 20 and 16 June: 21, 11 and 15 days.
    "waiting_days": (47, 3, Fraction(47, 3)),
    "drop_out_share": (1, 3, Fraction(1, 3)),
    # Of the two that have left.
    "phase_out_share": (1, 2, Fraction(1, 2)),
    # Due on 1 October: G1 met on 10 October and G2 on 1 November, both late; G3 on 15 September. G1 again in December.
    "plan_reviewed_share": (2, 4, Fraction(2, 4)),
    # Open on 1 July: C1's, D1's and D2's plans; C1's and D2's are closed.
    "child_cases_closed_share": (2, 3, Fraction(2, 3)),
    # On kontanthjælp up to the start: A1 and Z1.
    "benefit_to_work_share": (1, 2, Fraction(1, 2)),
}


def _spell(person: str, start: str, end: str = "", **more) -> dict:
    return {"person_id": person, "start_date": day(start), "end_date": day(end) if end else pd.NaT, **more}


def _case(number: str, person: str, kind: str, start: str, end: str = "") -> dict:
    status = "closed" if end else "open"
    return {"case_id": number, "case_type": kind, "status": status, **_spell(person, start, end)}


@pytest.fixture(scope="module")
def town() -> dict[str, pd.DataFrame]:
    people = [(home, person, born) for home, members in HOMES.items() for person, born in members.items()]
    is_child = {person: born > "2006" for _, person, born in people}
    absent = {("C1", 10): (2, 1, 2), ("D1", 11): (1, 0, 0)}
    kinds = ("days_sick", "days_permitted", "days_unlawful")
    measure = {"measure_id": "", "department": "children"}
    rows = {
        "person": [{"person_id": person, "birth_date": day(born)} for _, person, born in people],
        "family": [{"family_id": home} for home in HOMES],
        "family_member": [
            {"family_id": home, "person_id": person, "is_main_home": True}
            | {"role": "child" if is_child[person] else "adult"}
            for home, person, _ in people
        ],
        "benefit_spell": [
            _spell("A1", "2024-01-01", "2024-12-31", benefit="kontanthjaelp", paid_dkk=36_600.0),
            _spell("B1", "2024-01-01", "2024-12-31", benefit="sygedagpenge", paid_dkk=73_200.0),
            _spell("Z1", "2024-01-01", "2024-06-30", benefit="kontanthjaelp", paid_dkk=18_200.0),
        ],
        "employment": [{"person_id": "X1", "month": day(m), "hours": 150.0} for m in MONTHS]
        + [{"person_id": "A2", "month": day(m), "hours": 140.0} for m in MONTHS]
        + [{"person_id": "B1", "month": day(m), "hours": 10.0} for m in MONTHS]
        + [{"person_id": "Z1", "month": day(m), "hours": 0.0, "in_education": True} for m in MONTHS[8:]],
        "child_case": [
            _case("1", "C1", "barnets_plan", "2024-02-01", "2024-11-20"),
            _case("2", "D1", "barnets_plan", "2024-03-01"),
            _case("3", "C3", "barnets_plan", "2024-12-05"),
            _case("4", "D2", "barnets_plan", "2024-02-01", "2024-10-02"),
            _case("5", "C1", "underretning", "2024-10-05", "2024-10-15"),
            _case("6", "D1", "underretning", "2024-11-10", "2024-11-12"),
            _case("7", "D1", "boernefaglig_undersoegelse", "2024-11-15"),
        ],
        "measure": [
            measure | _spell("A1", "2024-10-01", "2024-10-31", measure_group="activation"),
            measure | _spell("C1", "2024-10-01", "2024-11-30", measure_group="preventive", price_per_month_dkk=3_000.0),
            measure | _spell("D2", "2024-12-01", measure_group="placement", price_per_month_dkk=20_000.0),
        ],
        "absence": [
            {"person_id": child, "month": day(m), "school_days": 20.0}
            | dict(zip(kinds, map(float, absent.get((child, number), (0, 0, 0))), strict=True))
            for child in ("C1", "C3", "D1", "E1")
            for number, m in enumerate(MONTHS, 1)
        ],
        "daycare": [
            {"person_id": child, "month": day(m), "is_enrolled": child == "C2"}
            for child in ("C2", "C4")
            for m in MONTHS
        ],
        "registration": [
            {"family_id": "-", "person_id": person, "registered_date": day(when), "instrument": instrument}
            | {"item": item, "value": float(value)}
            for (instrument, item), given in ANSWERS.items()
            for person, values in given.items()
            for when, value in zip(("2024-07-05", "2024-12-05"), values, strict=True)
        ],
        "enrolment": [
            {"family_id": "G1", "offered_date": day("2024-06-10"), "start_date": day("2024-07-01")},
            {"family_id": "G2", "offered_date": day("2024-06-20"), "start_date": day("2024-07-01")}
            | {"exit_date": day("2024-11-16"), "exit_reason": "withdrew"},
            {"family_id": "G3", "offered_date": day("2024-06-16"), "start_date": day("2024-07-01")}
            | {"exit_date": day("2024-10-01"), "exit_reason": "phased_out"},
        ],
        "meeting": [
            {"meeting_id": f"{home}{when}", "family_id": home, "meeting_date": day(when), "kind": kind}
            for home, when, kind in (
                ("G1", "2024-07-01", "start"),
                ("G1", "2024-10-10", "network"),
                ("G1", "2024-12-01", "network"),
                ("G2", "2024-11-01", "network"),
                ("G3", "2024-09-15", "status"),
            )
        ],
    }
    return {name: table(name, rows[name]) for name in TABLES}


@pytest.fixture(scope="module")
def everything(town) -> pd.DataFrame:
    shortlist = pd.DataFrame({"family_id": list(HOMES), "is_eligible": True})
    return follow(town, shortlist, RULES, 1).values.set_index(["indicator", "group", "level", "period"])


@pytest.fixture(scope="module")
def values(everything) -> pd.DataFrame:
    return everything.xs(("enrolled", "now", "now"), level=["group", "level", "period"])


@pytest.mark.parametrize("indicator", list(indicator_catalogue()))
def test_indicator_worked_by_hand(values, indicator):
    numerator, denominator, value = WORKED[indicator]
    found = values.loc[indicator]
    assert (found["numerator"], found["denominator"]) == pytest.approx((numerator, denominator), nan_ok=True)
    assert found["value"] == pytest.approx(float(value))


def test_no_worked_case_is_empty():
    # A case of nought, of nothing, or of an indicator that is not in the catalogue would prove nothing.
    assert set(WORKED) == set(indicator_catalogue())
    for name, (numerator, denominator, value) in WORKED.items():
        kind = indicator_catalogue()[name].kind
        assert numerator > 0 and value > 0 and (kind == "count" or denominator > 0), name
        assert kind != "share" or 0 < value < 1, name
        if kind != "count":
            assert value == Fraction(numerator) / Fraction(denominator) * Fraction(
                indicator_catalogue()[name].per
            ).limit_denominator(1000), name


@pytest.mark.parametrize(
    ("indicator", "level", "period", "expected"),
    [
        # July to December: the same 6 days absent of 3 children x 6 months x 20 days.
        ("absence_share", "half_year", "2024H2", 6 / 360),
        ("absence_share", "month", "2024-11", 1 / 60),
        # A state is read in the last month: June with Z1 on benefit. The families are enrolled from July on.
        ("benefit_share", "since_start", "baseline", 3 / 4),
        ("benefit_share", "since_start", "3", 2 / 4),
        ("benefit_share", "half_year", "2024H2", 2 / 4),
        ("kontanthjaelp_share", "baseline", "baseline", 2 / 4),
        ("kontanthjaelp_share", "change", "change", 1 / 4 - 2 / 4),
        # April to June has no notification, October to December two in 1.5 child years.
        ("notifications_per_child", "change", "change", 4 / 3),
        # The answers of July lie nearest to the start, those of 5 December to the mark of three months.
        ("who5_mean", "since_start", "baseline", 160 / 3),
        ("who5_mean", "since_start", "3", 164 / 3),
        ("who5_mean", "change", "change", 4 / 3),
        # E1, the one other child, is never absent.
        ("absence_share", "difference", "difference", 6 / 180),
        ("work_or_education_share", "difference", "difference", 2 / 4 - 1),
        # Within three months of 1 July nobody has withdrawn and no case is closed: D2's is on the 93rd day.
        ("child_cases_closed_share", "since_start", "3", 0),
        ("enrolled_families", "month", "2024-08", 3),
    ],
)
def test_every_kind_of_period_worked_by_hand(everything, indicator, level, period, expected):
    assert everything.loc[(indicator, "enrolled", level, period), "value"] == pytest.approx(expected)


def test_a_family_not_followed_long_enough_is_not_at_the_mark(everything):
    # Six months from 1 July is 1 January: after the end of the data.
    for indicator in ("who5_mean", "child_cases_closed_share", "drop_out_share"):
        row = everything.loc[(indicator, "enrolled", "since_start", "6")]
        assert (row["reason"], row["n"]) == ("no_data", 0)


def test_counts_of_single_adults_and_children(town):
    found = member_months(town, RULES)
    by_person = found.groupby("person_id")[["benefit_days", "absent_days", "cases_ended", "benefits_dkk"]].sum()
    assert by_person.loc["A1"].tolist() == pytest.approx([366, 0, 0, 36_600])
    assert by_person.loc["C1"].tolist() == [0, 5, 1, 0]
    # 2012-03 to 2024: C1 is a child in all twelve months, 146 months old in May.
    assert found.loc[(found["person_id"] == "C1") & (found["month"] == day("2024-05-01")), "age_months"].item() == 146


def test_times_to_an_event(town):
    enrolled = enrolled_families(town["enrolment"], RULES.to_date)
    left = time_to_exit(enrolled, RULES).set_index("family_id")
    # 1 July to 31 December 183 days, to 16 November 138, to 1 October 92.
    assert (left["months"] * 30.4375).round().tolist() == [183, 138, 92]
    assert left["cause"].tolist() == ["", "withdrew", "phased_out"]
    closed = time_to_closure(town, enrolled, RULES).set_index("case_id")
    assert (closed["months"] * 30.4375).round().to_dict() == {"1": 142, "2": 183, "4": 93}
    assert closed["has_event"].to_dict() == {"1": True, "2": False, "4": True}
    # Z1 studies from September, two months after July; A1 is still on kontanthjælp in December, after five.
    work = time_to_work(town, enrolled, RULES).set_index("person_id")
    assert work["months"].to_dict() == {"A1": 5, "Z1": 2} and work["has_event"].to_dict() == {"A1": False, "Z1": True}


#: Freireich and others (1963): weeks in remission on 6-MP, as in Kalbfleisch and Prentice; the curve falls to 0.857 at
#: 6, 0.807 at 7, 0.753 at 10, 0.690 at 13, 0.627 at 16, 0.538 at 22 and 0.448 at 23.
REMISSION = pd.DataFrame(
    {
        "family_id": [f"F{n:02d}" for n in range(21)],
        "months": [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
        "cause": ["done"] * 9 + [""] * 12,
    }
)


def test_shares_at_the_marks_as_published():
    found = shares_by_mark(REMISSION, ("done",), RULES, 1)
    assert found["month"].tolist() == [6, 12, 18, 24] and set(found["reason"]) == {""}
    assert (1 - found["value"]).tolist() == pytest.approx([0.857, 0.753, 0.627, 0.448], abs=5e-4)
    # One person in each family: leaving families out tells much the same as Greenwood's variance.
    curve = kaplan_meier(REMISSION["months"], REMISSION["cause"] == "done").set_index("months")
    at = found.set_index("month")
    for month, last in ((12, 10), (18, 16), (24, 23)):
        greenwood = curve.loc[last, "high"] - curve.loc[last, "low"]
        assert at.loc[month, "high"] - at.loc[month, "low"] == pytest.approx(greenwood, rel=0.15)
        assert at.loc[month, "low"] < at.loc[month, "value"] < at.loc[month, "high"]


def test_shares_at_the_marks_point_at_nobody():
    # 9 in all; 3 by month 6, 5 by month 12, 7 by month 18, 9 by month 24. With a threshold of 5 the first is few, the
    # second leaves 4 for later, the third 2; the last leaves none and is 9 more than none shown before.
    found = shares_by_mark(REMISSION, ("done",), RULES, 5)
    assert found["reason"].tolist() == ["hidden"] * 3 + [""] and found["value"].notna().tolist() == [False] * 3 + [True]
    few = shares_by_mark(REMISSION, ("done",), replace(RULES, min_families=22), 5)
    assert set(few["reason"]) == {"too_few"} and few["value"].isna().all()
    assert set(shares_by_mark(REMISSION.iloc[:0], ("done",), RULES, 5)["reason"]) == {"no_data"}


def test_alike_children_widen_the_interval():
    # The same 21 courses twice over, once as brothers and sisters and once as families of their own.
    twice = pd.concat([REMISSION, REMISSION], ignore_index=True)
    apart = twice.assign(family_id=[f"F{n}" for n in range(42)])
    alike, alone, once = (shares_by_mark(rows, ("done",), RULES, 1) for rows in (twice, apart, REMISSION))
    width = [(found["high"] - found["low"]).iloc[1] for found in (alike, alone, once)]
    assert width[0] == pytest.approx(width[2], rel=0.05) and width[1] < 0.8 * width[0]


def test_who_leaves_in_another_way_can_no_longer_get_there():
    # Ten families; three end as planned by 12 months, four withdraw at 6. Nobody is censored: a plain share of ten.
    courses = pd.DataFrame(
        {
            "family_id": list("abcdefghij"),
            "months": [6.0] * 4 + [8, 10, 12] + [40.0] * 3,
            "cause": ["withdrew"] * 4 + ["phased_out", "goals_reached", "phased_out"] + [""] * 3,
        }
    )
    found = shares_by_mark(courses, ("phased_out", "goals_reached"), RULES, 1).set_index("month")
    assert found["value"].to_dict() == pytest.approx({6: 0, 12: 0.3, 18: 0.3, 24: 0.3})
    assert math.isnan(found.loc[6, "low"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_waiting_is_told_as_it_is_found(town, lang):
    enrolled = enrolled_families(town["enrolment"], RULES.to_date)
    shares = waiting_shares(town, enrolled, RULES, 1)
    assert shares["awaited"].unique().tolist() == ["closure", "work", "planned_end"]
    said = waiting_sentences(shares, lang)
    # G3 was phased out after three months; G2 withdrew; G1 is still there: 1 of 3 at the six-month mark.
    assert shares.loc[(shares["awaited"] == "planned_end") & (shares["month"] == 6), "value"].item() == pytest.approx(
        1 / 3
    )
    assert len(said) == 3 and all("{" not in one for one in said)
    hidden = waiting_sentences(waiting_shares(town, enrolled, replace(RULES, min_families=10), 5), lang)
    assert all({"da": "kan ikke siges endnu", "en": "cannot say yet"}[lang] in one for one in hidden)
    nobody = waiting_sentences(waiting_shares(town, enrolled.iloc[:0], RULES, 5), lang)
    assert len(nobody) == 3


def test_a_family_enrolled_twice_is_followed_from_its_first_start(town):
    again = town["enrolment"].iloc[[1]].assign(start_date=day("2024-12-01"), exit_date=pd.NaT, exit_reason=None)
    both = pd.concat([town["enrolment"], again], ignore_index=True)
    found = enrolled_families(both, RULES.to_date).set_index("family_id")
    assert found.loc["G2", ["start_date", "is_enrolled"]].tolist() == [day("2024-07-01"), True]
    assert len(found) == 3


def test_a_family_that_comes_back_in_the_same_month_counts_once_in_it(town):
    # G2 left on 16 November and starts again on the 20th; the row of G1 stands twice.
    again = town["enrolment"].iloc[[1]].assign(start_date=day("2024-11-20"), exit_date=pd.NaT, exit_reason=None)
    both = {**town, "enrolment": pd.concat([town["enrolment"], again, town["enrolment"].iloc[[0]]], ignore_index=True)}
    counts = family_months(both, RULES).set_index(["family_id", "month"])["families_enrolled"]
    assert counts.loc["G2"].tolist() == [0] * 6 + [1] * 6 and counts.loc["G1"].tolist() == [0] * 6 + [1] * 6
    found = follow(both, pd.DataFrame({"family_id": ["H"], "is_eligible": True}), RULES, 1)
    assert "monitoring.remark_enrolled_twice" in {remark.code for remark in found.remarks}


@pytest.mark.parametrize(
    ("source", "indicators"),
    [
        ("child_case", {"notifications_per_child", "open_child_cases", "examinations_per_child"}),
        ("measure", {"preventive_measures_per_child", "placed_children_share", "spending_per_member_dkk"}),
        ("meeting", {"network_meetings_per_family"}),
        ("absence", {"absence_share"}),
    ],
)
def test_a_table_that_never_came_is_no_zero(town, source, indicators):
    without = {**town, source: town[source].iloc[:0]}
    found = follow(without, pd.DataFrame({"family_id": ["H"], "is_eligible": True}), RULES, 1)
    resting = found.values[found.values["indicator"].isin(indicators)]
    assert set(resting["indicator"]) == indicators and resting["value"].isna().all()
    now = resting[(resting["level"] == "now") & (resting["group"] == "enrolled")]
    assert set(now["reason"]) == {"no_data"} and set(now["n"]) == {0} and set(now["share_missing"]) == {1.0}
    assert found.empty == (source,) and [r.code for r in found.remarks].count("monitoring.remark_no_source") == 1
    spending = indicator_catalogue()["spending_per_member_dkk"]
    by_month = cohort_by_month(spending, found.counts, found.groups, RULES, found.empty)
    assert by_month["value"].isna().all() == (source == "measure")


def test_no_number_is_quoted_from_a_table_that_never_came(town):
    rests_on = {
        "child_case": {"child_cases_active_at_start", "child_cases_closed", "enrolled_in_both_departments"},
        "measure": {"enrolled_in_both_departments"},
        "employment": {"parents_to_work_or_education"},
        "benefit_spell": {
            "parents_on_kontanthjaelp_at_start", "parents_to_work_or_education", "enrolled_in_both_departments"
        },
    }  # fmt: skip
    quoted = {"child_cases_active_at_start", "child_cases_closed", "enrolled_in_both_departments",
              "parents_on_kontanthjaelp_at_start", "parents_to_work_or_education"}  # fmt: skip
    found = follow(town, pd.DataFrame({"family_id": ["H"], "is_eligible": True}), RULES, 1)
    whole = key_numbers(found, town, RULES)
    assert all(whole[name][0] is not None for name in quoted)
    for source, unknown in rests_on.items():
        tables = {**town, source: town[source].iloc[:0]}
        numbers = key_numbers(replace(found, empty=(source,)), tables, RULES)
        assert {name for name in quoted if numbers[name][0] is None} == unknown


def test_wellbeing_by_band(town):
    enrolled = enrolled_families(town["enrolment"], RULES.to_date)
    given = followed_registrations(town, enrolled, RULES)
    pairs = who5_first_and_last(given[given["role"] == "adult"]).set_index("person_id")
    # In July A1 answers 2 five times, B1 and A2 3; in December A1 3, B1 2, A2 3 but for one 4.
    assert pairs[["first", "last"]].T.to_dict("list") == {"A1": [40, 60], "A2": [60, 64], "B1": [60, 40]}
    table = band_table(pairs.reset_index(), 1, "en").frame
    assert table[["first", "last"]].to_numpy().tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]


def test_few_in_a_band_cannot_be_worked_out():
    # 3 of 40 at 35 or less; the share with 50 or less, 23 of 40, is an indicator: 20 in the band between would tell.
    pairs = pd.DataFrame({"first": [20] * 3 + [40] * 20 + [80] * 17, "last": [40] * 10 + [80] * 30})
    table = band_table(pairs, 5, "da").frame
    assert table[["first", "last"]].to_numpy().tolist() == [[23, 10], [17, 30], [40, 40]]
    assert len(band_table(pairs.assign(first=[20] * 5 + [40] * 18 + [80] * 17), 5, "da").frame) == 4
    assert band_table(pairs.iloc[:0], 5, "da").frame.empty


def test_registrations_that_cannot_be_used_are_in_no_table(town):
    enrolled = enrolled_families(town["enrolment"], RULES.to_date)
    last = town["registration"].assign(is_it=lambda rows: rows["item"] == "Samlet funktionsniveau")
    last = last[last["is_it"] & (last["person_id"] == "A1")].drop(columns="is_it").tail(1)
    # The same day another level; a rating after the reference day; a person of a family that is not enrolled.
    more = [last.assign(value=4.0), last.assign(registered_date=day("2025-03-01"), value=1.0)]
    more.append(town["registration"].head(1).assign(person_id="X1", family_id="H"))
    wrong = {**town, "registration": pd.concat([town["registration"], *more], ignore_index=True)}
    assert followed_registrations(town, enrolled, RULES)["person_id"].nunique() > 3
    found = followed_registrations(wrong, enrolled, RULES)
    assert "X1" not in set(found["person_id"]) and found["registered_date"].max() <= RULES.to_date
    before, after = (first_and_last(rows).set_index("person_id") for rows in
                     (followed_registrations(town, enrolled, RULES), found))  # fmt: skip
    # A1 was 4 and then 2: the two answers of one day cancel, and one rating alone is no pair.
    assert before.loc["A1", ["first", "last"]].tolist() == [4, 2] and "A1" not in after.index


def test_functional_level_by_domain(town):
    moved = level_changes(town["registration"], town["family_member"]).set_index(["role", "item"])
    # Familieforhold: C1 better, D1, D2 and C3 unchanged. Overall, children: C1 and D1 better, D2 worse.
    assert moved.loc[("child", "Familieforhold")].tolist() == [4, 4, 1, 3, 0]
    assert moved.loc[("child", "Samlet funktionsniveau")].tolist() == [3, 3, 2, 0, 1]
    assert moved.loc[("adult", "Samlet funktionsniveau")].tolist() == [3, 2, 1, 2, 0]
    assert len(moved) == 17
