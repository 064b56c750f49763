"""Check rules for registrations: WHO-5, functional level, SDQ, trust, ownership, leisure."""

import pandas as pd

from helhed.intake.rules.courses import course_of, days, is_not_enrolled, moved_out
from helhed.intake.rules.limits import ADULT_YEARS, JOB_FROM, YOUNG_TO
from helhed.intake.rules.rule import Rule
from helhed.tables import codes, scales

_TABLE = ("registration",)
_OVERALL = "Samlet funktionsniveau"
#: Ages from the instruments' own guides: WHO-5 from 9 years, SDQ 2-17 years and by the young themselves from 11.
WHO5_FROM, SDQ_FROM, SDQ_TO, SDQ_SELF_FROM = 9, 2, 18, 11
#: Own choices: from which age someone can answer at all, how soon a measurement is no new one, what is a large leap.
SELF_FROM, TRUST_FROM, SOON_DAYS, LEAP_POINTS, MOST_ALIKE = 7, 15, 14, 15, 6


def _is_domain(f: pd.DataFrame) -> pd.Series:
    return f["item"].isin([*codes()["adult_domain"], *codes()["child_domain"]])


def _only(mine: str, other: str) -> list[str]:
    return sorted(set(codes()[mine]) - set(codes()[other]))


def _in_limits(f: pd.DataFrame) -> pd.Series:
    low, high = (f["instrument"].map({name: limits[end] for name, limits in scales().items()}) for end in (0, 1))
    return f["value"].between(low, high)


def _is_whole(f: pd.DataFrame) -> pd.Series:
    return f["value"] % 1 == 0


def _age(m, f):
    return m.age(f["person_id"], f["registered_date"])


def _of(f: pd.DataFrame, *instruments: str) -> pd.Series:
    return f["instrument"].isin(instruments)


def _is_first(f: pd.DataFrame) -> pd.Series:
    """Return the first row of each measurement: what concerns all its items is said once."""
    return ~f.duplicated(["person_id", "registered_date", "instrument"])


def _n_items(f: pd.DataFrame) -> pd.Series:
    return f.groupby(["person_id", "registered_date", "instrument"])["item"].transform("nunique")


def _measured_again_soon(_m, f):
    measured = f[_is_first(f)].sort_values(["person_id", "instrument", "registered_date"], kind="stable")
    since = measured.groupby(["person_id", "instrument"])["registered_date"].diff()
    return (since < days(SOON_DAYS)).reindex(f.index, fill_value=False)


def _all_alike(_m, f):
    values = f.groupby(["person_id", "registered_date", "instrument"])["value"].transform("nunique")
    is_long = _of(f, "functional_level") & (_n_items(f) >= MOST_ALIKE)
    return is_long & (values == 1) & _is_first(f)


def _without_overall(_m, f):
    keys = ["person_id", "registered_date"]
    level = f[_of(f, "functional_level")]
    has_overall = (level["item"] == _OVERALL).groupby([level[key] for key in keys]).transform("any")
    return (~has_overall & _is_first(level)).reindex(f.index, fill_value=False)


def _leaps(_m, f):
    who5 = f[_of(f, "who5")]
    scores = who5.groupby(["person_id", "registered_date"])["value"].agg(["sum", "size"]).reset_index()
    scores = scores[scores["size"] == 5]
    change = scores.groupby("person_id")["sum"].diff().abs()
    leaps = scores[change >= LEAP_POINTS][["person_id", "registered_date"]]
    is_leap = pd.MultiIndex.from_frame(f[["person_id", "registered_date"]]).isin(pd.MultiIndex.from_frame(leaps))
    return pd.Series(is_leap, index=f.index) & _of(f, "who5") & _is_first(f)


def _before_course(m, f):
    window = days(m.profile["monitoring.start_window_days"])
    return (f["registered_date"] < course_of(m, f["person_id"], "start_date") - window) & _is_first(f)


def _after_course(m, f):
    window = days(m.profile["monitoring.start_window_days"])
    return (f["registered_date"] > course_of(m, f["person_id"], "exit_date") + window) & _is_first(f)


def _without_course(m, f):
    return is_not_enrolled(m, f["person_id"]) & _is_first(f)


REGISTRATION_RULES: tuple[Rule, ...] = (
    Rule("outside_instrument", "should_fix", _TABLE, "value", lambda m, f: ~_in_limits(f), why="scales"),
    Rule("no_whole_number", "should_fix", _TABLE, "value", lambda m, f: _in_limits(f) & ~_is_whole(f), why="scales"),
    Rule(
        "unknown_who5_item",
        "should_fix",
        _TABLE,
        "item",
        lambda m, f: _of(f, "who5") & ~f["item"].isin(["1", "2", "3", "4", "5"]),
        why="who5_items",
        source="who5-inspq",
    ),
    Rule(
        "unknown_domain",
        "should_fix",
        _TABLE,
        "item",
        lambda m, f: _of(f, "functional_level") & ~_is_domain(f),
        why="levels",
    ),
    Rule(
        "incomplete_who5",
        "note",
        _TABLE,
        "item",
        lambda m, f: _of(f, "who5") & (_n_items(f) < 5),
        why="who5_items",
        source="who5-inspq",
    ),
    Rule("no_overall_level", "note", _TABLE, "item", _without_overall, why="levels"),
    Rule(
        "adult_domain_of_child",
        "should_fix",
        _TABLE,
        "item",
        lambda m, f: (
            _of(f, "functional_level")
            & f["item"].isin(_only("adult_domain", "child_domain"))
            & (_age(m, f) < ADULT_YEARS)
        ),
        why="domains",
    ),
    Rule(
        "child_domain_of_adult",
        "should_fix",
        _TABLE,
        "item",
        lambda m, f: (
            _of(f, "functional_level")
            & f["item"].isin(_only("child_domain", "adult_domain"))
            & (_age(m, f) >= YOUNG_TO)
        ),
        why="domains",
        limits={"years": YOUNG_TO},
    ),
    Rule(
        "who5_of_small_child",
        "should_fix",
        _TABLE,
        "instrument",
        lambda m, f: _of(f, "who5") & (_age(m, f) < WHO5_FROM),
        why="who5_ages",
        source="who5-inspq",
        limits={"years": WHO5_FROM},
    ),
    Rule(
        "who5_not_by_self",
        "should_fix",
        _TABLE,
        "rated_by",
        lambda m, f: _of(f, "who5") & (f["rated_by"] != "self") & _is_first(f),
        why="who5_items",
        source="who5-inspq",
    ),
    Rule(
        "sdq_outside_ages",
        "should_fix",
        _TABLE,
        "instrument",
        lambda m, f: _of(f, "sdq_total") & ((_age(m, f) < SDQ_FROM) | (_age(m, f) >= SDQ_TO)),
        why="sdq_ages",
        limits={"first": SDQ_FROM, "last": SDQ_TO - 1},
    ),
    Rule(
        "sdq_by_small_child",
        "should_fix",
        _TABLE,
        "rated_by",
        lambda m, f: _of(f, "sdq_total") & (f["rated_by"] == "self") & (_age(m, f) < SDQ_SELF_FROM),
        why="sdq_ages",
        limits={"years": SDQ_SELF_FROM},
    ),
    Rule(
        "self_by_small_child",
        "should_fix",
        _TABLE,
        "rated_by",
        lambda m, f: (f["rated_by"] == "self") & (_age(m, f) < SELF_FROM) & ~_of(f, "who5", "sdq_total"),
        why="own_choice",
        limits={"years": SELF_FROM},
    ),
    Rule(
        "level_by_self",
        "note",
        _TABLE,
        "rated_by",
        lambda m, f: _of(f, "functional_level") & (f["rated_by"] != "professional") & _is_first(f),
        why="who_rated",
    ),
    Rule(
        "trust_of_child",
        "note",
        _TABLE,
        "instrument",
        lambda m, f: _of(f, "trust", "ownership") & (_age(m, f) < TRUST_FROM),
        why="own_choice",
        limits={"years": TRUST_FROM},
    ),
    Rule(
        "trust_by_professional",
        "should_fix",
        _TABLE,
        "rated_by",
        lambda m, f: _of(f, "trust", "ownership") & (f["rated_by"] == "professional"),
        why="who_rated",
    ),
    Rule(
        "leisure_of_adult",
        "should_fix",
        _TABLE,
        "instrument",
        lambda m, f: _of(f, "leisure", "leisure_job") & (_age(m, f) >= ADULT_YEARS),
        why="leisure_children",
    ),
    Rule(
        "registered_job_under_13",
        "should_fix",
        _TABLE,
        "value",
        lambda m, f: _of(f, "leisure_job") & (f["value"] > 0) & (_age(m, f) < JOB_FROM),
        why="job_age",
        source="fritidsjob",
        limits={"years": JOB_FROM},
    ),
    Rule(
        "registered_before_birth",
        "should_fix",
        _TABLE,
        "registered_date",
        lambda m, f: f["registered_date"] < m.born(f["person_id"]),
        why="wrong_person",
    ),
    Rule(
        "registered_after_period",
        "note",
        _TABLE,
        "registered_date",
        lambda m, f: f["registered_date"] > m.last_day,
        why="period",
    ),
    Rule("registered_before_course", "note", _TABLE, "registered_date", _before_course, why="start_window"),
    Rule("registered_after_exit", "note", _TABLE, "registered_date", _after_course, why="after_exit"),
    Rule("registered_outside_course", "should_fix", _TABLE, "person_id", _without_course, why="enrolled_only"),
    Rule(
        "registered_after_move",
        "should_fix",
        _TABLE,
        "registered_date",
        lambda m, f: (f["registered_date"] > moved_out(m, f["person_id"])) & _is_first(f),
        why="wrong_person",
    ),
    Rule(
        "measured_again_soon",
        "note",
        _TABLE,
        "registered_date",
        _measured_again_soon,
        why="own_choice",
        limits={"days": SOON_DAYS},
    ),
    Rule("all_levels_alike", "note", _TABLE, "value", _all_alike, why="own_choice", limits={"items": MOST_ALIKE}),
    Rule("who5_leaps", "note", _TABLE, "value", _leaps, why="own_choice", limits={"points": 4 * LEAP_POINTS}),
)
