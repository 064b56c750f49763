"""Makes the Word template of the data protection impact assessment: run it to get the kit's own look back.

    python templates/make_impact_assessment.py

A municipality with a form of its own puts it, with the same fields in curly braces, into its folder ``templates``.
"""

import io
import tomllib
from pathlib import Path

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from make_templates import LANGUAGES, PORTRAIT_WIDTH_MM, footer, loop, new_document, note, table

from helhed.plan.documents import same_bytes

NAME = "konsekvensanalyse"


def words(lang: str) -> dict:
    """Return the fixed words of the template in the language."""
    file = Path(__file__).with_name("impact_assessment_words.toml")
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: texts[lang] for name, texts in declared.items()}


def impact_assessment(lang: str) -> WordDocument:
    """Return the template in the language."""
    w = words(lang)
    document = new_document(lang, w["title"])
    footer(document.sections[0], w)
    document.add_paragraph(w["title"], style="Title")
    note(document, w["of"], 10)
    document.add_paragraph("{%p if notice %}")
    document.add_paragraph("{{ notice }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph(w["reading"])
    _processing(document, w)
    document.add_paragraph(w["proportion"], style="Heading 2")
    _to_write(document, w["proportion_ask"])
    _risks(document, w)
    for heading in ("rights", "access", "fair"):
        document.add_paragraph(w[heading], style="Heading 2")
        loop(document, heading, "{{ row.text }}", "List Bullet")
        loop(document, f"{heading}_to_write", "{{ row.text }}", "List Bullet")
        _marked(document.paragraphs[-2])
    document.add_paragraph(w["conclusion"], style="Heading 2")
    _to_write(document, w["conclusion_ask"])
    note(document, w["basis_of_form"])
    return document


def _processing(document: WordDocument, w: dict) -> None:
    document.add_paragraph(w["system"], style="Heading 2")
    loop(document, "system", "{{ row.text }}", "List Bullet")
    document.add_paragraph(w["rule"], style="Heading 2")
    document.add_paragraph("{{ rule }}")
    document.add_paragraph(w["sources"], style="Heading 2")
    columns = [(w["source"], "source", 0.2), (w["basis"], "basis", 0.32), (w["purpose"], "purpose", 0.2)]
    columns += [(w["members"], "members", 0.13), (w["rows"], "rows", 0.15)]
    table(document, "sources", columns, PORTRAIT_WIDTH_MM, 9)
    note(document, w["sources_note"])
    document.add_paragraph(w["fields"], style="Heading 2")
    columns = [(w["source"], "source", 0.2), (w["kept"], "fields", 0.48), (w["criteria"], "criteria", 0.32)]
    table(document, "sources", columns, PORTRAIT_WIDTH_MM, 9)
    note(document, w["fields_note"])


def _risks(document: WordDocument, w: dict) -> None:
    document.add_paragraph(w["risks"], style="Heading 2")
    columns = [(w["risk"], "risk", 0.3), (w["measure"], "measure", 0.45), (w["municipality_measure"], "own", 0.25)]
    table(document, "risks", columns, PORTRAIT_WIDTH_MM, 9)
    for run in document.tables[-1].cell(2, 2).paragraphs[0].runs:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _to_write(document: WordDocument, content: str) -> None:
    """Add a paragraph that only the municipality can write, marked in yellow."""
    _marked(document.add_paragraph(content))


def _marked(paragraph) -> None:
    for run in paragraph.runs:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def main():
    """Write the template in both languages beside this file."""
    for lang in LANGUAGES:
        buffer = io.BytesIO()
        impact_assessment(lang).save(buffer)
        Path(__file__).with_name(f"{NAME}_{lang}.docx").write_bytes(same_bytes(buffer.getvalue()))


if __name__ == "__main__":
    main()
