"""Keeps the guide from being built over anything else: what stands in its folders is replaced whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from helhed.errors import Problem, WrongCall
from helhed.texts import LANGUAGES

#: What an earlier build has put into a site, beside the folders of editions, and what systems put into any folder.
_SITE = {".nojekyll", "index.html", "python", *LANGUAGES, ".DS_Store", "Thumbs.db", "desktop.ini"}
_EDITION = {"index.html", *LANGUAGES}
_SOURCE = {"book", "_config.yml", "_build"}


def require_replaceable(site: Path, sources: Sequence[Path], lang: str) -> None:
    """Stop when a folder that the build replaces holds anything that an earlier build has not made.

    Parameters
    ----------
    site
        Where the site goes.
    sources
        Folders that the pages are put together in.
    lang
        Language of the message.

    Raises
    ------
    WrongCall
        Naming each folder and the first thing in it that would be lost. Nothing has been touched.
    """
    strange = [(site, one) for one in _strange_in_site(site)] + [
        (source, one) for source in sources for one in _entries(source) if one.name not in _SOURCE
    ]
    first = {folder: one.name for folder, one in reversed(strange)}
    if first:
        raise WrongCall([Problem("book.in_the_way", file=str(at), value=name) for at, name in first.items()], lang)


def _strange_in_site(site: Path) -> Iterator[Path]:
    for one in _entries(site):
        if one.name in _SITE:
            is_ours = (site / ".nojekyll").is_file()
        else:
            is_ours = one.is_dir() and {*LANGUAGES} & {*_names(one)} and {*_names(one)} <= _EDITION
        if not is_ours:
            yield one


def _entries(folder: Path) -> list[Path]:
    if folder.exists() and not folder.is_dir():
        return [folder]
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]
