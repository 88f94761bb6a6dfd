"""/kpi board: where do the metrics stand?"""

from __future__ import annotations

from enum import StrEnum

from core.domain.periods import Grain
from core.domain.workspaces import Permission
from core.messages.cards.kpi_board import board_card
from core.messages.model import Message
from core.services import board as boards
from handlers.kernel.arguments import Arguments, PastDay
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of


class BoardGrain(StrEnum):
    """The periods that a board can be of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class BoardArguments(Arguments):
    """Yesterday, each metric at its own grain, unless said."""

    day: PastDay | None = None
    grain: BoardGrain = BoardGrain.DAY


@command("kpi board", zh="指标 看板", permission=Permission.VIEWER)
def board(context: Context, arguments: BoardArguments) -> Message:
    """Actual, target and deviation of every metric that is kept."""
    shown = boards.board(context.uow, context.workspace, context.moment, arguments.day, Grain(arguments.grain.value))
    return board_card(shown, viewer_of(context))
