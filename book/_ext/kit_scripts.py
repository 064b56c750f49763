"""Says which scripts a page has: the search in the guide's own order, and none for a button that the guide lacks.

The search page says in both languages how many pages it found, a figure that it is wider than the screen. Jupyter Book
adds scripts for running a notebook on a server elsewhere; without them a page carries no foreign address, and declares
nothing twice.
"""

import json
from html import escape
from pathlib import Path

from docutils import nodes

from helhed.texts import text

#: Occurs in the name or the words of all of them.
_OF_THE_BUTTON = "thebe"
_SETTINGS = ("x-thebe-config", "<script>kernelName")
#: What the search page says when it has found nothing; Sphinx speaks of categories that the guide does not have.
_NONE = (
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've "
    "selected enough categories."
)
#: What it says when it has found something, and the place for the number.
_FOUND, _HITS = "Search finished, found ${resultCount} page(s) matching the search query.", "${resultCount}"


def leave_out_files(app, pagename, templatename, context, doctree):
    """Take the button's scripts and styles from those that a page loads."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if not _is_of_the_button(file)]


def _is_of_the_button(file) -> bool:
    return _OF_THE_BUTTON in f"{file.filename} {file.attributes.get('body', '')}".casefold()


def leave_out_settings(app, doctree, docname):
    """Take the button's settings from the page itself."""
    for node in list(doctree.findall(nodes.raw)):
        if any(words in node.astext() for words in _SETTINGS):
            node.parent.remove(node)


def order_search(app, config):
    """Let the search find by the guide's own order; Sphinx asks for the whole path of the script."""
    config.html_search_scorer = str(Path(app.srcdir, "static", "search_order.js"))


def tell_hits(app, exception):
    """Give the search page sentences of the guide's own for the number of hits and for none."""
    words = Path(app.outdir, "_static", "translations.js")
    if exception is None and words.is_file():
        language = app.config.language
        said = {_FOUND: text("book.search_hits", language, hits=_HITS), _NONE: text("book.search_none", language)}
        line = f"\nObject.assign(Documentation.TRANSLATIONS, {json.dumps(said)});\n"
        written = words.read_text(encoding="utf-8").removesuffix(line)
        words.write_text(written + line, encoding="utf-8")


def tell_wide_figures(app, pagename, templatename, context, doctree):
    """Give the script that finds figures wider than the screen the sentence to show with them."""
    words = escape(text("book.wide_figure", app.config.language), quote=True)
    context["metatags"] = f'{context.get("metatags") or ""}<meta name="helhed-wide-figure" content="{words}">\n'


def setup(app):
    app.connect("config-inited", order_search)
    app.connect("build-finished", tell_hits)
    app.connect("html-page-context", tell_wide_figures)
    # After the extension that adds them.
    app.connect("html-page-context", leave_out_files, priority=950)
    app.connect("doctree-resolved", leave_out_settings, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
