"""How does the morning digest read? What matters in a line, the figures in a table, the picture, what is due, what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.agenda import OwnerTasks
from core.domain.boards import Row
from core.domain.campaigns import Milestone, Task
from core.domain.digests import Digest
from core.domain.periods import Grain, Period
from core.domain.readings import State
from core.i18n.dates import say_date, say_day, say_period
from core.i18n.numbers import format_change
from core.messages.cards.digest_chart import digest_chart
from core.messages.cards.digest_figures import covered_table, figures_table, weekday_change
from core.messages.cards.kpi_words import Viewer, actual, target_words
from core.messages.cards.task_words import Reader, number_of
from core.messages.model import Actions, Block, Bold, Button, Context, Heading, Message, Paragraph, Phrase, Press
from core.messages.phrases import joined, phrase, plain, say

OWNERS = 6
TASKS = 3


def digest_card(digest: Digest, reader: Reader, currency: str) -> Message:
    """The digest as a message; its fallback is what matters, in a line or two."""
    viewer = Viewer(reader.locale, digest.morning, currency)
    matters = (_lead(digest, viewer), *_focus(digest, viewer))
    blocks = (Heading(matters[0]), *_figures(digest, matters[1:], viewer), Paragraph(tuple(_agenda(digest, reader))), _actions(reader))
    return Message((*blocks, Context(_footer(digest, reader))), " ".join(plain(line) for line in matters), "digest", reader.locale.value)


def _figures(digest: Digest, lines: tuple[Phrase, ...], viewer: Viewer) -> Iterator[Block]:
    if lines:
        yield Paragraph(lines)
    if digest.rows:
        yield figures_table(digest, viewer)
    if digest.by_day:
        first = say_period(Period(Grain.DAY, digest.covered[0]), digest.morning, viewer.locale)
        yield Paragraph((phrase(viewer.locale, "digest.covered", first=first),))
        yield covered_table(digest, viewer)
    chart = digest_chart(digest, viewer)
    if chart is not None:
        yield chart


def _lead(digest: Digest, viewer: Viewer) -> Phrase:
    lead, day = digest.lead, say_day(digest.day, digest.morning, viewer.locale)
    if lead is None:
        return phrase(viewer.locale, "digest.lead.nothing", day=day)
    figure, name = lead.row.figure, viewer.name(lead.row.metric)
    if figure.state in (State.CLOSED, State.MISSING):
        return phrase(viewer.locale, f"digest.lead.{figure.state.value}", day=day, name=name)
    shown = actual(figure, lead.row.metric, viewer)
    if lead.weekday is None or lead.weekday.change is None:
        return phrase(viewer.locale, "digest.lead.alone", day=day, name=name, number=shown)
    return phrase(viewer.locale, "digest.lead.change", day=day, name=name, number=shown, change=weekday_change(lead, viewer))


def _focus(digest: Digest, viewer: Viewer) -> Iterator[Phrase]:
    if digest.focus is not None:
        yield _missed(digest.focus.row, viewer)
    elif digest.has_targets:
        yield phrase(viewer.locale, "digest.focus.nearly" if digest.nearly else "digest.focus.well")
    if digest.awaited:
        names = say(viewer.locale, "task.comma").join(viewer.name(item.row.metric) for item in digest.awaited)
        yield phrase(viewer.locale, "digest.awaited", names=names)


def _missed(row: Row, viewer: Viewer) -> Phrase:
    return phrase(
        viewer.locale,
        "digest.focus.missed",
        name=Bold(viewer.name(row.metric)),
        number=actual(row.figure, row.metric, viewer),
        target=target_words(row.target, row.metric, viewer),
        change=format_change(row.deviation) if row.deviation is not None else "",
    )


def _agenda(digest: Digest, reader: Reader) -> Iterator[Phrase]:
    yield (Bold(reader.say("digest.tasks.title" if digest.tasks else "digest.tasks.none")),)
    for group in digest.tasks[:OWNERS]:
        yield _owner(group, reader)
    if len(digest.tasks) > OWNERS:
        yield phrase(reader.locale, "digest.tasks.owners", n=len(digest.tasks) - OWNERS)
    if digest.milestone is not None:
        yield _ahead(digest.milestone, digest, reader)
    if digest.unsettled is not None:
        yield phrase(reader.locale, "digest.unsettled", year=digest.unsettled)


def _ahead(milestone: Milestone, digest: Digest, reader: Reader) -> Phrase:
    today, edge = milestone.day == digest.morning, "begins" if milestone.begins else "ends"
    return phrase(
        reader.locale,
        f"digest.milestone.{'today_' if today else ''}{edge}",
        phase=Bold(milestone.phase.name),
        campaign=milestone.campaign.name,
        days=(milestone.day - digest.morning).days,
        day=say_date(milestone.day, digest.morning, reader.locale),
    )


def _owner(group: OwnerTasks, reader: Reader) -> Phrase:
    name = reader.say("task.nobody") if group.owner is None else reader.names[group.owner]
    tasks = (*group.overdue, *group.due)
    told = [_task(task, reader) for task in tasks[:TASKS]]
    if len(tasks) > TASKS:
        told.append(phrase(reader.locale, "digest.tasks.more", n=len(tasks) - TASKS))
    return (Bold(name), "  ", *joined(told, reader.say("digest.tasks.between")))


def _task(task: Task, reader: Reader) -> Phrase:
    late = task.days_late(reader.today)
    key = "digest.tasks.late" if late else "digest.tasks.today"
    return phrase(reader.locale, key, number=number_of(task), title=task.title, days=late)


def _actions(reader: Reader) -> Actions:
    return Actions((Button(reader.say("digest.board"), Press("kpi board", {})), Button(reader.say("digest.mine"), Press("task mine", {}))))


def _footer(digest: Digest, reader: Reader) -> Phrase:
    day = say_day(digest.day, digest.morning, reader.locale)
    morning = say_date(digest.morning, digest.morning, reader.locale)
    line = phrase(reader.locale, "digest.footer", morning=morning, day=day)
    return (*line, *phrase(reader.locale, "digest.made_up")) if digest.made_up else line
