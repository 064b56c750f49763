"""Persons to families, by parents, custody and address.

Source of the two rules with numbers: Statistics Denmark's documentation of family statistics: children at home are
counted with the family until 24, and two adults without common children are a couple when they are alone at the
address, not closely related and less than 15 years apart. Both numbers are settings.
"""

import base64
import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_PARENTS = ("mother_id", "father_id")


@dataclass(frozen=True)
class Families:
    """Families and their members; ``n_unplaced`` counts the persons without a family by reason."""

    family: pd.DataFrame
    family_member: pd.DataFrame
    n_unplaced: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FamilyRules:
    """When a person counts as a child, an adult child at home or a step-parent."""

    reference_date: pd.Timestamp
    adult_child_max_years: int = 24
    couple_max_gap_years: int = 15


def build_families(persons: pd.DataFrame, rules: FamilyRules) -> Families:
    """Return the families of the persons.

    Parameters
    ----------
    persons
        Table ``person``, with ``second_address_id`` (a child's second home) if known.
    rules
        Reference date and limits of age.

    Returns
    -------
    Tables ``family`` and ``family_member``. Every placed person has exactly one row with ``is_main_home``; a child in
    two homes has a further row in the other family. A child who lives without a parent (placed outside home, or with
    others) belongs to the mother's family, else the father's, else a custody holder's. Persons who have moved out of
    the municipality form families of their own. ``family_id`` rests on the sorted pseudonyms of the adults.
    """
    people = _prepare(persons, rules)
    if people.empty:
        return Families(_family_frame(people, people), _member_frame(people))
    links = _parent_links(people)
    people["is_dependent"] = _is_dependent(people, links)
    people["unit"] = _units(people, links, rules)
    people["reason"] = _place_children_without_parents(people, links)
    placed = people[people["reason"] == ""].copy()
    placed["family_id"] = _family_ids(placed)
    placed["role"] = np.select([~placed["is_dependent"], placed["is_minor"]], ["adult", "child"], "adult_child")
    second = _second_homes(placed, links)
    placed = placed.assign(is_main_home=True)
    members = pd.concat([placed, second], ignore_index=True) if len(second) else placed
    reasons = people.loc[people["reason"] != "", "reason"].value_counts().sort_index()
    return Families(_family_frame(placed, second), _member_frame(members), {k: int(n) for k, n in reasons.items()})


def _prepare(persons: pd.DataFrame, rules: FamilyRules) -> pd.DataFrame:
    people = persons.sort_values("person_id").reset_index(drop=True).copy()
    if "second_address_id" not in people:
        people["second_address_id"] = pd.Series(pd.NA, index=people.index, dtype="str")
    people["years"] = (rules.reference_date - people["birth_date"]).dt.days / 365.25
    people["is_minor"] = _age(people["birth_date"], rules.reference_date) < 18
    has_moved = people["to_date"] < rules.reference_date
    people["home"] = (people["address_id"] + has_moved.map({True: "|moved", False: ""})).where(
        people["address_id"].notna()
    )
    limit = rules.adult_child_max_years
    people["may_be_child"] = _age(people["birth_date"], rules.reference_date) <= limit
    return people


def _age(birth: pd.Series, when: pd.Timestamp) -> pd.Series:
    """Return whole years of age; birth dates are cut to the first of the month."""
    return (when.year - birth.dt.year) - (birth.dt.month > when.month).astype("int64")


def _parent_links(people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person and known parent or custody holder: positions ``child``, ``parent``, and ``rank``."""
    position = pd.Series(people.index, index=people["person_id"])
    named = [people[[c]].set_axis(["holder"], axis=1).assign(rank=i) for i, c in enumerate(_PARENTS)]
    custody = people["custody_ids"].fillna("").str.split(",").explode().to_frame("holder").assign(rank=2)
    links = pd.concat([*named, custody[custody["holder"] != ""]])
    links = links.assign(parent=links["holder"].map(position), child=links.index).dropna(subset=["parent"])
    links = links[links["parent"] != links["child"]].astype({"parent": "int64"})
    homes = people["home"].to_numpy(dtype=object)
    same = [a == b for a, b in zip(homes[links["child"]], homes[links["parent"]], strict=True)]
    has_home = people["home"].notna().to_numpy()[links["child"]]
    links = links.assign(lives_together=np.array(same, dtype=bool) & has_home)
    return links.sort_values(["child", "rank", "parent"]).drop_duplicates(["child", "parent"]).reset_index(drop=True)


def _is_dependent(people: pd.DataFrame, links: pd.DataFrame) -> np.ndarray:
    """Return who is a child in the household: minors, and young adults with a parent; never a parent at home."""
    together = links[links["lives_together"]]
    with_parent = np.isin(people.index, together["child"])
    with_child = np.isin(people.index, together["parent"])
    is_minor, may_be_child = people["is_minor"].to_numpy(), people["may_be_child"].to_numpy()
    return (is_minor | (may_be_child & with_parent)) & ~with_child


def _units(people: pd.DataFrame, links: pd.DataFrame, rules: FamilyRules) -> np.ndarray:
    """Return the number of the household unit of each person: children with parents, and couples."""
    dependent = people["is_dependent"].to_numpy()
    at_home = links[links["lives_together"] & dependent[links["child"]] & ~dependent[links["parent"]]]
    units = _components(len(people), at_home["child"].to_numpy(), at_home["parent"].to_numpy())
    first, second = _couples(people, links, units, rules)
    return _components(
        len(people),
        np.concatenate([at_home["child"].to_numpy(), first]),
        np.concatenate([at_home["parent"].to_numpy(), second]),
    )


def _components(n: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(n, n)), directed=False)[1]


def _couples(people: pd.DataFrame, links: pd.DataFrame, units: np.ndarray, rules: FamilyRules) -> tuple:
    """Return the pairs of adults who are alone at an address and count as a couple without common children."""
    adults = people[~people["is_dependent"] & people["home"].notna()]
    pairs = adults[adults.groupby("home")["person_id"].transform("size") == 2].sort_values(["home", "person_id"])
    first, second = pairs.index.to_numpy()[0::2], pairs.index.to_numpy()[1::2]
    years = people["years"].to_numpy()
    related = set(zip(links["child"], links["parent"], strict=True))
    keeps = [
        units[a] != units[b]
        and abs(years[a] - years[b]) < rules.couple_max_gap_years
        and not {(a, b), (b, a)} & related
        and not _are_siblings(people, a, b)
        for a, b in zip(first, second, strict=True)
    ]
    chosen = np.array(keeps, dtype=bool)
    return first[chosen], second[chosen]


def _are_siblings(people: pd.DataFrame, a: int, b: int) -> bool:
    return any(pd.notna(people.at[a, p]) and people.at[a, p] == people.at[b, p] for p in _PARENTS)


def _place_children_without_parents(people: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Move children who live without a parent to a parent's unit; return why each remaining person is unplaced."""
    dependent = people["is_dependent"].to_numpy()
    has_adult = (~people["is_dependent"]).groupby(people["unit"]).transform("any").to_numpy()
    alone = dependent & ~has_adult
    usable = links[alone[links["child"]] & ~dependent[links["parent"]]]
    resident = ~people["home"].fillna("|moved").str.endswith("|moved").to_numpy()
    usable = usable.assign(is_away=~resident[usable["parent"]]).sort_values(["child", "is_away", "rank", "parent"])
    chosen = usable.drop_duplicates("child")
    people.loc[chosen["child"], "unit"] = people["unit"].to_numpy()[chosen["parent"]]
    is_placed = ~alone | np.isin(people.index, chosen["child"])
    no_home = people["home"].isna().to_numpy() & ~is_placed
    return pd.Series(np.select([is_placed, no_home], ["", "no_address"], "no_parent_in_register"), index=people.index)


def _family_ids(placed: pd.DataFrame) -> pd.Series:
    adults = placed[~placed["is_dependent"]].sort_values("person_id")
    marks = adults.groupby("unit")["person_id"].agg("|".join).map(_mark)
    return placed["unit"].map(marks).astype("str")


def _mark(members: str) -> str:
    return base64.b32encode(hashlib.sha256(f"family:{members}".encode()).digest()[:10]).decode().lower()


def _second_homes(placed: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return a further row for each child with a second home, in the family of the parent who lives there."""
    children = placed[placed["second_address_id"].notna() & placed["is_dependent"]]
    adults = placed.loc[~placed["is_dependent"], ["address_id", "family_id"]]
    pairs = links.merge(children[["second_address_id", "family_id"]], left_on="child", right_index=True)
    pairs = pairs.merge(adults, left_on="parent", right_index=True, suffixes=("", "_second"))
    there = (pairs["address_id"] == pairs["second_address_id"]) & (pairs["family_id"] != pairs["family_id_second"])
    pairs = pairs[there].drop_duplicates(["child", "family_id_second"])
    rows = placed.loc[pairs["child"], ["person_id", "role"]].reset_index(drop=True)
    return rows.assign(
        family_id=pairs["family_id_second"].to_numpy(), main_family_id=pairs["family_id"].to_numpy(), is_main_home=False
    )


def _member_frame(members: pd.DataFrame) -> pd.DataFrame:
    columns = ["family_id", "person_id", "role", "is_main_home"]
    return members.reindex(columns=columns).sort_values(columns[:2]).reset_index(drop=True)


def _family_frame(placed: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    columns = ["family_id", "family_type", "n_adults", "n_children", "has_second_home", "district"]
    if placed.empty:
        return pd.DataFrame(columns=columns)
    counts = pd.crosstab(placed["family_id"], placed["role"]).reindex(columns=["adult", "child"], fill_value=0)
    adults = placed[placed["role"] == "adult"].sort_values(["family_id", "person_id"])
    shared = set(second["family_id"]) | set(second["main_family_id"]) if len(second) else set()
    frame = pd.DataFrame(
        {
            "n_adults": counts["adult"],
            "n_children": counts["child"],
            "family_type": np.select(
                [counts["child"] == 0, counts["adult"] == 1], ["no_children", "one_adult"], "two_adults"
            ),
            "has_second_home": counts.index.isin(list(shared)),
            "district": adults.groupby("family_id")["district"].first(),
        }
    )
    return frame.rename_axis("family_id").reset_index()[columns]
