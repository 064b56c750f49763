"""Searches everything that would leave and says where something must not; what a person has allowed is told apart."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from helhed.cpr import without_cpr
from helhed.publishing.gate.known import Known
from helhed.publishing.gate.looks import Find, finds_in
from helhed.publishing.gate.pieces import Piece, Place, Unreadable
from helhed.publishing.gate.reading import pieces_of
from helhed.publishing.gate.readings import readings
from helhed.texts import text

_FINGERPRINT = re.compile(r"[0-9a-f]{32,}")
#: Kinds of which a reader may see the first signs, to find the place; of all others nothing is shown.
_SHOWN = {"email": 2, "path": 12, "author": 3, "phone": 2}


@dataclass(frozen=True)
class Alarm:
    """One reason why a file may not leave.

    Parameters
    ----------
    mark
        Ten letters and digits that name this find in this file; the same find gets the same mark every time.
    file
        The file, as a path inside what would leave.
    place
        Where in the file.
    kind
        ``cpr``, ``known_cpr`` (it is in the municipality's files), ``name``, ``address``, ``phone``, ``email``,
        ``pseudonym``, ``path``, ``user``, ``author``, ``unreadable_…`` when nobody can vouch for the file, or
        ``recovered`` and ``recovered_with`` when hidden counts can be worked out (see `helhed.disclosure.released`),
        ``earlier_spoilt`` when an earlier release is not there to compare with.
    hint
        The first signs where that gives nobody away.
    """

    mark: str
    file: str
    place: Place
    kind: str
    hint: str = ""

    def line(self, lang: str) -> str:
        """Return the alarm on one line: mark, file, place, what it is and what to do."""
        place = ", ".join(text(f"release.place_{kind}", lang, value=without_cpr(value)) for kind, value in self.place)
        where = f"{without_cpr(self.file)}, {place}" if place else without_cpr(self.file)
        hint = f" ({self.hint}…)" if self.hint else ""
        return f"[{self.mark}] {where}: {text(f'release.found_{self.kind}', lang)}{hint}"


def alarms_in(files: Mapping[str, bytes], known: Known, secret: bytes) -> list[Alarm]:
    """Return every alarm in the files, one for each find and file, at the place where it stands first.

    Parameters
    ----------
    files
        Path inside what would leave, to content.
    known
        What the municipality's own files hold.
    secret
        Makes the marks, so that nobody can work a number out from a mark.
    """
    return [alarm for name, content in sorted(files.items()) for alarm in _alarms_of(name, content, known, secret)]


def _alarms_of(name: str, content: bytes, known: Known, secret: bytes) -> Iterator[Alarm]:
    met: set[str] = set()
    searched: set[tuple[str, str]] = set()
    try:
        for piece in _pieces(name, content):
            # Sizes, colours and the like stand in a file by the thousand: each is searched once.
            if (piece.role, piece.written) in searched:
                continue
            searched.add((piece.role, piece.written))
            for find in _finds(piece, known):
                mark = mark_of(secret, name, find)
                if mark not in met:
                    met.add(mark)
                    yield Alarm(mark, name, piece.place, find.kind, find.written[: _SHOWN.get(find.kind, 0)])
    except Unreadable as error:
        # An allowance for a file that cannot be read holds for this very file alone.
        find = Find(f"unreadable_{error.reason}", hashlib.sha256(content).hexdigest())
        yield Alarm(mark_of(secret, name, find), name, error.place, find.kind)


def _finds(piece: Piece, known: Known) -> Iterator[Find]:
    for written in readings(piece.written, piece.role == "prose"):
        yield from finds_in(piece if written == piece.written else replace(piece, written=written), known)


def _pieces(name: str, content: bytes) -> Iterator[Piece]:
    # Figures are named after their content: a fingerprint, which may hold any digits.
    shown = _FINGERPRINT.sub("", name)
    yield Piece((("file_name", name),), shown)
    yield Piece((("file_name", name),), re.sub(r"[_+]+", " ", shown))
    yield from pieces_of(name, content)


def mark_of(secret: bytes, file: str, find: Find) -> str:
    """Return the mark of a find in a file: the same one every time, and nothing to work the find out from."""
    kind = "cpr" if find.kind == "known_cpr" else find.kind
    return hmac.new(secret, f"{file}|{kind}|{find.written}".encode(), hashlib.sha256).hexdigest()[:10]
