"""Least squares with intervals that hold when there are few families.

Errors may differ from family to family, and each residual is enlarged by what the fit took out of it (HC2). The
interval uses t with the degrees of freedom that the variance estimate itself has (Bell and McCaffrey 2002, Survey
Methodology 28(2), 169-181; Imbens and Kolesár 2016, Review of Economics and Statistics 98(4), 701-712).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its standard error and degrees of freedom; NaN where the fit leaves none."""

    value: float
    standard_error: float
    degrees_of_freedom: float

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the limits of the t interval."""
        half = float(stats.t.ppf((1 + confidence) / 2, self.degrees_of_freedom)) * self.standard_error
        return self.value - half, self.value + half

    @property
    def p(self) -> float:
        """Return the two-sided probability, were the coefficient zero, of one at least as far from it."""
        return float(2 * stats.t.sf(abs(self.value) / self.standard_error, self.degrees_of_freedom))


def coefficient(
    design: np.ndarray, outcome: Sequence[float], position: int, weights: Sequence[float] | None = None
) -> Coefficient:
    """Return one coefficient of a (weighted) least squares fit.

    Parameters
    ----------
    design
        One row per unit, one column per term.
    outcome
        One value per unit.
    position
        Column whose coefficient is wanted.
    weights
        One weight per unit, none negative; all equal when left out.

    Notes
    -----
    With e = y - Xb, A = (X'WX)⁻¹ and g the row of A X'W: variance Σ gᵢ²·eᵢ²/dᵢ, where dᵢ is what of a unit's variance
    is left in its residual when all units have the same. Without weights dᵢ is one minus the leverage; with a constant
    and a group alone the variance is s₁²/n₁ + s₀²/n₀.
    """
    x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if np.linalg.matrix_rank(x[w > 0]) < x.shape[1]:
        return Coefficient(math.nan, math.nan, math.nan)
    weighted = x * w[:, None]
    inverse = np.linalg.inv(x.T @ weighted)
    row = weighted @ inverse[position]
    value = float(row @ y)
    residual = y - x @ (inverse @ (weighted.T @ y))
    left, factor, middle = _left_in_residuals(x, weighted, inverse)
    if (left[w > 0] < 1e-9).any():  # a unit that the fit follows exactly says nothing about the spread
        return Coefficient(value, math.nan, math.nan)
    share = np.where(w > 0, row**2 / np.where(left > 0, left, 1.0), 0.0)
    variance = float(share @ residual**2)
    smallest = 1e-20 * max(1.0, float(np.abs(y).max(initial=0.0)) ** 2)
    if variance <= smallest:  # nothing varies: no interval can be made
        return Coefficient(value, math.nan, math.nan)
    within = middle @ (factor.T @ (factor * share[:, None]))
    spread = float((share**2) @ (2 * left - 1) + np.trace(within @ within))
    return Coefficient(value, math.sqrt(variance), float((share @ left) ** 2 / spread))


def _left_in_residuals(
    x: np.ndarray, weighted: np.ndarray, inverse: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the diagonal of the residuals' covariance under equal variances, and a factor of what the fit took out.

    The covariance is I - F·S·F' with F = [X, WX]: never more than twice as many columns as the fit has terms.
    """
    nothing = np.zeros_like(inverse)
    middle = np.block([[-inverse @ (weighted.T @ weighted) @ inverse, inverse], [inverse, nothing]])
    factor = np.column_stack([x, weighted])
    taken = np.einsum("ij,jk,ik->i", factor, middle, factor)
    return 1 - taken, factor, middle
