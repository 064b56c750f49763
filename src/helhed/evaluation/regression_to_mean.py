"""What happens of itself: families at a peak lie lower a year later, with no effort at all."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class FallFromPeak:
    """The mean change of families at a peak, and how many families it rests on."""

    change: float
    n_families: int


def fall_from_peak(panel: pd.DataFrame, outcome: str, quantile: float = 0.75) -> FallFromPeak:
    """Return the mean change, to the same half-year one year later, of families that were among the highest.

    Give it families without the effort: whatever falls there is chance and time, and would be taken for an effect if
    families were enrolled at their peak.

    Parameters
    ----------
    panel
        One row per family and month: ``family_id``, ``month`` and the outcome.
    outcome
        Column to look at.
    quantile
        A family is at a peak when its half-year mean is at or above this quantile of all families' in that half-year.

    Returns
    -------
    The mean over every peak with a known value a year later (a family may have several); NaN without any.
    """
    half_year = (panel["month"].dt.year * 12 + panel["month"].dt.month - 1) // 6
    wide = panel.groupby(["family_id", half_year])[outcome].mean().unstack()
    later = wide.reindex(columns=wide.columns + 2).set_axis(wide.columns, axis=1)
    known = wide.notna() & later.notna()
    is_peak = known & (wide >= wide.where(known).quantile(quantile))
    change = (later - wide).where(is_peak)
    n_peaks = int(is_peak.to_numpy().sum())
    mean = float(np.nansum(change.to_numpy()) / n_peaks) if n_peaks else np.nan
    return FallFromPeak(mean, int(is_peak.any(axis=1).sum()))
