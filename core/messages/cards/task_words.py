"""How is a task told in a few words: who has it, until when, how late is it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from core.domain.campaigns import Task, TaskState
from core.domain.workspaces import Locale
from core.i18n.dates import say_date, say_day, say_time
from core.messages.model import Code, Date, Inline, Mention, Phrase
from core.messages.phrases import joined, say


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a card is for: their language, the local date and zone, and everyone's name by member id.

    `member` is who reads it, where that is one person.
    """

    locale: Locale
    today: date
    zone: tzinfo
    names: Mapping[int, str]
    member: int | None = None

    def say(self, key: str, /, **args: object) -> str:
        """The catalogue's sentence in the reader's language."""
        return say(self.locale, key, **args)


def task_subject(task: Task) -> str:
    """What a card says that it shows the state of, when that is one task."""
    return f"task:{task.number}"


def mine_subject(member: int) -> str:
    """What a card says that it shows the state of, when that is one member's own tasks."""
    return f"mine:{member}"


def number_of(task: Task) -> Inline:
    """The number, as people type it."""
    return Code(task.label)


def owners_of(task: Task, reader: Reader) -> str:
    """The owners' names without a ping: a list must not call everybody each time that it is looked at."""
    if not task.owners:
        return reader.say("task.nobody")
    return _comma(reader, [reader.names[owner] for owner in task.owners])


def called_owners(task: Task, actor: int, reader: Reader) -> Phrase:
    """The owners of a task just handed over: those who did not write it themselves are told."""
    pieces: list[Phrase] = [(reader.names[owner] if owner == actor else Mention(owner, reader.names[owner]),) for owner in task.owners]
    return joined(pieces, reader.say("task.comma"))


def due_of(task: Task, reader: Reader) -> Phrase:
    """明天 周五 6月7日; 逾期 3 天（5月31日）; when it was finished; or that there is no date."""
    if task.state is TaskState.DONE:
        return (reader.say("task.due.done", day=_finished_day(task, reader)),)
    if task.due is None:
        return (reader.say("task.due.none"),)
    late = task.days_late(reader.today)
    if not late:
        return (Date(say_day(task.due, reader.today, reader.locale), task.due),)
    day = say_date(task.due, reader.today, reader.locale)
    return (Date(reader.say("task.due.late", days=late, day=day), task.due),)


def instant_words(instant: datetime, reader: Reader) -> str:
    """昨天 周一 6月3日 14:05."""
    local = instant.astimezone(reader.zone)
    return f"{say_day(local.date(), reader.today, reader.locale)} {say_time(instant, reader.zone)}"


def line_of(task: Task, reader: Reader) -> Phrase:
    """One task on one line: number, title, due."""
    return (number_of(task), f" {task.title} · ", *due_of(task, reader))


def _finished_day(task: Task, reader: Reader) -> str:
    return "" if task.done_at is None else say_date(task.done_at.astimezone(reader.zone).date(), reader.today, reader.locale)


def _comma(reader: Reader, words: Sequence[str]) -> str:
    return reader.say("task.comma").join(words)
