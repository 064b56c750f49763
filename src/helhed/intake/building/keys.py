"""Persons, cases and other keys as numbers, which are sorted and compared much faster than texts."""

import weakref

import numpy as np
import pandas as pd

#: What has been numbered, by the identity of the column's cells (which never change), as long as they live.
_NUMBERED: dict[int, tuple[np.ndarray, pd.Index]] = {}


def numbered(keys: pd.Series | pd.Index) -> tuple[np.ndarray, pd.Index]:
    """Return a number for each key, -1 for a missing one, and the different keys in the order of their numbers.

    Many rules, the linkage and the tables ask for the same columns: each is gone through once.

    Examples
    --------
    >>> codes, different = numbered(pd.Series(["b", "a", "b", None], dtype="str"))
    >>> codes.tolist(), different.tolist()
    ([0, 1, 0, -1], ['b', 'a'])
    """
    if keys.dtype != "str":
        codes, different = pd.factorize(keys)
        return codes, pd.Index(different)
    cells = keys.array.__arrow_array__()
    if id(cells) not in _NUMBERED:
        codes, different = pd.factorize(keys)
        _NUMBERED[id(cells)] = codes.astype("int32"), pd.Index(different)
        weakref.finalize(cells, _NUMBERED.pop, id(cells), None)
    return _NUMBERED[id(cells)]


def rows_alike(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the rows that say the same in some columns as another row."""
    # Few rows are alike in two columns: only those are looked at in all of them.
    pair = np.zeros(len(frame), dtype="int64")
    for column in columns[:2]:
        codes, different = numbered(frame[column])
        pair = pair * (len(different) + 1) + codes + 1
    near = frame[pd.Series(pair).duplicated(keep=False).to_numpy()]
    return near[near.duplicated(columns, keep=False)] if len(columns) > 2 and len(near) else near
