"""The line of new families: who stands too far back for the free hours, and who gets the hours that are left."""

import numpy as np
import pandas as pd

from helhed.staffing.siblings import Units

_SLACK = 1e-9


def too_far_back(order: pd.DataFrame, limit: np.ndarray, allowed: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Return which new families stand too far back in line for the hours that are free.

    Parameters
    ----------
    order
        ``weight``, ``is_new`` and ``_rank`` (place in line) of each family.
    limit
        What each coordinator may carry. Hours above it are nobody else's: an overloaded coordinator takes no room from
        the others.
    allowed
        Families x coordinators. A family nobody may have takes no hours.
    fixed
        Position of the coordinator that each family keeps, -1 when it is to be placed.
    """
    weight, is_new = order["weight"].to_numpy(float), order["is_new"].to_numpy(bool)
    in_reach = allowed.any(axis=1)
    held = np.bincount(fixed[fixed >= 0], weight[fixed >= 0], minlength=len(limit))
    to_place = weight[~is_new & in_reach & (fixed < 0)].sum()
    room = np.maximum(0.0, limit - held).sum() - to_place
    in_line = order[is_new & in_reach].sort_values("_rank")
    late = in_line.index[in_line["weight"].cumsum() > room + _SLACK]
    return order.index.isin(late)


def filled_up(
    order: pd.DataFrame, units: Units, chosen: np.ndarray, limit: np.ndarray, costs: np.ndarray
) -> np.ndarray:
    """Return the positions with hours that are still free given to those who wait, first in line first.

    Nobody is passed: hours of a coordinator who may have a family further ahead that still waits are kept for it.

    Parameters
    ----------
    chosen
        Position of each family's coordinator, -1 for those who wait.
    costs
        Units x coordinators: what speaks against the pairing.
    """
    chosen, weight = chosen.copy(), order["weight"].to_numpy(float)
    free = limit - np.bincount(chosen[chosen >= 0], weight[chosen >= 0], minlength=len(limit))
    kept = np.zeros(len(limit), bool)
    for k in _waiting(order, units, chosen):
        rows = list(units.rows[k])
        needed = weight[rows].sum()
        fits = units.allowed[k] & ~kept & (needed <= free + _SLACK)
        if fits.any():
            place = int(np.argmin(np.where(fits, costs[k], np.inf)))
            chosen[rows], free[place] = place, free[place] - needed
        else:
            kept |= units.allowed[k]
    return chosen


def _waiting(order: pd.DataFrame, units: Units, chosen: np.ndarray) -> list[int]:
    """Return the units of new families without a coordinator, first in line first."""
    waits, rank = order["is_new"].to_numpy(bool) & (chosen < 0), order["_rank"].to_numpy()
    found = [k for k, rows in enumerate(units.rows) if waits[list(rows)].all()]
    return sorted(found, key=lambda k: rank[list(units.rows[k])].min())
