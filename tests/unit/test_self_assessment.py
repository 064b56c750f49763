"""Self-assessments: whole in both languages; page, Word and workbook say the same; templates are the made ones."""

import io

import docx
import openpyxl
import pytest

from helhed import kit_files
from helhed.errors import WrongCall
from helhed.publishing.reference_pages import reference_page, references
from helhed.publishing.self_assessment import score, self_assessments
from helhed.publishing.self_assessment_documents import self_assessment_word
from helhed.publishing.self_assessment_sheet import self_assessment_workbook
from helhed.texts import LANGUAGES, percent

NAMES = sorted(self_assessments())


def words_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.mark.parametrize("name", NAMES)
def test_the_declaration_is_whole(name):
    one = self_assessments()[name]
    words = [*one.words.values(), *one.levels, *(i.words for p in one.parts for i in p.items)]
    words += [each for part in one.parts for each in (part.title, part.meaning)]
    words += [each for band in one.bands for each in (band.title, band.meaning)]
    assert all(each[lang].strip() for each in words for lang in LANGUAGES)
    assert set(one.sources) <= set(references())
    assert [level["score"] for level in one.levels] == list(range(len(one.levels)))
    limits = [(band.least_share, band.least_part_share) for band in one.bands]
    assert limits == sorted(limits, reverse=True) and limits[-1] == (0, 0)
    assert score(one, one.example()).band is not None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_page_word_and_workbook_ask_the_same(name, lang):
    one = self_assessments()[name]
    page, word = reference_page(name, lang), words_of(self_assessment_word(name, lang))
    book = openpyxl.load_workbook(io.BytesIO(self_assessment_workbook(name, lang)))
    sheet = {str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None}
    for words in [item.words[lang] for part in one.parts for item in part.items]:
        assert words in page and words in word and words in sheet
    found = score(one, one.example())
    assert f"{percent(found.share, lang)}" in page and found.band.title[lang] in page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_templates_are_the_made_ones(name, lang):
    one, folder = self_assessments()[name], kit_files.folder("templates")
    filled = self_assessment_workbook(name, lang, one.example())
    assert (folder / f"{one.file}_{lang}.docx").read_bytes() == self_assessment_word(name, lang)
    assert (folder / f"{one.file}_{lang}.xlsx").read_bytes() == self_assessment_workbook(name, lang)
    assert (folder / f"{one.example_file}_{lang}.xlsx").read_bytes() == filled
    invented = {"da": "Svarene er opdigtede", "en": "The answers are invented"}[lang]
    for sheet in openpyxl.load_workbook(io.BytesIO(filled)).worksheets:
        assert sheet["A2"].value.startswith(invented)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"needs": [0]}, "is not a part"),
        ({"need": [0, 1]}, "needs 4 answers"),
        ({"need": [0, 1, 2, 4]}, "“4” is not an answer"),
        ({"need": [0, 1, 2, 1.5]}, "“1.5” is not an answer"),
    ],
)
def test_an_answer_that_cannot_be_scored_is_named(answers, said):
    with pytest.raises(WrongCall, match=said):
        score(self_assessments()["readiness"], answers)
