"""What does the owner of a schedule read when something of it did not go out?"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.deliveries import OUT
from core.domain.receipts import Slot, Trouble, may_go_again
from core.messages.cards import delivery_words as told
from core.messages.cards.deliveries import answers
from core.messages.cards.task_words import Reader
from core.messages.model import Actions, Block, Bold, Button, Context, Heading, Message, Paragraph, Phrase, Press
from core.messages.phrases import phrase, plain

# Lines of one message; the list of deliveries has the rest.
SHOWN = 8
# Doubts that are asked one by one.
ASKED = 3
# Slots that one button carries.
CARRIED = 20


def notice_card(kind: Trouble, slots: Sequence[Slot], reader: Reader, *, off: bool) -> Message:
    """One message about slots with the same trouble. `off` says that their schedules were switched off for it."""
    heading = _heading(kind, slots, reader)
    blocks = _doubts(slots, reader) if kind is Trouble.DOUBT else _troubles(slots, reader, off=off)
    return Message((Heading(heading), *blocks), plain(heading), f"notice.{kind.value}", reader.locale.value)


def _heading(kind: Trouble, slots: Sequence[Slot], reader: Reader) -> Phrase:
    if kind is Trouble.STOPPED:
        return (_stopped(slots, reader),)
    if len(slots) > 1:
        return (reader.say(f"delivery.notice.{kind.value}_some", n=len(slots)),)
    return phrase(reader.locale, f"delivery.notice.{kind.value}", slot=told.what(slots[0], reader), place=told.where(slots[0], reader))


def _stopped(slots: Sequence[Slot], reader: Reader) -> str:
    late = sum(slot.delivery.state in OUT for slot in slots)
    missed = len(slots) - late
    if late and missed:
        return reader.say("delivery.notice.late_and_missed", late=late, missed=missed)
    return reader.say("delivery.notice.late", n=late) if late else reader.say("delivery.notice.missed", n=missed)


def _troubles(slots: Sequence[Slot], reader: Reader, *, off: bool) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(tuple(_line(slot, reader) for slot in slots[:SHOWN])), *_reasons(slots, reader), *_more(slots, SHOWN, reader)]
    if off:
        blocks.append(Paragraph((phrase(reader.locale, "delivery.notice.off", names=Bold(told.names(slots, reader))),)))
    return (*blocks, Actions(_buttons(slots, reader, off=off)))


def _line(slot: Slot, reader: Reader) -> Phrase:
    return phrase(reader.locale, "delivery.notice.line", slot=told.line(slot, reader), state=told.state(slot, reader))


def _reasons(slots: Sequence[Slot], reader: Reader) -> tuple[Paragraph, ...]:
    """Why, and what to do, for those that did not go out; said once."""
    reasons = dict.fromkeys(found for slot in slots if slot.delivery.state not in OUT and (found := told.why(slot, reader)) is not None)
    return tuple(Paragraph(found) for found in reasons)


def _buttons(slots: Sequence[Slot], reader: Reader, *, off: bool) -> tuple[Button, ...]:
    rest = Button(reader.say("delivery.button.all"), Press("ops deliveries", {"which": "failed"}))
    again = [slot for slot in slots if may_go_again(slot.delivery)][:CARRIED]
    if not again:
        return (rest,)
    first = told.button("on", "ops reenable", again, reader, first=True) if off else told.button("again", "ops resend", again, reader, first=True)
    return (first, rest)


def _doubts(slots: Sequence[Slot], reader: Reader) -> tuple[Block, ...]:
    """Each is asked by itself: only who looks into the channel can tell."""
    blocks: list[Block] = [*_reasons(slots[:1], reader)]
    for slot in slots[:ASKED]:
        look = phrase(reader.locale, "delivery.notice.look", place=told.where(slot, reader))
        blocks.append(Paragraph(((Bold(told.spoken(slot, reader)),), look)))
        # Somebody may have answered before the message was made.
        blocks += [Actions(buttons)] if (buttons := answers(slot, reader)) else []
    return (*blocks, *_more(slots, ASKED, reader))


def _more(slots: Sequence[Slot], shown: int, reader: Reader) -> tuple[Context, ...]:
    left = len(slots) - shown
    return (Context((reader.say("delivery.more", n=left),)),) if left > 0 else ()
