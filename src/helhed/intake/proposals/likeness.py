"""What a column of an unknown file may be: how its heading is written and what its cells look like."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

import pandas as pd

from helhed.intake.reading.spelling import plain
from helhed.intake.values.cells import FLAGS, dates, month, number, week
from helhed.intake.values.periods import period
from helhed.municipalities import municipality_called

#: So many cells are looked at, and a shape counts when so large a share of them has it.
MOST_CELLS, _SHARE = 200, 0.9
#: Headings less alike than this are not compared letter by letter.
_NOT_ALIKE = 0.55
#: A list of municipalities also holds regions and the whole country.
_LEAST = {"municipality": 0.3}
#: What statistics write where there is no number.
_BLANK = ("-", ".", "..", "*")
_CPR = re.compile(r"[0-9]{6}[- ]?[0-9]{4}")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"})
_WORDS = {"nummer": "nr", "dto": "dato", "antal": "", "pr": "", "paa": ""}
_SHAPES = {
    "cpr": lambda cell: _CPR.fullmatch(cell) is not None,
    "cprs": lambda cell: all(_CPR.fullmatch(part.strip()) for part in cell.split(",")),
    "date": lambda cell: dates(cell) is not None or cell in ("31-12-9999", "9999-12-31"),
    "month": lambda cell: re.fullmatch(r"[0-9]{4}-[0-9]{2}", cell) is not None and month(cell) is not None,
    "week": lambda cell: cell.startswith(("19", "20")) and week(cell) is not None,
    "period": lambda cell: period(cell) is not None,
    "number": lambda cell: number(cell) is not None,
    "flag": lambda cell: plain(cell) in FLAGS,
    "municipality": lambda cell: municipality_called(cell) is not None,
}
#: Kinds that only cells of one shape fit, and those that cells of some shapes speak against.
_TOLD_BY = {kind: kind for kind in _SHAPES}
_AGAINST = {
    "id": {"cpr": 0.3, "cprs": 0.3, "date": 0.3, "flag": 0.5},
    "text": {"cpr": 0.2, "cprs": 0.2, "date": 0.3, "number": 0.6, "flag": 0.5},
    "address": {"cpr": 0.2, "date": 0.3, "flag": 0.4},
    "code": {"cpr": 0.1, "date": 0.1},
    "codes": {"cpr": 0.1, "date": 0.1},
}
_MISFIT, _EMPTY = 0.15, 0.9


@dataclass(frozen=True)
class Shape:
    """What a column's cells look like: the shapes nearly all have, and the different cells when they are few."""

    shapes: frozenset[str]
    different: tuple[str, ...]
    is_empty: bool

    def fit(self, kind: str) -> float:
        """Return how well the cells fit a kind of heading, 0-1."""
        if self.is_empty:
            return _EMPTY
        if kind in _TOLD_BY:
            return 1.0 if kind in self.shapes else _MISFIT
        return min([1.0, *(low for shape, low in _AGAINST.get(kind, {}).items() if shape in self.shapes)])


def shape_of_cells(cells: pd.Series, most_different: int = 30) -> Shape:
    """Return what the first cells of a column look like."""
    filled = [cell for cell in cells.str.strip().head(MOST_CELLS) if cell and cell not in _BLANK]
    if not filled:
        return Shape(frozenset(), (), True)
    shapes = {name for name, has in _SHAPES.items() if sum(map(has, filled)) >= _LEAST.get(name, _SHARE) * len(filled)}
    different = sorted({cell for cell in cells.str.strip().unique() if cell})
    return Shape(frozenset(shapes), tuple(different) if len(different) <= most_different else (), False)


@cache
def words_of(heading: str) -> tuple[str, ...]:
    """Return the words of a heading without signs, case, Danish letters and filler.

    Examples
    --------
    >>> words_of("IndsatsStartDato"), words_of("CPR-nummer"), words_of("Måned")
    (('indsats', 'start', 'dato'), ('cpr', 'nr'), ('maaned',))
    """
    parted = re.sub(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", unicodedata.normalize("NFC", heading))
    found = re.findall(r"[a-z0-9§%]+", parted.casefold().translate(_LETTERS))
    return tuple(word for word in (_WORDS.get(word, word) for word in found) if word)


@cache
def likeness(one: str, other: str) -> float:
    """Return how alike two headings are, 0-1: 1 when they differ in signs and case alone.

    Examples
    --------
    >>> likeness("Start dato", "startdato"), likeness("Borgers CPR-nr.", "CPR nummer"), likeness("Til", "Tilbud") < 0.7
    (1.0, 0.85, True)
    >>> likeness("Lovligt fravær", "Ulovligt fravær")
    0.0
    """
    first, second = words_of(one), words_of(other)
    joined, other_joined = "".join(first), "".join(second)
    if not joined or not other_joined:
        return 0.0
    if joined == other_joined:
        return 1.0
    if _say_the_opposite(first, second):
        return 0.0
    within = set(first) <= set(second) or set(second) <= set(first)
    matcher = SequenceMatcher(None, joined, other_joined, autojunk=False)
    ratio = matcher.ratio() if matcher.quick_ratio() > _NOT_ALIKE else 0.0
    return max(0.85 if within else 0.0, min(ratio, 0.95))


def _say_the_opposite(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Return whether a word of one heading is the other's with a "u" in front, as "ulovligt" is of "lovligt"."""
    one, other = set(first), set(second)
    return bool({f"u{word}" for word in one} & other or {f"u{word}" for word in other} & one)
