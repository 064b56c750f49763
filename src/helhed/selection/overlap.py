"""Which departments, and which criteria, meet in the same families."""

import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import MET
from helhed.selection.rule_tree import criteria_in
from helhed.selection.view import View


def department_overlap(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, families: pd.Series | None = None
) -> pd.DataFrame:
    """Return how many families each combination of departments shares.

    Parameters
    ----------
    tables, profile, as_of
        As for `select_families`.
    families
        Families to look at; all known families with children when left out.

    Returns
    -------
    One row per combination that occurs, most families first: one flag per department, n_departments, n_families.
    Departments that cannot be told count as not involved; ``n_unknown`` of `department_counts` says how often.
    """
    involved, _ = View(tables, profile, as_of).departments()
    if families is not None:
        involved = involved[involved.index.isin(families)]
    return _combinations(involved, "n_departments")


def criteria_overlap(family_criterion: pd.DataFrame, profile: Profile, most: int = 8) -> pd.DataFrame:
    """Return how many families meet each combination of criteria.

    Parameters
    ----------
    family_criterion
        As `evaluate_criteria` returns it.
    profile
        The municipality's profile.
    most
        So many criteria are looked at: those of the rule, then those that most families meet.

    Returns
    -------
    One row per combination that occurs, most families first: one flag per criterion, n_criteria, n_families. A
    criterion that cannot be told counts as not met.
    """
    met = family_criterion.assign(is_met=family_criterion["status"] == MET)
    wide = met.pivot(index="family_id", columns="criterion", values="is_met")
    used = [name for name in criteria_in(profile["selection.rule"]) if name in wide]
    others = wide.drop(columns=used).sum().sort_values(ascending=False, kind="stable")
    names = [*used, *others[others > 0].index][:most]
    return _combinations(wide[names].rename_axis(columns=None), "n_criteria")


def _combinations(flags: pd.DataFrame, total: str) -> pd.DataFrame:
    """Return the combinations of flags that occur, with their number of flags (``total``) and of families."""
    names = list(flags.columns)
    counts = flags.groupby(names, sort=True).size().rename("n_families").reset_index()
    counts.insert(len(names), total, counts[names].sum(axis=1))
    order = ["n_families", total, *names]
    return counts.sort_values(order, ascending=[False, True, *[False] * len(names)]).reset_index(drop=True)


def department_counts(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return for each department how many known families it is around.

    Columns: department, n_families, n_unknown, n_all (known families), share.
    """
    involved, unknown = View(tables, profile, as_of).departments()
    counts = {"n_families": involved.sum(), "n_unknown": unknown.sum(), "n_all": len(involved)}
    found = pd.DataFrame({**counts, "share": involved.mean()})
    return found.rename_axis("department").reset_index()
