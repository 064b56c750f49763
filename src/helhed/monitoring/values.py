"""The value of an indicator: number, interval, what it rests on, what is missing, and when nothing can be said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator
from helhed.monitoring.intervals import (
    UNKNOWN,
    Interval,
    clopper_pearson,
    mean_t,
    poisson_exact,
    ratio_of_sums,
)
from helhed.monitoring.rules import Rules

#: Columns of the hand-over table ``indicator_value``. ``n`` counts families; ``reason`` is empty, ``too_few`` or
#: ``no_data``; ``numerator`` and ``denominator`` are sums of what the catalogue names.
COLUMNS = [
    "indicator",
    "group",
    "level",
    "period",
    "value",
    "low",
    "high",
    "n",
    "share_missing",
    "numerator",
    "denominator",
    "reason",
]


@dataclass(frozen=True)
class Place:
    """Where a value belongs: group (``enrolled``, ``others``), level and period.

    Levels: ``month`` (period yyyy-mm), ``since_start`` (``baseline`` or months since the start), ``measurement`` (1, 2,
    …), and ``baseline`` and ``now``, which compare the same families before the start and at the end of the data.
    """

    group: str
    level: str
    period: str


@dataclass(frozen=True)
class Basis:
    """What a value is computed from: one numerator and denominator per family, and what could not be known."""

    numerators: Sequence[float]
    denominators: Sequence[float]
    n_unknown: float = 0.0
    n_expected: float = 0.0

    @property
    def share_missing(self) -> float:
        """Return the share (0-1) of what should be known that is not; `nan` when nothing was expected."""
        return float(self.n_unknown / self.n_expected) if self.n_expected else float("nan")


def value_row(indicator: Indicator, place: Place, basis: Basis, rules: Rules) -> dict:
    """Return one row of ``indicator_value``: without value and interval where too few families stand behind it.

    Parameters
    ----------
    indicator
        Its declaration says how the interval is made.
    place
        Group, level and period.
    basis
        Numerators and denominators per family.
    rules
        Confidence and minimum.
    """
    tops, bottoms = np.asarray(basis.numerators, dtype=float), np.asarray(basis.denominators, dtype=float)
    n = int((bottoms > 0).sum())
    reason = "no_data" if n == 0 else "too_few" if n < indicator.minimum(rules.min_families) else ""
    found = UNKNOWN if reason else _interval(indicator, tops, bottoms, rules.confidence)
    return {
        "indicator": indicator.id,
        "group": place.group,
        "level": place.level,
        "period": place.period,
        **found._asdict(),
        "n": n,
        "share_missing": basis.share_missing,
        "numerator": float(tops[bottoms > 0].sum()),
        "denominator": float(bottoms.sum()),
        "reason": reason,
    }


def value_table(rows: list[dict]) -> pd.DataFrame:
    """Return the rows as a table with the columns of ``indicator_value`` in their order and types."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    texts = ["indicator", "group", "level", "period", "reason"]
    kinds = dict.fromkeys(texts, "str") | {"n": "Int64"}
    return table.astype(kinds | dict.fromkeys(set(COLUMNS) - set(kinds), "float64"))


def _interval(indicator: Indicator, tops: np.ndarray, bottoms: np.ndarray, confidence: float) -> Interval:
    if indicator.kind == "share":
        return clopper_pearson(tops.sum(), bottoms.sum(), confidence)
    if indicator.kind == "rate":
        return poisson_exact(tops.sum(), bottoms.sum() / indicator.per, confidence)
    if indicator.kind == "mean":
        return mean_t(tops[bottoms > 0] / bottoms[bottoms > 0], confidence)
    value, low, high = (limit * indicator.per for limit in ratio_of_sums(tops, bottoms, confidence))
    # Days, measures and kroner cannot be fewer than none.
    return Interval(value, max(low, 0.0), high)
