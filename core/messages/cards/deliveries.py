"""What does a person see of deliveries: a list, what went wrong with some, and what came of having them sent again?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.domain.receipts import Acted, Listed, Slot, Trouble, may_go_again
from core.i18n.dates import say_date, say_day, say_time
from core.messages.cards import delivery_words as told
from core.messages.cards.task_words import Reader
from core.messages.model import Actions, Block, Bold, Button, Column, Context, Heading, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import plain

COLUMNS = ("time", "what", "where", "state")
# Slots whose troubles are told one by one, with buttons, below the table.
EXPLAINED = 3


def list_card(listed: Listed, reader: Reader, at: datetime) -> Message:
    """A table of slots, and for what went wrong why it did, and what to do. It stays as it is, so it says as of when that was."""
    bad = [slot for slot in listed.slots if may_go_again(slot.delivery)]
    heading = _list_heading(listed, len(bad), reader)
    day = say_date(at.astimezone(reader.zone).date(), reader.today, reader.locale)
    as_of = Context((reader.say("delivery.list.as_of", day=day, time=say_time(at, reader.zone)),))
    blocks: list[Block] = [Heading((heading,))]
    if listed.slots:
        columns = tuple(Column(reader.say(f"delivery.label.{name}")) for name in COLUMNS)
        blocks.append(Table(columns, tuple(_row(slot, reader) for slot in listed.slots), listed.total))
    for slot in bad[-EXPLAINED:]:
        blocks += explained(slot, reader)
    return _message("list", (*blocks, as_of), heading, reader)


def explained(slot: Slot, reader: Reader) -> tuple[Block, ...]:
    """One slot with why it stands so, what to do, and the buttons that do it."""
    lines: list[Phrase] = [(Bold(told.spoken(slot, reader)),), *(told.why(slot, reader) or ())]
    buttons = answers(slot, reader)
    return (Paragraph(tuple(lines)), Actions(buttons)) if buttons else (Paragraph(tuple(lines)),)


def answers(slot: Slot, reader: Reader) -> tuple[Button, ...]:
    """What a person can do about one slot."""
    if slot.trouble is Trouble.DOUBT:
        return (told.button("seen", "ops seen", [slot], reader, first=True), told.button("again", "ops resend", [slot], reader))
    if not may_go_again(slot.delivery):
        return ()
    off = slot.schedule.off is not None
    again = told.button("again", "ops resend", [slot], reader, first=not off)
    return (told.button("on", "ops reenable", [slot], reader, first=True), again) if off else (again,)


def again_card(acted: Acted, reader: Reader) -> Message:
    """What goes again, and what was left alone."""
    if acted.switched_on:
        numbers = reader.say("delivery.comma").join(f"S-{schedule.number}" for schedule in acted.switched_on)
        return _acted("on", reader.say("delivery.acted.on", names=numbers), acted, reader)
    return _acted("again", reader.say("delivery.acted.again", n=len(acted.done)), acted, reader)


def seen_card(acted: Acted, reader: Reader) -> Message:
    """What is held to be there from now on."""
    return _acted("seen", reader.say("delivery.acted.seen", n=len(acted.done)), acted, reader)


def _acted(card: str, said: str, acted: Acted, reader: Reader) -> Message:
    heading = said if acted.done or acted.switched_on else reader.say("delivery.acted.nothing")
    blocks: list[Block] = [Heading((heading,))]
    if acted.done:
        blocks.append(Paragraph(tuple(told.line(slot, reader) for slot in acted.done)))
    if acted.others:
        blocks.append(Paragraph(((reader.say("delivery.acted.others", n=len(acted.others)),),)))
    if acted.done and card != "seen":
        blocks.append(Context((reader.say("delivery.acted.told"),)))
    return _message(card, (*blocks, Actions((_result((*acted.done, *acted.others), reader),))), heading, reader)


def _result(slots: Sequence[Slot], reader: Reader) -> Button:
    """The way to see what became of them."""
    schedules = {told.number_of(slot) for slot in slots}
    which = {"which": schedules.pop()} if len(schedules) == 1 else {}
    return Button(reader.say("delivery.button.result"), Press("ops deliveries", which))


def _list_heading(listed: Listed, bad: int, reader: Reader) -> str:
    wish, total = listed.wish, listed.total
    if wish.schedule is not None:
        return reader.say("delivery.list.schedule", number=wish.schedule)
    if wish.day is None:
        return reader.say("delivery.list.failed", n=total) if total else reader.say("delivery.list.failed_none")
    day = say_day(wish.day, reader.today, reader.locale)
    if not total:
        return reader.say("delivery.list.day_none", day=day)
    return reader.say("delivery.list.day_bad", day=day, n=total, bad=bad) if bad else reader.say("delivery.list.day", day=day, n=total)


def _row(slot: Slot, reader: Reader) -> tuple[Phrase, ...]:
    return ((told.when(slot, reader),), told.what(slot, reader), (plain(told.where(slot, reader)),), told.state(slot, reader))


def _message(card: str, blocks: tuple[Block, ...], heading: str, reader: Reader) -> Message:
    return Message(blocks, heading, f"deliveries.{card}", reader.locale.value)
