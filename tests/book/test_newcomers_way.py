"""A newcomer's way through the guide in a real browser, from the front page to the follow-up, in both languages.

The pictures of the way lie in `_build/walk/` afterwards, to be looked at.
"""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from helhed.texts import LANGUAGES, text

pytestmark = pytest.mark.browser

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PATIENCE = 120_000


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A plain web server for files that keeps its log to itself."""

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site):
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Newcomer:
    """Somebody who opens the guide for the first time and follows its own links."""

    def __init__(self, page, lang, album):
        self.page, self.lang, self.album, self.n_seen = page, lang, album, 0

    def look(self, name):
        self.n_seen += 1
        self.album.mkdir(parents=True, exist_ok=True)
        file = self.album / f"{self.lang}_{self.n_seen}_{name}.png"
        self.page.wait_for_load_state("load")
        # The theme keeps a hidden title for print.
        self.page.locator("h1:visible").first.wait_for()
        self.page.screenshot(path=file)
        assert file.stat().st_size > 10_000, name

    def goes_to(self, target):
        """Follow the menu to a chapter, as it stands on the page."""
        link = self.page.locator(f"nav.bd-links a[href$='{target}.html']").first
        link.evaluate("(one) => one.scrollIntoView({block: 'center'})")
        link.click()
        expect(self.page.locator("article h1").first).to_be_visible()
        assert self.page.url.split("#")[0].endswith(f"/{self.lang}/{target}.html") or self.page.url.endswith(
            f"{target}.html"
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_the_front_page_to_the_follow_up(site, root, address, lang):
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        strange = []
        page.on("request", lambda request: strange.append(request.url) if address not in request.url else None)
        newcomer = Newcomer(page, lang, site.parent / "walk")
        page.goto(f"{address}/index.html")
        newcomer.look("front_page")
        page.click(f"a[hreflang={lang}]")
        newcomer.look("guide")
        newcomer.goes_to("guide/ready")
        newcomer.look("readiness")
        newcomer.goes_to("reference/readiness")
        assert page.locator("article li.task-list-item, article table tr, article dt").count() > 5
        newcomer.look("self_assessment")
        newcomer.goes_to("steps/in_your_browser")
        finds_the_target_group(page, lang, root)
        newcomer.look("target_group")
        sizes_the_staffing(page, lang)
        newcomer.look("staffing")
        newcomer.goes_to("reference/downloads")
        fetched = fetches_the_plan(page, lang)
        assert fetched.read_bytes()[:2] == b"PK" and fetched.stat().st_size > 5000
        newcomer.look("downloads")
        newcomer.goes_to("steps/4_monitor")
        newcomer.look("monitoring")
        assert [url for url in strange if not url.startswith(("blob:", "data:"))] == []
        browser.close()


def finds_the_target_group(page, lang, root):
    page.click("#helhed-python-start")
    expect(page.locator("#helhed-python-state")).to_have_text(text("browser.ready", lang), timeout=PATIENCE)
    form = page.locator("form[data-part=target]")
    form.locator("select").select_option("furesoe")
    own = root / "templates" / f"familieliste_eksempel_{lang}.xlsx"
    form.locator("input[type=file]").set_input_files(own)
    expect(form.locator(".helhed-said")).to_have_text(text("browser.answered", lang), timeout=PATIENCE)
    proposed = form.locator("tbody tr", has_text=text("selection.standing_shortlisted", lang))
    assert proposed.count() > 1
    proposed.nth(1).evaluate("(one) => one.scrollIntoView({block: 'center'})")


def sizes_the_staffing(page, lang):
    form = page.locator("form[data-part=staffing]")
    form.locator("input[name=starts]").fill("2")
    expect(form.locator("output[for=staffing-starts]")).to_have_text("2")
    expect(form.locator(".helhed-answer")).to_contain_text("2")
    form.evaluate("(one) => one.scrollIntoView()")


def fetches_the_plan(page, lang) -> Path:
    link = page.locator(f"a[href*='_downloads'][href$='familiens_plan_{lang}.docx']").first
    link.evaluate("(one) => one.scrollIntoView({block: 'center'})")
    with page.expect_download() as fetched:
        link.click()
    return Path(fetched.value.path())
