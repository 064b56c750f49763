"""What no system holds and the coordinators register: WHO-5, functional level, trust, ownership, leisure, SDQ."""

import numpy as np
import pandas as pd

from generator.outcomes import Outcomes
from generator.periods import LAST_DAY
from generator.population import Population
from generator.scenarios import Scenario

#: The domains of the functional-level scale used by KORA and STAR.
ADULT_DOMAINS = (
    "Sundhed",
    "Fysisk funktionsnedsættelse",
    "Psykisk funktionsnedsættelse",
    "Socialt problem",
    "Praktiske opgaver i hjemmet",
    "Egenomsorg",
    "Kommunikation",
    "Mobilitet",
    "Samfundsliv/beskæftigelse/bolig",
    "Socialt liv/netværk",
    "Samlet funktionsniveau",
)
CHILD_DOMAINS = (
    "Dagtilbud, skole og uddannelse",
    "Fritidsforhold og venskaber",
    "Udvikling og adfærd",
    "Familieforhold",
    "Sundhed",
    "Samlet funktionsniveau",
)
#: Functional level A-D (1-4) at the start: STAR's infographic (published table A), children rescaled to 100.
ADULT_LEVELS = (0.04, 0.24, 0.45, 0.27)
CHILD_LEVELS = (0.12, 0.38, 0.33, 0.17)
COLUMNS = ["CPR nummer", "Dato", "Instrument", "Punkt", "Værdi", "Vurderet af"]


def make_registrations(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, scenario: Scenario, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the registrations of the enrolled families, every half year from the start to the exit."""
    started = courses[courses["start"].notna()]
    person = population.person
    rows: list[tuple] = []
    trusting = _trusting(person, started, rng)
    own = _own_level(person, started, rng)
    for family, start, leaving in zip(started["family"], started["start"], started["exit"], strict=True):
        last = LAST_DAY if pd.isna(leaving) else leaving
        dates = [start + pd.Timedelta(days=10 + 182 * number) for number in range(6)]
        dates = [date for date in dates if date <= last]
        members = person[person["family"] == family]
        for number, member in members[members["role"] == "adult"].iterrows():
            rows += _adult(
                member["cpr"], dates, trusting.get(number), [mean + own[number] for mean in scenario.who5], rng
            )
        for _, member in members[members["role"] == "child"].iterrows():
            rows += _child(member, [date for date in dates if date > member["birth"]], rng)
    return pd.DataFrame(rows, columns=COLUMNS)


def _trusting(person: pd.DataFrame, started: pd.DataFrame, rng: np.random.Generator) -> dict[int, bool]:
    """Four of five adults trust their caseworkers: the published Assens figure."""
    adults = person[(person["role"] == "adult") & person["family"].isin(started["family"])].index.tolist()
    order = rng.permutation(adults)
    n_answering = len(order) // 5 * 5
    n_high = round(0.8 * n_answering)
    return {int(number): place < n_high for place, number in enumerate(order[:n_answering])}


def _own_level(person: pd.DataFrame, started: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return how far each enrolled adult's WHO-5 lies from the mean, in points; the deviations sum to zero."""
    adults = person.index[(person["role"] == "adult") & person["family"].isin(started["family"])]
    drawn = rng.normal(0, 9, len(adults))
    return pd.Series(drawn - drawn.mean(), index=adults)


def _adult(cpr: str, dates: list, trusts: bool | None, who5: list[float], rng: np.random.Generator) -> list[tuple]:
    rows = []
    levels = np.searchsorted(np.cumsum(ADULT_LEVELS), rng.random(len(ADULT_DOMAINS))) + 1
    for place, date in enumerate(dates):
        if rng.random() < 0.88 or place == 0:
            rows += _who5(cpr, date, who5[place], rng)
        rows += [
            (cpr, date, "funktionsniveau A-D", domain, int(level), "en fagperson")
            for domain, level in zip(ADULT_DOMAINS, levels, strict=True)
        ]
        levels = np.maximum(1, levels - (rng.random(len(levels)) < 0.16) + (rng.random(len(levels)) < 0.03).astype(int))
        levels = np.minimum(levels, 4)
        if trusts is not None and (place == 0 or rng.random() < 0.92):
            value = int(rng.choice([4, 5])) if trusts else int(rng.choice([2, 3], p=[0.3, 0.7]))
            rows.append((cpr, date, "tillid", "samlet", value, "personen selv"))
            rows.append((cpr, date, "ejerskab til planen", "samlet", int(rng.choice([2, 3, 4, 5])), "personen selv"))
    return rows


def _who5(cpr: str, date, mean: float, rng: np.random.Generator) -> list[tuple]:
    items = np.clip(np.round(rng.normal(mean / 20, 0.75, 5)), 0, 5).astype(int)
    answered = 4 if rng.random() < 0.03 else 5
    return [(cpr, date, "WHO-5", str(item + 1), int(items[item]), "personen selv") for item in range(answered)]


def _child(member: pd.Series, dates: list, rng: np.random.Generator) -> list[tuple]:
    rows, cpr = [], member["cpr"]
    levels = np.searchsorted(np.cumsum(CHILD_LEVELS), rng.random(len(CHILD_DOMAINS))) + 1
    has_leisure, sdq = rng.random() < 0.4, rng.normal(15, 4.5)
    for date in dates:
        age = (date - member["birth"]).days / 365.25
        rows += [
            (cpr, date, "funktionsniveau A-D", domain, int(level), "en fagperson")
            for domain, level in zip(CHILD_DOMAINS, levels, strict=True)
        ]
        levels = np.maximum(1, levels - (rng.random(len(levels)) < 0.2))
        if age >= 5:
            rows.append((cpr, date, "fast fritidsaktivitet", "samlet", int(has_leisure), "en forælder"))
            has_leisure = has_leisure or rng.random() < 0.18
        if age >= 13:
            rows.append((cpr, date, "fritidsjob", "samlet", int(rng.random() < 0.15), "personen selv"))
        if 4 <= age < 17 and rng.random() < 0.85:
            value = int(np.clip(round(sdq), 0, 40))
            rows.append((cpr, date, "SDQ, samlet score", "samlet", value, "en forælder"))
            sdq -= rng.normal(0.8, 1.2)
    return rows
