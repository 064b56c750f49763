"""Brings the parts together: hours per month, waiting by number of posts, and the `capacity` hand-over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helhed.errors import DataNeedsWork, Problem, WrongCall
from helhed.profile import Profile
from helhed.staffing import capacity, caseload
from helhed.staffing.course import WEEKS_PER_MONTH, family_weights, planned_course
from helhed.staffing.posts import hours_of_post, hours_per_place, places
from helhed.staffing.simulation import (
    UNITS_PER_HOUR,
    Demand,
    Draw,
    Situation,
    draw_replications,
    load_at,
    waiting_by_capacity,
)

#: Months of the past shown beside the plan.
PAST_MONTHS = 12
WEEKS_PER_YEAR = 365.25 / 7


@dataclass(frozen=True)
class Outlook:
    """The caseload today and what chance may bring: the common ground of every calculation in the step.

    ``started`` are families with a start (see `caseload.started_families`), ``draws`` the replications,
    ``mean_weight`` the mean weight of the families present.
    """

    as_of: date
    starts_per_month: float
    mean_weight: float
    started: pd.DataFrame
    n_present: int
    n_waiting: int
    n_past_plan: int
    draws: tuple[Draw, ...]
    profile: Profile


def outlook(
    tables: dict[str, pd.DataFrame], shortlist: pd.DataFrame, starts_per_month: float, profile: Profile
) -> Outlook:
    """Return the caseload on the reference day and the replications of what comes.

    Parameters
    ----------
    tables
        Canonical tables ``family`` and ``enrolment``.
    shortlist
        ``family_id``, ``standing``: those ``shortlisted`` are offered a place now and say yes as often as set.
    starts_per_month
        New families a month that say yes.
    """
    as_of = profile["data.to_date"]
    weights = family_weights(tables["family"], profile)
    started = caseload.started_families(tables["enrolment"], weights)
    here = caseload.present_on(started, as_of)
    elapsed = caseload.months_elapsed(here, as_of)
    waits = _waits(tables["enrolment"], shortlist, as_of, profile)
    situation = Situation(_present(here, elapsed, profile), waits)
    demand = _demand(starts_per_month, here, profile)
    chance = (profile["staffing.horizon_months"], profile["staffing.n_replications"], profile["staffing.seed"])
    return Outlook(
        as_of=as_of,
        starts_per_month=starts_per_month,
        mean_weight=float(np.mean(demand.weights)),
        started=started,
        n_present=len(here),
        n_waiting=len(waits),
        n_past_plan=int((elapsed >= sum(months for months, _ in demand.phases)).sum()),
        draws=tuple(draw_replications(demand, situation, *chance)),
        profile=profile,
    )


def _present(here: pd.DataFrame, elapsed: pd.Series, profile: Profile) -> tuple:
    course = planned_course(profile)
    return tuple(
        tuple((months, hours * weight) for months, hours in caseload.remaining_course(course, passed))
        for passed, weight in zip(elapsed, here["weight"], strict=True)
    )


def _waits(enrolment: pd.DataFrame, shortlist: pd.DataFrame, as_of: date, profile: Profile) -> tuple[float, ...]:
    waiting = caseload.waiting_families(enrolment, as_of)
    months = ((pd.Timestamp(as_of) - waiting["since_date"]).dt.days / caseload.DAYS_PER_MONTH).tolist()
    offered = shortlist.loc[shortlist["standing"] == "shortlisted", "family_id"]
    n_new = int((~offered.isin(waiting["family_id"])).sum())
    # Families on the shortlist join behind those already waiting, just before the first new family.
    return tuple([*months, *[1e-6] * round(n_new * profile["staffing.acceptance_share"])])


def _demand(starts_per_month: float, here: pd.DataFrame, profile: Profile) -> Demand:
    phases = tuple((phase.months, phase.hours_per_week) for phase in planned_course(profile) if phase.months > 0)
    weights = tuple(here["weight"]) or (1.0,)
    variation, dropping = profile["staffing.course_variation"], profile["staffing.share_dropping_out"]
    return Demand(starts_per_month, phases, weights, variation, dropping)


def monthly_plan(coordinator: pd.DataFrame, look: Outlook, posts: float = 0.0) -> pd.DataFrame:
    """Return the hand-over ``capacity``: one row per month, 12 months back and the planning horizon ahead.

    Parameters
    ----------
    coordinator
        Canonical table ``coordinator``.
    posts
        Full-time posts from now on; 0 for the coordinators in the table.

    Returns
    -------
    ``month``, ``is_future``, ``hours_available``, ``hours_needed`` (known families in the past; ahead the mean over
    replications if every family starts the day it is ready), ``hours_needed_low/high`` (5th and 95th percentile),
    ``n_families`` (present in the past; missing ahead), ``posts``, ``places`` (families the month's posts carry in
    the long run, at the year's mean of hours).
    """
    past, future = plan_months(look.as_of, look.profile["staffing.horizon_months"])
    taken = caseload.hours_taken(look.started, planned_course(look.profile), past, look.as_of)
    taken = taken.assign(hours_needed_low=taken["hours_needed"], hours_needed_high=taken["hours_needed"])
    needed = pd.concat([taken, _expected_hours(look, future)], ignore_index=True)
    available = _available(coordinator, past, future, look.profile, posts)
    plan = available.merge(needed, on="month")
    plan["is_future"] = plan["month"] > pd.Timestamp(look.as_of)
    plan["places"] = [
        places(row.even_hours_per_week, row.posts, look.profile, look.mean_weight) for row in plan.itertuples()
    ]
    plan["n_families"] = plan["n_families"].astype("Int64")
    columns = ["month", "is_future", "hours_available", "hours_needed", "hours_needed_low", "hours_needed_high"]
    return plan[[*columns, "n_families", "posts", "places"]]


def plan_months(as_of: date, horizon_months: int) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
    """Return the first days of the past months shown (the reference day's month is the last) and of those ahead."""
    this = pd.Timestamp(as_of).to_period("M").to_timestamp()
    past = pd.date_range(end=this, periods=PAST_MONTHS, freq="MS")
    return list(past), list(pd.date_range(this, periods=horizon_months + 1, freq="MS")[1:])


def _expected_hours(look: Outlook, months: Sequence[pd.Timestamp]) -> pd.DataFrame:
    middles = np.arange(len(months)) + 0.5
    loads = np.array(
        [
            load_at(middles, [max(0.0, a) for a in draw.arrivals], draw.courses) + _present_at(middles, draw)
            for draw in look.draws
        ]
    )
    low, high = np.quantile(loads, [0.05, 0.95], axis=0) * WEEKS_PER_MONTH
    needed = {"hours_needed": loads.mean(axis=0) * WEEKS_PER_MONTH, "hours_needed_low": low, "hours_needed_high": high}
    return pd.DataFrame({"month": months, **needed, "n_families": pd.NA})


def _present_at(times: np.ndarray, draw: Draw) -> np.ndarray:
    return load_at(times, [0.0] * len(draw.present), draw.present)


def _available(coordinator: pd.DataFrame, past: list, future: list, profile: Profile, posts: float) -> pd.DataFrame:
    staff = capacity.hours_available(coordinator, [*past, *future], profile)
    ahead = staff["month"].isin(future)
    # With nobody in post yet the columns come out as whole zeros.
    staff = staff.astype({"hours_available": "float64", "posts": "float64"})
    staff["even_hours_per_week"] = [float(staff_hours_per_week(coordinator, m, profile)) for m in staff["month"]]
    if posts <= 0:
        staff.loc[ahead, "hours_available"] *= 1 - capacity.profile_turnover_loss(profile)
        return staff
    per_week = posts * hours_of_post(profile)
    staff.loc[ahead, "hours_available"] = [per_week * WEEKS_PER_YEAR * _share_of_year(m, profile) for m in future]
    staff.loc[ahead, "posts"], staff.loc[ahead, "even_hours_per_week"] = posts, per_week
    return staff


def _share_of_year(month: pd.Timestamp, profile: Profile) -> float:
    """Return the share of the calendar year's days at work that lies in the month."""
    year = capacity.working_year(profile)
    days = [capacity.days_at_work(date(month.year, number, 1), year) for number in range(1, 13)]
    return days[month.month - 1] / sum(days)


def staff_hours_per_week(coordinator: pd.DataFrame, day: date, profile: Profile) -> float:
    """Return the hours for families per week, the year's mean, of those in post on a day, turnover subtracted."""
    here = coordinator[capacity.in_post_on(coordinator, day)]
    hours = here["weekly_hours"].dropna().sort_values()
    return float(sum(capacity.effective_hours_per_week(profile, float(weekly)) for weekly in hours))


def waiting_by_posts(look: Outlook, posts: Sequence[float], hours_per_post: float) -> pd.DataFrame:
    """Return waiting and flow by number of posts: ``posts``, ``places`` and the columns of `waiting_by_capacity`.

    Parameters
    ----------
    posts
        Full-time posts to try. Those that cannot carry even one family are left out.
    hours_per_post
        Hours for families per week of one full-time post. No more of them are used than the limit of families per
        post allows.
    """
    usable = [(post, usable_hours(post * hours_per_post, post, look)) for post in posts]
    heaviest = _heaviest(look.draws)
    usable = [(post, hours) for post, hours in usable if hours * UNITS_PER_HOUR >= heaviest]
    limit = look.profile["staffing.target_wait_weeks"] / WEEKS_PER_MONTH
    horizon = look.profile["staffing.horizon_months"]
    table = waiting_by_capacity(look.draws, [hours for _, hours in usable], horizon, limit)
    carried = [places(hours, post, look.profile, look.mean_weight) for post, hours in usable]
    return table.assign(posts=[post for post, _ in usable], places=carried)


def usable_hours(hours_per_week: float, posts: float, look: Outlook) -> float:
    """Return the hours per week that can be used without going over the limit of families per post."""
    limit = posts * look.profile["staffing.families_per_post_limit"]
    return min(hours_per_week, limit * hours_per_place(look.profile, look.mean_weight))


def _heaviest(draws: Sequence[Draw]) -> int:
    return max((need for draw in draws for need, _ in draw.holds), default=1)


def posts_grid(now: float, needed: float) -> list[float]:
    """Return the numbers of posts to try: whole posts from below the lower to above the higher, and ``now`` itself."""
    low, high = sorted([now, needed])
    first, last = max(1, int(low) - 1), int(np.ceil(high)) + 3
    step = max(1, (last - first) // 10)
    return sorted({float(posts) for posts in range(first, last + 1, step)} | {now})


def at_posts(table: pd.DataFrame, posts: float) -> pd.Series:
    """Return the row of `waiting_by_posts` at a number of posts; `WrongCall` if they cannot carry one family."""
    row = table[table["posts"] == posts]
    if row.empty:
        raise WrongCall(Problem("staffing.too_few_hours"))
    return row.iloc[0]


def posts_for_wait(table: pd.DataFrame, target_weeks: float) -> float:
    """Return the fewest posts of the table with a mean wait within the target; missing if none has."""
    enough = table[table["wait_months"] * WEEKS_PER_MONTH <= target_weeks]
    return float(enough["posts"].min()) if len(enough) else float("nan")


def posts_to_plan_with(coordinator: pd.DataFrame, profile: Profile, posts: float, lang: str) -> float:
    """Return the full-time posts to plan with from now on; 0 stands for the coordinators in the table.

    A chosen number of posts comes first. A municipality that has not hired anybody yet plans with
    ``staffing.planned_posts``.

    Raises
    ------
    DataNeedsWork
        If nobody is in post on the reference day and no number of posts is planned.
    """
    as_of = profile["data.to_date"]
    if posts > 0 or capacity.posts_on(coordinator, as_of) > 0:
        return max(0.0, posts)
    planned = profile["staffing.planned_posts"]
    if planned <= 0:
        place = {"file": "decisions.xlsx", "sheet": "Koordinatorer"}
        raise DataNeedsWork(Problem("staffing.no_coordinator", **place, value=str(as_of)), lang)
    return planned
