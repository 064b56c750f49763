"""The value of an indicator: number, interval, what it rests on, what is missing, and when nothing can be said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator
from helhed.monitoring.intervals import (
    UNKNOWN,
    Interval,
    clustered_rate,
    clustered_share,
    difference_of,
    ratio_of_sums,
)
from helhed.monitoring.paired import paired_change, permuted_ratio
from helhed.monitoring.rules import Rules

#: Columns of the hand-over table ``indicator_value``. ``n`` counts families; ``reason`` says why there is no value (see
#: `REASONS`); ``numerator`` and ``denominator`` are sums of what the catalogue names.
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


#: Why there is no value: too few families, nobody of whom to count (a denominator of zero), all of what the number
#: should rest on missing, nobody measured a second time, no data of the kind at all, hidden to protect persons. None
#: says how many families there are: the reason is shown where their number is not.
REASONS = ("too_few", "nobody", "all_missing", "measured_once", "no_data", "hidden")
#: Above so many families Student's t and trying ways of exchanging them come to the same interval.
_MANY_FAMILIES = 50


@dataclass(frozen=True)
class Place:
    """Where a value belongs: group (``enrolled``, ``others``), level and period.

    Levels: ``month`` (period yyyy-mm), ``half_year`` (yyyyHn), ``quarter`` (yyyyQn), ``since_start`` (``baseline`` or
    months since the start), ``measurement`` (1, 2, …); ``baseline`` and ``now``, which compare the same families before
    the start and at the end of the data; ``change`` from the one to the other, and ``difference`` from the others now.
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
    def n_families(self) -> int:
        """Return how many families stand behind the value: those with a denominator above zero."""
        return int((np.asarray(self.denominators, dtype=float) > 0).sum())

    def reason(self, minimum: int) -> str:
        """Return why no value is given, one of `REASONS`; nothing when it is."""
        n = self.n_families
        if n == 0:
            is_missing = 0 < self.n_expected <= self.n_unknown
            return "all_missing" if is_missing else "nobody" if len(self.denominators) else "no_data"
        return "" if n >= minimum else "too_few"

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
    reason = basis.reason(indicator.minimum(rules.min_families))
    found = UNKNOWN if reason else interval_of(indicator, tops, bottoms, rules)
    sums = {"numerator": float(tops[bottoms > 0].sum()), "denominator": float(bottoms.sum())}
    return _row(indicator, place, found, basis.n_families, basis.share_missing, reason) | sums


def change_row(indicator: Indicator, before: Basis, now: Basis, rules: Rules) -> dict:
    """Return the row of the change of the same families from the baseline to now, with its paired interval.

    ``before`` and ``now`` have the same families in the same order; ``n`` counts those with data at both times.
    """
    minimum = indicator.minimum(rules.min_families)
    bottoms = [np.asarray(side.denominators, dtype=float) for side in (before, now)]
    n = int(((bottoms[0] > 0) & (bottoms[1] > 0)).sum())
    reason = before.reason(minimum) or now.reason(minimum) or ("too_few" if n < minimum else "")
    sides = [(side.numerators, side.denominators) for side in (before, now)]
    found = UNKNOWN if reason else paired_change(*sides, rules.seed, rules.confidence)
    found = Interval(*(limit * indicator.per for limit in found))
    missing = np.nanmax([before.share_missing, now.share_missing, -1.0])
    place = Place("enrolled", "change", "change")
    return _row(indicator, place, found, n, missing if missing >= 0 else float("nan"), reason)


def difference_row(indicator: Indicator, enrolled: dict, others: dict) -> dict:
    """Return the row of the difference between two groups' values; ``n`` is the smaller number of families."""
    reason = enrolled["reason"] or others["reason"]
    one, other = (Interval(row["value"], row["low"], row["high"]) for row in (enrolled, others))
    found = UNKNOWN if reason else difference_of(one, other)
    place = Place("enrolled", "difference", "difference")
    missing = enrolled["share_missing"]
    return _row(indicator, place, found, min(enrolled["n"], others["n"]), missing, reason)


def _row(indicator: Indicator, place: Place, found: Interval, n: int, share_missing: float, reason: str) -> dict:
    return {
        "indicator": indicator.id,
        "group": place.group,
        "level": place.level,
        "period": place.period,
        **found._asdict(),
        "n": n,
        "share_missing": share_missing,
        "reason": reason,
    }


def value_table(rows: list[dict]) -> pd.DataFrame:
    """Return the rows as a table with the columns of ``indicator_value`` in their order and types."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    texts = ["indicator", "group", "level", "period", "reason"]
    kinds = dict.fromkeys(texts, "str") | {"n": "Int64"}
    return table.astype(kinds | dict.fromkeys(set(COLUMNS) - set(kinds), "float64"))


def interval_of(indicator: Indicator, tops: np.ndarray, bottoms: np.ndarray, rules: Rules) -> Interval:
    """Return the value with its interval: exact for shares and rates, by permutation for means and ratios of sums."""
    if indicator.kind == "share":
        return clustered_share(tops, bottoms, rules.confidence)
    if indicator.kind == "rate":
        return clustered_rate(tops, bottoms / indicator.per, rules.confidence)
    if (bottoms > 0).sum() > _MANY_FAMILIES:
        found = ratio_of_sums(tops, bottoms, rules.confidence)
    else:
        found = permuted_ratio(tops, bottoms, rules.seed, rules.confidence)
    value, low, high = (limit * indicator.per for limit in found)
    # Days, measures, points and kroner cannot be fewer than none.
    return Interval(value, max(low, 0.0) if low == low else low, high)
