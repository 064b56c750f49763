"""Rows that expressions are asked of: in memory on plain arrays, or wherever an engine that narwhals knows holds them.

Both kinds answer the same few questions in the same way. A municipality's tables are so small that an engine would
spend most of its time on getting ready.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from helhed.selection.columns import Column, column_of, worked_out
from helhed.selection.expressions import Expr, as_narwhals

#: What is asked of all rows with the same key: an expression, and its ``sum``, ``max`` or ``min``.
Asked = tuple[Expr, str]


class EngineRows:
    """Rows that an engine holds.

    Parameters
    ----------
    frame
        A narwhals frame.
    collect
        Brings the rows of a frame into memory.
    """

    def __init__(self, frame: Any, collect: Callable[[Any], nw.DataFrame]):
        self.frame, self._collect = frame, collect

    def _of(self, frame: Any) -> "EngineRows":
        return EngineRows(frame, self._collect)

    def select(self, *names: str, **values: Expr) -> "EngineRows":
        """Return some columns, and further ones that are worked out."""
        return self._of(self.frame.select(*names, *_named(values)))

    def with_columns(self, **values: Expr) -> "EngineRows":
        """Return the rows with further columns."""
        return self._of(self.frame.with_columns(*_named(values)))

    def filter(self, is_so: Expr) -> "EngineRows":
        """Return the rows for which something holds for certain."""
        return self._of(self.frame.filter(as_narwhals(is_so)))

    def join(self, other: "EngineRows", on: str | list[str], how: str) -> "EngineRows":
        """Return the rows with what others say under the same key: ``inner``, ``left``, or ``semi`` (only whether)."""
        return self._of(self.frame.join(other.frame, on=on, how=how))

    def per(self, key: str, asked: Mapping[str, Asked]) -> "EngineRows":
        """Return one row per key with the sum, highest or lowest of what is asked, by name."""
        rows = self.frame.select(key, *_named({name: value for name, (value, _) in asked.items()}))
        return self._of(rows.group_by(key).agg(*(_HOW[how](nw.col(name)) for name, (_, how) in asked.items())))

    def beside(self, others: list["EngineRows"], key: str, names: list[str]) -> "EngineRows":
        """Return one row per key that is here or in others, which hold further columns; missing where it is not."""
        if not others:
            return self
        frames = [self.frame, *(other.frame for other in others)]
        return self._of(nw.concat(frames, how="diagonal").group_by(key).agg(nw.col(*names).max()))

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as pandas has them."""
        return self._collect(self.frame).to_pandas()


_HOW = {"max": nw.Expr.max, "min": nw.Expr.min, "sum": nw.Expr.sum}


def _named(values: Mapping[str, Expr]) -> Iterable[nw.Expr]:
    return (as_narwhals(value).alias(name) for name, value in values.items())


class ArrayRows:
    """Rows in memory; a column is made when it is first asked for.

    Parameters
    ----------
    names
        The columns.
    make
        Makes the column of a name.
    n
        How many rows there are.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], Column], n: int):
        self.names, self._make, self._n = tuple(names), make, n
        self._made: dict[str, Column] = {}

    def column(self, name: str) -> Column:
        """Return a column."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _worked_out(self, value: Expr) -> Column:
        return worked_out(value, self.column).of_length(self._n)

    def select(self, *names: str, **values: Expr) -> "ArrayRows":
        """Return some columns, and further ones that are worked out."""
        return ArrayRows((*names, *values), self._with(values), self._n)

    def with_columns(self, **values: Expr) -> "ArrayRows":
        """Return the rows with further columns."""
        return ArrayRows(dict.fromkeys((*self.names, *values)), self._with(values), self._n)

    def _with(self, values: Mapping[str, Expr]) -> Callable[[str], Column]:
        return lambda name: self._worked_out(values[name]) if name in values else self.column(name)

    def filter(self, is_so: Expr) -> "ArrayRows":
        """Return the rows for which something holds for certain."""
        return self._rows(np.flatnonzero(self._worked_out(is_so).holds()))

    def _rows(self, rows: np.ndarray) -> "ArrayRows":
        return ArrayRows(self.names, lambda name: self.column(name).take(rows), len(rows))

    def join(self, other: "ArrayRows", on: str | list[str], how: str) -> "ArrayRows":
        """Return the rows with what others say under the same key: ``inner``, ``left``, or ``semi`` (only whether)."""
        keys = [on] if isinstance(on, str) else on
        own, theirs = _matches(*_keys([self.column(key) for key in keys], [other.column(key) for key in keys]), how)
        if how == "semi":
            return self._rows(own)
        further = [name for name in other.names if name not in keys]
        return ArrayRows(
            (*self.names, *further),
            lambda name: other.column(name).take_if(theirs) if name in further else self.column(name).take(own),
            len(own),
        )

    def per(self, key: str, asked: Mapping[str, Asked]) -> "ArrayRows":
        """Return one row per key with the sum, highest or lowest of what is asked, by name; without a key is no row."""
        of_rows = self.column(key)
        order = np.argsort(of_rows.values, kind="stable")
        order = order[of_rows.values[order] >= 0]
        ordered = of_rows.values[order]
        begins = np.flatnonzero(np.diff(ordered, prepend=-1))
        keys = Column(ordered[begins], None, of_rows.names)
        made = {name: _summed(self._worked_out(value), order, begins, how) for name, (value, how) in asked.items()}
        return ArrayRows((key, *asked), ({key: keys} | made).__getitem__, len(begins))

    def beside(self, others: list["ArrayRows"], key: str, names: list[str]) -> "ArrayRows":
        """Return one row per key that is here or in others, which hold further columns; missing where it is not."""
        if not others:
            return self
        parts = [self, *others]
        keys = np.unique(np.concatenate([part.column(key).values for part in parts]))
        made = {key: Column(keys, None, self.column(key).names)}
        for part in parts:
            place = np.full(len(keys), -1)
            place[np.searchsorted(keys, part.column(key).values)] = np.arange(part._n)
            made |= {name: part.column(name).take_if(place) for name in part.names if name != key}
        return ArrayRows((key, *names), made.__getitem__, len(keys))

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as pandas has them."""
        return pd.DataFrame({name: self.column(name).series() for name in self.names})


def _keys(own: list[Column], theirs: list[Column]) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys of two sets of rows as whole numbers, negative where one is missing."""
    if len(own) == 1 and own[0].names is not None:
        return own[0].values, theirs[0].values
    pairs = [_numbers(one, other) for one, other in zip(own, theirs, strict=True)]
    joint = pairs[0]
    for more in pairs[1:]:
        joint = np.where((joint < 0) | (more < 0), -1, joint * (more.max(initial=0) + 1) + more)
    return joint[: len(own[0].values)], joint[len(own[0].values) :]


def _numbers(own: Column, theirs: Column) -> np.ndarray:
    both = np.concatenate([own.values, theirs.values])
    is_null = np.concatenate([own.missing(), theirs.missing()])
    return np.where(is_null, -1, np.unique(both, return_inverse=True)[1])


def _matches(own: np.ndarray, theirs: np.ndarray, how: str) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows stand together; -1 for none."""
    order = np.argsort(theirs, kind="stable")
    ordered = theirs[order]
    first = np.searchsorted(ordered, own, "left")
    n_found = np.where(own < 0, 0, np.searchsorted(ordered, own, "right") - first)
    if how == "semi":
        return np.flatnonzero(n_found), np.empty(0, dtype=np.intp)
    n_rows = np.maximum(n_found, 1) if how == "left" else n_found
    rows = np.repeat(np.arange(len(own)), n_rows)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(n_rows) - n_rows, n_rows)
    found = n_found[rows] > 0
    places = np.where(found, first[rows] + nth, 0)
    return rows, np.where(found, order[places], -1) if len(order) else np.full(len(rows), -1)


def _summed(column: Column, order: np.ndarray, begins: np.ndarray, how: str) -> Column:
    values = column.values[order]
    if values.dtype == bool:
        values = values.astype(np.int64)
    if not len(begins):
        return Column(values, None, column.names)
    whole = values.view(np.int64) if values.dtype.kind == "M" else values
    is_null = None if column.is_null is None else column.is_null[order]
    present = whole if is_null is None else np.where(is_null, _neutral(whole.dtype, how), whole)
    summed = _REDUCED[how].reduceat(present, begins).astype(whole.dtype, copy=False)
    is_none = None if is_null is None or how == "sum" else np.logical_and.reduceat(is_null, begins)
    return Column(summed.view(values.dtype), is_none, column.names)


_REDUCED = {"sum": np.add, "max": np.maximum, "min": np.minimum}


def _neutral(dtype: np.dtype, how: str) -> float:
    if how == "sum":
        return 0
    limits = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    return limits.min if how == "max" else limits.max


def held(tables: Mapping[str, pd.DataFrame]) -> dict[str, ArrayRows]:
    """Return tables of pandas as rows in memory; persons and families have one number in all of them."""
    numbering: dict[str, pd.Index] = {}

    def made(frame: pd.DataFrame, name: str) -> Column:
        if name not in _SHARED:
            return column_of(frame[name])
        if name not in numbering:
            known = tables["family_member"][name].astype("str")
            numbering[name] = pd.Index(known.dropna().unique())
        places = numbering[name].get_indexer(pd.Index(frame[name].astype("str")))
        return Column(places, places < 0, numbering[name])

    return {
        name: ArrayRows(frame.columns, lambda column, frame=frame: made(frame, column), len(frame))
        for name, frame in tables.items()
    }


#: Keys that the tables share: whoever is in no family plays no part.
_SHARED = ("person_id", "family_id")
