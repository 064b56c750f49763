"""What each criterion measures: one value per family, and the highest it could be once what is unknown is known."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from helhed.selection.view import View


@dataclass(frozen=True)
class Bounds:
    """A value per family as seen in the tables, and the highest value that what is missing would allow."""

    seen: pd.Series
    possible: pd.Series


def adult_on_benefit(view: View) -> Bounds:
    """Return the months on benefit of the adult of the family who has most."""
    months = _benefit_months(view).groupby("family_id")
    # a family whose adults are not in the register: nobody knows
    return Bounds(_per_family(view, months["n_seen"].max()), _per_family(view, months["possible"].max(), np.inf))


def all_adults_on_benefit(view: View) -> Bounds:
    """Return the months on benefit of the adult of the family who has fewest."""
    months = _benefit_months(view).groupby("family_id")
    return Bounds(_per_family(view, months["n_seen"].min()), _per_family(view, months["possible"].min(), np.inf))


def open_child_case(view: View) -> Bounds:
    """Return the number of children with an open case of a listed type."""
    return _children_with_case(view, view.setting("case_types"))


def child_disability_case(view: View) -> Bounds:
    """Return the number of children with an open disability case."""
    return _children_with_case(view, ["handicap"])


def child_in_childrens_department(view: View) -> Bounds:
    """Return the number of children with any open case, or a running measure of the children's department."""
    cases, measures = view.open_cases, _measured(view, "children")
    certain = set(cases.loc[cases["is_certain"], "person_id"]) | measures
    possible = set(cases["person_id"]) | measures
    return Bounds(view.count(certain, view.children), view.count(possible, view.children))


def notifications(view: View) -> Bounds:
    """Return the number of notifications on the family's children that came in within the window."""
    first, last = view.window(view.setting("notification_window_months"))
    cases = view.tables["child_case"]
    is_in = (cases["case_type"] == "underretning") & cases["start_date"].between(first, last)
    children = view.children.merge(cases.loc[is_in, ["person_id"]], on="person_id")
    seen = _per_family(view, children.groupby("family_id").size(), 0)
    is_covered = first >= view.from_date and last <= view.to_date
    return Bounds(seen, seen if is_covered else _all(view, np.inf))


def placed_child(view: View) -> Bounds:
    """Return the number of children who are placed outside the home."""
    placed = view.measures.loc[view.measures["measure_group"] == "placement", "person_id"]
    return _exact(view.count(placed, view.children))


def child_under_3(view: View) -> Bounds:
    """Return the number of children younger than the setting says."""
    young = view.children["age_months"] < view.setting("young_child_years") * 12
    unknown = view.children["age_months"].isna()
    seen = view.count(view.children.loc[young, "person_id"], view.children)
    return Bounds(seen, seen + view.count(view.children.loc[unknown, "person_id"], view.children))


def adult_health_or_treatment(view: View) -> Bounds:
    """Return the number of adults with a running measure of health or treatment."""
    return _exact(view.count(_measured(view, "health"), view.adults))


def adult_social_measure(view: View) -> Bounds:
    """Return the number of adults with a running measure of adult social care."""
    return _exact(view.count(_measured(view, "adult_social"), view.adults))


def school_absence(view: View) -> Bounds:
    """Return the highest share of school days missed by a child of the family.

    A child of school age without enough registered months makes the highest possible share unknown.
    """
    shares = view.absence.groupby("family_id")["share"].max()
    is_unknown = (view.absence["is_expected"] & view.absence["share"].isna()).groupby(view.absence["family_id"]).any()
    seen = _per_family(view, shares)
    unknown = is_unknown.reindex(view.families, fill_value=False).to_numpy()
    return Bounds(seen, seen.fillna(-np.inf).where(~unknown, np.inf))


def n_departments(view: View) -> Bounds:
    """Return the number of departments around the family."""
    involved, unknown = departments(view)
    return Bounds(involved.sum(axis=1).astype(float), (involved | unknown).sum(axis=1).astype(float))


def family_has_consent(view: View) -> Bounds:
    """Return 1 when the family has consented by the day, 0 when it was offered a place without; else unknown."""
    asked = view.tables["enrolment"].set_index("family_id")
    has = (asked["consent_date"] <= view.as_of).reindex(view.families, fill_value=False).astype(bool)
    was_offered = (asked["offered_date"] <= view.as_of).reindex(view.families, fill_value=False).astype(bool)
    seen = has.astype(float).where(has | was_offered)
    return Bounds(seen, seen.fillna(np.inf))


def other_member_case(view: View) -> Bounds:
    """Return the number of members with a case of their own, leaving out the only member on benefit.

    Morsø's wording: a parent on public support, and one or more *other* members with a case. Someone who may be the
    only one on benefit is left out of what is seen; of what is possible only who certainly is the only one.
    """
    on_benefit, perhaps = _recipients(view)
    n_certain, n_possible = view.count(on_benefit, view.adults), view.count(perhaps, view.adults)
    with_case, could, is_dark = _members_with_case(view)
    sole = view.count(on_benefit & with_case, view.adults).where(n_certain == 1, 0.0)
    perhaps_sole = (view.count(perhaps & with_case, view.adults) > 0) & (n_certain == 0)
    surely_sole = view.count(on_benefit & could, view.adults).where((n_certain == 1) & (n_possible == 1), 0.0)
    seen = view.count(with_case, view.members) - sole - perhaps_sole
    return Bounds(seen, _all(view, np.inf) if is_dark else view.count(could, view.members) - surely_sole)


def departments(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which departments are around each family, and for which it is not known; one column per department.

    Employment: a listed benefit in the latest month or a running employment measure. Children: an open case or a
    running measure. School: absence at or above the threshold, or a running measure. The others: a running measure.
    A department of which the exports hold nothing at all is unknown for every family without a sign of it.
    """
    columns, unknowns = {}, {}
    for department in view.setting("departments"):
        sign, could = _DEPARTMENT_SIGNS.get(department, _no_sign)(view)
        columns[department] = _is_any(view, sign | _measured(view, department))
        is_dark = not any(view.has(source) for source in (*_SOURCES.get(department, ()), f"measure.{department}"))
        unknowns[department] = (_is_any(view, could) | is_dark) & ~columns[department]
    return pd.DataFrame(columns, index=view.families), pd.DataFrame(unknowns, index=view.families)


#: Tables beside the measures that tell of a department.
_SOURCES = {"children": ("child_case",), "employment": ("benefit_spell",), "school": ("absence",)}


def _no_sign(_view: View) -> tuple[set, set]:
    return set(), set()


def _case_sign(view: View) -> tuple[set, set]:
    cases = view.open_cases
    return set(cases.loc[cases["is_certain"], "person_id"]), set(cases["person_id"])


def _benefit_sign(view: View) -> tuple[set, set]:
    latest = view.benefit_months(view.setting("benefits"), 1)
    is_on, is_unknown = latest["n_seen"] > 0, latest["n_unknown"] > 0
    return set(latest.loc[is_on, "person_id"]), set(latest.loc[is_unknown, "person_id"])


def _absence_sign(view: View) -> tuple[set, set]:
    absence = view.absence
    is_high = absence["share"] >= view.setting("absence_share")
    is_unknown = absence["is_expected"] & absence["share"].isna()
    return set(absence.loc[is_high, "person_id"]), set(absence.loc[is_unknown, "person_id"])


_DEPARTMENT_SIGNS = {"children": _case_sign, "employment": _benefit_sign, "school": _absence_sign}

#: Areas in which Morsø looks for a case; there is no export on integration.
_CASE_DEPARTMENTS = ("children", "adult_social", "health", "school")


def _recipients(view: View) -> tuple[set, set]:
    """Return the adults who are on benefit long enough, and those who are or may be."""
    months, threshold = _benefit_months(view), view.setting("benefit_months")
    is_on, may_be = months["n_seen"] >= threshold, months["possible"] >= threshold
    everybody = set() if view.has("benefit_spell") else set(months["person_id"])
    return set(months.loc[is_on, "person_id"]), set(months.loc[may_be, "person_id"]) | everybody


def _members_with_case(view: View) -> tuple[set, set, bool]:
    """Return the members with a case, those who have or may have one, and whether a department is in the dark."""
    found = [_DEPARTMENT_SIGNS.get(name, _no_sign)(view) for name in _CASE_DEPARTMENTS]
    measured = reduce(set.union, [_measured(view, name) for name in _CASE_DEPARTMENTS])
    signs = measured.union(*(sign for sign, _ in found))
    sources = [(*_SOURCES.get(name, ()), f"measure.{name}") for name in _CASE_DEPARTMENTS]
    is_dark = any(not any(view.has(source) for source in group) for group in sources)
    return signs, signs.union(*(could for _, could in found)), is_dark


def _children_with_case(view: View, case_types: list[str]) -> Bounds:
    cases = view.open_cases[view.open_cases["case_type"].isin(case_types)]
    certain = view.count(cases.loc[cases["is_certain"], "person_id"], view.children)
    return Bounds(certain, view.count(cases["person_id"], view.children))


def _benefit_months(view: View) -> pd.DataFrame:
    months = view.benefit_months(view.setting("benefits"), view.setting("benefit_window_months"))
    return months.assign(possible=months["n_seen"] + months["n_unknown"])


def _measured(view: View, department: str) -> set:
    return set(view.measures.loc[view.measures["department"] == department, "person_id"])


def _is_any(view: View, persons: set) -> pd.Series:
    return view.count(persons, view.members) > 0


def _per_family(view: View, values: pd.Series, otherwise: float = np.nan) -> pd.Series:
    return values.reindex(view.families).astype(float).fillna(otherwise)


def _all(view: View, value: float) -> pd.Series:
    return pd.Series(value, index=view.families, dtype=float)


def _exact(counts: pd.Series) -> Bounds:
    return Bounds(counts, counts)
