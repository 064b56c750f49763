"""Looks at the numbers of a part before anything is computed: each must be one that the field can mean."""

import math
from collections.abc import Mapping

from helhed.browser.kit import Kit
from helhed.browser.words import Words


class OutsideField(Exception):
    """A number that a field cannot mean: what the field is called, what it takes, and a part of one that was given."""

    def __init__(self, label: str, low: float, high: float, part_given: float | None = None):
        super().__init__(label)
        self.label, self.low, self.high, self.part_given = label, low, high, part_given

    def in_words(self, words: Words) -> str:
        """Return what is to be corrected."""
        code = "outside_field" if self.part_given is None else "not_whole"
        limits = {"low": _plain(words, self.low), "high": _plain(words, self.high)}
        return words.say(code, field=self.label, given=_plain(words, self.part_given), **limits)


def _plain(words: Words, value: float | None) -> str:
    """Return a number with the decimals that it has."""
    return "" if value is None else words.number(value, len(f"{value:.6f}".rstrip("0").partition(".")[2]))


def require_within(kit: Kit, part: str, values: Mapping[str, str]) -> None:
    """Stop at the first field of a part that holds no number, or one that it cannot mean.

    Raises
    ------
    ValueError
        If a field is empty or holds no number.
    OutsideField
        If its number is too low or too high, or not whole where something is counted.
    """
    for name, (label, low, high, is_whole) in kit.fields(part).items():
        value = float(values[name])
        if not math.isfinite(value):
            raise ValueError(name)
        if not low <= value <= high:
            raise OutsideField(label, low, high)
        if is_whole and value != int(value):
            raise OutsideField(label, low, high, value)
