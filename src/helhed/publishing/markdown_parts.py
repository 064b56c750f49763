"""Parts of the Markdown pages that are written from declarations."""

import re
from collections.abc import Iterable

from helhed.texts import text

#: White space at which a line may be broken: a number and its sign are kept together by the other kind.
_BREAKABLE = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
#: A number that would begin a list, such as a Danish date: 1. marts.
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s)")


def page(name: str, lang: str, parts: Iterable[str]) -> str:
    """Return a whole page: the title and introduction of a name in the text catalogue, then the parts."""
    head = [f"# {text(f'book.{name}_title', lang)}", text(f"book.{name}_intro", lang)]
    return "\n\n".join([*head, *parts]) + "\n"


def table(labels: list[str], rows: list[list[str]]) -> str:
    """Return a table; what would be read as a mark in a cell is taken as it stands."""
    lines = [labels, ["---"] * len(labels), *([safe(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def definitions(entries: Iterable[tuple[str, Iterable[str]]]) -> str:
    r"""Return a list of terms with lines below each: a sentence keeps its width on a screen of any size.

    Examples
    --------
    >>> print(definitions([("1. marts", ["2 timer"])]))
    :::{container} helhed-rules
    1\. marts
    : 2 timer
    <BLANKLINE>
    :::
    """
    told = "\n\n".join(
        "\n".join([_no_list(term), *(f": {_no_list(line)}\n" for line in lines)]) for term, lines in entries
    )
    return f":::{{container}} helhed-rules\n{told}\n:::"


def _no_list(words: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", words)


def safe(cell: str) -> str:
    """Return a text on one line without what Markdown or HTML would read as a mark.

    Examples
    --------
    >>> safe("a  <b>")
    'a &lt;b>'
    """
    return _BREAKABLE.sub(" ", cell).strip().replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def as_it_stands(words: str) -> str:
    r"""Return a user's own words on one line so that none of their signs is read as a mark, a role or HTML.

    Examples
    --------
    >>> as_it_stands("Ny\n`by` <b>")
    'Ny \\`by\\` \\<b\\>'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(words.split()))


def slug(name: str) -> str:
    """Return a name as it may stand in a link's anchor.

    Examples
    --------
    >>> slug("kr. pr. måned"), slug("case_type")
    ('kr-pr-maaned', 'case-type')
    """
    return name.casefold().replace("_", "-").replace(" ", "-").replace(".", "").replace("å", "aa")
