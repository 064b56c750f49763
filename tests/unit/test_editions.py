"""Which editions a site has, what they are called, and what they share; the commands that ask for them."""

import json
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

from helhed import book_commands, cli
from helhed.errors import Problem, WrongCall
from helhed.publishing.book_source import Source, stage_edition
from helhed.publishing.editions import Edition, main_and_own, page_name, runs_by_page
from helhed.publishing.front_page import site_front
from helhed.publishing.markdown_parts import as_it_stands
from helhed.publishing.national_page import in_order, national_page, overview, size_picture
from helhed.publishing.own_edition import results_page
from helhed.publishing.shared_files import share_files
from helhed.texts import LANGUAGES, text

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture
def runs(tmp_path, small_run):
    names = {"aarhus": "Aarhus", "vejle": "Vejle", "aeroe": "Ærø"}
    return {slug: small_run(tmp_path / slug, name, slug) for slug, name in names.items()}


def give(run, **values):
    """Let a run know the two key numbers of the figure."""
    for lang in LANGUAGES:
        for step, name in (("0_check_data", "n_families"), ("1_select_target_group", "n_eligible")):
            number = {name: {"text": str(values[name]), "value": values[name]}}
            run.write_public(step, lang, {"key_numbers.json": json.dumps(number).encode()})


def test_one_municipality_is_its_own_edition_and_several_are_the_national_one(runs):
    one = {"vejle": runs["vejle"]}
    assert [edition.title("da") for edition in main_and_own(one, True)] == ["Vejle: helhedsorienteret familieindsats"]
    main, *own = main_and_own(runs, True)
    assert main.title("da") == text("book.title_national", "da") and [edition.folder for edition in own] == list(runs)
    assert main_and_own(runs, False)[0].own_editions == () and len(main_and_own(runs, False)) == 1
    assert Edition().title("en") == text("book.title", "en")
    # A single finished one among several that were asked for is not called the edition of one.
    assert Edition(one, unfinished=("Odder",)).is_national


def test_folders_of_the_same_name_are_refused_and_named(tmp_path):
    places = [tmp_path / side / "vejle" / "runs" / "1" for side in "ab"]
    assert list(runs_by_page([places[0], places[0]], "da")) == ["vejle"]
    with pytest.raises(WrongCall, match="»vejle«"):
        runs_by_page(places, "da")


@pytest.mark.parametrize("folder", ["da", "python", "<script>", "a b", "../x", "Ærø", "%2e"])
def test_a_folder_of_any_name_gives_an_address_of_its_own(folder):
    assert page_name(folder).replace("-", "").isalnum() and page_name(folder) not in (*LANGUAGES, "python")


def test_municipalities_stand_in_the_order_of_the_danish_alphabet(runs):
    assert in_order(runs) == ["vejle", "aeroe", "aarhus"]
    assert [row["name"] for row in overview(runs, "da")["rows"]] == ["Vejle", "Ærø", "Aarhus"]


def test_the_figure_of_size_shows_only_numbers_that_may_be_shown(runs):
    assert size_picture(runs, "da") is None
    give(runs["aarhus"], n_families=900, n_eligible=60)
    give(runs["vejle"], n_families=400, n_eligible=30)
    give(runs["aeroe"], n_families=50, n_eligible=None)
    picture = size_picture(runs, "da")
    assert picture.alt.startswith("Prikker for 2 kommuner: fra 400 til 900") and "fra 30 til 60" in picture.alt
    assert "2 af 3" in picture.caption and "fig-national-size" in national_page(Edition(runs), "en")


def test_a_name_is_never_read_as_markup(tmp_path, small_run):
    name = "<script>x</script> {raw}`y` [z](q) # $a$"
    run = small_run(tmp_path / "odd", name, "odd")
    page = results_page("odd", Edition({"odd": run}), "en")
    assert as_it_stands(name) in page and "{raw}`" not in page
    shown = MarkdownIt().render(page)
    assert "<script" not in shown and "<a " not in shown and shown.count("&lt;script&gt;x&lt;/script&gt;") > 2
    front = site_front(
        main_and_own({"odd": run, "vejle": small_run(tmp_path / "v", "Vejle", "vejle")}, True), LANGUAGES
    )
    assert "<script" not in front and front.count("&lt;script&gt;") == 3
    assert size_picture({"odd": run}, "en") is None


def test_an_edition_shares_what_is_the_same_and_keeps_what_is_not(tmp_path):
    files = {"_static/a.css": "a", "_downloads/1/x.docx": "same", "_images/p.png": "same", "_images/own.png": "mine"}
    page = (
        '<link href="../_static/a.css?v=1"><img src="../_images/p.png"><img src="../_images/own.png"><a href="../_x">'
    )
    for place in ("da", "vejle/da"):
        for name, content in (files | {"steps/1.html": page}).items():
            file = tmp_path / place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if name != "_images/own.png" else place)
    share_files(tmp_path / "vejle/da", tmp_path / "da")
    left = {file.relative_to(tmp_path / "vejle/da").as_posix() for file in (tmp_path / "vejle").rglob("*.*")}
    assert left == {"_images/own.png", "steps/1.html"}
    written = (tmp_path / "vejle/da/steps/1.html").read_text()
    assert '"../../../da/_static/a.css?v=1"' in written and '"../../../da/_images/p.png"' in written
    assert '"../_images/own.png"' in written and '"../_x"' in written


def test_a_theme_that_differs_is_not_shared_at_all(tmp_path):
    for place, content in (("da", "1"), ("vejle/da", "2")):
        (tmp_path / place / "_static").mkdir(parents=True)
        (tmp_path / place / "_static/a.css").write_text("same")
        (tmp_path / place / "_static/b.js").write_text(content)
    share_files(tmp_path / "vejle/da", tmp_path / "da")
    assert len(list((tmp_path / "vejle/da/_static").iterdir())) == 2


def test_a_municipality_without_a_finished_run_stops_the_build_unless_it_may_be_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for folder in ("odder", "vejle"):
        (tmp_path / folder).mkdir()
    for more in ([], ["--allow-unfinished"]):
        monkeypatch.setattr("sys.argv", ["helhed", "book", "odder", "vejle", *more])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr().err
        # None is finished: there is nothing to build, and each is named.
        assert stop.value.code == 2 and "odder" in said and "vejle" in said
    assert not (tmp_path / "_build").exists()


def test_a_municipality_that_is_left_out_is_named_as_its_profile_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    profile = (SAMPLES / "furesoe" / "profile.yml").read_text(encoding="utf-8")
    for folder, content in (("furesoe", profile), ("odder", "name: ["), ("vejle", "")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "profile.yml").write_text(content, encoding="utf-8")
    built = {}
    monkeypatch.setattr(book_commands, "finished_run", lambda folder, *_: finished_only(folder, "vejle"))
    monkeypatch.setattr(book_commands, "_build", lambda runs, *rest: built.update(runs=runs, unfinished=rest[2]))
    monkeypatch.setattr("sys.argv", ["helhed", "book", "furesoe", "odder", "vejle", "--allow-unfinished"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    assert built == {"runs": [Path("vejle/runs/a")], "unfinished": ["Furesø Kommune", "odder"]}


def finished_only(folder, name):
    if folder.name != name:
        raise WrongCall(Problem("runs.no_folder", value=folder.name))
    return folder / "runs/a"


def test_a_misspelt_folder_is_no_unfinished_municipality(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odder").mkdir()
    monkeypatch.setattr("sys.argv", ["helhed", "book", "odder", "vejel", "--allow-unfinished"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    said = capsys.readouterr().err
    assert stop.value.code == 2 and "vejel" in said and "odder" not in said


def test_an_edition_of_some_steps_shows_the_others_without_numbers_and_says_so(tmp_path, runs):
    run = runs["vejle"]
    for lang in LANGUAGES:
        run.notebook("6_decide", lang).unlink()
    (edition,) = main_and_own({"vejle": run}, False, steps=("0_check_data", "1_select_target_group"))
    source = Source(tmp_path / "source", "da")
    source.book.mkdir(parents=True)
    stage_edition(source, edition)
    said = text("book.not_run", "da")
    pages = {file.stem: said in nbformat.read(file, 4).cells[1].source for file in source.book.glob("notebooks/*")}
    assert [name for name, is_said in pages.items() if not is_said] == ["0_check_data", "1_select_target_group"]
    with pytest.raises(WrongCall, match="6_decide"):
        stage_edition(source, Edition({"vejle": run}))


def test_the_book_asks_for_the_steps_that_it_is_told(tmp_path, monkeypatch, capsys):
    run_dir = tmp_path / "vejle" / "runs" / "1"
    run_dir.mkdir(parents=True)
    run_dir.joinpath("manifest.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    asked, built = [], []
    monkeypatch.setattr("helhed.publishing.runner.Manifest.is_done", lambda self, *what: asked.append(what) or True)
    monkeypatch.setattr("helhed.publishing.book.build_book", lambda editions, site: built.extend(editions))
    monkeypatch.setattr("sys.argv", ["helhed", "book", "vejle", "--run-id", "1", "--steps", "0-1"])
    with pytest.raises(SystemExit):
        cli.main()
    assert {step for step, _ in asked} == {"0_check_data", "1_select_target_group"} == {*built[0].steps}
