"""/kpi board: where do the metrics stand?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from core.domain.periods import Grain, spanning
from core.domain.workspaces import Permission
from core.errors import UserError
from core.messages.cards.kpi_board import board_card
from core.messages.model import Message
from core.services import board as boards
from handlers.kernel.arguments import Arguments, PastDays
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of


class BoardGrain(StrEnum):
    """The periods that a board can be of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_GRAINS = frozenset(Grain(member.value) for member in BoardGrain)


class BoardArguments(Arguments):
    """Yesterday, each metric at its own grain, unless said. A week or a month may stand in the place of the day."""

    day: PastDays | None = None
    grain: BoardGrain | None = None


@command("kpi board", zh="指标 看板", permission=Permission.VIEWER)
def board(context: Context, arguments: BoardArguments) -> Message:
    """Actual, target and deviation of every metric that is kept."""
    day, grain = _place(arguments)
    shown = boards.board(context.uow, context.workspace, context.moment, day, grain)
    return board_card(shown, viewer_of(context))


def _place(arguments: BoardArguments) -> tuple[date | None, Grain]:
    """The day up to which the board looks, and its grain: 上周 is the week that ended on its Sunday. Raises UserError for other stretches."""
    wanted = Grain(arguments.grain.value) if arguments.grain else None
    if arguments.day is None:
        return None, wanted or Grain.DAY
    since, until = arguments.day
    period = spanning(since, until)
    if period is None or period.grain not in _GRAINS or (since < until and wanted not in (None, period.grain)):
        raise UserError("kpi.board.stretch", field="day")
    return until, wanted or period.grain
