"""School absence month by month."""

import numpy as np
import pandas as pd

from generator.periods import MONTHS, SCHOOL_DAYS, SEASON, month_number
from generator.population import Population
from generator.scenarios import Scenario

#: Mean share of school days absent by group: 7 % is the published mean of ordinary schools, the rest is invented.
SHARES = {"ordinary": 0.064, "known": 0.088, "candidate": 0.115, "offered": 0.15, "enrolled": 0.16}
#: Sick, permitted and unlawful: 5.5 + 3.5 + 1.4 of 10.4 days in the published table, more unlawful in the enrolled.
KINDS = {"ordinary": (0.56, 0.34, 0.10), "enrolled": (0.48, 0.17, 0.35)}
SCHOOLS = ("Birkeskolen", "Egeskolen", "Lindeskolen", "Pileskolen", "Ahornskolen", "Bøgeskolen")


def make_absence(
    population: Population,
    courses: pd.DataFrame,
    scenario: Scenario,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row per school child and month with school days: days by kind of absence, in halves."""
    children = population.members("child")
    group = population.family["group"].reindex(children["family"]).to_numpy()
    mean = _means(children, group, courses, scenario)
    own = rng.gamma(np.where(group == "enrolled", 6, 3), 1, len(children))
    own = own / np.where(group == "enrolled", 6, 3)
    mean = np.clip(mean * own[:, None], 0.002, 0.9)
    days = SCHOOL_DAYS[np.arange(len(MONTHS)) % 12]
    mean = mean * SEASON[np.arange(len(MONTHS)) % 12]
    at_school = _at_school(children) & (days > 0)
    lumps = rng.poisson(np.maximum(mean * days, 0) / 1.5) * 1.5
    absent = np.minimum(np.round(lumps * 2) / 2, days)
    who, month = np.nonzero(at_school)
    rows = pd.DataFrame({"person": children.index.to_numpy()[who], "month": month, "days": days[month]})
    _split_kinds(rows, absent[who, month], np.isin(group[who], ["enrolled", "offered", "candidate"]), rng)
    school = np.array(SCHOOLS[: max(2, len(scenario.districts) + 1)], dtype=object)
    rows["school"] = school[(population.person["family"].to_numpy()[rows["person"]] * 7) % len(school)]
    return rows


def _at_school(children: pd.DataFrame) -> np.ndarray:
    """From August of the year a child turns 6 until June of the year it turns 16."""
    year = children["birth"].dt.year.to_numpy()
    begin = (year + 6 - 2023) * 12 + 7
    return (np.arange(len(MONTHS)) >= begin[:, None]) & (np.arange(len(MONTHS)) < begin[:, None] + 119)


def _means(children: pd.DataFrame, group: np.ndarray, courses: pd.DataFrame, scenario: Scenario) -> np.ndarray:
    mean = np.repeat(pd.Series(group).map(SHARES).to_numpy(dtype=float)[:, None], len(MONTHS), axis=1)
    before, after = scenario.absence
    started = courses[courses["start"].notna()].set_index("family")["start"]
    months = np.arange(len(MONTHS))
    for place in np.flatnonzero(group == "enrolled"):
        start = month_number(started[children["family"].iloc[place]])
        progress = np.clip((months - start - 1) / 6, 0, 1)
        mean[place] = before + (after - before) * progress
    return mean


def _split_kinds(rows: pd.DataFrame, absent: np.ndarray, is_vulnerable: np.ndarray, rng: np.random.Generator) -> None:
    """Split the days absent into sick, permitted and unlawful, in half days that add up."""
    shares = np.where(is_vulnerable[:, None], KINDS["enrolled"], KINDS["ordinary"])
    halves = (absent * 2).round().astype(int)
    sick = rng.binomial(halves, shares[:, 0])
    permitted = rng.binomial(halves - sick, shares[:, 1] / (shares[:, 1] + shares[:, 2]))
    rows["sick"] = sick / 2
    rows["permitted"] = permitted / 2
    rows["unlawful"] = (halves - sick - permitted) / 2
