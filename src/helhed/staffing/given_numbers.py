"""Refuses numbers that cannot be: negative, zero where something must be there, not a number."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from numbers import Real

import pandas as pd

from helhed.errors import Problem, WrongCall


def require_not_negative(**numbers: float) -> None:
    """Raise `WrongCall` naming every number that is below 0, infinite or not a number."""
    _refuse(numbers, "staffing.not_negative", lambda value: 0 <= value < math.inf)


def require_positive(**numbers: float) -> None:
    """Raise `WrongCall` naming every number that is not above 0, infinite or not a number."""
    _refuse(numbers, "staffing.not_positive", lambda value: 0 < value < math.inf)


def require_numbers(**numbers: float) -> None:
    """Raise `WrongCall` naming everything that is no number; what is without end is one."""
    _refuse(numbers, "staffing.no_number", lambda value: not math.isnan(value))


def require_day(day: date) -> None:
    """Raise `WrongCall` for what is no day."""
    if not isinstance(day, date) or pd.isna(day):
        raise WrongCall(Problem("staffing.no_day", value=str(day)))


def _refuse(numbers: dict[str, float], code: str, is_right: Callable[[float], bool]) -> None:
    wrong = {name: value for name, value in numbers.items() if not (_is_number(value) and is_right(value))}
    if wrong:
        raise WrongCall([Problem(code, value=str(value), details={"name": name}) for name, value in wrong.items()])


def _is_number(value) -> bool:
    return isinstance(value, Real)


@contextmanager
def said_in(lang: str) -> Iterator[None]:
    """Say in the language what is refused inside."""
    try:
        yield
    except WrongCall as refused:
        raise WrongCall(refused.problems, lang) from refused
