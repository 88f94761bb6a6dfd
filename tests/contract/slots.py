"""What can become of what comes by itself? A morning on which everything happens once, and the words about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.deliveries import OUT, Delivery, DeliveryState, Kind, Request
from core.domain.moments import business_time
from core.domain.receipts import Trouble
from core.domain.workspaces import Workspace
from core.messages.model import Message
from core.services.notices import notice
from core.services.schedules import switch_off
from core.storage.unit_of_work import Database

LINES = ("/ops deliveries", "/ops deliveries failed", "/ops deliveries S-1", "/ops deliveries 2024-06-03", "/ops deliveries soon")
MORNING = (
    (DeliveryState.SENT, "as_planned"),
    (DeliveryState.LATE, "after_its_time"),
    (DeliveryState.MISSED, "too_late"),
    (DeliveryState.MUTED, "put_out"),
    (DeliveryState.FAILED, "no_channel"),
    (DeliveryState.FAILED, "unavailable"),
    (DeliveryState.IN_DOUBT, "no_access"),
    (DeliveryState.PLANNED, None),
)
LATE = timedelta(minutes=12)


def plan_morning(database: Database, workspace: Workspace, now: datetime) -> dict[DeliveryState, int]:
    """A slot of each kind of fate, an hour apart; the last of each state by its id."""
    with database.write() as uow:
        schedule = uow.schedules.of(workspace.id)[0]
        channel = uow.places.known(schedule.channel)
        found: dict[DeliveryState, int] = {}
        for hour, (state, reason) in enumerate(MORNING):
            due = now - timedelta(hours=len(MORNING) - hour - 2)
            key = f"digest:{schedule.id}:{hour}"
            slot = Delivery(0, workspace.id, key, Kind.DIGEST, channel.binding, channel.external_id, due, schedule=schedule.id)
            fate = replace(slot, state=state, reason=reason, sent_at=due + LATE if state in OUT else None)
            found[state] = _kept(uow.deliveries.plan(fate, Request({"date": "2024-06-04"}), now))
        uow.commit()
    return found


def notices(database: Database, workspace: Workspace, slots: dict[DeliveryState, int], now: datetime) -> Iterator[tuple[str, Message]]:
    """Each word about them, to the owner, the switching off among it."""
    moment = business_time(workspace, now)
    told = {
        "failed": (Trouble.FAILED, [slots[DeliveryState.FAILED]], "no"),
        "failed for good": (Trouble.FAILED, [slots[DeliveryState.FAILED], slots[DeliveryState.MUTED]], "yes"),
        "in doubt": (Trouble.DOUBT, [slots[DeliveryState.IN_DOUBT]], "no"),
        "after a stop": (Trouble.STOPPED, [slots[DeliveryState.LATE], slots[DeliveryState.MISSED]], "no"),
    }
    with database.write() as uow:
        owner = uow.workspaces.owner(workspace.id)
        for name, (trouble, ids, off) in told.items():
            if off == "yes":
                switch_off(uow, uow.schedules.of(workspace.id)[0], "no_channel", moment)
            given = {"trouble": trouble.value, "deliveries": ",".join(map(str, ids)), "off": off, "member": str(owner), "closed": ""}
            yield f"notice: {name}", notice(uow, workspace, Request(given), moment)


def _kept(row: int | None) -> int:
    assert row is not None
    return row
