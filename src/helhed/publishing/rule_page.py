"""The guide's page of check rules, written in each language from their declarations."""

from collections import Counter
from collections.abc import Callable

from helhed.errors import SEVERITIES
from helhed.intake import RuleInWords, check_rules, with_sign
from helhed.publishing.markdown_parts import definitions, page, safe
from helhed.texts import number, text


def check_rules_page(lang: str, label_of_source: Callable[[str], str]) -> str:
    """Return the page of check rules: a section per table, in it each rule with what it finds, what to do, and why.

    The most severe rules of a table come first. ``label_of_source`` gives how pages cite a source of the guide's
    references.
    """
    by_area = check_rules(lang)
    severities = {rule.code: rule.severity for rules in by_area.values() for rule in rules}
    counts = Counter(severities.values())
    signs = {f"sign_{severity}": with_sign(severity, lang) for severity in SEVERITIES}
    named = {severity: number(counts[severity], lang) for severity in SEVERITIES}
    parts = [text("book.check_rules_counts", lang, n=number(len(severities), lang), **named, **signs)]
    for title, rules in by_area.items():
        ordered = sorted(rules, key=lambda rule: SEVERITIES.index(rule.severity))
        parts += [f"## {title}", definitions(_told(rule, lang, label_of_source) for rule in ordered)]
    return page("check_rules", lang, parts)


def _told(rule: RuleInWords, lang: str, label_of_source: Callable[[str], str]) -> tuple[str, list[str]]:
    """Return one rule as an entry of a list: its sign and code, and what it tells."""
    # What differs may end a sentence: its sign needs no full stop.
    found, _, to_do = (part.replace("….", "…") for part in safe(rule.message).partition(". "))
    facts = {
        "columns": ", ".join(safe(column) for column in rule.columns),
        "years": _years(rule.years),
        "why": _why(rule, label_of_source),
    }
    end = "" if found.endswith((".", "…", "?")) else "."
    lines = [f"**{found}{end}** {to_do}".strip()]
    lines += [f"{text(f'book.check_rules_{part}', lang)}: {words}" for part, words in facts.items() if words]
    return f"{with_sign(rule.severity, lang)} · `{rule.code}`", lines


def _years(years: tuple[int | None, int | None]) -> str:
    first, last = years
    return f"{first or ''}–{last or ''}" if first or last else ""


def _why(rule: RuleInWords, label_of_source: Callable[[str], str]) -> str:
    cited = f" [{label_of_source(rule.source)}](#ref-{rule.source})" if rule.source else ""
    return f"{safe(rule.why)}{cited}"
