"""/kpi target: what is a metric meant to reach?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from core.domain.periods import Grain
from core.domain.workspaces import Permission
from core.errors import UserError
from core.messages.cards.kpi_target import target_card
from core.messages.model import Message
from core.services.targets import Scope, set_targets
from handlers.kernel import kinds
from handlers.kernel.arguments import Arguments, Assignments, CampaignCode, read_range
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kpi.viewer import viewer_of

MOST_WORDS = 8


class TargetGrain(StrEnum):
    """The periods that a target can be for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def _read_stretches(typed: str, scope: kinds.Scope) -> tuple[tuple[date, date], ...]:
    """One day or range that is written in several words, or else a day or range a word."""
    try:
        return (read_range(typed, scope, "future"),)
    except UserError:
        parts = typed.replace("、", " ").replace(",", " ").replace("，", " ").split()
        if len(parts) < 2:
            raise
        return tuple(read_range(part, scope, "future") for part in parts)


Stretches: TypeAlias = Annotated[tuple[tuple[date, date], ...], kinds.Kind("range", _read_stretches, longest=MOST_WORDS)]


class TargetArguments(Arguments):
    """The metric's own grain, standing from today on, unless said."""

    values: Assignments
    grain: TargetGrain | None = None
    when: Stretches = ()
    campaign: CampaignCode = ""


@command("kpi target", zh="指标 目标", permission=Permission.LEAD, changes=True)
def target(context: Context, arguments: TargetArguments) -> Message:
    """Keeps the targets, all of them or none."""
    grain = Grain(arguments.grain.value) if arguments.grain else None
    scope = Scope(grain, arguments.campaign, arguments.when)
    aims = set_targets(context.uow, context.workspace, context.member, arguments.values, scope, context.moment, context.locale)
    return target_card(aims, viewer_of(context))
