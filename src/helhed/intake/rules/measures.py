"""Check rules for measures of all departments: dates, persons and placements."""

import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.clashes import alike, at_same_time
from helhed.intake.rules.rule import Rule, overlaps

#: Departments whose measures are for adults.
_ADULT = ("employment", "adult_social", "housing")
_WORK_FROM, _ADULT_YEARS, _YOUTH_SUPPORT_TO, _PENSION_AGE = 15, 18, 23, 67
_MOVED_DAYS = 92
_OPEN_YEARS = 5
_WAIT_DAYS = 365
#: Work practice is usually given for so many weeks and can be extended; it is long at twice the time.
_PRACTICE_WEEKS = 13
_FULL_TIME_HOURS = 37
#: An employment measure belongs to somebody with a benefit in some week near its start.
_BENEFIT_NEAR = pd.Timedelta(days=35)
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
    return (f["department"] == "children") & (age >= _YOUTH_SUPPORT_TO + 1 / 12) & ~_starts_past_23(m, f)


def _starts_past_23(m, f):
    return (f["department"] == "children") & (m.age_in(f, "start_date") >= _YOUTH_SUPPORT_TO)


def _placed_as_adult(m, f):
    age = m.age_in(f, "start_date")
    return (f["measure_group"] == "placement") & (age >= _ADULT_YEARS) & (age < _YOUTH_SUPPORT_TO)


def _long_open(m, f):
    is_old = f["start_date"] < m.last_day - pd.DateOffset(years=_OPEN_YEARS)
    return f["end_date"].isna() & is_old & (f["measure_group"] != "placement")


def _long_practice(m, f):
    until = f["end_date"].fillna(m.last_day)
    is_practice = f["measure_type"].str.contains("virksomhedspraktik", case=False)
    return is_practice & ((until - f["start_date"]).dt.days + 1 > 2 * _PRACTICE_WEEKS * 7)


def _without_benefit(m, f):
    weeks = m.table("benefit_week")
    work = f[f["department"] == "employment"].dropna(subset=["start_date"])
    near = work["start_date"].between(weeks["week"].min(), weeks["week"].max())
    work = work[near].sort_values("start_date")
    if work.empty:
        return pd.Series(False, index=f.index)
    paid = weeks.loc[is_among(weeks["person_id"], work["person_id"]), ["person_id", "week"]].sort_values("week")
    found = pd.merge_asof(
        work[["person_id", "start_date"]],
        paid,
        left_on="start_date",
        right_on="week",
        by="person_id",
        direction="nearest",
        tolerance=_BENEFIT_NEAR,
    )
    return pd.Series(f.index.isin(work.index[found["week"].isna().to_numpy()]), index=f.index)


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
        limits={"limit": _YOUTH_SUPPORT_TO},
        why="law",
        source="youth-wiki",
    ),
    Rule(
        "measure_runs_past_23",
        "should_fix",
        _MEASURE,
        "end_date",
        _open_past_23,
        limits={"limit": _YOUTH_SUPPORT_TO},
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
        limits={"limit": _ADULT_YEARS},
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
            & m.age_in(f, "start_date").between(_WORK_FROM, _ADULT_YEARS, inclusive="left")
        ),
        limits={"limit": _ADULT_YEARS},
        why="law",
        source="lovforslag-barnets-lov",
        years=(2024, None),
    ),
    Rule(
        "work_measure_of_pensioner",
        "note",
        _MEASURE,
        "start_date",
        lambda m, f: (f["department"] == "employment") & (m.age_in(f, "start_date") > _PENSION_AGE + 1 / 12),
        years=(2022, 2029),
        limits={"limit": _PENSION_AGE},
        why="law",
        source="pensionsloven",
    ),
    Rule(
        "work_measure_without_benefit",
        "note",
        _MEASURE,
        "start_date",
        _without_benefit,
        limits={"limit": _BENEFIT_NEAR.days},
        why="own_choice",
    ),
    Rule(
        "long_practice",
        "note",
        _MEASURE,
        "end_date",
        _long_practice,
        limits={"limit": 2 * _PRACTICE_WEEKS, "usual": _PRACTICE_WEEKS},
        why="own_choice",
        source="virksomhedspraktik",
    ),
    Rule(
        "over_full_time",
        "should_fix",
        _MEASURE,
        "hours_per_week",
        lambda m, f: f["hours_per_week"] > _FULL_TIME_HOURS,
        limits={"limit": _FULL_TIME_HOURS},
        why="own_choice",
    ),
    Rule(
        "measure_without_hours",
        "note",
        _MEASURE,
        "hours_per_week",
        lambda m, f: f["hours_per_week"] == 0,
        why="complete",
    ),
)
