"""Forms of a plan as Word files: tables with lists to choose from, read back from the tables' headings."""

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from helhed.errors import Problem
from helhed.office_files import DamagedFile, word_document
from helhed.plan.documents import plain_document, word_bytes
from helhed.plan.field_types import writable
from helhed.plan.forms.content import FormContent, is_fixed
from helhed.plan.forms.layout import Field, Sheet, prompt_of
from helhed.plan.forms.raw import RawForm, RawRow, RawSheet, fields_of, raw_sheet
from helhed.plan.forms.values import written
from helhed.texts import language_tag

_BLUE, _GREY = RGBColor(0x00, 0x4F, 0x7C), RGBColor(0x5A, 0x5A, 0x5A)
_HEAD_FILL, _FIXED_FILL = "DCE9F2", "E8E8E8"
#: A4 across with margins of 20 mm, in twentieths of a point.
_WIDTH = 14570
_CARD_HEAD = 3000
_WIDER = ("goal", "action", "what", "question", "answer", "participants", "note")
#: No space after the lines of a table: two cards then stand on a page.
_TIGHT = '<w:spacing w:after="0" w:line="228" w:lineRule="auto"/>'
#: Of what a table shows at least this share of a sheet's headings, it is read as that sheet.
_ENOUGH = 0.5
#: Elements of a paragraph's text and what they stand for; what a change of the text struck out is left aside.
_SIGNS = {"t": None, "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def word_form(content: FormContent) -> bytes:
    """Return a form as the bytes of a Word file."""
    document = _document(content)
    for sheet in content.sheets:
        document.add_heading(sheet.title(content.lang), 1)
        _small(document, sheet.help(content.lang))
        for table in _tables(content, sheet):
            document.element.body.insert(-1, parse_xml(table))
            document.add_paragraph()
    return word_bytes(document)


def _document(content: FormContent) -> WordDocument:
    document = plain_document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(16)
    for name, size in (("Normal", 10), ("Title", 22), ("Heading 1", 15)):
        style = document.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        for mark in ("asciiTheme", "hAnsiTheme"):
            style.element.get_or_add_rPr().get_or_add_rFonts().attrib.pop(qn(f"w:{mark}"), None)
    document.styles["Normal"].paragraph_format.space_after = Pt(2)
    for name in ("Title", "Heading 1"):
        document.styles[name].font.color.rgb = _BLUE
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = content.title, "Helhed", "Helhed", ""
    core.language = language_tag(content.lang)
    core.created = core.modified = datetime(2025, 1, 1)
    document.add_heading(content.title, 0)
    for line in content.how:
        document.add_paragraph(line)
    return document


def _small(document: WordDocument, words: str) -> None:
    run = document.add_paragraph().add_run(words)
    run.font.size, run.font.color.rgb = Pt(9), _GREY


def _tables(content: FormContent, sheet: Sheet) -> Iterator[str]:
    rows = [*content.rows[sheet.name], *({} for _ in range(sheet.n_spare))]
    if sheet.is_card:
        for row in rows:
            cells = [
                _row(_head(field, content.lang, _CARD_HEAD), _cell(content, sheet, field, row, _WIDTH - _CARD_HEAD))
                for field in sheet.fields
            ]
            cells[-1] = cells[-1].replace("<w:keepNext/>", "")
            yield _table([_CARD_HEAD, _WIDTH - _CARD_HEAD], cells)
        return
    widths = _widths(sheet)
    heads = "".join(_head(field, content.lang, width) for field, width in zip(sheet.fields, widths, strict=True))
    lines = [
        _row(*(_cell(content, sheet, field, row, width) for field, width in zip(sheet.fields, widths, strict=True)))
        for row in rows
    ]
    yield _table(widths, [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>", *lines])


def _widths(sheet: Sheet) -> list[int]:
    shares = [
        3 if field.name in _WIDER else {"code": 1.7, "person": 1.7}.get(field.kind, 1.2) for field in sheet.fields
    ]
    return [round(_WIDTH * share / sum(shares)) for share in shares]


def _table(widths: list[int], rows: list[str]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="C8D0D8"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _head(field: Field, lang: str, width: int) -> str:
    words = _run(field.label(lang), "<w:b/>")
    # A heading keeps to what follows: a card does not break over two pages unless it must.
    return f"<w:tc>{_cell_look(width, _HEAD_FILL)}<w:p><w:pPr><w:keepNext/>{_TIGHT}</w:pPr>{words}</w:p></w:tc>"


def _cell_look(width: int, fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'


def _cell(content: FormContent, sheet: Sheet, field: Field, row: dict, width: int) -> str:
    fixed = bool(row) and is_fixed(sheet, field.name, row)
    shown = written(field, row.get(field.name), content.people)
    inside = _run(shown) if fixed else _control(content, field, shown)
    return f"<w:tc>{_cell_look(width, _FIXED_FILL if fixed else '')}<w:p><w:pPr>{_TIGHT}</w:pPr>{inside}</w:p></w:tc>"


def _control(content: FormContent, field: Field, shown: str) -> str:
    """Return a list to choose from, or what invites to write; anything may be written and is told when it is read."""
    choices, prompt = content.choices(field), prompt_of(field, content.lang)
    if not choices and (shown or not prompt):
        return _run(shown)
    items = "".join(f"<w:listItem w:displayText={quoteattr(one)} w:value={quoteattr(one)}/>" for one in choices)
    run = _run(shown) if shown else _run(prompt, '<w:color w:val="767676"/>')
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(field.label(content.lang))}/><w:tag w:val={quoteattr(field.name)}/>"
        f"{'' if shown else '<w:showingPlcHdr/>'}<w:comboBox>{items}</w:comboBox></w:sdtPr>"
        f"<w:sdtContent>{run}</w:sdtContent></w:sdt>"
    )


def _run(words: str, look: str = "") -> str:
    parts = []
    for at, line in enumerate(writable(words).split("\n")):
        parts.append("<w:br/>" if at else "")
        pieces = line.split("\t")
        parts.append("<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces))
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f"<w:r>{properties}{''.join(parts)}</w:r>"


def read_word_form(file: bytes, sheets: tuple[Sheet, ...], file_name: str, lang: str = "da") -> RawForm:
    """Return what stands in the tables of a Word form; what is missing is among the problems.

    A table is known by its headings, in either language: it may be moved, restyled, copied or saved by another
    program. Changes that Word marks as deleted are left aside, inserted ones count.
    """
    try:
        document = word_document(file)
    except DamagedFile:
        return RawForm({}, (Problem("plan_forms.unreadable", file=file_name, details={"kind": "Word (.docx)"}),))
    found: dict[str, RawSheet] = {}
    for number, table in enumerate(document.element.body.iter(qn("w:tbl")), start=1):
        grid = [[_cell_text(cell) for cell in row.iterchildren(qn("w:tc"))] for row in table.iterchildren(qn("w:tr"))]
        part = _known_table(sheets, grid, number)
        if part is not None:
            before = found.get(part.sheet.name)
            found[part.sheet.name] = _together(before, part) if before else part
    missing = [sheet for sheet in sheets if sheet.name not in found]
    problems = [Problem("plan_forms.sheet_missing", file=file_name, value=sheet.title(lang)) for sheet in missing]
    return RawForm(found, tuple(problems))


def _known_table(sheets: tuple[Sheet, ...], grid: list[list[str]], number: int) -> RawSheet | None:
    """Return a table read as the sheet whose headings it shows; None if it shows those of none."""
    best, most = None, _ENOUGH
    for sheet in sheets:
        upright = [row[0] if row else "" for row in grid]
        heads = upright if sheet.is_card else (grid[0] if grid else [])
        share = len(fields_of(sheet, heads)) / len(sheet.fields)
        if share > most or (share == most and best is None):
            best, most = (sheet, heads), share
    if best is None:
        return None
    sheet, heads = best
    if sheet.is_card:
        rows = [(number, [row[1] if len(row) > 1 else "" for row in grid])]
    else:
        rows = list(enumerate(grid[1:], start=2))
    read = raw_sheet(sheet, heads, rows)
    return RawSheet(sheet, tuple(row for row in read.rows if _holds(row)), read.missing, read.unknown, read.heads)


def _holds(row: RawRow) -> bool:
    return any(cell and cell.strip() for cell in row.cells.values())


def _together(one: RawSheet, other: RawSheet) -> RawSheet:
    missing = tuple(dict.fromkeys(one.missing + other.missing))
    return RawSheet(
        one.sheet, one.rows + other.rows, missing, tuple(dict.fromkeys(one.unknown + other.unknown)), one.heads
    )


def _cell_text(cell) -> str:
    """Return the text of a cell, also inside lists to choose from."""
    return "\n".join(_paragraph_text(paragraph) for paragraph in cell.iter(qn("w:p")))


def _paragraph_text(paragraph) -> str:
    parts = []
    for element in paragraph.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        is_struck_out = next(element.iterancestors(qn("w:del")), None) is not None
        if name in _SIGNS and not is_struck_out and element.getparent().tag == qn("w:r"):
            parts.append(element.text or "" if name == "t" else _SIGNS[name])
    return "".join(parts)
