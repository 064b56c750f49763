"""The staffing calculator: places, posts and waiting in the long run, with nothing but the standard library.

The same formulas as in `helhed.staffing`, written so that they run in a browser page and while a slider is moved. A
test holds the two against each other on random settings.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

#: Hours in a full-time week and day in Denmark, and days in a working year before holidays.
FULL_TIME_HOURS, HOURS_PER_DAY, GROSS_DAYS_PER_YEAR = 37.0, 7.4, 260
WEEKS_PER_YEAR = 365.25 / 7
WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12
PHASES = ("start", "active", "fade_out", "exit")
#: Days off that are taken from the working year.
_DAYS_OFF = ("holiday_days", "extra_holiday_days", "fixed_days_off", "sick_days", "training_days")
#: More posts than this are not searched for.
MOST_POSTS = 200.0


@dataclass(frozen=True)
class Answer:
    """What a number of posts and an inflow mean in the long run.

    ``places`` (families at a time that the posts carry), ``families`` (that the inflow fills on average),
    ``posts_needed`` (full-time posts for them), ``utilisation`` (families / places), ``wait_weeks`` (mean wait of a new
    family; infinite when the queue never ends), ``posts_for_wait`` (fewest half posts that keep the goal; infinite when
    none up to 200 does).
    """

    places: int
    families: float
    posts_needed: float
    utilisation: float
    wait_weeks: float
    posts_for_wait: float


def long_run(posts: float, starts_per_month: float, settings: Mapping, mean_weight: float = 1.0) -> Answer:
    """Return what comes of a number of posts and new families a month.

    Parameters
    ----------
    posts
        Full-time posts, 0 or more.
    starts_per_month
        New families a month that say yes, 0 or more.
    settings
        The profile's ``staffing.…`` settings by key.
    mean_weight
        Mean weight of a family.

    Notes
    -----
    Little's law for the families, and the waiting of the M/M/c queue with one server per place: Markov courses vary
    more than planned ones, so the wait is rather too long than too short. It is a state of rest that a new effort is
    years away from; the simulation of step 2 starts from the present caseload.

    Raises
    ------
    ValueError
        If a number is negative or not a number, the course has no hours, every family comes back, or a post may have no
        families.
    """
    _refuse_impossible(posts, starts_per_month, mean_weight, settings)
    stay = mean_stay_months(settings)
    arrivals = starts_per_month / (1 - settings["staffing.share_returning"])
    families = arrivals * stay
    n_places = places(posts, settings, mean_weight)
    by_hours = families * hours_per_place(settings) * mean_weight
    # Rounded: the last digit of a float must not decide whether 47.5 per cent is written as 47 or 48.
    used = round(families / n_places, 9) if n_places else math.inf
    per_post = hours_of_post(settings)
    return Answer(
        places=n_places,
        families=families,
        posts_needed=max(
            by_hours / per_post if per_post > 0 else math.inf, families / settings["staffing.families_per_post_limit"]
        ),
        utilisation=used,
        wait_weeks=mean_wait_months(arrivals, stay, n_places) * WEEKS_PER_MONTH,
        posts_for_wait=_posts_for_wait(arrivals, stay, settings, mean_weight),
    )


def _refuse_impossible(posts: float, starts_per_month: float, mean_weight: float, settings: Mapping) -> None:
    for number in (posts, starts_per_month, mean_weight):
        if not (isinstance(number, Real) and 0 <= number < math.inf):
            raise ValueError(number)
    if not settings["staffing.share_returning"] < 1:
        raise ValueError(settings["staffing.share_returning"])
    if not settings["staffing.families_per_post_limit"] > 0:
        raise ValueError(settings["staffing.families_per_post_limit"])


def _posts_for_wait(arrivals: float, stay: float, settings: Mapping, mean_weight: float) -> float:
    """Return the fewest half posts with a mean wait within ``staffing.target_wait_weeks``, by halving the range."""
    goal = settings["staffing.target_wait_weeks"] / WEEKS_PER_MONTH

    def is_enough(halves: int) -> bool:
        return mean_wait_months(arrivals, stay, places(halves / 2, settings, mean_weight)) <= goal

    low, high = 0, int(MOST_POSTS * 2)
    if not is_enough(high):
        return math.inf
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low / 2


def course(settings: Mapping) -> list[tuple[float, float]]:
    """Return (months, hours a week) of each phase for a family of weight 1."""
    factor = settings[f"staffing.{settings['staffing.organisation']}_coordination_factor"]
    phases = []
    for name in PHASES:
        part = {what: settings[f"staffing.{name}_{what}"] for what in _PARTS}
        hours = (
            part["contact_hours_per_week"]
            + part["coordination_hours_per_week"] * factor
            + part["network_meetings_per_month"] * settings["staffing.hours_per_network_meeting"] / WEEKS_PER_MONTH
            + part["visits_per_week"] * settings["staffing.travel_hours_per_visit"]
            + part["paperwork_hours_per_week"]
        )
        phases.append((settings[f"staffing.{name}_months"], hours))
    return phases


_PARTS = (
    "contact_hours_per_week",
    "coordination_hours_per_week",
    "network_meetings_per_month",
    "visits_per_week",
    "paperwork_hours_per_week",
)


def course_months(settings: Mapping) -> float:
    """Return the planned length of a course."""
    return sum(months for months, _ in course(settings))


def with_course_months(settings: Mapping, months: float) -> dict:
    """Return the settings with a course of another length: the active phase is that much longer or shorter.

    A course too short for the other phases is all of them, each shortened alike.
    """
    others = sum(settings[f"staffing.{name}_months"] for name in PHASES if name != "active")
    if abs(months - course_months(settings)) < 1e-9:
        return dict(settings)
    kept = min(1.0, months / others) if others else 1.0
    lengths = {name: settings[f"staffing.{name}_months"] * kept for name in PHASES} | {
        "active": max(0.0, months - others)
    }
    return {**settings, **{f"staffing.{name}_months": length for name, length in lengths.items()}}


def hours_per_place(settings: Mapping) -> float:
    """Return the hours a week that one place takes, the mean over a course; `ValueError` when there are none."""
    phases = course(settings)
    hours = sum(months * per_week for months, per_week in phases)
    if not hours > 0:
        raise ValueError(hours)
    return hours / sum(months for months, _ in phases)


def mean_stay_months(settings: Mapping) -> float:
    """Return how long families stay: the planned course, half of it for those who drop out."""
    return course_months(settings) * (1 - settings["staffing.share_dropping_out"] / 2)


def hours_of_post(settings: Mapping) -> float:
    """Return the hours for families a week of one full-time post, after absence, meetings and turnover."""
    weekly = settings[f"staffing.{settings['staffing.organisation']}_hours_per_person"]
    if weekly == 0:
        return 0.0
    off = settings["staffing.public_holidays_per_year"] + sum(settings[f"staffing.{name}"] for name in _DAYS_OFF)
    days = GROSS_DAYS_PER_YEAR - off
    at_work = days * (HOURS_PER_DAY - settings["staffing.lunch_hours_per_day"]) * weekly / FULL_TIME_HOURS
    meetings = days / 5 * settings["staffing.meeting_hours_per_week"]
    meetings += 12 * settings["staffing.supervision_hours_per_month"]
    a_week = max(0.0, at_work - meetings) / WEEKS_PER_YEAR
    return a_week * (1 - turnover_loss(settings)) * FULL_TIME_HOURS / weekly


def turnover_loss(settings: Mapping) -> float:
    """Return the share of hours lost to empty posts and to successors who are learning."""
    learning = settings["staffing.ramp_up_months"] * (1 - settings["staffing.ramp_up_start_share"]) / 2
    return min(1.0, settings["staffing.turnover_per_year"] * (settings["staffing.vacant_months"] + learning) / 12)


def places(posts: float, settings: Mapping, mean_weight: float = 1.0) -> int:
    """Return the families that so many posts carry at a time: the lower of what hours and the limit allow."""
    by_hours = posts * hours_of_post(settings) / (hours_per_place(settings) * mean_weight)
    return math.floor(min(by_hours, posts * settings["staffing.families_per_post_limit"]) + 1e-3)


def mean_wait_months(arrivals: float, stay: float, servers: int) -> float:
    """Return the long-run mean wait of an M/M/c queue (Erlang C); infinite when the queue never ends."""
    load = arrivals * stay
    if load == 0:
        return 0.0
    if load >= servers:
        return math.inf
    inverse = 1.0
    for server in range(1, servers + 1):
        inverse = 1 + inverse * server / load
        if inverse == math.inf:
            return 0.0
    blocked = 1 / inverse
    waits = blocked / (1 - load / servers * (1 - blocked))
    return waits * stay / (servers - load)
