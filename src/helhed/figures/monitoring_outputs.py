"""Figures of what the monitoring hands to people: the dashboard, families in and out, municipalities side by side."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from helhed import texts
from helhed.figures.style import BLUE, GREEN, GREY, INK, ORANGE, canvas, sign
from helhed.outputs import FORMATS, Picture
from helhed.texts import text

#: Colour and sign of each verdict: the sign says the same to those who do not see the colour.
#: Words are written darker than the palette's areas, so that they can be read on white.
_LOOKS = {"better": ("#00694C", "✓"), "worse": ("#A33B00", "!"), "rose": ("#004F7C", "▲"), "fell": ("#004F7C", "▼"),
          "level": (GREY, "–")}  # fmt: skip
_PLAIN, _COLUMNS, _NAME_WIDTH = (GREY, "?"), 3, 27
_MARKS = (("now", {"marker": "o", "color": INK}), ("before", {"marker": "o", "color": INK, "mfc": "white"}),
          ("others", {"marker": "s", "color": GREY}))  # fmt: skip


def dashboard_figure(cards: pd.DataFrame, summary: list[str], lang: str, is_synthetic: bool) -> Picture:
    """Return one field per indicator: the number now in large type, what can be said, and a strip with the interval.

    Parameters
    ----------
    cards
        One row per indicator: ``name``, ``now``, ``verdict``, ``verdict_text``, ``format``, and the numbers
        ``value``, ``low``, ``high``, ``value_before``, ``value_others`` (missing where not shown).
    summary
        Sentences that name the indicators by what can be said of them.
    lang, is_synthetic
        Language, and whether the data are invented.
    """
    rows = max(1, -(-len(cards) // _COLUMNS))
    figure, axes = canvas(0.7 + 1.62 * rows, _COLUMNS, rows=rows)
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    for ax in np.ravel(axes)[len(cards) :]:
        ax.set_axis_off()
    for ax, card in zip(np.ravel(axes), cards.itertuples(), strict=False):
        _field(ax, card, lang)
    handles = [
        Line2D([], [], linestyle="-" if key == "now" else "none", label=text(f"monitoring_outputs.figure_{key}", lang),
               **mark)
        for key, mark in _MARKS
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles), frameon=False, fontsize=9)
    told = "; ".join(f"{card.name}: {card.now}, {card.verdict_text}" for card in cards.itertuples())
    said = {"summary": " ".join(summary), "cards": told}
    return _picture(figure, "dashboard", said, lang, is_synthetic)


def flow_figure(periods: pd.DataFrame, sentence: str, lang: str, is_synthetic: bool) -> Picture:
    """Return enrolled families as a line, and starts and exits as bars where they may be shown.

    ``periods`` has ``to_month``, ``n_started``, ``n_left`` and ``n_enrolled``, missing where not shown.
    """
    figure, ax = canvas(3.2)
    place = np.arange(len(periods))
    name = {key: text(f"monitoring_outputs.figure_flow_{key}", lang) for key in ("started", "left", "enrolled")}
    if periods[["n_started", "n_left"]].notna().all(axis=None):
        style = {"width": 0.5, "edgecolor": INK}
        ax.bar(place, periods["n_started"].astype(float), color=GREEN, label=name["started"], **style)
        ax.bar(place, -periods["n_left"].astype(float), color=ORANGE, hatch="//", label=name["left"], **style)
    enrolled = periods["n_enrolled"].astype("float64")
    ax.plot(place, enrolled, color=BLUE, marker="o", label=name["enrolled"])
    for x, y in zip(place, enrolled, strict=True):
        if y == y:
            ax.annotate(texts.number(y, lang), (x, y), (0, 6), textcoords="offset points", ha="center", fontsize=9)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.margins(y=0.18)
    ax.set_ylim(bottom=None if (periods["n_left"] > 0).any() else 0)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(lambda value, _: texts.number(abs(value), lang))
    ax.set_xticks(place, [_short(month, lang) for month in periods["to_month"]])
    ax.set_ylabel(text("monitoring_outputs.figure_flow_axis", lang))
    figure.legend(frameon=False, ncols=3, loc="outside upper left", fontsize=9)
    return _picture(figure, "flow", {"sentence": sentence}, lang, is_synthetic)


def _field(ax: Axes, card, lang: str) -> None:
    colour, mark = _LOOKS.get(card.verdict, _PLAIN)
    ax.set_axis_off()
    ax.set_ylim(0, 1)
    ax.plot([0, 1], [1.1, 1.1], transform=ax.transAxes, color=colour, linewidth=2, clip_on=False)
    is_shown = card.value == card.value
    name = textwrap.shorten(card.name, 2 * _NAME_WIDTH, placeholder=" …")
    put = {"transform": ax.transAxes, "ha": "left", "va": "top", "in_layout": False}
    ax.text(0, 1, textwrap.fill(name, _NAME_WIDTH), fontsize=9.5, weight="bold", color=INK, linespacing=1.05, **put)
    ax.text(0, 0.7, card.now if is_shown else "–", fontsize=16, color=INK, **put)
    ax.text(0, 0.42, f"{mark} {card.verdict_text}", fontsize=9, color=colour, weight="bold", **put)
    if is_shown:
        _strip(ax, card, lang)


def _strip(ax: Axes, card, lang: str) -> None:
    """Draw the interval now, the baseline and the others on one line, its ends written below it."""
    numbers = pd.Series([card.value, card.low, card.high, card.value_before, card.value_others], dtype=float).dropna()
    low, high = min(numbers.min(), 0.0), numbers.max()
    spread = (high - low) or 1.0
    ax.set_xlim(low - 0.03 * spread, high + 0.03 * spread)
    at = 0.17
    ax.plot([low, high], [at, at], color="#D5DBE1", linewidth=1, zorder=1)
    ax.plot([card.low, card.high], [at, at], color=INK, linewidth=4, alpha=0.35, solid_capstyle="butt", zorder=2)
    for (_, mark), value in zip(reversed(_MARKS), (card.value_others, card.value_before, card.value), strict=True):
        if value == value:
            ax.plot([value], [at], linestyle="none", markersize=6.5, zorder=3, **mark)
    form = FORMATS[card.format]
    for value, side in ((low, "left"), (high, "right")):
        ax.text(value, 0.06, form(value, lang), fontsize=7.5, color=GREY, ha=side, va="top", in_layout=False)


def _short_names(names: pd.Series) -> dict[str, str]:
    """Return each name without the words that all of them begin or end with: there is little room beside a dot."""
    words = [name.split() for name in names]
    first, last = _shared_words(words), _shared_words([each[::-1] for each in words])
    shortest = min((len(each) for each in words), default=0)
    if first + last >= shortest:
        last = 0
    return {name: " ".join(each[first : len(each) - last]) for name, each in zip(names, words, strict=True)}


def _shared_words(words: list[list[str]]) -> int:
    shared = 0
    while len({tuple(each[: shared + 1]) for each in words}) == 1 and all(len(each) > shared + 1 for each in words):
        shared += 1
    return shared


def _name_dots(ax: Axes, rows: pd.DataFrame) -> None:
    """Write the names beside the dots: to the left near the right edge, and below where another name stands above."""
    names, (left, right), (bottom, top) = _short_names(rows["municipality"]), ax.get_xlim(), ax.get_ylim()
    written: list[tuple[float, float]] = []
    for row in rows[rows["place"] != ""].sort_values(["value", "size"], ascending=False).itertuples():
        x, y = (row.size - left) / (right - left), (row.value - bottom) / (top - bottom)
        is_taken = any(abs(x - other) < 0.2 and abs(y - height) < 0.06 for other, height in written)
        shift, side = (-5, "right") if x > 0.75 else (5, "left")
        place = ((shift, -5), "top") if is_taken else ((shift, 4), "bottom")
        written.append((x, y))
        ax.annotate(names[row.municipality], (row.size, row.value), place[0], textcoords="offset points", fontsize=9,
                    ha=side, va=place[1])  # fmt: skip


def _short(month: pd.Timestamp, lang: str) -> str:
    """Return a month in two short lines."""
    return texts.month(month, lang).replace(" ", "\n")


def _picture(figure, name: str, said: dict[str, str], lang: str, is_synthetic: bool) -> Picture:
    sign(figure, lang, text("monitoring.figure_source", lang), is_synthetic)
    caption = text(f"monitoring_outputs.figure_{name}_caption", lang, **said)
    alt = text(f"monitoring_outputs.figure_{name}_alt", lang, **said)
    return Picture(figure, f"fig-monitor-{name}", caption, alt)


def funnel_figure(found: pd.DataFrame, limits: pd.DataFrame, about: dict[str, str], lang: str) -> Picture:
    """Return a funnel plot: each municipality by size and value, within the limits of chance around the common level.

    Parameters
    ----------
    found
        One row per municipality: ``municipality``, ``value``, ``size`` and ``place`` (``inside``, ``outside``,
        ``far``, or empty where there is no value).
    limits
        ``size`` and ``low_95``, ``high_95``, ``low_998``, ``high_998``.
    about
        ``id``, ``name``, ``format``, ``centre`` (as a number in text), ``size_axis``, ``sentence`` and ``source``.
    lang
        ``da`` or ``en``.
    """
    figure, ax = canvas(3.9)
    form = FORMATS[about["format"]]
    for coverage, style in (("95", "-"), ("998", "--")):
        name = text(f"monitoring_outputs.figure_limits_{coverage}", lang)
        ax.plot(limits["size"], limits[f"low_{coverage}"], color=GREY, linestyle=style, linewidth=1, label=name)
        ax.plot(limits["size"], limits[f"high_{coverage}"], color=GREY, linestyle=style, linewidth=1)
    centre = float(about["centre"])
    ax.axhline(centre, color=INK, linewidth=1, label=text("monitoring_outputs.figure_centre", lang))
    for place, colour, marker in (("inside", BLUE, "o"), ("outside", ORANGE, "D"), ("far", "#A33B00", "D")):
        rows = found[found["place"] == place]
        name = text(f"monitoring_outputs.place_{place}", lang)
        ax.plot(rows["size"], rows["value"], linestyle="none", color=colour, marker=marker, label=name)
    ax.yaxis.set_major_formatter(lambda value, _: form(value, lang))
    ax.xaxis.set_major_formatter(lambda value, _: texts.number(value, lang))
    ax.set_ylim(bottom=min(0.0, limits["low_998"].min()) if limits["low_998"].min() < 0.2 * centre else None)
    _name_dots(ax, found)
    ax.set_xlabel(about["size_axis"])
    ax.set_ylabel(textwrap.fill(about["name"], 38))
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=8)
    sign(figure, lang, about["source"], False)
    said = {"name": about["name"], "sentence": about["sentence"]}
    caption = text("monitoring_outputs.figure_funnel_caption", lang, **said)
    alt = text("monitoring_outputs.figure_funnel_alt", lang, **said)
    return Picture(figure, f"fig-side-{about['id'].replace('_', '-')}", caption, alt)
