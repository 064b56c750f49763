"""Months counted back from a day, in plain Python: the edges of every window."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache


@cache
def window_edges(day: date, n_months: int) -> tuple[tuple[date, date], ...]:
    """Return first and last day of each of the last ``n_months`` months up to and with a day, oldest first.

    On the last day of a month these are calendar months.

    Examples
    --------
    >>> window_edges(date(2025, 12, 31), 1)
    ((datetime.date(2025, 12, 1), datetime.date(2025, 12, 31)),)
    """
    after = day + timedelta(days=1)
    edges = [_back(after, months) for months in range(n_months, -1, -1)]
    return tuple((first, edge - timedelta(days=1)) for first, edge in zip(edges[:-1], edges[1:], strict=True))


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


@dataclass(frozen=True)
class KnownMonths:
    """Which months a source leaves dark for everybody: what it does not show there is unknown, not absent.

    Parameters
    ----------
    dark
        Months (first days) that a source does not cover whole, by source: a table, or ``measure.<department>``; one
        that is not named covers all.
    open_until
        Day up to which a row without an end is known to run, by source whose export stops early.
    """

    dark: Mapping[str, frozenset[date]] = field(default_factory=dict)
    open_until: Mapping[str, date] = field(default_factory=dict)

    def n_dark(self, table: str, first: date, last: date) -> int:
        """Return how many months that a table leaves dark touch the days from the first to the last."""
        return sum(month <= last and born_from(month, 0) > first for month in self.dark.get(table, ()))

    def lacks(self, source: str, day: date) -> bool:
        """Return whether rows of a source that began by a day may be missing, because a month up to it is dark.

        ``measure`` stands for the measures of every department.

        Examples
        --------
        >>> KnownMonths({"measure.health": frozenset({date(2025, 11, 1)})}).lacks("measure", date(2025, 12, 31))
        True
        """
        months = (month for one, dark in self.dark.items() if f"{one}.".startswith(f"{source}.") for month in dark)
        return any(month <= day for month in months)


def _back(day: date, months: int) -> date:
    first = _first(12 * day.year + day.month - 1 - months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _first(n_months: int) -> date:
    return date(n_months // 12, n_months % 12 + 1, 1)
