"""How does work that somebody waits for get into the ledger?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.domain.deliveries import BUILD_LEASE, Delivery, Kind, Request
from core.domain.moments import Moment
from core.domain.workspaces import Workspace
from core.ports import Address
from core.storage.unit_of_work import UnitOfWork


def order(uow: UnitOfWork, workspace: Workspace, address: Address, key: str, request: Request, moment: Moment, now: datetime) -> int:
    """Plans a slow command's work and answer, due at once, and returns the ledger row's id; the same key is the same row.

    Commit with the act that asked for it, then wake the job queue with the id.
    """
    delivery = _row(workspace, address, key, moment)
    planned = uow.deliveries.plan(delivery, request, now)
    if planned is not None:
        return planned
    standing = uow.deliveries.keyed(workspace.id, delivery.key)
    if standing is None:
        raise LookupError(f"delivery {delivery.key}")
    return standing.id


def order_held(uow: UnitOfWork, workspace: Workspace, address: Address, key: str, request: Request, moment: Moment, now: datetime) -> Delivery | None:
    """The same for work that whoever orders it still hopes to do: it is theirs while the lease runs. None where the row stands already."""
    delivery = replace(_row(workspace, address, key, moment), lease_until=now + BUILD_LEASE[Kind.COMMAND])
    planned = uow.deliveries.plan(delivery, request, now)
    return None if planned is None else replace(delivery, id=planned)


def _row(workspace: Workspace, address: Address, key: str, moment: Moment) -> Delivery:
    return Delivery(
        id=0,
        workspace=workspace.id,
        key=f"{Kind.COMMAND.value}:{key}",
        kind=Kind.COMMAND,
        binding=address.binding,
        conversation=address.conversation,
        due_at=moment.instant,
        thread=address.thread,
        visible_to=address.visible_to,
    )
