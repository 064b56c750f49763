"""How many hours for families a post gives: working year, absence, meetings, part time, new staff, turnover."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
import numpy as np
import pandas as pd

from helhed.browser.staffing import FULL_TIME_HOURS, GROSS_DAYS_PER_YEAR, HOURS_PER_DAY
from helhed.profile import Profile
from helhed.staffing.given_numbers import require_day, require_not_negative, require_numbers

#: Public holidays that fall on a weekday in an average year from 2024, without store bededag: five that always do
#: (Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday) and 5/7 of 1 January, 25 and 26 December.
MEAN_PUBLIC_HOLIDAYS = 5 + 3 * 5 / 7
JULY = 7


@dataclass(frozen=True)
class WorkingYear:
    """What is subtracted from a full-time year of 1,924 hours before there are hours for families.

    Days are whole full-time days a year. ``july_days`` of the holiday lie in July, the rest of all days off are
    spread evenly. Meetings are hours per person, the same for a part-timer as for a full-timer. `WrongCall` when a
    number is negative or not a number.
    """

    holiday_days: float = 25.0
    extra_holiday_days: float = 5.0
    fixed_days_off: float = 0.0
    sick_days: float = 0.0
    training_days: float = 0.0
    july_days: float = 15.0
    public_holidays_per_year: float = MEAN_PUBLIC_HOLIDAYS
    lunch_hours_per_day: float = 0.0
    meeting_hours_per_week: float = 0.0
    supervision_hours_per_month: float = 0.0

    def __post_init__(self):
        require_not_negative(**{name: getattr(self, name) for name in self.__dataclass_fields__})

    @property
    def days_off(self) -> float:
        """Return all days away from work in a year, public holidays not counted."""
        holiday = self.holiday_days + self.extra_holiday_days + self.fixed_days_off
        return holiday + self.sick_days + self.training_days


def working_year(profile: Profile) -> WorkingYear:
    """Return the working year of the profile's ``staffing`` settings."""
    return WorkingYear(**{name: float(profile[f"staffing.{name}"]) for name in WorkingYear.__dataclass_fields__})


def net_hours_per_year(days_off: float, public_holidays: float = MEAN_PUBLIC_HOLIDAYS) -> float:
    """Return the hours of a full-time post at work in a year: 1,924 less public holidays and days off.

    Source: Økonomistyrelsen, Økonomisk Administrativ Vejledning, "Effektivt årsværk" (37 h x 52 weeks = 1,924 h; 7.14
    public holidays on weekdays from 2024).

    Examples
    --------
    25 holidays and 5 extra: 1,924 - 7.14 x 7.4 - 25 x 7.4 - 5 x 7.4.

    >>> round(net_hours_per_year(30, 7.14))
    1649
    """
    require_not_negative(days_off=days_off, public_holidays=public_holidays)
    return max(0.0, GROSS_DAYS_PER_YEAR - public_holidays - days_off) * HOURS_PER_DAY


def hours_for_families_per_year(year: WorkingYear, weekly_hours: float = FULL_TIME_HOURS) -> float:
    """Return the hours one person has for families in an average year, after absence, lunch and meetings.

    Part time scales hours at work and lunch; team meetings and supervision take the same from everyone, so ten
    part-timers have fewer hours for families than the same posts as full-timers. Never below 0.
    """
    days = GROSS_DAYS_PER_YEAR - year.public_holidays_per_year - year.days_off
    return _hours_for_families(days, 12, year, weekly_hours)


def _hours_for_families(days: float, months: float, year: WorkingYear, weekly_hours: float) -> float:
    require_not_negative(weekly_hours=weekly_hours)
    if weekly_hours == 0:
        return 0.0
    at_work = days * (HOURS_PER_DAY - year.lunch_hours_per_day) * weekly_hours / FULL_TIME_HOURS
    return max(0.0, at_work - _meetings(days, months, year))


def _meetings(days: float, months: float, year: WorkingYear) -> float:
    return days / 5 * year.meeting_hours_per_week + months * year.supervision_hours_per_month


def hours_per_week_per_post(year: WorkingYear, weekly_hours: float = FULL_TIME_HOURS) -> float:
    """Return the hours for families per calendar week, the year's mean, of one person with these weekly hours."""
    return hours_for_families_per_year(year, weekly_hours) / (365.25 / 7)


def public_holidays_on_weekdays(month: date) -> int:
    """Return how many Danish public holidays fall on Monday to Friday in a month.

    The dates come from the `holidays` library, which knows that store bededag was abolished from 2024.
    """
    require_day(month)
    return sum(day.month == month.month and day.weekday() < 5 for day in _public_holidays(month.year))


@cache
def _public_holidays(year: int) -> tuple[date, ...]:
    return tuple(sorted(holidays.country_holidays("DK", years=year)))


def days_at_work(month: date, year: WorkingYear) -> float:
    """Return the days a full-timer is at work in a month: weekdays less public holidays, holiday and other absence."""
    this = np.datetime64(f"{month:%Y-%m}")
    weekdays = int(np.busday_count(this.astype("datetime64[D]"), (this + 1).astype("datetime64[D]")))
    off = year.july_days if month.month == JULY else (year.holiday_days - year.july_days) / 11
    other = (year.days_off - year.holiday_days) / 12
    return max(0.0, weekdays - public_holidays_on_weekdays(month) - off - other)


def ramp_up_share(months_in_post: float, ramp_up_months: float, start_share: float) -> float:
    """Return the share of a full caseload that a coordinator carries: rising in a straight line from ``start_share``.

    Source: Dansk Socialrådgiverforening, guide to guiding case loads: fewer cases for new staff for about 6 months.

    Examples
    --------
    >>> ramp_up_share(3, 6, 0.5), ramp_up_share(8, 6, 0.5)
    (0.75, 1.0)
    """
    require_numbers(months_in_post=months_in_post, ramp_up_months=ramp_up_months, start_share=start_share)
    if ramp_up_months <= 0 or months_in_post >= ramp_up_months:
        return 1.0
    return start_share + (1 - start_share) * max(0.0, months_in_post) / ramp_up_months


def turnover_loss(leavers_per_year: float, vacant_months: float, ramp_up_months: float, start_share: float) -> float:
    """Return the share of hours lost because people leave: empty posts and successors who are learning.

    ``share leaving x (vacant months + ramp-up months x (1 - start share) / 2) / 12``, at most 1.

    Examples
    --------
    15 % leave, 2 months vacant, 6 months from half: 0.15 x (2 + 1.5) / 12.

    >>> round(turnover_loss(0.15, 2, 6, 0.5), 5)
    0.04375
    """
    require_not_negative(leavers_per_year=leavers_per_year, vacant_months=vacant_months, start_share=start_share)
    require_not_negative(ramp_up_months=ramp_up_months)
    return min(1.0, leavers_per_year * (vacant_months + ramp_up_months * (1 - start_share) / 2) / 12)


def profile_turnover_loss(profile: Profile) -> float:
    """Return `turnover_loss` with the profile's settings."""
    names = ("turnover_per_year", "vacant_months", "ramp_up_months", "ramp_up_start_share")
    return turnover_loss(*(profile[f"staffing.{name}"] for name in names))


def effective_hours_per_week(profile: Profile, weekly_hours: float = FULL_TIME_HOURS) -> float:
    """Return the hours for families per calendar week that one post gives in the long run, turnover included."""
    return hours_per_week_per_post(working_year(profile), weekly_hours) * (1 - profile_turnover_loss(profile))


def posts_on(coordinator: pd.DataFrame, day: date) -> float:
    """Return the full-time posts in the role on a day: weekly hours of those in post / 37."""
    return float(coordinator.loc[in_post_on(coordinator, day), "weekly_hours"].sum()) / FULL_TIME_HOURS


def in_post_on(coordinator: pd.DataFrame, day: date) -> pd.Series:
    """Return which rows of ``coordinator`` are in post on a day; an empty date means no limit on that side."""
    when = pd.Timestamp(day)
    begun = coordinator["from_date"].isna() | (coordinator["from_date"] <= when)
    return begun & (coordinator["to_date"].isna() | (coordinator["to_date"] >= when))


def hours_available(coordinator: pd.DataFrame, months: Sequence[date], profile: Profile) -> pd.DataFrame:
    """Return the hours for families that the named coordinators have: one row per month.

    Parameters
    ----------
    coordinator
        Canonical table ``coordinator``.
    months
        First days of months.

    Returns
    -------
    ``month``, ``hours_available`` (hours in the month, part time, part months and new staff taken into account),
    ``posts`` (full-time posts in the middle of the month). Turnover is not included: these are people with names.
    """
    people = coordinator.sort_values("coordinator_id").to_dict("records")
    rows = [
        {
            "month": pd.Timestamp(month),
            "hours_available": sum(
                hours_for_families_in_month(person, pd.Timestamp(month), profile)["hours_available"]
                for person in people
            ),
            "posts": posts_on(coordinator, pd.Timestamp(month) + pd.Timedelta(days=14)),
        }
        for month in months
    ]
    return pd.DataFrame(rows, columns=["month", "hours_available", "posts"])


def hours_for_families_in_month(person: dict, month: pd.Timestamp, profile: Profile) -> dict[str, float]:
    """Return one coordinator's hours in a month and what they come from.

    Parameters
    ----------
    person
        ``weekly_hours``, ``from_date``, ``to_date`` and, where an absence is known, ``absent_from_date`` and
        ``absent_to_date``; an empty date means no limit on that side.

    Returns
    -------
    ``share_in_post`` (of the month's days, known absence subtracted), ``ramp_up_share`` (of a full caseload),
    ``days_at_work``, ``hours_at_work`` (lunch subtracted), ``hours_meetings`` (team meetings and supervision),
    ``hours_available``.
    """
    year, weekly = working_year(profile), person["weekly_hours"]
    share = 0.0 if pd.isna(weekly) else _share_in_post(person, month)
    in_post = math.inf if pd.isna(person["from_date"]) else (month - person["from_date"]).days / (365.25 / 12)
    ramp = ramp_up_share(in_post, profile["staffing.ramp_up_months"], profile["staffing.ramp_up_start_share"])
    days, part = days_at_work(month, year), 0.0 if pd.isna(weekly) else float(weekly) / FULL_TIME_HOURS
    hours = 0.0 if share == 0 else _hours_for_families(days, 1, year, float(weekly))
    return {
        "share_in_post": share,
        "ramp_up_share": ramp,
        "days_at_work": days * share,
        "hours_at_work": days * (HOURS_PER_DAY - year.lunch_hours_per_day) * part * share,
        "hours_meetings": _meetings(days, 1, year) * share,
        "hours_available": share * ramp * hours,
    }


def _share_in_post(person: dict, month: pd.Timestamp) -> float:
    """Return the share of the month's days on which someone is in post and not known to be absent."""
    last = month + pd.offsets.MonthEnd(0)
    begins, ends = _kept_within(person["from_date"], month), _kept_within(person["to_date"], last)
    first_day, last_day = max(month, begins), min(last, ends)
    away = 0
    if not pd.isna(person.get("absent_from_date")):
        back = _kept_within(person["absent_to_date"], last)
        away = max(0, (min(last_day, back) - max(first_day, person["absent_from_date"])).days + 1)
    return max(0, (last_day - first_day).days + 1 - away) / last.day


def _kept_within(when: pd.Timestamp, limit: pd.Timestamp) -> pd.Timestamp:
    return limit if pd.isna(when) else when
