"""Check rules for the population register."""

import pandas as pd

from helhed.intake.canonical import is_among
from helhed.intake.checks import Rule


def _is_child(m, f: pd.DataFrame) -> pd.Series:
    return (m.last_day - f["birth_date"]).dt.days / 365.25 < 18


def _parent_gap(m, f, parent: str):
    return (f["birth_date"] - m.born(f[parent])).dt.days / 365.25


REGISTER_RULES: tuple[Rule, ...] = (
    # the population register
    Rule(
        "born_after_period", "should_fix", ("folkeregister",), "birth_date", lambda m, f: f["birth_date"] > m.last_day
    ),
    Rule("no_birth_date", "note", ("folkeregister",), "birth_date", lambda m, f: f["birth_date"].isna()),
    Rule(
        "not_born_as_cpr_says",
        "should_fix",
        ("folkeregister",),
        "birth_date",
        lambda m, f: (f["birth_date"] != f["cpr_birth_date"]) & f["birth_date"].notna() & f["cpr_birth_date"].notna(),
    ),
    Rule(
        "older_than_110",
        "should_fix",
        ("folkeregister",),
        "birth_date",
        lambda m, f: m.age(f["person_id"], pd.Series(m.last_day, index=f.index)) > 110,
    ),
    Rule(
        "moved_out_before_in", "should_fix", ("folkeregister",), "to_date", lambda m, f: f["to_date"] < f["from_date"]
    ),
    Rule(
        "resident_before_birth", "note", ("folkeregister",), "from_date", lambda m, f: f["from_date"] < f["birth_date"]
    ),
    Rule(
        "own_parent",
        "should_fix",
        ("folkeregister",),
        "mother_id",
        lambda m, f: (f["mother_id"] == f["person_id"]) | (f["father_id"] == f["person_id"]),
    ),
    Rule("same_parents", "should_fix", ("folkeregister",), "father_id", lambda m, f: f["mother_id"] == f["father_id"]),
    Rule(
        "young_mother", "should_fix", ("folkeregister",), "mother_id", lambda m, f: _parent_gap(m, f, "mother_id") < 12
    ),
    Rule(
        "young_father", "should_fix", ("folkeregister",), "father_id", lambda m, f: _parent_gap(m, f, "father_id") < 12
    ),
    Rule(
        "no_parents",
        "note",
        ("folkeregister",),
        "mother_id",
        lambda m, f: _is_child(m, f) & f["mother_id"].isna() & f["father_id"].isna(),
    ),
    Rule(
        "no_father",
        "note",
        ("folkeregister",),
        "father_id",
        lambda m, f: _is_child(m, f) & f["mother_id"].notna() & f["father_id"].isna(),
    ),
    Rule(
        "no_custody", "note", ("folkeregister",), "custody_ids", lambda m, f: _is_child(m, f) & f["custody_ids"].isna()
    ),
    Rule(
        "unplaced_person",
        "should_fix",
        ("folkeregister",),
        "person_id",
        lambda m, f: ~is_among(f["person_id"], m.family_of.index),
    ),
    Rule("no_address", "note", ("folkeregister",), "address_id", lambda m, f: f["address_id"].isna()),
    Rule(
        "second_home_of_adult",
        "note",
        ("folkeregister",),
        "second_address_id",
        lambda m, f: ~_is_child(m, f) & f["second_address_id"].notna(),
    ),
    Rule(
        "second_home_is_first",
        "should_fix",
        ("folkeregister",),
        "second_address_id",
        lambda m, f: f["second_address_id"] == f["address_id"],
    ),
)
