from dataclasses import replace
from datetime import date
from string import Formatter

import pandas as pd
import pytest

from helhed.plan.assembly import age_in_years, assemble_plans
from helhed.plan.deadlines import deadline_table, next_meeting_due, next_review, plan_dates, statutory_deadlines
from helhed.plan.example import EXAMPLE_DAY, example_tables, table_of
from helhed.plan.findings import RULES, find, finding_table, words
from helhed.plan.views import may_see
from helhed.plan.wording import phase
from helhed.profile import declared_entries
from helhed.texts import LANGUAGES, catalogue

SETTINGS = {key: entry.default for key, entry in declared_entries().items()}


def plan_of(**changes):
    """Return the example's plan with some tables replaced by rows, or changed by a function of the frame."""
    tables = example_tables()
    for name, change in changes.items():
        tables[name] = change(tables[name]) if callable(change) else table_of(name, change)
    return assemble_plans(tables, SETTINGS, EXAMPLE_DAY)["eksempel"]


def found(plan, settings=SETTINGS) -> dict[str, list]:
    by_code = {}
    for rule, finding in find(plan, settings):
        by_code.setdefault(rule.code, []).append(finding.line.line_id if finding.line else finding.person_id)
    return by_code


def setting(column, value, line_id=None):
    """Return a change of a frame: one column of one row, or of all rows."""

    def change(frame):
        frame = frame.copy()
        rows = frame.index if line_id is None else frame.index[frame.iloc[:, 0] == line_id]
        frame.loc[rows, column] = value
        return frame

    return change


def test_the_example_shows_what_its_lines_were_written_for():
    # Read from example.toml by hand: 30 + 9 + 2 = 41 hours for the adult; the contact person stands in l5 and m1;
    # l7 has a goal but no action, is past its date and lacks "may be seen by"; l6 has neither owner nor date; l8 is
    # past its date; the examination of the youngest began 15 January 2025 and was due 15 May 2025.
    assert found(plan_of()) == {
        "hours_above_limit": ["voksen"],
        "full_time_beside_treatment": ["l3"],
        "same_action_twice": ["eksempel-m1"],
        "goal_without_action": ["l7"],
        "action_without_owner": ["l6"],
        "action_without_date": ["l6"],
        "action_overdue": ["l7", "l8"],
        "measure_without_section": ["eksempel-m2"],
        "measure_without_end": ["eksempel-m2"],
        "examination_late": ["lille"],
        "agreement_past_date": [None],
        "agreement_incomplete": [None],
        "nobody_may_see": ["l7"],
    }


@pytest.mark.parametrize(
    ("code", "changes", "where"),
    [
        ("no_consent", {"enrolment": setting("consent_date", pd.NaT)}, [None]),
        ("consent_after_start", {"enrolment": setting("consent_date", pd.Timestamp(2025, 2, 1))}, [None]),
        ("no_own_goals", {"plan_line": lambda f: f[f["source_plan"] != "family"]}, [None]),
        ("no_coordinator", {"enrolment": setting("coordinator_id", None)}, [None]),
        (
            "no_child_named",
            {"plan_line": lambda f: f[f["person_id"] == "voksen"], "measure": lambda f: f.iloc[:0]},
            [None],
        ),
        ("perhaps_same_action", {"measure": setting("end_date", pd.NaT)}, None),
        ("action_without_goal", {"plan_line": setting("goal", None, "l3")}, ["l3"]),
        ("measure_after_case_closed", {"child_case": setting("status", "closed")}, ["eksempel-m1", "eksempel-m2"]),
        ("measure_without_case", {"child_case": lambda f: f.iloc[:0]}, ["eksempel-m1", "eksempel-m2"]),
        ("no_network_meeting", {"meeting": lambda f: f.iloc[:0]}, [None]),
        ("network_meeting_overdue", {"meeting": setting("meeting_date", pd.Timestamp(2025, 2, 1))}, [None]),
        ("person_outside_family", {"plan_line": setting("person_id", "stranger", "l3")}, ["l3"]),
    ],
)
def test_each_rule_finds_what_it_looks_for(code, changes, where):
    assert code not in found(plan_of())
    if where is None:
        # The measure now has no end, and the plan's own line has none either: whether they overlap cannot be told.
        changes = {**changes, "plan_line": setting("due_date", pd.NaT, "l5"), "measure": setting("start_date", pd.NaT)}
        where = ["eksempel-m1"]
    assert found(plan_of(**changes))[code] == where


def test_a_placed_child_without_a_plan_must_have_one_and_a_supported_child_may():
    def closed_plan(frame):
        return frame.assign(status="closed")

    lines = lambda f: f[f["source_plan"] != "childs_plan"]  # noqa: E731
    early = {"plan_line": lines, "child_case": closed_plan, "measure": setting("start_date", pd.Timestamp(2025, 1, 1))}
    assert found(plan_of(**early))["childs_plan_not_seen"] == ["barn", "lille"]
    placed = {
        **early,
        "measure": lambda f: f.assign(start_date=pd.Timestamp(2025, 1, 1), measure_group=["placement", "preventive"]),
    }
    assert found(plan_of(**placed))["childs_plan_missing"] == ["barn"]
    # Within three months nothing is late, and before the act came into force its deadline does not apply.
    for start in (pd.Timestamp(2025, 4, 1), pd.Timestamp(2023, 12, 1)):
        codes = found(
            plan_of(**{**placed, "measure": lambda f, s=start: f.assign(start_date=s, measure_group="placement")})
        )
        assert "childs_plan_missing" not in codes


def test_a_young_person_is_asked_from_the_age_of_15():
    def plan_with_birth(birth):
        return plan_of(
            measure=lambda f: f.assign(measure_group="placement"),
            person=lambda f: f.assign(birth_date=f["birth_date"].mask(f["person_id"] == "barn", birth)),
        )

    assert found(plan_with_birth(pd.Timestamp(2010, 6, 1)))["own_consent_placement"] == ["eksempel-m1"]
    assert "own_consent_placement" not in found(plan_with_birth(pd.Timestamp(2010, 7, 1)))
    assert "own_consent_placement" not in found(plan_with_birth(pd.NaT))
    later = {**SETTINGS, "plan.own_consent_years": 16}
    assert "own_consent_placement" not in found(plan_with_birth(pd.Timestamp(2010, 6, 1)), later)


@pytest.mark.parametrize(
    ("supported", "placed", "expected"),
    [
        # The example's day is 2 June 2025. Support counts as a decision whether to make a plan, never as a duty.
        # Placed 20 May: the plan is due 20 August, although the support began in February.
        (pd.Timestamp(2025, 2, 1), pd.Timestamp(2025, 5, 20), (date(2025, 8, 20), "ahead")),
        # Supported before the act came into force, placed 1 February 2025: due 1 May, and not there.
        (pd.Timestamp(2023, 5, 1), pd.Timestamp(2025, 2, 1), (date(2025, 5, 1), "passed")),
        # Placed before the act: only the support is covered, and whether it calls for a plan cannot be told.
        (pd.Timestamp(2025, 1, 1), pd.Timestamp(2023, 5, 1), (date(2025, 4, 1), "cannot_tell")),
        # The law covers neither.
        (pd.Timestamp(2023, 5, 1), pd.Timestamp(2023, 6, 1), None),
    ],
)
def test_the_childs_plan_is_due_after_the_placement_not_after_earlier_support(supported, placed, expected):
    plan = plan_of(
        plan_line=lambda f: f[f["source_plan"] != "childs_plan"],
        child_case=setting("status", "closed"),
        measure=lambda f: f.assign(
            person_id="barn",
            measure_group=["preventive", "placement"],
            start_date=[supported, placed],
            end_date=pd.NaT,
        ),
    )
    dues = [
        (d.due_date, d.state) for d in statutory_deadlines(plan) if (d.statute_id, d.person_id) == ("bl_91", "barn")
    ]
    assert dues == ([expected] if expected else [])
    assert ("childs_plan_missing" in found(plan)) == (expected is not None and expected[1] == "passed")


def test_limits_are_settings_and_what_stands_twice_counts_once():
    plan = plan_of()
    # Live actions of the family: l3 l4 l5 l6 l8 and m2; m1 repeats l5.
    assert len(plan.live_actions) == 6
    tight = {
        **SETTINGS,
        "plan.max_live_actions_family": 5,
        "plan.max_live_actions_person": 2,
        "plan.max_weekly_hours": 41,
    }
    codes = found(plan, tight)
    assert codes["too_many_actions_family"] == [None]
    assert codes["too_many_actions_person"] == ["voksen"]
    assert "hours_above_limit" not in codes
    assert "too_many_actions_family" not in found(plan, {**tight, "plan.max_live_actions_family": 6})


def test_treatment_at_another_time_is_no_clash_but_unknown_hours_are():
    later = setting("start_date", pd.Timestamp(2025, 9, 1), "l4")
    assert "full_time_beside_treatment" not in found(plan_of(plan_line=later))
    assert found(plan_of(plan_line=setting("hours_per_week", float("nan"), "l4")))["full_time_beside_treatment"] == [
        "l3"
    ]
    assert "full_time_beside_treatment" not in found(plan_of(plan_line=setting("hours_per_week", 4.0, "l4")))


def test_finding_table_holds_one_row_per_finding_and_no_words():
    plan = plan_of()
    table = finding_table({"eksempel": plan}, SETTINGS)
    assert list(table.columns) == ["family_id", "line_id", "person_id", "code", "severity", "amount"]
    assert len(table) == len(find(plan, SETTINGS))
    assert table.loc[table["code"] == "hours_above_limit", "amount"].tolist() == [41.0]
    assert len(finding_table({}, SETTINGS)) == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_speaks_both_languages_and_every_finding_can_be_said(lang):
    for rule in RULES:
        for part in ("rule", "finding", "question"):
            entry = catalogue()[f"plan.{part}_{rule.code}"]
            places = [{field for _, field, _, _ in Formatter().parse(entry[one]) if field} for one in LANGUAGES]
            assert places[0] == places[1], f"{part}_{rule.code}"
            assert entry["da"] != entry["en"]
    plan = plan_of()
    for rule, finding in find(plan, SETTINGS):
        said = words(plan, rule, finding, lang, profile=SETTINGS)
        assert all(said.values())
        assert "{" not in said["text"] + said["question"]
    assert len({rule.code for rule in RULES}) == len(RULES) >= 10


def test_names_are_used_when_they_are_known():
    plan = plan_of()
    rule, finding = next(pair for pair in find(plan, SETTINGS) if pair[0].code == "hours_above_limit")
    assert words(plan, rule, finding, "da", profile=SETTINGS)["text"].startswith("Voksen 1: planerne kræver")
    named = words(plan, rule, finding, "da", profile=SETTINGS, names={"voksen": "Anna"})
    assert named["text"] == "Anna: planerne kræver tilsammen mindst 41 timer om ugen. Grænsen er 37."


def test_deadlines_of_the_law_have_a_state():
    states = {(d.statute_id, d.person_id): (d.due_date, d.state) for d in statutory_deadlines(plan_of())}
    assert states == {
        ("bl_20", "lille"): (date(2025, 5, 15), "passed"),
        # The older child has an open case "barnets plan"; the youngest is within the three months.
        ("bl_91", "barn"): (date(2025, 6, 15), "met"),
        ("bl_91", "lille"): (date(2025, 7, 10), "ahead"),
        ("bl_95", "barn"): (date(2025, 6, 15), "ahead"),
        ("bl_95", "lille"): (date(2025, 7, 10), "ahead"),
    }


def test_reviews_and_meetings_come_at_fixed_distances():
    plan = plan_of()
    assert next_review(plan, 3) == date(2025, 7, 10)
    assert next_review(replace(plan, as_of=date(2025, 7, 10)), 3) == date(2025, 7, 10)
    assert next_review(replace(plan, as_of=date(2025, 7, 11)), 3) == date(2025, 10, 10)
    assert next_review(replace(plan, start_date=None), 3) is None
    assert next_meeting_due(plan, 3) == date(2025, 7, 3)
    assert next_meeting_due(replace(plan, meetings=()), 3) is None


def test_the_list_of_dates_keeps_what_is_overdue_and_what_lies_in_the_window():
    table = deadline_table({"eksempel": plan_of()}, {**SETTINGS, "plan.deadline_window_days": 30})
    # By 2 July: l7, l8, one agreement and the examination are past; one agreement and a follow-up are to come.
    assert table["due_date"].is_monotonic_increasing
    assert table["is_overdue"].tolist() == [True, True, True, True, False, False]
    assert table["kind"].tolist() == ["agreement", "action", "statute", "action", "statute", "agreement"]
    assert len(plan_dates(plan_of(), SETTINGS)) > len(table)
    assert len(deadline_table({}, SETTINGS)) == 0


def test_ages_and_phases():
    assert age_in_years(date(2010, 6, 1), date(2025, 6, 2)) == 15
    assert age_in_years(date(2010, 7, 1), date(2025, 6, 2)) == 14
    assert age_in_years(None, date(2025, 6, 2)) is None
    days = [date(2025, 1, 1), date(2025, 3, 1), date(2025, 9, 1), date(2025, 12, 1)]
    assert [phase(date(2025, 1, 1), day, [2, 6, 3])[0] for day in days] == ["start", "active", "fade_out", "over"]


def test_a_proposed_coordinator_fills_in_but_never_replaces():
    tables = example_tables()
    tables["assignment"] = pd.DataFrame({"family_id": ["eksempel"], "coordinator_id": ["k9"], "weight": [1.0]})
    assert assemble_plans(tables, SETTINGS, EXAMPLE_DAY)["eksempel"].coordinator_id == "koordinator 1"
    tables["enrolment"]["coordinator_id"] = None
    tables["enrolment"]["coordinator_id"] = tables["enrolment"]["coordinator_id"].astype("str")
    assert assemble_plans(tables, SETTINGS, EXAMPLE_DAY)["eksempel"].coordinator_id == "k9"


def test_a_department_sees_its_own_lines_and_those_it_is_named_for():
    plan = plan_of()
    lines = {line.line_id: line for line in plan.lines}
    assert may_see(plan, lines["l4"], "health") and not may_see(plan, lines["l4"], "employment")
    assert may_see(plan, lines["l5"], "school") and may_see(plan, lines["l5"], "children")
    # Nothing stated: only the department whose line it is.
    assert may_see(plan, lines["l7"], "housing") and not may_see(plan, lines["l7"], "children")
