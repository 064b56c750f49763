"""The guide is whole in Danish: every text translated, and no number, link or value lost on the way."""

import re
from collections import Counter

import pytest
from babel.messages.pofile import read_po
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin

from helhed.profile import declared_entries
from helhed.publishing.reference_pages import PAGES, glossary, reference_page, references
from helhed.publishing.translations import gaps, locale_folder
from helhed.texts import LANGUAGES, catalogue

FILES = sorted(locale_folder().rglob("*.po"))


def messages(file):
    with file.open("rb") as stream:
        return [message for message in read_po(stream) if message.id]


def numbers(words):
    """Return the numbers of a text without the two languages' separators; addresses and code count as they are."""
    prose = re.sub(r"\]\([^)]*\)|`[^`]*`", "", words)
    return sorted(re.sub(r"[.,]", "", number) for number in re.findall(r"\d[\d.,]*\d|\d", prose))


@pytest.fixture(params=FILES, ids=lambda file: file.relative_to(locale_folder()).as_posix())
def file(request):
    return request.param


def test_nothing_is_missing_or_fuzzy():
    assert gaps() == []


def test_danish_has_the_same_numbers(file):
    for message in messages(file):
        assert numbers(message.string) == numbers(message.id), message.id


def test_danish_has_the_same_links_and_values(file):
    places = re.compile(r"\]\(([^)]*)\)|\{[a-z]+\}`[^`]*`")
    for message in messages(file):
        found = [sorted(match.group() for match in places.finditer(words)) for words in (message.id, message.string)]
        targets = [[_target(place) for place in side] for side in found]
        assert targets[0] == targets[1], message.id


def _target(place: str) -> str:
    """Return what a link or a role points to; a file to download has its own language in its name."""
    to_file = re.fullmatch(r"\{download\}`[^<`]*<([^>]*)>`", place)
    return re.sub(r"_(da|en)\.", ".", to_file[1]) if to_file else re.sub(r"^.*\]\(", "(", place)


def test_danish_uses_danish_quotation_marks(file):
    for message in messages(file):
        assert not set("“”") & set(message.string), message.string


def test_files_hold_no_dates_and_no_line_numbers(file):
    content = file.read_text(encoding="utf-8")
    assert "POT-Creation-Date" not in content and "\n#: " not in content


@pytest.mark.parametrize("page", PAGES)
def test_reference_pages_exist_in_both_languages_and_differ(page):
    danish, english = (reference_page(page, lang) for lang in LANGUAGES)
    assert danish != english
    assert parts_of(danish) == parts_of(english)


def parts_of(page: str) -> Counter:
    """Return how many headings, lists, terms and tables a page has as it is read, not as it is written."""
    lines = (line for line in page.splitlines() if not line.startswith(":::"))
    read = MarkdownIt("commonmark").enable("table").use(deflist_plugin).parse("\n".join(lines))
    return Counter(token.type + token.tag for token in read if token.nesting == 1)


def test_a_date_that_would_begin_a_list_is_no_list():
    assert parts_of("1. marts\n: linje\n") != parts_of("1 March\n: line\n") == parts_of("1\\. marts\n: linje\n")


def test_every_group_of_the_profile_has_a_title():
    for entry in declared_entries().values():
        assert f"book.group_{entry.group}" in catalogue(), entry.group


def test_glossary_and_references_are_whole():
    assert all(term[key].strip() for term in glossary().values() for key in ("term", "da", "en", "source"))
    assert all(source[key].strip() for source in references().values() for key in ("label", "title", "publisher"))
    assert all(re.match(r"https?://\S+$|$", source["url"]) for source in references().values())


def test_every_cited_source_is_listed_and_every_listed_source_is_cited(root):
    pages = "\n".join(page.read_text(encoding="utf-8") for page in (root / "book").rglob("*.md"))
    notebooks = "\n".join(file.read_text(encoding="utf-8") for file in (root / "notebooks").glob("*.ipynb"))
    rules = reference_page("check_rules", "en")
    cited = set(re.findall(r"#ref-([a-z0-9-]+)", pages + notebooks + rules))
    assert cited == set(references())
