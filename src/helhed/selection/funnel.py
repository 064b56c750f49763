"""How the families become fewer on the way through the rule."""

from typing import Any

import pandas as pd

from helhed.selection.criteria import CANNOT_TELL, MET
from helhed.selection.rules import evaluate_rule, parts


def funnel(rule: Any, family_criterion: pd.DataFrame, shortlist: pd.DataFrame) -> pd.DataFrame:
    """Return the steps from every known family to the shortlist.

    Parameters
    ----------
    rule
        A sound rule; each branch of a top ``all`` is one step, any other rule is a single step.
    family_criterion, shortlist
        As `evaluate_criteria` and `select_families` return them.

    Returns
    -------
    One row per step: step (``known``, ``rule``, ``available``, ``shortlisted``), part (the branch of the rule that is
    added, else missing), n_families (families that meet everything so far), n_cannot_tell (families for which what is
    asked so far cannot be told).
    """
    rows = [("known", None, family_criterion["family_id"].nunique(), 0)]
    branches = parts(rule)
    for position, branch in enumerate(branches):
        status = evaluate_rule({"all": branches[: position + 1]}, family_criterion)
        rows.append(("rule", branch, int((status == MET).sum()), int((status == CANNOT_TELL).sum())))
    rows.append(("available", None, int(shortlist["standing"].isin(["shortlisted", "reserve"]).sum()), 0))
    rows.append(("shortlisted", None, int((shortlist["standing"] == "shortlisted").sum()), 0))
    return pd.DataFrame(rows, columns=["step", "part", "n_families", "n_cannot_tell"])


def criteria_summary(family_criterion: pd.DataFrame) -> pd.DataFrame:
    """Return for each criterion how many families meet it, do not, or cannot be told, and the share with missing data.

    Columns: criterion, n_met, n_not_met, n_cannot_tell, share_met (of those that can be told), share_cannot_tell.
    """
    counts = pd.crosstab(family_criterion["criterion"], family_criterion["status"])
    counts = counts.reindex(columns=["met", "not_met", "cannot_tell"], fill_value=0).add_prefix("n_")
    told = counts["n_met"] + counts["n_not_met"]
    shares = {
        "share_met": counts["n_met"] / told.where(told > 0),
        "share_cannot_tell": counts["n_cannot_tell"] / counts.sum(axis=1),
    }
    return counts.assign(**shares).reset_index().rename_axis(columns=None)
