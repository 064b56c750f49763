"""The guide's pages on the plan's rules of findings and of law, written in each language from their declarations."""

from helhed.errors import SEVERITIES
from helhed.plan.findings import RULES, Rule
from helhed.plan.statute_words import not_confirmed_in_words, valid_in_words
from helhed.plan.statutes import Statute, open_questions, statutes
from helhed.profile.entries import declared_entries, value_in_words
from helhed.publishing.markdown_parts import definitions, page, safe
from helhed.texts import day, number, text

_GAP = "…"


def finding_rules_page(lang: str) -> str:
    """Return the page of findings: each rule's code, what it finds, the question it asks and its setting."""
    parts = [text("book.finding_rules_counts", lang, n=number(len(RULES), lang))]
    for severity in SEVERITIES:
        title = text(f"plan.severity_{severity}", lang)
        rules = (_finding_rule(rule, lang) for rule in RULES if rule.severity == severity)
        parts += [f"## {title[:1].upper()}{title[1:]}", definitions(rules)]
    return page("finding_rules", lang, parts)


def _finding_rule(rule: Rule, lang: str) -> tuple[str, list[str]]:
    """Return one rule as an entry of a list: what it looks for and its code, then what it says and asks."""
    gaps = dict.fromkeys(("who", "what", "other", "source", "amount"), _GAP)
    entry = declared_entries().get(rule.limit)
    limit = value_in_words(entry.default, lang) if entry else _GAP
    told = {part: safe(text(f"plan.{part}_{rule.code}", lang, limit=limit, **gaps)) for part in ("finding", "question")}
    lines = [told["finding"], f"{text('book.finding_rules_question', lang)}: {told['question']}"]
    if entry:
        lines.append(f"{text('book.finding_rules_limit', lang)}: {safe(entry.label(lang))}, {limit} (`{rule.limit}`)")
    return f"{safe(text(f'plan.rule_{rule.code}', lang))} · `{rule.code}`", lines


def law_rules_page(lang: str) -> str:
    """Return the page of the law in the plan: each version of each rule with source and validity, and the questions.

    What was read somewhere else than in an act stands among the questions.
    """
    versions = [version for found in statutes().values() for version in found]
    asked = [
        f"- {safe(not_confirmed_in_words(rule, lang))} {_source(rule, lang)}" for rule in versions if not rule.confirmed
    ]
    asked += [
        f"- {safe(question.asked(lang))}{f' <{question.url}>' if question.url else ''}"
        for question in open_questions().values()
    ]
    parts = [
        definitions(_law_rule(rule, lang) for rule in versions if rule.confirmed),
        f"## {text('book.law_rules_versions', lang)}",
        text("book.law_rules_versions_text", lang),
        f"## {text('book.law_rules_days', lang)}",
        text("book.law_rules_days_text", lang),
        f"## {text('book.law_rules_questions', lang)}",
        text("book.law_rules_questions_intro", lang),
        "\n".join(asked),
    ]
    return page("law_rules", lang, parts)


def _law_rule(rule: Statute, lang: str) -> tuple[str, list[str]]:
    """Return one version of a rule as an entry of a list: its name, then what it says, its use, validity and source."""
    facts = {"used": safe(_use(rule, lang)), "valid": valid_in_words(rule, lang), "source": _source(rule, lang)}
    lines = [
        safe(rule.rule(lang)),
        *(f"{text(f'book.law_rules_{part}', lang)}: {said}" for part, said in facts.items()),
    ]
    return safe(rule.name(lang)), lines


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


def _source(rule: Statute, lang: str) -> str:
    read = f"[{text('book.law_rules_read', lang, date=day(rule.read_date, lang))}]({rule.url})"
    check = text("plan_documents.check_wording_at", lang, url=f"<{rule.check_url}>") if rule.check_url else ""
    return " · ".join(part for part in (read, safe(rule.act.edition), check) if part)
