"""Evaluation: a comparison group from the register, effects with their uncertainty, and the theory of change."""

from helhed.evaluation.comparison import (
    HIGHER_IS_BETTER,
    balance_table,
    better_off_share,
    effective_sample_size,
    entropy_balance,
    odds_weights,
    propensity,
)
from helhed.evaluation.development import benefit_effect, first_year_change, half_year_means, months_until_moved
from helhed.evaluation.effects import (
    detectable_effect,
    difference_in_differences,
    paired_randomisation_p,
    randomisation_p,
)
from helhed.evaluation.event_study import study_events
from helhed.evaluation.interrupted_series import interrupted_series
from helhed.evaluation.key_numbers import detectable_words, effects_in_numbers, spending_numbers
from helhed.evaluation.matching import coarsened, exact_strata, nearest_neighbours
from helhed.evaluation.panel import family_months, month_range
from helhed.evaluation.regression_to_mean import fall_from_peak
from helhed.evaluation.staggered import average_effect, effects_by, effects_by_time, group_time_effects, pre_trend_p
from helhed.evaluation.study import (
    EFFECT_OUTCOMES,
    balance,
    detectable,
    distrust,
    estimate_effects,
    set_up,
)
from helhed.evaluation.synthetic_control import placebo_ranks, simplex_weights, synthetic_control
from helhed.evaluation.theory_of_change import active_cases, link
from helhed.evaluation.words import (
    detectable_sentence,
    detectable_table,
    effect_sentences,
    effects_table,
    event_values,
    events_sentence,
    first_year_sentence,
    link_sentence,
    link_table,
    moved_sentence,
    regression_sentence,
    trust_sentence,
    trust_words,
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
)

__all__ = [
    "EFFECT_OUTCOMES",
    "HIGHER_IS_BETTER",
    "TABLES",
    "active_cases",
    "average_effect",
    "balance",
    "balance_table",
    "benefit_effect",
    "better_off_share",
    "coarsened",
    "detectable",
    "detectable_effect",
    "detectable_sentence",
    "detectable_table",
    "detectable_words",
    "difference_in_differences",
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
    "family_months",
    "first_year_change",
    "first_year_sentence",
    "group_time_effects",
    "half_year_means",
    "interrupted_series",
    "link",
    "link_sentence",
    "link_table",
    "month_range",
    "months_until_moved",
    "moved_sentence",
    "nearest_neighbours",
    "odds_weights",
    "paired_randomisation_p",
    "placebo_ranks",
    "pre_trend_p",
    "propensity",
    "randomisation_p",
    "regression_sentence",
    "set_up",
    "simplex_weights",
    "spending_numbers",
    "study_events",
    "synthetic_control",
    "trust_sentence",
    "trust_words",
]
