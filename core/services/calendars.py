"""On which days does this team work?"""

from __future__ import annotations

from datetime import date

from core.domain.calendars import WorkingCalendar
from core.domain.schedules import Schedule
from core.domain.workspaces import Workspace
from core.sources.calendars import calendar_around
from core.storage.unit_of_work import UnitOfWork


def team_calendar(uow: UnitOfWork, workspace: Workspace, today: date, schedule: Schedule | None = None) -> WorkingCalendar:
    """The team's working days last year, this year and the next: its country's, or those that the schedule goes by, and its own days before them."""
    code = workspace.calendar if schedule is None else schedule.calendar_in(workspace)
    return calendar_around(code, today, workspace.locale).with_team(uow.days_off.of(workspace.id))
