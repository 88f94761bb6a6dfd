"""What does a person's own page say? What waits for them, how yesterday went, and where to go from there."""

from __future__ import annotations

from core.domain.homes import Home
from core.i18n.dates import say_day
from core.messages.cards.kpi_words import Viewer, headline
from core.messages.cards.task_words import Reader, line_of
from core.messages.model import Actions, Block, Bold, Button, Context, Heading, Message, Paragraph, Phrase, Press

SHOWN = 3
FINISHABLE = 2


def home_subject(member: int) -> str:
    """What a card says that it shows the state of, when that is one member's own page."""
    return f"home:{member}"


def home_card(home: Home, name: str, reader: Reader, viewer: Viewer) -> Message:
    """Short enough for a phone: the tasks that press, a few figures, and the ways on."""
    heading = _heading(home, name, reader)
    blocks: list[Block] = [Heading((heading,))]
    tasks = (home.waiting or home.agenda.urgent)[:SHOWN]
    if tasks:
        title = reader.say("home.waiting" if home.waiting else "home.next")
        blocks += [_part(title, [line_of(task, reader) for task in tasks]), Actions(_finish(home, reader))]
    blocks.append(_figures(home, reader, viewer))
    if home.team_late:
        blocks.append(Context((reader.say("home.team", n=home.team_late),)))
    subject = home_subject(reader.member) if reader.member else ""
    return Message((*blocks, Actions(_ways(reader))), heading, "ops.home", reader.locale.value, subject)


def _heading(home: Home, name: str, reader: Reader) -> str:
    if home.waiting:
        return reader.say("home.heading.waiting", name=name, n=len(home.waiting))
    open_ = len(home.agenda.urgent)
    return reader.say("home.heading.open", name=name, n=open_) if open_ else reader.say("home.heading.free", name=name)


def _figures(home: Home, reader: Reader, viewer: Viewer) -> Paragraph:
    if not home.figures:
        return _part(reader.say("home.figures"), [(reader.say("home.no_figures"),)])
    day = say_day(home.figures[0].figure.period.start, viewer.today, viewer.locale)
    return _part(day, [(headline(row, viewer),) for row in home.figures])


def _part(title: str, lines: list[Phrase]) -> Paragraph:
    return Paragraph(((Bold(title),), *lines))


def _finish(home: Home, reader: Reader) -> tuple[Button, ...]:
    chosen = (home.waiting or home.agenda.urgent)[:FINISHABLE]
    return tuple(
        Button(reader.say("task.button.done", task=task.label), Press("task done", {"task": task.label}), "plain" if place else "primary")
        for place, task in enumerate(chosen)
    )


def _ways(reader: Reader) -> tuple[Button, ...]:
    return tuple(Button(reader.say(f"home.button.{name.replace(' ', '_')}"), Press(name, {})) for name in ("task mine", "kpi board", "ops help"))
