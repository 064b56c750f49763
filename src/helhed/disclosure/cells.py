"""Cells of one or several tables and the sums that tie them together, as a reader who wants to find out sees them.

Tables that share cells, totals or an earlier release are put in one `Cells`: a cell has one key everywhere it stands,
and every sum a reader can know is an equation. So linked tables need nothing further.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall


@dataclass(frozen=True)
class Cells:
    """Values of cells and the sums among them.

    Parameters
    ----------
    keys
        One key per cell.
    values
        The true values.
    sums
        One row per sum, one column per cell: 1 for a part, -1 for its total; each row times the values is 0.
    low, high
        What a reader knows of each cell beforehand: counts are at least 0. Where a cell is negative, as amounts may be,
        nothing is known.
    is_published
        Cells that are out already, such as those of an earlier release; they cannot be hidden any more.
    is_never_shown
        Cells that no table shows, such as the difference between two releases; hiding them costs nothing.
    """

    keys: tuple[Hashable, ...]
    values: np.ndarray
    sums: np.ndarray
    low: np.ndarray
    high: np.ndarray
    is_published: np.ndarray
    is_never_shown: np.ndarray

    def where(self, keys: Sequence[Hashable]) -> np.ndarray:
        """Return for each cell whether its key is among the given ones."""
        wanted = set(keys)
        return np.array([key in wanted for key in self.keys], dtype=bool)


@dataclass
class CellBook:
    """Collects cells and sums from several tables; a key that comes again is the same cell."""

    values: dict[Hashable, float] = field(default_factory=dict)
    sums: list[tuple[Hashable, tuple[Hashable, ...]]] = field(default_factory=list)
    published: set[Hashable] = field(default_factory=set)
    never_shown: set[Hashable] = field(default_factory=set)

    def add(self, key: Hashable, value: float) -> None:
        """Put in a cell; the same key must have the same value everywhere."""
        if key in self.values and abs(self.values[key] - value) > 1e-9:
            raise WrongCall(Problem("outputs.cell_with_two_values", value=str(key)))
        self.values[key] = float(value)

    def add_sum(self, total: Hashable, parts: Sequence[Hashable]) -> None:
        """Put in that a cell is the sum of others."""
        self.sums.append((total, tuple(parts)))

    def add_table(self, name: str, frame: pd.DataFrame, total: str = "total") -> None:
        """Put in a two-way table with the sums of rows and columns; keys are (name, row, column).

        Parameters
        ----------
        name
            Of the table. Sums are kept as (name, row, ``total``), (name, ``total``, column) and both.
        frame
            One row per row of the table, one column per column, without totals.
        """
        full = frame.astype(float)
        full[total] = full.sum(axis=1)
        full.loc[total] = full.sum(axis=0)
        for row in full.index:
            for column in full.columns:
                self.add((name, row, column), full.loc[row, column])
        for row in full.index:
            self.add_sum((name, row, total), [(name, row, column) for column in frame.columns])
        for column in full.columns:
            self.add_sum((name, total, column), [(name, row, column) for row in frame.index])

    def cells(self) -> Cells:
        """Return the collected cells.

        Raises
        ------
        WrongCall
            If a sum names a cell without a value, or does not add up.
        """
        keys = tuple(self.values)
        at = {key: number for number, key in enumerate(keys)}
        values = np.array([self.values[key] for key in keys])
        rows, problems = [], []
        for total, parts in self.sums:
            unknown = [str(key) for key in (total, *parts) if key not in at]
            if unknown:
                problems.append(Problem("outputs.sum_of_unknown_cell", value=", ".join(unknown)))
                continue
            row = np.zeros(len(keys))
            row[at[total]] -= 1
            for part in parts:
                row[at[part]] += 1
            if abs(row @ values) > 1e-6 * max(1.0, abs(values[at[total]])):
                problems.append(Problem("outputs.sum_does_not_add_up", value=str(total)))
            rows.append(row)
        if problems:
            raise WrongCall(problems)
        sums = np.array(rows) if rows else np.zeros((0, len(keys)))
        marks = [np.array([key in chosen for key in keys], dtype=bool) for chosen in (self.published, self.never_shown)]
        least = -np.inf if (values < 0).any() else 0.0
        return Cells(keys, values, sums, np.full(len(keys), least), np.full(len(keys), np.inf), *marks)


def shown_values(cells: Cells, hidden: np.ndarray) -> Mapping[Hashable, float]:
    """Return what a release shows: the values of the cells that are neither hidden nor never shown."""
    is_shown = ~(np.asarray(hidden, dtype=bool) | cells.is_never_shown)
    return {key: float(value) for key, value, shown in zip(cells.keys, cells.values, is_shown, strict=True) if shown}
