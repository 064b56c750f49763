"""The built site, read file by file: links, figures, what is said about invented data, nothing from elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from babel.messages.pofile import read_po

from helhed.publishing.translations import locale_folder

LANGS = ("da", "en")
BANNER = {"da": "opdigtede data", "en": "invented data"}


class Page(HTMLParser):
    """The anchors, links, loaded files and images of a page."""

    def __init__(self, file: Path):
        super().__init__()
        self.ids, self.links, self.loaded, self.images = set(), [], [], []
        self.text = file.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag == "img":
            self.images.append(attributes)
        if tag in ("script", "img", "source", "iframe") and attributes.get("src"):
            self.loaded.append(attributes["src"])
        if tag == "link" and attributes.get("rel") in ("stylesheet", "preload", "icon", "shortcut icon"):
            self.loaded.append(attributes["href"])


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    files = [file for file in site.rglob("*.html") if "_static" not in file.parts]
    return {file: Page(file) for file in files}


def test_pages_are_light(site, pages):
    """A page with all that it loads but pictures is below a megabyte."""
    for file, page in pages.items():
        loaded = {(file.parent / unquote(urlsplit(address).path)).resolve() for address in page.loaded}
        shared = [one for one in loaded if one.suffix in (".js", ".css") and one.name != "searchindex.js"]
        assert file.stat().st_size + sum(one.stat().st_size for one in shared) < 1_000_000, file.relative_to(site)


def test_every_file_to_fetch_is_there_and_not_empty(site, pages):
    fetched = {
        (file.parent / unquote(urlsplit(link).path)).resolve()
        for file, page in pages.items()
        for link in page.links
        if "_downloads/" in link
    }
    assert len(fetched) > 100
    assert all(one.stat().st_size > 3000 for one in fetched)


def test_both_languages_have_the_same_pages(site):
    names = [{file.relative_to(site / lang) for file in (site / lang).rglob("*.html")} for lang in LANGS]
    assert names[0] == names[1]
    assert Path("notebooks/0_check_data.html") in names[0]


def test_every_internal_link_leads_somewhere(site, pages):
    for file, page in pages.items():
        for link in page.links:
            target = urlsplit(link)
            if target.scheme or link.startswith("//"):
                continue
            place = (file.parent / unquote(target.path)).resolve() if target.path else file
            assert place.is_file(), f"{file.relative_to(site)}: {link}"
            if target.fragment and place in pages:
                assert unquote(target.fragment) in pages[place].ids, f"{file.relative_to(site)}: {link}"


def test_pages_load_nothing_from_elsewhere(site, pages):
    for file, page in pages.items():
        outside = [address for address in page.loaded if urlsplit(address).scheme in ("http", "https")]
        assert not outside, f"{file.relative_to(site)}: {outside}"


def test_every_figure_says_what_it_shows_and_is_not_empty(site, pages):
    n_figures = 0
    for file, page in pages.items():
        for image in page.images:
            n_figures += 1
            assert len(image.get("alt") or "") > 20, f"{file.relative_to(site)}: {image.get('src')}"
            picture = (file.parent / unquote(image["src"])).resolve()
            assert picture.stat().st_size > 1000, picture.name
    assert n_figures > 10


@pytest.mark.parametrize("lang", LANGS)
def test_pages_with_numbers_of_a_sample_say_that_they_are_invented(site, pages, lang):
    shows_numbers = re.compile(
        r'class="helhed-value|class="[^"]*helhed-figure|class="[^"]*helhed-table|class="[^"]*cell_output'
    )
    with_numbers = {file: page for file, page in pages.items() if shows_numbers.search(page.text)}
    of_language = {file: page for file, page in with_numbers.items() if (site / lang) in file.parents}
    assert len(of_language) >= 11
    for file, page in of_language.items():
        assert 'class="helhed-synthetic' in page.text and BANNER[lang] in page.text, file.relative_to(site)


def test_no_page_tells_where_it_was_built(site, root, pages):
    for file, page in pages.items():
        assert str(root) not in page.text and str(Path.home()) not in page.text, file.relative_to(site)


def test_danish_pages_are_in_danish(site, pages):
    n_sentences = 0
    for catalogue in locale_folder().rglob("*.po"):
        page = pages.get((site / "da" / catalogue.relative_to(locale_folder())).with_suffix(".html"))
        with catalogue.open("rb") as stream:
            plain = [m for m in read_po(stream) if m.id and page and re.fullmatch(r"[\w ,.:;?!-]{30,}", m.id)]
        for message in plain:
            n_sentences += 1
            assert message.id not in page.text and message.string in page.text, f"{catalogue.stem}: {message.id}"
    assert n_sentences > 100
