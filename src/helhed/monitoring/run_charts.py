"""Run charts read by the Anhøj rules: a median and no limits, so they come first and need the fewest points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from helhed.monitoring.given import numbers
from helhed.monitoring.special_causes import run_lengths, sides_of

#: Fewest useful points that a run chart is read from (Anhøj and Olesen 2014 begin at ten).
FEWEST_USEFUL = 10


@dataclass(frozen=True)
class RunChart:
    """A run chart read by the Anhøj rules; ``is_signal`` when either the longest run or the crossings are unusual.

    ``sides`` tells per point whether it lies above (1) or below (-1) the centre; 0 for those that do not count, being
    on it or missing. ``in_longest_run`` tells which points the longest run is made of; the first, where two are alike.
    """

    median: float
    n_useful: int
    longest_run: int
    longest_run_limit: int
    crossings: int
    crossings_limit: int
    sides: np.ndarray
    in_longest_run: np.ndarray

    @property
    def is_signal(self) -> bool:
        """Return whether the points vary more than by chance."""
        return self.longest_run > self.longest_run_limit or self.crossings < self.crossings_limit

    @property
    def is_short(self) -> bool:
        """Return whether too few points lie off the centre for the rules to tell anything."""
        return self.n_useful < FEWEST_USEFUL


def run_chart(values: Sequence[float], centre: float | None = None) -> RunChart:
    """Return the run chart of a series around its median, or around a given centre.

    Points on the centre line do not count. A run is unusually long when it is longer than round(log2(n) + 3); the
    crossings are unusually few when they are fewer than the 5 % quantile of the binomial distribution (n - 1, 0.5).

    Source: Anhøj and Olesen 2014, PLOS ONE 9(11) e113825; Anhøj 2015, PLOS ONE 10(3) e0121349.
    """
    series = numbers(values)
    known = series[~np.isnan(series)]
    middle = float(np.median(known)) if centre is None and known.size else (math.nan if centre is None else centre)
    sides = sides_of(series, middle)
    useful = np.flatnonzero(sides)
    n = int(useful.size)
    runs = run_lengths(sides[useful])
    in_longest_run = np.zeros(series.size, dtype=bool)
    if runs:
        first = sum(runs[: runs.index(max(runs))])
        in_longest_run[useful[first : first + max(runs)]] = True
    return RunChart(
        median=middle,
        n_useful=n,
        longest_run=max(runs, default=0),
        longest_run_limit=longest_run_limit(n),
        crossings=max(len(runs) - 1, 0),
        crossings_limit=crossings_limit(n),
        sides=sides,
        in_longest_run=in_longest_run,
    )


def longest_run_limit(n_useful: int) -> int:
    """Return the longest run that chance still explains among this many useful points (Anhøj)."""
    return round(math.log2(n_useful) + 3) if n_useful > 0 else 0


def crossings_limit(n_useful: int) -> int:
    """Return the fewest crossings of the centre line that chance still explains (Anhøj)."""
    return int(stats.binom.ppf(0.05, n_useful - 1, 0.5)) if n_useful > 1 else 0
