"""Values, figures and tables of a run on the pages of the guide.

Sources on a page::

    {value}`furesoe:4_monitor_indicators:enrolled_families`      the written key number

    ```{run-figure} furesoe 1_select_target_group fig-select-funnel
    ```
    ```{run-table} furesoe 1_select_target_group funnel
    ```
    ```{run-thumbnail} furesoe 1_select_target_group fig-select-funnel
    ```
    ```{run-results} furesoe
    ```
    ```{run-main} furesoe
    ```
    ````{if-run} furesoe
    shown only when the edition holds that run, and it is the sample with invented data
    ````
    ````{if-own}
    {value}`own:name` and {value}`own:1_select_target_group:n_eligible`
    ````

``own`` is the municipality whose numbers the edition's chapters show; what stands in ``if-own`` is shown where that run
knows every number in it. Figures and tables are referred to as ``<municipality>-<name>``. Something that the run does
not hold is a warning, and the build treats warnings as errors. A page that shows anything of a run with invented data
says so at its top; that and what the pages say of the edition itself is in `helhed_edition`.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from helhed.texts import text

RUNS = "_runs"
#: Stands for the edition's own municipality where the name of its folder would stand.
OWN = "own"
#: Marks, in Sphinx's record of a page, that it is another page in another edition.
OF_EDITION = "helhed_edition"
_OWN_NUMBERS = re.compile(rf"{{value}}`{OWN}:(\w+):(\w+)`")
NOT_KNOWN = "–"
#: The figures and the table that stand for a run where many are shown.
_MAIN = (
    ("1_select_target_group", "fig-select-funnel"),
    ("2_staff_coordinators", "fig-staff-hours"),
    ("4_monitor_indicators", "fig-monitor-dashboard"),
    ("4_monitor_indicators", "indicators"),
)
logger = logging.getLogger(__name__)


class RunData:
    """What may be shown of one run, in the language of the edition; lies in the source folder under ``_runs``."""

    def __init__(self, source: Path, slug: str):
        self.slug = slug
        self.folder = source / RUNS / slug

    @property
    def is_here(self) -> bool:
        return (self.folder / "run.json").is_file()

    @property
    def about(self) -> dict:
        return self.read("run.json")

    def read(self, path: str) -> dict:
        """Return a JSON file of the run, an empty one when it is not there."""
        file = self.folder / path
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def number(self, step: str, name: str) -> str | None:
        """Return a key number as the run wrote it, nothing when the run has none of that name."""
        return self.key_number(step, name).get("text")

    def key_number(self, step: str, name: str) -> dict:
        """Return a key number with its value, None where it is hidden, and its text; empty when the run has none."""
        return self.read(f"{step}/key_numbers.json").get(name, {})

    def steps(self) -> list[str]:
        return sorted(folder.name for folder in self.folder.iterdir() if folder.is_dir())


def edition_of(env) -> dict:
    """Return what the pages must know of the edition."""
    return json.loads((Path(env.srcdir) / RUNS / "edition.json").read_text(encoding="utf-8"))


def run_of(env, slug: str) -> RunData:
    """Return a run, and remember that the page being read shows something of the edition."""
    env.metadata[env.docname][OF_EDITION] = True
    return RunData(Path(env.srcdir), edition_of(env)["own"] if slug == OWN else slug)


def runs_of(env) -> list[RunData]:
    """Return the runs of the edition, by their page name."""
    return [run_of(env, folder.name) for folder in sorted((Path(env.srcdir) / RUNS).iterdir()) if folder.is_dir()]


def mark(node: nodes.Element, slug: str) -> nodes.Element:
    node["helhed_run"] = slug
    return node


class Value(SphinxRole):
    """A key number as the run wrote it: ``municipality:step:name``; with ``municipality:name``, whose it is."""

    def run(self):
        if self.config.helhed_is_extracting:
            return [nodes.literal(self.rawtext, self.text)], []
        slug, *place = self.text.split(":")
        run = run_of(self.env, slug)
        words = run.about.get("name") if place == ["name"] else run.number(*place) if len(place) == 2 else None
        if words is None:
            logger.warning("no such value in the run: %s", self.text, location=self.get_location())
            return [nodes.literal(self.rawtext, self.text)], []
        return [mark(nodes.inline(self.rawtext, words, classes=["helhed-value"]), run.slug)], []


class _RunDirective(SphinxDirective):
    required_arguments = 3

    def run(self):
        if self.config.helhed_is_extracting:
            return []
        slug, step, name = self.arguments
        record = run_of(self.env, slug).read(f"{step}/{name}.json")
        if not record:
            logger.warning("not in the run: %s", " ".join(self.arguments), location=self.get_location())
            return []
        return [self.shown(slug, step, name, record)]

    def shown(self, slug: str, step: str, name: str, record: dict) -> nodes.Element:
        raise NotImplementedError

    def _named(self, node: nodes.Element, name: str) -> nodes.Element:
        self.options["name"] = name
        self.add_name(node)
        return node


class RunFigure(_RunDirective):
    """A figure with the caption and alternative text that the run made from its numbers."""

    def shown(self, slug, step, name, record):
        return self._named(_figure(slug, step, name, record), f"{slug}-{name}")


class RunTable(_RunDirective):
    """A table after disclosure control, as the run wrote it."""

    def shown(self, slug, step, name, record):
        return self._named(_table(slug, record), f"{slug}-{name}")


class RunThumbnail(SphinxDirective):
    """A figure as a small picture that stands beside words of its own; none where the run has not come that far."""

    required_arguments = 3

    def run(self):
        slug, step, name = self.arguments
        run = run_of(self.env, slug)
        record = run.read(f"{step}/{name}.json")
        if self.config.helhed_is_extracting or not record:
            return []
        place = mark(nodes.container(classes=["helhed-thumbnail"]), run.slug)
        place += _image(run.slug, step, name, record)
        return [place]


class RunResults(SphinxDirective):
    """Every figure and table of a run, step by step."""

    required_arguments = 1

    def run(self):
        run = run_of(self.env, self.arguments[0])
        if self.config.helhed_is_extracting or not run.is_here:
            return []
        return [self._step(run, step) for step in run.steps() if self._names(run, step)]

    def _names(self, run: RunData, step: str) -> list[str]:
        return sorted(f.stem for f in (run.folder / step).glob("*.json") if f.stem != "key_numbers")

    def _step(self, run: RunData, step: str) -> nodes.Element:
        section = nodes.section(ids=[nodes.make_id(f"{run.slug}-{step}")])
        section += nodes.title("", text(f"book.step_{step[0]}", self.config.language))
        for name in self._names(run, step):
            section += shown(run.slug, step, name, run.read(f"{step}/{name}.json"))
        return section


class RunMain(SphinxDirective):
    """The main figures and the table of a run, those that it has."""

    required_arguments = 1

    def run(self):
        run = run_of(self.env, self.arguments[0])
        found = [(step, name, run.read(f"{step}/{name}.json")) for step, name in _MAIN]
        return [shown(run.slug, step, name, record) for step, name, record in found if record]


class IfRun(SphinxDirective):
    """Content for editions that hold the run of a sample, with every step; a namesake of it has its own page."""

    required_arguments = 1
    has_content = True

    def run(self):
        run = run_of(self.env, self.arguments[0])
        is_whole = run.is_here and not edition_of(self.env)["steps"]
        is_shown = self.config.helhed_is_extracting or (is_whole and run.about["is_synthetic"])
        return self.parse_content_to_nodes(allow_section_headings=True) if is_shown else []


class IfOwn(SphinxDirective):
    """Content about the edition's own municipality, for runs that know every number in it."""

    has_content = True

    def run(self):
        if not self.config.helhed_is_extracting:
            run = run_of(self.env, OWN)
            known = [run.number(*place) for place in _OWN_NUMBERS.findall("\n".join(self.content))]
            if None in known or NOT_KNOWN in known:
                return []
        return self.parse_content_to_nodes(allow_section_headings=True)


def link_to(env, page: str, words: str) -> nodes.Element:
    """Return a link to a page of the edition."""
    place = {"refdomain": "std", "reftype": "doc", "refdoc": env.docname, "refexplicit": True, "refwarn": True}
    link = addnodes.pending_xref("", reftarget=f"/{page}", **place)
    link += nodes.inline("", words, classes=["std", "std-doc"])
    return link


def shown(slug: str, step: str, name: str, record: dict) -> nodes.Element:
    """Return a figure or table of a run."""
    return _figure(slug, step, name, record) if "caption" in record else _table(slug, record)


def _figure(slug: str, step: str, name: str, record: dict) -> nodes.Element:
    figure = mark(nodes.figure(classes=["helhed-figure"]), slug)
    figure += _image(slug, step, name, record)
    figure += nodes.caption("", record["caption"])
    return figure


def _image(slug: str, step: str, name: str, record: dict) -> nodes.image:
    return nodes.image(uri=f"/{RUNS}/{slug}/{step}/{name}.png", alt=record["alt"])


def _table(slug: str, record: dict) -> nodes.Element:
    columns = record["columns"]
    table = mark(nodes.table(classes=["helhed-table", "colwidths-auto"]), slug)
    table += nodes.title("", record["title"])
    group = nodes.tgroup(cols=len(columns))
    table += group
    for _ in columns:
        group += nodes.colspec(colwidth=1)
    head, body = nodes.thead(), nodes.tbody()
    head += _row([column["label"] for column in columns], columns)
    for cells in record["rows"]:
        body += _row(cells, columns)
    group += [head, body]
    return table


def _row(cells: list[str], columns: list[dict]) -> nodes.row:
    row = nodes.row()
    for cell, column in zip(cells, columns, strict=True):
        entry = nodes.entry(classes=[] if column["format"] == "text" else ["number"])
        entry += nodes.paragraph("", cell)
        row += entry
    return row


def setup(app):
    app.add_config_value("helhed_is_extracting", False, "env", types=(bool,))
    app.add_role("value", Value())
    app.add_directive("run-figure", RunFigure)
    app.add_directive("run-table", RunTable)
    app.add_directive("run-thumbnail", RunThumbnail)
    app.add_directive("run-results", RunResults)
    app.add_directive("run-main", RunMain)
    app.add_directive("if-run", IfRun)
    app.add_directive("if-own", IfOwn)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
