"""Working year, meetings, ramp-up, turnover, course, budget: worked by hand."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from helhed.errors import WrongCall
from helhed.profile import Setting, declared_entries
from helhed.profile.reading import Profile
from helhed.staffing import (
    budget,
    capacity,
    caseload,
    checked_against_theory,
    course,
    equal_people,
    observed_shares,
    organisation,
    posts,
)
from helhed.staffing.capacity import WorkingYear


@pytest.fixture
def profile(tmp_path):
    settings = {key: Setting(value=entry.default, origin="default") for key, entry in declared_entries().items()}
    return Profile("Prøve", "0000", "none", tmp_path, True, settings, {})


def with_staffing(profile, **values):
    return organisation.with_values(profile, {f"staffing.{key}": value for key, value in values.items()})


def test_working_year_is_the_published_example():
    # Økonomistyrelsen: 37 x 52 = 1,924 h and 7.14 public holidays; less 25 holidays and 5 extra at 7.4 h:
    # 1,924 - 52.8 - 185 - 37 = 1,649.
    assert capacity.net_hours_per_year(0, 0) == 1924
    assert round(capacity.net_hours_per_year(30, 7.14)) == 1649


def test_mean_public_holidays_are_the_published_714():
    assert pytest.approx(7.14, abs=0.005) == capacity.MEAN_PUBLIC_HOLIDAYS


def test_store_bededag_was_a_day_off_until_2023():
    # 2023: Friday 5 May (store bededag), Thursday 18 May, Monday 29 May. 2024: Thursday 9 May, Monday 20 May.
    assert capacity.public_holidays_on_weekdays(date(2023, 5, 1)) == 3
    assert capacity.public_holidays_on_weekdays(date(2024, 5, 1)) == 2


def test_public_holidays_average_714_from_2024():
    # 400 years would give it exactly; 28 years are one cycle of weekdays.
    years = range(2024, 2052)
    counted = [capacity.public_holidays_on_weekdays(date(y, m, 1)) for y in years for m in range(1, 13)]
    assert sum(counted) / 28 == pytest.approx(7.14, abs=0.15)


def test_hours_for_families_of_a_full_timer_and_a_part_timer():
    year = WorkingYear(sick_days=10, lunch_hours_per_day=0.4, meeting_hours_per_week=2, supervision_hours_per_month=3)
    # Days: 260 - 7.142857 - 40 = 212.857. At work without lunch: x 7 = 1,490. Meetings: 212.857/5 x 2 + 36 = 121.143.
    assert capacity.hours_for_families_per_year(year) == pytest.approx(1490 - 121.142857, abs=0.01)
    # Half time: half of the 1,490, all of the meetings.
    assert capacity.hours_for_families_per_year(year, 18.5) == pytest.approx(745 - 121.142857, abs=0.01)


def test_a_post_too_small_for_its_meetings_has_no_hours():
    assert capacity.hours_for_families_per_year(WorkingYear(meeting_hours_per_week=4), 2) == 0


def test_days_at_work_in_july_and_april():
    year = WorkingYear(holiday_days=26, july_days=15, extra_holiday_days=0)
    # July 2025: 23 weekdays, no public holiday, 15 off. April 2025: 22 weekdays, 3 at Easter, 11/11 = 1 off.
    assert capacity.days_at_work(date(2025, 7, 1), year) == 8
    assert capacity.days_at_work(date(2025, 4, 1), year) == 18


def test_turnover_loss():
    # 15 % leave; 2 months empty and 6 months from half: (2 + 6 x 0.25 ... mean loss 1.5) / 12 x 0.15.
    assert capacity.turnover_loss(0.15, 2, 6, 0.5) == pytest.approx(0.04375)


def coordinators(**columns):
    rows = {"coordinator_id": ["K1"], "weekly_hours": [37.0], "from_date": [None], "to_date": [None], **columns}
    frame = pd.DataFrame(rows)
    dates = {name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in ("from_date", "to_date")}
    return frame.assign(**dates)


def test_hours_available_follow_start_and_end_dates(profile):
    staff = coordinators(from_date=["2025-03-01"], to_date=["2025-09-15"])
    plain = with_staffing(profile, ramp_up_months=0.0)
    months = [date(2025, month, 1) for month in (2, 3, 9, 10)]
    hours = capacity.hours_available(staff, months, plain)["hours_available"]
    whole = capacity.hours_available(coordinators(), months, plain)["hours_available"]
    # Half of September: 15 of 30 days.
    assert hours.tolist() == pytest.approx([0, whole[1], whole[2] / 2, 0])


def test_a_new_coordinator_starts_with_half(profile):
    staff = coordinators(from_date=["2025-03-01"])
    month = [date(2025, 3, 1)]
    half = capacity.hours_available(staff, month, profile)["hours_available"][0]
    assert half == pytest.approx(capacity.hours_available(coordinators(), month, profile)["hours_available"][0] / 2)


@pytest.fixture
def plain(profile):
    """Return a profile with a course that can be counted by hand: 2 + 6 + 3 + 1 months, contact hours only."""
    hours = {"start": 4.0, "active": 3.0, "fade_out": 1.0, "exit": 1.0}
    values = {f"{name}_contact_hours_per_week": value for name, value in hours.items()}
    for name in hours:
        nothing = ("coordination_hours_per_week", "paperwork_hours_per_week", "visits_per_week")
        values |= {f"{name}_{what}": 0.0 for what in (*nothing, "network_meetings_per_month")}
    return with_staffing(profile, **values)


def test_course_hours_by_hand(plain):
    phases = course.planned_course(plain)
    # Weeks a month 365.25 / 84 = 4.348: (2 x 4 + 6 x 3 + 3 x 1 + 1 x 1) x 4.348 = 130.4; 30 / 12 = 2.5 a week.
    assert course.course_hours(phases) == pytest.approx(30 * 365.25 / 84)
    assert course.mean_hours_per_week(phases) == pytest.approx(2.5)


def test_every_activity_counts(plain):
    full = with_staffing(
        plain,
        start_coordination_hours_per_week=2.0,
        start_paperwork_hours_per_week=0.5,
        start_visits_per_week=1.0,
        travel_hours_per_visit=0.75,
        start_network_meetings_per_month=1.0,
        hours_per_network_meeting=4.348214,
        organisation="taskforce",
        taskforce_coordination_factor=0.5,
    )
    # 4 contact + 2 x 0.5 coordination + 0.5 paperwork + 0.75 travel + 4.348 h a month / 4.348 weeks = 1.
    assert course.planned_course(full)[0].hours_per_week == pytest.approx(7.25)


def test_weights_by_hand(profile):
    values = {"weight_second_adult": 0.2, "weight_per_child_above_two": 0.1, "weight_second_home": 0.05}
    family = pd.DataFrame(
        {
            "family_id": ["d", "a", "b", "c"],
            "n_adults": pd.array([None, 1, 2, 2], dtype="Int64"),
            "n_children": pd.array([3, 2, 4, 1], dtype="Int64"),
            "has_second_home": pd.array([False, False, True, None], dtype="boolean"),
        }
    )
    weights = course.family_weights(family, with_staffing(profile, **values))
    assert weights["family_id"].tolist() == ["a", "b", "c", "d"]
    # b: 1 + 0.2 + 2 x 0.1 + 0.05; c: 1 + 0.2, second home not known; d: 1 + 0.1, adults not known.
    assert weights["weight"].tolist() == pytest.approx([1, 1.45, 1.2, 1.1])
    assert weights["is_known"].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("elapsed", "to_exit", "phase"),
    [
        (0, None, "start"),
        (1.99, None, "start"),
        (2, None, "active"),
        (7.9, None, "active"),
        (8, None, "fade_out"),
        (11, None, "exit"),
        (12, None, "active"),
        (4, 3.5, "fade_out"),
        (4, 0.5, "exit"),
        (20, 5, "active"),
        (1, 9, "start"),
    ],
)
def test_phase_on(plain, elapsed, to_exit, phase):
    # Phases of 2, 6, 3 and 1 months; a family past its plan is active until someone sets an exit.
    assert course.phase_on(course.planned_course(plain), elapsed, to_exit) == phase


def test_remaining_course(plain):
    phases = course.planned_course(plain)
    assert caseload.remaining_course(phases, 0) == [(2, 4), (6, 3), (3, 1), (1, 1)]
    assert caseload.remaining_course(phases, 5) == [(3, 3), (3, 1), (1, 1)]
    assert caseload.remaining_course(phases, 30) == [(3, 1), (1, 1)]


def test_need_by_hand(plain):
    values = {"share_dropping_out": 0.0, "families_per_post_limit": 40.0, "turnover_per_year": 0.0}
    profile = with_staffing(plain, **values)
    needed = posts.need(2, profile)
    # Little: 2 x 12 months = 24 families x 2.5 h = 60 h a week.
    assert needed.families == 24
    assert needed.hours_per_week == pytest.approx(60)
    assert needed.posts == pytest.approx(60 / posts.hours_of_post(profile))


def test_the_limit_of_families_decides_when_it_is_tighter(plain):
    needed = posts.need(2, with_staffing(plain, share_dropping_out=0.0, families_per_post_limit=5.0))
    # 24 families, 5 per post (Assens, Hel Familie: 3 mentors with five families each).
    assert needed.posts == pytest.approx(4.8)


def test_drop_out_shortens_the_mean_stay(plain):
    # A fifth leaves half-way on average: 12 x 0.9 = 10.8 months.
    assert posts.need(1, with_staffing(plain, share_dropping_out=0.2)).families == pytest.approx(10.8)


def test_places_are_the_lower_of_hours_and_limit(plain):
    roomy = with_staffing(plain, families_per_post_limit=40.0)
    assert posts.places(60, 3, roomy) == 24
    assert posts.places(59.9, 3, roomy) == 23
    assert posts.places(60, 3, with_staffing(plain, families_per_post_limit=5.0)) == 15
    # A fifth more time each: 60 / 1.2 / 2.5 = 20; a fifth less: 60 / 0.8 / 2.5 = 30.
    assert posts.places_range(60, 3, roomy, 1.0, 0.2) == (20, 30)


def test_cost_of_course_by_hand(profile):
    priced = with_staffing(profile, salary_dkk_per_year=480000.0, overhead_share=0.0)
    # A post gives 25 h a week = 108.7 h a month; 1,087 h are 10 post-months at 40,000.
    assert budget.cost_of_course(10 * 25 * 365.25 / 84, 25, priced) == pytest.approx(400000)


def test_a_tight_limit_makes_the_course_dearer(plain):
    values = {"salary_dkk_per_year": 480000.0, "overhead_share": 0.0, "families_per_post_limit": 5.0}
    # Five families share a post of 40,000 a month: 8,000 a month for 12 months.
    assert organisation.course_cost(with_staffing(plain, **values)) == pytest.approx(96000)


def test_kaplan_meier_of_stays():
    # Stays of 2, 4, 6 months; one family still there after 5. Survival: 3/4, 2/4 at 4 months: the median is 4.
    start = pd.Timestamp("2024-01-01")
    exits = [start + pd.Timedelta(days=round(months * 365.25 / 12)) for months in (2, 4, 6)]
    exits = [exits[0], exits[1], pd.NaT, pd.NaT]
    starts = [start, start, start, start]
    started = pd.DataFrame({"start_date": starts, "exit_date": exits})
    found = caseload.observed_course(started, date(2024, 6, 1))
    assert (found.n_families, found.n_left) == (4, 2)
    assert found.median_months == pytest.approx(4, abs=0.05)
    nobody_left = caseload.observed_course(started.iloc[2:], date(2024, 6, 1))
    assert nobody_left.n_left == 0
    assert nobody_left.median_months != nobody_left.median_months


def test_organisation_moves_only_coordination_and_meetings(plain):
    # No coordination hours in this course: full-timers in any organisation need the same posts, part-timers more.
    table = organisation.compare_organisations(2, plain).set_index("organisation")
    assert table.loc["taskforce", "posts"] == pytest.approx(table.loc["own_unit", "posts"])
    assert table.loc["part_timers", "posts"] > table.loc["own_unit", "posts"]
    # 2 a month x 12 months x 0.95 = 22.8 families x 2 hand-offs.
    assert table.loc["own_unit", "handoffs_per_month"] == pytest.approx(45.6)
    assert table["is_in_force"].sum() == 1


def test_what_matters_puts_the_largest_first_and_keeps_limits(profile):
    high = organisation.with_values(profile, {"staffing.offered_share": 1.0})
    table = organisation.what_matters(1, high)
    assert table["range"].is_monotonic_decreasing
    assert table.set_index("key").loc["staffing.offered_share", "high_value"] == 1.0


def test_profile_is_not_changed_by_a_what_if(profile):
    before = replace(profile).settings["staffing.active_months"].value
    organisation.what_matters(1, profile)
    assert profile["staffing.active_months"] == before


@pytest.mark.parametrize(
    "call",
    [
        lambda: capacity.net_hours_per_year(-1),
        lambda: capacity.net_hours_per_year("30"),
        lambda: capacity.public_holidays_on_weekdays("2024-04-01"),
        lambda: capacity.ramp_up_share(None, 6, 0.5),
        lambda: capacity.turnover_loss(-0.1, 2, 6, 0.5),
        lambda: capacity.turnover_loss(0.1, math.nan, 6, 0.5),
        lambda: equal_people(3, 20, 0),
        lambda: equal_people(math.inf, 20),
        lambda: observed_shares([1, 2, 3], [True, True]),
        lambda: observed_shares([1, -2] * 10, [True] * 20),
        # As R's survival writes it, 1 for still there and 2 for gone: all would count as having left.
        lambda: observed_shares([1.0] * 20, [1, 2] * 10),
        lambda: checked_against_theory(3, 0, 1),
        lambda: budget.price_index(None, {}),
        lambda: budget.budget_by_year(3, {}, date(2026, 1, 1), math.inf),
        lambda: budget.budget_by_year(3, {}, "2026-01-01", 12),
        lambda: budget.budget("3", 20, {}),
        lambda: budget.grant_fit(3, math.nan, {}),
        lambda: posts.places(None, 3, {}),
        lambda: organisation.what_matters("1", {}),
        lambda: organisation.tornado(None, {}, [], None),
    ],
)
def test_impossible_numbers_of_the_working_year_are_refused_in_both_languages(call):
    with pytest.raises(WrongCall) as refused:
        call()
    messages = [[problem.message(lang) for lang in ("da", "en")] for problem in refused.value.problems]
    assert messages and all(da != en and "{" not in da + en for da, en in messages)


def test_more_days_off_than_days_leave_no_hours():
    # 260 weekdays a year: nobody works less than not at all.
    assert capacity.net_hours_per_year(300) == 0
