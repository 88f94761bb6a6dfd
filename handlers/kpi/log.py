"""/kpi log: what was a figure yesterday, last week, in the campaign?"""

from __future__ import annotations

from core.domain.workspaces import Permission
from core.messages.cards.kpi_log import logged_card
from core.messages.model import Message
from core.services import readings
from handlers.kernel.arguments import Arguments, Assignments, PastDays
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of


class LogArguments(Arguments):
    """Several values at once, of a day or of a week, month or year; without one each is for its metric's last complete period."""

    values: Assignments
    day: PastDays | None = None


@command("kpi log", zh="指标 记录", permission=Permission.MEMBER, changes=True)
def log(context: Context, arguments: LogArguments) -> Message:
    """Keeps the values, all of them or none."""
    logged = readings.log(context.uow, context.workspace, arguments.values, arguments.day, context.moment, context.locale)
    return logged_card(logged, viewer_of(context))
