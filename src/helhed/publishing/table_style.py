"""Lets the tables of a notebook share one style: each brings the same 8 kB, and a page has up to seventeen tables."""

import re
from collections.abc import Iterable

from nbformat import NotebookNode

_TABLE = re.compile(r'<div (?P<before>[^>]*)id="(?P<id>table-[\w-]+)"')
_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
#: The class of the tables; it weighs as much as the id that the style named before.
_CLASS = "helhed-gt"
_SHARED = f":is(#{_CLASS}, .{_CLASS})"


def share_table_style(outputs: Iterable[NotebookNode]) -> None:
    """Let the tables among a page's outputs name their style by class, and keep each style where it first stands."""
    given: set[str] = set()
    for output in outputs:
        words = "".join(output.get("data", {}).get("text/html", ""))
        if found := _TABLE.search(words):
            output.data["text/html"] = _STYLE.sub(lambda style: _once(style[0], given), _by_class(words, found["id"]))


def _by_class(words: str, table: str) -> str:
    """Return a table whose style names the class instead of the table's id."""
    marked = _TABLE.sub(rf'<div \g<before>class="{_CLASS}" id="\g<id>"', words, count=1)
    return _STYLE.sub(lambda style: re.sub(rf"#{re.escape(table)}\b(?!-)", _SHARED, style[0]), marked)


def _once(style: str, given: set[str]) -> str:
    if style in given:
        return ""
    given.add(style)
    return style
