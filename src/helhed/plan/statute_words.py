"""Rules of law in words: which version counts, and the questions where that is not known."""

from urllib.parse import urlsplit

from helhed.plan.law_by_day import Doubtful
from helhed.plan.statutes import Statute, acts
from helhed.texts import day, text


def name_and_version(rule: Statute, lang: str) -> str:
    """Return the rule's name with the version of it: "Barnets lov § 91 (in force from 1 January 2024)"."""
    return text("plan.law_version", lang, rule=rule.name(lang), valid=valid_in_words(rule, lang))


def valid_in_words(rule: Statute, lang: str) -> str:
    """Return from when and until when a version holds, as far as it is known."""
    ends = "_to" if rule.valid_to else ""
    first = "from" if rule.valid_from else "since_not_known"
    return text(f"plan.law_{first}{ends}", lang, first=day(rule.valid_from, lang), last=day(rule.valid_to, lang))


def doubt_in_words(item: Doubtful, lang: str) -> str:
    """Return the question on rules whose wording on some days is not known: check the wording in force on that day."""
    rules = text(
        "plan.law_rules" if len(item.statutes) > 1 else "plan.law_rule",
        lang,
        act=item.act.name(lang),
        sections=_listed([rule.section for rule in item.statutes], lang),
    )
    other_act = text("plan.law_other_act", lang)
    values = {
        "rules": rules,
        "days": _listed([day(one, lang) for one in item.days], lang),
        "first": day(min((r.valid_from for r in item.statutes if r.valid_from), default=None), lang),
        "last": day(max((r.valid_to for r in item.statutes if r.valid_to), default=None), lang),
        "read": day(max(rule.read_date for rule in item.statutes), lang),
        "before": _within(acts()[item.act.before].name(lang), lang) if item.act.before else other_act,
    }
    return text(f"plan.law_asked_{item.doubt}", lang, **values)


def _within(name: str, lang: str) -> str:
    """Return the name of an act as it is written within a sentence: in Danish with a small letter."""
    return name[:1].lower() + name[1:] if lang == "da" else name


def not_confirmed_in_words(rule: Statute, lang: str) -> str:
    """Return the question on something that was read about the law, but not in an act."""
    values = {"rule": rule.name(lang), "said": rule.rule(lang).rstrip("."), "site": urlsplit(rule.url).hostname}
    return text("plan.law_asked_not_confirmed", lang, **values)


def _listed(words: list[str], lang: str) -> str:
    """Return words in a row with "and" before the last."""
    *first, last = words
    return f"{', '.join(first)} {text('plan.law_and', lang)} {last}" if first else last
