"""How many families that met the rule some months ago still meet it."""

from collections.abc import Iterable

import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import CANNOT_TELL, MET, STATUSES, judge, wanted
from helhed.selection.register import Register
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_places
from helhed.selection.values import family_values


def rule_status(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.Series:
    """Return whether each known family meets the rule on a day: ``met``, ``not_met``, ``cannot_tell`` by family_id."""
    return status_in(Register(tables, profile, as_of))


def status_in(register: Register) -> pd.Series:
    """Return what `rule_status` does, from tables that are ready."""
    rule = register.setting("rule")
    asked = wanted(criteria_in(rule))
    judged = judge(family_values(register, asked), asked, register)
    status = pd.Series(STATUSES, dtype="str").take(rule_places(rule, judged))
    return pd.Series(status.array, index=pd.Index(judged.families, name="family_id"), name="status")


def stability(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, months: Iterable[int] = (3, 6, 12)
) -> pd.DataFrame:
    """Return what became of the families that met the rule some months earlier.

    Returns
    -------
    One row per number of months: months, n_then (met the rule then), n_still, n_cannot_tell, n_no_longer (does not
    meet it now), n_gone (no child at home any more, or moved away), share_still (of those that can be told and are
    still here; missing when they are fewer than those that cannot be told: only "no longer" may be left to tell).
    """
    register = Register(tables, profile, as_of)
    now = status_in(register)
    return pd.DataFrame([_since(register, k, now) for k in months])


def _since(register: Register, months: int, now: pd.Series) -> dict:
    then = status_in(register.again(as_of=earlier(pd.Timestamp(register.as_of), months)))
    today = now.reindex(then.index[then == MET])
    n_still, n_lost = int((today == MET).sum()), int((today == "not_met").sum())
    n_unknown, n_told = int((today == CANNOT_TELL).sum()), n_still + n_lost
    return {
        "months": months,
        "n_then": len(today),
        "n_still": n_still,
        "n_cannot_tell": n_unknown,
        "n_no_longer": n_lost,
        "n_gone": int(today.isna().sum()),
        "share_still": n_still / n_told if n_told >= max(1, n_unknown) else float("nan"),
    }


def earlier(as_of: pd.Timestamp, months: int) -> pd.Timestamp:
    """Return the day some months earlier; the last day of a month stays the last day of a month."""
    return as_of + pd.Timedelta(days=1) - pd.DateOffset(months=months) - pd.Timedelta(days=1)
