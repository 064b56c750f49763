"""Who is whose parent or custody holder, and which adults live together as a couple."""

import numpy as np
import pandas as pd

#: A parent younger than this at the child's birth is taken for a slip of the pen; the check rules report it.
YOUNGEST_PARENT_YEARS = 12
_PARENTS = ("mother_id", "father_id")


def parent_links(people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person and known parent or custody holder.

    Parameters
    ----------
    people
        As `helhed.intake.families.homes.residents` returns it.

    Returns
    -------
    Positions ``child`` and ``parent``, ``rank`` (0 mother, 1 father, from 2 on custody holders in the order stated),
    ``is_parent``, ``has_custody`` (True too when nobody's custody is stated) and ``lives_together``. A person without
    a date of birth or not yet born is nobody's child or parent.
    """
    named = [people[column].rename("holder").to_frame().assign(rank=rank) for rank, column in enumerate(_PARENTS)]
    stated = people["custody_ids"].dropna().str.split(",").explode().str.strip().rename("holder")
    stated = stated[stated != ""].to_frame()
    stated["rank"] = len(_PARENTS) + stated.groupby(level=0).cumcount()
    links = pd.concat([*named, stated]).rename_axis("child").reset_index()
    links["parent"] = pd.Index(people["person_id"]).get_indexer(links["holder"].astype("object"))
    is_known = links["holder"].notna() & (links["parent"] >= 0) & (links["parent"] != links["child"])
    links = _sound(links[is_known], people)
    links = links.assign(has_custody=_has_custody(links, stated))
    links = links.sort_values(["child", "rank"], kind="stable").drop_duplicates(["child", "parent"])
    homes = people["home"].to_numpy()
    child_home = homes[links["child"]]
    return links.assign(
        is_parent=links["rank"] < len(_PARENTS),
        lives_together=(child_home == homes[links["parent"]]) & (child_home >= 0),
    ).reset_index(drop=True)


def _sound(links: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    months = _months(people)
    child, parent = links["child"].to_numpy(), links["parent"].to_numpy()
    is_old_enough = (months[child] - months[parent] >= 12 * YOUNGEST_PARENT_YEARS) | (links["rank"] >= len(_PARENTS))
    is_born = people["is_born"].to_numpy()
    return links[is_old_enough.to_numpy() & is_born[child] & is_born[parent]]


def _has_custody(links: pd.DataFrame, stated: pd.DataFrame) -> np.ndarray:
    holders = pd.MultiIndex.from_arrays([stated.index, stated["holder"]])
    is_holder = pd.MultiIndex.from_frame(links[["child", "holder"]]).isin(holders)
    return is_holder | ~links["child"].isin(stated.index).to_numpy()


def couples(people: pd.DataFrame, links: pd.DataFrame, is_dependent: np.ndarray, rules) -> pd.DataFrame:
    """Return the pairs of adults who live together as a couple: positions ``one`` and ``other``, and ``rule``.

    ``couple_common_child``: both are parents or custody holders of the same child, wherever the child lives.
    ``couple_cohabiting``: the only two adults at the address, apart from grown-up children of one of them, of
    different sex, not closely related and less than the limit of years apart. Nobody is in two couples: the youngest
    common child decides. See ``family_rules.toml``.
    """
    kin = _Kin(people, links)
    shared = _first_of_each(_with_common_child(people, links, is_dependent, kin))
    alone = _cohabiting(people, links, is_dependent, rules, np.concatenate([shared["one"], shared["other"]]))
    alone = alone[~kin.are_close(alone["one"].to_numpy(), alone["other"].to_numpy())]
    return pd.concat(
        [shared[["one", "other"]].assign(rule="couple_common_child"), alone.assign(rule="couple_cohabiting")],
        ignore_index=True,
    ).astype({"one": "int64", "other": "int64"})


class _Kin:
    """Knows who are parent and child, or siblings: the same mother or the same father."""

    def __init__(self, people: pd.DataFrame, links: pd.DataFrame):
        by_blood = links[links["is_parent"]]
        self._n = len(people)
        self._links = np.unique(by_blood["child"].to_numpy() * self._n + by_blood["parent"].to_numpy())
        self._parents = [pd.factorize(people[name])[0] for name in _PARENTS]

    def are_close(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return which of the pairs are closely related."""
        is_line = np.isin(one * self._n + other, self._links) | np.isin(other * self._n + one, self._links)
        is_sibling = [(codes[one] == codes[other]) & (codes[one] >= 0) for codes in self._parents]
        return is_line | is_sibling[0] | is_sibling[1]


def _with_common_child(people: pd.DataFrame, links: pd.DataFrame, is_dependent: np.ndarray, kin: _Kin) -> pd.DataFrame:
    """Return pairs at one home with a common child, the youngest first: ``one``, ``other``."""
    adult = links.loc[~is_dependent[links["parent"]], ["child", "parent"]]
    adult = adult.assign(home=people["home"].to_numpy()[adult["parent"]])
    adult = adult[adult["home"] >= 0]
    pairs = adult.merge(adult, on=["child", "home"], suffixes=("", "_other"))
    pairs = pairs[pairs["parent"] < pairs["parent_other"]].rename(columns={"parent": "one", "parent_other": "other"})
    pairs = pairs[~kin.are_close(pairs["one"].to_numpy(), pairs["other"].to_numpy())]
    pairs = pairs.assign(born=_months(people)[pairs["child"]])
    found = pairs.groupby(["one", "other"], as_index=False).agg(born=("born", "max"), n=("child", "size"))
    return found.sort_values(["born", "n", "one", "other"], ascending=[False, False, True, True], kind="stable")


def _first_of_each(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs without those of which one person is in an earlier pair."""
    taken: set[int] = set()
    keeps = []
    for one, other in zip(pairs["one"], pairs["other"], strict=True):
        is_free = one not in taken and other not in taken
        keeps.append(is_free)
        if is_free:
            taken |= {one, other}
    return pairs[np.array(keeps, dtype=bool)]


def _cohabiting(people: pd.DataFrame, links: pd.DataFrame, is_dependent: np.ndarray, rules, taken) -> pd.DataFrame:
    """Return the pairs that are alone at an address, of different sex and near in age."""
    grown_up = links.loc[links["is_parent"] & links["lives_together"], "child"]
    is_adult = ~is_dependent & people["is_born"].to_numpy() & (people["home"].to_numpy() >= 0)
    is_adult[grown_up] = False
    adults = people.loc[is_adult, ["home", "sex"]].assign(position=np.flatnonzero(is_adult))
    pairs = adults[adults.groupby("home")["home"].transform("size") == 2].sort_values(["home", "position"])
    one, other = pairs["position"].to_numpy()[0::2], pairs["position"].to_numpy()[1::2]
    months, sex = _months(people), people["sex"].to_numpy(dtype=object, na_value="u")
    is_near = np.abs(months[one] - months[other]) < 12 * rules.couple_max_gap_years
    is_mixed = ((sex[one] == "f") & (sex[other] == "m")) | ((sex[one] == "m") & (sex[other] == "f"))
    is_free = ~np.isin(one, taken) & ~np.isin(other, taken)
    keeps = is_near & (is_mixed | rules.couple_of_same_sex) & is_free
    return pd.DataFrame({"one": one[keeps], "other": other[keeps]}, dtype="int64")


def _months(people: pd.DataFrame) -> np.ndarray:
    """Return the month of birth as a number of months; persons without one come before everybody."""
    birth = people["birth_date"]
    return (birth.dt.year * 12 + birth.dt.month).fillna(0).to_numpy(dtype="int64")
