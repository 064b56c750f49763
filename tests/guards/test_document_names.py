"""Every document of a run has a name in Danish and in English, and no text calls it by its name in the other."""

import ast
import io
import re

import nbformat
import pytest
from babel.messages.pofile import read_po

from helhed.plan.fields import KINDS
from helhed.plan.forms import SECTOR_PLANS
from helhed.plan.views import DEPARTMENTS
from helhed.publishing.translations import locale_folder
from helhed.texts import LANGUAGES, catalogue, document_name

NAMES = {key.split(".")[1]: names for key, names in catalogue().items() if key.startswith("document_names.")}
FOREIGN = {
    lang: {names[other] for names in NAMES.values()} - {names[lang] for names in NAMES.values()}
    for lang, other in (("da", "en"), ("en", "da"))
}


def named_in(notebook) -> set[str]:
    """Return the names that a notebook's calls of `step.document` give outright."""
    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    calls = [node for node in ast.walk(ast.parse("\n".join(cells))) if isinstance(node, ast.Call)]
    documents = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "document"]
    return {ast.literal_eval(call.args[0]) for call in documents}


def called_by_a_foreign_name(words: str, lang: str) -> list[str]:
    return [name for name in FOREIGN[lang] if re.search(rf"(?<![\w-]){name}\.(xlsx|docx|pptx|html|csv)\b", words)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_may_travel_anywhere_and_are_never_taken_twice(lang):
    names = [names[lang] for names in NAMES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_document_that_a_notebook_or_a_plan_names_has_a_name(root, lang):
    given = set().union(*(named_in(notebook) for notebook in (root / "notebooks").glob("*.ipynb")))
    assert len(given) >= 10
    for name in given | {f"{kind.folder}/f17.docx" for kind in KINDS.values()}:
        assert document_name(name, lang)


def test_a_file_for_a_department_or_of_a_sector_plan_says_so_in_danish():
    names = {document_name(f"department/f17-{department}.docx", "da") for department in DEPARTMENTS}
    assert len(names) == len(DEPARTMENTS) and not names & {f"forvaltning/f17-{code}.docx" for code in DEPARTMENTS}
    names = {document_name(f"sector/f17/{plan}.docx", "da") for plan in (*SECTOR_PLANS, "family")}
    assert len(names) == len(SECTOR_PLANS) + 1
    assert not names & {f"sektorskemaer/f17/{plan}.docx" for plan in (*SECTOR_PLANS, "family")}


@pytest.mark.parametrize("name", ["no_such_document.xlsx", "plans/f17.docx", "Plan/f17.docx", "17.docx"])
def test_a_document_without_a_name_stops_the_step(name):
    with pytest.raises(KeyError):
        document_name(name, "da")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_calls_a_document_by_its_name_in_the_other_language(root, lang):
    texts = {key: words[lang] for key, words in catalogue().items()}
    if lang == "da":
        for file in locale_folder().rglob("*.po"):
            messages = read_po(io.BytesIO(file.read_bytes()))
            texts |= {f"{file.stem}: {one.id}": one.string for one in messages if one.id}
    else:
        pages = [*(root / "book").rglob("*.md"), *(root / "notebooks").glob("*.ipynb"), root / "README.md"]
        texts |= {page.name: page.read_text(encoding="utf-8") for page in pages}
    found = {key: named for key, words in texts.items() if (named := called_by_a_foreign_name(words, lang))}
    assert not found
