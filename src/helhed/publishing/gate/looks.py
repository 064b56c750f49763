"""What a piece of text shows that must not leave: by its look, or because the municipality's own files hold it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from helhed.cpr import cpr_places, folded
from helhed.publishing.cpr_guard import CPR_LIKE
from helhed.publishing.gate.known import Known, words_of
from helhed.publishing.gate.pieces import Piece

#: At most 64 signs before the sign: without a limit a long row of letters would be gone over again from each of them.
_EMAIL = re.compile(r"[\w.+'-]{1,64}(?:@|\s?[\[(](?:at|snabel-a)[\])]\s?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
#: Eight digits in pairs, after the country's number, or after a word that says telephone.
_PAIRS = r"[2-9]\d(?:[ \u00a0.-]?\d\d){3}"
_PHONE = re.compile(
    rf"(?:\+|00)45[ \u00a0.-]?{_PAIRS}(?!\d)"
    rf"|(?:tlf|telefon|mobil|mobilnr|phone|call|ring|sms)\.?:?(?: (?:til|p\u00e5|nr\.?|to|no\.?))? ?{_PAIRS}(?!\d)"
    r"|(?<![\d.,\-/])[2-9]\d[ \u00a0]\d\d[ \u00a0]\d\d[ \u00a0]\d\d(?![\d.,]|[ \u00a0]\d)",
    re.IGNORECASE,
)
_EIGHT = re.compile(r"(?<!\d)\d{2}[ \u00a0.-]?\d{2}[ \u00a0.-]?\d{2}[ \u00a0.-]?\d{2}(?!\d)")
_PATH = re.compile(
    r"(?:^|(?<=[\s\"'(=:,\[>]))(?:file:/{2,3}|/(?:home|Users|root|tmp|var/folders|mnt|media|srv)/)"
    r"[\w./ -]{2,}"
    r"|[A-Za-z]:\\{1,2}(?:Users|Brugere|Documents|Dokumenter)\\[\w\\. -]+|(?<!\\)\\{2,4}[\w.-]+\\{1,2}[\w$.-]+\\",
)
_DIGITS = re.compile(r"\d{10,}")
#: A number whose first zero a spreadsheet or JSON has dropped.
_ZERO_LOST = re.compile(r"(?<!\d)\d{9}(?!\d)")
#: Ten digits with signs between them anywhere, and a date and four digits with a little more between them.
_PARTED = re.compile(r"\d(?:[^\w\n]{0,3}\d){9}")
_IN_TWO = re.compile(r"(?<!\d)(\d{6})\D{1,8}(\d{4})(?!\d)")
_MARK = re.compile(r"(?<![a-z2-7])[a-z2-7]{16}(?![a-z2-7])", re.IGNORECASE)
#: The date in one cell and the four digits in the next; a dash may stand at the end or the start of either.
_OVER_CELLS = re.compile(
    r"(?<![\d.,])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])\d\d"
    r" ?[-\u2010-\u2015]? ?\d{4}(?![\d.,])"
)
#: Nothing shorter is an alarm, but for a name in the field that says who made the file.
_FEWEST_SIGNS = 6
_NINE = re.compile(r"\d(?:\D{0,8}\d){8}")
#: Programs that write themselves as author.
_PROGRAMS = re.compile(
    r"^(?:|helhed.*|python-docx|openpyxl|xlsxwriter|python-pptx|matplotlib.*|libreoffice.*|skia/pdf.*|chromium.*|pypdf.*"
    r"|mozilla/.*|microsoft (?:word|excel|office).*|adobe .*|inkscape.*|sphinx.*|pillow.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Find:
    """One thing that must not leave: its kind, and what was written (kept in memory alone)."""

    kind: str
    written: str


def finds_in(piece: Piece, known: Known) -> Iterator[Find]:
    """Return everything in a piece of text that must not leave.

    Parameters
    ----------
    piece
        The text. In ``code`` only what stands alone and looks exactly like a CPR number counts by its look alone; a
        whole ``row`` is searched for what is split over its cells; in ``joined`` only what is known counts.
    known
        What the municipality's own files hold.
    """
    if len(piece.written) < _FEWEST_SIGNS and piece.role != "author":
        return
    # A letter and its ring may be two signs (file names of a Mac, text out of a PDF).
    seen, _ = folded(unicodedata.normalize("NFC", piece.written))
    yield from _cpr_numbers(seen, piece, known)
    if piece.role == "author" and not _PROGRAMS.match(seen.strip()):
        yield Find("author", seen.strip())
    if piece.role in ("row", "joined"):
        yield from _phrases(seen, known)
        return
    yield from (Find("email", found[0]) for found in _EMAIL.finditer(seen) if _is_address(found[0], piece))
    yield from _phones(seen, piece, known)
    yield from _phrases(seen, known)
    yield from (Find("pseudonym", mark) for mark in _MARK.findall(seen) if mark.lower() in known.pseudonyms)
    yield from _machine(seen, known)


def _cpr_numbers(seen: str, piece: Piece, known: Known) -> Iterator[Find]:
    """Return what is a number of the input, wherever it stands, or else looks like one."""
    if not _NINE.search(seen):
        return
    own = set(_own_numbers(seen, known))
    yield from (Find("known_cpr", number) for number in sorted(own))
    if piece.role in ("mark", "joined"):
        return
    if piece.role in ("code", "row"):
        looks = [found[0] for found in (CPR_LIKE if piece.role == "code" else _OVER_CELLS).finditer(seen)]
    else:
        looks = [seen[start:end] for start, end in cpr_places(seen)]
    for look in looks:
        if re.sub(r"\D", "", look) not in own:
            yield Find("cpr", look)


def _own_numbers(seen: str, known: Known) -> Iterator[str]:
    """Return the numbers of the municipality's own files that a text holds, however they are parted."""
    if known.cpr_numbers:
        yield from (number for number in _ten_digits(seen) if number in known.cpr_numbers)


def _ten_digits(seen: str) -> Iterator[str]:
    for run in _DIGITS.findall(seen):
        yield from (run[i : i + 10] for i in range(len(run) - 9))
    yield from (f"0{run}" for run in _ZERO_LOST.findall(seen))
    yield from (re.sub(r"\D", "", found) for found in _PARTED.findall(seen))
    yield from (date + last for date, last in _IN_TWO.findall(seen))


def _is_address(written: str, piece: Piece) -> bool:
    """Return whether something with an at sign is an e-mail address: packages of a script look alike."""
    ending = written.rpartition(".")[2]
    return piece.role != "code" or (ending.isalpha() and 2 <= len(ending) <= 6 and "/" not in written)


def _phones(seen: str, piece: Piece, known: Known) -> Iterator[Find]:
    if known.phones:
        digits = (re.sub(r"\D", "", found[0]) for found in _EIGHT.finditer(seen))
        yield from (Find("phone", number) for number in digits if number in known.phones)
    if piece.role == "prose":
        yield from (Find("phone", found[0]) for found in _PHONE.finditer(seen))


def _phrases(seen: str, known: Known) -> Iterator[Find]:
    if not known.phrases:
        return
    words, longest = words_of(seen), known.longest()
    starts = {words[0] for words in known.phrases} if len(words) > 50 else None
    for i, word in enumerate(words):
        if starts is not None and word not in starts:
            continue
        for n in range(2, longest + 1):
            phrase = tuple(words[i : i + n])
            if len(phrase) == n and phrase in known.phrases:
                yield Find(known.phrases[phrase], " ".join(phrase))


def _machine(seen: str, known: Known) -> Iterator[Find]:
    for found in _PATH.finditer(seen):
        yield Find("path", found[0].strip())
    for path in known.paths:
        if path in seen:
            yield Find("path", path)
    for user in known.users:
        if re.search(rf"(?<!\w){re.escape(user)}(?!\w)", seen):
            yield Find("user", user)
