"""Whether the rule of the profile is sound: every fault is told with its line before anything is read or run."""

import difflib
import re
from collections.abc import Iterator
from typing import Any

from helhed.errors import Problem, ProfileNeedsWork
from helhed.profile import Profile, declared_entries
from helhed.profile.reading import FILE_NAME
from helhed.selection.declared import Criterion, criteria
from helhed.selection.rule_logic import never_and_always
from helhed.selection.rule_tree import criteria_in, read_leaf
from helhed.selection.rules import KEY, line_of
from helhed.texts import LANGUAGES

_NODES = ("all", "any", "not", "at_least")
_ORDER, _ABSENCE = "selection.order_by", "selection.absence_share"
#: A section of law: the act, then its number, perhaps with a letter and a paragraph.
_SECTION = re.compile(r"\S.*§+\s*\d+\s*\w?\b.*")
#: A criterion with a threshold behind it.
_WITH_THRESHOLD = re.compile(r"\s*(\w+)\s*(?:>=|=>|<=|=<|[<>=≥≤:])\s*[\d.,]+\s*%?\s*")


def read_rule(profile: Profile, lang: str = "da") -> dict:
    """Return the profile's rule once it is known to be sound.

    Raises
    ------
    ProfileNeedsWork
        With one problem per fault: an unknown criterion (the nearest known one is named), a malformed node, the same
        criterion counted twice, a list that is empty or names something twice, a threshold that no family can reach
        or that every family reaches, a rule that no family or every family meets.
    """
    problems = rule_problems(profile)
    if problems:
        raise ProfileNeedsWork(problems, lang)
    return profile[KEY]


def rule_problems(profile: Profile) -> list[Problem]:
    """Return the faults of the profile's rule and of what shapes it, each with its line; none when it is sound."""
    settings = [*_listed_wrongly(profile), *_without_threshold(profile), *_wrong_sections(profile)]
    malformed = list(_malformed(profile[KEY], profile, ""))
    return settings + (malformed or [*_unreachable(profile), *_senseless(profile)])


# ── the tree ──


def _malformed(node: Any, profile: Profile, at: str) -> Iterator[Problem]:
    """Yield the faults of a node; ``at`` is the way to it from the top of the rule, as its line is looked up."""
    if isinstance(node, str):
        yield from _malformed_leaf(node, profile, at)
        return
    if not isinstance(node, dict) or len(node) != 1 or next(iter(node)) not in _NODES:
        yield _malformed_node(node, profile, at)
        return
    kind, content = next(iter(node.items()))
    if kind == "at_least":
        yield from _malformed_at_least(node, profile, at)
        return
    if kind == "not":
        yield from _malformed(content, profile, f"{at}/not")
        return
    if not isinstance(content, list) or not content:
        yield _problem("empty_branches", profile, value=kind, part=f"{at}/{kind}")
        return
    yield from _malformed_branches(content, profile, f"{at}/{kind}")


def _malformed_branches(branches: list, profile: Profile, at: str) -> Iterator[Problem]:
    for place, branch in enumerate(branches):
        yield from _malformed(branch, profile, f"{at}/{place}")


def _malformed_leaf(name: str, profile: Profile, at: str) -> Iterator[Problem]:
    if name in criteria():
        return
    base, threshold = read_leaf(name)
    if threshold is not None and base in criteria() and criteria()[base].threshold_key:
        yield from _wrong_threshold(base, name, threshold, profile, at)
        return
    own_threshold = _WITH_THRESHOLD.fullmatch(name)
    if own_threshold and own_threshold[1] in criteria():
        yield _own_threshold(own_threshold[1], name, profile, at)
        return
    nearest = _nearest(name)
    code = "unknown_criterion" if nearest else "unlike_any_criterion"
    yield _problem(code, profile, value=name, part=at, nearest=nearest, known=", ".join(criteria()))


def _nearest(name: str) -> str:
    """Return the criterion whose name, or label in either language, is most like a word; nothing when none is."""
    called = {one.label(lang).lower(): one.id for one in criteria().values() for lang in LANGUAGES}
    called |= {one.replace("_", " "): one for one in criteria()}
    words = name.lower().replace("_", " ").replace("-", " ")
    return next((called[found] for found in difflib.get_close_matches(words, called, n=1, cutoff=0.6)), "")


def _malformed_node(node: Any, profile: Profile, at: str) -> Problem:
    name, content = next(iter(node.items())) if isinstance(node, dict) and len(node) == 1 else (None, None)
    if name in criteria() and isinstance(content, (int, float, dict)):
        return _own_threshold(name, str(node), profile, at)
    return _problem("malformed_node", profile, value=str(node), part=at)


def _wrong_threshold(base: str, written: str, threshold: float, profile: Profile, at: str) -> Iterator[Problem]:
    """Yield the problem of a leaf whose own threshold is outside what the criterion's entry allows."""
    entry = declared_entries()[criteria()[base].threshold_key]
    value = int(threshold) if entry.kind == "int" and threshold.is_integer() else threshold
    if threshold <= 0 or not entry.fits(value):
        limits = entry.limits() or "0 – 1"
        yield _problem("own_threshold_out_of_range", profile, value=written, part=at, criterion=base, limits=limits)


def _own_threshold(name: str, written: str, profile: Profile, at: str) -> Problem:
    """Return the problem of a criterion whose own threshold is written in a way that is not read."""
    key = criteria()[name].threshold_key
    code = "threshold_in_rule" if key else "no_threshold"
    example = str(profile[key]) if key else ""
    return _problem(code, profile, value=written, part=at, criterion=name, entry=key, example=example)


def _malformed_at_least(node: dict, profile: Profile, at: str) -> Iterator[Problem]:
    content, at = node["at_least"], f"{at}/at_least"
    if not isinstance(content, dict) or set(content) != {"n", "of"} or not isinstance(content["of"], list):
        yield _problem("malformed_at_least", profile, value=str(node), part=at)
        return
    n, branches = content["n"], content["of"]
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= len(branches):
        yield _problem("at_least_out_of_range", profile, value=str(n), part=f"{at}/n", n_branches=len(branches))
    for branch in _twice(branches):
        yield _problem("counted_twice", profile, value=str(branch), part=f"{at}/of/{_second(branches, branch)}")
    yield from _malformed_branches(branches, profile, f"{at}/of")


def _twice(items: list) -> list:
    """Return what stands more than once, each once."""
    return [one for place, one in enumerate(items) if items.index(one) == place and items.count(one) > 1]


def _second(items: list, one: Any) -> int:
    """Return the place at which something stands for the second time."""
    return items.index(one, items.index(one) + 1)


# ── what shapes it ──


def _listed_wrongly(profile: Profile) -> Iterator[Problem]:
    for key, entry in declared_entries().items():
        if entry.group == "selection" and entry.kind == "choices":
            for twice in _twice(profile[key]):
                yield _setting("listed_twice", key, profile, value=twice)
    if not profile[_ORDER]:
        yield _setting("no_order", _ORDER, profile, choices=declared_entries()[_ORDER].limits())


def _without_threshold(profile: Profile) -> Iterator[Problem]:
    if profile[_ABSENCE] <= 0:
        yield _setting("threshold_is_zero", _ABSENCE, profile, value=str(profile[_ABSENCE]))


def _wrong_sections(profile: Profile) -> Iterator[Problem]:
    key = "selection.sections"
    for section in (part.strip() for part in profile[key].split(";")):
        if section and not _SECTION.fullmatch(section):
            yield _setting("no_section", key, profile, value=section)


def _unreachable(profile: Profile) -> Iterator[Problem]:
    for name in criteria_in(profile[KEY]):
        criterion = criteria()[name]
        if not criterion.reachable(profile):
            yield _empty(criterion, profile) or _too_high(criterion, profile)


def _empty(criterion: Criterion, profile: Profile) -> Problem | None:
    """Return the problem of an entry of the criterion that names nothing at all; none when each names something."""
    for key in criterion.settings:
        value = profile[key]
        if isinstance(value, (str, list)) and not (value.replace(";", "").strip() if isinstance(value, str) else value):
            return _setting("empty_setting", key, profile, criterion=criterion.id)
    return None


def _too_high(criterion: Criterion, profile: Profile) -> Problem:
    if criterion.own_threshold is not None:
        settings = ", ".join(criterion.settings)
        return _problem("unreachable_own_threshold", profile, value=criterion.id, settings=settings)
    key = criterion.threshold_key or criterion.settings[0]
    about = {"criterion": criterion.id, "settings": ", ".join(criterion.settings)}
    row = profile.lines.get(key) or line_of(profile, part=criterion.id)
    value = str(profile[key])
    return Problem("selection.unreachable_threshold", file=FILE_NAME, row=row, column=key, value=value, details=about)


def _senseless(profile: Profile) -> Iterator[Problem]:
    is_never, is_always, decided_by = never_and_always(profile[KEY], profile)
    about = {"part": decided_by[0] if decided_by else "", "criteria": ", ".join(decided_by)}
    if is_never:
        yield _problem("rule_never_met", profile, **about)
    if is_always:
        yield _problem("rule_always_met", profile, **about)


def _problem(code: str, profile: Profile, value: str = "", part: str = "", **details) -> Problem:
    row = line_of(profile, part=part or value)
    return Problem(f"selection.{code}", file=FILE_NAME, row=row, column=KEY, value=value, details=details)


def _setting(code: str, key: str, profile: Profile, value: str = "", **details) -> Problem:
    return Problem(
        f"selection.{code}", file=FILE_NAME, row=line_of(profile, key), column=key, value=value, details=details
    )
