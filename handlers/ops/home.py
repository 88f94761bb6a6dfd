"""/ops home: what should I look at now?"""

from __future__ import annotations

from core.domain.workspaces import Permission
from core.messages.cards.home import home_card
from core.messages.model import Message
from core.services.home import home as at_home
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of
from handlers.reader import reader_of


@command("ops home", zh="运营 首页", permission=Permission.VIEWER, private=True)
def home(context: Context, arguments: Nothing) -> Message:
    """One's own tasks, yesterday's figures, and what waits."""
    found = at_home(context.uow, context.workspace, context.member, context.moment)
    return home_card(found, context.member.name, reader_of(context), viewer_of(context))
