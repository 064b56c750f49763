"""The tree that a rule is, and how it comes out for one family: "met", "not met" or "cannot be told".

Nothing but the standard library is loaded, so that it runs in a browser page as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from helhed.selection.statuses import CANNOT_TELL, MET, NOT_MET

#: A leaf with a threshold of its own: »school_absence >= 0.3«.
_OWN_THRESHOLD = re.compile(r"\s*(\w+)\s*>=\s*(\d+(?:\.\d+)?)\s*")


def read_leaf(leaf: str) -> tuple[str, float | None]:
    """Return the criterion of a leaf, and the threshold written there instead of the profile's; None without one.

    Examples
    --------
    >>> read_leaf("school_absence"), read_leaf("school_absence >= 0.3")
    (('school_absence', None), ('school_absence', 0.3))
    """
    own = _OWN_THRESHOLD.fullmatch(leaf)
    return (own[1], float(own[2])) if own else (leaf, None)


def branches(rule: Mapping) -> tuple[str, list[Any]]:
    """Return the kind of a node (``all``, ``any``, ``not``, ``at_least``) and its branches."""
    kind, content = next(iter(rule.items()))
    if kind == "not":
        return kind, [content]
    return kind, list(content["of"] if kind == "at_least" else content)


def n_needed(rule: Mapping) -> int:
    """Return how many branches of an ``all``, ``any`` or ``at_least`` must hold."""
    kind, content = next(iter(rule.items()))
    return content["n"] if kind == "at_least" else {"all": len(content), "any": 1}[kind]


def leaves(rule: Any) -> Iterator[str]:
    """Yield the criterion ids of a sound rule as often as they stand."""
    if isinstance(rule, str):
        yield rule
        return
    for branch in branches(rule)[1]:
        yield from leaves(branch)


def criteria_in(rule: Any) -> list[str]:
    """Return the criterion ids of a sound rule, each once, in the order in which they stand."""
    return list(dict.fromkeys(leaves(rule)))


def with_own_threshold(rule: Any) -> list[str]:
    """Return the leaves of a sound rule that have a threshold of their own, each once."""
    return [leaf for leaf in criteria_in(rule) if read_leaf(leaf)[1] is not None]


def parts(rule: Any) -> list[Any]:
    """Return what must all hold for the rule to hold: the branches of a top ``all``, else the rule itself."""
    return list(rule["all"]) if isinstance(rule, dict) and "all" in rule else [rule]


def criterion_status(seen: float | None, threshold: float, possible: float) -> str:
    """Return how one family comes out on a criterion.

    Parameters
    ----------
    seen
        The value as seen; None when nothing is known.
    threshold
        The criterion is met when the value reaches it.
    possible
        The highest value that missing data allow.

    Examples
    --------
    >>> [criterion_status(*case) for case in ((3, 3, 3), (2, 3, 2), (2, 3, 6), (None, 3, float("inf")))]
    ['met', 'not_met', 'cannot_tell', 'cannot_tell']
    """
    if seen is not None and seen >= threshold:
        return MET
    return CANNOT_TELL if possible >= threshold else NOT_MET


def rule_status(rule: Any, statuses: Mapping[str, str]) -> str:
    """Return how a sound rule comes out for one family, from the status of each criterion.

    Examples
    --------
    >>> rule_status({"any": ["one_adult", "n_children"]}, {"one_adult": "met", "n_children": "cannot_tell"})
    'met'
    """
    if isinstance(rule, str):
        return statuses[rule]
    return status_of_branches(rule, [rule_status(branch, statuses) for branch in branches(rule)[1]])


def status_of_branches(rule: Mapping, found: list[str]) -> str:
    """Return how a node comes out when its branches come out so: what cannot be told stays so unless the rest decides.

    Examples
    --------
    >>> status_of_branches({"at_least": {"n": 2, "of": ["a", "b", "c"]}}, ["met", "not_met", "cannot_tell"])
    'cannot_tell'
    """
    if "not" in rule:
        return {MET: NOT_MET, NOT_MET: MET}.get(found[0], CANNOT_TELL)
    if found.count(MET) >= n_needed(rule):
        return MET
    return CANNOT_TELL if len(found) - found.count(NOT_MET) >= n_needed(rule) else NOT_MET
