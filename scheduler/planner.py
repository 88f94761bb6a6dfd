"""What will have to go out in the next day? Each occurrence of each schedule becomes one row, however often and wherever it is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

import structlog

from core.domain.cadences import WorkingDays
from core.domain.calendars import DayOff
from core.domain.deliveries import Delivery, DeliveryState, Request
from core.domain.moments import Moment, business_time
from core.domain.plans import rows_of
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Workspace
from core.ports import Clock
from core.storage.unit_of_work import Database, UnitOfWork

log = structlog.get_logger()

HORIZON = timedelta(days=1)
# Planning again at every look would write every time; half a day in hand is enough.
REFILL = HORIZON / 2
# Schedules planned in one transaction, which is to stay short: on SQLite others wait for it.
BATCH = 500

# The working days of a team that count for a schedule, around a local date.
Calendars = Callable[[Workspace, Schedule, Sequence[DayOff], date], WorkingDays]
# Hears of each row that was too late already when it was planned.
Missed = Callable[[Delivery], None]


def unheeded(row: Delivery) -> None:
    """For planners whose figures nobody asks for."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What to plan: a schedule of a workspace, up to that business time."""

    workspace: Workspace
    moment: Moment
    schedule: int
    until: datetime


class Planner:
    """Plans every schedule as far as its horizon."""

    def __init__(self, database: Database, clock: Clock, calendars: Calendars, missed: Missed = unheeded) -> None:
        self._database = database
        self._clock = clock
        self._calendars = calendars
        self._missed = missed

    def run(self, override: datetime | None = None) -> int:
        """Plans where less than half a day is planned; returns how many rows are new. `override` is business time put before each workspace's own."""
        return sum(self._all_planned(batch) for batch in _batches(self._behind(override)))

    def reach(self, workspace: int, until: datetime) -> int:
        """Plans one workspace up to that business time."""
        with self._database.read() as uow:
            found = uow.workspaces.get(workspace)
            moment = business_time(found, self._clock.now())
            stretches = [Stretch(found, moment, schedule.id, until) for schedule in uow.schedules.of(workspace)]
        return sum(self._planned(batch) for batch in _batches(stretches))

    def _behind(self, override: datetime | None) -> list[Stretch]:
        now = self._clock.now()
        with self._database.read() as uow:
            workspaces = {workspace.id: workspace for workspace in uow.workspaces.all()}
            moments = {workspace.id: business_time(workspace, now, override) for workspace in workspaces.values()}
            latest = max((moments[each.id].instant for each in workspaces.values() if override or each.frozen_at is None), default=now)
            behind = uow.schedules.behind(latest + REFILL)
        return [
            Stretch(workspaces[each.workspace], moments[each.workspace], each.schedule, moments[each.workspace].instant + HORIZON)
            for each in behind
            if each.planned_until is None or each.planned_until < moments[each.workspace].instant + REFILL
        ]

    def _all_planned(self, stretches: Sequence[Stretch]) -> int:
        """As `_planned`. A schedule that cannot be read is found by halves, and keeps no other from being planned."""
        try:
            return self._planned(stretches)
        except (ValueError, LookupError):
            if len(stretches) == 1:
                log.exception("not_planned", workspace=stretches[0].workspace.id, schedule=stretches[0].schedule)
                return 0
        middle = len(stretches) // 2
        return self._all_planned(stretches[:middle]) + self._all_planned(stretches[middle:])

    def _planned(self, stretches: Sequence[Stretch]) -> int:
        """Plans what is still not planned; all of them go up to the same time."""
        until, now = stretches[0].until, self._clock.now()
        with self._database.write() as uow:
            claimed = {schedule.id: schedule for schedule in uow.schedules.claim([stretch.schedule for stretch in stretches], until)}
            # Read only now: whoever changed a workspace's zone meanwhile, and its schedules with it, has finished.
            workspaces = {workspace.id: workspace for workspace in uow.workspaces.all()}
            taken = [replace(stretch, workspace=workspaces[stretch.workspace.id]) for stretch in stretches if stretch.schedule in claimed]
            channels = uow.places.all_known({schedule.channel for schedule in claimed.values()})
            rows = tuple(self._deliveries(uow, taken, claimed, channels))
            planned = uow.deliveries.plan_all(rows, now)
            uow.schedules.planned(claimed.keys(), until)
            uow.commit()
        for row, _ in rows:
            if row.state is DeliveryState.MISSED:
                self._missed(row)
        return planned

    def _deliveries(
        self, uow: UnitOfWork, stretches: Sequence[Stretch], schedules: Mapping[int, Schedule], channels: Mapping[int, Channel]
    ) -> Iterator[tuple[Delivery, Request]]:
        days_off = uow.days_off.of_all({stretch.workspace.id for stretch in stretches})
        for stretch in stretches:
            schedule, team = schedules[stretch.schedule], days_off.get(stretch.workspace.id, ())
            calendar = self._calendars(stretch.workspace, schedule, team, stretch.moment.today)
            yield from rows_of(stretch.workspace, schedule, channels[schedule.channel], stretch.until, stretch.moment.instant, calendar)


def _batches(stretches: Sequence[Stretch]) -> Iterator[Sequence[Stretch]]:
    for _, same in groupby(sorted(stretches, key=_reach), _reach):
        together = list(same)
        yield from (together[first : first + BATCH] for first in range(0, len(together), BATCH))


def _reach(stretch: Stretch) -> datetime:
    return stretch.until
