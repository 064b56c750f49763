"""Dates and times as FHIR writes them."""

from calendar import monthrange
from datetime import date, time


def clock_of(written: str | None) -> time | None:
    """Return a FHIR time; None for what is none."""
    try:
        return time.fromisoformat(written) if written else None
    except ValueError:
        return None


def day_of(written: str | None, is_end: bool = False) -> date | None:
    """Return the day of a FHIR date or moment; without day or month the first of the time span, or its last.

    Examples
    --------
    >>> day_of("2025-02", is_end=True), day_of("2025-06-01T12:00:00+02:00"), day_of("soon")
    (datetime.date(2025, 2, 28), datetime.date(2025, 6, 1), None)
    """
    parts = (written or "")[:10].split("-")
    try:
        year, month, day = (int(part) for part in [*parts, *["0"] * (3 - len(parts))])
        month = month or (12 if is_end else 1)
        return date(year, month, day or (monthrange(year, month)[1] if is_end else 1))
    except ValueError:
        return None
