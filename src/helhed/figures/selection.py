"""Figures of the target-group selection: funnel, departments that meet, moving thresholds, inflow."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from helhed.figures import style
from helhed.figures.hidden import LOOK, STUB, draw_stubs, hidden_rows
from helhed.outputs import Picture, PublicTable, is_small
from helhed.profile import Profile, declared_entries
from helhed.tables import code_label
from helhed.texts import day, number, text

#: Combinations of departments shown at most: more cannot be told apart.
_MOST_BARS = 14


def draw_funnel(safe: PublicTable, profile: Profile, lang: str) -> Picture:
    """Return the funnel as horizontal bars; a hidden count is a dotted stub with its word, not a bar of nought."""
    frame = safe.frame.reset_index(drop=True)
    labels = [textwrap.fill(label, 38) for label in frame["label"]]
    figure, ax = style.canvas(0.9 + sum(0.34 + 0.19 * label.count("\n") + 0.19 for label in labels))
    width = frame["n_families"].astype(float).fillna(0)
    ax.barh(frame.index, width.where(width > 0), color=style.BLUE, height=0.55, label=_legend("meets", lang))
    hidden = hidden_rows(frame, "n_families")
    end = width.mask(frame.index.isin(hidden), draw_stubs(ax, hidden, width.max(), lang))
    unknown = frame["n_cannot_tell"].astype(float).fillna(0)
    is_unknown = unknown > 0
    if is_unknown.any():
        look = {"color": "white", "edgecolor": style.GREY, "hatch": "////", "height": 0.55}
        label = _legend("cannot_tell", lang)
        ax.barh(frame.index[is_unknown], unknown[is_unknown], left=end[is_unknown], label=label, **look)
    written = [cells[1] for cells in safe.written(lang, profile["disclosure.threshold"])]
    for row, words in enumerate(written):
        ax.text(end[row] + unknown[row] + width.max() * 0.012, row, words, va="center", color=style.INK)
    ax.set_yticks(frame.index, labels)
    ax.invert_yaxis()
    ax.set_xlim(0, width.max() * 1.12 or 1)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    ax.set_xlabel(text("selection.n_families", lang))
    if unknown.sum() or hidden:
        ax.legend(loc="lower right", frameon=True)
    is_rule = frame["step"] == "rule"
    has_proposed = frame["step"].iloc[-1] == "shortlisted"
    said = {
        "known": written[int(frame.index[frame["step"] == "known"][0])],
        "eligible": written[int(is_rule[is_rule].index[-1])],
        "proposed": text("selection.funnel_proposed", lang, n=written[-1]) if has_proposed else "",
    }
    return signed(figure, "funnel", profile, lang, said)


def _legend(name: str, lang: str) -> str:
    return text(f"selection.legend_{name}", lang)


def draw_departments(safe: PublicTable, profile: Profile, lang: str) -> Picture:
    """Return an UpSet drawing: bars for combinations of departments above the dots that name them."""
    names = [name for name in safe.frame if name not in ("n_departments", "n_families", "label")]
    labels = {name: code_label("department", name, lang) for name in names}
    figure, said = _upset(safe, "n_departments", labels, lang)
    return signed(figure, "departments", profile, lang, said)


def draw_criteria(safe: PublicTable, profile: Profile, lang: str) -> Picture:
    """Return an UpSet drawing: bars for combinations of criteria above the dots that name them."""
    names = [name for name in safe.frame if name not in ("n_criteria", "n_families", "label")]
    labels = {name: textwrap.fill(name, 34) for name in names}
    figure, said = _upset(safe, "n_criteria", labels, lang)
    return signed(figure, "criteria", profile, lang, said)


def _upset(safe: PublicTable, total: str, labels: dict[str, str], lang: str) -> tuple[Figure, dict[str, str] | str]:
    """Return the drawing and what it shows; ``total`` counts the flags of a combination, ``labels`` names them."""
    some = safe.frame[safe.frame[total] > 0]
    told = some.dropna(subset=["n_families"]).reset_index(drop=True)
    shown = told.head(_MOST_BARS)
    figure, _ = style.canvas(3.4 + 0.3 * sum(1 + label.count("\n") for label in labels.values()))
    figure.clear()
    bars, dots = figure.subplots(2, 1, sharex=True, height_ratios=[1.5, 0.17 * max(len(labels), 2)])
    heights = shown["n_families"].astype(float)
    bars.bar(shown.index, heights, color=style.BLUE, width=0.6)
    for place, height in heights.items():
        bars.text(place, height, number(height, lang), ha="center", va="bottom", fontsize=9, color=style.INK)
    bars.set_ylabel(text("selection.n_families", lang))
    _draw_dots(dots, shown[list(labels)].astype(bool), list(labels.values()))
    for ax in (bars, dots):
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(bottom=False, labelbottom=False, left=ax is bars)
    bars.grid(axis="y", color="#DDDDDD")
    bars.set_axisbelow(True)
    return figure, _combinations_said(len(some), told, lang)


def _draw_dots(ax, involved: pd.DataFrame, labels: list[str]) -> None:
    for place, row in enumerate(involved.to_numpy()):
        levels = [level for level, is_in in enumerate(row) if is_in]
        ax.scatter([place] * len(row), range(len(row)), s=46, color="#D9D9D9", zorder=2)
        ax.scatter([place] * len(levels), levels, s=46, color=style.INK, zorder=3)
        if levels:
            ax.plot([place, place], [levels[0], levels[-1]], color=style.INK, linewidth=1.6, zorder=3)
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)


def _combinations_said(n_combinations: int, told: pd.DataFrame, lang: str) -> dict[str, str] | str:
    if told.empty:
        return text("selection.departments_none", lang)
    n_hidden = n_combinations - len(told)
    n_left_out = max(0, len(told) - _MOST_BARS)
    notes = [text("selection.departments_hidden", lang, n=number(n_hidden, lang))] if n_hidden else []
    notes += [text("selection.departments_smaller", lang, n=number(n_left_out, lang))] if n_left_out else []
    return {
        "combination": told["label"].iloc[0],
        "n": number(told["n_families"].iloc[0], lang),
        "hidden": " ".join(notes or [text("selection.departments_all_shown", lang)]),
    }


def draw_sensitivity(safe: PublicTable, most: dict | None, profile: Profile, lang: str) -> Picture:
    """Return one small panel per threshold of the rule: families against the threshold's value.

    A value whose numbers are hidden stays on the axis, with a dotted stub.
    """
    told = safe.frame.dropna(subset=["n_eligible"])
    keys = list(dict.fromkeys(told["key"]))
    figure, axes = style.canvas(3.4, max(1, len(keys)), share_y=True)
    top = max(told["n_eligible"].astype(float).max(), 1.0) if len(told) else 1.0
    for ax, key in zip(figure.axes, keys, strict=False):
        own = safe.frame[safe.frame["key"] == key].astype({"n_eligible": float, "n_changed": float})
        _draw_threshold(ax, own, top, lang)
        ax.set_xlabel(textwrap.fill(declared_entries()[key].label(lang), max(14, 76 // len(keys))))
    drawn = [pair for ax in figure.axes for pair in zip(*ax.get_legend_handles_labels(), strict=True)]
    handles = {label: handle for handle, label in drawn}
    if keys:
        figure.legend(handles.values(), handles.keys(), loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    figure.axes[0].set_ylabel(text("selection.n_families", lang))
    figure.axes[0].set_ylim(0, top * 1.2)
    if most is None:
        return signed(figure, "sensitivity", profile, lang, text("selection.sensitivity_none", lang))
    said = {name: number(most[name], lang) for name in ("low", "high")}
    return signed(figure, "sensitivity", profile, lang, {"most": declared_entries()[most["key"]].label(lang), **said})


def _draw_threshold(ax, own: pd.DataFrame, top: float, lang: str) -> None:
    """Draw the families that meet the rule at each value of one threshold, and how many come in or fall out."""
    told = own.dropna(subset=["n_eligible"])
    look = {"color": style.BLUE, "marker": "o", "markerfacecolor": "white", "linewidth": 1.8}
    ax.plot(told["value"], told["n_eligible"], label=text("selection.n_eligible", lang), **look)
    now = told[told["is_present"]]
    ax.plot(now["value"], now["n_eligible"], color=style.BLUE, marker="o", markersize=9, linestyle="")
    for value, size in zip(told["value"], told["n_eligible"], strict=True):
        look = {"textcoords": "offset points", "ha": "center", "fontsize": 9}
        ax.annotate(number(size, lang), (value, size), xytext=(0, 8), **look)
    look = {"color": "white", "edgecolor": style.GREY, "hatch": "////", "zorder": 1}
    width = 0.5 * (own["value"].diff().min() if len(own) > 1 else 1.0)
    changed = own[own["n_changed"] > 0]
    if len(changed):
        ax.bar(
            changed["value"], changed["n_changed"], width=width, label=text("selection.legend_changed", lang), **look
        )
        for value, size in zip(changed["value"], changed["n_changed"], strict=True):
            shade = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
            look = {"ha": "center", "va": "center", "fontsize": 8, "bbox": shade}
            ax.text(value, size / 2, number(size, lang), **look)
    hidden = own.loc[own["n_eligible"].isna() | own["n_changed"].isna(), "value"]
    draw_stubs(ax, hidden, top, lang, is_upright=True, thickness=width)
    ax.set_xticks(own["value"], own["shown"])
    ax.margins(x=0.12)


def draw_inflow(safe: PublicTable, expected, profile: Profile, lang: str) -> Picture:
    """Return new families per month, by period, with the band expected for a coming month."""
    frame = safe.frame.iloc[:-1]
    figure, ax = style.canvas(3.6)
    heights = frame["per_month"].astype(float)
    ax.bar(frame.index, heights, color=style.BLUE, width=0.65)
    stub = draw_stubs(ax, hidden_rows(frame, "per_month"), heights.max(), lang, is_upright=True)
    written = [cells[2] for cells in safe.written(lang, profile["disclosure.threshold"])]
    for place, height in heights.items():
        ax.text(place, stub if pd.isna(height) else height, written[place], ha="center", va="bottom", fontsize=9)
    ax.set_xticks(frame.index, [_short_month(month, lang) for month in frame["month"]])
    ax.set_xlabel(text("selection.period", lang))
    ax.set_ylabel(text("selection.per_month", lang))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, lang, 1)))
    ax.set_ylim(0, max(1.0, heights.max() if heights.notna().any() else 0) * 1.25)
    if expected is None:
        return signed(figure, "inflow", profile, lang, text("selection.inflow_none", lang))
    band = text("selection.expected_band", lang)
    ax.axhspan(expected.low, expected.high, color=style.SKY, alpha=0.25, label=band, zorder=0)
    ax.axhline(expected.mean, color=style.VERMILION, linewidth=1.4, label=text("selection.mean", lang))
    ax.set_ylim(0, max(expected.high, heights.max() if heights.notna().any() else 0) * 1.25)
    ax.legend(loc="upper right", frameon=True)
    limits = {name: number(getattr(expected, name), lang) for name in ("low", "high")}
    return signed(figure, "inflow", profile, lang, {"mean": number(expected.mean, lang, 1), **limits})


def draw_unlinked(safe: PublicTable, again, profile: Profile, lang: str) -> Picture:
    """Return the target group now, after the same loss once more, and with every person without a family added.

    ``safe`` is the protected table of the sources with the total last; ``again`` the result of losing as much again.
    """
    if is_small(again.n_eligible, profile["disclosure.threshold"]):
        return signed(style.canvas(1.6)[0], "unlinked", profile, lang, text("selection.unlinked_none", lang))
    added = safe.frame[safe.frame["is_in_rule"]]
    more = added["n_could_add"].astype(float).fillna(0).to_numpy()
    labels = [
        text("selection.row_now", lang),
        *([text("selection.row_again", lang)] if again.n_runs else []),
        *(text("selection.row_ceiling", lang, source=label) for label in added["label"]),
    ]
    labels = [textwrap.fill(label, 34) for label in labels]
    figure, ax = style.canvas(1.5 + sum(0.34 + 0.16 * label.count("\n") for label in labels))
    first = len(labels) - len(added)
    sizes = [float(again.n_eligible)] * len(labels)
    if again.n_runs:
        sizes[1] = again.size[0]
        look = {"color": style.SKY, "height": 0.55, "label": text("selection.legend_again", lang)}
        ax.barh(1, again.size[2] - again.size[0], left=again.size[0], **look)
    ax.barh(range(len(labels)), sizes, color=style.BLUE, height=0.55, label=text("selection.legend_target", lang))
    if more.any():
        look = {"color": "white", "edgecolor": style.GREY, "hatch": "////", "height": 0.55}
        ceiling = text("selection.legend_ceiling", lang)
        ax.barh(range(first, len(labels)), more, left=again.n_eligible, label=ceiling, **look)
    hidden = [first + row for row in hidden_rows(added, "n_could_add")]
    if hidden:
        ax.barh(
            hidden,
            again.n_eligible * STUB,
            0.55,
            left=again.n_eligible,
            label=text("selection.legend_hidden", lang),
            **LOOK,
        )
    _write_unlinked(ax, safe, added, again, (profile, lang))
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlim(0, (again.n_eligible + max([*more, 0])) * 1.25 or 1)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    ax.set_xlabel(text("selection.n_families", lang))
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    return signed(figure, "unlinked", profile, lang, _unlinked_said(safe, again, profile, lang))


def _write_unlinked(ax, safe: PublicTable, added: pd.DataFrame, again, shown: tuple[Profile, str]) -> None:
    """Write the numbers behind the bars; a hidden one is written as hidden."""
    profile, lang = shown
    column = list(safe.columns).index("n_could_add")
    written = safe.written(lang, profile["disclosure.threshold"])
    reach = float(again.n_eligible + max([*added["n_could_add"].astype(float).fillna(0), 0]))
    notes = [(again.n_eligible, number(again.n_eligible, lang))]
    if again.n_runs:
        notes.append(
            (max(again.size[2], again.size[0]), f"{number(again.size[0], lang)}–{number(again.size[2], lang)}")
        )
    drawn = added["n_could_add"].astype("Float64").astype(float).fillna(again.n_eligible * STUB)
    for position, more in zip(added.index, drawn, strict=True):
        at_most = text("selection.note_ceiling", lang, n=written[position][column])
        notes.append((again.n_eligible + more, at_most))
    for row, (end, note) in enumerate(notes):
        ax.text(end + reach * 0.012, row, note, va="center", color=style.INK, fontsize=9)


def _unlinked_said(safe: PublicTable, again, profile: Profile, lang: str) -> dict[str, str] | str:
    n_eligible = number(again.n_eligible, lang)
    if not safe.frame["is_in_rule"].any():
        return text("selection.unlinked_no_effect", lang, n=n_eligible)
    total = dict(zip(safe.columns, safe.written(lang, profile["disclosure.threshold"])[-1], strict=True))
    limits = {"low": number(again.size[0], lang), "high": number(again.size[2], lang)}
    return {"n": n_eligible, "more": total["n_could_add"], **limits}


def _short_month(month: pd.Timestamp, lang: str) -> str:
    return day(month, lang, "MMM yy").replace(".", "")


def signed(figure: Figure, name: str, profile: Profile, lang: str, said: dict[str, str] | str) -> Picture:
    """Return the signed picture; ``said`` fills caption and alternative text, or is both when nothing can be shown."""
    source = text("selection.source_line", lang, day=day(profile["data.to_date"], lang))
    style.sign(figure, lang, source, profile.is_synthetic)
    title = f"fig-select-{name.replace('_', '-')}"
    if isinstance(said, str):
        return Picture(figure, title, said, said)
    caption, alt = (text(f"selection.{name}_{kind}", lang, **said) for kind in ("caption", "alt"))
    return Picture(figure, title, caption, alt)
