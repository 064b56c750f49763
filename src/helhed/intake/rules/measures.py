"""Check rules for measures of all departments: dates, persons and placements."""

import pandas as pd

from helhed.intake.clashes import alike, at_same_time
from helhed.intake.rules.limits import ADULT_YEARS, BARNETS_LOV_YEARS, ONE_MONTH_YEARS, YOUNG_TO
from helhed.intake.rules.rule import Rule, overlaps

#: Departments whose measures are for adults.
_ADULT = ("employment", "adult_social", "housing")
_WORK_FROM = 15
_MOVED_DAYS = 92
_OPEN_YEARS = 5
_WAIT_DAYS = 365
_FAR = pd.Timestamp("2200-01-01")


def _placed(f: pd.DataFrame) -> pd.DataFrame:
    return f[f["measure_group"] == "placement"].dropna(subset=["person_id"])


def _placement_overlap(_m, f):
    return overlaps(_placed(f), "person_id").reindex(f.index, fill_value=False)


def _same_measure_overlaps(_m, f):
    others = f[f["measure_group"] != "placement"].dropna(subset=["person_id"])
    columns = ["person_id", "measure_type", "start_date", "end_date"]
    single = others.drop_duplicates(columns)
    same = overlaps(single.assign(same=single["person_id"] + "|" + single["measure_type"]), "same")
    return same.reindex(f.index, fill_value=False)


def _open_after_moving(m, f):
    left = m.of_person(f, "to_date")
    is_late = left + pd.Timedelta(days=_MOVED_DAYS) < m.last_day
    return f["end_date"].isna() & is_late & (f["start_date"] <= left)


def _open_past_23(m, f):
    until = (f["end_date"].fillna(m.last_day)).clip(upper=m.last_day)
    age = (until - m.of_person(f, "born")).dt.days / 365.25
    return (f["department"] == "children") & (age >= YOUNG_TO + ONE_MONTH_YEARS) & ~_starts_past_23(m, f)


def _starts_past_23(m, f):
    return (f["department"] == "children") & (m.age_in(f, "start_date") >= YOUNG_TO)


def _placed_as_adult(m, f):
    age = m.age_in(f, "start_date")
    return (f["measure_group"] == "placement") & (age >= ADULT_YEARS) & (age < YOUNG_TO)


def _long_open(m, f):
    is_old = f["start_date"] < m.last_day - pd.DateOffset(years=_OPEN_YEARS)
    return f["end_date"].isna() & is_old & (f["measure_group"] != "placement")


_MEASURE = ("measure",)

MEASURE_RULES: tuple[Rule, ...] = (
    Rule(
        "measure_ends_before_start",
        "should_fix",
        _MEASURE,
        "end_date",
        lambda m, f: f["end_date"] < f["start_date"],
        why="impossible",
    ),
    Rule(
        "measure_after_period", "note", _MEASURE, "start_date", lambda m, f: f["start_date"] > m.last_day, why="period"
    ),
    Rule(
        "measure_before_birth",
        "should_fix",
        _MEASURE,
        "start_date",
        lambda m, f: f["start_date"] < m.of_person(f, "born"),
        why="wrong_person",
    ),
    Rule(
        "same_measure_twice",
        "note",
        _MEASURE,
        "start_date",
        _same_measure_overlaps,
        why="twice",
        beside=at_same_time(alike("person_id", "measure_type")),
    ),
    Rule(
        "open_measure_for_years",
        "note",
        _MEASURE,
        "end_date",
        _long_open,
        limits={"limit": _OPEN_YEARS},
        why="own_choice",
    ),
    Rule(
        "measure_after_moving",
        "should_fix",
        _MEASURE,
        "start_date",
        lambda m, f: f["start_date"] > m.of_person(f, "to_date"),
        why="wrong_person",
    ),
    Rule(
        "open_measure_of_moved",
        "note",
        _MEASURE,
        "end_date",
        _open_after_moving,
        limits={"limit": _MOVED_DAYS},
        why="own_choice",
    ),
    # the case and the referral
    Rule(
        "measure_without_case",
        "should_fix",
        _MEASURE,
        "case_id",
        lambda m, f: ~m.is_known_case(f["case_id"]),
        why="links",
    ),
    Rule(
        "measure_before_case",
        "note",
        _MEASURE,
        "start_date",
        lambda m, f: f["start_date"] < m.case(f["case_id"], "start_date"),
        needs=("case_id",),
        why="unusual",
    ),
    Rule(
        "measure_open_on_closed_case",
        "should_fix",
        _MEASURE,
        "end_date",
        lambda m, f: f["end_date"].fillna(_FAR) > m.case(f["case_id"], "end_date"),
        needs=("case_id",),
        why="impossible",
    ),
    Rule("not_started", "note", _MEASURE, "start_date", lambda m, f: f["start_date"].isna(), why="complete"),
    Rule(
        "started_before_referral",
        "note",
        _MEASURE,
        "referred_date",
        lambda m, f: f["start_date"] < f["referred_date"],
        why="unusual",
    ),
    Rule(
        "long_wait",
        "note",
        _MEASURE,
        "referred_date",
        lambda m, f: (f["start_date"] - f["referred_date"]).dt.days > _WAIT_DAYS,
        limits={"limit": _WAIT_DAYS},
        why="own_choice",
    ),
    Rule(
        "never_started",
        "note",
        _MEASURE,
        "referred_date",
        lambda m, f: f["start_date"].isna() & ((m.last_day - f["referred_date"]).dt.days > _WAIT_DAYS),
        limits={"limit": _WAIT_DAYS},
        why="own_choice",
    ),
    # children and young people
    Rule(
        "measure_of_young_adult",
        "should_fix",
        _MEASURE,
        "start_date",
        _starts_past_23,
        limits={"limit": YOUNG_TO},
        why="law",
        source="youth-wiki",
    ),
    Rule(
        "measure_runs_past_23",
        "should_fix",
        _MEASURE,
        "end_date",
        _open_past_23,
        limits={"limit": YOUNG_TO},
        why="law",
        source="youth-wiki",
    ),
    Rule(
        "two_placements",
        "should_fix",
        _MEASURE,
        "start_date",
        _placement_overlap,
        why="twice",
        beside=at_same_time(lambda _m, f: _placed(f)["person_id"].reindex(f.index)),
    ),
    Rule(
        "placed_from_18",
        "note",
        _MEASURE,
        "start_date",
        _placed_as_adult,
        limits={"limit": ADULT_YEARS},
        why="unusual",
    ),
    Rule(
        "placed_one_day",
        "note",
        _MEASURE,
        "end_date",
        lambda m, f: (f["measure_group"] == "placement") & (f["end_date"] == f["start_date"]),
        why="unusual",
    ),
    # adults
    Rule(
        "adult_measure_of_child",
        "should_fix",
        _MEASURE,
        "start_date",
        lambda m, f: f["department"].isin(_ADULT) & (m.age_in(f, "start_date") < _WORK_FROM),
        limits={"limit": _WORK_FROM},
        why="wrong_person",
    ),
    Rule(
        "adult_support_of_minor",
        "note",
        _MEASURE,
        "start_date",
        lambda m, f: (
            (f["department"] == "adult_social")
            & m.age_in(f, "start_date").between(_WORK_FROM, ADULT_YEARS, inclusive="left")
        ),
        limits={"limit": ADULT_YEARS},
        why="law",
        source="lovforslag-barnets-lov",
        years=BARNETS_LOV_YEARS,
    ),
)
