"""Web pages in one file each, pictures inside, for any browser and for printing on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, then a picture, a list, a table and a note, as far as they are given.

    ``picture`` is a PNG in base64 with its ``alt`` text; ``numbers`` are the positions of the columns with numbers.
    """

    heading: str
    lines: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    picture: str = ""
    alt: str = ""
    note: str = ""


@dataclass(frozen=True)
class Page:
    """A whole page: title, a warning in red, the lines under it, the sections, and its size in print."""

    title: str
    lead: Sequence[str]
    sections: Sequence[Section]
    warning: str = ""
    points: float = 10
    picture_mm: int = 150


def web_page(page: Page, lang: str) -> bytes:
    """Return the page as an HTML file; every value is taken as text."""
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(resources.files(__package__).joinpath("page.html").read_text("utf-8"))
    return template.render(lang=lang, **vars(page)).encode()
