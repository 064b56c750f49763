"""Two languages: sidebar captions in the page's language, and a link to the same page in the other one."""

import gettext
from pathlib import Path

LANGUAGES = {"da": "Dansk", "en": "English"}


def translate_captions(app, config):
    """Translate the captions of the table of contents: they come in after Sphinx's own translation step."""
    folder = Path(app.srcdir) / config.locale_dirs[0]
    catalogue = gettext.translation(config.root_doc, folder, languages=[config.language], fallback=True)
    for page in config.external_site_map.values():
        for tree in page.subtrees:
            if tree.caption:
                tree.caption = catalogue.gettext(tree.caption)


def name_languages(app, pagename, templatename, context, doctree):
    """Tell the templates which languages there are."""
    context["kit_languages"] = LANGUAGES


def setup(app):
    # After Sphinx has compiled the catalogues and the table of contents has been read.
    app.connect("config-inited", translate_captions, priority=950)
    app.connect("html-page-context", name_languages)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
