"""Check rules for meetings with the family and what was agreed there."""

import pandas as pd

from helhed.intake.clashes import same_as
from helhed.intake.rules.courses import course_of, days, home_of, is_not_enrolled, moved_out
from helhed.intake.rules.rule import Rule

_TABLE = ("meeting",)
#: Own choices: a due date this far off, or this long after the family left, is hardly an agreement; nor are so many.
FAR_OFF_DAYS, AFTER_EXIT_DAYS, MOST_AGREEMENTS = 366, 31, 10
_FAMILY_WORDS = r"famili|foræld|mor\b|far\b|mødre|fædre|barn|børn|borger|datter|søn|parent|mother|father|child"


def _meeting(m, f) -> list[pd.Series]:
    """Return family and day: what marks one meeting, whose agreements may stand in several rows."""
    return [home_of(m, f["person_id"]), f["meeting_date"]]


def _is_first(m, f):
    home, day = _meeting(m, f)
    return ~pd.DataFrame({"home": home, "day": day, "kind": f["kind"]}).duplicated()


def _is_network(f):
    return f["kind"].isin(["network", "status"])


def _before_start(m, f):
    return _is_network(f) & (f["meeting_date"] < course_of(m, f["person_id"], "start_date")) & _is_first(m, f)


def _after_exit(m, f):
    return (f["meeting_date"] > course_of(m, f["person_id"], "exit_date")) & _is_first(m, f)


def _without_course(m, f):
    return is_not_enrolled(m, f["person_id"]) & _is_first(m, f)


def _nothing_agreed(m, f):
    # A row without person or date belongs to no meeting: nothing is said about it.
    has_none = f["agreement"].isna().groupby(_meeting(m, f)).transform("all").eq(True)
    return _is_network(f) & has_none & _is_first(m, f)


def _without_family(_m, f):
    # Small letters of the Danish alphabet: the words are looked for as they are written, in any case.
    names_family = f["participants"].str.contains(_FAMILY_WORDS, case=False, regex=True)
    return f["participants"].notna() & ~names_family.astype("boolean").fillna(False)


def _two_start_meetings(m, f):
    starts = f[f["kind"] == "start"]
    home = home_of(m, starts["person_id"])
    first = starts["meeting_date"].groupby(home).transform("min")
    return ((starts["meeting_date"] > first) & _is_first(m, starts)).reindex(f.index, fill_value=False)


def _too_many(m, f):
    n = f["agreement"].notna().groupby(_meeting(m, f)).transform("sum")
    return (n > MOST_AGREEMENTS) & _is_first(m, f)


MEETING_RULES: tuple[Rule, ...] = (
    Rule(
        "due_before_meeting",
        "should_fix",
        _TABLE,
        "due_date",
        lambda m, f: f["due_date"] < f["meeting_date"],
        why="impossible",
    ),
    Rule(
        "agreement_without_owner",
        "note",
        _TABLE,
        "owner",
        lambda m, f: f["agreement"].notna() & f["owner"].isna(),
        needs=("agreement",),
        why="agreements",
    ),
    Rule(
        "agreement_without_due",
        "note",
        _TABLE,
        "due_date",
        lambda m, f: f["agreement"].notna() & f["due_date"].isna(),
        needs=("agreement",),
        why="agreements",
    ),
    Rule(
        "due_without_agreement",
        "should_fix",
        _TABLE,
        "agreement",
        lambda m, f: f["agreement"].isna() & (f["due_date"].notna() | f["owner"].notna()),
        needs=("due_date", "owner"),
        why="agreements",
    ),
    Rule(
        "due_far_off",
        "note",
        _TABLE,
        "due_date",
        lambda m, f: f["due_date"] - f["meeting_date"] > days(FAR_OFF_DAYS),
        why="own_choice",
        limits={"days": FAR_OFF_DAYS},
    ),
    Rule(
        "due_after_exit",
        "note",
        _TABLE,
        "due_date",
        lambda m, f: f["due_date"] - course_of(m, f["person_id"], "exit_date") > days(AFTER_EXIT_DAYS),
        why="own_choice",
        limits={"days": AFTER_EXIT_DAYS},
    ),
    Rule("nothing_agreed", "note", _TABLE, "agreement", _nothing_agreed, why="agreements"),
    Rule(
        "too_many_agreements",
        "note",
        _TABLE,
        "agreement",
        _too_many,
        why="own_choice",
        limits={"most": MOST_AGREEMENTS},
    ),
    Rule(
        "no_participants",
        "note",
        _TABLE,
        "participants",
        lambda m, f: f["participants"].isna() & _is_first(m, f),
        why="family_at_the_table",
    ),
    Rule("meeting_without_family", "note", _TABLE, "participants", _without_family, why="family_at_the_table"),
    Rule(
        "meeting_after_period",
        "note",
        _TABLE,
        "meeting_date",
        lambda m, f: f["meeting_date"] > m.last_day,
        why="period",
    ),
    Rule("meeting_before_start", "note", _TABLE, "meeting_date", _before_start, why="meetings"),
    Rule("meeting_after_exit", "note", _TABLE, "meeting_date", _after_exit, why="meetings"),
    Rule("meeting_outside_course", "should_fix", _TABLE, "person_id", _without_course, why="enrolled_only"),
    Rule(
        "meeting_after_move",
        "should_fix",
        _TABLE,
        "meeting_date",
        lambda m, f: (f["meeting_date"] > moved_out(m, f["person_id"])) & _is_first(m, f),
        why="wrong_person",
    ),
    Rule(
        "meeting_at_weekend",
        "note",
        _TABLE,
        "meeting_date",
        lambda m, f: (f["meeting_date"].dt.day_of_week >= 5) & _is_first(m, f),
        why="unusual",
    ),
    Rule(
        "two_start_meetings",
        "note",
        _TABLE,
        "kind",
        _two_start_meetings,
        why="meetings",
        beside=same_as(lambda m, f: home_of(m, f["person_id"]).where(f["kind"] == "start")),
    ),
)
