"""Treated and comparison units brought together by what is known of them before the start.

Exact and coarsened exact matching put units in the same stratum when they agree on every column (Iacus, King and Porro
2012); nearest neighbours take the closest ones by score. The functions take plain tables and sequences.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helhed.evaluation import given


def coarsened(frame: pd.DataFrame, cutpoints: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return the table with numbers replaced by the interval they fall in; other columns stay as they are.

    ``cutpoints`` gives the inner borders per column; a value on a border belongs to the interval above it.

    Examples
    --------
    >>> coarsened(pd.DataFrame({"age": [19, 20, 35]}), {"age": [20, 30]})["age"].tolist()
    [0, 1, 2]
    """
    given.need_columns(frame, list(cutpoints))
    values = {name: given.numbers(frame[name], name) for name in cutpoints}
    bands = {
        name: pd.Series(np.searchsorted(np.sort(np.asarray(borders, dtype=float)), values[name], side="right"))
        .astype("Int64")
        .set_axis(frame.index)
        .mask(frame[name].isna())
        for name, borders in cutpoints.items()
    }
    return frame.assign(**bands)


def exact_strata(frame: pd.DataFrame, treated: Sequence[bool], columns: Sequence[str]) -> pd.DataFrame:
    """Return each unit's stratum and weight when units must agree on every column.

    Parameters
    ----------
    frame
        One row per unit; coarsen numbers first. A unit with a missing value is in no stratum.
    treated
        Whether the unit is treated.
    columns
        Columns that must agree.

    Returns
    -------
    One row per unit, index as ``frame``: ``stratum`` (missing where the stratum lacks treated or comparison units) and
    ``weight``: 1 for a matched treated unit, for a comparison unit the stratum's treated over its comparison units,
    scaled so that the comparison weights sum to the number of matched comparison units; 0 for the unmatched.
    """
    given.need_columns(frame, columns)
    group = given.yes_no(treated, "treated")
    given.need_same_length(frame=frame, treated=group)
    number = frame.groupby(list(columns), sort=True, dropna=True).ngroup() if columns else pd.Series(0, frame.index)
    stratum = pd.Series(number.to_numpy(dtype=float)).mask(number.to_numpy() < 0)
    n_treated = pd.Series(group).groupby(stratum).transform("sum")
    n_compared = pd.Series(~group).groupby(stratum).transform("sum")
    is_matched = (n_treated > 0) & (n_compared > 0)
    weight = pd.Series(np.where(group, 1.0, (n_treated / n_compared.where(n_compared > 0)).fillna(0.0)))
    weight = weight.where(is_matched, 0.0)
    scaled = ~group & is_matched
    weight = weight.where(~scaled, weight * scaled.sum() / max(weight[scaled].sum(), 1e-300))
    return pd.DataFrame({"stratum": stratum.where(is_matched).astype("Int64"), "weight": weight}).set_axis(frame.index)


def nearest_neighbours(
    score: Sequence[float],
    treated: Sequence[bool],
    caliper: float | None = None,
    n_neighbours: int = 1,
    with_replacement: bool = False,
) -> pd.DataFrame:
    """Return the comparison units nearest to each treated unit by score.

    Treated units choose in order of falling score (the hardest to match first), ties in the order given. Without
    replacement a comparison unit is taken once, and everyone gets a first neighbour before anyone gets a second.

    Parameters
    ----------
    score
        For instance the propensity. Units without a score take no part.
    treated
        Whether the unit is treated.
    caliper
        Largest allowed difference of scores; a treated unit without a neighbour within it stays unmatched.
    n_neighbours
        How many neighbours each treated unit gets at most.
    with_replacement
        Whether a comparison unit can be the neighbour of several.

    Returns
    -------
    One row per pair: ``treated``, ``comparison`` (positions in the sequences), ``distance``.
    """
    score, treated = given.column(score, "score"), given.yes_no(treated, "treated")
    given.need_same_length(score=score, treated=treated)
    caliper = None if caliper is None else given.number(caliper, "caliper")
    free = (~treated & np.isfinite(score)).copy()
    chosen = np.flatnonzero(treated & np.isfinite(score))
    taken: dict[int, set[int]] = {int(unit): set() for unit in chosen}
    pairs = []
    for _ in range(given.whole(n_neighbours, "n_neighbours", 1)):
        for unit in chosen[np.argsort(-score[chosen], kind="stable")]:
            candidates = np.array([at for at in np.flatnonzero(free) if at not in taken[int(unit)]], dtype=int)
            if not candidates.size:
                continue
            distances = np.abs(score[candidates] - score[unit])
            best = int(candidates[distances.argmin()])
            if caliper is None or distances.min() <= caliper:
                pairs.append((int(unit), best, float(distances.min())))
                taken[int(unit)].add(best)
                free[best] = with_replacement
    return pd.DataFrame(pairs, columns=["treated", "comparison", "distance"])
