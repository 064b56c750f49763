"""Which departments meet in the same families."""

import pandas as pd

from helhed.profile import Profile
from helhed.selection.measuring import departments
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
    involved, _ = departments(View(tables, profile, as_of))
    if families is not None:
        involved = involved[involved.index.isin(families)]
    names = list(involved.columns)
    counts = involved.groupby(names, sort=True).size().rename("n_families").reset_index()
    counts.insert(len(names), "n_departments", counts[names].sum(axis=1))
    order = ["n_families", "n_departments", *names]
    return counts.sort_values(order, ascending=[False, True, *[False] * len(names)]).reset_index(drop=True)


def department_counts(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return for each department how many known families it is around.

    Columns: department, n_families, n_unknown, n_all (known families), share.
    """
    involved, unknown = departments(View(tables, profile, as_of))
    counts = {"n_families": involved.sum(), "n_unknown": unknown.sum(), "n_all": len(involved)}
    found = pd.DataFrame({**counts, "share": involved.mean()})
    return found.rename_axis("department").reset_index()
