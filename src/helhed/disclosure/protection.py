"""How far from the true value a reader must be kept, cell by cell."""

from dataclasses import dataclass

import numpy as np

from helhed.disclosure.cells import Cells
from helhed.disclosure.primary import is_too_few


@dataclass(frozen=True)
class Protection:
    """The cells that must not be found out, and how far the reader's interval must reach below and above the value."""

    is_needed: np.ndarray
    below: np.ndarray
    above: np.ndarray


def of_small_counts(cells: Cells, threshold: int) -> Protection:
    """Return the protection of counts under the threshold: for all a reader knows it may be 1 fewer, or the threshold.

    So neither the count itself nor that it is under the threshold can be told for certain. Cells that are published
    already are beyond help and are left out; `helhed.disclosure.attack.unsafe` has nothing to say of them.
    """
    is_needed = is_too_few(cells.values, threshold) & ~cells.is_published
    above = np.where(is_needed, threshold - cells.values, 0.0)
    return Protection(is_needed, np.where(is_needed, 1.0, 0.0), above)


def of_amounts(cells: Cells, is_needed: np.ndarray, share: float) -> Protection:
    """Return the protection of amounts (dominance or p % rule): the interval reaches a share of the value each way."""
    needed = np.asarray(is_needed, dtype=bool)
    width = np.where(needed, share * np.abs(cells.values), 0.0)
    return Protection(needed, width, width)
