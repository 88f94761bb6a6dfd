"""What will have to go out in the next day? Each occurrence of each schedule becomes one row, however often and wherever it is planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from core.domain.deliveries import Delivery, DeliveryState, Request, Why, delivery_key, missed
from core.domain.moments import Moment, business_time
from core.domain.schedules import Occurrence, Schedule, WorkingDays, occurrences
from core.domain.workspaces import Channel, Workspace
from core.ports import Clock
from core.storage.unit_of_work import Database, UnitOfWork

HORIZON = timedelta(days=1)
# Planning again at every look would write every time; half a day in hand is enough.
REFILL = HORIZON / 2

Calendars = Callable[[UnitOfWork, Workspace], WorkingDays]


def plan(uow: UnitOfWork, workspace: Workspace, moment: Moment, until: datetime, calendar: WorkingDays, now: datetime) -> int:
    """Plans what falls due before `until` (business time) and is not planned yet; returns how many rows are new.

    What was missed meanwhile goes out late within its grace, else it is recorded as missed. `now` is machine time.
    """
    channels = {channel.id: channel for channel in uow.places.channels(workspace.id)}
    planned = 0
    for schedule in uow.schedules.of(workspace.id):
        since = schedule.planned_until or moment.instant
        if not schedule.enabled or since >= until:
            continue
        for occurrence in occurrences(schedule.rule, workspace.zone, since, until, calendar):
            delivery, request = _delivery(workspace, schedule, channels[schedule.channel], occurrence, moment)
            planned += uow.deliveries.plan(delivery, request, now) is not None
        uow.schedules.planned(schedule.id, until)
    return planned


class Planner:
    """Plans every workspace as far as its horizon."""

    def __init__(self, database: Database, clock: Clock, calendars: Calendars) -> None:
        self._database = database
        self._clock = clock
        self._calendars = calendars

    def run(self, override: datetime | None = None) -> int:
        """Plans where less than half a day is planned; returns how many rows are new. `override` is business time put before each workspace's own."""
        return sum(self._refilled(workspace, override) for workspace in self._workspaces())

    def reach(self, workspace: int, until: datetime) -> int:
        """Plans one workspace up to that business time."""
        with self._database.write() as uow:
            found = uow.workspaces.get(workspace)
            planned = self._plan(uow, found, business_time(found, self._clock.now()), until)
            uow.commit()
        return planned

    def _workspaces(self) -> tuple[Workspace, ...]:
        with self._database.read() as uow:
            return uow.workspaces.all()

    def _refilled(self, workspace: Workspace, override: datetime | None) -> int:
        moment = business_time(workspace, self._clock.now(), override)
        with self._database.read() as uow:
            if not uow.schedules.unplanned(workspace.id, moment.instant + REFILL):
                return 0
        with self._database.write() as uow:
            planned = self._plan(uow, workspace, moment, moment.instant + HORIZON)
            uow.commit()
        return planned

    def _plan(self, uow: UnitOfWork, workspace: Workspace, moment: Moment, until: datetime) -> int:
        return plan(uow, workspace, moment, until, self._calendars(uow, workspace), self._clock.now())


def _delivery(workspace: Workspace, schedule: Schedule, channel: Channel, occurrence: Occurrence, moment: Moment) -> tuple[Delivery, Request]:
    gone = missed(schedule.kind, occurrence.due_at, moment.instant)
    delivery = Delivery(
        id=0,
        workspace=workspace.id,
        key=delivery_key(schedule.kind, schedule.id, occurrence.local_date, occurrence.slot, channel.binding, channel.external_id),
        kind=schedule.kind,
        binding=channel.binding,
        conversation=channel.external_id,
        due_at=occurrence.due_at,
        schedule=schedule.id,
        state=DeliveryState.MISSED if gone else DeliveryState.PLANNED,
        reason=Why.TOO_LATE.value if gone else None,
    )
    return delivery, Request({"date": occurrence.local_date.isoformat(), "channel": str(channel.id)})
