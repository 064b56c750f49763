"""What the effort costs, per month, year and family, and how far a grant and the municipality's own money go."""

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from helhed.browser.money import monthly_costs
from helhed.profile import Profile
from helhed.staffing.given_numbers import require_day, require_not_negative

#: No grant is followed further than this.
_MOST_MONTHS = 12 * 99


@dataclass(frozen=True)
class GrantFit:
    """How far a grant and the municipality's own financing go together.

    ``posts_paid`` for the whole length, ``courses_paid`` whole family courses (of coordinator time),
    ``months_paid`` of the effort wanted, ``cost_dkk`` of it over the whole length, ``left_over_dkk`` (negative when it
    falls short).
    """

    grant_dkk: float
    own_dkk: float
    months: int
    posts_paid: float
    courses_paid: float
    months_paid: float
    cost_dkk: float
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
    """Return the budget, one row per item and one for the ``total``, in kroner of the profile's price year.

    Parameters
    ----------
    posts
        Full-time posts.
    families
        Families present at a time; ``per_family_dkk`` is a month's cost per family present, missing without families.

    Returns
    -------
    ``item``, ``per_month_dkk``, ``per_year_dkk``, ``per_family_dkk``.
    """
    require_not_negative(posts=posts, families=families)
    costs = monthly_costs(posts, profile)
    rows = pd.DataFrame({"item": [*costs, "total"], "per_month_dkk": [*costs.values(), sum(costs.values())]})
    per_family = rows["per_month_dkk"] / families if families > 0 else float("nan")
    return rows.assign(per_year_dkk=rows["per_month_dkk"] * 12, per_family_dkk=per_family)


def price_index(year: int, profile: Profile) -> float:
    """Return what a krone of the profile's price year has become in another year: (1 + growth) ^ years between.

    Examples
    --------
    >>> round(price_index(2025, {"staffing.price_growth": 0.02, "staffing.price_year": 2023}), 4)
    1.0404
    """
    require_not_negative(year=year)
    return (1 + profile["staffing.price_growth"]) ** (year - profile["staffing.price_year"])


def budget_by_year(posts: float, profile: Profile, first: date, months: int) -> pd.DataFrame:
    """Return the budget of a project, calendar year by calendar year, with who pays.

    Parameters
    ----------
    posts
        Full-time posts, the same in every month.
    first
        First month of the project.
    months
        Its length.

    Returns
    -------
    One row per calendar year: ``year``, ``months``, one column per item and ``total_dkk`` in that year's
    prices, ``own_dkk`` (own financing, the same every month), ``grant_dkk`` (the grant pays the rest as long as it
    lasts) and ``uncovered_dkk``.
    """
    require_not_negative(posts=posts, months=months)
    require_day(first)
    costs = monthly_costs(posts, profile)
    own = profile["staffing.own_financing_dkk"] / profile["staffing.grant_months"]
    rows, grant_left = [], float(profile["staffing.grant_dkk"])
    for year, n in _months_by_year(first, months):
        index = price_index(year, profile)
        items = {f"{item}_dkk": cost * n * index for item, cost in costs.items()}
        total = sum(items.values())
        paid = min(own * min(n, _left(rows, profile)), total)
        granted = min(grant_left, total - paid)
        grant_left -= granted
        rows.append(
            {
                "year": year,
                "months": n,
                **items,
                "total_dkk": total,
                "own_dkk": paid,
                "grant_dkk": granted,
                "uncovered_dkk": total - paid - granted,
            }
        )
    return pd.DataFrame(rows)


def _left(rows: list[dict], profile: Profile) -> int:
    """Return for how many further months own financing was promised."""
    return max(0, profile["staffing.grant_months"] - sum(row["months"] for row in rows))


def _months_by_year(first: date, months: int) -> list[tuple[int, int]]:
    """Return (year, number of months in it) of so many months from the first.

    Examples
    --------
    >>> _months_by_year(date(2026, 11, 1), 15)
    [(2026, 2), (2027, 12), (2028, 1)]
    """
    left, year, month, found = months, first.year, first.month, []
    while left > 0:
        n = min(left, 13 - month)
        found.append((year, n))
        left, year, month = left - n, year + 1, 1
    return found


def first_month_ahead(day: date) -> date:
    """Return the first day of the month after a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def grant_fit(posts: float, course_cost_dkk: float, profile: Profile) -> GrantFit | None:
    """Return how far the profile's grant and own financing go for these posts; ``None`` when no grant is set.

    The effort is counted from the month after the data period, in each year's prices, all items included.
    """
    require_not_negative(posts=posts, course_cost_dkk=course_cost_dkk)
    grant, months = float(profile["staffing.grant_dkk"]), profile["staffing.grant_months"]
    own = float(profile["staffing.own_financing_dkk"])
    if grant <= 0:
        return None
    first = first_month_ahead(profile["data.to_date"])
    fixed = budget_by_year(0.0, profile, first, months)["total_dkk"].sum()
    per_post = budget_by_year(1.0, profile, first, months)["total_dkk"].sum() - fixed
    cost = fixed + posts * per_post
    return GrantFit(
        grant_dkk=grant,
        own_dkk=own,
        months=months,
        posts_paid=max(0.0, (grant + own - fixed) / per_post),
        courses_paid=(grant + own) / course_cost_dkk if course_cost_dkk > 0 else math.inf,
        months_paid=_months_paid(grant + own, posts, profile, first),
        cost_dkk=cost,
        left_over_dkk=grant + own - cost,
    )


def _months_paid(money_dkk: float, posts: float, profile: Profile, first: date) -> float:
    """Return for how many months the money lasts; infinite when the effort costs nothing."""
    a_month = sum(monthly_costs(posts, profile).values())
    if a_month <= 0:
        return math.inf
    paid = 0.0
    for year, n in _months_by_year(first, _MOST_MONTHS):
        cost = a_month * price_index(year, profile)
        if money_dkk < cost * n:
            return paid + money_dkk / cost
        money_dkk, paid = money_dkk - cost * n, paid + n
    return paid
