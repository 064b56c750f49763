"""With which rows a row clashes: rows that say the same, and spells of one owner at the same time."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from helhed.intake.building.repeats import numbers_of

#: No more rows than this are named beside a row.
MOST_NAMED = 3
_FAR = pd.Timestamp("2200-01-01")
_PAIRS_AT_ONCE = 2_000_000

#: Places of rows, and of the row beside each.
Pairs = tuple[np.ndarray, np.ndarray]

#: Source frame to what the rows that clash have in common; missing for rows that clash with none.
Common = Callable[..., pd.Series]
#: Material, source frame and the index of the broken rows to the rows beside each, in words.
Beside = Callable[..., list[str]]


def alike(*columns: str) -> Common:
    """Return what tells rows apart that say something else in one of some columns."""
    return lambda _m, f: numbers_of(f, list(columns)).reindex(f.index)


def wholly_alike(m, f: pd.DataFrame) -> pd.Series:
    """Return a number for the rows that are copies of each other; missing for rows without a copy."""
    return m.repeats(f).copies.reindex(f.index)


def alike_by_key(m, f: pd.DataFrame) -> pd.Series:
    """Return a number for the rows that share their export's key; missing for rows that share it with none."""
    return m.repeats(f).of_key.reindex(f.index)


def same_as(common: Common) -> Beside:
    """Return how the other rows with the same in common are found."""
    return lambda m, f, hits: _named(f, hits, _pairs(common(m, f), f.index.get_indexer(hits), MOST_NAMED + 1))


def at_same_time(common: Common, end: str = "end_date") -> Beside:
    """Return how rows with the same in common at the same time are found; ``end`` is their last day."""

    def meeting(f: pd.DataFrame, pairs: Iterator[Pairs]) -> Iterator[Pairs]:
        start, until = f["start_date"].to_numpy(), f[end].fillna(_FAR).to_numpy()
        for row, other in pairs:
            meets = (start[other] <= until[row]) & (until[other] >= start[row])
            yield row[meets], other[meets]

    return lambda m, f, hits: _named(f, hits, meeting(f, _pairs(common(m, f), f.index.get_indexer(hits))))


def _pairs(common: pd.Series, at: np.ndarray, most: int | None = None) -> Iterator[Pairs]:
    """Yield pairs of rows with the same in common, the first of each pair at one of the places.

    A few million pairs at a time; ``most`` is how many rows of a group are looked at.
    """
    group = pd.factorize(common)[0]
    wanted = np.flatnonzero(np.isin(group, group[at]) & (group >= 0))
    ordered = wanted[np.argsort(group[wanted], kind="stable")]
    first, last = (np.searchsorted(group[ordered], group[at], side) for side in ("left", "right"))
    sizes = np.minimum(last - first, most) if most else last - first
    for part in np.array_split(np.arange(len(at)), 1 + sizes.sum() // _PAIRS_AT_ONCE):
        size = sizes[part]
        within = np.arange(size.sum()) - np.repeat(size.cumsum() - size, size)
        row, other = np.repeat(at[part], size), ordered[np.repeat(first[part], size) + within]
        yield row[row != other], other[row != other]


def _named(f: pd.DataFrame, hits: pd.Index, pairs: Iterator[Pairs]) -> list[str]:
    beside: dict[int, list[str]] = {at: [] for at in f.index.get_indexer(hits).tolist()}
    for rows, others in pairs:
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        is_first = np.arange(len(rows)) - np.repeat(begins, np.diff(begins, append=len(rows))) < MOST_NAMED
        rows, others = rows[is_first], others[is_first]
        own, of_other = f["file_"].iloc[rows], f["file_"].iloc[others]
        for at, row, file, other in zip(rows.tolist(), f["row_"].iloc[others], of_other, own, strict=True):
            beside[at].append(f"{row}" + ("" if file == other else f" ({file})"))
    return [", ".join(named) for named in beside.values()]
