"""What does a person see of tasks: one just written, one finished, a list, their own?"""

from __future__ import annotations

from datetime import datetime

from core.domain.agenda import Agenda, Finished, Listed
from core.domain.campaigns import Campaign, Task, TaskState
from core.i18n.dates import say_date, say_time
from core.messages.cards.task_words import (
    Reader,
    called_owners,
    due_of,
    instant_words,
    line_of,
    mine_subject,
    number_of,
    owners_of,
    task_subject,
)
from core.messages.model import Actions, Block, Bold, Button, Column, Context, Fields, Heading, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import phrase, plain

BUTTONS = 3
# How many tasks of each part a person's own list shows.
SHOWN = 5


def added_card(task: Task, campaign: Campaign | None, actor: int, reader: Reader) -> Message:
    """The task as it was understood, so that a slip is seen at once."""
    heading = phrase(reader.locale, "task.added.heading", task=number_of(task), title=task.title)
    blocks: list[Block] = [Heading(heading), Fields(_facts(task, campaign, called_owners(task, actor, reader), reader))]
    if task.days_late(reader.today):
        blocks.append(Context((reader.say("task.added.past"),)))
    blocks.append(Actions((_done_button(task, reader, first=True), Button(reader.say("task.button.mine"), Press("task mine", {})))))
    return _message("task.added", tuple(blocks), reader, plain(heading), task_subject(task))


def finished_card(finished: Finished, reader: Reader) -> Message:
    """Done, with the standard that it had to meet; or by whom and when it already was."""
    if finished.already:
        return _already_card(finished, reader)
    heading, blocks = _finished(finished.task, reader)
    return _message("task.finished", blocks, reader, plain(heading), task_subject(finished.task))


def task_card(task: Task, campaign: Campaign | None, reader: Reader) -> Message:
    """A task as it stands, for everyone who sees a card of it: open with its facts, or done by whom and when."""
    if task.state is TaskState.DONE:
        return _done_card(task, reader)
    heading: Phrase = (number_of(task), f" {task.title}")
    blocks = (
        Heading(heading),
        Fields(_facts(task, campaign, (owners_of(task, reader),), reader)),
        Actions((_done_button(task, reader, first=True),)),
    )
    return _message("task.state", blocks, reader, plain(heading), task_subject(task))


def list_card(listed: Listed, reader: Reader, at: datetime) -> Message:
    """A table of tasks under one sentence that counts them. It stays as it is, so it says as of when that was."""
    heading = _list_heading(listed, reader)
    day = say_date(at.astimezone(reader.zone).date(), reader.today, reader.locale)
    as_of = Context((reader.say("task.list.as_of", day=day, time=say_time(at, reader.zone)),))
    if not listed.tasks:
        return _message("task.list", (Heading((heading,)), Context((reader.say("task.list.hint"),)), as_of), reader, heading)
    columns = tuple(Column(reader.say(f"task.label.{name}")) for name in ("number", "title", "owners", "due"))
    rows = tuple(((number_of(task),), (task.title,), (owners_of(task, reader),), due_of(task, reader)) for task in listed.tasks)
    return _message("task.list", (Heading((heading,)), Table(columns, rows, listed.total), as_of), reader, heading)


def mine_card(agenda: Agenda, reader: Reader) -> Message:
    """A person's own tasks by how they press, with a button for the first few."""
    subject = mine_subject(reader.member) if reader.member else ""
    parts = (("overdue", agenda.overdue), ("today", agenda.today), ("soon", agenda.soon), ("later", agenda.later))
    counts = [reader.say(f"task.mine.count.{name}", n=len(tasks)) for name, tasks in parts if tasks]
    if not counts:
        free = reader.say("task.mine.free")
        return _message("task.mine", (Heading((free,)), Context((reader.say("task.list.hint"),))), reader, free, subject)
    heading = reader.say("task.mine.heading", counts=reader.say("task.semicolon").join(counts))
    sections = tuple(_section(reader.say(f"task.mine.part.{name}"), tasks, reader) for name, tasks in parts if tasks)
    buttons = tuple(_done_button(task, reader, first=not place) for place, task in enumerate(agenda.urgent[:BUTTONS]))
    return _message("task.mine", (Heading((heading,)), *sections, Actions(buttons)), reader, heading, subject)


def _done_card(task: Task, reader: Reader) -> Message:
    heading, blocks = _finished(task, reader)
    by = Context((reader.say("task.finished.by", **_finisher(task, reader)),))
    return _message("task.state", (*blocks, by), reader, plain(heading), task_subject(task))


def _finished(task: Task, reader: Reader) -> tuple[Phrase, tuple[Block, ...]]:
    heading = phrase(reader.locale, "task.finished.heading", task=number_of(task), title=task.title)
    pairs = [(reader.say(f"task.label.{name}"), (words,)) for name, words in (("standard", task.standard), ("note", task.note)) if words]
    return heading, (Heading(heading), Fields(tuple(pairs))) if pairs else (Heading(heading),)


def _finisher(task: Task, reader: Reader) -> dict[str, str]:
    name = reader.names.get(task.done_by or 0, reader.say("task.nobody"))
    return {"name": name, "when": instant_words(task.done_at, reader) if task.done_at else ""}


def _already_card(finished: Finished, reader: Reader) -> Message:
    task = finished.task
    heading = phrase(reader.locale, "task.already.heading", task=number_of(task), title=task.title)
    lines: list[Phrase] = [(reader.say("task.already.by", **_finisher(task, reader)),)]
    if finished.lost_note:
        lines.append((reader.say("task.already.note", note=finished.lost_note),))
    said = f"{plain(heading)} {plain(lines[0])}"
    return _message("task.already", (Heading(heading), Paragraph(tuple(lines))), reader, said, task_subject(task))


def _facts(task: Task, campaign: Campaign | None, owners: Phrase, reader: Reader) -> tuple[tuple[str, Phrase], ...]:
    facts: list[tuple[str, Phrase]] = [("owners", owners), ("due", due_of(task, reader))]
    if campaign:
        phase = next((phase.name for phase in campaign.phases if phase.code == task.phase), "")
        facts.append(("campaign", (f"{campaign.name} · {phase}" if phase else campaign.name,)))
    if task.standard:
        facts.append(("standard", (task.standard,)))
    return tuple((reader.say(f"task.label.{name}"), words) for name, words in facts)


def _list_heading(listed: Listed, reader: Reader) -> str:
    kind = "heading" if listed.total else "empty"
    words = reader.say(f"task.list.{kind}.{listed.chosen}", n=listed.total)
    if listed.overdue and listed.overdue < listed.total:
        words = reader.say("task.list.some_late", heading=words, late=listed.overdue)
    return reader.say("task.list.within", campaign=listed.campaign.name, heading=words) if listed.campaign else words


def _section(title: str, tasks: tuple[Task, ...], reader: Reader) -> Paragraph:
    lines: list[Phrase] = [(Bold(title),), *(line_of(task, reader) for task in tasks[:SHOWN])]
    if len(tasks) > SHOWN:
        lines.append((reader.say("task.mine.more", n=len(tasks) - SHOWN),))
    return Paragraph(tuple(lines))


def _done_button(task: Task, reader: Reader, *, first: bool) -> Button:
    return Button(reader.say("task.button.done", task=task.label), Press("task done", {"task": task.label}), "primary" if first else "plain")


def _message(card: str, blocks: tuple[Block, ...], reader: Reader, fallback: str, subject: str = "") -> Message:
    return Message(blocks, fallback, card=card, locale=reader.locale.value, subject=subject)
