"""Files of the libraries, of Python for the browser and the kit's templates, unchanged since they were installed."""

from collections import defaultdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from helhed.kit_files import folder as kit_folder
from helhed.publishing.browser_site import KIT, kit_archive
from helhed.publishing.pyodide_files import browser_python

_PACKAGES = (
    "sphinx",
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_togglebutton",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_thebe",
    "sphinx_comments",
    "myst_nb",
    "jupyter_book",
    "accessible_pygments",
)
_ENDINGS = {".css", ".js", ".map", ".svg", ".png", ".gif", ".ico", ".woff", ".woff2", ".ttf", ".eot", ".txt", ".html"}
_ENDINGS |= {".po", ".mo", ".pot", ".json"}


@cache
def _browser_python() -> dict[str, bytes]:
    return {**browser_python(), KIT: kit_archive()}


@cache
def _files() -> dict[str, list[Path]]:
    found = defaultdict(list)
    for package in _PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for file in Path(folder).rglob("*"):
                if file.suffix in _ENDINGS and file.is_file():
                    found[file.name].append(file)
    for file in kit_folder("templates").rglob("*"):
        if file.is_file():
            found[file.name].append(file)
    return found


def is_as_installed(name: str, content: bytes) -> bool:
    """Return whether a file is, byte for byte, one that a library of the guide or the kit brought along."""
    if content == _browser_python().get(Path(name).name):
        return True
    candidates = _files().get(Path(name).name, ())
    return any(file.stat().st_size == len(content) and file.read_bytes() == content for file in candidates)
