"""Makes the Word documents about the coordinator's role: profile, job advert, supervision plan.

    python templates/make_role_documents.py

They are written to be changed: what stands in [square brackets] is the municipality's to fill in.
"""

import re
import tomllib
from pathlib import Path

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from make_templates import PORTRAIT_WIDTH_MM, empty_table, footer, new_document, note, write_documents

_TO_FILL_IN = re.compile(r"(\[[^\]]*\])")


def words(lang: str) -> dict:
    """Return the words of the documents in the language."""
    declared = tomllib.loads(Path(__file__).with_name("role_words.toml").read_text(encoding="utf-8"))
    return {name: texts[lang] for name, texts in declared.items()}


def role_profile(lang: str) -> WordDocument:
    """Return the role and competence profile."""
    w = words(lang)
    document = _begin(lang, w, "profile_title")
    _text(document, w, "purpose")
    _table(document, w, "tasks", (0.28, 0.72))
    _table(document, w, "authority", (0.4, 0.19, 0.12, 0.29))
    note(document, w["authority_note"])
    _table(document, w, "competences", (0.48, 0.1, 0.14, 0.28))
    _table(document, w, "frame", (0.45, 0.55))
    _list(document, w, "not_role")
    _table(document, w, "approved", (0.45, 0.55))
    return document


def job_advert(lang: str) -> WordDocument:
    """Return the skeleton of a job advert."""
    w = words(lang)
    document = _begin(lang, w, "advert_title")
    _paragraph(document, w["advert_lead"])
    for name in ("advert_do", "advert_are", "advert_offer"):
        _list(document, w, name)
    for name in ("advert_terms", "advert_apply"):
        _text(document, w, name)
    _paragraph(document, w["advert_equal"])
    return document


def supervision_plan(lang: str) -> WordDocument:
    """Return the supervision plan."""
    w = words(lang)
    document = _begin(lang, w, "supervision_title")
    _text(document, w, "supervision_why")
    _table(document, w, "supervision_forms", (0.2, 0.14, 0.15, 0.2, 0.31))
    _table(document, w, "supervision_new", (0.22, 0.24, 0.54))
    document.add_paragraph(w["supervision_year"], style="Heading 2")
    _grid(document, w["supervision_year_head"], [f"{month} |  |  | " for month in w["months"]], (0.2, 0.24, 0.26, 0.3))
    for name in ("supervision_rules", "supervision_signs"):
        _list(document, w, name)
    _paragraph(document, w["supervision_review"])
    return document


def _begin(lang: str, w: dict, title: str) -> WordDocument:
    document = new_document(lang, w[title])
    footer(document.sections[0], w)
    document.add_paragraph(w[title], style="Title").runs[0].font.size = None
    document.styles["Title"].font.size = document.styles["Heading 1"].font.size
    _paragraph(document, w["of"])
    note(document, w["fill_in"])
    return document


def _text(document: WordDocument, w: dict, name: str) -> None:
    document.add_paragraph(w[name], style="Heading 2")
    _paragraph(document, w[f"{name}_text"])


def _list(document: WordDocument, w: dict, name: str) -> None:
    document.add_paragraph(w[name], style="Heading 2")
    for line in w[f"{name}_rows"]:
        _paragraph(document, line, None if line.startswith("☐") else "List Bullet")


def _table(document: WordDocument, w: dict, name: str, shares: tuple[float, ...]) -> None:
    document.add_paragraph(w[name], style="Heading 2")
    _grid(document, w.get(f"{name}_head", ""), w[f"{name}_rows"], shares)


def _grid(document: WordDocument, head: str, rows: list[str], shares: tuple[float, ...]) -> None:
    """Add a table; without a head the first column is bold instead."""
    headings = [cell.strip() for cell in head.split("|")] if head else [""] * len(shares)
    empty_table(document, list(zip(headings, shares, strict=True)), len(rows), PORTRAIT_WIDTH_MM)
    grid = document.tables[-1]
    for row, line in zip(grid.rows[1:], rows, strict=True):
        row.height = None
        for position, (cell, content) in enumerate(zip(row.cells, line.split("|"), strict=True)):
            write_marked(cell.paragraphs[0], content.strip(), is_bold=not head and position == 0)
    if not head:
        grid._tbl.remove(grid.rows[0]._tr)
    # Every table is shorter than a page: it is moved whole rather than broken.
    for row in grid.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph()


def _paragraph(document: WordDocument, content: str, style: str | None = None) -> None:
    write_marked(document.add_paragraph(style=style), content)


def write_marked(paragraph, content: str, is_bold: bool | None = False) -> None:
    """Write a text into a paragraph, what is to be filled in marked yellow."""
    for part in _TO_FILL_IN.split(content):
        if part:
            run = paragraph.add_run(part)
            run.font.bold = is_bold or None
            if _TO_FILL_IN.fullmatch(part):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def main() -> None:
    """Write every document in both languages beside this file."""
    makers = {"rolleprofil": role_profile, "jobopslag": job_advert, "supervisionsplan": supervision_plan}
    write_documents(makers, Path(__file__).parent)


if __name__ == "__main__":
    main()
