"""What lies ahead: staff who come and go, places month by month, precision, organisations, courses and bad input."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from helhed import staffing
from helhed.errors import WrongCall
from helhed.profile import Setting, courses, declared_entries, presets, read_profile
from helhed.profile.reading import Profile
from helhed.staffing import organisation, organisation_shown, places_shown, planning, posts, report
from helhed.staffing.capacity_staff import hours_by_coordinator, named_people, staff_steps
from helhed.staffing.simulation_summary import starts_of_endless_line
from helhed.tables import tables as contracts
from helhed.texts import number

AS_OF = date(2025, 12, 31)


@pytest.fixture
def profile(tmp_path):
    values = {key: Setting(value=entry.default, origin="default") for key, entry in declared_entries().items()}
    return with_staffing(
        Profile("Prøve", "0000", "none", tmp_path, True, values, {}), n_replications=40, turnover_per_year=0.0
    )


def with_staffing(profile, **values):
    return organisation.with_values(profile, {f"staffing.{key}": value for key, value in values.items()})


def enrolments(starts):
    frame = pd.DataFrame({"family_id": [f"F{i:02}" for i in range(len(starts))], "start_date": pd.to_datetime(starts)})
    return contracts()["enrolment"].conform(frame.assign(decision="include", consent_date=frame["start_date"]))


def coordinators(**columns):
    n = len(columns["weekly_hours"])
    frame = pd.DataFrame({"coordinator_id": [f"K{i}" for i in range(n)], "has_authority": False, **columns})
    for name in ("from_date", "to_date", "absent_from_date", "absent_to_date"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return contracts()["coordinator"].conform(frame)


@pytest.fixture
def tables():
    enrolment = enrolments([f"2025-{1 + i % 9:02}-01" for i in range(12)])
    ids = enrolment["family_id"].tolist()
    family = pd.DataFrame(
        {"family_id": ids, "family_type": "one_adult", "n_adults": 1, "n_children": 2, "has_second_home": False}
    )
    staff = coordinators(weekly_hours=[37.0, 18.5], from_date=["2020-01-01", "2020-01-01"])
    return {
        "enrolment": enrolment,
        "family": contracts()["family"].conform(family),
        "coordinator": staff,
    }


@pytest.fixture
def shortlist():
    return pd.DataFrame({"family_id": [], "standing": [], "rank": []}).astype({"family_id": "str", "standing": "str"})


@pytest.fixture
def look(tables, shortlist, profile):
    return planning.outlook(tables, shortlist, 1.0, profile)


def test_every_public_name_is_there_and_documented():
    for name in staffing.__all__:
        assert getattr(staffing, name).__doc__, name


def test_absence_and_dates_take_hours_from_the_right_months(profile):
    staff = coordinators(
        weekly_hours=[37.0, 37.0],
        from_date=["2020-01-01", "2020-01-01"],
        to_date=[None, "2026-02-14"],
        absent_from_date=["2026-03-01", None],
        absent_to_date=["2026-03-31", None],
    )
    months = [date(2026, month, 1) for month in (2, 3, 4)]
    table = hours_by_coordinator(staff, months, profile).set_index(["coordinator_id", "month"])
    shares = table["share_in_post"].unstack()
    assert shares.loc["K0"].tolist() == [1, 0, 1]
    # 14 of February's 28 days.
    assert shares.loc["K1"].tolist() == [0.5, 0, 0]
    assert (table.loc[table["share_in_post"] == 0, "hours_available"] == 0).all()
    april = table.loc[("K0", pd.Timestamp("2026-04-01"))]
    assert april["hours_available"] == pytest.approx(april["hours_at_work"] - april["hours_meetings"])
    total = staffing.hours_available(staff, months, profile)["hours_available"]
    assert total.tolist() == pytest.approx(table["hours_available"].unstack().sum().tolist())


def test_named_people_leave_and_are_absent_in_the_simulation(profile):
    staff = coordinators(
        weekly_hours=[37.0, 37.0, 37.0],
        from_date=["2020-01-01", "2020-01-01", "2026-05-01"],
        to_date=[None, "2026-02-28", None],
        absent_from_date=["2026-04-01", None, None],
        absent_to_date=["2026-04-30", None, None],
    )
    people = named_people(staff, AS_OF, profile)
    each = people[0].hours_per_week
    steps = staff_steps(people, profile, 12, 2)
    posts_there = [hours / each for _, hours in steps[0]]
    # Two until the end of February, one in March, none in April, then the first and a new one who begins at half.
    assert posts_there[:4] == pytest.approx([2, 2, 1, 0])
    assert 1.5 < posts_there[4] < 1.6 and posts_there[10] == pytest.approx(2)


def test_without_a_coordinator_there_are_no_places(look, tables):
    months = planning.plan_months(AS_OF, 6)[1]
    assert planning.new_places(look, (), months)["new_places"].tolist() == [0] * 6
    assert len(planning.waiting_by_posts(look, [0.0], 20.0)) == 0
    with pytest.raises(WrongCall, match="rækker ikke til en eneste familie"):
        planning.at_posts(planning.waiting_by_posts(look, [0.0], 20.0), 0.0)


def test_new_places_by_hand():
    # 6 hours, nobody present, families take 3 hours for 2.5 months: two at once, two more after 2.5 months, and so on.
    demand = staffing.Demand(1.0, ((2.5, 3.0),))
    started = starts_of_endless_line(demand, (), [[(0.0, 6.0), (8.0, 6.0)]], seed=1)
    assert started == [[0, 0, 2.5, 2.5, 5, 5, 7.5, 7.5]]
    # With 9 hours from month 4 a third comes then.
    more = starts_of_endless_line(demand, (), [[(0.0, 6.0), (4.0, 9.0), (8.0, 9.0)]], seed=1)
    assert more == [[0, 0, 2.5, 2.5, 4, 5, 5, 6.5, 7.5, 7.5]]


def test_places_of_the_plan_end_where_the_caseload_is_full(tables, look, profile):
    plan = planning.monthly_plan(tables["coordinator"], look)
    ahead = plan[plan["is_future"]]
    assert plan.loc[~plan["is_future"], "new_places"].isna().all() and ahead["new_places"].notna().all()
    assert (ahead["new_places_low"] <= ahead["new_places_high"]).all()
    # In the long run no more can start a month than the places divided by the mean stay.
    stay = look.demand.mean_stay_months
    hours = planning.staff_hours_per_week(tables["coordinator"], AS_OF, profile)
    most = hours / posts.hours_per_place(profile, look.mean_weight) / stay
    assert ahead["new_places"].tail(12).mean() <= most * 1.25


def test_more_replications_until_the_wait_is_known_as_precisely_as_asked(tables, shortlist, profile):
    asked = with_staffing(profile, wait_precision_weeks=0.5, most_replications=3000)
    busy = planning.outlook(tables, shortlist, 1.6, asked)
    hours = posts.hours_of_post(asked)
    enough = planning.narrowed(busy, 2.0, hours)
    assert len(enough.draws) > len(busy.draws)
    assert enough.draws[0].arrivals == busy.draws[0].arrivals
    row = planning.waiting_by_posts(enough, [2.0], hours).iloc[0]
    assert (row["wait_mean_high"] - row["wait_months"]) * 365.25 / 84 <= 0.5
    for lang, said in (("da", "plus/minus"), ("en", "plus or minus")):
        assert said in organisation_shown.sentence_precision(row, asked, lang)
    few = with_staffing(asked, wait_precision_weeks=0.01, most_replications=60)
    stopped = planning.narrowed(planning.outlook(tables, shortlist, 1.6, few), 2.0, hours)
    assert len(stopped.draws) == 60
    row = planning.waiting_by_posts(stopped, [2.0], hours).iloc[0]
    assert "most_replications" in organisation_shown.sentence_precision(row, few, "en")


def test_a_coordinator_who_leaves_makes_families_wait_and_hours_overload(tables, shortlist, profile):
    stays = coordinators(weekly_hours=[37.0, 37.0], from_date=["2020-01-01"] * 2)
    leaves = coordinators(weekly_hours=[37.0, 37.0], from_date=["2020-01-01"] * 2, to_date=[None, "2026-03-31"])
    look = planning.outlook(tables, shortlist, 1.0, profile)
    hours = posts.hours_of_post(profile)
    rows = [planning.waiting_by_posts(look, [2.0], hours, staff).iloc[0] for staff in (stays, leaves)]
    assert rows[1]["wait_months"] > rows[0]["wait_months"]
    assert rows[1]["overload_weeks"] > rows[0]["overload_weeks"]
    assert rows[1]["capacity"] < rows[0]["capacity"]
    assert "uger" in organisation_shown.sentence_overload(rows[1], profile, "da")
    # Nobody leaves by chance here: those who stay are two equal posts.
    equal = planning.waiting_by_posts(look, [2.0], hours).iloc[0]
    assert rows[0]["wait_months"] == pytest.approx(equal["wait_months"])


def test_fewest_posts_are_the_first_tenth_within_the_goal(tables, shortlist, profile):
    look = planning.outlook(tables, shortlist, 1.4, profile)
    hours = posts.hours_of_post(profile)
    found = planning.fewest_posts(look, 4.0, hours)
    table = planning.waiting_by_posts(look, [found, round(found - 0.1, 1)], hours)
    weeks = table["wait_months"] * 365.25 / 84
    assert weeks.iloc[0] <= 4 < weeks.iloc[1]
    assert planning.fewest_posts(look, 0.01, hours) > found
    assert math.isnan(planning.fewest_posts(look, 4.0, hours, most=0.5))


def test_with_everybody_absent_nobody_starts_before_the_end(tables, shortlist, profile):
    away = coordinators(weekly_hours=[37.0], from_date=["2020-01-01"], absent_from_date=["2025-06-01"])
    look = planning.outlook(tables, shortlist, 1.0, profile)
    row = planning.waiting_by_posts(look, [1.0], posts.hours_of_post(profile), away).iloc[0]
    assert row["started_per_month"] == 0 and math.isnan(row["utilisation"]) and row["capacity"] == 0
    plan = planning.monthly_plan(away, look)
    ahead = plan[plan["is_future"]]
    assert (ahead["new_places"] == 0).all() and (ahead["hours_available"] == 0).all()
    assert "24 months" in organisation_shown.sentence_new_places(plan, profile, "en")


def test_a_post_without_hours_is_no_answer_and_no_fault(profile):
    nothing = with_staffing(profile, turnover_per_year=1.0, vacant_months=24.0)
    assert posts.hours_of_post(nothing) == 0 and posts.need(1.0, nothing).posts == math.inf
    assert planning.posts_grid(3.0, math.inf) == [2, 3, 4, 5, 6]


def test_turnover_by_chance_makes_the_wait_longer(tables, shortlist, profile):
    waits = []
    for share in (0.0, 0.5):
        other = with_staffing(profile, turnover_per_year=share, vacant_months=4.0)
        look = planning.outlook(tables, shortlist, 1.0, other)
        waits.append(planning.waiting_by_posts(look, [3.0], posts.hours_of_post(other)).iloc[0])
    assert waits[1]["wait_months"] > waits[0]["wait_months"]
    assert waits[1]["capacity"] < waits[0]["capacity"]


def test_organisations_have_waits_and_contact_persons(tables, shortlist, profile):
    known = pd.DataFrame(
        {"family_id": ["F00", "F01", "F02", "F03"], "n_departments": pd.array([4, 1, None, 9], "Int64")}
    )
    # F00 deals with four departments, F01 with one; of F02 nothing is known, F09 step 1 has not seen: (4 + 1) / 2.
    assert organisation.departments_of_families(known, ["F00", "F01", "F02", "F09"]) == 2.5
    assert math.isnan(organisation.departments_of_families(known, ["F09"]))
    table = organisation.compare_organisations(1.0, profile, 1.0, 2.5).set_index("organisation")
    # Departments covered by the defaults: 0, 1, 2 and 3.
    assert table["contact_persons"].tolist() == pytest.approx([3.5, 2.5, 1.5, 1.0])
    assert organisation.compare_organisations(1.0, profile)["contact_persons"].isna().all()
    waits = organisation.waiting_by_organisation(tables, shortlist, 1.4, profile, 2.0).set_index("organisation")
    # Authority saves coordination, part-timers lose hours to meetings.
    assert waits.loc["taskforce", "wait_months"] < waits.loc["own_unit", "wait_months"]
    assert waits.loc["own_unit", "wait_months"] < waits.loc["part_timers", "wait_months"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_needs_of_organisations_are_told_with_sources(lang):
    needs = organisation_shown.organisation_needs(lang)
    assert needs["organisation"].tolist() == list(organisation.ORGANISATIONS)
    assert needs["place"].tolist() == ["Furesø", "Brøndby", "Rødovre", "Assens"]
    assert needs["url"].str.startswith("http").all() and (needs.map(len) > 3).all(axis=None)
    assert organisation_shown.organisation_needs_shown(lang).written(lang, 5)


def test_courses_of_models_and_methods(profile):
    table = organisation_shown.compare_courses(2.0, profile).set_index("course")
    assert set(table.index) == {"profile", "cti", "icm", *presets()}
    # CTI: nine months; ICM: under 20 per worker.
    assert table.loc["cti", "months"] == 9 and table.loc["icm", "families_per_post_limit"] == 19
    # 2 a month, 9 months, a tenth leave half-way: 2 x 9 x 0.95.
    assert table.loc["cti", "families"] == pytest.approx(17.1)
    # A setting of the own course does not leak into that of a method.
    own = with_staffing(profile, start_contact_hours_per_week=9.0)
    again = organisation_shown.compare_courses(2.0, own).set_index("course")
    assert again.loc["cti", "hours"] == table.loc["cti", "hours"]
    assert again.loc["profile", "hours"] > table.loc["profile", "hours"]
    for lang in ("da", "en"):
        assert organisation_shown.courses_shown(table.reset_index(), lang).written(lang, 5)


def test_every_course_says_where_its_figures_come_from(profile):
    table = organisation_shown.compare_courses(2.0, profile).set_index("course")
    # As declared: the fade-out of CTI and Gladsaxe's limit. CTI has its four lengths, and that limit.
    assert table.loc["profile", "n_sourced"] == 2 and table.loc["cti", "n_sourced"] == 5
    icm = " ".join(table.loc["icm", "sources_da"])
    assert "Cochrane" in icm and "Gladsaxe" not in icm
    assert not any("skøn" in source for sources in table["sources_da"] for source in sources)
    for lang, rest in (("da", "egne skøn"), ("en", "own assumptions")):
        said = organisation_shown.sentence_sources(table, lang)
        assert rest in said and said.count("Cochrane") == 1 and "Gladsaxe" in said
    written = Setting(value=7.0, source="Egen optælling / own count", quality="green", origin="profile")
    own = replace(profile, settings={**profile.settings, "staffing.active_months": written})
    again = organisation_shown.compare_courses(2.0, own).set_index("course")
    assert again.loc["profile", "n_sourced"] == 3 and "own count" in again.loc["profile", "sources_en"]


def test_meetings_of_another_model_stay_out_of_the_courses(profile):
    # The working year is the profile's own in every row: Brøndby's preset has other meetings.
    more = with_staffing(profile, meeting_hours_per_week=8.0)
    posts_of = [organisation_shown.compare_courses(2.0, each).set_index("course")["posts"] for each in (profile, more)]
    assert posts_of[1]["broendby"] > posts_of[0]["broendby"]


def test_every_course_setting_fits_and_has_a_source():
    for course in courses().values():
        assert course["url"].startswith("https://")
        for key, given in course["settings"].items():
            assert declared_entries()[key].fits(given["value"]) and given["source"]


def test_a_course_is_chosen_in_the_profile(tmp_path):
    head = 'name: Prøve\nmunicipality_code: "0190"\nmodel: furesoe\nis_synthetic: true\n'
    dates = "settings:\n  data.from_date: 2024-01-01\n  data.to_date: 2025-12-31\n"
    chosen = "  staffing.course_model: cti\n  staffing.start_months: 2.0\n"
    (tmp_path / "profile.yml").write_text(head + dates + chosen, encoding="utf-8")
    found = read_profile(tmp_path)
    # The model's 18 months give way to CTI's 3; the municipality's own 2 months go before CTI's.
    assert found["staffing.active_months"] == 3.0 and found.settings["staffing.active_months"].origin == "preset"
    assert found["staffing.start_months"] == 2.0
    (tmp_path / "profile.yml").write_text(head + dates, encoding="utf-8")
    assert read_profile(tmp_path)["staffing.active_months"] == 18.0


def test_tornado_of_any_answer_and_what_decides(profile):
    keys = ["staffing.active_months", "staffing.start_months", "staffing.fade_out_months", "staffing.ramp_up_months"]

    def months(other):
        return other["staffing.active_months"] * 4 + other["staffing.start_months"] * 5 + other["staffing.exit_months"]

    table = organisation.tornado(months, profile, keys, 0.5)
    # 6 x 4 x (1.5 - 0.5) = 24 and 2 x 5 x 1 = 10; the others do nothing.
    assert table["range"].tolist() == [24, 10, 0, 0]
    assert organisation.deciding(table) == ["staffing.active_months", "staffing.start_months"]
    assert organisation.deciding(table.assign(range=[24.0, 20.0, 12.0, 11.0])) == table["key"].head(3).tolist()
    assert organisation.deciding(table.assign(range=0.0)) == []
    said = organisation_shown.sentence_deciding(table, 0.5, "da")
    assert "2 antagelser" in said and "»Længde, aktiv fase« og »Længde, opstart«" in said
    assert organisation_shown.sentence_deciding(table.assign(range=0.0), 0.5, "en").startswith("None")


def test_too_few_posts_say_that_the_queue_never_ends_and_what_would_end_it(profile):
    needed = posts.need(2.0, profile)
    half = needed.posts / 2
    said = organisation_shown.sentence_never_ends(needed, half, 2.0, "en")
    # Half the posts: half the families, or courses of half the hours.
    assert "never ends" in said and "at most 1.0 new families" in said and "50% fewer" in said
    assert organisation_shown.sentence_never_ends(needed, needed.posts, 2.0, "en") == ""


@pytest.mark.parametrize(("lang", "cure"), [("da", "Skriv 18 i profilen"), ("en", "write 18 in the profile")])
def test_the_places_are_handed_to_the_selection_with_the_line_to_change(profile, lang, cure):
    written = replace(organisation.with_values(profile, {"selection.places": 40}), lines={"selection.places": 12})
    said = places_shown.sentence_handed_over(18, written, lang)
    assert cure in said and "40" in said and "profile.yml" in said and "12" in said
    assert cure not in places_shown.sentence_handed_over(40, written, lang)
    default = replace(written, lines={})
    assert {"da": "står ikke i", "en": "is not written in"}[lang] in places_shown.sentence_handed_over(
        18, default, lang
    )


def test_places_to_offer_month_by_month(tables, look, profile):
    plan = planning.monthly_plan(tables["coordinator"], look)
    offered = places_shown.places_to_offer(plan, profile)
    assert len(offered) == profile["staffing.horizon_months"] and offered["month"].is_monotonic_increasing
    # Seven in ten say yes.
    assert offered["offers"].tolist() == pytest.approx((offered["new_places"] / 0.7).tolist())
    assert (offered["new_places_low"] <= offered["new_places_high"]).all()
    nobody = organisation.with_values(profile, {"staffing.acceptance_share": 0.0})
    assert places_shown.places_to_offer(plan, nobody)["offers"].isna().all()
    for lang in ("da", "en"):
        assert len(places_shown.places_shown(offered, lang).written(lang, 5)) == 12


def test_more_families_today_than_in_the_long_run_is_said(look, profile):
    few, many = posts.need(0.1, profile), posts.need(9.0, profile)
    assert look.n_present > few.families
    assert "før I flytter stillinger" in places_shown.sentence_today(look, few, 5, "da")
    assert "long run" not in places_shown.sentence_today(look, many, 5, "en")
    # Twelve are there, nobody waits: with a threshold of 20 the twelve are not told.
    assert "under 20" in places_shown.sentence_today(look, few, 20, "en") and "12" not in places_shown.sentence_today(
        look, few, 20, "en"
    )


def test_a_past_with_more_starts_than_planned_is_said_with_its_posts(profile):
    said = places_shown.sentence_past(posts.Starts(1.0, "inflow", 2.0), profile, 1.0, "en")
    assert f"{posts.need(2.0, profile).posts:.1f} full-time posts" in said
    assert places_shown.sentence_past(posts.Starts(1.0, "inflow", 1.2), profile, 1.0, "en") == ""


def test_the_posts_that_keep_the_goal_are_among_those_tried():
    assert planning.posts_grid(3.7, 2.0, 5.6) == [1, 2, 3, 3.7, 4, 5, 5.6, 6, 7, 8, 9]
    assert planning.posts_grid(3.0, math.inf) == [2, 3, 4, 5, 6]


def test_sentence_of_new_places(profile):
    months = pd.date_range("2026-01-01", periods=3, freq="MS")
    plan = pd.DataFrame({"month": months, "is_future": True, "new_places": [7.0, 1.0, 2.0]})
    plan = plan.assign(new_places_low=plan["new_places"] - 1, new_places_high=plan["new_places"] + 1)
    # 7 places and seven in ten say yes: ten offers.
    assert "about 10 offers" in organisation_shown.sentence_new_places(plan, profile, "en")
    later = plan.assign(new_places=[0.0, 0.2, 2.0])
    assert "marts 2026" in organisation_shown.sentence_new_places(later, profile, "da")
    nobody = plan.assign(new_places=0.0)
    assert "3 months" in organisation_shown.sentence_new_places(nobody, profile, "en")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda p: staffing.Phase("active", -1, {}), "active: months"),
        (lambda p: staffing.Phase("active", 3, {"contact": -0.5}), "active: contact"),
        (lambda p: staffing.planned_course(with_staffing(p, **dict.fromkeys(MONTHS, 0.0))), "intet at bemande"),
        (lambda p: staffing.WorkingYear(sick_days=-3), "sick_days"),
        (lambda p: staffing.hours_for_families_per_year(staffing.WorkingYear(), -37), "weekly_hours"),
        (lambda p: staffing.need(-1, p), "starts_per_month"),
        (lambda p: planning.posts_to_plan_with(coordinators(weekly_hours=[37.0]), p, -1.0, "da"), "posts"),
        (lambda p: posts.starts_to_plan_for(pd.DataFrame(), enrolments([]), p, -2.0, "da"), "wanted_inflow"),
        (lambda p: staffing.Length(3, "normal"), "lognormal"),
        (lambda p: staffing.Length(3, "gamma", math.nan), "variation"),
        (lambda p: staffing.Length(3, "empirical"), "mindst 20"),
        (lambda p: staffing.Demand(1, ((0.0, 4.0), (3.0, 0.0))), "intet at bemande"),
        (lambda p: staffing.Demand(1, ((3.0, -4.0),)), "negative"),
        (lambda p: staffing.Demand(1, ((3.0, 4.0),), share_returning=1.0), "vender tilbage"),
        (lambda p: organisation.with_values(p, {"staffing.active_months": "six"}), "six"),
        (lambda p: planning.posts_to_plan_with(coordinators(weekly_hours=[37.0]), p, 1e9, "da"), "højst 2000"),
    ],
)
def test_impossible_input_is_refused_in_words(profile, call, said):
    with pytest.raises(WrongCall, match=said):
        call(profile)


MONTHS = ("start_months", "active_months", "fade_out_months", "exit_months")


def test_own_lengths_need_enough_finished_courses(tables, shortlist, profile):
    own = with_staffing(profile, active_length_kind="empirical")
    with pytest.raises(WrongCall, match="mindst 20"):
        planning.outlook(tables, shortlist, 1.0, own)
    many = enrolments([f"2024-{1 + i % 12:02}-01" for i in range(40)])
    stays = pd.to_timedelta([120 + 9 * i for i in range(40)], unit="D")
    many["exit_date"] = (many["start_date"] + stays).astype(many["start_date"].dtype)
    look = planning.outlook(tables | {"enrolment": many}, shortlist, 1.0, own)
    active = look.demand.phase_lengths[1]
    assert active.kind == "empirical" and active.months == 6.0 and 0 < active.coefficient_of_variation < 1


def test_families_who_come_back_add_to_the_need(profile):
    plain, back = (posts.need(1.0, with_staffing(profile, share_returning=share)) for share in (0.0, 0.2))
    assert back.posts_by_hours == pytest.approx(plain.posts_by_hours / 0.8)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda p: staffing.planned_course(with_staffing(p, **dict.fromkeys(MONTHS, 0.0)), "en"), "course is empty"),
        (lambda p: planning.posts_to_plan_with(coordinators(weekly_hours=[37.0]), p, -1.0, "en"), "must be a number"),
        (lambda p: planning.posts_to_plan_with(coordinators(weekly_hours=[37.0]), p, 1e9, "en"), "at most 2000"),
        (lambda p: posts.starts_to_plan_for(pd.DataFrame(), enrolments([]), p, -2.0, "en"), "must be a number"),
        (lambda p: planning.at_posts(pd.DataFrame({"posts": [1.0]}), 0.1, "en"), "hours"),
    ],
)
def test_what_a_notebook_refuses_is_said_in_its_language(profile, call, said):
    with pytest.raises(WrongCall, match=said):
        call(profile)


def test_too_few_finished_courses_are_said_in_english(tables, shortlist, profile):
    with pytest.raises(WrongCall, match="at least 20"):
        planning.outlook(tables, shortlist, 1.0, with_staffing(profile, active_length_kind="empirical"), "en")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_posts_that_keep_the_goal_only_for_a_time_are_said_to(lang):
    row = pd.Series({"posts": 1.0, "wait_months": 2.0, "wait_low": 1.0, "wait_high": 3.0})
    ahead = report.sentence_waiting(row, 4.0, 13.2, 16.2, lang)
    assert number(16.2, lang, 1) in ahead and {"da": "på langt sigt", "en": "in the long run"}[lang] in ahead.lower()
    assert number(16.2, lang, 1) not in report.sentence_waiting(row, 4.0, 16.5, 16.2, lang)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_places_that_the_limit_decides_are_not_given_as_a_range(lang):
    said = report.sentence_places(38, (38, 38), 0.2, lang)
    assert said.count("38") == 1 and "{" not in said
    assert "27" in report.sentence_places(33, (27, 37), 0.2, lang)
