"""Two languages: sidebar captions in the page's language, a link to the same page in the other one, boxes to tick."""

from pathlib import Path

from babel.messages.pofile import read_po
from docutils import nodes

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


def draw_boxes(app, doctree):
    """Put a box before each line of a checklist: the translation of a line loses the one it was written with."""
    for item in doctree.findall(lambda node: isinstance(node, nodes.list_item) and "task-list-item" in node["classes"]):
        for field in list(item.findall(nodes.raw)):
            field.parent.remove(field)
        line = next(iter(item.findall(nodes.paragraph)))
        if isinstance(line[0], nodes.Text):
            line[0] = nodes.Text(line[0].lstrip())
        line.insert(0, nodes.inline("", "☐ ", classes=["helhed-box"]))


def name_languages(app, pagename, templatename, context, doctree):
    """Tell the templates which languages there are."""
    context["kit_languages"] = LANGUAGES


def setup(app):
    # After the table of contents has been read.
    app.connect("config-inited", translate_captions, priority=950)
    app.connect("doctree-read", draw_boxes)
    app.connect("html-page-context", name_languages)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
