"""Brings the parts together: hours per month, waiting by number of posts, and the `capacity` hand-over."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from helhed.errors import DataNeedsWork, Problem, WrongCall
from helhed.profile import Profile
from helhed.staffing import capacity, caseload
from helhed.staffing.capacity_staff import Person, staff_steps
from helhed.staffing.course import WEEKS_PER_MONTH, planned_course
from helhed.staffing.given_numbers import require_not_negative, require_positive, said_in
from helhed.staffing.planning_outlook import (
    Outlook,
    outlook,
    posts_as_people,
    staff_ahead,
    staff_hours_per_week,
    usable_hours,
)
from helhed.staffing.posts import hours_of_post, places
from helhed.staffing.simulation import load_at, ready_times
from helhed.staffing.simulation_draws import UNITS_PER_HOUR, Draw
from helhed.staffing.simulation_summary import starts_of_endless_line, waiting_by_capacity
from helhed.texts import LANGUAGES, number

__all__ = [
    "Outlook",
    "at_posts",
    "fewest_posts",
    "monthly_plan",
    "narrowed",
    "new_places",
    "outlook",
    "plan_months",
    "posts_grid",
    "posts_to_plan_with",
    "staff_ahead",
    "staff_hours_per_week",
    "usable_hours",
    "waiting_by_posts",
]

#: Months of the past shown beside the plan.
PAST_MONTHS = 12
#: More posts than this are not searched for.
MOST_POSTS = 200.0
#: More posts than this are a slip of the pen: the simulation would not come to an end.
MOST_PLANNED = 2000
WEEKS_PER_YEAR = 365.25 / 7


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
    the long run, at the year's mean of hours), ``new_places`` (families that can start in the month if there is
    always one waiting, the mean over replications; missing in the past) and ``new_places_low/high`` (5th and 95th
    percentile).
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
    people = staff_ahead(coordinator, look, posts)
    plan = plan.merge(new_places(look, people, future), on="month", how="left")
    columns = ["month", "is_future", "hours_available", "hours_needed", "hours_needed_low", "hours_needed_high"]
    return plan[[*columns, "n_families", "posts", "places", "new_places", "new_places_low", "new_places_high"]]


def plan_months(as_of: date, horizon_months: int) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
    """Return the first days of the past months shown (the reference day's month is the last) and of those ahead."""
    this = pd.Timestamp(as_of).to_period("M").to_timestamp()
    past = pd.date_range(end=this, periods=PAST_MONTHS, freq="MS")
    return list(past), list(pd.date_range(this, periods=horizon_months + 1, freq="MS")[1:])


def _expected_hours(look: Outlook, months: Sequence[pd.Timestamp]) -> pd.DataFrame:
    middles = np.arange(len(months)) + 0.5
    loads = np.array(
        [load_at(middles, ready_times(draw), draw.courses) + _present_at(middles, draw) for draw in look.draws]
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


def waiting_by_posts(
    look: Outlook, posts: Sequence[float], hours_per_post: float, coordinator: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return waiting and flow by number of posts: ``posts``, ``places`` and the columns of `waiting_by_capacity`.

    Parameters
    ----------
    posts
        Full-time posts to try. Those that cannot carry even one family are left out.
    hours_per_post
        Hours for families per week of one full-time post, turnover subtracted. No more of them are used than the
        limit of families per post allows.
    coordinator
        Canonical table ``coordinator``: the row of as many posts as it has on the reference day is then computed with
        these persons, their part time and the days on which they come and go.

    Notes
    -----
    In every replication coordinators leave by chance, posts stand empty and successors learn (see
    `helhed.staffing.capacity_staff.staff_steps`).
    """
    usable = [(post, usable_hours(post * hours_per_post, post, look)) for post in posts]
    heaviest = _heaviest(look.draws)
    usable = [(post, hours) for post, hours in usable if hours * UNITS_PER_HOUR >= heaviest]
    limit = look.profile["staffing.target_wait_weeks"] / WEEKS_PER_MONTH
    steps = [_steps(look, post, hours, coordinator) for post, hours in usable]
    table = waiting_by_capacity(look.draws, steps, look.profile["staffing.horizon_months"], limit)
    carried = [places(hours, post, look.profile, look.mean_weight) for post, hours in usable]
    return table.assign(posts=[post for post, _ in usable], places=carried)


def _steps(look: Outlook, posts: float, hours: float, coordinator: pd.DataFrame | None) -> list:
    profile = look.profile
    named = coordinator is not None and math.isclose(posts, capacity.posts_on(coordinator, look.as_of))
    people = staff_ahead(coordinator, look, 0.0) if named else posts_as_people(posts, hours, profile)
    return staff_steps(people, profile, profile["staffing.horizon_months"], len(look.draws))


def new_places(look: Outlook, people: Sequence[Person], months: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return how many families can start each month ahead: ``month``, ``new_places``, ``_low``, ``_high``.

    The simulation from the present caseload with a line that is never empty: what the target group can be offered.
    Mean over replications, 5th and 95th percentile.
    """
    n, horizon = len(look.draws), len(months)
    steps = staff_steps(people, look.profile, horizon, n)
    started = starts_of_endless_line(look.demand, look.situation.present, steps, look.profile["staffing.seed"])
    counts = np.array([np.histogram(starts, bins=np.arange(horizon + 1))[0] for starts in started])
    low, high = np.quantile(counts, [0.05, 0.95], axis=0)
    mean = counts.mean(axis=0)
    return pd.DataFrame({"month": months, "new_places": mean, "new_places_low": low, "new_places_high": high})


def narrowed(look: Outlook, posts: float, hours_per_post: float, coordinator: pd.DataFrame | None = None) -> Outlook:
    """Return the outlook with as many replications as it takes to know the mean wait as precisely as asked.

    Replications are added until the 95 % interval of the mean wait at these posts is at most plus or minus
    ``staffing.wait_precision_weeks``, or there are ``staffing.most_replications``. The table of
    `waiting_by_posts` then says which precision was reached.
    """
    asked = look.profile["staffing.wait_precision_weeks"] / WEEKS_PER_MONTH
    most = look.profile["staffing.most_replications"]
    while True:
        row = waiting_by_posts(look, [posts], hours_per_post, coordinator)
        n, half = len(look.draws), _half_width(row)
        if n >= most or not half > asked:
            return look
        # Half the width takes four times the replications; a tenth more, because the spread is an estimate itself.
        look = look.replicated(min(most, max(n + 20, math.ceil(1.1 * n * (half / asked) ** 2))))


def _half_width(table: pd.DataFrame) -> float:
    return float((table["wait_mean_high"] - table["wait_months"]).iloc[0]) if len(table) else math.nan


def _heaviest(draws: Sequence[Draw]) -> int:
    return max((draw.heaviest for draw in draws if draw.holds), default=1)


def posts_grid(now: float, needed: float, enough: float = math.nan) -> list[float]:
    """Return the numbers of posts to try: whole posts from below the lowest to above the highest, and some themselves.

    Where no number of posts would do, because a post has no hours for families, only those around ``now`` are tried.

    Parameters
    ----------
    now
        Posts in force; always among the numbers tried.
    needed
        Posts needed in the long run.
    enough
        Fewest posts that keep the waiting goal; among the numbers tried where there are any.
    """
    known = sorted(posts for posts in (now, needed, enough) if math.isfinite(posts))
    first, last = max(1, int(known[0]) - 1), int(np.ceil(known[-1])) + 3
    step = max(1, (last - first) // 10)
    tried = {float(posts) for posts in range(first, last + 1, step)} | {now}
    return sorted(tried | ({enough} if math.isfinite(enough) else set()))


def at_posts(table: pd.DataFrame, posts: float, lang: str = "da") -> pd.Series:
    """Return the row of `waiting_by_posts` at a number of posts; `WrongCall` if they cannot carry one family."""
    row = table[table["posts"] == posts]
    if row.empty:
        raise WrongCall(Problem("staffing.too_few_hours"), lang)
    return row.iloc[0]


def fewest_posts(
    look: Outlook, target_weeks: float, hours_per_post: float, most: float = MOST_POSTS, step: float = 0.1
) -> float:
    """Return the fewest full-time posts, to a tenth, with a mean wait within the target; missing if ``most`` do not.

    More posts never wait longer, so the answer is found by halving.
    """
    require_positive(target_weeks=target_weeks, hours_per_post=hours_per_post, most=most, step=step)

    def is_enough(n_steps: int) -> bool:
        table = waiting_by_posts(look, [round(n_steps * step, 6)], hours_per_post)
        # Posts that cannot carry one family are no answer; without new families nobody waits.
        return len(table) > 0 and not table["wait_months"].iloc[0] * WEEKS_PER_MONTH > target_weeks

    top = round(most / step)
    # From one post upwards by doubling, so that most tries are of few posts.
    high = min(top, round(1 / step) or 1)
    while high < top and not is_enough(high):
        high = min(top, 2 * high)
    found = bisect_left(range(high + 1), True, lo=1, key=is_enough)
    return round(found * step, 6) if found <= high else float("nan")


def require_fewer_posts(posts: float, lang: str) -> None:
    """Raise `WrongCall` when there are more posts than can be calculated with."""
    if posts > MOST_PLANNED:
        posts = {name: number(posts, name) for name in LANGUAGES}
        raise WrongCall(Problem("staffing.too_many_posts", details={"posts": posts, "most": MOST_PLANNED}), lang)


def posts_to_plan_with(coordinator: pd.DataFrame, profile: Profile, posts: float, lang: str) -> float:
    """Return the full-time posts to plan with from now on; 0 stands for the coordinators in the table.

    A chosen number of posts comes first. A municipality that has not hired anybody yet plans with
    ``staffing.planned_posts``.

    Raises
    ------
    DataNeedsWork
        If nobody is in post on the reference day and no number of posts is planned.
    WrongCall
        If the chosen number is negative or beyond all reason.
    """
    with said_in(lang):
        require_not_negative(posts=posts)
    require_fewer_posts(posts, lang)
    as_of = profile["data.to_date"]
    if posts > 0 or capacity.posts_on(coordinator, as_of) > 0:
        return posts
    planned = profile["staffing.planned_posts"]
    if planned <= 0:
        place = {"file": "decisions.xlsx", "sheet": "Koordinatorer"}
        raise DataNeedsWork(Problem("staffing.no_coordinator", **place, value=str(as_of)), lang)
    return planned
