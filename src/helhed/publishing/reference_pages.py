"""The guide's reference pages, written in each language from the declarations: nothing in them is typed twice."""

import re
import tomllib
from collections.abc import Callable
from functools import cache

from helhed.intake.families.forming import UNPLACED_REASONS
from helhed.intake.families.in_words import SOURCE, FamilyRule, family_rules_in_words
from helhed.kit_files import folder as kit_folder
from helhed.profile.entries import Entry, courses, declared_entries, presets, source_in, value_in_words
from helhed.profile.years import known_years
from helhed.publishing.adaptation_log import adaptation_log_page
from helhed.publishing.data_dictionary import data_dictionary_page
from helhed.publishing.downloads_page import downloads_page
from helhed.publishing.evaluation_proof import evaluation_proof_page
from helhed.publishing.indicator_sheets import indicators_page
from helhed.publishing.libraries_page import libraries_page
from helhed.publishing.markdown_parts import definitions, page, safe, table
from helhed.publishing.models_page import models_page
from helhed.publishing.passport_documents import passport_page
from helhed.publishing.plan_pages import finding_rules_page, law_rules_page
from helhed.publishing.promises_page import promises_page
from helhed.publishing.rule_page import check_rules_page
from helhed.publishing.self_assessment_documents import self_assessment_page
from helhed.publishing.side_by_side_page import side_by_side_page
from helhed.texts import text

#: The municipality folders of the four model presets, in the order of their models.
MODELS = ("furesoe", "broendby", "roedovre", "assens")
#: The sources as a file for a reference manager, beside the page of sources.
BIBLIOGRAPHY = "helhed.bib"
_NOTHING = "–"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def reference_page(name: str, lang: str) -> str:
    """Return a reference page as Markdown; ``name`` is a key of `PAGES`."""
    return PAGES[name](lang)


def glossary_page(lang: str) -> str:
    """Return the page of terms: Danish term, name in the code, meaning and source, in the Danish alphabet's order."""
    labels = [text(f"book.glossary_{part}", lang) for part in ("term", "name", "meaning", "source")]
    rows = [
        [term["term"], f"`{name}`" if term.get("in_code", True) else "–", term[lang], source_in(term["source"], lang)]
        for name, term in sorted(glossary().items(), key=lambda item: danish_order(item[1]["term"]))
    ]
    return page("glossary", lang, [table(labels, rows)])


def assumptions_page(lang: str) -> str:
    """Return the page of profile entries: unit, limits, default, source, ratings, models' values, changes by year."""
    parts = []
    for group in dict.fromkeys(entry.group for entry in declared_entries().values()):
        entries = [entry for entry in declared_entries().values() if entry.group == group]
        parts.append(f"## {text(f'book.group_{group}', lang)}")
        parts += [_assumption(entry, lang) for entry in entries]
    # The list beside the page names the groups alone: with every setting it would be a page of its own.
    return "---\ntocdepth: 2\n---\n\n" + page("assumptions", lang, [*parts, *_by_year(lang)])


def family_rules_page(lang: str) -> str:
    """Return the page of how persons become families: each rule, what Statistics Denmark does, who has no family."""
    head = [text("book.family_rules_dst", lang, anchor=f"#ref-{SOURCE}"), _title("rules", lang)]
    rules = [_family_rule(rule, lang) for rule in family_rules_in_words().values()]
    reasons = [f"- {text(f'intake.unplaced_{reason}', lang)}." for reason in UNPLACED_REASONS]
    unplaced = [_title("unplaced", lang), text("book.family_rules_unplaced_intro", lang), "\n".join(reasons)]
    return page("family_rules", lang, [*head, *rules, *unplaced])


def references_page(lang: str) -> str:
    """Return the page of sources, by label; each has the anchor ``ref-<key>`` that pages cite."""
    ordered = sorted(references().items(), key=lambda item: danish_order(item[1]["label"]))
    file = text("book.references_file", lang, file=f"{{download}}`{BIBLIOGRAPHY} <{BIBLIOGRAPHY}>`")
    return page("references", lang, [file, *(_reference(key, source) for key, source in ordered)])


def bibliography() -> str:
    """Return every source as BibTeX, by its key; the year is the one that its publisher or its label names."""
    return "\n".join(_bibtex(key, source) for key, source in sorted(references().items()))


def _bibtex(key: str, source: dict) -> str:
    year = _YEAR.search(f"{source['publisher']} {source['label']} {source['title']}")
    fields = {"title": f"{{{source['title']}}}", "howpublished": source["publisher"], "year": year and year[0]}
    fields |= {"url": source["url"], "note": source["label"]}
    lines = [f"  {name} = {{{_bibtex_words(words, name)}}}" for name, words in fields.items() if words]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_words(words: str, field: str) -> str:
    """Return words without the signs that BibTeX reads as marks; an address stays as it is."""
    return words if field == "url" else re.sub(r"([&%#_$])", r"\\\1", words)


def indicator_page(lang: str) -> str:
    """Return the page of indicators, each with every field of its declaration and its sources."""
    return indicators_page(lang, references())


def rules_page(lang: str) -> str:
    """Return the page of check rules, table by table (see `helhed.publishing.rule_page`)."""
    return check_rules_page(lang, lambda key: references()[key]["label"])


def readiness_page(lang: str) -> str:
    """Return the page of the self-assessment of a municipality's readiness."""
    return self_assessment_page("readiness", lang, references())


def four_models_page(lang: str) -> str:
    """Return the page of what the four models set differently."""
    return models_page(lang, MODELS)


def fidelity_page(lang: str) -> str:
    """Return the page of the self-assessment of the coordinator's role."""
    return self_assessment_page("fidelity", lang, references())


def implementation_passport_page(lang: str) -> str:
    """Return the page of the implementation passport."""
    return passport_page(lang, references())


def adaptations_page(lang: str) -> str:
    """Return the page of the adaptation log."""
    return adaptation_log_page(lang, references())


PAGES: dict[str, Callable[[str], str]] = {
    "downloads": downloads_page,
    "glossary": glossary_page,
    "data_dictionary": data_dictionary_page,
    "assumptions": assumptions_page,
    "family_rules": family_rules_page,
    "check_rules": rules_page,
    "finding_rules": finding_rules_page,
    "law_rules": law_rules_page,
    "indicators": indicator_page,
    "evaluation_proof": evaluation_proof_page,
    "promises": promises_page,
    "libraries": libraries_page,
    "ten_municipalities": side_by_side_page,
    "readiness": readiness_page,
    "fidelity": fidelity_page,
    "passport": implementation_passport_page,
    "models": four_models_page,
    "adaptation_log": adaptations_page,
    "references": references_page,
}


@cache
def references() -> dict[str, dict]:
    """Return every source by its anchor: ``label``, ``title``, ``publisher`` and ``url`` (may be empty)."""
    return tomllib.loads((kit_folder("book") / "references.toml").read_text(encoding="utf-8"))


@cache
def glossary() -> dict[str, dict]:
    """Return every term by its name in the code: ``term`` (Danish), ``da`` and ``en`` meaning, ``source``."""
    return tomllib.loads((kit_folder("book") / "glossary.toml").read_text(encoding="utf-8"))


def danish_order(word: str) -> list[int]:
    """Return a sorting key by the Danish alphabet: æ, ø and å last.

    Examples
    --------
    >>> sorted(["å", "ø", "æ", "z", "a"], key=danish_order)
    ['a', 'z', 'æ', 'ø', 'å']
    """
    alphabet = "abcdefghijklmnopqrstuvwxyzæøå"
    return [alphabet.find(letter) for letter in word.casefold()]


def _title(part: str, lang: str) -> str:
    return f"## {text(f'book.family_rules_{part}', lang)}"


def _family_rule(rule: FamilyRule, lang: str) -> str:
    words = rule.words[lang]
    relation = text(f"book.family_rules_dst_{rule.dst}", lang)
    return f"### {words['label']}\n\n{words['rule']}\n\n*{relation}* {words['dst']}"


def _reference(key: str, source: dict) -> str:
    address = f" <{source['url']}>" if source["url"] else ""
    return f"(ref-{key})=\n## {source['label']}\n\n*{source['title']}*. {source['publisher']}.{address}"


def _assumption(entry: Entry, lang: str) -> str:
    facts = {
        "assumption_default": value_in_words(entry.default, lang),
        "assumption_unit": entry.unit_label(lang) or _NOTHING,
        "assumption_limits": _limits(entry, lang),
    }
    told = [
        f"{text(f'book.{name}', lang)}: {safe(words).rstrip('.')}."
        for name, words in facts.items()
        if words != _NOTHING
    ]
    ratings = {"quality": entry.quality, "impact": entry.impact}
    rated = [
        f"{text(f'book.assumption_{name}', lang)}: {text(f'book.rating_{one}', lang)}." for name, one in ratings.items()
    ]
    lines = [*([" ".join(told)] if told else []), " ".join([*rated, _source(entry, lang)])]
    given = [(presets()[model]["title"], presets()[model]) for model in MODELS]
    given += [(course[f"title_{lang}"], course) for course in courses().values()]
    lines += [_preset_line(title, preset, entry, lang) for title, preset in given if entry.key in preset["settings"]]
    return f"### {safe(entry.label(lang))}\n\n{definitions([(f'`{entry.key}`', lines)])}"


def _source(entry: Entry, lang: str) -> str:
    source = source_in(entry.source, lang)
    return f"{text('outputs.source', lang)}: {safe(source).rstrip('.')}." if source else ""


def _by_year(lang: str) -> list[str]:
    """Return what each year changed, the newest first; the first known year states where everything began."""
    years, entries = known_years(), declared_entries()
    facts = {"first": str(years.first), "newest": str(years.newest)}
    parts = [f"## {text('book.years_title', lang)}", text("book.years_intro", lang, **facts)]
    labels = [text("outputs.assumption", lang), text("outputs.value", lang), text("outputs.source", lang)]
    for year, changed in sorted(years.changes.items(), reverse=True):
        rows = [
            [f"{entries[key].label(lang)} (`{key}`)", value_in_words(one.value, lang), source_in(one.source, lang)]
            for key, one in sorted(changed.items())
        ]
        parts += [f"### {year}", table(labels, rows)]
    return parts


def _preset_line(title: str, preset: dict, entry: Entry, lang: str) -> str:
    given = preset["settings"][entry.key]
    value, source = value_in_words(given["value"], lang), given.get("source") or preset["source"]
    return f"{safe(title)}: {safe(value)} ({safe(source_in(source, lang))})"


def _limits(entry: Entry, lang: str) -> str:
    if entry.choices:
        return ", ".join(f"`{choice}`" for choice in entry.choices)
    if entry.min is None and entry.max is None:
        return _NOTHING
    return " … ".join(value_in_words(limit, lang) for limit in (entry.min, entry.max))
