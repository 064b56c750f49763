"""Two languages: sidebar captions in the page's language, and a link to the same page in the other one."""

from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"da": "Dansk", "en": "English"}


def translate_captions(app, config):
    """Translate the captions of the table of contents: they come in after Sphinx's own translation step."""
    file = Path(app.srcdir, config.locale_dirs[0], config.language, "LC_MESSAGES", f"{config.root_doc}.po")
    if not file.is_file():
        return
    with file.open("rb") as stream:
        catalogue = read_po(stream)
    for page in config.external_site_map.values():
        for tree in page.subtrees:
            if tree.caption:
                message = catalogue.get(tree.caption)
                tree.caption = message.string if message and message.string else tree.caption


def name_languages(app, pagename, templatename, context, doctree):
    """Tell the templates which languages there are."""
    context["kit_languages"] = LANGUAGES


def setup(app):
    # After the table of contents has been read.
    app.connect("config-inited", translate_captions, priority=950)
    app.connect("html-page-context", name_languages)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
