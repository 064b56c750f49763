"""Months counted back from a day, in plain Python: the edges of every window."""

from calendar import monthrange
from datetime import date, timedelta


def window_edges(day: date, n_months: int) -> list[tuple[date, date]]:
    """Return first and last day of each of the last ``n_months`` months up to and with a day, oldest first.

    On the last day of a month these are calendar months.

    Examples
    --------
    >>> window_edges(date(2025, 12, 31), 1)
    [(datetime.date(2025, 12, 1), datetime.date(2025, 12, 31))]
    """
    after = day + timedelta(days=1)
    edges = [_back(after, months) for months in range(n_months, -1, -1)]
    return [(first, edge - timedelta(days=1)) for first, edge in zip(edges[:-1], edges[1:], strict=True)]


def born_from(day: date, months: int) -> date:
    """Return the first day of birth of those who are younger than an age on a day, when only months count.

    Examples
    --------
    >>> born_from(date(2025, 12, 31), 18 * 12)
    datetime.date(2008, 1, 1)
    """
    return _first(12 * day.year + day.month - months)


def month_after(day: date) -> date:
    """Return the first day of the month in which the day after falls: months before it are wholly past."""
    return (day + timedelta(days=1)).replace(day=1)


def _back(day: date, months: int) -> date:
    first = _first(12 * day.year + day.month - 1 - months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _first(n_months: int) -> date:
    return date(n_months // 12, n_months % 12 + 1, 1)
