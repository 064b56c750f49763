"""Staging of the guide: what goes in, what stays out, how a notebook becomes a page; catalogues keep their words."""

import json
from string import Formatter

import nbformat
import pytest
from babel.messages import Catalog
from lxml import html
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pybtex.database import parse_string

from helhed.errors import StepFailed, WrongCall
from helhed.figures.style import png
from helhed.kit_files import folder as kit_folder
from helhed.publishing.book import Source, build_book, page_of_notebook, stage
from helhed.publishing.own_edition import SENTENCES, edition_title
from helhed.publishing.reference_pages import (
    assumptions_page,
    bibliography,
    data_dictionary_page,
    glossary_page,
    references,
)
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.translations import merged, written
from helhed.texts import LANGUAGES, text
from helhed.texts import catalogue as catalogue_of_texts

#: What the run knows; it has no number of enrolled families that may be shown.
NUMBERS = {"n_families_known": "104", "n_eligible": "32", "n_enrolled": "under 5", "n_places": "25", "n_available": "–"}
WORDS = {"name": "fig-select-funnel", "caption": "32 families meet the rule", "alt": "Bars: 104, 74, 32 families"}


def figure_output():
    return new_output("display_data", {"text/plain": "alt"}, metadata={"helhed": WORDS})


@pytest.fixture
def run(tmp_path) -> RunFolder:
    """Return a small finished run of a municipality that the guide has no page for."""
    made = RunFolder(tmp_path / "run")
    made.path.joinpath("public").mkdir(parents=True)
    card = {"name": "Vejle", "slug": "vejle", "is_synthetic": False, "model": "assens", "code": "630"}
    made.path.joinpath("public", "run.json").write_text(json.dumps(card))
    made.path.joinpath("private", "0_check_data").mkdir(parents=True)
    made.path.joinpath("private", "0_check_data", "names.txt").write_text("SECRET-PERSON")
    table = {
        "title": "Funnel",
        "columns": [{"label": "Step", "format": "text"}, {"label": "Families", "format": "count"}],
        "rows": [["all", "104"], ["rule", "under 5"]],
    }
    for lang in ("da", "en"):
        made.write_public(
            "1_select_target_group",
            lang,
            {
                "key_numbers.json": json.dumps({name: {"text": words} for name, words in NUMBERS.items()}).encode(),
                "funnel.json": json.dumps(table).encode(),
                "fig-select-funnel.json": json.dumps(WORDS).encode(),
                "fig-select-funnel.png": png(Figure(figsize=(1, 1))),
            },
        )
        for bare in kit_folder("notebooks").glob("*.ipynb"):
            executed = made.notebook(bare.stem, lang)
            executed.parent.mkdir(parents=True, exist_ok=True)
            executed.write_text(bare.read_text(encoding="utf-8"), encoding="utf-8")
    return made


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
    source = stage(Source(tmp_path / "da", "da"), {"vejle": run})
    assert (source.book / "_runs/vejle/1_select_target_group/funnel.json").is_file()
    assert (source.book / "notebooks/1_select_target_group.ipynb").is_file()
    for file in source.folder.rglob("*"):
        assert not file.is_file() or b"SECRET-PERSON" not in file.read_bytes(), file


def test_municipality_without_a_page_gets_one_and_stands_first(run, tmp_path):
    source = stage(Source(tmp_path / "en", "en"), {"vejle": run})
    page = (source.book / "municipalities/vejle.md").read_text(encoding="utf-8")
    assert page.startswith("# Vejle: own results\n") and "{run-results} vejle" in page
    # Numbers that the run has are told in a sentence; of the other steps nothing is said.
    assert "know {value}`vejle:1_select_target_group:n_families_known` families" in page
    assert "full-time posts" not in page and page.count("\n- ") == 1
    contents = (source.book / "_toc.yml").read_text(encoding="utf-8")
    assert contents.index("municipalities/vejle") < contents.index("municipalities/furesoe")


def test_an_edition_of_one_municipality_has_its_name_and_a_common_one_has_not(run):
    assert edition_title({"vejle": run}, "da") == "Vejle: helhedsorienteret familieindsats"
    assert edition_title({"vejle": run, "odder": run}, "da") == edition_title({}, "da") == text("book.title", "da")


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
    source = stage(Source(tmp_path / "en", "en", is_extracting=True), {})
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
        build_book({} if missing == "run" else {"vejle": run}, site)
    assert (site / "index.html").read_text() == "old"


def test_own_edition_is_built_and_a_faulty_one_leaves_it_alone(run, tmp_path):
    site = tmp_path / "_build" / "site"
    build_book({"vejle": run}, site, ("en",))
    page = (site / "en/municipalities/vejle.html").read_text(encoding="utf-8")
    assert WORDS["caption"] in page and WORDS["alt"] in page and "under 5" in page
    # A real municipality: nothing is called invented, and the samples' own numbers are left out.
    assert "helhed-synthetic" not in page
    assert "numbers from Vejle" in (site / "en/intro.html").read_text(encoding="utf-8")
    assert "helhed-value" not in (site / "en/municipalities/furesoe.html").read_text(encoding="utf-8")
    # The municipality's name and numbers stand in title, headings and chapters; what its run does not know is left out.
    assert "<h2>Vejle in short" in page and "Vejle: holistic family support" in page
    chapter = html.parse(str(site / "en/steps/1_select.html")).getroot().text_content()
    assert "The departments of Vejle know 104 families. The rule is met by 32 of them; under 5 are enrolled" in chapter
    assert "helhed-value" not in (site / "en/steps/2_staff.html").read_text(encoding="utf-8")
    front = html.parse(str(site / "en/intro.html"))
    (card,) = front.xpath("//div[contains(@class, 'helhed-card')][not(contains(@class, 'helhed-cards'))]")
    assert card.xpath(".//a/@href") == ["municipalities/vejle.html"] and card.xpath(".//img/@alt") == [WORDS["alt"]]
    assert "Families enrolled: under 5" in card.text_content()
    # Built again in another folder it is the same, byte for byte.
    again = build_book({"vejle": run}, tmp_path / "elsewhere" / "site", ("en",)).parent
    files = {file.relative_to(site) for file in site.rglob("*") if file.is_file()}
    assert len(files) > 150 and files == {file.relative_to(again) for file in again.rglob("*") if file.is_file()}
    assert [file for file in sorted(files) if (site / file).read_bytes() != (again / file).read_bytes()] == []
    (run.public_folder("1_select_target_group", "en") / "fig-select-funnel.png").unlink()
    with pytest.raises(StepFailed, match=r"fig-select-funnel\.png"):
        build_book({"vejle": run}, site, ("en",))
    assert (site / "en/municipalities/vejle.html").read_text(encoding="utf-8") == page


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
    assert "| `absence`" not in data_dictionary_page("en") and ": `absence`" in data_dictionary_page("en")
    assert "Fraværet" not in glossary_page("en") and "underretning" in glossary_page("en")
