"""How do lines, rectangles, dots and words become the pixels of a PNG?

A thin layer over matplotlib's Agg renderer, in pixels from the top left. A figure's artists would draw the same;
they would also look for fonts and lay out text again for each of sixty objects, which takes half as long again.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from core.analysis.fonts import Words, font

# One accent; orange-red means that someone should act; the rest is grey.
WHITE, INK, GREY, FAINT, RULE = "#ffffff", "#1d2530", "#65707c", "#7b8590", "#9aa4ae"
BLUE, ALARM = "#2a5d92", "#c2410c"
# Fastest for flat colours: higher levels take twice as long to save 8 % of the bytes.
COMPRESSION = 1

Spot = tuple[float, float]


class Canvas:
    """A white page of `width` × `height` pixels; x grows to the right, y downwards."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._renderer, self._pixels = _agg(width, height)
        self._upright = Affine2D().scale(1, -1).translate(0, height)
        self.rectangle((0, 0), (width, height), WHITE)

    def rectangle(self, corner: Spot, opposite: Spot, colour: str) -> None:
        """A filled rectangle between two corners."""
        (left, top), (right, bottom) = corner, opposite
        outline = Path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], closed=True)
        self._renderer.draw_path(self._pen(colour, 0), outline, self._upright, to_rgba(colour))

    def line(self, spots: Sequence[Spot], colour: str, width: float) -> None:
        """Straight strokes from spot to spot, with round joins and ends."""
        pen = self._pen(colour, width)
        pen.set_joinstyle("round")
        pen.set_capstyle("round")
        self._renderer.draw_path(pen, Path(spots), self._upright)

    def dashes(self, start: Spot, end: Spot, colour: str, width: float) -> None:
        """A dashed straight line."""
        pen = self._pen(colour, width)
        pen.set_dashes(0, (8, 6))
        self._renderer.draw_path(pen, Path([start, end]), self._upright)

    def dot(self, centre: Spot, radius: float, colour: str) -> None:
        """A filled dot."""
        self._renderer.draw_path(self._pen(colour, 0), Path.circle(centre, radius), self._upright, to_rgba(colour))

    def words(self, words: Words, left: float, baseline: float, colour: str) -> None:
        """A text whose first letter stands at `left` on the baseline. Never read as mathematics: `$` is a dollar."""
        self._renderer.draw_text(self._pen(colour, 0), left, baseline, words.text, font(words.size), 0)

    def png(self) -> bytes:
        """The page as PNG, without an alpha channel."""
        file = BytesIO()
        Image.frombytes("RGB", self._size, self._pixels, "raw", "RGBX", 0, 1).save(file, "PNG", compress_level=COMPRESSION)
        return file.getvalue()

    def _pen(self, colour: str, width: float) -> GraphicsContextBase:
        pen = self._renderer.new_gc()
        pen.set_foreground(colour)
        pen.set_linewidth(width)
        return pen


def _agg(width: int, height: int) -> tuple[RendererBase, memoryview]:
    """A renderer at 72 dots per inch, where a point is a pixel, and its pixels as red, green, blue, alpha."""
    renderer = RendererAgg(width, height, 72)  # type: ignore[no-untyped-call]  # matplotlib types its base classes, not this backend
    return renderer, memoryview(renderer.buffer_rgba())  # type: ignore[no-untyped-call]  # the same
