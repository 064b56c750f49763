"""The pages on getting the data, and the letters that ask for it: generated from presets, systems and rules."""

import io
import re
import zipfile

import pytest
from docx import Document
from ruamel.yaml import YAML

from helhed import kit_files
from helhed.intake.exports.own_presets import checked_preset
from helhed.intake.exports.preset import presets
from helhed.intake.exports.systems import systems, unused_columns, wanted_columns
from helhed.intake.exports.unneeded import unneeded_exports
from helhed.intake.rules.in_words import rules_about
from helhed.publishing.export_pages import default_period, export_page, export_pages
from helhed.publishing.new_municipality import make_municipality
from helhed.publishing.reference_pages import references
from helhed.publishing.request_letters import request_letters
from helhed.texts import LANGUAGES


def test_every_export_that_is_a_file_belongs_to_one_system():
    of_systems = [preset.name for system in systems().values() for preset in system.presets]
    assert sorted(of_systems) == sorted(name for name, preset in presets().items() if preset.file)


@pytest.mark.parametrize("system", systems().values(), ids=lambda system: system.name)
def test_every_system_says_everything_in_both_languages(system):
    assert set(system.words) == {"title", "ask", "purpose", "scope", "take", "compare"}
    for what, words in system.words.items():
        assert set(words) == set(LANGUAGES), what
        assert all(words[lang] for lang in LANGUAGES), what
        assert words["da"] != words["en"] or what == "title"
    assert not system.source or system.source in references()


def test_the_contents_list_every_page():
    listed = (kit_files.folder("book") / "_toc.yml").read_text(encoding="utf-8")
    files = [c["file"] for part in YAML(typ="safe").load(listed)["parts"] for c in part["chapters"]]
    assert [f"exports/{page}" for page in export_pages()] == [file for file in files if file.startswith("exports/")]


@pytest.mark.parametrize("page", export_pages())
def test_a_page_has_the_same_parts_in_both_languages(page):
    danish, english = export_page(page, "da"), export_page(page, "en")
    assert danish != english
    for mark in ("\n## ", "\n### ", "\n| ", "\n- "):
        assert danish.count(mark) == english.count(mark), mark
    assert not re.search(r"\{[a-z_]+\}|\bnan\b", danish + english)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("system", systems().values(), ids=lambda system: system.name)
def test_a_page_shows_every_column_and_rule(system, lang):
    page = export_page(system.name, lang)
    for preset in system.presets:
        for heading in preset.columns:
            assert heading.heading in page
        for _, title in rules_about(preset, lang):
            assert title.replace("*", "\\*").replace("<", "&lt;").replace("  ", " ") in page
        assert len(wanted_columns(preset, lang)) + len(unused_columns(preset)) == len(preset.columns)
    assert str(default_period()[2]) in page


def test_the_period_is_the_one_the_profile_proposes():
    first, last, months = default_period()
    assert months == 12 * (last.year - first.year) + last.month - first.month + 1 == 36


def test_the_example_of_an_own_preset_is_valid():
    example = re.search(r"```yaml\n(.*?)```", export_page("index", "da"), re.DOTALL)[1]
    assert not checked_preset("eksempel", example, "presets/eksempel.yml")[1]


def test_what_is_not_needed_stands_on_the_overview():
    for lang in LANGUAGES:
        assert all(export.why(lang) in export_page("index", lang) for export in unneeded_exports())


# Letters


def letter_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_system_with_persons_gets_a_letter_with_its_columns(lang):
    letters = request_letters("Prøveby Kommune", lang)
    with_persons = {name: system for name, system in systems().items() if not system.is_public}
    assert len(letters) == len(with_persons)
    for name, system in with_persons.items():
        (file,) = [file for file in letters if file.endswith(f"_{name}.docx")]
        words = letter_text(letters[file])
        for preset in system.presets:
            assert all(column.heading in words for column in wanted_columns(preset, lang))
            assert all(heading in words for heading in unused_columns(preset))
        assert "Prøveby Kommune" in words
        assert system.say("ask", lang) in words
        assert "{" not in words


def test_the_same_letter_has_the_same_bytes(later):
    first = request_letters("X", "da")
    later()
    assert first == request_letters("X", "da")
    for content in request_letters("X", "da").values():
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_a_new_municipality_gets_the_letters(tmp_path):
    make_municipality(tmp_path / "vejle", "assens", "da")
    letters = sorted((tmp_path / "vejle" / "databestillinger").glob("*.docx"))
    assert [file.name for file in letters] == sorted(request_letters("Vejle Kommune", "da"))
    assert "Vejle Kommune" in letter_text(letters[0].read_bytes())
