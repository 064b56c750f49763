"""The study of one municipality: both groups before the start, weights that make them alike, effects, and trust."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.evaluation import comparison as cmp
from helhed.evaluation.effects import (
    detectable_effect,
    difference_in_differences,
    paired_randomisation_p,
    randomisation_p,
)
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.matching import nearest_neighbours
from helhed.evaluation.panel import mean_between, since_start
from helhed.evaluation.pool import find_comparison
from helhed.evaluation.staggered import average_effect, group_time_effects

#: Outcomes whose effect is estimated.
EFFECT_OUTCOMES = ("absence_share", "share_on_benefit", "share_working", "spending_per_member_dkk")
#: Ways to estimate, in the order in which a table shows them.
METHODS = ("all", "matched", "balanced", "staggered")
_CONTEXT = ["n_adults", "n_children"]


@dataclass(frozen=True)
class Study:
    """Both groups with what they were like before the start.

    Parameters
    ----------
    groups
        One row per family: ``family_id``, ``start_date``, ``is_enrolled``, ``weight`` and the baseline columns.
    rows
        One row per family and month: the panel with ``months_since`` and ``is_enrolled``.
    pairs
        Matched families: ``treated``, ``comparison`` (positions in ``groups``), ``distance``.
    is_balanced
        Whether weights exist that give the comparison group the enrolled group's means; else they come near.
    n_without_baseline
        Enrolled families left out because the data begin too late before their start.
    """

    groups: pd.DataFrame
    rows: pd.DataFrame
    pairs: pd.DataFrame
    is_balanced: bool
    n_without_baseline: int

    def count(self, is_enrolled: bool) -> int:
        """Return the number of families in a group."""
        return int((self.groups["is_enrolled"] == is_enrolled).sum())

    @property
    def effective_comparison(self) -> float:
        """Return how many equally weighted comparison families the weights leave."""
        return cmp.effective_sample_size(self.groups.loc[~self.groups["is_enrolled"], "weight"])


def set_up(panel: pd.DataFrame, enrolment: pd.DataFrame, profile: Mapping) -> Study:
    """Return the study: groups, baselines, weights and matched pairs.

    Parameters
    ----------
    panel
        From `helhed.evaluation.panel.family_months`, with ``spending_per_member_dkk``.
    enrolment
        ``family_id``, ``start_date``.
    profile
        Gives ``evaluation.seed``, ``evaluation.baseline_months`` and what else the group declares.
    """
    rng = np.random.default_rng(profile["evaluation.seed"])
    started = enrolment[enrolment["start_date"].notna() & enrolment["family_id"].isin(panel["family_id"])]
    groups = find_comparison(panel, started, started["family_id"], rng)
    rows = since_start(panel, groups)
    months = profile["evaluation.baseline_months"]
    measured = list(cmp.HIGHER_IS_BETTER)
    baseline = mean_between(rows, -months, -1, [*measured, *_CONTEXT])
    has_baseline = rows[rows["months_since"].between(-months, -1)].groupby("family_id").size() >= months / 2
    kept = groups.merge(baseline, how="inner", left_on="family_id", right_index=True)
    kept = kept[kept["family_id"].isin(has_baseline.index[has_baseline])].reset_index(drop=True)
    left_out = int(groups["is_enrolled"].sum() - kept["is_enrolled"].sum())
    weights, pairs, is_balanced = _make_alike(kept, [*measured, *_CONTEXT])
    rows = rows[rows["family_id"].isin(kept["family_id"])].reset_index(drop=True)
    return Study(kept.assign(weight=weights), rows, pairs, is_balanced, left_out)


def _make_alike(groups: pd.DataFrame, covariates: list[str]) -> tuple[np.ndarray, pd.DataFrame, bool]:
    enrolled = groups["is_enrolled"].to_numpy(dtype=bool)
    if min(enrolled.sum(), (~enrolled).sum()) < 2:
        return np.ones(len(groups)), nearest_neighbours([], []), False
    design = cmp.fill_missing(groups, covariates)
    found = cmp.entropy_balance(design[~enrolled].to_numpy(), design[enrolled].mean().to_numpy())
    weights = np.ones(len(groups))
    weights[~enrolled] = found.weights * (~enrolled).sum()
    pairs = nearest_neighbours(cmp.propensity(design, enrolled), enrolled)
    return weights, pairs, found.is_reached


def balance(study: Study) -> pd.DataFrame:
    """Return the balance table before and after weighting.

    One row per baseline measure: the columns of `helhed.evaluation.comparison.balance_table`, and
    ``difference_weighted``. The denominator is the enrolled families' standard
    deviation.
    """
    groups, names = study.groups, [*cmp.HIGHER_IS_BETTER, *_CONTEXT]
    plain = cmp.balance_table(groups, groups["is_enrolled"], names)
    weighted = cmp.balance_table(groups, groups["is_enrolled"], names, groups["weight"])["standardised_difference"]
    return plain.assign(difference_weighted=weighted)


def periods(study: Study, outcome: str, before: tuple[int, int], after: tuple[int, int]) -> pd.DataFrame:
    """Return one row per family and period with the mean outcome: ``family_id``, ``is_enrolled``, ``is_after``."""
    parts = [
        mean_between(study.rows, first, last, [outcome], (last - first + 1) // 3).assign(is_after=is_after)
        for (first, last), is_after in ((before, False), (after, True))
    ]
    columns = ["family_id", "is_enrolled", "weight"]
    return pd.concat(parts).reset_index().merge(study.groups[columns], on="family_id")


def estimate_effects(study: Study, profile: Mapping) -> pd.DataFrame:
    """Return the effect on every outcome by every method.

    Returns
    -------
    One row per ``outcome`` and ``method`` (`METHODS`): ``effect``, ``low``, ``high``, ``p_by_lot`` (randomisation
    inference; none for weighted and staggered estimates), ``n_enrolled``, ``n_comparison``, ``verdict``.
    """
    rng = np.random.default_rng(profile["evaluation.seed"] + 1)
    rows = [
        {"outcome": outcome, "method": method, **_described(estimate, outcome, profile)}
        for outcome in EFFECT_OUTCOMES
        for method, estimate in _estimates(study, outcome, profile, rng).items()
    ]
    return pd.DataFrame(rows)


def _described(estimate: Estimate, outcome: str, profile: Mapping) -> dict:
    return {
        "effect": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "p_by_lot": estimate.p,
        "n_enrolled": estimate.n_enrolled,
        "n_comparison": estimate.n_comparison,
        "verdict": estimate.verdict(cmp.HIGHER_IS_BETTER[outcome], profile["evaluation.minimum_families"]),
    }


def _estimates(study: Study, outcome: str, profile: Mapping, rng: np.random.Generator) -> dict[str, Estimate]:
    months = profile["evaluation.baseline_months"], profile["evaluation.followup_months"]
    frame = periods(study, outcome, (-months[0], -1), (1, months[1]))
    confidence, draws = profile["evaluation.confidence"], profile["evaluation.n_draws"]
    change = _changes(frame, outcome)
    plain = difference_in_differences(frame, outcome, confidence=confidence)
    found = {"all": _with_p(plain, randomisation_p(change["change"], change["is_enrolled"], draws, rng))}
    if len(study.pairs):
        found["matched"] = _matched(study, frame, outcome, confidence, change, draws, rng)
    found["balanced"] = _with_p(difference_in_differences(frame, outcome, "weight", confidence), np.nan)
    found["staggered"] = _staggered(study, outcome, confidence)
    return found


def _changes(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    wide = frame.pivot(index="family_id", columns="is_after", values=outcome).reindex(columns=[False, True])
    group = frame.groupby("family_id")["is_enrolled"].first()
    return pd.DataFrame({"change": wide[True] - wide[False], "is_enrolled": group}).dropna()


def _matched(study, frame, outcome, confidence, change, draws, rng) -> Estimate:
    family = study.groups["family_id"].to_numpy()
    enrolled, other = (change["change"].reindex(family[study.pairs[side]]) for side in ("treated", "comparison"))
    differences = enrolled.to_numpy() - other.to_numpy()
    complete = study.pairs[np.isfinite(differences)]
    in_pairs = frame["family_id"].isin(family[complete[["treated", "comparison"]].to_numpy().ravel()])
    estimate = difference_in_differences(frame[in_pairs], outcome, confidence=confidence)
    return _with_p(estimate, paired_randomisation_p(differences, draws, rng))


def _staggered(study: Study, outcome: str, confidence: float) -> Estimate:
    """Return the group-time average by quarter of a year; comparison families never start."""
    rows = study.rows
    quarter = (rows["month"].dt.year * 12 + rows["month"].dt.month - 1) // 3
    start = ((rows["start_date"].dt.year * 12 + rows["start_date"].dt.month - 1) // 3).where(rows["is_enrolled"])
    frame = pd.DataFrame({"unit": rows["family_id"], "period": quarter, "start": start, "outcome": rows[outcome]})
    means = frame.groupby(["unit", "period"], as_index=False).agg(start=("start", "first"), outcome=("outcome", "mean"))
    average = average_effect(group_time_effects(means), confidence)
    counts = study.count(True), study.count(False)
    return Estimate(average["effect"], average["low"], average["high"], *counts)


def _with_p(estimate: Estimate, p: float) -> Estimate:
    parts = (estimate.value, estimate.low, estimate.high, estimate.n_enrolled, estimate.n_comparison)
    return Estimate(*parts, p)


def detectable(study: Study, profile: Mapping) -> pd.DataFrame:
    """Return the smallest effect that this many families would show, by outcome.

    One row per outcome: ``outcome``, ``baseline_mean`` of the enrolled, ``detectable``, ``n_enrolled``,
    ``n_comparison``. The spread is that of the comparison families' changes, which no effect can have touched.
    """
    months = profile["evaluation.baseline_months"], profile["evaluation.followup_months"]
    rows = []
    for outcome in EFFECT_OUTCOMES:
        change = _changes(periods(study, outcome, (-months[0], -1), (1, months[1])), outcome)
        n_enrolled = int(change["is_enrolled"].sum())
        n_comparison = len(change) - n_enrolled
        spread = change.loc[~change["is_enrolled"].astype(bool), "change"].std()
        risk = 1 - profile["evaluation.confidence"]
        smallest = detectable_effect(n_enrolled, n_comparison, spread, risk, profile["evaluation.power"])
        mean = study.groups.loc[study.groups["is_enrolled"], outcome].mean()
        rows.append((outcome, mean, smallest, n_enrolled, n_comparison))
    return pd.DataFrame(rows, columns=["outcome", "baseline_mean", "detectable", "n_enrolled", "n_comparison"])


def pre_trends(study: Study, profile: Mapping) -> dict[str, Estimate]:
    """Return, by outcome, how differently the groups moved already in the year before the start.

    Differences in differences between the first and the second half of the baseline: zero is what a good comparison
    group shows.
    """
    months = profile["evaluation.baseline_months"]
    half = months // 2
    return {
        outcome: difference_in_differences(
            periods(study, outcome, (-months, -half - 1), (-half, -1)),
            outcome,
            confidence=profile["evaluation.confidence"],
        )
        for outcome in EFFECT_OUTCOMES
    }


def distrust(study: Study, profile: Mapping) -> list[str]:
    """Return why the comparison cannot be trusted; an empty list when it can.

    ``few_families``, ``better_off`` (the comparison group was better off on too many measures at the start),
    ``unbalanced`` (no weights make the groups alike), ``thin_weights`` (the weights rest on too few families),
    ``pre_trend`` (the groups moved differently already before the start), ``not_measured`` (one of these cannot
    be told: what is unknown does not count as in order).
    """
    least, limit = profile["evaluation.minimum_families"], profile["evaluation.balance_limit"]
    table = balance(study)
    gaps = table["difference_weighted"].abs()
    before = pre_trends(study, profile).values()
    share = cmp.better_off_share(table, cmp.HIGHER_IS_BETTER)
    reasons = {
        "few_families": min(study.count(True), study.count(False)) < least,
        "better_off": share > profile["evaluation.better_off_limit"],
        "unbalanced": not study.is_balanced or gaps.max() > limit,
        "thin_weights": study.effective_comparison < least,
        "pre_trend": any(e.low > 0 or e.high < 0 for e in before),
        "not_measured": not np.isfinite([share, *gaps]).all() or not all(_is_told(e) for e in before),
    }
    return [reason for reason, holds in reasons.items() if holds]


def _is_told(trend: Estimate) -> bool:
    # Where nobody's outcome moved there is no spread and no interval, but the groups did move alike: not at all.
    return bool(np.isfinite([trend.low, trend.high]).all() or abs(trend.value) < 1e-9)


def overall_verdict(effects_of_one: pd.DataFrame, reasons: list[str]) -> str:
    """Return ``improved``, ``worsened`` or ``cannot_say`` for one outcome.

    Only when the comparison can be trusted, and every method says the same, is anything but "cannot say" returned.
    """
    verdicts = set(effects_of_one["verdict"])
    return verdicts.pop() if len(verdicts) == 1 and not reasons else "cannot_say"
