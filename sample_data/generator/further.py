"""Small exports beyond the usual ones: day care, leisure, health, housing, and figures in the shape of statistics."""

import numpy as np
import pandas as pd

from generator.periods import MONTHS, WEEK_CODES, WEEK_MONTHS
from generator.population import Population
from generator.scenarios import Scenario

#: The benefits of the statistic by quarter, as that table and as the payments name them.
QUARTERLY = {
    "Sygedagpenge mv.": "Sygedagpenge",
    "Ressourceforløb": "Ressourceforløbsydelse",
    "Jobafklaringsforløb": "Jobafklaringsydelse",
    "Ledighedsydelse": "Ledighedsydelse",
}
#: Municipalities whose figures are invented beside the municipality's own, so that it can be held up against others.
ELSEWHERE = (
    "Allerød", "Ballerup", "Egedal", "Frederikssund", "Gladsaxe", "Glostrup", "Greve", "Halsnæs", "Herlev", "Hvidovre",
    "Høje-Taastrup", "Ishøj", "Køge", "Lejre", "Middelfart", "Nordfyns", "Nyborg", "Rudersdal", "Solrød", "Svendborg",
)  # fmt: skip
_SPORTS = ("Fodbold", "Håndbold", "Spejder", "Svømning", "Musikskole", "Dans")
_COURSES = ("Samtaler i psykiatrien", "Misbrugsbehandling", "Smerteklinik")
_CIRCUMSTANCES = ("Husleje i restance", "Overbelagt bolig", "Midlertidig bolig")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def further_exports(
    population: Population, courses: pd.DataFrame, payments: pd.DataFrame, scenario: Scenario, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Return the further exports by file stem; persons are those of the families that were ever enrolled."""
    started = courses.loc[courses["start"].notna(), "family"]
    person = population.person[population.person["family"].isin(started)]
    children, adults = person[person["role"] == "child"], person[person["role"] == "adult"]
    months = np.arange(24, 36)
    monthly = _recipients(payments)
    home = scenario.name.removesuffix(" Kommune")
    return {
        "dagtilbud": _day_care(children, np.arange(len(MONTHS)), rng),
        "fritid": _leisure(children, months, rng),
        "sundhed": _spells(adults, "Forløb", _COURSES, 12, rng),
        "bolig": _spells(adults, "Boligforhold", _CIRCUMSTANCES, 8, rng),
        "jobindsats_Y36A02": _by_month(monthly["Kontanthjælp"], home, rng),
        "statbank_auk01": _by_quarter(monthly, home, rng),
    }


def _aged(children: pd.DataFrame, months: np.ndarray, low: float, high: float) -> pd.DataFrame:
    """Return one row per child and month in which the child's age lies within the limits."""
    rows = children[["cpr", "birth"]].merge(pd.DataFrame({"month": months}), how="cross")
    age = (MONTHS[rows["month"].to_numpy()] - pd.DatetimeIndex(rows["birth"])).days / 365.25
    return rows[(age >= low) & (age < high)].sort_values(["month", "cpr"], kind="stable").reset_index(drop=True)


def _month_texts(months: pd.Series) -> list[str]:
    return [f"{MONTHS[month]:%Y-%m}" for month in months]


def _day_care(children: pd.DataFrame, months: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    rows = _aged(children, months, 1, 6)
    is_enrolled = rng.random(len(rows)) < 0.9
    return pd.DataFrame(
        {
            "CPR nummer": rows["cpr"],
            "Måned": _month_texts(rows["month"]),
            "Indskrevet": np.where(is_enrolled, "J", "N"),
            "Fraværsdage": np.where(is_enrolled, rng.poisson(1.8, len(rows)), 0),
        }
    )


def _leisure(children: pd.DataFrame, months: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    rows = _aged(children, months, 6, 18)
    order = pd.factorize(rows["cpr"])[0]
    has, works = (rng.random(order.max() + 1)[order] < share for share in (0.45, 0.15))
    is_old = (MONTHS[rows["month"].to_numpy()] - pd.DatetimeIndex(rows["birth"])).days / 365.25 >= 13
    sport = np.array(_SPORTS, dtype=object)[order % len(_SPORTS)]
    return pd.DataFrame(
        {
            "CPR nummer": rows["cpr"],
            "Måned": _month_texts(rows["month"]),
            "Aktivitet": np.where(has, sport, ""),
            "Fast fritidsaktivitet": np.where(has, "J", "N"),
            "Fritidsjob": np.where(works & is_old, "J", "N"),
        }
    )


def _spells(
    adults: pd.DataFrame, heading: str, kinds: tuple[str, ...], n: int, rng: np.random.Generator
) -> pd.DataFrame:
    n = min(n, len(adults))
    chosen = adults["cpr"].iloc[np.sort(rng.choice(len(adults), n, replace=False))]
    start = MONTHS[rng.integers(0, 30, n)] + pd.to_timedelta(rng.integers(0, 28, n), unit="D")
    end = pd.Series(start + pd.to_timedelta(rng.integers(40, 180, n), unit="D")).where(rng.random(n) < 0.6)
    return pd.DataFrame(
        {
            "CPR nummer": chosen.to_numpy(),
            heading: np.array(kinds, dtype=object)[rng.integers(0, len(kinds), n)],
            "Startdato": start,
            "Slutdato": end.to_numpy(),
        }
    )


def _recipients(payments: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return how many persons were paid each benefit in each month of the data."""
    month = payments["week"].map(dict(zip(WEEK_CODES, WEEK_MONTHS, strict=True)))
    rows = payments.assign(month=month).drop_duplicates(["person", "benefit", "month"])
    counts = rows.groupby(["benefit", "month"]).size()
    names = ["Kontanthjælp", *QUARTERLY.values()]
    return {
        name: counts.get(name, pd.Series(dtype="int64")).reindex(range(36), fill_value=0).to_numpy() for name in names
    }


def _by_month(counts: np.ndarray, home: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return a table in the shape of Jobindsats; the numbers of other municipalities and the country are invented."""
    own = np.maximum(counts + rng.integers(-2, 3, 36), 0)
    periods = [f"{_MONTH_NAMES[month.month - 1]} {month.year}" for month in MONTHS]
    parts = [
        pd.DataFrame(
            {"Periode": periods, "Område": area, "Antal personer": n, "Antal fuldtidspersoner": (n * 0.9).round(0)}
        )
        for area, n in ((home, own), ("Hele landet", own * 1000), *_elsewhere(own, home).items())
    ]
    return pd.concat(parts, ignore_index=True)


def _elsewhere(own: np.ndarray, home: str) -> dict[str, np.ndarray]:
    """Return invented recipients by month in other municipalities: each its own size, trend and waves, no effort."""
    rng = np.random.default_rng([len(home), *home.encode()])  # apart: it leaves the other draws as they are
    found = {}
    for area in ELSEWHERE:
        drift = rng.uniform(-0.012, 0.006) * np.arange(len(own))
        waves = np.cumsum(rng.normal(0, 0.012, len(own))) + rng.normal(0, 0.01, len(own))
        found[area] = np.maximum((own.mean() * rng.uniform(0.8, 4) * np.exp(drift + waves)).round(0), 10)
    return {area: n for area, n in found.items() if area != home}


def _by_quarter(monthly: dict[str, np.ndarray], home: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return a table in the shape of the StatBank's AUK01, full-time persons by quarter."""
    quarters = [f"{2023 + i // 4}Q{i % 4 + 1}" for i in range(12)]
    parts = [
        pd.DataFrame(
            {
                "OMRÅDE": home,
                "YDELSESTYPE": name,
                "KØN": "I alt",
                "ALDER": "Alder i alt",
                "TID": quarters,
                "INDHOLD": (monthly[benefit].reshape(12, 3).mean(axis=1) * 0.95 + rng.random(12)).round(0),
            }
        )
        for name, benefit in QUARTERLY.items()
    ]
    return pd.concat(parts, ignore_index=True)
