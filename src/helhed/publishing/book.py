"""Builds the guide: one site in Danish and English, with a run's public results in it.

The guide reads a run through two doors only: `run.json` and the step folders of ``public/``, and ``notebooks/``. It
never opens ``private/``. Each language is built from a source folder of its own, and the site changes only when
every language has been built without a warning.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import resources
from itertools import takewhile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from ruamel.yaml import YAML

from helhed.errors import Problem, StepFailed, WrongCall
from helhed.kit_files import folder as kit_folder
from helhed.publishing.browser_site import put_policy, put_python
from helhed.publishing.downloads_page import FOLDER as TEMPLATES
from helhed.publishing.downloads_page import template_contents
from helhed.publishing.export_pages import export_page, export_pages
from helhed.publishing.notebook_run import without_clock
from helhed.publishing.own_edition import edition_title, own_page
from helhed.publishing.passport_documents import passport_pictures
from helhed.publishing.reference_pages import BIBLIOGRAPHY, PAGES, bibliography, reference_page
from helhed.publishing.run_folder import RunFolder, replace_folder
from helhed.publishing.side_by_side_page import side_by_side_pictures
from helhed.publishing.site_icons import keep_used_icons
from helhed.publishing.table_style import share_table_style
from helhed.texts import LANGUAGES, text

#: Where the source folder keeps what may be shown of each run; `book/_ext/helhed_run.py` reads it there.
RUNS = "_runs"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


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


def build_book(runs: dict[str, RunFolder], site: Path, langs: tuple[str, ...] = LANGUAGES) -> Path:
    """Build the guide in each language and put the whole into the site folder.

    Parameters
    ----------
    runs
        Municipality's folder name to its finished run. The first one's executed notebooks are shown.
    site
        Where the site goes; what was there is replaced when every language has been built.
    langs
        Languages, each of which the runs must hold.

    Returns
    -------
    Path
        The site's front page, which offers the languages.

    Raises
    ------
    WrongCall
        If a run lacks a language or its public card, or none was given.
    StepFailed
        If a page has a broken link, an unknown value or any other warning; the old site stays.
    """
    _check(runs, langs)
    sources = [stage(Source(site.parent / "source" / lang, lang), runs) for lang in langs]
    builds = [(source, start_jupyter_book(source, "-W", "-n", "--keep-going")) for source in sources]
    failures = [problem for source, build in builds if (problem := problem_of(source, build))]
    if failures:
        raise StepFailed(failures, langs[0])
    replace_folder(site, lambda folder: _fill_site(folder, sources))
    return site / "index.html"


def stage(source: Source, runs: dict[str, RunFolder]) -> Source:
    """Make the source folder of one language anew and return it.

    It holds the pages of ``book/``, the generated pages on exports and of reference, each run's public files in the
    language, the executed notebooks of the first run (or the bare ones when texts are extracted) and the derived
    configuration.
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
    for slug, run in runs.items():
        _copy_public(run, source.lang, source.book / RUNS / slug)
    _stage_notebooks(source, next(iter(runs.values()), None))
    _stage_own_pages(source, runs)
    _derive_config(source, runs)
    return source


def _check(runs: dict[str, RunFolder], langs: tuple[str, ...]) -> None:
    if not runs:
        raise WrongCall(Problem("book.no_run"), langs[0])
    problems = []
    for slug, run in runs.items():
        if not (run.path / "public" / "run.json").is_file():
            problems.append(Problem("book.no_card", file=slug))
        problems += [
            Problem("book.no_language", file=slug, details={"language": lang})
            for lang in langs
            if not (run.path / "notebooks" / lang).is_dir()
        ]
    if problems:
        raise WrongCall(problems, langs[0])


def _copy_public(run: RunFolder, lang: str, target: Path) -> None:
    """Copy what may be shown of a run in a language: its card and the files of each step."""
    public = run.path / "public"
    target.mkdir(parents=True)
    shutil.copy(public / "run.json", target)
    for step in sorted(folder for folder in public.iterdir() if (folder / lang).is_dir()):
        shutil.copytree(step / lang, target / step.name, ignore=_links)


def _links(folder: str, names: list[str]) -> list[str]:
    """Return the links in a folder: they are not followed, for they may lead out of ``public/``."""
    return [name for name in names if Path(folder, name).is_symlink()]


def _stage_notebooks(source: Source, run: RunFolder | None) -> None:
    for bare in sorted(kit_folder("notebooks").glob("*.ipynb")):
        shown = bare if source.is_extracting or run is None else run.notebook(bare.stem, source.lang)
        if not shown.is_file():
            raise WrongCall(
                Problem("book.no_notebook", details={"step": bare.stem, "language": source.lang}), source.lang
            )
        notebook = page_of_notebook(nbformat.read(shown, as_version=4))
        _write(source.book / "notebooks" / bare.name, nbformat.writes(notebook))


def page_of_notebook(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook as a page: code folded away, figures with caption, name and alternative text.

    Parameter cells are left out; times, paths and widgets are removed.
    """
    page = without_clock(notebook)
    page.metadata.pop("widgets", None)
    page.cells = [shown for cell in page.cells for shown in _dressed(cell)]
    share_table_style(output for cell in page.cells for output in cell.get("outputs", []))
    return page


def _dressed(cell: NotebookNode) -> list[NotebookNode]:
    """Return a cell as the page shows it: a code cell is divided so that each figure stands alone and can be named."""
    if cell.cell_type != "code":
        return [cell]
    tags = set(cell.metadata.get("tags", []))
    tags |= {"remove-cell"} if tags & {"parameters", "injected-parameters"} else {"hide-input"}
    cell.metadata["tags"] = sorted(tags)
    outputs = [_reachable(output) for output in cell.outputs if output.get("name") != "stderr"]
    cell.outputs = list(takewhile(lambda output: not _picture_words(output), outputs))
    rest = outputs[len(cell.outputs) :]
    return [cell, *(_output_cell(f"{cell.id}-{number}", output) for number, output in enumerate(rest))]


def _output_cell(cell_id: str, output: NotebookNode) -> NotebookNode:
    # Never shown, but a cell without source would lose its output.
    shown = nbformat.v4.new_code_cell("...", metadata={"tags": ["remove-input"]}, outputs=[output], id=cell_id)
    if words := _picture_words(output):
        figure = {"caption": words["caption"], "name": words["name"]}
        shown.metadata["mystnb"] = {"figure": figure, "image": {"alt": words["alt"]}}
    return shown


def _reachable(output: NotebookNode) -> NotebookNode:
    """Return the output with its table in a frame that the keyboard can scroll."""
    if html := output.get("data", {}).get("text/html"):
        output.data["text/html"] = "".join(html).replace('<div id="table-', '<div tabindex="0" id="table-')
    return output


def _picture_words(output: NotebookNode) -> dict:
    return output.get("metadata", {}).get("helhed", {})


def _stage_own_pages(source: Source, runs: dict[str, RunFolder]) -> None:
    """Write a results page for each municipality that has none of its own in the guide, and list it in the contents."""
    own = [slug for slug in runs if not (source.book / "municipalities" / f"{slug}.md").is_file()]
    for slug in own:
        _write(source.book / "municipalities" / f"{slug}.md", own_page(slug, runs[slug], source.lang))
    yaml, contents = YAML(), source.book / "_toc.yml"
    toc = yaml.load(contents.read_text(encoding="utf-8"))
    part = next(part for part in toc["parts"] if part["chapters"][0]["file"].startswith("municipalities/"))
    part["chapters"][:0] = [{"file": f"municipalities/{slug}"} for slug in own]
    with contents.open("w", encoding="utf-8") as stream:
        yaml.dump(toc, stream)


def _derive_config(source: Source, runs: dict[str, RunFolder]) -> None:
    yaml = YAML()
    config = yaml.load(kit_folder("_config.yml").read_text(encoding="utf-8"))
    config["title"] = edition_title(runs, source.lang)
    sphinx = config["sphinx"]
    sphinx["local_extensions"] = {
        name: str((source.book / folder).resolve()) for name, folder in sphinx["local_extensions"].items()
    }
    sphinx["config"].update(
        language=source.lang,
        helhed_is_extracting=source.is_extracting,
        helhed_own=next(iter(runs), ""),
        numfig_format={kind: text(f"book.{kind}", source.lang) for kind in ("figure", "table")},
        nb_code_prompt_show=text("book.show_code", source.lang),
        nb_code_prompt_hide=text("book.hide_code", source.lang),
        togglebutton_hint=text("book.show_more", source.lang),
        togglebutton_hint_hide=text("book.show_less", source.lang),
    )
    with source.config.open("w", encoding="utf-8") as stream:
        yaml.dump(config, stream)


def start_jupyter_book(source: Source, *options: str) -> subprocess.Popen:
    """Start Jupyter Book on a source folder and return the process; `problem_of` waits for it."""
    # The script beside the running Python: `python -m jupyter_book` does not exist in Jupyter Book 1.
    script = str(Path(sys.executable).with_name("jupyter-book"))
    places = ["--config", str(source.config), "--path-output", str(source.folder)]
    command = [script, "build", str(source.book), *places, "-q", *options]
    talk = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    return subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": "0"}, **talk)


def problem_of(source: Source, build: subprocess.Popen) -> Problem | None:
    """Return what stopped a build, with the warnings of its log, or nothing if it went well."""
    said, _ = build.communicate()
    if build.returncode == 0:
        return None
    lines = _COLOUR.sub("", said).replace(f"{source.book.resolve()}/", "").splitlines()
    warnings = [line for line in lines if "WARNING" in line or "ERROR" in line] or lines[-15:]
    return Problem("book.not_built", details={"language": source.lang, "warnings": "\n".join(warnings)})


def _fill_site(folder: Path, sources: list[Source]) -> None:
    for source in sources:
        target = folder / source.lang
        shutil.copytree(source.folder / "_build" / "html", target)
        # What the site does not need, and what tells where it was built.
        for leftover in (".buildinfo", "objects.inv"):
            (target / leftover).unlink(missing_ok=True)
        shutil.rmtree(target / "_sources", ignore_errors=True)
        keep_used_icons(target)
        put_policy(target)
    put_python(folder)
    (folder / ".nojekyll").touch()
    front = resources.files("helhed.publishing").joinpath("front_page.html").read_text(encoding="utf-8")
    _write(folder / "index.html", front)


def _write(file: Path, content: str) -> None:
    _write_bytes(file, content.encode())


def _write_bytes(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
