"""Staging of the guide: what goes in, what stays out, how a notebook becomes a page; catalogues keep their words."""

import re
from string import Formatter

import nbformat
import pytest
from babel.messages import Catalog
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pybtex.database import parse_string

from helhed.errors import StepFailed, WrongCall
from helhed.publishing.book import build_book, problem_of, start_jupyter_book
from helhed.publishing.book_source import Source, stage
from helhed.publishing.editions import Edition, main_and_own
from helhed.publishing.notebook_page import page_of_notebook
from helhed.publishing.own_edition import SENTENCES
from helhed.publishing.reference_pages import (
    assumptions_page,
    bibliography,
    data_dictionary_page,
    glossary_page,
    references,
)
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.translations import merged, written
from helhed.texts import LANGUAGES
from helhed.texts import catalogue as catalogue_of_texts

#: The words of the figure in the runs of `small_run`.
WORDS = {"name": "fig-select-funnel", "caption": "32 families meet the rule", "alt": "Bars: 104, 74, 32 families"}


def figure_output():
    return new_output("display_data", {"text/plain": "alt"}, metadata={"helhed": WORDS})


@pytest.fixture
def run(tmp_path, small_run) -> RunFolder:
    return small_run(tmp_path / "vejle", "Vejle", "vejle")


def test_page_leaves_out_parameters_and_folds_code():
    notebook = new_notebook(
        cells=[
            new_code_cell("municipality = 'x'", metadata={"tags": ["parameters"]}),
            new_code_cell("run_dir = '/home/x'", metadata={"tags": ["injected-parameters"]}),
            new_code_cell("import helhed", metadata={"papermill": {"duration": 1.0}, "tags": ["hide-input"]}),
            new_markdown_cell("## Question"),
        ],
        metadata={"papermill": {"start_time": "2026"}, "widgets": {}},
    )
    page = page_of_notebook(notebook)
    assert [cell.metadata.get("tags") for cell in page.cells] == [
        ["parameters", "remove-cell"],
        ["injected-parameters", "remove-cell"],
        ["hide-input"],
        None,
    ]
    assert not {"papermill", "widgets"} & set(page.metadata)
    assert "papermill" not in page.cells[2].metadata


def test_each_figure_gets_a_cell_with_its_caption_name_and_alternative_text():
    outputs = [new_output("stream", name="stderr", text="warning"), new_output("stream", text="table"), figure_output()]
    outputs.append(new_output("display_data", {"text/markdown": "sentence"}))
    page = page_of_notebook(new_notebook(cells=[new_code_cell("show()", outputs=outputs, id="c04")]))
    assert [len(cell.outputs) for cell in page.cells] == [1, 1, 1]
    assert page.cells[0].outputs[0].text == "table"
    assert page.cells[1].metadata.mystnb == {
        "figure": {"caption": WORDS["caption"], "name": WORDS["name"]},
        "image": {"alt": WORDS["alt"]},
    }
    assert "mystnb" not in page.cells[2].metadata
    assert len({cell.id for cell in page.cells}) == 3
    assert all(cell.source.strip() for cell in page.cells)


def test_tables_of_a_page_share_one_style():
    def table(name, look="#table-%s .gt_table { color: #333; } #table-%s p { margin: 0; }"):
        style = look.replace("%s", name)
        return new_output("display_data", {"text/html": f'<div id="table-{name}"><style>{style}</style><b>x</b></div>'})

    cells = [new_code_cell("a", outputs=[table("funnel")], id="1"), new_code_cell("b", outputs=[table("rule")], id="2")]
    cells.append(new_code_cell("c", outputs=[table("else", "#table-%s { width: 1px; }")], id="3"))
    first, second, third = (
        cell.outputs[0].data["text/html"] for cell in page_of_notebook(new_notebook(cells=cells)).cells
    )
    assert first.count("<style>") == third.count("<style>") == 1 and "<style>" not in second
    assert all('class="helhed-gt"' in html and "<b>x</b>" in html and "#table-" not in html for html in (first, second))
    # As strong as the id was, so that the theme does not win.
    assert ":is(#helhed-gt, .helhed-gt) .gt_table" in first and "width: 1px" in third


def test_source_holds_public_results_and_nothing_private(run, tmp_path):
    source = stage(Source(tmp_path / "da", "da"), Edition({"vejle": run}))
    assert (source.book / "_runs/vejle/1_select_target_group/funnel.json").is_file()
    assert (source.book / "notebooks/1_select_target_group.ipynb").is_file()
    for file in source.folder.rglob("*"):
        assert not file.is_file() or b"SECRET-PERSON" not in file.read_bytes(), file


def test_the_results_of_an_own_edition_stand_before_the_pages_of_the_models(run, tmp_path):
    source = stage(Source(tmp_path / "en", "en"), Edition({"vejle": run}))
    page = (source.book / "results/vejle.md").read_text(encoding="utf-8")
    assert page.startswith("# Vejle: own results\n") and "{run-results} vejle" in page
    # Numbers that the run has are told in a sentence; of the other steps nothing is said.
    assert "know {value}`vejle:1_select_target_group:n_families_known` families" in page
    assert "full-time posts" not in page and page.count("\n- ") == 1
    contents = (source.book / "_toc.yml").read_text(encoding="utf-8")
    assert contents.index("results/vejle") < contents.index("municipalities/furesoe")


#: Words of the theme that no reader of a Danish page should hear; the theme's own list of headings is called "Page".
OF_THE_THEME = re.compile(r"\b(Toggle|Link to this|Search|Page)\b")


@pytest.mark.parametrize(("lang", "finds"), [("da", "Søg i guiden …"), ("en", "Search the guide …")])
def test_what_the_theme_says_of_its_buttons_is_in_the_pages_language(run, tmp_path, lang, finds):
    source = stage(Source(tmp_path / lang, lang), Edition({"vejle": run}))
    (source.book / "tiny.md").write_text("# Side\n\n## Afsnit\n\nOrd.\n", encoding="utf-8")
    (source.book / "_toc.yml").write_text("format: jb-book\nroot: tiny\n", encoding="utf-8")
    assert problem_of(source, start_jupyter_book(source)) is None
    page = html.parse(str(source.built / "tiny.html"))
    said = set(page.xpath("//@title | //@aria-label | //@placeholder"))
    assert finds in said and len(page.xpath("//nav[@aria-label='På denne side' or @aria-label='On this page']")) >= 1
    assert lang == "en" or not [words for words in said if OF_THE_THEME.search(words)]


def test_every_number_in_the_sentences_of_an_own_page_is_a_key_number():
    for key, _ in SENTENCES:
        for lang in LANGUAGES:
            places = {place for _, place, _, _ in Formatter().parse(catalogue_of_texts()[f"book.{key}"][lang]) if place}
            assert places and {f"key_numbers.{place}" for place in places} <= set(catalogue_of_texts())


def test_sources_can_be_read_as_bibtex():
    read = parse_string(bibliography(), "bibtex").entries
    assert set(read) == set(references())
    assert read["kora-2014"].fields["year"] == "2014" and read["nirn"].fields["url"] == references()["nirn"]["url"]
    assert all(entry.fields["title"].strip("{}") for entry in read.values())


def test_extraction_takes_the_bare_notebooks(tmp_path):
    source = stage(Source(tmp_path / "en", "en", is_extracting=True), Edition())
    staged = nbformat.read(source.book / "notebooks/0_check_data.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in staged.cells)


@pytest.mark.parametrize("missing", ["card", "language", "run"])
def test_unfinished_run_is_refused_and_the_old_site_stays(run, tmp_path, missing):
    site = tmp_path / "_build" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("old")
    if missing == "card":
        (run.path / "public" / "run.json").unlink()
    if missing == "language":
        (run.path / "notebooks" / "en").rename(run.path / "notebooks" / "de")
    with pytest.raises(WrongCall):
        build_book(main_and_own({} if missing == "run" else {"vejle": run}, with_own=False), site)
    assert (site / "index.html").read_text() == "old"


def pages_of(folder) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in folder.rglob("*")
        if file.suffix in (".html", ".js") and "_static" not in file.parts
    }


def without_way_up(page, way) -> str:
    """Return a page without what says how deep in the site it lies: the way to the front page and to shared files."""
    for folder in ("../../en/", "../../python/", "../python/"):
        page = page.replace(f'"{way}{folder}', f'"{way}{folder.replace("../", "").replace("en/", "")}')
    return re.sub(r'href="[./]*index.html">Front', "front", page)


def test_editions_are_built_and_a_faulty_one_leaves_them_alone(run, small_run, tmp_path):
    alone, site = tmp_path / "alone" / "site", tmp_path / "_build" / "site"
    build_book(main_and_own({"vejle": run}, with_own=True), alone, ("en",))
    odder = small_run(tmp_path / "odder", "Odder <b>", "odder", is_synthetic=True)
    editions = main_and_own({"odder": odder, "vejle": run}, True, ["Åstrup"])
    build_book(editions, site, ("en",))
    page = (site / "vejle/en/results/vejle.html").read_text(encoding="utf-8")
    assert WORDS["caption"] in page and WORDS["alt"] in page and "under 5" in page
    # A real municipality: nothing is called invented, and the samples' own numbers are left out.
    assert "helhed-synthetic" not in page
    assert "numbers from Vejle" in (site / "vejle/en/intro.html").read_text(encoding="utf-8")
    assert "helhed-value" not in (site / "vejle/en/municipalities/furesoe.html").read_text(encoding="utf-8")
    # The municipality's name and numbers stand in title, headings and chapters; what its run does not know is left out.
    assert "<h2>Vejle in short" in page and "Vejle: holistic family support" in page
    chapter = html.parse(str(site / "vejle/en/steps/1_select.html")).getroot().text_content()
    assert "The departments of Vejle know 104 families. The rule is met by 32 of them; under 5 are enrolled" in chapter
    assert "helhed-value" not in (site / "vejle/en/steps/2_staff.html").read_text(encoding="utf-8")
    assert_headings_have_the_name(site)
    front = html.parse(str(site / "vejle/en/intro.html"))
    assert front.xpath("string(//article//h1)").startswith("Vejle: a guide")
    (card,) = front.xpath("//div[contains(@class, 'helhed-card')][not(contains(@class, 'helhed-cards'))]")
    assert card.xpath(".//a/@href") == ["results/vejle.html"] and card.xpath(".//li/*[local-name()='svg']")
    assert "Enrolled: under 5" in card.xpath(".//li/span/text()")
    assert_the_national_edition_is_whole(site)
    # A name is text wherever it stands: in the heading of the printed page, above the side bar, in the title of a tab.
    named = pages_of(site / "en") | {f"odder/{name}": words for name, words in pages_of(site / "odder/en").items()}
    assert [name for name, words in named.items() if name.endswith(".html") and "Odder <b>" in words] == []
    assert "Odder &lt;b&gt;: " in named["odder/steps/1_select.html"]
    # Of the button that would run a notebook elsewhere no page has a script.
    assert [name for name, words in named.items() if "THEBE" in words or "x-thebe-config" in words] == []
    # Every page that stays open has an icon, so that no browser asks for one that is not there.
    fronts = [(site / page).read_text(encoding="utf-8") for page in ("index.html", "odder/index.html")]
    pages = [words for words in named.values() if "</article>" in words]
    assert len(pages) > 200
    assert all('rel="icon"' in words for words in [*fronts, *pages])
    # Of all that another edition left in the source folder nothing stays: as built alone, in another folder.
    ours, theirs = pages_of(site / "vejle/en"), pages_of(alone / "en")
    assert len(ours) > 100 and ours.keys() == theirs.keys()
    ways = {name: "../" * name.count("/") for name in ours}
    same = {
        name: without_way_up(words, ways[name]) == without_way_up(theirs[name], ways[name])
        for name, words in ours.items()
    }
    assert [name for name, is_same in sorted(same.items()) if not is_same] == []
    (odder.public_folder("1_select_target_group", "en") / "fig-select-funnel.png").unlink()
    with pytest.raises(StepFailed, match=r"fig-select-funnel\.png"):
        build_book(editions, site, ("en",))
    assert (site / "vejle/en/results/vejle.html").read_text(encoding="utf-8") == page


def assert_headings_have_the_name(site):
    """In the own edition steps, notebooks and chapters with numbers have the name; other pages and lists do not."""
    heading = "string(//article//h1/text())"
    named = {"steps/2_staff", "steps/7_release", "steps/in_your_browser", "notebooks/6_decide", "guide/recruiting"}
    for page in (*named, "guide/consultants", "reference/glossary"):
        own, main = (html.parse(str(site / place / f"{page}.html")) for place in ("vejle/en", "en"))
        assert own.xpath(heading).endswith(" – Vejle") == (page in named), page
        assert "Vejle" not in main.xpath(heading) and "Odder" not in main.xpath(heading), page
    assert own.xpath("//a[@href='../steps/2_staff.html']/text()")[0].strip() == "Step 2: Staff the team"


def assert_the_national_edition_is_whole(site):
    read = html.parse(str(site / "en/results/index.html"))
    rows = [[cell.text_content().strip() for cell in row] for row in read.xpath("//article//tbody/tr")]
    assert [row[0] for row in rows] == ["Odder <b> (own edition)", "Vejle (own edition)"]
    # What the run does not know and what is hidden stay so.
    assert rows[1][1:] == ["–", "–", "32", "under 5", "–", "–", "–", "–"]
    words = " ".join(read.getroot().text_content().split())
    assert "Municipalities without a finished run (1): Åstrup" in words and "show Odder <b> as an example" in words
    assert read.xpath("//article//tbody//a/@href")[:2] == ["odder.html", "../../odder/en/intro.html"]
    assert "national edition" in html.parse(str(site / "en/intro.html")).xpath("string(//article)")
    assert "shows the run of Odder" in html.parse(str(site / "en/notebooks/6_decide.html")).xpath("string(//article)")
    one = html.parse(str(site / "en/results/vejle.html"))
    assert "The model is Assens, Job og Familie." in one.xpath("string(//article)")
    assert len(one.xpath("//article//figure")) == 1 and "../../vejle/en/intro.html" in one.xpath("//article//a/@href")
    front = html.parse(str(site / "index.html"))
    assert front.xpath("//ul[@class='editions']//h3/text()") == ["Odder <b>", "Vejle"]
    assert front.xpath("//a/@href") == ["en/intro.html", "odder/en/intro.html", "vejle/en/intro.html"]
    assert "Invented data" in front.xpath("string(//ul[@class='editions']/li[1])")
    assert "Invented data" not in front.xpath("string(//ul[@class='editions']/li[2])")
    assert html.parse(str(site / "vejle/index.html")).xpath("//a/@href") == ["en/intro.html", "../index.html"]
    # What is large lies in the site once.
    assert not any((site / "vejle/en" / name).exists() for name in ("_static", "_downloads"))


def catalogue(**texts):
    made = Catalog(locale="da")
    for english, danish in texts.items():
        made.add(english.replace("_", " "), danish)
    return made


def test_translations_are_kept_dropped_or_marked():
    old = catalogue(The_same_sentence="Den samme sætning", A_sentence_that_is_gone="Væk")
    old.add("Choose the rule before you look at names.", "Vælg reglen, før I ser på navne.")
    new = merged(
        catalogue(The_same_sentence="", Choose_the_rule_before_you_look_at_the_names="", A_new_thought=""), old
    )
    assert new.get("The same sentence").string == "Den samme sætning"
    assert new.get("A sentence that is gone") is None
    assert new.get("Choose the rule before you look at the names").fuzzy
    assert new.get("A new thought").string == ""


def test_text_without_letters_needs_no_translator():
    new = merged(catalogue(**{"20-30": ""}), Catalog(locale="da"))
    assert new.get("20-30").string == "20-30"


def test_catalogue_is_written_the_same_way_every_time():
    first = written(merged(catalogue(One="", Two=""), catalogue(One="En")))
    assert first == written(merged(catalogue(One="", Two=""), catalogue(One="En")))
    assert "Date" not in first and 'msgstr "En"' in first


def test_reference_pages_hold_what_is_declared():
    assert "`disclosure.threshold`" in assumptions_page("da") and "3 … 20" in assumptions_page("en")
    # What has no default, unit or limits is not given an empty line in their place.
    assert not [line for line in assumptions_page("en").splitlines() if line.strip() == ":"]
    assert "| `absence`" not in data_dictionary_page("en") and ": `absence`" in data_dictionary_page("en")
    assert "Fraværet" not in glossary_page("en") and "underretning" in glossary_page("en")
