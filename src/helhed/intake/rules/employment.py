"""Check rules for paid work and education month by month."""

import pandas as pd

from helhed.intake.exports.feeds import feeds
from helhed.intake.rules.limits import MONTHLY
from helhed.intake.rules.rule import Rule

_MOST_HOURS = 250
_WORK_FROM, _WORK_USUALLY_TO, _EDUCATION_USUALLY_TO = 13, 80, 65
#: A full-time month, and so many weeks on a benefit that only those without work receive.
_FULL_TIME_HOURS, _FULL_MONTH_WEEKS = 160, 4
_WITHOUT_WORK = ("kontanthjaelp", "uddannelseshjaelp", "sho", "dagpenge")


def _beside_benefit(m, f):
    full = f[f["hours"] >= _FULL_TIME_HOURS]
    weeks = m.table("benefit_week")
    paid = weeks[weeks["benefit"].isin(_WITHOUT_WORK) & (weeks["paid_dkk"] > 0)]
    month = paid["week"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    counts = paid.assign(month=month).groupby(["person_id", "month"])["week"].nunique()
    often = counts[counts >= _FULL_MONTH_WEEKS].index
    is_beside = pd.MultiIndex.from_frame(full[["person_id", "month"]]).isin(often)
    return pd.Series(f.index.isin(full.index[is_beside]), index=f.index)


#: A week is looked at by the rules for benefits.
_BY_MONTH = tuple(table for table in MONTHLY if "month" in feeds()[table].columns)
_WORK = ("employment",)

EMPLOYMENT_RULES: tuple[Rule, ...] = (
    Rule(
        "month_outside_period",
        "note",
        _BY_MONTH,
        "month",
        lambda m, f: ~f["month"].between(m.first_day, m.last_day),
        why="period",
    ),
    Rule(
        "many_hours",
        "should_fix",
        _WORK,
        "hours",
        lambda m, f: f["hours"] > _MOST_HOURS,
        limits={"limit": _MOST_HOURS},
        why="own_choice",
    ),
    Rule(
        "work_of_child",
        "should_fix",
        _WORK,
        "hours",
        lambda m, f: (m.age_in(f, "month") < _WORK_FROM) & (f["hours"] > 0),
        limits={"limit": _WORK_FROM},
        why="law",
        source="fritidsjob",
    ),
    Rule(
        "work_at_high_age",
        "note",
        _WORK,
        "hours",
        lambda m, f: (m.age_in(f, "month") > _WORK_USUALLY_TO) & (f["hours"] > 0),
        limits={"limit": _WORK_USUALLY_TO},
        why="own_choice",
    ),
    Rule(
        "education_at_high_age",
        "note",
        _WORK,
        "in_education",
        lambda m, f: (m.age_in(f, "month") > _EDUCATION_USUALLY_TO) & f["in_education"],
        limits={"limit": _EDUCATION_USUALLY_TO},
        why="own_choice",
    ),
    Rule(
        "full_time_beside_benefit",
        "note",
        _WORK,
        "hours",
        _beside_benefit,
        limits={"limit": _FULL_TIME_HOURS, "weeks": _FULL_MONTH_WEEKS},
        why="own_choice",
    ),
)
