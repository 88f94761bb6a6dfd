"""What can people ask about campaigns? /campaign list, show."""

from __future__ import annotations

from core.domain.workspaces import Permission
from core.messages.cards.campaign import campaign_card, campaigns_card
from core.messages.model import Message
from core.services.campaigns import progress_of, summaries
from handlers.kernel.arguments import Arguments, CampaignCode, Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.reader import reader_of


class ShowArguments(Arguments):
    """The campaign under way, or the next one, unless another is named."""

    code: CampaignCode = ""


@command("campaign list", zh="活动 列表", permission=Permission.VIEWER)
def list_(context: Context, _arguments: Nothing) -> Message:
    """Every campaign of the workspace."""
    return campaigns_card(summaries(context.uow, context.workspace, context.moment.today), reader_of(context))


@command("campaign show", zh="活动 查看", permission=Permission.VIEWER)
def show(context: Context, arguments: ShowArguments) -> Message:
    """Where one campaign stands."""
    return campaign_card(progress_of(context.uow, context.workspace, arguments.code, context.moment.today), reader_of(context))
