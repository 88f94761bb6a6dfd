"""What was kept of what a person logged, and how does it stand now?"""

from __future__ import annotations

from core.domain.boards import Logged
from core.domain.periods import Grain
from core.domain.readings import Arrival, State
from core.messages.cards.kpi_words import Viewer, actual, deviation_words, headline, message, target_words
from core.messages.model import Actions, Block, Button, Column, Context, Heading, Message, Phrase, Press, Table

COLUMNS = ("metric", "period", "actual", "target", "deviation")


def logged_card(logged: tuple[Logged, ...], viewer: Viewer) -> Message:
    """Every kept value with its period, what it replaced, and its deviation."""
    heading = _heading(logged, viewer)
    blocks: list[Block] = [Heading((heading,)), _table(logged, viewer)]
    if any(item.kept.reading.state is State.PROVISIONAL for item in logged):
        blocks.append(Context((viewer.say("log.provisional"),)))
    blocks.append(Actions(_buttons(logged, viewer)))
    return message("log", tuple(blocks), heading, viewer)


def _heading(logged: tuple[Logged, ...], viewer: Viewer) -> str:
    if all(item.kept.arrival is Arrival.SAME for item in logged):
        return viewer.say("log.same", n=len(logged))
    if len(logged) > 1:
        return viewer.say("log.many", n=len(logged))
    row = logged[0].row
    return viewer.say("log.one", line=headline(row, viewer), period=viewer.period(row.figure.period, row.campaign))


def _table(logged: tuple[Logged, ...], viewer: Viewer) -> Table:
    columns = tuple(Column(viewer.say(f"column.{name}"), "left" if name in ("metric", "period") else "right") for name in COLUMNS)
    return Table(columns, tuple(_cells(item, viewer) for item in logged))


def _cells(item: Logged, viewer: Viewer) -> tuple[Phrase, ...]:
    row = item.row
    value = actual(row.figure, row.metric, viewer)
    if item.before is not None and item.before != item.kept.reading.value:
        value = (*value, viewer.say("log.before", value=viewer.value(item.before, row.metric)))
    period = viewer.period(row.figure.period, row.campaign)
    return ((viewer.name(row.metric),), (period,), value, target_words(row.target, row.metric, viewer), deviation_words(row, viewer))


def _buttons(logged: tuple[Logged, ...], viewer: Viewer) -> tuple[Button, ...]:
    days = [item.row.figure.period.start for item in logged if item.row.figure.period.grain is Grain.DAY]
    arguments = {"day": max(days).isoformat()} if days else {}
    first = logged[0].row.metric
    look = Button(viewer.say("button.show", name=viewer.name(first)), Press("kpi show", {"metric": first.code}))
    return (Button(viewer.say("button.board"), Press("kpi board", arguments), "primary"), look)
