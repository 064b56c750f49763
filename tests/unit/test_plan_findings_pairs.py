"""Every rule of findings has a plan it speaks about and a plan just short of that: both from one calm plan."""

from dataclasses import replace
from datetime import date, time

import pytest

from helhed.plan.deadlines import next_review, plan_dates
from helhed.plan.findings import RULES, find, words
from helhed.plan.model import Agreement, ChildCase, Consent, FadeOut, FamilyPlan, Line, Meeting, Member
from helhed.profile import declared_entries

SETTINGS = {key: entry.default for key, entry in declared_entries().items()}
DAY = date(2025, 6, 2)  # a Monday


def line(line_id, **changes) -> Line:
    """Return a line of the adult's job plan with nothing to find in it, or that with changes."""
    usual = {
        **{
            "person_id": "v",
            "source_plan": "job_plan",
            "life_area": "employment",
            "goal": "Et job",
            "owner": "Rådgiver",
        },
        **{"action": f"Samtale {line_id}", "start_date": date(2025, 5, 1), "due_date": date(2025, 8, 29)},
        **{"status": "active", "section": None, "hours_per_week": 1.0, "consent_scope": "employment"},
        **{"department": "employment", "measure_id": None, "measure_group": None, "is_live": True, "is_overdue": False},
        **{"legal_status": "statutory_plan", "statute_id": None, "duplicate": "no", "duplicate_of": None},
    }
    return Line(line_id=line_id, **{**usual, **changes})


GOAL = line(
    "mål", person_id=None, source_plan="family", life_area="family", goal="Ro om aftenen", action=None, due_date=None
)
CHILD = line("barn", person_id="b", source_plan="childs_plan", life_area="family", department="children")
MEASURE = line(
    "indsats",
    person_id="b",
    source_plan="case_system",
    life_area="family",
    department="children",
    goal=None,
    section="Barnets lov § 32",
    measure_id="m1",
    measure_group="preventive",
    legal_status="granted",
)
ADULT_PLAN = line("voksen", source_plan="adult_plan", life_area="social", department="adult_social")
CASE = ChildCase("b", "barnets_plan", date(2025, 1, 1), None, "open")
EXAMINATION = ChildCase("b", "boernefaglig_undersoegelse", date(2025, 2, 3), None, "open")
HELD = Meeting(date(2025, 5, 5), "network", "alle", (Agreement("Ringe til skolen", "Koordinator", date(2025, 6, 20)),))
COMING = Meeting(date(2025, 6, 24), "network", "Voksen 1, barn 1", ())
CALM = FamilyPlan(
    family_id="f",
    as_of=DAY,
    members=(Member("v", "adult", 1, 35), Member("b", "child", 1, 9)),
    lines=(GOAL, line("job"), CHILD, MEASURE),
    meetings=(HELD, COMING),
    cases=(CASE,),
    consent_date=date(2025, 4, 1),
    start_date=date(2025, 4, 2),
    coordinator_id="k1",
)


def codes(plan: FamilyPlan) -> set[str]:
    return {rule.code for rule, _ in find(plan, SETTINGS)}


def plus(*lines: Line, **changes) -> FamilyPlan:
    return replace(CALM, lines=(*CALM.lines, *lines), **changes)


def with_lines(**changed) -> FamilyPlan:
    """Return the calm plan with changes of lines by their ids."""
    lines = tuple(replace(one, **changed[one.line_id]) if one.line_id in changed else one for one in CALM.lines)
    return replace(CALM, lines=lines)


def meetings(*coming: Meeting, held: Meeting | None = HELD) -> FamilyPlan:
    return replace(CALM, meetings=(*([held] if held else []), *coming))


def aged(years: int | None, plan: FamilyPlan = CALM) -> FamilyPlan:
    return replace(plan, members=(plan.members[0], Member("b", "child", 1, years)))


def placed(start: date) -> FamilyPlan:
    plan = with_lines(indsats={"measure_group": "placement", "start_date": start})
    return replace(plan, cases=(EXAMINATION,), lines=tuple(one for one in plan.lines if one.line_id != "barn"))


def supported(start: date, **changes) -> FamilyPlan:
    plan = with_lines(indsats={"start_date": start})
    lines = tuple(one for one in plan.lines if one.line_id != "barn")
    return replace(plan, lines=lines, cases=(EXAMINATION,), **changes)


TWICE = {"duplicate": "duplicate", "duplicate_of": "job", "action": "Samtale job"}
TUESDAY = {"weekdays": ("tue",), "day_start": time(9), "day_end": time(11)}
#: Says yes for the whole family, given by the adult, from the first day.
SHARED = Consent("c2", "sharing", "v", None, ("children",), (), date(2025, 4, 1))
PROGRAMME = Consent("c1", "programme", from_date=date(2025, 4, 1))
GROWN = Member("s", "adult_child", 1, 19)
OF_GROWN = line("stor", person_id="s", consent_scope="employment,children")
#: What both parents say about the child's lines, and a family of two parents who both have custody.
BY_MOTHER = Consent("c3", "sharing", "v", "b", ("health",), (), date(2025, 4, 1))
BY_FATHER = Consent("c4", "sharing", "f", "b", ("health",), (), date(2025, 4, 1))
TWO_PARENTS = replace(
    CALM, members=(CALM.members[0], Member("f", "adult", 2, 36), replace(CALM.members[1], custody=("f", "v")))
)
YOUTH_PLAN = line("ung", person_id="b", source_plan="youth_plan", life_area="education", department="children")
#: Rule: a plan it speaks about, and a plan just short of that.
PAIRS = {
    "no_consent": (replace(CALM, consent_date=None), CALM),
    "consent_after_start": (replace(CALM, consent_date=date(2025, 4, 3)), replace(CALM, consent_date=date(2025, 4, 2))),
    "no_own_goals": (replace(CALM, lines=CALM.lines[1:]), CALM),
    "no_child_named": (replace(CALM, lines=CALM.lines[:2]), replace(CALM, lines=CALM.lines[:3])),
    "no_coordinator": (replace(CALM, coordinator_id=None), CALM),
    "hours_above_limit": (plus(line("a", hours_per_week=36.5)), plus(line("a", hours_per_week=36.0))),
    "full_time_beside_treatment": (
        plus(line("a", hours_per_week=30.0), line("b1", life_area="health", hours_per_week=5.0)),
        plus(line("a", hours_per_week=30.0), line("b1", life_area="health", hours_per_week=4.9)),
    ),
    "clashing_hours": (
        plus(line("a", **TUESDAY), line("c", action="Kursus tirsdag kl. 10-12")),
        plus(line("a", **TUESDAY), line("c", action="Kursus tirsdag kl. 11-12")),
    ),
    "action_in_school_hours": (
        plus(replace(CHILD, line_id="x", action="Samtale onsdag kl. 13-14")),
        plus(replace(CHILD, line_id="x", action="Samtale onsdag kl. 14-15")),
    ),
    "too_many_actions_person": (plus(*(line(f"a{i}") for i in range(8))), plus(*(line(f"a{i}") for i in range(7)))),
    "too_many_actions_family": (plus(*(line(f"a{i}") for i in range(6))), plus(*(line(f"a{i}") for i in range(5)))),
    "same_action_twice": (plus(line("a", **TWICE)), plus(line("a", **{**TWICE, "duplicate": "possible"}))),
    "perhaps_same_action": (plus(line("a", **{**TWICE, "duplicate": "possible"})), plus(line("a", **TWICE))),
    "same_action_other_dates": (
        plus(line("a", **TWICE, due_date=date(2025, 8, 28))),
        plus(line("a", **TWICE, due_date=date(2025, 8, 29))),
    ),
    "dates_reversed": (
        with_lines(job={"due_date": date(2025, 4, 30)}),
        with_lines(job={"due_date": date(2025, 5, 1)}),
    ),
    "goal_without_action": (with_lines(job={"action": None}), CALM),
    "action_without_goal": (with_lines(job={"goal": None}), with_lines(indsats={"goal": None})),
    "action_without_owner": (with_lines(job={"owner": None}), with_lines(mål={"owner": None})),
    "action_without_date": (with_lines(job={"due_date": None}), with_lines(job={"action": None, "due_date": None})),
    "action_overdue": (with_lines(job={"is_overdue": True}), with_lines(job={"is_overdue": True, "is_live": False})),
    "measure_after_case_closed": (
        replace(CALM, cases=(replace(CASE, status="closed"),)),
        replace(CALM, cases=(replace(CASE, status="closed"), EXAMINATION)),
    ),
    "measure_without_case": (replace(CALM, cases=()), CALM),
    "measure_without_section": (with_lines(indsats={"legal_status": "not_stated", "section": None}), CALM),
    "section_of_earlier_act": (
        with_lines(indsats={"section": "Serviceloven § 52, stk. 3"}),
        with_lines(indsats={"section": "Serviceloven § 52, nu barnets lov § 32"}),
    ),
    "measure_without_end": (with_lines(indsats={"due_date": None}), CALM),
    "examination_late": (
        replace(CALM, cases=(replace(EXAMINATION, start_date=date(2025, 2, 1)),)),
        replace(CALM, cases=(replace(EXAMINATION, start_date=date(2025, 2, 2)),)),
    ),
    "childs_plan_missing": (placed(date(2025, 3, 1)), placed(date(2025, 3, 2))),
    "childs_plan_not_seen": (supported(date(2025, 3, 1)), supported(date(2025, 3, 2))),
    "childs_plan_without_goals": (with_lines(barn={"goal": None}), plus(replace(CHILD, line_id="x", goal=None))),
    "youth_plan_without_goals": (plus(replace(YOUTH_PLAN, goal=None)), plus(YOUTH_PLAN)),
    "shared_by_another": (
        plus(OF_GROWN, members=(*CALM.members, GROWN), consents=(PROGRAMME, SHARED)),
        plus(OF_GROWN, members=(*CALM.members, GROWN), consents=(PROGRAMME, SHARED, replace(SHARED, given_by="s"))),
    ),
    "sharing_disputed": (
        replace(TWO_PARENTS, consents=(PROGRAMME, BY_MOTHER, replace(BY_FATHER, withdrawn_date=DAY))),
        replace(TWO_PARENTS, consents=(PROGRAMME, BY_MOTHER, replace(BY_FATHER, to_date=date(2025, 5, 31)))),
    ),
    "custody_not_known": (
        replace(CALM, consents=(PROGRAMME, BY_MOTHER)),
        replace(CALM, members=(CALM.members[0], TWO_PARENTS.members[2]), consents=(PROGRAMME, BY_MOTHER)),
    ),
    "shared_for_young": (
        aged(15, replace(CALM, consents=(PROGRAMME, BY_MOTHER))),
        aged(14, replace(CALM, consents=(PROGRAMME, BY_MOTHER))),
    ),
    "adult_plan_without_purpose": (plus(replace(ADULT_PLAN, goal=None)), plus(ADULT_PLAN)),
    "adult_plan_without_effort": (plus(replace(ADULT_PLAN, action=None)), plus(ADULT_PLAN)),
    "adult_plan_without_length": (plus(replace(ADULT_PLAN, due_date=None)), plus(ADULT_PLAN)),
    "own_consent_placement": (aged(15, placed(date(2025, 5, 1))), aged(14, placed(date(2025, 5, 1)))),
    "agreement_past_date": (
        meetings(held=replace(HELD, agreements=(Agreement("x", "y", date(2025, 6, 1)),))),
        meetings(held=replace(HELD, agreements=(Agreement("x", "y", DAY),))),
    ),
    "agreement_incomplete": (
        meetings(held=replace(HELD, agreements=(Agreement("x", None, DAY),))),
        meetings(held=replace(HELD, agreements=(Agreement("x", "y", DAY),))),
    ),
    "no_network_meeting": (meetings(COMING, held=None), meetings(held=replace(HELD, kind="start"))),
    "meeting_in_school_hours": (
        meetings(replace(COMING, start_time=time(13, 30), end_time=time(15))),
        meetings(replace(COMING, start_time=time(14), end_time=time(15))),
    ),
    "meeting_on_day_off": (
        meetings(replace(COMING, held_date=date(2025, 6, 9))),  # Whit Monday
        meetings(replace(COMING, held_date=date(2025, 6, 10))),
    ),
    "meetings_same_day": (
        meetings(COMING, replace(COMING, kind="status")),
        meetings(COMING, replace(COMING, kind="status", held_date=date(2025, 6, 25))),
    ),
    "network_meeting_overdue": (
        meetings(held=replace(HELD, held_date=date(2025, 3, 1))),
        meetings(held=replace(HELD, held_date=date(2025, 3, 2))),
    ),
    "person_outside_family": (with_lines(job={"person_id": "fremmed"}), with_lines(job={"person_id": None})),
    "nobody_may_see": (with_lines(job={"consent_scope": " "}), with_lines(indsats={"consent_scope": None})),
}


def test_every_rule_has_a_pair():
    assert set(PAIRS) == {rule.code for rule in RULES}


def test_the_calm_plan_leaves_nothing_to_settle():
    assert codes(CALM) == set()


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_speaks_where_it_should_and_is_silent_just_short_of_it(code):
    positive, near_miss = PAIRS[code]
    assert code in codes(positive)
    assert code not in codes(near_miss)


@pytest.mark.parametrize(
    ("participants", "is_found"),
    [
        ("Barn 1, koordinator", True),
        (None, True),
        ("Familien, koordinator", True),
        ("The family and the coordinator", True),
        ("Voksen 1, koordinator", False),
        ("Voksen 1, familiebehandler", False),
    ],
)
def test_a_meeting_takes_a_child_out_of_school_only_where_a_child_is_asked(participants, is_found):
    coming = replace(COMING, start_time=time(10), participants=participants)
    assert ("meeting_in_school_hours" in codes(meetings(coming))) == is_found


@pytest.mark.parametrize(("years", "is_found"), [(5, False), (6, True), (15, True), (16, False), (None, False)])
def test_school_hours_count_for_pupils_alone(years, is_found):
    plan = plus(replace(CHILD, line_id="x", action="Samtale onsdag kl. 10"))
    assert ("action_in_school_hours" in codes(aged(years, plan))) == is_found


def test_hours_of_two_persons_or_two_periods_do_not_clash():
    first = line("a", **TUESDAY)
    assert "clashing_hours" not in codes(plus(first, line("c", person_id="b", **TUESDAY)))
    assert "clashing_hours" not in codes(plus(first, line("c", start_date=date(2025, 9, 1), due_date=None, **TUESDAY)))
    assert "clashing_hours" in codes(plus(first, line("c", start_date=None, due_date=None, **TUESDAY)))


def test_an_agreement_that_is_done_leaves_nothing_to_settle():
    late = Agreement("x", None, date(2025, 6, 1))
    assert {"agreement_past_date", "agreement_incomplete"} <= codes(meetings(held=replace(HELD, agreements=(late,))))
    done = replace(late, is_done=True)
    assert not {"agreement_past_date", "agreement_incomplete"} & codes(meetings(held=replace(HELD, agreements=(done,))))
    dates = plan_dates(meetings(held=replace(HELD, agreements=(done,))), SETTINGS)
    assert not [item for item in dates if item.kind == "agreement"]


def test_a_review_that_is_written_down_comes_before_the_counted_one():
    assert next_review(CALM, 6) == date(2025, 10, 2)
    assert next_review(replace(CALM, review_dates=(date(2025, 5, 1), date(2025, 8, 1))), 6) == date(2025, 8, 1)
    assert next_review(replace(CALM, review_dates=(date(2025, 5, 1),)), 6) == date(2025, 10, 2)


def test_hours_of_actions_that_never_run_together_are_not_added_up():
    first = line("a", hours_per_week=25.0, due_date=date(2025, 6, 30))
    then = line("b", hours_per_week=25.0, start_date=date(2025, 7, 1), due_date=date(2025, 12, 31), status="planned")
    assert "hours_above_limit" not in codes(plus(first, then))
    overlapping = replace(then, start_date=date(2025, 6, 30))
    assert "hours_above_limit" in codes(plus(first, overlapping))
    # Past its date and still live: nobody knows when it ends.
    late = replace(first, due_date=date(2025, 5, 30), is_overdue=True)
    found = [one for rule, one in find(plus(late, then), SETTINGS) if rule.code == "hours_above_limit"]
    assert [one.amount for one in found] == [51.0]  # with the calm plan's own hour


def test_treatment_past_its_date_that_still_runs_clashes_with_full_time_activation():
    treatment = line("t", life_area="health", hours_per_week=10.0, start_date=date(2025, 1, 6))
    full = line("f", hours_per_week=37.0, start_date=date(2025, 5, 5))
    ended = replace(treatment, due_date=date(2025, 4, 30))
    assert "full_time_beside_treatment" in codes(plus(replace(ended, is_overdue=True), full))
    assert "full_time_beside_treatment" not in codes(plus(replace(ended, status="done", is_live=False), full))
    assert "full_time_beside_treatment" not in codes(
        plus(replace(treatment, due_date=date(2025, 6, 30)), replace(full, start_date=date(2025, 7, 1)))
    )


@pytest.mark.parametrize(
    ("participants", "asks_children"),
    [
        ("mor, børnerådgiver, ungekonsulent", False),
        ("mor, familierådgiver, børnefaglig konsulent", False),
        ("mor og søn", True),
        ("hele familien", True),
        ("alle", True),
        ("the whole family", True),
        ("mother, family adviser", False),
    ],
)
def test_a_meeting_with_professionals_for_children_takes_no_child_out_of_school(participants, asks_children):
    coming = replace(COMING, participants=participants, start_time=time(10), end_time=time(11))
    assert ("meeting_in_school_hours" in codes(meetings(coming))) is asks_children


def test_a_meeting_that_comes_again_has_a_next_time_and_is_not_overdue():
    every_12_weeks = replace(HELD, held_date=date(2025, 1, 7), repeats_weeks=12)
    plan = meetings(held=every_12_weeks)
    # 7 January and twice 12 weeks: 1 April and 24 June 2025.
    assert plan.next_meeting.held_date == date(2025, 6, 24)
    assert "network_meeting_overdue" not in codes(plan)
    ended = replace(plan, fade_out=FadeOut(to_date=date(2025, 6, 23)))
    assert ended.next_meeting is None and "network_meeting_overdue" in codes(ended)


def test_an_own_consent_that_is_written_down_and_holds_is_not_asked_for():
    plan = aged(15, placed(date(2025, 5, 1)))
    own = Consent("c3", "own", "b", "b", ("children",), (), date(2025, 5, 1))
    assert "own_consent_placement" in codes(plan)
    assert "own_consent_placement" not in codes(replace(plan, consents=(PROGRAMME, own)))
    assert "own_consent_placement" in codes(replace(plan, consents=(PROGRAMME, replace(own, withdrawn_date=DAY))))


def test_an_own_consent_is_given_by_nobody_else():
    plan = aged(15, placed(date(2025, 5, 1)))
    own = Consent("c3", "own", "b", "b", ("children",), (), date(2025, 5, 1))
    for other in (replace(own, given_by="v"), replace(own, given_by=None, about=None), replace(own, about="v")):
        assert "own_consent_placement" in codes(replace(plan, consents=(PROGRAMME, other)))
    assert "own_consent_placement" not in codes(replace(plan, consents=(PROGRAMME, replace(own, given_by=None))))


OCTOBER = "2025-10-11 – 2025-10-19"
SCHOOL = {
    "a camp in July, nothing stated": ("2025-07-07", "2025-07-11", "", "asked"),
    "a camp in July, holidays stated": ("2025-07-07", "2025-07-11", "2025-06-28 – 2025-08-10", "none"),
    "one day before the stated holidays": ("2025-06-27", "2025-07-11", "2025-06-28 – 2025-08-10", "found"),
    "into an ordinary week": ("2025-07-28", "2025-08-15", "", "found"),
    "week 42, nothing stated": ("2025-10-13", "2025-10-17", "", "asked"),
    "week 42, stated as closed": ("2025-10-13", "2025-10-17", OCTOBER, "none"),
    "week 42, stated as open": (
        "2025-10-13",
        "2025-10-17",
        "2025-06-28 – 2025-08-10; 2025-12-20 – 2026-01-04",
        "found",
    ),
    "the holidays stated are of another year": ("2026-07-06", "2026-07-10", "2025-06-28 – 2025-08-10", "asked"),
    "the Monday to Wednesday before Easter": ("2026-03-30", "2026-04-01", "", "asked"),
    "an ordinary week": ("2025-09-01", "2025-09-05", "", "found"),
    "the whole year": ("2025-06-01", "2026-06-01", OCTOBER, "found"),
    "without an end": ("2025-07-07", None, "2025-06-28 – 2025-08-10", "found"),
}


def school_findings(plan, holidays):
    settings = SETTINGS | {"plan.school_holidays": holidays}
    return [(rule, found) for rule, found in find(plan, settings) if rule.code.endswith("_in_school_hours")]


@pytest.mark.parametrize("case", SCHOOL)
def test_an_action_in_the_schools_holidays_takes_no_lesson(case):
    start, end, holidays, expected = SCHOOL[case]
    days = {"start_date": date.fromisoformat(start), "due_date": date.fromisoformat(end) if end else None}
    plan = plus(replace(CHILD, line_id="x", action="Lejr mandag-fredag kl. 9-14", **days))
    states = [("asked" if found.is_asked else "found") for _, found in school_findings(plan, holidays)]
    assert states == ([] if expected == "none" else [expected])


@pytest.mark.parametrize(
    ("day", "holidays", "expected"),
    [
        ("2025-07-15", "", "asked"),
        ("2025-07-15", "2025-06-28 – 2025-08-10", "none"),
        ("2025-06-24", "", "found"),
        ("2025-06-24", "2025-06-23 – 2025-08-10", "none"),
        ("2026-02-10", "", "asked"),  # week 7
        ("2026-02-10", "2026-02-14 – 2026-02-22; 2025-10-11 – 2025-10-19", "found"),  # closed in week 8 alone
        ("2026-02-24", "", "found"),
    ],
)
def test_a_meeting_in_the_schools_holidays_takes_no_lesson(day, holidays, expected):
    plan = meetings(replace(COMING, held_date=date.fromisoformat(day), start_time=time(10), participants="Familien"))
    found = school_findings(plan, holidays)
    assert [("asked" if one.is_asked else "found") for _, one in found] == ([] if expected == "none" else [expected])
    for rule, one in found:
        for lang, said in (("da", "hvis skolen har åbent"), ("en", "if the school is open")):
            assert (said in words(plan, rule, one, lang)["text"]) is (expected == "asked")
