"""Rules of target groups that others have published: those of the models, and further ones in ``rules/``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helhed.errors import Problem
from helhed.profile.entries import data_files, declared_entries, presets

#: The profile entry of the rule.
RULE = "selection.rule"
#: The profile entry that picks a published rule by name, and its choice for "none but the model's or our own".
PICK, OF_MODEL = "selection.rule_preset", "model"
#: Entries of the selection that belong to a municipality and not to a rule.
_NOT_OF_A_RULE = ("selection.places", "selection.order_by", "selection.inflow_months", "selection.seed", PICK)


@dataclass(frozen=True)
class PublishedRule:
    """One published rule: what it is called, where it stands, how it is read here, and the entries it sets."""

    name: str
    titles: dict[str, str]
    source: str
    notes: dict[str, str]
    settings: dict[str, Any]

    def title(self, lang: str) -> str:
        """Return the rule's name in the language."""
        return self.titles[lang]

    def note(self, lang: str) -> str:
        """Return in the language what the rule says, and what the exports cannot show of it."""
        return self.notes[lang]


@cache
def published_rules() -> dict[str, PublishedRule]:
    """Return every published rule by name."""
    return {name: _rule(name, declared) for name, declared in data_files("rules").items()}


def _rule(name: str, declared: dict) -> PublishedRule:
    titles, notes = ({"da": declared[key], "en": declared[f"{key}_en"]} for key in ("title", "note"))
    return PublishedRule(name, titles, declared["source"], notes, declared["settings"])


def rule_entries() -> tuple[str, ...]:
    """Return the profile entries that belong to a rule: the rule, its thresholds, and what counts."""
    keys = (key for key, entry in declared_entries().items() if entry.group == "selection")
    return tuple(key for key in keys if key not in _NOT_OF_A_RULE)


def stated_by(name: str) -> dict[str, dict[str, Any]]:
    """Return what a published rule or a model's rule states, by profile entry: ``value``, ``source`` and ratings.

    Parameters
    ----------
    name
        A name of `published_rules` or of `helhed.profile.entries.presets`.
    """
    if name in published_rules():
        rule = published_rules()[name]
        return {key: {"value": value, "source": rule.source} for key, value in rule.settings.items()}
    return {key: given for key, given in presets()[name]["settings"].items() if key in rule_entries()}


def picked(own: Mapping[str, Any]) -> str:
    """Return the published rule that the municipality picked; ``model`` when it picked none."""
    return own[PICK].value if PICK in own else OF_MODEL


def two_rules(own: Mapping[str, Any], file_name: str, row: int | None) -> list[Problem]:
    """Return the problem of a profile that picks a published rule and writes one of its own."""
    if RULE not in own or picked(own) == OF_MODEL:
        return []
    return [Problem("profile.two_rules", file=file_name, row=row, column=RULE, value=picked(own))]


def lines_within(node: Any, key: str, path: str = "") -> dict[str, int]:
    """Return the line of every part of a rule: the first of a name as ``<key>/<name>``, and each by its place.

    A name is a criterion, or ``all``, ``any`` and the like. A place is ``<key>#`` and the way to it, such as
    ``selection.rule#/all/0`` for the first part of a rule that begins with ``all``.
    """
    found: dict[str, int] = {}
    places = list(enumerate(node)) if isinstance(node, list) else list(node.items()) if isinstance(node, dict) else []
    for at, part in places:
        line = node.lc.item(at)[0] if isinstance(node, list) else node.lc.value(at)[0]
        names = [str(name) for name in (part if isinstance(node, list) else at, part) if isinstance(name, str)]
        of_place = node.lc.item(at)[0] if isinstance(node, list) else node.lc.key(at)[0]
        # an entry with an owner and the like holds its rule under "value"
        way = path if at == "value" else f"{path}/{at}"
        found = {f"{key}/{name}": line + 1 for name in names} | found | {f"{key}#{way}": of_place + 1}
        found |= {name: row for name, row in lines_within(part, key, way).items() if name not in found}
    return found
