"""What if this database is a copy? What it has open may have gone out from the one that it was made from: nothing that was due is sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.deliveries import Delivery, DeliveryState, Why
from core.domain.moments import business_time
from core.domain.workspaces import Workspace
from core.storage.unit_of_work import Database, UnitOfWork

# Longer than any lease: nobody holds a row of a copy.
_ALL_LEASES = timedelta(days=1)
_NOT_BEGUN = (DeliveryState.PLANNED, DeliveryState.BUILT)


def settle_copy(database: Database, now: datetime) -> int:
    """Looks whether the database was last at work elsewhere, and settles what is open and due then; returns how many rows. Asked at every start.

    `now` is machine time. What was not begun is missed; what was on its way rests in doubt for a person; nothing due by now is planned any more.
    """
    with database.read() as uow:
        if uow.origin.last() == uow.origin.here():
            return 0
    with database.write() as uow:
        last, here = uow.origin.last(), uow.origin.here()
        settled = 0 if last in (None, here) else sum(_settled(uow, workspace, now) for workspace in uow.workspaces.all())
        uow.origin.keep(here)
        uow.commit()
    return settled


def settle_all(database: Database, now: datetime) -> int:
    """The same for a copy that cannot know that it is one, such as a server's disk that was put back."""
    with database.write() as uow:
        settled = sum(_settled(uow, workspace, now) for workspace in uow.workspaces.all())
        uow.commit()
    return settled


def _settled(uow: UnitOfWork, workspace: Workspace, now: datetime) -> int:
    instant = business_time(workspace, now).instant
    uow.schedules.planned([schedule.id for schedule in uow.schedules.of(workspace.id)], instant)
    due = [row for row in uow.deliveries.waiting(instant, now + _ALL_LEASES) if row.workspace == workspace.id]
    return sum(uow.deliveries.move(row, _as_settled(row)) for row in due)


def _as_settled(row: Delivery) -> Delivery:
    state = DeliveryState.MISSED if row.state in _NOT_BEGUN else DeliveryState.IN_DOUBT
    return replace(row, state=state, lease_until=None, reason=Why.RESTORED)
