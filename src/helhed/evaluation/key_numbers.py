"""The key numbers of the evaluation: what pages and the memo quote, never without its interval."""

from collections.abc import Mapping

import pandas as pd

from helhed.evaluation.agreed import plan_number
from helhed.evaluation.development import first_moves
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.estimation import overall_verdict
from helhed.evaluation.event_study import EventStudy
from helhed.evaluation.study import Study
from helhed.evaluation.trust import better_off
from helhed.evaluation.trust_words import trust_words
from helhed.evaluation.words import change, effect_sentence, enough, interval, interval_words


def effects_in_numbers(
    effects: pd.DataFrame, reasons: list[str], threshold: int, lang: str
) -> dict[str, tuple[str | None, str]]:
    """Return every outcome's effect as key numbers: ``effect_…_<outcome>`` to value and format."""
    return {
        f"{name}_{outcome}": value
        for outcome, rows in effects.groupby("outcome")
        for name, value in effect_numbers(rows, reasons, threshold, lang).items()
    }


def trust_numbers(study: Study, reasons: list[str], profile: Mapping, lang: str) -> dict[str, tuple]:
    """Return whether the comparison can be trusted as key numbers, and after how many months the first have moved."""
    is_shown = min(study.count(True), study.count(False)) >= profile["disclosure.threshold"]
    absence, work = first_moves(study, profile)
    return {
        "comparison_better_off_share": (better_off(study, profile) if is_shown else None, "share"),
        "trust_comparison": (trust_words(reasons, lang), "text"),
        "absence_moved_months": (absence, "number"),
        "work_moved_months": (work, "number"),
        "evaluation_plan_number": (plan_number(profile), "text"),
    }


def spending_numbers(first_year: Estimate, around: EventStudy, threshold: int, lang: str) -> dict[str, tuple]:
    """Return the changes in spending as key numbers: value in kroner and interval in words."""
    estimates = {
        "spending_first_year_change": first_year,
        "spending_before_progress_slope": around.slope,
        "spending_after_progress_change": around.change,
    }
    values = {f"{name}_dkk": (estimate.shown(threshold), "about_dkk") for name, estimate in estimates.items()}
    words = {
        f"{name}_interval": (interval_words(estimate, threshold, lang), "text") for name, estimate in estimates.items()
    }
    return values | words


def effect_numbers(
    effects_of_one: pd.DataFrame, reasons: list[str], threshold: int, lang: str
) -> dict[str, tuple[str | None, str]]:
    """Return one outcome's effect as key numbers: name to value and format.

    ``effect``: the range of the methods, ``effect_interval``: that of their intervals, ``effect_verdict``:
    ``improved``, ``worsened`` or ``cannot_say``, ``effect_sentence``. All words, so that none travels without its
    interval.
    """
    measure = effects_of_one["outcome"].iloc[0]
    known = effects_of_one[enough(effects_of_one, threshold) & effects_of_one["low"].notna()]
    verdict = overall_verdict(effects_of_one, reasons)
    spans = {"effect": ("effect", "effect"), "effect_interval": ("low", "high")}
    words = {
        name: interval(measure, known[low].min(), known[high].max(), lang) if len(known) else None
        for name, (low, high) in spans.items()
    }
    sentence = effect_sentence(effects_of_one, verdict, threshold, lang)
    return {
        name: (value, "text")
        for name, value in {**words, "effect_verdict": verdict, "effect_sentence": sentence}.items()
    }


def detectable_words(detectable: pd.DataFrame, outcome: str, threshold: int, lang: str) -> str | None:
    """Return the smallest effect on an outcome that can be seen, in words; None where there are too few families."""
    row = detectable[(detectable["outcome"] == outcome) & enough(detectable, threshold)]
    return change(outcome, row["detectable"].iloc[0], lang, signed=False) if len(row) else None
