"""What the staffing hands to the selection: places in all and month by month; how far today is from the long run."""

import math

import pandas as pd

from helhed.outputs import PublicTable, is_small
from helhed.profile import Profile
from helhed.profile.reading import FILE_NAME
from helhed.staffing.planning_outlook import Outlook
from helhed.staffing.posts import Need, Starts, need
from helhed.texts import number, text

#: Months ahead for which places are shown; further ahead chance has most of the say.
MONTHS_SHOWN = 12
#: The past is worth a word when so much more has started a month than is planned for.
_MORE_THAN_PLANNED = 1.25


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


def places_to_offer(plan: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return the places the selection can offer month by month.

    Parameters
    ----------
    plan
        The hand-over ``capacity`` (see `helhed.staffing.planning.monthly_plan`).

    Returns
    -------
    The coming months of the plan: ``month``, ``new_places``, ``new_places_low``, ``new_places_high`` (families that can
    start in the month: mean, 5th and 95th percentile) and ``offers``: offers to make for the mean, because not every
    family says yes; missing where none is assumed to.
    """
    ahead = plan.loc[plan["is_future"], ["month", "new_places", "new_places_low", "new_places_high"]]
    accepting = profile["staffing.acceptance_share"]
    offers = ahead["new_places"] / accepting if accepting > 0 else math.nan
    return ahead.assign(offers=offers).reset_index(drop=True)


def places_shown(offered: pd.DataFrame, lang: str) -> PublicTable:
    """Return the table of the places to offer in the coming year (see `places_to_offer`)."""
    formats = {"month": "month", **dict.fromkeys(offered.columns[1:], "number1")}
    columns = {name: (_say(f"column_{name}", lang), form) for name, form in formats.items()}
    return PublicTable("places", _say("table_places", lang), offered.head(MONTHS_SHOWN), columns)


def sentence_handed_over(n_places: int, profile: Profile, lang: str) -> str:
    """Return whether the target group was cut at the places the posts carry, and else where a person changes it."""
    used, row = profile["selection.places"], profile.lines.get("selection.places")
    where = text("why.place" if row else "why.not_written", lang, file=FILE_NAME, row=row, entry="selection.places")
    key = "handed_over" if used == n_places else "places_differ"
    return _say(key, lang, places=number(n_places, lang), used=number(used, lang), place=where)


def sentence_today(look: Outlook, needed: Need, threshold: int, lang: str) -> str:
    """Return how many families are there and wait today, and a warning when the long run has far fewer."""
    counts = {"present": look.n_present, "waiting": look.n_waiting}
    said = {
        name: _say("few", lang, threshold=threshold) if is_small(n, threshold) else number(n, lang)
        for name, n in counts.items()
    }
    return _say("today_more" if sum(counts.values()) > needed.families else "today_fewer", lang, **said)


def sentence_past(expected: Starts, profile: Profile, mean_weight: float, lang: str) -> str:
    """Return the posts needed if families go on starting as in the past; empty unless clearly more have started."""
    if expected.past <= _MORE_THAN_PLANNED * expected.per_month:
        return ""
    return _say("past_continues", lang, posts=number(need(expected.past, profile, mean_weight).posts, lang, 1))
