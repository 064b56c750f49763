"""How a number that may not be shown is drawn: a dotted stub of one size, never a bar of length nought."""

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from helhed.figures import style
from helhed.texts import text

#: Length of a stub as a share of the longest bar.
STUB = 0.05
#: How a hidden number looks, wherever it stands.
LOOK = {"color": "white", "edgecolor": style.GREY, "linestyle": ":", "linewidth": 1.2}


def hidden_rows(frame: pd.DataFrame, column: str) -> list[int]:
    """Return the positions of the rows whose number is hidden."""
    return [int(row) for row in frame[column].isna().to_numpy().nonzero()[0]]


def draw_stubs(
    ax: Axes, rows: Iterable[float], reach: float, lang: str, *, is_upright: bool = False, thickness: float = 0.55
) -> float:
    """Draw a stub at each row, and return its length.

    Parameters
    ----------
    ax
        Axes with bars.
    rows
        Where the numbers are hidden.
    reach
        Length of the longest bar.
    lang
        Language of the legend.
    is_upright
        Whether the bars stand; else they lie.
    thickness
        How broad they are.
    """
    rows, length = list(rows), STUB * (reach if reach > 0 else 1.0)
    if rows:
        draw = ax.bar if is_upright else ax.barh
        draw(rows, length, thickness, label=text("selection.legend_hidden", lang), **LOOK)
    return length
