"""Benefits week by week and paid work month by month."""

import numpy as np
import pandas as pd

from generator.outcomes import Outcomes
from generator.periods import MONTHS, WEEK_CODES, WEEK_MONTHS, WEEK_YEARS, WEEKS, month_day, week_number
from generator.population import Population, age_at

#: Kroner a week in 2023 for a person with children, before the person's own factor. Invented, of the right order.
WEEKLY_DKK = {
    "Kontanthjælp": 3700,
    "Uddannelseshjælp": 3100,
    "Selvforsørgelses- og hjemrejseydelse": 2900,
    "Ressourceforløbsydelse": 3700,
    "Jobafklaringsydelse": 3700,
    "Sygedagpenge": 4400,
    "A-dagpenge": 4500,
    "Ledighedsydelse": 4000,
    "Førtidspension": 4900,
}
#: Mean length of a spell in weeks; invented.
MEAN_WEEKS = {
    "Kontanthjælp": 75,
    "Uddannelseshjælp": 60,
    "Selvforsørgelses- og hjemrejseydelse": 90,
    "Ressourceforløbsydelse": 110,
    "Jobafklaringsydelse": 60,
    "Sygedagpenge": 22,
    "A-dagpenge": 30,
    "Ledighedsydelse": 90,
    "Førtidspension": 5000,
}
_MIX_KNOWN = [0.29, 0, 0.05, 0.04, 0.04, 0.27, 0.23, 0.03, 0.05]
_MIX_CANDIDATE = [0.62, 0, 0.05, 0.05, 0.04, 0.11, 0.06, 0.02, 0.05]
N_WEEKS = len(WEEKS)


def make_spells(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, rng: np.random.Generator
) -> pd.DataFrame:
    """Return benefit spells: ``person``, ``benefit``, ``first``, ``last`` (week numbers, may begin before the data)."""
    background = _background_spells(population, rng)
    enrolled = _enrolled_spells(courses, population, outcomes, rng)
    return pd.concat([background, enrolled], ignore_index=True)


def _background_spells(population: Population, rng: np.random.Generator) -> pd.DataFrame:
    family, adults = population.family, population.members("adult")
    group = family["group"].reindex(adults["family"]).to_numpy()
    has = family["has_benefit"].reindex(adults["family"]).to_numpy() & (group != "enrolled")
    chosen = has & ((adults["position"] == 0).to_numpy() | (rng.random(len(adults)) < 0.25))
    adults, group = adults[chosen], group[chosen]
    n, is_close = len(adults), np.isin(group, ["candidate", "offered"])
    kinds = np.array(list(WEEKLY_DKK), dtype=object)
    benefit = np.where(is_close, rng.choice(kinds, n, p=_MIX_CANDIDATE), rng.choice(kinds, n, p=_MIX_KNOWN))
    is_young = (age_at(adults["birth"], pd.Timestamp("2024-01-01")) < 30).to_numpy()
    benefit = np.where((benefit == "Kontanthjælp") & is_young, "Uddannelseshjælp", benefit)
    mean = pd.Series(benefit).map(MEAN_WEEKS).to_numpy(dtype=float)
    lasts = (mean >= 60) | (group == "offered")
    before = rng.random(n) < np.where(is_close, 0.9, np.where(lasts, 0.7, 0.15))
    first = np.where(before, -rng.integers(1, 200, n), rng.integers(0, N_WEEKS - 6, n))
    mean = np.where(group == "offered", 900, np.where(group == "candidate", mean * 1.7, mean))
    length = 4 + rng.exponential(mean).astype(int)
    # A spell that began before the data lasts on from week 0: what is left does not depend on what has been.
    last = np.where(before, 0, first) + length
    one = pd.DataFrame({"person": adults.index, "benefit": benefit, "first": first, "last": last})
    return pd.concat([one, _second_spells(one, rng)], ignore_index=True)


def _second_spells(one: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Four of ten come back on a benefit after a while."""
    back = one[(one["last"] < N_WEEKS - 20) & (rng.random(len(one)) < 0.4)]
    first = back["last"] + 3 + rng.exponential(30, len(back)).astype(int)
    mean = np.minimum(back["benefit"].map(MEAN_WEEKS).to_numpy(dtype=float), 60)
    return back.assign(first=first, last=first + 3 + rng.exponential(mean).astype(int))


def _enrolled_spells(
    courses: pd.DataFrame, population: Population, outcomes: Outcomes, rng: np.random.Generator
) -> pd.DataFrame:
    started = courses[courses["start"].notna()].set_index("family")["start"]
    rows = []
    for number, benefit in outcomes.benefit.items():
        start = week_number(started[population.person.at[number, "family"]])
        first = -int(rng.integers(10, 300)) if rng.random() < 0.92 else start - int(rng.integers(30, 70))
        last = N_WEEKS + 50
        if number in outcomes.job_month:
            last = week_number(month_day(outcomes.job_month[number])) - 1
        rows.append({"person": number, "benefit": benefit, "first": first, "last": last})
    return pd.DataFrame(rows, columns=["person", "benefit", "first", "last"])


def make_payments(spells: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per person, benefit and week: amounts in kroner, refund rates in per cent."""
    inside = spells[(spells["first"] < N_WEEKS) & (spells["last"] >= 0)]
    low, high = inside["first"].clip(lower=0), inside["last"].clip(upper=N_WEEKS - 1)
    counts = (high - low + 1).clip(lower=0).to_numpy()
    row = np.repeat(np.arange(len(inside)), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    week = low.to_numpy()[row] + step
    spent = week - inside["first"].to_numpy()[row]
    rows = pd.DataFrame(
        {
            "person": inside["person"].to_numpy()[row],
            "week": WEEK_CODES[week],
            "year": WEEK_YEARS[week],
            "benefit": inside["benefit"].to_numpy()[row],
        }
    )
    factor = rng.choice([0.85, 1.0, 1.0, 1.0, 1.1, 1.2], len(inside))[row]
    growth = 1 + 0.033 * (rows["year"].to_numpy() - 2023)
    base = inside["benefit"].map(WEEKLY_DKK).to_numpy(dtype=float)[row]
    rows["paid"] = np.round(base * factor * growth, 0)
    rows["refund_rate"] = np.select([spent < 4, spent < 26, spent < 52], [80, 40, 30], 20)
    return _split_payer(rows)


def _split_payer(rows: pd.DataFrame) -> pd.DataFrame:
    """Split a payment between municipality and state; the municipality co-finances a-dagpenge paid by others."""
    is_fund = rows["benefit"] == "A-dagpenge"
    rate = rows["refund_rate"]
    rows["refund"] = (rows["paid"] * rate / 100).where(~is_fund, 0).round(2)
    rows["cofinance_rate"] = (100 - rate).where(is_fund, 0)
    rows["cofinance"] = (rows["paid"] * rows["cofinance_rate"] / 100).round(2)
    rows["refund_rate"] = rate.where(~is_fund, 0)
    rows["cofinance_rate"] = rows["cofinance_rate"].where(is_fund)
    rows["total"] = (rows["paid"] - rows["refund"]).where(~is_fund, rows["cofinance"])
    # Systems leave the columns empty that do not apply.
    rows["cofinance"] = rows["cofinance"].where(is_fund)
    return rows.sort_values(["person", "week"], kind="stable").drop_duplicates(["person", "week"])


def make_work(
    population: Population, spells: pd.DataFrame, outcomes: Outcomes, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per adult and month with paid hours or education: ``person``, ``month``, ``hours``, ``learns``."""
    adults = population.members("adult")
    on_benefit = _benefit_months(adults, spells)
    group = population.family["group"].reindex(adults["family"]).to_numpy()
    works = rng.random(len(adults)) < np.where(group == "ordinary", 0.94, 0.8)
    share = np.clip(rng.normal(0.92, 0.14, len(adults)), 0.4, 1.05)
    learns = ~works & (rng.random(len(adults)) < 0.25) | (works & (rng.random(len(adults)) < 0.04))
    position = pd.Series(np.arange(len(adults)), index=adults.index)
    active = ~on_benefit & (works | learns)[:, None]
    _enrolled_work(active, works, learns, position, group, outcomes)
    hours = np.round(160.33 * share[:, None] * rng.normal(1, 0.06, active.shape) * 2) / 2
    hours = np.where(works[:, None] & ~learns[:, None], hours, np.where(rng.random(active.shape) < 0.5, 0, 32.0))
    small = on_benefit & (group != "enrolled")[:, None] & (rng.random(on_benefit.shape) < 0.02)
    hours = np.where(small, np.round(rng.random(active.shape) * 24) + 4, hours)
    who, month = np.nonzero(active | small)
    rows = pd.DataFrame({"person": adults.index.to_numpy()[who], "month": month, "hours": hours[who, month]})
    rows["learns"] = learns[who] & active[who, month]
    return rows[(rows["hours"] > 0) | rows["learns"]]


def _benefit_months(adults: pd.DataFrame, spells: pd.DataFrame) -> np.ndarray:
    """Return adults by months: is any week of the month on a benefit."""
    position = pd.Series(np.arange(len(adults)), index=adults.index)
    grid = np.zeros((len(adults), len(MONTHS)), dtype=bool)
    inside = spells[(spells["first"] < N_WEEKS) & (spells["last"] >= 0)]
    low = WEEK_MONTHS[inside["first"].clip(0, N_WEEKS - 1)]
    high = WEEK_MONTHS[inside["last"].clip(0, N_WEEKS - 1)]
    for who, first, last in zip(position[inside["person"]], low, high, strict=True):
        grid[who, first : last + 1] = True
    return grid


def _enrolled_work(
    active: np.ndarray,
    works: np.ndarray,
    learns: np.ndarray,
    position: pd.Series,
    group: np.ndarray,
    outcomes: Outcomes,
) -> None:
    """Write the enrolled families' own courses into the adults-by-months grids."""
    active[group == "enrolled"] = False
    for number in outcomes.employed:
        active[position[number]] = works[position[number]] = True
        learns[position[number]] = False
    for number, month in outcomes.job_month.items():
        place = position[number]
        active[place, month:] = True
        learns[place] = number in outcomes.in_education
        works[place] = not learns[place]
