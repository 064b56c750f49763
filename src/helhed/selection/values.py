"""The values of every family on one day: of the criteria, of the order of the list, of the departments around it."""

from collections.abc import Callable, Iterable

import pandas as pd

from helhed.selection import measuring
from helhed.selection.declared import Criterion
from helhed.selection.expressions import FRACTION, Expr, when
from helhed.selection.query import Query, by_family
from helhed.selection.register import Register


def family_values(
    register: Register, criteria: Iterable[Criterion], order_by: Iterable[str] = (), *, with_departments: bool = False
) -> pd.DataFrame:
    """Return the values of the families in question, worked out in one pass over the register.

    Parameters
    ----------
    register
        The tables of one day.
    criteria
        What is asked for: ``seen_<base>`` and ``possible_<base>`` of each.
    order_by
        Choices of ``selection.order_by``: ``order_<name>`` of each, high is first.
    with_departments
        Whether to add n_departments.

    Returns
    -------
    One row per family, sorted: family_id and numbers; missing where nothing is known.
    """
    return by_family(unsorted_values(register, criteria, order_by, with_departments=with_departments))


def unsorted_values(
    register: Register, criteria: Iterable[Criterion], order_by: Iterable[str] = (), *, with_departments: bool = False
) -> pd.DataFrame:
    """Return what `family_values` returns, in no order."""
    query = Query(register)
    values = {}
    for criterion in criteria:
        bounds = criterion.measure(query)
        values |= {f"seen_{criterion.base}": bounds.seen, f"possible_{criterion.base}": bounds.possible}
    values |= {f"order_{name}": _ORDER[name](query) for name in order_by if name in _ORDER}
    if with_departments:
        values["n_departments"] = measuring.n_departments_seen(query)
    numbers = {name: value.cast(FRACTION) for name, value in values.items()}
    is_waiting = "waiting_since" in order_by and query.asked("offered_date") is not None
    waiting = {"waiting_since": _waiting_since(query)} if is_waiting else {}
    found = query.unsorted_families(**numbers, **waiting)
    return _with_days(found, register) if "waiting_since" in order_by else found


def _waiting_since(query: Query) -> Expr:
    """Return the day on which a family was put on the waiting list or postponed."""
    offered, decision = query.asked("offered_date"), query.asked("decision")
    is_waiting = decision.is_in(["reserve", "postpone"]) & (offered <= query.on(query.register.as_of))
    return when(is_waiting).then(offered)


def _with_days(found: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return the values with the days waited instead of the day since when."""
    since = pd.to_datetime(found.get("waiting_since", pd.Series(pd.NaT, index=found.index)))
    days = (pd.Timestamp(register.as_of) - since).dt.days.astype(float)
    return found.drop(columns="waiting_since", errors="ignore").assign(order_waiting_since=days)


_ORDER: dict[str, Callable[[Query], Expr]] = {
    "n_departments": measuring.n_departments_seen,
    "months_on_benefit": measuring.months_on_benefit,
    "absence_share": lambda query: measuring.school_absence(query).seen,
    "n_children_with_case": lambda query: measuring.open_child_case(query).seen,
}
