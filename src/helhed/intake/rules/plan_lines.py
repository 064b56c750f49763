"""Check rules for plan lines as written in the workbook; what a plan holds is for the findings of the plan step."""

import pandas as pd

from helhed.intake.rules.courses import course_of, days, home_of, is_not_enrolled, is_unplaced, moved_out
from helhed.intake.rules.limits import ADULT_YEARS, BARNETS_LOV, BARNETS_LOV_YEARS, YOUNG_TO
from helhed.intake.rules.rule import Rule
from helhed.tables import DEPARTMENT_OF_PLAN

_TABLE = ("plan_line",)
#: Own choices: a line planned this long ago should be under way; a line this long is hardly one action.
LATE_DAYS, LONG_DAYS = 60, 3 * 366


def _is_live(f):
    return f["status"].isin(["planned", "active"])


def _age(m, f):
    return m.age(f["person_id"], f["start_date"].fillna(m.last_day))


def _of_other_family(m, f):
    home = home_of(m, f["contact_id"])
    return f["person_id"].notna() & home.notna() & (home_of(m, f["person_id"]) != home)


def _without_course(m, f):
    return is_not_enrolled(m, f["contact_id"])


def _owner_cannot_see(_m, f):
    owner = f["source_plan"].map(DEPARTMENT_OF_PLAN)
    scopes = f["consent_scope"].str.split(",")
    can_see = [isinstance(scope, list) and who in scope for who, scope in zip(owner, scopes, strict=True)]
    return owner.notna() & f["consent_scope"].notna() & ~pd.Series(can_see, index=f.index, dtype=bool)


def _law_without_name(_m, f):
    return f["section"].str.match(r"^\s*(§|par\b|[0-9])", case=False)


PLAN_LINE_RULES: tuple[Rule, ...] = (
    Rule(
        "contact_without_family",
        "should_fix",
        _TABLE,
        "contact_id",
        lambda m, f: is_unplaced(m, f["contact_id"]),
        why="links",
    ),
    Rule(
        "due_before_start",
        "should_fix",
        _TABLE,
        "due_date",
        lambda m, f: f["due_date"] < f["start_date"],
        needs=("start_date",),
        why="impossible",
    ),
    Rule("person_of_other_family", "should_fix", _TABLE, "person_id", _of_other_family, why="wrong_person"),
    Rule(
        "line_without_text",
        "should_fix",
        _TABLE,
        "action",
        lambda m, f: f["goal"].isna() & f["action"].isna(),
        needs=("goal",),
        why="line_text",
    ),
    Rule(
        "active_before_start",
        "should_fix",
        _TABLE,
        "start_date",
        lambda m, f: (f["status"] == "active") & (f["start_date"] > m.last_day),
        why="impossible",
    ),
    Rule(
        "done_before_start",
        "should_fix",
        _TABLE,
        "start_date",
        lambda m, f: (f["status"] == "done") & (f["start_date"] > m.last_day),
        why="impossible",
    ),
    Rule(
        "planned_but_due",
        "note",
        _TABLE,
        "status",
        lambda m, f: (f["status"] == "planned") & (m.last_day - f["start_date"] > days(LATE_DAYS)),
        needs=("start_date",),
        why="own_choice",
        limits={"days": LATE_DAYS},
    ),
    Rule(
        "very_long_line",
        "note",
        _TABLE,
        "due_date",
        lambda m, f: f["due_date"] - f["start_date"] > days(LONG_DAYS),
        needs=("start_date",),
        why="own_choice",
        limits={"years": LONG_DAYS // 366},
    ),
    Rule(
        "line_without_start",
        "note",
        _TABLE,
        "start_date",
        lambda m, f: _is_live(f) & f["start_date"].isna(),
        why="line_dates",
    ),
    Rule(
        "job_plan_without_hours",
        "note",
        _TABLE,
        "hours_per_week",
        lambda m, f: (f["source_plan"] == "job_plan") & (f["status"] == "active") & ~(f["hours_per_week"] > 0),
        why="line_hours",
    ),
    Rule(
        "childs_plan_of_adult",
        "should_fix",
        _TABLE,
        "person_id",
        lambda m, f: f["source_plan"].isin(["childs_plan", "youth_plan"]) & (_age(m, f) >= YOUNG_TO),
        needs=("start_date",),
        why="young_to",
        limits={"years": YOUNG_TO},
    ),
    Rule(
        "job_plan_of_child",
        "should_fix",
        _TABLE,
        "person_id",
        lambda m, f: (f["source_plan"] == "job_plan") & (_age(m, f) < m.profile["data.benefit_min_age_years"]),
        needs=("start_date",),
        why="benefit_age",
    ),
    Rule(
        "adult_plan_of_child",
        "should_fix",
        _TABLE,
        "person_id",
        lambda m, f: (f["source_plan"] == "adult_plan") & (_age(m, f) < ADULT_YEARS),
        needs=("start_date",),
        why="adult_plan",
    ),
    Rule(
        "sector_line_without_person",
        "note",
        _TABLE,
        "person_id",
        lambda m, f: f["person_id"].isna() & ~f["source_plan"].isin(["family", "housing"]),
        why="line_person",
    ),
    Rule("line_outside_course", "should_fix", _TABLE, "contact_id", _without_course, why="enrolled_only"),
    Rule(
        "live_line_after_exit",
        "note",
        _TABLE,
        "status",
        lambda m, f: _is_live(f) & (course_of(m, f["contact_id"], "exit_date") <= m.last_day),
        why="plan_now",
    ),
    Rule(
        "live_line_of_moved",
        "note",
        _TABLE,
        "status",
        lambda m, f: _is_live(f) & (moved_out(m, f["person_id"]) <= m.last_day),
        needs=("person_id",),
        why="plan_now",
    ),
    Rule("plan_hidden_from_owner", "note", _TABLE, "consent_scope", _owner_cannot_see, why="consent_scope"),
    Rule("line_section_without_law", "note", _TABLE, "section", _law_without_name, why="sections"),
    Rule(
        "old_law_for_child",
        "should_fix",
        _TABLE,
        "section",
        lambda m, f: (
            (f["source_plan"] == "childs_plan")
            & f["section"].str.contains("service", case=False).astype("boolean").fillna(False)
            & (f["start_date"] >= BARNETS_LOV)
        ),
        needs=("start_date",),
        years=BARNETS_LOV_YEARS,
        why="childrens_act",
        source="barnets-lov",
    ),
)
