"""How long it takes: until a family leaves and why, until a child case closes, until a parent is in work.

Each function gives the months and whether they ended with the event, as `helhed.monitoring.kaplan_meier` and
`helhed.monitoring.cumulative_incidence` take them.
"""

import pandas as pd

from helhed.monitoring.courses import cases_at_start, months_in_work, months_since, parents_at_start
from helhed.monitoring.months import month_number
from helhed.monitoring.rules import Rules


def time_to_exit(enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per family that has started: family_id, ``months`` enrolled, ``cause`` of its exit.

    ``cause`` is a code of the list ``exit_reason``, ``other`` where none is written, and empty while the family is
    still enrolled on the reference day.
    """
    has_left = (enrolled["exit_date"] <= rules.to_date).fillna(False).astype(bool)
    months = months_since(enrolled["start_date"], enrolled["exit_date"].where(has_left, rules.to_date))
    cause = enrolled["exit_reason"].fillna("other").where(has_left, "")
    return pd.DataFrame({"family_id": enrolled["family_id"], "months": months, "cause": cause})


def time_to_closure(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per child case open at the family's start: family_id, case_id, ``months``, ``has_event``.

    Months from the family's start until the case is closed, or until the reference day while it is open.
    """
    cases = cases_at_start(tables, enrolled, rules)
    months = months_since(cases["family_start"], cases["closed_date"].fillna(rules.to_date))
    return cases[["family_id", "case_id"]].assign(months=months, has_event=cases["is_closed"])


def time_to_work(tables: dict[str, pd.DataFrame], enrolled: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return one row per parent on kontanthjælp at the start with job data after it.

    Columns: family_id, person_id, ``months`` and ``has_event``. Whole months from the start until the first month in
    work or education and off kontanthjælp, or until the last month of the job data. A job that ends again has still
    begun: whether it lasts is another indicator.
    """
    parents = parents_at_start(tables, enrolled, rules)
    parents = parents[parents["is_known"]].reset_index(drop=True)
    spells = tables["benefit_spell"]
    spells = spells[spells["benefit"].isin(rules.kontanthjaelp_benefits)]
    employment = tables["employment"]
    worked = employment[employment["person_id"].isin(parents["person_id"])]
    worked = months_in_work(worked, spells, rules).merge(parents, on="person_id")
    worked = worked[month_number(worked["month"]) > month_number(worked["family_start"])]
    # Looked up by a dictionary: with nobody to look up the column would else not be one of dates.
    first = pd.to_datetime(parents["person_id"].map(worked.groupby("person_id")["month"].min().to_dict()))
    until = first.fillna(employment["month"].max()).astype("datetime64[us]")
    months = month_number(until) - month_number(parents["family_start"])
    return parents[["family_id", "person_id"]].assign(months=months.astype(float), has_event=first.notna())
