"""Child cases, and the measures that hang on them (DUBU), with Sofus measures beside."""

import numpy as np
import pandas as pd

from generator.outcomes import Outcomes
from generator.periods import FIRST_DAY, LAST_DAY, MONTHS, month_day, month_number
from generator.population import Population, age_at
from generator.scenarios import Scenario

SECTIONS = {
    "Underretning": "",
    "Screening": "Barnets lov § 18",
    "Afdækning": "Barnets lov § 19",
    "Børnefaglig undersøgelse": "Barnets lov § 20",
    "Barnets plan": "Barnets lov § 91",
    "Ungeplan": "Barnets lov § 109",
    "Handicapsag": "",
}
CASE_COLUMNS = ["person", "kind", "start", "end"]


def make_cases(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, scenario: Scenario, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per case: ``person``, ``kind``, ``start``, ``end`` (missing while open), numbered from 0."""
    background = _background_chains(population, rng)
    enrolled = _enrolled_cases(population, courses, outcomes, rng)
    notes = _notifications(population, courses, outcomes, scenario, rng)
    cases = pd.concat([background, enrolled, notes], ignore_index=True)
    cases["end"] = cases["end"].where(cases["end"] <= LAST_DAY)
    birth = population.person["birth"].reindex(cases["person"]).to_numpy()
    inside = (cases["start"] <= LAST_DAY) & ~(cases["end"] < FIRST_DAY) & (cases["start"] > birth)
    return cases[inside].sort_values(["start", "person", "kind"], kind="stable").reset_index(drop=True)


def _background_chains(population: Population, rng: np.random.Generator) -> pd.DataFrame:
    """Notification, screening, often an examination, then a plan: the chain of a child outside the project."""
    family = population.family
    children = population.members("child")
    group = family["group"].reindex(children["family"]).to_numpy()
    has = family["has_case"].reindex(children["family"]).to_numpy() & (group != "enrolled")
    is_first = ~children["family"].duplicated().to_numpy()
    chosen = has & (is_first | (rng.random(len(children)) < 0.4))
    children, group = children[chosen], group[chosen]
    n = len(children)
    close = np.isin(group, ["candidate", "offered"])
    offset = np.where(close, rng.integers(-640, 0, n), rng.integers(-700, 1030, n))
    first = FIRST_DAY + pd.to_timedelta(offset, unit="D")
    months = np.where(group == "offered", 90, np.where(close, 20 + rng.exponential(24, n), 3 + rng.exponential(13, n)))
    plan = first + pd.to_timedelta(70 + rng.integers(0, 80, n), unit="D")
    end = plan + pd.to_timedelta((months * 30.4).astype(int), unit="D")
    is_old = (age_at(children["birth"], pd.Timestamp("2024-01-01")) >= 15).to_numpy()
    kind = np.where(is_old, "Ungeplan", rng.choice(["Barnets plan", "Handicapsag"], n, p=[0.84, 0.16]))
    examined = rng.random(n) < 0.55
    steps = [
        pd.DataFrame(
            {"person": children.index, "kind": "Underretning", "start": first, "end": _after(first, 5, 14, rng)}
        ),
        pd.DataFrame(
            {
                "person": children.index,
                "kind": "Screening",
                "start": _after(first, 1, 8, rng),
                "end": _after(first, 15, 40, rng),
            }
        ),
        pd.DataFrame(
            {
                "person": children.index,
                "kind": "Børnefaglig undersøgelse",
                "start": _after(first, 20, 45, rng),
                "end": plan,
            }
        )[examined],
        pd.DataFrame({"person": children.index, "kind": kind, "start": plan, "end": end}),
    ]
    return pd.concat(steps, ignore_index=True)


def _after(dates, low: int, high: int, rng: np.random.Generator):
    return dates + pd.to_timedelta(rng.integers(low, high, len(dates)), unit="D")


def _enrolled_cases(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, rng: np.random.Generator
) -> pd.DataFrame:
    """Every case child has exactly one case open at the family's start; what came before it is closed."""
    started = courses[courses["start"].notna()].set_index("family")
    rows = []
    for child in outcomes.case_children:
        person = population.person.loc[child]
        start = started.at[person["family"], "start"]
        ago = rng.integers(380, 900) if rng.random() < 0.85 else rng.integers(60, 380)
        opened = max(start - pd.Timedelta(days=int(ago)), person["birth"] + pd.Timedelta(days=20))
        age = (start - person["birth"]).days / 365.25
        kind = "Ungeplan" if age >= 15 else str(rng.choice(["Barnets plan", "Handicapsag"], p=[0.82, 0.18]))
        end = pd.NaT
        if child in outcomes.closing_month:
            end = month_day(outcomes.closing_month[child], int(rng.integers(3, 26)))
        rows.append((child, kind, opened, end))
        if rng.random() < 0.6:
            length = int(rng.integers(60, 118))
            rows.append((child, "Børnefaglig undersøgelse", opened - pd.Timedelta(days=length), opened))
    table = pd.DataFrame(rows, columns=CASE_COLUMNS)
    # The examination ends the day before the plan opens, so that one case is open at the start and no more.
    is_exam = table["kind"] == "Børnefaglig undersøgelse"
    table["end"] = table["end"].where(~is_exam, table["end"] - pd.Timedelta(days=1))
    return table


def _notifications(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, scenario: Scenario, rng: np.random.Generator
) -> pd.DataFrame:
    """Return notifications beside the chains: many in the enrolled families, fewer from a quarter after the start."""
    family, children = population.family, population.members("child")
    group = family["group"].reindex(children["family"]).to_numpy()
    yearly = pd.Series(group).map({"ordinary": 0.003, "known": 0.03, "candidate": 0.22, "offered": 0.5, "enrolled": 0})
    rate = np.repeat(yearly.to_numpy(dtype=float)[:, None] / 12, len(MONTHS), axis=1)
    before, after = scenario.notifications
    started = courses[courses["start"].notna()].set_index("family")["start"]
    begin = children["family"].map(started)
    for place in np.flatnonzero(group == "enrolled"):
        start = month_number(begin.iloc[place])
        fall = np.clip((np.arange(len(MONTHS)) - start) / 3, 0, 1)
        rate[place] = (before + (after - before) * fall) / 12
    who, month = np.nonzero(rng.random(rate.shape) < rate)
    day = rng.integers(1, 28, len(who))
    start = MONTHS[month] + pd.to_timedelta(day - 1, unit="D")
    notes = pd.DataFrame({"person": children.index.to_numpy()[who], "kind": "Underretning", "start": start})
    notes["end"] = _after(notes["start"], 3, 14, rng)
    own = begin.reindex(notes["person"])
    is_at_start = (notes["start"] <= own.to_numpy()) & (notes["end"] >= own.to_numpy())
    return notes[~is_at_start]
