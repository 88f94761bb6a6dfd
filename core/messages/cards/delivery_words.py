"""How is a slot told in a few words: when, what, where, how it stands, why, and what to do about it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.domain.deliveries import OUT, DeliveryState, Why
from core.domain.receipts import Slot, Trouble
from core.errors import Reason
from core.i18n.dates import say_day, say_time
from core.messages.cards.task_words import Reader
from core.messages.model import Button, ChannelLink, Code, Inline, Link, Phrase, Press
from core.messages.phrases import phrase, plain

HOUR = 60
WEB = ("https://", "http://")
# What a shop manager need not be told of while it goes its way.
_PLAIN = frozenset({DeliveryState.SENT, DeliveryState.PLANNED, DeliveryState.BUILT, DeliveryState.SENDING})


def number_of(slot: Slot) -> str:
    """The schedule's number, as people type it: S-3."""
    return f"S-{slot.schedule.number}"


def when(slot: Slot, reader: Reader) -> str:
    """09:00; with the day where that is not today."""
    at = slot.delivery.due_at
    day, time = at.astimezone(reader.zone).date(), say_time(at, reader.zone)
    return time if day == reader.today else f"{say_day(day, reader.today, reader.locale)} {time}"


def what(slot: Slot, reader: Reader) -> Phrase:
    """S-3 晨报."""
    return (Code(number_of(slot)), f" {reader.say(f'delivery.kind.{slot.delivery.kind.value}')}")


def where(slot: Slot, reader: Reader) -> Inline:
    """The channel."""
    if slot.channel is None:
        return reader.say("delivery.nowhere")
    return ChannelLink(slot.channel.id, slot.channel.name)


def line(slot: Slot, reader: Reader) -> Phrase:
    """09:00 S-3 晨报 → #ops."""
    slotted: Phrase = (f"{when(slot, reader)} ", *what(slot, reader))
    return phrase(reader.locale, "delivery.to", slot=slotted, place=where(slot, reader))


def state(slot: Slot, reader: Reader) -> Phrase:
    """How it stands, with a way to the message where the platform gave one. Those whose clock stands still are not told by how much it was late."""
    said = reader.say(f"delivery.state.{slot.delivery.state.value}")
    row = slot.delivery
    if row.state in OUT and row.asked_at is not None:
        said = reader.say("delivery.state.again")
    elif row.state is DeliveryState.LATE and row.sent_at is not None and row.sent_at > row.due_at:
        said = _late(row.sent_at - row.due_at, reader)
    if row.link is not None and row.link.startswith(WEB):
        return (f"{said} ", Link(reader.say("delivery.open"), row.link))
    return (said,)


def why(slot: Slot, reader: Reader) -> tuple[Phrase, Phrase] | None:
    """Why it stands so, and what to do about it; None for what goes its way."""
    if slot.delivery.reason is None or slot.delivery.state in _PLAIN:
        return None
    reason = _doubt(slot.delivery.reason) if slot.trouble is Trouble.DOUBT else slot.delivery.reason
    return (reader.say(f"delivery.why.{reason}.what"),), (reader.say(f"delivery.why.{reason}.do"),)


def names(slots: Sequence[Slot], reader: Reader) -> str:
    """S-1、S-3, each once."""
    return reader.say("delivery.comma").join(dict.fromkeys(number_of(slot) for slot in slots))


def button(label: str, command: str, slots: Sequence[Slot], reader: Reader, *, first: bool = False) -> Button:
    """A button that does something about those slots."""
    ids = ",".join(str(slot.delivery.id) for slot in slots)
    return Button(reader.say(f"delivery.button.{label}"), Press(command, {"which": ids}), "primary" if first else "plain")


def spoken(slot: Slot, reader: Reader) -> str:
    """The line as plain words."""
    return plain(line(slot, reader))


def _doubt(reason: str) -> str:
    """Of a doubt it matters why nobody can tell, and not how the last try went."""
    if reason in (Why.RESTORED, Why.CANNOT_LOOK):
        return reason
    return Why.CANNOT_LOOK.value if reason == Reason.NO_ACCESS else Reason.AMBIGUOUS.value


def _late(by: timedelta, reader: Reader) -> str:
    hours, minutes = divmod(int(by.total_seconds()) // 60, HOUR)
    if hours:
        return reader.say("delivery.state.late_hours", hours=hours, minutes=minutes)
    return reader.say("delivery.state.late_minutes", minutes=minutes)
