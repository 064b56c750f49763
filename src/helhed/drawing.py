"""A finished figure as a file: drawn once, the same on every run."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

#: Fine enough for a sheet of paper and a wall: every figure is drawn once, for all places where it stands.
_DPI = 150
#: As many as one byte a pixel can tell apart: a chart has few colours, its letters' edges only look like many.
_COLOURS = 256


def png(figure: Figure) -> bytes:
    """Return the figure as a PNG file that is the same on every run: no clock, no program name.

    ``savefig`` would draw every figure twice, the first time for nothing, and write a file twice as large.
    """
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) if not axis.get_label_text()):
        # Else matplotlib measures all tick labels, three times over, to find a place for an axis label of no words.
        axis.set_label_coords(0, 0)
    figure.dpi = _DPI
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    picture = drawn.convert("RGB").quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # Averages are rounded down there: white would be a faint grey, which a printer shows as dots.
    picture.putpalette([255 if part == 254 else part for part in picture.getpalette()])
    buffer = io.BytesIO()
    # Packed harder, the file would be a fifth smaller and take twice the time to write.
    picture.save(buffer, "png", compress_level=2, dpi=(_DPI, _DPI))
    return buffer.getvalue()
