"""Rows of an export that say the same as another row: exact copies, and rows that share their export's key."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helhed.intake.building.keys import rows_alike
from helhed.intake.building.paid_again import is_paid_again
from helhed.intake.exports.preset import Preset

#: Where a row stands in the user's files: no part of what it says.
_PLACE = ("row_", "file_")


@dataclass(frozen=True)
class Repeats:
    """The rows of a source frame that repeat another one; what is worked out is worked out once.

    Parameters
    ----------
    frame
        The source frame.
    preset
        Its export: the key, and which row of a key counts.
    """

    frame: pd.DataFrame
    preset: Preset

    @cached_property
    def copies(self) -> pd.Series:
        """Return a number for the rows that are copies of each other in every column."""
        return numbers_of(self.frame, [column for column in self.frame.columns if column not in _PLACE])

    @cached_property
    def is_copy(self) -> pd.Series:
        """Return which rows repeat an earlier row in every column; a payment made again after a reversal does not."""
        return without_paid_again(is_repeated(self.copies, self.frame), self.frame)

    @cached_property
    def is_superseded(self) -> pd.Series:
        """Return which rows are no exact copies but give way to another row of the same key."""
        is_away = pd.Series(False, index=self.frame.index)
        shared = self._shared
        if "by" in self.preset.same_key:
            shared = shared.sort_values(self.preset.same_key["by"], kind="stable", na_position="first")
        if len(shared):
            is_away[shared.index[shared.duplicated(list(self.preset.key), keep=self.preset.same_key["keep"])]] = True
        return is_away

    @cached_property
    def of_key(self) -> pd.Series:
        """Return a number for the rows, copies left out, that share their export's key with another one."""
        numbers = self._shared.groupby(list(self.preset.key) or "row_", dropna=False, sort=False).ngroup()
        return numbers[numbers.duplicated(keep=False)]

    @cached_property
    def _shared(self) -> pd.DataFrame:
        """Return the rows that share their key with another one: few, so that only those are put in order."""
        key = list(self.preset.key)
        shared = rows_alike(self.frame, key) if key else self.frame[:0]
        return shared[~self.is_copy[shared.index]]


def numbers_of(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return a number for the rows that say the same in some columns as another row, and only for those."""
    alike = rows_alike(frame, columns)
    if alike.empty:
        return pd.Series(index=alike.index, dtype="int64")
    return alike.groupby(columns, dropna=False, sort=False).ngroup()


def is_repeated(numbers: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Return which rows of a frame have the number of an earlier row (see `numbers_of`)."""
    return numbers.duplicated().reindex(frame.index, fill_value=False)


def exact_copies(frame: pd.DataFrame) -> pd.Series:
    """Return which rows of a source frame repeat an earlier row in every column (see `Repeats.is_copy`)."""
    numbers = numbers_of(frame, [column for column in frame.columns if column not in _PLACE])
    return without_paid_again(is_repeated(numbers, frame), frame)


def without_paid_again(is_copy: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Return the copies without payments that were made again after a reversal (see `is_paid_again`)."""
    if not is_copy.any() or "paid_dkk" not in frame or not (frame["paid_dkk"] < 0).any():
        return is_copy
    return is_copy & ~is_paid_again(frame.drop(columns=[name for name in _PLACE if name in frame]), is_copy)
