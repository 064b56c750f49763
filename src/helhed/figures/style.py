"""The one style of all figures: colours that hold for colour-blind readers and in grey, quiet axes, a source line."""

import matplotlib
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helhed.texts import text

#: Okabe and Ito's palette (2008), darkest first; safe for the common kinds of colour blindness.
BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, YELLOW, GREY = PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#6B6B6B",
)  # fmt: skip
#: Text and axes.
INK = "#1F2933"
_WIDTH_INCHES = 7.2


def canvas(height_inches: float = 3.8, columns: int = 1, share_y: bool = False, rows: int = 1) -> tuple[Figure, Axes]:
    """Return an empty figure in the house style, with one axes, a row of them or several rows.

    The figure is not registered with pyplot: it is only drawn when it is saved, and never leaks into the next one.
    """
    style = sns.axes_style("whitegrid", {"axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK})
    with matplotlib.rc_context({**style, "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(_WIDTH_INCHES, height_inches), layout="constrained")
        axes = figure.subplots(rows, columns, sharey=share_y)
    for ax in figure.axes:
        ax.grid(axis="x", visible=False)
    return figure, axes


def heading(ax: Axes, words: str, **font) -> None:
    """Write a line over an axes, at its left, close to it.

    Where it stands is said: matplotlib would else look for what might be in its way, and draw all labels to find out.
    """
    ax.set_title(words, loc="left", y=1.0, **font)


def sign(figure: Figure, lang: str, source: str, is_synthetic: bool) -> Figure:
    """Return the figure with a line below it that names the source, and says so when the data are invented."""
    note = f"{text('outputs.synthetic_note', lang)}. {source}" if is_synthetic else source
    figure.supxlabel(note, fontsize=8, color=GREY, x=0.01, ha="left")
    return figure
