"""Figures of the monitoring: absence, benefit and work, spending, well-being."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helhed import texts
from helhed.figures.style import BLUE, GREEN, GREY, INK, ORANGE, SKY, VERMILION, canvas, heading, sign
from helhed.outputs import Picture
from helhed.texts import text


def absence_figure(values: pd.DataFrame, lang: str, is_synthetic: bool) -> Picture:
    """Return the figure of school absence by quarter: enrolled families against the municipality's other children.

    ``values`` has the columns of ``indicator_value`` at level ``quarter``; quarters without a value leave a gap.
    """
    figure, ax = canvas()
    shown = {}
    for group, colour, marker in (("others", GREY, "s"), ("enrolled", BLUE, "o")):
        rows = values[values["group"] == group].sort_values("period").reset_index(drop=True)
        shown[group] = rows["value"].dropna().tolist()
        label = text(f"monitoring.group_{group}", lang)
        ax.plot(rows["period"], rows["value"], color=colour, marker=marker, label=label)
        ax.fill_between(rows["period"], rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0)
    _quarter_labels(ax, sorted(values["period"].unique()), lang)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(_percent(lang))
    ax.set_ylabel(text("monitoring.figure_absence_axis", lang))
    heading(ax, text("monitoring.figure_absence_title", lang))
    ax.legend(frameon=False)
    said = {
        "first": _share1(shown["enrolled"][:1], lang),
        "enrolled": _share1(shown["enrolled"][-1:], lang),
        "others": _share1(shown["others"][-1:], lang),
    }
    return _picture(figure, "absence", said, lang, is_synthetic)


def benefit_figure(values: pd.DataFrame, lang: str, is_synthetic: bool) -> Picture:
    """Return the figure of benefit and work shares by time since the start, with intervals.

    ``values`` has the columns of ``indicator_value``; level ``since_start`` of ``benefit_share`` and
    ``work_or_education_share`` is drawn.
    """
    figure, ax = canvas()
    said = {}
    series = (("benefit_share", "benefit", BLUE, "o"), ("work_or_education_share", "work", ORANGE, "s"))
    periods = ["baseline"]
    for shift, (indicator, key, colour, marker) in zip((-0.08, 0.08), series, strict=True):
        rows = values[(values["indicator"] == indicator) & (values["level"] == "since_start")].reset_index(drop=True)
        periods = rows["period"].tolist() or periods
        name = _indicator_name(indicator, lang)
        bars = np.vstack([rows["value"] - rows["low"], rows["high"] - rows["value"]])
        place = np.arange(len(rows)) + shift
        ax.errorbar(place, rows["value"], yerr=bars, color=colour, marker=marker, capsize=4, label=name)
        known = rows["value"].dropna().tolist()
        said |= {f"{key}_first": _first(rows, lang), f"{key}_last": _share(known[-1:], lang)}
    labels = [text("monitoring.figure_before", lang) if period == "baseline" else period for period in periods]
    ax.set_xticks(range(len(labels)), labels)
    ax.set_xlim(-0.5, len(labels) - 0.5)
    ax.set_xlabel(text("monitoring.figure_since_axis", lang))
    ax.set_ylabel(text("monitoring.figure_share_axis", lang))
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(_percent(lang))
    heading(ax, text("monitoring.figure_benefit_title", lang))
    ax.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, -0.32))
    return _picture(figure, "benefit", said, lang, is_synthetic)


def waiting_figure(shares: pd.DataFrame, sentences: list[str], lang: str, is_synthetic: bool) -> Picture:
    """Return the figure of how many have got there, by half-years since the start.

    Parameters
    ----------
    shares
        ``awaited``, ``month``, ``value``, ``low`` and ``high``, missing where nothing may be shown.
    sentences
        What can be said of them: they stand in the caption and the alt text.
    lang, is_synthetic
        Language, and whether the data are invented.
    """
    figure, ax = canvas()
    looks = (("closure", BLUE, "o", -0.5), ("work", ORANGE, "s", 0.0), ("planned_end", GREEN, "D", 0.5))
    for awaited, colour, marker, shift in looks:
        rows = shares[(shares["awaited"] == awaited) & shares["value"].notna()]
        bars = np.vstack([rows["value"] - rows["low"], rows["high"] - rows["value"]])
        label = text(f"monitoring.waiting_{awaited}", lang)
        ax.errorbar(
            rows["month"] + shift, rows["value"], yerr=np.nan_to_num(bars), color=colour, marker=marker, capsize=4,
            label=label,
        )  # fmt: skip
    months = sorted(shares["month"].unique())
    ax.set_xticks(months, [str(month) for month in months])
    ax.set_xlim(0, months[-1] + 2)
    ax.set_ylim(0, 1)
    ax.set_xlabel(text("monitoring.figure_since_axis", lang))
    ax.set_ylabel(text("monitoring.figure_waiting_axis", lang))
    ax.yaxis.set_major_formatter(_percent(lang))
    heading(ax, text("monitoring.figure_waiting_title", lang))
    ax.legend(frameon=False, loc="upper left", fontsize=9)
    return _picture(figure, "waiting", {"found": " ".join(sentences)}, lang, is_synthetic)


def spending_figure(values: pd.DataFrame, control, lang: str, is_synthetic: bool) -> Picture:
    """Return the chart of monthly spending per member, with control limits where neighbouring months are not too alike.

    Parameters
    ----------
    values
        Columns of ``indicator_value``, one row per month: ``period`` (yyyy-mm), ``share_missing`` (measures without a
        price).
    control
        The control chart of the values: ``values``, ``centre``, ``low``, ``high``, ``signals``, ``is_trial``.
    lang, is_synthetic
        Language, and whether the data are invented.
    """
    months = pd.to_datetime(values["period"], format="%Y-%m")
    figure, ax = canvas()
    ax.plot(months, control.values, color=BLUE, marker="o", markersize=4)
    centre = float(np.nanmedian(control.values)) if control.is_alike else control.centre
    name = text(f"monitoring.figure_{'median' if control.is_alike else 'centre'}", lang)
    ax.axhline(centre, color=INK, linewidth=1, label=name)
    if not control.is_alike:
        _draw_limits(ax, months, control, lang)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang)))
    _month_labels(ax, months, lang)
    ax.set_ylabel(text("monitoring.figure_spending_axis", lang))
    heading(ax, text("monitoring.figure_spending_title", lang))
    ax.legend(frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.1))
    said = {
        "centre": texts.kroner(centre, lang),
        "first": texts.kroner(control.values[0], lang),
        "last": texts.kroner(control.values[-1], lang),
        "missing": texts.percent(values["share_missing"].mean(), lang),
    }
    return _picture(figure, "spending", said, lang, is_synthetic)


def wellbeing_figure(values: pd.DataFrame, levels: pd.DataFrame, lang: str, is_synthetic: bool) -> Picture:
    """Return WHO-5 by measurement beside functional level A-D at the first and latest rating.

    Parameters
    ----------
    values
        Columns of ``indicator_value``: level ``measurement`` of ``who5_mean`` and ``functional_level_improved_share``.
    levels
        One row per level A-D and one with the total, or none; columns ``first`` and ``last``, hidden counts missing.
    lang, is_synthetic
        Language, and whether the data are invented.
    """
    figure, (left, right) = canvas(columns=2)
    path = _draw_who5(left, values, lang)
    _draw_levels(right, levels, lang)
    improved = values.loc[values["indicator"] == "functional_level_improved_share", "value"].dropna().tolist()
    said = {
        "first": _number1(path[:1], lang),
        "last": _number1(path[-1:], lang),
        "improved": _share(improved[:1], lang),
    }
    return _picture(figure, "wellbeing", said, lang, is_synthetic)


def _draw_limits(ax: Axes, months: pd.Series, control, lang: str) -> None:
    marked = pd.Series(control.values).where(control.signals)
    marker = {"marker": "D", "color": VERMILION, "linestyle": "none", "zorder": 3}
    ax.plot(months, marked, label=text("monitoring.figure_signal", lang), **marker)
    limits = "figure_trial_limits" if control.is_trial else "figure_limits"
    ax.plot(months, control.low, color=GREY, linestyle="--", label=text(f"monitoring.{limits}", lang))
    ax.plot(months, control.high, color=GREY, linestyle="--")


def _draw_who5(ax: Axes, values: pd.DataFrame, lang: str) -> list[float]:
    is_it = (values["indicator"] == "who5_mean") & (values["level"] == "measurement")
    rows = values[is_it & (values["reason"] == "")].reset_index(drop=True)
    bars = np.vstack([rows["value"] - rows["low"], rows["high"] - rows["value"]])
    ax.errorbar(rows["period"], rows["value"], yerr=bars, color=BLUE, marker="o", capsize=4)
    ax.axhline(50, color=GREY, linestyle="--", linewidth=1, label=text("monitoring.figure_screen", lang))
    ax.legend(frameon=False, loc="upper right")
    ax.set_ylim(0, 100)
    ax.set_xlabel(text("monitoring.figure_measurement", lang))
    ax.set_ylabel(text("monitoring.figure_who5_axis", lang))
    heading(ax, text("monitoring.figure_wellbeing_title_who5", lang))
    return rows["value"].tolist()


def _draw_levels(ax: Axes, levels: pd.DataFrame, lang: str) -> None:
    heading(ax, text("monitoring.figure_wellbeing_title_level", lang))
    if levels.empty:
        ax.set_axis_off()
        return
    shares = levels.iloc[:-1].reset_index(drop=True)
    totals = levels.iloc[-1]
    bars = (("first", SKY, "", -0.2), ("last", GREEN, "//", 0.2))
    for side, colour, hatch, shift in bars:
        # Of so few that the total is hidden there is nothing to draw, and neither is there of nobody.
        is_known = pd.notna(totals[side]) and totals[side] > 0
        heights = shares[side].astype("float64") / (float(totals[side]) if is_known else np.nan)
        style = {"color": colour, "edgecolor": INK, "hatch": hatch, "width": 0.38}
        ax.bar(np.arange(len(shares)) + shift, heights, label=text(f"monitoring.figure_{side}", lang), **style)
    ax.margins(y=0.25)
    ax.set_xticks(range(len(shares)), [label.split(",")[0] for label in shares["level"]])
    ax.yaxis.set_major_formatter(_percent(lang))
    ax.set_ylabel(text("monitoring.figure_level_axis", lang))
    ax.legend(frameon=False)


def _quarter_labels(ax: Axes, periods: list[str], lang: str) -> None:
    labels = [
        text("monitoring.figure_quarter", lang, number=period[-1], year=period[:4])
        if period == periods[0] or period.endswith("Q1")
        else text("monitoring.figure_quarter_short", lang, number=period[-1])
        for period in periods
    ]
    ax.set_xticks(range(len(periods)), labels)


def _month_labels(ax: Axes, months: pd.Series, lang: str) -> None:
    kept = [month for month in months if month.month in (1, 7)]
    ax.set_xticks(kept, [texts.month(month, lang) for month in kept], fontsize=8)


def _indicator_name(indicator: str, lang: str) -> str:
    return text(f"monitoring.figure_{indicator}", lang)


def _percent(lang: str) -> FuncFormatter:
    return FuncFormatter(lambda value, _: texts.percent(value, lang))


def _share(values: list[float], lang: str) -> str:
    return texts.percent(values[0] if values else None, lang)


def _first(rows: pd.DataFrame, lang: str) -> str:
    """Return the share before the start as written, or why it is not shown."""
    if rows.empty or not rows["reason"].iloc[0]:
        return _share(rows["value"].tolist()[:1], lang)
    return text(f"monitoring.reason_{rows['reason'].iloc[0]}", lang)


def _share1(values: list[float], lang: str) -> str:
    return texts.percent(values[0] if values else None, lang, 1)


def _number1(values: list[float], lang: str) -> str:
    return texts.number(values[0] if values else None, lang, 1)


def _picture(figure, name: str, said: dict[str, str], lang: str, is_synthetic: bool) -> Picture:
    sign(figure, lang, text("monitoring.figure_source", lang), is_synthetic)
    caption = text(f"monitoring.figure_{name}_caption", lang, **said)
    return Picture(figure, f"fig-monitor-{name}", caption, text(f"monitoring.figure_{name}_alt", lang, **said))
