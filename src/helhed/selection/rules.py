"""Reads the rule of the profile: a tree of criteria that a case worker can read aloud.

Leaves are criterion ids; nodes are ``{all: […]}``, ``{any: […]}``, ``{not: …}`` and ``{at_least: {n: 2, of: […]}}``.
What cannot be told stays so unless the rest decides it (Kleene's three-valued logic): a family is never silently left
out because data are missing.
"""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helhed.errors import Problem, ProfileNeedsWork
from helhed.profile import Profile
from helhed.profile.published_rules import PICK
from helhed.profile.reading import FILE_NAME
from helhed.selection.criteria import CANNOT_TELL, MET, STATUSES, Judged, criteria
from helhed.texts import text

KEY = "selection.rule"
_MET, _NOT_MET, _CANNOT_TELL = range(len(STATUSES))
#: Criteria that stand more than once in a rule and are tried out in every combination.
_MOST_REPEATED = 16
_NODES = ("all", "any", "not", "at_least")
#: Pairs of criteria: a family that meets the first meets the second, whatever the settings.
FOLLOWS = (
    ("all_adults_on_benefit", "adult_on_benefit"),
    ("open_child_case", "child_in_childrens_department"),
    ("child_disability_case", "child_in_childrens_department"),
)


def read_rule(profile: Profile, lang: str = "da") -> dict:
    """Return the profile's rule once it is known to be sound.

    Raises
    ------
    ProfileNeedsWork
        With one problem per fault: an unknown criterion (the nearest known one is named), a malformed node, a
        threshold that no family can reach, a rule that no family or every family meets.
    """
    rule = profile[KEY]
    problems = list(_malformed(rule, profile)) or [*_unreachable(rule, profile), *_senseless(rule, profile)]
    if problems:
        raise ProfileNeedsWork(problems, lang)
    return rule


def criteria_in(rule: Any) -> list[str]:
    """Return the criterion ids of a sound rule, each once, in the order in which they stand."""
    return list(dict.fromkeys(_leaves(rule)))


def parts(rule: Any) -> list[Any]:
    """Return what must all hold for the rule to hold: the branches of a top ``all``, else the rule itself."""
    return list(rule["all"]) if isinstance(rule, dict) and "all" in rule else [rule]


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
    kind, content = next(iter(rule.items()))
    if kind == "not":
        holds, may_hold = rule_bounds(content, certain, possible)
        return ~may_hold, ~holds
    branches = content["of"] if kind == "at_least" else content
    needed = {"all": len(branches), "any": 1}.get(kind) or content["n"]
    bounds = [rule_bounds(branch, certain, possible) for branch in branches]
    holds, may_hold = (_at_least(needed, list(part)) for part in zip(*bounds, strict=True))
    return holds, may_hold


def _at_least(needed: int, parts: list[Any]) -> Any:
    """Return whether at least so many parts hold, with and and or alone."""
    reached: list[Any] = []
    for part in parts:
        more = [part if k == 0 else reached[k - 1] & part for k in range(min(len(reached) + 1, needed))]
        reached = [more[k] if k == len(reached) else reached[k] | more[k] for k in range(len(more))]
    return reached[needed - 1]


def _leaves(rule: Any) -> Iterator[str]:
    if isinstance(rule, str):
        yield rule
        return
    kind, content = next(iter(rule.items()))
    branches = {"not": lambda: [content], "at_least": lambda: content["of"]}.get(kind, lambda: content)()
    for branch in branches:
        yield from _leaves(branch)


# ── faults ──


def _malformed(node: Any, profile: Profile) -> Iterator[Problem]:
    if isinstance(node, str):
        if node not in criteria():
            nearest = difflib.get_close_matches(node, list(criteria()), n=1, cutoff=0.0)
            yield _problem("unknown_criterion", profile, value=node, nearest=nearest[0])
        return
    if not isinstance(node, dict) or len(node) != 1 or next(iter(node)) not in _NODES:
        yield _problem("malformed_node", profile, value=str(node))
        return
    kind, content = next(iter(node.items()))
    if kind == "at_least":
        yield from _malformed_at_least(node, profile)
        return
    branches = [content] if kind == "not" else content
    if not isinstance(branches, list) or not branches:
        yield _problem("empty_branches", profile, value=kind)
        return
    for branch in branches:
        yield from _malformed(branch, profile)


def _malformed_at_least(node: dict, profile: Profile) -> Iterator[Problem]:
    content = node["at_least"]
    if not isinstance(content, dict) or set(content) != {"n", "of"} or not isinstance(content["of"], list):
        yield _problem("malformed_at_least", profile, value=str(node))
        return
    n, branches = content["n"], content["of"]
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= len(branches):
        yield _problem("at_least_out_of_range", profile, value=str(n), n_branches=len(branches))
    for branch in branches:
        yield from _malformed(branch, profile)


def _unreachable(rule: Any, profile: Profile) -> Iterator[Problem]:
    for name in criteria_in(rule):
        criterion = criteria()[name]
        if not criterion.reachable(profile):
            key = criterion.threshold_key or criterion.settings[0]
            row = profile.lines.get(key) or line_of(profile, part=name)
            value = str(profile[key])
            yield Problem(
                "selection.unreachable_threshold", file=FILE_NAME, row=row, column=key, value=value,
                details={"criterion": name, "settings": ", ".join(criterion.settings)},
            )  # fmt: skip


def _senseless(rule: Any, profile: Profile) -> Iterator[Problem]:
    """Yield the problem of a rule that holds for nobody or for everybody, whatever the criteria say.

    A criterion that stands once may come out either way on its own, so that three-valued logic decides exactly; only
    those that stand twice or more, or follow from one another, are tried out in all combinations that can be, up to
    `_MOST_REPEATED` of them.
    """
    stands = Counter(_leaves(rule))
    bound = {name for pair in FOLLOWS if set(pair) <= set(stands) for name in pair}
    repeated = sorted(name for name, n in stands.items() if n > 1 or name in bound)[:_MOST_REPEATED]
    cases = np.arange(2 ** len(repeated))
    tried = {name: (cases >> place) % 2 == 1 for place, name in enumerate(repeated)}
    can_be = np.all([np.ones(len(cases), dtype=bool), *(~tried[one] | tried[other] for one, other in _pairs(tried))], 0)
    tried = {name: is_so[can_be] for name, is_so in tried.items()}
    either, neither = np.ones(can_be.sum(), dtype=bool), np.zeros(can_be.sum(), dtype=bool)
    certain, possible = rule_bounds(rule, dict.fromkeys(stands, neither) | tried, dict.fromkeys(stands, either) | tried)
    about = {"part": repeated[0] if repeated else "", "criteria": ", ".join(repeated)}
    if not possible.any():
        yield _problem("rule_never_met", profile, **about)
    if certain.all():
        yield _problem("rule_always_met", profile, **about)


def _pairs(tried: dict[str, np.ndarray]) -> list[tuple[str, str]]:
    return [pair for pair in FOLLOWS if set(pair) <= set(tried)]


def line_of(profile: Profile, key: str = KEY, part: str = "") -> int | None:
    """Return the line of the profile on which an entry, or a part of the rule, stands; None when it is not written."""
    keys = (f"{key}/{part}", key, *((PICK,) if key == KEY else ()))
    return next((profile.lines[one] for one in keys if profile.lines.get(one)), None)


def _problem(code: str, profile: Profile, value: str = "", part: str = "", **details) -> Problem:
    row = line_of(profile, part=part or value)
    return Problem(f"selection.{code}", file=FILE_NAME, row=row, column=KEY, value=value, details=details)
