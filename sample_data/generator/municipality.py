"""Makes one municipality's folder: draws everything, turns it into exports, writes it in one stroke."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from generator import exports
from generator.cases import make_cases
from generator.decisions import make_decisions
from generator.enrolment import make_courses
from generator.family_forms import family_forms
from generator.faults import plant_faults
from generator.further import further_exports
from generator.income import make_payments, make_spells, make_work
from generator.interviews import interview_sheets
from generator.measures import make_adult_measures, make_child_measures, make_job_measures, make_sofus
from generator.newcomers import (
    before_moving_in,
    make_newcomers,
    move_in,
    newcomer_cases,
    newcomer_spells,
    without_school,
)
from generator.outcomes import Outcomes, make_outcomes
from generator.population import Population, make_population
from generator.scenarios import Scenario
from generator.schooling import make_absence
from generator.writing import write_csv, write_workbook
from helhed.intake.pseudonyms import KEY_ID_FILE, key_id, key_id_text

KEY_FILE = "sample-pseudonym.key"


@dataclass(frozen=True)
class Drawn:
    """Everything drawn for one municipality; ``tables`` are the exports without faults, by file stem."""

    population: Population
    courses: pd.DataFrame
    outcomes: Outcomes
    tables: dict[str, pd.DataFrame]

    @property
    def enrolled(self) -> np.ndarray:
        """Return the numbers of the persons in families that were ever enrolled."""
        started = self.courses.loc[self.courses["start"].notna(), "family"]
        person = self.population.person
        return person.loc[person["family"].isin(started), "cpr"].to_numpy()


def make_municipality(scenario: Scenario) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return the export tables by file stem and the sheets of the decision workbook."""
    return of_drawn(draw(scenario), scenario)


def of_drawn(drawn: Drawn, scenario: Scenario) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return the same for a municipality that is drawn already."""
    sheets = make_decisions(drawn.population, drawn.courses, drawn.outcomes, scenario, _rng(scenario, 13))
    if scenario.is_sample:
        plant_faults(scenario.slug, drawn.tables, drawn.enrolled, scenario.seed)
    return drawn.tables, sheets


def draw(scenario: Scenario) -> Drawn:
    """Return families, courses and export tables of a municipality; each topic draws from a generator of its own."""
    population = make_population(scenario, _rng(scenario, 1))
    courses = make_courses(population.family, scenario, _rng(scenario, 2))
    outcomes = make_outcomes(population, courses, scenario, _rng(scenario, 3))
    newcomers = make_newcomers(population, scenario, _rng(scenario, 14))
    move_in(population, newcomers)
    drawn = (population, courses, outcomes, newcomers, scenario)
    tables = {
        "folkeregister": exports.register_export(population),
        **_children_tables(*drawn),
        **_adult_tables(*drawn),
    }
    return Drawn(population, courses, outcomes, tables)


def _rng(scenario: Scenario, topic: int) -> np.random.Generator:
    return np.random.default_rng([scenario.seed, topic])


def _children_tables(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, newcomers: pd.DataFrame, scenario: Scenario
) -> dict[str, pd.DataFrame]:
    cpr = population.person["cpr"]
    cases = make_cases(population, courses, outcomes, scenario, _rng(scenario, 5))
    measures = make_child_measures(population, cases, courses, outcomes, scenario, _rng(scenario, 6))
    sofus = make_sofus(population, cases, _rng(scenario, 7))
    absence = make_absence(population, courses, scenario, _rng(scenario, 12))
    absence = absence[~before_moving_in(absence, population, newcomers)]
    absence = absence[~absence["person"].isin(without_school(newcomers))]
    # Numbered after all others, so that the others keep their case numbers.
    cases = pd.concat([cases, newcomer_cases(newcomers, _rng(scenario, 15))], ignore_index=True)
    return {
        "dubu_sager": exports.case_export(cases, cpr),
        "dubu_indsatser": exports.measure_export(measures, cases, scenario),
        "sofus": exports.sofus_export(sofus, cpr),
        "skolefravaer": exports.absence_export(absence, cpr),
    }


def _adult_tables(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, newcomers: pd.DataFrame, scenario: Scenario
) -> dict[str, pd.DataFrame]:
    cpr = population.person["cpr"]
    spells = make_spells(population, courses, outcomes, _rng(scenario, 4))
    job = make_job_measures(population, spells, outcomes, _rng(scenario, 11))
    more = newcomer_spells(newcomers, _rng(scenario, 16))
    payments = [make_payments(spells, _rng(scenario, 9)), make_payments(more, _rng(scenario, 17))]
    payments = pd.concat(payments).sort_values(["person", "week"], kind="stable")
    work = make_work(population, pd.concat([spells, more], ignore_index=True), outcomes, _rng(scenario, 10))
    work = work[~before_moving_in(work, population, newcomers)]
    further = (
        further_exports(population, courses, payments, scenario, _rng(scenario, 18)) if scenario.has_further else {}
    )
    return {
        "sensum": exports.sensum_export(make_adult_measures(population, _rng(scenario, 8)), cpr),
        **exports.payment_exports(payments, cpr, scenario),
        "beskaeftigelse": exports.work_export(work, cpr),
        "jobcenter_indsatser": exports.job_export(job, cpr),
        **further,
    }


def write_municipality(scenario: Scenario, out: Path) -> Path:
    """Return the municipality's folder; its inputs are written aside and then put in place, its runs stay."""
    target = out / scenario.slug
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{scenario.slug}-", dir=out) as scratch:
        made, old = Path(scratch) / "new", Path(scratch) / "old"
        old.mkdir()
        write_inputs(scenario, made)
        for item in sorted(made.iterdir()):
            if (target / item.name).exists():
                (target / item.name).rename(old / item.name)
            item.rename(target / item.name)
    return target


def write_inputs(scenario: Scenario, folder: Path) -> None:
    """Write exports, decision workbook, profile, key and the key's fingerprint into a new folder."""
    drawn = draw(scenario)
    tables, sheets = of_drawn(drawn, scenario)
    (folder / "exports").mkdir(parents=True)
    for stem, table in tables.items():
        if scenario.is_excel:
            write_workbook({"Data": table}, folder / "exports" / f"{stem}.xlsx")
        else:
            write_csv(table, folder / "exports" / f"{stem}.csv", scenario.encoding)
    write_workbook(sheets, folder / "decisions.xlsx")
    if scenario.has_further:
        write_workbook(interview_sheets(), folder / "interviews.xlsx")
    if scenario.is_sample:
        _write_family_forms(drawn, scenario, folder / "sector_plans")
    (folder / "profile.yml").write_text(profile_text(scenario), encoding="utf-8", newline="\n")
    (folder / KEY_FILE).write_text(key_text(scenario), encoding="ascii", newline="\n")
    recorded = key_id_text(key_id(bytes.fromhex(key_text(scenario))))
    (folder / KEY_ID_FILE).write_text(recorded, encoding="utf-8", newline="\n")


def _write_family_forms(drawn: Drawn, scenario: Scenario, folder: Path) -> None:
    folder.mkdir()
    key = bytes.fromhex(key_text(scenario))
    forms = family_forms(drawn.population, drawn.courses, key, _rng(scenario, 19))
    for name, content in forms.items():
        (folder / name).write_bytes(content)


def key_text(scenario: Scenario) -> str:
    """Return the pseudonym key: 32 bytes in hexadecimal, made from the name, since it keeps no secret."""
    return hashlib.sha256(f"helhed sample key {scenario.slug}".encode()).hexdigest() + "\n"


def profile_text(scenario: Scenario) -> str:
    """Return the municipality's profile."""
    return f"""\
# {scenario.name}: opdigtede data, ingen virkelige personer / invented data, no real persons.
# Alt, der ikke står her, følger modellen eller standarden / what is not set here follows the model or the default.
name: {scenario.name}
municipality_code: "{scenario.code}"
model: {scenario.model}
is_synthetic: true
settings:
  data.from_date:
    value: 2023-01-01
    source: Opdigtet udtræk / invented extract
    quality: green
    owner: Dataansvarlig / data manager
  data.to_date:
    value: 2025-12-31
    source: Opdigtet udtræk / invented extract
    quality: green
    owner: Dataansvarlig / data manager
  data.encoding: {scenario.encoding}
  data.key_file: {KEY_FILE}
  project.start_date:
    value: {scenario.project_start:%Y-%m-%d}
    source: Opdigtet, flyttet ind i dataperioden / invented, moved into the data period
    quality: green
    owner: Projektleder / project leader
"""
