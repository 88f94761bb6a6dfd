"""/ops dayoff and workday: on which days does the team rest, or work, whatever its country does?"""

from __future__ import annotations

from enum import StrEnum

from core.domain.calendars import DayOff
from core.domain.workspaces import Permission
from core.errors import UserError
from core.messages.cards.days_off import days_card, forgotten_card, said_card
from core.messages.model import Message
from core.services.days_off import forget_day, say_day
from handlers.kernel.arguments import Arguments, FutureDay, Rest
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.reader import reader_of


class DayAct(StrEnum):
    """What to do with a day of the team's own."""

    ADD = "add"
    REMOVE = "remove"


class DayOffArguments(Arguments):
    """Which day, and what it is called; nothing shows the days to come."""

    day: FutureDay | None = None
    act: DayAct = DayAct.ADD
    name: Rest = ""


class WorkdayArguments(Arguments):
    """Which day, and why."""

    day: FutureDay
    name: Rest = ""


@command("ops dayoff", zh="运营 休息日", permission=Permission.LEAD, changes=True)
def dayoff(context: Context, arguments: DayOffArguments) -> Message:
    """Shows the team's own days, says that it rests on one, or lets the calendar count again."""
    if arguments.day is None:
        return _shown(context, arguments)
    if arguments.act is DayAct.REMOVE:
        forget_day(context.uow, context.workspace, arguments.day, context.moment)
        return forgotten_card(arguments.day, reader_of(context))
    return _said(context, DayOff(arguments.day, arguments.name.strip()))


@command("ops workday", zh="运营 上班日", permission=Permission.LEAD, changes=True)
def workday(context: Context, arguments: WorkdayArguments) -> Message:
    """Says that the team works on a day."""
    return _said(context, DayOff(arguments.day, arguments.name.strip(), working=True))


def _said(context: Context, day: DayOff) -> Message:
    say_day(context.uow, context.workspace, day, context.moment)
    return said_card(day, reader_of(context))


def _shown(context: Context, arguments: DayOffArguments) -> Message:
    if arguments.act is DayAct.REMOVE:
        raise UserError("schedule.days.which", field="day")
    if arguments.name:
        raise UserError("schedule.days.when", field="day")
    days = context.uow.days_off.of(context.workspace.id)
    return days_card(tuple(day for day in days if day.day >= context.moment.today), reader_of(context))
