"""What looks like a CPR number in running text, and how it is taken out; every room may use it.

What a number means (date of birth, pseudonym) stands in `helhed.intake.pseudonyms`. Here only the look counts, and
rather one removed too many than one left: this is the last net before a message, a name or a free text is written.
Digits of other scripts and widths, and signs that do not show, are read as what they look like (see `folded`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

REMOVED = "[fjernet]"

#: Signs that may be digits, dashes or spaces in another form, or do not show at all: a text with one of these is
#: folded before it is searched. Letters of Danish, and the usual dashes, quotes and spaces, are none of them.
#: The characters themselves, not escapes: Python and Arrow write escapes differently.
STRANGE = (
    "[\u00ad\u00b2\u00b3\u00b9\u00bc-\u00be\u0250-\u1fff\u200b-\u200f\u2028-\u202e\u205f-\u20ab"
    "\u20ad-\u2211\u2213-\U0010ffff]"
)
_IS_STRANGE = re.compile(STRANGE)
#: Categories of Unicode: marks upon a letter or digit and signs that steer how text is shown.
_UNSEEN = ("Mn", "Me", "Cf")

#: Day 01-31 or, for replacement numbers, 61-91; month 01-12 or, for sample data, 21-32; year; four digits more.
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])"
#: One sign between the parts of the date: hyphens and dashes of all lengths, point, slash, underscore, any space.
_SIGN = r"[-\u2010-\u2015\u2212./_\s]"
#: What people put before the last four digits: the same signs and a few more, up to five of them.
_GAP = r"[-\u2010-\u2015\u2212./_\s:+*'`\u00b4\u2018\u2019(,]"
#: The year of birth with two digits, or with four as people write it.
_YEAR = r"(?:18|19|20)?\d\d"
#: Ten digits run together count wherever they stand, also inside a longer number: a number glued to another is still
#: a number.
_RUN_TOGETHER = rf"{_DAY}{_MONTH}\d{{6}}"
#: With signs between, the digits must stand alone, or two dates in a row and the names of runs would be taken for one.
_SPACED = rf"(?<!\d){_DAY}{_MONTH}{_YEAR}{_GAP}{{1,5}}\d{{4}}(?!\d)"
_WRITTEN_OUT = rf"(?<!\d)(?<!\d[-./]){_DAY}{_SIGN}{_MONTH}{_SIGN}\d\d{_SIGN}{{0,3}}\d{{4}}(?!\d)"
#: A date with its whole year and four digits more, parted by a dash as in a CPR number: two dates in a row are not.
_WITH_WHOLE_YEAR = (
    rf"(?<!\d)(?<!\d[-./]){_DAY}{_SIGN}{_MONTH}{_SIGN}(?:18|19|20)\d\d[-\u2010-\u2015\u2212]\d{{4}}(?!\d)"
)
#: The last four digits by themselves or in pairs; two digits more would be a telephone number after a date.
_LAST_APART = rf"(?<!\d){_DAY}{_MONTH}\d\d{_GAP}{{1,5}}(?:\d \d \d \d|\d\d \d\d)(?! ?\d)"
#: A year that is also a day and a month (1901-1912, 2001-2012), before an amount: "i 2012 150000", "2012 150000 kr."
_YEAR_LIKE = r"(?:19|20)(?:0[1-9]|1[0-2])\s"
_YEAR_AND_AMOUNT = (
    rf"(?:(?:(?<=\b[iI] )|(?<=\b[åÅ]r )|(?<=\b[iI]n )){_YEAR_LIKE}|{_YEAR_LIKE}\d{{6}}(?:,-|\s?(?:kr|KR|Kr|dkk|DKK)\b))"
)
#: Four digits and six; the years in which a day and a month of sample data look like a year are none.
_FOUR_AND_SIX = (
    rf"(?<!\d)(?<!\d[-./ ])(?!(?:19|20)(?:2[1-9]|3[0-2]))(?!{_YEAR_AND_AMOUNT}){_DAY}{_MONTH}"
    r"[-\u2010-\u2015\u2212\s]{1,2}\d{6}(?![ -]?\d)"
)
#: Run together with the whole year.
_WHOLE_YEAR_TOGETHER = rf"{_DAY}{_MONTH}(?:18|19|20)\d{{6}}"
#: As a spreadsheet shows a long number; with fewer decimals not even the date can be told.
_SCIENTIFIC = r"(?<![\d.,])[1-9][.,]\d{7,9}[Ee]\+?0?[89](?!\d)"
#: Every digit by itself.
_DIGIT_BY_DIGIT = r"(?<!\d )[0-36-9] \d [0-3] \d(?: \d){6}(?! ?\d)"
_IN_TEXT = re.compile(
    rf"{_SPACED}|{_WRITTEN_OUT}|{_WITH_WHOLE_YEAR}|{_LAST_APART}|{_FOUR_AND_SIX}|{_SCIENTIFIC}|{_DIGIT_BY_DIGIT}"
    rf"|{_WHOLE_YEAR_TOGETHER}|{_RUN_TOGETHER}"
)
#: What is only taken for a number where a cell holds nothing else: without the first zero, which a spreadsheet drops,
#: with the day or the month in one digit, or the last four digits in pairs.
_WHOLE_CELL = re.compile(
    rf"\s*(?:cpr[\s:.]*)?(?:[1-9]{_MONTH}\d{{6}}(?:[.,]0+)?"
    rf"|(?:{_DAY}{_SIGN}(?:{_MONTH}|[1-9])|[1-9]{_SIGN}{_MONTH}){_SIGN}\d\d{_SIGN}{{1,3}}(?:\d{{4}}|\d\d{_SIGN}\d\d))\s*",
    re.I,
)
_FEWEST_SIGNS = 9


def without_cpr(written: str) -> str:
    """Return a text with everything that looks like a CPR number replaced by "[fjernet]".

    Examples
    --------
    >>> without_cpr("ring til 142388-0001 i dag"), without_cpr("sag14238800019"), without_cpr("14.23.88 – 0001")
    ('ring til [fjernet] i dag', 'sag[fjernet]9', '[fjernet]')
    """
    seen, places = folded(written)
    if len(seen) < _FEWEST_SIGNS:
        return written
    kept, end = [], 0
    for first, after in cpr_places(seen):
        kept += [written[end : places[first]], REMOVED]
        end = places[after - 1] + 1
    return "".join([*kept, written[end:]])


def shows_cpr(written: str) -> bool:
    """Return whether a text holds something that looks like a CPR number.

    Examples
    --------
    >>> shows_cpr("142388 0001"), shows_cpr("14-03-2024 12:30"), shows_cpr("12345678")
    (True, False, False)
    """
    return bool(cpr_places(folded(written)[0]))


def cpr_places(seen: str) -> list[tuple[int, int]]:
    """Return where each of what looks like a CPR number begins and ends in a text as a reader sees it (`folded`).

    Examples
    --------
    >>> cpr_places("ring til 142388-0001 i dag"), cpr_places("nej")
    ([(9, 20)], [])
    """
    if _WHOLE_CELL.fullmatch(seen):
        return [(0, len(seen))]
    return [found.span() for found in _IN_TEXT.finditer(seen)]


def folded(written: str) -> tuple[str, Sequence[int]]:
    """Return a text as a reader sees it, and for each of its signs the position that it has in the text as written.

    Digits of all scripts and widths become 0-9 and all dashes and spaces of other widths the usual ones (Unicode's
    NFKC and its digit values); marks upon a sign and signs that do not show are left out.

    Examples
    --------
    >>> folded("æ ３⑫"), folded("æ 31")
    (('æ 312', [0, 1, 2, 3, 3]), ('æ 31', range(0, 4)))
    """
    if written.isascii() or not _IS_STRANGE.search(written):
        return written, range(len(written))
    seen = [(sign, at) for at, one in enumerate(written) for sign in _as_seen(one)]
    return "".join(sign for sign, _ in seen), [at for _, at in seen]


def _as_seen(sign: str) -> Iterator[str]:
    digit = unicodedata.digit(sign, None)
    for part in unicodedata.normalize("NFKC", sign) if digit is None else str(digit):
        category = unicodedata.category(part)
        if category == "Pd":
            yield "-"
        elif category == "Nd":
            yield str(unicodedata.digit(part))
        elif category not in _UNSEEN:
            yield part
