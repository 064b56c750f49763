"""Other ways in which the same words may be written: entities, per cent codes, escapes, tags, marks of emphasis."""

import html
import re
import urllib.parse
from collections.abc import Iterator

_PER_CENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})")
#: A style writes a sign as its number after a backslash; in a script the same may be a pattern, so only rows of them.
_STYLE_ROW = re.compile(r"(?:\\0{0,4}[0-9a-fA-F]{2,5}\s?){4,}")
_STYLE_SIGN = re.compile(r"\\([0-9a-fA-F]{2,6})\s?")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_EMPHASIS = re.compile(r"\*{1,3}|~~|`+")
#: Something coded may be coded again: an entity inside an address inside a JSON text.
_MOST_ROUNDS = 3


def readings(written: str, is_prose: bool = True) -> Iterator[str]:
    """Return a text as written, and each further way to read it: codes resolved, tags and marks of emphasis taken out.

    Examples
    --------
    >>> list(readings("30%2004")), list(readings("&#51;&#48;"))[1:], list(readings("<b>30</b>04"))[1:]
    (['30%2004', '30 04'], ['30'], ['3004'])
    """
    yield written
    plain = written
    for _ in range(_MOST_ROUNDS):
        before, plain = plain, _resolved(plain)
        if plain == before:
            break
        yield plain
    bare = _TAG.sub("", plain) if "<" in plain else plain
    bare = _EMPHASIS.sub("", bare) if is_prose else bare
    if bare != plain:
        yield bare


def _resolved(written: str) -> str:
    if "&" in written:
        written = html.unescape(written)
    if "%" in written and _PER_CENT.search(written):
        written = urllib.parse.unquote(written)
    if "\\" in written:
        written = _STYLE_ROW.sub(_of_style, _ESCAPE.sub(_sign, written))
    return written


def _sign(found: re.Match) -> str:
    return _of_number(next(digits for digits in found.groups() if digits))


def _of_style(row: re.Match) -> str:
    return _STYLE_SIGN.sub(lambda found: _of_number(found[1]), row[0])


def _of_number(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
