"""Python in the reader's browser: the site under a path of a web server, nothing asked of anybody else."""

import functools
import http.server
import threading
from pathlib import Path

import axe_playwright_python
import pandas as pd
import pytest
from playwright.sync_api import expect, sync_playwright

from helhed.plan import example_plan, plan_form, workbook
from helhed.profile import declared_entries, read_profile
from helhed.publishing.browser_kit import list_columns, rules
from helhed.publishing.family_list_file import family_list_workbook, family_rows
from helhed.publishing.pyodide_files import browser_python
from helhed.selection import lawful_tables
from helhed.tables import tables as declared_tables
from helhed.texts import LANGUAGES, text

pytestmark = pytest.mark.browser

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Faults of the theme's own search button, which we cannot mend here.
OF_THE_THEME = {"label-content-name-mismatch"}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """(rules) => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then((told) =>
  told.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.target).join(" ; ")}`))"""
AT_REST = """() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).forEach((one) => one.finish())"""
SAMPLE = "furesoe"
PATIENCE = 120_000


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A plain web server for files that keeps its log to itself."""

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site, tmp_path_factory):
    """Return where the site is served: under a path of its own, not at the root."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "intranet").mkdir()
    (folder / "intranet" / "guide").symlink_to(site.resolve(), target_is_directory=True)
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/intranet/guide"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield opened
        opened.close()


class Started:
    """The page in one language with Python running, and what it asked for on the way."""

    def __init__(self, browser, address, lang):
        self.lang, self.asked, self.broken = lang, [], []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append((request.method, request.url)))
        self.page.on("console", lambda message: self.broken.append(message.text) if "Policy" in message.text else None)
        self.page.goto(f"{address}/{lang}/steps/in_your_browser.html")
        self.page.keyboard.press("Tab")
        self.page.locator("#helhed-python-start").focus()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#helhed-python-state")).to_have_text(text("browser.ready", lang), timeout=PATIENCE)
        self.is_answered("power")

    def form(self, part):
        return self.page.locator(f"form[data-part={part}]")

    def is_answered(self, part, announced="answered"):
        """Wait until a part has been answered, and return the answer; ``announced`` is what is said of it."""
        said = self.form(part).locator(".helhed-said")
        expect(said).to_have_text(text(f"browser.{announced}", self.lang), timeout=PATIENCE)
        return self.form(part).locator(".helhed-answer").inner_text()

    def open(self, part, name, content, announced="answered"):
        """Choose a file, as a reader does, and return the answer to it."""
        self.form(part).locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        expect(self.form(part).locator(f".helhed-answer[data-file='{name}']")).to_be_visible(timeout=PATIENCE)
        return self.is_answered(part, announced)

    def clear(self, part):
        """Forget what was said, so that the next answer can be waited for."""
        self.form(part).locator(".helhed-said").evaluate("(one) => { one.textContent = ''; }")

    def rows(self, part, number):
        """Return the cells of a table of the answer."""
        table = self.form(part).locator("table").nth(number)
        return table.evaluate("(one) => [...one.tBodies[0].rows].map((row) => [...row.cells].map((c) => c.innerText))")


@pytest.fixture(scope="module", params=LANGUAGES)
def started(request, browser, address):
    assert browser_python(), "Python for the browser was not fetched: make browser-python"
    page = Started(browser, address, request.param)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def notebook(root, guide_runs):
    """Return the profile, the tables that notebook 1 worked on, and the list that it handed over."""
    private = guide_runs[SAMPLE].path / "private"
    given = private / "0_check_data" / "tables"
    tables = {file.stem: pd.read_parquet(file) for file in given.glob("*.parquet") if file.stem in declared_tables()}
    profile = read_profile(root / "sample_data" / SAMPLE)
    found = pd.read_parquet(private / "1_select_target_group" / "tables" / "shortlist.parquet")
    return profile, lawful_tables(tables, profile, "da"), found


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_readers_own_list_is_answered_as_the_notebook_answers(started, notebook, kind):
    profile, tables, handed_over = notebook
    rule = rules(started.lang)["furesoe"]
    assert profile["selection.rule"] == rule["rule"] and profile["selection.order_by"] == rule["order_by"]
    rows = family_rows(tables, profile, profile["data.to_date"], started.lang)
    content = family_list_workbook(started.lang, rows) if kind == "xlsx" else as_csv(rows, started.lang)
    started.form("target").locator("select").select_option("furesoe")
    started.form("target").locator("input[name=places]").fill(str(profile["selection.places"]))
    said = started.open("target", f"families.{kind}", content)
    shown = started.rows("target", 1)
    listed = handed_over[handed_over["family_id"].isin({row["family"] for row in rows})]
    assert len(listed) >= len(shown) == min(300, len(rows)) and rule["words"] in said
    names = {name: text(f"selection.standing_{name}", started.lang) for name in listed["standing"].unique()}
    wanted = {family: (rank, names[standing]) for family, rank, standing in ranked(listed)}
    for family, rank, standing, why in shown:
        assert wanted[family][0] == rank and standing.startswith(wanted[family][1]), family
        assert why.count("(") >= 2, family
    proposed = [family for family, _, standing, _ in shown if standing.startswith(names["shortlisted"])]
    assert set(proposed) == set(listed.loc[listed["standing"] == "shortlisted", "family_id"]) and proposed


def ranked(listed):
    for family, rank, standing in listed[["family_id", "rank", "standing"]].itertuples(index=False):
        yield family, "–" if pd.isna(rank) else str(rank), standing


def as_csv(rows, lang):
    """Return the list as a Danish or English spreadsheet saves it as CSV."""
    heads = {column["name"]: column["heads"][0] for column in list_columns(lang)}
    frame = pd.DataFrame(rows).rename(columns=heads)
    separator, point = (";", ",") if lang == "da" else (",", ".")
    return frame.to_csv(index=False, sep=separator, decimal=point).encode("utf-8-sig")


def test_sliders_and_fields_are_answered_by_keyboard(started):
    before = started.is_answered("staffing")
    started.clear("staffing")
    started.form("staffing").locator("input[name=posts]").focus()
    for _ in range(4):
        started.page.keyboard.press("ArrowLeft")
    after = started.is_answered("staffing")
    assert before != after and started.form("staffing").locator("input[name=posts]").input_value() == "1"
    assert started.form("staffing").locator("output[for=staffing-posts]").inner_text() == "1"


def test_a_plan_form_is_checked(started):
    plan = example_plan({key: entry.default for key, entry in declared_entries().items()})
    said = started.open("form", "plan.xlsx", workbook(plan_form(plan, started.lang)))
    assert str(len(plan.lines)) in said
    said = started.open("form", "other.xlsx", b"no workbook", "refused_file")
    assert said.strip() == text("browser.unreadable_damaged_file", started.lang)


def test_a_list_with_cpr_numbers_is_refused_and_the_example_works(started):
    said = started.open("target", "persons.csv", ("Familie;x\n010100" + "3000;2\n").encode(), "refused_file")
    row, column = (
        text("browser.place_row", started.lang, value=2),
        text("browser.place_letter", started.lang, value="A"),
    )
    assert said.strip() == text("browser.unreadable_cpr_in_list", started.lang, place=f"{row}, {column}")
    started.clear("target")
    started.form("target").locator("button.helhed-example").press("Enter")
    started.is_answered("target")
    assert len(started.rows("target", 1)) == 60
    with started.page.expect_download() as saved:
        started.form("target").locator("button.helhed-save").press("Enter")
    assert saved.value.suggested_filename == text("browser.saved_name", started.lang)
    assert Path(saved.value.path()).read_text(encoding="utf-8-sig").count("F0") == 60


def test_a_phone_is_wide_enough_and_the_answers_are_accessible_in_both_schemes(started):
    started.form("target").locator("details summary").click()
    started.page.evaluate(AXE)
    for scheme in ("light", "dark"):
        started.page.evaluate("(scheme) => { document.documentElement.dataset.theme = scheme; }", scheme)
        # Colours glide from one scheme to the other; what is looked at is where they end.
        started.page.evaluate(AT_REST)
        found = started.page.evaluate(RUN_AXE, RULES)
        assert [one for one in found if one.split(":")[0] not in OF_THE_THEME] == [], scheme
    started.page.set_viewport_size({"width": 390, "height": 800})
    assert started.page.evaluate("document.documentElement.scrollWidth") <= 395
    started.page.set_viewport_size({"width": 1280, "height": 900})


def test_nothing_was_asked_of_anybody_else_and_nothing_was_sent(started, address):
    assert len(started.asked) > 20 and started.broken == []
    own = address.split("/intranet")[0]
    assert {method for method, _ in started.asked} == {"GET"}
    assert not [url for _, url in started.asked if not url.startswith((f"{own}/intranet/guide/", "blob:", "data:"))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_opened_as_a_file_the_page_says_why_nothing_can_be_computed(browser, site, lang):
    page = browser.new_page()
    page.goto((site / lang / "steps" / "in_your_browser.html").as_uri())
    expect(page.locator("#helhed-python-state")).to_have_text(text("browser.from_file", lang))
    assert page.locator("#helhed-python-start").is_hidden() and page.locator("fieldset[disabled]").count() == 5
    page.close()
