"""Shows what the sliders mean: places, waiting and cost; when it pays for itself; what so many families can show."""

import math
from collections.abc import Mapping

from helhed.browser.kit import Kit
from helhed.browser.money import (
    INPUTS,
    break_even_month,
    cumulative,
    monthly_costs,
    moved_needed,
    net_curve,
    posts_paid,
)
from helhed.browser.power import detectable_effect
from helhed.browser.staffing import Answer, course_months, long_run, mean_stay_months, with_course_months
from helhed.browser.words import Words, paragraphs, table

#: How far one input is moved to either side, and how many families are tried beside the reader's own number.
_SWING, _TRIED = 0.2, (10, 20, 40, 80, 160)
_WIDE, _HIGH = 640, 220
#: From none to all: no share can change by more percentage points.
_WHOLE_SHARE = 100
#: What the page asks for as per cent.
_IN_PER_CENT = ("fade_per_year", "discount_rate")


def staffing_answer(kit: Kit, values: Mapping[str, str]) -> str:
    """Return what posts, new families, absence and a budget mean: places, waiting, and the cost of it.

    ``values``: posts, starts, course_months, sick_days, goal_weeks, organisation, families_per_post, budget_dkk.
    """
    words, settings = kit.words, staffing_settings(kit, values)
    posts, starts, budget = (_number(values, name) for name in ("posts", "starts", "budget_dkk"))
    found = long_run(posts, starts, settings, kit.mean_weight)
    costs = monthly_costs(posts, settings)
    paid = posts_paid(budget, settings)
    sentences = [
        *_waiting_sentences(words, found, settings),
        _course_sentence(words, settings),
        *_budget_sentences(words, costs, budget, paid, found),
    ]
    if math.isfinite(paid):
        of_budget = long_run(paid, starts, settings, kit.mean_weight)
        wait = _wait(words, of_budget)
        sentences.append(words.say("says_budget_places", places=words.number(of_budget.places), wait=wait))
    return paragraphs(sentences) + _budget_table(words, costs, found)


def staffing_settings(kit: Kit, values: Mapping[str, str]) -> dict:
    """Return the staffing settings in force: those the page began with and what the reader has set."""
    return with_course_months(kit.staffing, _number(values, "course_months")) | {
        "staffing.organisation": values["organisation"],
        "staffing.sick_days": _number(values, "sick_days"),
        "staffing.target_wait_weeks": _number(values, "goal_weeks"),
        "staffing.families_per_post_limit": _number(values, "families_per_post"),
    }


def _number(values: Mapping[str, str], name: str) -> float:
    """Return what a field holds (see `helhed.browser.number_fields` for what it may hold)."""
    return float(values[name])


def _waiting_sentences(words: Words, found: Answer, settings: Mapping) -> list[str]:
    goal = words.number(settings["staffing.target_wait_weeks"])
    used = words.share(found.utilisation) if found.places else "–"
    needed = words.number(found.posts_needed, 1)
    enough = found.posts_for_wait
    return [
        words.say(
            "panel_places",
            places=words.number(found.places),
            families=words.number(found.families, 1),
            used=used,
            needed=needed,
        ),
        words.say(_by_wait(found, "says_no_wait", "panel_wait", "panel_endless"), wait=_weeks(words, found)),
        words.say("says_long_run"),
        words.say("panel_no_goal" if math.isinf(enough) else "panel_goal", goal=goal, enough=words.number(enough, 1)),
    ]


def _course_sentence(words: Words, settings: Mapping) -> str:
    months, stay = course_months(settings), mean_stay_months(settings)
    return words.say("says_course", months=words.number(months, 1), stay=words.number(stay, 1))


def _weeks(words: Words, found: Answer) -> str:
    return words.number(found.wait_weeks, 1)


def _wait(words: Words, found: Answer) -> str:
    return words.say(_by_wait(found, "wait_none", "wait_weeks", "wait_endless"), weeks=_weeks(words, found))


def _by_wait(found: Answer, none: str, some: str, endless: str) -> str:
    if math.isinf(found.wait_weeks):
        return endless
    return some if round(found.wait_weeks, 1) else none


def _budget_sentences(words: Words, costs: dict, budget: float, paid: float, found: Answer) -> list[str]:
    a_year = sum(costs.values()) * 12
    per_family = a_year / 12 / found.places if found.places else None
    code = "says_budget_left" if budget >= a_year else "says_budget_short"
    return [
        words.say("says_cost", year=words.about_kroner(a_year), family=words.about_kroner(per_family)),
        words.say(
            code,
            budget=words.kroner(budget),
            posts=words.number(paid, 1),
            gap=words.about_kroner(abs(budget - a_year)),
        ),
    ]


def _budget_table(words: Words, costs: dict, found: Answer) -> str:
    total = {**costs, "total": sum(costs.values())}
    rows = [
        [
            words.say(f"item_{name}"),
            words.kroner(cost),
            words.kroner(cost * 12),
            words.kroner(cost / found.places if found.places else None),
        ]
        for name, cost in total.items()
    ]
    heads = [words.say(f"head_{name}") for name in ("item", "month", "year", "place")]
    return table(heads, rows, words.say("budget_caption"), frozenset({1, 2, 3}))


def break_even_answer(kit: Kit, values: Mapping[str, str]) -> str:
    """Return when the effort could pay for itself, what that hangs on, and the curve; values: the model's inputs."""
    words, inputs = kit.words, break_even_inputs(values)
    horizon = int(_number(values, "horizon_months"))
    curve = net_curve(inputs, horizon)
    month, needed = break_even_month(curve), moved_needed(inputs, horizon)
    sums = cumulative(curve)
    deepest = min(sums)
    said = [
        words.say("says_break_even" if month else "says_never", month=month, horizon=horizon),
        words.say("says_deepest", amount=words.about_kroner(-deepest), month=sums.index(deepest) + 1)
        if deepest < 0
        else words.say("says_never_below"),
        words.say("says_end", horizon=horizon, amount=words.about_kroner(sums[-1])),
        words.say("says_no_saving") if needed is None else words.say("says_moved", moved=words.number(needed, 2)),
        words.say("says_model"),
    ]
    return paragraphs(said) + _drawn(words, sums, month) + _swings(words, inputs, horizon)


def break_even_inputs(values: Mapping[str, str]) -> dict[str, float]:
    """Return the inputs of the model; the page asks for two of them as per cent a year."""
    return {name: _number(values, name) / (100 if name in _IN_PER_CENT else 1) for name in INPUTS}


def _swings(words: Words, inputs: dict[str, float], horizon: int) -> str:
    rows = []
    for name in INPUTS:
        ends = [
            break_even_month(net_curve({**inputs, name: inputs[name] * k}, horizon)) for k in (1 - _SWING, 1 + _SWING)
        ]
        rows.append([words.say(f"input_{name}"), *(words.say("month_never") if m is None else str(m) for m in ends)])
    swing = words.share(_SWING)
    heads = [words.say("head_input"), words.say("head_lower", swing=swing), words.say("head_higher", swing=swing)]
    return table(heads, rows, words.say("swings_caption"), frozenset({1, 2}))


def _drawn(words: Words, sums: list[float], month: int | None) -> str:
    """Return the running sum as a drawing; its text says what it shows."""
    top, bottom = max(*sums, 0.0), min(*sums, 0.0)
    scale = (_HIGH - 20) / ((top - bottom) or 1.0)

    def high(amount: float) -> float:
        return 10 + (top - amount) * scale

    step = (_WIDE - 20) / max(1, len(sums))
    points = " ".join(f"{10 + step * at:.1f},{high(amount):.1f}" for at, amount in enumerate([0.0, *sums]))
    mark = ""
    if month:
        mark = f'<circle cx="{10 + step * month:.1f}" cy="{high(sums[month - 1]):.1f}" r="6" class="helhed-mark"/>'
    said = words.html(
        "curve_alt" if month else "curve_alt_never",
        month=month,
        low=words.about_kroner(bottom),
        last=words.about_kroner(sums[-1]),
    )
    return (
        f'<svg class="helhed-curve" viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-labelledby="break-even-curve">'
        f'<line x1="10" x2="{_WIDE - 10}" y1="{high(0):.1f}" y2="{high(0):.1f}" class="helhed-zero"/>'
        f'<polyline points="{points}"/>{mark}</svg><p id="break-even-curve">{said}</p>'
    )


def power_answer(kit: Kit, values: Mapping[str, str]) -> str:
    """Return the smallest true change that so many families would show.

    ``values``: families, comparison, sd, and ``measure`` (``share`` in percentage points, or ``number``).
    """
    words, is_share = kit.words, values["measure"] == "share"
    n, comparison, sd = (_number(values, name) for name in ("families", "comparison", "sd"))
    n, comparison = int(n), int(comparison)
    found = detectable_effect(n, comparison, sd)
    groups = {"n": words.number(n), "comparison": words.number(comparison)}
    if found is None:
        said = words.say("says_too_few")
    elif is_share and found > _WHOLE_SHARE:
        said = words.say("says_no_share", **groups)
    else:
        said = words.say("says_detectable", **groups, change=_change(words, found, is_share))
    ratio = comparison / n if n else 1.0
    rows = [
        [words.number(each), words.number(round(each * ratio)), _change(words, one, is_share)]
        for each in sorted({*_TRIED, n})
        if (one := detectable_effect(each, round(each * ratio), sd)) is not None
    ]
    heads = [words.say(f"head_{name}") for name in ("enrolled", "comparison", "change")]
    said = [said, words.say("says_power_model")]
    return paragraphs(said) + table(heads, rows, words.say("power_caption"), frozenset({0, 1, 2}))


def _change(words: Words, change: float, is_share: bool) -> str:
    if is_share and change > _WHOLE_SHARE:
        return words.number(None)
    return words.say("points", value=words.number(change, 1)) if is_share else words.number(change, 2)
