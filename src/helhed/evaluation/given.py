"""What a caller gives is looked at first: a clear message and no estimate rather than a wrong one."""

import math
from collections.abc import Collection, Sequence
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall


def need_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse what is no table, and a table that lacks a column."""
    if not isinstance(frame, pd.DataFrame):
        raise WrongCall(Problem("evaluation.no_frame", value=type(frame).__name__))
    if unknown := [name for name in columns if name not in frame.columns]:
        raise WrongCall([Problem("evaluation.matching_column_missing", value=str(name)) for name in unknown])


def need_one_row_each(frame: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse a table with two rows of the same keys: nobody can tell which one counts."""
    need_columns(frame, keys)
    if doubled := int(frame.duplicated(list(keys)).sum()):
        details = {"n": doubled}
        raise WrongCall(Problem("evaluation.rows_doubled", value=", ".join(map(str, keys)), details=details))


def need_one_value_each(frame: pd.DataFrame, key: str, column: str) -> None:
    """Refuse a column that changes within a unit where it may not."""
    if n := int((frame.groupby(key)[column].nunique(dropna=False) > 1).sum()):
        raise WrongCall(Problem("evaluation.value_changes", value=column, details={"n": n}))


def numbers(values, name: str) -> np.ndarray:
    """Return the values as numbers, missing ones NaN; refuse texts, dates and infinite values."""
    try:
        given = np.asarray(values)
        if given.dtype.kind in "mMUS" or (given.dtype.kind == "O" and not all(map(_may_be_number, given.flat))):
            raise TypeError("a text or a date is no number")
        found = pd.array(np.asarray(values).ravel()).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        found = None
    if found is None or np.isinf(found).any():
        raise WrongCall(Problem("evaluation.not_a_number", value=name))
    return found.reshape(np.shape(values))


def _may_be_number(value: object) -> bool:
    return isinstance(value, (Real, Decimal, np.bool_)) or value is None or value is pd.NA


def column(values, name: str) -> np.ndarray:
    """Return one value after the other as numbers, as `numbers`; refuse a single value and a table."""
    found = numbers(values, name)
    if found.ndim != 1:
        raise WrongCall(Problem("evaluation.not_a_column", value=name))
    return found


def yes_no(values, name: str) -> np.ndarray:
    """Return yes or no for each; refuse missing ones and codes such as 1 and 2 or words, which may mean either."""
    given = np.asarray(values, dtype=object)
    if given.ndim != 1:
        raise WrongCall(Problem("evaluation.not_a_column", value=name))
    if not all(isinstance(one, (Real, np.bool_)) and one in (0, 1) for one in given):
        raise WrongCall(Problem("evaluation.not_yes_no", value=name))
    return given.astype(bool)


def number(value: float, name: str) -> float:
    """Return a number, NaN for a missing one; refuse a text, a date and what is without end."""
    if value is None or value is pd.NA:
        return math.nan
    if not isinstance(value, (Real, Decimal)) or math.isinf(value):
        raise WrongCall(Problem("evaluation.no_number", value=str(value), details={"name": name}))
    return float(value)


def whole(value: int, name: str, least: int = 0) -> int:
    """Return a whole number from ``least`` on; refuse everything else."""
    found = number(value, name)
    if not (found >= least and found == int(found)):
        raise WrongCall(Problem("evaluation.no_whole_number", value=str(value), details={"name": name, "least": least}))
    return int(found)


def need_all_known(values: np.ndarray, name: str) -> None:
    """Refuse missing values where every one is needed."""
    if not np.isfinite(values).all():
        raise WrongCall(Problem("evaluation.value_missing", value=name))


def need_same_length(**parts: Collection) -> None:
    """Refuse sequences that do not belong together row by row."""
    lengths = {name: len(part) for name, part in parts.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {n}" for name, n in lengths.items())
        raise WrongCall(Problem("evaluation.lengths_differ", value=said))


def need_choice(value: str, choices: Sequence[str]) -> None:
    """Refuse a word that is none of the choices."""
    if value not in choices:
        raise WrongCall(Problem("evaluation.no_such_choice", value=str(value), details={"choices": ", ".join(choices)}))


def need_share(value: float, name: str) -> None:
    """Refuse what must lie between 0 and 1 and does not, such as a confidence of 95."""
    if not 0 < number(value, name) < 1:
        raise WrongCall(Problem("evaluation.not_a_share", value=str(value), details={"name": name}))
