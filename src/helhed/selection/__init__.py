"""Target-group selection by rules that can be read aloud: no model of persons and no score."""

from helhed.selection.concentration import concentration, concentration_curve
from helhed.selection.criteria import criteria, evaluate_criteria
from helhed.selection.explaining import explain_family
from helhed.selection.fairness import bases, family_groups, rates_of_counts, selection_rates
from helhed.selection.funnel import criteria_summary, funnel, known_in
from helhed.selection.gaps import (
    barred_departments,
    missing_sources,
    say_dark_months,
    say_gaps,
    say_silent_benefits,
    say_stops,
)
from helhed.selection.inflow import expected_inflow, inflow, poisson_prediction
from helhed.selection.law import law_report, lawful_tables
from helhed.selection.linkage_sensitivity import lose_again, unlinked_by_source
from helhed.selection.models import compare_models, model_overlap, model_statuses
from helhed.selection.national import select_national
from helhed.selection.national_fairness import national_counts
from helhed.selection.overlap import criteria_overlap, department_counts, department_overlap
from helhed.selection.overrides import decisions_and_rule, override_counts
from helhed.selection.places import at_the_cut, order_values, with_one_place
from helhed.selection.records import records_behind
from helhed.selection.referral_lists import Meeting
from helhed.selection.referral_sheet import order_in_words, referral_workbook
from helhed.selection.rule_check import read_rule, rule_problems
from helhed.selection.rules import evaluate_rule, rule_in_words
from helhed.selection.sensitivity import sensitivity
from helhed.selection.shortlist import require_families, select_families
from helhed.selection.shown_sizes import shown_standings
from helhed.selection.stability import stability
from helhed.selection.variants import with_places
from helhed.selection.view import TABLES
from helhed.selection.why import why
from helhed.selection.why_workbook import why_workbook

__all__ = [
    "TABLES",
    "compare_models",
    "concentration",
    "concentration_curve",
    "criteria",
    "criteria_overlap",
    "criteria_summary",
    "department_counts",
    "department_overlap",
    "evaluate_criteria",
    "evaluate_rule",
    "expected_inflow",
    "explain_family",
    "funnel",
    "known_in",
    "shown_standings",
    "order_values",
    "say_dark_months",
    "say_silent_benefits",
    "say_stops",
    "inflow",
    "lose_again",
    "missing_sources",
    "say_gaps",
    "model_overlap",
    "model_statuses",
    "order_in_words",
    "poisson_prediction",
    "read_rule",
    "rule_problems",
    "referral_workbook",
    "require_families",
    "rule_in_words",
    "select_families",
    "select_national",
    "sensitivity",
    "stability",
    "unlinked_by_source",
    "barred_departments",
    "bases",
    "family_groups",
    "selection_rates",
    "national_counts",
    "rates_of_counts",
    "law_report",
    "lawful_tables",
    "decisions_and_rule",
    "override_counts",
    "at_the_cut",
    "with_one_place",
    "records_behind",
    "Meeting",
    "with_places",
    "why",
    "why_workbook",
]
