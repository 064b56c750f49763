"""The guide's reference pages, written in each language from the declarations: nothing in them is typed twice."""

import tomllib
from collections.abc import Callable, Iterable
from functools import cache

from helhed.kit_files import folder as kit_folder
from helhed.profile.entries import Entry, declared_entries, presets, source_in, value_in_words
from helhed.tables import Column, Table, code_label, codes, tables
from helhed.texts import number, text

#: The municipality folders of the four model presets, in the order of their models.
MODELS = ("furesoe", "broendby", "roedovre", "assens")


def reference_page(page: str, lang: str) -> str:
    """Return a reference page as Markdown; ``page`` is a key of `PAGES`."""
    return PAGES[page](lang)


def glossary_page(lang: str) -> str:
    """Return the page of terms: Danish term, name in the code, meaning and source, in the Danish alphabet's order."""
    labels = [text(f"book.glossary_{part}", lang) for part in ("term", "name", "meaning", "source")]
    rows = [
        [term["term"], f"`{name}`" if term.get("in_code", True) else "–", term[lang], source_in(term["source"], lang)]
        for name, term in sorted(glossary().items(), key=lambda item: danish_order(item[1]["term"]))
    ]
    return _page("glossary", lang, [_table(labels, rows)])


def data_dictionary_page(lang: str) -> str:
    """Return the page of tables: each canonical table with its columns, units and codes."""
    parts = [_dictionary_table(table, lang) for table in tables().values()]
    parts.append(f"## {text('book.codes_title', lang)}")
    parts += [_code_list(name, lang) for name in codes()]
    return _page("dictionary", lang, parts)


def assumptions_page(lang: str) -> str:
    """Return the page of profile entries: unit, limits, default, source, ratings and the four models' own values."""
    parts = []
    for group in dict.fromkeys(entry.group for entry in declared_entries().values()):
        entries = [entry for entry in declared_entries().values() if entry.group == group]
        parts.append(f"## {text(f'book.group_{group}', lang)}")
        parts += [_assumption(entry, lang) for entry in entries]
    return _page("assumptions", lang, parts)


def references_page(lang: str) -> str:
    """Return the page of sources, by label; each has the anchor ``ref-<key>`` that pages cite."""
    ordered = sorted(references().items(), key=lambda item: danish_order(item[1]["label"]))
    return _page("references", lang, [_reference(key, source) for key, source in ordered])


PAGES: dict[str, Callable[[str], str]] = {
    "glossary": glossary_page,
    "data_dictionary": data_dictionary_page,
    "assumptions": assumptions_page,
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


def _page(name: str, lang: str, parts: Iterable[str]) -> str:
    head = [f"# {text(f'book.{name}_title', lang)}", text(f"book.{name}_intro", lang)]
    return "\n\n".join([*head, *parts]) + "\n"


def _reference(key: str, source: dict) -> str:
    address = f" <{source['url']}>" if source["url"] else ""
    return f"(ref-{key})=\n## {source['label']}\n\n*{source['title']}*. {source['publisher']}.{address}"


def _dictionary_table(table: Table, lang: str) -> str:
    title, grain = (table.da, table.grain_da) if lang == "da" else (table.en, table.grain_en)
    labels = [text(f"book.dictionary_{part}", lang) for part in ("column", "meaning", "kind", "unit", "required")]
    rows = [_column_row(column, lang) for column in table.columns]
    key = ", ".join(f"`{name}`" for name in table.key)
    grain_line = text("book.dictionary_grain", lang, grain=grain, columns=key)
    return f"## {title}: `{table.name}`\n\n{grain_line}\n\n{_table(labels, rows)}"


def _column_row(column: Column, lang: str) -> list[str]:
    kind = text(f"book.kind_{column.kind}", lang)
    if column.codes:
        kind += f" ([{column.codes}](#codes-{_slug(column.codes)}))"
    required = text("outputs.yes" if column.required else "outputs.no", lang)
    return [f"`{column.name}`", column.label(lang), kind, _unit(column, lang), required]


def _unit(column: Column, lang: str) -> str:
    limits = ""
    if column.minimum is not None or column.maximum is not None:
        low, high = (number(limit, lang) for limit in (column.minimum, column.maximum))
        limits = f"{low} … {high}"
    unit = text(f"book.unit_{_slug(column.unit)}", lang) if column.unit else ""
    return " ".join(part for part in (unit, limits) if part) or "–"


def _code_list(name: str, lang: str) -> str:
    labels = [text(f"book.code_{part}", lang) for part in ("code", "label")]
    rows = [[f"`{code}`", code_label(name, code, lang)] for code in codes()[name]]
    return f"(codes-{_slug(name)})=\n### `{name}`\n\n{_table(labels, rows)}"


def _assumption(entry: Entry, lang: str) -> str:
    labels = [text(f"book.assumption_{part}", lang) for part in ("what", "value")]
    rows = [
        [text("book.assumption_unit", lang), entry.unit_label(lang) or "–"],
        [text("book.assumption_limits", lang), _limits(entry, lang)],
        [text("book.assumption_default", lang), value_in_words(entry.default, lang)],
        [text("outputs.source", lang), source_in(entry.source, lang) or "–"],
        [text("book.assumption_quality", lang), text(f"book.rating_{entry.quality}", lang)],
        [text("book.assumption_impact", lang), text(f"book.rating_{entry.impact}", lang)],
    ]
    rows += [_model_row(model, entry, lang) for model in MODELS if entry.key in presets()[model]["settings"]]
    return f"### {_safe(entry.label(lang))}\n\n`{entry.key}`\n\n{_table(labels, rows)}"


def _model_row(model: str, entry: Entry, lang: str) -> list[str]:
    preset = presets()[model]["settings"][entry.key]
    value, source = value_in_words(preset["value"], lang), preset.get("source") or presets()[model]["source"]
    return [presets()[model]["title"], f"{value} ({source_in(source, lang)})"]


def _limits(entry: Entry, lang: str) -> str:
    if entry.choices:
        return ", ".join(f"`{choice}`" for choice in entry.choices)
    if entry.min is None and entry.max is None:
        return "–"
    return " … ".join(value_in_words(limit, lang) for limit in (entry.min, entry.max))


def _slug(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-").replace(".", "").replace("å", "aa")


def _safe(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _table(labels: list[str], rows: list[list[str]]) -> str:
    lines = [labels, ["---"] * len(labels), *([_safe(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
