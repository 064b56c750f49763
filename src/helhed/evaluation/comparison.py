"""Two groups made alike and compared: balance, propensity, weights, entropy balancing.

The functions take plain sequences and tables and know nothing of a municipality.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog, minimize
from statsmodels.discrete.discrete_model import Logit

from helhed.errors import Problem, WrongCall
from helhed.evaluation import given

#: Indicators that say who is better off at the start; True: a higher value is better.
HIGHER_IS_BETTER = {
    "absence_share": False,
    "share_on_benefit": False,
    "share_working": True,
    "n_child_cases": False,
    "n_notifications": False,
    "n_departments": False,
    "spending_per_member_dkk": False,
}


#: Whose standard deviation a standardised difference is told in.
DENOMINATORS = ("treated", "comparison", "pooled")


def balance_table(
    frame: pd.DataFrame,
    treated: Sequence[bool],
    covariates: Sequence[str],
    weights: Sequence[float] | None = None,
    denominator: str = "treated",
) -> pd.DataFrame:
    """Return how alike two groups are on each covariate.

    Parameters
    ----------
    frame
        One row per unit; missing values are left out covariate by covariate.
    treated
        Whether the unit is in the treated group.
    covariates
        Numeric columns to compare.
    weights
        One weight per unit; all equal when left out.
    denominator
        Standard deviation in the standardised difference: ``treated`` (of the treated group), ``comparison`` (of the
        comparison group) or ``pooled`` (√((s₁² + s₀²) / 2)). Always that of the unweighted units, so that weighting
        cannot hide a difference. Of a yes/no measure (0 and 1 alone) it is √(p(1 - p)), else that of a sample (n - 1).

    Returns
    -------
    One row per covariate: ``covariate``, ``mean_treated``, ``mean_comparison``, ``sd``, ``standardised_difference``,
    ``share_missing``. The difference is missing where the standard deviation is zero and the means differ.

    Notes
    -----
    The conventions are those of R's MatchIt and cobalt (Austin 2009, Statistics in Medicine 28, 3083-3107).
    """
    given.need_columns(frame, covariates)
    given.need_choice(denominator, DENOMINATORS)
    treated = given.yes_no(treated, "treated")
    weights = np.ones(len(frame)) if weights is None else given.column(weights, "weights")
    given.need_same_length(frame=frame, treated=treated, weights=weights)
    rows = [
        {"covariate": name, **_balance(given.numbers(frame[name], name), treated, weights, denominator)}
        for name in covariates
    ]
    columns = ("covariate", "mean_treated", "mean_comparison", "sd", "standardised_difference", "share_missing")
    return pd.DataFrame(rows, columns=list(columns))


def _balance(values: np.ndarray, treated: np.ndarray, weights: np.ndarray, denominator: str) -> dict[str, float]:
    known = np.isfinite(values)
    means = [_weighted_mean(values[known & group], weights[known & group]) for group in (treated, ~treated)]
    is_yes_no = bool(np.isin(values[known], (0.0, 1.0)).all())
    spreads = [_variance(values[known & group], is_yes_no) for group in (treated, ~treated)]
    sd = np.sqrt(
        {"treated": spreads[0], "comparison": spreads[1], "pooled": (spreads[0] + spreads[1]) / 2}[denominator]
    )
    gap = means[0] - means[1]
    return {
        "mean_treated": means[0],
        "mean_comparison": means[1],
        "sd": sd,
        "standardised_difference": gap / sd if sd > 0 else (0.0 if gap == 0 else np.nan),
        "share_missing": 1 - known.mean() if known.size else np.nan,
    }


def _weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() > 0 else np.nan


def _variance(values: np.ndarray, is_yes_no: bool) -> float:
    return float(values.var(ddof=0 if is_yes_no else 1)) if values.size > 1 else np.nan


def better_off_share(balance: pd.DataFrame, higher_is_better: dict[str, bool], limit: float = 0.0) -> float:
    """Return the share of indicators on which the comparison group's mean is better than the treated group's.

    Only rows of indicators with a stated direction and two known means count; missing when there is none. With
    ``limit`` a difference counts from so many standard deviations on: chance alone makes groups differ a little.
    """
    rows = balance[balance["covariate"].isin(higher_is_better)].dropna(subset=["mean_treated", "mean_comparison"])
    if rows.empty:
        return np.nan
    better = np.where(rows["covariate"].map(higher_is_better), 1, -1) * (rows["mean_comparison"] - rows["mean_treated"])
    enough = limit * rows["sd"].fillna(0.0) if limit else 0.0
    return float((better > enough).mean())


def fill_missing(frame: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Return the covariates ready for weighting: gaps hold the mean, and a column ``<name>_missing`` marks them.

    Columns that do not vary, or follow from the ones before them, are left out: they can neither help nor be balanced.
    """
    filled = frame[list(covariates)].astype("float64")
    gaps = filled.isna().astype("float64").add_suffix("_missing")
    both = pd.concat([filled.fillna(filled.mean()), gaps], axis=1).dropna(axis=1)
    varying = both.loc[:, both.std() > 1e-12]
    return varying[_independent((varying - varying.mean()) / varying.std())]


def _independent(scaled: pd.DataFrame) -> list[str]:
    """Return the names of the columns that are no combination of those before them."""
    basis, kept = np.empty((len(scaled), 0)), []
    for name in scaled:
        column = scaled[name].to_numpy(dtype=float)
        rest = column - basis @ (basis.T @ column)
        if np.linalg.norm(rest) > 1e-6 * np.linalg.norm(column):
            basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
            kept.append(name)
    return kept


def propensity(covariates: pd.DataFrame, treated: Sequence[bool]) -> np.ndarray:
    """Return each unit's probability of being treated by a logit model; all missing when the model has no solution.

    There is none when a combination of covariates tells the two groups apart completely.

    Raises
    ------
    WrongCall
        If a covariate has a missing value (see `fill_missing`), or the lengths differ.
    """
    given.need_columns(covariates, [])
    group = given.yes_no(treated, "treated")
    given.need_same_length(covariates=covariates, treated=group)
    values = [given.numbers(covariates[name], str(name)) for name in covariates]
    for name, column in zip(covariates, values, strict=True):
        given.need_all_known(column, str(name))
    design = np.column_stack([np.ones(len(group)), *values])
    model = Logit(group.astype(float), _scaled(design))
    with warnings.catch_warnings():
        # Separation and non-convergence come as warnings; here they mean "no answer".
        warnings.simplefilter("error")
        try:
            return model.predict(model.fit(disp=0, maxiter=100).params)
        except (Warning, np.linalg.LinAlgError):
            return np.full(len(design), np.nan)


def _scaled(design: np.ndarray) -> np.ndarray:
    scaled = design.copy()
    spread = scaled[:, 1:].std(axis=0)
    scaled[:, 1:] = (scaled[:, 1:] - scaled[:, 1:].mean(axis=0)) / np.where(spread > 0, spread, 1)
    return scaled


def odds_weights(probability: Sequence[float], treated: Sequence[bool]) -> np.ndarray:
    """Return weights that make the comparison look like the treated: 1 for treated, p / (1 - p) for the others."""
    probability, treated = given.column(probability, "probability"), given.yes_no(treated, "treated")
    given.need_same_length(probability=probability, treated=treated)
    if (probability[~treated] >= 1).any():  # no weight is heavy enough for one who cannot be in the comparison
        raise WrongCall(Problem("evaluation.probability_one"))
    return np.where(treated, 1.0, probability / np.where(treated, 1.0, 1 - probability))


@dataclass(frozen=True)
class EntropyWeights:
    """Weights of the comparison units (summing to 1), and whether they reach the treated group's means.

    ``largest_gap`` is the largest remaining difference of means, in standard deviations of the comparison units.
    """

    weights: np.ndarray
    is_reached: bool
    largest_gap: float


def entropy_balance(
    comparison: np.ndarray, target: Sequence[float], tolerance: float = 1e-6, penalty: float = 0.5
) -> EntropyWeights:
    """Return the weights nearest to equal ones that give the comparison units the target means.

    Minimises Σ w·ln(w) under Σ w = 1 and Σ w·x = target through its dual, ln Σ exp(z·λ), where z is x minus target.
    No such weights exist when the target lies outside what the comparison units span. Then ``is_reached`` is False and
    the weights come as near as they can without resting on a handful of units: ``penalty``·|λ|²/2 is added to the dual.
    Source: Hainmueller (2012), entropy balancing.

    Parameters
    ----------
    comparison
        One row per comparison unit, one column per covariate, without missing values.
    target
        Means of the treated units.
    tolerance
        Largest gap, in standard deviations, that counts as reached.
    penalty
        How dear uneven weights are where the means cannot be reached.

    Raises
    ------
    WrongCall
        If there is no comparison unit, a value is missing, or there is not one mean per covariate.
    """
    comparison, target = given.numbers(comparison, "comparison"), given.numbers(target, "target")
    _refuse_unbalanceable(comparison, target)
    if not target.size:  # nothing differs: equal weights
        return EntropyWeights(np.full(len(comparison), 1 / len(comparison)), True, 0.0)
    spread = comparison.std(axis=0)
    z = (comparison - target) / np.where(spread > 0, spread, 1.0)
    ridge = 0.0 if _spans(z) else penalty
    found = minimize(
        _dual,
        np.zeros(z.shape[1]),
        args=(z, ridge),
        jac=True,
        hess=_dual_curvature,
        method="trust-exact",
        options={"gtol": tolerance / 100, "maxiter": 500},
    )
    weights = _softmax(z @ found.x)
    gap = float(np.abs(weights @ z).max(initial=0.0))
    return EntropyWeights(weights, gap <= tolerance, gap)


def _refuse_unbalanceable(comparison: np.ndarray, target: np.ndarray) -> None:
    if comparison.ndim != 2 or not len(comparison) or comparison.shape[1] != target.size:
        raise WrongCall(Problem("evaluation.not_a_table"))
    for name, values in (("comparison", comparison), ("target", target)):
        given.need_all_known(values, name)


def _spans(z: np.ndarray) -> bool:
    """Return whether any weights at all give a mean of zero: a linear programme without an objective."""
    equal = np.vstack([z.T, np.ones(len(z))])
    wanted = np.append(np.zeros(z.shape[1]), 1.0)
    return linprog(np.zeros(len(z)), A_eq=equal, b_eq=wanted, bounds=(0, None)).status == 0


def _dual(multipliers: np.ndarray, z: np.ndarray, ridge: float) -> tuple[float, np.ndarray]:
    exponent = z @ multipliers
    top = exponent.max()
    value = top + np.log(np.exp(exponent - top).sum()) + ridge / 2 * multipliers @ multipliers
    return float(value), _softmax(exponent) @ z + ridge * multipliers


def _dual_curvature(multipliers: np.ndarray, z: np.ndarray, ridge: float) -> np.ndarray:
    weights = _softmax(z @ multipliers)
    mean = weights @ z
    return (z * weights[:, None]).T @ z - np.outer(mean, mean) + ridge * np.eye(len(multipliers))


def _softmax(exponent: np.ndarray) -> np.ndarray:
    raised = np.exp(exponent - exponent.max())
    return raised / raised.sum()


def effective_sample_size(weights: Sequence[float]) -> float:
    """Return how many equally weighted units carry as much: (Σw)² / Σw².

    Examples
    --------
    >>> effective_sample_size([1, 1, 1, 1]), effective_sample_size([1, 0, 0, 0])
    (4.0, 1.0)
    """
    weights = given.column(weights, "weights")
    given.need_all_known(weights, "weights")
    total = (weights**2).sum()
    return float(weights.sum() ** 2 / total) if total > 0 else 0.0
