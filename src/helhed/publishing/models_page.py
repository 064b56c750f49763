"""The guide's page of what the four models set differently: value and source of each setting, from their presets."""

from collections.abc import Sequence

from helhed.profile.entries import Entry, declared_entries, presets, source_in, value_in_words
from helhed.publishing.markdown_parts import definitions, page, safe
from helhed.selection.rules import rule_in_words
from helhed.texts import number, text


def models_page(lang: str, models: Sequence[str]) -> str:
    """Return the page: each setting that a model gives a value of its own, by group, with the default beside it.

    ``models`` are names of presets in the order they are shown.
    """
    chosen = {name: presets()[name]["settings"] for name in models}
    entries = [entry for key, entry in declared_entries().items() if any(key in given for given in chosen.values())]
    counts = {"n": number(len(entries), lang), "all": number(len(declared_entries()), lang)}
    parts = [text("book.models_counted", lang, **counts)]
    for group in dict.fromkeys(entry.group for entry in entries):
        parts.append(f"## {text(f'book.group_{group}', lang)}")
        parts += [_setting(entry, models, lang) for entry in entries if entry.group == group]
    return page("models", lang, parts)


def _setting(entry: Entry, models: Sequence[str], lang: str) -> str:
    """Return one setting: each model's own value with its source, and the default where a model has none."""
    own = [(presets()[name]["title"], [_given(entry, name, lang)]) for name in models]
    lines = [(title, told) for title, told in own if told[0]]
    unit = f" ({entry.unit_label(lang)})" if entry.unit_label(lang) else ""
    parts = [f"### {safe(entry.label(lang))}{unit}", definitions(lines)]
    if len(lines) < len(models):
        parts.append(text("book.models_default", lang, value=safe(value_in_words(entry.default, lang))))
    return "\n\n".join(parts)


def _given(entry: Entry, name: str, lang: str) -> str:
    given = presets()[name]["settings"].get(entry.key)
    if given is None:
        return ""
    source = source_in(given.get("source") or presets()[name]["source"], lang)
    in_words = rule_in_words if entry.key == "selection.rule" else value_in_words
    return f"{safe(in_words(given['value'], lang))} ({safe(source)})"
