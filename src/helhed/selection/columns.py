"""Columns in memory as plain arrays, and how expressions are worked out on them."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from helhed.selection.expressions import FRACTION, Expr


@dataclass(frozen=True, eq=False)
class Column:
    """The values of a column and which of them are missing (None: none is); one value may stand for all rows.

    Texts are places among ``names``, the different texts; -1 where the text is missing.
    """

    values: np.ndarray
    is_null: np.ndarray | None = None
    names: pd.Index | None = None

    def take(self, rows: np.ndarray) -> "Column":
        """Return the values of some rows."""
        is_null = None if self.is_null is None else self.is_null[rows]
        return replace(self, values=self.values[rows], is_null=is_null)

    def take_if(self, rows: np.ndarray) -> "Column":
        """Return the values of some rows; -1 stands for none: its value is missing."""
        if not len(self.values):
            return replace(self, values=np.zeros(len(rows), self.values.dtype), is_null=np.ones(len(rows), dtype=bool))
        found = self.take(rows)
        return replace(found, is_null=_either(found.is_null, rows < 0))

    def of_length(self, n: int) -> "Column":
        """Return the column with a value for each of so many rows."""
        if self.values.ndim:
            return self
        return replace(self, values=np.full(n, self.values), is_null=np.full(n, self.missing()))

    def missing(self) -> np.ndarray:
        """Return which values are missing."""
        return np.zeros(self.values.shape, dtype=bool) if self.is_null is None else self.is_null

    def holds(self) -> np.ndarray:
        """Return of flags which hold for certain."""
        return self.values if self.is_null is None else self.values & ~self.is_null

    def may_hold(self) -> np.ndarray:
        """Return of flags which hold, or may."""
        return self.values if self.is_null is None else self.values | self.is_null

    def series(self) -> pd.Series:
        """Return the column as pandas has it; whole numbers with one missing are fractions."""
        if self.names is not None:
            places = np.where(self.missing(), -1, self.values)
            return pd.Series(pd.api.extensions.take(self.names.astype("str").array, places, allow_fill=True))
        if self.is_null is None or not self.is_null.any():
            return pd.Series(self.values)
        if self.values.dtype == bool:
            return pd.Series(pd.arrays.BooleanArray(self.values, self.is_null))
        return pd.Series(self.values).mask(self.is_null)


def column_of(series: pd.Series) -> Column:
    """Return a column of pandas; of one that may hold anything, as what its values are."""
    if series.dtype == object:
        series = series.convert_dtypes()
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        values = series.to_numpy()
        return Column(values, _marked(np.isnat(values)))
    if pd.api.types.is_bool_dtype(series.dtype):
        return Column(series.to_numpy(dtype=bool, na_value=False), _marked(series.isna().to_numpy()))
    if pd.api.types.is_numeric_dtype(series.dtype):
        values = series.to_numpy(dtype=float, na_value=np.nan)
        return Column(values, _marked(np.isnan(values)))
    places, names = pd.factorize(series, sort=True)
    return Column(places, _marked(places < 0), pd.Index(names))


def _marked(is_null: np.ndarray) -> np.ndarray | None:
    return is_null if is_null.any() else None


def worked_out(expression: Any, column: Callable[[str], Column]) -> Column:
    """Return what an expression, or a plain value, is on columns that are asked for by name."""
    if not isinstance(expression, Expr):
        return _constant(expression)
    kind, parts = expression.kind, expression.parts
    if kind == "col":
        return column(parts[0])
    if kind == "lit":
        return _constant(parts[0])
    first, rest = worked_out(parts[0], column), parts[1:]
    if kind in _OF_ONE:
        return _OF_ONE[kind](first, *rest)
    others = [None if part is None else worked_out(part, column) for part in rest]
    if kind in _OF_SEVERAL:
        return _OF_SEVERAL[kind](first, *others)
    if kind in _COMPARED and (first.names is not None or isinstance(rest[0], str)):
        return _text_for_which(first, lambda text: getattr(operator, kind)(text, rest[0]))
    values = getattr(operator, kind)(first.values, others[0].values)
    return Column(values, _either(first.is_null, others[0].is_null))


_COMPARED = ("lt", "le", "gt", "ge", "eq", "ne")


def _constant(value: Any) -> Column:
    if value is None:
        return Column(np.array(np.nan), np.array(True))
    return Column(np.array(np.datetime64(value, "us") if isinstance(value, date) else value))


def _either(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray | None:
    if one is None or other is None:
        return one if other is None else other
    return one | other


def _of_bounds(holds: np.ndarray, may_hold: np.ndarray) -> Column:
    return Column(holds, may_hold & ~holds)


def _and(one: Column, other: Column) -> Column:
    return _of_bounds(one.holds() & other.holds(), one.may_hold() & other.may_hold())


def _or(one: Column, other: Column) -> Column:
    return _of_bounds(one.holds() | other.holds(), one.may_hold() | other.may_hold())


def _text_for_which(column: Column, is_so: Callable[[str], bool]) -> Column:
    """Return for which texts something holds, asked of each different text once."""
    if column.names is None:
        return Column(np.zeros(column.values.shape, dtype=bool), column.is_null)
    of_names = np.array([*(bool(is_so(name)) for name in column.names), False])
    return Column(of_names[column.values], column.is_null)


def _is_in(column: Column, listed: tuple) -> Column:
    if column.names is not None:
        return _text_for_which(column, lambda text: text in listed)
    return Column(np.isin(column.values, listed), column.is_null)


def _cast(column: Column, kind: str) -> Column:
    if kind == FRACTION:
        return replace(column, values=column.values.astype(float))
    present = column.values if column.is_null is None else np.where(column.is_null, 0, column.values)
    return replace(column, values=present.astype(np.int64))


def _divided(one: Column, other: Column) -> Column:
    with np.errstate(divide="ignore", invalid="ignore"):
        return Column(one.values / other.values, _either(one.is_null, other.is_null))


def _filled(column: Column, other: Column) -> Column:
    if column.names is not None and not len(column.names):
        return other
    is_null = None if other.is_null is None else column.missing() & other.is_null
    return replace(column, values=np.where(column.missing(), other.values, column.values), is_null=is_null)


def _chosen(is_so: Column, value: Column, otherwise: Column | None) -> Column:
    holds = is_so.holds()
    if otherwise is None:
        otherwise = replace(value, is_null=np.array(True))
    values = np.where(holds, value.values, otherwise.values)
    return Column(values, np.where(holds, value.missing(), otherwise.missing()), value.names)


_OF_ONE: dict[str, Callable[..., Column]] = {
    "invert": lambda column: _of_bounds(~column.may_hold(), ~column.holds()),
    "cast": _cast,
    "round": lambda column, decimals: replace(column, values=np.round(column.values, decimals)),
    "is_null": lambda column: Column(column.missing()),
    "is_in": _is_in,
    "starts_with": lambda column, prefix: _text_for_which(column, lambda text: text.startswith(prefix)),
}
_OF_SEVERAL: dict[str, Callable[..., Column]] = {
    "and_": _and,
    "or_": _or,
    "truediv": _divided,
    "fill_null": _filled,
    "when": _chosen,
}
