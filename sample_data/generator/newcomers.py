"""Families that become known on the way: an adult goes on a benefit and a child's case opens.

They are made of families that no one enrolled or offered a place, after everything else is drawn and with a generator
of their own: what was drawn for the others stays as it is.
"""

import numpy as np
import pandas as pd

from generator.cases import CASE_COLUMNS
from generator.periods import LAST_DAY, month_number, week_number
from generator.population import Population
from generator.scenarios import Scenario

#: Families of each kind whose circumstances cannot be told: moved in late; a school child on no school's register.
N_UNCLEAR = 2
_BENEFITS = np.array(
    ["Kontanthjælp", "Kontanthjælp", "Jobafklaringsydelse", "Sygedagpenge", "A-dagpenge"], dtype=object
)
_DAY = pd.Timedelta(days=1)


def make_newcomers(population: Population, scenario: Scenario, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per family: ``kind`` (known, moved, unregistered), ``family``, ``adult``, ``child``, ``begins``.

    ``begins`` is the day the child's case opens; the benefit begins some months before, or soon after moving in.
    """
    children = population.members("child")
    pupils = children[children["birth"].between("2010-09-01", "2017-06-01")].drop_duplicates("family", keep="last")
    child = pd.Series(pupils.index, index=pupils["family"].to_numpy())
    family = population.family.loc[population.family.index.isin(child.index)]
    unknown = family.index[(family["group"] == "known") & ~family["has_benefit"] & ~family["has_case"]]
    ordinary = rng.permutation(np.array(family.index[family["group"] == "ordinary"]))
    n_unclear = N_UNCLEAR if len(ordinary) > 4 * N_UNCLEAR else 0
    pool = [*rng.permutation(np.array(unknown)), *ordinary[2 * n_unclear :]]
    chosen = pool[: scenario.n_newcomers]
    owner = [*chosen, *ordinary[: 2 * n_unclear]]
    kinds = ["known"] * len(chosen) + ["moved"] * n_unclear + ["unregistered"] * n_unclear
    adult = population.members("adult").drop_duplicates("family").reset_index().set_index("family")["index"]
    rows = pd.DataFrame({"kind": kinds, "family": np.array(owner, dtype=int)})
    rows["adult"], rows["child"] = rows["family"].map(adult), rows["family"].map(child)
    spread = pd.Timestamp("2024-01-20") + pd.to_timedelta(rng.integers(0, 660, len(rows)), unit="D")
    late = pd.Timestamp("2025-11-20") + pd.to_timedelta(rng.integers(0, 20, len(rows)), unit="D")
    rows["begins"] = np.where(rows["kind"] == "moved", late, spread)
    return rows


def move_in(population: Population, newcomers: pd.DataFrame) -> None:
    """Write on the families that moved in late when they did: a month before the child's case opens."""
    person = population.person
    moved = newcomers[newcomers["kind"] == "moved"].set_index("family")["begins"] - 35 * _DAY
    is_moved = person["family"].isin(moved.index) & person["role"].isin(["adult", "child"])
    if not is_moved.any():
        return
    dates = person.loc[is_moved, "family"].map(moved).astype(person["moved_in"].dtype)
    person.loc[is_moved, "moved_in"] = np.maximum(dates, person.loc[is_moved, "birth"])


def newcomer_spells(newcomers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the benefit spells of the newcomers, like ``income.make_spells``."""
    lead = np.where(newcomers["kind"] == "moved", 5, rng.integers(100, 170, len(newcomers)))
    first = [week_number(day) for day in newcomers["begins"] - pd.to_timedelta(lead, unit="D")]
    last = np.array(first, dtype=int) + 34 + rng.exponential(30, len(newcomers)).astype(int)
    benefit = rng.choice(_BENEFITS, len(newcomers))
    # Whose circumstances are to stay unclear is on the benefit to the end of the data.
    last = np.where(newcomers["kind"] == "known", last, 10_000)
    return pd.DataFrame({"person": newcomers["adult"], "benefit": benefit, "first": first, "last": last})


def newcomer_cases(newcomers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a notification and a child's plan per newcomer, like ``cases.make_cases``."""
    begins, n = newcomers["begins"], len(newcomers)
    told = begins - pd.to_timedelta(rng.integers(15, 30, n), unit="D")
    length = np.where(newcomers["kind"] == "known", rng.integers(150, 600, n), 9_000)
    ends = begins + pd.to_timedelta(length, unit="D")
    notes = {"person": newcomers["child"], "kind": "Underretning", "start": told, "end": told + 9 * _DAY}
    plans = {"person": newcomers["child"], "kind": "Barnets plan", "start": begins, "end": ends}
    cases = pd.concat([pd.DataFrame(notes), pd.DataFrame(plans)], ignore_index=True)[CASE_COLUMNS]
    cases["end"] = cases["end"].where(cases["end"] <= LAST_DAY)
    return cases


def before_moving_in(rows: pd.DataFrame, population: Population, newcomers: pd.DataFrame) -> pd.Series:
    """Return which rows of a table by ``person`` and ``month`` a municipality cannot have: from before a late move."""
    moved = newcomers[newcomers["kind"] == "moved"].set_index("family")["begins"] - 35 * _DAY
    if moved.empty:
        return pd.Series(False, index=rows.index)
    months = population.person["family"].reindex(rows["person"]).map(moved.map(month_number)).to_numpy(dtype=float)
    return pd.Series(rows["month"].to_numpy() < months, index=rows.index)


def without_school(newcomers: pd.DataFrame) -> pd.Series:
    """Return the children who are on no school's register."""
    return newcomers.loc[newcomers["kind"] == "unregistered", "child"]
