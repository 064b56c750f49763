"""Creaming watch: whether those who get in, stay and get work-related measures are those nearest to work already.

A programme looks good when it takes the families who would have managed anyway. So the families are held up against
each other as they were before: who started and who did not, who stayed and who withdrew, and who got a work-based
measure in the first year and who did not; and the families that start later against those that started first.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.evaluation.effects import difference_in_changes
from helhed.evaluation.panel import in_months, mean_between, since_start
from helhed.evaluation.study import Study

#: What the families are held up against each other by, as it was in the year before.
NEARNESS = ("share_working", "absence_share", "n_departments", "n_child_cases")
#: Comparisons: who gets in, who says yes to the offer, who stays, who gets work-based measures.
SIDES = ("in", "accepted", "stayed", "work_measure")
#: Ends of a course that the family chose, or that a move made.
LEFT_EARLY = ("withdrew", "moved", "other")
#: Months after the start within which a work-based measure counts.
WORK_MEASURE_MONTHS = 12


def creaming_families(
    study: Study, panel: pd.DataFrame, tables: Mapping[str, pd.DataFrame], profile: Mapping
) -> pd.DataFrame:
    """Return the offered families and the comparison families as they were before, and what became of them.

    Parameters
    ----------
    study
        Gives the comparison families: in the same situation, never enrolled.
    panel
        One row per family and month with the columns of `NEARNESS`.
    tables
        ``enrolment``, ``family_member``, ``measure``.
    profile
        Gives ``evaluation.baseline_months`` and ``data.to_date``.

    Returns
    -------
    One row per family: ``family_id``, ``start_date`` (missing: not started yet), the columns of `NEARNESS` (means over
    the months before the start, the offer, or for comparison families the month drawn) and `SIDES`: True, False, or
    missing where the question does not arise or cannot be told yet.
    """
    offered = tables["enrolment"].loc[lambda rows: rows["start_date"].notna() | rows["offered_date"].notna()]
    offered = offered[["family_id", "offered_date", "start_date", "exit_reason"]].drop_duplicates("family_id")
    to_date = pd.Timestamp(profile["data.to_date"])
    has_started = offered["start_date"] <= to_date
    families = offered.assign(
        reference=offered["start_date"].fillna(offered["offered_date"]),
        start_date=offered["start_date"].where(has_started),
        accepted=offered["start_date"].notna().astype("boolean"),
        **{"in": has_started.where(has_started).astype("boolean")},
        stayed=(~offered["exit_reason"].isin(LEFT_EARLY)).where(has_started).astype("boolean"),
        work_measure=_got_work_measure(offered, tables, to_date),
    )
    others = study.groups.loc[~study.groups["is_enrolled"], ["family_id", "start_date"]]
    others = others[~others["family_id"].isin(families["family_id"])].rename(columns={"start_date": "reference"})
    missing = dict.fromkeys(("accepted", "stayed", "work_measure"), pd.NA)
    everyone = pd.concat([families, others.assign(**{"in": False}, **missing)], ignore_index=True)
    everyone = everyone.astype(dict.fromkeys(SIDES, "boolean"))
    rows = since_start(panel, everyone[["family_id", "reference"]].rename(columns={"reference": "start_date"}))
    before = mean_between(rows, -profile["evaluation.baseline_months"], -1, list(NEARNESS), 3)
    kept = everyone[["family_id", "start_date", *SIDES]].merge(before.reset_index(), on="family_id")
    return kept.sort_values("family_id", ignore_index=True)


def _got_work_measure(offered: pd.DataFrame, tables: Mapping[str, pd.DataFrame], to_date: pd.Timestamp) -> pd.Series:
    """Return whether an adult began a work-based measure in time; missing where the time is not over.

    Families still in their first year are left out even when they have begun one: those that have not cannot be told
    yet, and the share would be too large.
    """
    members = tables["family_member"].loc[lambda rows: rows["role"] == "adult", ["family_id", "person_id"]]
    work = tables["measure"].loc[lambda rows: rows["measure_group"] == "work_based", ["person_id", "start_date"]]
    begun = work.rename(columns={"start_date": "begun"}).merge(members, on="person_id")
    begun = begun.merge(offered[["family_id", "start_date"]].dropna(), on="family_id")
    last = begun["start_date"] + pd.DateOffset(months=WORK_MEASURE_MONTHS)
    in_time = begun.loc[(begun["begun"] >= begun["start_date"]) & (begun["begun"] <= last), "family_id"]
    got = offered["family_id"].isin(in_time)
    is_over = offered["start_date"] + pd.DateOffset(months=WORK_MEASURE_MONTHS) <= to_date
    return got.where(is_over).astype("boolean")


def creaming(families: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return how the families on the two sides of each choice differed before.

    One row per ``side`` (`SIDES`) and ``measure`` (`NEARNESS`): ``mean_yes``, ``mean_no``, ``difference``, ``low``,
    ``high``, ``n_yes``, ``n_no``. The interval is that of `helhed.evaluation.effects.difference_in_changes`.
    """
    return pd.DataFrame(
        [
            {"side": side, "measure": measure, **_difference(families, families[side], measure, confidence)}
            for side in SIDES
            for measure in NEARNESS
        ]
    )


def _difference(families: pd.DataFrame, side: pd.Series, measure: str, confidence: float) -> dict:
    known = side.notna() & families[measure].notna()
    yes, values = side[known].astype(bool).to_numpy(), families.loc[known, measure].to_numpy(dtype=float)
    found = difference_in_changes(values, yes, confidence=confidence)
    return {
        "mean_yes": values[yes].mean() if yes.any() else np.nan,
        "mean_no": values[~yes].mean() if (~yes).any() else np.nan,
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "n_yes": int(yes.sum()),
        "n_no": int((~yes).sum()),
    }


def creaming_by_start(families: pd.DataFrame, minimum_families: int = 1) -> pd.DataFrame:
    """Return who got in over time: one row per half-year of start, or several where one has too few families.

    Columns ``first_month``, ``last_month`` (first days), ``n_families``, the means of `NEARNESS`, ``n_told`` families
    of whom the work-based measure is known, and ``share_work_measure`` of them. Every row holds at least
    ``minimum_families``, unless there are fewer in all.
    """
    started = families[families["start_date"].notna()]
    number = started["start_date"].dt.year * 2 + (started["start_date"].dt.month > 6)
    spell = number.map(_spells(number, minimum_families))
    grouped = started.assign(number=number, got=started["work_measure"].astype("Float64")).groupby(spell)
    table = (
        grouped[list(NEARNESS)]
        .mean()
        .assign(
            first_month=grouped["number"].min().map(_half_year_start),
            last_month=grouped["number"].max().map(lambda half_year: _half_year_start(half_year, 5)),
            n_families=grouped.size(),
            n_told=grouped["got"].count(),
            share_work_measure=grouped["got"].mean().astype("float64"),
        )
    )
    return table.reset_index(drop=True)


def _spells(number: pd.Series, minimum_families: int) -> dict[int, int]:
    """Return the spell that each half-year belongs to: half-years are put together until there are enough families."""
    spell_of, spells = {}, [0]
    for half_year, n in number.value_counts().sort_index().items():
        if spells[-1] >= minimum_families:
            spells.append(0)
        spell_of[half_year] = len(spells) - 1
        spells[-1] += n
    if spells[-1] < minimum_families:  # too few are left at the end: they join the spell before
        spell_of = {half_year: min(spell, max(len(spells) - 2, 0)) for half_year, spell in spell_of.items()}
    return spell_of


def _half_year_start(number: int, months_later: int = 0) -> pd.Timestamp:
    return pd.Timestamp(int(number) // 2, 6 * (int(number) % 2) + 1 + months_later, 1)


def measures_running(tables: Mapping[str, pd.DataFrame], panel: pd.DataFrame) -> pd.Series:
    """Return how many measures run for each family and month of the panel, adults' and children's together.

    Missing where no measure at all is registered in the month: then the source does not reach it.
    """
    months = pd.DatetimeIndex(sorted(panel["month"].unique()))
    running = in_months(tables["measure"], months)
    home = tables["family_member"].loc[lambda rows: rows["is_main_home"].fillna(True).astype(bool)]
    seen = running.merge(home[["family_id", "person_id"]].drop_duplicates("person_id"), on="person_id")
    counted = seen.groupby(["family_id", "month"]).size()
    keys = pd.MultiIndex.from_frame(panel[["family_id", "month"]])
    values = counted.reindex(keys, fill_value=0).astype("float64").to_numpy()
    return pd.Series(values, index=panel.index).where(panel["month"].isin(running["month"].unique()))
