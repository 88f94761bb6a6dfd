"""Where was it said?"""

from __future__ import annotations

from core.domain.workspaces import Channel
from handlers.kernel.context import Context


def here(context: Context) -> Channel:
    """The conversation, from now on known as a channel. For changing commands alone."""
    if context.channel is not None:
        return context.channel
    name = context.called or context.conversation
    return context.uow.places.ensure_channel(context.workspace.id, Channel(0, context.binding, context.conversation, name))
