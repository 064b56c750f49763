"""A municipality of 40,000 residents with 36 months of weekly benefits, school absence and paid hours.

Sizes are those of a real one of that size: about a quarter of the adults of working age get a benefit in a week, every
pupil has a row a month, most adults of working age one too. About one row in a hundred has a fault of some kind.
Nobody in it exists.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import xlsxwriter

from helhed.intake.exports.preset import presets
from large.writing import amounts, chosen, days, with_faults, write_csv

#: Shares of the residents: recipients and workers at some time, cases; adults' households are the rest.
RESIDENTS = 40_000
RECIPIENTS, WORKING, CASES = 0.21, 0.55, 0.1
FAMILIES, COUPLES = 0.115, 0.19
FIRST, LAST = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-12-31")
MONTHS = pd.date_range(FIRST, LAST, freq="MS")
#: Benefit, weekly amount in hundredths, refund in per cent.
BENEFITS = (
    ("Kontanthjælp", 310_000, 30),
    ("Uddannelseshjælp", 180_000, 30),
    ("Sygedagpenge", 465_000, 40),
    ("A-dagpenge", 480_000, 40),
    ("Ressourceforløbsydelse", 305_000, 20),
    ("Førtidspension", 490_000, 20),
)
_FAULTY = 0.001


@dataclass(frozen=True)
class People:
    """The residents, one place of each array per person; a parent who is not known has number -1."""

    cpr: np.ndarray
    born: np.ndarray
    is_man: np.ndarray
    home: np.ndarray
    mother: np.ndarray
    father: np.ndarray

    def aged(self, lowest: float, highest: float) -> np.ndarray:
        """Return the numbers of the persons between two ages in the middle of the period."""
        years = (np.datetime64("2024-07-01") - self.born).astype("int64") / 365.25
        return np.flatnonzero((years >= lowest) & (years < highest))


def write_town(folder: Path, seed: int, size: float) -> None:
    """Write the folder of a municipality: exports, blank decisions, profile and key; ``size`` scales its residents."""
    rng = np.random.default_rng(seed)
    people = _people(int(RESIDENTS * size), rng)
    recipients = rng.choice(people.aged(18, 66), int(RECIPIENTS * len(people.cpr)), replace=False)
    exports = folder / "exports"
    exports.mkdir(parents=True)
    for name, columns in {
        "folkeregister": _register(people, rng),
        "dubu_sager": _cases(people, rng),
        "beskaeftigelse": _work(people, recipients, rng),
        "skolefravaer": _absence(people, rng),
        **_payments(people, recipients, rng),
    }.items():
        write_csv(columns, exports / f"{name}.csv", "utf-8")
    _write_decisions(folder / "decisions.xlsx")
    (folder / "key").write_text("5a" * 32, encoding="ascii")
    (folder / "profile.yml").write_text(_PROFILE, encoding="utf-8")


_PROFILE = f"""\
name: Prøveby Kommune
municipality_code: "0190"
model: furesoe
is_synthetic: true
settings:
  data.from_date: {FIRST:%Y-%m-%d}
  data.to_date: {LAST:%Y-%m-%d}
  data.encoding: utf-8
  data.key_file: key
  project.start_date: 2023-09-01
"""


def _people(n: int, rng: np.random.Generator) -> People:
    """Return families with one or two adults, couples, and persons who live alone."""
    n_families, n_couples = int(FAMILIES * n), int(COUPLES * n)
    n_adults, n_children = 1 + (rng.random(n_families) < 0.7), 1 + rng.binomial(4, 0.2, n_families)
    first = np.concatenate([[0], np.cumsum(n_adults)[:-1]])
    of_child = np.repeat(np.arange(n_families), n_children)
    n_single = n - n_adults.sum() - len(of_child) - 2 * n_couples
    home = np.concatenate(
        [
            np.repeat(np.arange(n_families), n_adults),
            of_child,
            n_families + np.repeat(np.arange(n_couples), 2),
            n_families + n_couples + np.arange(n_single),
        ]
    )
    mother, father = np.full(n, -1), np.full(n, -1)
    children = n_adults.sum() + np.arange(len(of_child))
    mother[children] = first[of_child]
    father[children] = np.where(n_adults[of_child] == 2, first[of_child] + 1, -1)
    age_days = rng.integers(20 * 365, 90 * 365, n)
    age_days[: n_adults.sum()] = rng.integers(26 * 365, 50 * 365, n_adults.sum())
    age_days[children] = rng.integers(200, 18 * 365, len(children))
    born = np.datetime64("2025-12-01") - age_days
    is_man = rng.random(n) < 0.5
    is_man[mother[mother >= 0]], is_man[father[father >= 0]] = False, True
    return People(_numbers(born, is_man), born, is_man, home, mother, father)


def _numbers(born: np.ndarray, is_man: np.ndarray) -> np.ndarray:
    """Return invented numbers in the shape of the samples: 20 added to the month, odd for men, digit 7 by century."""
    date = pd.Series(born)
    serial = (date.groupby(date).cumcount() * 37 + 11).to_numpy() * 2 + is_man
    day, month, year = (getattr(date.dt, part).astype("int64") for part in ("day", "month", "year"))
    last = np.where(year >= 2000, 4000 + serial % 6000, serial % 4000)
    head = day * 10_000 + (month + 20) * 100 + year % 100
    return (head * 10_000 + last).astype("str").str.zfill(10).to_numpy(dtype=object)


def _register(people: People, rng: np.random.Generator) -> dict[str, pa.Array]:
    n = len(people.cpr)
    mother, father = _parent(people, people.mother), _parent(people, people.father)
    both = [",".join(filter(None, pair)) for pair in zip(mother, father, strict=True)]
    moved_in = people.born + (rng.random(n) * 0.6 * (np.datetime64("2025-12-31") - people.born)).astype(int)
    nothing = pa.array([""] * n)
    return {
        "CPR nummer": pa.array(people.cpr),
        "Fødselsdato": with_faults(days(people.born), "31-02-2001", _FAULTY, rng),
        "Køn": chosen(["K", "M"], people.is_man.astype(int)),
        "Adresse-id": pa.array(people.home + 1_000_000).cast(pa.string()),
        "Distrikt": chosen(["Nord", "Syd", "Øst", "Vest"], people.home % 4),
        "Mors CPR nummer": pa.array(mother),
        "Fars CPR nummer": pa.array(father),
        "Forældremyndighed": pa.array(both),
        "Oprindelse": chosen(["Dansk", "Vestlig", "Ikke-vestlig"], rng.choice(3, n, p=[0.84, 0.06, 0.1])),
        "Tilflytningsdato": days(moved_in),
        "Fraflytningsdato": nothing,
        "Delt bopæl adresse-id": nothing,
    }


def _parent(people: People, numbers: np.ndarray) -> np.ndarray:
    return np.where(numbers >= 0, people.cpr[numbers], "")


def _cases(people: People, rng: np.random.Generator) -> dict[str, pa.Array]:
    n = int(CASES * len(people.cpr))
    children = rng.choice(people.aged(1, 17), n)
    start = FIRST.to_datetime64().astype("datetime64[D]") + rng.integers(0, 1000, n)
    is_closed = rng.random(n) < 0.6
    end = np.where(is_closed, start + rng.integers(-2, 300, n), np.datetime64("NaT"))
    kinds = ["Underretning", "Screening", "Børnefaglig undersøgelse", "Barnets plan"]
    return {
        "Sag rækkeID": pa.array(4_000_000 + np.arange(n)).cast(pa.string()),
        "Barnets CPR nummer": _known(people, children, rng),
        "Sagstype": chosen(kinds, rng.integers(0, 4, n)),
        "Lovhjemmel": chosen(["Barnets lov § 91", "Barnets lov § 20"], rng.integers(0, 2, n)),
        "Oprettet dato": days(start),
        "Afsluttet dato": days(end),
        "Sag status": chosen(["Åben", "Lukket"], is_closed.astype(int)),
        "Afdeling": chosen(["Familieafdelingen"], np.zeros(n, dtype=int)),
    }


def _known(people: People, numbers: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Return the persons' numbers; a few are wrong and a few belong to somebody outside the register."""
    texts = with_faults(pa.array(people.cpr[numbers]), "9999999999", _FAULTY, rng)
    return with_faults(texts, "0121850001", 2 * _FAULTY, rng)


def _work(people: People, recipients: np.ndarray, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Return paid hours by month; few of those who get a benefit have any."""
    n = int(WORKING * len(people.cpr))
    workers = rng.choice(people.aged(20, 67), n, replace=False)
    usual = rng.choice([0, 6000, 8000, 13000, 16033], n, p=[0.1, 0.1, 0.1, 0.2, 0.5])
    usual[np.isin(workers, recipients) & (rng.random(n) < 0.95)] = 0
    month = np.repeat(np.arange(len(MONTHS)), n)
    hours = np.tile(usual, len(MONTHS))
    hours += np.where(hours > 0, 50 * rng.integers(0, 20, len(month)), 0)
    return {
        "CPR nummer": _known(people, np.tile(workers, len(MONTHS)), rng),
        "Måned": with_faults(_months(month), "2023-13", _FAULTY, rng),
        "Løntimer": with_faults(amounts(hours), "160.5", _FAULTY, rng),
        "Under uddannelse": chosen(["N", "J"], (rng.random(len(month)) < 0.06).astype(int)),
    }


def _months(places: np.ndarray) -> pa.Array:
    return chosen([f"{month:%Y-%m}" for month in MONTHS], places)


def _absence(people: People, rng: np.random.Generator) -> dict[str, pa.Array]:
    pupils = people.aged(6.5, 16)
    at_school = np.flatnonzero(MONTHS.month != 7)
    month, n = np.repeat(at_school, len(pupils)), len(at_school) * len(pupils)
    school_days = rng.integers(15, 23, len(MONTHS))[month]
    sick, permitted, unlawful = (rng.binomial(school_days, share) for share in (0.04, 0.01, 0.01))
    return {
        "CPR nummer": _known(people, np.tile(pupils, len(at_school)), rng),
        "Måned": _months(month),
        "Skoledage": with_faults(pa.array(school_days).cast(pa.string()), "40", _FAULTY, rng),
        "Sygefravær": with_faults(pa.array(sick).cast(pa.string()), "", _FAULTY, rng),
        "Fravær med tilladelse": amounts(50 * permitted),
        "Ulovligt fravær": pa.array(np.where(rng.random(n) < _FAULTY, 25, unlawful)).cast(pa.string()),
        "Skole": chosen(["Birkeskolen", "Åskolen", "Engskolen"], np.tile(pupils, len(at_school)) % 3),
    }


def _payments(people: People, recipients: np.ndarray, rng: np.random.Generator) -> dict[str, dict[str, pa.Array]]:
    """Return one file a year; most recipients are there in nearly all weeks, and some payments stand there twice."""
    n = len(recipients)
    mondays = pd.date_range("2023-01-02", LAST, freq="W-MON")
    first, length = rng.integers(-100, 60, n), rng.integers(60, 300, n)
    week, place = np.divmod(np.arange(len(mondays) * n), n)
    is_paid = (week >= first[place]) & (week < first[place] + length[place]) & (rng.random(len(week)) > 0.01)
    rows = np.repeat(np.flatnonzero(is_paid), 1 + (rng.random(is_paid.sum()) < 0.002))
    week, place = week[rows], place[rows]
    benefit = rng.integers(0, len(BENEFITS), n)[place]
    benefit = np.where(rng.random(len(rows)) < 0.003, (benefit + 1) % len(BENEFITS), benefit)
    weekly, rate = (np.array([row[i] for row in BENEFITS])[benefit] for i in (1, 2))
    paid = (weekly * rng.uniform(0.6, 1.2, n)[place]).astype("int64")
    refund = paid * rate // 100
    year = mondays.year.to_numpy()[week]
    weeks = [f"{iso.year}{iso.week:02d}" for iso in mondays.isocalendar().itertuples()]
    columns = {
        "CPR nummer": _known(people, recipients[place], rng),
        "Uge": with_faults(chosen(weeks, week), "202399", _FAULTY, rng),
        "Beregnet udbetalingsbeløb": with_faults(amounts(paid), "-5,00", _FAULTY, rng),
        "Refusionsbeløb": amounts(refund),
        "Medfinansieringsbeløb": amounts(paid - refund),
        "Total": amounts(paid),
        "Refusion": pa.array(rate).cast(pa.string()),
        "Medfinansiering": pa.array(100 - rate).cast(pa.string()),
        "Ydelse": with_faults(chosen([row[0] for row in BENEFITS], benefit), "Ukendt ydelse", _FAULTY, rng),
        "Finansiering Kommunenavn": chosen(["Prøveby"], np.zeros(len(rows), dtype=int)),
    }
    of_year = {y: pa.array(np.flatnonzero(year == y)) for y in range(FIRST.year, LAST.year + 1)}
    return {
        f"ydelsesrefusion_{y}": {name: column.take(places) for name, column in columns.items()}
        for y, places in of_year.items()
    }


def _write_decisions(file: Path) -> None:
    with xlsxwriter.Workbook(file) as book:
        for preset in presets().values():
            if preset.workbook:
                book.add_worksheet(preset.sheet).write_row(0, 0, [heading.heading for heading in preset.columns])
