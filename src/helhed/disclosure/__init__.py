"""Disclosure control: small counts are hidden before anything public is made from them."""

from helhed.disclosure.attack import attack, unsafe
from helhed.disclosure.cells import CellBook, Cells, shown_values
from helhed.disclosure.primary import MOST_OF_ONE, is_dominated, is_too_few, is_within_p_percent
from helhed.disclosure.protection import Protection, of_amounts, of_small_counts
from helhed.disclosure.rounding import rounded, shown_rounded
from helhed.disclosure.secondary import hide_secondary
from helhed.disclosure.suppression import protect

__all__ = [
    "MOST_OF_ONE",
    "CellBook",
    "Cells",
    "Protection",
    "attack",
    "hide_secondary",
    "is_dominated",
    "is_too_few",
    "is_within_p_percent",
    "of_amounts",
    "of_small_counts",
    "protect",
    "rounded",
    "shown_rounded",
    "shown_values",
    "unsafe",
]
