"""Which sizes may stand side by side: the difference of two groups, one inside the other, is a number of families too.

A reader takes one number from the other. So of two sizes that differ by a few families only one is shown.
"""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import pandas as pd

from helhed.outputs import is_small
from helhed.profile import Profile


def too_near(counts: Iterable[tuple[Hashable, int]], threshold: int, known: Iterable[int] = ()) -> list:
    """Return the names whose number differs from one already shown by a number of families that may not be shown.

    Parameters
    ----------
    counts
        Names and numbers; those that come first are shown first.
    threshold
        Smallest number of families that may be shown.
    known
        Numbers that a reader knows from elsewhere.
    """
    kept, near = list(known), []
    for name, n in counts:
        if any(is_small(abs(n - other), threshold) for other in kept):
            near.append(name)
        elif not is_small(n, threshold):
            kept.append(n)
    return near


def gives_groups_away(groups: Mapping[Hashable, np.ndarray], threshold: int) -> list:
    """Return the names of groups whose size would give a small number away beside the sizes shown before it.

    Parameters
    ----------
    groups
        Who belongs to each group, all of the same families; those that come first are shown first.
    threshold
        Smallest number of families that may be shown.

    Notes
    -----
    A size is hidden when it is small itself, or when the group lies inside another one (or the other inside it) whose
    size is shown, and the rest is small.
    """
    shown: list[np.ndarray] = []
    hidden = []
    for name, group in groups.items():
        if is_small(int(group.sum()), threshold) or any(_leaves_few(group, other, threshold) for other in shown):
            hidden.append(name)
        else:
            shown.append(group)
    return hidden


def _leaves_few(one: np.ndarray, other: np.ndarray, threshold: int) -> bool:
    """Return whether one of two groups lies inside the other and leaves a small number of it."""
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    return (only_one == 0 or only_other == 0) and bool(is_small(only_one + only_other, threshold))


def shown_standings(shortlist: pd.DataFrame, known: int, profile: Profile) -> dict[str, int | None]:
    """Return the number of families of each standing; None where it would give a small number away.

    Parameters
    ----------
    shortlist
        As `helhed.selection.select_families` returns it.
    known
        Families known to a department.
    profile
        The municipality's profile: places and disclosure threshold.

    Returns
    -------
    eligible, enrolled, available (shortlisted or reserve), shortlisted, reserve, cannot_tell. A number that is small
    itself stays: `helhed.outputs.KeyNumber` writes it as "under".

    Notes
    -----
    The number of free places is no secret: whoever knows the places and the families enrolled knows it. Where more
    families wait than there are places, it is the number proposed too (`are_all_places_proposed`), so hiding that one
    would protect nobody. With it, the families without a place give away how many wait, so their number is hidden
    where only a few wait.
    """
    n, threshold = standings(shortlist), profile["disclosure.threshold"]
    is_nearly_all = bool(n["shortlisted"]) and is_small(n["reserve"], threshold)
    hidden = {"available", "reserve"} if is_nearly_all else set()
    chain = [(name, n[name]) for name in ("eligible", "available", "shortlisted") if name not in hidden]
    hidden |= set(too_near(chain, threshold, [known]))
    is_few = is_small(n["shortlisted"], threshold) and not are_all_places_proposed(shortlist)
    if n["shortlisted"] and (is_few or "available" in hidden):
        hidden.add("reserve")
    return {name: None if name in hidden and not is_small(count, threshold) else count for name, count in n.items()}


def are_all_places_proposed(shortlist: pd.DataFrame) -> bool:
    """Return whether families wait although every free place is proposed: as many are proposed as places are free."""
    return bool(shortlist["standing"].eq("reserve").any())


def standings(shortlist: pd.DataFrame) -> dict[str, int]:
    """Return the number of families of each standing; ``eligible`` meet the rule, ``available`` have no place yet."""
    counts = shortlist["standing"].value_counts()
    names = ("enrolled", "shortlisted", "reserve", "not_eligible", "cannot_tell")
    n = {name: int(counts.get(name, 0)) for name in names} | {"eligible": int(shortlist["is_eligible"].sum())}
    return n | {"available": n["shortlisted"] + n["reserve"]}
