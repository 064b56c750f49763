"""Makes a blank form of every template with fields, for those who fill it in by hand: ``<template>_blank_<language>``.

    python templates/make_blanks.py

Each is the template itself, filled with lines to write on instead of a family's plan, so that the two never part. Run
it after a change of a template, with `make templates`. The same input gives the same files.
"""

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from make_impact_assessment import NAME as IMPACT_ASSESSMENT
from make_impact_assessment import words as impact_assessment_words
from make_role_documents import write_marked
from make_templates import LANDSCAPE_WIDTH_MM, LANGUAGES, OVERVIEW_SHARE, empty_table, note, words

from helhed.plan.documents import word_bytes
from helhed.plan.family_page import capital
from helhed.plan.fields import FIELDS, KINDS
from helhed.plan.law_words import law_note
from helhed.plan.statutes import statutes
from helhed.plan.template_check import environment
from helhed.plan.views import DEPARTMENTS
from helhed.publishing.impact_assessment import RISKS
from helhed.tables import code_label
from helhed.texts import text

HERE = Path(__file__).resolve().parent
DATA_REQUEST, FAMILY_PLAN = "databestilling", "familiens_plan"
NAMES = (*KINDS, DATA_REQUEST, IMPACT_ASSESSMENT)
#: What is written where a line or a cell is to be: it is put in its place when the form has been filled.
_LINE = "_" * 24
_ONLY_LINES = re.compile(r"[_, ]*__[_, ]*")
_ROWS = 3
_ROW_MM, _MONTHS = 9, 12


def blank(name: str, lang: str) -> bytes:
    """Return the blank form of a template in the language."""
    declared = tomllib.loads((HERE / "blank_words.toml").read_text(encoding="utf-8"))
    template = DocxTemplate(io.BytesIO((HERE / f"{name}_{lang}.docx").read_bytes()))
    template.init_docx()
    document = template.docx
    fixed = impact_assessment_words(lang) if name == IMPACT_ASSESSMENT else words(lang)
    for section in document.sections:
        # The template's foot names municipality, day and family: written once, at the head, is enough by hand.
        for run in section.footer.paragraphs[0].runs[:1]:
            run.text = f"{fixed['page']} "
    template.render(_fields(name, declared, lang), jinja_env=environment())
    instead = declared.get(name, {}).get("instead", {})
    _reword(document, {fixed[key]: said[lang] for key, said in instead.items()})
    for place, paragraph in enumerate(_paragraphs(document)):
        _to_write_on(paragraph, place)
    for table in document.tables:
        _roomy(table)
    if name == FAMILY_PLAN:
        _overview(document, fixed, declared, lang)
    note(document, declared["about"][lang])
    document.paragraphs[0]._p.addprevious(document.paragraphs[-1]._p)
    return word_bytes(document)


def _fields(name: str, declared: dict, lang: str) -> dict:
    """Return what each field of a template stands for: a line to write on, unless something is declared."""
    own = declared.get(name, {})
    said = {key: value[lang] for key, value in (declared["fields"] | own.get("fields", {})).items()}
    lists = {key: [{"text": line} for line in value[lang]] for key, value in own.get("lists", {}).items()}
    empty = {
        field: _LINE if parts is None else [dict.fromkeys(parts, _LINE)] * declared["rows"].get(field, _ROWS)
        for field, parts in FIELDS.items()
    }
    known = {"notice": "", "hidden": "", "law_note": law_note(lang)}
    lines = [{"text": _LINE}] * 2
    known["now"] = [{"name": said["person"], "lines": lines}] * _ROWS
    known["shares"] = [{"department": capital(code_label("department", one, lang)), "today": ""} for one in DEPARTMENTS]
    known["children_party"] = text("plan_documents.children_party", lang, age=statutes()["bl_3"][-1].age)
    of_kind = {DATA_REQUEST: _data_request, IMPACT_ASSESSMENT: _impact_assessment}.get(name)
    return {**empty, **known, **said, **(of_kind(declared, said, lang) if of_kind else {}), **lists}


def _data_request(declared: dict, said: dict[str, str], lang: str) -> dict:
    columns = [dict.fromkeys(("heading", "wanted", "meaning"), "")] * declared["rows"]["file_columns"]
    delivery = text("exports.letter_delivery", lang).strip().splitlines()
    line = text("exports.letter_line", lang, title=said["file"], file=said["file_name"])
    return {
        "title": text("exports.letter_title", lang, system=said["system"]),
        "files": [{"line": line, "columns": columns}],
        "unused": [{"text": text("exports.not_unused_notes", lang)}, {"text": _LINE}],
        "delivery": [{"text": line} for line in delivery],
    }


def _impact_assessment(declared: dict, said: dict[str, str], lang: str) -> dict:
    parts = ("source", "basis", "purpose", "members", "rows", "fields", "criteria")
    risks = [{"risk": text(f"law.risk_{name}_what", lang), "measure": "", "own": ""} for name in RISKS]
    empty = [dict.fromkeys(("risk", "measure", "own"), "")]
    return {
        "sources": [dict.fromkeys(parts, "")] * declared["rows"]["sources"],
        "risks": risks + empty,
        **dict.fromkeys(("rights", "access", "fair"), []),
    }


def _paragraphs(document: WordDocument) -> Iterator[Paragraph]:
    for element in list(document.element.body.iter(qn("w:p"))):
        yield Paragraph(element, document)


def _reword(document: WordDocument, instead: dict[str, str]) -> None:
    """Replace the paragraphs that are true of what the kit has filled in only; leave out those without other words.

    A paragraph is known by its words up to the first field, since the fields are filled already.
    """
    starts = {words.split("{{")[0]: said for words, said in instead.items()}
    for paragraph in _paragraphs(document):
        for start, said in starts.items():
            if paragraph.text.startswith(start) and said:
                paragraph.runs[0].text = said
            elif paragraph.text.startswith(start):
                paragraph._p.getparent().remove(paragraph._p)


def _to_write_on(paragraph: Paragraph, place: int) -> None:
    """Make a paragraph of nothing but underscores a ruled line, or an empty cell; mark what stands in brackets."""
    if "[" in paragraph.text:
        content, is_bold = paragraph.text, paragraph.runs[0].bold
        paragraph.clear()
        write_marked(paragraph, content, is_bold)
    elif _ONLY_LINES.fullmatch(paragraph.text):
        for run in paragraph.runs:
            run.text = ""
        if paragraph._p.getparent().tag != qn("w:tc") or paragraph.style.name == "List Bullet":
            _rule(paragraph, place)


def _rule(paragraph: Paragraph, place: int) -> None:
    """Put a line under a paragraph: it stays where it is when something is written on it."""
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(6), Pt(4)
    borders = OxmlElement("w:pBdr")
    # Neighbours with the same line become one box with a single line: every second one is a shade apart.
    shade = ("8A98A5", "8A98A6")[place % 2]
    line = OxmlElement("w:bottom")
    for key, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "1"), ("w:color", shade)):
        line.set(qn(key), value)
    borders.append(line)
    # The order of the parts is fixed by the file format: borders stand before the spacing.
    spacing = paragraph._p.pPr.find(qn("w:spacing"))
    spacing.addprevious(borders)
    # The bullets of a list stand close; here each needs the room of a line written by hand.
    close = OxmlElement("w:contextualSpacing")
    close.set(qn("w:val"), "0")
    spacing.addnext(close)


def _roomy(table: Table) -> None:
    """Give each row with a cell to write in the height of handwriting, and keep the table on one page."""
    for row in table.rows:
        if not all(cell.text.strip() for cell in row.cells):
            row.height = Mm(_ROW_MM)
    # Every table is shorter than a page: it is moved whole rather than broken.
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _overview(document: WordDocument, w: dict[str, str], declared: dict, lang: str) -> None:
    """Put tables in place of the two pictures of the overview: months to colour, and who is around the family."""
    pictures = next(table for table in document.tables if table.style.name != "Table Grid")
    left, right = pictures.rows[0].cells
    n_rows, share = declared["rows"]["overview"], 0.055
    months = [("", share)] * _MONTHS
    heads = [(declared["overview_what"][lang], 1 - share * _MONTHS), *months]
    _table_in(document, left, heads, n_rows, LANDSCAPE_WIDTH_MM * OVERVIEW_SHARE - 6)
    heads = [(w["network"], 0.5), (declared["overview_helps"][lang], 0.5)]
    _table_in(document, right, heads, n_rows, LANDSCAPE_WIDTH_MM * (1 - OVERVIEW_SHARE) - 4)
    note(document, declared["overview_note"][lang])
    pictures._tbl.addprevious(document.paragraphs[-1]._p)


def _table_in(
    document: WordDocument, cell: _Cell, heads: list[tuple[str, float]], n_rows: int, width_mm: float
) -> None:
    empty_table(document, heads, n_rows, width_mm)
    grid = document.tables[-1]
    grid.rows[0].height = Mm(_ROW_MM)
    # A cell ends with a paragraph: the one that is there already.
    cell.paragraphs[0]._p.addprevious(grid._tbl)


def main() -> None:
    """Write the blank form of each template in both languages beside this file."""
    for name in NAMES:
        for lang in LANGUAGES:
            (HERE / f"{name}_blank_{lang}.docx").write_bytes(blank(name, lang))


if __name__ == "__main__":
    main()
