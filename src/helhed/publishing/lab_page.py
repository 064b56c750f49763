"""The page that JupyterLab opens on: every notebook, what it answers, what goes in, and which ones must run before it.

    python -m helhed.publishing.lab_page notebooks

The words are those of the notebooks' own first cells, in Danish from the guide's catalogues. Beside the page goes what
JupyterLab of this environment, and of no other, does by default.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

import nbformat
from babel.messages.pofile import read_po
from jupyterlab.commands import get_app_dir

from helhed.kit_files import folder as kit_folder
from helhed.publishing.runner import READS, STEPS
from helhed.texts import LANGUAGES, text

#: The page's name in the folder of the notebooks.
PAGE = "start_here.md"
#: Defaults of JupyterLab here, which a user's own settings still go before: a page of text is shown as it reads, not as
#: its source, and neither news nor newer versions are asked for over the network.
DEFAULTS = {
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def lab_page() -> str:
    """Return the page as Markdown: one section per language, one part per notebook."""
    return "\n\n".join(_section(lang) for lang in LANGUAGES) + "\n"


def _section(lang: str) -> str:
    # JupyterLab finds a heading by its words with hyphens for spaces.
    others = [(other, text("lab.title", other).replace(" ", "-")) for other in LANGUAGES if other != lang]
    links = " · ".join(f"[{text('lab.here', other)}](#{heading})" for other, heading in others)
    head = [f"# {text('lab.title', lang)}", links, text("lab.intro", lang)]
    return "\n\n".join([*head, *(_notebook(name, lang) for name in STEPS), text("lab.more", lang)])


def _notebook(name: str, lang: str) -> str:
    notebook = nbformat.read(kit_folder("notebooks") / f"{name}.ipynb", as_version=4)
    title, *about = (_in_language(part, name, lang) for part in re.split(r"\n\s*\n", notebook.cells[0].source))
    links = ", ".join(f"[{step}]({step}.ipynb)" for step in READS[name])
    words = text("lab.needs" if links else "lab.needs_none", lang, notebooks=links)
    return "\n\n".join([f"## [{title}]({name}.ipynb)", *about, f"*{words}*"])


def _in_language(part: str, name: str, lang: str) -> str:
    """Return a paragraph or heading of a notebook in the language, as the guide says it."""
    words = " ".join(part.lstrip("#").split())
    return words if lang == "en" else _danish(name).get(words, words)


@cache
def _danish(name: str) -> dict[str, str]:
    file = kit_folder("book") / "locale" / "da" / "LC_MESSAGES" / "notebooks" / f"{name}.po"
    with file.open("rb") as stream:
        return {message.id: message.string for message in read_po(stream) if message.id and message.string}


def main(arguments: list[str]) -> int:
    """Write the page into a folder, and the defaults into the environment's JupyterLab."""
    Path(arguments[0], PAGE).write_text(lab_page(), encoding="utf-8")
    defaults = Path(get_app_dir(), "settings", "overrides.d", "helhed.json")
    defaults.parent.mkdir(parents=True, exist_ok=True)
    defaults.write_text(json.dumps(DEFAULTS, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
