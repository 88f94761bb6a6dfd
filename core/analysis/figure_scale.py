"""Where does a day, and where does a value, stand in a panel? Rules of a sparkline, without pixels and without matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.domain.readings import State
from core.messages.model import Chart, Point

# A line that moves less than this part of its size is drawn as nearly flat: full height would make noise look like news.
QUIET = 0.04
# A target further from the line than this many times the line's own height is told by an arrow, or the line would be pressed flat.
REACH = 3.0


class Off(Enum):
    """Where a target lies that the panel cannot hold."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Span:
    """Values from `low` to `high`."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """0 at the bottom, 1 at the top."""
        return (value - self.low) / (self.high - self.low)

    def with_value(self, value: float) -> Span:
        """The span stretched to hold the value."""
        return Span(min(self.low, value), max(self.high, value))


@dataclass(frozen=True, slots=True)
class Days:
    """The days that every panel of a chart shows, so that bands stand at the same place in each."""

    first: date
    last: date

    @property
    def steps(self) -> int:
        """Steps from the first day to the last."""
        return (self.last - self.first).days

    def share(self, day: date, shift: float = 0.0) -> float:
        """0 at the first day, 1 at the last, `shift` days later; a lone day stands at the right, where today is."""
        return ((day - self.first).days + shift) / self.steps if self.steps else 1.0 + shift


def days_of(chart: Chart) -> Days | None:
    """From the first day of any panel to the last; None when no panel has a point."""
    days = [point.day for panel in chart.panels for point in panel.points]
    return Days(min(days), max(days)) if days else None


def value_span(points: Iterable[Point]) -> Span | None:
    """The values that occur, with the least height that a line's own size asks for; None when there are none."""
    values = [float(point.value) for point in points if point.value is not None]
    if not values:
        return None
    low, high = min(values), max(values)
    least = QUIET * max(abs(low), abs(high)) or 1.0
    slack = max(0.0, least - (high - low)) / 2
    return Span(low - slack, high + slack)


def reach_target(span: Span, target: float) -> Span | Off:
    """The span that shows the target too, or the side on which the target lies too far off."""
    reach = REACH * (span.high - span.low)
    if target > span.high + reach:
        return Off.ABOVE
    if target < span.low - reach:
        return Off.BELOW
    return span.with_value(target)


def strokes(points: Sequence[Point]) -> list[list[Point]]:
    """The runs of points that a line joins: a missing day parts them, a closed one is passed over."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.value is not None:
            runs[-1].append(point)
        elif point.state is not State.CLOSED:
            runs.append([])
    return [run for run in runs if run]


def end_point(points: Sequence[Point]) -> Point | None:
    """The point that the panel's number stands for: the last with a value, unless a missing day follows it."""
    open_days = [point for point in points if point.state is not State.CLOSED]
    return open_days[-1] if open_days and open_days[-1].value is not None else None
