"""How do the figures of a digest stand in their tables: actual, against the target, against the same weekday?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.domain.boards import Row
from core.domain.digests import Digest, DigestRow
from core.domain.metrics import Metric
from core.domain.periods import Grain
from core.domain.quantities import Unit
from core.domain.readings import Figure, State
from core.i18n.dates import say_day
from core.i18n.numbers import NOTHING, format_change
from core.messages.cards.kpi_words import Viewer, actual, deviation_words
from core.messages.model import Column, Number, Phrase, Table
from core.messages.phrases import say


def figures_table(digest: Digest, viewer: Viewer) -> Table:
    """The leading metrics, one a row."""
    columns = (
        Column(say(viewer.locale, "digest.column.metric")),
        Column(say(viewer.locale, "digest.column.actual"), "right"),
        Column(say(viewer.locale, "digest.column.target"), "right"),
        Column(say(viewer.locale, "digest.column.weekday"), "right"),
    )
    return Table(columns, tuple(_row(item, viewer) for item in digest.rows))


def covered_table(digest: Digest, viewer: Viewer) -> Table:
    """One row for each day since the last working day, one column for each of the first metrics."""
    metrics = {item.row.metric.code: item.row.metric for item in digest.rows}
    shown = [metrics[figure.metric] for figure in digest.by_day[0]]
    rows = tuple(tuple(_day(figures, shown, viewer)) for figures in digest.by_day)
    return Table((Column(say(viewer.locale, "digest.column.day")), *(Column(viewer.name(metric), "right") for metric in shown)), rows)


def weekday_change(item: DigestRow, viewer: Viewer) -> Phrase:
    """The change against the same weekday a week before, or in a word why there is none."""
    compared = item.weekday
    if compared is None:
        return (NOTHING,)
    if compared.change is None:
        return (say(viewer.locale, f"digest.gap.{compared.gap.value}") if compared.gap else NOTHING,)
    return (Number(format_change(compared.change), compared.change, Unit.RATE, State.FINAL),)


def _row(item: DigestRow, viewer: Viewer) -> tuple[Phrase, ...]:
    row = item.row
    return ((_name(row, viewer),), actual(row.figure, row.metric, viewer), deviation_words(row, viewer), weekday_change(item, viewer))


def _name(row: Row, viewer: Viewer) -> str:
    """The metric's name, with the period in a word where it is not the day."""
    name, grain = viewer.name(row.metric), row.figure.period.grain
    if grain is Grain.DAY:
        return name
    return say(viewer.locale, "digest.period.named", name=name, period=say(viewer.locale, f"digest.period.{grain.value}"))


def _day(figures: Sequence[Figure], shown: Sequence[Metric], viewer: Viewer) -> Iterator[Phrase]:
    yield (say_day(figures[0].period.start, viewer.today, viewer.locale),)
    for metric, figure in zip(shown, figures, strict=True):
        yield actual(figure, metric, viewer)
