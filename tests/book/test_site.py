"""The built site, read file by file: links, figures, what is said about invented data, nothing from elsewhere."""

import json
import os
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from babel.messages.pofile import read_po
from lxml import html

from helhed.publishing.translations import locale_folder

LANGS = ("da", "en")
SAMPLES = ("furesoe", "broendby", "roedovre", "assens")
BANNER = {"da": "opdigtede data", "en": "invented data"}


#: Each municipality's own edition lies in a folder of its name; the empty name is the national edition.
EDITIONS = ("", *SAMPLES)
WRITTEN = {"furesoe": "Furesø", "broendby": "Brøndby", "roedovre": "Rødovre", "assens": "Assens"}


class Page:
    """The anchors, links, loaded files and images of a page."""

    def __init__(self, file: Path):
        self.text = file.read_text(encoding="utf-8")
        self.folder = str(file.parent)
        read = html.document_fromstring(self.text)
        self.said = (read.get("lang"), (read.findtext(".//title") or "").strip())
        self.given_ids = read.xpath("//@id")
        self.levels = [
            int(heading.tag[1]) for heading in read.xpath("//article//*[self::h1 or self::h2 or self::h3 or self::h4]")
        ]
        self.ids = {*self.given_ids, *read.xpath("//@name")}
        self.links = read.xpath("//a/@href")
        self.images = [dict(image.attrib) for image in read.xpath("//img")]
        styles = read.xpath("//link[contains(' stylesheet preload icon ', concat(' ', @rel, ' '))]/@href")
        self.loaded = [*read.xpath("//script/@src | //img/@src | //source/@src | //iframe/@src"), *styles]

    def place(self, address: str) -> Path:
        """Return where an address on the page leads to in the site."""
        return Path(os.path.normpath(Path(self.folder, unquote(urlsplit(address).path))))


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    files = [file for file in site.rglob("*.html") if "_static" not in file.parts]
    return {file: Page(file) for file in files}


def test_pages_are_light(site, pages):
    """A page with all that it loads but pictures is below a megabyte."""
    for file, page in pages.items():
        loaded = {page.place(address) for address in page.loaded}
        shared = [one for one in loaded if one.suffix in (".js", ".css") and one.name != "searchindex.js"]
        assert file.stat().st_size + sum(one.stat().st_size for one in shared) < 1_000_000, file.relative_to(site)


def test_every_page_says_its_language_and_title_and_its_headings_follow_each_other(site, pages):
    for file, page in pages.items():
        lang, title = page.said
        folders = {"da", "en"} & set(file.relative_to(site).parts)
        assert title and (lang in folders or lang in LANGS and not folders), file.relative_to(site)
        twice = [one for one, n in Counter(page.given_ids).items() if n > 1]
        assert not twice, f"{file.relative_to(site)}: {twice[:3]}"
        jumps = [below for above, below in pairwise(page.levels) if below > above + 1]
        assert not jumps, f"{file.relative_to(site)}: {page.levels}"


def test_every_file_to_fetch_is_there_and_not_empty(site, pages):
    fetched = {page.place(link) for page in pages.values() for link in page.links if "_downloads/" in link}
    assert len(fetched) > 100
    assert all(one.stat().st_size > 3000 for one in fetched)


@pytest.mark.parametrize("edition", EDITIONS)
def test_both_languages_have_the_same_pages(site, edition):
    folders = [site / edition / lang for lang in LANGS]
    names = [{file.relative_to(folder) for file in folder.rglob("*.html")} for folder in folders]
    assert names[0] == names[1]
    assert Path("notebooks/0_check_data.html") in names[0]


def test_every_internal_link_leads_somewhere(site, pages):
    files = {file for file in site.rglob("*") if file.is_file()}
    for file, page in pages.items():
        for link in set(page.links):
            target = urlsplit(link)
            if target.scheme or link.startswith("//"):
                continue
            place = page.place(link) if target.path else file
            assert place in files, f"{file.relative_to(site)}: {link}"
            if target.fragment and place in pages:
                assert unquote(target.fragment) in pages[place].ids, f"{file.relative_to(site)}: {link}"


def test_every_edition_is_reached_from_the_front_page_and_leads_back(site, pages):
    front = pages[site / "index.html"]
    reached = {front.place(link) for link in front.links}
    assert reached == {site / edition / lang / "intro.html" for edition in EDITIONS for lang in LANGS}
    leads_on = {site / edition / lang / "index.html" for edition in EDITIONS for lang in LANGS}
    for file in pages.keys() - leads_on - {site / "index.html"}:
        assert site / "index.html" in {pages[file].place(link) for link in pages[file].links}, file.relative_to(site)


THUMBNAILS = {
    "1_select_target_group": "fig-select-funnel",
    "2_staff_coordinators": "fig-staff-hours",
    "3_make_family_plans": "fig-plan-sources",
    "4_monitor_indicators": "fig-monitor-dashboard",
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_first_page_shows_small_pictures_of_what_the_edition_s_own_run_made(site, guide_runs, edition, lang):
    run = guide_runs[edition or "furesoe"].path
    read = html.parse(str(site / edition / lang / "intro.html"))
    shown = read.xpath("//article//div[contains(@class, 'helhed-thumbnail')]//img/@alt")
    made = [run / "public" / step / lang / f"{name}.json" for step, name in THUMBNAILS.items()]
    assert shown == [json.loads(file.read_text(encoding="utf-8"))["alt"] for file in made]


@pytest.mark.parametrize("lang", LANGS)
def test_an_own_edition_shows_one_municipality_and_the_national_one_all(site, pages, lang):
    names = {name: f"{WRITTEN[name]} Kommune" for name in SAMPLES}
    national = pages[site / lang / "results/index.html"].text
    assert all(name in national for name in names.values())
    for sample, name in names.items():
        folder = site / sample / lang
        shown = {file: page.text for file, page in pages.items() if folder in file.parents}
        assert all(
            name in words for file, words in shown.items() if file.name != "index.html" or "exports" in file.parts
        )
        assert [file.stem for file in (folder / "results").iterdir()] == [sample]
        values = {file: re.findall(r'class="helhed-value">([^<]*)<', words) for file, words in shown.items()}
        assert sum(map(len, values.values())) > 25
        # The other samples' numbers are nowhere presented.
        others = {other for key, other in names.items() if key != sample}
        assert not others & {value for found in values.values() for value in found}


def test_what_is_large_lies_in_the_site_once(site):
    for sample in SAMPLES:
        size = sum(file.stat().st_size for file in (site / sample).rglob("*") if file.is_file())
        assert size < 20_000_000, sample


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
            # The front pages hold their picture themselves.
            is_in_page = image["src"].startswith("data:")
            size = len(image["src"]) if is_in_page else page.place(image["src"]).stat().st_size
            assert size > 1000, f"{file.relative_to(site)}: {image['src'][:80]}"
    assert n_figures > 10


@pytest.mark.parametrize("lang", LANGS)
def test_pages_with_numbers_of_a_sample_say_that_they_are_invented(site, pages, lang):
    shows_numbers = re.compile(
        r'class="helhed-value|class="[^"]*helhed-figure|class="[^"]*helhed-table|class="[^"]*cell_output'
    )
    with_numbers = {file: page for file, page in pages.items() if shows_numbers.search(page.text)}
    folders = {site / edition / lang for edition in EDITIONS}
    of_language = {file: page for file, page in with_numbers.items() if folders & set(file.parents)}
    assert len(of_language) >= 11 * len(EDITIONS)
    for file, page in of_language.items():
        assert 'class="helhed-synthetic' in page.text and BANNER[lang] in page.text, file.relative_to(site)


def test_no_page_tells_where_it_was_built(site, root, pages):
    for file, page in pages.items():
        assert str(root) not in page.text and str(Path.home()) not in page.text, file.relative_to(site)


def test_the_theme_speaks_danish_on_danish_pages(site, pages):
    with (locale_folder() / "sphinx.po").open("rb") as stream:
        english = {message.id for message in read_po(stream) if message.id and message.id != message.string}
    danish = [file for file in pages if "da" in file.relative_to(site).parts[:2]]
    for file in danish:
        found = set(html.parse(str(file)).xpath("//@title | //@aria-label | //@placeholder"))
        assert not found & (english | {"Page", "Search..."}), file.relative_to(site)
    assert len(danish) > 50


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
