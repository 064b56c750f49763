"""An estimate with its uncertainty, and the plain verdict that it allows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; missing parts are NaN.

    Parameters
    ----------
    value, low, high
        Point estimate and the limits of its interval.
    n_enrolled, n_comparison
        Families behind it.
    p
        Probability, without any effect, of an estimate at least as far from zero.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    n_enrolled: int = 0
    n_comparison: int = 0
    p: float = math.nan

    def shown(self, minimum_families: int) -> float | None:
        """Return the value where enough families stand behind it, else None."""
        smallest_group = min(self.n_enrolled, self.n_comparison or self.n_enrolled)
        return self.value if smallest_group >= minimum_families and math.isfinite(self.value) else None

    def verdict(self, higher_is_better: bool, minimum_families: int = 0) -> str:
        """Return ``improved``, ``worsened`` or ``cannot_say``.

        Cannot say: too few families, no interval, or an interval that holds zero.
        """
        smallest_group = min(self.n_enrolled, self.n_comparison or self.n_enrolled)
        has_interval = math.isfinite(self.low) and math.isfinite(self.high)
        if smallest_group < minimum_families or not has_interval or self.low <= 0 <= self.high:
            return "cannot_say"
        return "improved" if (self.low > 0) == higher_is_better else "worsened"


def mean_estimate(values: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Return the mean of the known values with its t interval.

    Formula: mean ± t(n - 1) · s / √n. Fewer than two known values: no interval; none: no mean.

    Examples
    --------
    >>> estimate = mean_estimate([1.0, 2.0, 3.0])
    >>> round(estimate.low, 3), estimate.value, round(estimate.high, 3)
    (-0.484, 2.0, 4.484)
    """
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if not known.size:
        return Estimate(math.nan)
    value = float(known.mean())
    if known.size < 2:
        return Estimate(value, n_enrolled=1)
    half = float(stats.t.ppf((1 + confidence) / 2, known.size - 1) * known.std(ddof=1) / math.sqrt(known.size))
    return Estimate(value, value - half, value + half, int(known.size))
