"""Whether groups of families with the same problems are chosen equally often: shares, ratios, exact intervals."""

import math

import numpy as np
import pandas as pd
from scipy import optimize, stats

from helhed.outputs import gives_away
from helhed.profile import Profile
from helhed.selection.criteria import MET
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import evaluate_rule
from helhed.selection.view import View

#: Characteristics that groups are made from.
CHARACTERISTICS = ("sex", "age", "family_type", "origin", "district")
#: Ages of the youngest adult, in years: the first year of each band but the lowest.
_AGE_BANDS = (30, 40)
UNKNOWN = "unknown"
_HIGHER, _LOWER, _EQUAL, _CANNOT_SAY = VERDICTS = ("higher", "lower", "equal", "cannot_say")


def exact_interval(n: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return Clopper and Pearson's exact limits of a share.

    Source: Clopper and Pearson 1934, Biometrika 26, 404-413: the shares at which n or more, and n or fewer, have half
    of the remaining probability.

    Examples
    --------
    >>> [round(limit, 4) for limit in exact_interval(0, 10)]
    [0.0, 0.3085]
    """
    tail = (1 - level) / 2
    low = 0.0 if n == 0 else float(stats.beta.ppf(tail, n, total - n + 1))
    high = 1.0 if n == total else float(stats.beta.ppf(1 - tail, n + 1, total - n))
    return low, high


def ratio_interval(n: int, total: int, n_rest: int, total_rest: int, level: float = 0.95) -> tuple[float, float]:
    """Return Koopman's score limits of the ratio of two shares, the first over the second.

    Source: Koopman 1984, Biometrics 40, 513-517. A ratio lies within the limits when the likelihood's best shares
    with that ratio fit the counts by the chi-squared test. Without any in the first group the lower limit is 0,
    without any in the second the upper limit is infinite.

    Examples
    --------
    >>> [round(limit, 3) for limit in ratio_interval(36, 40, 16, 80)]
    [2.94, 7.152]
    """
    reach = float(stats.chi2.ppf(level, 1))

    def beyond(log_ratio: float) -> float:
        return _misfit(math.exp(log_ratio), (n, total, n_rest, total_rest)) - reach

    middle = math.log(max(n, 0.5) / total / (max(n_rest, 0.5) / total_rest))
    low = 0.0 if n == 0 else math.exp(optimize.brentq(beyond, middle - 20, middle))
    high = math.inf if n_rest == 0 else math.exp(optimize.brentq(beyond, middle, middle + 20))
    return low, high


def _misfit(ratio: float, counts: tuple[int, int, int, int]) -> float:
    """Return the chi-squared statistic of the counts when the first share is ``ratio`` times the second."""
    n, total, n_rest, total_rest = counts
    a = ratio * (total + total_rest)
    b = -(ratio * (total + n_rest) + n + total_rest)
    c = n + n_rest
    # the likelihood's best share of the second group: the smaller root of a quadratic
    rest = (-b - math.sqrt(max(b * b - 4 * a * c, 0.0))) / (2 * a)
    own = ratio * rest
    return _squared(n, total, own) + _squared(n_rest, total_rest, rest)


def _squared(n: int, total: int, share: float) -> float:
    spread = total * share * (1 - share)
    return (n - total * share) ** 2 / spread if spread > 0 else 0.0


def family_groups(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return the group of every known family in each characteristic: family_id and one column per characteristic.

    ``sex``: of the adult (``woman_alone``, ``man_alone``, ``more_adults``); ``age``: band of the youngest adult
    (``under_30``, ``30_39``, ``40_up``); ``family_type``: children under 18 (``one_child``, ``two_children``,
    ``more_children``); ``origin``: the adults' origin group, ``mixed`` when they differ; ``district``. ``unknown``
    where the registers do not say. Sex and number of adults are one characteristic: apart they would give each
    other's small groups away.
    """
    view = View(tables, profile, as_of)
    about = tables["person"].drop_duplicates("person_id").set_index("person_id")
    adults = view.members[view.members["is_adult"]].join(about[["sex", "origin_group", "district"]], on="person_id")
    n_children = view.members[view.members["is_child"]].groupby("family_id").size()
    facts = pd.DataFrame(index=view.families).join(_facts(adults)).assign(n_children=n_children)
    return groups_of_facts(facts.rename_axis("family_id").reset_index(), view.as_of)


def _facts(adults: pd.DataFrame) -> pd.DataFrame:
    """Return what the groups of a family are made from, by family_id: see `groups_of_facts`."""
    grouped = adults.groupby("family_id")
    facts = {"n_adults": grouped.size(), "sex": grouped["sex"].min(), "born": grouped["birth_date"].max()}
    for name in ("origin_group", "district"):
        facts |= {f"{name}_low": grouped[name].min(), f"{name}_high": grouped[name].max()}
        facts |= {f"{name}_n": grouped[name].count()}
    return pd.DataFrame(facts)


def groups_of_facts(facts: pd.DataFrame, as_of) -> pd.DataFrame:
    """Return the group of each family in each characteristic, as `family_groups` does.

    Parameters
    ----------
    facts
        One row per family: family_id; of its adults n_adults, sex (first of the alphabet), born (the youngest's month),
        and of origin_group and district the first and last value of the alphabet and how many adults have one
        (``<name>_low``, ``<name>_high``, ``<name>_n``); n_children. Missing where there is no adult.
    as_of
        The day on which ages count.
    """
    n_adults = facts["n_adults"].fillna(0)
    months = (as_of.year - facts["born"].dt.year) * 12 + as_of.month - facts["born"].dt.month
    alone = facts["sex"].map({"f": "woman_alone", "m": "man_alone"})
    ages = np.select([months < _AGE_BANDS[0] * 12, months < _AGE_BANDS[1] * 12, months.notna()], _AGES, UNKNOWN)
    groups = {
        "family_id": facts["family_id"],
        "sex": alone.where(n_adults == 1).mask(n_adults > 1, "more_adults"),
        "age": pd.Series(ages, index=facts.index),
        "family_type": facts["n_children"].fillna(0).clip(upper=3).map(_CHILDREN),
        "origin": _same_or(facts, "origin_group", "mixed"),
        "district": _same_or(facts, "district", UNKNOWN),
    }
    return pd.DataFrame({name: values.astype("str").fillna(UNKNOWN) for name, values in groups.items()})


_AGES = ["under_30", "30_39", "40_up"]
_CHILDREN = {1: "one_child", 2: "two_children", 3: "more_children"}


def _same_or(facts: pd.DataFrame, name: str, otherwise: str) -> pd.Series:
    """Return what all adults have in common; ``otherwise`` when they differ, unknown when one is missing."""
    low, high = facts[f"{name}_low"].astype("str"), facts[f"{name}_high"].astype("str")
    is_known = (facts[f"{name}_n"] == facts["n_adults"]).fillna(False).astype(bool)
    return low.mask(low != high, otherwise).where(is_known, UNKNOWN)


def bases(shortlist: pd.DataFrame, family_criterion: pd.DataFrame, profile: Profile) -> dict[str, pd.DataFrame]:
    """Return the two groups with the same problems: family_id and is_chosen, by name of the question.

    ``place``: of the families that meet the rule, those that have a place or are proposed one. ``rule``: of the
    families that meet as many criteria as the rule names at its shortest (whichever criteria), those that meet the
    rule.
    """
    eligible = shortlist[shortlist["is_eligible"]]
    place = eligible.assign(is_chosen=eligible["standing"].isin(["enrolled", "shortlisted"]))
    rule = profile["selection.rule"]
    status = evaluate_rule(rule, family_criterion)
    n_met = (family_criterion["status"] == MET).groupby(family_criterion["family_id"]).sum().reindex(status.index)
    return {"place": place[["family_id", "is_chosen"]].reset_index(drop=True), "rule": troubled(status, n_met, rule)}


def troubled(status: pd.Series, n_met: pd.Series, rule) -> pd.DataFrame:
    """Return the families that meet as many criteria as the rule names at its shortest, and who meets the rule.

    Parameters
    ----------
    status, n_met
        How each family comes out on the rule, and how many criteria it meets, by family_id.
    rule
        The rule.

    Returns
    -------
    family_id and is_chosen.
    """
    enough = n_met >= min(len(criteria_in(rule)), _fewest_met(status, n_met))
    return pd.DataFrame({"family_id": status.index[enough], "is_chosen": (status[enough] == MET).to_numpy()})


def _fewest_met(status: pd.Series, n_met: pd.Series) -> int:
    """Return the fewest criteria that a family meeting the rule meets; all families qualify when nobody does."""
    of_rule = n_met[status == MET]
    return int(of_rule.min()) if len(of_rule) else 0


def selection_rates(groups: pd.DataFrame, base: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return how often each group of a base is chosen, against all others of the base.

    Parameters
    ----------
    groups
        As `family_groups` returns it.
    base
        family_id and is_chosen, as `bases` returns them.
    profile
        The municipality's profile: ``law.fewest_compared``, ``disclosure.threshold``.

    Returns
    -------
    One row per characteristic and group, sorted: characteristic, group, n_base, n_chosen, n_not_chosen, share with
    low and high (exact, 95 %), ratio to the share of the others with ratio_low and ratio_high (Koopman), verdict
    (``higher``, ``lower``, ``equal``: no difference that chance cannot explain, ``cannot_say``: too few).
    """
    return rates_of_counts(group_counts(groups, base), profile)


def group_counts(groups: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return how many families of a base each group has, and how many are chosen.

    Returns
    -------
    One row per characteristic and group, sorted: characteristic, group, n_base, n_chosen. Every characteristic divides
    the whole base.
    """
    joined = base.merge(groups, on="family_id")
    counted = [
        joined.groupby(name)["is_chosen"].agg(n_base="size", n_chosen="sum").rename_axis("group").reset_index()
        for name in CHARACTERISTICS
    ]
    named = [one.assign(characteristic=name) for name, one in zip(CHARACTERISTICS, counted, strict=True)]
    counts = pd.concat(named, ignore_index=True)[["characteristic", "group", "n_base", "n_chosen"]]
    return counts.astype({"characteristic": "str", "group": "str", "n_base": "int64", "n_chosen": "int64"})


def rates_of_counts(counts: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return how often each group is chosen, from counts alone: a register where no family may be seen will do.

    Parameters
    ----------
    counts
        characteristic, group, n_base, n_chosen, as `group_counts` returns them.
    profile
        As for `selection_rates`, whose rows come back.
    """
    sums = counts.groupby("characteristic")[["n_base", "n_chosen"]].transform("sum")
    rows = [
        {"characteristic": row.characteristic, "group": row.group, **_against_rest(row, whole, profile)}
        for row, whole in zip(counts.itertuples(), sums.itertuples(), strict=True)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    "characteristic", "group", "n_base", "n_chosen", "n_not_chosen", "share", "low", "high",
    "ratio", "ratio_low", "ratio_high", "verdict",
]  # fmt: skip


def _against_rest(own, whole, profile: Profile) -> dict:
    n, total = int(own.n_chosen), int(own.n_base)
    n_rest, total_rest = int(whole.n_chosen) - n, int(whole.n_base) - total
    low, high = exact_interval(n, total)
    row = {"n_base": total, "n_chosen": n, "n_not_chosen": total - n, "share": n / total, "low": low, "high": high}
    nothing = {name: float("nan") for name in ("ratio", "ratio_low", "ratio_high")}
    few = min(total, total_rest) < profile["law.fewest_compared"]
    if few or not n_rest or gives_away(n_rest, total_rest, profile["disclosure.threshold"]):
        return row | nothing | {"verdict": _CANNOT_SAY}
    ratio_low, ratio_high = ratio_interval(n, total, n_rest, total_rest)
    ratio = (n / total) / (n_rest / total_rest)
    limits = {"ratio": ratio, "ratio_low": ratio_low, "ratio_high": ratio_high}
    return row | limits | {"verdict": _verdict(ratio_low, ratio_high)}


def _verdict(low: float, high: float) -> str:
    if low > 1:
        return _HIGHER
    return _LOWER if high < 1 else _EQUAL
