"""Refuses tables that no assignment can be made from: columns missing, rows twice, weights or hours that cannot be."""

from numbers import Real

import numpy as np
import pandas as pd

from helhed.errors import Problem, WrongCall

#: The columns without which there is nothing to assign, the identifier first; the second is a number.
_NEEDED = {
    "families": ("family_id", "weight", "coordinator_id", "is_new"),
    "coordinators": ("coordinator_id", "capacity"),
}


def require_assignable(families: pd.DataFrame, coordinators: pd.DataFrame) -> None:
    """Raise `WrongCall` with everything that is wrong with the tables of `helhed.staffing.best_assignment`.

    A column that is missing, an identifier that stands twice or is missing, a weight or a capacity that is below 0 or
    not a number, a family that is neither said to be new nor not. Rows are counted, never named.
    """
    problems = [
        problem
        for name, table in (("families", families), ("coordinators", coordinators))
        for problem in _faults(name, table)
    ]
    if problems:
        raise WrongCall(problems)


def _faults(name: str, table: pd.DataFrame) -> list[Problem]:
    is_table = isinstance(table, pd.DataFrame)
    missing = [column for column in _NEEDED[name] if not is_table or column not in table]
    if missing:
        return [Problem("staffing.missing_columns", value=", ".join(missing), details={"table": name})]
    identifier, size = _NEEDED[name][:2]
    numbers = np.array([float(one) if isinstance(one, Real) else np.nan for one in table[size]])
    unsaid = np.zeros(len(table), bool)
    if "is_new" in _NEEDED[name]:
        unsaid = ~np.array([isinstance(one, (Real, np.bool_)) and one in (0, 1) for one in table["is_new"]], dtype=bool)
    counts = {
        "staffing.rows_twice": (identifier, table[identifier].duplicated() | table[identifier].isna()),
        "staffing.rows_negative": (size, ~(np.isfinite(numbers) & (numbers >= 0))),
        "staffing.rows_unsaid": ("is_new", unsaid),
    }
    return [
        Problem(code, column=column, details={"table": name, "n": int(wrong.sum())})
        for code, (column, wrong) in counts.items()
        if wrong.any()
    ]
