"""The timeline of the implementation passport as a Gantt chart."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from helhed.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, canvas
from helhed.outputs import Picture

_COLOURS = (BLUE, ORANGE, GREEN, PINK)
_HATCHES = ("", "//", "..", "xx")
_NAME_WIDTH = 46


@dataclass(frozen=True)
class Bar:
    """One line of the chart: a phase (the heading of those that follow it) or a milestone, with its months."""

    name: str
    first_month: int
    last_month: int
    is_phase: bool


def timeline_figure(bars: Sequence[Bar], words: dict[str, str]) -> Picture:
    """Return the chart, from the top in the order given; a dashed line marks where a phase is signed.

    Parameters
    ----------
    bars
        Phases, each followed by its milestones.
    words
        ``axis``, ``source``, ``caption`` and ``alt`` in the language of the reader.
    """
    figure, ax = canvas(0.9 + 0.255 * len(bars))
    phase, last = -1, max(bar.last_month for bar in bars)
    for at, bar in enumerate(bars):
        phase += bar.is_phase
        colour, hatch = _COLOURS[phase % len(_COLOURS)], _HATCHES[phase % len(_HATCHES)]
        left, width = bar.first_month - 1, bar.last_month - bar.first_month + 1
        if bar.is_phase:
            ax.barh(at, width, left=left, height=0.34, color=INK)
            ax.axvline(bar.last_month, color=GREY, linestyle="--", linewidth=1, zorder=0)
        else:
            ax.barh(at, width, left=left, height=0.66, color=colour, edgecolor=INK, linewidth=0.7, hatch=hatch)
    ax.set_yticks(range(len(bars)), [textwrap.shorten(bar.name, _NAME_WIDTH, placeholder=" …") for bar in bars])
    for label, bar in zip(ax.get_yticklabels(), bars, strict=True):
        label.set_fontsize(9)
        label.set_fontweight("bold" if bar.is_phase else "normal")
    ax.set_ylim(len(bars) - 0.4, -0.6)
    ax.set_xlim(0, last)
    months = range(3, last + 1, 3)
    ax.set_xticks(months, [str(month) for month in months])
    ax.grid(axis="x", visible=True, linewidth=0.5)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(words["axis"])
    figure.supxlabel(words["source"], fontsize=8, color=GREY, x=0.01, ha="left")
    return Picture(figure, "fig-timeline", words["caption"], words["alt"])
