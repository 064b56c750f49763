"""The implementation passport, the adaptation log and the page of models: whole, and the same in every form."""

import io
import re
import subprocess

import docx
import openpyxl
import pytest

from helhed import kit_files
from helhed.profile import declared_entries
from helhed.profile.entries import presets
from helhed.publishing.adaptation_log import adaptation_log, adaptation_log_word
from helhed.publishing.adaptation_log_sheet import adaptation_log_workbook
from helhed.publishing.cpr_guard import cpr_like
from helhed.publishing.passport import passport
from helhed.publishing.passport_documents import passport_picture, passport_word
from helhed.publishing.passport_sheet import passport_workbook
from helhed.publishing.reference_pages import MODELS, PAGES, reference_page, references
from helhed.texts import LANGUAGES, number

FORMS = {
    "passport": (passport, passport_word, passport_workbook),
    "adaptation_log": (adaptation_log, adaptation_log_word, adaptation_log_workbook),
}


def words_of(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def cells_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets]


def declared_words(name):
    """Return every text of a form's body, by language."""
    if name == "passport":
        return [words for each in passport().milestones for words in each.words.values()]
    elements = adaptation_log().elements
    return [getattr(each, key) for each in elements for key in ("title", "core", "free", "lost")]


def test_the_phases_follow_one_another_and_hold_their_milestones():
    one = passport()
    months = [month for phase in one.phases for month in range(phase.first_month, phase.last_month + 1)]
    assert months == list(range(1, one.months + 1))
    for phase in one.phases:
        for each in phase.milestones:
            assert phase.first_month <= each.first_month <= each.last_month <= phase.last_month, each.id
    names = [each.id for each in one.milestones]
    assert len(names) == len(set(names))


def test_each_milestone_points_to_a_page_that_is_there():
    pages = {f"reference/{name}" for name in PAGES}
    pages |= {file.relative_to(kit_files.folder("book")).with_suffix("").as_posix()
              for file in kit_files.folder("book").rglob("*.md")}  # fmt: skip
    assert {each.page for each in passport().milestones} <= pages


def test_the_log_has_a_column_for_each_field_of_its_example():
    one = adaptation_log()
    names = {column.id for column in one.columns}
    for line in one.example:
        assert set(line) <= names
        for column in one.columns:
            for lang in LANGUAGES:
                one.shown(line, column, lang)
    assert all(each[lang].strip() for column in one.columns for each in column.choices for lang in LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_page_word_and_workbook_say_the_same(name, lang):
    form, word, workbook = FORMS[name]
    page, printed = reference_page(name, lang), words_of(docx.Document(io.BytesIO(word(lang))))
    cells = [value for sheet in cells_of(workbook(lang)) for row in sheet for value in row]
    for words in declared_words(name):
        assert words[lang].strip()
        assert words[lang] in page and words[lang] in printed and words[lang] in cells
    assert set(form().sources) <= set(references())
    assert not cpr_like(page) and not cpr_like(printed)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_the_templates_are_the_made_ones(name, lang):
    form, word, workbook = FORMS[name]
    folder, one = kit_files.folder("templates"), form()
    kept = docx.Document(folder / f"{one.file}_{lang}.docx")
    assert words_of(kept) == words_of(docx.Document(io.BytesIO(word(lang))))
    for file, is_example in ((one.file, False), (one.example_file, True)):
        assert (folder / f"{file}_{lang}.xlsx").read_bytes() == workbook(lang, is_example=is_example)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_the_example_says_that_it_is_invented(lang):
    said = {"da": "opdigtede", "en": "invented"}[lang]
    for _, _, workbook in FORMS.values():
        assert said in str(cells_of(workbook(lang, is_example=True))[0][1][0])
        assert said not in str(cells_of(workbook(lang)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_tells_in_words_what_it_shows(lang):
    one, picture = passport(), passport_picture(lang)
    for phase in one.phases:
        assert phase.title[lang] in picture.alt
    assert number(len(one.milestones), lang) in picture.caption
    (image,) = [part for part in docx.Document(io.BytesIO(passport_word(lang))).inline_shapes]
    assert image._inline.docPr.get("descr") == picture.alt
    drawn = [label.get_text() for label in picture.figure.axes[0].get_yticklabels()]
    assert drawn == [
        name
        for phase in one.phases
        for name in (phase.title[lang], *(each.words["title"][lang] for each in phase.milestones))
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_models_page_holds_every_value_that_a_model_sets(lang):
    page, entries = reference_page("models", lang), declared_entries()
    blocks = dict(re.findall(r"^### (.*?)(?: \([^()]*\))?\n\n(.*?)(?=^##|\Z)", page, re.M | re.S))
    for model in MODELS:
        for key in presets()[model]["settings"]:
            label = entries[key].label(lang)
            block = next(body for title, body in blocks.items() if label.startswith(title) or title.startswith(label))
            assert presets()[model]["title"] in block, (model, key)
    set_by_some = {key for model in MODELS for key in presets()[model]["settings"]}
    assert len(blocks) == len(set_by_some)


def test_the_passport_has_its_months_on_one_page_and_two_phases_on_a_page(tmp_path):
    files = [kit_files.folder("templates") / f"{passport().file}_{lang}.docx" for lang in LANGUAGES]
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf"]
    subprocess.run([*office, "--outdir", str(tmp_path), *map(str, files)], check=True, capture_output=True, timeout=300)
    for file, lang in zip(files, LANGUAGES, strict=True):
        printed = tmp_path / f"{file.stem}.pdf"
        shown = subprocess.run(["pdftotext", str(printed), "-"], check=True, capture_output=True, text=True).stdout
        pages = [
            [p.title[lang] for p in passport().phases if f". {p.title[lang]}, " in page] for page in shown.split("\f")
        ]
        first, *rest = pages[:-1]
        assert first == [] and [len(titles) for titles in rest] == [2, 2], (lang, pages)
