"""What do people get to read of a built message? All of it, with a line where a picture is missing, and one when it comes late."""

from __future__ import annotations

from dataclasses import replace

from core.domain.deliveries import late
from core.domain.moments import business_time
from core.domain.workspaces import Locale
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
    if not late(work.delivery.kind, work.delivery.wanted_at, work.moment.instant):
        return ()
    due_at = work.delivery.due_at
    due = business_time(work.workspace, due_at, due_at)
    return (Context(phrase(Locale(frozen.message.locale), "delivery.late", due=due.local)),)
