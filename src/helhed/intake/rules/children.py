"""Check rules for child cases and for measures of all departments."""

import pandas as pd

from helhed.intake.checks import Rule, overlaps
from helhed.intake.presets import measure_presets, plain, presets

_DATED_MEASURES = tuple(measure_presets())


def _case_person(m, f):
    return m.case(f["case_id"], "person_id")


def _placement_overlap(m, f):
    groups = presets()["dubu_indsatser"].group_of_type()
    placed = f[f["measure_type"].map(plain).map(groups) == "placement"].assign(child=lambda g: _case_person(m, g))
    return overlaps(placed.dropna(subset=["child"]), "child").reindex(f.index, fill_value=False)


CASE_RULES: tuple[Rule, ...] = (
    # child cases
    Rule(
        "case_ends_before_start",
        "should_fix",
        ("dubu_sager",),
        "end_date",
        lambda m, f: f["end_date"] < f["start_date"],
    ),
    Rule(
        "closed_without_date",
        "should_fix",
        ("dubu_sager",),
        "end_date",
        lambda m, f: (f["status"] == "closed") & f["end_date"].isna(),
    ),
    Rule(
        "open_with_end",
        "should_fix",
        ("dubu_sager",),
        "status",
        lambda m, f: (f["status"] == "open") & (f["end_date"] <= m.last_day),
    ),
    Rule(
        "case_before_birth",
        "should_fix",
        ("dubu_sager",),
        "start_date",
        lambda m, f: f["start_date"] < m.born(f["person_id"]) - pd.Timedelta(days=280),
    ),
    Rule(
        "case_of_adult",
        "should_fix",
        ("dubu_sager",),
        "start_date",
        lambda m, f: m.age(f["person_id"], f["start_date"]) >= 23,
    ),
    Rule("case_after_period", "note", ("dubu_sager",), "start_date", lambda m, f: f["start_date"] > m.last_day),
    Rule(
        "case_without_section",
        "note",
        ("dubu_sager",),
        "section",
        lambda m, f: f["section"].isna() & (f["case_type"] != "underretning"),
    ),
    # measures
    Rule(
        "measure_ends_before_start",
        "should_fix",
        _DATED_MEASURES,
        "end_date",
        lambda m, f: f["end_date"] < f["start_date"],
    ),
    Rule("measure_after_period", "note", _DATED_MEASURES, "start_date", lambda m, f: f["start_date"] > m.last_day),
    Rule(
        "measure_without_case",
        "should_fix",
        ("dubu_indsatser",),
        "case_id",
        lambda m, f: ~m.is_known_case(f["case_id"]),
    ),
    Rule(
        "measure_before_birth",
        "should_fix",
        ("dubu_indsatser",),
        "start_date",
        lambda m, f: f["start_date"] < m.born(_case_person(m, f)),
    ),
    Rule(
        "measure_before_birth",
        "should_fix",
        ("sofus",),
        "start_date",
        lambda m, f: f["start_date"] < m.born(f["person_id"]),
    ),
    Rule(
        "measure_open_on_closed_case",
        "should_fix",
        ("dubu_indsatser",),
        "end_date",
        lambda m, f: f["end_date"].fillna(pd.Timestamp("2200-01-01")) > m.case(f["case_id"], "end_date"),
    ),
    Rule(
        "measure_of_young_adult",
        "should_fix",
        ("dubu_indsatser",),
        "start_date",
        lambda m, f: m.age(_case_person(m, f), f["start_date"]) >= 23,
    ),
    Rule(
        "unknown_measure_type",
        "note",
        ("dubu_indsatser",),
        "measure_type",
        lambda m, f: ~f["measure_type"].map(plain).isin(presets()["dubu_indsatser"].group_of_type()),
    ),
    Rule("no_price", "note", ("dubu_indsatser",), "price_per_month_dkk", lambda m, f: ~(f["price_per_month_dkk"] > 0)),
    Rule(
        "very_high_price",
        "should_fix",
        ("dubu_indsatser",),
        "price_per_month_dkk",
        lambda m, f: f["price_per_month_dkk"] > 400_000,
    ),
    Rule("two_placements", "should_fix", ("dubu_indsatser",), "start_date", _placement_overlap),
    Rule("not_started", "note", ("sofus",), "start_date", lambda m, f: f["start_date"].isna()),
    Rule(
        "started_before_referral",
        "note",
        ("sofus",),
        "referred_date",
        lambda m, f: f["start_date"] < f["referred_date"],
    ),
    Rule(
        "adult_measure_of_child",
        "should_fix",
        ("sensum", "jobcenter_indsatser"),
        "start_date",
        lambda m, f: m.age(f["person_id"], f["start_date"]) < 15,
    ),
    Rule(
        "over_full_time",
        "should_fix",
        ("jobcenter_indsatser",),
        "hours_per_week",
        lambda m, f: f["hours_per_week"] > 37,
    ),
)
