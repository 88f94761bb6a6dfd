"""What does a person see of the days on which the team rests, or works, whatever its country does?"""

from __future__ import annotations

from datetime import date

from core.domain.calendars import DayOff
from core.i18n.dates import say_day
from core.messages.cards.task_words import Reader
from core.messages.model import Actions, Block, Button, Column, Context, Date, Heading, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import phrase, plain

BUTTONS = 3
COLUMNS = ("day", "what", "name")


def days_card(days: tuple[DayOff, ...], reader: Reader) -> Message:
    """The days to come."""
    heading = reader.say("schedule.days.heading", n=len(days)) if days else reader.say("schedule.days.empty")
    hint = Context((reader.say("schedule.days.hint"),))
    if not days:
        return _message("days", (Heading((heading,)), hint), heading, reader)
    columns = tuple(Column(reader.say(f"schedule.days.label.{name}")) for name in COLUMNS)
    rows = tuple(((_day(each.day, reader),), (_kind(each, reader),), (each.name or "—",)) for each in days)
    return _message("days", (Heading((heading,)), Table(columns, rows), hint, Actions(_buttons(days, reader))), heading, reader)


def said_card(day: DayOff, reader: Reader) -> Message:
    """The team rests, or works, on that day from now on."""
    key = "works" if day.working else "rests"
    line = phrase(
        reader.locale, f"schedule.days.{key}", day=_day(day.day, reader), name=reader.say("schedule.days.named", name=day.name) if day.name else ""
    )
    return _after(line, "said", reader)


def forgotten_card(day: date, reader: Reader) -> Message:
    """The country's calendar counts for that day again."""
    return _after(phrase(reader.locale, "schedule.days.forgotten", day=_day(day, reader)), "forgotten", reader)


def _after(line: Phrase, card: str, reader: Reader) -> Message:
    button = Button(reader.say("schedule.days.all"), Press("ops dayoff", {}))
    return _message(card, (Paragraph((line,)), Actions((button,))), plain(line), reader)


def _buttons(days: tuple[DayOff, ...], reader: Reader) -> tuple[Button, ...]:
    return tuple(
        Button(
            reader.say("schedule.days.remove", day=say_day(each.day, reader.today, reader.locale)),
            Press("ops dayoff", {"day": each.day.isoformat(), "act": "remove"}),
        )
        for each in days[:BUTTONS]
    )


def _kind(day: DayOff, reader: Reader) -> str:
    return reader.say("schedule.days.working" if day.working else "schedule.days.off")


def _day(day: date, reader: Reader) -> Date:
    return Date(say_day(day, reader.today, reader.locale), day)


def _message(card: str, blocks: tuple[Block, ...], fallback: str, reader: Reader) -> Message:
    return Message(blocks, fallback, f"schedule.{card}", reader.locale.value)
