"""Periods of days as a profile states them: "2025-06-28 – 2025-08-10; 2025-10-11 – 2025-10-19"."""

import re
from datetime import date

_DAY = r"(\d{4}-\d{2}-\d{2})"
_PERIOD = re.compile(rf"{_DAY}(?:\s*(?:–|-|/|til|to)\s*{_DAY})?")


def periods(written: str) -> tuple[tuple[date, date], ...] | None:
    """Return the periods of a text, first and last day, sorted; None if it cannot be read.

    Examples
    --------
    >>> periods("2025-10-13 – 2025-10-17")
    ((datetime.date(2025, 10, 13), datetime.date(2025, 10, 17)),)
    >>> periods(""), periods("uge 42")
    ((), None)
    """
    found = [_PERIOD.fullmatch(part.strip()) for part in re.split("[;,]", written) if part.strip()]
    try:
        days = [(date.fromisoformat(one[1]), date.fromisoformat(one[2] or one[1])) for one in found if one]
    except ValueError:
        return None
    is_read = len(days) == len(found) and all(first <= last for first, last in days)
    return tuple(sorted(days)) if is_read else None
