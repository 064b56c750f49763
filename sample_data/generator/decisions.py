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
        "Indskrivninger": _enrolments(courses, contact),
        "Koordinatorer": _coordinators(scenario),
        "Registreringer": make_registrations(population, courses, outcomes, scenario, rng),
        "Møder": make_meetings(courses, contact, rng),
        "Planlinjer": make_plan_lines(population, courses, outcomes, contact, rng),
    }


def contacts(population: Population) -> pd.Series:
    """Return the number of the adult a family is known by, by family."""
    first = population.members("adult")
    return first[first["position"] == 0].set_index("family")["cpr"]


def _enrolments(courses: pd.DataFrame, contact: pd.Series) -> pd.DataFrame:
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
        }
    )


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
