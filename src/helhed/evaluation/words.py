"""Tables and sentences of the evaluation, in both languages, made from the results."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed import texts
from helhed.evaluation.development import are_followed, first_moves
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.estimation import overall_verdict
from helhed.evaluation.regression_to_mean import FallFromPeak
from helhed.evaluation.study import Study
from helhed.outputs import PublicTable
from helhed.texts import text


def name_of(measure: str, lang: str) -> str:
    """Return what a measure is called in the language."""
    return text(f"evaluation.name_{measure}", lang)


def level(measure: str, value: float, lang: str) -> str:
    """Return a value of a measure as written: kroner, per cent or a plain number."""
    if measure.endswith("_dkk"):
        return texts.about_kroner(value, lang)
    is_share = "share" in measure
    return texts.percent(value, lang, 1) if is_share else texts.number(value, lang, 2)


def change(measure: str, value: float, lang: str, signed: bool = True) -> str:
    """Return a change of a measure as written: kroner, or percentage points (not per cent) for shares."""
    if value is None or not np.isfinite(value):
        return "–"
    if measure.endswith("_dkk"):
        written = texts.about_kroner(value, lang)
    else:
        is_share = "share" in measure
        written = texts.number(value * 100, lang, 1) if is_share else texts.number(value, lang, 2)
    is_more = signed and value > 0 and any(digit in written for digit in "123456789")
    written = f"+{written}" if is_more else written
    return text("evaluation.points", lang, value=written) if "share" in measure else written


def interval(measure: str, low: float, high: float, lang: str) -> str:
    """Return an interval of a change as written; a dash when there is none."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "–"
    return text("evaluation.interval", lang, low=change(measure, low, lang), high=change(measure, high, lang))


def detectable_table(detectable: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the table of the smallest effects that can be seen."""
    are_enough = enough(detectable, threshold)
    rows = [
        {
            "measure": name_of(row.outcome, lang),
            "baseline": level(row.outcome, row.baseline_mean, lang) if is_enough else "–",
            "detectable": change(row.outcome, row.detectable, lang, signed=False) if is_enough else "–",
            "meaningful": change(row.outcome, row.meaningful, lang, signed=False),
            "n_needed": texts.number(row.n_needed, lang) if is_enough and not pd.isna(row.n_needed) else "–",
            "n_enrolled": row.n_enrolled,
            "n_comparison": row.n_comparison,
        }
        for row, is_enough in zip(detectable.itertuples(), are_enough, strict=True)
    ]
    columns = {
        "measure": (text("evaluation.column_measure", lang), "text"),
        "baseline": (text("evaluation.column_baseline", lang), "text"),
        "detectable": (text("evaluation.column_detectable", lang), "text"),
        "meaningful": (text("evaluation.column_meaningful", lang), "text"),
        "n_needed": (text("evaluation.column_n_needed", lang), "text"),
        **_counts(lang),
    }
    title = text("evaluation.detectable_title", lang)
    return PublicTable("detectable", title, pd.DataFrame(rows, columns=list(columns)), columns)


def detectable_sentence(detectable: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return what the smallest effect on school absence, or on the first measure that has one, means.

    And how many enrolled families it would take to see the change that matters.
    """
    known = detectable[enough(detectable, threshold) & detectable["detectable"].notna()]
    if known.empty:
        return text("evaluation.detectable_none", lang)
    row = known.iloc[0]
    said = text(
        "evaluation.detectable_sentence",
        lang,
        n_enrolled=texts.number(row["n_enrolled"], lang),
        n_comparison=texts.number(row["n_comparison"], lang),
        measure=_inside(name_of(row["outcome"], lang)),
        detectable=change(row["outcome"], row["detectable"], lang, signed=False),
    )
    if pd.isna(row["n_needed"]):
        return said
    wanted = change(row["outcome"], row["meaningful"], lang, signed=False)
    word = "enough" if row["n_needed"] <= row["n_enrolled"] else "needed"
    needed = {"meaningful": wanted, "n": texts.number(row["n_needed"], lang)}
    return f"{said} {text(f'evaluation.families_{word}', lang, **needed)}"


def effects_table(effects: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the table of effects: estimate, interval, p by lot and whether a difference can be seen."""
    are_enough = enough(effects, threshold)
    rows = [_effect_row(row, is_enough, lang) for row, is_enough in zip(effects.itertuples(), are_enough, strict=True)]
    columns = {
        **{
            key: (text(f"evaluation.column_{key}", lang), "text")
            for key in ("measure", "method", "effect", "interval", "p", "reading")
        },
        **_counts(lang),
    }
    title = text("evaluation.effects_title", lang)
    return PublicTable("effects", title, pd.DataFrame(rows, columns=list(columns)), columns)


def _effect_row(row, is_enough: bool, lang: str) -> dict:
    reading = "few" if not is_enough else _reading(row)
    return {
        "measure": name_of(row.outcome, lang),
        "method": text(f"evaluation.method_{row.method}", lang),
        "effect": change(row.outcome, row.effect, lang) if is_enough else "–",
        "interval": interval(row.outcome, row.low, row.high, lang) if is_enough else "–",
        "p": probability(row.p_by_lot, lang) if is_enough else "–",
        "reading": text(f"evaluation.reading_{reading}", lang),
        "n_enrolled": row.n_enrolled,
        "n_comparison": row.n_comparison,
    }


def probability(p: float, lang: str) -> str:
    """Return a probability as written; a dash when there is none."""
    if not np.isfinite(p):
        return "–"
    return texts.number(p, lang, 2) if p >= 0.01 else f"< {texts.number(0.01, lang, 2)}"


def _reading(row) -> str:
    if row.verdict == "cannot_say":
        return "few" if np.isfinite(row.low) and not row.low <= 0 <= row.high else "zero"
    return "higher" if row.effect > 0 else "lower"


def enough(frame: pd.DataFrame, threshold: int) -> pd.Series:
    """Return which rows rest on at least ``threshold`` families in both groups."""
    return frame[["n_enrolled", "n_comparison"]].min(axis=1) >= threshold


def _counts(lang: str) -> dict[str, tuple[str, str]]:
    return {
        "n_enrolled": (text("evaluation.enrolled", lang), "count"),
        "n_comparison": (text("evaluation.comparison", lang), "count"),
    }


def effect_sentence(effects_of_one: pd.DataFrame, verdict: str, threshold: int, lang: str) -> str:
    """Return one outcome's effect as a sentence with the range of the methods and of their intervals."""
    measure = effects_of_one["outcome"].iloc[0]
    known = effects_of_one[enough(effects_of_one, threshold) & effects_of_one["low"].notna()]
    if known.empty:
        return text("evaluation.effect_sentence_none", lang, measure=name_of(measure, lang))
    sentence = text(
        f"evaluation.effect_sentence_{verdict}",
        lang,
        measure=name_of(measure, lang),
        lowest=change(measure, known["effect"].min(), lang),
        highest=change(measure, known["effect"].max(), lang),
        low=change(measure, known["low"].min(), lang),
        high=change(measure, known["high"].max(), lang),
    )
    return sentence.replace("kr..", "kr.")  # an amount at the end brings its own full stop


def effect_sentences(effects: pd.DataFrame, reasons: list[str], threshold: int, lang: str) -> list[str]:
    """Return one sentence per outcome: an effect is claimed only when the comparison holds and all methods agree."""
    by_outcome = {outcome: rows for outcome, rows in effects.groupby("outcome", sort=False)}
    return [
        effect_sentence(rows, overall_verdict(rows, reasons), threshold, lang)
        for outcome, rows in by_outcome.items()
        if not outcome.endswith("_dkk")
    ]


def moved_sentence(absence_months: int | None, work_months: int | None, lang: str, are_followed: bool = True) -> str:
    """Return after how many months absence and work have moved, as the families' own development.

    ``are_followed`` is from `helhed.evaluation.development.are_followed`: that nobody is followed is not that nothing
    has moved.
    """
    if not are_followed:
        return text("evaluation.moved_nobody", lang)
    known = ("both" if work_months else "absence") if absence_months else ("work" if work_months else "none")
    waited = {"absence": absence_months, "work": work_months}
    said = {name: _months(n, lang) for name, n in waited.items() if n and known in (name, "both")}
    found = text(f"evaluation.moved_{known}", lang, **said)
    return f"{found} {text('evaluation.moved_note', lang)}" if known != "none" else found


def moves_sentence(study: Study, profile: Mapping, lang: str) -> str:
    """Return what moved first in the enrolled families, or that too few are followed to say so."""
    return moved_sentence(*first_moves(study, profile), lang, are_followed(study, profile))


def _months(n: int, lang: str) -> str:
    return text("evaluation.one_month" if n == 1 else "evaluation.months", lang, n=texts.number(n, lang))


def regression_sentence(fall: FallFromPeak, threshold: int, lang: str) -> str:
    """Return what absence does of itself after a peak."""
    if fall.n_families < threshold or not fall.change < 0:
        return text("evaluation.regression_none", lang)
    size, n = change("share", -fall.change, lang, signed=False), texts.number(fall.n_families, lang)
    return text("evaluation.regression_sentence", lang, fall=size, n=n)


def first_year_sentence(estimate: Estimate, threshold: int, lang: str) -> str:
    """Return how spending changed in the first year after the start, with its interval."""
    if estimate.n_enrolled < threshold:
        return text("evaluation.first_year_none", lang)
    return text(
        "evaluation.first_year_sentence",
        lang,
        change=change("spending_dkk", estimate.value, lang),
        interval=interval("spending_dkk", estimate.low, estimate.high, lang),
        n=texts.number(estimate.n_enrolled, lang),
    )


def _inside(name: str) -> str:
    return name[0].lower() + name[1:]


def interval_words(estimate: Estimate, threshold: int, lang: str) -> str | None:
    """Return the interval of a change in kroner in words; None where too few families stand behind it."""
    is_shown = estimate.shown(threshold) is not None
    return interval("spending_dkk", estimate.low, estimate.high, lang) if is_shown else None
