"""Four ways of organising the coordinators, compared, and what matters most for the number of posts."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.profile import Profile, Setting, declared_entries
from helhed.staffing.budget import cost_of_course, post_cost_per_month
from helhed.staffing.course import course_hours, course_months, planned_course
from helhed.staffing.posts import hours_of_post, need

#: The organisation models; each has its settings ``staffing.<model>_…``.
ORGANISATIONS = ("own_unit", "part_timers", "cross_team", "taskforce")

#: Settings that are varied one at a time to see what matters.
_DEMAND = ("staffing.offered_share", "staffing.acceptance_share")
VARIED = (
    *_DEMAND,
    "staffing.active_months",
    "staffing.active_contact_hours_per_week",
    "staffing.active_coordination_hours_per_week",
    "staffing.active_paperwork_hours_per_week",
    "staffing.start_contact_hours_per_week",
    "staffing.travel_hours_per_visit",
    "staffing.hours_per_network_meeting",
    "staffing.sick_days",
    "staffing.turnover_per_year",
    "staffing.meeting_hours_per_week",
)


def varied(basis: str) -> tuple[str, ...]:
    """Return the settings to vary: those of the demand only where the demand rests on the inflow of step 1."""
    return VARIED if basis == "inflow" else tuple(key for key in VARIED if key not in _DEMAND)


def with_values(profile: Profile, values: dict) -> Profile:
    """Return the profile with other values in force, for a what-if; the given profile is unchanged.

    Raises
    ------
    WrongCall
        If a key is not declared or a value lies outside its limits.
    """
    entries = declared_entries()
    for key, value in values.items():
        if key not in entries or not entries[key].fits(value):
            raise WrongCall(Problem("staffing.scenario_value", column=key, value=str(value)))
    return replace(profile, settings={**profile.settings, **{key: Setting(value=v) for key, v in values.items()}})


def compare_organisations(starts_per_month: float, profile: Profile, mean_weight: float = 1.0) -> pd.DataFrame:
    """Return the organisation models side by side for the same families, one row per model.

    Returns
    -------
    ``organisation``, ``is_in_force``, ``posts`` (what the hours need in the long run), ``persons``,
    ``per_month_dkk``, ``per_course_dkk``, ``handoffs_per_family_month`` (setting), ``handoffs_per_month`` (all
    families present).
    """
    rows = []
    for organisation in ORGANISATIONS:
        other = with_values(profile, {"staffing.organisation": organisation})
        needed = need(starts_per_month, other, mean_weight)
        handoffs = profile[f"staffing.{organisation}_handoffs_per_month"]
        rows.append(
            {
                "organisation": organisation,
                "is_in_force": organisation == profile["staffing.organisation"],
                "posts": needed.posts_by_hours,
                "persons": needed.posts_by_hours * 37 / profile[f"staffing.{organisation}_hours_per_person"],
                "per_month_dkk": needed.posts_by_hours * post_cost_per_month(profile),
                "per_course_dkk": _hours_cost(other, mean_weight),
                "handoffs_per_family_month": handoffs,
                "handoffs_per_month": handoffs * needed.families,
            }
        )
    return pd.DataFrame(rows)


def course_cost(profile: Profile, mean_weight: float = 1.0) -> float:
    """Return the cost of a planned course of a family of this weight, everything the post costs shared out.

    Where the limit of families per post is tighter than the hours, a family costs its share of the post.
    """
    by_limit = course_months(planned_course(profile)) / profile["staffing.families_per_post_limit"]
    return max(_hours_cost(profile, mean_weight), by_limit * post_cost_per_month(profile))


def _hours_cost(profile: Profile, mean_weight: float) -> float:
    hours = course_hours(planned_course(profile)) * mean_weight
    return cost_of_course(hours, hours_of_post(profile), profile)


def compare_scenarios(scenarios: pd.DataFrame, starts_per_month: float, profile: Profile) -> pd.DataFrame:
    """Return posts, families and cost of scenarios written as rows of a sheet.

    Parameters
    ----------
    scenarios
        ``scenario`` (name), ``key`` (a declared setting), ``value``. Rows of one name belong together.
    starts_per_month
        Families starting each month at the profile's own values; scenarios that change ``offered_share`` or
        ``acceptance_share`` change it in proportion.

    Returns
    -------
    One row per scenario, in the order of the sheet: ``scenario``, ``posts``, ``families``, ``per_month_dkk``,
    ``per_course_dkk``.
    """
    rows = []
    for name, group in scenarios.groupby("scenario", sort=False):
        other = with_values(profile, dict(zip(group["key"], group["value"], strict=True)))
        needed = need(starts_per_month * _demand_ratio(other, profile), other)
        rows.append(
            {
                "scenario": name,
                "posts": needed.posts,
                "families": needed.families,
                "per_month_dkk": needed.posts * post_cost_per_month(other),
                "per_course_dkk": course_cost(other),
            }
        )
    return pd.DataFrame(rows, columns=["scenario", "posts", "families", "per_month_dkk", "per_course_dkk"])


def _demand_ratio(other: Profile, base: Profile) -> float:
    ratio = 1.0
    for key in _DEMAND:
        ratio *= other[key] / base[key] if base[key] else 1.0
    return ratio


def what_matters(
    starts_per_month: float,
    profile: Profile,
    mean_weight: float = 1.0,
    swing: float = 0.25,
    keys: Sequence[str] = VARIED,
) -> pd.DataFrame:
    """Return how the posts needed by hours move when one setting at a time is lower or higher.

    Returns
    -------
    One row per setting, largest effect first: ``key``, ``value``, ``low_value``, ``high_value``, ``posts_low``,
    ``posts_high``, ``range``. Values are kept within the setting's declared limits.
    """
    rows = []
    for key in keys:
        low, high = (_swung(key, profile[key], factor) for factor in (1 - swing, 1 + swing))
        posts = [_posts_with(key, value, starts_per_month, profile, mean_weight) for value in (low, high)]
        rows.append(
            {
                "key": key,
                "value": profile[key],
                "low_value": low,
                "high_value": high,
                "posts_low": posts[0],
                "posts_high": posts[1],
                "range": abs(posts[1] - posts[0]),
            }
        )
    return pd.DataFrame(rows).sort_values(["range", "key"], ascending=[False, True], ignore_index=True)


def _swung(key: str, value: float, factor: float) -> float:
    entry = declared_entries()[key]
    top = 1.0 if entry.kind == "share" else entry.max
    swung = value * factor
    swung = swung if entry.min is None else max(entry.min, swung)
    return swung if top is None else min(top, swung)


def _posts_with(key: str, value: float, starts: float, profile: Profile, mean_weight: float) -> float:
    other = with_values(profile, {key: value})
    return need(starts * _demand_ratio(other, profile), other, mean_weight).posts_by_hours
