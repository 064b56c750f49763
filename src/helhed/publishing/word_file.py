"""Parts of the Word files that are written from results: an A4 page in the house style, pictures, tables, bytes."""

import io
from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from helhed.plan.documents import plain_document
from helhed.plan.documents import word_bytes as word_bytes
from helhed.texts import language_tag

_BLUE = RGBColor(0x00, 0x4F, 0x7C)
_SHADE = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="DCE9F2"/>'
_SIZES = {"Title": 18, "Heading 1": 13, "Heading 2": 11}


def empty_document(title: str, lang: str, points: float = 10) -> WordDocument:
    """Return an A4 document in the language with a title and nothing else."""
    document = plain_document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(points)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _BLUE
        style.element.get_or_add_rPr().rFonts.attrib.clear()
        style.font.name = "Calibri"
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(3)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(2)
    document.core_properties.title, document.core_properties.author = title, "Helhed"
    speak(document, lang)
    document.add_heading(title, 0)
    return document


def speak(document: WordDocument, lang: str) -> None:
    """Say which language a document is in, for those who have it read aloud and for the spelling check."""
    document.core_properties.language = language_tag(lang)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language_tag(lang))
    document.styles["Normal"].element.get_or_add_rPr().append(spoken)


def add_picture(document: WordDocument, image: bytes, alt: str, width_cm: float) -> None:
    """Add a PNG with its alternative text."""
    picture = document.add_picture(io.BytesIO(image), width=Cm(width_cm))
    picture._inline.docPr.set("descr", alt)


def add_table(
    document: WordDocument,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths_cm: Sequence[float],
    points: float = 10,
) -> None:
    """Add a table whose head is repeated on each page and whose rows are not broken over two."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
        cell._tc.get_or_add_tcPr().append(parse_xml(_SHADE))
    _mark(table.rows[0], "w:tblHeader")
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, width in zip(row.cells, widths_cm, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(points)


def _mark(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
