"""What the staffing step shows: public tables and sentences made from the results."""

import math

import pandas as pd

from helhed.outputs import FORMATS, PublicTable, gives_away, is_small
from helhed.profile import Profile
from helhed.staffing.budget import GrantFit, post_cost_per_month
from helhed.staffing.capacity import JULY, posts_on
from helhed.staffing.case_loads import case_loads
from helhed.staffing.caseload import ObservedCourse
from helhed.staffing.course import ACTIVITIES, WEEKS_PER_MONTH, course_table
from helhed.staffing.planning import MOST_POSTS
from helhed.staffing.posts import Acceptance, Need, Starts
from helhed.texts import number, text


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


def _write(value, form: str, lang: str) -> str:
    return FORMATS[form](value, lang)


def _table(name: str, frame: pd.DataFrame, formats: dict[str, str], lang: str) -> PublicTable:
    columns = {column: (_say(f"column_{column}", lang), form) for column, form in formats.items()}
    return PublicTable(name, _say(f"table_{name}", lang), frame, columns)


def course_shown(course, lang: str) -> PublicTable:
    """Return the table of the planned course: hours per week of each activity in each phase."""
    frame = course_table(course)
    frame["phase"] = [_say(f"phase_{phase}", lang) for phase in frame["phase"]]
    formats = {"phase": "text", "months": "number1", **dict.fromkeys(ACTIVITIES, "number2")}
    return _table("course", frame, {**formats, "hours_per_week": "number2", "hours": "number"}, lang)


def organisations_shown(comparison: pd.DataFrame, waiting: pd.DataFrame, lang: str) -> PublicTable:
    """Return the organisation models side by side; the one in force is marked.

    Parameters
    ----------
    comparison, waiting
        As returned by `compare_organisations` and `waiting_by_organisation`.
    """
    comparison = comparison.merge(waiting[["organisation", "wait_months"]], on="organisation", how="left")
    comparison = comparison.assign(wait_weeks=comparison["wait_months"] * WEEKS_PER_MONTH)
    names = [_organisation(row.organisation, row.is_in_force, lang) for row in comparison.itertuples()]
    formats = {
        "organisation": "text",
        "posts": "number1",
        "persons": "number1",
        "per_month_dkk": "dkk",
        "per_course_dkk": "dkk",
        "wait_weeks": "number1",
        "handoffs_per_month": "number",
        "contact_persons": "number1",
    }
    return _table("organisations", comparison.assign(organisation=names), formats, lang)


def _organisation(name: str, is_in_force: bool, lang: str) -> str:
    written = _say(f"organisation_{name}", lang)
    return _say("in_force", lang, organisation=written) if is_in_force else written


def waiting_shown(waiting: pd.DataFrame, lang: str) -> PublicTable:
    """Return waiting and flow by number of posts, waits in weeks."""
    weeks = {f"{name}_weeks": waiting[column] * WEEKS_PER_MONTH for name, column in _WAITS.items()}
    formats = {
        "posts": "number1",
        "places": "number",
        **dict.fromkeys(weeks, "number1"),
        "share_over_limit": "share",
        "started_per_month": "number2",
        "utilisation": "share",
    }
    return _table("waiting", waiting.assign(**weeks), formats, lang)


_WAITS = {"wait": "wait_months", "wait_low": "wait_low", "wait_high": "wait_high"}


def case_loads_shown(families_per_post: float, lang: str) -> PublicTable:
    """Return the published case loads below the municipality's own families per full-time post."""
    own = {"who": _say("own_case_load", lang), "low": families_per_post, "high": families_per_post, "source": "–"}
    frame = pd.concat([pd.DataFrame([own]), case_loads(lang)], ignore_index=True)
    formats = {"who": "text", "low": "number1", "high": "number1", "source": "text"}
    return _table("case_loads", frame, formats, lang)


def sentence_starts(starts: Starts, lang: str) -> str:
    """Return how many families a month the calculation uses, and where the number comes from."""
    words = {"starts": number(starts.per_month, lang, 1), "past": number(starts.past, lang, 1)}
    return _say(f"starts_{starts.basis}", lang, **words)


def sentence_need(needed: Need, posts_now: float, lang: str) -> str:
    """Return how many posts the families need in the long run, and what decides it."""
    decides = "hours" if needed.posts_by_hours >= needed.posts_by_limit else "limit"
    gap = posts_now - needed.posts
    verdict = "enough" if gap >= 0 else "short"
    return " ".join(
        [
            _say(
                f"need_{decides}",
                lang,
                families=number(needed.families, lang),
                posts=number(needed.posts, lang, 1),
            ),
            _say(f"need_{verdict}", lang, posts_now=number(posts_now, lang, 1), gap=number(abs(gap), lang, 1)),
        ]
    )


def months_short(plan: pd.DataFrame) -> pd.DataFrame:
    """Return the coming months that need more hours than there are; July is left out, holiday empties it."""
    ahead = _ahead(plan)
    return ahead[ahead["hours_needed"] > ahead["hours_available"]]


def _ahead(plan: pd.DataFrame) -> pd.DataFrame:
    return plan[plan["is_future"] & (plan["month"].dt.month != JULY)]


def sentence_hours(plan: pd.DataFrame, lang: str) -> str:
    """Return in how many of the coming months the hours needed are above those available."""
    ahead, short = _ahead(plan), months_short(plan)
    if short.empty:
        return _say("hours_enough", lang)
    first = _write(short["month"].iloc[0], "month", lang)
    return _say("hours_short", lang, n_short=number(len(short), lang), n=number(len(ahead), lang), first=first)


def sentence_waiting(row: pd.Series, target_weeks: float, enough: float, needed: float, lang: str) -> str:
    """Return the wait at the posts in force with its range, and the fewest posts that keep the target.

    Parameters
    ----------
    enough
        Fewest posts that keep the target in the months ahead; missing where none do.
    needed
        Posts that the new families need in the long run: with fewer the line goes on growing, which is then said.
    """
    weeks = {name: row[column] * WEEKS_PER_MONTH for name, column in _WAITS.items()}
    if math.isnan(weeks["wait"]):
        return _say("waiting_nobody", lang)
    written = {name: number(value, lang, 1) for name, value in weeks.items()}
    first = _say("waiting_now", lang, posts=number(row["posts"], lang, 1), **written)
    target = number(target_weeks, lang)
    if math.isnan(enough):
        return f"{first} {_say('waiting_none_enough', lang, target=target, most=number(MOST_POSTS, lang))}"
    said = f"{first} {_say('waiting_enough', lang, target=target, posts=number(enough, lang, 1))}"
    if enough >= needed:
        return said
    return f"{said} {_say('waiting_enough_ahead', lang, posts=number(enough, lang, 1), needed=number(needed, lang, 1))}"


def sentence_acceptance(found: Acceptance, assumed: float, threshold: int, lang: str) -> str:
    """Return what the municipality's own offers say about the assumed share of families that say yes."""
    if found.n_offered < threshold or gives_away(found.n_accepted, found.n_offered, threshold):
        return _say("acceptance_few", lang, assumed=_write(assumed, "share", lang))
    key = "acceptance_fits" if found.low <= assumed <= found.high else "acceptance_differs"
    shares = {name: _write(getattr(found, name), "share", lang) for name in ("share", "low", "high")}
    return _say(key, lang, assumed=_write(assumed, "share", lang), n=number(found.n_offered, lang), **shares)


def sentence_course(found: ObservedCourse, planned_months: float, n_past_plan: int, threshold: int, lang: str) -> str:
    """Return how long families have in fact stayed, beside the planned course."""
    planned = number(planned_months, lang)
    if found.n_left < threshold or math.isnan(found.median_months):
        stay = _say("course_few", lang, planned=planned)
    else:
        stay = _say("course_observed", lang, planned=planned, median=number(found.median_months, lang))
    if n_past_plan == 0:
        return stay
    return f"{stay} {_say('course_past_plan', lang, n=_count(n_past_plan, threshold, lang))}"


def sentence_grant(fit: GrantFit | None, lang: str) -> str:
    """Return how far the grant goes, or that none is set."""
    if fit is None:
        return _say("grant_none", lang)
    months_paid = min(fit.months_paid, 12 * 99)
    words = {"grant": _write(fit.grant_dkk + fit.own_dkk, "dkk", lang), "months": number(fit.months, lang)}
    words["money"] = _say("money_both" if fit.own_dkk > 0 else "money_grant", lang)
    key = "grant_enough" if fit.left_over_dkk >= 0 else "grant_short"
    return _say(key, lang, posts=number(fit.posts_paid, lang, 1), months_paid=number(months_paid, lang), **words)


def sentence_price(profile: Profile, lang: str) -> str:
    """Return what a post costs a month and where the salary comes from."""
    cost = _write(post_cost_per_month(profile), "dkk", lang)
    key = "price_default" if profile.settings["staffing.salary_dkk_per_year"].origin == "default" else "price_own"
    return _say(key, lang, cost=cost)


def sentence_organisations(comparison: pd.DataFrame, lang: str) -> str:
    """Return which organisation needs the fewest posts and how far the one in force is from it."""
    best = comparison.loc[comparison["posts"].idxmin()]
    own = comparison[comparison["is_in_force"]].iloc[0]
    names = {"best": _say(f"organisation_{best['organisation']}", lang)}
    if best["organisation"] == own["organisation"]:
        return _say("organisation_best", lang, **names)
    names["own"] = _say(f"organisation_{own['organisation']}", lang)
    return _say("organisation_other", lang, gap=number(own["posts"] - best["posts"], lang, 1), **names)


def sentence_assignment(assignment: pd.DataFrame, load: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return how many families have a coordinator, how many wait, and whether anyone carries too much."""
    placed = assignment["coordinator_id"].notna()
    # Enrolled families without a coordinator have a sentence of their own, with the reason.
    left = int((~placed & assignment["is_new"]).sum())
    few = is_small(int((~placed).sum()), threshold)
    # How many there are in all stands elsewhere: beside it, the number placed would give away how few are not.
    n = len(assignment) if few else int(placed.sum())
    parts = [_say("assigned_most" if few else "assigned", lang, n=_count(n, threshold, lang))]
    if left:
        parts.append(_say("left_waiting", lang, n=_count(left, threshold, lang)))
    over = int((load["load"] > 1).sum())
    words = {"n": number(over, lang), "all": number(len(load), lang), "peak": _write(load["load"].max(), "share", lang)}
    return " ".join([*parts, _say("overloaded" if over else "not_overloaded", lang, **words)])


def _count(n: int, threshold: int, lang: str) -> str:
    return _say("few", lang, threshold=threshold) if is_small(n, threshold) else number(n, lang)


def sentence_places(n_places: int, range_: tuple[int, int], swing: float, lang: str) -> str:
    """Return how many families can be present at a time, with the range if they take more or less time."""
    low, high = (number(value, lang) for value in range_)
    return _say(
        "places_now" if low != high else "places_same",
        lang,
        places=number(n_places, lang),
        low=low,
        high=high,
        swing=_write(swing, "share", lang),
    )


def sentence_basis(coordinator: pd.DataFrame, profile: Profile, lang: str) -> str:
    """Return a warning that the posts are planned, not filled; empty when a coordinator is in post."""
    if posts_on(coordinator, profile["data.to_date"]) > 0:
        return ""
    return _say("nobody_in_post", lang)


def plan_shown(plan: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the plan without the hours of past months with fewer families than may be shown."""
    few = is_small(plan["n_families"], threshold).fillna(False).astype(bool)
    hours = ["hours_needed", "hours_needed_low", "hours_needed_high"]
    return plan.assign(**{name: plan[name].mask(few) for name in hours})


def sentence_course_cost(cost_dkk: float, lang: str) -> str:
    """Return what a whole course costs in coordinator time."""
    return _say("course_cost", lang, cost=_write(cost_dkk, "about_dkk", lang))


def note_case_loads(lang: str) -> str:
    """Return what the published case loads can be compared with."""
    return _say("case_loads_note", lang)
