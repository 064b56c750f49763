"""Effects when families start at different times: group-time averages (Callaway and Sant'Anna 2021).

For the families that started in period g, the effect in period t is their mean change since the period before g,
minus the same change of the families that have not started yet. No family that has started serves as comparison,
which is what makes a plain regression with many start dates go wrong. Written for panels without covariates.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from helhed.evaluation import given
from helhed.evaluation.effects import estimated
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.small_samples import Coefficient

#: Whom those that have started are held up against.
COMPARISONS = ("not_yet", "never")
#: Fewest units of a start group for each period before its start that `pre_trend_p` tests (own choice, by simulation).
UNITS_PER_PERIOD = 10


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
        One row per unit and period: ``unit``, ``period`` (whole numbers), ``start`` (first treated period; missing,
        infinite or, where all periods are above 0, 0 for never), ``outcome``. A unit without a known outcome in both
        periods of a comparison is left out of it; one that started in the first period or before takes no part.
    comparison
        ``not_yet``: units that have not started by the period, and those that never do; ``never``: the latter only.

    Notes
    -----
    Before the start each period is compared with the one before it, from the start on with the last before the start.
    The standard error is missing where one side is a single unit: nobody can see from it how far units differ.

    Raises
    ------
    WrongCall
        If a column is missing, a unit has two rows for a period, its start changes, a value is no number, or the
        comparison is none of the two.
    """
    given.need_columns(frame, ["unit", "period", "start", "outcome"])
    given.need_choice(comparison, COMPARISONS)
    given.need_one_row_each(frame, ["unit", "period"])
    frame = frame.assign(**{name: given.numbers(frame[name], name) for name in ("period", "outcome")})
    frame = frame.assign(start=_never_as_missing(frame))
    given.need_one_value_each(frame, "unit", "start")
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


def _never_as_missing(frame: pd.DataFrame) -> np.ndarray:
    """Return the starts with every way to write "never" as a missing value."""
    starts = frame["start"].replace([np.inf, -np.inf], np.nan)
    found = given.numbers(starts, "start")
    return np.where(found == 0, np.nan, found) if (frame["period"] > 0).all() else found


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
    is_alone = min(is_treated.sum(), is_compared.sum()) < 2
    error = np.nan if is_alone else float(np.sqrt((influence**2).sum()) / n)
    counts = {"n_treated": int(is_treated.sum()), "n_comparison": int(is_compared.sum())}
    return {"effect": float(effect), "standard_error": error or np.nan, **counts}, influence


def average_effect(effects: GroupTimeEffects, confidence: float = 0.95) -> dict[str, float]:
    """Return the average over all groups and periods from the start on, weighted by the groups' sizes.

    Keys: ``effect``, ``standard_error``, ``low``, ``high``: as published, for many units (`average_for_few` is made for
    few). Without an error when fewer than two units have started.
    """
    given.need_share(confidence, "confidence")
    return _shown(_from_start(effects), confidence)


def average_for_few(effects: GroupTimeEffects, confidence: float = 0.95) -> Estimate:
    """Return the average of `average_effect` with an interval that holds when there are few units.

    The published error divides by the number of units and uses the normal distribution. Here the parts of those that
    start and those that never do are each multiplied by n / (n - 1), as in a variance of a sample, and the interval
    uses t with Satterthwaite's degrees of freedom.
    """
    average, n = _from_start(effects), len(effects.starts)
    started = np.isfinite(effects.starts)
    counts = int(started.sum()), int((~started).sum())
    if average is None:
        return Estimate(np.nan, n_enrolled=counts[0], n_comparison=counts[1])
    parts = [
        (size, (average.influence[group] ** 2).sum() / n**2)
        for size, group in zip(counts, (started, ~started), strict=True)
        if size
    ]
    if min(size for size, _ in parts) < 2 or not sum(part for _, part in parts) > 0:
        return Estimate(average.effect, n_enrolled=counts[0], n_comparison=counts[1])
    enlarged = [(size - 1, part * size / (size - 1)) for size, part in parts]
    variance = sum(part for _, part in enlarged)
    freedom = variance**2 / sum(part**2 / rest for rest, part in enlarged)
    return estimated(Coefficient(average.effect, float(np.sqrt(variance)), freedom), counts, confidence)


def _from_start(effects: GroupTimeEffects) -> "_Averaged | None":
    return _by_size(effects, (effects.table["period"] >= effects.table["group"]).to_numpy())


def effects_by_time(effects: GroupTimeEffects, confidence: float = 0.95) -> pd.DataFrame:
    """Return the average by periods since the start: ``periods_since`` and the columns of `average_effect`.

    Negative periods show the trend before the start: they should hold zero.
    """
    since = (effects.table["period"] - effects.table["group"]).to_numpy()
    rows = [{"periods_since": int(e), **_shown(_by_size(effects, since == e), confidence)} for e in sorted(set(since))]
    return pd.DataFrame(rows, columns=["periods_since", "effect", "standard_error", "low", "high"])


def effects_by(
    effects: GroupTimeEffects, by: Literal["group", "period", "periods_since"], confidence: float = 0.95
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the effects from the start on averaged by start group, calendar period or periods since the start.

    Returns
    -------
    A table with one row per value of ``by`` and the columns of `average_effect`, and the one overall average: the
    groups' averages weighted by their sizes, or the plain mean of the periods' averages.

    Notes
    -----
    Within a group its periods count alike; within a period the groups count by size (Callaway and Sant'Anna 2021,
    section 3). An average of a single unit has no error.
    """
    given.need_choice(by, ("group", "period", "periods_since"))
    given.need_share(confidence, "confidence")
    table = effects.table.assign(periods_since=effects.table["period"] - effects.table["group"])
    is_after = (table["periods_since"] >= 0).to_numpy()
    values = sorted(set(table.loc[is_after, by]))
    chosen = [is_after & (table[by] == value).to_numpy() for value in values]
    parts = [_evenly(effects, rows) if by == "group" else _by_size(effects, rows) for rows in chosen]
    rows = [{by: int(value), **_shown(part, confidence)} for value, part in zip(values, parts, strict=True)]
    frame = pd.DataFrame(rows, columns=[by, "effect", "standard_error", "low", "high"])
    if not parts:
        return frame, _shown(None, confidence)
    if by == "group":
        return frame, _shown(_weighted_by_size(effects.starts, np.array(values), parts), confidence)
    overall = _Averaged(
        float(np.mean([part.effect for part in parts])),
        np.mean([part.influence for part in parts], axis=0),
        max(part.n_treated for part in parts),
    )
    return frame, _shown(overall, confidence)


def pre_trend_p(effects: GroupTimeEffects) -> float:
    """Return the probability of effects before the start at least as far from zero, were there none (Wald test).

    All periods before the start of all groups are tested together, as published: for many units. A large value does
    not prove that the groups would have developed alike. Missing without such periods, where they depend on each other
    so that the test cannot be made, and where a group has fewer than `UNITS_PER_PERIOD` units for each of its periods:
    with so few the published test cries wolf (`helhed.evaluation.trust.pre_trends` is made for few families).
    """
    before = (effects.table["period"] < effects.table["group"]).to_numpy()
    if not before.any():
        return np.nan
    by_group = effects.table[before].groupby("group")["n_treated"].agg(["min", "size"])
    if (by_group["min"] < UNITS_PER_PERIOD * by_group["size"]).any():
        return np.nan
    values, influence = effects.table["effect"].to_numpy()[before], effects.influence[:, before]
    spread = influence.T @ influence / len(influence) ** 2
    if np.linalg.matrix_rank(spread) < len(values):
        return np.nan
    return float(stats.chi2.sf(values @ np.linalg.solve(spread, values), len(values)))


@dataclass(frozen=True)
class _Averaged:
    """An average of effects, each unit's share in its error, and how many treated units it rests on at most."""

    effect: float
    influence: np.ndarray
    n_treated: int


def _shown(average: _Averaged | None, confidence: float) -> dict[str, float]:
    if average is None:
        return dict.fromkeys(("effect", "standard_error", "low", "high"), np.nan)
    error = float(np.sqrt((average.influence**2).sum()) / len(average.influence))
    error = error if average.n_treated > 1 and error > 0 else np.nan
    half = float(stats.norm.ppf((1 + confidence) / 2)) * error
    effect = average.effect
    return {"effect": effect, "standard_error": error, "low": effect - half, "high": effect + half}


def _evenly(effects: GroupTimeEffects, chosen: np.ndarray) -> _Averaged:
    n_treated = int(effects.table["n_treated"][chosen].max())
    return _Averaged(
        float(effects.table["effect"][chosen].mean()), effects.influence[:, chosen].mean(axis=1), n_treated
    )


def _by_size(effects: GroupTimeEffects, chosen: np.ndarray) -> _Averaged | None:
    if not chosen.any():
        return None
    cells = [
        _Averaged(
            float(effects.table["effect"].iloc[at]), effects.influence[:, at], effects.table["n_treated"].iloc[at]
        )
        for at in np.flatnonzero(chosen)
    ]
    return _weighted_by_size(effects.starts, effects.table["group"].to_numpy()[chosen], cells)


def _weighted_by_size(starts: np.ndarray, groups: np.ndarray, parts: list[_Averaged]) -> _Averaged:
    """Return the average of parts weighted by their groups' sizes; the sizes are estimates too and add to the error."""
    values, influence = np.array([part.effect for part in parts]), np.column_stack([part.influence for part in parts])
    sizes = np.array([(starts == group).mean() for group in groups])
    weights = sizes / sizes.sum()
    surplus = (starts[:, None] == groups[None, :]) - sizes[None, :]
    of_sizes = surplus / sizes.sum() - surplus.sum(axis=1, keepdims=True) * sizes[None, :] / sizes.sum() ** 2
    by_group = pd.Series([part.n_treated for part in parts]).groupby(np.asarray(groups)).max()
    return _Averaged(float(values @ weights), influence @ weights + of_sizes @ values, int(by_group.sum()))
