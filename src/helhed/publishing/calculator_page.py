"""The staffing calculator on a page of the guide: sliders that look up answers computed when the page is made.

Every answer comes from `helhed.browser.staffing`; the page's script only looks up the nearest one, so that nothing is
computed in two ways. The page needs no server and no network.
"""

import json
import math
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from importlib import resources

from helhed.browser.staffing import Answer, long_run
from helhed.publishing.staffing_start import StaffingStart, start_in_words
from helhed.texts import catalogue, text

#: What the sliders can be set to. The waiting goal needs no grid: it is compared with the waits.
POSTS = tuple(half / 2 for half in range(1, 31))
STARTS = tuple(quarter / 4 for quarter in range(1, 17))
SICK_DAYS = (0, 5, 10, 15, 20, 25)
GOAL_WEEKS = tuple(range(1, 27))
_SENTENCES = (
    "staffing.panel_places",
    "staffing.panel_wait",
    "browser.says_no_wait",
    "staffing.panel_endless",
    "browser.says_long_run",
    "staffing.panel_goal",
    "staffing.panel_no_goal",
)


def answers(start: StaffingStart) -> dict:
    """Return the grid of answers, posts x inflow x sick days.

    Each is [places, families, share of the places in whole per cent, posts needed, wait, least goal that holds]: all
    as they are written, so that the page "In your browser" says the same. The wait is in weeks; it and the goal are
    ``None`` when the queue never ends. The posts, the new families and the sick days that the run and the settings
    hold are among those of the sliders, in place of the nearest.
    """
    own_posts = _with(POSTS, start.posts)
    sick_days = _with(SICK_DAYS, start.settings["staffing.sick_days"])
    inflows = _with(STARTS, start.starts)
    grid = [
        [
            [
                _short(long_run(posts, starts, {**start.settings, "staffing.sick_days": sick}, start.mean_weight))
                for sick in sick_days
            ]
            for starts in inflows
        ]
        for posts in own_posts
    ]
    return {"posts": own_posts, "starts": inflows, "sick": sick_days, "goal": GOAL_WEEKS, "grid": grid}


def _with(values: Sequence[float], own: float | None) -> list[float]:
    """Return the values with the municipality's own in place of the nearest."""
    found = list(values)
    if own is not None:
        found[_nearest(values, own)] = own
    return found


def _nearest(values: Sequence[float], wanted: float) -> int:
    return min(range(len(values)), key=lambda at: abs(values[at] - wanted))


def _short(found: Answer) -> list:
    used = round(Decimal(str(found.utilisation)) * 100) if found.places else None
    is_endless = math.isinf(found.wait_weeks)
    wait = [None, None] if is_endless else [round(found.wait_weeks, 1), math.ceil(found.wait_weeks)]
    return [found.places, round(found.families, 1), used, round(found.posts_needed, 1), *wait]


def calculator_html(lang: str, start: StaffingStart | None = None) -> str:
    """Return the calculator as HTML: where it begins, a form of four sliders, their sentences, the grid, the script."""
    start = start or StaffingStart()
    chosen, data = start.settings, answers(start)
    first = {
        "posts": _nearest(data["posts"], 3.0 if start.posts is None else start.posts),
        "starts": _nearest(data["starts"], 1.0 if start.starts is None else start.starts),
        "sick": _nearest(data["sick"], chosen["staffing.sick_days"]),
        "goal": _nearest(GOAL_WEEKS, chosen["staffing.target_wait_weeks"]),
    }
    labels = {"posts": "posts", "starts": "wanted_inflow", "sick": "sick_days", "goal": "goal_weeks"}
    sliders = "".join(
        f'<div><label for="calculator-{name}">{escape(text(f"outputs.slider_{label}", lang))}</label>'
        f'<input type="range" id="calculator-{name}" min="0" max="{len(data[name]) - 1}" '
        f'value="{first[name]}" step="1">'
        f'<output for="calculator-{name}"></output></div>'
        for name, label in labels.items()
    )
    data["texts"] = {key.partition(".")[2]: catalogue()[key][lang] for key in _SENTENCES}
    data["lang"] = lang
    # "</" would end the script: in JSON the stroke may stand behind a backslash.
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    script = resources.files(__package__).joinpath("calculator.js").read_text(encoding="utf-8")
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in start_in_words(start, lang))
    label = escape(text("book.calculator", lang))
    return (
        f'{told}<form class="helhed-calculator" id="helhed-calculator" aria-label="{label}">'
        f'{sliders}<p role="status" aria-live="polite" class="helhed-calculator-answer"></p></form>'
        f'<script type="application/json" id="helhed-calculator-data">{written}</script><script>{script}</script>'
    )
