"""What the coordinators cost, per month and per family, and how far a grant goes."""

from dataclasses import dataclass

import pandas as pd

from helhed.profile import Profile


@dataclass(frozen=True)
class GrantFit:
    """How far a grant goes.

    ``posts_paid`` for the whole length, ``courses_paid`` whole family courses, ``months_paid`` of the posts wanted,
    ``left_over_dkk`` (negative when it falls short).
    """

    grant_dkk: float
    months: int
    posts_paid: float
    courses_paid: float
    months_paid: float
    left_over_dkk: float


def post_cost_per_month(profile: Profile) -> float:
    """Return the cost of one full-time post in a month: salary incl. pension / 12, plus the overhead share."""
    return profile["staffing.salary_dkk_per_year"] / 12 * (1 + profile["staffing.overhead_share"])


def cost_of_course(hours: float, hours_per_week_of_post: float, profile: Profile) -> float:
    """Return the cost of one family's whole course.

    Parameters
    ----------
    hours
        Coordinator hours of the course.
    hours_per_week_of_post
        Hours for families per week that one post gives: absence and meetings are thereby paid for too.
    """
    post_months = hours / (hours_per_week_of_post * 365.25 / 7 / 12)
    return post_months * post_cost_per_month(profile)


def budget(posts: float, families: float, profile: Profile) -> pd.DataFrame:
    """Return the budget: ``item`` (salary, overhead, total), ``per_month_dkk``, ``per_year_dkk``, ``per_family_dkk``.

    Parameters
    ----------
    posts
        Full-time posts.
    families
        Families present at a time; ``per_family_dkk`` is a month's cost per family present, missing without families.
    """
    salary = posts * profile["staffing.salary_dkk_per_year"] / 12
    overhead = salary * profile["staffing.overhead_share"]
    rows = pd.DataFrame(
        {"item": ["salary", "overhead", "total"], "per_month_dkk": [salary, overhead, salary + overhead]}
    )
    per_family = rows["per_month_dkk"] / families if families > 0 else float("nan")
    return rows.assign(per_year_dkk=rows["per_month_dkk"] * 12, per_family_dkk=per_family)


def grant_fit(posts: float, course_cost_dkk: float, profile: Profile) -> GrantFit | None:
    """Return how far the profile's grant goes for these posts; ``None`` when no grant is set."""
    grant, months = float(profile["staffing.grant_dkk"]), profile["staffing.grant_months"]
    if grant <= 0:
        return None
    per_post = post_cost_per_month(profile)
    return GrantFit(
        grant_dkk=grant,
        months=months,
        posts_paid=grant / (per_post * months),
        courses_paid=grant / course_cost_dkk,
        months_paid=grant / (per_post * posts) if posts > 0 else float("inf"),
        left_over_dkk=grant - per_post * posts * months,
    )
