"""Pieces of text with their place: what every reader of a file about to leave hands to the search."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Where a piece stands, from the outside in: pairs of a kind (``sheet``, ``row``, ``page`` …, a key
#: ``release.place_<kind>`` of the text catalogue) and a value.
Place = tuple[tuple[str, str], ...]
#: So many signs on each side of a break are looked at together: longer than any name.
_SEAM = 80


@dataclass(frozen=True)
class Piece:
    """A text that a person or a program can read in a file.

    Parameters
    ----------
    place
        Where it stands in the file.
    written
        The text.
    role
        ``prose``: somebody may have written it. ``code``: program text, markup, sizes and the like, where long rows
        of digits are common. ``author``: a field that says who made the file. ``row``: neighbouring cells or lines put
        together. ``joined``: the same where only what the municipality's own files hold counts, because neighbours that
        have nothing to do with each other often look like more. ``mark``: a number drawn at random by a program.
    """

    place: Place
    written: str
    role: str = "prose"


class Unreadable(Exception):
    """A file that nobody can vouch for: ``reason`` is the end of a key ``release.found_unreadable_<reason>``."""

    def __init__(self, reason: str, place: Place = ()):
        self.reason = reason
        self.place = place
        super().__init__(reason)


def at(place: Place, kind: str, value: object) -> Place:
    """Return the place one step further in.

    Examples
    --------
    >>> at((("sheet", "Ark1"),), "row", 3)
    (('sheet', 'Ark1'), ('row', '3'))
    """
    return (*place, (kind, str(value)))


def row_pieces(place: Place, cells: Sequence[str]) -> Iterator[Piece]:
    """Return each cell of a row, and the row as a whole: a number may be split over neighbours."""
    filled = [cell for cell in cells if cell]
    for number, cell in enumerate(cells, start=1):
        if cell:
            yield Piece(at(place, "column", number), cell)
    if len(filled) > 1:
        yield Piece(place, " ".join(filled), "row")


def line_pieces(place: Place, lines: Iterable[str], role: str = "prose") -> Iterator[Piece]:
    """Return the lines of a text, each with its number, and lines that belong together as one."""
    lines = list(lines)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield Piece(at(place, "line", number), line, role)
        if number > 1:
            yield from seam(at(place, "line", number - 1), lines[number - 2], line, role)


def seam(place: Place, before: str, after: str, role: str = "prose") -> Iterator[Piece]:
    """Return the end of a text with the start of the following one: a number or a name may be broken between them."""
    if is_one_number(before, after):
        yield Piece(place, f"{before.rstrip()} {after.lstrip()}", "row")
    elif role == "prose" and before.strip() and after.strip():
        yield Piece(place, f"{before.rstrip()[-_SEAM:]} {after.lstrip()[:_SEAM]}", "joined")


def column_pieces(place: Place, rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    """Return each two cells that stand one below the other and may be one number."""
    for number, (above, below) in enumerate(pairwise(rows), start=1):
        for column, (first, last) in enumerate(zip(above, below, strict=False), start=1):
            if is_one_number(first, last):
                yield Piece(at(at(place, "row", number), "column", column), f"{first} {last}", "joined")


def is_one_number(line: str, following: str) -> bool:
    """Return whether digits at the end of a line may go on at the start of the following one."""
    return line.rstrip(" -\u2013")[-1:].isdigit() and following.lstrip(" -\u2013")[:1].isdigit()
