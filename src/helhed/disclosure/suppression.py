"""Hides small counts in a public table, and further cells where a total would give the hidden ones away."""

from dataclasses import replace

import pandas as pd

from helhed.outputs import PublicTable, is_small


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
    count every column of another numeric format is hidden too, because it is computed from the count. What the table
    has hidden already stays so. Where counts add
    to a known total (``has_total``, ``rows_within``, ``row_parts``), further counts are hidden, the smallest first,
    until at least two are and together they reach the threshold.

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
    small = {(i, name) for name in counts for i, n in enumerate(table.frame[name]) if _is_small(n, threshold)}
    covered = _covered(small, _sums(table, counts), table.frame, threshold)
    computed = {
        (position, name)
        for position, _ in covered
        for name, (_, form) in table.columns.items()
        if form not in ("text", "count", "date", "month")
    }
    hidden = {**dict.fromkeys(covered | computed, "hidden"), **dict.fromkeys(small, "under"), **table.hidden}
    return replace(table, frame=_blanked(table.frame, hidden), hidden=hidden)


def _is_small(count, threshold: int) -> bool:
    return not pd.isna(count) and bool(is_small(count, threshold))


def _sums(table: PublicTable, counts: list[str]) -> list[tuple[list, list]]:
    """Return the sums a reader knows: of each the cells that are shown, and those that are never shown."""
    frame, sums = table.frame, []
    if table.has_total:
        sums += [([(i, name) for i in range(len(frame) - 1)], []) for name in counts]
    if table.rows_within:
        groups = frame.groupby(table.rows_within, sort=False).indices.values()
        sums += [([(int(i), name) for i in rows], []) for rows in groups for name in counts]
    if table.row_parts:
        shown = [name for name in table.row_parts if name in counts]
        unseen = [name for name in table.row_parts if name not in counts]
        sums += [([(i, name) for name in shown], [(i, name) for name in unseen]) for i in range(len(frame))]
    return sums


def _covered(small: set, sums: list[tuple[list, list]], frame: pd.DataFrame, threshold: int) -> set:
    """Return the small cells and those hidden with them so that no known sum gives a small number away.

    A cell hidden for one sum may be found through another: gone over until nothing more has to be hidden.
    """
    hidden, before = set(small), None
    while before != hidden:
        before = set(hidden)
        for shown, unseen in sums:
            hidden |= _cover(shown, unseen, hidden, frame, threshold)
    return hidden


def _cover(shown: list, unseen: list, hidden: set, frame: pd.DataFrame, threshold: int) -> set:
    """Return the cells to hide in one sum: the smallest positive ones, until what is hidden can no longer be found."""
    counts = {cell: frame[cell[1]].iloc[cell[0]] for cell in [*shown, *unseen]}
    known = sorted((n, cell) for cell, n in counts.items() if cell in shown and not pd.isna(n) and n > 0)
    left = [cell for _, cell in known if cell not in hidden]
    chosen = {cell for cell in shown if cell in hidden}
    away = sum(counts[cell] for cell in [*chosen, *unseen] if not pd.isna(counts[cell]))
    while left and (_is_small(away, threshold) or (len(chosen) == 1 and not unseen)):
        chosen.add(left[0])
        away += counts[left.pop(0)]
    return chosen


def _blanked(frame: pd.DataFrame, hidden: dict) -> pd.DataFrame:
    blanked = frame.copy()
    for name in {column for _, column in hidden}:
        rows = [i for i, column in hidden if column == name]
        values = blanked[name].astype("Float64" if blanked[name].dtype.kind in "iuf" else blanked[name].dtype)
        values.iloc[rows] = pd.NA
        blanked[name] = values
    return blanked
