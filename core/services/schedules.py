"""How does something come by itself from now on, and at another time from now on?"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from core.domain.deliveries import Kind, local_date
from core.domain.moments import Moment
from core.domain.schedules import Rule, Schedule, Workdays, instant_of
from core.domain.workspaces import Channel, Workspace
from core.storage.unit_of_work import UnitOfWork

MORNING = Rule(time(9), Workdays())


def set_schedule(uow: UnitOfWork, workspace: Workspace, kind: Kind, channel: Channel, rule: Rule, owner: int | None, moment: Moment) -> Schedule:
    """The kind comes to the channel by that rule from now on, whatever rule held before. What came today already does not come again."""
    kept = uow.schedules.put(workspace.id, Schedule(0, kind, rule, channel.id, owner, planned_until=moment.instant))
    for delivery in uow.deliveries.ahead(kept.id, moment.instant):
        uow.deliveries.withdraw(delivery)
    return kept


def replan(uow: UnitOfWork, workspace: Workspace, moment: Moment) -> None:
    """After a change of the workspace's zone or calendar: what is planned for today comes as planned, later days by the new times.

    A date whose time the new zone has passed already, and that was not planned, is late or missed like any other.
    """
    midnight = instant_of(moment.today, time(), workspace.zone)
    for schedule in uow.schedules.of(workspace.id):
        for delivery in uow.deliveries.ahead(schedule.id, moment.instant):
            if local_date(delivery.key) > moment.today:
                uow.deliveries.withdraw(delivery)
        uow.schedules.put(workspace.id, replace(schedule, planned_until=midnight))
