"""Lets the editions of a site share what is the same in them: style, scripts, files to fetch, pictures.

An edition of its own lies beside the main one, ``<site>/<municipality>/<language>`` beside ``<site>/<language>``; its
pages point to the main one's files by relative addresses, which hold in any folder and when opened as files.
"""

import filecmp
import re
import shutil
from pathlib import Path

#: Folders in which each file may be shared by itself; the theme's files belong together.
_ONE_BY_ONE, _TOGETHER = ("_downloads", "_images"), "_static"
#: A page's address of such a file, or of Python for the browser: the way up, the folder, the rest.
_ADDRESS = re.compile(r'"(?P<up>(?:\.\./)*)(?P<path>(?:_static|_downloads|_images|python)/[^"?#]*)')


def share_files(own: Path, main: Path) -> None:
    """Take away from an edition's language folder what the main one has too, and let its pages point there.

    Parameters
    ----------
    own
        The edition's folder of one language, two steps below the site's.
    main
        The main edition's folder of the same language.
    """
    shared = _same_files(own, main)
    for page in sorted(own.rglob("*.html")):
        if _TOGETHER in page.relative_to(own).parts:
            continue
        root = "../" * (len(page.relative_to(own).parts) - 1)
        words = page.read_text(encoding="utf-8")
        page.write_text(with_shared(words, root, main.name, shared), encoding="utf-8")
    for path in shared:
        (own / path).unlink()
    for folder in (*_ONE_BY_ONE, _TOGETHER):
        _remove_empty(own / folder)


def with_shared(page: str, root: str, lang: str, shared: frozenset[str]) -> str:
    """Return a page that points to the main edition for each shared file, and one step further up for Python.

    Parameters
    ----------
    page
        The page as HTML.
    root
        The way from the page up to its language folder.
    lang
        Name of the main edition's folder of the language.
    shared
        Paths, from the language folder, of the files that both have.

    Examples
    --------
    >>> with_shared('<img src="../_images/a.png">', "../", "da", frozenset({"_images/a.png"}))
    '<img src="../../../da/_images/a.png">'
    """

    def pointed(found: re.Match) -> str:
        if found["path"].startswith("python/") and found["up"] == f"{root}../":
            return f'"{root}../../{found["path"]}'
        is_shared = found["up"] == root and found["path"] in shared
        return f'"{root}../../{lang}/{found["path"]}' if is_shared else found[0]

    return _ADDRESS.sub(pointed, page)


def _same_files(own: Path, main: Path) -> frozenset[str]:
    alone = {name for folder in _ONE_BY_ONE for name in _files(own, folder) if _is_same(own / name, main / name)}
    theme = _files(own, _TOGETHER)
    has_same_theme = theme == _files(main, _TOGETHER) and all(_is_same(own / name, main / name) for name in theme)
    return frozenset(alone | (theme if has_same_theme else set()))


def _files(place: Path, folder: str) -> set[str]:
    return {file.relative_to(place).as_posix() for file in (place / folder).rglob("*") if file.is_file()}


def _is_same(one: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(one, other, shallow=False)


def _remove_empty(folder: Path) -> None:
    for place in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(place.iterdir()):
            place.rmdir()
    if folder.is_dir() and not any(folder.iterdir()):
        shutil.rmtree(folder)
