"""Evaluation: a comparison group from the register, effects with their uncertainty, and the theory of change."""

from helhed.evaluation.agreed import plan_lines, plan_number, plan_sentence, plan_table
from helhed.evaluation.comparison import (
    HIGHER_IS_BETTER,
    balance_table,
    better_off_share,
    effective_sample_size,
    entropy_balance,
    odds_weights,
    propensity,
)
from helhed.evaluation.creaming import creaming, creaming_by_start, creaming_families, measures_running
from helhed.evaluation.creaming_words import creaming_over_time, creaming_sentences, creaming_table
from helhed.evaluation.development import (
    are_followed,
    benefit_effect,
    first_moves,
    first_year_change,
    half_year_means,
    months_until_moved,
)
from helhed.evaluation.effects import (
    detectable_effect,
    difference_in_changes,
    difference_in_differences,
    difference_in_pairs,
    families_needed,
    paired_randomisation_p,
    randomisation_p,
)
from helhed.evaluation.estimation import beyond_chance, detectable, estimate_effects, overall_verdict
from helhed.evaluation.event_study import study_events
from helhed.evaluation.events_words import (
    event_values,
    events_sentence,
    link_sentence,
    link_sentences,
    link_table,
    link_tests_sentence,
    measures_sentence,
)
from helhed.evaluation.exact_tests import changed_both_ways, two_by_two
from helhed.evaluation.interrupted_series import interrupted_series
from helhed.evaluation.key_numbers import detectable_words, effects_in_numbers, spending_numbers, trust_numbers
from helhed.evaluation.matching import coarsened, exact_strata, nearest_neighbours
from helhed.evaluation.panel import family_months, month_range
from helhed.evaluation.pool import from_another_register, marked_as_other
from helhed.evaluation.regression_to_mean import fall_from_peak
from helhed.evaluation.staggered import (
    average_effect,
    average_for_few,
    effects_by,
    effects_by_time,
    group_time_effects,
    pre_trend_p,
)
from helhed.evaluation.study import balance, set_up, ways_compared
from helhed.evaluation.synthetic_control import placebo_ranks, simplex_weights, synthetic_control
from helhed.evaluation.theory_of_change import active_cases, link, link_tests, theory_of_change
from helhed.evaluation.trust import EFFECT_OUTCOMES, better_off, distrust, obstacle, placebo_year, pre_trends
from helhed.evaluation.trust_words import (
    balance_public,
    checks_table,
    obstacle_sentence,
    overlap_sentence,
    placebo_sentence,
    register_sentence,
    trust_sentence,
    trust_sentences,
    trust_words,
    ways_table,
)
from helhed.evaluation.whole_municipality import among_others, notifications_over_time
from helhed.evaluation.whole_words import others_sentence, others_table, ratio_words, series_sentence
from helhed.evaluation.words import (
    detectable_sentence,
    detectable_table,
    effect_sentences,
    effects_table,
    first_year_sentence,
    moved_sentence,
    moves_sentence,
    regression_sentence,
)

#: Canonical tables that the evaluation and the account read.
TABLES = (
    "person",
    "family_member",
    "benefit_spell",
    "employment",
    "child_case",
    "measure",
    "absence",
    "enrolment",
    "coordinator",
    "official_figure",
)

__all__ = [
    "EFFECT_OUTCOMES",
    "HIGHER_IS_BETTER",
    "TABLES",
    "active_cases",
    "among_others",
    "are_followed",
    "average_effect",
    "average_for_few",
    "balance",
    "balance_public",
    "balance_table",
    "benefit_effect",
    "better_off",
    "better_off_share",
    "beyond_chance",
    "changed_both_ways",
    "checks_table",
    "coarsened",
    "creaming",
    "creaming_by_start",
    "creaming_families",
    "creaming_over_time",
    "creaming_sentences",
    "creaming_table",
    "detectable",
    "detectable_effect",
    "detectable_sentence",
    "detectable_table",
    "detectable_words",
    "difference_in_changes",
    "difference_in_differences",
    "difference_in_pairs",
    "distrust",
    "effect_sentences",
    "effective_sample_size",
    "effects_by",
    "effects_by_time",
    "effects_in_numbers",
    "effects_table",
    "entropy_balance",
    "estimate_effects",
    "event_values",
    "events_sentence",
    "exact_strata",
    "fall_from_peak",
    "families_needed",
    "family_months",
    "first_moves",
    "first_year_change",
    "first_year_sentence",
    "from_another_register",
    "group_time_effects",
    "half_year_means",
    "interrupted_series",
    "link",
    "link_sentence",
    "link_sentences",
    "link_table",
    "link_tests",
    "link_tests_sentence",
    "marked_as_other",
    "measures_running",
    "measures_sentence",
    "month_range",
    "months_until_moved",
    "moved_sentence",
    "moves_sentence",
    "nearest_neighbours",
    "notifications_over_time",
    "obstacle",
    "obstacle_sentence",
    "odds_weights",
    "others_sentence",
    "others_table",
    "overall_verdict",
    "overlap_sentence",
    "paired_randomisation_p",
    "placebo_ranks",
    "placebo_sentence",
    "placebo_year",
    "plan_lines",
    "plan_number",
    "plan_sentence",
    "plan_table",
    "pre_trend_p",
    "pre_trends",
    "propensity",
    "randomisation_p",
    "ratio_words",
    "register_sentence",
    "regression_sentence",
    "series_sentence",
    "set_up",
    "simplex_weights",
    "spending_numbers",
    "study_events",
    "synthetic_control",
    "theory_of_change",
    "trust_numbers",
    "trust_sentence",
    "trust_sentences",
    "trust_words",
    "two_by_two",
    "ways_compared",
    "ways_table",
]
