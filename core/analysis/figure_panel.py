"""How is one metric drawn? The number first, then what it means, then how it got there. No axes, ticks or grid: labels stand where they point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from core.analysis.figure_bands import Shade
from core.analysis.figure_canvas import ALARM, BLUE, FAINT, GREY, INK, RULE, WHITE, Canvas, Spot
from core.analysis.figure_scale import Days, Off, Span, end_point, reach_target, strokes, value_span
from core.analysis.fonts import Words, drawable, fit, shrink, width
from core.domain.readings import State
from core.messages.model import Panel, Point

TITLE, NUMBER, NOTE, LABEL, SMALLEST = 27.0, 54.0, 26.0, 22.0, 20.0
# Baselines and the plot's top, from the panel's top.
TITLE_LINE, NOTE_LINE, NUMBER_LINE, PLOT_TOP = 25.0, 60.0, 94.0, 118.0
WORD_GAP = 18.0
# Of the width, at least, for the figure beside long notes.
NUMBER_PART = 0.62
LINE, THIN = 3.5, 2.0
DOT, SPECK, HOLLOW = 8.5, 5.0, 0.6
LABEL_GAP = 12.0
LABEL_ROOM = 120.0
ARROWS = {Off.ABOVE: "↑", Off.BELOW: "↓"}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a panel stands, in pixels. Words and plot share the left and right edge; the target's label stands right of it."""

    left: float
    top: float
    right: float
    plot_height: float

    @property
    def width(self) -> float:
        """Of words and plot."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Target:
    """A panel's target: its value, the label at the right, and the side on which it lies when it is out of reach."""

    value: float
    label: Words
    off: Off | None


@dataclass(frozen=True, slots=True)
class Plot:
    """The rectangle of a panel's line, and where days and values stand in it."""

    left: float
    top: float
    right: float
    bottom: float
    days: Days
    span: Span

    def x(self, day: date, shift: float = 0.0) -> float:
        """Of a day, `shift` days later, never outside. The last day leaves room for its dot."""
        first, last = self.left + LINE / 2, self.right - DOT
        return min(max(first + self.days.share(day, shift) * (last - first), self.left), self.right)

    def y(self, value: float) -> float:
        """Of a value; the edges leave room for a dot."""
        return self.bottom - DOT - self.span.share(value) * (self.bottom - self.top - 2 * DOT)

    def spot(self, point: Point) -> Spot:
        """Of a point that has a value."""
        assert point.value is not None
        return self.x(point.day), self.y(float(point.value))


def target_of(panel: Panel) -> Target | None:
    """The panel's target with its label as it will stand; an arrow says that it lies further off than the panel reaches."""
    if panel.target is None:
        return None
    value, span = float(panel.target), value_span(panel.points)
    reached = span and reach_target(span, value)
    off = reached if isinstance(reached, Off) else None
    text = f"{ARROWS[off]} {panel.target_label}" if off else panel.target_label
    return Target(value, fit(text, LABEL_ROOM, LABEL, SMALLEST), off)


def draw_panel(canvas: Canvas, panel: Panel, frame: Frame, days: Days | None, shaded: tuple[Shade, ...]) -> None:
    """The panel in its frame; without any day it is words alone."""
    _draw_words(canvas, panel, frame)
    if days is None:
        return
    target = target_of(panel)
    top = frame.top + PLOT_TOP
    plot = Plot(frame.left, top, frame.right, top + frame.plot_height, days, _span(panel, target))
    _draw_bands(canvas, plot, shaded)
    if target is not None:
        _draw_target(canvas, plot, target)
    _draw_line(canvas, plot, panel)


def _span(panel: Panel, target: Target | None) -> Span:
    span = value_span(panel.points)
    if target is None or target.off is not None:
        return span or Span(0, 1)
    around = abs(target.value) or 1.0
    return span.with_value(target.value) if span else Span(target.value - around, target.value + around)


def _draw_words(canvas: Canvas, panel: Panel, frame: Frame) -> None:
    """The title over all, then the figure with the notes beside it. The figure is never cut; the notes give way to it."""
    canvas.words(fit(panel.title, frame.width, TITLE, SMALLEST), frame.left, frame.top + TITLE_LINE, GREY)
    notes = max((width(drawable(note), NOTE) + WORD_GAP for note in panel.notes), default=0.0)
    number = shrink(panel.number, max(frame.width * NUMBER_PART, frame.width - notes), NUMBER)
    canvas.words(number, frame.left, frame.top + NUMBER_LINE, GREY if panel.tone == "quiet" else INK)
    above, last = ("", "", *panel.notes)[-2:]
    room = frame.width - number.width - WORD_GAP
    _draw_note(canvas, fit(above, room, NOTE, SMALLEST), frame.right, frame.top + NOTE_LINE, GREY)
    _draw_note(canvas, fit(last, room, NOTE, SMALLEST), frame.right, frame.top + NUMBER_LINE, ALARM if panel.tone == "bad" else GREY)


def _draw_note(canvas: Canvas, note: Words, right: float, baseline: float, colour: str) -> None:
    canvas.words(note, right - note.width, baseline, colour)


def _draw_bands(canvas: Canvas, plot: Plot, shaded: tuple[Shade, ...]) -> None:
    """Whole days, half a step to either side; the longest lowest, so that a short one inside it is seen."""
    for shade in sorted(shaded, key=lambda shade: shade.start - shade.end):
        right = plot.right if shade.end == plot.days.last else plot.x(shade.end, 0.5)
        canvas.rectangle((plot.x(shade.start, -0.5), plot.top), (right, plot.bottom), shade.tint.fill)


def _draw_target(canvas: Canvas, plot: Plot, target: Target) -> None:
    middle = 0.36 * target.label.size
    match target.off:
        case None:
            y = plot.y(target.value)
            canvas.dashes((plot.left, y), (plot.right, y), RULE, THIN)
        case Off.ABOVE:
            y = plot.top + middle
        case Off.BELOW:
            y = plot.bottom - middle
        case _:
            assert_never(target.off)
    canvas.words(target.label, plot.right + LABEL_GAP, y + middle, FAINT)


def _draw_line(canvas: Canvas, plot: Plot, panel: Panel) -> None:
    end = end_point(panel.points)
    for run in strokes(panel.points):
        if len(run) > 1:
            canvas.line([plot.spot(point) for point in run], BLUE, LINE)
        elif run[0] is not end:
            canvas.dot(plot.spot(run[0]), SPECK, BLUE)
    for point in panel.points:
        if point.value is not None and point.state is State.PROVISIONAL and point is not end:
            _draw_dot(canvas, plot.spot(point), point.state, SPECK, BLUE)
    if end is not None:
        _draw_dot(canvas, plot.spot(end), end.state, DOT, ALARM if panel.tone == "bad" else BLUE)


def _draw_dot(canvas: Canvas, spot: Spot, state: State, radius: float, colour: str) -> None:
    """A filled dot for a final value, a hollow one for a provisional one."""
    canvas.dot(spot, radius, colour)
    if state is State.PROVISIONAL:
        canvas.dot(spot, radius * HOLLOW, WHITE)
