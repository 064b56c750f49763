"""The staffing calculator on a page of the guide: sliders that look up answers computed when the page is made.

Every answer comes from `helhed.browser.staffing`; the page's script only looks up the nearest one, so that nothing is
computed in two ways. The page needs no server and no network.
"""

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

from helhed.browser.staffing import Answer, long_run
from helhed.profile import declared_entries
from helhed.texts import catalogue, text

#: What the sliders can be set to. The waiting goal needs no grid: it is compared with the waits.
POSTS = tuple(half / 2 for half in range(1, 31))
STARTS = tuple(quarter / 4 for quarter in range(1, 17))
SICK_DAYS = (0, 5, 10, 15, 20, 25)
GOAL_WEEKS = tuple(range(1, 27))
_SENTENCES = ("panel_places", "panel_wait", "panel_endless", "panel_goal", "panel_no_goal")


def standard_settings() -> dict:
    """Return the staffing settings of a municipality that has changed nothing."""
    return {key: entry.default for key, entry in declared_entries().items() if entry.group == "staffing"}


def answers(settings: Mapping) -> dict:
    """Return the grid of answers, posts x inflow x sick days, each as [places, families, posts needed, wait].

    The wait is in weeks, ``None`` when the queue never ends. The sick days that the settings hold are among those of
    the slider, in place of the nearest.
    """
    sick_days = list(SICK_DAYS)
    sick_days[_nearest(SICK_DAYS, settings["staffing.sick_days"])] = settings["staffing.sick_days"]
    grid = [
        [
            [_short(long_run(posts, starts, {**settings, "staffing.sick_days": sick})) for sick in sick_days]
            for starts in STARTS
        ]
        for posts in POSTS
    ]
    return {"posts": POSTS, "starts": STARTS, "sick": sick_days, "goal": GOAL_WEEKS, "grid": grid}


def _nearest(values: Sequence[float], wanted: float) -> int:
    return min(range(len(values)), key=lambda at: abs(values[at] - wanted))


def _short(found: Answer) -> list:
    wait = None if math.isinf(found.wait_weeks) else round(found.wait_weeks, 2)
    return [found.places, round(found.families, 2), round(found.posts_needed, 2), wait]


def calculator_html(lang: str, settings: Mapping | None = None) -> str:
    """Return the calculator as HTML: a form of four sliders, the sentences they give, the grid and the script."""
    chosen = standard_settings() if settings is None else dict(settings)
    start = {
        "posts": POSTS.index(3.0),
        "starts": STARTS.index(1.0),
        "sick": _nearest(SICK_DAYS, chosen["staffing.sick_days"]),
        "goal": _nearest(GOAL_WEEKS, chosen["staffing.target_wait_weeks"]),
    }
    labels = {"posts": "posts", "starts": "wanted_inflow", "sick": "sick_days", "goal": "goal_weeks"}
    data = answers(chosen)
    sliders = "".join(
        f'<div><label for="calculator-{name}">{escape(text(f"outputs.slider_{label}", lang))}</label>'
        f'<input type="range" id="calculator-{name}" min="0" max="{len(data[name]) - 1}" '
        f'value="{start[name]}" step="1">'
        f'<output for="calculator-{name}"></output></div>'
        for name, label in labels.items()
    )
    data["texts"] = {name: catalogue()[f"staffing.{name}"][lang] for name in _SENTENCES}
    data["lang"] = lang
    # "</" would end the script: in JSON the stroke may stand behind a backslash.
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    script = resources.files(__package__).joinpath("calculator.js").read_text(encoding="utf-8")
    return (
        f'<form class="helhed-calculator" id="helhed-calculator" aria-label="{escape(text("book.calculator", lang))}">'
        f'{sliders}<p role="status" aria-live="polite" class="helhed-calculator-answer"></p></form>'
        f'<script type="application/json" id="helhed-calculator-data">{written}</script><script>{script}</script>'
    )
