"""The data dictionary: every canonical table with its columns, where it comes from and which steps read it."""

from helhed.intake import declared_workbook, presets
from helhed.publishing.markdown_parts import page, slug, table
from helhed.publishing.runner import STEPS
from helhed.tables import Column, Table, code_label, codes, tables
from helhed.texts import number, text

#: Exports that become a table only after they are worked up: benefits by week become spells.
_BECOMES = {"benefit_week": "benefit_spell"}


def data_dictionary_page(lang: str) -> str:
    """Return the page of tables: each canonical table with meaning, sources, steps, columns, limits and codes."""
    parts = [_table_part(each, lang) for each in tables().values()]
    parts.append(f"## {text('book.codes_title', lang)}")
    parts += [_code_list(name, lang) for name in codes()]
    return page("dictionary", lang, parts)


def sources_of(name: str, lang: str) -> list[str]:
    """Return what fills a table: the titles of its exports, then the tables it is built from."""
    in_other_languages = {file for other, file in declared_workbook()["file"].items() if other != lang}
    exports = [
        each.title[lang]
        for each in presets().values()
        if _BECOMES.get(each.table, each.table) == name and each.workbook not in in_other_languages
    ]
    built = [tables()[other].label(lang) for other in tables()[name].built_from]
    return exports + [text("book.dictionary_built", lang, table=label) for label in built]


def _table_part(each: Table, lang: str) -> str:
    labels = [text(f"book.dictionary_{part}", lang) for part in ("column", "name", "meaning", "kind")]
    rows = [
        [f"`{column.name}`", column.label(lang), column.meaning(lang), _kind(column, lang)] for column in each.columns
    ]
    key = ", ".join(f"`{name}`" for name in each.key)
    grain = text("book.dictionary_grain", lang, grain=each.grain(lang), columns=key)
    sources = text("book.dictionary_sources", lang, sources="; ".join(sources_of(each.name, lang)))
    head = f"(table-{slug(each.name)})=\n## {each.label(lang)}: `{each.name}`"
    return "\n\n".join([head, each.meaning(lang), f"{grain} {sources} {_steps(each, lang)}", table(labels, rows)])


def _steps(each: Table, lang: str) -> str:
    if not each.steps:
        return text("book.dictionary_no_steps", lang)
    links = ", ".join(f"{{doc}}`/notebooks/{STEPS[step]}`" for step in each.steps)
    return text("book.dictionary_steps", lang, steps=links)


def _kind(column: Column, lang: str) -> str:
    kind = text(f"book.kind_{column.kind}", lang)
    if column.codes:
        kind += f" ([{column.codes}](#codes-{slug(column.codes)}))"
    required = text("book.dictionary_required" if column.required else "book.dictionary_optional", lang)
    unit = text(f"book.unit_{slug(column.unit)}", lang) if column.unit else ""
    return ", ".join(part for part in (kind, unit, _limits(column, lang), required) if part)


def _limits(column: Column, lang: str) -> str:
    low, high = (None if each is None else number(each, lang) for each in (column.minimum, column.maximum))
    if low is None:
        return ""
    key = "dictionary_from" if high is None else "dictionary_between"
    return text(f"book.{key}", lang, low=low, high=high)


def _code_list(name: str, lang: str) -> str:
    labels = [text(f"book.code_{part}", lang) for part in ("code", "label")]
    rows = [[f"`{code}`", code_label(name, code, lang)] for code in codes()[name]]
    return f"(codes-{slug(name)})=\n### `{name}`\n\n{table(labels, rows)}"
