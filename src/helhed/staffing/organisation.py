"""Four ways of organising the coordinators, compared, and what matters most for the number of posts."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helhed.browser.staffing import FULL_TIME_HOURS
from helhed.errors import Problem, WrongCall
from helhed.profile import Entry, Profile, Setting, courses, declared_entries
from helhed.staffing.budget import cost_of_course, post_cost_per_month
from helhed.staffing.course import course_hours, course_months, planned_course
from helhed.staffing.given_numbers import require_not_negative
from helhed.staffing.planning import outlook, waiting_by_posts
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

    ``staffing.course_model`` puts the values of that method's course in force first; the other values go before them.

    Raises
    ------
    WrongCall
        If a key is not declared or a value lies outside its limits.
    """
    entries = declared_entries()
    for key, value in values.items():
        if key not in entries or not _fits(entries[key], value):
            raise WrongCall(Problem("staffing.scenario_value", column=key, value=str(value)))
    of_course = courses().get(values.get("staffing.course_model"), {}).get("settings", {})
    changed = {key: given["value"] for key, given in of_course.items()} | values
    return replace(profile, settings={**profile.settings, **{key: Setting(value=v) for key, v in changed.items()}})


def _fits(entry: Entry, value) -> bool:
    try:
        return entry.fits(value)
    except TypeError:
        return False


def compare_organisations(
    starts_per_month: float, profile: Profile, mean_weight: float = 1.0, departments_per_family: float = math.nan
) -> pd.DataFrame:
    """Return the organisation models side by side for the same families, one row per model.

    Parameters
    ----------
    departments_per_family
        Departments that a family deals with, mean (see `departments_of_families`); missing if not known.

    Returns
    -------
    ``organisation``, ``is_in_force``, ``posts`` (what the hours need in the long run), ``persons``,
    ``per_month_dkk``, ``per_course_dkk``, ``handoffs_per_family_month`` (setting), ``handoffs_per_month`` (all
    families present), ``contact_persons`` (people of the municipality a family has to deal with: the coordinator and
    one caseworker for each department that the coordinator's team does not cover itself).
    """
    rows = []
    for organisation in ORGANISATIONS:
        other = with_values(profile, {"staffing.organisation": organisation})
        needed = need(starts_per_month, other, mean_weight)
        handoffs = profile[f"staffing.{organisation}_handoffs_per_month"]
        covered = profile[f"staffing.{organisation}_departments_covered"]
        rows.append(
            {
                "organisation": organisation,
                "is_in_force": organisation == profile["staffing.organisation"],
                "posts": needed.posts_by_hours,
                "persons": needed.posts_by_hours
                * FULL_TIME_HOURS
                / profile[f"staffing.{organisation}_hours_per_person"],
                "per_month_dkk": needed.posts_by_hours * post_cost_per_month(profile),
                "per_course_dkk": _hours_cost(other, mean_weight),
                "handoffs_per_family_month": handoffs,
                "handoffs_per_month": handoffs * needed.families,
                "contact_persons": 1 + np.maximum(0.0, departments_per_family - covered),
            }
        )
    return pd.DataFrame(rows)


def departments_of_families(shortlist: pd.DataFrame, family_ids: Sequence[str]) -> float:
    """Return how many departments a family deals with, the mean over the families; missing when none is known.

    Parameters
    ----------
    shortlist
        ``family_id``, ``n_departments``: the departments that step 1 finds a benefit, a case or a measure from.
    family_ids
        Families to count; those that step 1 does not know are left out of the mean.
    """
    known = shortlist.loc[shortlist["family_id"].isin(list(family_ids)), "n_departments"].astype("float64")
    return float(known.mean())


def waiting_by_organisation(
    tables: dict[str, pd.DataFrame],
    shortlist: pd.DataFrame,
    starts_per_month: float,
    profile: Profile,
    posts: float,
) -> pd.DataFrame:
    """Return the wait under each organisation with the same posts, families and chance: one row per model.

    Returns
    -------
    ``organisation`` and the columns of `helhed.staffing.planning.waiting_by_posts`; a model whose posts cannot carry
    one family is missing.
    """
    rows = []
    for organisation in ORGANISATIONS:
        other = with_values(profile, {"staffing.organisation": organisation})
        look = outlook(tables, shortlist, starts_per_month, other)
        rows.append(waiting_by_posts(look, [posts], hours_of_post(other)).assign(organisation=organisation))
    return pd.concat(rows, ignore_index=True)


def course_cost(profile: Profile, mean_weight: float = 1.0) -> float:
    """Return the cost of a planned course of a family of this weight, everything the post costs shared out.

    Where the limit of families per post is tighter than the hours, a family costs its share of the post.
    """
    by_limit = course_months(planned_course(profile)) / profile["staffing.families_per_post_limit"]
    return max(_hours_cost(profile, mean_weight), by_limit * post_cost_per_month(profile))


def _hours_cost(profile: Profile, mean_weight: float) -> float:
    hours = course_hours(planned_course(profile)) * mean_weight
    return cost_of_course(hours, hours_of_post(profile), profile)


def demand_ratio(other: Profile, base: Profile) -> float:
    """Return how the families that start change when other shares of them are offered a place or say yes."""
    ratio = 1.0
    for key in _DEMAND:
        ratio *= other[key] / base[key] if base[key] else 1.0
    return ratio


def tornado(
    answer: Callable[[Profile], float], profile: Profile, keys: Sequence[str], swing: float = 0.25
) -> pd.DataFrame:
    """Return how an answer moves when one setting at a time is lower or higher, all others as they are.

    Parameters
    ----------
    answer
        What is computed from a profile: posts, kroner, weeks.
    keys
        Settings with numbers as values.
    swing
        Share by which each is lowered and raised.

    Returns
    -------
    One row per setting, largest effect first: ``key``, ``value``, ``low_value``, ``high_value``, ``answer_low``,
    ``answer_high``, ``range``. Values are kept within the setting's declared limits.
    """
    require_not_negative(swing=swing)
    rows = []
    for key in keys:
        low, high = (_swung(key, profile[key], factor) for factor in (1 - swing, 1 + swing))
        answers = [answer(with_values(profile, {key: value})) for value in (low, high)]
        rows.append(
            {
                "key": key,
                "value": profile[key],
                "low_value": low,
                "high_value": high,
                "answer_low": answers[0],
                "answer_high": answers[1],
                "range": abs(answers[1] - answers[0]),
            }
        )
    return pd.DataFrame(rows).sort_values(["range", "key"], ascending=[False, True], ignore_index=True)


def what_matters(
    starts_per_month: float,
    profile: Profile,
    mean_weight: float = 1.0,
    swing: float = 0.25,
    keys: Sequence[str] = VARIED,
) -> pd.DataFrame:
    """Return how the posts needed by hours move when one setting at a time is lower or higher (see `tornado`).

    Returns
    -------
    One row per setting, largest effect first: ``key``, ``value``, ``low_value``, ``high_value``, ``posts_low``,
    ``posts_high``, ``range``.
    """
    require_not_negative(starts_per_month=starts_per_month)

    def posts(other: Profile) -> float:
        return need(starts_per_month * demand_ratio(other, profile), other, mean_weight).posts_by_hours

    table = tornado(posts, profile, keys, swing)
    return table.rename(columns={"answer_low": "posts_low", "answer_high": "posts_high"})


def deciding(matters: pd.DataFrame) -> list[str]:
    """Return the keys of the two or three settings that decide the answer: the third only if it moves half the first.

    Parameters
    ----------
    matters
        As returned by `tornado` or `what_matters`: largest effect first.
    """
    moving = matters[matters["range"] > 0]
    if moving.empty:
        return []
    third = moving.iloc[2:3]
    n = 3 if len(third) and third["range"].iloc[0] >= moving["range"].iloc[0] / 2 else 2
    return moving["key"].head(n).tolist()


def _swung(key: str, value: float, factor: float) -> float:
    entry = declared_entries()[key]
    top = 1.0 if entry.kind == "share" else entry.max
    swung = value * factor
    swung = swung if entry.min is None else max(entry.min, swung)
    return swung if top is None else min(top, swung)
