"""How does the morning digest read? What matters in a line, the figures in a table, the picture, what is due, what comes next."""

from __future__ import annotations

from core.domain.agenda import OwnerTasks
from core.domain.campaigns import Task
from core.domain.digests import Digest, DigestRow
from core.domain.readings import State
from core.i18n.dates import say_date, say_day
from core.messages.cards.digest_chart import digest_chart
from core.messages.cards.digest_figures import change_cell, covered_table, number_of_figure, row_name, target_cell
from core.messages.cards.task_words import Reader, number_of
from core.messages.model import Actions, Block, Bold, Button, Column, Context, Heading, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import joined, phrase, plain

OWNERS = 6
TASKS = 3


def digest_card(digest: Digest, reader: Reader, currency: str) -> Message:
    """The digest as a message; its fallback is the sentence."""
    sentence = _sentence(digest, reader, currency)
    blocks: list[Block] = [Heading(sentence[0])]
    if len(sentence) > 1:
        blocks.append(Paragraph(sentence[1:]))
    if digest.rows:
        blocks.append(_table(digest, reader, currency))
    if digest.by_day:
        blocks += [Paragraph((phrase(reader.locale, "digest.covered", n=len(digest.covered)),)), covered_table(digest, reader, currency)]
    chart = digest_chart(digest, reader, currency)
    if chart is not None:
        blocks.append(chart)
    blocks.append(Paragraph(_agenda(digest, reader)))
    blocks += [_actions(reader), Context(_footer(digest, reader))]
    return Message(tuple(blocks), " ".join(plain(line) for line in sentence), "digest", reader.locale.value)


def _sentence(digest: Digest, reader: Reader, currency: str) -> tuple[Phrase, ...]:
    lines = [_lead(digest, reader, currency)]
    focus = digest.focus
    if focus is not None:
        lines.append(_focus(focus, reader, currency))
    elif digest.has_targets:
        lines.append(phrase(reader.locale, "digest.focus.well"))
    if digest.awaited:
        names = reader.say("task.comma").join(row_name(item.row, reader) for item in digest.awaited)
        lines.append(phrase(reader.locale, "digest.awaited", names=names))
    return tuple(lines)


def _lead(digest: Digest, reader: Reader, currency: str) -> Phrase:
    lead, day = digest.lead, say_day(digest.day, digest.morning, reader.locale)
    if lead is None:
        return phrase(reader.locale, "digest.lead.nothing", day=day)
    figure, name = lead.row.figure, row_name(lead.row, reader)
    if figure.state in (State.CLOSED, State.MISSING):
        return phrase(reader.locale, f"digest.lead.{figure.state.value}", day=day, name=name)
    number = number_of_figure(lead.row.metric, figure, reader, currency)
    if lead.weekday is None or lead.weekday.change is None:
        return phrase(reader.locale, "digest.lead.alone", day=day, name=name, number=number)
    return phrase(reader.locale, "digest.lead.change", day=day, name=name, number=number, change=plain(change_cell(lead, reader)))


def _focus(focus: DigestRow, reader: Reader, currency: str) -> Phrase:
    row = focus.row
    number = number_of_figure(row.metric, row.figure, reader, currency)
    return phrase(
        reader.locale,
        "digest.focus.missed",
        name=Bold(row_name(row, reader)),
        number=number,
        target=plain(target_cell(row, reader, currency, bare=True)),
    )


def _table(digest: Digest, reader: Reader, currency: str) -> Table:
    columns = (
        Column(reader.say("digest.column.metric")),
        Column(reader.say("digest.column.actual"), "right"),
        Column(reader.say("digest.column.target"), "right"),
        Column(reader.say("digest.column.weekday"), "right"),
    )
    rows = tuple(
        (
            (row_name(item.row, reader, digest.morning),),
            (number_of_figure(item.row.metric, item.row.figure, reader, currency),),
            target_cell(item.row, reader, currency),
            change_cell(item, reader),
        )
        for item in digest.rows
    )
    return Table(columns, rows)


def _agenda(digest: Digest, reader: Reader) -> tuple[Phrase, ...]:
    lines: list[Phrase] = [(Bold(reader.say("digest.tasks.title" if digest.tasks else "digest.tasks.none")),)]
    lines += [_owner(group, reader) for group in digest.tasks[:OWNERS]]
    if len(digest.tasks) > OWNERS:
        lines.append(phrase(reader.locale, "digest.tasks.owners", n=len(digest.tasks) - OWNERS))
    milestone = digest.milestone
    if milestone is not None:
        key = "digest.milestone.begins" if milestone.begins else "digest.milestone.ends"
        day = say_date(milestone.day, digest.morning, reader.locale)
        days = (milestone.day - digest.morning).days
        lines.append(phrase(reader.locale, key, phase=Bold(milestone.phase.name), campaign=milestone.campaign.name, days=days, day=day))
    return tuple(lines)


def _owner(group: OwnerTasks, reader: Reader) -> Phrase:
    name = reader.say("task.nobody") if group.owner is None else reader.names[group.owner]
    tasks = (*group.overdue, *group.due)
    told = [_task(task, reader) for task in tasks[:TASKS]]
    if len(tasks) > TASKS:
        told.append(phrase(reader.locale, "digest.tasks.more", n=len(tasks) - TASKS))
    return (Bold(name), "  ", *joined(told, reader.say("digest.tasks.between")))


def _task(task: Task, reader: Reader) -> Phrase:
    late = task.days_late(reader.today)
    when = reader.say("digest.tasks.late", days=late) if late else reader.say("digest.tasks.today")
    return (number_of(task), f" {task.title} ({when})" if reader.locale == "en" else f" {task.title}（{when}）")


def _actions(reader: Reader) -> Actions:
    return Actions((Button(reader.say("digest.board"), Press("kpi board", {})), Button(reader.say("digest.mine"), Press("task mine", {}))))


def _footer(digest: Digest, reader: Reader) -> Phrase:
    day = say_day(digest.day, digest.morning, reader.locale)
    morning = say_date(digest.morning, digest.morning, reader.locale)
    line = phrase(reader.locale, "digest.footer", morning=morning, day=day)
    return (*line, *phrase(reader.locale, "digest.made_up")) if digest.made_up else line
