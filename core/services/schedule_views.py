"""How do the schedules of a team stand?"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.moments import Moment
from core.domain.schedules import Schedule, next_times
from core.domain.standings import Standing, years_asked
from core.domain.workspaces import Channel, Workspace
from core.services.calendars import team_calendar
from core.services.people import names_of
from core.sources.calendars import knows_transfers
from core.storage.unit_of_work import UnitOfWork

SHOWN = 5


def standing(uow: UnitOfWork, workspace: Workspace, schedule: Schedule, moment: Moment) -> Standing:
    """One schedule with its next five times."""
    return _standings(uow, workspace, (schedule,), moment, SHOWN)[0]


def standings(uow: UnitOfWork, workspace: Workspace, moment: Moment) -> tuple[Standing, ...]:
    """Every schedule of the workspace, the oldest first, with its next time."""
    return _standings(uow, workspace, uow.schedules.of(workspace.id), moment, 1)


def _standings(uow: UnitOfWork, workspace: Workspace, found: Sequence[Schedule], moment: Moment, wanted: int) -> tuple[Standing, ...]:
    names = names_of(uow, workspace)
    channels = uow.places.all_known({schedule.channel for schedule in found})
    return tuple(_standing(uow, workspace, each, channels[each.channel], names.get(each.owner or 0, ""), moment, wanted) for each in found)


def _standing(uow: UnitOfWork, workspace: Workspace, schedule: Schedule, channel: Channel, owner: str, moment: Moment, wanted: int) -> Standing:
    zone, code = schedule.zone_in(workspace), schedule.calendar_in(workspace)
    times = next_times(schedule, zone, team_calendar(uow, workspace, moment.today, schedule), moment.instant, wanted)
    unknown = tuple(year for year in years_asked(schedule, times, moment.today) if not knows_transfers(code, year))
    return Standing(schedule, channel, zone, code, owner, times, unknown)
