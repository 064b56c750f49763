"""Makes the Word templates of the shared plan: run it to get the kit's own look back, or change it to get another.

    python templates/make_templates.py

A municipality that only wants its own logo and colours opens the .docx files in Word instead, and keeps the fields in
curly braces.
"""

import io
import tomllib
from datetime import datetime
from pathlib import Path

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from helhed.plan.documents import plain_document, same_bytes

BLUE, INK, GREY = RGBColor(0x00, 0x4F, 0x7C), RGBColor(0x1F, 0x29, 0x33), RGBColor(0x5A, 0x5A, 0x5A)
HEAD_FILL, PANEL_FILL = "DCE9F2", "F3F7FA"
PORTRAIT_WIDTH_MM, LANDSCAPE_WIDTH_MM = 170, 257
#: Size of running text in points: the family's plan is for tired eyes and children, letters for reading at a table.
FAMILY_SIZE, LETTER_SIZE = 14, 12
#: How much of the overview's width the timeline takes; the network has the rest.
OVERVIEW_SHARE = 0.67

LANGUAGES = ("da", "en")


def words(lang: str) -> dict:
    """Return the fixed words of the templates in the language."""
    declared = tomllib.loads(Path(__file__).with_name("template_words.toml").read_text(encoding="utf-8"))
    return {name: texts[lang] for name, texts in declared.items()}


def new_document(lang: str, title: str, size: float = 10.5) -> WordDocument:
    """Return an empty A4 document in the house style, in the language; ``size`` is that of running text in points."""
    document = plain_document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(18), Mm(16)
    _style(document, "Normal", size, INK, after=4)
    _style(document, "Title", 26, BLUE, after=2, bold=True)
    _style(document, "Heading 1", 18, BLUE, before=0, after=6, bold=True)
    _style(document, "Heading 2", max(13, size + 2), BLUE, before=12, after=4, bold=True)
    _style(document, "List Bullet", size, INK, after=2)
    language = document.styles["Normal"].element.get_or_add_rPr()
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), "da-DK" if lang == "da" else "en-GB")
    language.append(mark)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title, "Helhed", "Helhed", ""
    core.language = "da-DK" if lang == "da" else "en-GB"
    core.created = core.modified = datetime(2025, 1, 1)
    return document


def _style(document, name, size, colour, before=0, after=0, bold=False):
    style = document.styles[name]
    style.font.name, style.font.size, style.font.color.rgb, style.font.bold = "Calibri", Pt(size), colour, bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if "heme" in attribute:
            del fonts.attrib[attribute]
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), "Calibri")
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    border = style.element.find(".//" + qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)


def note(document, content, size=9):
    """Add a small grey paragraph."""
    run = document.add_paragraph().add_run(content)
    run.font.size, run.font.color.rgb = Pt(size), GREY


def footer(section, w):
    """Write the footer with the page number."""
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    _small(paragraph.add_run(f"{w['of']} · {w['page']} "))
    # Word wants the three parts of a page number field in a run each.
    for tag, kind in (("w:fldChar", "begin"), ("w:instrText", ""), ("w:fldChar", "separate"), ("w:fldChar", "end")):
        element = OxmlElement(tag)
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = "PAGE"
        if kind == "end":
            _small(paragraph.add_run("1"))
        _small(paragraph.add_run())._r.append(element)


def _small(run):
    run.font.size, run.font.color.rgb = Pt(8), GREY
    return run


def loop(document, rows, content, style=None):
    """Add a paragraph that is repeated for every row of a list."""
    document.add_paragraph(f"{{%p for row in {rows} %}}")
    document.add_paragraph(content, style=style)
    document.add_paragraph("{%p endfor %}")


def table(document, rows, columns, width_mm, size=9.5):
    """Add a table with one row per row of a list; ``columns``: heading, field, share of the width."""
    grid = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.LEFT
    grid.autofit = False
    for position, (heading, field, share) in enumerate(columns):
        width = Mm(width_mm * share)
        _cell(grid.cell(0, position), heading, size, bold=True, fill=HEAD_FILL)
        _cell(grid.cell(2, position), f"{{{{ row.{field} }}}}" if field else "", size)
        _set_width(grid, position, width)
    if not all(field for _, field, _ in columns):
        # Something is to be written here by hand.
        grid.rows[2].height = Mm(10)
    grid.cell(1, 0).paragraphs[0].text = f"{{%tr for row in {rows} %}}"
    grid.cell(3, 0).paragraphs[0].text = "{%tr endfor %}"
    _repeat_head(grid.rows[0])
    _no_split(grid.rows[2])
    _light_borders(grid)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def empty_table(document, headings, n_rows, width_mm):
    """Add a table to write in by hand or in Word."""
    grid = document.add_table(rows=n_rows + 1, cols=len(headings), style="Table Grid")
    grid.autofit = False
    for position, (heading, share) in enumerate(headings):
        _cell(grid.cell(0, position), heading, 9.5, bold=True, fill=HEAD_FILL)
        _set_width(grid, position, Mm(width_mm * share))
    for row in grid.rows[1:]:
        row.height = Mm(10)
    _repeat_head(grid.rows[0])
    _light_borders(grid)


def _set_width(grid, position, width):
    # Word reads the width of the column, LibreOffice that of the cells.
    grid.columns[position].width = width
    for cell in grid.columns[position].cells:
        cell.width = width


def _cell(cell, content, size, bold=False, fill=None):
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(content)
    run.font.size, run.font.bold = Pt(size), bold
    if fill:
        shade = OxmlElement("w:shd")
        for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill)):
            shade.set(qn(key), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _repeat_head(row):
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _no_split(row):
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _light_borders(grid):
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "B8C4CE")):
            line.set(qn(key), value)
        borders.append(line)
    # The order of the parts is fixed by the file format: borders stand before the layout.
    grid._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)


def landscape(document, w):
    """Start a new section across the page."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(16), Mm(14)
    footer(section, w)


def notice(document):
    """Add the line that says when the family is invented."""
    document.add_paragraph("{%p if notice %}")
    note(document, "{{ notice }}", 9)
    document.add_paragraph("{%p endif %}")


def family_plan(lang):
    """Return the template of the family's plan: large type, own goals first, then an overview on one page."""
    w = words(lang)
    document = new_document(lang, w["plan"], FAMILY_SIZE)
    footer(document.sections[0], w)
    document.add_paragraph(w["plan"], style="Title")
    note(document, w["of"], 11)
    notice(document)
    _family_page(document, w)
    landscape(document, w)
    document.add_paragraph(w["overview"], style="Heading 1")
    _side_by_side(document, "{{ timeline }}", "{{ network_picture }}", OVERVIEW_SHARE)
    note(document, w["overview_note"], 9)
    # Here is room for it; at the end it would often stand alone on a page.
    law(document)
    _upright(document, w)
    _more_for_family(document, w)
    return document


def _family_page(document, w):
    document.add_paragraph(w["own_goals"], style="Heading 2")
    loop(document, "own_goals", "{{ row.text }}", "List Bullet")
    _box(document, "{{ changes_since }}", "changes")
    document.add_paragraph(w["agreed"], style="Heading 2")
    columns = [(w["what"], "what", 0.52), (w["who"], "who", 0.24), (w["when"], "when", 0.24)]
    table(document, "agreements", columns, PORTRAIT_WIDTH_MM, 13)
    for heading, field in (("meeting", "meeting"), ("contact", "coordinator")):
        document.add_paragraph(w[heading], style="Heading 2")
        document.add_paragraph(f"{{{{ {field} }}}}")


def _more_for_family(document, w):
    document.add_paragraph(w["now"], style="Heading 2")
    document.add_paragraph("{%p for row in now %}")
    document.add_paragraph().add_run("{{ row.name }}").bold = True
    document.add_paragraph("{%p for line in row.lines %}")
    document.add_paragraph("{{ line.text }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph(w["questions"], style="Heading 2")
    loop(document, "questions", "{{ row.text }}", "List Bullet")
    document.add_paragraph(w["who_we_are"], style="Heading 2")
    loop(document, "members", "{{ row.name }}, {{ row.role }}", "List Bullet")
    document.add_paragraph(w["your_say"], style="Heading 2")
    for line in w["your_say_lines"]:
        document.add_paragraph(line, style="List Bullet")


def _box(document, sentence, rows):
    """Add a shaded box with a sentence and a bullet for each row of a list, a little below what stands before."""
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    grid = document.add_table(rows=1, cols=1, style="Table Grid")
    grid.autofit = False
    _set_width(grid, 0, Mm(PORTRAIT_WIDTH_MM))
    cell = grid.cell(0, 0)
    _cell(cell, "", 10, fill=PANEL_FILL)
    cell.paragraphs[0].add_run(sentence).bold = True
    cell.add_paragraph(f"{{%p for row in {rows} %}}")
    cell.add_paragraph("{{ row.text }}", style="List Bullet")
    cell.add_paragraph("{%p endfor %}")
    _light_borders(grid)


def _side_by_side(document, left, right, share):
    """Add two contents beside each other, without lines around them."""
    grid = document.add_table(rows=1, cols=2)
    grid.autofit = False
    for position, (content, part) in enumerate(((left, share), (right, 1 - share))):
        grid.cell(0, position).paragraphs[0].add_run(content)
        _set_width(grid, position, Mm(LANDSCAPE_WIDTH_MM * part))


def _upright(document, w):
    """Start a new section in upright format."""
    section = document.add_section()
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    footer(section, w)


def law(document):
    """Add the line that says the current wording of the law must be checked, and where it stands."""
    note(document, "{{ law_note }}", 8.5)


def professional_plan(lang):
    """Return the template of the plan for professionals: questions, every line, consents, dates, the law."""
    w = words(lang)
    document = new_document(lang, w["professional"])
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(16), Mm(14)
    footer(section, w)
    document.add_paragraph(w["professional"], style="Title")
    note(document, f"{w['of']} · {{{{ version }}}}", 10)
    notice(document)
    note(document, w["professional_note"])
    # Here they are read; at the end they would often stand alone on a page.
    note(document, w["lix"])
    law(document)
    hidden(document)
    _professional_page(document, w)
    return document


def hidden(document):
    """Add the line that says how much the reader may not see, where there is such."""
    document.add_paragraph("{%p if hidden %}")
    document.add_paragraph().add_run("{{ hidden }}").bold = True
    document.add_paragraph("{%p endif %}")


def _professional_page(document, w):
    document.add_paragraph(w["changed"], style="Heading 2")
    document.add_paragraph("{{ changes_since }}")
    loop(document, "changes", "{{ row.text }}", "List Bullet")
    wide = LANDSCAPE_WIDTH_MM
    document.add_paragraph(w["areas"], style="Heading 2")
    columns = [(w["area"], "name", 0.16), (w["goals"], "goals", 0.34), (w["actions"], "actions", 0.32)]
    table(document, "areas", [*columns, (w["owners"], "owners", 0.18)], wide, 8.5)
    document.add_paragraph(w["findings"], style="Heading 2")
    columns = [(w["severity"], "severity", 0.12), (w["found"], "text", 0.46), (w["question"], "question", 0.42)]
    table(document, "findings", columns, wide, 8.5)
    document.add_paragraph(w["lines"], style="Heading 2")
    table(document, "lines", _line_columns(w), wide, 7.5)
    document.add_paragraph(w["network"], style="Heading 2")
    document.add_paragraph("{{ participants }}")
    table(document, "network", [(w["name"], "name", 0.4), (w["works_on"], "what", 0.6)], wide, 8.5)
    document.add_paragraph(w["consents"], style="Heading 2")
    columns = [(w["person"], "who", 0.25), (w["what"], "what", 0.47), (w["state"], "state", 0.28)]
    table(document, "consents", columns, wide, 8.5)
    document.add_paragraph(w["dates"], style="Heading 2")
    columns = [(w["date"], "date", 0.13), (w["act_by"], "act_by", 0.13), (w["kind"], "kind", 0.14)]
    columns += [(w["who"], "who", 0.15), (w["what"], "what", 0.28), (w["owner"], "owner", 0.17)]
    table(document, "dates", columns, wide, 8.5)
    document.add_paragraph(w["phase"], style="Heading 2")
    for name in ("phase_now", "phase_out", "review"):
        document.add_paragraph(w[name], style="List Bullet")
    columns = [(w["step"], "what", 0.4), (w["takes_over"], "who", 0.25), (w["when"], "when", 0.2)]
    table(document, "fade_out_steps", [*columns, (w["state"], "state", 0.15)], wide, 8.5)
    document.add_paragraph(w["evaluation"], style="Heading 2")
    columns = [(w["person"], "who", 0.18), (w["question_mark"], "question", 0.3), (w["answer_given"], "answer", 0.4)]
    table(document, "evaluation", [*columns, (w["score"], "score", 0.12)], wide, 8.5)
    _law_page(document, w)


def _law_page(document, w):
    wide = LANDSCAPE_WIDTH_MM
    document.add_paragraph(w["statutes"], style="Heading 2")
    note(document, w["statutes_note"])
    columns = [(w["rule"], "name", 0.2), (w["says"], "text", 0.43), (w["source"], "url", 0.25)]
    table(document, "statutes", [*columns, (w["read"], "read", 0.12)], wide, 7.5)
    document.add_paragraph(w["contents"], style="Heading 2")
    columns = [(w["person"], "person", 0.18), (w["rule"], "rule", 0.2), (w["content"], "content", 0.37)]
    table(document, "contents", [*columns, (w["state"], "state", 0.25)], wide, 8.5)
    document.add_paragraph(w["replacements"], style="Heading 2")
    columns = [(w["person"], "person", 0.18), (w["replaced"], "plan", 0.27), (w["rule"], "rule", 0.2)]
    table(document, "replacements", [*columns, (w["state"], "state", 0.35)], wide, 8.5)
    document.add_paragraph(w["law_questions"], style="Heading 2")
    table(document, "law_questions", [(w["question_mark"], "text", 0.65), (w["source"], "url", 0.35)], wide, 8.5)


def _line_columns(w):
    columns = (
        *(("person", "person", 0.08), ("area", "area", 0.08), ("goal", "goal", 0.12), ("action", "action", 0.12)),
        *(("owner", "owner", 0.1), ("from_to", "dates", 0.09), ("status", "status", 0.06), ("source", "source", 0.08)),
        *(("legal", "legal", 0.09), ("seen_by", "seen_by", 0.09), ("mark", "mark", 0.09)),
    )
    return [(w[heading], field, share) for heading, field, share in columns]


def letter(lang, title, size=LETTER_SIZE):
    """Return a document with the head that all letters share: title, of whom and when, whether it is invented."""
    w = words(lang)
    document = new_document(lang, w[title], size)
    footer(document.sections[0], w)
    document.add_paragraph(w[title], style="Title")
    note(document, w["of"], 10)
    notice(document)
    return document, w


def invitation(lang):
    """Return the template of the invitation to a network meeting."""
    document, w = letter(lang, "invitation")
    document.add_paragraph(w["invitation_text"])
    for name in ("invitation_when", "invitation_time", "invitation_place"):
        document.add_paragraph(w[name], style="List Bullet")
    document.add_paragraph(w["invitation_who"], style="Heading 2")
    loop(document, "invited", "{{ row.name }}", "List Bullet")
    document.add_paragraph(w["invitation_about"], style="Heading 2")
    for line in w["invitation_about_lines"]:
        document.add_paragraph(line, style="List Bullet")
    document.add_paragraph(w["contact"], style="Heading 2")
    document.add_paragraph("{{ coordinator }}")
    law(document)
    return document


def agenda(lang):
    """Return the template of the agenda."""
    document, w = letter(lang, "agenda")
    for line in (f"{w['agenda_when']} {{{{ meeting }}}}", f"{w['agenda_who']} ", "{{ participants }}"):
        document.add_paragraph(line)
    goals, last, questions, new, coming = w["agenda_items"]
    document.add_paragraph(goals, style="Heading 2")
    note(document, w["agenda_goals_note"], 10)
    loop(document, "own_goals", "{{ row.text }}", "List Bullet")
    document.add_paragraph(last, style="Heading 2")
    columns = [(w["what"], "what", 0.44), (w["who"], "who", 0.2), (w["when"], "when", 0.2), (w["done"], "", 0.16)]
    table(document, "agreements", columns, PORTRAIT_WIDTH_MM)
    document.add_paragraph(questions, style="Heading 2")
    note(document, w["agenda_seen_note"], 9)
    columns = [(w["severity"], "severity", 0.16), (w["question"], "question", 0.5), (w["answer"], "", 0.34)]
    table(document, "meeting_questions", columns, PORTRAIT_WIDTH_MM)
    document.add_paragraph(new, style="Heading 2")
    empty_table(document, [(w["what"], 0.56), (w["who"], 0.22), (w["when"], 0.22)], 5, PORTRAIT_WIDTH_MM)
    document.add_paragraph(coming, style="Heading 2")
    document.add_paragraph(w["agenda_next"])
    law(document)
    return document


def minutes(lang):
    """Return the template of the minutes of the last meeting."""
    document, w = letter(lang, "minutes")
    document.add_paragraph(w["minutes_held"])
    document.add_paragraph(w["minutes_present"])
    document.add_paragraph(w["minutes_family"], style="Heading 2")
    empty_table(document, [(w["minutes_family_said"], 1.0)], 3, PORTRAIT_WIDTH_MM)
    document.add_paragraph(w["agreed"], style="Heading 2")
    columns = [(w["what"], "what", 0.52), (w["who"], "who", 0.24), (w["when"], "when", 0.24)]
    table(document, "agreements", columns, PORTRAIT_WIDTH_MM, 10.5)
    document.add_paragraph(w["meeting"], style="Heading 2")
    document.add_paragraph("{{ meeting }}")
    document.add_paragraph(w["minutes_correct"])
    law(document)
    return document


def consent_form(lang):
    """Return the template of the consent form: who may see what, and a signature for each who is asked."""
    document, w = letter(lang, "consent_form", 11)
    for line in w["consent_text"]:
        document.add_paragraph(line)
    document.add_paragraph(w["consent_shares"], style="Heading 2")
    columns = [(w["consent_department"], "department", 0.3), (w["consent_today"], "today", 0.4)]
    table(document, "shares", [*columns, (w["consent_yes"], "", 0.15), (w["consent_no"], "", 0.15)], PORTRAIT_WIDTH_MM)
    document.add_paragraph(w["consent_limits"])
    document.add_paragraph(w["consent_rights"], style="Heading 2")
    for line in w["consent_rights_lines"]:
        document.add_paragraph(line, style="List Bullet")
    law(document)
    # What is signed stands together, on the back of the sheet.
    document.add_paragraph(w["consent_children"], style="Heading 2").paragraph_format.page_break_before = True
    note(document, w["consent_children_note"], 10)
    columns = [(w["name"], "name", 0.34), (w["consent_says"], "", 0.66)]
    table(document, "children_asked", columns, PORTRAIT_WIDTH_MM)
    document.add_paragraph(w["consent_sign"], style="Heading 2")
    columns = [(w["name"], "name", 0.4), (w["date"], "", 0.2), (w["consent_signed"], "", 0.4)]
    table(document, "signers", columns, PORTRAIT_WIDTH_MM)
    return document


def phase_out_letter(lang):
    """Return the template of the letter on the coordinator's stepping back."""
    document, w = letter(lang, "phase_out_letter")
    for line in w["phase_out_text"]:
        document.add_paragraph(line)
    document.add_paragraph(w["phase_out_steps"], style="Heading 2")
    columns = [(w["what"], "what", 0.44), (w["takes_over"], "who", 0.28), (w["when"], "when", 0.28)]
    table(document, "fade_out_steps", columns, PORTRAIT_WIDTH_MM, 11)
    document.add_paragraph(w["phase_out_continues"], style="Heading 2")
    loop(document, "continues", "{{ row.text }}", "List Bullet")
    document.add_paragraph(w["phase_out_contact"], style="Heading 2")
    document.add_paragraph("{{ contact_after }}")
    document.add_paragraph(w["phase_out_evaluation"], style="Heading 2")
    for line in w["phase_out_questions"]:
        document.add_paragraph(line, style="List Bullet")
    document.add_paragraph(w["request_greeting"])
    law(document)
    return document


def department_view(lang):
    """Return the template of what one department may see."""
    w = words(lang)
    document = new_document(lang, w["plan"])
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    footer(section, w)
    document.add_paragraph(w["plan"], style="Title")
    note(document, w["of"], 10)
    notice(document)
    document.add_paragraph(w["department"], style="Heading 1")
    note(document, w["department_note"])
    hidden(document)
    table(document, "lines", _line_columns(w), LANDSCAPE_WIDTH_MM, 7.5)
    law(document)
    return document


def data_request(lang):
    """Return the template of the letter that asks a department for an export."""
    w = words(lang)
    document = new_document(lang, w["request"])
    note(document, "{{ municipality }} · {{ made_on }}", 10)
    document.add_paragraph(w["request_to"])
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ purpose }}")
    for heading, content in (("request_basis", "request_basis_text"), ("request_period", "")):
        document.add_paragraph(w[heading], style="Heading 2")
        document.add_paragraph(w[content] if content else "{{ period }}")
    document.add_paragraph("{{ scope }}")
    document.add_paragraph(w["request_columns"], style="Heading 2")
    document.add_paragraph("{%p for file in files %}")
    document.add_paragraph().add_run("{{ file.line }}").bold = True
    columns = [(w["request_heading"], "heading", 0.28), (w["request_wanted"], "wanted", 0.24)]
    table(document, "file.columns", [*columns, (w["request_meaning"], "meaning", 0.48)], PORTRAIT_WIDTH_MM, 9)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph(w["request_not"], style="Heading 2")
    loop(document, "unused", "{{ row.text }}", "List Bullet")
    document.add_paragraph(w["request_delivery"], style="Heading 2")
    loop(document, "delivery", "{{ row.text }}", "List Bullet")
    document.add_paragraph(w["request_greeting"])
    return document


def main():
    """Write every template in both languages beside this file."""
    makers = {
        "familiens_plan": family_plan,
        "fagplan": professional_plan,
        "indkaldelse": invitation,
        "dagsorden": agenda,
        "referat": minutes,
        "samtykke": consent_form,
        "udfasning": phase_out_letter,
        "forvaltning": department_view,
        "databestilling": data_request,
    }
    write_documents(makers, Path(__file__).parent)


def write_documents(makers: dict, folder: Path) -> None:
    """Write each document in both languages into a folder; the same document is the same bytes."""
    for name, make in makers.items():
        for lang in LANGUAGES:
            buffer = io.BytesIO()
            make(lang).save(buffer)
            (folder / f"{name}_{lang}.docx").write_bytes(same_bytes(buffer.getvalue()))


if __name__ == "__main__":
    main()
