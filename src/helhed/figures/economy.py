"""Figure of the economy: the cumulative result per family and when it reaches zero."""

import numpy as np
from matplotlib.ticker import FuncFormatter

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
        lowest=texts.kroner(total.min(), lang),
        end=texts.kroner(total[-1], lang),
        end_low=texts.kroner(low[-1], lang),
        end_high=texts.kroner(high[-1], lang),
    )
    return Picture(figure, "fig-evaluate-breakeven", _caption(total, found, words, lang), alt)


def _caption(total: np.ndarray, found, words: str, lang: str) -> str:
    key = "reached" if np.isfinite(found.month) else "never"
    return text(
        f"economy.breakeven_caption_{key}",
        lang,
        lowest=texts.kroner(total.min(), lang),
        lowest_month=texts.number(int(total.argmin()) + 1, lang),
        month=texts.number(found.month, lang),
        range=words,
        never=texts.percent(found.share_never, lang),
        horizon=len(total),
    )
