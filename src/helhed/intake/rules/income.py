"""Check rules for benefits, employment and school absence."""

import pandas as pd

from helhed.intake.checks import Rule
from helhed.intake.spells import single_week_gaps


def _two_benefits(_m, f):
    kinds = f.groupby(["person_id", "week"])["benefit"].transform("nunique")
    return (kinds > 1) & f.duplicated(["person_id", "week"])


def _absent(f):
    return f["days_sick"] + f["days_permitted"] + f["days_unlawful"]


MONTHLY_RULES: tuple[Rule, ...] = (
    # benefits
    Rule(
        "benefit_of_child",
        "should_fix",
        ("ydelsesrefusion",),
        "week",
        lambda m, f: m.age(f["person_id"], f["week"]) < m.profile["data.benefit_min_age_years"],
    ),
    Rule("two_benefits", "note", ("ydelsesrefusion",), "benefit", _two_benefits),
    Rule(
        "one_week_missing",
        "note",
        ("ydelsesrefusion",),
        "week",
        lambda m, f: pd.Series(f.index.isin(single_week_gaps(f).index), index=f.index),
    ),
    Rule(
        "refund_above_paid",
        "should_fix",
        ("ydelsesrefusion",),
        "refund_dkk",
        lambda m, f: f["refund_dkk"] > f["paid_dkk"] + 0.5,
    ),
    Rule(
        "refund_rate",
        "should_fix",
        ("ydelsesrefusion",),
        "refund_rate",
        lambda m, f: ~f["refund_rate"].between(0, 100) & f["refund_rate"].notna(),
    ),
    Rule("nothing_paid", "note", ("ydelsesrefusion",), "paid_dkk", lambda m, f: f["paid_dkk"] == 0),
    Rule("very_high_payment", "should_fix", ("ydelsesrefusion",), "paid_dkk", lambda m, f: f["paid_dkk"] > 20_000),
    # employment
    Rule("many_hours", "should_fix", ("beskaeftigelse",), "hours", lambda m, f: f["hours"] > 250),
    Rule(
        "work_of_child",
        "should_fix",
        ("beskaeftigelse",),
        "hours",
        lambda m, f: (m.age(f["person_id"], f["month"]) < 13) & (f["hours"] > 0),
    ),
    Rule(
        "month_outside_period",
        "note",
        ("beskaeftigelse", "skolefravaer"),
        "month",
        lambda m, f: ~f["month"].between(m.first_day, m.last_day),
    ),
    # school absence
    Rule(
        "absence_above_school_days",
        "should_fix",
        ("skolefravaer",),
        "school_days",
        lambda m, f: _absent(f) > f["school_days"] + 0.001,
    ),
    Rule("school_days_above_23", "should_fix", ("skolefravaer",), "school_days", lambda m, f: f["school_days"] > 23),
    Rule(
        "outside_school_age",
        "should_fix",
        ("skolefravaer",),
        "month",
        lambda m, f: ~m.age(f["person_id"], f["month"]).between(4.5, 19) & m.born(f["person_id"]).notna(),
    ),
)
