"""The source folder of one language, as Jupyter Book reads it: the pages, what may be shown of the runs, settings.

A run is read through two doors only: `run.json` and the step folders of ``public/``, and ``notebooks/``. Nothing is
ever taken from ``private/``.

What differs between the editions of a site lies in a few places of the folder (`stage_edition`). The folder is made
once per language, and one edition after the other is put into it: Sphinx then reads again only the pages that show
something of a run.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
from ruamel.yaml import YAML

from helhed.errors import Problem, WrongCall
from helhed.kit_files import folder as kit_folder
from helhed.publishing.downloads_page import FOLDER as TEMPLATES
from helhed.publishing.downloads_page import template_contents
from helhed.publishing.editions import Edition
from helhed.publishing.export_pages import export_page, export_pages
from helhed.publishing.national_page import in_order, national_page, national_pictures, overview
from helhed.publishing.notebook_page import page_of_notebook
from helhed.publishing.own_edition import results_page
from helhed.publishing.passport_documents import passport_pictures
from helhed.publishing.reference_pages import BIBLIOGRAPHY, PAGES, bibliography, reference_page
from helhed.publishing.run_folder import RunFolder
from helhed.publishing.side_by_side_page import side_by_side_pictures
from helhed.texts import text

#: Where the source folder keeps what may be shown of each run; `book/_ext/helhed_run.py` reads it there.
RUNS = "_runs"
#: Where the pages of the municipalities' results lie, and the one that sets them side by side.
RESULTS, OVERVIEW = "results", "index"


@dataclass(frozen=True)
class Source:
    """The source folder of one language: pages, configuration and what may be shown of the runs."""

    folder: Path
    lang: str
    is_extracting: bool = False

    @property
    def book(self) -> Path:
        """Return the folder of the pages."""
        return self.folder / "book"

    @property
    def config(self) -> Path:
        """Return the configuration derived for the language."""
        return self.folder / "_config.yml"

    @property
    def built(self) -> Path:
        """Return the folder of the pages as HTML."""
        return self.folder / "_build" / "html"


def stage(source: Source, edition: Edition) -> Source:
    """Make the source folder of one language anew, with an edition in it, and return it."""
    stage_pages(source)
    stage_edition(source, edition)
    return source


def stage_pages(source: Source) -> None:
    """Make the source folder anew with what all editions share.

    It holds the pages of ``book/`` and the generated pages on exports and of reference.
    """
    shutil.rmtree(source.folder, ignore_errors=True)
    shutil.copytree(kit_folder("book"), source.book, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for page in PAGES:
        _write(source.book / "reference" / f"{page}.md", reference_page(page, source.lang))
    for name, image in {**side_by_side_pictures(source.lang), **passport_pictures(source.lang)}.items():
        (source.book / "reference" / name).write_bytes(image)
    _write(source.book / "reference" / BIBLIOGRAPHY, bibliography())
    for place, content in template_contents().items():
        _write_bytes(source.book / "reference" / TEMPLATES / place, content)
    for page in export_pages():
        _write(source.book / "exports" / f"{page}.md", export_page(page, source.lang))


def stage_edition(source: Source, edition: Edition) -> None:
    """Put an edition in the place of the one before.

    It is made of each run's public files in the language, the executed notebooks of the first run (or the bare ones
    when texts are extracted), the pages of results, the contents and the configuration.
    """
    for place in (RUNS, RESULTS, "notebooks"):
        shutil.rmtree(source.book / place, ignore_errors=True)
    for name, run in edition.runs.items():
        _copy_public(run, source.lang, source.book / RUNS / name)
    _write(source.book / RUNS / "edition.json", json.dumps(edition.record(), ensure_ascii=False))
    _stage_notebooks(source, edition)
    _stage_results(source, edition)
    _derive_config(source, edition)


def _copy_public(run: RunFolder, lang: str, target: Path) -> None:
    """Copy what may be shown of a run in a language: its card and the files of each step."""
    public = run.path / "public"
    target.mkdir(parents=True)
    shutil.copyfile(public / "run.json", target / "run.json")
    for step in sorted(folder for folder in public.iterdir() if (folder / lang).is_dir()):
        # With a date of their own: what is newer than the page that shows it is read again.
        shutil.copytree(step / lang, target / step.name, ignore=_links, copy_function=shutil.copyfile)


def _links(folder: str, names: list[str]) -> list[str]:
    """Return the links in a folder: they are not followed, for they may lead out of ``public/``."""
    return [name for name in names if Path(folder, name).is_symlink()]


def _stage_notebooks(source: Source, edition: Edition) -> None:
    run = edition.runs.get(edition.example)
    for bare in sorted(kit_folder("notebooks").glob("*.ipynb")):
        is_bare = source.is_extracting or run is None or not edition.holds(bare.stem)
        shown = bare if is_bare else run.notebook(bare.stem, source.lang)
        if not shown.is_file():
            raise WrongCall(
                Problem("book.no_notebook", details={"step": bare.stem, "language": source.lang}), source.lang
            )
        notebook = page_of_notebook(nbformat.read(shown, as_version=4))
        if not edition.holds(bare.stem):
            notebook.cells.insert(1, nbformat.v4.new_markdown_cell(text("book.not_run", source.lang), id="not-run"))
        _write(source.book / "notebooks" / bare.name, nbformat.writes(notebook))


def _stage_results(source: Source, edition: Edition) -> None:
    """Write a page for each municipality's results, in the national edition one of all of them too, and list them."""
    folder = source.book / RESULTS
    for name in edition.runs:
        _write(folder / f"{name}.md", results_page(name, edition, source.lang))
    pages = [{"file": f"{RESULTS}/{name}"} for name in in_order(edition.runs)]
    if edition.is_national and edition.runs:
        _write(folder / f"{OVERVIEW}.md", national_page(edition, source.lang))
        _write(source.book / RUNS / "overview.json", json.dumps(overview(edition.runs, source.lang)))
        for name, image in national_pictures(edition.runs, source.lang).items():
            _write_bytes(folder / name, image)
        pages = [{"file": f"{RESULTS}/{OVERVIEW}", "sections": pages}]
    yaml = YAML()
    toc = yaml.load((kit_folder("book") / "_toc.yml").read_text(encoding="utf-8"))
    part = next(part for part in toc["parts"] if part["chapters"][0]["file"].startswith("municipalities/"))
    part["chapters"][:0] = pages
    with (source.book / "_toc.yml").open("w", encoding="utf-8") as stream:
        yaml.dump(toc, stream)


def _derive_config(source: Source, edition: Edition) -> None:
    yaml = YAML()
    config = yaml.load(kit_folder("_config.yml").read_text(encoding="utf-8"))
    config["title"] = edition.title(source.lang)
    sphinx = config["sphinx"]
    sphinx["local_extensions"] = {
        name: str((source.book / folder).resolve()) for name, folder in sphinx["local_extensions"].items()
    }
    sphinx["config"]["html_theme_options"]["search_bar_text"] = text("book.search_bar", source.lang)
    sphinx["config"].update(
        language=source.lang,
        helhed_is_extracting=source.is_extracting,
        numfig_format={kind: text(f"book.{kind}", source.lang) for kind in ("figure", "table")},
        nb_code_prompt_show=text("book.show_code", source.lang),
        nb_code_prompt_hide=text("book.hide_code", source.lang),
        togglebutton_hint=text("book.show_more", source.lang),
        togglebutton_hint_hide=text("book.show_less", source.lang),
    )
    with source.config.open("w", encoding="utf-8") as stream:
        yaml.dump(config, stream)


def _write(file: Path, content: str) -> None:
    _write_bytes(file, content.encode())


def _write_bytes(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
