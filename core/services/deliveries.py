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
    return planned_once(uow, _row(workspace, address, key, moment), request, now)


def planned_once(uow: UnitOfWork, delivery: Delivery, request: Request, now: datetime) -> int:
    """Plans the delivery and returns the ledger row's id: that of the row which stands under the key, where one does."""
    planned = uow.deliveries.plan(delivery, request, now)
    if planned is not None:
        return planned
    standing = uow.deliveries.keyed(delivery.workspace, delivery.key)
    if standing is None:
        raise LookupError(f"delivery {delivery.key}")
    return standing.id


def order_held(uow: UnitOfWork, workspace: Workspace, address: Address, key: str, request: Request, moment: Moment, now: datetime) -> Delivery | None:
    """The same for work that whoever orders it still hopes to do: it is theirs while the lease runs. None where the row stands already."""
    delivery = replace(_row(workspace, address, key, moment), lease_until=now + BUILD_LEASE[Kind.COMMAND])
    planned = uow.deliveries.plan(delivery, request, now)
    return None if planned is None else replace(delivery, id=planned)


def work_key(key: str) -> str:
    """The ledger's key of work, by that of the act which asked for it."""
    return f"{Kind.COMMAND.value}:{key}"


def _row(workspace: Workspace, address: Address, key: str, moment: Moment) -> Delivery:
    return Delivery(
        id=0,
        workspace=workspace.id,
        key=work_key(key),
        kind=Kind.COMMAND,
        binding=address.binding,
        conversation=address.conversation,
        due_at=moment.instant,
        thread=address.thread,
        visible_to=address.visible_to,
    )
