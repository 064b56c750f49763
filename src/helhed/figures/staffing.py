"""Figures of the staffing step: hours month by month, waiting by posts, what matters most."""

import pandas as pd

from helhed.figures.style import BLUE, GREY, INK, ORANGE, VERMILION, canvas, sign
from helhed.outputs import Picture
from helhed.profile import Profile, declared_entries
from helhed.texts import month, number, percent, text

WEEKS_PER_MONTH = 365.25 / 7 / 12
#: Settings shown in the figure of what matters most.
_SHOWN, _JULY = 8, 7
#: Longer waits than so many waiting goals are drawn only where the present one is that long.
_TIMES_TARGET = 10


def _say(key: str, lang: str, **values) -> str:
    return text(f"staffing.{key}", lang, **values)


def _signed(figure, profile: Profile, lang: str):
    return sign(figure, lang, _say("figure_source", lang), profile.is_synthetic)


def hours_figure(plan: pd.DataFrame, profile: Profile, lang: str) -> Picture:
    """Return the figure of hours needed against hours available, month by month.

    Parameters
    ----------
    plan
        The hand-over ``capacity``.
    """
    figure, ax = canvas(4.0)
    ahead, past = plan[plan["is_future"]], plan[~plan["is_future"]]
    ax.step(plan["month"], plan["hours_available"], where="mid", color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
    ax.plot(past["month"], past["hours_needed"], color=BLUE, linewidth=2)
    joined = pd.concat([past.tail(1), ahead])
    ax.plot(joined["month"], joined["hours_needed"], color=BLUE, linewidth=2, marker="o", markersize=3)
    ax.fill_between(joined["month"], joined["hours_needed_low"], joined["hours_needed_high"], color=BLUE, alpha=0.18)
    ax.axvline(past["month"].iloc[-1] + pd.Timedelta(days=15), color=GREY, linewidth=1)
    top = float(plan[["hours_available", "hours_needed_high"]].max().max())
    ax.set_ylim(0, top * 1.22)
    ax.annotate(
        _say("figure_today", lang),
        (past["month"].iloc[-1] + pd.Timedelta(days=20), top * 1.14),
        color=GREY,
        fontsize=9,
    )
    handles = [
        ax.plot([], [], color=BLUE, linewidth=2, label=_say("figure_needed", lang))[0],
        ax.plot([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 2)), label=_say("figure_available", lang))[0],
        ax.fill_between([], [], color=BLUE, alpha=0.18, label=_say("figure_range", lang)),
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    ax.yaxis.set_major_formatter(lambda value, _: number(value, lang))
    ax.set_ylabel(_say("figure_hours_axis", lang))
    ticks = plan["month"].iloc[::6]
    ax.set_xticks(ticks, [month(tick, lang) for tick in ticks], fontsize=8)
    caption = _hours_caption(ahead, lang)
    return Picture(_signed(figure, profile, lang), "fig-staff-hours", caption, caption)


def _hours_caption(ahead: pd.DataFrame, lang: str) -> str:
    # July is left out: the summer holiday empties it in every plan.
    ahead = ahead[ahead["month"].dt.month != _JULY]
    n_short = int((ahead["hours_needed"] > ahead["hours_available"]).sum())
    means = {
        "needed": number(ahead["hours_needed"].mean(), lang),
        "available": number(ahead["hours_available"].mean(), lang),
    }
    code = "figure_hours_caption" if n_short else "figure_hours_caption_enough"
    return _say(code, lang, n_short=number(n_short, lang), n=number(len(ahead), lang), **means)


def waiting_figure(waiting: pd.DataFrame, posts_now: float, profile: Profile, lang: str) -> Picture:
    """Return the figure of the mean wait by number of posts, with the range of nine in ten replications.

    Waits so long that the others could not be told apart are left to the table.

    Parameters
    ----------
    waiting
        Rows of `helhed.staffing.planning.waiting_by_posts`.
    posts_now
        Posts in force, marked by a line.
    """
    figure, ax = canvas(3.8)
    table = _waits_worth_drawing(waiting, posts_now, profile["staffing.target_wait_weeks"]).sort_values("posts")
    weeks = {name: table[name] * WEEKS_PER_MONTH for name in ("wait_months", "wait_low", "wait_high")}
    spread = [weeks["wait_months"] - weeks["wait_low"], weeks["wait_high"] - weeks["wait_months"]]
    ax.errorbar(
        table["posts"], weeks["wait_months"], yerr=[s.clip(lower=0) for s in spread],
        fmt="o", color=BLUE, ecolor=BLUE, elinewidth=2, capsize=4, markersize=6,
    )  # fmt: skip
    target = profile["staffing.target_wait_weeks"]
    ax.axhline(target, color=VERMILION, linewidth=1.4, linestyle=(0, (4, 2)))
    top = max(float(weeks["wait_high"].max()), target) * 1.12
    ax.set_ylim(0, top)
    ax.axvline(posts_now, color=GREY, linewidth=1)
    ax.annotate(_say("figure_posts_now", lang, posts=number(posts_now, lang, 1)), (posts_now, top), (4, -12),
                textcoords="offset points", color=INK, fontsize=9)  # fmt: skip
    label = _say("figure_target", lang, weeks=number(target, lang))
    place = (float(table["posts"].max()), target)
    ax.annotate(label, place, (0, 5), textcoords="offset points", color=VERMILION, fontsize=9, ha="right")
    ax.set_xlabel(_say("figure_posts_axis", lang))
    ax.set_ylabel(_say("figure_wait_axis", lang))
    caption = _waiting_caption(table, weeks, lang)
    return Picture(_signed(figure, profile, lang), "fig-staff-waiting", caption, caption)


def _waits_worth_drawing(waiting: pd.DataFrame, posts_now: float, target: float) -> pd.DataFrame:
    now = waiting.loc[waiting["posts"] == posts_now, "wait_months"].max() * WEEKS_PER_MONTH
    longest = max(_TIMES_TARGET * target, 2 * now if pd.notna(now) else 0.0)
    drawn = waiting[(waiting["wait_months"] * WEEKS_PER_MONTH <= longest) | (waiting["posts"] == posts_now)]
    return drawn if len(drawn) else waiting


def _waiting_caption(table: pd.DataFrame, weeks: dict, lang: str) -> str:
    ends = {
        "posts_low": number(table["posts"].iloc[0], lang, 1),
        "posts_high": number(table["posts"].iloc[-1], lang, 1),
        "wait_low": number(weeks["wait_months"].iloc[0], lang, 1),
        "wait_high": number(weeks["wait_months"].iloc[-1], lang, 1),
    }
    return _say("figure_waiting_caption", lang, **ends)


def matters_figure(matters: pd.DataFrame, posts: float, swing: float, profile: Profile, lang: str) -> Picture:
    """Return the tornado: posts needed when one setting at a time is lower or higher, the largest effect on top.

    Parameters
    ----------
    matters
        Rows of `helhed.staffing.organisation.what_matters`.
    posts
        Posts needed with every setting as it is.
    swing
        Share by which settings were varied.
    """
    shown = matters.head(_SHOWN).iloc[::-1].reset_index(drop=True)
    figure, ax = canvas(1.4 + 0.36 * len(shown))
    for column, colour, key in (("posts_low", ORANGE, "figure_lower"), ("posts_high", BLUE, "figure_higher")):
        label = _say(key, lang, swing=percent(swing, lang))
        ax.barh(shown.index, shown[column] - posts, left=posts, color=colour, height=0.62, label=label)
    ax.axvline(posts, color=INK, linewidth=1)
    ax.set_yticks(shown.index, [_wrapped(declared_entries()[key].label(lang)) for key in shown["key"]], fontsize=8)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    ax.xaxis.set_major_formatter(lambda value, _: number(value, lang, 1))
    ax.set_xlabel(_say("figure_need_axis", lang))
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    caption = _say(
        "figure_matters_caption",
        lang,
        first=declared_entries()[matters["key"].iloc[0]].label(lang),
        low=number(matters[["posts_low", "posts_high"]].iloc[0].min(), lang, 1),
        high=number(matters[["posts_low", "posts_high"]].iloc[0].max(), lang, 1),
        swing=number(swing * 100, lang),
    )
    return Picture(_signed(figure, profile, lang), "fig-staff-matters", caption, caption)


def _wrapped(label: str, width: int = 46) -> str:
    if len(label) <= width:
        return label
    cut = label.rfind(" ", 0, width)
    return f"{label[:cut]}\n{label[cut + 1 :]}"
