"""Builds the guide: one site in Danish and English, with a run's public results in it, in one or several editions.

::

    <site>/index.html            front page: the editions and their languages
    <site>/da, en                the edition of all municipalities together, or of the one alone
    <site>/<municipality>/da, en  each municipality's own edition, when wished
    <site>/python                Python for the page "In your browser"; all editions share it

The languages are built side by side, the editions of a language one after the other from the same source folder (see
`helhed.publishing.book_source`). The site changes only when everything has been built without a warning.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from helhed.errors import HelhedError, Problem, StepFailed, WrongCall
from helhed.publishing.book_source import Source, stage_edition, stage_pages
from helhed.publishing.browser_site import put_policy, put_python
from helhed.publishing.editions import Edition
from helhed.publishing.front_page import edition_front, language_front, site_front
from helhed.publishing.run_folder import replace_folder
from helhed.publishing.shared_files import share_files
from helhed.publishing.site_folder import require_replaceable
from helhed.publishing.site_icons import keep_used_icons
from helhed.texts import LANGUAGES

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STRICT = ("-W", "-n", "--keep-going")
#: Figures are drawn by one thread at a time.
_STAGING = Lock()


def build_book(editions: Sequence[Edition], site: Path, langs: tuple[str, ...] = LANGUAGES) -> Path:
    """Build the guide in each language and put the whole into the site folder.

    Parameters
    ----------
    editions
        The edition that the site's languages hold, then those in a folder of their own (see `editions.main_and_own`).
    site
        Where the site goes; what was there is replaced when every edition has been built in every language.
    langs
        Languages, each of which the runs must hold.

    Returns
    -------
    Path
        The site's front page, which offers the editions and the languages.

    Raises
    ------
    WrongCall
        If a run lacks a language or its public card, none was given, or the site's folder holds something else.
    StepFailed
        If a page has a broken link, an unknown value or any other warning; the old site stays.
    """
    _check(editions, langs)
    sources = [Source(site.parent / "source" / lang, lang) for lang in langs]
    require_replaceable(site, [source.folder for source in sources], langs[0])
    for source in sources:
        stage_pages(source)
    with ThreadPoolExecutor(len(sources)) as side_by_side:
        found = list(side_by_side.map(lambda source: _build_language(source, editions), sources))
    failures = [problem for problems in found for problem in problems]
    if failures:
        raise StepFailed(failures, langs[0])
    replace_folder(site, lambda folder: _fill_site(folder, sources, editions))
    for source in sources:
        shutil.rmtree(_kept(source, editions[0]).parent, ignore_errors=True)
    return site / "index.html"


def _check(editions: Sequence[Edition], langs: tuple[str, ...]) -> None:
    if not editions or not editions[0].runs:
        raise WrongCall(Problem("book.no_run"), langs[0])
    problems = []
    for name, run in editions[0].runs.items():
        if not (run.path / "public" / "run.json").is_file():
            problems.append(Problem("book.no_card", file=name))
        problems += [
            Problem("book.no_language", file=name, details={"language": lang})
            for lang in langs
            if not (run.path / "notebooks" / lang).is_dir()
        ]
    if problems:
        raise WrongCall(problems, langs[0])


def _build_language(source: Source, editions: Sequence[Edition]) -> list[Problem]:
    """Build the editions of a language, the first one last, and return what stopped it.

    The first edition's source and pages stay in place: the PDF is made from them.
    """
    try:
        for edition in (*editions[1:], editions[0]):
            with _STAGING:
                stage_edition(source, edition)
            shutil.rmtree(source.built, ignore_errors=True)
            if problem := problem_of(source, start_jupyter_book(source, *_STRICT)):
                return [problem]
            if edition.folder:
                _kept(source, edition).parent.mkdir(exist_ok=True)
                source.built.rename(_kept(source, edition))
    except HelhedError as error:
        return list(error.problems)
    return []


def _kept(source: Source, edition: Edition) -> Path:
    """Return where the built pages of an edition wait for those of the others."""
    return source.folder / "_build" / "editions" / (edition.folder or "_")


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
    warnings = [line for line in lines if any(word in line for word in ("WARNING", "ERROR", "Error: "))] or lines[-15:]
    return Problem("book.not_built", details={"language": source.lang, "warnings": "\n".join(warnings)})


def _fill_site(folder: Path, sources: Sequence[Source], editions: Sequence[Edition]) -> None:
    langs = [source.lang for source in sources]
    for source in sources:
        main = folder / source.lang
        _put_pages(source.built, main)
        own = [folder / edition.folder / source.lang for edition in editions[1:]]
        for edition, target in zip(editions[1:], own, strict=True):
            _put_pages(_kept(source, edition), target)
            share_files(target, main)
        keep_used_icons(main, *own)
        for pages in (main, *own):
            put_policy(pages)
    put_python(folder)
    (folder / ".nojekyll").touch()
    (folder / "index.html").write_text(site_front(editions, langs), encoding="utf-8")
    for edition in editions[1:]:
        (folder / edition.folder / "index.html").write_text(edition_front(edition, langs), encoding="utf-8")


def _put_pages(built: Path, target: Path) -> None:
    shutil.copytree(built, target)
    # What the site does not need, and what tells where it was built.
    for leftover in (".buildinfo", "objects.inv"):
        (target / leftover).unlink(missing_ok=True)
    shutil.rmtree(target / "_sources", ignore_errors=True)
    # Jupyter Book's own says neither its language nor its name.
    (target / "index.html").write_text(language_front(target.name), encoding="utf-8")
