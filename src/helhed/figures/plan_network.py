"""The picture of one family's network: the family in the middle, the people and places around it."""

import re
import textwrap

import numpy as np
from matplotlib.figure import Figure

from helhed.figures.style import BLUE, GREY, INK, ORANGE
from helhed.outputs import Picture
from helhed.texts import number, text

#: More names than this cannot be read at the size of the picture; the rest is counted.
MAX_NAMES = 10
_SIZE_INCHES = (3.3, 5.0)
_WRAP = 15
#: A longer word is broken; up to here it is written smaller, so that no name runs out of the picture.
_LONGEST_WORD = 20
_LETTER_POINTS = 8.5


def network_picture(names: list[tuple[str, bool]], family: str, lang: str) -> Picture:
    """Return the picture of a family's network; only for the family's own Word file and for invented families.

    Parameters
    ----------
    names
        Who stands around the family, nearest first, and whether it is someone of their own (family, friends, a club)
        rather than a professional. Own people are drawn with a solid line and a filled dot, professionals with a
        dashed line and an open dot: no meaning rests on colour alone.
    family
        What the family is called in the middle.
    """
    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    ax = figure.subplots()
    ax.set_axis_off()
    ax.set_xlim(-1.65, 1.65)
    ax.set_ylim(-2.2, 2.2)
    shown = names[:MAX_NAMES]
    for place, (name, is_own) in zip(_places(len(shown)), shown, strict=True):
        _draw_name(ax, place, name, is_own)
    ax.text(
        0,
        0,
        "\n".join(textwrap.wrap(family, 12)),
        ha="center",
        va="center",
        fontsize=10,
        color="white",
        zorder=3,
        parse_math=False,
    )
    ax.plot([0], [0], "o", markersize=62, color=BLUE, zorder=2)
    if len(names) > MAX_NAMES:
        more = text("plan_documents.network_picture_more", lang, n=number(len(names) - MAX_NAMES, lang))
        ax.text(0, -2.2, more, ha="center", va="bottom", fontsize=8.5, color=INK)
    return Picture(figure, "fig-plan-network", text("plan_documents.network_picture_caption", lang), _alt(names, lang))


def _places(n_names: int) -> list[tuple[float, float]]:
    """Return a place for each name, left and right in turn from above: names in two columns never touch each other."""
    n_rows = -(-n_names // 2)
    heights = np.linspace(1.8, -1.8, n_rows) if n_rows > 1 else np.array([1.2])
    # In the middle the columns bulge, so that the lines run around the family like spokes.
    return [((1 if at % 2 else -1) * (1.0 - 0.06 * heights[at // 2] ** 2), heights[at // 2]) for at in range(n_names)]


def _draw_name(ax, place: tuple[float, float], name: str, is_own: bool) -> None:
    colour, style, fill = (ORANGE, "-", ORANGE) if is_own else (GREY, "--", "white")
    x, y = place
    ax.plot([0, x], [0, y], style, color=colour, linewidth=1.5, zorder=1)
    ax.plot([x], [y], "o", markersize=9, markerfacecolor=fill, markeredgecolor=colour, zorder=2)
    lines = _lines_of(name)
    above = y >= 0
    ax.annotate(
        "\n".join(lines),
        place,
        xytext=(0, 7 if above else -7),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        fontsize=_LETTER_POINTS * min(1, _WRAP / max(map(len, lines), default=1)),
        color=INK,
        parse_math=False,
        bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
    )


def _lines_of(name: str) -> list[str]:
    """Return a name in up to three lines; words that are too long for one line go on in the next after a hyphen."""
    long_word = re.compile(rf"(\S{{{_LONGEST_WORD - 1}}})(?=\S\S)")
    return textwrap.wrap(long_word.sub(r"\1- ", name), _WRAP, break_long_words=False)[:3]


def _alt(names: list[tuple[str, bool]], lang: str) -> str:
    if not names:
        return text("plan_documents.network_picture_none", lang)
    listed = ", ".join(name for name, _ in names[:MAX_NAMES])
    return text("plan_documents.network_picture_alt", lang, n=number(len(names), lang), names=listed)
