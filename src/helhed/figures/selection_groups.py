"""Figures of the target-group selection: spending, families that stay, models side by side, groups compared."""

import textwrap

import pandas as pd
from matplotlib.patches import Rectangle

from helhed.figures import style
from helhed.figures.hidden import LOOK
from helhed.figures.selection import signed
from helhed.outputs import Picture, PublicTable
from helhed.profile import Profile
from helhed.texts import number, percent, text

#: What became of families: column of the table, colour, hatch.
_FATES = (
    ("n_still", style.BLUE, ""),
    ("n_no_longer", style.ORANGE, ""),
    ("n_gone", style.SKY, ""),
    ("n_cannot_tell", "white", "////"),
)


def draw_concentration(curve: pd.DataFrame, carried, n_eligible: int, profile: Profile, lang: str) -> Picture:
    """Return how the year's spending is shared out, with the target group's share of families and of spending.

    Parameters
    ----------
    curve
        ``share_families`` and ``share_spending``, both so far; empty when it may not be shown.
    carried
        The target group: ``share_of_families`` and ``share_of_spending``.
    n_eligible
        Families of the target group.
    """
    if curve.empty:
        return signed(style.canvas(1.4)[0], "concentration", profile, lang, text("selection.concentration_none", lang))
    figure, ax = style.canvas(4.0)
    x, y = curve["share_families"] * 100, curve["share_spending"] * 100
    ax.plot(x, y, color=style.BLUE, marker="o", markersize=4, label=text("selection.legend_curve", lang))
    ax.plot([0, 100], [0, 100], color=style.GREY, linestyle=":", label=text("selection.legend_even", lang))
    is_shown = n_eligible >= profile["disclosure.threshold"]
    if is_shown:
        point = (carried.share_of_families * 100, carried.share_of_spending * 100)
        look = {"marker": "D", "markersize": 9, "color": style.VERMILION, "linestyle": ""}
        ax.plot(*point, label=text("selection.legend_target_group", lang), **look)
    ax.set_xlabel(text("selection.axis_families", lang))
    ax.set_ylabel(text("selection.axis_spending", lang))
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 104)
    ax.legend(loc="lower right", frameon=True)
    first = {
        "families": percent(curve["share_families"][1], lang),
        "spending": percent(curve["share_spending"][1], lang),
    }
    own = (carried.share_of_families, carried.share_of_spending) if is_shown else (float("nan"), float("nan"))
    target = {name: percent(share, lang) for name, share in zip(("own_families", "own_spending"), own, strict=True)}
    return signed(figure, "concentration", profile, lang, first | target)


def draw_stability(safe: PublicTable, profile: Profile, lang: str) -> Picture:
    """Return what became of the families that met the rule earlier: one bar per number of months back."""
    frame = safe.frame
    labels = [text("selection.months_back", lang, n=months) for months in frame["months"]]
    figure, ax = style.canvas(1.3 + 0.55 * len(frame))
    left = pd.Series(0.0, index=frame.index)
    for column, colour, hatch in _FATES:
        sizes = frame[column].astype(float).fillna(0)
        look = {"color": colour, "hatch": hatch, "edgecolor": style.GREY if hatch else "white"}
        ax.barh(frame.index, sizes, left=left, height=0.55, label=text(f"selection.{column}", lang), **look)
        for row, size in sizes[sizes > 0].items():
            shade = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            middle = left[row] + size / 2
            ax.text(middle, row, number(size, lang), ha="center", va="center", fontsize=9, color=style.INK, bbox=shade)
        left = left + sizes
    # what is left of all the families then is hidden among the other fates
    rest = (frame["n_then"].astype(float) - left).clip(lower=0).fillna(0)
    is_hidden = frame[[column for column, *_ in _FATES]].isna().any(axis=1) & (rest > 0)
    if is_hidden.any():
        ends = {"left": left[is_hidden], "label": text("selection.legend_hidden", lang), **LOOK}
        ax.barh(frame.index[is_hidden], rest[is_hidden], 0.55, **ends)
    ax.set_yticks(frame.index, labels)
    ax.invert_yaxis()
    ax.set_xlim(0, (left + rest).max() * 1.04 or 1)
    ax.set_xlabel(text("selection.n_families", lang))
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    last = frame.iloc[-1]
    share = None if pd.isna(last["share_still"]) else last["share_still"]
    n_hidden = sum(column in {fate for fate, *_ in _FATES} for _, column in safe.hidden)
    hidden = text("selection.stability_hidden", lang, n=number(n_hidden, lang)) if n_hidden else ""
    said = {"months": last["months"], "share": percent(share, lang), "hidden": hidden}
    return signed(figure, "stability", profile, lang, said)


def draw_models(safe: PublicTable, titles: dict[str, str], profile: Profile, lang: str) -> Picture:
    """Return the rules side by side: how many families each pair has in common, each rule's size on the diagonal."""
    names = list(safe.frame["model"])
    values = safe.frame[names].astype("Float64").astype(float)
    written = [row[1:] for row in safe.written(lang, profile["disclosure.threshold"])]
    figure, ax = style.canvas(1.2 + 0.62 * len(names))
    top = values.max().max() or 1.0
    ax.imshow(values.fillna(0), cmap="Blues", vmin=0, vmax=top * 1.6, aspect="auto")
    for row, cells in enumerate(written):
        for column, cell in enumerate(cells):
            if pd.isna(values.iat[row, column]):
                ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor="#EEEEEE", edgecolor="white"))
            weight = "bold" if row == column else "normal"
            ax.text(column, row, cell, ha="center", va="center", color=style.INK, fontsize=9, fontweight=weight)
    labels = [textwrap.fill(titles[name], 22) for name in names]
    ax.set_yticks(range(len(names)), labels)
    short = [textwrap.fill(titles[name], max(9, 70 // len(names)), break_long_words=False) for name in names]
    ax.set_xticks(range(len(names)), short, fontsize=8 if len(names) < 7 else 6.5)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    sizes = {name: values.at[place, name] for place, name in enumerate(names)}
    told = {name: size for name, size in sizes.items() if not pd.isna(size)}
    if not told:
        return signed(figure, "models", profile, lang, text("selection.models_none", lang))
    ends = {"low": min(told.values()), "high": max(told.values())}
    return signed(figure, "models", profile, lang, {name: number(size, lang) for name, size in ends.items()})


def draw_fairness(safe: PublicTable, question: str, profile: Profile, lang: str) -> Picture:
    """Return each group's chance of being chosen against the others', with its interval; 1 is no difference.

    ``safe`` is the protected table of `helhed.selection.accountability`; ``question`` is ``place`` or ``rule``.
    """
    frame = safe.frame.reset_index(drop=True)
    told = frame[frame["verdict"] != "cannot_say"]
    figure, ax = style.canvas(1.2 + 0.28 * len(frame))
    if told.empty:
        figure = style.canvas(1.4)[0]
        return signed(figure, f"fairness_{question}", profile, lang, text("selection.fairness_none", lang))
    ratio, low = told["ratio"].astype(float), told["ratio_low"].astype(float).clip(lower=_LEFT)
    high = told["ratio_high"].astype(float).clip(upper=_RIGHT)
    ax.hlines(told.index, low, high, color=style.BLUE, linewidth=2)
    ax.plot(ratio.clip(_LEFT, _RIGHT), told.index, "o", color=style.BLUE, label=text("selection.legend_ratio", lang))
    ax.axvline(1, color=style.VERMILION, linewidth=1.4, label=text("selection.legend_no_difference", lang))
    for row in frame.index.difference(told.index):
        ax.text(1.03, row, text("selection.fair_cannot_say", lang), va="center", fontsize=8, color=style.GREY)
    ax.set_yticks(frame.index, [f"{row.what}: {row.label}" for row in frame.itertuples()])
    ax.set_ylim(len(frame) - 0.5, -0.5)
    _ratio_axis(ax, lang)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    differ = told[told["verdict"] != "equal"]
    named = "; ".join(f"{row.what}: {row.label}" for row in differ.itertuples()) or text("selection.fair_nobody", lang)
    said = {"n": number(len(told), lang), "named": named}
    return signed(figure, f"fairness_{question}", profile, lang, said)


#: The ratios drawn; what lies beyond ends at the edge.
_LEFT, _RIGHT = 0.2, 5.0


def _ratio_axis(ax, lang: str) -> None:
    ax.set_xscale("log")
    ticks = (0.2, 0.5, 1.0, 2.0, 5.0)
    ax.set_xticks(ticks, [number(tick, lang, 1) for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.set_xlim(_LEFT * 0.95, _RIGHT * 1.05)
    ax.set_xlabel(text("selection.axis_ratio", lang))
    ax.grid(axis="x", visible=True)
    ax.grid(axis="y", visible=False)
