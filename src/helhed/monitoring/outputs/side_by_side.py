"""Several municipalities side by side: each one's value and uncertainty, and whether chance explains the distance.

There is no ranking: municipalities stand by name. What may not be shown of one is left out for it and does not count in
the common level, or it could be worked out from the rest.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.intervals import Interval
from helhed.monitoring.outputs.funnel import (
    COVERAGES,
    independent_exposure,
    independent_persons,
    mean_limits,
    rate_limits,
    share_limits,
    spread_of,
)
from helhed.monitoring.shown import one, written, written_interval
from helhed.monitoring.values import COLUMNS
from helhed.outputs import FORMATS, PublicTable
from helhed.texts import number, text

#: With fewer municipalities there is no common level to hold them up against.
FEWEST = 3
_STEPS = 60


@dataclass(frozen=True)
class SideBySide:
    """One indicator of several municipalities.

    Parameters
    ----------
    indicator
        Its declaration.
    rows
        One row per municipality by name: ``municipality``, the columns of ``indicator_value``, ``size`` (persons, units
        of time or families) and ``place``: ``inside``, ``outside`` (the 95 % limits), ``far`` (the 99.8 % limits too),
        or empty where there is no value.
    centre
        The common level; `nan` with fewer than `FEWEST` municipalities.
    limits
        The funnel: ``size`` and the limits ``low_95``, ``high_95``, ``low_998``, ``high_998``.
    """

    indicator: Indicator
    rows: pd.DataFrame
    centre: float
    limits: pd.DataFrame

    def names(self, place: str) -> list[str]:
        """Return the municipalities at a place, by name."""
        return self.rows.loc[self.rows["place"] == place, "municipality"].tolist()


def side_by_side(shown: Mapping[str, pd.DataFrame], name: str, confidence: float = 0.95) -> SideBySide:
    """Return one indicator of several municipalities.

    Parameters
    ----------
    shown
        Municipality to its guarded values (see `helhed.monitoring.shown.guarded`); the value ``now`` of the enrolled
        families is used.
    name
        Id of the catalogue.
    confidence
        The confidence of the values' intervals.

    Notes
    -----
    The common level is the sum of the numerators by the sum of the denominators (the mean over families for a mean) of
    the municipalities within the 99.8 % limits: one that is quite different would else drag the level along and make
    others look different that are not.
    Shares and rates get exact limits for as many independent persons or events as the intervals tell of; means and
    ratios get limits from the spread between families, put together from all municipalities.
    """
    indicator = indicator_catalogue()[name]
    rows = _rows(shown, indicator)
    known = rows[rows["reason"] == ""]
    around = _law(known, indicator, confidence)
    if len(known) < FEWEST or math.isnan(around.spread):
        return SideBySide(indicator, rows.assign(place=""), math.nan, pd.DataFrame(columns=["size", *_LIMITS]))
    centre = _level_of_the_alike(known, indicator, around)
    placed = rows.assign(place=[_place(row, centre, around) for row in rows.itertuples()])
    sizes = np.linspace(max(1.0, 0.6 * known["size"].min()), 1.08 * known["size"].max(), _STEPS)
    limits = pd.DataFrame([(size, *_limits(centre, size, around)) for size in sizes], columns=["size", *_LIMITS])
    return SideBySide(indicator, placed, centre, limits)


_LIMITS = ["low_95", "high_95", "low_998", "high_998"]


def side_by_side_table(found: SideBySide, lang: str) -> PublicTable:
    """Return the municipalities by name: value, interval, families behind, missing, and whether chance explains it."""
    rows = [
        {
            "municipality": row["municipality"],
            "now": written(row, lang),
            "interval": written_interval(row, lang),
            "n": row["n"],
            "share_missing": row["share_missing"],
            "place": text(f"monitoring_outputs.place_{row['place'] or 'none'}", lang),
        }
        for _, row in found.rows.iterrows()
    ]
    formats = {"municipality": "text", "now": "text", "interval": "text"}
    formats |= {"n": "count", "share_missing": "share", "place": "text"}
    columns = {key: (text(f"monitoring_outputs.column_{key}", lang), form) for key, form in formats.items()}
    title = text("monitoring_outputs.side_table", lang, name=found.indicator.label(lang))
    frame = pd.DataFrame(rows, columns=list(columns)).astype({"n": "Int64"})
    return PublicTable(f"side-{found.indicator.id}", title, frame, columns)


def side_by_side_sentence(found: SideBySide, lang: str) -> str:
    """Return how many municipalities chance explains, which it does not, and how many to expect by chance alone."""
    name = found.indicator.label(lang)
    if math.isnan(found.centre):
        return text("monitoring_outputs.say_side_few", lang, name=name, fewest=number(FEWEST, lang))
    inside, out = found.names("inside"), sorted([*found.names("outside"), *found.names("far")])
    n = len(inside) + len(out)
    said = {
        "name": name,
        "n": number(n, lang),
        "inside": number(len(inside), lang),
        "centre": FORMATS[found.indicator.format](found.centre, lang),
        "expected": number(n * (1 - COVERAGES[0]), lang, 1),
    }
    if not out:
        return text("monitoring_outputs.say_side_inside", lang, **said)
    return text("monitoring_outputs.say_side_outside", lang, **said, names=", ".join(out))


def _rows(shown: Mapping[str, pd.DataFrame], indicator: Indicator) -> pd.DataFrame:
    found = []
    for municipality in sorted(shown):
        row = one(shown[municipality], indicator.id, "enrolled", "now")
        if row is not None:
            found.append({"municipality": municipality, **row[COLUMNS].to_dict()})
    rows = pd.DataFrame(found, columns=["municipality", *COLUMNS])
    return rows.assign(size=_sizes(rows, indicator))


def _sizes(rows: pd.DataFrame, indicator: Indicator) -> pd.Series:
    if indicator.kind in ("share", "rate"):
        return rows["denominator"].astype("float64") / (indicator.per if indicator.kind == "rate" else 1.0)
    return rows["n"].astype("float64")


def _level_of_the_alike(known: pd.DataFrame, indicator: Indicator, law: "_Law") -> float:
    """Return the common level, taken anew without those far from it until nobody more is left out."""
    kept = known
    while True:
        centre = _common(kept, indicator)
        near = known[[_place(row, centre, law) != "far" for row in known.itertuples()]]
        near = kept[kept.index.isin(near.index)]
        if len(near) == len(kept) or len(near) < FEWEST:
            return centre
        kept = near


def _common(known: pd.DataFrame, indicator: Indicator) -> float:
    if indicator.kind in ("mean", "count"):
        return float(np.average(known["value"], weights=known["size"]))
    return float(known["numerator"].sum() / known["denominator"].sum() * indicator.per)


@dataclass(frozen=True)
class _Law:
    """Which limits hold: those of shares, rates or means; how alike persons are, and the spread between families.

    The spread is `nan` where no municipality's interval tells of one.
    """

    kind: str
    alike: float = 1.0
    spread: float = 0.0


def _law(known: pd.DataFrame, indicator: Indicator, confidence: float) -> _Law:
    intervals = [Interval(row.value, row.low, row.high) for row in known.itertuples()]
    if indicator.kind in ("share", "rate"):
        size_of = independent_persons if indicator.kind == "share" else independent_exposure
        alone = np.array([size_of(each, confidence) for each in intervals])
        is_known = ~np.isnan(alone)
        alike = known["size"].to_numpy()[is_known].sum() / alone[is_known].sum() if is_known.any() else 1.0
        return _Law(indicator.kind, max(1.0, float(alike)))
    n = known["n"].to_numpy(dtype=float)
    squares = np.array([spread_of(each, int(size), confidence) ** 2 for each, size in zip(intervals, n, strict=True)])
    usable = ~np.isnan(squares)
    if not usable.any():
        return _Law("mean", spread=math.nan)
    return _Law("mean", spread=math.sqrt(float(np.average(squares[usable], weights=n[usable] - 1))))


def _limits(centre: float, size: float, law: _Law) -> list[float]:
    """Return the limits of 95 and 99.8 per cent at a size: low and high of each."""
    if law.kind == "mean":
        pairs: Sequence = [mean_limits(centre, law.spread, size, coverage) for coverage in COVERAGES]
    else:
        limits_of = share_limits if law.kind == "share" else rate_limits
        pairs = [limits_of(centre, size / law.alike, coverage) for coverage in COVERAGES]
    return [limit for pair in pairs for limit in pair]


def _place(row, centre: float, law: _Law) -> str:
    if row.reason:
        return ""
    low, high, far_low, far_high = _limits(centre, row.size, law)
    if low <= row.value <= high:
        return "inside"
    return "outside" if far_low <= row.value <= far_high else "far"
