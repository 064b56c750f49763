"""Whether the comparison can be trusted, told in both languages: balance, overlap and what should be zero."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed import texts
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.study import Study
from helhed.evaluation.trust import alarm_risk, better_off, obstacle
from helhed.evaluation.words import change, interval, level, name_of
from helhed.outputs import KeyNumber, PublicTable, gives_away, is_small
from helhed.texts import text


def register_sentence(municipality: str, lang: str) -> str:
    """Return whose register the comparison families come from."""
    return text("evaluation.register_own" if not municipality else "evaluation.register_other", lang, name=municipality)


def trust_words(reasons: list[str], lang: str) -> str:
    """Return in a few words whether the comparison can be trusted."""
    return text("evaluation.trust_cannot" if reasons else "evaluation.trust_can", lang)


def trust_sentence(reasons: list[str], better_off: float, effective_comparison: float, lang: str) -> str:
    """Return whether the comparison can be trusted, and if not, why."""
    if not reasons:
        return text("evaluation.trust_sentence_can", lang)
    values = {"share": texts.percent(better_off, lang), "n": texts.number(effective_comparison, lang)}
    why = "; ".join(text(f"evaluation.reason_{reason}", lang, **values) for reason in reasons)
    return text("evaluation.trust_sentence_cannot", lang, reasons=why)


def trust_sentences(
    study: Study, reasons: list[str], placebo: dict[str, Estimate], profile: Mapping, lang: str
) -> list[str]:
    """Return what is to be said of the comparison: an obstacle, trust, overlap, and the start that never was."""
    threshold, share = profile["disclosure.threshold"], better_off(study, profile)
    return [
        obstacle_sentence(obstacle(study), lang),
        trust_sentence(reasons, share, study.effective_comparison, lang),
        overlap_sentence(study, threshold, lang),
        placebo_sentence(placebo, profile, lang),
    ]


def obstacle_sentence(reason: str | None, lang: str) -> str:
    """Return why there is no estimate of an effect and what to do; nothing when there is one."""
    return text(f"evaluation.obstacle_{reason}", lang) if reason else ""


def overlap_sentence(study: Study, threshold: int, lang: str) -> str:
    """Return how many of the enrolled have comparison families like them, and on how many the weights rest."""
    share, n = study.share_with_overlap, study.count(True)
    if not np.isfinite(share) or min(n, study.count(False)) < threshold:
        return ""
    outside = round((1 - share) * n)
    kind = "all" if outside == 0 else "most" if gives_away(outside, n, threshold) else "some"
    counts = {"n": texts.number(study.effective_comparison, lang, 1), "all": texts.number(study.count(False), lang)}
    shown = {"share": texts.percent(share, lang)} if kind == "some" else {}
    words = text(f"evaluation.overlap_{kind}", lang, **shown)
    return f"{words} {text('evaluation.overlap_weights', lang, **counts)}"


def balance_public(balance: pd.DataFrame, lang: str) -> PublicTable:
    """Return the balance table before and after weighting; the denominator stands in a column of its own."""
    rows = [
        {
            "measure": name_of(row.covariate, lang),
            "enrolled": level(row.covariate, row.mean_treated, lang),
            "comparison": level(row.covariate, row.mean_comparison, lang),
            "weighted": level(row.covariate, row.mean_weighted, lang),
            "sd": change(row.covariate, row.sd, lang, signed=False),
            "before": _plain(row.standardised_difference, lang),
            "after": _plain(row.difference_weighted, lang),
            "missing": texts.percent(row.share_missing, lang),
        }
        for row in balance.itertuples()
    ]
    names = ("measure", "enrolled", "comparison", "weighted", "sd", "before", "after", "missing")
    columns = {name: (text(f"evaluation.balance_column_{name}", lang), "text") for name in names}
    title = text("evaluation.balance_title", lang)
    return PublicTable("balance", title, pd.DataFrame(rows, columns=list(columns)), columns)


def ways_table(ways: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the table of ways to make the groups alike: families in use, effective number, what difference is left."""
    whole = ways.iloc[0]
    rows = [
        {
            "way": text(f"evaluation.way_{row.way}", lang),
            "n_enrolled": counted(row.n_enrolled, whole["n_enrolled"], threshold, lang),
            "n_comparison": counted(row.n_comparison, whole["n_comparison"], threshold, lang),
            "effective": texts.number(row.effective_comparison, lang, 1) if row.n_comparison >= threshold else "–",
            "largest": _plain(row.largest_difference, lang),
            "unlike": texts.number(row.n_unlike, lang) if np.isfinite(row.largest_difference) else "–",
        }
        for row in ways.itertuples()
    ]
    names = ("way", "n_enrolled", "n_comparison", "effective", "largest", "unlike")
    columns = {name: (text(f"evaluation.ways_column_{name}", lang), "text") for name in names}
    return PublicTable("ways", text("evaluation.ways_title", lang), pd.DataFrame(rows, columns=list(columns)), columns)


def checks_table(before: dict[str, Estimate], placebo: dict[str, Estimate], threshold: int, lang: str) -> PublicTable:
    """Return the table of what should be zero: the year before the start, and a start that never was."""
    rows = [
        {
            "measure": name_of(outcome, lang),
            "before": told(outcome, before[outcome], threshold, lang),
            "placebo": told(outcome, placebo[outcome], threshold, lang),
        }
        for outcome in before
    ]
    columns = {name: (text(f"evaluation.checks_column_{name}", lang), "text") for name in rows[0]}
    return PublicTable("checks", text("evaluation.checks_title", lang), pd.DataFrame(rows), columns)


def placebo_sentence(placebo: dict[str, Estimate], profile: Mapping, lang: str) -> str:
    """Return what the calculation finds when it is given a start one year before the real one."""
    threshold, first = profile["disclosure.threshold"], profile["evaluation.primary_outcome"]
    known = {
        outcome: estimate
        for outcome, estimate in placebo.items()
        if estimate.shown(threshold) is not None and np.isfinite(estimate.low)
    }
    found = [outcome for outcome, estimate in known.items() if estimate.p < alarm_risk(profile)]
    shown = found or [outcome for outcome in (first, *known) if outcome in known][:1]
    if not shown:
        return text("evaluation.placebo_none", lang)
    values = "; ".join(f"{name_of(one, lang)}: {told(one, known[one], threshold, lang)}" for one in shown)
    return text(f"evaluation.placebo_{'not_zero' if found else 'zero'}", lang, values=values)


def told(outcome: str, estimate: Estimate, threshold: int, lang: str) -> str:
    """Return an estimate with its interval as written; a dash where too few families stand behind it."""
    if estimate.shown(threshold) is None:
        return "–"
    value = change(outcome, estimate.value, lang)
    return f"{value} ({_interval(outcome, estimate, lang)})" if np.isfinite(estimate.low) else value


def counted(n: int, total: int, threshold: int, lang: str) -> str:
    """Return a number of families as written, so that neither it nor what is left of the total is a small one."""
    if is_small(total - n, threshold):
        return text("evaluation.over", lang, n=texts.number(total - threshold, lang))
    return KeyNumber(n, "count").written(lang, threshold)


def _interval(outcome: str, estimate: Estimate, lang: str) -> str:
    return interval(outcome, estimate.low, estimate.high, lang)


def _plain(value: float, lang: str) -> str:
    return texts.number(value, lang, 2) if np.isfinite(value) else "–"
