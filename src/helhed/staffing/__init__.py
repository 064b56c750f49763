"""Coordinator staffing: course, capacity, waiting, organisation, budget and who coordinates whom."""

from helhed.staffing.assignment import Assignment, Rules, assign_families, best_assignment, loads
from helhed.staffing.budget import GrantFit, budget_by_year, grant_fit, monthly_costs, price_index
from helhed.staffing.capacity import (
    WorkingYear,
    effective_hours_per_week,
    hours_available,
    hours_for_families_per_year,
    hours_per_week_per_post,
    net_hours_per_year,
    posts_on,
    public_holidays_on_weekdays,
    ramp_up_share,
    turnover_loss,
    working_year,
)
from helhed.staffing.capacity_staff import Person, equal_people, hours_by_coordinator, named_people, staff_steps
from helhed.staffing.conflicts import demands_in_conflict
from helhed.staffing.course import Phase, course_hours, course_months, course_table, family_weights, planned_course
from helhed.staffing.course_lengths import Length, observed_shares
from helhed.staffing.grants import grants_here, published_grants
from helhed.staffing.leaving import if_one_leaves
from helhed.staffing.organisation import (
    compare_organisations,
    deciding,
    departments_of_families,
    tornado,
    waiting_by_organisation,
    what_matters,
    with_values,
)
from helhed.staffing.organisation_shown import compare_courses, organisation_needs
from helhed.staffing.pairing import Pairing, Programme, pair_up
from helhed.staffing.planning import (
    Outlook,
    fewest_posts,
    monthly_plan,
    narrowed,
    new_places,
    outlook,
    waiting_by_posts,
)
from helhed.staffing.posts import Need, need, observed_acceptance, places, starts_to_plan_for
from helhed.staffing.queueing import (
    erlang_b,
    erlang_c,
    mean_wait,
    mean_wait_general,
    number_in_system,
    relaxation_time,
    servers_for_wait,
    share_waiting_longer,
)
from helhed.staffing.scenarios import AsNow, compare_scenarios, scenarios_of
from helhed.staffing.simulation import arrival_times, load_at, start_times
from helhed.staffing.simulation_draws import Demand, Draw, Situation, draw_replications
from helhed.staffing.simulation_long_run import LongRun, checked_against_theory, long_run_wait, theoretical_wait
from helhed.staffing.simulation_summary import waiting_by_capacity

__all__ = [
    "AsNow",
    "Assignment",
    "Demand",
    "Draw",
    "GrantFit",
    "Length",
    "LongRun",
    "Need",
    "Outlook",
    "Pairing",
    "Person",
    "Phase",
    "Programme",
    "Rules",
    "Situation",
    "WorkingYear",
    "arrival_times",
    "checked_against_theory",
    "theoretical_wait",
    "assign_families",
    "best_assignment",
    "budget_by_year",
    "compare_courses",
    "compare_organisations",
    "compare_scenarios",
    "course_hours",
    "course_months",
    "course_table",
    "deciding",
    "demands_in_conflict",
    "departments_of_families",
    "draw_replications",
    "effective_hours_per_week",
    "equal_people",
    "erlang_b",
    "erlang_c",
    "family_weights",
    "grant_fit",
    "grants_here",
    "fewest_posts",
    "hours_available",
    "hours_by_coordinator",
    "hours_for_families_per_year",
    "hours_per_week_per_post",
    "if_one_leaves",
    "load_at",
    "loads",
    "long_run_wait",
    "mean_wait",
    "mean_wait_general",
    "monthly_costs",
    "monthly_plan",
    "named_people",
    "narrowed",
    "need",
    "net_hours_per_year",
    "new_places",
    "number_in_system",
    "observed_acceptance",
    "observed_shares",
    "organisation_needs",
    "outlook",
    "pair_up",
    "places",
    "planned_course",
    "posts_on",
    "price_index",
    "public_holidays_on_weekdays",
    "published_grants",
    "ramp_up_share",
    "relaxation_time",
    "scenarios_of",
    "servers_for_wait",
    "share_waiting_longer",
    "staff_steps",
    "start_times",
    "starts_to_plan_for",
    "tornado",
    "turnover_loss",
    "waiting_by_capacity",
    "waiting_by_organisation",
    "waiting_by_posts",
    "what_matters",
    "with_values",
    "working_year",
]
