"""The indicators' sheets: one printed page each in Word, and the page of the guide, from the same declarations."""

from collections.abc import Mapping

from docx.enum.text import WD_BREAK
from docx.shared import Pt

from helhed.monitoring import Indicator, indicator_catalogue
from helhed.monitoring.outputs import definition_rows
from helhed.publishing.markdown_parts import page, safe, slug, table
from helhed.publishing.word_file import add_table, empty_document, word_bytes
from helhed.texts import number, text

_WIDTHS_CM = (4.2, 12.4)


def indicator_sheets(lang: str, sources: Mapping[str, dict]) -> bytes:
    """Return the Word file of all indicators: a page of contents, then one page for each with room for notes.

    ``sources`` is the guide's list of references: key to ``label``, ``title`` and ``publisher``.
    """
    declared = list(indicator_catalogue().values())
    document = empty_document(text("monitoring_outputs.sheets_title", lang), lang, points=11)
    document.add_paragraph(text("monitoring_outputs.sheets_intro", lang, n=number(len(declared), lang)))
    for indicator in declared:
        document.add_paragraph(indicator.label(lang), style="List Number")
    for indicator in declared:
        _sheet(document, indicator, sources, lang)
    return word_bytes(document)


def indicators_page(lang: str, sources: Mapping[str, dict]) -> str:
    """Return the page of the guide: every indicator with every field of its declaration."""
    heads = [text(f"monitoring_outputs.column_{key}", lang) for key in ("field", "told")]
    parts = [text("monitoring_outputs.page_counts", lang, n=number(len(indicator_catalogue()), lang))]
    for indicator in indicator_catalogue().values():
        rows = table(heads, [list(row) for row in definition_rows(indicator, lang)])
        title = f"(indicator-{slug(indicator.id)})=\n## {safe(indicator.label(lang))}"
        cited = ", ".join(f"[{sources[key]['label']}](#ref-{key})" for key in indicator.source)
        parts += [title, rows, *([f"{text('monitoring_outputs.field_source', lang)}: {cited}."] if cited else [])]
    return page("indicators", lang, parts)


def _sheet(document, indicator: Indicator, sources: Mapping[str, dict], lang: str) -> None:
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_heading(indicator.label(lang), 1)
    heads = [text(f"monitoring_outputs.column_{key}", lang) for key in ("field", "told")]
    cited = "; ".join(f"{sources[key]['title']}. {sources[key]['publisher']}" for key in indicator.source)
    more = [(text("monitoring_outputs.field_source", lang), cited)] if cited else []
    add_table(document, heads, [*definition_rows(indicator, lang), *more], _WIDTHS_CM)
    document.add_heading(text("monitoring_outputs.sheets_own", lang), 2)
    for key in ("owner", "local_target", "agreed", "notes"):
        line = document.add_paragraph(f"{text(f'monitoring_outputs.sheets_{key}', lang)}: {'_' * 48}")
        line.paragraph_format.space_after = Pt(9)
