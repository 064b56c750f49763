"""The site in a real browser, opened from the folder as from a USB stick."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

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
READ_CLOSELY = (
    "intro",
    "model",
    "steps/1_select",
    "municipalities/furesoe",
    "notebooks/1_select_target_group",
    "notebooks/4_monitor_indicators",
    "reference/assumptions",
    "reference/data_dictionary",
)


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


@pytest.mark.parametrize("path", ["steps/3_plan", "municipalities/assens", "reference/glossary"])
def test_language_switch_stays_on_the_page_both_ways(page, site, path):
    page.goto(address(site, f"da/{path}.html"))
    page.click(".helhed-languages a[hreflang=en]")
    assert page.url.endswith(f"/en/{path}.html")
    page.click(".helhed-languages a[hreflang=da]")
    assert page.url.endswith(f"/da/{path}.html")


def test_no_page_asks_for_anything_outside_its_folder(page, site):
    asked, missing = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: missing.append(request.url))
    for file in sorted(site.rglob("*.html")):
        # Each language's index only leads on to its front page.
        if "_static" not in file.parts and file not in (site / "da/index.html", site / "en/index.html"):
            page.goto(file.as_uri())
    assert len(asked) > 50
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    assert not missing


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", READ_CLOSELY)
def test_page_is_accessible(browser, site, path, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address(site, f"da/{path}.html"))
    page.wait_for_timeout(300)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    context.close()
    serious = {rule["id"]: [node["target"] for node in rule["nodes"]][:3] for rule in found}
    assert set(serious) <= OF_THE_THEME, serious


def test_front_page_is_accessible(page, site):
    page.goto(address(site, "index.html"))
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []


def test_page_fits_a_phone(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    for path in READ_CLOSELY:
        page.goto(address(site, f"da/{path}.html"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 395, path
    context.close()


@pytest.mark.parametrize(("word", "hit"), [("ventetiderne", "ventetid"), ("koordinatorernes", "koordinator")])
def test_danish_search_finds_other_forms_of_a_word(page, site, word, hit):
    page.goto(address(site, "da/search.html") + f"?q={word}")
    page.wait_for_selector("#search-results li a", timeout=30000)
    titles = page.locator("#search-results li a").all_inner_texts()
    assert titles
    page.locator("#search-results li a").first.click()
    page.wait_for_load_state("load")
    assert hit in page.locator("main").inner_text().lower()


def test_code_is_folded_away_until_asked_for(page, site):
    page.goto(address(site, "da/notebooks/1_select_target_group.html"))
    folded = page.locator("details.hide").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").click()
    assert folded.get_attribute("open") is not None
    assert "municipality =" not in page.content()
