"""The Word documents about the coordinator's role: made from their words, in both languages, ready to fill in."""

import importlib.util
import io
import sys

import docx
import pytest

from helhed import kit_files
from helhed.plan.documents import same_bytes
from helhed.publishing.cpr_guard import cpr_like
from helhed.texts import LANGUAGES

NAMES = {"rolleprofil": "role_profile", "jobopslag": "job_advert", "supervisionsplan": "supervision_plan"}


@pytest.fixture(scope="module")
def maker():
    """Return the module that makes the documents."""
    folder = str(kit_files.folder("templates"))
    sys.path.insert(0, folder)
    try:
        spec = importlib.util.spec_from_file_location("make_role_documents", f"{folder}/make_role_documents.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(folder)


def content_of(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_the_one_its_words_give(maker, name, lang):
    buffer = io.BytesIO()
    getattr(maker, NAMES[name])(lang).save(buffer)
    kept = docx.Document(kit_files.folder("templates") / f"{name}_{lang}.docx")
    assert content_of(docx.Document(io.BytesIO(same_bytes(buffer.getvalue())))) == content_of(kept)
    text = content_of(kept)
    assert len(text) > 1200 and "[" in text and not cpr_like(text) and "{" not in text


def test_both_languages_have_the_same_rows(maker):
    danish, english = (maker.words(lang) for lang in LANGUAGES)
    for name, words in danish.items():
        if isinstance(words, list):
            assert len(words) == len(english[name]), name
            assert [line.count("|") for line in words] == [line.count("|") for line in english[name]], name
