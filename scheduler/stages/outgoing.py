"""What do people get to read of a built message? All of it, with a line where a picture is missing, and one when it comes late."""

from __future__ import annotations

from dataclasses import replace

from core.domain.deliveries import late
from core.domain.moments import business_time
from core.domain.workspaces import Locale
from core.i18n.dates import say_date, say_weekday
from core.messages.codec import Frozen
from core.messages.model import Block, Chart, Context, Message
from core.messages.phrases import phrase
from scheduler.stages.work import Work


def outgoing(work: Work, frozen: Frozen) -> Message:
    """The message of a built delivery as it goes out now."""
    blocks = tuple(_shown(block, frozen) for block in frozen.message.blocks)
    return replace(frozen.message, blocks=(*blocks, *_late(work, frozen)))


def _shown(block: Block, frozen: Frozen) -> Block:
    if isinstance(block, Chart) and block.name not in frozen.refs:
        return Context(phrase(Locale(frozen.message.locale), "delivery.picture_failed"))
    return block


def _late(work: Work, frozen: Frozen) -> tuple[Context, ...]:
    """Whoever reads it knows from when it is, even where a person had it sent again and it is not late for them."""
    delivery, locale = work.delivery, Locale(frozen.message.locale)
    if not late(delivery.kind, delivery.due_at, work.moment.instant):
        return ()
    due = business_time(work.workspace, delivery.due_at, delivery.due_at)
    if delivery.asked_at is None:
        return (Context(phrase(locale, "delivery.late", due=due.local)),)
    # No "yesterday": it is read for longer than today.
    day = f"{say_weekday(due.today, locale)} {say_date(due.today, work.moment.today, locale)}"
    return (Context(phrase(locale, "delivery.sent_again", day=day, due=due.local)),)
