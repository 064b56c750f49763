"""What the page of templates promises: a description and a filled example of each, in Danish and English."""

import re

import pytest

from helhed.publishing.downloads_page import (
    FOLDER,
    OFFICE_FORMS,
    PARTS,
    SECTOR_PLANS,
    anchor,
    downloads_page,
    template_contents,
)
from helhed.texts import LANGUAGES, text

_LINK = re.compile(rf"<{FOLDER}/([^>]+)>")
#: A template's own part of the page begins with its heading, a form of the offices with its name in bold.
_TEMPLATE, _FORM = re.compile(r"(?m)^(?=\([\w-]+\)=\n### )"), re.compile(r"(?m)^(?=\*\*)")


def forms(page: str) -> dict[str, str]:
    """Return what the page holds of each template, and of each form of the offices: name to text."""
    shown = {part.split(")=")[0].lstrip("("): part for part in _TEMPLATE.split(page)[1:]}
    of_offices = _FORM.split(shown.pop(anchor(SECTOR_PLANS)))[1:]
    return shown | dict(zip(OFFICE_FORMS, of_offices, strict=True))


def faults(page: str, lang: str, files: dict[str, bytes]) -> list[str]:
    """Return what the page lacks: a description, a filled example in a language, or its file."""
    found = []
    for name, part in forms(page).items():
        described, _, listed = re.sub(r"^\([\w-]+\)=\n### .*\n|^\*\*.*?\*\*", "", part).partition("\n- ")
        if len(described.split()) < 6:
            found.append(f"{name}: no description")
        for of_lang in LANGUAGES:
            label = text("downloads.filled", lang, language=text(f"downloads.in_{of_lang}", lang))
            lines = [line for line in f"- {listed}".splitlines() if line.startswith(f"- {label}:")]
            linked = [file for line in lines for file in _LINK.findall(line)]
            if not linked or not all(files.get(file) and file.rpartition(".")[0].endswith(of_lang) for file in linked):
                found.append(f"{name}: no filled example in {of_lang}")
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_has_a_description_and_a_filled_example_in_both_languages(lang):
    page = downloads_page(lang)
    names = {anchor(stem) for stems in PARTS.values() for stem in stems if stem != SECTOR_PLANS} | set(OFFICE_FORMS)
    assert set(forms(page)) == names
    assert faults(page, lang, template_contents()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("of_lang", LANGUAGES)
@pytest.mark.parametrize("name", ["scenarios", "indikatorark", "sector_plans/housing"])
def test_an_example_that_is_missing_is_found(lang, of_lang, name):
    page, stem = downloads_page(lang), name.rpartition("/")[2]
    told = [f"{stem if '/' in name else anchor(stem)}: no filled example in {of_lang}"]
    without_line = "\n".join(line for line in page.splitlines() if f"/{name}_eksempel_{of_lang}." not in line)
    assert faults(without_line, lang, template_contents()) == told
    place = f"{name}_eksempel_{of_lang}."
    without_file = {file: content for file, content in template_contents().items() if not file.startswith(place)}
    assert faults(page, lang, without_file) == told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("key", "name"), [("what_scenarios", anchor("scenarios")), ("plan_what_housing", "housing")])
def test_a_description_that_is_missing_is_found(lang, key, name):
    page = downloads_page(lang).replace(text(f"downloads.{key}", lang), "")
    assert faults(page, lang, template_contents()) == [f"{name}: no description"]
