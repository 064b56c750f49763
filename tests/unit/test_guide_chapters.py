"""The chapters of the guide: one form in both languages, links to templates and sources that exist."""

import re
from functools import cache

import pytest
from babel.messages.pofile import read_po
from ruamel.yaml import YAML

from helhed.kit_files import folder
from helhed.publishing.reference_pages import reference_page, references
from helhed.texts import LANGUAGES

CHAPTERS = sorted(file.stem for file in (folder("book") / "guide").glob("*.md"))
STEPS = ("0_check", "1_select", "2_staff", "3_plan", "3_plan_forms", "4_monitor", "5_evaluate", "6_decide", "7_release")
PAGES = [*(f"guide/{name}" for name in CHAPTERS), *(f"steps/{name}" for name in STEPS)]
#: What every chapter has, in this order; it may have more in between.
HEADINGS = (
    "How to do it",
    "Template",
    "Filled example",
    "Notebook",
    "Pitfalls",
    "Checklist",
    "Decide before you go on",
)
#: What a chapter says of the pitfalls that name no source.
OWN_JUDGEMENT = "Where no source is named, the pitfall is our own judgement."
#: Pages about running and building the kit are not chapters of the work with families.
NOT_CHAPTERS = ("guide/consultants", "guide/developers", "guide/models_side_by_side")
FORMED = [page for page in PAGES if page not in NOT_CHAPTERS]


def source_of(page: str) -> str:
    return (folder("book") / f"{page}.md").read_text(encoding="utf-8")


def danish_of(page: str) -> dict[str, str]:
    with (folder("book") / "locale" / "da" / "LC_MESSAGES" / f"{page}.po").open("rb") as stream:
        return {message.id: message.string for message in read_po(stream) if message.id}


@pytest.mark.parametrize("page", FORMED)
def test_every_chapter_has_the_same_form(page):
    source = source_of(page)
    found = [head for head in re.findall(r"^## (.+)$", source, re.MULTILINE) if head in HEADINGS]
    # After the decision nothing is decided before going on.
    assert found == list(HEADINGS[:-1] if page == "steps/6_decide" else HEADINGS)
    head = source[: source.index("## ")]
    assert "**The question.**" in head and ":class: helhed-facts" in head
    assert re.findall(r"^\* - (\w+)", head, re.MULTILINE)[:2] == ["Who", "Time"]


@pytest.mark.parametrize("page", FORMED)
def test_no_part_of_a_chapter_is_empty_and_the_checklist_can_be_ticked(page):
    parts = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", source_of(page), re.MULTILINE | re.DOTALL))
    without_runs = {
        name: re.sub(r"^````\{if-run\}.*?^````$", "", part, flags=re.M | re.S) for name, part in parts.items()
    }
    assert all(part.strip() for part in without_runs.values())
    assert len(re.findall(r"^- \[ \] ", parts["Checklist"], re.MULTILINE)) >= 3
    assert len(re.findall(r"^1?\d\. ", parts["How to do it"], re.MULTILINE)) >= 3
    assert "](#ref-" in parts["Pitfalls"]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("guide/consultants", "guide/developers")])
def test_each_pitfall_names_its_source_or_the_page_that_shows_it_or_is_called_our_own_judgement(page):
    pitfalls = re.search(r"^## Pitfalls\n(.*?)(?=^## )", source_of(page), re.MULTILINE | re.DOTALL)[1]
    bare = [line for line in re.findall(r"^- .+$", pitfalls, re.MULTILINE) if "](" not in line]
    assert bool(bare) == (OWN_JUDGEMENT in pitfalls), bare


@cache
def template_targets(lang: str) -> set[str]:
    return set(re.findall(r"^\((template-[\w-]+)\)=$", reference_page("downloads", lang), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_links_to_templates_and_sources_lead_somewhere(page):
    source = source_of(page)
    assert set(re.findall(r"\(#ref-([\w-]+)\)", source)) <= set(references())
    for lang in LANGUAGES:
        assert set(re.findall(r"\(#(template-[\w-]+)\)", source)) <= template_targets(lang)


@pytest.mark.parametrize("page", PAGES)
def test_the_danish_links_to_the_same_places(page):
    for english, danish in danish_of(page).items():
        places = [sorted(re.findall(r"\]\(([^)]+)\)|\{value\}`([^`]+)`", words)) for words in (english, danish)]
        assert places[0] == places[1], danish


def test_every_chapter_is_in_the_contents():
    contents = YAML(typ="safe").load((folder("book") / "_toc.yml").read_text(encoding="utf-8"))
    listed = {chapter["file"] for part in contents["parts"] for chapter in part["chapters"]}
    assert {f"guide/{name}" for name in CHAPTERS} <= listed
