"""Figures of the evaluation: balance of the groups, development before and after, spending around a progress."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from helhed import texts
from helhed.figures.style import BLUE, GREY, INK, ORANGE, VERMILION, canvas, heading, sign
from helhed.outputs import Picture
from helhed.texts import text

_HALF_YEARS = (-2, -1, 1, 2)


def balance_picture(balance: pd.DataFrame, limit: float, better_off: float, lang: str, is_synthetic: bool) -> Picture:
    """Return the love plot: standardised differences before and after weighting.

    Parameters
    ----------
    balance
        ``covariate``, ``standardised_difference``, ``difference_weighted``.
    limit
        Largest difference that counts as alike, in standard deviations.
    better_off
        Share of the measures on which the comparison group is better off.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    rows = balance.dropna(subset=["standardised_difference"]).sort_values("standardised_difference", ignore_index=True)
    figure, ax = canvas(3.9)
    places = np.arange(len(rows))
    ax.axvline(0, color=INK, linewidth=0.8)
    for edge in (-limit, limit):
        ax.axvline(edge, color=GREY, linewidth=0.9, linestyle="--")
    ax.hlines(places, rows["standardised_difference"], rows["difference_weighted"], color=GREY, linewidth=0.8)
    ax.plot(
        rows["standardised_difference"], places, "o", color=VERMILION, label=text("evaluation.balance_before", lang)
    )
    ax.plot(
        rows["difference_weighted"],
        places,
        "s",
        color=BLUE,
        fillstyle="none",
        label=text("evaluation.balance_after", lang),
    )
    ax.set_yticks(places, [text(f"evaluation.name_{name}", lang) for name in rows["covariate"]])
    ax.set_xlabel(text("evaluation.balance_axis", lang))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang, 2)))
    ax.legend(loc="lower right", frameon=True)
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    caption = text(
        "evaluation.balance_caption", lang, share=texts.percent(better_off, lang), limit=texts.number(limit, lang, 1)
    )
    return Picture(figure, "fig-evaluate-balance", caption, _balance_alt(rows, lang))


def _balance_alt(rows: pd.DataFrame, lang: str) -> str:
    if rows.empty:
        return text("evaluation.balance_none", lang)
    top = rows.loc[rows["standardised_difference"].abs().idxmax()]
    return text(
        "evaluation.balance_alt",
        lang,
        n=len(rows),
        largest=texts.number(top["standardised_difference"], lang, 2),
        measure=text(f"evaluation.name_{top['covariate']}", lang),
        largest_weighted=texts.number(rows["difference_weighted"].abs().max(), lang, 2),
    )


def development_picture(
    absence: pd.DataFrame, benefit: pd.DataFrame, confidence: float, lang: str, is_synthetic: bool
) -> Picture:
    """Return absence and share on benefit by half-year around the start, enrolled against comparison.

    Parameters
    ----------
    absence, benefit
        ``is_enrolled``, ``half_year`` (-2, -1, 1, 2), ``mean``, ``low``, ``high``; missing where too few families.
    confidence
        Level of the intervals.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    figure, axes = canvas(3.8, columns=2)
    titles = [text("evaluation.name_absence_share", lang), text("evaluation.did_benefit_title", lang)]
    for ax, frame, title in zip(axes, (absence, benefit), titles, strict=True):
        _development(ax, frame, lang)
        heading(ax, title, fontsize=10)
    axes[0].legend(loc="best", frameon=True, fontsize=8)
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    level = texts.percent(confidence, lang)
    caption = text("evaluation.did_caption", lang, level=level, **_ends(absence, benefit, True, lang))
    alt = text("evaluation.did_alt", lang, **_ends(absence, benefit, False, lang))
    return Picture(figure, "fig-evaluate-did", caption, alt)


def _development(ax: Axes, frame: pd.DataFrame, lang: str) -> None:
    looks = [(True, BLUE, "o", -0.06, "enrolled"), (False, ORANGE, "s", 0.06, "comparison")]
    for is_enrolled, colour, marker, shift, name in looks:
        rows = frame[frame["is_enrolled"] == is_enrolled].set_index("half_year").reindex(_HALF_YEARS)
        spread = np.abs(rows[["low", "high"]].clip(0, 1).to_numpy().T - rows["mean"].to_numpy())
        label = text(f"evaluation.{name}", lang)
        ax.errorbar(
            np.arange(4) + shift, rows["mean"], yerr=spread, color=colour, marker=marker, capsize=3, label=label
        )
    ax.axvline(1.5, color=GREY, linewidth=1, linestyle="--")
    ax.set_xticks(range(4), [text(f"evaluation.did_half_{half}", lang) for half in _HALF_YEARS], fontsize=8)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.percent(value, lang)))


def _ends(absence: pd.DataFrame, benefit: pd.DataFrame, is_enrolled: bool, lang: str) -> dict[str, str]:
    found = {}
    for name, frame in (("absence", absence), ("benefit", benefit)):
        means = frame[frame["is_enrolled"] == is_enrolled].set_index("half_year")["mean"].reindex(_HALF_YEARS)
        found[f"{name}_before"] = texts.percent(means[-1], lang, 1)
        found[f"{name}_after"] = texts.percent(means[2], lang, 1)
    return found


def events_picture(
    curves: list[tuple[pd.DataFrame, pd.DataFrame]], values: dict[str, str], lang: str, is_synthetic: bool
) -> Picture:
    """Return spending and measures by month around a parent's progress, with the same families around dates by lot.

    Parameters
    ----------
    curves
        For spending and then for measures: the curve (``month_offset``, ``mean``, ``low``, ``high``; means missing
        where there are too few families) and the placebo (one row per draw, columns the months around the date).
    values
        Texts for the caption: ``slope``, ``slope_interval``, ``change``, ``change_interval``, ``level``, ``n``,
        ``p_slope``, ``p_change``.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    figure, axes = canvas(3.8, columns=2)
    titles = ("events_axis_y", "events_measures_axis")
    for ax, (curve, placebo), title, decimals in zip(axes, curves, titles, (0, 1), strict=True):
        _around(ax, curve.dropna(subset=["mean"]), placebo, decimals, lang)
        heading(ax, text(f"evaluation.{title}", lang), fontsize=10)
    axes[0].legend(loc="lower left", frameon=True, fontsize=8)
    axes[0].set_xlabel(text("evaluation.events_axis_x", lang), loc="left")
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    caption = text("evaluation.events_caption", lang, **values)
    return Picture(figure, "fig-evaluate-events", caption, _events_alt(curves[0][0].dropna(subset=["mean"]), lang))


def _around(ax: Axes, shown: pd.DataFrame, placebo: pd.DataFrame, decimals: int, lang: str) -> None:
    band, known = placebo.quantile([0.025, 0.975]), shown["month_offset"]
    label = text("evaluation.events_placebo", lang, n=texts.number(len(placebo), lang))
    ax.fill_between(known, band.loc[0.025, known], band.loc[0.975, known], color=GREY, alpha=0.25, label=label)
    ax.plot(known, shown["mean"], color=BLUE, marker="o", markersize=4, label=text("evaluation.events_line", lang))
    ax.vlines(known, shown["low"], shown["high"], color=BLUE, alpha=0.5, linewidth=1)
    ax.axvline(0, color=INK, linewidth=1, linestyle="--")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang, decimals)))
    ax.set_ylim(bottom=0, top=1.25 * max(shown["high"].max(), 0.1))


def _events_alt(shown: pd.DataFrame, lang: str) -> str:
    before = shown[shown["month_offset"] < 0]
    return text(
        "evaluation.events_alt",
        lang,
        first=texts.number(-shown["month_offset"].min(), lang),
        last=texts.number(shown["month_offset"].max(), lang),
        before=texts.about_kroner(before["mean"].iloc[-1] if len(before) else None, lang),
        after=texts.about_kroner(shown["mean"].iloc[-1] if len(shown) else None, lang),
    )


def series_picture(months: pd.DataFrame, words: dict[str, str], start, lang: str, is_synthetic: bool) -> Picture:
    """Return the notifications per 1,000 children by month, with the model and what it says without the start.

    Parameters
    ----------
    months
        ``month``, ``n_notifications``, ``n_children``, ``expected``, ``expected_without``.
    words
        Texts for the caption: ``value``, ``low``, ``high``.
    start
        Day of the start.
    lang, is_synthetic
        Language; whether the data are invented.
    """
    figure, ax = canvas(3.6)
    first_after = pd.Timestamp(start).to_period("M").to_timestamp()
    rates = months.set_index("month")[["n_notifications", "expected", "expected_without"]]
    rates = 1000 * rates.div(months.set_index("month")["n_children"], axis=0)
    observed, after = rates["n_notifications"], rates.index >= first_after
    looks = {
        "points": (observed, {"color": GREY, "marker": "o", "markersize": 4, "linestyle": "none"}),
        "line_model": (rates["expected"], {"color": BLUE}),
        "line_without": (rates["expected_without"].where(after), {"color": ORANGE, "linestyle": "--"}),
    }
    for name, (values, look) in looks.items():
        ax.plot(values.index, values, label=text(f"evaluation.series_{name}", lang), **look)
    ax.axvline(first_after, color=INK, linewidth=1, linestyle=":")
    ax.set_ylabel(text("evaluation.series_axis", lang))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: texts.number(value, lang)))
    ax.set_ylim(0, 1.35 * observed.max())
    ax.legend(loc="upper right", frameon=True, fontsize=8, ncols=3)
    sign(figure, lang, text("evaluation.source", lang), is_synthetic)
    sides = {"before": ~after, "after": after}
    means = {name: texts.number(observed[side].mean(), lang, 1) for name, side in sides.items()}
    ends = {name: texts.month(observed.index[at], lang) for name, at in (("first", 0), ("last", -1))}
    caption = text("evaluation.series_caption", lang, **words)
    return Picture(figure, "fig-evaluate-series", caption, text("evaluation.series_alt", lang, **means, **ends))
