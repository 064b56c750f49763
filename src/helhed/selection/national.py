"""The rule on registers of any size, up to all of Denmark: who meets it, why, and in which order."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import STATUSES, Judged, judge, wanted
from helhed.selection.engines import open_register
from helhed.selection.law import lawful_register
from helhed.selection.query import by_family
from helhed.selection.register import Register
from helhed.selection.rule_check import read_rule
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_places
from helhed.selection.shortlist import in_one, in_order, status_codes
from helhed.selection.values import unsorted_values

#: Decimals that the values of the order keep: engines may differ in the last ones.
_DECIMALS = 9


@dataclass(frozen=True)
class National:
    """What the rule finds in a register.

    Parameters
    ----------
    n_families
        Families with a child under 18 at home and known to a department, by ``met``, ``not_met``, ``cannot_tell``.
    families
        One row per family that meets the rule or cannot be told, sorted by rank, then family_id: family_id, status,
        rank (1 is first; missing where it cannot be told), reasons (codes as in `select_families`), for every
        criterion of the rule ``<id>`` (its status) and ``<id>_value``, and ``order_<name>`` for the order.
    unread
        Tables not read for want of a legal basis: ``unread``, or ``partly``.
    """

    n_families: dict[str, int]
    families: pd.DataFrame
    unread: dict[str, str] = field(default_factory=dict)

    def top(self, n: int) -> pd.DataFrame:
        """Return the first families in the order of the profile."""
        return self.families.head(min(n, self.n_families["met"]))

    def fingerprint(self) -> str:
        """Return a hash of the families sorted by family_id: equal for equal families, values and reasons."""
        rows = self.families.sort_values("family_id").to_csv(index=False, lineterminator="\n", float_format="%.9f")
        return sha256(rows.encode("utf-8")).hexdigest()


def select_national(
    folder: Path | str, profile: Profile, as_of, engine: str = "polars", scheduler: str | None = None
) -> National:
    """Return the families of a register that meet the profile's rule on a day, with reasons and in order.

    Parameters
    ----------
    folder
        Holds ``<table>.parquet``, a file or a folder of files, for each canonical table there is.
    profile
        Rule, order and settings.
    as_of
        The reference day.
    engine
        ``polars``, ``duckdb``, ``dask`` or ``spark``; the families are the same with each.
    scheduler
        Address of a running Dask scheduler, or the master of Spark; on this machine when left out.

    Raises
    ------
    ProfileNeedsWork
        If the rule is not sound, or the register of persons has no legal basis.
    WrongCall
        If the engine cannot be had, or the folder lacks the table of persons or of family members.

    Notes
    -----
    What has no legal basis is not read, as in a municipality (see `helhed.selection.lawful_tables`).
    Places and decisions belong to a municipality and play no part. A tie in the order is broken by family_id.
    """
    read_rule(profile)
    with open_register(folder, profile, as_of, engine, scheduler) as register:
        lawful, unread = lawful_register(register)
        return replace(national_of(lawful), unread=unread)


def national_of(register: Register) -> National:
    """Return what `select_national` returns, from a register that is open."""
    rule, order_by = register.setting("rule"), register.setting("order_by")
    names = criteria_in(rule)
    asked = wanted(names)
    values = unsorted_values(register, asked, order_by)
    judged = judge(values, asked, register)
    places = rule_places(rule, judged)
    counts = dict(zip(STATUSES, np.bincount(places, minlength=len(STATUSES)).tolist(), strict=True))
    is_told = places != STATUSES.index("not_met")
    return National(counts, _ranked(_told(judged.only(is_told), places[is_told], names), values[is_told]))


def _told(judged: Judged, places: np.ndarray, names: list[str]) -> pd.DataFrame:
    told = {"family_id": judged.families, "status": np.array(STATUSES)[places]}
    told["reasons"] = in_one({code: is_so for name in names for code, is_so in status_codes(judged, name).items()})
    for name in names:
        told |= {name: np.array(STATUSES)[judged.status_of(name)], f"{name}_value": judged.value_of(name)}
    return pd.DataFrame(told)


def _ranked(families: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in values if name.startswith("order_")]
    families = by_family(families.assign(**values[keys].round(_DECIMALS)))
    is_met = families["status"] == "met"
    first, rest = in_order(families[is_met], keys), families[~is_met]
    ordered = pd.concat([first, rest], ignore_index=True)
    ranks = pd.Series(range(1, len(ordered) + 1), dtype="Int64").where(ordered.index < len(first))
    ordered.insert(2, "rank", ranks)
    return ordered
