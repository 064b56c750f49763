"""Puts the forms that Python in the reader's browser answers on a page of the guide.

Source on a page::

    ```{in-your-browser} start
    ```
    ```{in-your-browser} target
    ```
    ```{in-your-browser} script
    ```

``start`` comes first; then the parts of `helhed.publishing.browser_page.PARTS` in any order; ``script`` comes last.
"""

from docutils import nodes
from helhed_calculator import staffing_start
from sphinx.util.docutils import SphinxDirective

from helhed.publishing.browser_page import part_html, script_html, start_html
from helhed.publishing.pyodide_files import browser_python


class InYourBrowser(SphinxDirective):
    """A piece of the page in the language of the edition."""

    required_arguments = 1

    def run(self):
        lang, part = self.config.language or "en", self.arguments[0]
        if part == "start":
            html = start_html(lang, bool(browser_python()), self._start())
        else:
            html = script_html() if part == "script" else part_html(part, lang, self._start())
        return [nodes.raw("", html, format="html")]

    def _start(self):
        return staffing_start(self.env, self.config)


def setup(app):
    """Register the directive."""
    app.add_directive("in-your-browser", InYourBrowser)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
