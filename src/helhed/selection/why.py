"""From a municipality's tables to the plain records of one family, and to why it came out as it did."""

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection.declared import criteria
from helhed.selection.engines import TABLES
from helhed.selection.family_records import Question, Record
from helhed.selection.one_family import Answer, evaluate_family
from helhed.selection.register import Register
from helhed.selection.rules import criteria_in


def why(tables: dict[str, pd.DataFrame], profile: Profile, as_of, family_id: str) -> dict[str, Answer]:
    """Return how one family comes out on the criteria of the rule, with the records each answer rests on.

    Parameters
    ----------
    tables, profile, as_of
        As for `helhed.selection.select_families`.
    family_id
        The family.

    Returns
    -------
    Answers by criterion. Their records are (table, place): the place among `records_of` the family.
    """
    question = question_of(Register(tables, profile, as_of), criteria_in(profile["selection.rule"]))
    return evaluate_family(records_of(tables, family_id), question)


def question_of(register: Register, names: list[str]) -> Question:
    """Return what is asked of a family: day, period, settings, thresholds and which sources there are."""
    asked = {name: criteria()[name] for name in names}
    settings = {key.partition(".")[2]: register.profile[key] for key in register.profile.settings if _is_ours(key)}
    sources = {source for one in asked.values() for source in one.sources} | {"benefit_spell", "child_case", "absence"}
    sources |= {f"measure.{name}" for name in ("children", "employment", "adult_social", "health", "school", "housing")}
    return Question(
        register.as_of,
        register.from_date,
        register.to_date,
        settings,
        {name: one.threshold(register.profile) for name, one in asked.items()},
        {name: one.sources for name, one in asked.items()},
        frozenset(source for source in sources if register.has(source)),
    )


def _is_ours(key: str) -> bool:
    return key.startswith("selection.")


def records_of(tables: dict[str, pd.DataFrame], family_id: str) -> dict[str, list[Record]]:
    """Return the rows of a family and its members by table: days as `datetime.date`, what is missing as None."""
    members = tables["family_member"].loc[tables["family_member"]["family_id"] == family_id, "person_id"]
    found = {}
    for name in TABLES:
        if name not in tables:
            continue
        frame = tables[name]
        is_own = frame["person_id"].isin(members) if "person_id" in frame else frame["family_id"] == family_id
        if name == "family_member":
            is_own = frame["family_id"] == family_id
        found[name] = _plain(frame[is_own])
    return found


def _plain(frame: pd.DataFrame) -> list[Record]:
    columns = {name: [_plainly(value) for value in frame[name]] for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plainly(value):
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value
