"""Treated and comparison units brought together by what is known of them before the start.

Exact and coarsened exact matching put units in the same stratum when they agree on every column (Iacus, King and Porro
2012); nearest neighbours take the closest ones by score. The functions take plain tables and sequences.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall


def coarsened(frame: pd.DataFrame, cutpoints: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return the table with numbers replaced by the interval they fall in; other columns stay as they are.

    ``cutpoints`` gives the inner borders per column; a value on a border belongs to the interval above it.

    Examples
    --------
    >>> coarsened(pd.DataFrame({"age": [19, 20, 35]}), {"age": [20, 30]})["age"].tolist()
    [0, 1, 2]
    """
    _refuse_unknown(frame, list(cutpoints))
    bands = {
        name: pd.Series(np.searchsorted(np.sort(np.asarray(borders, dtype=float)), frame[name], side="right"))
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
    _refuse_unknown(frame, columns)
    group = np.asarray(treated, dtype=bool)
    number = frame.groupby(list(columns), sort=True, dropna=True).ngroup()
    stratum = pd.Series(number.to_numpy(dtype=float), index=frame.index).mask(number.to_numpy() < 0)
    n_treated = pd.Series(group, index=frame.index).groupby(stratum).transform("sum")
    n_compared = pd.Series(~group, index=frame.index).groupby(stratum).transform("sum")
    is_matched = (n_treated > 0) & (n_compared > 0)
    weight = pd.Series(np.where(group, 1.0, (n_treated / n_compared).fillna(0.0)), index=frame.index)
    weight = weight.where(is_matched, 0.0)
    of_comparison = weight[~group & is_matched]
    if len(of_comparison):
        weight.loc[of_comparison.index] = of_comparison * len(of_comparison) / of_comparison.sum()
    return pd.DataFrame({"stratum": stratum.where(is_matched).astype("Int64"), "weight": weight})


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
    score, treated = np.asarray(score, dtype=float), np.asarray(treated, dtype=bool)
    free = (~treated & np.isfinite(score)).copy()
    chosen = np.flatnonzero(treated & np.isfinite(score))
    taken: dict[int, set[int]] = {int(unit): set() for unit in chosen}
    pairs = []
    for _ in range(n_neighbours):
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


def _refuse_unknown(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    if unknown := [name for name in columns if name not in frame.columns]:
        raise WrongCall([Problem("evaluation.matching_column_missing", value=name) for name in unknown])
