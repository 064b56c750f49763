"""The calendar of the data: 36 months, 156 ISO weeks, school days in a month."""

import numpy as np
import pandas as pd

FIRST_DAY = pd.Timestamp("2023-01-01")
LAST_DAY = pd.Timestamp("2025-12-31")
MONTHS = pd.date_range(FIRST_DAY, periods=36, freq="MS")
#: Mondays of the 156 ISO weeks 2023-W01 to 2025-W52, which lie within the data.
WEEKS = pd.date_range("2023-01-02", periods=156, freq="7D")
WEEK_CODES = np.array([f"{week.isocalendar().year}{week.isocalendar().week:02d}" for week in WEEKS], dtype=object)
WEEK_YEARS = np.array([week.isocalendar().year for week in WEEKS])
#: Month number (0-35) in which the Thursday of each week lies.
WEEK_MONTHS = np.array([(day.year - 2023) * 12 + day.month - 1 for day in WEEKS + pd.Timedelta(days=3)])
#: School days by calendar month: 200 a year, none in July (5.2 % of 200 days are the published 10.4 days).
SCHOOL_DAYS = np.array([21, 15, 21, 16, 18, 19, 0, 17, 21, 17, 20, 15])
#: Winter brings more sick days; the mean over the year, weighted by school days, is close to 1.
SEASON = np.array([1.2, 1.25, 1.15, 0.95, 0.85, 0.9, 0, 0.7, 0.85, 0.95, 1.1, 1.2])


def month_number(date: pd.Timestamp) -> int:
    """Return the month number of a date, 0 for January 2023 (may lie outside the data)."""
    return (date.year - 2023) * 12 + date.month - 1


def month_day(month: int, day: int = 1) -> pd.Timestamp:
    """Return a date from a month number and a day of the month (1-28)."""
    return pd.Timestamp(2023 + month // 12, month % 12 + 1, day)


def week_number(date: pd.Timestamp) -> int:
    """Return the number of the week a date lies in, 0 for 2023-W01 (may lie outside the data)."""
    return int((date - WEEKS[0]).days // 7)
