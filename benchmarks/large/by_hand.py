"""The rule of the benchmark written by hand: lazily in Polars, in pandas as one would, and in pandas at its best.

A parent with 3 of 6 months on a listed benefit, a child with an open case of a listed type, and either an adult with a
measure of adult social care or a child with a tenth of the school days missed; ranked by absence, then months of a
year on benefit, then family_id. A source without rows does not occur here, and a family that cannot be told is left.
"""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from polars import col

DAY = datetime(2025, 12, 31)
DATA_FROM = datetime(2023, 1, 1)
ADULT_FROM, SCHOOL_FROM = datetime(2008, 1, 1), datetime(2025, 7, 1)
LISTED = ["kontanthjaelp", "sygedagpenge", "dagpenge", "foertidspension"]
CASES = ["afdaekning", "boernefaglig_undersoegelse", "barnets_plan", "ungeplan"]
FIRST = [datetime(2025, month, 1) for month in range(1, 13)]
LAST = [*(day - timedelta(days=1) for day in FIRST[1:]), DAY]
COLUMNS = {
    "person": ["person_id", "birth_date", "from_date", "to_date"],
    "family_member": ["family_id", "person_id", "role", "is_main_home"],
    "benefit_spell": ["person_id", "benefit", "start_date", "end_date"],
    "child_case": ["person_id", "case_type", "start_date", "end_date", "status"],
    "measure": ["person_id", "department", "start_date", "end_date"],
    "absence": ["person_id", "month", "school_days", "days_sick", "days_permitted", "days_unlawful"],
}
REASONS = ("adult_on_benefit", "open_child_case", "adult_social_measure", "school_absence")


def polars_lazy(folder: Path) -> pd.DataFrame:
    """Return family_id, rank and reasons, from one lazy query."""
    table = {name: pl.scan_parquet(folder / f"{name}.parquet").select(names) for name, names in COLUMNS.items()}
    is_running = col("end_date").is_null() | (col("end_date") >= DAY)
    hits = {f"m{k}": (col("start_date") <= LAST[k]) & (col("until") >= FIRST[k]) for k in range(12)}
    until = pl.when(col("benefit").is_in(LISTED)).then(col("end_date").fill_null(datetime(2200, 1, 1)))
    spells = table["benefit_spell"].filter(col("start_date") <= DAY).with_columns(until=until)
    benefits = spells.group_by("person_id").agg(
        col("start_date").len().alias("b"), *(e.max().alias(n) for n, e in hits.items())
    )
    sure = (col("status") != "closed") | col("end_date").is_not_null()
    is_open = is_running & col("case_type").is_in(CASES)
    begun = table["child_case"].filter(col("start_date") <= DAY)
    cases = begun.group_by("person_id").agg(c=(is_open & sure).max(), maybe=is_open.max())
    measures = table["measure"].filter(col("start_date") <= DAY)
    measures = measures.group_by("person_id").agg(s=(is_running & (col("department") == "adult_social")).max())
    days = col("days_sick") + col("days_permitted") + col("days_unlawful")
    months = table["absence"].filter(
        col("month").is_between(SCHOOL_FROM, DAY) & (col("school_days") > 0) & days.is_not_null()
    )
    absence = months.group_by("person_id").agg(share=pl.when(pl.len() >= 3).then(days.sum() / col("school_days").sum()))
    linked = table["family_member"].filter(col("is_main_home").fill_null(True))
    is_here = (col("from_date").is_null() | (col("from_date") <= DAY)) & (
        col("to_date").is_null() | (col("to_date") >= DAY)
    )
    is_young = col("birth_date") >= ADULT_FROM
    young = linked.filter(col("role") != "adult").join(table["person"], on="person_id").filter(is_here & is_young)
    members = linked.join(young.select("family_id"), on="family_id", how="semi").join(table["person"], on="person_id")
    members = members.filter(is_here)
    for facts in (benefits, cases, measures, absence):
        members = members.join(facts, on="person_id", how="left")
    is_adult, is_child = col("role") == "adult", (col("role") != "adult") & is_young
    n_year = pl.sum_horizontal(*(col(f"m{k}").fill_null(False) for k in range(12)))
    n_half = pl.sum_horizontal(*(col(f"m{k}").fill_null(False) for k in range(6, 12)))
    families = members.group_by("family_id").agg(
        months=pl.when(is_adult).then(n_half).max(),
        year=pl.when(is_adult).then(n_year).max(),
        c=(is_child & col("c").fill_null(False)).any(),
        s=(is_adult & col("s").fill_null(False)).any(),
        share=pl.when(is_child).then(col("share")).max(),
    )
    is_absent = col("share").fill_null(0) >= 0.1
    met = families.filter((col("months") >= 3) & col("c") & (col("s") | is_absent)).with_columns(a=is_absent)
    unknown = _unknown_absence(members, is_child)
    found = met.join(unknown, on="family_id", how="left").collect(engine="streaming")
    return _told(found.to_pandas())


def _unknown_absence(members: pl.LazyFrame, is_child: pl.Expr) -> pl.LazyFrame:
    is_pupil = col("birth_date").is_between(datetime(2010, 1, 1), datetime(2019, 12, 31))
    return members.filter(is_child & is_pupil & col("share").is_null()).group_by("family_id").agg(u=pl.len())


def pandas_naive(folder: Path) -> pd.DataFrame:
    """Return the same as one would first write it: read all, merge, group."""
    return _pandas({name: pd.read_parquet(folder / f"{name}.parquet") for name in COLUMNS}, _merged)


def pandas_in_memory(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the same from tables in memory, with sets of persons instead of joins."""
    return _pandas(tables, _in_question)


def _merged(t: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return all members with their person, of every family."""
    return t["family_member"].merge(t["person"], on="person_id")


def _in_question(t: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the members with their person, of families with a member under 18."""
    linked = t["family_member"]
    young = t["person"].loc[t["person"]["birth_date"] >= ADULT_FROM, "person_id"]
    families = linked.loc[linked["person_id"].isin(young), "family_id"]
    return linked[linked["family_id"].isin(families)].merge(t["person"], on="person_id")


def _pandas(t: dict[str, pd.DataFrame], member_rows) -> pd.DataFrame:
    members = member_rows(t)
    is_here = ~(members["from_date"] > DAY) & ~(members["to_date"] < DAY) & members["is_main_home"].fillna(True)
    members = members[is_here.astype(bool)]
    is_adult = members["role"] == "adult"
    is_child = ~is_adult & (members["birth_date"] >= ADULT_FROM)
    members = members.assign(is_child=is_child, is_adult=is_adult)
    spells = t["benefit_spell"]
    spells = spells[spells["benefit"].isin(LISTED) & (spells["start_date"] <= DAY) & ~(spells["end_date"] < FIRST[0])]
    start, end = (spells[name].to_numpy()[:, None] for name in ("start_date", "end_date"))
    hits = (start <= np.array(LAST, "M8[us]")) & ~(end < np.array(FIRST, "M8[us]"))
    months = pd.DataFrame(hits, index=spells["person_id"].to_numpy()).groupby(level=0).max()
    year, half = months.sum(axis=1), months.loc[:, 6:].sum(axis=1)
    cases = t["child_case"]
    is_open = (cases["start_date"] <= DAY) & ~(cases["end_date"] < DAY) & cases["case_type"].isin(CASES)
    is_open &= ~((cases["status"] == "closed") & cases["end_date"].isna())
    measures = t["measure"]
    is_on = (measures["start_date"] <= DAY) & ~(measures["end_date"] < DAY) & (measures["department"] == "adult_social")
    rows = t["absence"]
    days = rows["days_sick"] + rows["days_permitted"] + rows["days_unlawful"]
    used = rows.assign(days=days, n=1)[rows["month"].between(SCHOOL_FROM, DAY) & (rows["school_days"] > 0)]
    sums = used.groupby("person_id")[["days", "school_days", "n"]].sum()
    share = (sums["days"] / sums["school_days"]).where(sums["n"] >= 3)
    adults, children = members[is_adult[members.index]], members[is_child[members.index]]
    shares = children["person_id"].map(share)
    is_pupil = children["birth_date"].between(datetime(2010, 1, 1), datetime(2019, 12, 31))
    has_case = children["person_id"].isin(cases.loc[is_open, "person_id"])
    families = pd.DataFrame(
        {
            "months": adults["person_id"].map(half).fillna(0).groupby(adults["family_id"]).max(),
            "year": adults["person_id"].map(year).fillna(0).groupby(adults["family_id"]).max(),
            "s": adults["person_id"].isin(measures.loc[is_on, "person_id"]).groupby(adults["family_id"]).any(),
        }
    )
    families = families.reindex(children["family_id"].unique())
    families["c"] = has_case.groupby(children["family_id"]).any()
    families["share"] = shares.groupby(children["family_id"]).max()
    families["u"] = (is_pupil & shares.isna()).groupby(children["family_id"]).sum()
    families["a"] = families["share"] >= 0.1
    met = (families["months"] >= 3) & families["c"] & ((families["s"] == True) | families["a"])  # noqa: E712
    return _told(families[met].rename_axis("family_id").reset_index())


def _told(met: pd.DataFrame) -> pd.DataFrame:
    met = met.sort_values("family_id", kind="stable")
    met = met.sort_values(["share", "year"], ascending=False, kind="stable", na_position="last")
    unknown = ~met["a"].astype(bool) & (met["u"].fillna(0) > 0)
    social, absent = met["s"].astype(bool), met["a"].astype(bool)
    reasons = np.char.add(
        "criterion_adult_on_benefit,criterion_open_child_case", np.where(social, ",criterion_adult_social_measure", "")
    )
    tail = np.select([absent, unknown], [",criterion_school_absence", ",unknown_school_absence"], "")
    found = {"family_id": met["family_id"].astype("str").to_numpy(), "rank": np.arange(1, len(met) + 1)}
    return pd.DataFrame({**found, "reasons": np.char.add(reasons, tail)}).astype({"family_id": "str", "reasons": "str"})
