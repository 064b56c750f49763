"""The staffing step on small hand-made municipalities: plan, waiting, assignment, sentences, workbook."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import DataNeedsWork, WrongCall
from helhed.figures.staffing import hours_figure, matters_figure, waiting_figure
from helhed.profile import Setting, declared_entries
from helhed.profile.reading import Profile
from helhed.staffing import caseload, organisation, placing, planning, posts, report
from helhed.staffing.capacity import FULL_TIME_HOURS
from helhed.staffing.course import planned_course
from helhed.staffing.course_lengths import Length
from helhed.staffing.simulation import start_times
from helhed.staffing.simulation_draws import Demand, Draw, Situation, draw_replications
from helhed.staffing.simulation_summary import waiting_by_capacity
from helhed.tables import came_to_nothing
from helhed.tables import tables as contracts

AS_OF = date(2025, 12, 31)


@pytest.fixture
def profile(tmp_path):
    values = {key: Setting(value=entry.default, origin="default") for key, entry in declared_entries().items()}
    values["staffing.n_replications"] = Setting(value=30)
    return Profile("Prøve", "0000", "none", tmp_path, True, values, {})


def enrolments(rows):
    """Return an enrolment table from (family, decision, consent, start, exit, coordinator)."""
    names = ["family_id", "decision", "consent_date", "start_date", "exit_date", "coordinator_id"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("consent_date", "start_date", "exit_date"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    frame["offered_date"] = frame["consent_date"]
    return contracts()["enrolment"].conform(frame)


@pytest.fixture
def tables():
    present = [
        (f"F{i:02}", "include", "2025-05-01", f"2025-{1 + i % 9:02}-01", None, f"K{1 + i % 3}") for i in range(14)
    ]
    past = [(f"G{i}", "include", "2024-01-01", "2024-01-15", "2024-12-15", "K1") for i in range(4)]
    waiting = [("W1", "include", "2025-11-01", None, None, None), ("W2", "reserve", None, None, None, None)]
    no = [("N1", "exclude", None, None, None, None)]
    enrolment = enrolments([*present, *past, *waiting, *no])
    ids = enrolment["family_id"].tolist()
    family = pd.DataFrame(
        {
            "family_id": ids,
            "family_type": "one_adult",
            "n_adults": 1,
            "n_children": 2,
            "has_second_home": False,
            "district": ["Nord", "Syd"] * (len(ids) // 2) + ["Nord"] * (len(ids) % 2),
        }
    )
    staff = pd.DataFrame(
        {
            "coordinator_id": ["K1", "K2"],
            "weekly_hours": [37.0, 30.0],
            "competences": ["socialrådgiver, misbrug og psykiatri", "bolig og gæld"],
            "languages": ["dansk", "dansk, arabisk"],
            "district": ["Nord", "Syd"],
            "has_authority": [False, False],
            "from_date": pd.to_datetime(["2023-01-01", "2023-01-01"]),
        }
    )
    return {
        "enrolment": enrolment,
        "family": contracts()["family"].conform(family),
        "coordinator": contracts()["coordinator"].conform(staff),
        "measure": contracts()["measure"].empty(),
        "family_member": contracts()["family_member"].empty(),
    }


@pytest.fixture
def shortlist():
    return pd.DataFrame({"family_id": ["S1", "F00"], "standing": ["shortlisted", "enrolled"], "rank": [1, pd.NA]})


@pytest.fixture
def look(tables, shortlist, profile):
    return planning.outlook(tables, shortlist, 1.0, profile)


def test_outlook_counts_who_is_here_and_who_waits(look):
    # 14 present; W1, W2 and 70 % of one shortlisted family (rounded to 1) wait.
    assert (look.n_present, look.n_waiting) == (14, 3)
    assert {len(draw.present) for draw in look.draws} == {14}


def test_monthly_plan_has_past_and_future(tables, look):
    plan = planning.monthly_plan(tables["coordinator"], look)
    assert plan["month"].is_monotonic_increasing and plan["month"].is_unique
    assert plan["is_future"].sum() == 24
    assert plan.loc[~plan["is_future"], "n_families"].tolist()[-1] == 14
    assert plan.loc[plan["is_future"], "n_families"].isna().all()
    assert (plan["hours_needed_low"] <= plan["hours_needed"] + 1e-9).all()
    assert plan["places"].gt(0).all()


def test_hours_of_the_past_are_counted_by_phase(tables, look, profile):
    hours = {phase.name: phase.hours_per_week for phase in planned_course(profile)}
    started = look.started[look.started["family_id"] == "G0"]
    taken = caseload.hours_taken(started, planned_course(profile), [date(2024, 2, 1), date(2024, 11, 1)], AS_OF)
    weeks = 365.25 / 84
    # Started 15 January: start-up in February. Left 15 December: one month before is exit (1 month) or fade-out.
    assert taken["hours_needed"].tolist() == pytest.approx([hours["start"] * weeks, hours["exit"] * weeks])


def test_family_is_gone_on_the_day_of_its_exit():
    dates = pd.to_datetime(["2024-01-15", "2024-06-15"])
    started = pd.DataFrame({"family_id": ["f"], "start_date": dates[:1], "exit_date": dates[1:], "weight": [1.0]})
    days = (date(2024, 1, 14), date(2024, 1, 15), date(2024, 6, 14), date(2024, 6, 15))
    assert [len(caseload.present_on(started, day)) for day in days] == [0, 1, 1, 0]


def test_more_posts_never_wait_longer(look, profile):
    table = planning.waiting_by_posts(look, [2, 3, 4, 6], posts.hours_of_post(profile))
    assert (table["wait_months"].diff().dropna() <= 1e-9).all()
    assert (table["utilisation"].diff().dropna() < 0).all()
    assert (table["wait_mean_low"] <= table["wait_months"]).all()
    assert (table["wait_months"] <= table["wait_mean_high"]).all() and (table["wait_low"] <= table["wait_high"]).all()


def test_same_seed_same_numbers(tables, shortlist, profile, look):
    again = planning.outlook(tables, shortlist, 1.0, profile)
    assert [draw.arrivals for draw in again.draws] == [draw.arrivals for draw in look.draws]
    other = organisation.with_values(profile, {"staffing.seed": 7})
    assert planning.outlook(tables, shortlist, 1.0, other).draws[0].arrivals != look.draws[0].arrivals


def test_inputs_are_not_changed(tables, shortlist, profile):
    before = {name: frame.copy() for name, frame in tables.items()}
    look = planning.outlook(tables, shortlist, 1.0, profile)
    planning.monthly_plan(tables["coordinator"], look, posts=3.0)
    placing.families_to_place(tables, shortlist, look)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, tables[name])


def test_wanted_posts_replace_the_staff_ahead_only(tables, look):
    named, wanted = (planning.monthly_plan(tables["coordinator"], look, p) for p in (0.0, 10.0))
    past, ahead = ~named["is_future"], named["is_future"]
    assert (named.loc[past, "hours_available"] == wanted.loc[past, "hours_available"]).all()
    assert (wanted.loc[ahead, "hours_available"] > named.loc[ahead, "hours_available"]).all()
    assert (wanted.loc[ahead, "posts"] == 10).all()


def inflow_of(n):
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    return pd.DataFrame({"month": months, "n_families": pd.array([n] * 24, dtype="Int64")})


def test_starts_come_from_inflow_history_or_wish(tables, profile):
    enrolment = tables["enrolment"]
    found = posts.starts_to_plan_for(inflow_of(2), enrolment, profile, 0.0, "da")
    # 2 a month, all offered, 70 % say yes.
    assert (found.per_month, found.basis) == (pytest.approx(1.4), "inflow")
    thin = posts.starts_to_plan_for(inflow_of(0), enrolment, profile, 0.0, "da")
    # 18 starts since 15 January 2024: 23.5 months.
    assert thin.basis == "history" and thin.per_month == pytest.approx(18 / 23.53, abs=0.01)
    assert posts.starts_to_plan_for(inflow_of(0), enrolment, profile, 3.0, "da").per_month == 3
    with pytest.raises(DataNeedsWork, match="tilgang"):
        posts.starts_to_plan_for(inflow_of(0), enrolment.iloc[:0], profile, 0.0, "da")


def test_months_without_inflow_data_are_not_zero(profile):
    inflow = inflow_of(2)
    inflow.loc[:11, "n_families"] = pd.NA
    assert posts.expected_starts(inflow, profile, AS_OF) == pytest.approx(1.4)


def test_without_anybody_in_post_the_planned_posts_count(tables, profile):
    nobody = tables["coordinator"].iloc[:0]
    assert planning.posts_to_plan_with(tables["coordinator"], profile, 0.0, "da") == 0.0
    assert planning.posts_to_plan_with(nobody, profile, 2.5, "da") == 2.5
    assert planning.posts_to_plan_with(nobody, profile, 0.0, "da") == profile["staffing.planned_posts"] > 0
    assert "planned posts" in report.sentence_basis(nobody, profile, "en")
    assert report.sentence_basis(tables["coordinator"], profile, "en") == ""
    none_planned = {"staffing.planned_posts": 0.0, "data.to_date": AS_OF}
    with pytest.raises(DataNeedsWork, match="No coordinator is in post.*staffing.planned_posts"):
        planning.posts_to_plan_with(nobody, none_planned, 0.0, "en")


def test_too_few_hours_for_one_family(look):
    with pytest.raises(WrongCall):
        start_times(Draw([0.0], [[(1.0, 500)]]), 400)
    with pytest.raises(WrongCall):
        planning.at_posts(planning.waiting_by_posts(look, [0.01, 3.0], 20.0), 0.01)


@given(st.integers(1, 400), st.integers(0, 30), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_hours_in_use_never_pass_the_capacity(seed, spare, n_present):
    lengths = (Length(1), Length(5, "gamma", 0.5), Length(2))
    demand = Demand(2.0, ((1, 4.0), (5, 2.5), (2, 1.0)), (1.0, 1.4), lengths, 0.3)
    present = tuple(((3.0, 2.0),) for _ in range(n_present))
    draw = draw_replications(demand, Situation(present), 24, 1, seed)[0]
    capacity = 560 + 100 * spare + 200 * n_present
    starts = start_times(draw, capacity)
    assert starts == sorted(starts) and all(s >= a for s, a in zip(starts, draw.arrivals, strict=True))
    ends = [0.0] * n_present
    courses = [*draw.courses, *draw.present]
    moments = [start + 1e-9 for start in starts]
    in_use = [
        sum(_units(course, t - start) for start, course in zip([*starts, *ends], courses, strict=True)) for t in moments
    ]
    assert max(in_use, default=0) <= capacity


def _units(course, elapsed):
    if elapsed < 0:
        return 0
    for months, units in course:
        if elapsed < months:
            return units
        elapsed -= months
    return 0


def test_summary_without_any_family():
    table = waiting_by_capacity([Draw([], [])] * 3, [10.0], 12, 1)
    assert math.isnan(table.loc[0, "wait_months"]) and table.loc[0, "utilisation"] == 0
    # An unknown wait has no interval: its lower end is not zero.
    assert table.loc[0, ["wait_mean_low", "wait_mean_high"]].isna().all()


def test_families_to_place_and_special_needs(tables, shortlist, look):
    measure = {
        "measure_id": ["m1", "m2", "m3"],
        "person_id": ["p1", "p2", "p1"],
        "measure_type": "Behandling",
        "measure_group": "health",
        "department": ["health", "health", "children"],
        "price_per_month_dkk": float("nan"),
        "start_date": pd.to_datetime(["2025-01-01", "2024-01-01", "2025-01-01"]),
        "end_date": pd.to_datetime([None, "2024-12-31", None]),
    }
    tables["measure"] = contracts()["measure"].conform(pd.DataFrame(measure))
    member = {"family_id": ["F00", "F01"], "person_id": ["p1", "p2"], "role": "adult", "is_main_home": True}
    tables["family_member"] = contracts()["family_member"].conform(pd.DataFrame(member))
    table = placing.families_to_place(tables, shortlist, look).set_index("family_id")
    assert "misbrug" in table.loc["F00", "needs"] and pd.isna(table.loc["F01", "needs"])
    # W2 waits since the day itself, after W1; S1 comes from the shortlist.
    assert table.index[table["is_new"]].tolist() == ["W1", "W2", "S1"]
    people = placing.coordinators_in_post(tables["coordinator"], look)
    limit = look.profile["staffing.families_per_post_limit"] * people["weekly_hours"] / FULL_TIME_HOURS
    assert (people["capacity"] <= limit * look.mean_weight + 1e-9).all() and (people["capacity"] > 0).all()


def test_what_the_referral_meeting_wrote_and_shared_children_reach_the_assignment(tables, shortlist, look, profile):
    tables["enrolment"].loc[tables["enrolment"]["family_id"] == "F00", "languages"] = "arabisk"
    tables["enrolment"].loc[tables["enrolment"]["family_id"] == "F01", "barred_coordinators"] = "K2"
    member = {"family_id": ["F02", "F05"], "person_id": ["p9", "p9"], "role": "child", "is_main_home": [True, False]}
    tables["family_member"] = contracts()["family_member"].conform(pd.DataFrame(member))
    table = placing.families_to_place(tables, shortlist, look).set_index("family_id")
    assert (table.loc["F00", "languages"], table.loc["F01", "conflicts"]) == ("arabisk", "K2")
    assert table.loc["F02", "together"] == table.loc["F05", "together"] == "F02" and pd.isna(
        table.loc["F00", "together"]
    )
    assert placing.rules_of(profile).highest_load == profile["staffing.no_overload_above"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_everything_shown_can_be_written(tables, shortlist, look, profile, lang):
    starts = posts.starts_to_plan_for(inflow_of(2), tables["enrolment"], profile, 0.0, lang)
    needed = posts.need(starts.per_month, profile)
    plan = planning.monthly_plan(tables["coordinator"], look)
    waiting = planning.waiting_by_posts(look, [2.0, 3.0], posts.hours_of_post(profile))
    compared = organisation.compare_organisations(1.0, profile)
    waits = organisation.waiting_by_organisation(tables, shortlist, 1.0, profile, 3.0)
    matters = organisation.what_matters(1.0, profile)
    shown = [
        report.course_shown(planned_course(profile), lang),
        report.organisations_shown(compared, waits, lang),
        report.waiting_shown(waiting, lang),
        report.case_loads_shown(7.0, lang),
    ]
    assert all(table.written(lang, 5) for table in shown)
    acceptance = posts.observed_acceptance(tables["enrolment"], AS_OF)
    sentences = [
        report.sentence_starts(starts, lang),
        report.sentence_need(needed, 2.0, lang),
        report.sentence_need(needed, 99.0, lang),
        report.sentence_hours(plan, lang),
        report.sentence_waiting(planning.at_posts(waiting, 3.0), 4.0, math.nan, 2.0, lang),
        report.sentence_acceptance(acceptance, 0.7, 5, lang),
        report.sentence_course(caseload.observed_course(look.started, AS_OF), 12, 2, 5, lang),
        report.sentence_organisations(compared, lang),
        report.sentence_grant(None, lang),
        report.sentence_price(profile, lang),
        report.sentence_places(20, (18, 25), 0.2, lang),
    ]
    assert not any("{" in sentence or "nan" in sentence for sentence in sentences)
    for picture in (
        hours_figure(report.plan_shown(plan, 5), profile, lang),
        waiting_figure(waiting, 2.0, profile, lang),
        matters_figure(matters, needed.posts_by_hours, 0.25, profile, lang),
    ):
        assert picture.alt and "{" not in picture.alt


def test_few_families_are_not_told(tables, look):
    assert report.sentence_course(caseload.observed_course(look.started, AS_OF), 12, 2, 5, "en").count("under 5") == 1
    few = posts.Acceptance(3, 2, 0.67, 0.2, 0.9)
    assert "67" not in report.sentence_acceptance(few, 0.7, 5, "en")
    plan = planning.monthly_plan(tables["coordinator"], look)
    assert (
        report.plan_shown(plan.assign(n_families=pd.array([3] * len(plan), dtype="Int64")), 5)["hours_needed"]
        .isna()
        .all()
    )


def test_an_open_offer_is_neither_yes_nor_no():
    offers = [("2025-12-20", None, None), ("2025-12-20", "2025-12-28", None), ("2025-12-20", None, "2025-12-23")]
    offers += [("2025-06-01", None, None), ("2025-06-01", "2025-06-20", None), (None, None, None)]
    asked = pd.DataFrame(offers, columns=["offered_date", "consent_date", "exit_date"]).apply(pd.to_datetime)
    asked = asked.assign(start_date=pd.NaT, exit_reason=asked["exit_date"].notna().map({True: "declined", False: None}))
    found = posts.observed_acceptance(asked, AS_OF)
    # One is open, one was never offered, one said no within the week: two yes of four.
    assert (found.n_offered, found.n_accepted) == (4, 2)
    # Wilson interval of 2 in 4 at 95 %: 0.150 to 0.850.
    assert (found.low, found.high) == (pytest.approx(0.150, abs=1e-3), pytest.approx(0.850, abs=1e-3))


def test_acceptance_that_differs_is_said():
    found = posts.Acceptance(100, 90, 0.9, 0.83, 0.94)
    assert "Correct the assumption" in report.sentence_acceptance(found, 0.5, 5, "en")
    assert "fits" in report.sentence_acceptance(found, 0.9, 5, "en")


def test_scenario_with_unknown_key_is_refused(profile):
    with pytest.raises(WrongCall, match="staffing.nonsense"):
        organisation.with_values(profile, {"staffing.nonsense": 1})
    with pytest.raises(WrongCall):
        organisation.with_values(profile, {"staffing.active_months": -3.0})


@pytest.mark.parametrize(("said_no_on", "waits"), [(None, True), ("2025-12-10", False), ("2025-11-10", True)])
def test_a_family_that_is_asked_again_after_its_no_waits_again(said_no_on, waits):
    days = {"offered_date": "2025-12-01", "consent_date": None, "start_date": None, "exit_date": said_no_on}
    row = pd.DataFrame({"family_id": ["A"], "decision": ["include"], **{name: [day] for name, day in days.items()}})
    row = row.astype(dict.fromkeys(days, "datetime64[us]"))
    assert (caseload.waiting_families(row, date(2025, 12, 31))["family_id"].tolist() == ["A"]) == waits
    assert came_to_nothing(row).item() == (not waits)
