"""What people decided against the rule: kept apart from the rule, counted, and listed with its reason."""

import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import CANNOT_TELL, MET, NOT_MET
from helhed.selection.shortlist import counts_on
from helhed.selection.stability import status_in
from helhed.selection.view import View

#: Decisions and answers of the rule that contradict each other.
AGAINST = {("include", NOT_MET): "included_against", ("exclude", MET): "excluded_against"}


def decisions_and_rule(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return what the referral meeting decided about each family, and what the rule said when it decided.

    Parameters
    ----------
    tables, profile, as_of
        As for `select_families`.

    Returns
    -------
    One row per family with a decision by the day, sorted: family_id, decided_date, decision, rule (``met``,
    ``not_met``, ``cannot_tell``), override (``included_against``, ``excluded_against``, else missing),
    decision_reason, decided_by (both as written; missing where nobody wrote them).

    Notes
    -----
    The rule is asked as of the last day of the month before the decision: families change, and help is meant to
    change them. A decision without a date, or made after the data end, is held against the rule on the day. A family
    that no department knew then cannot be told.
    """
    view = View(tables, profile, as_of)
    enrolment = view.table("enrolment")
    asked = enrolment[counts_on(enrolment["offered_date"], as_of, profile) & enrolment["decision"].notna()]
    asked = asked.rename(columns={"offered_date": "decided_date"}).reset_index(drop=True)
    before = asked["decided_date"].dt.to_period("M").dt.start_time.dt.normalize() - pd.Timedelta(days=1)
    judged_on = before.fillna(pd.Timestamp(as_of)).clip(upper=pd.Timestamp(as_of))
    rule = pd.Series(CANNOT_TELL, index=asked.index, dtype="str")
    for day, rows in asked.groupby(judged_on, sort=True):
        status = status_in(view.register.again(as_of=day))
        rule[rows.index] = status.reindex(rows["family_id"]).fillna(CANNOT_TELL).to_numpy()
    override = [AGAINST.get(pair) for pair in zip(asked["decision"], rule, strict=True)]
    told = asked.assign(rule=rule, override=pd.Series(override, index=asked.index, dtype="str"))
    if "decided_by" not in told:
        told["decided_by"] = pd.Series(pd.NA, index=told.index, dtype="str")
    columns = ["family_id", "decided_date", "decision", "rule", "override", "decision_reason", "decided_by"]
    return told[columns].sort_values("family_id", kind="stable").reset_index(drop=True)


def override_counts(decided: pd.DataFrame) -> pd.DataFrame:
    """Return for each decision how often the rule said what: decision, n_met, n_not_met, n_cannot_tell."""
    counts = pd.crosstab(decided["decision"], decided["rule"])
    order = [code for code in ("include", "reserve", "postpone", "exclude") if code in counts.index]
    counts = counts.reindex(index=order, columns=[MET, NOT_MET, CANNOT_TELL], fill_value=0)
    return counts.add_prefix("n_").rename_axis("decision").rename_axis(columns=None).reset_index()
