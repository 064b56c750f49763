"""What a step shows to people: pictures, public tables and key numbers, each with its text in one language."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helhed import texts
from helhed.drawing import png

#: So that the words of a figure are as large as those around it.
_PIXELS_PER_INCH = 110

#: How a value of each format is written. ``count`` is a number of persons or families: it is protected before it is
#: shown (see `helhed.disclosure`). Amounts are kroner, ``about_dkk`` an estimated one; shares are 0-1 and shown as per
#: cent.
FORMATS: dict[str, Callable[[Any, str], str]] = {
    "count": lambda value, lang: texts.number(value, lang),
    "number": lambda value, lang: texts.number(value, lang),
    "number1": lambda value, lang: texts.number(value, lang, 1),
    "number2": lambda value, lang: texts.number(value, lang, 2),
    "share": lambda value, lang: texts.percent(value, lang),
    "share1": lambda value, lang: texts.percent(value, lang, 1),
    "dkk": lambda value, lang: texts.kroner(value, lang),
    "about_dkk": lambda value, lang: texts.about_kroner(value, lang),
    "date": lambda value, lang: texts.day(value, lang),
    "month": lambda value, lang: texts.month(value, lang),
    "text": lambda value, lang: "–" if value is None or value != value else str(value),
}


def is_small(n, threshold: int):
    """Return whether a number of persons or families is too small to be shown: above 0 and below the threshold.

    ``n`` may be one number or a column of them; a missing number is not small.
    """
    return (n > 0) & (n < threshold)


def share_in_words(part: int, whole: int, threshold: int, lang: str) -> str:
    """Return a part of a whole in per cent, so that a small rest cannot be worked out from it.

    Rounded down: "100 %" is only written when nothing is left over.

    Examples
    --------
    >>> share_in_words(812, 814, 5, "en"), share_in_words(814, 814, 5, "en"), share_in_words(700, 814, 5, "en")
    ('at least 99%', '100.0%', '85.9%')
    """
    if is_small(whole - part, threshold):
        return texts.text("outputs.at_least", lang, share=texts.percent(100 * (whole - threshold) // whole / 100, lang))
    return texts.percent(1000 * part // whole / 1000, lang, 1)


def gives_away(n, total, threshold: int):
    """Return whether a number shown beside its total gives away a small one: itself, or what is left of the total.

    ``n`` and ``total`` may be numbers or columns of them.
    """
    return is_small(n, threshold) | is_small(total - n, threshold)


@dataclass(frozen=True)
class Picture:
    """A finished figure with its name, a caption and an alternative text that states the finding.

    ``name`` is ``fig-<stage>-<thing>`` in lower case, such as ``fig-select-funnel``.
    """

    figure: Figure
    name: str
    caption: str
    alt: str

    @cached_property
    def png(self) -> bytes:
        """Return the figure as a PNG file, drawn once: pages, Word files and slides hold the same picture."""
        return png(self.figure)

    @property
    def pixels_on_screen(self) -> int:
        """Return how wide the figure stands on a page; it holds more pixels, for fine screens and for paper."""
        return round(self.figure.get_figwidth() * _PIXELS_PER_INCH)


@dataclass(frozen=True)
class KeyNumber:
    """A value that pages and later steps may quote, with how it is written."""

    value: Any
    format: str = "number"

    def written(self, lang: str, threshold: int = 0) -> str:
        """Return the value as written in the language; a small count as "under" the disclosure threshold."""
        if self.format == "count" and self.value is not None and is_small(self.value, threshold):
            return texts.text("outputs.under", lang, threshold=threshold)
        return FORMATS[self.format](self.value, lang)


#: A count of a table: position of its row, name of its column.
Cell = tuple[int, str]


@dataclass(frozen=True)
class Sum:
    """A sum among the counts of a table that its reader knows.

    Parameters
    ----------
    parts
        The counts of the table that are added.
    total
        The count that they add to, or a number that is shown elsewhere.
    has_unseen
        Whether something is added that the table does not show.
    """

    parts: tuple[Cell, ...]
    total: Cell | float
    has_unseen: bool = False


@dataclass(frozen=True)
class PublicTable:
    """A table that may be shown to anyone once `helhed.disclosure.protect` has been over it.

    Parameters
    ----------
    name
        Lower-case name, such as ``funnel``.
    title
        What the table shows, in the language.
    frame
        The rows; only the columns named in ``columns`` are shown, in that order.
    columns
        Column name to (label in the language, format). Formats are the keys of `FORMATS`.
    hidden
        Cells that were hidden to protect persons: (row position, column) to ``under`` (a count below the threshold)
        or ``hidden`` (would give such a count away).
    has_total
        Whether the last row is the total of the rows above it.
    row_parts
        Count columns that in every row add to a total known elsewhere. A column of the frame that is not in
        ``columns`` may be one of them.
    rows_within
        Column of the frame that groups the rows: the counts of each group add to a total known elsewhere.
    sums
        The sums that a reader knows, kept when the table was protected; None before that.
    rounded_to
        What the counts that are shown were rounded to when the table was protected; 0 for no rounding.
    """

    name: str
    title: str
    frame: pd.DataFrame
    columns: dict[str, tuple[str, str]]
    hidden: dict[tuple[int, str], str] = field(default_factory=dict)
    has_total: bool = False
    row_parts: tuple[str, ...] = ()
    rows_within: str = ""
    sums: tuple[Sum, ...] | None = None
    rounded_to: int = 0

    def written(self, lang: str, threshold: int) -> list[list[str]]:
        """Return the rows as written in the language, hidden cells as "under" the disclosure threshold."""
        return [
            [self._cell(position, name, lang, threshold) for name in self.columns]
            for position in range(len(self.frame))
        ]

    def _cell(self, position: int, column: str, lang: str, threshold: int) -> str:
        if (position, column) in self.hidden:
            return texts.text(f"outputs.{self.hidden[position, column]}", lang, threshold=threshold)
        value = self.frame[column].iloc[position]
        return "–" if pd.isna(value) else FORMATS[self.columns[column][1]](value, lang)
