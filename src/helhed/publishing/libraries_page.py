"""The guide's page of the libraries that come with the kit: name, version and licence of each, from the locked list.

An IT department asks for such a list, and an audit of known faults begins with it (``make audit``).
"""

import re
from importlib import metadata

from helhed.kit_files import folder as kit_folder
from helhed.publishing.markdown_parts import page, table
from helhed.texts import number, text

_LOCKED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.M)
_CLASSIFIER = "License :: "
#: Some write the whole licence where its name belongs.
_LONGEST_NAME = 60


def libraries_page(lang: str) -> str:
    """Return the page: what the kit itself calls, then what those need."""
    versions, named = locked_versions(), named_by_the_kit()
    labels = [text(f"book.libraries_{name}", lang) for name in ("name", "version", "licence")]
    parts = [text("book.libraries_count", lang, n=number(len(versions), lang))]
    for title, names in (("named", versions.keys() & named), ("needed", versions.keys() - named)):
        rows = [
            [name, versions[name], licence(name) or text("book.libraries_elsewhere", lang)] for name in sorted(names)
        ]
        parts.append(f"## {text(f'book.libraries_{title}', lang)}\n\n{table(labels, rows)}")
    return page("libraries", lang, parts)


def locked_versions() -> dict[str, str]:
    """Return the version of every library in the locked list, by name; where systems differ, the first one."""
    found = _LOCKED.findall(kit_folder("requirements.lock").read_text(encoding="utf-8"))
    return dict(reversed(found))


def named_by_the_kit() -> set[str]:
    """Return the names of the libraries that the kit itself asks for."""
    return {re.split(r"[\s\[<>=!;(]", wanted)[0].lower() for wanted in metadata.requires("helhed") or ()}


def licence(name: str) -> str:
    """Return the licence that an installed library states, empty when it is not installed here.

    Examples
    --------
    >>> licence("pandas"), licence("no-such-library")
    ('BSD-3-Clause', '')
    """
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classified = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or () if line.startswith(_CLASSIFIER)]
    written = (said.get("License") or "").partition("\n")[0]
    return said.get("License-Expression") or ", ".join(classified) or written[:_LONGEST_NAME] or "?"
