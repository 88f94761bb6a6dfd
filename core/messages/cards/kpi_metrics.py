"""Which metrics are there, what are they called, and what does each mean?"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.metrics import Dimension, Metric
from core.messages.cards.kpi_words import Viewer, message
from core.messages.model import Actions, Block, Bold, Button, Code, Column, Context, Heading, Message, Paragraph, Phrase, Press, Table

COLUMNS = ("metric", "code", "grain", "definition")


def metrics_card(metrics: Sequence[Metric], viewer: Viewer) -> Message:
    """The catalogue, a table for each dimension."""
    heading = viewer.say("metrics.heading", n=len(metrics))
    blocks: list[Block] = [Heading((heading,))]
    for dimension in Dimension:
        rows = tuple(_cells(metric, viewer) for metric in metrics if metric.dimension is dimension)
        if rows:
            columns = tuple(Column(viewer.say(f"column.{name}")) for name in COLUMNS)
            blocks += [Paragraph(((Bold(viewer.say(f"dimension.{dimension.value}")),),)), Table(columns, rows)]
    blocks += [Context((viewer.say("metrics.hint"),)), Actions((Button(viewer.say("button.log"), Press("kpi log", {})),))]
    return message("metrics", tuple(blocks), heading, viewer)


def _cells(metric: Metric, viewer: Viewer) -> tuple[Phrase, ...]:
    return ((viewer.name(metric),), (Code(metric.code),), (viewer.say(f"each.{metric.grain.value}"),), (metric.definition.of(viewer.locale),))
