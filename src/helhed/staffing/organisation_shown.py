"""What is told about the organisations, the courses, the precision and the overload: tables and sentences."""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pandas as pd

from helhed.outputs import PublicTable
from helhed.profile import Profile, declared_entries, presets, source_in
from helhed.profile import courses as known_courses
from helhed.staffing.budget import post_cost_per_month
from helhed.staffing.course import course_hours, course_months, planned_course
from helhed.staffing.course_sources import figures_of_course, figures_of_profile, is_of_course, sources_of
from helhed.staffing.organisation import ORGANISATIONS, course_cost, deciding, with_values
from helhed.staffing.posts import Need, need
from helhed.staffing.simulation_long_run import LongRun
from helhed.texts import LANGUAGES, month, number, percent, text


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


@cache
def _notes() -> dict[str, dict]:
    return tomllib.loads(resources.files(__package__).joinpath("organisation.toml").read_text(encoding="utf-8"))


def organisation_needs(lang: str) -> pd.DataFrame:
    """Return what each organisation needs and what went wrong where it was tried: one row per model.

    Returns
    -------
    ``organisation``, ``place`` (municipality that tried it), ``law``, ``leadership``, ``went_wrong``, ``source``,
    ``url``.
    """
    rows = [
        {
            "organisation": organisation,
            "place": note["place"],
            "law": note[f"law_{lang}"],
            "leadership": note[f"leadership_{lang}"],
            "went_wrong": note[f"wrong_{lang}"],
            "source": source_in(note["source"], lang),
            "url": note["url"],
        }
        for organisation, note in ((each, _notes()[each]) for each in ORGANISATIONS)
    ]
    return pd.DataFrame(rows)


def organisation_needs_shown(lang: str) -> PublicTable:
    """Return the table of what each organisation needs in law and leadership, and what went wrong where."""
    frame = organisation_needs(lang)
    frame["organisation"] = [
        _say(
            "organisation_tried_in", lang, organisation=_say(f"organisation_{row.organisation}", lang), place=row.place
        )
        for row in frame.itertuples()
    ]
    columns = ("organisation", "law", "leadership", "went_wrong", "source")
    formats = {column: (_say(f"column_{column}", lang), "text") for column in columns}
    return PublicTable("organisation_needs", _say("table_organisation_needs", lang), frame[list(columns)], formats)


def compare_courses(starts_per_month: float, profile: Profile, mean_weight: float = 1.0) -> pd.DataFrame:
    """Return the courses of the four models and of known methods side by side, for the same families.

    The organisation, the working year and the prices are the profile's own in every row.

    Returns
    -------
    ``course`` (``profile``, a model's or a method's name), ``title_da``, ``title_en``, ``months``, ``hours`` (a whole
    course, weight 1), ``families_per_post_limit``, ``families`` (present at a time), ``posts``, ``per_month_dkk``,
    ``per_course_dkk``, ``n_sourced`` (figures of the course that have a source; the others are own assumptions),
    ``sources_da``, ``sources_en`` (lists).
    """
    own = {lang: _say("course_own", lang) for lang in ("da", "en")}
    found = [("profile", own, {}, figures_of_profile(profile))]
    for name, model in presets().items():
        found.append((name, dict.fromkeys(("da", "en"), model["title"]), _course_values(model), model["settings"]))
    for name, method in known_courses().items():
        titles = {lang: method[f"title_{lang}"] for lang in ("da", "en")}
        found.append((name, titles, {"staffing.course_model": name}, method["settings"]))
    rows = [
        {"course": name, "title_da": titles["da"], "title_en": titles["en"]}
        | _course_row(with_values(_plain_course(profile, name), values), starts_per_month, mean_weight)
        | _sources(given)
        for name, titles, values, given in found
    ]
    return pd.DataFrame(rows)


def _sources(given: Mapping[str, Mapping]) -> dict:
    found = {lang: sources_of(given, lang) for lang in LANGUAGES}
    return {"n_sourced": found["da"][0]} | {f"sources_{lang}": names for lang, (_, names) in found.items()}


def _course_values(model: dict) -> dict:
    return {key: given["value"] for key, given in model["settings"].items() if is_of_course(key)}


def _plain_course(profile: Profile, name: str) -> Profile:
    """Return the profile with the declared course: nothing of the own course stays in that of another model."""
    if name == "profile":
        return profile
    entries = declared_entries()
    return with_values(profile, {key: entries[key].default for key in figures_of_course()})


def _course_row(profile: Profile, starts_per_month: float, mean_weight: float) -> dict:
    course, needed = planned_course(profile), need(starts_per_month, profile, mean_weight)
    return {
        "months": course_months(course),
        "hours": course_hours(course),
        "families_per_post_limit": profile["staffing.families_per_post_limit"],
        "families": needed.families,
        "posts": needed.posts,
        "per_month_dkk": needed.posts * post_cost_per_month(profile),
        "per_course_dkk": course_cost(profile, mean_weight),
    }


def courses_shown(compared: pd.DataFrame, lang: str) -> PublicTable:
    """Return the courses of models and methods side by side (see `compare_courses`)."""
    formats = {
        "months": "number1",
        "hours": "number",
        "families_per_post_limit": "number",
        "families": "number",
        "posts": "number1",
        "per_course_dkk": "dkk",
    }
    n_figures = number(len(figures_of_course()), lang)
    sourced = [_say("sourced_of", lang, n=number(n, lang), all=n_figures) for n in compared["n_sourced"]]
    frame = compared.assign(course=compared[f"title_{lang}"], sourced=sourced)
    formats = {"course": "text", **formats, "sourced": "text"}
    columns = {name: (_say(f"column_{name}", lang), form) for name, form in formats.items()}
    frame = frame[list(formats)]
    return PublicTable("courses", _say("table_courses", lang), frame, columns)


def sentence_sources(compared: pd.DataFrame, lang: str) -> str:
    """Return that figures without a source are own assumptions, and the sources of the others, each once."""
    named = dict.fromkeys(source for sources in compared[f"sources_{lang}"] for source in sources if source)
    return _say("course_sources", lang, sources="; ".join(named))


def sentence_deciding(matters: pd.DataFrame, swing: float, lang: str) -> str:
    """Return which two or three assumptions decide the answer, and by how much the first moves it."""
    keys = deciding(matters)
    if not keys:
        return _say("deciding_none", lang)
    names = [_say("quoted", lang, name=declared_entries()[key].label(lang)) for key in keys]
    named = _say("listed", lang, before=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else names[0]
    words = {"swing": percent(swing, lang), "range": number(matters["range"].iloc[0], lang, 1)}
    return _say("deciding", lang, n=number(len(keys), lang), names=named, **words)


def sentence_precision(row: pd.Series, profile: Profile, lang: str) -> str:
    """Return how precisely the mean wait is known, after how many replications and from which seed."""
    weeks = 365.25 / 7 / 12
    half = (row["wait_mean_high"] - row["wait_months"]) * weeks
    words = {
        "n": number(row["n_replications"], lang),
        "seed": str(profile["staffing.seed"]),
        "asked": number(profile["staffing.wait_precision_weeks"], lang, 1),
    }
    if math.isnan(half):
        return ""
    key = "precision_reached" if half <= profile["staffing.wait_precision_weeks"] else "precision_not_reached"
    return _say(key, lang, half=number(half, lang, 2), **words)


def sentence_overload(row: pd.Series, profile: Profile, lang: str) -> str:
    """Return in how many weeks of the horizon more hours are in use than there are, and the range."""
    weeks = number(round(profile["staffing.horizon_months"] * 365.25 / 7 / 12), lang)
    if row["overload_weeks_high"] < 0.5:
        return _say("overload_none", lang, all=weeks)
    written = {name: number(row[f"overload_weeks{end}"], lang) for name, end in _ENDS.items()}
    return _say("overload", lang, all=weeks, **written)


_ENDS = {"mean": "", "low": "_low", "high": "_high"}


def sentence_never_ends(needed: Need, posts: float, starts_per_month: float, lang: str) -> str:
    """Return that the queue never ends in the long run and what would end it; empty when the posts suffice."""
    if posts >= needed.posts:
        return ""
    share = posts / needed.posts
    return _say(
        "posts_never_end",
        lang,
        posts=number(posts, lang, 1),
        needed=number(needed.posts, lang, 1),
        starts=number(starts_per_month, lang, 1),
        most=number(starts_per_month * share, lang, 1),
        shorter=percent(1 - share, lang),
    )


def sentence_new_places(plan: pd.DataFrame, profile: Profile, lang: str) -> str:
    """Return how many families can start now and how many a month afterwards, with the range over replications.

    Parameters
    ----------
    plan
        The hand-over ``capacity``.
    """
    ahead = plan[plan["is_future"]]
    first, later = ahead.iloc[0], ahead.iloc[1:]
    open_months = ahead[ahead["new_places"] >= 0.5]
    if open_months.empty:
        return _say("new_places_none", lang, n=number(len(ahead), lang))
    written = {name: number(later[f"new_places{end}"].mean(), lang, 1) for name, end in _ENDS.items()}
    if first["new_places"] < 0.5:
        first_open = month(open_months["month"].iloc[0], lang)
        return _say("new_places_later", lang, first=first_open, **written)
    now = {f"{name}_now": number(first[f"new_places{end}"], lang) for name, end in _ENDS.items()}
    offers = number(first["new_places"] / max(profile["staffing.acceptance_share"], 1e-9), lang)
    return _say("new_places", lang, offers=offers, **now, **written)


def sentence_theory(run: LongRun, lang: str) -> str:
    """Return how the simulation does where the exact answer is known (see `checked_against_theory`)."""
    weeks = 365.25 / 7 / 12
    names = ("wait_months", "low", "high", "theory_months")
    words = {name: number(getattr(run, name) * weeks, lang, 2) for name in names}
    key = "theory_covered" if run.covers_theory else "theory_not_covered"
    return _say(key, lang, places=number(run.hours_per_week, lang), **words)
