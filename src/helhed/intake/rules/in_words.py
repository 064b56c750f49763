"""The check rules in words, table by table: what the guide's page and the commands show of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from helhed.errors import SEVERITIES, Severity, in_words
from helhed.intake.exports.preset import Preset, of_table, presets
from helhed.intake.rules import RULES
from helhed.intake.rules.reading import reading_rules
from helhed.intake.rules.rule import KEY, Rule, WholeRule
from helhed.tables import tables
from helhed.texts import catalogue, text

#: A rule that looks at more tables than this is told once, for all of them.
_SEVERAL = 5
#: Areas that are no canonical table, in the order of the page: before the tables, and after them.
_BEFORE, _AFTER = ("several",), ("profile",)


@dataclass(frozen=True)
class RuleInWords:
    """One check rule in words.

    Parameters
    ----------
    code, severity
        As the rule declares them.
    message
        What is wrong and what to do, with the rule's limits, and "…" for what differs from case to case.
    columns
        The columns to look at, in the language; empty for the row or the file as a whole.
    years
        First and last year of the data period in which the rule holds; None is open.
    why
        Why it matters, or where the limit comes from.
    source
        Key of the guide's references; empty when there is none.
    """

    code: str
    severity: Severity
    message: str
    columns: tuple[str, ...]
    years: tuple[int | None, int | None]
    why: str
    source: str


def check_rules(lang: str) -> dict[str, list[RuleInWords]]:
    """Return every check rule and every problem of reading in words, by the title of the table or area it looks at.

    A rule that looks at a few tables stands with each of them; one that looks at most of them, once.
    """
    of_area: dict[str, dict[str, list]] = {area: {} for area in (*_BEFORE, "benefit_week", *tables(), *_AFTER)}
    for rule in RULES:
        for area in _areas(rule):
            of_area[area].setdefault(rule.code, []).append(rule)
    by_title = {
        _title(area, lang): [_told(rules, area, lang) for rules in of_code.values()]
        for area, of_code in of_area.items()
        if of_code
    }
    return by_title | _while_reading(lang)


def _while_reading(lang: str) -> dict[str, list[RuleInWords]]:
    """Return the problems that are met before any check rule runs, by where they are met."""
    by_title: dict[str, list[RuleInWords]] = {}
    for rule in reading_rules():
        message, why = rule_message(rule.code, {}, lang), text(f"intake.why_{rule.why}", lang)
        told = RuleInWords(rule.code, rule.severities[0], message, (), (None, None), why, "")
        by_title.setdefault(text(f"intake.reading_{rule.area}", lang), []).append(told)
    return by_title


def rule_message(code: str, limits: dict, lang: str) -> str:
    """Return a problem's message with the limits of its rule, and "…" for what differs from case to case."""
    known = defaultdict(lambda: "…", in_words(limits, lang))
    key = code if "." in code else f"intake.{code}"
    return catalogue()[key][lang].format_map(known)


def rule_title(code: str, lang: str) -> str:
    """Return the first sentence of a problem's message, with "…" for what differs from case to case."""
    return rule_message(code, {}, lang).split(". ")[0].rstrip(".")


def rules_about(preset: Preset, lang: str) -> list[tuple[str, str]]:
    """Return the check rules that look at an export: severity and what is wrong, the most severe first."""
    found = {
        (rule.severity, rule_title(rule.code, lang))
        for rule in RULES
        if isinstance(rule, Rule) and rule.looks_at(preset, preset.gives())
    }
    return sorted(found, key=lambda item: (SEVERITIES.index(item[0]), item[1]))


def _areas(rule: Rule | WholeRule) -> Iterable[str]:
    if not rule.tables:
        return ("profile",)
    return ("several",) if len(rule.tables) > _SEVERAL else rule.tables


def _title(area: str, lang: str) -> str:
    if area in tables():
        return tables()[area].da if lang == "da" else tables()[area].en
    return text(f"intake.area_{area}", lang)


def _told(rules: list[Rule | WholeRule], area: str, lang: str) -> RuleInWords:
    """Return the rules of one code in an area as one rule: they differ in their column alone."""
    first = rules[0]
    columns = dict.fromkeys(label for rule in rules for label in _column_labels(rule, area, lang))
    return RuleInWords(
        first.code,
        first.severity,
        rule_message(first.code, first.limits, lang),
        tuple(columns),
        first.years,
        text(f"intake.why_{first.why}", lang) if first.why else "",
        first.source,
    )


def _column_labels(rule: Rule | WholeRule, area: str, lang: str) -> list[str]:
    column = getattr(rule, "column", "")
    if not column or (column == KEY and area == "several"):
        return []
    known = of_table(presets(), area).values()
    name = next((preset.key[0] for preset in known if preset.key), "") if column == KEY else column
    canonical = [one for one in (tables()[area].columns if area in tables() else ()) if one.name == name]
    headings = [preset.heading_of(name) for preset in known if preset.has(name)]
    return [one.label(lang) for one in canonical] or headings[:1]
