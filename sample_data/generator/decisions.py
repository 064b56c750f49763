"""The decision workbook: enrolments, coordinators, registrations, meetings and lines of the sector plans."""

import numpy as np
import pandas as pd

from generator.outcomes import Outcomes
from generator.plans import make_meetings, make_plan_lines
from generator.population import Population
from generator.registrations import make_registrations
from generator.scenarios import Scenario

COMPETENCES = (
    "socialrådgiver, beskæftigelse",
    "socialrådgiver, børn og familie",
    "pædagog, familiebehandling",
    "mentor, misbrug og psykiatri",
    "socialrådgiver, bolig og gæld",
)
LANGUAGES = ("dansk, engelsk", "dansk, arabisk", "dansk, tyrkisk, engelsk", "dansk, polsk", "dansk, engelsk, somali")
#: Who decides about a place at the referral meeting: a role, never a name.
DECIDED_BY = "leder af familieafdelingen"


def make_decisions(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, scenario: Scenario, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Return the sheets of the workbook by name."""
    contact = contacts(population)
    return {
        "Indskrivninger": _enrolments(courses, contact, scenario),
        "Koordinatorer": _coordinators(scenario),
        "Registreringer": make_registrations(population, courses, outcomes, scenario, rng),
        "Møder": make_meetings(courses, contact, rng),
        "Planlinjer": make_plan_lines(population, courses, outcomes, contact, rng),
    }


def contacts(population: Population) -> pd.Series:
    """Return the number of the adult a family is known by, by family."""
    first = population.members("adult")
    return first[first["position"] == 0].set_index("family")["cpr"]


def _enrolments(courses: pd.DataFrame, contact: pd.Series, scenario: Scenario) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Kontakt-CPR": courses["family"].map(contact),
            "Beslutning": courses["decision"],
            "Begrundelse": courses["reason"],
            "Besluttet af": DECIDED_BY,
            "Tilbudt": courses["offered"],
            "Samtykke": courses["consent"],
            "Start": courses["start"],
            "Afsluttet": courses["exit"],
            "Afslutningsårsag": courses["exit_reason"],
            "Koordinator": courses["coordinator"],
            "Sprog i familien": _languages(courses, scenario),
            "Inhabile koordinatorer": _barred(courses, scenario),
        }
    )


def _languages(courses: pd.DataFrame, scenario: Scenario) -> list[str | None]:
    """Return a language beside Danish for each sixth family, one that some coordinator speaks."""
    spoken = sorted({word for each in LANGUAGES[: len(scenario.coordinators)] for word in each.split(", ")} - {"dansk"})
    return [spoken[row // 6 % len(spoken)] if row % 6 == 2 else None for row in range(len(courses))]


def _barred(courses: pd.DataFrame, scenario: Scenario) -> list[str | None]:
    """Return a coordinator who may not have the family for each ninth family; never the one it has."""
    names = [name for name, _ in scenario.coordinators]
    others = [[name for name in names if name != own] for own in courses["coordinator"]]
    return [each[row // 9 % len(each)] if row % 9 == 4 and each else None for row, each in enumerate(others)]


def _coordinators(scenario: Scenario) -> pd.DataFrame:
    n = len(scenario.coordinators)
    districts = list(scenario.districts)
    return pd.DataFrame(
        {
            "Koordinator": [name for name, _ in scenario.coordinators],
            "Timer pr. uge": [float(hours) for _, hours in scenario.coordinators],
            "Kompetencer": [COMPETENCES[place % len(COMPETENCES)] for place in range(n)],
            "Sprog": [LANGUAGES[place % len(LANGUAGES)] for place in range(n)],
            "Distrikt": [districts[place % len(districts)] for place in range(n)],
            "Myndighed": "J" if scenario.has_authority else "N",
            "Fra": scenario.project_start,
            "Til": pd.to_datetime(pd.Series([scenario.departures.get(name) for name, _ in scenario.coordinators])),
        }
    )
