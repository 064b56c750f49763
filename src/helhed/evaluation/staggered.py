"""Effects when families start at different times: group-time averages (Callaway and Sant'Anna 2021).

For the families that started in period g, the effect in period t is their mean change since the period before g,
minus the same change of the families that have not started yet. No family that has started serves as comparison,
which is what makes a plain regression with many start dates go wrong. Written for panels without covariates.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats


@dataclass(frozen=True)
class GroupTimeEffects:
    """Group-time effects, and what is needed to average them with a right standard error.

    Parameters
    ----------
    table
        One row per group and period: ``group``, ``period``, ``effect``, ``standard_error``, ``n_treated``,
        ``n_comparison``.
    influence
        One row per unit, one column per row of ``table``: the unit's share in the estimate's error.
    starts
        Each unit's first treated period; NaN for never.
    """

    table: pd.DataFrame
    influence: np.ndarray
    starts: np.ndarray


def group_time_effects(frame: pd.DataFrame, comparison: str = "not_yet") -> GroupTimeEffects:
    """Return the effect for every start group in every period.

    Parameters
    ----------
    frame
        One row per unit and period: ``unit``, ``period`` (whole numbers), ``start`` (first treated period, missing
        for never), ``outcome``. A unit without a known outcome in both periods of a comparison is left out of it.
    comparison
        ``not_yet``: units that have not started by the period, and those that never do; ``never``: the latter only.

    Notes
    -----
    Before the start each period is compared with the one before it, from the start on with the last before the start.
    """
    wide = frame.pivot(index="unit", columns="period", values="outcome").sort_index().astype("float64")
    starts = frame.groupby("unit")["start"].first().reindex(wide.index).to_numpy(dtype=float, na_value=np.nan)
    periods = wide.columns.to_list()
    rows, influence = [], []
    for group in sorted(set(starts[np.isfinite(starts)])):
        for before, period in zip(periods, periods[1:], strict=False):
            base = before if period < group else max((p for p in periods if p < group), default=None)
            cell = _cell(wide, starts, group, (base, period), comparison) if base is not None else None
            if cell is not None:
                rows.append({"group": group, "period": period, **cell[0]})
                influence.append(cell[1])
    columns = ["group", "period", "effect", "standard_error", "n_treated", "n_comparison"]
    matrix = np.column_stack(influence) if influence else np.empty((len(wide), 0))
    return GroupTimeEffects(pd.DataFrame(rows, columns=columns), matrix, starts)


def _cell(wide, starts, group, between, comparison):
    base, period = between
    change = wide[period].to_numpy() - wide[base].to_numpy()
    is_treated = (starts == group) & np.isfinite(change)
    is_free = np.isnan(starts) | ((starts > max(period, base)) if comparison == "not_yet" else False)
    is_compared = is_free & (starts != group) & np.isfinite(change)
    if not is_treated.any() or not is_compared.any():
        return None
    effect = change[is_treated].mean() - change[is_compared].mean()
    n = len(change)
    influence = np.zeros(n)
    influence[is_treated] = (change[is_treated] - change[is_treated].mean()) * n / is_treated.sum()
    influence[is_compared] = -(change[is_compared] - change[is_compared].mean()) * n / is_compared.sum()
    error = float(np.sqrt((influence**2).sum()) / n)
    counts = {"n_treated": int(is_treated.sum()), "n_comparison": int(is_compared.sum())}
    return {"effect": float(effect), "standard_error": error or np.nan, **counts}, influence


def average_effect(effects: GroupTimeEffects, confidence: float = 0.95) -> dict[str, float]:
    """Return the average over all groups and periods from the start on, weighted by the groups' sizes.

    Keys: ``effect``, ``standard_error``, ``low``, ``high``.
    """
    table = effects.table
    return _average(effects, (table["period"] >= table["group"]).to_numpy(), confidence)


def effects_by_time(effects: GroupTimeEffects, confidence: float = 0.95) -> pd.DataFrame:
    """Return the average by periods since the start: ``periods_since`` and the columns of `average_effect`.

    Negative periods show the trend before the start: they should hold zero.
    """
    since = (effects.table["period"] - effects.table["group"]).to_numpy()
    rows = [{"periods_since": int(e), **_average(effects, since == e, confidence)} for e in sorted(set(since))]
    return pd.DataFrame(rows, columns=["periods_since", "effect", "standard_error", "low", "high"])


def _average(effects: GroupTimeEffects, chosen: np.ndarray, confidence: float) -> dict[str, float]:
    if not chosen.any():
        return dict.fromkeys(("effect", "standard_error", "low", "high"), np.nan)
    groups = effects.table["group"].to_numpy()[chosen]
    values = effects.table["effect"].to_numpy()[chosen]
    sizes = np.array([(effects.starts == group).mean() for group in groups])
    weights = sizes / sizes.sum()
    influence = effects.influence[:, chosen] @ weights + _weight_influence(effects.starts, groups, sizes) @ values
    error = float(np.sqrt((influence**2).sum()) / len(influence))
    effect, z = float(values @ weights), float(stats.norm.ppf((1 + confidence) / 2))
    error = error or np.nan
    return {"effect": effect, "standard_error": error, "low": effect - z * error, "high": effect + z * error}


def _weight_influence(starts: np.ndarray, groups: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return each unit's share in the error that comes from estimating the groups' sizes."""
    surplus = (starts[:, None] == groups[None, :]) - sizes[None, :]
    return surplus / sizes.sum() - surplus.sum(axis=1, keepdims=True) * sizes[None, :] / sizes.sum() ** 2
