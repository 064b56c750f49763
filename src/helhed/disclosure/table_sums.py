"""The sums that a reader of a table knows: read off the true counts before any of them is hidden."""

from collections.abc import Iterator

import pandas as pd

from helhed.disclosure.reader import Knowledge, Shown
from helhed.outputs import Cell, PublicTable, Sum


def count_columns(table: PublicTable) -> list[str]:
    """Return the columns that are numbers of persons or families, in their order."""
    return [name for name, (_, form) in table.columns.items() if form == "count"]


def sums_of(table: PublicTable, threshold: int) -> tuple[Sum, ...]:
    """Return the sums among the counts of a table that hold, as its declaration says (see `PublicTable`).

    A total that is no count of the table is taken to be shown elsewhere when it is no small number itself.
    """
    found = [*_of_total_row(table), *_of_groups(table, threshold), *_of_rows(table, threshold)]
    return tuple(one for one in found if one is not None)


def knowledge_of(table: PublicTable, threshold: int) -> Knowledge:
    """Return what a reader of a protected table has in hand."""
    known = Knowledge()
    for name in count_columns(table):
        for row, value in enumerate(table.frame[name]):
            how = table.hidden.get((row, name))
            if how or not pd.isna(value):
                known.counts[row, name] = _as_shown(how, value, threshold, table.rounded_to)
    add_sums(known, table.sums or (), lambda cell: cell, threshold)
    return known


def _as_shown(how: str | None, value, threshold: int, base: int) -> Shown:
    if how:
        return Shown(how, threshold=threshold)
    return Shown("rounded" if base else "shown", float(value), threshold, base)


def add_sums(known: Knowledge, sums: tuple[Sum, ...], key_of, threshold: int) -> None:
    """Add a table's sums to what a reader knows; ``key_of`` gives the key of a cell."""
    for number, one in enumerate(sums):
        parts = tuple(key_of(cell) for cell in one.parts)
        total = key_of(one.total) if isinstance(one.total, tuple) else one.total
        if one.has_unseen:
            unseen = ("unseen", number, *parts[:1])
            known.counts[unseen] = Shown("unseen", threshold=threshold)
            parts = (*parts, unseen)
        if all(key in known.counts for key in (*parts, *([total] if isinstance(one.total, tuple) else []))):
            known.sums.append((total, parts))


def _of_total_row(table: PublicTable) -> Iterator[Sum | None]:
    last = len(table.frame) - 1
    if table.has_total and last > 0:
        for name in count_columns(table):
            yield _sum(table, tuple((row, name) for row in range(last)), (last, name))


def _of_groups(table: PublicTable, threshold: int) -> Iterator[Sum | None]:
    if table.rows_within:
        for rows in table.frame.groupby(table.rows_within, sort=False).indices.values():
            for name in count_columns(table):
                parts = tuple((int(row), name) for row in rows)
                yield _sum_elsewhere(table, parts, 0.0, threshold)


def _of_rows(table: PublicTable, threshold: int) -> Iterator[Sum | None]:
    counts = count_columns(table)
    shown = [name for name in table.row_parts if name in counts]
    unseen = [name for name in table.row_parts if name not in counts]
    whole = table.frame[list(table.row_parts)].sum(axis=1, skipna=False) if table.row_parts else None
    totals = [name for name in counts if name not in shown and (table.frame[name] == whole).fillna(True).all()]
    for row in range(len(table.frame)) if shown else ():
        parts = tuple((row, name) for name in shown)
        rest = float(table.frame[unseen].iloc[row].fillna(0).sum()) if unseen else 0.0
        if totals:
            yield Sum(parts, (row, totals[0]), bool(unseen))
        else:
            yield _sum_elsewhere(table, parts, rest, threshold, bool(unseen))


def _value(table: PublicTable, cell: Cell) -> float:
    value = table.frame[cell[1]].iloc[cell[0]]
    return float("nan") if pd.isna(value) else float(value)


def _sum(table: PublicTable, parts: tuple[Cell, ...], total: Cell) -> Sum | None:
    """Return the sum if it holds: a total of families may count those of two rows once."""
    is_whole = sum(_value(table, cell) for cell in parts) == _value(table, total)
    return Sum(parts, total) if is_whole else None


def _sum_elsewhere(table, parts: tuple[Cell, ...], rest: float, threshold: int, has_unseen: bool = False) -> Sum | None:
    total = sum(_value(table, cell) for cell in parts) + rest
    return Sum(parts, total, has_unseen) if total == 0 or total >= threshold else None
