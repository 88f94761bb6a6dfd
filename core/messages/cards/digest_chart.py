"""What does the digest's picture show? Small multiples of the leading metrics over four weeks, as data."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.domain.digests import PANELS, Digest, DigestRow
from core.domain.quantities import Unit
from core.i18n.dates import say_date
from core.i18n.numbers import NOTHING, format_change, format_value
from core.messages.cards.digest_figures import change_cell, row_name
from core.messages.cards.task_words import Reader
from core.messages.model import Band, Chart, Panel, Point, Tone
from core.messages.phrases import plain

# 95 % is read faster than 94.7 %, and the table has the deviation exactly.
WHOLE_PERCENT = Decimal("0.01")


def digest_chart(digest: Digest, reader: Reader, currency: str) -> Chart | None:
    """The picture of the first six metrics that have a line; None where none has."""
    drawn = [item for item in digest.rows if sum(figure.value is not None for figure in item.series) > 1][:PANELS]
    if not drawn:
        return None
    panels = tuple(_panel(item, reader, currency) for item in drawn)
    day = say_date(digest.day, digest.morning, reader.locale)
    told = reader.say("task.comma").join(f"{panel.title} {panel.number}" for panel in panels)
    return Chart(
        name=f"digest-{digest.morning.isoformat()}",
        alt=reader.say("digest.chart.alt", told=told),
        caption=reader.say("digest.chart.caption", day=day),
        panels=panels,
        bands=tuple(Band(band.name, max(band.launch, digest.day - timedelta(days=27)), min(band.end, digest.day)) for band in digest.bands),
    )


def _panel(item: DigestRow, reader: Reader, currency: str) -> Panel:
    row, metric = item.row, item.row.metric
    value = row.figure.value
    return Panel(
        title=row_name(row, reader),
        number=NOTHING if value is None else format_value(value, metric.unit, reader.locale, currency),
        notes=_notes(item, reader),
        tone=_tone(item),
        points=tuple(Point(figure.period.end, figure.value, figure.state) for figure in item.series),
        target=row.target.value if row.target else None,
        target_label=reader.say("digest.chart.target") if row.target else "",
    )


def _notes(item: DigestRow, reader: Reader) -> tuple[str, ...]:
    row = item.row
    if row.figure.value is None:
        return ()
    notes = []
    if row.attainment is not None:
        notes.append(reader.say("digest.chart.attainment", share=format_value(row.attainment.quantize(WHOLE_PERCENT), Unit.RATE, reader.locale)))
    if item.missed and row.deviation is not None:
        notes.append(reader.say("digest.chart.deviation", change=format_change(row.deviation, reader.locale)))
    elif item.weekday is not None and item.weekday.change is not None:
        notes.append(reader.say("digest.chart.weekday", change=plain(change_cell(item, reader))))
    return tuple(notes)


def _tone(item: DigestRow) -> Tone:
    if item.row.figure.value is None:
        return "quiet"
    return "bad" if item.missed else "neutral"
