"""Indicators from registrations: what no system holds and coordinators or persons themselves write down."""

import pandas as pd

from helhed.monitoring.catalogue import Indicator, indicator_catalogue
from helhed.monitoring.functional_level import first_and_last
from helhed.monitoring.rules import Rules
from helhed.monitoring.values import Basis, Place, value_row, value_table
from helhed.monitoring.who5 import who5_scores

#: Instrument, role of those it is meant for, and the values that count as yes, by indicator.
_SHARES = {
    "trust_share": ("trust", "adult", (4, 5)),
    "ownership_share": ("ownership", "adult", (4, 5)),
    "leisure_share": ("leisure", "child", (1,)),
}


def registration_values(
    registration: pd.DataFrame, enrolled: pd.DataFrame, family_member: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    """Return the values of every indicator that rests on registrations, for the enrolled families.

    Levels ``measurement`` (1, 2, … in the order of each person's dates), ``baseline`` (first) and ``now`` (latest).
    ``now`` and ``baseline`` hold persons with at least two registrations, so that both are about the same persons.

    Returns
    -------
    Columns `helhed.monitoring.values.COLUMNS`; ``share_missing`` is the share of the enrolled persons of the right
    role without a usable registration. Answers of persons of another role are not the instrument's and do not count.
    """
    members = family_member[family_member["family_id"].isin(enrolled["family_id"])]
    persons = {role: set(members.loc[members["role"] == role, "person_id"]) for role in ("adult", "child")}
    used = registration[registration["registered_date"] <= rules.to_date]
    who5 = who5_scores(_of(used, persons["adult"]))
    declared = indicator_catalogue()
    rows = _levels(declared["who5_mean"], who5[who5["is_complete"]], len(persons["adult"]), rules)
    for name, (instrument, role, positive) in _SHARES.items():
        answers = _of(used[(used["instrument"] == instrument) & used["value"].notna()], persons[role])
        marked = answers.assign(value=answers["value"].isin(positive).astype(float))
        rows += _levels(declared[name], marked, len(persons[role]), rules)
    rated = persons["adult"] | persons["child"]
    rows.append(_functional(_of(used, rated), len(rated), rules))
    return value_table(rows)


def _of(registration: pd.DataFrame, persons: set[str]) -> pd.DataFrame:
    return registration[registration["person_id"].isin(persons)]


def measurements(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the registrations with ``measurement``: 1 for a person's first date, 2 for the second, and so on."""
    ordered = scores.sort_values(["person_id", "registered_date"]).reset_index(drop=True)
    return ordered.assign(measurement=ordered.groupby("person_id").cumcount() + 1)


def _levels(indicator: Indicator, scores: pd.DataFrame, n_expected: int, rules: Rules) -> list[dict]:
    numbered = measurements(scores)
    rows = [
        _value(indicator, Place("enrolled", "measurement", str(number)), part, n_expected, rules)
        for number, part in numbered.groupby("measurement", sort=True)
    ]
    size = numbered.groupby("person_id")["measurement"].transform("max")
    paired = numbered[size >= 2]
    first = paired[paired["measurement"] == 1]
    last = paired[paired["measurement"] == size[size >= 2]]
    rows.append(_value(indicator, Place("enrolled", "baseline", "baseline"), first, n_expected, rules))
    rows.append(_value(indicator, Place("enrolled", "now", "now"), last, n_expected, rules))
    return rows


def _value(indicator: Indicator, place: Place, rows: pd.DataFrame, n_expected: int, rules: Rules) -> dict:
    unknown = max(n_expected - rows["person_id"].nunique(), 0.0)
    if indicator.kind == "mean":
        # Each person is one observation, but the minimum concerns families.
        basis = Basis(rows["value"].to_numpy(), [1.0] * len(rows), unknown, n_expected)
        return {**value_row(indicator, place, basis, rules), **_few(indicator, rows, rules)}
    sums = rows.groupby("family_id")["value"].agg(["sum", "size"])
    return value_row(indicator, place, Basis(sums["sum"], sums["size"], unknown, n_expected), rules)


def _few(indicator: Indicator, rows: pd.DataFrame, rules: Rules) -> dict:
    n = int(rows["family_id"].nunique())
    if 0 < n < indicator.minimum(rules.min_families):
        return {"n": n, "value": None, "low": None, "high": None, "reason": "too_few"}
    return {"n": n}


def _functional(registration: pd.DataFrame, n_expected: int, rules: Rules) -> dict:
    pairs = first_and_last(registration)
    could = pairs[pairs["first"] > 1]
    sums = (could["last"] < could["first"]).groupby(could["family_id"]).agg(["sum", "size"])
    basis = Basis(sums["sum"], sums["size"], max(n_expected - len(pairs), 0.0), n_expected)
    place = Place("enrolled", "now", "now")
    return value_row(indicator_catalogue()["functional_level_improved_share"], place, basis, rules)
