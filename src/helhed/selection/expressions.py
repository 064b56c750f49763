"""What is asked of a row, written once: arrays in memory work it out at once, every engine gets it from narwhals.

An expression knows numbers, days, texts and flags. What is missing stays missing unless the rest decides it, as in
Kleene's three-valued logic; a comparison with what is missing is missing.
"""

import operator
from typing import Any

import narwhals as nw

WHOLE, FRACTION, FLAG = "Int64", "Float64", "Int8"


class Expr:
    """One step, ``kind``, of what is asked of a row, and the ``parts`` that it is worked out from."""

    __slots__ = ("kind", "parts")
    __hash__ = object.__hash__

    def __init__(self, kind: str, *parts: Any):
        self.kind, self.parts = kind, parts

    def __add__(self, other):
        return Expr("add", self, other)

    def __sub__(self, other):
        return Expr("sub", self, other)

    def __rsub__(self, other):
        return Expr("sub", other, self)

    def __mul__(self, other):
        return Expr("mul", self, other)

    def __truediv__(self, other):
        return Expr("truediv", self, other)

    def __lt__(self, other):
        return Expr("lt", self, other)

    def __le__(self, other):
        return Expr("le", self, other)

    def __gt__(self, other):
        return Expr("gt", self, other)

    def __ge__(self, other):
        return Expr("ge", self, other)

    def __eq__(self, other):
        return Expr("eq", self, other)

    def __ne__(self, other):
        return Expr("ne", self, other)

    def __and__(self, other):
        return Expr("and_", self, other)

    def __or__(self, other):
        return Expr("or_", self, other)

    def __invert__(self):
        return Expr("invert", self)

    def __bool__(self):
        raise TypeError("an expression is neither true nor false before it is asked of rows")

    def cast(self, kind: str) -> "Expr":
        """Return the value as `WHOLE` number, `FRACTION`, or `FLAG` (1 or 0)."""
        return Expr("cast", self, kind)

    def round(self) -> "Expr":
        """Return the nearest whole number."""
        return Expr("round", self, 0)

    def fill_null(self, value: Any) -> "Expr":
        """Return the value; where it is missing, another."""
        return Expr("fill_null", self, value)

    def is_null(self) -> "Expr":
        """Return whether the value is missing."""
        return Expr("is_null", self)

    def is_in(self, listed: list) -> "Expr":
        """Return whether the value is one of those listed."""
        return Expr("is_in", self, tuple(listed))

    def starts_with(self, prefix: str) -> "Expr":
        """Return whether a text begins so."""
        return Expr("starts_with", self, prefix)

    def otherwise(self, value: Any) -> "Expr":
        """Return, for an expression that `When.then` made, another value where the condition does not hold."""
        return Expr("when", *self.parts[:2], value)


class When:
    """A condition that waits for its value."""

    def __init__(self, is_so: Expr):
        self.is_so = is_so

    def then(self, value: Any) -> Expr:
        """Return a value where the condition holds; missing elsewhere."""
        return Expr("when", self.is_so, value, None)


def col(name: str) -> Expr:
    """Return the value of a column."""
    return Expr("col", name)


def lit(value: Any, kind: str = "") -> Expr:
    """Return the same value for every row; ``kind`` is needed where it is missing."""
    return Expr("lit", value, kind)


def when(is_so: Expr) -> When:
    """Return a condition; ``then`` says what holds under it."""
    return When(is_so)


def as_narwhals(expression: Any) -> Any:
    """Return an expression as narwhals has it; what is no expression as it is."""
    if not isinstance(expression, Expr):
        return expression
    kind, (first, *rest) = expression.kind, expression.parts
    if kind in _MADE:
        return _MADE[kind](first, *rest)
    return getattr(operator, kind)(*map(as_narwhals, expression.parts))


def _chosen(is_so: Expr, value: Any, otherwise: Any) -> nw.Expr:
    chosen = nw.when(as_narwhals(is_so)).then(as_narwhals(value))
    return chosen if otherwise is None else chosen.otherwise(as_narwhals(otherwise))


_MADE = {
    "col": nw.col,
    "lit": lambda value, kind: nw.lit(value, getattr(nw, kind) if kind else None),
    "when": _chosen,
    "cast": lambda value, kind: as_narwhals(value).cast(getattr(nw, kind)),
    "round": lambda value, decimals: as_narwhals(value).round(decimals),
    "fill_null": lambda value, other: as_narwhals(value).fill_null(other),
    "is_null": lambda value: as_narwhals(value).is_null(),
    "is_in": lambda value, listed: as_narwhals(value).is_in(listed),
    "starts_with": lambda value, prefix: as_narwhals(value).str.starts_with(prefix),
}
