"""Invents families and persons: who lives with whom, who is whose child, and numbers that can never be CPR numbers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator.periods import FIRST_DAY, LAST_DAY
from generator.scenarios import Scenario

DAY = np.timedelta64(1, "D")
#: Share of families with 1, 2, 3, 4 and 5 children: STAR's infographic for enrolled families (published table A).
CHILD_COUNTS_KNOWN = np.array([31, 36, 20, 9, 3]) / 99
CHILD_COUNTS_ORDINARY = np.array([0.38, 0.45, 0.14, 0.02, 0.01])
#: Departments that know a family, for the families that are neither enrolled nor candidates.
KNOWN_KINDS = np.array(["benefit", "case", "social", "benefit+social", "case+social"])
KNOWN_SHARES = np.array([0.37, 0.35, 0.12, 0.10, 0.06])


@dataclass
class Population:
    """Families and persons; ``family`` one row per family, ``person`` one row per person, both numbered from 0."""

    family: pd.DataFrame
    person: pd.DataFrame

    def members(self, role: str) -> pd.DataFrame:
        """Return the persons of a role."""
        return self.person[self.person["role"] == role]


def make_population(scenario: Scenario, rng: np.random.Generator) -> Population:
    """Return the families and persons of a municipality."""
    family = _families(scenario, rng)
    children = _children(family, rng)
    adults = _adults(family, children, scenario, rng)
    person = _link(family, adults, children, rng)
    person["cpr"] = sample_numbers(person["birth"].to_numpy(), (person["sex"] == "K").to_numpy())
    return Population(family, person)


def _families(scenario: Scenario, rng: np.random.Generator) -> pd.DataFrame:
    sizes = {
        "enrolled": scenario.n_enrolled,
        "offered": scenario.n_declined + scenario.n_waiting,
        "candidate": scenario.n_candidates,
        "known": scenario.n_known,
        "ordinary": scenario.n_ordinary,
    }
    group = np.repeat(list(sizes), list(sizes.values()))
    family = pd.DataFrame({"group": group})
    n = len(family)
    share_two = family["group"].map({"enrolled": 0, "offered": 0.35, "candidate": 0.4, "known": 0.45, "ordinary": 0.8})
    family["n_adults"] = 1 + (rng.random(n) < share_two)
    ordinary = (group == "ordinary") | (group == "known")
    family["n_children"] = np.where(
        ordinary,
        1 + rng.choice(5, n, p=CHILD_COUNTS_ORDINARY),
        1 + rng.choice(5, n, p=CHILD_COUNTS_KNOWN),
    )
    kinds = rng.choice(KNOWN_KINDS, n, p=KNOWN_SHARES)
    for flag, word in (("has_benefit", "benefit"), ("has_case", "case"), ("has_social", "social")):
        family[flag] = (group == "known") & (np.char.find(kinds, word) >= 0)
    both = np.isin(group, ["enrolled", "offered", "candidate"])
    family["has_benefit"] |= both
    family["has_case"] |= both
    more = np.where(group == "candidate", 0.16, 0.4)
    family["has_social"] |= both & (rng.random(n) < more)
    no_child = (group == "known") & ~family["has_case"] & (rng.random(n) < 0.06)
    family.loc[no_child, "n_children"] = 0
    family["district"] = rng.choice(np.array(scenario.districts, dtype=object), n)
    family["address"] = 1_000_000 + rng.permutation(9 * n)[:n]
    family["origin"] = _origins(group, scenario, rng)
    _fix_enrolled(family, scenario, rng)
    return family


def _origins(group: np.ndarray, scenario: Scenario, rng: np.random.Generator) -> np.ndarray:
    share = np.where(group == "ordinary", scenario.nonwestern_share * 0.35, scenario.nonwestern_share)
    draw = rng.random(len(group))
    return np.where(draw < share, "Ikke-vestlig", np.where(draw < share + 0.05, "Vestlig", "Dansk")).astype(object)


def _fix_enrolled(family: pd.DataFrame, scenario: Scenario, rng: np.random.Generator) -> None:
    """Give the enrolled families their calibrated numbers of adults and children."""
    enrolled = family.index[family["group"] == "enrolled"]
    counts = np.repeat(np.arange(1, len(scenario.child_counts) + 1), scenario.child_counts)
    counts = counts[: len(enrolled)]
    n_adults = np.repeat([1, 2], [scenario.singles, scenario.couples])
    last = scenario.exits.get("n_last")
    if last is None:
        family.loc[enrolled, "n_adults"] = rng.permutation(n_adults)
        family.loc[enrolled, "n_children"] = rng.permutation(counts)
        return
    family.loc[enrolled, "n_adults"] = np.concatenate([rng.permutation(part) for part in scenario.exits["adults"]])
    family.loc[enrolled, "n_children"] = np.concatenate([rng.permutation(part) for part in scenario.exits["children"]])


def _children(family: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per child with a birth date; siblings are at least ten months apart."""
    counts = family["n_children"].to_numpy()
    owner = np.repeat(family.index.to_numpy(), counts)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    is_close = family["group"].isin(["enrolled", "offered"]).to_numpy()
    top = np.where(is_close, 15.6, 18.5)
    youngest = rng.random(len(family)) ** np.where(counts > 1, 1.35, 0.9) * (top - 1.4 * np.maximum(counts - 1, 0))
    gap = 0.9 + rng.exponential(1.9, len(owner))
    gap[order == 0] = 0
    since = pd.Series(gap).groupby(owner).cumsum().to_numpy() if len(owner) else gap
    room = np.repeat(top - youngest, counts)
    widest = pd.Series(since).groupby(owner).transform("max").to_numpy() if len(owner) else since
    age = youngest[owner] + since * np.minimum(1, room / np.maximum(widest, 0.01))
    # Ages are set at 1 January 2024 for the enrolled, at 1 July 2025 for the others, some of whom turn 18 on the way.
    base = np.where(is_close[owner], np.datetime64("2024-01-01"), np.datetime64("2025-07-01"))
    birth = base - (age * 365.25).astype(int) * DAY
    return pd.DataFrame(
        {
            "family": owner,
            "role": "child",
            "birth": birth.astype("datetime64[s]"),
            "sex": np.where(rng.random(len(owner)) < 0.49, "K", "M"),
        }
    )


def _adults(family: pd.DataFrame, children: pd.DataFrame, scenario: Scenario, rng: np.random.Generator) -> pd.DataFrame:
    n = len(family)
    oldest = children.groupby("family")["birth"].min().reindex(family.index)
    oldest = oldest.fillna(pd.Timestamp("2008-01-01")).to_numpy()
    low = np.where((family["group"] == "enrolled") & (scenario.slug == "assens"), 24, 20)
    first = oldest - ((low + rng.gamma(2.2, 2.6, n)) * 365.25).astype(int) * DAY
    latest = np.datetime64("1993-12-01") if scenario.slug == "assens" else np.datetime64("2004-12-01")
    first = np.where(family["group"] == "enrolled", np.minimum(first, latest - rng.integers(0, 900, n) * DAY), first)
    second = first - (rng.normal(2.3, 3.2, n).clip(-5, 14) * 365.25).astype(int) * DAY
    second = np.minimum(second, np.datetime64("2004-10-01"))
    is_woman = (family["n_adults"] == 2).to_numpy() | (rng.random(n) < 0.86)
    one = pd.DataFrame({"family": family.index, "birth": first, "sex": np.where(is_woman, "K", "M")})
    has_two = (family["n_adults"] == 2).to_numpy()
    two = pd.DataFrame({"family": family.index, "birth": second, "sex": "M"})[has_two]
    adults = pd.concat([one, two], ignore_index=True).sort_values("family", kind="stable")
    adults["role"] = "adult"
    adults["birth"] = adults["birth"].astype("datetime64[s]")
    return adults.reset_index(drop=True)


def _link(family: pd.DataFrame, adults: pd.DataFrame, children: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return all persons with parents, custody, addresses and the parents who live elsewhere."""
    apart = _parents_apart(family, adults, children, rng)
    adults = adults.assign(position=adults.groupby("family").cumcount())
    person = pd.concat([adults, children.assign(position=-1), apart], ignore_index=True)
    person["district"] = family["district"].reindex(person["family"]).to_numpy()
    person["origin"] = family["origin"].reindex(person["family"]).to_numpy()
    away = (person["role"] == "apart").to_numpy()
    person["address"] = family["address"].reindex(person["family"]).to_numpy() + np.where(away, 5_000_000, 0)
    _parents(family, person, rng)
    person["moved_in"] = _moved_in(person, rng)
    person["moved_out"] = pd.Series(pd.NaT, index=person.index, dtype="datetime64[s]")
    return person


def _parents_apart(
    family: pd.DataFrame, adults: pd.DataFrame, children: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the other parent of one-adult families, some of whom live in the municipality."""
    single = family.index[(family["n_adults"] == 1) & (family["n_children"] > 0)]
    kept = single[rng.random(len(single)) < 0.85]
    here = adults.drop_duplicates("family").set_index("family").loc[kept]
    apart = pd.DataFrame(
        {
            "family": kept,
            "role": np.where(rng.random(len(kept)) < 0.25, "apart", "outside"),
            "birth": here["birth"].to_numpy() - rng.integers(-900, 2000, len(kept)) * DAY,
            "sex": np.where(here["sex"] == "K", "M", "K"),
            "position": -1,
        }
    )
    apart["birth"] = np.minimum(apart["birth"].to_numpy(), np.datetime64("2004-06-01")).astype("datetime64[s]")
    return apart


def _parents(family: pd.DataFrame, person: pd.DataFrame, rng: np.random.Generator) -> None:
    """Write mother, father, custody and second home on the children."""
    is_child = person["role"] == "child"
    parent = person[person["role"].isin(["adult", "apart", "outside"])]
    women = parent[parent["sex"] == "K"].drop_duplicates("family").reset_index().set_index("family")["index"]
    men = parent[parent["sex"] == "M"].drop_duplicates("family").reset_index().set_index("family")["index"]
    owner = person["family"]
    person["mother"] = owner.map(women).where(is_child).fillna(-1).astype(int)
    person["father"] = owner.map(men).where(is_child).fillna(-1).astype(int)
    stranger = family.index[(family["n_adults"] == 2) & (family["group"] != "enrolled")]
    stranger = stranger[rng.random(len(stranger)) < 0.08]
    person.loc[is_child & owner.isin(stranger), "father"] = -1
    apart = person[person["role"].isin(["apart", "outside"])].reset_index().set_index("family")["index"]
    is_joint = owner.isin(apart.index[rng.random(len(apart)) < 0.6])
    other = owner.map(apart).fillna(-1).astype(int)
    person["sole_without"] = np.where(is_child & ~is_joint, other, -1)
    near = person[person["role"] == "apart"].set_index("family")["address"]
    shared = near.index[rng.random(len(near)) < 0.35]
    person["second_address"] = owner.map(near.loc[shared]).where(is_child & is_joint).fillna(-1).astype(int)


def _moved_in(person: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return the date each person came to live in the municipality, one date per family and never before birth."""
    years = pd.Series(rng.gamma(2.0, 3.5, person["family"].max() + 1) + 0.2)
    common = FIRST_DAY - pd.to_timedelta((person["family"].map(years) * 365).astype(int), unit="D")
    grown = person["birth"] + pd.Timedelta(days=17 * 365)
    start = common.where(person["role"] == "child", np.maximum(common, grown))
    return np.maximum(start, person["birth"]).astype("datetime64[s]").where(person["role"] != "outside")


def sample_numbers(birth: np.ndarray | list[str], is_woman: np.ndarray | bool = True) -> np.ndarray:
    """Return ten-digit numbers that can never be CPR numbers: the month is written with 20 added.

    The seventh digit still follows the published century table and the tenth the sex, so that everything but the
    month reads like the real thing. Persons of one birth day and sex get different serial numbers.
    """
    dates = pd.DatetimeIndex(birth)
    head = (dates.day * 10_000 + (dates.month + 20) * 100 + dates.year % 100).to_numpy()
    is_new = dates.year.to_numpy() >= 2000
    half = np.where(is_new, 3000, 2000)
    same = pd.Series(head * 4 + is_woman * 2 + is_new)
    rank = same.groupby(same).cumcount().to_numpy()
    offset = (head * 7919) % half
    serial = 2 * ((offset + rank * 37) % half) + np.where(is_new, 4000, 0) + np.where(is_woman, 0, 1)
    return np.array([f"{first:06d}{last:04d}" for first, last in zip(head, serial, strict=True)], dtype=object)


def age_at(birth: pd.Series, date: pd.Timestamp) -> pd.Series:
    """Return ages in years at a date."""
    return (date - birth).dt.days / 365.25


def is_resident(person: pd.DataFrame) -> pd.Series:
    """Return who is in the population register: everyone but the parents who live outside the municipality."""
    return (person["role"] != "outside") & (person["birth"] <= LAST_DAY)
