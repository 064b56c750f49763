"""Persons to families, by parents, custody and address.

The rules stand, with what Statistics Denmark does, in ``rules.toml``; the names of rules below are its ids.
Statistics Denmark counts children at home with the family while they are under 25, and two adults without common
children as a couple when they are alone at the address, not siblings and less than 15 years apart ("Husstande og
familier", dst.dk). Both numbers are settings.
"""

import base64
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helhed.intake.families.homes import HERE, residents
from helhed.intake.families.kinship import couples, parent_links

#: Why a person has no family, the first that holds; the last is a child who lives with others, no parent known.
UNPLACED_REASONS = (
    "no_birth_date", "not_born_yet", "parent_without_family", "parents_moved_away", "no_address",
    "institution_address", "alone_at_address", "no_parent_in_register",
)  # fmt: skip
_ALONE = -1


@dataclass(frozen=True)
class Families:
    """Families and their members, and who has none.

    Parameters
    ----------
    family
        Table ``family``.
    family_member
        Table ``family_member``, with ``rule``: the id of the rule that put the person there.
    n_unplaced
        Persons without a family by reason.
    unplaced
        Persons without a family: ``person_id`` and ``reason``, an id of ``rules.toml``.
    """

    family: pd.DataFrame
    family_member: pd.DataFrame
    n_unplaced: dict[str, int] = field(default_factory=dict)
    unplaced: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["person_id", "reason"], dtype="str"))


@dataclass(frozen=True)
class FamilyRules:
    """When a person counts as a child, an adult child at home or a step-parent, and an address as an institution."""

    reference_date: pd.Timestamp
    adult_child_max_years: int = 24
    couple_max_gap_years: int = 15
    couple_of_same_sex: bool = False
    institution_min_families: int = 6


def build_families(persons: pd.DataFrame, rules: FamilyRules) -> Families:
    """Return the families of the persons on the reference day.

    Parameters
    ----------
    persons
        Table ``person``, with ``second_address_id`` (a child's second home) if known. A person with several rows has
        an address history (see `helhed.intake.families.homes.on_the_day`).
    rules
        Reference date and limits.

    Returns
    -------
    Every person has exactly one row with ``is_main_home`` or is unplaced with a reason; a child in two homes has a
    further row in the other family. A family has one or two adults. ``n_adults`` and ``n_children`` count those who
    live in the municipality on the day, or everybody when the whole family has left. ``family_id`` rests on the
    sorted pseudonyms of the adults.
    """
    people = residents(persons, rules.reference_date)
    if people.empty:
        return Families(_family_frame(people, people), _member_frame(people))
    links = parent_links(people)
    people["is_dependent"] = _is_dependent(people, links, rules)
    people["unit"], people["rule"] = _units(people, links, rules)
    people["unit"], people["rule"] = _with_children_away(people, links)
    is_placed = people["unit"] != _ALONE
    unplaced = _unplaced(people, links, rules)
    placed = people[is_placed].copy()
    placed["family_id"] = _family_ids(placed)
    placed["role"] = np.select([~placed["is_dependent"], placed["is_minor"]], ["adult", "child"], "adult_child")
    placed["is_main_home"] = True
    second = _second_homes(placed, links)
    members = pd.concat([placed, second], ignore_index=True) if len(second) else placed
    counts = unplaced["reason"].value_counts().sort_index()
    return Families(
        _family_frame(placed, second), _member_frame(members), {k: int(n) for k, n in counts.items()}, unplaced
    )


def _is_dependent(people: pd.DataFrame, links: pd.DataFrame, rules: FamilyRules) -> np.ndarray:
    """Return who is a child in the household; never who lives with a child of their own.

    Rules ``child_at_home``, ``adult_child_at_home``, ``young_parent``.
    """
    together = links[links["lives_together"] & links["is_parent"]]
    with_parent = np.isin(people.index, together["child"])
    with_child = np.isin(people.index, together["parent"])
    is_young = (people["age"] <= rules.adult_child_max_years).to_numpy(dtype=bool, na_value=False)
    return (people["is_minor"].to_numpy() | (is_young & with_parent)) & ~with_child & people["is_born"].to_numpy()


def _units(people: pd.DataFrame, links: pd.DataFrame, rules: FamilyRules) -> tuple[np.ndarray, np.ndarray]:
    """Return the household unit of each person and the rule that decided: adults, couples, children at home."""
    dependent = people["is_dependent"].to_numpy()
    is_adult = ~dependent & people["is_born"].to_numpy()
    units = np.where(is_adult, np.arange(len(people)), _ALONE)
    decided = np.where(is_adult, "adult_alone", "").astype(object)
    pairs = couples(people, links, dependent, rules)
    units[pairs["other"]] = pairs["one"]
    for side in ("one", "other"):
        decided[pairs[side]] = pairs["rule"]
    anchors = _anchors(links, dependent)
    children = anchors["child"].to_numpy()
    units[children] = units[anchors["parent"]]
    is_minor = people["is_minor"].to_numpy()[children]
    decided[children] = np.select(
        [~anchors["is_parent"], is_minor], ["custody_holder_at_home", "child_at_home"], "adult_child_at_home"
    )
    return units, decided


def _anchors(links: pd.DataFrame, dependent: np.ndarray) -> pd.DataFrame:
    """Return for each child at home the adult whose family it belongs to: mother, else father, else custody holder."""
    at_home = links[links["lives_together"] & dependent[links["child"]] & ~dependent[links["parent"]]]
    return at_home.sort_values(["child", "rank"], kind="stable").drop_duplicates("child")


def _with_children_away(people: pd.DataFrame, links: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return units and rules with the children who live without a parent in the family of a parent.

    Rule ``child_away``: whoever holds custody comes first, and the mother before the father. A child who lives here
    never joins somebody who has left. A parent who is a child too brings the child into the grandparents' family.
    """
    units, decided = people["unit"].to_numpy(copy=True), people["rule"].to_numpy(dtype=object, copy=True)
    is_here = (people["state"] == HERE).to_numpy()
    dependent = people["is_dependent"].to_numpy()
    child, parent = links["child"].to_numpy(), links["parent"].to_numpy()
    usable = links[dependent[child] & (units[child] == _ALONE) & (is_here[parent] | ~is_here[child])]
    usable = usable.assign(is_other=~usable["has_custody"]).sort_values(["child", "is_other", "rank"], kind="stable")
    while len(usable):
        ready = usable[units[usable["parent"]] != _ALONE].drop_duplicates("child")
        if ready.empty:
            break
        units[ready["child"]] = units[ready["parent"]]
        decided[ready["child"]] = "child_away"
        usable = usable[units[usable["child"]] == _ALONE]
    return units, decided


def _unplaced(people: pd.DataFrame, links: pd.DataFrame, rules: FamilyRules) -> pd.DataFrame:
    """Return the persons without a family, with the reason."""
    is_alone = (people["unit"] == _ALONE).to_numpy()
    at_home = people["home"].where(people["home"] >= 0)
    groups = people["unit"].where(~is_alone, -2 - people.index).groupby(at_home)
    is_here = (people["state"] == HERE).to_numpy()
    conditions = (
        people["birth_date"].isna(),
        ~people["is_born"],
        people.index.isin(links.loc[is_here[links["parent"]], "child"]),
        people.index.isin(links["child"]),
        people["home"] < 0,
        groups.transform("nunique") >= rules.institution_min_families,
        people.groupby(at_home)["home"].transform("size") == 1,
    )
    flags = [np.asarray(holds, dtype=bool) for holds in conditions]
    reason = np.select(flags, UNPLACED_REASONS[:-1], UNPLACED_REASONS[-1])
    found = pd.DataFrame({"person_id": people["person_id"], "reason": reason}).astype("str")
    return found[is_alone].reset_index(drop=True)


def _family_ids(placed: pd.DataFrame) -> pd.Series:
    adults = placed[~placed["is_dependent"]].sort_values("person_id")
    members = defaultdict(list)
    for unit, person in zip(adults["unit"], adults["person_id"], strict=True):
        members[unit].append(person)
    marks = {unit: _mark("|".join(persons)) for unit, persons in members.items()}
    return placed["unit"].map(marks).astype("str")


def _mark(members: str) -> str:
    return base64.b32encode(hashlib.sha256(f"family:{members}".encode()).digest()[:10]).decode().lower()


def _second_homes(placed: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return a further row for each child with a second home, in the family of the parent who lives there.

    Rule ``second_home``.
    """
    children = placed[_has_second_home(placed)]
    adults = placed.loc[~placed["is_dependent"] & (placed["state"] == HERE), ["address_id", "family_id"]]
    pairs = links.merge(children[["second_address_id", "family_id"]], left_on="child", right_index=True)
    pairs = pairs.merge(adults, left_on="parent", right_index=True, suffixes=("", "_second"))
    there = (pairs["address_id"] == pairs["second_address_id"]) & (pairs["family_id"] != pairs["family_id_second"])
    pairs = pairs[there].drop_duplicates(["child", "family_id_second"])
    rows = placed.loc[pairs["child"], ["person_id", "role"]].reset_index(drop=True)
    return rows.assign(family_id=pairs["family_id_second"].to_numpy(), is_main_home=False, rule="second_home")


def _has_second_home(placed: pd.DataFrame) -> pd.Series:
    second = placed["second_address_id"]
    is_other = (second != placed["address_id"]).fillna(True)
    return second.notna() & is_other & placed["is_dependent"] & (placed["state"] == HERE)


def _member_frame(members: pd.DataFrame) -> pd.DataFrame:
    columns = ["family_id", "person_id", "role", "is_main_home", "rule"]
    return members.reindex(columns=columns).sort_values(columns[:2]).reset_index(drop=True)


def _family_frame(placed: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    columns = ["family_id", "family_type", "n_adults", "n_children", "has_second_home", "district"]
    if placed.empty:
        return pd.DataFrame(columns=columns)
    adults = placed[placed["role"] == "adult"].sort_values(["family_id", "person_id"])
    is_family_here = placed["family_id"].isin(adults.loc[adults["state"] == HERE, "family_id"])
    counted = placed[(placed["state"] == HERE) | ~is_family_here]
    counts = counted.groupby(["family_id", "role"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["adult", "child"], fill_value=0)
    with_district = adults.dropna(subset=["district"])
    shared = {*placed.loc[_has_second_home(placed), "family_id"], *second["family_id"]}
    frame = pd.DataFrame(
        {
            "n_adults": counts["adult"],
            "n_children": counts["child"],
            "family_type": np.select(
                [counts["child"] == 0, counts["adult"] == 1], ["no_children", "one_adult"], "two_adults"
            ),
            "has_second_home": counts.index.isin(list(shared)),
            "district": with_district.drop_duplicates("family_id").set_index("family_id")["district"],
        }
    )
    return frame.rename_axis("family_id").reset_index()[columns]
