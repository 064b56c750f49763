"""Whether the comparison can be trusted: overlap, balance, the time before the start, and a start that never was."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.evaluation import comparison as cmp
from helhed.evaluation.effects import difference_in_changes
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.panel import mean_between
from helhed.evaluation.study import Study, balance, has_started, set_up

#: Outcomes whose effect is estimated.
EFFECT_OUTCOMES = ("absence_share", "share_on_benefit", "share_working", "spending_per_member_dkk")
#: How long before their start the enrolled are given one that never was.
PLACEBO_MONTHS = 12


def window_means(study: Study, first: int, last: int) -> pd.DataFrame:
    """Return each family's mean of `EFFECT_OUTCOMES` over months since its start, in the order of ``groups``.

    A third of the months must be known, else the mean is missing.
    """
    means = mean_between(study.rows, first, last, list(EFFECT_OUTCOMES), (last - first + 1) // 3)
    return means.reindex(study.groups["family_id"]).reset_index(drop=True)


def changes_between(study: Study, before: tuple[int, int], after: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each family's change of `EFFECT_OUTCOMES` from one span of months to another, and the level it had."""
    level = window_means(study, *before)
    return window_means(study, *after) - level, level


def obstacle(study: Study) -> str | None:
    """Return why no effect can be estimated at all; None when it can.

    ``too_few`` (none or one that has started: which of them is not told apart, for a reason may be published),
    ``no_baseline`` (the data begin too late before the starts), ``no_comparison`` (fewer than two families to compare
    with), ``no_follow_up`` (nobody followed after the start) or ``no_overlap`` (no comparison family is like the
    enrolled).
    """
    n_enrolled, enrolled = study.count(True), study.rows["is_enrolled"]
    if n_enrolled < 2:
        return "no_baseline" if study.n_without_baseline else "too_few"
    if study.count(False) < 2:
        return "no_comparison"
    if not (study.rows.loc[enrolled, "months_since"] > 0).any():
        return "no_follow_up"
    return "no_overlap" if study.share_with_overlap == 0 else None


def pre_trends(study: Study, profile: Mapping) -> dict[str, Estimate]:
    """Return, by outcome, how differently the groups moved already in the year before the start.

    Differences in changes between the first and the second half of the baseline: zero is what a good comparison group
    shows.
    """
    months = profile["evaluation.baseline_months"]
    half = months // 2
    changes, _ = changes_between(study, (-months, -half - 1), (-half, -1))
    level = profile["evaluation.confidence"]
    return {
        outcome: difference_in_changes(changes[outcome], study.groups["is_enrolled"], confidence=level)
        for outcome in EFFECT_OUTCOMES
    }


def placebo_year(panel: pd.DataFrame, enrolment: pd.DataFrame, profile: Mapping) -> dict[str, Estimate]:
    """Return, by outcome, the "effect" of a start one year before the real one, when there was no effort.

    The same comparison rule, weights and months as for the real effect, on the data before the families' real start.
    Families chosen when things are at their worst fall back of themselves: that shows here, and would be taken for an
    effect. Estimates are missing where the data begin too late.
    """
    enrolment = enrolment[has_started(enrolment, panel)]
    earlier = enrolment.assign(start_date=enrolment["start_date"] - pd.DateOffset(months=PLACEBO_MONTHS))
    real = enrolment.dropna(subset=["start_date"]).set_index("family_id")["start_date"]
    # Looked up by position: with nobody enrolled a mapped column would become text.
    starts = real.reindex(panel["family_id"]).set_axis(panel.index)
    before_real = ~(panel["month"] >= starts.dt.to_period("M").dt.to_timestamp())
    study = set_up(panel[before_real].reset_index(drop=True), earlier, profile)
    after = min(profile["evaluation.followup_months"], PLACEBO_MONTHS - 1)
    changes, _ = changes_between(study, (-profile["evaluation.baseline_months"], -1), (1, after))
    refused, level = obstacle(study) is not None, profile["evaluation.confidence"]
    return {
        outcome: difference_in_changes(
            changes[outcome] * np.nan if refused else changes[outcome],
            study.groups["is_enrolled"],
            study.groups["weight"],
            confidence=level,
        )
        for outcome in EFFECT_OUTCOMES
    }


def distrust(study: Study, profile: Mapping, placebo: Mapping[str, Estimate] | None = None) -> list[str]:
    """Return why the comparison cannot be trusted; an empty list when it can.

    ``few_families``, ``better_off`` (the comparison group was clearly better off on too many measures at the start),
    ``little_overlap`` (too many of the enrolled have no comparison family like them), ``unbalanced`` (no weights make
    the groups alike), ``thin_weights`` (the weights rest on too few families), ``pre_trend`` (the groups moved
    differently already before the start), ``placebo`` (a start one year earlier has an "effect" too),
    ``not_measured`` (one of these cannot be told: what is unknown does not count as in order).

    Parameters
    ----------
    study, profile
        As in `set_up`.
    placebo
        From `placebo_year`; where it is left out or missing, the other reasons decide.
    """
    least, limit = profile["evaluation.minimum_families"], profile["evaluation.balance_limit"]
    gaps = balance(study)["difference_weighted"].abs()
    risk = alarm_risk(profile)
    before = pre_trends(study, profile).values()
    share = better_off(study, profile)
    reasons = {
        "few_families": min(study.count(True), study.count(False)) < least,
        "better_off": share > profile["evaluation.better_off_limit"],
        "little_overlap": study.share_with_overlap < profile["evaluation.overlap_limit"],
        "unbalanced": not study.is_balanced or gaps.max() > limit,
        "thin_weights": study.effective_comparison < least,
        "pre_trend": any(estimate.p < risk for estimate in before),
        "placebo": any(estimate.p < risk for estimate in (placebo or {}).values()),
        "not_measured": not np.isfinite([share, *gaps]).all() or not all(_is_told(e) for e in before),
    }
    return [reason for reason, holds in reasons.items() if holds]


def alarm_risk(profile: Mapping) -> float:
    """Return the probability below which a difference that should be zero raises the alarm.

    Several outcomes are looked at: each gets its part of the risk, or chance alone would raise it.
    """
    return (1 - profile["evaluation.confidence"]) / len(EFFECT_OUTCOMES)


def better_off(study: Study, profile: Mapping) -> float:
    """Return the share of measures on which the comparison group was better off by more than the balance limit."""
    return cmp.better_off_share(balance(study), cmp.HIGHER_IS_BETTER, profile["evaluation.balance_limit"])


def _is_told(trend: Estimate) -> bool:
    # Where nobody's outcome moved there is no spread and no interval, but the groups did move alike: not at all.
    return bool(np.isfinite([trend.low, trend.high]).all() or abs(trend.value) < 1e-9)
