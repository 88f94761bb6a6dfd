"""How does a chart become a picture? Small multiples for a phone: 1080 pixels wide, two columns, one panel a metric."""

from __future__ import annotations

from math import ceil

from core.analysis.figure_bands import draw_header, header, shades
from core.analysis.figure_canvas import Canvas
from core.analysis.figure_panel import LABEL_GAP, PLOT_TOP, Frame, draw_panel, target_of
from core.analysis.figure_scale import days_of
from core.messages.model import Chart, Panel

WIDTH = 1080
TOP, LEFT, RIGHT, BOTTOM = 36, 48, 40, 44
HEADER_GAP = 30
COLUMN_GAP = 40
ROW_GAP = 50
PLOT_HEIGHT, LONE_PLOT_HEIGHT = 116, 240


def draw(chart: Chart) -> bytes:
    """The chart as PNG, 1080 pixels wide and as high as its panels need: one fills the width, more stand in two columns."""
    days = days_of(chart)
    shaded = shades(chart.bands, days)
    gutter = _gutter(chart.panels)
    above = header(chart.caption, shaded, WIDTH - LEFT - RIGHT - gutter)
    frames = _frames(len(chart.panels), gutter, TOP + (above.height + HEADER_GAP if above.height else 0))
    canvas = Canvas(WIDTH, ceil(max((frame.top + PLOT_TOP + frame.plot_height for frame in frames), default=TOP + above.height) + BOTTOM))
    draw_header(canvas, above, LEFT, WIDTH - RIGHT - gutter, TOP)
    for panel, frame in zip(chart.panels, frames, strict=True):
        draw_panel(canvas, panel, frame, days, shaded)
    return canvas.png()


def _gutter(panels: tuple[Panel, ...]) -> float:
    """Pixels kept free right of every plot for the widest target label, so that it meets neither the line nor the next column."""
    widest = max((target.label.width for panel in panels if (target := target_of(panel))), default=0.0)
    return widest + LABEL_GAP if widest else 0.0


def _frames(count: int, gutter: float, top: float) -> list[Frame]:
    columns, plot_height = (1, LONE_PLOT_HEIGHT) if count == 1 else (2, PLOT_HEIGHT)
    step = (WIDTH - LEFT - RIGHT + COLUMN_GAP) / columns
    lefts = [LEFT + step * column for column in range(columns)]
    tops = [top + (PLOT_TOP + plot_height + ROW_GAP) * row for row in range(ceil(count / columns))]
    return [Frame(left, top, left + step - COLUMN_GAP - gutter, plot_height) for top in tops for left in lefts][:count]
