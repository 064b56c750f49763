"""The effect on every outcome by every method, what could be seen at all, and what may be said of it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.evaluation.comparison import HIGHER_IS_BETTER
from helhed.evaluation.effects import (
    detectable_effect,
    difference_in_changes,
    difference_in_pairs,
    differences_left,
    families_needed,
    paired_randomisation_p,
    randomisation_p,
)
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.staggered import average_for_few, group_time_effects
from helhed.evaluation.study import Study
from helhed.evaluation.trust import EFFECT_OUTCOMES, changes_between, obstacle

#: Ways to estimate, in the order in which a table shows them.
METHODS = ("all", "matched", "balanced", "staggered")
#: Settings that say which change of an outcome matters.
MEANINGFUL = {
    "absence_share": "evaluation.meaningful_absence_change",
    "share_on_benefit": "evaluation.meaningful_work_change",
    "share_working": "evaluation.meaningful_work_change",
}
_COLUMNS = ("outcome", "method", "effect", "low", "high", "p", "p_by_lot", "n_enrolled", "n_comparison", "verdict")


def estimate_effects(study: Study, profile: Mapping) -> pd.DataFrame:
    """Return the effect on every outcome by every method.

    Returns
    -------
    One row per ``outcome`` and ``method`` (`METHODS`): ``effect``, ``low``, ``high``, ``p``, ``p_by_lot``
    (randomisation inference; none for weighted and staggered estimates), ``n_enrolled``, ``n_comparison``,
    ``verdict``, and ``is_beyond_chance``: whether the outcome may be spoken of when there are several (see
    `beyond_chance`). No estimate at all where `helhed.evaluation.trust.obstacle` names a reason.
    """
    rng = np.random.default_rng(profile["evaluation.seed"] + 1)
    if obstacle(study) is None:
        found = _all_estimates(study, profile, rng)
    else:
        nothing = Estimate(np.nan, n_enrolled=study.count(True), n_comparison=study.count(False))
        found = {(outcome, method): (nothing, np.nan) for outcome in EFFECT_OUTCOMES for method in METHODS}
    rows = [
        _described(outcome, method, estimate, p_by_lot, profile)
        for (outcome, method), (estimate, p_by_lot) in found.items()
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    is_beyond = beyond_chance(table, profile["evaluation.primary_outcome"], 1 - profile["evaluation.confidence"])
    return table.assign(is_beyond_chance=table["outcome"].map(is_beyond).astype(bool))


def _described(outcome: str, method: str, estimate: Estimate, p_by_lot: float, profile: Mapping) -> dict:
    return {
        "outcome": outcome,
        "method": method,
        "effect": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "p": estimate.p,
        "p_by_lot": p_by_lot,
        "n_enrolled": estimate.n_enrolled,
        "n_comparison": estimate.n_comparison,
        "verdict": estimate.verdict(HIGHER_IS_BETTER[outcome], profile["evaluation.minimum_families"]),
    }


def _all_estimates(study: Study, profile: Mapping, rng) -> dict[tuple[str, str], tuple[Estimate, float]]:
    months = profile["evaluation.baseline_months"], profile["evaluation.followup_months"]
    changes, before = changes_between(study, (-months[0], -1), (1, months[1]))
    enrolled = study.groups["is_enrolled"].to_numpy(dtype=bool)
    confidence, draws = profile["evaluation.confidence"], profile["evaluation.n_draws"]
    quarters = _quarters(study)
    found = {}
    for outcome in EFFECT_OUTCOMES:
        change = changes[outcome].to_numpy(dtype=float)
        plain = difference_in_changes(change, enrolled, confidence=confidence)
        found[outcome, "all"] = plain, randomisation_p(change, enrolled, draws, rng)
        if len(study.pairs):
            found[outcome, "matched"] = _matched(study, change, before[outcome], confidence, draws, rng)
        found[outcome, "balanced"] = _balanced(study, change, confidence), np.nan
        found[outcome, "staggered"] = _staggered(quarters, outcome, confidence), np.nan
    return found


def _matched(study, change, before, confidence, draws, rng) -> tuple[Estimate, float]:
    treated, comparison = (study.pairs[side].to_numpy() for side in ("treated", "comparison"))
    level = before.to_numpy(dtype=float)
    differences, gaps = change[treated] - change[comparison], level[treated] - level[comparison]
    estimate = difference_in_pairs(differences, gaps, confidence)
    return estimate, paired_randomisation_p(differences_left(differences, gaps), draws, rng)


def _balanced(study: Study, change: np.ndarray, confidence: float) -> Estimate:
    enrolled, weights = study.groups["is_enrolled"], study.groups["weight"]
    adjusted = difference_in_changes(change, enrolled, weights, study.covariates.to_numpy(), confidence)
    if np.isfinite(adjusted.low):
        return adjusted
    return difference_in_changes(change, enrolled, weights, confidence=confidence)


def _quarters(study: Study) -> pd.DataFrame:
    """Return the families' means by quarter of a year; comparison families never start."""
    rows = study.rows
    quarter = (rows["month"].dt.year * 12 + rows["month"].dt.month - 1) // 3
    start = ((rows["start_date"].dt.year * 12 + rows["start_date"].dt.month - 1) // 3).where(rows["is_enrolled"])
    unit = pd.factorize(rows["family_id"])[0]
    frame = rows[list(EFFECT_OUTCOMES)].assign(unit=unit, period=quarter, start=start)
    return frame.groupby(["unit", "period"], as_index=False).mean()


def _staggered(quarters: pd.DataFrame, outcome: str, confidence: float) -> Estimate:
    frame = quarters[["unit", "period", "start"]].assign(outcome=quarters[outcome])
    return average_for_few(group_time_effects(frame), confidence)


def beyond_chance(effects: pd.DataFrame, primary: str, significance: float) -> dict[str, bool]:
    """Return, by outcome, whether all methods hold beyond chance when several outcomes are looked at.

    An outcome's probability is the largest of its methods'. The outcome named in advance is judged by itself; the
    others together by Holm's rule (1979): the smallest against ``significance`` over their number, the next against
    ``significance`` over one less, and so on until one fails.

    Parameters
    ----------
    effects
        ``outcome``, ``p``; one row per method.
    primary
        The outcome named in advance.
    significance
        Accepted chance of a false finding.
    """
    by_outcome = effects.groupby("outcome", sort=False)["p"]
    worst = by_outcome.max().where(by_outcome.count() == by_outcome.size())
    is_beyond = {outcome: bool(p <= significance) for outcome, p in worst.items() if outcome == primary}
    others, still = worst.drop(primary, errors="ignore").sort_values(na_position="last"), True
    for position, (outcome, p) in enumerate(others.items()):
        still = still and bool(p <= significance / (len(others) - position))
        is_beyond[outcome] = still
    return is_beyond


def overall_verdict(effects_of_one: pd.DataFrame, reasons: list[str]) -> str:
    """Return ``improved``, ``worsened`` or ``cannot_say`` for one outcome.

    Only when the comparison can be trusted, every method says the same, and the outcome stays beyond chance among the
    others, is anything but "cannot say" returned.
    """
    verdicts = set(effects_of_one["verdict"])
    may_be_said = not reasons and len(verdicts) == 1 and effects_of_one["is_beyond_chance"].all()
    return verdicts.pop() if may_be_said else "cannot_say"


def detectable(study: Study, profile: Mapping) -> pd.DataFrame:
    """Return the smallest effect that this many families would show, and how many it takes to see what matters.

    One row per outcome: ``outcome``, ``baseline_mean`` of the enrolled, ``detectable``, ``meaningful`` (missing where
    none is stated), ``n_needed`` enrolled families to see it (missing where unknown), ``n_enrolled``,
    ``n_comparison``. The spread is that of the comparison families' changes, which no effect can have touched; the
    number of comparison families grows with that of the enrolled.
    """
    months = profile["evaluation.baseline_months"], profile["evaluation.followup_months"]
    changes, _ = changes_between(study, (-months[0], -1), (1, months[1]))
    enrolled = study.groups["is_enrolled"].to_numpy(dtype=bool)
    risk, power = 1 - profile["evaluation.confidence"], profile["evaluation.power"]
    rows = []
    for outcome in EFFECT_OUTCOMES:
        known = changes[outcome].notna().to_numpy()
        n_enrolled, n_comparison = int((known & enrolled).sum()), int((known & ~enrolled).sum())
        spread = changes.loc[known & ~enrolled, outcome].std()
        meaningful = profile[MEANINGFUL[outcome]] if outcome in MEANINGFUL else np.nan
        ratio = n_comparison / n_enrolled if min(n_enrolled, n_comparison) >= 2 else np.nan
        needed = families_needed(meaningful, spread, ratio, risk, power) if ratio > 0 and meaningful > 0 else None
        smallest = detectable_effect(n_enrolled, n_comparison, spread, risk, power)
        mean = study.groups.loc[enrolled, outcome].mean()
        rows.append((outcome, mean, smallest, meaningful, needed, n_enrolled, n_comparison))
    columns = ["outcome", "baseline_mean", "detectable", "meaningful", "n_needed", "n_enrolled", "n_comparison"]
    return pd.DataFrame(rows, columns=columns).astype({"n_needed": "Int64"})
