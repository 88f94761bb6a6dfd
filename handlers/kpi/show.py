"""/kpi show: what is there to know about one metric?"""

from __future__ import annotations

from core.domain.workspaces import Permission
from core.messages.cards.kpi_show import show_card
from core.messages.model import Message
from core.services import show as details
from handlers.kernel.arguments import Arguments, DayRange, MetricCode
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of


class ShowArguments(Arguments):
    """One metric, over the last four weeks unless said."""

    metric: MetricCode
    days: DayRange | None = None


@command("kpi show", zh="指标 查看", permission=Permission.VIEWER)
def show(context: Context, arguments: ShowArguments) -> Message:
    """The metric against its target and its past, with its line."""
    detail = details.show(context.uow, context.workspace, arguments.metric, arguments.days, context.moment)
    return show_card(detail, viewer_of(context))
