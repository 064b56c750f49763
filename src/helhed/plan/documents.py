"""Writes the plan's Word and Excel files from templates that a municipality may restyle in Word.

Templates lie in ``templates/``; a municipality's own folder ``templates`` comes first. A template is checked before
it is used: a field that does not exist is named together with the nearest one that does. Same plan, same bytes.
"""

import difflib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from helhed import kit_files
from helhed.errors import DataNeedsWork, Problem
from helhed.figures.plan import timeline_picture
from helhed.figures.style import png
from helhed.plan.family_page import Wording
from helhed.plan.findings import who
from helhed.plan.model import FamilyPlan
from helhed.plan.statutes import statutes
from helhed.plan.wording import FIELDS, line_rows, plan_in_words, timeline_bars
from helhed.tables import code_label
from helhed.texts import day, text

PLAN, AGENDA, DEPARTMENT = "familiens_plan", "dagsorden", "forvaltning"
_IMAGE_WIDTH_MM = 250


@dataclass(frozen=True)
class Template:
    """A Word template that has been checked."""

    file: Path
    content: bytes


def template_of(name: str, lang: str, municipality: Path | None = None) -> Template:
    """Return a checked template: the municipality's own if it has one, else the kit's.

    Raises
    ------
    DataNeedsWork
        With one problem per unknown field, or one if the file is missing or cannot be read.
    """
    file_name = f"{name}_{lang}.docx"
    own = municipality / "templates" / file_name if municipality else None
    file = own if own and own.is_file() else kit_files.folder("templates") / file_name
    if not file.is_file():
        raise DataNeedsWork(Problem("plan.template_missing", file=file_name), lang)
    template = Template(file, file.read_bytes())
    problems = template_problems(template.content, file_name)
    if problems:
        raise DataNeedsWork(problems, lang)
    return template


def template_problems(content: bytes, file_name: str) -> list[Problem]:
    """Return what is wrong with a Word template: unknown fields, each with the nearest known one, or a broken tag."""
    try:
        # Word files are read lazily: a broken one shows itself at the first look inside.
        document = DocxTemplate(io.BytesIO(content))
        sources = list(_sources(document))
        trees = [_environment().parse(source) for source in sources]
    except (TemplateError, zipfile.BadZipFile, KeyError, ValueError) as error:
        return [Problem("plan.template_broken", file=file_name, value=str(error))]
    unknown = sorted({name for tree in trees for name in _unknown_fields(tree)})
    return [_unknown(name, file_name) for name in unknown]


def _sources(document: DocxTemplate) -> Iterator[str]:
    """Return the template text of the body, the headers and the footers."""
    document.init_docx()
    yield document.patch_xml(document.get_xml())
    for kind in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(kind):
            yield document.patch_xml(document.get_part_xml(part))


def _unknown_fields(tree: nodes.Template) -> Iterator[str]:
    """Return unknown names, and unknown fields of the rows of each loop as ``row.field``."""
    loops = list(tree.find_all(nodes.For))
    row_names = {loop.target.name for loop in loops} | {"loop"}
    for name in tree.find_all(nodes.Name):
        if name.name not in FIELDS and name.name not in row_names:
            yield name.name
    for loop in loops:
        for attribute in loop.find_all(nodes.Getattr):
            is_of_row = getattr(attribute.node, "name", None) == loop.target.name
            if is_of_row and attribute.attr not in _fields_of(loop):
                yield f"{loop.target.name}.{attribute.attr}"


def _fields_of(loop: nodes.For) -> tuple[str, ...]:
    """Return the fields that the rows of a loop have: those of its list, or of the lines of a person."""
    return FIELDS.get(loop.iter.name) or () if isinstance(loop.iter, nodes.Name) else ("text",)


def _unknown(name: str, file_name: str) -> Problem:
    rows = sorted({part for parts in FIELDS.values() if parts for part in parts})
    loop, _, attribute = name.rpartition(".")
    nearest = difflib.get_close_matches(attribute, rows if loop else list(FIELDS), n=1, cutoff=0.0)[0]
    shown = f"{loop}.{nearest}" if loop else nearest
    return Problem("plan.template_unknown_field", file=file_name, value=name, details={"nearest": shown})


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def family_document(plan: FamilyPlan, wording: Wording, template: Template) -> bytes:
    """Return the family's plan as a Word file: the family's page, an overview on one page, the professional page."""
    picture = timeline_picture(timeline_bars(plan, wording), plan.as_of, wording.lang)
    return _rendered(plan, template, plan_in_words(plan, wording), (png(picture.figure), picture.alt))


def agenda_document(plan: FamilyPlan, wording: Wording, template: Template) -> bytes:
    """Return the agenda of the next network meeting as a Word file, with room for new agreements."""
    return _rendered(plan, template, plan_in_words(plan, wording))


def department_document(plan: FamilyPlan, wording: Wording, template: Template, department: str) -> bytes:
    """Return a Word file with the lines that one department may see and nothing else."""
    seen = tuple(line for line in plan.lines if line.may_be_seen_by(department))
    view = replace(plan, lines=seen, meetings=(), cases=())
    context = {
        "municipality": wording.profile.name,
        "made_on": day(plan.as_of, wording.lang),
        "family": plan.family_id,
        "notice": wording.say("invented") if wording.profile.is_synthetic else "",
        "department": code_label("department", department, wording.lang),
        "lines": line_rows(view, wording),
    }
    return _rendered(plan, template, context)


def _rendered(plan: FamilyPlan, template: Template, context: dict, picture: tuple[bytes, str] | None = None) -> bytes:
    document = DocxTemplate(io.BytesIO(template.content))
    # The file must be open before a picture can be put into it.
    document.init_docx()
    if picture:
        context = {**context, "timeline": InlineImage(document, io.BytesIO(picture[0]), width=Mm(_IMAGE_WIDTH_MM))}
    document.render(context, jinja_env=_environment())
    if picture:
        for properties in document.docx.element.body.xpath(".//wp:docPr"):
            properties.set("descr", picture[1])
    stamp = datetime(plan.as_of.year, plan.as_of.month, plan.as_of.day)
    core = document.docx.core_properties
    core.created, core.modified, core.author, core.last_modified_by = stamp, stamp, "Helhed", "Helhed"
    buffer = io.BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())


def same_bytes(file: bytes) -> bytes:
    """Return a zip file (Word, Excel) without the clock: the same content always gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()


def plan_documents(
    plans: dict[str, FamilyPlan], profile, lang: str, names: dict[str, str] | None = None
) -> dict[str, bytes]:
    """Return every Word file of the plans by file name.

    ``plan/<family>.docx`` and ``agenda/<family>.docx``; with ``plan.department_views`` also
    ``department/<family>-<department>.docx`` for each department with a line it may see.
    ``names`` (person id to name) is only given on the municipality's own machine, never in a run.
    """
    wording = Wording(profile, lang, names or {})
    whole, agenda = template_of(PLAN, lang, profile.folder), template_of(AGENDA, lang, profile.folder)
    files = {}
    for family, plan in plans.items():
        files[f"plan/{family}.docx"] = family_document(plan, wording, whole)
        files[f"agenda/{family}.docx"] = agenda_document(plan, wording, agenda)
    if profile["plan.department_views"]:
        files |= _department_files(plans, wording, template_of(DEPARTMENT, lang, profile.folder))
    return files


def _department_files(plans: dict[str, FamilyPlan], wording: Wording, template: Template) -> dict[str, bytes]:
    departments = ("children", "employment", "adult_social", "health", "school", "housing")
    return {
        f"department/{family}-{name}.docx": department_document(plan, wording, template, name)
        for family, plan in plans.items()
        for name in departments
        if any(line.may_be_seen_by(name) for line in plan.lines)
    }


def deadlines_workbook(deadlines: pd.DataFrame, plans: dict[str, FamilyPlan], lang: str) -> bytes:
    """Return the list of deadlines as an Excel file, sorted by date, with filters; overdue ones are marked."""
    buffer = io.BytesIO()
    # Nothing a family wrote may become a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2000, 1, 1), "author": "Helhed"})
    sheet = book.add_worksheet(text("plan.sheet_deadlines", lang))
    head = book.add_format({"bold": True, "bg_color": "#DCE9F2", "border": 1, "text_wrap": True})
    date_form = book.add_format({"num_format": "dd-mm-yyyy" if lang == "da" else "dd/mm/yyyy", "align": "left"})
    late = book.add_format({"bold": True, "font_color": "#A33B00"})
    columns = ("due_date", "state", "kind", "family", "person", "what", "owner")
    widths = (13, 14, 24, 18, 24, 60, 28)
    for position, (name, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.write_string(0, position, text(f"plan.column_{name}", lang), head)
        sheet.set_column(position, position, width)
    for position, row in enumerate(deadlines.itertuples(), start=1):
        sheet.write_datetime(position, 0, row.due_date.to_pydatetime(), date_form)
        for column, words in enumerate(_deadline_words(row, plans, lang), start=1):
            sheet.write_string(position, column, words, late if column == 1 and row.is_overdue else None)
    sheet.autofilter(0, 0, len(deadlines), len(columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.write_string(len(deadlines) + 2, 0, text("plan.check_wording", lang))
    book.close()
    return same_bytes(buffer.getvalue())


def _deadline_words(row, plans: dict[str, FamilyPlan], lang: str) -> list[str]:
    what = row.what if pd.notna(row.what) else "–"
    if pd.notna(row.statute_id):
        what = statutes()[row.statute_id].name(lang)
    return [
        text("plan.state_overdue" if row.is_overdue else "plan.state_ahead", lang),
        text(f"plan.kind_{row.kind}", lang),
        row.family_id,
        who(plans[row.family_id], row.person_id if pd.notna(row.person_id) else None, lang),
        re.sub(r"\s+", " ", what),
        row.owner if pd.notna(row.owner) else text("plan.not_set", lang),
    ]
