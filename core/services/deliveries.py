"""How does work that somebody waits for get into the ledger?"""

from __future__ import annotations

from datetime import datetime

from core.domain.deliveries import Delivery, Kind, Request
from core.domain.moments import Moment
from core.domain.workspaces import Workspace
from core.ports import Address
from core.storage.unit_of_work import UnitOfWork


def order(uow: UnitOfWork, workspace: Workspace, address: Address, key: str, request: Request, moment: Moment, now: datetime) -> int:
    """Plans a slow command's work and answer, due at once, and returns the ledger row's id; the same key is the same row.

    Commit with the act that asked for it, then wake the job queue with the id.
    """
    delivery = Delivery(
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
    planned = uow.deliveries.plan(delivery, request, now)
    if planned is not None:
        return planned
    standing = uow.deliveries.keyed(workspace.id, delivery.key)
    if standing is None:
        raise LookupError(f"delivery {delivery.key}")
    return standing.id
