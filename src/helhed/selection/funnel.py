"""How the families become fewer on the way through the rule."""

import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import CANNOT_TELL, MET
from helhed.selection.rule_tree import parts
from helhed.selection.rules import evaluate_rule
from helhed.selection.view import View


def funnel(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, family_criterion: pd.DataFrame, shortlist: pd.DataFrame
) -> pd.DataFrame:
    """Return the steps from all families with children to the shortlist.

    Parameters
    ----------
    tables, profile, as_of
        As for `select_families`. Each branch of a top ``all`` of the rule is one step, any other rule a single step.
    family_criterion, shortlist
        As `evaluate_criteria` and `select_families` return them.

    Returns
    -------
    One row per step: step (``all`` families with a child under 18 at home, ``known`` to a department, ``rule``,
    ``available``, ``shortlisted``), part (the branch of the rule that is added, else missing), n_families (families
    that meet everything so far), n_cannot_tell (families for which what is asked so far cannot be told).
    """
    n_all = View(tables, profile, as_of).members["family_id"].nunique()
    rows = [("all", None, n_all, 0), ("known", None, family_criterion["family_id"].nunique(), 0)]
    branches = parts(profile["selection.rule"])
    for position, branch in enumerate(branches):
        status = evaluate_rule({"all": branches[: position + 1]}, family_criterion)
        rows.append(("rule", branch, int((status == MET).sum()), int((status == CANNOT_TELL).sum())))
    rows.append(("available", None, int(shortlist["standing"].isin(["shortlisted", "reserve"]).sum()), 0))
    rows.append(("shortlisted", None, int((shortlist["standing"] == "shortlisted").sum()), 0))
    return pd.DataFrame(rows, columns=["step", "part", "n_families", "n_cannot_tell"])


def known_in(steps: pd.DataFrame) -> int:
    """Return the number of families known to a department, from the steps of `funnel`."""
    return int(steps.loc[steps["step"] == "known", "n_families"].iloc[0])


def criteria_summary(family_criterion: pd.DataFrame) -> pd.DataFrame:
    """Return for each criterion how many families meet it, do not, or cannot be told, and the share with missing data.

    Columns: criterion, n_met, n_not_met, n_cannot_tell, share_met (of those that can be told; missing when they are
    fewer than those that cannot), share_cannot_tell.
    """
    counts = pd.crosstab(family_criterion["criterion"], family_criterion["status"])
    counts = counts.reindex(columns=["met", "not_met", "cannot_tell"], fill_value=0).add_prefix("n_")
    told = counts["n_met"] + counts["n_not_met"]
    shares = {
        "share_met": counts["n_met"] / told.where(told >= counts["n_cannot_tell"].clip(lower=1)),
        "share_cannot_tell": counts["n_cannot_tell"] / counts.sum(axis=1),
    }
    return counts.assign(**shares).reset_index().rename_axis(columns=None)
