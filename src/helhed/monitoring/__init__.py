"""Indicators of the enrolled families: what moves, how sure it is, and what is missing."""

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.cohort import enrolled_by_month, enrolled_families, family_groups
from helhed.monitoring.control_charts import ChartPlan, ControlChart, assurance, c_chart, p_chart, u_chart, xmr_chart
from helhed.monitoring.courses import (
    cases_at_start,
    course_values,
    enrolled_low_high,
    in_both_departments,
    median_months,
    months_to_first_family,
    parents_at_start,
)
from helhed.monitoring.family_months import family_months
from helhed.monitoring.follow import TABLES, Monitoring, follow, key_numbers
from helhed.monitoring.functional_level import first_and_last
from helhed.monitoring.indicators import cohort_by_month, indicator_values, quarterly_values
from helhed.monitoring.intervals import clopper_pearson, mean_t, poisson_exact, ratio_of_sums, wilson
from helhed.monitoring.registration import due_registrations, registration_workbook
from helhed.monitoring.registrations import registration_values
from helhed.monitoring.rules import Rules, rules_of
from helhed.monitoring.run_charts import RunChart, run_chart
from helhed.monitoring.sentences import (
    change_sentence,
    chart_sentence,
    difference_sentence,
    due_sentence,
    enrolment_sentence,
    level_sentence,
    measurement_sentence,
    not_cause_sentence,
)
from helhed.monitoring.shown import enrolment_table, guarded, indicator_table, level_table
from helhed.monitoring.who5 import who5_score

__all__ = [
    "not_cause_sentence",
    "due_sentence",
    "measurement_sentence",
    "level_sentence",
    "enrolment_sentence",
    "difference_sentence",
    "chart_sentence",
    "change_sentence",
    "TABLES",
    "ChartPlan",
    "ControlChart",
    "RunChart",
    "assurance",
    "c_chart",
    "Indicator",
    "Monitoring",
    "Rules",
    "cases_at_start",
    "clopper_pearson",
    "cohort_by_month",
    "course_values",
    "due_registrations",
    "enrolled_by_month",
    "enrolled_families",
    "enrolled_low_high",
    "enrolment_table",
    "family_groups",
    "family_months",
    "first_and_last",
    "follow",
    "guarded",
    "in_both_departments",
    "indicator_table",
    "indicator_values",
    "indicator_catalogue",
    "key_numbers",
    "level_table",
    "mean_t",
    "median_months",
    "months_to_first_family",
    "p_chart",
    "parents_at_start",
    "poisson_exact",
    "quarterly_values",
    "ratio_of_sums",
    "registration_values",
    "registration_workbook",
    "rules_of",
    "run_chart",
    "u_chart",
    "who5_score",
    "wilson",
    "xmr_chart",
]
