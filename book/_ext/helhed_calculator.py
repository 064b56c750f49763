"""Puts the staffing calculator on a page of the guide.

Source on a page::

    ```{staffing-calculator}
    ```
"""

from docutils import nodes
from helhed_run import OWN, edition_of, run_of
from sphinx.util.docutils import SphinxDirective

from helhed.publishing.calculator_page import calculator_html
from helhed.publishing.staffing_start import STEP, StaffingStart, start_of


class StaffingCalculator(SphinxDirective):
    """The calculator in the language of the edition; in a municipality's own edition with its own settings."""

    def run(self):
        start = staffing_start(self.env, self.config)
        return [nodes.raw("", calculator_html(self.config.language or "en", start), format="html")]


def staffing_start(env, config) -> StaffingStart:
    """Return what the staffing sliders of the edition begin with."""
    # While texts are extracted there is no edition.
    if config.helhed_is_extracting:
        return StaffingStart()
    run = run_of(env, OWN)
    if edition_of(env)["is_national"] or not run.is_here:
        return StaffingStart()
    return start_of(run.about, run.read(f"{STEP}/key_numbers.json"))


def setup(app):
    """Register the directive."""
    app.add_directive("staffing-calculator", StaffingCalculator)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
