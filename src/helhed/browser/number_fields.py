"""Looks at the numbers of a part before anything is computed: each must be one that the field can mean."""

import math
from collections.abc import Mapping

from helhed.browser.kit import Kit
from helhed.browser.words import Words


class OutsideField(Exception):
    """A number that a field cannot mean: what the field is called, and what it takes."""

    def __init__(self, label: str, low: float, high: float):
        super().__init__(label)
        self.label, self.low, self.high = label, low, high

    def in_words(self, words: Words) -> str:
        """Return what is to be corrected."""
        return words.say("outside_field", field=self.label, low=_plain(words, self.low), high=_plain(words, self.high))


def _plain(words: Words, limit: float) -> str:
    return words.number(limit, 0 if float(limit).is_integer() else 1)


def require_within(kit: Kit, part: str, values: Mapping[str, str]) -> None:
    """Stop at the first field of a part that holds no number, or one that it cannot mean.

    Raises
    ------
    ValueError
        If a field is empty or holds no number.
    OutsideField
        If its number is too low or too high.
    """
    for name, (label, low, high) in kit.fields(part).items():
        value = float(values[name])
        if not math.isfinite(value):
            raise ValueError(name)
        if not low <= value <= high:
            raise OutsideField(label, low, high)
