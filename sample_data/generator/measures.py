"""Measures: DUBU (children, with price), Sofus (own family treatment), Sensum (adults) and the job centre's."""

import numpy as np
import pandas as pd

from generator.outcomes import Outcomes
from generator.periods import LAST_DAY, WEEKS, month_day
from generator.population import Population
from generator.scenarios import Scenario

#: Type: kroner a month, section, kind of offer. Foster care 470,000 and residential 1,160,000 kr. a year are the
#: published unit costs of 2019; the other prices are invented.
CHILD_TYPES = {
    "Fast kontaktperson": (9_500, "Barnets lov § 32, stk. 1, nr. 3", "Forebyggende"),
    "Familiebehandling": (14_500, "Barnets lov § 32, stk. 1, nr. 5", "Forebyggende"),
    "Støtte i hjemmet": (11_000, "Barnets lov § 32, stk. 1, nr. 2", "Forebyggende"),
    "Aflastning": (8_500, "Barnets lov § 32, stk. 1, nr. 7", "Forebyggende"),
    "Ophold i dagtilbud eller fritidstilbud": (3_500, "Barnets lov § 32, stk. 1, nr. 1", "Forebyggende"),
    "Plejefamilie": (39_167, "", "Anbringelse"),
    "Opholdssted": (96_667, "", "Anbringelse"),
    "Døgninstitution": (96_667, "", "Anbringelse"),
}
_PREVENTIVE = list(CHILD_TYPES)[:5]
_SHARES = [0.3, 0.17, 0.23, 0.18, 0.12]
SOFUS_TYPES = ("Familiebehandling", "Praktisk pædagogisk støtte", "Kontaktperson for hele familien", "Forældrekursus")
ADULT_TYPES = {
    "Socialpædagogisk støtte": "Voksensocial",
    "Bostøtte": "Voksensocial",
    "Mentor": "Voksensocial",
    "Misbrugsbehandling": "Sundhed",
    "Psykiatrisk behandling": "Sundhed",
    "Boligsocial rådgivning": "Bolig",
}
JOB_TYPES = {
    "Virksomhedspraktik": ("J", 25),
    "Løntilskud": ("J", 30),
    "Nyttejob": ("J", 20),
    "Vejledning og opkvalificering": ("N", 22),
    "Mentorstøtte": ("N", 3),
    "Jobsamtaleforløb": ("N", 2),
}
_NOT_WORK = ["Vejledning og opkvalificering", "Mentorstøtte", "Jobsamtaleforløb"]


def _days(rng: np.random.Generator, low: int, high: int) -> pd.Timedelta:
    return pd.Timedelta(days=int(rng.integers(low, high)))


def make_child_measures(
    population: Population,
    cases: pd.DataFrame,
    courses: pd.DataFrame,
    outcomes: Outcomes,
    scenario: Scenario,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return DUBU measures: ``case``, ``kind``, ``start``, ``end`` (missing while it runs), ``factor`` on the price."""
    plans = cases[cases["kind"].isin(["Barnets plan", "Ungeplan", "Handicapsag"])]
    owner = population.person["family"].reindex(plans["person"]).to_numpy()
    is_enrolled = np.isin(owner, courses.loc[courses["start"].notna(), "family"])
    background = _background_measures(plans[~is_enrolled], population, rng)
    enrolled = _enrolled_measures(plans[is_enrolled], population, courses, outcomes, scenario, rng)
    table = pd.concat([background, enrolled], ignore_index=True)
    table["factor"] = rng.choice([0.85, 0.95, 1.0, 1.0, 1.05, 1.2], len(table))
    table["end"] = table["end"].where(table["end"] <= LAST_DAY)
    return table[table["start"] <= LAST_DAY].reset_index(drop=True)


def _background_measures(plans: pd.DataFrame, population: Population, rng: np.random.Generator) -> pd.DataFrame:
    group = population.family["group"].reindex(population.person["family"].reindex(plans["person"])).to_numpy()
    heavy = group == "offered"
    n_each = np.where(heavy, 1 + rng.poisson(1.2, len(plans)), rng.poisson(0.75, len(plans)))
    row = np.repeat(np.arange(len(plans)), n_each)
    start = plans["start"].to_numpy()[row] + rng.integers(5, 120, len(row)) * np.timedelta64(1, "D")
    length = (60 + rng.exponential(300, len(row))).astype(int) * np.timedelta64(1, "D")
    limit = plans["end"].fillna(pd.Timestamp("2030-01-01")).to_numpy()[row]
    kind = np.where(rng.random(len(row)) < 0.025, "Plejefamilie", rng.choice(_PREVENTIVE, len(row), p=_SHARES))
    kind = np.where(rng.random(len(row)) < 0.006, "Opholdssted", kind)
    is_placed = (kind == "Plejefamilie") | (kind == "Opholdssted")
    end = np.where(is_placed, limit, np.minimum(start + length, limit))
    table = pd.DataFrame({"case": plans.index.to_numpy()[row], "kind": kind, "start": start, "end": end})
    return table[(table["end"] > table["start"] + pd.Timedelta(days=20)) & (table["end"] >= pd.Timestamp("2023-01-01"))]


def _enrolled_measures(
    plans: pd.DataFrame,
    population: Population,
    courses: pd.DataFrame,
    outcomes: Outcomes,
    scenario: Scenario,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return a steady measure per case child, some more from the start, and a rise before a parent's progress."""
    started = courses[courses["start"].notna()].set_index("family")["start"]
    events = _progress_by_family(population, outcomes)
    ramped: set[int] = set()
    rows = []
    for case, plan in plans.iterrows():
        owner = population.person.at[plan["person"], "family"]
        rows += _steady(case, plan, started[owner], plan["person"] in outcomes.foster_children, rng)
        if owner in events and owner not in ramped and scenario.schedule == "fill":
            rows += _ramp(case, plan, *events[owner])
            ramped.add(owner)
        elif rng.random() < scenario.extra_measures and owner not in events:
            rows.append(_extra(case, plan, started[owner], rng))
    return pd.DataFrame(rows, columns=["case", "kind", "start", "end"])


def _progress_by_family(population: Population, outcomes: Outcomes) -> dict[int, tuple[int, tuple]]:
    """Return the month around which spending rises and falls, and the steps of the rise.

    The month is that of the job or the education, else the month after the work practice began.
    """
    events = {}
    for number, month in outcomes.practice_month.items():
        events[int(population.person.at[number, "family"])] = (month + 1, _RAMP[1:])
    for number, month in outcomes.job_month.items():
        events[int(population.person.at[number, "family"])] = (month, _RAMP)
    return events


def _steady(case: int, plan: pd.Series, start: pd.Timestamp, is_foster: bool, rng: np.random.Generator) -> list[tuple]:
    begin = max(plan["start"] + _days(rng, 3, 30), start - pd.Timedelta(days=860))
    if is_foster:
        return [(case, "Plejefamilie", begin, plan["end"])]
    end = plan["end"] - _days(rng, 5, 60) if pd.notna(plan["end"]) else pd.NaT
    return [(case, str(rng.choice(_PREVENTIVE, p=_SHARES)), min(begin, start), end)]


def _extra(case: int, plan: pd.Series, start: pd.Timestamp, rng: np.random.Generator) -> tuple:
    begin = start + _days(rng, 10, 120)
    end = begin + _days(rng, 200, 420)
    latest = plan["end"] if pd.notna(plan["end"]) else pd.Timestamp("2030-01-01")
    return (
        case,
        str(rng.choice(["Støtte i hjemmet", "Familiebehandling", "Fast kontaktperson"])),
        begin,
        min(end, latest),
    )


#: Measures that come on before a parent's progress, with the months before it.
_RAMP = (
    ("Ophold i dagtilbud eller fritidstilbud", 5),
    ("Aflastning", 3),
    ("Ophold i dagtilbud eller fritidstilbud", 1),
)


def _ramp(case: int, plan: pd.Series, month: int, steps: tuple) -> list[tuple]:
    """Measures that come on one by one in the half-year before the progress and end soon after it."""
    limit = plan["end"] if pd.notna(plan["end"]) else pd.Timestamp("2030-01-01")
    end = min(month_day(month + 1, 20), limit)
    return [
        (case, kind, month_day(month - before, 2), end) for kind, before in steps if month_day(month - before) < end
    ]


def make_sofus(population: Population, cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return own family treatment: ``person``, ``kind``, dates of referral, match, start and stop, ``hours``."""
    plans = cases[cases["kind"].isin(["Barnets plan", "Ungeplan"])]
    group = population.family["group"].reindex(population.person["family"].reindex(plans["person"])).to_numpy()
    share = np.where(group == "enrolled", 0.35, np.where(group == "offered", 0.5, 0.28))
    plans = plans[rng.random(len(plans)) < share]
    n = len(plans)
    referred = plans["start"] + pd.to_timedelta(rng.integers(2, 60, n), unit="D")
    match = referred + pd.to_timedelta(rng.integers(2, 14, n), unit="D")
    start = match + pd.to_timedelta(rng.integers(2, 30, n), unit="D")
    end = start + pd.to_timedelta((80 + rng.exponential(260, n)).astype(int), unit="D")
    limit = plans["end"].fillna(pd.Timestamp("2030-01-01"))
    end = end.where(end < limit, limit - pd.Timedelta(days=3))
    table = pd.DataFrame(
        {
            "person": plans["person"],
            "kind": rng.choice(SOFUS_TYPES, n),
            "referred": referred,
            "match": match,
            "start": start,
            "end": end.where(end <= LAST_DAY),
            "hours": rng.choice([1.5, 2, 3, 4, 6], n),
        }
    )
    keep = (table["start"] <= LAST_DAY) & ~(end < start + pd.Timedelta(days=14)) & ~(end < pd.Timestamp("2023-01-01"))
    return table[keep].reset_index(drop=True)


def make_adult_measures(population: Population, rng: np.random.Generator) -> pd.DataFrame:
    """Return Sensum measures: ``person``, ``kind``, ``facet``, ``created``, ``start``, ``end``."""
    adults = population.members("adult")
    has = population.family["has_social"].reindex(adults["family"]).to_numpy()
    chosen = adults[has & ((adults["position"] == 0).to_numpy() | (rng.random(len(adults)) < 0.2))]
    row = np.repeat(chosen.index.to_numpy(), rng.choice([1, 2, 3], len(chosen), p=[0.6, 0.3, 0.1]))
    n = len(row)
    kind = rng.choice(list(ADULT_TYPES), n, p=[0.3, 0.12, 0.14, 0.14, 0.2, 0.1])
    start = pd.Timestamp("2022-03-01") + pd.to_timedelta(rng.integers(0, 1300, n), unit="D")
    end = start + pd.to_timedelta((60 + rng.exponential(420, n)).astype(int), unit="D")
    created = start - pd.to_timedelta(rng.integers(3, 40, n), unit="D")
    table = pd.DataFrame({"person": row, "kind": kind, "created": created, "start": start, "end": end})
    table["facet"] = table["kind"].map(ADULT_TYPES)
    table = table[table["end"] >= pd.Timestamp("2023-01-01")].drop_duplicates(["person", "kind", "start"])
    table["end"] = table["end"].where(table["end"] <= LAST_DAY)
    return table.reset_index(drop=True)


def make_job_measures(
    population: Population, spells: pd.DataFrame, outcomes: Outcomes, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the job centre's measures: ``person``, ``kind``, ``start``, ``end``, ``is_work``, ``hours``."""
    group = population.family["group"].reindex(population.person["family"].reindex(spells["person"])).to_numpy()
    is_job = spells["benefit"].isin(["Førtidspension", "Sygedagpenge", "Ledighedsydelse"]).to_numpy()
    low, high = spells["first"].clip(0, len(WEEKS) - 1), spells["last"].clip(0, len(WEEKS) - 1)
    length = (high - low).to_numpy()
    counts = rng.poisson(np.where(is_job, 0.1, 0.9) * length / 52)
    row = np.repeat(np.arange(len(spells)), counts)
    kinds = rng.choice(list(JOB_TYPES), len(row), p=[0.22, 0.06, 0.08, 0.34, 0.12, 0.18])
    kinds = np.where(group[row] == "enrolled", rng.choice(_NOT_WORK, len(row)), kinds)
    begin = low.to_numpy()[row] + (rng.random(len(row)) * np.maximum(length[row] - 4, 1)).astype(int)
    until = np.minimum(begin + rng.integers(6, 26, len(row)), spells["last"].to_numpy()[row])
    start = WEEKS[begin] + pd.to_timedelta(rng.integers(0, 4, len(row)), unit="D")
    end = pd.Timestamp("2023-01-08") + pd.to_timedelta(until * 7, unit="D")
    table = pd.DataFrame({"person": spells["person"].to_numpy()[row], "kind": kinds, "start": start, "end": end})
    table = pd.concat([table, _practice(outcomes, rng)], ignore_index=True)
    table = table[table["end"] > table["start"] + pd.Timedelta(days=13)]
    table["is_work"] = table["kind"].map(lambda kind: JOB_TYPES[kind][0])
    table["hours"] = table["kind"].map(lambda kind: JOB_TYPES[kind][1])
    table["end"] = table["end"].where(table["end"] <= LAST_DAY)
    return table[table["start"] <= LAST_DAY].reset_index(drop=True)


def _practice(outcomes: Outcomes, rng: np.random.Generator) -> pd.DataFrame:
    """Work practice of the enrolled parents, three to four months long."""
    rows = []
    for number, month in outcomes.practice_month.items():
        start = month_day(month, int(rng.integers(1, 12)))
        rows.append((number, "Virksomhedspraktik", start, start + _days(rng, 84, 110)))
    return pd.DataFrame(rows, columns=["person", "kind", "start", "end"])
