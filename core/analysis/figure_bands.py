"""Which stretches of days are shaded behind the lines, in which tint, and what stands above the picture to say so?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import cycle

from core.analysis.figure_canvas import GREY, Canvas
from core.analysis.figure_scale import Days
from core.analysis.fonts import Words, drawable, fit, width
from core.messages.model import Band

LABEL = 24.0
SMALLEST = 20.0
SWATCH = 20.0
SWATCH_GAP = 9.0
BETWEEN = 30.0
ROW = 40.0


@dataclass(frozen=True, slots=True)
class Tint:
    """A quiet fill, and a stronger edge that lets a small swatch of it be seen on white."""

    fill: str
    edge: str


SAND = Tint("#f4ead5", "#cba866")
MIST = Tint("#e4ecf3", "#93abc2")
SAGE = Tint("#e5efe2", "#94b48b")


@dataclass(frozen=True, slots=True)
class Shade:
    """The visible part of a band."""

    label: str
    start: date
    end: date
    tint: Tint


def shades(bands: tuple[Band, ...], days: Days | None) -> tuple[Shade, ...]:
    """The bands that touch the shown days, from the first on; one label keeps one tint."""
    if days is None:
        return ()
    visible = sorted((band for band in bands if band.start <= days.last and band.end >= days.first), key=lambda band: (band.start, band.label))
    tints = dict(zip(dict.fromkeys(band.label for band in visible), cycle((SAND, MIST, SAGE)), strict=False))
    return tuple(Shade(band.label, max(band.start, days.first), min(band.end, days.last), tints[band.label]) for band in visible)


@dataclass(frozen=True, slots=True)
class Header:
    """The caption at the left and the bands' labels at the right, or below where they would meet. `height` is in pixels."""

    caption: Words
    labels: tuple[tuple[Words, Tint], ...]
    below: bool

    @property
    def height(self) -> float:
        """0 when there is nothing to say."""
        return ROW * (bool(self.caption.text) + (bool(self.labels) and (self.below or not self.caption.text)))


def header(caption: str, shaded: tuple[Shade, ...], room: float) -> Header:
    """Everything at full size on one line if it fits, else on two with the longest labels cut."""
    tints = {shade.label: shade.tint for shade in shaded if shade.label}
    words = fit(caption, room, LABEL, SMALLEST)
    wanted = [_entry(width(drawable(label), LABEL)) for label in tints]
    rooms = _share(room, wanted)
    labels = tuple((fit(label, each - _entry(0), LABEL, SMALLEST), tint) for (label, tint), each in zip(tints.items(), rooms, strict=True))
    return Header(words, labels, below=words.width + sum(wanted) > room)


def _share(room: float, wanted: list[float]) -> list[float]:
    """Parts of the room: what is wanted where it is little, and equal parts of what is left for the others."""
    given = dict.fromkeys(range(len(wanted)), 0.0)
    for done, place in enumerate(sorted(given, key=wanted.__getitem__)):
        given[place] = min(wanted[place], (room - sum(given.values())) / (len(wanted) - done))
    return list(given.values())


def _entry(label: float) -> float:
    return BETWEEN + SWATCH + SWATCH_GAP + label


def draw_header(canvas: Canvas, header: Header, left: float, right: float, top: float) -> None:
    """The header from `top` down."""
    baseline = top + LABEL
    canvas.words(header.caption, left, baseline, GREY)
    wanted = sum(_entry(words.width) for words, _ in header.labels) - BETWEEN
    at = left if header.below else right - wanted
    for words, tint in header.labels:
        _draw_label(canvas, words, tint, at, baseline + (ROW if header.below and header.caption.text else 0.0))
        at += _entry(words.width)


def _draw_label(canvas: Canvas, words: Words, tint: Tint, left: float, baseline: float) -> None:
    bottom = baseline + 1
    canvas.rectangle((left, bottom - SWATCH), (left + SWATCH, bottom), tint.edge)
    canvas.rectangle((left + 2, bottom - SWATCH + 2), (left + SWATCH - 2, bottom - 2), tint.fill)
    canvas.words(words, left + SWATCH + SWATCH_GAP, baseline, GREY)
