"""Scenarios side by side: the same families under other settings, posts or inflow."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.profile import Profile
from helhed.profile.scenarios import Scenario, read_scenarios
from helhed.staffing.budget import monthly_costs
from helhed.staffing.organisation import course_cost, demand_ratio, with_values
from helhed.staffing.planning import require_fewer_posts, waiting_by_posts
from helhed.staffing.planning_outlook import Outlook, outlook
from helhed.staffing.posts import hours_of_post, need, places
from helhed.staffing.scenario_form import example_scenarios
from helhed.texts import text

COLUMNS = [
    "scenario", "posts", "starts_per_month", "posts_needed", "families", "places", "wait_months", "utilisation",
    "per_month_dkk", "per_course_dkk",
]  # fmt: skip


@dataclass(frozen=True)
class AsNow:
    """What holds without a scenario.

    Parameters
    ----------
    tables, shortlist
        As for `helhed.staffing.planning_outlook.outlook`.
    look
        The outlook as now.
    posts
        Full-time posts.
    hours_per_post
        Hours for families per week that one of them gives.
    """

    tables: dict[str, pd.DataFrame]
    shortlist: pd.DataFrame
    look: Outlook
    posts: float
    hours_per_post: float

    def __post_init__(self):
        if not (self.posts > 0 and self.hours_per_post > 0):
            raise WrongCall(Problem("staffing.too_few_hours"))


def scenarios_of(profile: Profile, lang: str) -> list[Scenario]:
    """Return the scenarios of the municipality's sheet, or the kit's examples where there is none.

    Raises
    ------
    ProfileNeedsWork
        If the sheet has faults; each with its place.
    """
    return read_scenarios(profile.folder, lang) or example_scenarios(lang, profile)


def compare_scenarios(scenarios: Sequence[Scenario], now: AsNow, lang: str = "da") -> pd.DataFrame:
    """Return what comes of each scenario, one row each, with the present situation first.

    Parameters
    ----------
    scenarios
        As read by `helhed.profile.scenarios.read_scenarios`, or made by hand.
    now
        What holds where a scenario says nothing.

    Returns
    -------
    ``scenario``, ``posts`` (full-time posts in it), ``starts_per_month``, ``posts_needed`` and ``families`` (in the
    long run), ``places`` (families at a time with its posts), ``wait_months`` and ``utilisation`` (simulated from the
    present caseload; missing where the hours do not carry one family), ``per_month_dkk`` (its posts, all items of the
    budget), ``per_course_dkk`` (a course in coordinator time).

    Notes
    -----
    A scenario that gives no inflow of its own but changes the share offered or saying yes changes it in proportion.
    """
    as_now = Scenario(text("scenarios.example_as_now", lang))
    others = [one for one in scenarios if _changes_something(one)]
    return pd.DataFrame([_row(one, now, lang) for one in (as_now, *others)], columns=COLUMNS)


def _changes_something(scenario: Scenario) -> bool:
    return bool(scenario.values or scenario.posts or scenario.starts)


def _row(scenario: Scenario, now: AsNow, lang: str) -> dict:
    profile = now.look.profile
    other = with_values(profile, scenario.values)
    posts = scenario.posts or now.posts
    require_fewer_posts(posts, lang)
    starts = scenario.starts or now.look.starts_per_month * demand_ratio(other, profile)
    hours_per_post = now.hours_per_post * hours_of_post(other) / hours_of_post(profile)
    look = outlook(now.tables, now.shortlist, starts, other) if _changes_something(scenario) else now.look
    needed = need(starts, other, look.mean_weight)
    waiting = waiting_by_posts(look, [posts], hours_per_post)
    first = waiting.iloc[0] if len(waiting) else {"wait_months": float("nan"), "utilisation": float("nan")}
    return {
        "scenario": scenario.name,
        "posts": posts,
        "starts_per_month": starts,
        "posts_needed": needed.posts,
        "families": needed.families,
        "places": places(posts * hours_per_post, posts, other, look.mean_weight),
        "wait_months": first["wait_months"],
        "utilisation": first["utilisation"],
        "per_month_dkk": sum(monthly_costs(posts, other).values()),
        "per_course_dkk": course_cost(other, look.mean_weight),
    }
