"""Check rules for the workbook of decisions: enrolments, registrations, meetings and plans."""

import pandas as pd

from helhed.intake.canonical import is_among, looked_up
from helhed.intake.checks import Rule, overlaps
from helhed.tables import codes

#: Smallest and largest value of each instrument; WHO-5 items 0-5, levels A-D as 1-4, SDQ total 0-40.
_LIMITS = {
    "who5": (0, 5), "functional_level": (1, 4), "trust": (1, 5), "ownership": (1, 5), "leisure": (0, 1),
    "leisure_job": (0, 1), "sdq_total": (0, 40),
}  # fmt: skip


def _is_domain(f: pd.DataFrame) -> pd.Series:
    return f["item"].isin([*codes()["adult_domain"], *codes()["child_domain"]])


def _in_limits(f: pd.DataFrame) -> pd.Series:
    low = f["instrument"].map({name: limits[0] for name, limits in _LIMITS.items()})
    high = f["instrument"].map({name: limits[1] for name, limits in _LIMITS.items()})
    return f["value"].between(low, high)


DECISION_RULES: tuple[Rule, ...] = (
    # enrolments
    Rule(
        "started_without_consent",
        "should_fix",
        ("indskrivninger",),
        "consent_date",
        lambda m, f: f["start_date"].notna() & f["consent_date"].isna(),
    ),
    Rule(
        "consent_after_start",
        "should_fix",
        ("indskrivninger",),
        "consent_date",
        lambda m, f: f["consent_date"] > f["start_date"],
    ),
    Rule(
        "consent_before_offer",
        "note",
        ("indskrivninger",),
        "consent_date",
        lambda m, f: f["consent_date"] < f["offered_date"],
    ),
    Rule(
        "exit_before_start",
        "should_fix",
        ("indskrivninger",),
        "exit_date",
        lambda m, f: f["exit_date"] < f["start_date"],
    ),
    Rule(
        "exit_without_start",
        "should_fix",
        ("indskrivninger",),
        "exit_date",
        lambda m, f: f["exit_date"].notna() & f["start_date"].isna(),
    ),
    Rule(
        "exit_without_reason",
        "should_fix",
        ("indskrivninger",),
        "exit_reason",
        lambda m, f: f["exit_date"].notna() & f["exit_reason"].isna(),
    ),
    Rule(
        "reason_without_exit",
        "should_fix",
        ("indskrivninger",),
        "exit_reason",
        lambda m, f: f["exit_date"].isna() & f["exit_reason"].notna() & f["start_date"].notna(),
    ),
    Rule(
        "started_against_decision",
        "should_fix",
        ("indskrivninger",),
        "decision",
        lambda m, f: f["start_date"].notna() & (f["decision"] == "exclude"),
    ),
    Rule(
        "decision_without_reason",
        "note",
        ("indskrivninger",),
        "decision_reason",
        lambda m, f: f["decision_reason"].isna(),
    ),
    Rule(
        "started_without_coordinator",
        "should_fix",
        ("indskrivninger",),
        "coordinator_id",
        lambda m, f: f["start_date"].notna() & f["coordinator_id"].isna(),
    ),
    Rule(
        "unknown_coordinator",
        "should_fix",
        ("indskrivninger",),
        "coordinator_id",
        lambda m, f: (
            f["coordinator_id"].notna() & ~f["coordinator_id"].isin(m.frames["koordinatorer"]["coordinator_id"])
        ),
    ),
    Rule(
        "contact_is_child",
        "should_fix",
        ("indskrivninger", "moeder"),
        "person_id",
        lambda m, f: m.age(f["person_id"], pd.Series(m.last_day, index=f.index)) < 18,
    ),
    Rule(
        "contact_without_family",
        "should_fix",
        ("indskrivninger", "moeder"),
        "person_id",
        lambda m, f: m.is_known(f["person_id"]) & ~is_among(f["person_id"], m.family_of.index),
    ),
    Rule(
        "contact_without_family",
        "should_fix",
        ("planlinjer",),
        "contact_id",
        lambda m, f: m.is_known(f["contact_id"]) & ~is_among(f["contact_id"], m.family_of.index),
    ),
    Rule(
        "enrolled_twice",
        "should_fix",
        ("indskrivninger",),
        "person_id",
        lambda m, f: (
            looked_up(f["person_id"], m.family_of).duplicated(keep=False) & is_among(f["person_id"], m.family_of.index)
        ),
    ),
    Rule(
        "two_coordinators_at_once",
        "should_fix",
        ("indskrivninger",),
        "coordinator_id",
        lambda m, f: overlaps(f.assign(home=looked_up(f["person_id"], m.family_of)), "home", "exit_date"),
    ),
    Rule(
        "started_before_project",
        "note",
        ("indskrivninger",),
        "start_date",
        lambda m, f: f["start_date"] < pd.Timestamp(m.profile["project.start_date"]),
    ),
    # coordinators
    Rule(
        "coordinator_ends_before_start",
        "should_fix",
        ("koordinatorer",),
        "to_date",
        lambda m, f: f["to_date"] < f["from_date"],
    ),
    # registrations
    Rule("outside_instrument", "should_fix", ("registreringer",), "value", lambda m, f: ~_in_limits(f)),
    Rule(
        "unknown_who5_item",
        "should_fix",
        ("registreringer",),
        "item",
        lambda m, f: (f["instrument"] == "who5") & ~f["item"].isin(["1", "2", "3", "4", "5"]),
    ),
    Rule(
        "unknown_domain",
        "should_fix",
        ("registreringer",),
        "item",
        lambda m, f: (f["instrument"] == "functional_level") & ~_is_domain(f),
    ),
    Rule(
        "incomplete_who5",
        "note",
        ("registreringer",),
        "item",
        lambda m, f: (
            (f["instrument"] == "who5")
            & (f.groupby(["person_id", "registered_date", "instrument"])["item"].transform("nunique") < 5)
        ),
    ),
    Rule(
        "registered_after_period",
        "note",
        ("registreringer",),
        "registered_date",
        lambda m, f: f["registered_date"] > m.last_day,
    ),
    # meetings and plans
    Rule("due_before_meeting", "should_fix", ("moeder",), "due_date", lambda m, f: f["due_date"] < f["meeting_date"]),
    Rule(
        "agreement_without_owner", "note", ("moeder",), "owner", lambda m, f: f["agreement"].notna() & f["owner"].isna()
    ),
    Rule("due_before_start", "should_fix", ("planlinjer",), "due_date", lambda m, f: f["due_date"] < f["start_date"]),
    Rule(
        "person_of_other_family",
        "should_fix",
        ("planlinjer",),
        "person_id",
        lambda m, f: (
            f["person_id"].notna() & (looked_up(f["person_id"], m.family_of) != looked_up(f["contact_id"], m.family_of))
        ),
    ),
    Rule(
        "line_without_text", "should_fix", ("planlinjer",), "action", lambda m, f: f["goal"].isna() & f["action"].isna()
    ),
)
