"""Rules of target groups that others have published, beside those of the models: data in ``rules/``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


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
    folder = resources.files("helhed.profile").joinpath("rules")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {rule.name: rule for rule in map(_rule, files)}


def _rule(file) -> PublishedRule:
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return PublishedRule(
        file.name.removesuffix(".toml"),
        {"da": declared["title"], "en": declared["title_en"]},
        declared["source"],
        {"da": declared["note"], "en": declared["note_en"]},
        declared["settings"],
    )
