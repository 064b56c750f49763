"""Which counts of a public table to hide: the small ones and, at least cost, those that keep them safe."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helhed.disclosure.cells import CellBook, Cells
from helhed.disclosure.protection import Protection
from helhed.disclosure.secondary import cheapest_choice
from helhed.outputs import Cell, PublicTable, Sum


def cells_to_hide(table: PublicTable, small: set[Cell], threshold: int) -> set[Cell]:
    """Return the small counts of a table and the further ones that an integer programme chooses to hide with them.

    As few further counts as possible and of those the smallest, such that "under" tells all that the sums tell of a
    small count: it may be anything from 1 to ``threshold - 1``. The reader is taken to know that what is hidden beside
    the small ones is no smaller than the threshold, and every total: sentences, means and other tables tell it.

    Parameters
    ----------
    table
        With the sums that its reader knows.
    small
        Counts of 1 to ``threshold - 1``: position of the row and name of the column.
    threshold
        Smallest count that may be shown.

    Returns
    -------
    Position and column of each count. Only the small ones of a group of sums in which no choice keeps them safe.

    Notes
    -----
    What a sum holds beyond the counts of the table is looked at too: that it is small must not be certain.
    """
    hidden = set(small)
    for sums in _hanging_together(table, small):
        cells = _cells(table, sums, small, threshold)
        chosen = cheapest_choice(cells, _protection(cells, threshold), _costs(cells))
        if chosen is not None:
            hidden |= {key for key, is_hidden in zip(cells.keys, chosen, strict=True) if is_hidden}
    return hidden


def _hanging_together(table: PublicTable, small: set[Cell]) -> Iterator[list[Sum]]:
    """Return the sums in groups that share counts which may be hidden, of groups in which something may be small.

    A sum of which a count is not known stays out: the reader of the whole table looks at it later.
    """
    left = [one for one in table.sums or () if all(not pd.isna(_count(table, cell)) for cell in _counts(one))]
    while first := next((one for one in left if one.has_unseen or small & {*_counts(one)}), None):
        group, reached = [], {*_counts(first)}
        while more := [one for one in left if reached & {*_counts(one)}]:
            group += more
            left = [one for one in left if one not in more]
            reached |= {cell for one in more for cell in _counts(one) if _count(table, cell) > 0}
        yield group


def _cells(table: PublicTable, sums: list[Sum], small: set[Cell], threshold: int) -> Cells:
    """Return the counts of the sums with what their reader knows of each of them when it is hidden."""
    book, limits = CellBook(), {}
    for number, one in enumerate(sums):
        for cell in _counts(one):
            book.add(cell, _count(table, cell))
            limits[cell] = (1, threshold - 1) if cell in small else (threshold, np.inf)
        total, parts = one.total, one.parts
        if not isinstance(total, tuple):
            total = ("elsewhere", number)
            book.add(total, one.total)
        if one.has_unseen:
            parts = (*parts, ("unseen", number))
            book.add(parts[-1], book.values[total] - sum(book.values[part] for part in one.parts))
            book.never_shown.add(parts[-1])
            limits[parts[-1]] = (0, np.inf)
        book.add_sum(total, parts)
    # A count of 0 is shown, and totals are out already.
    totals = {one.total for one in sums} - small
    known = {key for key, value in book.values.items() if key not in limits or key in totals or value == 0}
    book.published |= known - book.never_shown
    cells = book.cells()
    ends = np.array([limits.get(key, (0, np.inf)) for key in cells.keys], dtype=float)
    return Cells(cells.keys, cells.values, cells.sums, *ends.T, cells.is_published, cells.is_never_shown)


def _protection(cells: Cells, threshold: int) -> Protection:
    """Return how far a reader must be kept from the small counts: as far as their limits go."""
    is_small = (cells.values > 0) & (cells.values < threshold) & ~cells.is_published
    below, above = cells.values - cells.low, np.minimum(cells.high, threshold) - cells.values
    return Protection(is_small, np.where(is_small, below, 0.0), np.where(is_small, above, 0.0))


def _costs(cells: Cells) -> np.ndarray:
    """Return the price of hiding each count: one more costs more than any difference in size."""
    return 1 + cells.values / (1 + cells.values.sum())


def _counts(one: Sum) -> tuple[Cell, ...]:
    return (*one.parts, one.total) if isinstance(one.total, tuple) else one.parts


def _count(table: PublicTable, cell: Cell):
    return table.frame[cell[1]].iloc[cell[0]]
