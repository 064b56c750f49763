"""Pieces of text with their place: what every reader of a file about to leave hands to the search."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

#: Where a piece stands, from the outside in: pairs of a kind (``sheet``, ``row``, ``page`` …, a key
#: ``release.place_<kind>`` of the text catalogue) and a value.
Place = tuple[tuple[str, str], ...]


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
        together. ``mark``: a number drawn at random by a program.
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
        if number > 1 and _goes_on(lines[number - 2], line):
            yield Piece(at(place, "line", number - 1), f"{lines[number - 2].rstrip()} {line.lstrip()}", "row")


def _goes_on(line: str, following: str) -> bool:
    """Return whether digits at the end of a line may go on at the start of the following one."""
    return line.rstrip(" -\u2013")[-1:].isdigit() and following.lstrip(" -\u2013")[:1].isdigit()
