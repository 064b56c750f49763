"""Indicators of the enrolled families: what moves, how sure it is, and what is missing."""

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.cohort import enrolled_by_month, enrolled_families, family_groups
from helhed.monitoring.control_charts import (
    ChartPlan,
    ControlChart,
    assurance,
    c_chart,
    moving_range_chart,
    p_chart,
    u_chart,
    xmr_chart,
)
from helhed.monitoring.course_times import time_to_closure, time_to_exit, time_to_work
from helhed.monitoring.courses import (
    cases_at_start,
    course_values,
    enrolled_low_high,
    in_both_departments,
    median_months,
    months_to_first_family,
    parents_at_start,
    reviews,
)
from helhed.monitoring.family_months import family_months, member_months
from helhed.monitoring.follow import TABLES, Monitoring, follow, key_numbers
from helhed.monitoring.functional_level import first_and_last, level_changes, share_improved, transitions
from helhed.monitoring.indicators import cohort_by_month, indicator_values, quarterly_values
from helhed.monitoring.intervals import (
    clopper_pearson,
    clustered_rate,
    clustered_share,
    difference_of,
    mean_t,
    poisson_exact,
    ratio_of_sums,
    wilson,
)
from helhed.monitoring.paired import paired_change, permutation_interval, permuted_ratio
from helhed.monitoring.registration import due_registrations, registration_status
from helhed.monitoring.registration_form import registration_workbook, registration_workbooks
from helhed.monitoring.registration_mend import mend_workbook
from helhed.monitoring.registrations import followed_registrations, registration_values
from helhed.monitoring.returned import Returned, read_registrations, returned_sentences, with_registrations
from helhed.monitoring.rules import Rules, rules_of
from helhed.monitoring.run_charts import RunChart, run_chart
from helhed.monitoring.sentences import (
    change_sentence,
    chart_sentence,
    difference_sentence,
    due_sentence,
    enrolment_sentence,
    indicator_sentence,
    indicator_sentences,
    level_sentence,
    measurement_sentence,
    not_cause_sentence,
    remark_sentences,
    verdict,
)
from helhed.monitoring.shown import band_table, guarded, indicator_table, level_table
from helhed.monitoring.time_to_event import LogRank, cumulative_incidence, kaplan_meier, log_rank
from helhed.monitoring.usable import remarks, usable_registrations
from helhed.monitoring.waiting import shares_by_mark, waiting_sentences, waiting_shares
from helhed.monitoring.who5 import who5_band, who5_change, who5_first_and_last, who5_score

__all__ = [
    "TABLES",
    "ChartPlan",
    "ControlChart",
    "Indicator",
    "LogRank",
    "Monitoring",
    "Rules",
    "RunChart",
    "assurance",
    "band_table",
    "c_chart",
    "cases_at_start",
    "change_sentence",
    "chart_sentence",
    "clopper_pearson",
    "clustered_rate",
    "clustered_share",
    "cohort_by_month",
    "course_values",
    "cumulative_incidence",
    "difference_of",
    "difference_sentence",
    "due_registrations",
    "due_sentence",
    "enrolled_by_month",
    "enrolled_families",
    "enrolled_low_high",
    "enrolment_sentence",
    "family_groups",
    "family_months",
    "first_and_last",
    "follow",
    "followed_registrations",
    "guarded",
    "in_both_departments",
    "indicator_catalogue",
    "indicator_sentence",
    "indicator_sentences",
    "indicator_table",
    "indicator_values",
    "kaplan_meier",
    "key_numbers",
    "level_changes",
    "level_sentence",
    "level_table",
    "log_rank",
    "mean_t",
    "measurement_sentence",
    "median_months",
    "member_months",
    "months_to_first_family",
    "moving_range_chart",
    "not_cause_sentence",
    "p_chart",
    "paired_change",
    "parents_at_start",
    "permutation_interval",
    "permuted_ratio",
    "poisson_exact",
    "quarterly_values",
    "ratio_of_sums",
    "mend_workbook",
    "Returned",
    "read_registrations",
    "returned_sentences",
    "with_registrations",
    "registration_values",
    "registration_status",
    "registration_workbook",
    "registration_workbooks",
    "remark_sentences",
    "remarks",
    "reviews",
    "rules_of",
    "run_chart",
    "share_improved",
    "shares_by_mark",
    "waiting_sentences",
    "waiting_shares",
    "time_to_closure",
    "time_to_exit",
    "time_to_work",
    "transitions",
    "u_chart",
    "usable_registrations",
    "verdict",
    "who5_band",
    "who5_change",
    "who5_first_and_last",
    "who5_score",
    "wilson",
    "xmr_chart",
]
