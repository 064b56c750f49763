"""What looks like a CPR number in running text, and how it is taken out; every room may use it.

What a number means (date of birth, pseudonym) stands in `helhed.intake.pseudonyms`. Here only the look counts, and
rather one removed too many than one left: this is the last net before a message, a name or a free text is written.
"""

import re

REMOVED = "[fjernet]"

#: Day 01-31 or, for replacement numbers, 61-91; month 01-12 or, for sample data, 21-32; year; four digits more.
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])"
#: One sign between the parts of the date: hyphens and dashes of all lengths, point, slash, underscore, any space,
#: also those that do not show.
_SIGN = r"[-\u00ad\u2010-\u2015\u2212./_\s\u200b\u2060]"
#: Ten digits run together count wherever they stand, also inside a longer number: a number glued to another is still
#: a number.
_RUN_TOGETHER = rf"{_DAY}{_MONTH}\d{{6}}"
#: With signs between, the digits must stand alone, or two dates in a row and the names of runs would be taken for one.
_SPACED = rf"(?<!\d){_DAY}{_MONTH}\d\d{_SIGN}{{1,3}}\d{{4}}(?!\d)"
_WRITTEN_OUT = rf"(?<!\d)(?<!\d[-./]){_DAY}{_SIGN}{_MONTH}{_SIGN}\d\d{_SIGN}{{0,3}}\d{{4}}(?!\d)"
_IN_TEXT = re.compile(rf"{_SPACED}|{_WRITTEN_OUT}|{_RUN_TOGETHER}")
#: A spreadsheet drops the first zero of a number; only a cell that holds nothing else is taken for one.
_ZERO_LOST = re.compile(rf"\s*[1-9]{_MONTH}\d{{6}}\s*")
_FEWEST_SIGNS = 9


def without_cpr(written: str) -> str:
    """Return a text with everything that looks like a CPR number replaced by "[fjernet]".

    Examples
    --------
    >>> without_cpr("ring til 142388-0001 i dag"), without_cpr("sag14238800019"), without_cpr("14.23.88 – 0001")
    ('ring til [fjernet] i dag', 'sag[fjernet]9', '[fjernet]')
    """
    if len(written) < _FEWEST_SIGNS:
        return written
    return REMOVED if _ZERO_LOST.fullmatch(written) else _IN_TEXT.sub(REMOVED, written)


def shows_cpr(written: str) -> bool:
    """Return whether a text holds something that looks like a CPR number.

    Examples
    --------
    >>> shows_cpr("142388 0001"), shows_cpr("14-03-2024 12:30"), shows_cpr("12345678")
    (True, False, False)
    """
    return _ZERO_LOST.fullmatch(written) is not None or _IN_TEXT.search(written) is not None
