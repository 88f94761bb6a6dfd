"""Which targets were kept, and from when do they hold?"""

from __future__ import annotations

from core.domain.boards import Aim
from core.i18n.dates import say_date
from core.messages.cards.kpi_words import Viewer, message, target_words
from core.messages.model import Actions, Button, Column, Context, Heading, Message, Phrase, Press, Table
from core.messages.phrases import plain

SHOWN = 12


def target_card(aims: tuple[Aim, ...], viewer: Viewer) -> Message:
    """Each target with the periods that it is for."""
    heading = _heading(aims, viewer)
    columns = (Column(viewer.say("column.metric")), Column(viewer.say("column.target"), "right"), Column(viewer.say("column.when")))
    table = Table(columns, tuple(_cells(aim, viewer) for aim in aims[:SHOWN]), len(aims) if len(aims) > SHOWN else None)
    note = Context((viewer.say("target.past" if any(aim.period is None for aim in aims) else "target.only_these"),))
    return message("target", (Heading((heading,)), table, note, Actions(_buttons(aims, viewer))), heading, viewer)


def _heading(aims: tuple[Aim, ...], viewer: Viewer) -> str:
    metrics = dict.fromkeys(aim.metric.code for aim in aims)
    if len(metrics) > 1:
        return viewer.say("target.many", n=len(metrics))
    aim = aims[0]
    target = plain(target_words(aim.target, aim.metric, viewer))
    when = _when(aim, viewer) if len(aims) == 1 else viewer.say("target.periods", n=len(aims))
    return viewer.say("target.one", name=viewer.name(aim.metric), target=target, when=when)


def _cells(aim: Aim, viewer: Viewer) -> tuple[Phrase, ...]:
    return ((viewer.name(aim.metric),), target_words(aim.target, aim.metric, viewer), (_when(aim, viewer),))


def _when(aim: Aim, viewer: Viewer) -> str:
    if aim.period is not None:
        return viewer.period(aim.period, aim.campaign)
    since = say_date(aim.target.effective_from, viewer.today, viewer.locale)
    return viewer.say("target.standing", each=viewer.say(f"each.{aim.target.grain.value}"), since=since)


def _buttons(aims: tuple[Aim, ...], viewer: Viewer) -> tuple[Button, ...]:
    first = aims[0].metric
    look = Button(viewer.say("button.show", name=viewer.name(first)), Press("kpi show", {"metric": first.code}))
    return (Button(viewer.say("button.board"), Press("kpi board", {}), "primary"), look)
