"""The indicators' sheets: one printed page each in Word, and the page of the guide, from the same declarations."""

from collections.abc import Mapping, Sequence

from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.shared import Pt

from helhed.monitoring import Indicator, indicator_catalogue
from helhed.monitoring.outputs import definition_rows
from helhed.publishing.markdown_parts import page, safe, slug, table
from helhed.publishing.word_file import add_table, empty_document, word_bytes
from helhed.texts import number, text

_WIDTHS_CM = (4.2, 12.4)
#: What a municipality writes on a sheet itself, in the order of the lines.
OWN_LINES = ("owner", "local_target", "agreed", "notes")


def indicator_sheets(lang: str, sources: Mapping[str, dict]) -> bytes:
    """Return the Word file of all indicators: a page of contents, then one page for each with room for notes.

    ``sources`` is the guide's list of references: key to ``label``, ``title`` and ``publisher``.
    """
    declared = list(indicator_catalogue().values())
    document = _contents(declared, [text("monitoring_outputs.sheets_intro", lang, n=number(len(declared), lang))], lang)
    for indicator in declared:
        _sheet(document, indicator, sources, lang)
        _own_lines(document, dict.fromkeys(OWN_LINES, "_" * 48), lang)
    return word_bytes(document)


def chosen_sheets(lang: str, sources: Mapping[str, dict], chosen: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the Word file of the indicators that an invented municipality chose, as it has filled in their sheets.

    Parameters
    ----------
    sources
        As for `indicator_sheets`.
    chosen
        Indicator to what is written on its sheet: a key of `OWN_LINES` to the text.
    """
    declared = [indicator_catalogue()[name] for name in chosen]
    counts = {"n": number(len(declared), lang), "of": number(len(indicator_catalogue()), lang)}
    told = [text("downloads.invented", lang), text("monitoring_outputs.sheets_chosen", lang, **counts)]
    document = _contents(declared, told, lang)
    for indicator, written in zip(declared, chosen.values(), strict=True):
        _sheet(document, indicator, sources, lang)
        _own_lines(document, written, lang)
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


def _contents(declared: Sequence[Indicator], told: Sequence[str], lang: str) -> WordDocument:
    """Return a document with its first page: what it is, and the indicators that follow."""
    document = empty_document(text("monitoring_outputs.sheets_title", lang), lang, points=11)
    for line in told:
        document.add_paragraph(line)
    for indicator in declared:
        document.add_paragraph(indicator.label(lang), style="List Number")
    return document


def _sheet(document: WordDocument, indicator: Indicator, sources: Mapping[str, dict], lang: str) -> None:
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_heading(indicator.label(lang), 1)
    heads = [text(f"monitoring_outputs.column_{key}", lang) for key in ("field", "told")]
    cited = "; ".join(f"{sources[key]['title']}. {sources[key]['publisher']}" for key in indicator.source)
    more = [(text("monitoring_outputs.field_source", lang), cited)] if cited else []
    add_table(document, heads, [*definition_rows(indicator, lang), *more], _WIDTHS_CM)


def _own_lines(document: WordDocument, own: Mapping[str, str], lang: str) -> None:
    document.add_heading(text("monitoring_outputs.sheets_own", lang), 2)
    for key in OWN_LINES:
        line = document.add_paragraph(f"{text(f'monitoring_outputs.sheets_{key}', lang)}: {own[key]}")
        line.paragraph_format.space_after = Pt(9)
