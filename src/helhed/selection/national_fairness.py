"""How the rule falls on groups in a register of any size: counted where the register lies, compared from the counts."""

from pathlib import Path

import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import STATUSES, criteria, judge, wanted
from helhed.selection.engines import open_register
from helhed.selection.expressions import WHOLE, Expr, col, when
from helhed.selection.fairness import group_counts, groups_of_facts, troubled
from helhed.selection.register import Register
from helhed.selection.rows import Asked
from helhed.selection.rule_check import read_rule
from helhed.selection.rule_tree import with_own_threshold
from helhed.selection.rules import rule_places
from helhed.selection.values import family_values


def national_counts(
    folder: Path | str, profile: Profile, as_of, engine: str = "polars", scheduler: str | None = None
) -> pd.DataFrame:
    """Return how many families of each group have the same problems, and how many of them meet the rule.

    Parameters
    ----------
    folder, profile, as_of, engine, scheduler
        As for `helhed.selection.select_national`.

    Returns
    -------
    As `helhed.selection.fairness.group_counts`: characteristic, group, n_base, n_chosen. The base is every family that
    meets as many criteria as the rule names at its shortest, whichever criteria these are. Counts are exact: hide
    small ones before they are shown, as `helhed.selection.accountability.fairness_table` with
    `helhed.disclosure.protect` does.

    Raises
    ------
    ProfileNeedsWork
        If the rule is not sound.
    WrongCall
        If the engine cannot be had, or the folder lacks the table of persons or of family members.
    """
    read_rule(profile)
    with open_register(folder, profile, as_of, engine, scheduler) as register:
        return counts_of(register)


def counts_of(register: Register) -> pd.DataFrame:
    """Return what `national_counts` returns, from a register that is open."""
    rule, asked = register.setting("rule"), wanted([*criteria(), *with_own_threshold(register.setting("rule"))])
    judged = judge(family_values(register, asked), asked, register)
    families = pd.Index(judged.families.astype("str"), name="family_id")
    status = pd.Series(pd.Series(STATUSES, dtype="str").take(rule_places(rule, judged)).to_numpy(), index=families)
    n_met = pd.Series((judged.status == STATUSES.index("met")).sum(axis=1), index=families)
    facts = _facts(register).set_index("family_id").reindex(families).reset_index()
    return group_counts(groups_of_facts(facts, register.as_of), troubled(status, n_met, rule))


def _facts(register: Register) -> pd.DataFrame:
    """Return what the groups are made from, family by family: see `helhed.selection.fairness.groups_of_facts`."""
    about = register.rows["person"].select("person_id", "sex", "origin_group", "district")
    members = register.members().join(about, on="person_id", how="left")
    adult = {name: when(col("is_adult")).then(col(name)) for name in ("sex", "birth_date", *_SHARED)}
    asked = {"n_adults": _count(col("is_adult")), "n_children": _count(col("is_child"))}
    asked |= {"sex": (adult["sex"], "min"), "born": (adult["birth_date"], "max")}
    asked |= {f"{name}_low": (adult[name], "min") for name in _SHARED}
    asked |= {f"{name}_high": (adult[name], "max") for name in _SHARED}
    asked |= {f"{name}_n": _count(~adult[name].is_null()) for name in _SHARED}
    facts = members.per("family_id", asked).to_pandas()
    return facts.assign(born=pd.to_datetime(facts["born"]))


#: Characteristics that all adults of a family must share.
_SHARED = ("origin_group", "district")


def _count(is_so: Expr) -> Asked:
    return is_so.cast(WHOLE), "sum"
