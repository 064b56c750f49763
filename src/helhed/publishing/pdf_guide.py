"""The whole guide as one PDF in each language: front page, contents with page numbers, every chapter, tagged.

    python -m helhed.publishing.pdf_guide _build/source _build/pdf

Sphinx joins the staged pages into one, a style of our own dresses it, and Chromium prints it twice: once to learn on
which page each chapter begins, once with those pages in the contents. The same pages give the same file.
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from lxml import html
from lxml.builder import E
from pypdf import PdfReader
from ruamel.yaml import YAML

from helhed.errors import HelhedError, Problem, StepFailed, WrongCall
from helhed.publishing.book import problem_of, start_jupyter_book
from helhed.publishing.book_source import Source
from helhed.publishing.run_folder import replace_file
from helhed.texts import LANGUAGES, text

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
#: The moment at which a PDF was printed; as many letters stand for no moment.
_CLOCK = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")
_NO_CLOCK = rb"/\1 (D:20000101000000"
#: A busy machine prints four hundred pages in five minutes.
_SECONDS = 1800


@dataclass(frozen=True)
class Entry:
    """A line of the contents: a part, or a chapter with the anchor it begins at."""

    title: str
    anchor: str = ""


def write_pdfs(sources: Path, target: Path, langs: tuple[str, ...] = LANGUAGES) -> list[Path]:
    """Write the guide of each language as ``helhed-<language>.pdf`` and return the files.

    Parameters
    ----------
    sources
        The folder with each language's staged source, as `helhed.publishing.book.build_book` leaves it.
    target
        Where the files go.

    Raises
    ------
    WrongCall
        If the guide has not been built, or there is no Chromium on the machine.
    StepFailed
        If the pages cannot be joined or printed.
    """
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise WrongCall(Problem("pdf.no_browser"), langs[0])
    return [_write_pdf(Source(sources / lang, lang), target, browser) for lang in langs]


def _write_pdf(source: Source, target: Path, browser: str) -> Path:
    if not source.config.is_file():
        raise WrongCall(Problem("pdf.no_guide", file=str(source.folder)), source.lang)
    joined = _joined(source)
    document = html.parse(str(joined), html.HTMLParser(encoding="utf-8"))
    pages, title = joined.parent, YAML().load(source.config.read_text(encoding="utf-8"))["title"]
    printed = pdf_of(print_page(document, source.lang, title), pages, browser, source.lang)
    printed = pdf_of(print_page(document, source.lang, title, first_pages(printed)), pages, browser, source.lang)
    file = target / f"helhed-{source.lang}.pdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, printed)
    return file


def _joined(source: Source) -> Path:
    """Return the one page of all pages, made by Sphinx."""
    problem = problem_of(source, start_jupyter_book(source, "--builder", "singlehtml"))
    if problem:
        raise StepFailed([problem], source.lang)
    return source.folder / "_build" / "singlehtml" / "intro.html"


def print_page(document, lang: str, title: str, pages: Mapping[str, int] | None = None) -> bytes:
    """Return the joined page dressed for printing, as HTML: front page, contents, chapters.

    Parameters
    ----------
    document
        The joined page, parsed.
    lang, title
        Language and title of the edition.
    pages
        Anchor to the page it begins on; what is not known yet is left open.
    """
    article = html.fromstring(html.tostring(document.xpath("//article")[0], encoding="unicode"))
    _make_chapters(article)
    _make_printable(article)
    style = resources.files(__package__).joinpath("pdf_print.css").read_text(encoding="utf-8")
    head = E.head(E.meta(charset="utf-8"), E.title(title), E.style(style))
    front = E.section(E.h1(title), E.p(text("pdf.front", lang)), {"class": "title-page"})
    body = E.body(front, _contents(list(contents(document)), pages or {}, lang), article)
    return html.tostring(E.html(head, body, lang=lang), doctype="<!doctype html>", encoding="utf-8")


def _make_chapters(article) -> None:
    """Let every chapter begin on a page of its own, as the first heading of its level."""
    for mark in article.xpath(".//span[starts-with(@id, 'document-')]"):
        if (section := mark.getnext()) is not None:
            section.set("class", f"{section.get('class') or ''} chapter".strip())
            # Inside the chapter the anchor is on the chapter's first page, not on the last of the one before.
            section.insert(0, mark)
    for heading in article.xpath(".//*[contains(@class, 'chapter')]//*[self::h2 or self::h3 or self::h4 or self::h5]"):
        heading.tag = f"h{int(heading.tag[1]) - 1}"


def _make_printable(article) -> None:
    """Show what the screen folds away or loads later, and keep the links that lead somewhere from a file of its own."""
    for folded in article.xpath(".//details"):
        folded.set("open", "open")
    for image in article.xpath(".//img[@loading]"):
        del image.attrib["loading"]
    for link in article.xpath(".//a[@href]"):
        if not link.get("href").startswith(("#", "https://", "http://", "mailto:")):
            del link.attrib["href"]


def contents(document) -> Iterator[Entry]:
    """Yield the lines of the contents in the order of the pages: each part's caption, then its chapters.

    The side bar of the joined page has the captions alone; the parts stand in the article in the same order.
    """
    captions = document.xpath("//div[contains(@class, 'bd-toc-item')][1]/p[contains(@class, 'caption')]")
    wrapped = "div[contains(@class, 'toctree-wrapper')]"
    # Pages below a page are a part of that page's own; the contents list the pages alone.
    parts = document.xpath(f"//article//{wrapped}[not(ancestor::{wrapped})]")
    for caption, part in zip(captions, parts, strict=True):
        yield Entry(_words(caption))
        for mark in part.xpath("./span[starts-with(@id, 'document-')]"):
            if (section := mark.getnext()) is not None:
                yield Entry(_words(section[0]), mark.get("id"))


def _words(node) -> str:
    """Return what a reader sees of a heading: without the sign that links to it."""
    said = node.xpath("string()")
    for link in node.xpath("./a[contains(@class, 'headerlink')]"):
        said = said.removesuffix(link.text_content())
    return " ".join(said.split())


def _contents(entries: list[Entry], pages: Mapping[str, int], lang: str):
    lines = E.ol()
    for entry in entries:
        if not entry.anchor:
            lines.append(E.li(entry.title, {"class": "part"}))
            continue
        page = str(pages.get(entry.anchor, ""))
        dots = E.span({"class": "dots", "aria-hidden": "true"})
        lines.append(E.li(E.a(E.span(entry.title), dots, E.span(page), href=f"#{entry.anchor}")))
    return E.nav(E.h1(text("pdf.contents", lang)), lines, {"class": "contents"})


def pdf_of(page: bytes, folder: Path, browser: str, lang: str) -> bytes:
    """Return a page printed by Chromium; ``folder`` is where its pictures lie.

    Raises
    ------
    StepFailed
        If nothing was printed.
    """
    with tempfile.TemporaryDirectory(dir=folder) as place:
        file, printed = folder / f"{Path(place).name}.html", Path(place, "guide.pdf")
        file.write_bytes(page)
        command = [browser, *_OPTIONS, f"--user-data-dir={place}/profile", f"--print-to-pdf={printed}"]
        try:
            said = subprocess.run(
                [*command, file.resolve().as_uri()], capture_output=True, timeout=_SECONDS, check=False
            ).stderr.decode(errors="replace")
        except subprocess.TimeoutExpired as late:
            said = str(late)
        finally:
            file.unlink()
        if not printed.is_file():
            told = "\n".join(said.strip().splitlines()[-5:])
            raise StepFailed([Problem("pdf.not_printed", details={"said": told})], lang)
        return _CLOCK.sub(_NO_CLOCK, printed.read_bytes())


def first_pages(printed: bytes) -> dict[str, int]:
    """Return on which page (from 1) each anchor that something links to begins."""
    reader = PdfReader(io.BytesIO(printed))
    named = reader.named_destinations.items()
    return {name.removeprefix("/"): reader.get_destination_page_number(place) + 1 for name, place in named}


def main(arguments: list[str]) -> int:
    """Write the files into the second folder from the sources in the first, and name them."""
    try:
        for file in write_pdfs(Path(arguments[0]), Path(arguments[1])):
            print(file)
    except HelhedError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
