"""What each sample municipality is to look like: sizes, project dates and the courses the samples are calibrated to."""

import csv
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

TABLE = Path(__file__).resolve().parent.parent / "municipalities.csv"


@dataclass(frozen=True)
class Scenario:
    """One municipality to be invented.

    ``singles`` and ``couples`` give the adults of the enrolled families, ``child_counts`` how many of them have
    1, 2, 3 … children. ``absence`` is the enrolled children's share of days absent before and from nine months after
    the start, ``notifications`` their notifications per child and year before and after. ``n_newcomers`` families come
    to need help of two departments on the way. ``has_further`` adds the small exports of `generator.further`.
    """

    slug: str
    name: str
    code: str
    model: str
    seed: int
    districts: tuple[str, ...]
    project_start: pd.Timestamp
    schedule: str
    singles: int
    couples: int
    child_counts: tuple[int, ...]
    coordinators: tuple[tuple[str, float], ...]
    has_authority: bool
    encoding: str = "utf-8-sig"
    is_excel: bool = False
    n_candidates: int = 72
    n_known: int = 200
    n_ordinary: int = 60
    n_newcomers: int = 0
    n_declined: int = 4
    n_waiting: int = 4
    absence: tuple[float, float] = (0.17, 0.13)
    notifications: tuple[float, float] = (0.7, 0.45)
    job_share: float = 0.15
    extra_measures: float = 0.08
    who5: tuple[float, ...] = (46, 50, 53, 55, 56, 57)
    nonwestern_share: float = 0.3
    exits: dict = field(default_factory=dict)
    departures: dict[str, pd.Timestamp] = field(default_factory=dict)
    is_sample: bool = True
    has_further: bool = False

    @property
    def n_enrolled(self) -> int:
        """Return how many families are ever enrolled."""
        return self.singles + self.couples


_FURESOE = Scenario(
    slug="furesoe",
    name="Furesø Kommune",
    code="0190",
    model="furesoe",
    seed=190,
    districts=("Farum", "Værløse", "Hareskovby"),
    project_start=pd.Timestamp("2023-09-01"),
    schedule="wave",
    singles=13,
    couples=10,
    child_counts=(7, 8, 5, 2, 1),
    coordinators=(("K01", 37), ("K02", 37), ("K03", 32), ("K04", 30)),
    has_authority=False,
    absence=(0.19, 0.115),
    notifications=(1.0, 0.45),
    job_share=0.2,
    extra_measures=0.15,
    who5=(56, 41, 49, 49.5, 50, 50),
    n_known=215,
    n_newcomers=16,
    has_further=True,
)
_BROENDBY = Scenario(
    slug="broendby",
    name="Brøndby Kommune",
    code="0153",
    model="broendby",
    seed=153,
    districts=("Brøndbyøster", "Brøndbyvester", "Brøndby Strand"),
    project_start=pd.Timestamp("2023-04-01"),
    schedule="slots",
    singles=43,
    couples=25,
    child_counts=(21, 24, 14, 7, 2),
    coordinators=tuple(
        (f"K{number:02d}", hours) for number, hours in enumerate((8, 10, 7.5, 8, 12, 6, 8, 10, 8, 7.5), 1)
    ),
    has_authority=False,
    encoding="cp1252",
    departures={"K06": pd.Timestamp("2025-06-30")},
    nonwestern_share=0.4,
)
_ROEDOVRE = Scenario(
    slug="roedovre",
    name="Rødovre Kommune",
    code="0175",
    model="roedovre",
    seed=175,
    districts=("Rødovre Nord", "Rødovre Syd", "Islev"),
    project_start=pd.Timestamp("2023-01-01"),
    schedule="rolling",
    singles=39,
    couples=11,
    child_counts=(22, 19, 7, 2),
    coordinators=(("K01", 37), ("K02", 34), ("K03", 30), ("K04", 37)),
    has_authority=True,
    n_declined=7,
    n_waiting=6,
    n_newcomers=10,
    job_share=0.2,
    # The first 16 families have left again; the last 34 are 40 adults and 60 children.
    exits={
        "n_last": 34,
        "adults": ([1] * 11 + [2] * 5, [1] * 28 + [2] * 6),
        "children": ([1] * 7 + [2] * 6 + [3] * 2 + [4], [1] * 15 + [2] * 13 + [3] * 5 + [4]),
    },
)
_ASSENS = Scenario(
    slug="assens",
    name="Assens Kommune",
    code="0420",
    model="assens",
    seed=420,
    districts=("Assens", "Glamsbjerg", "Haarby", "Tommerup", "Vissenbjerg"),
    project_start=pd.Timestamp("2023-03-01"),
    schedule="fill",
    singles=18,
    couples=22,
    child_counts=(16, 18, 4, 2),
    coordinators=tuple((f"K{number:02d}", hours) for number, hours in enumerate((37, 37, 37, 34, 37, 32, 37, 37), 1)),
    has_authority=True,
    is_excel=True,
    nonwestern_share=0.1,
    n_candidates=72,
)
SAMPLES = {scenario.slug: scenario for scenario in (_FURESOE, _BROENDBY, _ROEDOVRE, _ASSENS)}

#: Families with children per resident; a little over 13 per cent, rounded. Own estimate.
FAMILIES_PER_RESIDENT = 0.133
#: Families with children known to a department, of all families with children. Own estimate.
SHARE_KNOWN = 0.13
#: Families that come to need two departments within two years, of the known families. Own estimate.
SHARE_NEWCOMERS = 0.05
#: No invented municipality is smaller than this number of families, however small the scale.
SMALLEST = 30


def municipalities() -> list[dict[str, str]]:
    """Return code, name, region and population of the 98 municipalities."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def slug_of(name: str) -> str:
    """Return a municipality's name as a folder name: small letters, æ ø å as ae oe aa."""
    text = name.lower().translate(str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "-"}))
    return "".join(letter for letter in text if letter.isalnum() or letter == "-")


def whole_municipality(name: str, residents: int | None = None) -> Scenario:
    """Return the scenario of a whole municipality: every family with children, not only the known ones.

    Raises
    ------
    KeyError
        No municipality has that name (written with Danish letters or as a folder name).
    """
    row = next((row for row in municipalities() if slug_of(row["name"]) == slug_of(name)), None)
    if row is None:
        raise KeyError(name)
    residents = int(row["population"]) if residents is None else residents
    base = SAMPLES.get(slug_of(name)) or _generic(row)
    n_families = max(SMALLEST, round(residents * FAMILIES_PER_RESIDENT))
    n_known = max(12, round(n_families * SHARE_KNOWN))
    n_enrolled = min(base.n_enrolled, max(2, n_known // 6))
    base = base if n_enrolled == base.n_enrolled else _shrunk(base, n_enrolled)
    n_offered = base.n_declined + base.n_waiting
    n_candidates = max(4, round(n_known * 0.22))
    n_other = max(4, n_known - n_enrolled - n_offered - n_candidates)
    n_ordinary = max(4, n_families - n_enrolled - n_offered - n_candidates - n_other)
    return replace(
        base,
        n_candidates=n_candidates,
        n_known=n_other,
        n_ordinary=n_ordinary,
        n_newcomers=max(1, round(n_known * SHARE_NEWCOMERS)),
        is_sample=False,
        has_further=False,
    )


def _generic(row: dict[str, str]) -> Scenario:
    return replace(
        _FURESOE,
        slug=slug_of(row["name"]),
        name=f"{row['name']} Kommune",
        code=row["code"],
        seed=int(row["code"]),
        districts=("Nord", "Syd", "Øst", "Vest"),
    )


def _shrunk(base: Scenario, n_enrolled: int) -> Scenario:
    couples = n_enrolled // 3
    small = replace(
        base, schedule="wave", singles=n_enrolled - couples, couples=couples, n_declined=1, n_waiting=1, exits={}
    )
    threes = n_enrolled // 5
    ones = n_enrolled // 3
    return replace(small, child_counts=(ones, n_enrolled - ones - threes, threes), coordinators=base.coordinators[:2])
