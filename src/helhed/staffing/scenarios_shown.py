"""What the staffing step shows of the scenarios, and the answer that is drawn anew while a slider is moved."""

import math
from collections.abc import Callable

import pandas as pd

from helhed.browser.staffing import WEEKS_PER_MONTH, long_run
from helhed.outputs import PublicTable
from helhed.profile import Profile
from helhed.profile.scenarios import read_scenarios
from helhed.staffing.budget import monthly_costs
from helhed.texts import about_kroner, number, percent, text

_FORMATS = {
    "scenario": "text",
    "posts": "number1",
    "starts_per_month": "number1",
    "posts_needed": "number1",
    "families": "number1",
    "places": "number",
    "wait_weeks": "number1",
    "utilisation": "share",
    "per_month_dkk": "dkk",
    "per_course_dkk": "dkk",
}


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


def scenarios_shown(compared: pd.DataFrame, lang: str) -> PublicTable:
    """Return the scenarios side by side (see `helhed.staffing.scenarios.compare_scenarios`)."""
    frame = compared.assign(wait_weeks=compared["wait_months"] * WEEKS_PER_MONTH)
    columns = {name: (_say(f"column_{name}", lang), form) for name, form in _FORMATS.items()}
    return PublicTable("scenarios", _say("table_scenarios", lang), frame[list(_FORMATS)], columns)


def sentence_scenarios(compared: pd.DataFrame, profile: Profile, lang: str) -> str:
    """Return which scenario waits least and which costs least a course, and whose scenarios they are."""
    origin = "scenarios_own" if read_scenarios(profile.folder, lang) else "scenarios_examples"
    known = compared.dropna(subset="wait_months")
    words = {"cheap": compared.loc[compared["per_course_dkk"].idxmin(), "scenario"]}
    words |= {"cost": about_kroner(compared["per_course_dkk"].min(), lang)}
    if known.empty:
        return f"{_say(origin, lang)} {_say('scenarios_cost', lang, **words)}"
    least = known.loc[known["wait_months"].idxmin()]
    words |= {"fast": least["scenario"], "wait": number(least["wait_months"] * WEEKS_PER_MONTH, lang, 1)}
    return f"{_say(origin, lang)} {_say('scenarios_best', lang, **words)}"


def long_run_answer(profile: Profile, mean_weight: float, lang: str) -> Callable[..., str]:
    """Return a function that says what other posts, inflow, hours, absence and waiting goal would mean in the long run.

    It takes ``posts`` (full-time), ``wanted_inflow`` (families a month), ``contact_hours`` (a week with a family in its
    active phase), ``sick_days`` (a year) and ``goal_weeks``.
    The calculation is that of `helhed.browser.staffing`, the same as on the guide's page.
    """
    settings = {key: setting.value for key, setting in profile.in_group("staffing").items()}

    def say(posts: float, wanted_inflow: float, contact_hours: float, sick_days: float, goal_weeks: float) -> str:
        chosen = {**settings, "staffing.sick_days": sick_days, "staffing.target_wait_weeks": goal_weeks}
        chosen["staffing.active_contact_hours_per_week"] = contact_hours
        found = long_run(posts, wanted_inflow, chosen, mean_weight)
        written = {
            "places": number(found.places, lang),
            "families": number(found.families, lang, 1),
            "needed": number(found.posts_needed, lang, 1),
            "wait": number(found.wait_weeks, lang, 1),
            "goal": number(goal_weeks, lang),
            "used": percent(found.utilisation, lang) if found.places else "–",
            "enough": number(found.posts_for_wait, lang, 1),
            "cost": about_kroner(sum(monthly_costs(posts, profile).values()), lang),
        }
        wait = "panel_endless" if math.isinf(found.wait_weeks) else "panel_wait"
        goal = "panel_no_goal" if math.isinf(found.posts_for_wait) else "panel_goal"
        answers = [_say(key, lang, **written) for key in ("panel_places", wait, goal, "panel_cost")]
        return " ".join([*answers, text("browser.says_long_run", lang)])

    return say
