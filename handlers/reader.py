"""For whom is a card about people's work written?"""

from __future__ import annotations

from core.messages.cards.task_words import Reader
from core.services.people import names_of
from handlers.kernel.context import Context


def reader_of(context: Context) -> Reader:
    """The one who asks, with everyone's name."""
    return Reader(context.locale, context.moment.today, context.workspace.zone, names_of(context.uow, context.workspace), context.member.id)
