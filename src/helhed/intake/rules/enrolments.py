"""Check rules for enrolments: the decision of the referral meeting, offer, consent, start and exit."""

import pandas as pd

from helhed.intake.rules.courses import days
from helhed.intake.rules.rule import Rule

_TABLE = ("enrolment",)
#: Own choices: how long a family may wait, how short a course may be, how short a reason.
LONG_WAIT_DAYS, SHORT_COURSE_DAYS, FEWEST_LETTERS = 90, 14, 5
#: Why a family that never began is no longer waited for.
_NEVER_BEGAN = ("declined", "withdrew", "moved")


def _says_nothing(_m, f):
    return f["decision_reason"].str.count(r"[^\W\d_]") < FEWEST_LETTERS


def _never_started(m, f):
    waited = m.last_day - f["consent_date"]
    is_waiting = f["start_date"].isna() & f["exit_date"].isna()
    return (f["decision"] == "include") & is_waiting & (waited > days(LONG_WAIT_DAYS))


def _never_answered(m, f):
    waited = m.last_day - f["offered_date"]
    is_open = f["consent_date"].isna() & f["start_date"].isna() & ~(f["exit_date"] >= f["offered_date"])
    return (f["decision"] == "include") & is_open & (waited > days(LONG_WAIT_DAYS))


ENROLMENT_RULES: tuple[Rule, ...] = (
    Rule(
        "started_without_consent",
        "should_fix",
        _TABLE,
        "consent_date",
        lambda m, f: f["start_date"].notna() & f["consent_date"].isna(),
        needs=("start_date",),
        why="consent",
    ),
    Rule(
        "consent_after_start",
        "should_fix",
        _TABLE,
        "consent_date",
        lambda m, f: f["consent_date"] > f["start_date"],
        needs=("start_date",),
        why="consent",
    ),
    Rule(
        "consent_before_offer",
        "note",
        _TABLE,
        "consent_date",
        lambda m, f: f["consent_date"] < f["offered_date"],
        needs=("offered_date",),
        why="course_order",
    ),
    Rule(
        "consent_in_future",
        "note",
        _TABLE,
        "consent_date",
        lambda m, f: f["consent_date"] > m.last_day,
        why="period",
    ),
    Rule(
        "started_before_offer",
        "should_fix",
        _TABLE,
        "start_date",
        lambda m, f: f["start_date"] < f["offered_date"],
        needs=("offered_date",),
        why="course_order",
    ),
    Rule("start_after_period", "note", _TABLE, "start_date", lambda m, f: f["start_date"] > m.last_day, why="period"),
    Rule(
        "started_before_project",
        "note",
        _TABLE,
        "start_date",
        lambda m, f: f["start_date"] < pd.Timestamp(m.profile["project.start_date"]),
        why="project_period",
    ),
    Rule(
        "long_wait_for_start",
        "note",
        _TABLE,
        "start_date",
        lambda m, f: f["start_date"] - f["consent_date"] > days(LONG_WAIT_DAYS),
        needs=("consent_date",),
        why="own_choice",
        limits={"days": LONG_WAIT_DAYS},
    ),
    Rule(
        "consent_never_used",
        "note",
        _TABLE,
        "consent_date",
        _never_started,
        needs=("start_date",),
        why="own_choice",
        limits={"days": LONG_WAIT_DAYS},
    ),
    Rule(
        "offered_without_date",
        "should_fix",
        _TABLE,
        "offered_date",
        lambda m, f: (f["decision"] == "include") & f["offered_date"].isna(),
        why="waiting",
    ),
    Rule(
        "all_on_one_day",
        "note",
        _TABLE,
        "consent_date",
        lambda m, f: (f["offered_date"] == f["consent_date"]) & (f["consent_date"] == f["start_date"]),
        needs=("offered_date", "start_date"),
        why="consent",
    ),
    Rule(
        "exit_before_start",
        "should_fix",
        _TABLE,
        "exit_date",
        lambda m, f: f["exit_date"] < f["start_date"],
        needs=("start_date",),
        why="impossible",
    ),
    Rule(
        "exit_without_start",
        "should_fix",
        _TABLE,
        "exit_date",
        lambda m, f: f["exit_date"].notna() & f["start_date"].isna() & ~f["exit_reason"].isin(_NEVER_BEGAN),
        needs=("start_date",),
        why="course_length",
    ),
    Rule(
        "exit_in_future",
        "note",
        _TABLE,
        "exit_date",
        lambda m, f: (f["exit_date"] > m.last_day) & f["start_date"].notna(),
        needs=("start_date",),
        why="period",
    ),
    Rule(
        "offered_again",
        "note",
        _TABLE,
        "exit_date",
        lambda m, f: (f["exit_date"] < f["offered_date"]) & f["start_date"].isna(),
        needs=("offered_date", "start_date"),
        why="course_order",
    ),
    Rule(
        "offer_never_answered",
        "note",
        _TABLE,
        "offered_date",
        _never_answered,
        needs=("consent_date", "start_date", "exit_date"),
        why="own_choice",
        limits={"days": LONG_WAIT_DAYS},
    ),
    Rule(
        "very_short_course",
        "note",
        _TABLE,
        "exit_date",
        lambda m, f: (f["exit_date"] - f["start_date"]).between(days(0), days(SHORT_COURSE_DAYS - 1)),
        needs=("start_date",),
        why="own_choice",
        limits={"days": SHORT_COURSE_DAYS},
    ),
    Rule(
        "exit_without_reason",
        "should_fix",
        _TABLE,
        "exit_reason",
        lambda m, f: f["exit_date"].notna() & f["exit_reason"].isna(),
        needs=("exit_date",),
        why="exit_reasons",
    ),
    Rule(
        "reason_without_exit",
        "should_fix",
        _TABLE,
        "exit_reason",
        lambda m, f: (
            f["exit_date"].isna()
            & f["exit_reason"].notna()
            & (f["start_date"].notna() | f["exit_reason"].isin(_NEVER_BEGAN))
        ),
        needs=("exit_date", "start_date"),
        why="still_taking_part",
    ),
    Rule(
        "no_after_yes",
        "should_fix",
        _TABLE,
        "exit_reason",
        lambda m, f: (f["exit_reason"] == "declined") & (f["consent_date"].notna() | f["start_date"].notna()),
        needs=("consent_date", "start_date"),
        why="exit_reasons",
    ),
    Rule(
        "started_against_decision",
        "should_fix",
        _TABLE,
        "decision",
        lambda m, f: f["start_date"].notna() & (f["decision"] == "exclude"),
        needs=("start_date",),
        why="decisions_fit",
    ),
    Rule(
        "started_from_waiting_list",
        "should_fix",
        _TABLE,
        "decision",
        lambda m, f: f["start_date"].notna() & f["decision"].isin(["reserve", "postpone"]),
        needs=("start_date",),
        why="decisions_fit",
    ),
    Rule(
        "decision_without_reason",
        "note",
        _TABLE,
        "decision_reason",
        lambda m, f: f["decision_reason"].isna(),
        why="decision_reason",
    ),
    Rule(
        "reason_says_nothing",
        "note",
        _TABLE,
        "decision_reason",
        _says_nothing,
        why="own_choice",
        limits={"letters": FEWEST_LETTERS},
    ),
)
