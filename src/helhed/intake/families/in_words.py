"""How persons become families, rule by rule, in words: for the guide's page and for those who ask why."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helhed.intake.families.homes import ADULT_YEARS
from helhed.intake.families.kinship import YOUNGEST_PARENT_YEARS
from helhed.profile import declared_entries

#: The anchor of the source on the page of sources.
SOURCE = "dst-familier"


@dataclass(frozen=True)
class FamilyRule:
    """One rule: what it says and how it relates to Statistics Denmark's families.

    ``dst`` is ``same``, ``differs`` or ``finer`` (Statistics Denmark knows more than the extract holds). ``words``
    holds ``label``, ``rule`` and ``dst`` by language.
    """

    id: str
    dst: str
    words: dict[str, dict[str, str]]


@cache
def family_rules_in_words() -> dict[str, FamilyRule]:
    """Return every rule by id, in the order in which they are used; limits are the profile's defaults."""
    file = resources.files(__package__).joinpath("rules.toml")
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: FamilyRule(name, rule["dst"], _words(rule)) for name, rule in declared.items()}


def _words(rule: dict[str, str]) -> dict[str, dict[str, str]]:
    limits = {name: declared_entries()[f"data.{name}"].default for name in _SETTINGS}
    limits |= {"adult_years": ADULT_YEARS, "youngest_parent_years": YOUNGEST_PARENT_YEARS}
    keys = {lang: {"label": f"label_{lang}", "rule": lang, "dst": f"dst_{lang}"} for lang in ("da", "en")}
    return {lang: {part: rule[key].format(**limits) for part, key in parts.items()} for lang, parts in keys.items()}


_SETTINGS = ("adult_child_max_years", "couple_max_gap_years")
