"""Puts the staffing calculator on a page of the guide.

Source on a page::

    ```{staffing-calculator}
    ```
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from helhed.publishing.calculator_page import calculator_html


class StaffingCalculator(SphinxDirective):
    """The calculator in the language of the edition."""

    def run(self):
        return [nodes.raw("", calculator_html(self.config.language or "en"), format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("staffing-calculator", StaffingCalculator)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
