"""Reads the rule of the profile: a tree of criteria that a case worker can read aloud.

Leaves are criterion ids; nodes are ``{all: […]}``, ``{any: […]}``, ``{not: …}`` and ``{at_least: {n: 2, of: […]}}``.
What cannot be told stays so unless the rest decides it (Kleene's three-valued logic): a family is never silently left
out because data are missing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.profile.published_rules import PICK
from helhed.selection.criteria import CANNOT_TELL, MET, STATUSES, Judged, criteria
from helhed.selection.rule_tree import branches, criteria_in, n_needed
from helhed.texts import text

KEY = "selection.rule"
_MET, _NOT_MET, _CANNOT_TELL = range(len(STATUSES))


def evaluate_rule(rule: Any, family_criterion: pd.DataFrame) -> pd.Series:
    """Return for each family whether it meets a sound rule.

    Parameters
    ----------
    rule
        A node of a rule, or a criterion id.
    family_criterion
        As `helhed.selection.criteria.evaluate_criteria` returns it.

    Returns
    -------
    ``met``, ``not_met`` or ``cannot_tell`` by family_id.
    """
    if family_criterion.empty:
        # Before the first record of a small municipality nobody is known: there is nobody to judge.
        return pd.Series(index=pd.Index([], name="family_id", dtype="str"), dtype="str", name="status")
    wide = family_criterion.pivot(index="family_id", columns="criterion", values="status")
    certain = {name: (wide[name] == MET).to_numpy(dtype=bool) for name in criteria_in(rule)}
    possible = {name: wide[name].isin([MET, CANNOT_TELL]).to_numpy(dtype=bool) for name in criteria_in(rule)}
    status = np.select(_of_bounds(*rule_bounds(rule, certain, possible)), STATUSES[:2], CANNOT_TELL)
    return pd.Series(status, index=wide.index, dtype="str", name="status")


def rule_places(rule: Any, judged: Judged) -> np.ndarray:
    """Return for each judged family the place among `STATUSES` on a sound rule."""
    certain = {name: judged.status_of(name) == _MET for name in criteria_in(rule)}
    possible = {name: judged.status_of(name) != _NOT_MET for name in criteria_in(rule)}
    return np.select(_of_bounds(*rule_bounds(rule, certain, possible)), [_MET, _NOT_MET], _CANNOT_TELL)


def _of_bounds(certain: np.ndarray, possible: np.ndarray) -> list[np.ndarray]:
    return [certain, ~possible]


def rule_in_words(rule: Any, lang: str) -> str:
    """Return a sound rule as a phrase: "A and (B or C)"."""
    if isinstance(rule, str):
        return criteria()[rule].label(lang)
    kind, content = next(iter(rule.items()))
    if kind == "not":
        return text("selection.rule_not", lang, part=_bracketed(content, lang))
    branches = content["of"] if kind == "at_least" else content
    if len(branches) == 1:
        return rule_in_words(branches[0], lang)
    joint = text(f"selection.joint_{'and' if kind == 'all' else 'or'}", lang)
    if kind == "at_least":
        listed = "; ".join(_bracketed(branch, lang) for branch in branches)
        return text("selection.rule_at_least", lang, n=content["n"], parts=listed)
    return f" {joint} ".join(_bracketed(branch, lang) for branch in branches)


def rule_in_short(rule: Any, lang: str) -> str:
    """Return a sound rule as a phrase that fits beside a bar: many criteria are counted instead of named."""
    if len(criteria_in(rule)) <= 2 or "not" in rule:
        return rule_in_words(rule, lang)
    kind, content = next(iter(rule.items()))
    n_of = len(content["of"] if kind == "at_least" else content)
    if kind == "all":
        return text("selection.rule_short_all", lang, n_of=n_of)
    return text("selection.rule_short", lang, n=content["n"] if kind == "at_least" else 1, n_of=n_of)


def _bracketed(rule: Any, lang: str) -> str:
    words = rule_in_words(rule, lang)
    return words if isinstance(rule, str) else f"({words})"


def rule_bounds(rule: Any, certain: Mapping[str, Any], possible: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return whether a sound rule holds for certain, and whether it possibly holds.

    Parameters
    ----------
    rule
        A node of a rule, or a criterion id.
    certain, possible
        Whether each criterion is met for certain and possibly, by id: arrays or expressions that know and, or, not.
    """
    if isinstance(rule, str):
        return certain[rule], possible[rule]
    kind, below = branches(rule)
    bounds = [rule_bounds(branch, certain, possible) for branch in below]
    if kind == "not":
        holds, may_hold = bounds[0]
        return ~may_hold, ~holds
    holds, may_hold = (_at_least(n_needed(rule), list(part)) for part in zip(*bounds, strict=True))
    return holds, may_hold


def _at_least(needed: int, parts: list[Any]) -> Any:
    """Return whether at least so many parts hold, with and and or alone."""
    reached: list[Any] = []
    for part in parts:
        more = [part if k == 0 else reached[k - 1] & part for k in range(min(len(reached) + 1, needed))]
        reached = [more[k] if k == len(reached) else reached[k] | more[k] for k in range(len(more))]
    return reached[needed - 1]


def line_of(profile: Profile, key: str = KEY, part: str = "") -> int | None:
    """Return the line of the profile on which an entry, or a part of the rule, stands; None when it is not written.

    A part is a name, or the way to a place such as ``/all/0`` (see `helhed.profile.published_rules.lines_within`).
    """
    keys = (f"{key}#{part}", f"{key}/{part}", key, *((PICK,) if key == KEY else ()))
    return next((profile.lines[one] for one in keys if profile.lines.get(one)), None)
