"""The law in a plan's words: rules, what they want in it, what it may stand in for, and open questions."""

from helhed.plan.family_page import Wording, capital
from helhed.plan.law_by_day import doubts, not_confirmed, versions_used
from helhed.plan.law_in_plan import contents, replacements
from helhed.plan.model import FamilyPlan
from helhed.plan.statute_words import doubt_in_words, name_and_version, not_confirmed_in_words
from helhed.plan.statutes import Statute, open_questions, statutes
from helhed.texts import day, text

_ALWAYS_SHOWN = ("bl_32", "bl_91", "bl_92", "bl_95", "bl_110", "sel_141", "lab_42")
#: The rule whose address every document gives: the one on the joint plan itself.
_NOTED = "bl_110"


def law_in_words(plan: FamilyPlan, wording: Wording, has_consent: bool) -> dict:
    """Return the fields of a document that speak of the law."""
    return {
        "statutes": _statutes(plan, wording),
        "contents": _contents(plan, wording),
        "replacements": _replacements(plan, wording, has_consent),
        "law_questions": _questions(plan, wording.lang),
        "law_note": law_note(wording.lang),
    }


def law_note(lang: str) -> str:
    """Return the line that every output carries: check the current wording, and where."""
    rule = statutes()[_NOTED][-1]
    said = {"rule": name_and_version(rule, lang), "url": rule.url, "read": day(rule.read_date, lang)}
    return text("plan_documents.law_note", lang, **said)


def _statutes(plan: FamilyPlan, wording: Wording) -> list[dict]:
    used = {line.statute_id for line in plan.live_lines if line.statute_id} | set(_ALWAYS_SHOWN)
    return [
        {
            "name": name_and_version(rule, wording.lang),
            "text": rule.rule(wording.lang),
            "url": _places(rule, wording.lang),
            "read": day(rule.read_date, wording.lang),
        }
        for rule in versions_used(plan)
        if rule.id in used
    ]


def _places(rule: Statute, lang: str) -> str:
    """Return where a rule was read, in which edition and, where that is another place, where the wording is found."""
    check = text("plan_documents.check_wording_at", lang, url=rule.check_url) if rule.check_url else ""
    return "\n".join(part for part in (rule.url, rule.act.edition, check) if part)


def _contents(plan: FamilyPlan, wording: Wording) -> list[dict]:
    return [
        {
            "person": wording.who(plan, row.person_id),
            "rule": name_and_version(row.statute, wording.lang),
            "content": text(f"plan_documents.content_{row.content}", wording.lang),
            "state": text(f"plan_documents.content_is_{row.state}", wording.lang),
        }
        for row in contents(plan)
    ]


def _replacements(plan: FamilyPlan, wording: Wording, has_consent: bool) -> list[dict]:
    return [
        {
            "person": capital(wording.who(plan, row.person_id)),
            "rule": name_and_version(row.statute, wording.lang),
            "plan": text(f"plan_documents.replaces_{row.source_plan}", wording.lang),
            "state": text(f"plan_documents.replaces_{row.state}", wording.lang),
        }
        for row in replacements(plan, has_consent)
    ]


def _questions(plan: FamilyPlan, lang: str) -> list[dict]:
    """Return what is asked about the law: the wording on the plan's days, what no act was read for, what is open."""
    asked = [{"text": doubt_in_words(item, lang), "url": item.statutes[-1].url} for item in doubts(plan)]
    asked += [
        {"text": not_confirmed_in_words(rule, lang), "url": _places(rule, lang)} for rule in not_confirmed(plan.as_of)
    ]
    return asked + [{"text": one.asked(lang), "url": one.url or "–"} for one in open_questions().values()]
