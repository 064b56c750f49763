"""Hides small counts in a public table, and one more cell where the total would give the hidden one away."""

from dataclasses import replace

import pandas as pd

from helhed.outputs import PublicTable


def protect(table: PublicTable, threshold: int) -> PublicTable:
    """Return the table with small counts, and what is computed from them, hidden.

    Parameters
    ----------
    table
        Columns of format ``count`` are numbers of persons or families.
    threshold
        Smallest count that may be shown (persons or families).

    Returns
    -------
    A new table. A count of 1 to ``threshold - 1`` becomes missing and is listed in ``hidden``. In a row with a hidden
    count every column of another numeric format is hidden too, because it is computed from the count. Where the table
    has a total and exactly one count of a column is hidden, the smallest other count of that column is hidden as well.

    Notes
    -----
    Zero is shown. Linked tables and earlier releases are not considered here.

    Source: Statistics Denmark asks for at least 3 observations in a cell (NFGS 2015); the threshold is a setting,
    ``disclosure.threshold``.

    Examples
    --------
    >>> table = PublicTable("t", "T", pd.DataFrame({"n": [3, 40]}), {"n": ("n", "count")})
    >>> protect(table, 5).written("en", 5)
    [['under 5'], ['40']]
    """
    counts = [name for name, (_, form) in table.columns.items() if form == "count"]
    small = {cell for name in counts for cell in _small(table.frame[name], name, threshold)}
    covers = {cell for name in counts for cell in _cover(table.frame[name], name, small)} if table.has_total else set()
    computed = {
        (position, name)
        for position, _ in small | covers
        for name, (_, form) in table.columns.items()
        if form not in ("text", "count", "date", "month")
    }
    hidden = {**dict.fromkeys(covers | computed, "hidden"), **dict.fromkeys(small, "under")}
    return replace(table, frame=_blanked(table.frame, hidden), hidden=hidden)


def _small(counts: pd.Series, name: str, threshold: int) -> set[tuple[int, str]]:
    return {(i, name) for i, count in enumerate(counts) if not pd.isna(count) and 0 < count < threshold}


def _cover(counts: pd.Series, name: str, small: set) -> set[tuple[int, str]]:
    rows = range(len(counts) - 1)
    if sum((i, name) in small for i in rows) != 1:
        return set()
    others = [i for i in rows if (i, name) not in small and not pd.isna(counts.iloc[i]) and counts.iloc[i] > 0]
    return {(min(others, key=lambda i: (counts.iloc[i], i)), name)} if others else set()


def _blanked(frame: pd.DataFrame, hidden: dict) -> pd.DataFrame:
    blanked = frame.copy()
    for name in {column for _, column in hidden}:
        rows = [i for i, column in hidden if column == name]
        values = blanked[name].astype("Float64" if blanked[name].dtype.kind in "iuf" else blanked[name].dtype)
        values.iloc[rows] = pd.NA
        blanked[name] = values
    return blanked
