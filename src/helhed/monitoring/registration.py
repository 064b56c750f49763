"""What is to be registered: who is due for which form, since when, and who is late or has never been asked."""

import pandas as pd

from helhed.monitoring.functional_level import domains
from helhed.monitoring.rules import Rules
from helhed.monitoring.who5 import ITEMS

#: The one item of an instrument of which only the whole is registered.
WHOLE = "samlet"
#: Instruments by role, beside the functional level, with their items.
_ITEMS: dict[str, dict[str, tuple[str, ...]]] = {
    "adult": {
        "who5": ITEMS,
        "trust": (WHOLE,),
        "ownership": (WHOLE,),
        "motivation": (WHOLE,),
        "ors_total": (WHOLE,),
        "srs_total": (WHOLE,),
    },
    "child": {"leisure": (WHOLE,), "leisure_job": (WHOLE,), "sdq_total": (WHOLE,)},
}
#: Youngest age in whole years that an instrument is registered from (ten-municipality evaluation; SDQ's guide).
_FROM_AGE = {"leisure_job": 14, "sdq_total": 2}
_NO_COORDINATOR = "ingen"
_COLUMNS = [
    "family_id",
    "coordinator_id",
    "person_id",
    "role",
    "birth_year",
    "instrument",
    "item",
    "due_date",
    "status",
]


def due_registrations(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per item that is due for registration.

    Parameters
    ----------
    tables
        ``registration``, ``family_member`` and ``person``.
    enrolled
        Enrolled families with ``is_enrolled``, ``start_date`` and ``coordinator_id``.
    rules
        Instruments in use, interval between registrations and reference day.

    Returns
    -------
    family_id, coordinator_id (``ingen`` where the family has none), person_id, role, birth_year, instrument, item,
    ``due_date`` and ``status``: ``never`` (registered at no time, and the family has started), ``late`` (was due by
    the reference day) or ``due`` (falls due by the end of `quarter`).

    Notes
    -----
    Due on the family's start, then ``registration_interval_months`` after the person's latest date of the instrument.
    """
    due = _wanted(_members(tables, enrolled, rules), rules)
    given = tables["registration"]
    given = given[given["registered_date"] <= rules.to_date]
    latest = given.groupby(["person_id", "instrument"])["registered_date"].max().rename("latest")
    due = due.join(latest, on=["person_id", "instrument"])
    is_new = due["latest"].isna()
    next_date = due["latest"] + pd.DateOffset(months=rules.registration_interval_months)
    due = due.assign(due_date=next_date.fillna(due["start_date"]), status="due")
    due.loc[due["due_date"] <= rules.to_date, "status"] = "late"
    due.loc[is_new & (due["due_date"] <= rules.to_date), "status"] = "never"
    kept = due[due["due_date"] <= quarter_end(rules)]
    order = ["coordinator_id", "family_id", "person_id", "instrument"]
    return kept[_COLUMNS].sort_values(order, kind="stable").reset_index(drop=True)


def quarter_end(rules: Rules) -> pd.Timestamp:
    """Return the last day of the quarter that the workbooks are for: the one that the day after the data lies in."""
    return (rules.to_date + pd.Timedelta(days=1)) + pd.offsets.QuarterEnd(0)


def quarter(rules: Rules) -> str:
    """Return the quarter that the workbooks are for, such as ``2026K1``."""
    end = quarter_end(rules)
    return f"{end.year}K{end.quarter}"


def registration_status(due: pd.DataFrame) -> pd.DataFrame:
    """Return how many persons are due, by coordinator and instrument.

    Parameters
    ----------
    due
        As `due_registrations` gives it.

    Returns
    -------
    coordinator_id, instrument, ``n_due`` (persons in all), ``n_late`` (due by the reference day, registered before) and
    ``n_never`` (due and never registered).
    """
    persons = due.drop_duplicates(["person_id", "instrument"])
    persons = persons.assign(
        n_due=1, n_late=(persons["status"] == "late").astype(int), n_never=(persons["status"] == "never").astype(int)
    )
    columns = ["n_due", "n_late", "n_never"]
    return persons.groupby(["coordinator_id", "instrument"], as_index=False)[columns].sum()


def _members(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    current = enrolled[enrolled["is_enrolled"]]
    coordinator = current["coordinator_id"].fillna(_NO_COORDINATOR) if "coordinator_id" in current else _NO_COORDINATOR
    current = current.assign(coordinator_id=coordinator)[["family_id", "start_date", "coordinator_id"]]
    member = tables["family_member"]
    home = member[member["is_main_home"].fillna(True).astype(bool)].drop_duplicates("person_id")
    born = tables["person"][["person_id", "birth_date"]]
    found = home.merge(current, on="family_id").merge(born, on="person_id", how="left")
    age = (rules.to_date - pd.to_datetime(found["birth_date"])).dt.days // 365.25
    return found.assign(age=age, birth_year=pd.to_datetime(found["birth_date"]).dt.year.astype("Int64"))


def _wanted(members: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per member and item of the instruments in use for its role and age."""
    kinds = {role: {**items, "functional_level": domains(role)} for role, items in _ITEMS.items()}
    rows = [
        (role, name, item)
        for role, instruments in kinds.items()
        for name, items in instruments.items()
        if name in rules.instruments
        for item in items
    ]
    wanted = members.merge(pd.DataFrame(rows, columns=["role", "instrument", "item"]).astype("str"), on="role")
    youngest = pd.to_numeric(wanted["instrument"].map(_FROM_AGE)).fillna(0)
    return wanted[~(wanted["age"] < youngest)]
