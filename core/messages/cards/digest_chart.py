"""What does the digest's picture show? Small multiples of the leading metrics over four weeks, as data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from core.domain.digests import SERIES, Digest, DigestRow, pictured
from core.domain.quantities import Unit
from core.i18n.dates import say_date
from core.i18n.numbers import NOTHING, format_change, format_value
from core.messages.cards.digest_figures import weekday_change
from core.messages.cards.kpi_words import Viewer
from core.messages.model import Band, Chart, Panel, Point, Tone
from core.messages.phrases import plain, say

# 95 % is read faster than 94.7 %, and the table has the deviation exactly.
WHOLE_PERCENT = Decimal("0.01")


def digest_chart(digest: Digest, viewer: Viewer) -> Chart | None:
    """The picture of the six metrics that matter most among those that have a line; None where none has."""
    drawn = pictured(digest.rows)
    if not drawn:
        return None
    panels = tuple(_panel(item, viewer) for item in drawn)
    told = say(viewer.locale, "task.comma").join(f"{panel.title} {panel.number}" for panel in panels)
    since = digest.day - timedelta(days=SERIES - 1)
    return Chart(
        name=f"digest-{digest.morning.isoformat()}",
        alt=say(viewer.locale, "digest.chart.alt", told=told),
        caption=say(viewer.locale, "digest.chart.caption", day=say_date(digest.day, digest.morning, viewer.locale)),
        panels=panels,
        bands=tuple(Band(band.name, max(band.launch, since), min(band.end, digest.day)) for band in digest.bands),
    )


def _panel(item: DigestRow, viewer: Viewer) -> Panel:
    row, metric = item.row, item.row.metric
    return Panel(
        title=viewer.name(metric),
        number=NOTHING if row.figure.value is None else viewer.value(row.figure.value, metric),
        notes=tuple(_notes(item, viewer)),
        tone=_tone(item),
        points=tuple(Point(figure.period.end, figure.value, figure.state) for figure in item.series),
        target=row.target.value if row.target else None,
        target_label=say(viewer.locale, "digest.chart.target") if row.target else "",
    )


def _notes(item: DigestRow, viewer: Viewer) -> Iterator[str]:
    row = item.row
    if row.figure.value is None:
        return
    if row.attainment is not None:
        share = format_value(row.attainment.quantize(WHOLE_PERCENT), Unit.RATE, viewer.locale)
        yield say(viewer.locale, "digest.chart.attainment", share=share)
    if item.missed and row.deviation is not None:
        yield say(viewer.locale, "digest.chart.deviation", change=format_change(row.deviation))
    elif item.weekday is not None and item.weekday.change is not None:
        yield say(viewer.locale, "digest.chart.weekday", change=plain(weekday_change(item, viewer)))


def _tone(item: DigestRow) -> Tone:
    if item.row.figure.value is None:
        return "quiet"
    return "bad" if item.missed else "neutral"
