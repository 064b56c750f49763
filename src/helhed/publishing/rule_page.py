"""The guide's page of check rules, written in each language from their declarations."""

from collections import Counter
from collections.abc import Callable

from helhed.intake import RuleInWords, check_rules
from helhed.publishing.markdown_parts import page, table
from helhed.texts import number, text


def check_rules_page(lang: str, label_of_source: Callable[[str], str]) -> str:
    """Return the page of check rules: a section per table with code, what is found, columns, years, why and source.

    ``label_of_source`` gives how pages cite a source of the guide's references.
    """
    by_area = check_rules(lang)
    severities = {rule.code: rule.severity for rules in by_area.values() for rule in rules}
    counts = {severity: number(n, lang) for severity, n in Counter(severities.values()).items()}
    named = {severity: counts.get(severity, "0") for severity in ("must_fix", "should_fix", "note")}
    head = text("book.check_rules_counts", lang, n=number(len(severities), lang), **named)
    parts = [head]
    for title, rules in by_area.items():
        parts += [f"## {title}", _rules_table(rules, lang, label_of_source)]
    return page("check_rules", lang, parts)


def _rules_table(rules: list[RuleInWords], lang: str, label_of_source: Callable[[str], str]) -> str:
    labels = [
        text(f"book.check_rules_{part}", lang) for part in ("code", "severity", "finds", "columns", "years", "why")
    ]
    rows = [
        [
            f"`{rule.code}`",
            text(f"intake.{rule.severity}", lang),
            rule.message,
            ", ".join(rule.columns) or "–",
            _years(rule.years),
            _why(rule, label_of_source),
        ]
        for rule in rules
    ]
    return table(labels, rows)


def _years(years: tuple[int | None, int | None]) -> str:
    first, last = years
    return f"{first or ''}–{last or ''}" if first or last else "–"


def _why(rule: RuleInWords, label_of_source: Callable[[str], str]) -> str:
    cited = f" [{label_of_source(rule.source)}](#ref-{rule.source})" if rule.source else ""
    return f"{rule.why}{cited}" or "–"
