"""How a rule is written in the profile: the criteria there are to choose from, and a rule as one line of YAML."""

from typing import Any

from helhed.profile.published_rules import PICK
from helhed.selection.criteria import criteria
from helhed.texts import text


def rule_help(lang: str) -> list[str]:
    """Return how a rule is written and which criteria there are, a line each, for the profile to fill in."""
    named = [f"{name}: {criterion.label(lang)}" for name, criterion in criteria().items()]
    return [*text("why.rule_help", lang, pick=PICK).splitlines(), *(f"- {line}" for line in named)]


def rule_in_yaml(rule: Any) -> str:
    """Return a rule on one line of YAML.

    Examples
    --------
    >>> rule_in_yaml({"at_least": {"n": 2, "of": ["one_adult", {"not": "placed_child"}, "n_children"]}})
    '{at_least: {n: 2, of: [one_adult, {not: placed_child}, n_children]}}'
    """
    if isinstance(rule, dict):
        return "{" + ", ".join(f"{key}: {rule_in_yaml(part)}" for key, part in rule.items()) + "}"
    return "[" + ", ".join(map(rule_in_yaml, rule)) + "]" if isinstance(rule, list) else str(rule)
