"""A preset proposed for a file that none reads: which table its rows look like, and what each column may become.

Nothing here is ever used for reading: a person looks the proposal through and moves it to ``presets/``.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from helhed.intake.exports.feeds import Feed, FeedColumn, feeds, staff_headings
from helhed.intake.exports.preset import Heading, Preset, of_table, presets
from helhed.intake.proposals.likeness import Shape, likeness, shape_of_cells, words_of
from helhed.intake.reading.readers import RawSheet
from helhed.intake.reading.spelling import plain
from helhed.tables import codes

#: A match is proposed from this likeness on; a need that only its cells tell is proposed with this.
_LEAST, _BY_CELLS = 0.6, 0.5
#: Kinds of column that the cells alone tell.
_TELLING = ("cpr", "month", "week", "period")
#: A kit preset lends its groups, key and limits when this share of its columns was found.
_LENDING = 0.8
#: A name that no preset has counts a little less than a preset's heading.
_LESS = 0.02


@dataclass(frozen=True)
class Match:
    """What a heading may become: a column, or nothing (``to`` empty) when it is known and not used."""

    heading: str
    to: str
    score: float
    kind: str = ""
    #: How a kit preset reads the column, where one does.
    known: Heading | None = None


@dataclass(frozen=True)
class Guess:
    """The table that a file's rows look most like, and what each of its headings may become."""

    feed: Feed
    matches: dict[str, Match]
    score: float
    base: Preset | None = None
    shapes: dict[str, Shape] = field(default_factory=dict)

    @property
    def share_known(self) -> float:
        """Return the share (0-1) of the headings that something was found for."""
        return len(self.matches) / len(self.shapes) if self.shapes else 0.0

    def nearest(self, heading: str) -> list[str]:
        """Return the columns of the table whose names are nearest to a heading."""
        by_likeness = sorted(
            self.feed.columns.values(), key=lambda column: -max(likeness(heading, name) for name in _names(column))
        )
        return [column.name for column in by_likeness[:2]]


@dataclass(frozen=True)
class _Target:
    """Something a heading can be: a column under one or more names, or a heading that is known and not used."""

    to: str
    kind: str
    names: tuple[str, ...]
    code_list: str = ""
    known: tuple[Heading, ...] = ()


def same_export(headings: Iterable[str], known: dict[str, Preset]) -> Preset | None:
    """Return the preset whose used columns all stand in a file as they are: the file only has another name."""
    written = {plain(heading) for heading in headings}
    for preset in known.values():
        used = {plain(heading.heading) for heading in preset.columns if heading.to}
        if preset.file and used and used <= written:
            return preset
    return None


def guess(sheet: RawSheet) -> Guess:
    """Return which table the rows of a file look most like, and what each heading may become."""
    shapes = {str(heading): shape_of_cells(sheet.frame[heading]) for heading in sheet.frame.columns}
    guesses = [_as_table(feed, shapes) for feed in feeds().values()]
    return max(guesses, key=lambda found: found.score)


def _as_table(feed: Feed, shapes: dict[str, Shape]) -> Guess:
    scored = [
        (_score(heading, shape, target), heading, target)
        for heading, shape in shapes.items()
        for target in _targets(feed.table)
    ]
    matches, taken = {}, set()
    for score, heading, target in sorted(scored, key=lambda item: (-item[0], item[2].to == "")):
        key = target.to or target.names[0]
        if score >= _LEAST and heading not in matches and key not in taken:
            taken.add(key)
            matches[heading] = _match(heading, target, score)
    matches |= _by_cells(feed, shapes, matches)
    base = _base(feed, matches)
    return Guess(feed, matches, _total(feed, shapes, matches, base), base, shapes)


def names_staff(heading: str) -> bool:
    """Return whether a heading names a member of staff: such a column is left out of an export.

    Examples
    --------
    >>> names_staff("Behandler"), names_staff("PrimærAnsvarlig"), names_staff("Behandling")
    (True, True, False)
    """
    return "".join(words_of(heading)) in {"".join(words_of(name)) for name in staff_headings()}


def _score(heading: str, shape: Shape, target: _Target) -> float:
    if target.to not in ("", "coordinator_id") and names_staff(heading):
        return 0.0
    fit = shape.fit(target.kind) if target.to else 1.0
    if fit < _LEAST:
        return 0.0
    if target.kind in ("code", "codes") and shape.different:
        fit = min(fit, 0.75 + 0.25 * _share_coded(shape, target))
    own = len(target.known)
    alike = (likeness(heading, name) - (_LESS if i >= own else 0.0) for i, name in enumerate(target.names))
    return max(alike) * fit


def _share_coded(shape: Shape, target: _Target) -> float:
    """Return the share of a column's different cells that are codes of the target, as any preset writes them."""
    known = known_codes(target.to, target.code_list)
    return sum(plain(cell) in known for cell in shape.different) / len(shape.different)


@cache
def known_codes(column: str, code_list: str) -> dict[str, str]:
    """Return how the codes of a column are written in any preset, in the list's own names, or as they are."""
    written = {}
    for preset in presets().values():
        for heading in preset.columns:
            if heading.to == column and set(heading.map.values()) <= set(codes().get(code_list, {})):
                written |= {plain(label): code for label, code in heading.map.items()}
    labels = {plain(label): code for code, names in codes().get(code_list, {}).items() for label in names.values()}
    return {**written, **labels, **{plain(code): code for code in codes().get(code_list, {})}}


def _match(heading: str, target: _Target, score: float) -> Match:
    best = max(target.known, key=lambda known: likeness(heading, known.heading), default=None)
    return Match(heading, target.to, score, target.kind, best)


def _by_cells(feed: Feed, shapes: dict[str, Shape], matches: dict[str, Match]) -> dict[str, Match]:
    """Return matches for needs that no heading names, where the cells of one column alone can be it."""
    found = {match.to for match in matches.values()}
    more = {}
    for column in feed.columns.values():
        kind = column.kinds[0]
        if column.name in found or kind not in _TELLING or not feed.is_needed(column.name, found):
            continue
        able = [heading for heading, shape in shapes.items() if kind in shape.shapes and heading not in matches]
        if len(able) == 1:
            more[able[0]] = Match(able[0], column.name, _BY_CELLS, kind)
    return more


def _base(feed: Feed, matches: dict[str, Match]) -> Preset | None:
    """Return the kit's export that the file looks most like, if it has most of its used columns."""
    found = {match.to for match in matches.values() if match.to}
    names = {plain(match.known.heading) for match in matches.values() if match.known}
    shares = []
    for preset in of_table(presets(), feed.table).values():
        used = {heading.to for heading in preset.columns if heading.to}
        alike = sum(plain(heading.heading) in names for heading in preset.columns)
        shares.append((len(used & found) / len(used), alike, preset))
    best = max(shares, key=lambda item: (item[1], item[0]), default=None)
    return best[2] if best and best[0] >= _LENDING and best[1] and not best[2].workbook else None


def _total(feed: Feed, shapes: dict[str, Shape], matches: dict[str, Match], base: Preset | None) -> float:
    """Return how well a file fits a table: what was found, less what the table needs and nothing gives."""
    given = {match.to for match in matches.values()} | ({"department"} if feed.table == "measure" else set())
    lacking = len(feed.missing(given)) / max(1, len(feed.needs))
    used = sum(match.score for match in matches.values() if match.to)
    unused = sum(match.score for match in matches.values() if not match.to)
    return (used + unused / 2) / max(1, len(shapes)) - 1.5 * lacking + (0.05 if base else 0.0)


@cache
def _targets(table: str) -> tuple[_Target, ...]:
    """Return everything a heading can be in a table: its columns, and headings that presets know and do not use."""
    feed, of_presets = feeds()[table], list(of_table(presets(), table).values())
    used: dict[str, list[Heading]] = {}
    unused: dict[str, Heading] = {}
    for heading in (heading for preset in of_presets for heading in preset.columns):
        if heading.to:
            used.setdefault(heading.to, []).append(heading)
        else:
            unused.setdefault(heading.heading, heading)
    columns = [
        _Target(name, column.kinds[0], _names(column, used.get(name)), column.codes, tuple(used.get(name, ())))
        for name, column in feed.columns.items()
    ]
    turned = [
        _Target(name, headings[0].kind, tuple(heading.heading for heading in headings), "", tuple(headings))
        for name, headings in used.items()
        if name not in feed.columns
    ]
    skipped = [_Target("", "", (name,), "", (heading,)) for name, heading in unused.items()]
    return (*columns, *turned, *skipped)


def _names(column: FeedColumn, headings: Iterable[Heading] | None = None) -> tuple[str, ...]:
    return (*(heading.heading for heading in headings or ()), *column.names, column.da, column.en, column.name)


@cache
def known_names() -> frozenset[str]:
    """Return every heading of the kit's presets and every name of a column: by them a file's headings are found."""
    of_presets = (heading.heading for preset in presets().values() for heading in preset.columns)
    return frozenset(
        [*of_presets, *(name for feed in feeds().values() for c in feed.columns.values() for name in _names(c))]
    )


def map_of(match: Match, guessed: Guess) -> tuple[dict[str, str], list[str]]:
    """Return the codes of a column's cells as far as they are known, and the cells that must be told by a person."""
    column = guessed.feed.columns.get(match.to)
    cells = guessed.shapes[match.heading].different
    if column is None or match.kind not in ("code", "codes") or not cells:
        return {}, []
    known = known_codes(match.to, column.codes)
    found, open_cells = {}, []
    for cell in cells:
        near = difflib.get_close_matches(plain(cell), known, n=1, cutoff=0.85)
        if near:
            found[cell] = known[near[0]]
        else:
            open_cells.append(cell)
    return found, open_cells
