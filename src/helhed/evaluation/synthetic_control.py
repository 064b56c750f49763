"""Synthetic control: one municipality held up against a weighted mix of others that ran like it before the start.

Weights are not negative and sum to 1, so the mix never reaches beyond what the others have been (Abadie, Diamond and
Hainmueller 2010). Fitted on the outcome before the start alone. How large a gap chance alone gives is seen by letting
each of the others play the part of the municipality in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from helhed.errors import Problem, WrongCall
from helhed.evaluation import given

#: The weight of the demand that the weights sum to 1, in units of the largest outcome.
_SUM_TO_ONE = 1e4


@dataclass(frozen=True)
class SyntheticControl:
    """A municipality against its mix of others.

    Parameters
    ----------
    weights
        Weight per other unit, summing to 1.
    gaps
        Outcome minus the mix, one value per period.
    start
        First period from which the gap counts as an effect.
    misfit_before, misfit_after
        Root mean squared gap before and from the start on.
    """

    weights: pd.Series
    gaps: pd.Series
    start: int
    misfit_before: float
    misfit_after: float

    @property
    def effect(self) -> float:
        """Return the mean gap from the start on."""
        return float(self.gaps[self.gaps.index >= self.start].mean())

    @property
    def ratio(self) -> float:
        """Return the misfit after over the misfit before: large when the gap opens at the start."""
        if self.misfit_before > 0:
            return self.misfit_after / self.misfit_before
        return np.inf if self.misfit_after > 0 else np.nan


def simplex_weights(others: np.ndarray, target: Sequence[float]) -> np.ndarray:
    """Return weights, none negative and summing to 1, with which the columns of ``others`` come nearest to the target.

    Least squares with non-negative weights; the sum is a further equation that outweighs the others by far, and what
    is left of its error is taken out by dividing.
    """
    others, target = given.numbers(others, "others"), given.column(target, "target")
    if others.ndim != 2 or others.shape[0] != target.size or not others.size:
        raise WrongCall(Problem("evaluation.not_a_table"))
    for name, values in (("others", others), ("target", target)):
        given.need_all_known(values, name)
    scale = max(float(np.abs(others).max(initial=0)), float(np.abs(target).max(initial=0)), 1e-12)
    demand = _SUM_TO_ONE * np.ones(others.shape[1])
    weights, _ = nnls(np.vstack([others / scale, demand]), np.append(target / scale, _SUM_TO_ONE))
    return weights / weights.sum()


def synthetic_control(outcomes: pd.DataFrame, unit: str, start: int) -> SyntheticControl:
    """Return a unit's synthetic control.

    Parameters
    ----------
    outcomes
        One row per period (the index, rising), one column per unit, without missing values.
    unit
        The unit that started.
    start
        First period with the new way of working; there must be periods before and after it.

    Raises
    ------
    WrongCall
        If the unit, a value, a period before or after the start, or another unit is missing, a unit or a period
        stands there twice, or a value is no number.
    """
    _refuse_unusable(outcomes, unit, start)
    before, others = outcomes.index < start, outcomes.columns.drop(unit)
    table = outcomes.astype(float)
    weights = simplex_weights(table.loc[before, others].to_numpy(), table.loc[before, unit])
    gaps = (table[unit] - table[others] @ weights).rename("gap")
    of_units = pd.Series(weights, index=others, name="weight")
    return SyntheticControl(of_units, gaps, start, _root_mean(gaps[before]), _root_mean(gaps[~before]))


def placebo_ranks(outcomes: pd.DataFrame, unit: str, start: int, worst_fit: float | None = None) -> pd.DataFrame:
    """Return what the same calculation gives for every unit, the unit itself and each other as if it had started.

    Returns
    -------
    One row per unit, largest ``ratio`` first: ``unit``, ``effect``, ``misfit_before``, ``misfit_after``, ``ratio``,
    ``rank``. The rank of the unit over the number of rows is its probability by chance alone: with ten municipalities
    never below one in ten. With ``worst_fit``, placebos are left out whose misfit before is more than so many times
    the unit's own. The unit itself is never in a placebo's mix: it has started.
    """
    own = synthetic_control(outcomes, unit, start)
    others = outcomes.drop(columns=unit)
    controls = {unit: own}
    for other in others.columns:
        placebo = synthetic_control(others, other, start)
        if worst_fit is None or placebo.misfit_before <= worst_fit * own.misfit_before:
            controls[other] = placebo
    rows = [
        {
            "unit": name,
            "effect": found.effect,
            "misfit_before": found.misfit_before,
            "misfit_after": found.misfit_after,
            "ratio": found.ratio,
        }
        for name, found in controls.items()
    ]
    ranked = pd.DataFrame(rows).sort_values("ratio", ascending=False, kind="stable", ignore_index=True)
    return ranked.assign(rank=ranked["ratio"].rank(ascending=False, method="max"))


def _refuse_unusable(outcomes: pd.DataFrame, unit: str, start: int) -> None:
    given.need_columns(outcomes, [])
    if outcomes.columns.has_duplicates or outcomes.index.has_duplicates:
        raise WrongCall(Problem("evaluation.table_doubled"))
    if unit not in outcomes.columns:
        raise WrongCall(Problem("evaluation.no_such_unit", value=str(unit)))
    if outcomes.columns.size < 3:
        raise WrongCall(Problem("evaluation.too_few_units"))
    if not _is_among(outcomes.index, start):
        raise WrongCall(Problem("evaluation.no_period_before_or_after", value=str(start)))
    if outcomes.isna().any().any():
        gaps = ", ".join(map(str, outcomes.columns[outcomes.isna().any()]))
        raise WrongCall(Problem("evaluation.outcome_missing", value=gaps))
    for name in outcomes.columns:
        given.numbers(outcomes[name], str(name))


def _is_among(periods: pd.Index, start: object) -> bool:
    """Return whether there are periods before and from the start on; what cannot be compared with them is no start."""
    try:
        return bool((periods < start).any() and (periods >= start).any())
    except TypeError:
        return False


def _root_mean(gaps: pd.Series) -> float:
    return float(np.sqrt((gaps**2).mean()))
