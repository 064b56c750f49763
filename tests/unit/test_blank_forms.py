"""Blank forms: each template with fields has one to fill in by hand, in both languages, that looks like a form."""

import importlib.util
import re
import subprocess
import sys
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from helhed import kit_files
from helhed.publishing.cpr_guard import cpr_like
from helhed.publishing.downloads_page import downloads_page, template_files
from helhed.texts import LANGUAGES, text

TEMPLATES = kit_files.folder("templates")
#: A page of a form has at least a heading and a line on what is written there.
FEWEST_LETTERS = 40


@pytest.fixture(scope="module")
def maker():
    """Return the module that makes the blank forms."""
    sys.path.insert(0, str(TEMPLATES))
    try:
        spec = importlib.util.spec_from_file_location("make_blanks", TEMPLATES / "make_blanks.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(TEMPLATES))


def whole_text(file):
    """Return all text of a Word file: body, cells, headers and footers, with what is parted over runs put together."""
    with zipfile.ZipFile(file) as parts:
        names = [name for name in parts.namelist() if re.match(r"word/(document|header\d*|footer\d*)\.xml", name)]
        return "\n".join(re.sub(r"<[^>]+>", "", parts.read(name).decode("utf-8")) for name in names)


def has_fields(file):
    return re.search(r"\{\{|\{%", whole_text(file)) is not None


def blanks():
    return [file.path for file in template_files() if file.kind == "blank"]


def test_every_template_with_fields_has_a_blank_form_and_no_other(maker):
    files = [file for file in template_files() if file.path.suffix == ".docx"]
    with_fields = {(file.stem, file.lang) for file in files if has_fields(file.path)}
    assert with_fields == {(name, lang) for name in maker.NAMES for lang in LANGUAGES}
    assert with_fields == {(file.stem, file.lang) for file in files if file.kind == "blank"}
    assert {file.kind for file in files if (file.stem, file.lang) in with_fields and has_fields(file.path)} == {
        "template"
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_blank_forms_are_what_their_script_makes(maker, lang):
    for name in maker.NAMES:
        assert (TEMPLATES / f"{name}_blank_{lang}.docx").read_bytes() == maker.blank(name, lang), (
            f"make templates: {name}"
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_blank_form_keeps_the_headings_of_its_template(maker, lang):
    for name in maker.NAMES:
        kept, form = (Document(TEMPLATES / f"{name}{kind}_{lang}.docx") for kind in ("", "_blank"))
        heads = [p.text for p in kept.paragraphs if p.style.name.startswith("Heading") and "{" not in p.text]
        found = [p.text for p in form.paragraphs if p.style.name.startswith("Heading")]
        assert set(heads) <= set(found), name
        # A table of a template: its head, a loop around one row. In the form the loop is gone and there are rows.
        for table in form.tables:
            assert all(len(row.cells) == len(table.columns) for row in table.rows), name
            assert len(table.rows) > 2 or table.style.name != "Table Grid" or len(table.columns) == 1, name


def test_nothing_of_a_run_is_left_in_a_form():
    for file in blanks():
        words = whole_text(file)
        assert "{" not in words and "}" not in words and "–:" not in words and not cpr_like(words), file.name
        lang = file.stem.rpartition("_")[2]
        # What the kit says of a run is not true of a form filled in by hand.
        for said in {"da": ("denne kørsel", "kittet", "Kittet"), "en": ("this run", "the kit", "The kit")}[lang]:
            assert said not in words, (file.name, said)
        assert text("downloads.invented", lang) not in words


def test_lines_to_write_on_stay_where_they_are():
    """A row of underscores moves when something is written on it: only a field within a sentence is one."""
    for file in blanks():
        document = Document(file)
        paragraphs = list(document.element.body.iter(qn("w:p")))
        lines = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in paragraphs]
        assert not [line for line in lines if re.fullmatch(r"[_, ]*_[_, ]*", line)], file.name
        for table in document.tables:
            for row in table.rows[1:]:
                if not any(cell.text.strip() for cell in row.cells) and not row.cells[0].tables:
                    assert row.height is not None and row.height.mm >= 7, file.name


def test_no_form_has_an_empty_page(tmp_path):
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf"]
    command = [*office, "--outdir", str(tmp_path), *map(str, blanks())]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found = sorted(tmp_path.glob("*.pdf"))
    assert [file.stem for file in found] == sorted(file.stem for file in blanks())
    for file in found:
        shown = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout
        for page in shown.split("\f")[:-1]:
            # The foot of the page says only its number.
            assert len(re.findall(r"[^\W\d_]", page)) >= FEWEST_LETTERS, (file.name, page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_which_file_is_for_whom(lang):
    for line in downloads_page(lang).splitlines():
        for file in re.findall(r"<templates/([^>]+\.docx)>", line):
            is_blank, is_filled = "_blank_" in file, "_eksempel_" in file
            said = [key for key in ("blank", "filled", "for_kit", "empty") if label(key, file, lang) in line]
            assert said == ["blank" if is_blank else "filled" if is_filled else kind_of(file)], file


def label(key, file, lang):
    of_lang = file.removesuffix(".docx").rpartition("_")[2]
    return "- " + text(f"downloads.{key}", lang, language=text(f"downloads.in_{of_lang}", lang)) + ":"


def kind_of(file):
    return "for_kit" if has_fields(TEMPLATES / file) else "empty"
