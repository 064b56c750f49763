"""From a municipality's tables to the plain records of one family, and to why it came out as it did."""

from collections.abc import Iterable

import pandas as pd

from helhed.profile import Profile
from helhed.selection.declared import criteria
from helhed.selection.engines import TABLES
from helhed.selection.family_records import Question, Record
from helhed.selection.one_family import Answer, evaluate_family
from helhed.selection.register import Register
from helhed.selection.rule_tree import criteria_in


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
        register.known_months,
    )


def _is_ours(key: str) -> bool:
    return key.startswith("selection.")


def records_of(tables: dict[str, pd.DataFrame], family_id: str) -> dict[str, list[Record]]:
    """Return the rows of a family and its members by table: days as `datetime.date`, what is missing as None."""
    return records_by_family(tables, [family_id])[family_id]


def records_by_family(tables: dict[str, pd.DataFrame], families: Iterable[str]) -> dict[str, dict[str, list[Record]]]:
    """Return the rows of each family and its members, as `records_of` does, from one look at every table."""
    wanted = list(dict.fromkeys(families))
    found: dict[str, dict[str, list[Record]]] = {family: {} for family in wanted}
    linked = tables["family_member"]
    linked = linked.loc[linked["family_id"].isin(wanted), ["family_id", "person_id"]].drop_duplicates()
    for name in TABLES:
        if name in tables and name != "coverage":
            owners, rows = _owned(name, tables[name], linked)
            for own in found.values():
                own[name] = []
            for owner, row in zip(owners, _plain(rows), strict=True):
                found[owner][name].append(row)
    return found


def _owned(name: str, frame: pd.DataFrame, linked: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return the rows of a table that belong to the families, and whose they are.

    A person may be in two families: what is known of the person belongs to both, whichever of them a row names.
    """
    if name == "family_member" or "person_id" not in frame:
        own = frame[frame["family_id"].isin(linked["family_id"])]
        return own["family_id"], own
    place = pd.Series(range(len(frame)), dtype="int64", name="place")
    owned = linked.merge(frame[["person_id"]].reset_index(drop=True).assign(place=place), on="person_id")
    owned = owned.sort_values(["place", "family_id"], kind="stable")
    return owned["family_id"], frame.iloc[owned["place"].to_numpy()]


def _plain(frame: pd.DataFrame) -> list[Record]:
    columns = {name: _plainly(frame[name]) for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plainly(column: pd.Series) -> list:
    """Return the values of a column as plain Python: days as `datetime.date`, what is missing as None."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.date
    return column.astype(object).where(column.notna(), None).tolist()
