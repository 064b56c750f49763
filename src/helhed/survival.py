"""How long families stay: lengths of stay with those still there counted as "at least so long", and their median."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import CensoredData, ecdf

#: Mean length of a month in days, for durations given in months.
DAYS_PER_MONTH = 365.25 / 12


def stays(enrolment: pd.DataFrame, day) -> tuple[np.ndarray, np.ndarray]:
    """Return how many months each family had taken part by a day, and whether it has left.

    Parameters
    ----------
    enrolment
        ``start_date`` and ``exit_date``; families that have not started by the day are left out.
    day
        Exits after it are not known yet.
    """
    day = pd.Timestamp(day)
    begun = enrolment[enrolment["start_date"] <= day]
    has_left = (begun["exit_date"] <= day).to_numpy(dtype=bool, na_value=False)
    last = begun["exit_date"].where(has_left, day)
    return (last - begun["start_date"]).dt.days.to_numpy(dtype=float) / DAYS_PER_MONTH, has_left


def median_months(months: Sequence[float], has_left: Sequence[bool]) -> float:
    """Return the first time by which half or more have left (Kaplan and Meier); NaN while fewer are known to have.

    Somebody still there has stayed at least so long (right censored): leaving such families out would make the stays
    look short.

    Examples
    --------
    Of two who both leave, half have left when the first does.

    >>> median_months([6.0, 12.0], [True, True])
    6.0
    """
    months, has_left = np.asarray(months, dtype=float), np.asarray(has_left, dtype=bool)
    if not has_left.any():
        return math.nan
    curve = ecdf(CensoredData(uncensored=months[has_left], right=months[~has_left])).sf
    # Products of shares may miss one half by a rounding.
    reached = np.flatnonzero(curve.probabilities <= 0.5 + 1e-12)
    return float(curve.quantiles[reached[0]]) if reached.size else math.nan
