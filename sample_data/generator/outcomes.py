"""What is to happen in the enrolled families: who finds work, who is in work practice, whose case closes.

The numbers of the Assens scenario are those of its published mid-term evaluation (see the README).
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from generator.periods import MONTHS, month_number
from generator.population import Population
from generator.scenarios import Scenario


@dataclass
class Outcomes:
    """Outcomes by person or family number; months are month numbers of the data (0 = January 2023)."""

    benefit: dict[int, str] = field(default_factory=dict)
    employed: set[int] = field(default_factory=set)
    job_month: dict[int, int] = field(default_factory=dict)
    in_education: set[int] = field(default_factory=set)
    practice_month: dict[int, int] = field(default_factory=dict)
    case_children: list[int] = field(default_factory=list)
    closing_month: dict[int, int] = field(default_factory=dict)
    foster_children: list[int] = field(default_factory=list)


def make_outcomes(
    population: Population, courses: pd.DataFrame, scenario: Scenario, rng: np.random.Generator
) -> Outcomes:
    """Return the outcomes of the enrolled families."""
    started = courses[courses["start"].notna()].set_index("family")
    person = population.person[population.person["family"].isin(started.index)]
    adults = person[person["role"] == "adult"]
    children = person[person["role"] == "child"]
    outcomes = Outcomes()
    is_exact = scenario.schedule == "fill"
    _benefits(outcomes, adults, is_exact, rng)
    _cases(outcomes, children, started, is_exact, rng)
    (_exact_progress if is_exact else _drawn_progress)(outcomes, adults, children, started, scenario, rng)
    return outcomes


def _benefits(outcomes: Outcomes, adults: pd.DataFrame, is_exact: bool, rng: np.random.Generator) -> None:
    """Three of four adults on kontanthjælp or uddannelseshjælp, one in twelve in work, the rest on other benefits."""
    second = adults.index[adults["position"] == 1].tolist()
    n_employed = min(round(0.08 * len(adults)), len(second) // 2)
    outcomes.employed = set(rng.permutation(second)[:n_employed].tolist())
    rest = [number for number in adults.index if number not in outcomes.employed]
    n_social = 46 if is_exact else round(0.75 * len(adults))
    order = rng.permutation(rest)
    is_young = adults["birth"] > pd.Timestamp("1994-01-01")
    for number in order[:n_social]:
        young = bool(is_young[number]) and not is_exact
        outcomes.benefit[int(number)] = "Uddannelseshjælp" if young else "Kontanthjælp"
    for number in order[n_social:]:
        outcomes.benefit[int(number)] = str(rng.choice(_OTHER_BENEFITS, p=_OTHER_SHARES))


_OTHER_BENEFITS = [
    "Ressourceforløbsydelse",
    "Jobafklaringsydelse",
    "Sygedagpenge",
    "Førtidspension",
    "Ledighedsydelse",
    "Selvforsørgelses- og hjemrejseydelse",
]
_OTHER_SHARES = [0.34, 0.14, 0.14, 0.18, 0.08, 0.12]


def _cases(
    outcomes: Outcomes, children: pd.DataFrame, started: pd.DataFrame, is_exact: bool, rng: np.random.Generator
) -> None:
    """Every enrolled family has an open child case at its start; about three of four children have one."""
    born = children[children["birth"] < started["start"].reindex(children["family"]).to_numpy() - pd.Timedelta(days=60)]
    born = born.sort_values(["family", "birth"])
    first = born.drop_duplicates("family").index.tolist()
    rest = rng.permutation([number for number in born.index if number not in set(first)])
    n_more = 56 - len(first) if is_exact else round(0.62 * len(rest))
    outcomes.case_children = first + [int(number) for number in rest[:n_more]]
    outcomes.foster_children = outcomes.case_children[2 : len(outcomes.case_children) : max(1, len(first) // 4)][:4]


def _exact_progress(
    outcomes: Outcomes,
    adults: pd.DataFrame,
    children: pd.DataFrame,
    started: pd.DataFrame,
    scenario: Scenario,
    rng: np.random.Generator,
) -> None:
    """Assens: 6 of 46 parents leave kontanthjælp for job or education, 10 of 56 child cases close, 5 after a parent."""
    social = [number for number in adults.index if outcomes.benefit.get(number) == "Kontanthjælp"]
    by_family = adults["family"]
    foster = set(children.loc[outcomes.foster_children, "family"])
    single_step = [number for number in social if by_family[number] not in foster]
    chosen = _one_per_family(rng.permutation(single_step), by_family, 16)
    for place, number in enumerate(chosen[:6]):
        job = max(14, month_number(started.at[by_family[number], "start"]) + 8) + place
        outcomes.job_month[number] = min(job, 24)
        outcomes.practice_month[number] = outcomes.job_month[number] - 4
    outcomes.in_education = set(chosen[4:6])
    for place, number in enumerate(chosen[6:]):
        start = month_number(started.at[by_family[number], "start"])
        outcomes.practice_month[number] = max(12, start + 3) + place % 5
    moved = {by_family[number] for number in chosen}
    worked = {by_family[number] for number in outcomes.employed}
    owner = children["family"]
    with_parent = [child for child in outcomes.case_children if owner[child] in {by_family[n] for n in chosen[:6]}]
    without = [child for child in outcomes.case_children if owner[child] not in moved | worked | foster]
    parents_month = {by_family[number]: month for number, month in outcomes.job_month.items()}
    for child in _one_per_family(with_parent, owner, 5):
        outcomes.closing_month[child] = parents_month[owner[child]] + 2 + int(rng.integers(0, 4))
    for child in _one_per_family(rng.permutation(without), owner, 5):
        outcomes.closing_month[child] = month_number(started.at[owner[child], "start"]) + int(rng.integers(10, 19))


def _one_per_family(numbers, owner: pd.Series, n: int) -> list[int]:
    chosen, families = [], set()
    for number in numbers:
        if owner[number] not in families and len(chosen) < n:
            families.add(owner[number])
            chosen.append(int(number))
    return chosen


def _drawn_progress(
    outcomes: Outcomes,
    adults: pd.DataFrame,
    children: pd.DataFrame,
    started: pd.DataFrame,
    scenario: Scenario,
    rng: np.random.Generator,
) -> None:
    """Let a share of the parents find work, rather late, and some cases close after a year or more."""
    owner = adults["family"]
    social = [n for n in adults.index if outcomes.benefit.get(n) not in (None, "Førtidspension")]
    begin = {number: month_number(started.at[owner[number], "start"]) for number in social}
    early = [number for number in social if begin[number] + 10 < len(MONTHS)]
    for number in rng.permutation(early)[: round(scenario.job_share * len(early))]:
        outcomes.job_month[int(number)] = begin[number] + int(rng.integers(10, 19))
    outcomes.in_education = set(list(outcomes.job_month)[::3])
    for number in rng.permutation(social)[: round(0.3 * len(social))]:
        before_job = outcomes.job_month.get(int(number), begin[number] + 14) - 4
        outcomes.practice_month[int(number)] = before_job - int(rng.integers(0, 3))
    for child in rng.permutation(outcomes.case_children):
        if child not in outcomes.foster_children and rng.random() < 0.3:
            start = month_number(started.at[children.at[child, "family"], "start"])
            outcomes.closing_month[int(child)] = start + int(rng.integers(9, 22))
