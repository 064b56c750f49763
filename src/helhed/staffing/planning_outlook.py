"""The caseload today and what chance may bring: the common ground of every calculation in the step."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.staffing import capacity, caseload
from helhed.staffing.capacity_staff import Person, equal_people, named_people
from helhed.staffing.course import course_lengths, family_weights, planned_course
from helhed.staffing.given_numbers import said_in
from helhed.staffing.posts import hours_of_post, hours_per_place
from helhed.staffing.simulation_draws import Demand, Draw, Situation, draw_replications
from helhed.survival import stays


@dataclass(frozen=True)
class Outlook:
    """The caseload today and what chance may bring: the common ground of every calculation in the step.

    ``started`` are families with a start (see `caseload.started_families`), ``draws`` the replications of ``demand``
    and ``situation``, ``mean_weight`` the mean weight of the families present.
    """

    as_of: date
    starts_per_month: float
    mean_weight: float
    started: pd.DataFrame
    n_present: int
    n_waiting: int
    n_past_plan: int
    demand: Demand
    situation: Situation
    draws: tuple[Draw, ...]
    profile: Profile

    def replicated(self, n_replications: int) -> "Outlook":
        """Return the outlook with another number of replications; the first ones are the same."""
        horizon, seed = (self.profile[f"staffing.{name}"] for name in ("horizon_months", "seed"))
        draws = draw_replications(self.demand, self.situation, horizon, n_replications, seed)
        return replace(self, draws=tuple(draws))


def outlook(
    tables: dict[str, pd.DataFrame],
    shortlist: pd.DataFrame,
    starts_per_month: float,
    profile: Profile,
    lang: str = "da",
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
    lang
        Language of what is refused.
    """
    as_of = profile["data.to_date"]
    weights = family_weights(tables["family"], profile)
    started = caseload.started_families(tables["enrolment"], weights)
    here = caseload.present_on(started, as_of)
    elapsed = caseload.months_elapsed(here, as_of)
    waits = _waits(tables["enrolment"], shortlist, as_of, profile)
    situation = Situation(_present(here, elapsed, profile), waits)
    with said_in(lang):
        demand = _demand(starts_per_month, here, profile, stays(started, as_of))
    look = Outlook(
        as_of=as_of,
        starts_per_month=starts_per_month,
        mean_weight=float(np.mean(demand.weights)),
        started=started,
        n_present=len(here),
        n_waiting=len(waits),
        n_past_plan=int((elapsed >= sum(months for months, _ in demand.phases)).sum()),
        demand=demand,
        situation=situation,
        draws=(),
        profile=profile,
    )
    return look.replicated(profile["staffing.n_replications"])


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


def _demand(starts_per_month: float, here: pd.DataFrame, profile: Profile, observed: tuple) -> Demand:
    return Demand(
        starts_per_month,
        tuple((phase.months, phase.hours_per_week) for phase in planned_course(profile)),
        tuple(here["weight"]) or (1.0,),
        course_lengths(profile, *observed),
        profile["staffing.share_dropping_out"],
        profile["staffing.share_returning"],
        profile["staffing.months_to_return"],
    )


def staff_hours_per_week(coordinator: pd.DataFrame, day: date, profile: Profile) -> float:
    """Return the hours for families per week, the year's mean, of those in post on a day, turnover subtracted."""
    here = coordinator[capacity.in_post_on(coordinator, day)]
    hours = here["weekly_hours"].dropna().sort_values()
    return float(sum(capacity.effective_hours_per_week(profile, float(weekly)) for weekly in hours))


def usable_hours(hours_per_week: float, posts: float, look: Outlook) -> float:
    """Return the hours per week that can be used without going over the limit of families per post."""
    limit = posts * look.profile["staffing.families_per_post_limit"]
    return min(hours_per_week, limit * hours_per_place(look.profile, look.mean_weight))


def staff_ahead(coordinator: pd.DataFrame, look: Outlook, posts: float = 0.0) -> tuple[Person, ...]:
    """Return the coordinators ahead with the hours that can be used: the named ones, or a number of full-time posts.

    The hours are those of someone in post; that people leave is decided by chance in each replication. Where the
    limit of families per post is tighter than the hours, the hours beyond it are not counted.
    """
    profile = look.profile
    if posts > 0:
        return posts_as_people(posts, usable_hours(posts * hours_of_post(profile), posts, look), profile)
    people = named_people(coordinator, look.as_of, profile)
    hours = staff_hours_per_week(coordinator, look.as_of, profile)
    usable = usable_hours(hours, capacity.posts_on(coordinator, look.as_of), look)
    share = usable / hours if hours > 0 else 1.0
    return tuple(replace(person, hours_per_week=person.hours_per_week * share) for person in people)


def posts_as_people(posts: float, hours: float, profile: Profile) -> tuple[Person, ...]:
    """Return a number of posts as the persons who share them in the organisation in force.

    Parameters
    ----------
    hours
        Hours for families per week of all posts, turnover subtracted.
    """
    weekly = profile[f"staffing.{profile['staffing.organisation']}_hours_per_person"]
    # Turnover was subtracted as a mean; here it happens.
    in_post = 1 - capacity.profile_turnover_loss(profile)
    return equal_people(posts, hours / posts / in_post, weekly) if posts > 0 and in_post > 0 else ()
