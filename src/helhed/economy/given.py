"""What a caller gives is looked at first: no amount is better than a wrong one."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall


def number(value: float, name: str) -> float:
    """Return a number, NaN for a missing one.

    Raises
    ------
    WrongCall
        If it is a text, a date or without end.
    """
    if value is None or value is pd.NA:
        return math.nan
    if not isinstance(value, (Real, Decimal)) or math.isinf(value):
        raise WrongCall(Problem("economy.no_number", value=str(value), details={"name": name}))
    return float(value)


def known_number(value: float, name: str) -> float:
    """Return a number as `number` does; a missing one is refused too."""
    found = number(value, name)
    if math.isnan(found):
        raise WrongCall(Problem("economy.no_number", value=str(value), details={"name": name}))
    return found


def day_of(value: date) -> date:
    """Return a day without its time.

    Raises
    ------
    WrongCall
        If it is none.
    """
    if not isinstance(value, (date, np.datetime64)) or pd.isna(value):
        raise WrongCall(Problem("economy.no_day", value=str(value)))
    return pd.Timestamp(value).date() if isinstance(value, (datetime, np.datetime64)) else value


def need_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse what is no table, and a table that lacks a column.

    Raises
    ------
    WrongCall
        If it is none, or lacks one.
    """
    missing = [name for name in columns if not isinstance(frame, pd.DataFrame) or name not in frame]
    if missing:
        raise WrongCall(Problem("economy.columns_missing", value=", ".join(missing)))
