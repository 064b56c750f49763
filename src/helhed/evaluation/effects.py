"""Differences in differences for few families: the estimate, its interval, and a test that needs no large numbers."""

import math
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from helhed.errors import Problem, WrongCall
from helhed.evaluation import given
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.small_samples import Coefficient, coefficient

#: Enrolled units beyond which nobody need count on.
MOST_FAMILIES = 10_000_000


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
    given.need_share(power, "power")
    given.need_share(significance, "significance")
    n_enrolled, n_comparison = given.number(n_enrolled, "n_enrolled"), given.number(n_comparison, "n_comparison")
    sd = given.number(sd, "sd")
    if not (n_enrolled >= 2 and n_comparison >= 2 and sd > 0):
        return math.nan
    ratio = n_comparison / n_enrolled
    solved = TTestIndPower().solve_power(nobs1=n_enrolled, ratio=ratio, alpha=significance, power=power)
    return float(np.atleast_1d(solved)[0]) * sd


def families_needed(
    effect: float, sd: float, comparison_per_enrolled: float = 1.0, significance: float = 0.05, power: float = 0.8
) -> int | None:
    """Return how many enrolled units it takes to find a true difference of ``effect``.

    From the power of the two-sided two-sample t test, rounded up. None when ``effect`` is zero or ``sd`` is unknown,
    and when it would take more than `MOST_FAMILIES`.

    Parameters
    ----------
    effect, sd
        The difference and the standard deviation, in the same unit.
    comparison_per_enrolled
        Comparison units for each enrolled one.
    significance, power
        Two-sided error of the first kind, and the chance of finding the effect.

    Examples
    --------
    >>> families_needed(0.5, 1.0)
    64
    """
    given.need_share(power, "power")
    given.need_share(significance, "significance")
    effect, sd = given.number(effect, "effect"), given.number(sd, "sd")
    comparison_per_enrolled = given.number(comparison_per_enrolled, "comparison_per_enrolled")
    if not sd > 0 or not abs(effect) > 0 or not comparison_per_enrolled > 0:
        return None
    power_of = TTestIndPower().power
    smallest = max(2, math.ceil(2 / comparison_per_enrolled))

    def is_enough(n: int) -> bool:
        found = power_of(abs(effect) / sd, n, significance, ratio=comparison_per_enrolled, alternative="two-sided")
        return not found < power  # a power so near to 1 that it cannot be computed is missing

    above = smallest
    while not is_enough(above):
        above *= 2
        if above > MOST_FAMILIES:
            return None
    return smallest + bisect_left(range(smallest, above), True, key=is_enough)


def difference_in_changes(
    changes: Sequence[float],
    enrolled: Sequence[bool],
    weights: Sequence[float] | None = None,
    adjust: np.ndarray | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the enrolled units' mean change minus the comparison units', with an interval for few units.

    Least squares of the change on the group; standard errors and interval from
    `helhed.evaluation.small_samples.coefficient`. Without weights and measures the error is that of Welch's t test.

    Parameters
    ----------
    changes
        One value per unit; units without one are left out.
    enrolled
        Whether the unit is enrolled.
    weights
        One weight per unit; all equal when left out.
    adjust
        Measures from before the start, one row per unit, without gaps. Where the weights give both groups the same
        means they leave the estimate as it is and take out of the interval what they explain.

    Returns
    -------
    Without interval where the measures leave too little to see chance by; without value when a group has fewer than
    two units.
    """
    given.need_share(confidence, "confidence")
    change, group = given.column(changes, "changes"), given.yes_no(enrolled, "enrolled")
    weight = np.ones(len(change)) if weights is None else given.column(weights, "weights")
    given.need_same_length(changes=change, enrolled=group, weights=weight)
    known = np.isfinite(change) & (weight > 0)
    counts = int((known & group).sum()), int((known & ~group).sum())
    if min(counts) < 2:
        return Estimate(math.nan, n_enrolled=counts[0], n_comparison=counts[1])
    columns = [np.ones(int(known.sum())), group[known].astype(float)]
    if adjust is not None:
        columns.extend(_varying(np.asarray(adjust, dtype=float)[known]))
    return estimated(coefficient(np.column_stack(columns), change[known], 1, weight[known]), counts, confidence)


def _varying(measures: np.ndarray) -> list[np.ndarray]:
    """Return the columns, centred and scaled, that vary among the units that are left."""
    spread = measures.std(axis=0)
    return [(column - column.mean()) / sd for column, sd in zip(measures.T, spread, strict=True) if sd > 1e-12]


def estimated(found: Coefficient, counts: tuple[int, int], confidence: float) -> Estimate:
    """Return a coefficient as an estimate for so many enrolled and comparison units."""
    if not np.isfinite(found.standard_error):
        return Estimate(found.value, n_enrolled=counts[0], n_comparison=counts[1])
    return Estimate(found.value, *found.interval(confidence), *counts, found.p)


def difference_in_pairs(
    differences: Sequence[float], before: Sequence[float] | None = None, confidence: float = 0.95
) -> Estimate:
    """Return the mean difference of matched pairs, with a t interval.

    Parameters
    ----------
    differences
        Change of the enrolled minus change of its partner, one per pair; missing ones are left out.
    before
        Outcome of the enrolled minus that of its partner before the start. When given, what the pairs still differed
        by is taken out of the estimate by a regression line (Rubin 1973, Biometrics 29(1), 185-203).
    """
    given.need_share(confidence, "confidence")
    design, known = _pair_design(differences, before)
    if len(known) < 2:
        return Estimate(math.nan, n_enrolled=len(known), n_comparison=len(known))
    return estimated(coefficient(design, known, 0), (len(known), len(known)), confidence)


def differences_left(differences: Sequence[float], before: Sequence[float]) -> np.ndarray:
    """Return the known pairs' differences less what the regression line of `difference_in_pairs` says they owe it."""
    design, known = _pair_design(differences, before)
    if design.shape[1] < 2 or len(known) < 2:
        return known
    return known - design[:, 1] * np.linalg.lstsq(design, known, rcond=None)[0][1]


def _pair_design(differences: Sequence[float], before: Sequence[float] | None) -> tuple[np.ndarray, np.ndarray]:
    differences = given.column(differences, "differences")
    gaps = np.zeros(len(differences)) if before is None else given.column(before, "before")
    given.need_same_length(differences=differences, before=gaps)
    known = np.isfinite(differences) & np.isfinite(gaps)
    columns = [np.ones(int(known.sum())), gaps[known]]
    varies = known.any() and gaps[known].std() > 1e-12
    return np.column_stack(columns if varies else columns[:1]), differences[known]


def difference_in_differences(
    frame: pd.DataFrame, outcome: str, weights: str | None = None, confidence: float = 0.95
) -> Estimate:
    """Return the enrolled group's change minus the comparison group's, of a table with one row per family and period.

    As `difference_in_changes`, each family's change being one observation.

    Parameters
    ----------
    frame
        ``family_id``, ``is_enrolled``, ``is_after`` and the outcome. Families without a known value in both periods
        are left out.
    outcome
        Column with the outcome.
    weights
        Column with a weight per row, the same for both of a family; all equal when left out.

    Raises
    ------
    WrongCall
        If a column is missing, a family has two rows for a period, or is in both groups.
    """
    given.need_columns(frame, ["is_enrolled", outcome, *([weights] if weights else [])])
    given.need_one_row_each(frame, ["family_id", "is_after"])
    given.need_one_value_each(frame, "family_id", "is_enrolled")
    groups = {name: given.yes_no(frame[name], name) for name in ("is_enrolled", "is_after")}
    frame = frame.assign(**{outcome: given.numbers(frame[outcome], outcome)}, **groups)
    known = frame[frame[outcome].notna()]
    wide = known.pivot(index="family_id", columns="is_after", values=outcome).reindex(columns=[False, True])
    first = known.groupby("family_id").first()
    weight = None if weights is None else first[weights].to_numpy(dtype=float)
    change = (wide[True] - wide[False]).to_numpy(dtype=float)
    return difference_in_changes(change, first["is_enrolled"], weight, confidence=confidence)


def randomisation_p(changes: Sequence[float], treated: Sequence[bool], n_draws: int, rng: np.random.Generator) -> float:
    """Return how often enrolment by lot alone would give a difference of mean changes at least as far from zero.

    All ways to deal out the enrolment are tried when there are at most ``n_draws`` of them, else ``n_draws`` random
    ones, and then the real one counts as one of them (Phipson and Smyth 2010). Missing when a group has fewer than
    two.
    """
    changes, treated = given.column(changes, "changes"), given.yes_no(treated, "treated")
    given.need_same_length(changes=changes, treated=treated)
    n_draws, rng = _draws(n_draws, rng)
    known = np.isfinite(changes)
    groups = changes[known & treated], changes[known & ~treated]
    if min(group.size for group in groups) < 2:
        return math.nan
    outcome = stats.permutation_test(
        groups, _distance, vectorized=True, n_resamples=n_draws, alternative="greater", rng=rng
    )
    return float(outcome.pvalue)


def paired_randomisation_p(differences: Sequence[float], n_draws: int, rng: np.random.Generator) -> float:
    """Return how often a toss of a coin in every pair would give a mean difference at least as far from zero.

    Two-sided; exact when there are at most ``n_draws`` sign patterns, else by random draws. Missing with fewer than two
    pairs.
    """
    differences = given.column(differences, "differences")
    differences = differences[np.isfinite(differences)]
    n_draws, rng = _draws(n_draws, rng)
    if differences.size < 2:
        return math.nan
    outcome = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", vectorized=True, n_resamples=n_draws, rng=rng
    )
    return float(outcome.pvalue)


def _distance(first: np.ndarray, second: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.abs(first.mean(axis=axis) - second.mean(axis=axis))


def _draws(n_draws: int, rng: np.random.Generator | int) -> tuple[int, np.random.Generator]:
    """Return how many draws, at least one, and what draws them; a seed serves as well."""
    if given.number(n_draws, "n_draws") < 1:
        raise WrongCall(Problem("evaluation.no_draws", value=str(n_draws)))
    if not isinstance(rng, np.random.Generator):
        rng = np.random.default_rng(given.whole(rng, "rng"))
    return given.whole(n_draws, "n_draws"), rng
