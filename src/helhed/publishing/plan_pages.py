"""The guide's pages on the plan's rules of findings and of law, written in each language from their declarations."""

from helhed.plan.findings import RULES, Rule
from helhed.plan.statutes import Statute, open_questions, statutes
from helhed.profile.entries import declared_entries, value_in_words
from helhed.publishing.markdown_parts import page, safe, table
from helhed.texts import day, number, text

_GAP = "…"


def finding_rules_page(lang: str) -> str:
    """Return the page of findings: each rule's code, what it finds, the question it asks and its setting."""
    parts = [text("book.finding_rules_counts", lang, n=number(len(RULES), lang))]
    for severity in ("must_fix", "should_fix", "note"):
        rules = [rule for rule in RULES if rule.severity == severity]
        labels = [text(f"book.finding_rules_{part}", lang) for part in ("code", "finds", "says", "question", "limit")]
        title = text(f"plan.severity_{severity}", lang)
        parts += [f"## {title[:1].upper()}{title[1:]}", table(labels, [_finding_row(rule, lang) for rule in rules])]
    return page("finding_rules", lang, parts)


def _finding_row(rule: Rule, lang: str) -> list[str]:
    gaps = dict.fromkeys(("who", "what", "other", "source", "amount"), _GAP)
    entry = declared_entries().get(rule.limit)
    limit = value_in_words(entry.default, lang) if entry else _GAP
    return [
        f"`{rule.code}`",
        text(f"plan.rule_{rule.code}", lang),
        text(f"plan.finding_{rule.code}", lang, limit=limit, **gaps),
        text(f"plan.question_{rule.code}", lang, limit=limit, **gaps),
        f"`{rule.limit}`" if entry else "–",
    ]


def law_rules_page(lang: str) -> str:
    """Return the page of the law in the plan: each rule with source, day read, validity, and the open questions."""
    labels = [text(f"book.law_rules_{part}", lang) for part in ("rule", "says", "used", "valid", "source")]
    rows = [
        [rule.name(lang), rule.rule(lang), _use(rule, lang), _validity(rule, lang), _source(rule, lang)]
        for rule in statutes().values()
    ]
    asked = [
        f"- {safe(question.asked(lang))}{f' <{question.url}>' if question.url else ''}"
        for question in open_questions().values()
    ]
    parts = [
        table(labels, rows),
        f"## {text('book.law_rules_days', lang)}",
        text("book.law_rules_days_text", lang),
        f"## {text('book.law_rules_questions', lang)}",
        text("book.law_rules_questions_intro", lang),
        "\n".join(asked),
    ]
    return page("law_rules", lang, parts)


def _use(rule: Statute, lang: str) -> str:
    """Return what the kit does with a rule: a deadline, a check of content, plans to be replaced, or only its text."""
    said = []
    if rule.deadline:
        said.append(text("book.law_rules_deadline", lang, months=number(rule.deadline.months, lang)))
    if rule.content:
        names = "; ".join(text(f"plan_documents.content_{name}", lang) for name in rule.content)
        said.append(text("book.law_rules_content", lang, content=names))
    if rule.replaces:
        names = ", ".join(text(f"plan_documents.replaces_{name}", lang) for name in rule.replaces)
        said.append(text("book.law_rules_replaces", lang, plans=names))
    return " ".join(said) or text("book.law_rules_shown", lang)


def _validity(rule: Statute, lang: str) -> str:
    first = day(rule.valid_from, lang, "short") if rule.valid_from else _GAP
    last = day(rule.valid_to, lang, "short") if rule.valid_to else ""
    return f"{first} –{f' {last}' if last else ''}"


def _source(rule: Statute, lang: str) -> str:
    return f"[{text('book.law_rules_read', lang, date=day(rule.read_date, lang))}]({rule.url})"
