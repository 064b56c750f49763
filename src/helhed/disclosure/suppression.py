"""Hides small counts in a public table, and further cells where a total would give the hidden ones away."""

from dataclasses import replace

import pandas as pd

from helhed.disclosure.rounding import shown_rounded
from helhed.disclosure.table_choice import cells_to_hide
from helhed.disclosure.table_sums import knowledge_of, sums_of
from helhed.outputs import Cell, PublicTable, Sum, is_small


def protect(table: PublicTable, threshold: int, rounded_to: int = 0) -> PublicTable:
    """Return the table with small counts, and what is computed from them, hidden.

    Parameters
    ----------
    table
        Columns of format ``count`` are numbers of persons or families.
    threshold
        Smallest count that may be shown (persons or families).
    rounded_to
        Base that the counts that are shown are rounded to, instead of hiding further counts beside the small ones; 0
        for no rounding.

    Returns
    -------
    A new table. A count of 1 to ``threshold - 1`` becomes missing and is listed in ``hidden``. In a row with a hidden
    count every column of another numeric format is hidden too, because it is computed from the count. What the table
    has hidden already stays so. Where counts add to a known total (``has_total``, ``rows_within``, ``row_parts``),
    an integer programme chooses which further counts to hide (see `helhed.disclosure.table_choice`). The whole table is
    then read as a reader would (see `helhed.disclosure.reader`), and more is hidden, the smallest first, where a small
    count is given away all the same: where no choice keeps it safe, and where the part of a sum that no table shows is
    small.

    Notes
    -----
    Zero is shown. Linked tables and earlier releases are looked at when a run is released.

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
    safe = replace(table, sums=sums_of(table, threshold) if table.sums is None else table.sums)
    covered = cells_to_hide(safe, small, threshold)
    if rounded_to:
        return _rounded(safe, covered, small, threshold, rounded_to)
    hidden = _hidden(safe, covered, small)
    while more := _given_away(safe, hidden, threshold):
        hidden = _hidden(safe, covered := covered | more, small)
    return replace(safe, frame=_blanked(safe.frame, hidden), hidden=hidden)


def _rounded(table: PublicTable, covered: set, small: set, threshold: int, base: int) -> PublicTable:
    """Return the table with small counts hidden and the others rounded.

    What is computed from a count goes where hiding would have hidden the count: an exact share would undo the rounding.
    More is hidden where a reader who has read the exact totals elsewhere could tell a small count all the same.
    """
    kept = {
        cell: how
        for cell, how in _hidden(table, covered, small).items()
        if how == "under" or not _is_count(table, cell)
    }
    kept |= table.hidden
    exact = tuple(replace(one, total=_total(table, one)) for one in table.sums or ())
    for sums in (exact, table.sums):
        audited = replace(_with_rounded_counts(table, kept, base), sums=sums)
        while more := _given_away(audited, kept, threshold):
            kept |= dict.fromkeys(more, "hidden")
    safe = _with_rounded_counts(table, kept, base)
    return replace(safe, frame=_blanked(safe.frame, kept), hidden=kept)


def _is_count(table: PublicTable, cell: Cell) -> bool:
    return table.columns[cell[1]][1] == "count"


def _total(table: PublicTable, one: Sum) -> Cell | float:
    """Return the exact total of a sum; its cell where the table itself does not know it."""
    value = table.frame[one.total[1]].iloc[one.total[0]] if isinstance(one.total, tuple) else one.total
    return one.total if pd.isna(value) else float(value)


def _with_rounded_counts(table: PublicTable, hidden: dict, base: int) -> PublicTable:
    frame = table.frame.copy()
    for name, (_, form) in table.columns.items():
        if form == "count":
            values = [
                n if pd.isna(n) or (i, name) in hidden else shown_rounded(n, base) for i, n in enumerate(frame[name])
            ]
            frame[name] = pd.Series(values, index=frame.index).astype("Float64")
    return replace(table, frame=frame, rounded_to=base)


def _hidden(table: PublicTable, covered: set, small: set) -> dict:
    """Return every hidden cell and how: also what is computed from a hidden count."""
    computed = {
        (position, name)
        for position, _ in covered
        for name, (_, form) in table.columns.items()
        if form not in ("text", "count", "date", "month")
    }
    return {**dict.fromkeys(covered | computed, "hidden"), **dict.fromkeys(small, "under"), **table.hidden}


def _given_away(table: PublicTable, hidden: dict, threshold: int) -> set:
    """Return further cells to hide, the smallest count of each sum that gives a small one away; empty when safe.

    Where all of those sums is hidden already, sums further off give it away: then the smallest count of the next ones.
    """
    found = knowledge_of(replace(table, hidden=hidden), threshold).found_out()
    more = {cell for one in table.sums or () if {*one.parts} & {*found} for cell in _left(table, one, hidden)[:1]}
    reach: set = set()
    wider = set(found)
    while not more and wider != reach:
        reach = wider
        linked = [one for one in table.sums or () if reach & {*_cells(one)}]
        left = [cell for one in linked for cell in _left(table, one, hidden)]
        more = set(sorted(left, key=lambda cell: (table.frame[cell[1]].iloc[cell[0]], cell))[:1])
        wider = reach | {cell for one in linked for cell in _cells(one) if cell in hidden}
    return more


def _cells(one: Sum) -> tuple[Cell, ...]:
    return (*one.parts, one.total) if isinstance(one.total, tuple) else one.parts


def _left(table: PublicTable, one: Sum, hidden: dict) -> list[Cell]:
    """Return the counts of a sum that are still shown and are not 0, the smallest first."""
    counts = [(table.frame[name].iloc[row], (row, name)) for row, name in _cells(one) if (row, name) not in hidden]
    return [cell for _, cell in sorted(count for count in counts if not pd.isna(count[0]) and count[0] > 0)]


def _is_small(count, threshold: int) -> bool:
    return not pd.isna(count) and bool(is_small(count, threshold))


def _blanked(frame: pd.DataFrame, hidden: dict) -> pd.DataFrame:
    blanked = frame.copy()
    for name in {column for _, column in hidden}:
        rows = [i for i, column in hidden if column == name]
        values = blanked[name].astype("Float64" if blanked[name].dtype.kind in "iuf" else blanked[name].dtype)
        values.iloc[rows] = pd.NA
        blanked[name] = values
    return blanked
