"""How do the schedules of a team stand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.moments import Moment
from core.domain.schedules import Occurrence, Schedule, next_times
from core.domain.standings import Standing, years_asked
from core.domain.workspaces import Channel, Workspace
from core.services.calendars import team_calendar
from core.services.people import names_of
from core.sources.calendars import knows_transfers
from core.storage.unit_of_work import UnitOfWork

SHOWN = 5


def standing(uow: UnitOfWork, workspace: Workspace, schedule: Schedule, here: Channel | None, moment: Moment) -> Standing:
    """One schedule with its next five times, as it is looked at `here`."""
    return _standings(uow, workspace, (schedule,), here, moment, SHOWN)[0]


def standings(uow: UnitOfWork, workspace: Workspace, here: Channel | None, moment: Moment) -> tuple[Standing, ...]:
    """Every schedule of the workspace, the oldest first, with its next time; without what came once and is over."""
    found = [schedule for schedule in uow.schedules.of(workspace.id) if not schedule.is_over(workspace, moment.instant)]
    return _standings(uow, workspace, found, here, moment, 1)


def _standings(
    uow: UnitOfWork, workspace: Workspace, found: Sequence[Schedule], here: Channel | None, moment: Moment, wanted: int
) -> tuple[Standing, ...]:
    names = names_of(uow, workspace)
    channels = uow.places.all_known({schedule.channel for schedule in found})
    told = (
        Standing(
            schedule=schedule,
            channel=channels[schedule.channel],
            zone=schedule.zone_in(workspace),
            calendar=schedule.calendar_in(workspace),
            owner=names.get(schedule.owner or 0, ""),
            times=_times(uow, workspace, schedule, moment, wanted),
            here=here is not None and schedule.channel == here.id,
        )
        for schedule in found
    )
    return tuple(replace(each, unknown=_unknown(each, moment)) for each in told)


def _times(uow: UnitOfWork, workspace: Workspace, schedule: Schedule, moment: Moment, wanted: int) -> tuple[Occurrence, ...]:
    """The next ones that have not gone out: of this very instant, the one that is still to go."""
    zone, calendar = schedule.zone_in(workspace), team_calendar(uow, workspace, moment.today, schedule)
    found = next_times(schedule, zone, calendar, moment.instant, wanted)
    if found and found[0].due_at == moment.instant and _is_out(uow, schedule, moment.instant):
        return next_times(schedule, zone, calendar, moment.instant + timedelta.resolution, wanted)
    return found


def _is_out(uow: UnitOfWork, schedule: Schedule, due_at: datetime) -> bool:
    planned = schedule.planned_until is not None and schedule.planned_until > due_at
    return planned and all(each.due_at != due_at for each in uow.deliveries.ahead(schedule.id, due_at))


def _unknown(told: Standing, moment: Moment) -> tuple[int, ...]:
    years = years_asked(told.schedule, told.times, moment.today)
    return tuple(year for year in years if not knows_transfers(told.calendar, year))
