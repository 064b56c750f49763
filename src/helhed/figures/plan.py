"""Figures of the shared plan: where its lines come from, what meetings must settle, one family's timeline."""

from datetime import date

import pandas as pd
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from helhed.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PALETTE, PINK, SKY, VERMILION, canvas, sign
from helhed.outputs import Picture, PublicTable
from helhed.tables import code_label
from helhed.texts import day, number, text

_AREA_COLOURS = {
    "family": PINK,
    "social": ORANGE,
    "education": GREEN,
    "employment": BLUE,
    "health": VERMILION,
    "housing": SKY,
    "leisure": PALETTE[6],
}


def sources_figure(table: PublicTable, before: dict[str, float], lang: str, as_of: date, is_synthetic: bool) -> Picture:
    """Return the picture of how many lines came from which source, and how many plans a family had before.

    Parameters
    ----------
    table
        Protected table with ``source``, ``n_lines`` and ``n_families``.
    before
        ``median``, ``low`` and ``high`` (quartiles) of sector plans per family. Quartiles, not the range: the
        largest number belongs to one family.
    """
    shown = table.frame[table.frame["n_lines"].notna()].sort_values("n_lines", kind="stable")
    figure, (left, right) = canvas(4.2, columns=2)
    figure.set_size_inches(8.6, 4.2)
    left.barh(shown["source"], shown["n_lines"].astype(float), color=BLUE, height=0.65)
    for position, n_lines in enumerate(shown["n_lines"]):
        left.text(float(n_lines), position, f" {number(n_lines, lang)}", va="center", fontsize=9, color=INK)
    left.set_xlabel(text("plan.sources_axis", lang))
    left.grid(False)
    left.margins(x=0.12)
    _draw_before_and_now(right, before, lang)
    sign(figure, lang, text("plan.figure_source", lang, date=day(as_of, lang)), is_synthetic)
    top = shown.iloc[-1] if len(shown) else None
    values = {name: _written(value, lang) for name, value in before.items()}
    caption = text(
        "plan.sources_caption",
        lang,
        n_lines=number(shown["n_lines"].sum(), lang),
        n_sources=number(len(shown), lang),
        **values,
    )
    alt = text(
        "plan.sources_alt",
        lang,
        top=top["source"] if top is not None else "–",
        top_lines=number(top["n_lines"], lang) if top is not None else "–",
        median=values["median"],
    )
    return Picture(figure, "fig-plan-sources", caption, alt)


def _draw_before_and_now(ax, before: dict[str, float], lang: str) -> None:
    names = [text("plan.sources_before", lang), text("plan.sources_now", lang)]
    ax.plot([0, 0], [before["low"], before["high"]], color=ORANGE, linewidth=9, alpha=0.6, solid_capstyle="butt")
    ax.plot([0], [before["median"]], "o", color=INK, markersize=9)
    ax.plot([1], [1], "o", color=BLUE, markersize=9)
    for position, value in ((0, before["median"]), (1, 1)):
        ax.annotate(
            _written(value, lang), (position, value), xytext=(14, 0), textcoords="offset points", va="center", color=INK
        )
    ax.set_xticks([0, 1], names)
    ax.set_xlim(-0.6, 1.6)
    ax.set_ylim(0, max(before["high"] + 1, 3) if before["high"] == before["high"] else 3)
    ax.set_ylabel(text("plan.sources_axis_right", lang))


def _written(value: float, lang: str) -> str:
    return number(value, lang, 0 if value != value or float(value).is_integer() else 1)


def findings_figure(
    table: PublicTable, n_plans: int, threshold: int, lang: str, as_of: date, is_synthetic: bool
) -> Picture:
    """Return the picture of how many families have each finding, the most common on top.

    ``table`` is protected and holds ``rule``, ``severity`` and ``n_families``, its last row the total; hidden rows are
    left out and the caption says so.
    """
    rules = table.frame.iloc[:-1]
    shown = rules[rules["n_families"].notna() & (rules["n_families"] > 0)]
    shown = shown.sort_values(["n_families", "rule"], ascending=[True, False], kind="stable")
    figure, ax = canvas(max(2.4, 0.9 + 0.3 * len(shown)))
    figure.set_size_inches(8.6, max(2.4, 0.9 + 0.3 * len(shown)))
    colours = {"must_fix": VERMILION, "should_fix": BLUE, "note": GREY}
    for code in colours:
        name = text(f"plan.severity_{code}", lang)
        counts = shown["n_families"].astype(float).where(shown["severity"] == name)
        if counts.isna().all():
            continue
        ax.barh(shown["rule"], counts, color=colours[code], height=0.65, label=name)
    for position, n_families in enumerate(shown["n_families"]):
        ax.text(float(n_families), position, f" {number(n_families, lang)}", va="center", fontsize=9, color=INK)
    ax.set_xlabel(text("plan.findings_axis", lang))
    ax.grid(False)
    ax.margins(x=0.1)
    sign(figure, lang, text("plan.figure_source", lang, date=day(as_of, lang)), is_synthetic)
    if shown.empty:
        note = text("plan.findings_none", lang, threshold=threshold)
        return Picture(figure, "fig-plan-findings", note, note)
    ax.legend(loc="lower right", frameon=True, fontsize=9)
    top = shown.iloc[-1]
    values = {"top": top["rule"], "top_families": number(top["n_families"], lang), "n_plans": number(n_plans, lang)}
    caption = text("plan.findings_caption", lang, threshold=threshold, **values)
    return Picture(figure, "fig-plan-findings", caption, text("plan.findings_alt", lang, **values))


def timeline_picture(bars: pd.DataFrame, as_of: date, lang: str, width_inches: float = 10) -> Picture:
    """Return one family's timeline; only for the family's own Word file and for the invented example.

    Parameters
    ----------
    bars
        One row per action: ``person``, ``what``, ``area`` (code), ``start_date``, ``due_date``. A missing start is
        drawn from the left edge and a missing end to the right edge, hatched. More than `MAX_BARS` cannot be read on
        one page: the first are drawn, and a last line says how many more there are.
    as_of
        The day of the plan, drawn as a line.
    width_inches
        How wide the picture is; the letters keep their size.
    """
    shown = bars.iloc[:MAX_BARS]
    n_rows = len(shown) + (len(bars) > MAX_BARS)
    figure = Figure(figsize=(width_inches, max(1.8, 1.3 + _bar_pitch_inches(n_rows) * n_rows)), layout="constrained")
    ax = figure.subplots()
    first, last = _span(as_of)
    for position, bar in enumerate(shown.itertuples()):
        _draw_bar(ax, position, bar, (first, last))
    labels = [f"{_short(bar.person, 24)}: {_short(bar.what, round(4.2 * width_inches))}" for bar in shown.itertuples()]
    if len(bars) > MAX_BARS:
        labels.append(text("plan_documents.timeline_more", lang, n=number(len(bars) - MAX_BARS, lang)))
    size = min(9, 60 * _bar_pitch_inches(n_rows))
    ax.set_yticks(range(len(labels)), labels, fontsize=size)
    for label in ax.get_yticklabels():
        # What a family writes is text, also where it holds a dollar sign.
        label.set_parse_math(False)
    ax.set_ylim(max(n_rows, 1) - 0.4, -0.6)
    _draw_time_axis(ax, (first, last), as_of, lang, months_apart=3 if width_inches >= 9 else 6)
    _legend(figure, shown, lang, 2 if width_inches < 9 else 4)
    words = text("plan.timeline_alt", lang, n=len(bars)) if len(bars) else text("plan.timeline_none", lang)
    return Picture(figure, "fig-plan-example", text("plan.example_caption", lang, n=len(bars)), words)


#: More bars than this cannot be read on the overview's one page.
MAX_BARS = 24


def _draw_bar(ax, position: int, bar, span: tuple[date, date]) -> None:
    first, last = span
    colour = _AREA_COLOURS.get(bar.area, GREY)
    start, end = (date2num(given or edge) for given, edge in ((bar.start_date, first), (bar.due_date, last)))
    if end < date2num(first):
        # Long past: a mark at the edge says that the bar lies before the picture.
        ax.plot(date2num(first), position, "<", color=colour, clip_on=False)
        return
    hatch = None if bar.start_date and bar.due_date else "///"
    # A bar of a few days must still be seen.
    ax.barh(position, max(end - start, 5), left=start, height=0.6, color=colour, hatch=hatch, edgecolor="white")


def _bar_pitch_inches(n_bars: int) -> float:
    """Return the room for one bar: the overview must stay on one page however many there are."""
    return min(0.3, 3.6 / max(n_bars, 1))


def _draw_time_axis(ax, span: tuple[date, date], as_of: date, lang: str, months_apart: int) -> None:
    first, last = span
    ax.set_xlim(date2num(first), date2num(last))
    months = [first.replace(day=1)]
    while months[-1] < last:
        year, month = divmod(months[-1].month - 1 + months_apart, 12)
        months.append(date(months[-1].year + year, month + 1, 1))
    shown = [month for month in months if first <= month <= last]
    ax.set_xticks([date2num(month) for month in shown], [f"{month:%m/%Y}" for month in shown], fontsize=9)
    ax.axvline(date2num(as_of), color=INK, linewidth=1.5, linestyle="--")
    label = text("plan.timeline_today", lang)
    ax.annotate(label, (date2num(as_of), 1), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=9)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _span(as_of: date) -> tuple[date, date]:
    """Return the first and last day drawn: a year back and a year ahead."""
    day_of_month = min(as_of.day, 28)
    return as_of.replace(year=as_of.year - 1, day=day_of_month), as_of.replace(year=as_of.year + 1, day=day_of_month)


def _short(words: str, letters: int = 42) -> str:
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"


def _legend(figure: Figure, bars: pd.DataFrame, lang: str, n_columns: int) -> None:
    areas = [area for area in _AREA_COLOURS if area in set(bars["area"])]
    handles = [Patch(color=_AREA_COLOURS[area], label=code_label("life_area", area, lang)) for area in areas]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=n_columns, frameon=False, fontsize=9)
