"""The guide's page of templates: what each is for, the files to fill in and a filled example, in both languages.

A template is known by its file: ``<stem>_<language>.<ending>``, its filled example by ``<stem>_eksempel_<language>``.
One with fields that the kit fills has a form to fill in by hand beside it, ``<stem>_blank_<language>``.
Each has the anchor ``template-<stem>``, which the chapters link to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helhed.kit_files import folder as kit_folder
from helhed.publishing.markdown_parts import page, slug
from helhed.texts import LANGUAGES, number, text

#: Where the page's files lie in the source folder, beside the page.
FOLDER = "templates"
#: The office's own forms lie in a folder of their own and share one place on the page.
SECTOR_PLANS = "sector_plans"
_ENDINGS = {".docx": "word", ".xlsx": "excel"}
#: What is added to a template's name in the name of a file made from it: to the kind of that file.
_MADE_FROM_IT = {"_eksempel": "filled", "_blank": "blank"}
#: The kinds of files of a template that is filled in by hand itself, in their order, and what each is called.
_WITHOUT_FIELDS = {"template": "empty", "filled": "filled"}
#: A template whose name differs between the languages.
_SAME = {"data_workbook": "dataark"}
#: The list of families that the page "In your browser" reads.
EXAMPLE_LIST = "familieliste"
#: The templates in the order of the work: part of the page to stems.
PARTS = {
    "begin": (
        "parathed",
        "kommissorium",
        "implementeringspas",
        "rolleprofil",
        "jobopslag",
        "supervisionsplan",
        "koordinatorrollen",
    ),
    "data": ("databestilling", "dataark", EXAMPLE_LIST, "decisions", "konsekvensanalyse"),
    "family": (
        "foerste_kontakt",
        "samtykke",
        "indkaldelse",
        "dagsorden",
        "referat",
        "familiens_plan",
        "fagplan",
        "forvaltning",
        SECTOR_PLANS,
        "udfasning",
    ),
    "follow": ("indikatorark", "interviews", "economy", "scenarios", "tilpasningslog"),
}

#: The forms of `SECTOR_PLANS` in their order: the one of the whole family, then those of its offices.
OFFICE_FORMS = (
    "family",
    "childs_plan",
    "youth_plan",
    "education_plan",
    "job_plan",
    "adult_plan",
    "treatment_plan",
    "housing",
)


@dataclass(frozen=True)
class TemplateFile:
    """A file to fetch: the template it belongs to, its language, and what it is.

    ``kind`` is ``template``, ``blank`` (the same as a form to fill in by hand) or ``filled`` (an example).
    """

    path: Path
    stem: str
    lang: str
    kind: str

    @property
    def place(self) -> str:
        """Return where the file lies below the folder of templates."""
        return self.path.relative_to(kit_folder("templates")).as_posix()


def template_files() -> list[TemplateFile]:
    """Return every Word and Excel file of the folder of templates, by name, without those that Office has open."""
    files = sorted(file for file in kit_folder("templates").rglob("*") if file.suffix in _ENDINGS)
    return [_template_file(file) for file in files if not file.name.startswith(("~", "."))]


def _template_file(file: Path) -> TemplateFile:
    stem, lang, kind = _name_parts(file)
    if file.parent.name == SECTOR_PLANS:
        stem = SECTOR_PLANS
    return TemplateFile(file, _SAME.get(stem, stem), lang, kind)


def _name_parts(file: Path) -> tuple[str, str, str]:
    """Return the template's name, the language and the kind of a file."""
    name, _, lang = file.stem.rpartition("_")
    for ending, kind in _MADE_FROM_IT.items():
        if name.endswith(ending):
            return name.removesuffix(ending), lang, kind
    return name, lang, "template"


def template_contents() -> dict[str, bytes]:
    """Return what the page offers: place below `FOLDER` to the file's content."""
    return {file.place: file.path.read_bytes() for file in template_files()}


def downloads_page(lang: str) -> str:
    """Return the page: part by part, each template with what it is for, its files and its filled example.

    A part or template of which there is no file is left out.
    """
    files = template_files()
    parts = [_part(part, stems, files, lang) for part, stems in PARTS.items()]
    return page("downloads", lang, [part for part in parts if part])


def anchor(stem: str) -> str:
    """Return the anchor of a template on the page.

    Examples
    --------
    >>> anchor("familiens_plan")
    'template-familiens-plan'
    """
    return f"template-{slug(stem)}"


def _part(part: str, stems: tuple[str, ...], files: list[TemplateFile], lang: str) -> str:
    found = {stem: [file for file in files if file.stem == stem] for stem in stems}
    shown = [_template(stem, of_stem, lang) for stem, of_stem in found.items() if of_stem]
    return "\n\n".join([f"## {text(f'downloads.part_{part}', lang)}", *shown]) if shown else ""


def _template(stem: str, files: list[TemplateFile], lang: str) -> str:
    head = f"({anchor(stem)})=\n### {text(f'downloads.title_{stem}', lang)}"
    links = _office_forms(files, lang) if stem == SECTOR_PLANS else _links(files, lang)
    return "\n\n".join([head, text(f"downloads.what_{stem}", lang), links])


def _office_forms(files: list[TemplateFile], lang: str) -> str:
    """Return each office's form with what it is for and its own files."""
    shown = []
    for plan in OFFICE_FORMS:
        of_plan = [file for file in files if _name_parts(file.path)[0] == plan]
        title, what = (text(f"downloads.{key}_{plan}", lang) for key in ("plan", "plan_what"))
        shown.append(f"**{title}.** {what}\n\n{_links(of_plan, lang)}")
    return "\n\n".join(shown)


def _links(files: list[TemplateFile], lang: str) -> str:
    # Whoever has Word alone finds what they can use first; what only the kit can fill comes last.
    has_blank = any(file.kind == "blank" for file in files)
    kinds = {"blank": "blank", "filled": "filled", "template": "for_kit"} if has_blank else _WITHOUT_FIELDS
    lines = [
        _line(label, [file for file in files if (file.kind, file.lang) == (kind, of_lang)], of_lang, lang)
        for kind, label in kinds.items()
        for of_lang in _own_first(lang)
    ]
    return "\n".join(line for line in lines if line)


def _own_first(lang: str) -> Iterator[str]:
    yield lang
    yield from (other for other in LANGUAGES if other != lang)


def _line(label: str, files: list[TemplateFile], of_lang: str, lang: str) -> str:
    if not files:
        return ""
    links = ", ".join(_link(file, lang) for file in files)
    words = text(f"downloads.{label}", lang, language=text(f"downloads.in_{of_lang}", lang))
    return f"- {words}: {links}"


def _link(file: TemplateFile, lang: str) -> str:
    kind = text(f"downloads.{_ENDINGS[file.path.suffix]}", lang)
    size = number(max(1, round(file.path.stat().st_size / 1000)), lang)
    words = text("downloads.link", lang, name=_called(file, lang), kind=kind, size=size)
    return f"{{download}}`{words} <{FOLDER}/{file.place}>`"


def _called(file: TemplateFile, lang: str) -> str:
    if file.stem != SECTOR_PLANS:
        return text(f"downloads.title_{file.stem}", lang)
    return text(f"downloads.plan_{_name_parts(file.path)[0]}", lang)
