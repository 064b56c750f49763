"""The site in a real browser, opened from the folder as from a USB stick."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import sync_playwright

from helhed.texts import text

pytestmark = pytest.mark.browser

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Faults of the theme's own search button, which we cannot mend here.
OF_THE_THEME = {"label-content-name-mismatch"}
#: The own edition that is walked through, and its pages that differ in kind from those of the national edition.
ONE, OWN_PAGES = "furesoe", {"intro", "results", "1_select", "search", "4_monitor_indicators"}
OTHERS, OTHERS_PAGES = ("broendby", "roedovre", "assens"), {"intro", "results"}
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 800}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
#: Contrast depends on ink, ground, size and weight alone: marks one text of each look that no page before has shown.
FRESH_LOOKS = """([scheme, known]) => {
  document.documentElement.dataset.theme = scheme;
  const grounds = new Map([[null, ""]]), seen = new Set(known), fresh = [];
  const ground = (element) => {
    if (!grounds.has(element)) {
      const look = getComputedStyle(element), clear = look.backgroundColor === "rgba(0, 0, 0, 0)";
      const own = (clear ? "" : look.backgroundColor) + (look.backgroundImage === "none" ? "" : look.backgroundImage);
      const dim = look.opacity === "1" ? "" : look.opacity;
      grounds.set(element, (own || ground(element.parentElement)) + dim);
    }
    return grounds.get(element);
  };
  for (const element of document.querySelectorAll("body, body *")) {
    // Of a single letter axe does not say whether it is text.
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1)) continue;
    if (!element.checkVisibility()) continue;
    const look = getComputedStyle(element);
    const key = [look.color, ground(element), look.fontSize, look.fontWeight].join("|");
    if (seen.has(key)) continue;
    seen.add(key);
    fresh.push(key);
    element.setAttribute("data-fresh", "");
  }
  return fresh;
}"""
#: Without preloading: axe would fetch the style sheets once more, which a page opened as a file may not.
RUN = """(options) => axe
  .run(document, {...options, preload: false, resultTypes: ["violations"]})
  .then((found) => found.violations.map((rule) =>
    `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.target).join(" ; ")}`))"""
#: What axe finds of contrast, and where it cannot tell: then nobody has looked.
RUN_CONTRAST = """() => axe
  .run({include: [["[data-fresh]"]]}, {runOnly: {type: "rule", values: ["color-contrast"]}, preload: false})
  .then((found) => [...found.violations, ...found.incomplete].flatMap((rule) => rule.nodes
    .map((node) => [node.target.join(" "), node.any[0].message]))
    .filter(([, message]) => !message.includes("non-text characters"))
    .map(([target, message]) => `color-contrast: ${target}: ${message}`))"""
#: A picture behind text, or text that a box has scrolled away, is more than axe can tell the contrast of: the pictures
#: are the shadow at the side of a wide table, and the boxes stand open.
PLAIN_GROUND = """* { background-image: none !important; }
  .bd-sidebar-primary, .bd-sidebar-secondary { position: static !important; max-height: none !important; }
  .bd-article *, .bd-sidebar-primary, .bd-sidebar-secondary { overflow: visible !important; }"""
NO_MOTION = "*, *::before, *::after { transition: none !important; animation: none !important; }"


@dataclass
class Walk:
    """What a browser met on its way through every page of the site."""

    pages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    violations: dict[str, list[str]] = field(default_factory=dict)
    too_wide: list[str] = field(default_factory=list)
    looks: dict[str, set] = field(default_factory=lambda: {"light": set(), "dark": set()})


def every_page(site):
    """Return every page, without what only leads on to a language's front page.

    A municipality's own edition has the same chapters; of these only one's pages with numbers of its own, and of every
    other edition its first page and the page of its results.
    """
    leads_on = {file for file in site.rglob("index.html") if file.parent.name in ("da", "en")}
    own = [file for file in site.glob("*/*/**/*.html") if file.relative_to(site).parts[0] not in ("da", "en")]
    of_one = {file for file in own if OWN_PAGES & {file.stem, file.parent.name} and file.is_relative_to(site / ONE)}
    of_others = {file for file in own if OTHERS_PAGES & {file.stem, file.parent.name}}
    pages = set(site.rglob("*.html")) - set(own) - leads_on | of_one | of_others
    return [file for file in sorted(pages) if "_static" not in file.parts]


def violations_of(page, walk):
    """Return what axe finds on the open page: every rule once, contrast for each look that is new, in both schemes."""
    page.evaluate(AXE)
    no_contrast = {"runOnly": RULES, "rules": {"color-contrast": {"enabled": False}}}
    found = page.evaluate(RUN, no_contrast)
    plain = page.add_style_tag(content=PLAIN_GROUND)
    for scheme, known in walk.looks.items():
        fresh = page.evaluate(FRESH_LOOKS, [scheme, sorted(known)])
        known.update(fresh)
        if fresh:
            found += [f"{scheme} {violation}" for violation in page.evaluate(RUN_CONTRAST)]
            page.evaluate("document.querySelectorAll('[data-fresh]').forEach((e) => e.removeAttribute('data-fresh'))")
    plain.evaluate("(style) => style.remove()")
    return [violation for violation in found if violation.split(":")[0] not in OF_THE_THEME]


def walk_through(browser, site):
    """Visit every page once and return what was met."""
    walk, context = Walk(), browser.new_context(viewport=DESK)
    page = context.new_page()
    page.on("request", lambda request: walk.asked.append(request.url))
    page.on("requestfailed", lambda request: walk.missing.append(request.url))
    for file in every_page(site):
        name = file.relative_to(site).as_posix()
        page.goto(file.as_uri())
        page.add_style_tag(content=NO_MOTION)
        walk.pages.append(name)
        if found := violations_of(page, walk):
            walk.violations[name] = found
        page.set_viewport_size(PHONE)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"] + 5:
            walk.too_wide.append(name)
        page.set_viewport_size(DESK)
    context.close()
    return walk


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def address(site, path):
    return (site / path).as_uri()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_front_page_leads_to_the_guide_in_the_language(page, site, lang):
    page.goto(address(site, "index.html"))
    page.click(f"a[hreflang={lang}]")
    assert page.url.endswith(f"/{lang}/intro.html")
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("article h1").first.inner_text().startswith("Helhed")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_own_edition_is_reached_and_left_again(page, site, lang):
    page.goto(address(site, "index.html"))
    page.click(f".editions a[href^='assens/{lang}']")
    assert page.locator("article h1").first.inner_text().startswith("Assens Kommune")
    # The search of the edition finds its own pages, and its shared style and scripts are there.
    page.goto(page.url.replace("intro.html", "search.html?q=Assens"))
    page.wait_for_selector("#search-results li a", timeout=30000)
    assert "/assens/" in page.locator("#search-results li a").first.evaluate("(link) => link.href")
    page.click(".helhed-editions a")
    assert page.url == address(site, "index.html")


@pytest.mark.parametrize("path", ["steps/3_plan", "municipalities/assens", "reference/glossary"])
def test_language_switch_stays_on_the_page_both_ways(page, site, path):
    page.goto(address(site, f"da/{path}.html"))
    page.click(".helhed-languages a[hreflang=en]")
    assert page.url.endswith(f"/en/{path}.html")
    page.click(".helhed-languages a[hreflang=da]")
    assert page.url.endswith(f"/da/{path}.html")


@pytest.fixture(scope="module")
def walk(browser, site):
    """Return what a browser met on every page; walked once for all tests that ask."""
    return walk_through(browser, site)


def test_no_page_asks_for_anything_outside_its_folder(walk):
    assert len(walk.asked) > 50
    assert not [url for url in walk.asked if not url.startswith(("file:", "data:", "blob:"))]
    assert not walk.missing


def test_every_page_is_accessible_in_both_languages_light_and_dark(walk):
    assert len(walk.pages) > 100
    assert {"da", "en", "index.html", ONE, *OTHERS} == {name.split("/")[0] for name in walk.pages}
    assert all(len(looks) > 10 for looks in walk.looks.values())
    assert not walk.violations


def test_every_page_fits_a_phone(walk):
    assert not walk.too_wide


def test_a_fault_on_a_page_would_be_found(browser, tmp_path):
    faulty = '<html><title>x</title><p style="color:#bbb;background:#fff">pale</p><img src="data:," width="9"></html>'
    (tmp_path / "da").mkdir()
    (tmp_path / "da" / "page.html").write_text(faulty, encoding="utf-8")
    found = " ".join(walk_through(browser, tmp_path).violations["da/page.html"])
    assert "image-alt" in found and "html-has-lang" in found and "light color-contrast" in found


@pytest.mark.parametrize(("word", "hit"), [("ventetiderne", "ventetid"), ("koordinatorernes", "koordinator")])
def test_danish_search_finds_other_forms_of_a_word(page, site, word, hit):
    page.goto(address(site, "da/search.html") + f"?q={word}")
    page.wait_for_selector("#search-results li a", timeout=30000)
    titles = page.locator("#search-results li a").all_inner_texts()
    assert titles
    page.locator("#search-results li a").first.click()
    page.wait_for_load_state("load")
    assert hit in page.locator("main").inner_text().lower()


@pytest.mark.parametrize(
    ("lang", "word", "chapter"),
    [
        ("da", "samtykke", "guide/law_and_consent"),
        ("da", "målgruppe", "steps/1_select"),
        ("da", "netværksmøde", "steps/3_plan"),
        ("en", "consent", "guide/law_and_consent"),
    ],
)
def test_search_puts_the_chapter_before_the_lists_to_look_up(page, site, lang, word, chapter):
    page.goto(address(site, f"{lang}/search.html") + f"?q={word}")
    page.wait_for_selector("#search-results li a", timeout=30000)
    page.wait_for_function("document.querySelectorAll('#search-results li a').length > 5")
    found = page.locator("#search-results li a").evaluate_all("(links) => links.map((link) => link.href)")
    assert any(chapter in address for address in found[:3]), found[:5]
    # Said when the last hit is shown.
    page.wait_for_function("/\\d/.test(document.querySelector('.search-summary').innerText)")
    assert int(re.search(r"\d+", page.locator(".search-summary").inner_text()).group()) >= len(found)


def test_search_shows_what_a_page_says_and_tells_plainly_when_there_is_nothing(page, site):
    page.goto(address(site, "da/search.html") + "?q=qqxyzzy")
    said = text("book.search_none", "da")
    page.wait_for_function("(said) => document.querySelector('#search-results').innerText.includes(said)", arg=said)
    words = (site / "da/steps/3_plan.html").read_text("utf-8")
    shown = page.evaluate("(html) => Search.htmlToText(html)", words)
    # The page lists its own headings for print and at the side; as words of the page each stands once.
    headings = re.findall("<h2>([^<]{20,})<", words)
    assert headings and {shown.count(heading) for heading in headings} == {1}


#: Brightness (0 black, 255 white) of an element's ink, and whether it is shown at all.
INK = """(element) => {
  const [r, g, b] = getComputedStyle(element).color.match(/[\\d.]+/g).map(Number);
  return element.checkVisibility() ? 0.299 * r + 0.587 * g + 0.114 * b : null;
}"""


@pytest.mark.parametrize(
    "path", ["da/steps/1_select", "da/notebooks/1_select_target_group", "en/reference/assumptions"]
)
def test_a_printed_page_is_the_chapter_alone_dark_on_white(page, site, path):
    page.goto(address(site, f"{path}.html"))
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    on_screen = page.locator("article p").first.evaluate(INK)
    page.emulate_media(media="print")
    parts = {name: page.locator(name).first for name in (".bd-sidebar-primary", ".helhed-languages", ".prev-next-area")}
    assert {name: part.is_visible() for name, part in parts.items()} == dict.fromkeys(parts, False)
    inks = page.locator("article :is(h2, p, li, td, a)").evaluate_all(f"(all) => all.map({INK})")
    shown = [ink for ink in inks if ink is not None]
    assert len(shown) > 30 and max(shown) < 140 < on_screen
    box = page.locator("article").first.bounding_box()
    assert box["width"] > 0.75 * page.viewport_size["width"]


def test_code_is_folded_away_until_asked_for(page, site):
    page.goto(address(site, "da/notebooks/1_select_target_group.html"))
    folded = page.locator("details.hide").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").click()
    assert folded.get_attribute("open") is not None
    assert "municipality =" not in page.content()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_figure_wider_than_the_screen_says_so_and_no_other(page, site, lang):
    page.set_viewport_size(PHONE)
    page.goto(address(site, f"{lang}/intro.html"))
    assert page.locator("figure").first.get_attribute("data-wide") == text("book.wide_figure", lang)
    page.set_viewport_size(DESK)
    page.wait_for_function("() => !document.querySelector('figure[data-wide]')")


def test_a_printed_table_has_all_its_columns(page, site):
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 between its margins
    page.emulate_media(media="print")
    page.goto(address(site, "da/results/furesoe.html"))
    heads = page.locator("article th", has_text=re.compile("^Uoplyst$"))
    assert heads.count() >= 1
    for head in heads.all():
        box = head.bounding_box()
        assert box["x"] + box["width"] <= page.viewport_size["width"]
