"""Check rules for dates in all exports: dates that stand for nothing, and dates far ahead."""

import pandas as pd

from helhed.intake.exports.feeds import feeds
from helhed.intake.rules.rule import Rule

#: What systems write when a date is not known: the zero of Excel, of old databases and of computers, and "never".
_EMPTY_DATES = ("1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "2099-12-31", "2199-12-31")
_YEARS_AHEAD = 5


def _is_empty_date(column: str):
    known = pd.DatetimeIndex(_EMPTY_DATES)
    return lambda m, f: f[column].isin(known)


def _far_ahead(m, f):
    never = pd.DatetimeIndex(_EMPTY_DATES)
    return (f["end_date"] > m.last_day + pd.DateOffset(years=_YEARS_AHEAD)) & ~f["end_date"].isin(never)


DATE_RULES: tuple[Rule, ...] = (
    *(
        Rule("default_date", "should_fix", (table,), column, _is_empty_date(column), why="default_date")
        for table, feed in feeds().items()
        for column in feed.dates
    ),
    Rule(
        "end_far_ahead",
        "note",
        ("child_case", "measure", "health", "housing"),
        "end_date",
        _far_ahead,
        limits={"limit": _YEARS_AHEAD},
        why="own_choice",
    ),
)
