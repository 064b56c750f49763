"""Filled examples of the templates: what a template looks like when it is in use, with an invented family in it.

A workbook is filled from declared rows, a document of the plan from the example plan, a document about the role from
answers to its square brackets. The same input gives the same bytes.
"""

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

import openpyxl
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from helhed.intake import presets
from helhed.plan import EXAMPLE_DAY, assemble_plans, example_plan
from helhed.plan.documents import Occasion, document, same_bytes, template_of
from helhed.plan.example import DAY_AFTER_MEETING, DAYS_OF_PAPERS, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.fields import KINDS
from helhed.plan.forms import family_form, sector_form, word_form, workbook
from helhed.plan.forms.content import FormContent
from helhed.plan.forms.layout import SECTOR_SHEETS, Sheet
from helhed.plan.forms.records import plan_rows
from helhed.plan.model import Member
from helhed.profile import Profile
from helhed.profile.own_workbooks import own_workbooks
from helhed.publishing.forms import DECISIONS, data_workbook_name
from helhed.sheets import STYLES, row_height
from helhed.tables import codes
from helhed.texts import text

#: The day that the files are stamped with: no clock in what is made.
_STAMP = datetime(2025, 6, 2)
_BRACKET = re.compile(r"\[[^\]]*\]")
_BLANK = re.compile(r"\[[^\]]*\]|_{4,}")
#: Invented numbers have a month above 12, so that they are no one's.
_ADDED_TO_MONTH = 20


def plan_document(name: str, profile: Profile, lang: str) -> bytes:
    """Return a document of the plan, filled with the invented family's plan.

    Parameters
    ----------
    name
        A key of `helhed.plan.fields.KINDS`.
    """
    kind = KINDS[name]
    occasion = Occasion(example_plan(profile, lang, DAY_AFTER_MEETING), "" if kind.reader else "school")
    plan = example_plan(profile, lang, DAYS_OF_PAPERS.get(name, EXAMPLE_DAY))
    return document(kind, plan, Wording(profile, lang), template_of(name, lang), occasion)


def sector_plan_forms(source_plan: str, profile: Profile, lang: str, written_by: str) -> dict[str, bytes]:
    """Return an office's form with the invented family's lines of that plan: ending to file; none without a line."""
    plan = example_plan(profile, lang)
    lines = [
        {field.name: getattr(line, field.name) for field in _line_sheet().fields if hasattr(line, field.name)}
        for line in plan.lines
        if line.source_plan == source_plan
    ]
    family = (plan.family_id, plan.members)
    return _sector_files(source_plan, lang, family, lines, written_by) if lines else {}


def declared_sector_form(source_plan: str, declared: Mapping, lang: str, written_by: str) -> dict[str, bytes]:
    """Return an office's form for a declared family: ending to file.

    Parameters
    ----------
    declared
        ``family_id``, ``members`` as `helhed.plan.model.Member` takes them, and ``lines`` by the form's fields.
    """
    family = (declared["family_id"], tuple(Member(**one) for one in declared["members"]))
    return _sector_files(source_plan, lang, family, declared_texts(declared["lines"], lang), written_by)


def _sector_files(source_plan: str, lang: str, family: tuple, lines: list[dict], written_by: str) -> dict[str, bytes]:
    content = sector_form(source_plan, lang, *family)
    about = {**content.rows["sector"][0], "written_by": written_by, "written_date": EXAMPLE_DAY}
    shown = [{**line, "row_no": str(number)} for number, line in enumerate(lines, start=1)]
    filled = replace(content, rows={**content.rows, "sector": [about], "sector_lines": shown})
    return _files(filled)


def _files(content: FormContent) -> dict[str, bytes]:
    """Return a filled form that says that it is invented: ending to file."""
    told = replace(content, how=(text("downloads.invented", content.lang), *content.how))
    return {"xlsx": workbook(told), "docx": word_form(told)}


def _line_sheet() -> Sheet:
    return next(sheet for sheet in SECTOR_SHEETS if sheet.name == "sector_lines")


def family_form_files(profile: Profile, lang: str, written_by: str) -> dict[str, bytes]:
    """Return the coordinator's form with what was written down with the invented family: ending to file."""
    plan = example_plan(profile, lang)
    of_tables = plan_rows(assemble_plans(example_tables(lang), profile, EXAMPLE_DAY)[plan.family_id])
    rows = plan_rows(plan)
    written = {sheet: [row for row in found if row not in of_tables[sheet]] for sheet, found in rows.items()}
    about = {name: rows["about"][0][name] for name in ("fade_from_date", "fade_to_date", "contact_after")}
    about |= {"written_by": written_by, "written_date": EXAMPLE_DAY}
    content = family_form(lang, plan.family_id, plan.members, written=written | {"family": [about]})
    return _files(content)


def filled_blanks(file: bytes, answers: list[str], lang: str, is_told: bool = True) -> bytes:
    """Return a Word document with an answer in each of its blanks, in their order.

    A blank is a square bracket, a line to write on, or a cell of a table in which nothing stands.

    Parameters
    ----------
    is_told
        Whether the document says already that what stands in it is invented; otherwise a first line says it.

    Raises
    ------
    ValueError
        If there are not as many answers as blanks.
    """
    word, given, n_blanks = Document(io.BytesIO(file)), iter(answers), 0
    for element in list(word.element.body.iter(qn("w:p"))):
        paragraph = Paragraph(element, word)
        if _is_empty_cell(element):
            paragraph.add_run(next(given, ""))
            n_blanks += 1
        for run in (run for run in paragraph.runs if _BLANK.search(run.text)):
            n_blanks += len(_BLANK.findall(run.text))
            run.text = _BLANK.sub(lambda _blank: next(given, ""), run.text)
    if n_blanks != len(answers):
        raise ValueError(f"{n_blanks} blanks, {len(answers)} answers")
    if not is_told:
        word.paragraphs[0].insert_paragraph_before(text("downloads.invented", lang))
    return _stamped(word)


def _is_empty_cell(paragraph) -> bool:
    cell = paragraph.getparent()
    if cell.tag != qn("w:tc"):
        return False
    has_words = any((words.text or "").strip() for words in cell.iter(qn("w:t")))
    return not has_words and next(cell.iter(qn("w:drawing")), None) is None and next(cell.iter(qn("w:p"))) is paragraph


def filled_brackets(file: bytes, answers: list[str], lang: str) -> bytes:
    """Return a Word document whose marked square brackets hold the answers, in their order.

    The line that says how the document is filled in says instead that what stands in it is invented.

    Raises
    ------
    ValueError
        If there are not as many answers as brackets.
    """
    word = Document(io.BytesIO(file))
    marked = [run for run in _runs(word) if run.font.highlight_color == WD_COLOR_INDEX.YELLOW]
    for run, answer in zip(marked, answers, strict=True):
        run.text = answer
        run.font.highlight_color = None
    # The foot of a page names the municipality, as the first bracket does.
    for run in (run for section in word.sections for paragraph in section.footer.paragraphs for run in paragraph.runs):
        if "[" in run.text:
            run.text = _BRACKET.sub(answers[0], run.text)
    for paragraph in word.paragraphs:
        if "[" in paragraph.text:
            paragraph.runs[0].text = text("downloads.invented", lang)
            for run in paragraph.runs[1:]:
                run.text = ""
    return _stamped(word)


def filled_workbook(file: bytes, rows: Mapping[str, list[dict]], people: Mapping[str, dict], lang: str) -> bytes:
    """Return a workbook whose sheets hold the rows, in the look that the template gives its cells.

    Parameters
    ----------
    rows
        Sheet's title to its lines; a line has the heading's place (from 0) as key, and as value a pair of kind and
        value, see `declared_rows`.
    people
        Invented persons by key: ``born`` and ``serial``.
    """
    book = openpyxl.load_workbook(io.BytesIO(file))
    _call_invented(book.worksheets[0], lang)
    for title, lines in rows.items():
        sheet = book[title]
        for at, line in enumerate(lines, start=2):
            for column, (kind, value) in line.items():
                cell: Cell = sheet.cell(at, column + 1)
                cell.value = _written(kind, value, people, lang)
                cell._style = copy.copy(sheet.column_dimensions[get_column_letter(column + 1)]._style)
            sheet.row_dimensions[at].height = _height(sheet, at)
    book.properties.creator = book.properties.lastModifiedBy = "Helhed"
    book.properties.created = book.properties.modified = _STAMP
    buffer = io.BytesIO()
    # `book.save` would stamp the file with the clock.
    ExcelWriter(book, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED)).save()
    return same_bytes(buffer.getvalue())


def _call_invented(read_me: Worksheet, lang: str) -> None:
    """Say under the workbook's title that what stands in it is invented."""
    title = next(cell for cell in read_me[1] if cell.value)
    told = read_me.cell(2, title.column, text("downloads.invented", lang))
    told.font = Font(name=title.font.name, bold=True, color=STYLES["warning"]["font_color"].removeprefix("#"))


def _height(sheet: Worksheet, row: int) -> float:
    """Return the height in which the wrapped texts of a row can be read."""
    wrapped = [cell for cell in sheet[row] if isinstance(cell.value, str) and cell.alignment.wrap_text]
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in wrapped]
    return row_height(["", *(cell.value for cell in wrapped)], [1, *widths])


def declared_rows(name: str, declared: Mapping[str, list[dict]], lang: str) -> dict[str, list[dict]]:
    """Return declared rows of a workbook as `filled_workbook` takes them.

    Parameters
    ----------
    name
        ``decisions``, ``data`` or a key of `helhed.profile.own_workbooks.own_workbooks`.
    declared
        Table (or sheet of the own workbook) to rows; a row's keys are the table's columns.
    """
    return {
        title: list(_lines(columns, declared.get(table, []), lang)) for table, title, columns in _sheets(name, lang)
    }


def _sheets(name: str, lang: str) -> Iterator[tuple[str, str, dict[str, tuple[str, dict[str, str]]]]]:
    """Yield table, title of its sheet, and its columns in order: name to kind and what each code is called."""
    if name in own_workbooks():
        for key, sheet in own_workbooks()[name].sheets.items():
            yield key, sheet.label(lang), {n: (field.kind, field.labels(lang)) for n, field in sheet.columns.items()}
        return
    file = DECISIONS if name == "decisions" else data_workbook_name(lang)
    for preset in presets().values():
        if preset.workbook == file:
            columns = {h.to: (h.kind, _labels(h.code_list, lang)) for h in preset.columns}
            yield preset.table, preset.sheet, columns


def _labels(code_list: str, lang: str) -> dict[str, str]:
    return {code: names[lang] for code, names in codes().get(code_list, {}).items()}


def _lines(columns: Mapping[str, tuple[str, dict[str, str]]], rows: list[dict], lang: str) -> Iterator[dict]:
    places = {name: place for place, name in enumerate(columns)}
    for row in rows:
        line = {}
        for name, value in row.items():
            kind, labels = columns[name]
            line[places[name]] = (kind, _said(value, labels, lang))
        yield line


def declared_texts(rows: Iterable[Mapping], lang: str) -> list[dict]:
    """Return declared rows in one language, in their order."""
    return [{name: _said(value, {}, lang) for name, value in row.items()} for row in rows]


def _said(value, labels: Mapping[str, str], lang: str):
    if isinstance(value, dict):
        return value[lang]
    if isinstance(value, list):
        return [labels.get(one, one) for one in value]
    return labels.get(value, value) if isinstance(value, str) else value


def _written(kind: str, value, people: Mapping[str, dict], lang: str):
    if kind == "flag":
        return text("forms.yes" if value else "forms.no", lang)
    if kind == "cpr":
        return invented_number(people[value])
    if isinstance(value, list):
        return ", ".join(invented_number(people[one]) if kind == "cprs" else one for one in value)
    return datetime.combine(value, datetime.min.time()) if isinstance(value, date) else value


def invented_number(person: Mapping) -> str:
    """Return the number of an invented person: shaped like a CPR number, with a month that does not exist.

    Examples
    --------
    >>> invented_number({"born": date(1988, 3, 1), "serial": "0002"})
    '0123880002'
    """
    born = person["born"]
    return f"{born.day:02}{born.month + _ADDED_TO_MONTH:02}{born.year % 100:02}{person['serial']}"


def _runs(word: WordDocument) -> Iterator[Run]:
    for element in word.element.body.iter(qn("w:p")):
        yield from Paragraph(element, word).runs


def _stamped(word: WordDocument) -> bytes:
    core = word.core_properties
    core.created, core.modified, core.author, core.last_modified_by = _STAMP, _STAMP, "Helhed", "Helhed"
    buffer = io.BytesIO()
    word.save(buffer)
    return same_bytes(buffer.getvalue())
