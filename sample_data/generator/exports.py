"""Turns the invented municipality into the columns of the real exports, typed; ``writing.py`` writes them."""

import numpy as np
import pandas as pd

from generator.cases import SECTIONS
from generator.measures import CHILD_TYPES
from generator.periods import MONTHS
from generator.population import Population, is_resident
from generator.scenarios import Scenario


def register_export(population: Population) -> pd.DataFrame:
    """Return the population register, in the order of the numbers."""
    person = population.person
    cpr = person["cpr"]
    rows = person[is_resident(person)]
    table = pd.DataFrame(
        {
            "CPR nummer": rows["cpr"],
            "Fødselsdato": rows["birth"],
            "Køn": rows["sex"],
            "Adresse-id": rows["address"].astype(str),
            "Distrikt": rows["district"],
            "Mors CPR nummer": _cpr_of(rows["mother"], cpr),
            "Fars CPR nummer": _cpr_of(rows["father"], cpr),
            "Forældremyndighed": _custody(rows, cpr),
            "Oprindelse": rows["origin"],
            "Tilflytningsdato": rows["moved_in"],
            "Fraflytningsdato": rows["moved_out"],
            "Delt bopæl adresse-id": rows["second_address"].map(lambda number: str(number) if number > 0 else ""),
        }
    )
    return table.sort_values("CPR nummer", kind="stable").reset_index(drop=True)


def _cpr_of(numbers: pd.Series, cpr: pd.Series) -> pd.Series:
    known = numbers.fillna(-1).astype(int)
    return known.map(cpr).where(known >= 0, "")


def _custody(rows: pd.DataFrame, cpr: pd.Series) -> pd.Series:
    mother = _cpr_of(rows["mother"].where(rows["mother"] != rows["sole_without"], -1), cpr)
    father = _cpr_of(rows["father"].where(rows["father"] != rows["sole_without"], -1), cpr)
    comma = np.where((mother != "") & (father != ""), ",", "")
    return mother + pd.Series(comma, index=rows.index) + father


def case_export(cases: pd.DataFrame, cpr: pd.Series) -> pd.DataFrame:
    """Return the child cases of DUBU."""
    return pd.DataFrame(
        {
            "Sag rækkeID": case_ids(cases.index),
            "Barnets CPR nummer": cases["person"].map(cpr),
            "Sagstype": cases["kind"],
            "Lovhjemmel": cases["kind"].map(SECTIONS),
            "Oprettet dato": cases["start"],
            "Afsluttet dato": cases["end"],
            "Sag status": np.where(cases["end"].isna(), "Åben", "Lukket"),
            "Afdeling": np.where(cases["kind"] == "Handicapsag", "Børnehandicap", "Familieafdelingen"),
        }
    )


def case_ids(index) -> list[str]:
    """Return case numbers of seven digits."""
    return [str(4_100_000 + int(number)) for number in index]


def measure_export(measures: pd.DataFrame, cases: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the measures of DUBU; the child is found through the case."""
    spec = measures["kind"].map(CHILD_TYPES)
    monthly = (spec.map(lambda item: item[0]) * measures["factor"]).round(0)
    daily = (monthly * 12 / 365).round(2)
    case = cases.loc[measures["case"]]
    last = measures["end"].fillna(pd.Timestamp("2025-12-31"))
    days = (last - measures["start"]).dt.days + 1
    offer = spec.map(lambda item: item[2])
    outside = (offer == "Anbringelse") | (measures["factor"] > 1)
    home = scenario.name.removesuffix(" Kommune")
    return pd.DataFrame(
        {
            "Dato": measures["start"],
            "Ydelse startdato": measures["start"],
            "Ydelse slutdato": measures["end"],
            "Antal": 1,
            "Takst": "Måned",
            "Pris pr stk": monthly,
            "Pris pr dag": daily,
            "Pris pr måned": monthly,
            "Beregnet pris pr dag": daily,
            "Beregnet total": (daily * days).round(2),
            "Status": np.where(measures["end"].isna(), "Aktiv", "Afsluttet"),
            "Ydelsesvariant": "Standard",
            "Ydelsestype": measures["kind"],
            "Tilbudstype": offer,
            "Lovhjemmel": spec.map(lambda item: item[1]),
            "Funktion": np.where(offer == "Anbringelse", "Anbringelse", "Forebyggelse"),
            "Leverandør": np.where(outside, "Ekstern leverandør", "Kommunens familiecenter"),
            "Leverandør beliggenhedskommune": np.where(outside, "Anden kommune", home),
            "Tilbudsbeskrivelse": measures["kind"],
            "Frekvens": "Månedlig",
            "Sag rækkeID": case_ids(measures["case"]),
            "Sag status": np.where(case["end"].isna(), "Åben", "Lukket"),
            "Sagstype": case["kind"].to_numpy(),
            "Tvang": "N",
            "Afdeling": "Familieafdelingen",
        }
    )


def sofus_export(sofus: pd.DataFrame, cpr: pd.Series) -> pd.DataFrame:
    """Return the measures that the municipality's own family treatment carries out."""
    ended = sofus["end"].notna()
    return pd.DataFrame(
        {
            "Henvisningsdato": sofus["referred"],
            "Dato for match": sofus["match"],
            "Iværksættelsesdato": sofus["start"],
            "Stopdato": sofus["end"],
            "Sidst gældende antal ugentlige timer": sofus["hours"],
            "Indsats ID": [f"S{50_000 + number}" for number in sofus.index],
            "Indsatstype": sofus["kind"],
            "Barn/ung ID": sofus["person"].map(cpr),
            "udførerområde": "Familiehuset",
            "Teamleder/Koordinator": [f"Team {1 + number % 3}" for number in sofus.index],
            "Årsag til ophør": np.where(ended, "Målet er nået", ""),
            "status": np.where(ended, "Afsluttet", "Aktiv"),
        }
    )


def sensum_export(adult: pd.DataFrame, cpr: pd.Series) -> pd.DataFrame:
    """Return the measures of adult social care, treatment and housing advice."""
    ended = adult["end"].notna()
    status = np.where(ended, "Afsluttet", "Igangværende")
    return pd.DataFrame(
        {
            "CPR": adult["person"].map(cpr),
            "IndsatsStartDato": adult["start"],
            "IndsatsSlutDato": adult["end"],
            "OprettetDato": adult["created"],
            "IndsatsStatus": status,
            "Indsats": adult["kind"],
            "SagNavn": adult["kind"],
            "SagType": "Voksensag",
            "Status": status,
            "PrimærAnsvarlig": [f"Sagsbehandler {1 + number % 8}" for number in adult.index],
            "Akut": "Nej",
            "AfslutningsÅrsag": np.where(ended, "Indsatsen er gennemført", ""),
            "Facet": adult["facet"],
            "LeverandørIndsats": adult["kind"],
            "Tilbud": np.where(adult["facet"] == "Sundhed", "Behandlingscentret", "Socialt Center"),
            "LeverandørNavn": np.where(adult["facet"] == "Sundhed", "Behandlingscentret", "Kommunens bostøtte"),
        }
    )


def payment_exports(payments: pd.DataFrame, cpr: pd.Series, scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Return the benefit payments by week, one file a year."""
    payments = payments.sort_values(["week", "person"], kind="stable")
    table = pd.DataFrame(
        {
            "CPR nummer": payments["person"].map(cpr),
            "Uge": payments["week"],
            "Beregnet udbetalingsbeløb": payments["paid"],
            "Refusionsbeløb": payments["refund"],
            "Medfinansieringsbeløb": payments["cofinance"],
            "Total": payments["total"],
            "Refusion": payments["refund_rate"],
            "Medfinansiering": payments["cofinance_rate"],
            "Ydelse": payments["benefit"],
            "Finansiering Kommunenavn": scenario.name.removesuffix(" Kommune"),
        }
    )
    years = payments["year"].to_numpy()
    return {f"ydelsesrefusion_{year}": table[years == year].reset_index(drop=True) for year in (2023, 2024, 2025)}


def _month_texts(numbers: pd.Series) -> np.ndarray:
    return np.array([f"{month:%Y-%m}" for month in MONTHS], dtype=object)[numbers.to_numpy()]


def work_export(work: pd.DataFrame, cpr: pd.Series) -> pd.DataFrame:
    """Return paid hours and education by month."""
    work = work.sort_values(["month", "person"], kind="stable")
    return pd.DataFrame(
        {
            "CPR nummer": work["person"].map(cpr),
            "Måned": _month_texts(work["month"]),
            "Løntimer": work["hours"],
            "Under uddannelse": np.where(work["learns"], "J", "N"),
        }
    ).reset_index(drop=True)


def job_export(job: pd.DataFrame, cpr: pd.Series) -> pd.DataFrame:
    """Return the job centre's measures."""
    job = job.sort_values(["start", "person"], kind="stable").reset_index(drop=True)
    return pd.DataFrame(
        {
            "CPR nummer": job["person"].map(cpr),
            "Indsats ID": [f"J{70_000 + number}" for number in job.index],
            "Indsats": job["kind"],
            "Startdato": job["start"],
            "Slutdato": job["end"],
            "Virksomhedsrettet": job["is_work"],
            "Timer pr. uge": job["hours"],
        }
    )


def absence_export(absence: pd.DataFrame, cpr: pd.Series) -> pd.DataFrame:
    """Return school absence by month, in days."""
    absence = absence.sort_values(["month", "person"], kind="stable")
    return pd.DataFrame(
        {
            "CPR nummer": absence["person"].map(cpr),
            "Måned": _month_texts(absence["month"]),
            "Skoledage": absence["days"],
            "Sygefravær": absence["sick"],
            "Fravær med tilladelse": absence["permitted"],
            "Ulovligt fravær": absence["unlawful"],
            "Skole": absence["school"],
        }
    ).reset_index(drop=True)
