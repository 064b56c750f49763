"""Figures of the economy: spending over time, when the effort pays for itself, and what that depends on."""

from textwrap import wrap

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helhed import texts
from helhed.figures.style import BLUE, INK, ORANGE, SKY, canvas, sign
from helhed.outputs import Picture
from helhed.texts import text


def break_even_picture(net: np.ndarray, draws: np.ndarray, found: tuple, lang: str, is_synthetic: bool) -> Picture:
    """Return the municipality's cumulative result per family with the range of the draws.

    Parameters
    ----------
    net
        Net result by month with the assumptions used.
    draws
        Net result by month, one row per draw.
    found
        `helhed.economy.break_even.BreakEven`, and its range in words.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    found, words = found
    total = np.cumsum(net)
    low, high = np.quantile(np.cumsum(draws, axis=1), [0.1, 0.9], axis=0)
    months = np.arange(1, len(net) + 1)
    figure, ax = canvas(3.8)
    ax.fill_between(months, low / 1000, high / 1000, color=SKY, alpha=0.35, label=text("economy.breakeven_band", lang))
    ax.plot(months, total / 1000, color=BLUE, linewidth=2, label=text("economy.breakeven_line", lang))
    ax.axhline(0, color=INK, linewidth=1)
    if np.isfinite(found.month):
        ax.plot(found.month, 0, "D", color=ORANGE, label=text("economy.breakeven_zero", lang))
    ax.set_xlabel(text("economy.breakeven_axis_x", lang))
    ax.set_ylabel(text("economy.breakeven_axis_y", lang))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang)))
    ax.legend(loc="best", frameon=True)
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    alt = text(
        "economy.breakeven_alt",
        lang,
        horizon=len(net),
        lowest=texts.about_kroner(total.min(), lang),
        end=texts.about_kroner(total[-1], lang),
        end_low=texts.about_kroner(low[-1], lang),
        end_high=texts.about_kroner(high[-1], lang),
    )
    return Picture(figure, "fig-evaluate-breakeven", _caption(total, found, words, lang), alt)


def _caption(total: np.ndarray, found, words: str, lang: str) -> str:
    key = "reached" if np.isfinite(found.month) else "never"
    return text(
        f"economy.breakeven_caption_{key}",
        lang,
        lowest=texts.about_kroner(total.min(), lang),
        lowest_month=texts.number(int(total.argmin()) + 1, lang),
        month=texts.number(found.month, lang),
        range=words,
        never=texts.percent(found.share_never, lang),
        horizon=len(total),
    )


def spending_picture(found, caption: str, lang: str, is_synthetic: bool) -> Picture:
    """Return the municipality's extra spending per family since the start, cumulated, with its interval.

    Parameters
    ----------
    found
        `helhed.economy.scenario.SpendingCurve`.
    caption
        What it says, in the language.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    curve, top, last = found.curve, found.top, found.last
    figure, ax = canvas(3.8)
    band = (curve["month"], curve["low_dkk"] / 1000, curve["high_dkk"] / 1000)
    ax.fill_between(*band, color=SKY, alpha=0.35, label=text("economy.curve_band", lang))
    ax.plot(
        curve["month"], curve["cumulative_dkk"] / 1000, color=BLUE, linewidth=2, label=text("economy.curve_line", lang)
    )
    ax.axhline(0, color=INK, linewidth=1)
    if found.is_falling:
        ax.plot(top["month"], top["cumulative_dkk"] / 1000, "D", color=ORANGE, label=text("economy.curve_top", lang))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 3, 6, 10]))
    ax.set_xlabel(text("economy.curve_axis_x", lang))
    ax.set_ylabel(text("economy.curve_axis_y", lang))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang)))
    ax.legend(loc="best", frameon=True)
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    alt = text(
        "economy.curve_alt",
        lang,
        top=texts.about_kroner(top["cumulative_dkk"], lang),
        top_month=texts.number(top["month"], lang),
        last=texts.about_kroner(last["cumulative_dkk"], lang),
        last_month=texts.number(last["month"], lang),
        low=texts.about_kroner(last["low_dkk"], lang),
        high=texts.about_kroner(last["high_dkk"], lang),
    )
    return Picture(figure, "fig-evaluate-spending-curve", caption, alt)


def swings_picture(swings, value_dkk: float, lang: str, is_synthetic: bool) -> Picture:
    """Return how far each assumption alone moves the present value per family, the most important on top.

    Parameters
    ----------
    swings
        From `helhed.economy.worth.value_swings`.
    value_dkk
        The present value with the assumptions used.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    rows = swings.iloc[::-1].reset_index(drop=True)
    figure, ax = canvas(3.8)
    for end, color in (("low", SKY), ("high", BLUE)):
        width = (rows[f"value_at_{end}_dkk"] - value_dkk) / 1000
        ax.barh(
            rows.index, width, left=value_dkk / 1000, height=0.6, color=color, label=text(f"economy.swings_{end}", lang)
        )
    ax.axvline(value_dkk / 1000, color=INK, linewidth=1)
    ax.set_yticks(rows.index, [_short(text(f"economy.input_{name}", lang)) for name in rows["input"]], fontsize=7.5)
    ax.set_xlabel(text("economy.swings_axis", lang))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang)))
    ax.legend(loc="lower right", frameon=True)
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    first = swings.iloc[0]
    ends = sorted((first["value_at_low_dkk"], first["value_at_high_dkk"]))
    words = {
        "most": text(f"economy.input_{first['input']}", lang),
        "low": texts.about_kroner(ends[0], lang),
        "high": texts.about_kroner(ends[1], lang),
    }
    caption = text("economy.swings_caption", lang, **words, value=texts.about_kroner(value_dkk, lang))
    alt = text("economy.swings_alt", lang, **words, n=len(swings))
    return Picture(figure, "fig-evaluate-swings", caption, alt)


def _short(label: str, width: int = 34) -> str:
    """Return a label on several short lines, broken between words."""
    return "\n".join(wrap(label, width))
