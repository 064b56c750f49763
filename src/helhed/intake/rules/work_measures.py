"""Check rules for employment measures: practice, hours, and the benefit beside them."""

import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.rules.limits import ONE_MONTH_YEARS, PENSION_AGE, PENSION_YEARS
from helhed.intake.rules.rule import Rule

#: Work practice is usually given for so many weeks and can be extended; it is long at twice the time.
_PRACTICE_WEEKS = 13
_FULL_TIME_HOURS = 37
#: An employment measure belongs to somebody with a benefit in some week near its start.
_BENEFIT_NEAR = pd.Timedelta(days=35)


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

WORK_MEASURE_RULES: tuple[Rule, ...] = (
    Rule(
        "work_measure_of_pensioner",
        "note",
        _MEASURE,
        "start_date",
        lambda m, f: (f["department"] == "employment") & (m.age_in(f, "start_date") > PENSION_AGE + ONE_MONTH_YEARS),
        years=PENSION_YEARS,
        limits={"limit": PENSION_AGE},
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
