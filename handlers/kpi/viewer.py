"""For whom is a card of figures written?"""

from __future__ import annotations

from core.messages.cards.kpi_words import Viewer
from handlers.kernel.context import Context


def viewer_of(context: Context) -> Viewer:
    """The one who asks, on the business's day, with the workspace's money."""
    return Viewer(context.locale, context.moment.today, context.workspace.currency)
