"""Which rows of the ledger do the times of a schedule become?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.domain.cadences import WorkingDays
from core.domain.deliveries import Delivery, DeliveryState, Request, Why, delivery_key, missed
from core.domain.schedules import Occurrence, Schedule, occurrences
from core.domain.workspaces import Channel, Workspace


def rows_of(
    workspace: Workspace, schedule: Schedule, channel: Channel, until: datetime, instant: datetime, calendar: WorkingDays
) -> Iterator[tuple[Delivery, Request]]:
    """A row and its request for each time that is not planned yet, up to but without `until`; missed where that is too late by now, at `instant`.

    Both are business time. A schedule that was never planned is so from now on.
    """
    for occurrence in occurrences(schedule.cadence, schedule.zone_in(workspace), schedule.planned_until or instant, until, calendar):
        if not schedule.pauses(occurrence.local_date):
            yield _row(workspace, schedule, channel, occurrence, instant), schedule.request(occurrence.local_date)


def _row(workspace: Workspace, schedule: Schedule, channel: Channel, occurrence: Occurrence, instant: datetime) -> Delivery:
    gone = missed(schedule.kind, occurrence.due_at, instant)
    return Delivery(
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
