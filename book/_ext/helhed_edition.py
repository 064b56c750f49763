"""What the pages say of the edition itself: whose numbers it shows, the municipalities in it, the way to the others.

Sources on a page::

    ```{edition-start}
    ```
    ```{edition-link} furesoe
    ```
    ```{run-overview}
    ```
    ```{run-note}
    ```
    ```{run-cards}
    ```

In a municipality's own edition its name stands in the heading of the front page, of every step and notebook, and of
each chapter with its numbers; the notebook pages of an edition of several say whose run they show. When the pages of
one edition stand for those of another, only those that show something of a run are read again.
"""

import json
from html import escape
from pathlib import Path

from docutils import nodes
from helhed_run import (
    NOT_KNOWN,
    OF_EDITION,
    OWN,
    RunData,
    edition_of,
    link_to,
    mark,
    run_of,
    runs_of,
)
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

from helhed.texts import number, text

#: More municipalities than this are counted, not listed.
MOST_LISTED = 8
#: What the card of a municipality shows of its run.
_CARD_STEP, _CARD_NUMBERS = "1_select_target_group", ("n_families_known", "n_eligible", "n_enrolled", "n_places")
_NOTEBOOKS, _GUIDE = "notebooks/", "guide/"
_CHAPTERS = ("steps/", _NOTEBOOKS, _GUIDE)


class EditionStart(SphinxDirective):
    """Which edition this is, whose numbers it shows, and where all of them stand."""

    def run(self):
        if self.config.helhed_is_extracting:
            return []
        language, run = self.config.language, run_of(self.env, OWN)
        edition = edition_of(self.env)
        said = {"name": run.about["name"], "n": number(edition["n_municipalities"], language)}
        if edition["is_national"]:
            kind, page, link = "start_national", "results/index", "start_overview"
        else:
            kind, page, link = "start_own", f"results/{run.slug}", "start_results"
        start = mark(nodes.container(classes=["helhed-edition"]), run.slug)
        words = nodes.paragraph("", f"{text(f'book.{kind}', language, **said)} ")
        words += [link_to(self.env, page, text(f"book.{link}", language, **said)), nodes.Text(".")]
        start += words
        return [start]


class EditionLink(SphinxDirective):
    """The way from a municipality's main numbers to its own edition."""

    required_arguments = 1

    def run(self):
        run = run_of(self.env, self.arguments[0])
        words = text("book.to_own_edition", self.config.language, name=run.about["name"])
        return [nodes.paragraph("", "", to_edition(run.slug, self.config.language, words))]


class RunOverview(SphinxDirective):
    """The municipalities of the edition side by side, with the ways to their pages and editions."""

    def run(self):
        runs_of(self.env)
        found = RunData(Path(self.env.srcdir), "").read("overview.json")
        columns = [{"label": found["first"], "format": "text"}, *found["columns"]]
        table = nodes.table(classes=["helhed-table", "colwidths-auto"])
        table += nodes.title("", found["title"])
        group = nodes.tgroup(cols=len(columns))
        group += [nodes.colspec(colwidth=1, stub=1 if at == 0 else None) for at in range(len(columns))]
        head, body = nodes.thead(), nodes.tbody()
        head += self._row([nodes.Text(column["label"]) for column in columns], columns)
        with_own = edition_of(self.env)["own_editions"]
        for row in found["rows"]:
            cells = [self._name(row, row["run"] in with_own), *(nodes.Text(cell) for cell in row["cells"])]
            body += mark(self._row(cells, columns), row["run"])
        group += [head, body]
        table += group
        frame = nodes.container(classes=["helhed-wide"])
        frame += table
        return [frame]

    def _name(self, row: dict, has_own: bool) -> nodes.Element:
        name = nodes.inline("", "", link_to(self.env, f"results/{row['run']}", row["name"]))
        if has_own:
            words = text("book.own_edition_link", self.config.language)
            name += [nodes.Text(" ("), to_edition(row["run"], self.config.language, words), nodes.Text(")")]
        return name

    def _row(self, cells: list[nodes.Node], columns: list[dict]) -> nodes.row:
        row = nodes.row()
        for cell, column in zip(cells, columns, strict=True):
            entry = nodes.entry(classes=[] if column["format"] == "text" else ["number"])
            entry += nodes.paragraph("", "", cell)
            row += entry
        return row


def to_edition(name: str, language: str, words: str) -> nodes.reference:
    """Return a link from a page of results to a municipality's own edition."""
    return nodes.reference("", words, refuri=f"../../{name}/{language}/intro.html", internal=True)


class RunNote(SphinxDirective):
    """Whose numbers the edition shows, and whether they are invented."""

    def run(self):
        if self.config.helhed_is_extracting:
            return []
        abouts = [run.about for run in runs_of(self.env)]
        real = [about["name"] for about in abouts if not about["is_synthetic"]]
        language = self.config.language
        words = text("book.note_real", language, names=listed(real, language))
        note = nodes.note()
        note += nodes.paragraph("", words if real else text("book.note_invented", language))
        return [note]


class RunCards(SphinxDirective):
    """A card for each of a few municipalities: its page, and its families drawn from the protected key numbers."""

    def run(self):
        if self.config.helhed_is_extracting:
            return []
        runs = runs_of(self.env)
        if len(runs) > MOST_LISTED:
            return []
        cards = nodes.container(classes=["helhed-cards"])
        cards += [self._card(run) for run in runs]
        return [cards]

    def _card(self, run: RunData) -> nodes.Element:
        card = mark(nodes.container(classes=["helhed-card"]), run.slug)
        link = link_to(self.env, f"results/{run.slug}", run.about["name"])
        card += nodes.paragraph("", "", link, classes=["helhed-card-name"])
        rows = [
            (text(f"book.card_{name}", self.config.language), known)
            for name in _CARD_NUMBERS
            if (known := run.key_number(_CARD_STEP, name)).get("text", NOT_KNOWN) != NOT_KNOWN
        ]
        if rows:
            card += nodes.raw("", _bars(rows), format="html")
        return card


def _bars(rows: list[tuple[str, dict]]) -> str:
    """Return key numbers in words, a bar under each that is known; a hidden number has no bar."""
    most = max(known.get("value") or 0 for _, known in rows) or 1
    drawn = "".join(
        f"<li><span>{escape(label)}: {escape(known['text'])}</span>{_bar((known.get('value') or 0) / most)}</li>"
        for label, known in rows
    )
    return f'<ul class="helhed-bars">{drawn}</ul>'


def _bar(share: float) -> str:
    # The words beside it say the number: a drawing for the eye only.
    bar = f'<rect width="{share:.1%}" height="100%"/>'
    return f'<svg aria-hidden="true" width="100%" height="9">{bar}</svg>'


def listed(names: list[str], language: str) -> str:
    """Return names as a list in words: ``A, B and C``; many are counted."""
    if len(names) > MOST_LISTED:
        return text("book.n_municipalities", language, n=number(len(names), language))
    parts = [", ".join(names[:-1]), names[-1]] if names[1:] else names
    return f" {text('book.and', language)} ".join(parts)


def say_invented(app, doctree):
    """Put a banner below the title of every page that shows something of a run with invented data."""
    slugs = sorted({node["helhed_run"] for node in doctree.findall(nodes.Element) if node.get("helhed_run")})
    abouts = [run_of(app.env, slug).about for slug in slugs]
    names = [about["name"] for about in abouts if about["is_synthetic"]]
    section = next(iter(doctree.findall(nodes.section)), None)
    if not names or section is None:
        return
    language = app.config.language
    words = text("book.synthetic_page", language, name=listed(names, language))
    banner = nodes.container(classes=["helhed-synthetic"])
    banner += nodes.paragraph("", words)
    section.insert(1, banner)


def name_the_edition(app, doctree):
    """Put the municipality's name in the heading of its edition's front page, and above an example's notebooks."""
    page, title = app.env.docname, next(iter(doctree.findall(nodes.title)), None)
    if app.config.helhed_is_extracting or title is None:
        return
    is_national = edition_of(app.env)["is_national"]
    if page == app.config.root_doc and not is_national:
        words = text("book.own_intro_title", app.config.language, name=run_of(app.env, OWN).about["name"])
        title.children = []
        title += nodes.Text(words)
    if page.startswith(_NOTEBOOKS) and is_national:
        words = text("book.notebook_example", app.config.language, name=run_of(app.env, OWN).about["name"])
        title.parent.insert(1, nodes.paragraph("", words, classes=["helhed-example-of"]))


def name_the_chapter(app, doctree):
    """Put the municipality's name in the headings of its own edition: steps, notebooks, chapters with its numbers."""
    page, title = app.env.docname, next(iter(doctree.findall(nodes.title)), None)
    if app.config.helhed_is_extracting or title is None or not page.startswith(_CHAPTERS):
        return
    if page.startswith(_GUIDE) and not any(node.get("helhed_run") for node in doctree.findall(nodes.Element)):
        return
    own = run_of(app.env, OWN)
    if not edition_of(app.env)["is_national"]:
        title += nodes.Text(f" – {own.about['name']}")


def pages_of_edition(app, env, added, changed, removed) -> list[str]:
    """Return the pages to read again when another edition has taken the place of the one before."""
    record = json.dumps(edition_of(env), sort_keys=True)
    before, env.helhed_edition = getattr(env, "helhed_edition", record), record
    return [] if before == record else [name for name in env.all_docs if env.metadata[name].get(OF_EDITION)]


def offer_front(app, pagename, templatename, context, doctree):
    """Tell the templates the way to the site's front page."""
    words = text("book.all_editions", app.config.language)
    context["kit_edition"] = {"front": edition_of(app.env)["front"], "words": words}


def escape_titles(app, pagename, templatename, context, doctree):
    """Let titles be text where the theme takes them for markup: each may hold a name from a municipality's profile.

    That of the page stands in the heading that is printed, that of the guide above the side bar.
    """
    context["pagetitle"] = escape(context.get("pagetitle") or "", quote=False)  # none where all pages become one
    # Marked as escaped: the head of the page would else escape it once more.
    context["docstitle"] = Markup(escape(context["docstitle"] or ""))


def setup(app):
    app.add_directive("edition-start", EditionStart)
    app.add_directive("edition-link", EditionLink)
    app.add_directive("run-overview", RunOverview)
    app.add_directive("run-note", RunNote)
    app.add_directive("run-cards", RunCards)
    # Before the titles are collected.
    app.connect("doctree-read", name_the_edition, priority=300)
    app.connect("doctree-read", say_invented)
    # After the titles are collected: the side bar and the links hold them without the name.
    app.connect("doctree-read", name_the_chapter, priority=700)
    app.connect("env-get-outdated", pages_of_edition)
    app.connect("html-page-context", offer_front)
    # After the theme has set it.
    app.connect("html-page-context", escape_titles, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "version": "1"}
