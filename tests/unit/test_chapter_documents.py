"""The Word documents of the chapters: each place to fill in is answered in the example; templates are the made ones."""

import io

import docx
import pytest

from helhed import kit_files
from helhed.publishing.chapter_document import chapter_documents, chapter_word
from helhed.texts import LANGUAGES

NAMES = sorted(chapter_documents())


def paragraphs_of(content: bytes):
    document = docx.Document(io.BytesIO(content))
    cells = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return [*document.paragraphs, *cells]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_place_to_fill_in_is_marked_and_answered_in_the_example(name, lang):
    one = chapter_documents()[name]
    assert len(one.places(lang)) == len(one.example) == len(one.places("da")) > 5
    marked = [r.text for p in paragraphs_of(chapter_word(name, lang)) for r in p.runs if r.font.highlight_color]
    assert sorted(marked) == sorted(one.places(lang))
    filled = "\n".join(p.text for p in paragraphs_of(chapter_word(name, lang, is_filled=True)))
    assert "[" not in filled
    assert all(answer[lang] in filled for answer in one.example)
    assert {"da": "Alt er opdigtet", "en": "Everything is invented"}[lang] in filled


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_rows(name):
    for section in chapter_documents()[name].sections:
        for row in [*section.rows, *([section.head] if section.head else [])]:
            assert row["da"].strip() and row["en"].strip()
            assert row["da"].count("|") == row["en"].count("|")
        if section.kind == "table":
            assert sum(section.shares) == pytest.approx(1)
            assert {row["da"].count("|") for row in section.rows} == {len(section.shares) - 1}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_templates_are_the_made_ones(name, lang):
    one, folder = chapter_documents()[name], kit_files.folder("templates")
    assert (folder / f"{one.file}_{lang}.docx").read_bytes() == chapter_word(name, lang)
    assert (folder / f"{one.example_file}_{lang}.docx").read_bytes() == chapter_word(name, lang, is_filled=True)
