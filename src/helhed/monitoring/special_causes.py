"""Special-cause rules of control charts: which points are more than chance, by which rule and to which side.

The rules, their order and the side that a point counts for are those of NHS England, Making Data Count, as published in
``NHSRplotthedots`` 0.2: a run of seven, a trend of seven, two of three near a limit and a point outside the limits.
Each rule gives one number per point: 1 to the high side, -1 to the low side, 0 where the rule does not mark the point.

Values that differ by no more than the rounding of the computer are equal: a series that never moves has no signal.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

#: The rules in the order in which one is named for a point that several mark.
PRIORITY = ("beyond_limits", "trend", "two_in_three", "one_side")
#: Points in a run on one side of the centre, and in a trend (NHS England).
RUN_LENGTH = 7
#: Differences up to this share of the largest value are rounding.
_ROUNDING = 1e-12

#: Whether higher or lower values are better, or neither.
Direction = Literal["up", "down", "none"]
Kind = Literal["", "improvement", "concern", "high", "low"]


def special_causes(
    values: Sequence[float],
    centre: float,
    low: Sequence[float],
    high: Sequence[float],
    half: Sequence[float] | None = None,
) -> tuple[list[str], np.ndarray]:
    """Return for each point the first rule of `PRIORITY` that marks it ("" for none), and its side (1, -1 or 0).

    ``half`` as in `two_in_three`.
    """
    marks = {
        "beyond_limits": beyond_limits(values, low, high),
        "trend": trend(values),
        "two_in_three": two_in_three(values, centre, low, high, half),
        "one_side": one_side(values, centre),
    }
    names, sides = [], np.zeros(len(values), dtype=int)
    for point in range(len(values)):
        name = next((rule for rule in PRIORITY if marks[rule][point]), "")
        names.append(name)
        sides[point] = marks[name][point] if name else 0
    return names, sides


def kind_of(side: int, direction: Direction) -> Kind:
    """Return what a point on a side means: better, worse, or only high or low where neither is better."""
    if not side:
        return ""
    if direction == "none":
        return "high" if side > 0 else "low"
    return "improvement" if (side > 0) == (direction == "up") else "concern"


def beyond_limits(values: Sequence[float], low: Sequence[float], high: Sequence[float]) -> np.ndarray:
    """Return which points lie outside the limits; a point on a limit is inside."""
    return (sides_of(values, high) > 0).astype(int) - (sides_of(values, low) < 0).astype(int)


def one_side(values: Sequence[float], centre: float, length: int = RUN_LENGTH) -> np.ndarray:
    """Return which points belong to a run of ``length`` or more on one side of the centre."""
    sides = sides_of(values, centre)
    return np.where(in_runs(sides, length), sides, 0)


def trend(values: Sequence[float], length: int = RUN_LENGTH) -> np.ndarray:
    """Return which points belong to ``length`` or more points that all rise or all fall.

    A point where one trend ends and the next begins counts to the next. Equal neighbours end a trend.
    """
    steps = sides_of(values[1:], values[:-1])
    kept = np.where(in_runs(steps, length - 1), steps, 0)
    onward, behind = np.append(kept, 0), np.append(0, kept)
    return np.where(onward != 0, onward, behind)[: len(values)]


def two_in_three(
    values: Sequence[float],
    centre: float,
    low: Sequence[float],
    high: Sequence[float],
    half: Sequence[float] | None = None,
) -> np.ndarray:
    """Return which points are among two of three in a row that lie near a limit, all three on one side of the centre.

    Near means in the outer third between the centre and the limit, and not beyond the limit. A limit that is cut where
    a share or count cannot go on stands closer than three standard deviations: ``half`` is the distance from the centre
    to the limits before they were cut. Without it the limit that is further away tells it.
    """
    series, lows, highs = (np.asarray(part, dtype=float) for part in (values, low, high))
    width = np.fmax(highs - centre, centre - lows) if half is None else np.asarray(half, dtype=float)
    sides, outside = sides_of(series, centre), beyond_limits(series, lows, highs)
    near_high = (sides_of(series, centre + 2 / 3 * width) > 0) & (outside == 0)
    near_low = (sides_of(series, centre - 2 / 3 * width) < 0) & (outside == 0)
    near = near_high | near_low
    is_part = np.zeros(series.size, dtype=bool)
    for start in range(series.size - 2):
        window = slice(start, start + 3)
        if near[window].sum() >= 2 and abs(sides[window].sum()) == 3:
            is_part[window] = True
    return np.where(is_part & near, sides, 0)


def in_runs(sides: np.ndarray, length: int) -> np.ndarray:
    """Return which points belong to a run of at least ``length`` equal sides that are not 0."""
    if not sides.size:
        return np.zeros(0, dtype=bool)
    lengths = run_lengths(sides)
    return (np.repeat(lengths, lengths) >= length) & (sides != 0)


def run_lengths(sides: np.ndarray) -> list[int]:
    """Return the lengths of the runs of equal neighbours, in order."""
    if not sides.size:
        return []
    starts = np.flatnonzero(np.r_[True, sides[1:] != sides[:-1]])
    return np.diff(np.r_[starts, sides.size]).tolist()


def sides_of(values: Sequence[float], level: float | Sequence[float]) -> np.ndarray:
    """Return on which side of a level each value lies: 1 above, -1 below, 0 on it or where one is missing."""
    series, levels = np.asarray(values, dtype=float), np.asarray(level, dtype=float)
    sizes = np.fmax(np.abs(series), np.abs(levels))
    slack = _ROUNDING * np.nanmax(sizes) if sizes.size and not np.isnan(sizes).all() else 0.0
    return (series > levels + slack).astype(int) - (series < levels - slack).astype(int)
