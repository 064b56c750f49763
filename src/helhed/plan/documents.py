"""Fills the Word templates of the plan, which a municipality may restyle and reword in Word.

Templates lie in ``templates/``; a municipality's own folder ``templates`` comes first. A template is checked before
it is used (`helhed.plan.template_check`), and filled from what its reader may see (`helhed.plan.views`). Same plan,
same bytes.
"""

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from helhed import kit_files
from helhed.errors import DataNeedsWork, Problem
from helhed.figures.plan import timeline_picture
from helhed.figures.plan_network import network_picture
from helhed.outputs import Picture
from helhed.plan.changes_words import since_last_time
from helhed.plan.family_page import Wording, capital
from helhed.plan.fields import KINDS, Kind
from helhed.plan.model import FamilyPlan
from helhed.plan.template_check import environment, fields_used, template_problems
from helhed.plan.views import DEPARTMENTS, may_see, view_of
from helhed.plan.wording import plan_in_words, timeline_bars
from helhed.tables import code_label
from helhed.texts import LANGUAGES, document_name

PLAN, PROFESSIONAL, AGENDA, DEPARTMENT = "familiens_plan", "fagplan", "dagsorden", "forvaltning"
#: The documents of a run; the letters are made by the command ``helhed plan make``.
OF_A_RUN = (PLAN, PROFESSIONAL, AGENDA)
_WIDTH_MM = {"timeline": 168, "network_picture": 84}
_MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Template:
    """A Word template that has been checked."""

    file: Path
    content: bytes

    @cached_property
    def fields(self) -> frozenset[str]:
        """Return the fields that the template uses."""
        return frozenset(fields_used(self.content))

    @cached_property
    def opened(self) -> WordDocument:
        """Return the template as a Word document, to be copied for each family."""
        return Document(io.BytesIO(self.content))


def template_of(name: str, lang: str, municipality: Path | None = None) -> Template:
    """Return a checked template: the municipality's own if it has one, else the kit's.

    Raises
    ------
    DataNeedsWork
        With one problem per unknown field or broken tag, or one if the file is missing or cannot be read.
    """
    file_name = f"{name}_{lang}.docx"
    own = municipality / "templates" / file_name if municipality else None
    file = own if own and own.is_file() else kit_files.folder("templates") / file_name
    if not file.is_file():
        raise DataNeedsWork(Problem("plan.template_missing", file=file_name), lang)
    template = Template(file, file.read_bytes())
    problems = template_problems(template.content, file_name)
    if any(problem.severity == "must_fix" for problem in problems):
        raise DataNeedsWork(problems, lang)
    return template


@dataclass(frozen=True)
class Occasion:
    """What a document says beside the plan itself: the version before, and the department it is made for."""

    before: FamilyPlan | None = None
    department: str = ""


def document(
    kind: Kind, plan: FamilyPlan, wording: Wording, template: Template, occasion: Occasion | None = None
) -> bytes:
    """Return one document of a plan as a Word file, filled from what its reader may see.

    Parameters
    ----------
    kind
        One of `helhed.plan.fields.KINDS`; it says who the reader is.
    occasion
        The version of the plan before this one, for the box "since last time"; and the department, for its extract.
    """
    occasion = occasion or Occasion()
    reader = kind.reader or occasion.department
    context = document_fields(plan, reader, wording, occasion)
    pictures = {name: make(plan, reader, wording) for name, make in _PICTURES.items() if name in template.fields}
    return _rendered(plan, template, context, pictures, wording.lang)


def document_fields(plan: FamilyPlan, reader: str, wording: Wording, occasion: Occasion) -> dict:
    """Return every field of a document in words, all but the pictures."""
    department = code_label("department", occasion.department, wording.lang) if occasion.department else "–"
    changed = since_last_time(occasion.before, plan, reader, wording)
    return {**plan_in_words(plan, wording, reader), **changed, "department": capital(department)}


def timeline_of(plan: FamilyPlan, reader: str, wording: Wording) -> Picture:
    """Return the timeline of what a reader may see of a plan."""
    bars = timeline_bars(view_of(plan, reader), wording)
    return timeline_picture(bars, plan.as_of, wording.lang, _WIDTH_MM["timeline"] / _MM_PER_INCH)


def network_of(plan: FamilyPlan, reader: str, wording: Wording) -> Picture:
    """Return the picture of the network in a reader's view: the family's own people first, then who works with it."""
    view = view_of(plan, reader)
    own = [(contact.who, contact.kind == "private") for contact in view.network]
    owners = [(line.owner, False) for line in view.live_lines if line.owner and not line.is_own_goal]
    coordinator = [(wording.say("coordinator_short"), False)] if plan.coordinator_id else []
    names = list(dict.fromkeys((capital(name.strip()), is_own) for name, is_own in own + coordinator + owners))
    return network_picture(names, capital(wording.say("the_family")), wording.lang)


_PICTURES = {"timeline": timeline_of, "network_picture": network_of}


class _Filled(DocxTemplate):
    """A template to be filled; its text is made ready for the tags once for all families."""

    def patch_xml(self, src_xml: str) -> str:
        return _ready_for_tags(src_xml)


@lru_cache(maxsize=200)
def _ready_for_tags(source: str) -> str:
    return DocxTemplate.patch_xml(None, source)


def _rendered(plan: FamilyPlan, template: Template, context: dict, pictures: dict[str, Picture], lang: str) -> bytes:
    document = _Filled(io.BytesIO(template.content))
    # The file must be open before a picture can be put into it.
    document.docx = deepcopy(template.opened)
    images = {
        name: InlineImage(document, io.BytesIO(picture.png), width=Mm(_WIDTH_MM[name]))
        for name, picture in pictures.items()
    }
    try:
        document.render({**context, **images}, jinja_env=environment())
    except TemplateError as error:
        # What the check could not see, such as a field in a text box: the template is at fault, not the program.
        problem = Problem("plan.template_broken", file=template.file.name, value=str(error))
        raise DataNeedsWork(problem, lang) from error
    for name, picture in pictures.items():
        _describe(document, Mm(_WIDTH_MM[name]), picture.alt)
    stamp = datetime(plan.as_of.year, plan.as_of.month, plan.as_of.day)
    core = document.docx.core_properties
    core.created, core.modified, core.author, core.last_modified_by = stamp, stamp, "Helhed", "Helhed"
    return word_bytes(document.docx)


def _describe(document: DocxTemplate, width: int, words: str) -> None:
    """Give the picture of a width its alternative text; a logo of the municipality keeps its own."""
    for inline in document.docx.element.body.xpath(f".//wp:inline[wp:extent[@cx='{width}']]"):
        for properties in inline.xpath("./wp:docPr"):
            properties.set("descr", words)


def plain_document() -> WordDocument:
    """Return an empty Word document with the styles that the kit writes in.

    python-docx's own also holds a hundred coloured table styles, and every style once more for Word 2007: nine tenths
    of what each file made from it would be packed with. Word itself offers these styles to whoever wants one.
    """
    document = Document()
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]
    return document


class _Parts(dict):
    """The parts of a Word file by name, collected where python-docx would write them into a zip file with the clock."""

    def write(self, place: PackURI, content: bytes) -> None:
        self[place.membername] = content


def word_bytes(document: WordDocument) -> bytes:
    """Return a Word document as a file, packed once: the same content always gives the same bytes."""
    package, found = document.part.package, _Parts()
    for part in package.parts:
        part.before_marshal()
    PackageWriter._write_content_types_stream(found, package.parts)
    PackageWriter._write_pkg_rels(found, package.rels)
    PackageWriter._write_parts(found, package.parts)
    return _packed(found)


def same_bytes(file: bytes) -> bytes:
    """Return a zip file (Word, Excel) without the clock: the same content always gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(file)) as source:
        return _packed({name: source.read(name) for name in source.namelist()})


def _packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # A picture is packed already.
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            target.writestr(entry, parts[name])
    return buffer.getvalue()


def plan_documents(
    plans: dict[str, FamilyPlan],
    profile,
    lang: str,
    names: dict[str, str] | None = None,
    kinds: tuple[str, ...] = OF_A_RUN,
) -> dict[str, bytes]:
    """Return the Word files of the plans by file name, ``<kind's folder>/<family>.docx``.

    With ``plan.department_views`` also ``department/<family>-<department>.docx`` for each department with a line it
    may see. ``names`` (person id to name) is only given on the municipality's own machine, never in a run.
    """
    wording = Wording(profile, lang, names or {})
    wanted = (*kinds, *([DEPARTMENT] if profile["plan.department_views"] else []))
    templates = {name: template_of(name, lang, profile.folder) for name in dict.fromkeys(wanted)}
    return {file: content for plan in plans.values() for file, content in family_files(plan, wording, templates)}


def family_files(
    plan: FamilyPlan, wording: Wording, templates: dict[str, Template], before: FamilyPlan | None = None
) -> Iterator[tuple[str, bytes]]:
    """Return the files of one family, (name, content), one per kind of document and one per department's extract."""
    for name, template in templates.items():
        kind = KINDS[name]
        if kind.reader:
            yield f"{kind.folder}/{plan.family_id}.docx", document(kind, plan, wording, template, Occasion(before))
            continue
        for department in DEPARTMENTS:
            if any(may_see(plan, line, department) for line in plan.lines):
                content = document(kind, plan, wording, template, Occasion(before, department))
                yield f"{kind.folder}/{plan.family_id}-{department}.docx", content


def readers_by_name(family: str) -> dict[str, str]:
    """Return whom a family's files are for, by file name without ending: a department, or empty for the whole plan's.

    The names are those of every language, and those with the department's code, as files were called before.
    """
    coded = {f"department/{family}-{department}.docx": department for department in DEPARTMENTS}
    names = {**coded, **{document_name(name, lang): coded[name] for name in coded for lang in LANGUAGES}}
    return {family: "", **{Path(name).stem: department for name, department in names.items()}}
