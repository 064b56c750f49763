"""Differences in differences for few families: the estimate, its interval, and a test that needs no large numbers."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from helhed.evaluation.estimates import Estimate


def detectable_effect(
    n_enrolled: int, n_comparison: int, sd: float, significance: float = 0.05, power: float = 0.8
) -> float:
    """Return the smallest true difference that two groups of this size would find, in the unit of ``sd``.

    From the power of the two-sided two-sample t test. Missing when a group has fewer than two units or ``sd`` is
    unknown.

    Parameters
    ----------
    n_enrolled, n_comparison
        Units in each group.
    sd
        Standard deviation of the outcome; for differences in differences of the units' changes.
    significance, power
        Two-sided error of the first kind, and the chance of finding the effect.
    """
    if min(n_enrolled, n_comparison) < 2 or not sd > 0:
        return math.nan
    ratio = n_comparison / n_enrolled
    solved = TTestIndPower().solve_power(nobs1=n_enrolled, ratio=ratio, alpha=significance, power=power)
    return float(np.atleast_1d(solved)[0]) * sd


def difference_in_differences(
    frame: pd.DataFrame, outcome: str, weights: str | None = None, confidence: float = 0.95
) -> Estimate:
    """Return the enrolled group's change minus the comparison group's, with errors clustered by family.

    Least squares of the outcome on group, period and their product; the product's coefficient is the estimate. Errors
    are clustered by ``family_id`` and the interval uses t with one degree of freedom less than there are families.

    Parameters
    ----------
    frame
        One row per family and period: ``family_id``, ``is_enrolled``, ``is_after`` and the outcome. Families without
        a known value in both periods are left out.
    outcome
        Column with the outcome.
    weights
        Column with a weight per row; all equal when left out.
    """
    rows = _in_both_periods(frame, outcome)
    group, after = rows["is_enrolled"].astype(float), rows["is_after"].astype(float)
    counts = rows.drop_duplicates("family_id")["is_enrolled"].astype(bool)
    n_enrolled, n_comparison = int(counts.sum()), int((~counts).sum())
    if min(n_enrolled, n_comparison) < 2:
        return Estimate(math.nan, n_enrolled=n_enrolled, n_comparison=n_comparison)
    design = np.column_stack([np.ones(len(rows)), group, after, group * after])
    weight = np.ones(len(rows)) if weights is None else rows[weights].to_numpy(dtype=float)
    clusters = {"groups": pd.factorize(rows["family_id"])[0]}
    fitted = sm.WLS(rows[outcome].to_numpy(dtype=float), design, weights=weight).fit(
        cov_type="cluster", cov_kwds=clusters, use_t=True
    )
    value, variance = float(fitted.params[3]), float(fitted.cov_params()[3, 3])
    if variance <= 1e-20:  # nothing varies within the groups: no interval can be made
        return Estimate(value, n_enrolled=n_enrolled, n_comparison=n_comparison)
    error, freedom = math.sqrt(variance), n_enrolled + n_comparison - 1
    half = float(stats.t.ppf((1 + confidence) / 2, freedom)) * error
    p = float(2 * stats.t.sf(abs(value) / error, freedom))
    return Estimate(value, value - half, value + half, n_enrolled, n_comparison, p)


def _in_both_periods(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    known = frame[frame[outcome].notna()].sort_values(["family_id", "is_after"])
    return known[known.groupby("family_id")["is_after"].transform("nunique") == 2]


def randomisation_p(changes: Sequence[float], treated: Sequence[bool], n_draws: int, rng: np.random.Generator) -> float:
    """Return how often enrolment by lot alone would give a difference of mean changes at least as large.

    Two-sided. All ways to deal out the enrolment are tried when there are at most ``n_draws`` of them, else
    ``n_draws`` random ones, and then the real one counts as one of them (Phipson and Smyth 2010). Missing when a
    group has fewer than two.
    """
    changes, treated = np.asarray(changes, dtype=float), np.asarray(treated, dtype=bool)
    known = np.isfinite(changes)
    groups = changes[known & treated], changes[known & ~treated]
    if min(group.size for group in groups) < 2:
        return math.nan
    outcome = stats.permutation_test(groups, _gap, vectorized=True, n_resamples=n_draws, rng=rng)
    return float(outcome.pvalue)


def paired_randomisation_p(differences: Sequence[float], n_draws: int, rng: np.random.Generator) -> float:
    """Return how often a toss of a coin in every pair would give a mean difference at least as far from zero.

    Two-sided; exact when there are at most ``n_draws`` sign patterns, else by random draws. Missing with fewer than two
    pairs.
    """
    differences = np.asarray(differences, dtype=float)
    differences = differences[np.isfinite(differences)]
    if differences.size < 2:
        return math.nan
    outcome = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", vectorized=True, n_resamples=n_draws, rng=rng
    )
    return float(outcome.pvalue)


def _gap(first: np.ndarray, second: np.ndarray, axis: int = -1) -> np.ndarray:
    return first.mean(axis=axis) - second.mean(axis=axis)
