"""Published grants to holistic family support, beside what the same money would pay for here."""

import tomllib
from functools import cache
from importlib import resources

import pandas as pd

from helhed.profile import Profile
from helhed.staffing.budget import budget_by_year, first_month_ahead


@cache
def _declared() -> dict:
    return tomllib.loads(resources.files(__package__).joinpath("grants.toml").read_text(encoding="utf-8"))


def published_grants(lang: str) -> pd.DataFrame:
    """Return the published grants, one row each, in kroner of the year they were given.

    Columns ``who``, ``grant_dkk``, ``year``, ``months``, ``families_low``, ``families_high``, ``source``; ``year``,
    ``months`` and the families of the whole project are missing where no source states them.
    """
    columns = ("grant_dkk", "year", "months", "families_low", "families_high", "source")
    rows = [{"who": one[lang], **{name: one.get(name) for name in columns}} for one in _declared().values()]
    return pd.DataFrame(rows).astype({"year": "Int64", "months": "Int64"})


def grants_here(posts: float, course_cost_dkk: float, profile: Profile, lang: str) -> pd.DataFrame:
    """Return what each published grant would pay for in this municipality.

    Parameters
    ----------
    posts
        Full-time posts of the effort.
    course_cost_dkk
        What a family's course costs in coordinator time.

    Returns
    -------
    The rows of `published_grants` with ``per_family_low_dkk`` and ``per_family_high_dkk`` (grant / families there),
    ``share_of_effort`` (of what the effort here costs over the grant's months, or the profile's where not stated) and
    ``courses_paid`` (family courses here). Amounts are not converted: a krone bought more then.
    """
    table = published_grants(lang)
    first = first_month_ahead(profile["data.to_date"])
    months = table["months"].fillna(profile["staffing.grant_months"]).astype(int)
    costs = [budget_by_year(posts, profile, first, n)["total_dkk"].sum() for n in months]
    return table.assign(
        per_family_low_dkk=table["grant_dkk"] / table["families_high"],
        per_family_high_dkk=table["grant_dkk"] / table["families_low"],
        share_of_effort=[g / c if c > 0 else float("nan") for g, c in zip(table["grant_dkk"], costs, strict=True)],
        courses_paid=table["grant_dkk"] / course_cost_dkk if course_cost_dkk > 0 else float("nan"),
    )
