"""Evaluation: a comparison group from the register, effects with their uncertainty, and the theory of change."""

from helhed.evaluation.comparison import HIGHER_IS_BETTER, better_off_share
from helhed.evaluation.development import benefit_effect, first_year_change, half_year_means, months_until_moved
from helhed.evaluation.event_study import study_events
from helhed.evaluation.key_numbers import detectable_words, effects_in_numbers, spending_numbers
from helhed.evaluation.panel import family_months, month_range
from helhed.evaluation.regression_to_mean import fall_from_peak
from helhed.evaluation.study import (
    EFFECT_OUTCOMES,
    balance,
    detectable,
    distrust,
    estimate_effects,
    set_up,
)
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
    "balance",
    "benefit_effect",
    "better_off_share",
    "detectable",
    "detectable_sentence",
    "detectable_table",
    "distrust",
    "detectable_words",
    "effects_in_numbers",
    "effect_sentences",
    "estimate_effects",
    "effects_table",
    "event_values",
    "events_sentence",
    "fall_from_peak",
    "family_months",
    "first_year_change",
    "first_year_sentence",
    "half_year_means",
    "link",
    "link_sentence",
    "link_table",
    "month_range",
    "months_until_moved",
    "moved_sentence",
    "regression_sentence",
    "set_up",
    "spending_numbers",
    "study_events",
    "trust_sentence",
    "trust_words",
]
