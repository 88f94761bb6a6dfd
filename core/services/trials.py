"""How does a team see what will come, before it comes? It is sent now, as a test, and today's own comes nevertheless."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.domain.deliveries import Delivery
from core.domain.moments import Moment
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Member, Workspace
from core.errors import UserError
from core.storage.repositories.inbox import RequestKey
from core.storage.unit_of_work import UnitOfWork

# In a delivery's request: the schedule of which it is a test, and the member who wanted to see it.
TEST = "test"
PRESSER = "presser"


def send_now(
    uow: UnitOfWork, workspace: Workspace, schedule: Schedule, presser: Member, request: RequestKey, moment: Moment, now: datetime
) -> Channel:
    """Plans what the schedule would bring now, under a key of the act's own; returns where it goes. Raises UserError where the bot is not there.

    It is listed with what the schedule brings, and the presser is told where it fails. As something asked for it comes of a paused schedule too.
    """
    channel = uow.places.known(schedule.channel)
    if channel.gone:
        raise UserError("schedule.channel.gone", typed=channel.name)
    day = moment.instant.astimezone(schedule.zone_in(workspace)).date()
    wanted = schedule.request(day)
    row = Delivery(
        id=0,
        workspace=workspace.id,
        key=f"{schedule.kind.value}:{schedule.id}:{day.isoformat()}:{TEST}:{request.platform}/{request.tenant}/{request.key}",
        kind=schedule.kind,
        binding=channel.binding,
        conversation=channel.external_id,
        due_at=moment.instant,
        schedule=schedule.id,
        asked_at=moment.instant,
    )
    uow.deliveries.plan(row, replace(wanted, arguments={**wanted.arguments, TEST: schedule.label, PRESSER: str(presser.id)}), now)
    return channel
