"""How does a team say that it rests on a day, or works on one?"""

from __future__ import annotations

from datetime import date

from core.domain.calendars import DayOff
from core.domain.moments import Moment
from core.domain.workspaces import Workspace
from core.errors import UserError
from core.services.schedules import replan_days
from core.storage.unit_of_work import UnitOfWork

MOST = 200


def say_day(uow: UnitOfWork, workspace: Workspace, day: DayOff, moment: Moment) -> None:
    """The team rests, or works, on that day, whatever was said of it before. Raises UserError for a day that is over, and beyond 200 days to come."""
    if day.day < moment.today:
        raise UserError("schedule.error.day_over", field="day")
    others = [each for each in uow.days_off.of(workspace.id) if moment.today <= each.day != day.day]
    if len(others) >= MOST:
        raise UserError("schedule.error.days_full", field="day", limit=MOST)
    uow.days_off.put(workspace.id, day)
    replan_days(uow, workspace, moment)


def forget_day(uow: UnitOfWork, workspace: Workspace, day: date, moment: Moment) -> None:
    """The country's calendar counts for that day again. Raises UserError where the team has said nothing of it."""
    if not uow.days_off.remove(workspace.id, day):
        raise UserError("schedule.error.day_unsaid", field="day")
    replan_days(uow, workspace, moment)
