"""The hours the coordinators have ahead, person by person: who comes and goes, empty posts, successors who learn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.staffing.capacity import (
    FULL_TIME_HOURS,
    hours_for_families_in_month,
    hours_per_week_per_post,
    working_year,
)
from helhed.staffing.given_numbers import require_not_negative, require_positive
from helhed.survival import DAYS_PER_MONTH


@dataclass(frozen=True)
class Person:
    """One coordinator ahead.

    Parameters
    ----------
    hours_per_week
        Hours for families, the year's mean, once fully in post.
    from_months, to_months
        When the person comes and goes, in months from the first day; without limit for those who are there and stay.
    absent_from_months, absent_to_months
        A known absence, such as parental leave.
    """

    hours_per_week: float
    from_months: float = -math.inf
    to_months: float = math.inf
    absent_from_months: float = math.inf
    absent_to_months: float = math.inf


def named_people(coordinator: pd.DataFrame, day: date, profile: Profile) -> tuple[Person, ...]:
    """Return the coordinators of the table that are in post on a day or will be, with the months they come and go."""
    here = coordinator[coordinator["to_date"].isna() | (coordinator["to_date"] >= pd.Timestamp(day))]
    year, first = working_year(profile), pd.Timestamp(day)
    people = here.dropna(subset="weekly_hours").sort_values("coordinator_id").to_dict("records")
    return tuple(
        Person(
            hours_per_week_per_post(year, float(person["weekly_hours"])),
            _months_until(person["from_date"], first, -math.inf),
            _months_until(person["to_date"], first, math.inf, days=1),
            _months_until(person.get("absent_from_date"), first, math.inf),
            _months_until(person.get("absent_to_date"), first, math.inf, days=1),
        )
        for person in people
    )


def _months_until(when: pd.Timestamp | None, first: pd.Timestamp, otherwise: float, days: int = 0) -> float:
    return otherwise if pd.isna(when) else ((when - first).days + days) / DAYS_PER_MONTH


def equal_people(posts: float, hours_per_post: float, weekly_hours: float = FULL_TIME_HOURS) -> tuple[Person, ...]:
    """Return a number of full-time posts as persons with the same weekly hours in the role, the last with the rest.

    Parameters
    ----------
    hours_per_post
        Hours for families per week of one full-time post, nobody leaving.
    """
    require_not_negative(posts=posts, hours_per_post=hours_per_post)
    require_positive(weekly_hours=weekly_hours)
    each = weekly_hours / FULL_TIME_HOURS
    whole = math.floor(posts / each + 1e-9)
    rest = posts - whole * each
    sizes = [each] * whole + ([rest] if rest > 1e-9 else [])
    return tuple(Person(size * hours_per_post) for size in sizes)


def staff_steps(
    people: Sequence[Person], profile: Profile, horizon_months: int, n_replications: int
) -> list[list[tuple[float, float]]]:
    """Return the hours per week ahead in each replication: (month from which, hours), month by month.

    Known dates are kept. Besides, everyone may leave at any time, as often as ``staffing.turnover_per_year`` says;
    the post is then empty for ``staffing.vacant_months`` and the successor begins with part of a caseload. After the
    horizon everyone of the first day is taken to be there, so that the last families in the line have a wait at all.
    The same seed gives the same absences to the same persons, however many persons or replications there are.
    """
    middles = np.arange(horizon_months) + 0.5
    hours = np.zeros((n_replications, horizon_months))
    for place, person in enumerate(people):
        rng = np.random.default_rng([profile["staffing.seed"], place])
        there = _known_share(person, middles, profile) * _share_left(middles, n_replications, rng, profile)
        hours += person.hours_per_week * there
    after = sum(person.hours_per_week for person in people if person.from_months <= horizon_months)
    months = [*range(horizon_months), horizon_months]
    return [list(zip(map(float, months), [*row, after], strict=True)) for row in hours.tolist()]


def _known_share(person: Person, middles: np.ndarray, profile: Profile) -> np.ndarray:
    absent = (middles >= person.absent_from_months) & (middles < person.absent_to_months)
    in_post = (middles >= person.from_months) & (middles < person.to_months) & ~absent
    return in_post * _ramp(middles - person.from_months, profile)


def _share_left(middles: np.ndarray, n: int, rng: np.random.Generator, profile: Profile) -> np.ndarray:
    """Return the share of a post's hours that is there in each replication and month, given that people leave."""
    leaving, vacant = profile["staffing.turnover_per_year"] / 12, profile["staffing.vacant_months"]
    expected = leaving * len(middles)
    # So many that practically nobody is replaced more often within the horizon.
    stays = rng.exponential(1.0, (n, math.ceil(expected + 6 * math.sqrt(expected)) + 6)) / max(leaving, 1e-12)
    share, left = np.ones((n, len(middles))), np.zeros(n)
    for stay in stays.T:
        left = left + stay
        since = middles - left[:, None]
        share *= np.where(since < 0, 1.0, np.where(since < vacant, 0.0, _ramp(since - vacant, profile)))
        left = left + vacant
    return share


def _ramp(months_in_post: np.ndarray, profile: Profile) -> np.ndarray:
    """Return `helhed.staffing.capacity.ramp_up_share` for many at a time."""
    needed, start = profile["staffing.ramp_up_months"], profile["staffing.ramp_up_start_share"]
    if needed <= 0:
        return np.ones_like(months_in_post)
    return start + (1 - start) * np.clip(months_in_post / needed, 0, 1)


def hours_by_coordinator(coordinator: pd.DataFrame, months: Sequence[date], profile: Profile) -> pd.DataFrame:
    """Return the hours for families of each coordinator in each month.

    Parameters
    ----------
    coordinator
        Canonical table ``coordinator``.
    months
        First days of months.

    Returns
    -------
    One row per coordinator and month: ``coordinator_id``, ``month``, ``share_in_post`` (of the month's days),
    ``ramp_up_share`` (of a full caseload), ``days_at_work``, ``hours_at_work`` (gross of meetings, lunch subtracted),
    ``hours_meetings`` (team meetings and supervision), ``hours_available`` (for families).
    """
    people = coordinator.sort_values("coordinator_id").to_dict("records")
    rows = [
        {"coordinator_id": person["coordinator_id"], "month": pd.Timestamp(month)}
        | hours_for_families_in_month(person, pd.Timestamp(month), profile)
        for person in people
        for month in months
    ]
    return pd.DataFrame(rows)
