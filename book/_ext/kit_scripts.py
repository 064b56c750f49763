"""Leaves out what Jupyter Book adds to every page for a button that runs a notebook on a server elsewhere.

The guide has no such button. Without the scripts a page carries no foreign address, and declares nothing twice.
"""

from docutils import nodes

#: Occurs in the name or the words of all of them.
_OF_THE_BUTTON = "thebe"
_SETTINGS = ("x-thebe-config", "<script>kernelName")


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


def setup(app):
    # After the extension that adds them.
    app.connect("html-page-context", leave_out_files, priority=950)
    app.connect("doctree-resolved", leave_out_settings, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
