"""All of the monitoring at once: who is followed, the monthly counts, every value and the key numbers."""

import math
from dataclasses import dataclass

import pandas as pd

from helhed.errors import Problem
from helhed.monitoring.cohort import enrolled_by_month, enrolled_families, family_groups
from helhed.monitoring.courses import (
    cases_at_start,
    course_values,
    enrolled_low_high,
    enrolled_values,
    in_both_departments,
    median_months,
    months_to_first_family,
    parents_at_start,
)
from helhed.monitoring.family_months import family_months
from helhed.monitoring.indicators import indicator_values
from helhed.monitoring.months import months_between
from helhed.monitoring.registrations import registration_values
from helhed.monitoring.rules import Rules
from helhed.monitoring.shown import guarded, one, part_shown
from helhed.monitoring.usable import empty_sources, remarks, without_empty_sources

#: The canonical tables that the monitoring reads.
TABLES = (
    "person",
    "family",
    "family_member",
    "benefit_spell",
    "employment",
    "child_case",
    "measure",
    "absence",
    "daycare",
    "registration",
    "enrolment",
    "meeting",
)


@dataclass(frozen=True)
class Monitoring:
    """What the monitoring found.

    ``values`` is the hand-over table ``indicator_value`` (private); ``shown`` is the same with small numbers hidden.
    ``counts`` has one row per family and month, ``groups`` one per family, ``by_month`` one per month. ``threshold`` is
    the smallest number of persons that may be shown; ``remarks`` say what of the records cannot be used; ``empty``
    names the tables without a row.
    """

    enrolled: pd.DataFrame
    groups: pd.DataFrame
    counts: pd.DataFrame
    values: pd.DataFrame
    shown: pd.DataFrame
    by_month: pd.DataFrame
    threshold: int
    remarks: tuple[Problem, ...] = ()
    empty: tuple[str, ...] = ()


def follow(tables: dict[str, pd.DataFrame], shortlist: pd.DataFrame, rules: Rules, threshold: int) -> Monitoring:
    """Return every value of every indicator for the families that have started, and for the others.

    Parameters
    ----------
    tables
        The canonical tables named in `TABLES`.
    shortlist
        Hand-over of the selection: family_id, is_eligible.
    rules
        The municipality's settings.
    threshold
        Smallest number of persons that may be shown.
    """
    enrolled = enrolled_families(tables["enrolment"], rules.to_date)
    groups = family_groups(tables["family"], enrolled, shortlist)
    counts = family_months(tables, rules)
    months = months_between(rules.from_date, rules.to_date)
    by_month = enrolled_by_month(enrolled, months)
    parts = [
        enrolled_values(by_month),
        indicator_values(counts, groups, rules),
        registration_values(tables, enrolled, rules),
        course_values(tables, enrolled, rules),
    ]
    empty = empty_sources(tables)
    values = without_empty_sources(pd.concat(parts, ignore_index=True), empty)
    said = remarks(tables, counts, rules, threshold)
    return Monitoring(enrolled, groups, counts, values, guarded(values, threshold), by_month, threshold, said, empty)


def key_numbers(found: Monitoring, tables: dict[str, pd.DataFrame], rules: Rules) -> dict[str, tuple]:
    """Return the numbers that pages and later steps quote: name to (value or nothing, format)."""
    return {
        **_enrolment_numbers(found, tables, rules),
        **_course_numbers(found, tables, rules),
        **_wellbeing_numbers(found),
        "absence_share_enrolled_first": _number(found, "absence_share", "enrolled", "baseline", "share1"),
        "absence_share_enrolled_last": _number(found, "absence_share", "enrolled", "now", "share1"),
        "absence_share_others": _number(found, "absence_share", "others", "now", "share1"),
    }


def _enrolment_numbers(found: Monitoring, tables: dict, rules: Rules) -> dict[str, tuple]:
    current = found.enrolled[found.enrolled["is_enrolled"]]
    member = tables["family_member"]
    home = member[member["family_id"].isin(current["family_id"]) & member["is_main_home"].fillna(True).astype(bool)]
    roles = home.drop_duplicates("person_id")["role"].value_counts()
    low, high = enrolled_low_high(found.by_month, found.enrolled, rules)
    median = median_months(found.enrolled, rules)
    both = part_shown(int(in_both_departments(tables, current, rules).sum()), len(current), found.threshold)
    return {
        "enrolled_families": (len(current), "count"),
        "enrolled_adults": (int(roles.get("adult", 0)), "count"),
        "enrolled_children": (int(roles.get("child", 0)), "count"),
        "enrolled_in_both_departments": (_if_came(both, found, "benefit_spell", "child_case", "measure"), "count"),
        "families_enrolled_low": (low, "count"),
        "families_enrolled_high": (high, "count"),
        "enrolment_months_median": (_known(median), "number1"),
        "months_to_first_family": (months_to_first_family(found.enrolled, rules), "number"),
    }


def _course_numbers(found: Monitoring, tables: dict, rules: Rules) -> dict[str, tuple]:
    parents, cases = parents_at_start(tables, found.enrolled, rules), cases_at_start(tables, found.enrolled, rules)
    moved = part_shown(int(parents["is_to_work"].sum()), len(parents), found.threshold)
    closed = part_shown(int(cases["is_closed"].sum()), len(cases), found.threshold)
    return {
        "parents_on_kontanthjaelp_at_start": (_if_came(len(parents), found, "benefit_spell"), "count"),
        "parents_to_work_or_education": (_if_came(moved, found, "benefit_spell", "employment"), "count"),
        "parents_to_work_share": _number(found, "benefit_to_work_share", "enrolled", "now", "share"),
        "child_cases_active_at_start": (_if_came(len(cases), found, "child_case"), "count"),
        "child_cases_closed": (_if_came(closed, found, "child_case"), "count"),
        "child_cases_closed_share": _number(found, "child_cases_closed_share", "enrolled", "now", "share"),
    }


def _wellbeing_numbers(found: Monitoring) -> dict[str, tuple]:
    # First and last of those measured at least twice: a mean over others would show who answered, not who changed.
    numbered = found.shown[found.shown["level"] == "measurement"].set_index(["indicator", "period"])["value"]
    return {
        "who5_first": _number(found, "who5_mean", "enrolled", "baseline", "number1"),
        "who5_second": (_known(numbered.get(("who5_mean", "2"), math.nan)), "number1"),
        "who5_last": _number(found, "who5_mean", "enrolled", "now", "number1"),
    }


def _number(found: Monitoring, indicator: str, group: str, level: str, form: str) -> tuple:
    row = one(found.shown, indicator, group, level)
    return (None if row is None else _known(row["value"]), form)


def _if_came(n: int | None, found: Monitoring, *sources: str) -> int | None:
    """Return a number where every table that it rests on has come: of one that never came nothing is counted."""
    return None if set(sources) & set(found.empty) else n


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
