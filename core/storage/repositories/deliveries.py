"""Which messages have to go out, who works on each, and what became of it? The one guard against doubles is `move`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, or_, select, update

from core.domain.deliveries import OPEN, OUT, Delivery, DeliveryState, Kind, Request, late, may, tells
from core.storage.base import new_id, table_of
from core.storage.sealing import Place, Sealer
from core.storage.tables.deliveries import DeliveryRow
from core.storage.transaction import Transaction
from core.storage.upsert import inserting, inserting_many

DELIVERIES = table_of(DeliveryRow)


_NOBODYS = (DeliveryState.PLANNED, DeliveryState.BUILT)
# The ledger's rows without their sealed content, which is opened only by who works on one.
OUTLINE = tuple(column for column in DELIVERIES.columns if column.name not in {"request", "payload", "created_at"})
_STANDING = (
    select(*OUTLINE)
    .where(DELIVERIES.c.workspace_id == bindparam("workspace"), DELIVERIES.c.subject == bindparam("subject"))
    .where(DELIVERIES.c.receipt.is_not(None), DELIVERIES.c.state.in_(OUT), DELIVERIES.c.sent_at >= bindparam("since"))
    .order_by(DELIVERIES.c.sent_at.desc(), DELIVERIES.c.created_at.desc())
)
# In one order, so that two changes that touch the same rows wait for each other and no more.
_UNTOUCHED = (
    select(DELIVERIES.c.id)
    .where(DELIVERIES.c.workspace_id == bindparam("workspace"), DELIVERIES.c.subject.in_(bindparam("subjects", expanding=True)))
    .where(DELIVERIES.c.state.in_(OPEN), DELIVERIES.c.touched.is_(False))
    .order_by(DELIVERIES.c.id)
    .with_for_update()
)
_TOUCHING = update(DELIVERIES).where(DELIVERIES.c.id.in_(_UNTOUCHED)).values(touched=True)
# Only the columns that the values name are set.
_MOVING = (
    update(DELIVERIES)
    .where(DELIVERIES.c.id == bindparam("of"), DELIVERIES.c.state == bindparam("from_state"))
    .where(DELIVERIES.c.lease_until.is_not_distinct_from(bindparam("from_lease")))
    .returning(DELIVERIES.c.id)
)


class Deliveries:
    """The ledger."""

    def __init__(self, transaction: Transaction, sealer: Sealer) -> None:
        self._transaction = transaction
        self._sealer = sealer
        # The ids of what was planned in this unit of work and nobody holds, for whoever wakes somebody once it stands.
        self.fresh: list[int] = []
        # The posted messages that it is to change.
        self.edited: list[str] = []

    @property
    def _connection(self) -> Connection:
        return self._transaction.connection

    def plan(self, delivery: Delivery, request: Request, now: datetime, payload: bytes | None = None) -> int | None:
        """Keeps a new delivery (its `id` is ignored) as it stands and returns its id; None where its key is there already, whoever planned it.

        One that is built already comes with its `payload`; one that the planner itself brings out is held from the start, or has arrived.
        """
        row = new_id()
        values = self._values(row, delivery, request, now, payload)
        if self._connection.execute(inserting(self._connection.dialect.name, DELIVERIES), values).first() is None:
            return None
        if delivery.lease_until is None and delivery.state in OPEN:
            self.fresh.append(row)
            self.edited += [delivery.edits] if delivery.edits else []
        return row

    def plan_all(self, wanted: Iterable[tuple[Delivery, Request]], now: datetime) -> int:
        """Keeps those of the new deliveries whose keys are not there already; returns how many they are. None of them is to be woken at once."""
        values = [self._values(new_id(), delivery, request, now, None) for delivery, request in wanted]
        if not values:
            return 0
        return self._connection.execute(inserting_many(self._connection.dialect.name, DELIVERIES), values).rowcount

    def _values(self, row: int, delivery: Delivery, request: Request, now: datetime, payload: bytes | None) -> dict[str, object]:
        content = json.dumps({"arguments": dict(request.arguments), "replaces": request.replaces}, ensure_ascii=False).encode()
        return {
            "id": row,
            "workspace_id": delivery.workspace,
            "key": delivery.key,
            "kind": delivery.kind,
            "schedule_id": delivery.schedule,
            "binding_id": delivery.binding,
            "conversation": delivery.conversation,
            "thread": delivery.thread,
            "visible_to": delivery.visible_to,
            "due_at": delivery.due_at,
            "request": self._sealer.seal(content, _place(row, "request")),
            "payload": None if payload is None else self._sealer.seal(payload, _place(row, "payload")),
            "state": delivery.state,
            "attempts": delivery.attempts,
            "lease_until": delivery.lease_until,
            "reason": delivery.reason,
            "receipt": delivery.receipt,
            "sent_at": delivery.sent_at,
            "subject": delivery.subject,
            "edits": delivery.edits,
            "asked_at": delivery.asked_at,
            "untold": tells(delivery),
            "created_at": now,
        }

    def get(self, delivery: int) -> Delivery | None:
        """One delivery."""
        row = self._connection.execute(select(*OUTLINE).where(DeliveryRow.id == delivery)).one_or_none()
        return None if row is None else delivery_of(row)

    def keyed(self, workspace: int, key: str) -> Delivery | None:
        """The delivery of that key."""
        row = self._connection.execute(select(*OUTLINE).where(DeliveryRow.workspace_id == workspace, DeliveryRow.key == key)).one_or_none()
        return None if row is None else delivery_of(row)

    def of(self, workspace: int) -> tuple[Delivery, ...]:
        """Every delivery of the workspace in order of due time."""
        mine = select(*OUTLINE).where(DeliveryRow.workspace_id == workspace).order_by(DeliveryRow.due_at, DeliveryRow.key)
        return tuple(delivery_of(row) for row in self._connection.execute(mine))

    def standing(self, workspace: int, subject: str, since: datetime) -> tuple[Delivery, ...]:
        """What brought the messages of that subject to where they stand, the newest row of each message, the newest message first.

        Those last brought before that machine time are passed over: platforms let old messages be.
        """
        rows = self._connection.execute(_STANDING, {"workspace": workspace, "subject": subject, "since": since})
        newest: dict[tuple[int, str, str], Delivery] = {}
        for row in rows:
            newest.setdefault((row.binding_id, row.conversation, row.receipt), delivery_of(row))
        return tuple(newest.values())

    def touch(self, workspace: int, subjects: Collection[str]) -> None:
        """Marks what is on its way of those subjects: it shows how they were. What has arrived meanwhile is found by `standing` after this."""
        self._connection.execute(_TOUCHING, {"workspace": workspace, "subjects": list(subjects)})

    def overtaken(self, delivery: Delivery, instant: datetime) -> bool:
        """Whether a later row brings a newer state to the message that this one is to change, or its schedule's next is due at that business time.

        What a person wants sent again goes nevertheless.
        """
        if delivery.schedule is not None:
            waits = delivery.state in _NOBODYS and delivery.asked_at is None and late(delivery.kind, delivery.due_at, instant)
            return waits and self._followed(delivery, instant)
        if delivery.edits is None:
            return False
        rows = DELIVERIES.c
        planned = select(rows.created_at).where(rows.id == delivery.id).scalar_subquery()
        same = (rows.binding_id == delivery.binding, rows.conversation == delivery.conversation, rows.edits == delivery.edits)
        mine = (rows.workspace_id == delivery.workspace, rows.subject == delivery.subject)
        return self._connection.execute(select(rows.id).where(*mine, *same, rows.created_at > planned).limit(1)).first() is not None

    def _followed(self, delivery: Delivery, instant: datetime) -> bool:
        rows = DELIVERIES.c
        same = (rows.workspace_id == delivery.workspace, rows.binding_id == delivery.binding, rows.conversation == delivery.conversation)
        # What a person had sent meanwhile is none of its times.
        later = (rows.schedule_id == delivery.schedule, rows.asked_at.is_(None), rows.due_at > delivery.due_at, rows.due_at <= instant)
        return self._connection.execute(select(rows.id).where(*same, *later, rows.state.in_(OPEN | OUT)).limit(1)).first() is not None

    def waiting(self, until: datetime, now: datetime) -> tuple[Delivery, ...]:
        """Open deliveries of all workspaces due by that business time which nobody holds at that machine time, the earliest first."""
        untouched = and_(DeliveryRow.lease_until.is_(None), DeliveryRow.state.in_(_NOBODYS))
        unheld = or_(untouched, DeliveryRow.lease_until <= now)
        found = select(*OUTLINE).where(DeliveryRow.state.in_(OPEN), DeliveryRow.due_at <= until, unheld)
        return tuple(delivery_of(row) for row in self._connection.execute(found.order_by(DeliveryRow.due_at, DeliveryRow.id)))

    def unbuilt(self, until: datetime) -> int:
        """How many of all workspaces' deliveries that come by themselves are due by that business time, and not built yet."""
        waiting = (DeliveryRow.state == DeliveryState.PLANNED, DeliveryRow.due_at <= until, DeliveryRow.schedule_id.is_not(None))
        return self._connection.execute(select(func.count()).select_from(DELIVERIES).where(*waiting)).scalar_one()

    def next_due(self, workspace: int, after: datetime) -> datetime | None:
        """The business time of the workspace's first delivery after that one which has not gone out."""
        ahead = (DeliveryRow.workspace_id == workspace, DeliveryRow.state.in_(_NOBODYS), DeliveryRow.due_at > after)
        return self._connection.execute(select(DeliveryRow.due_at).where(*ahead).order_by(DeliveryRow.due_at).limit(1)).scalar()

    def request(self, delivery: int) -> Request:
        """What the delivery is to bring. Raises LookupError."""
        sealed = self._connection.execute(select(DeliveryRow.request).where(DeliveryRow.id == delivery)).scalar()
        if sealed is None:
            raise LookupError(f"delivery {delivery}")
        content = json.loads(self._sealer.open(sealed, _place(delivery, "request")))
        return Request(content["arguments"], content["replaces"])

    def payload(self, delivery: int) -> bytes | None:
        """The built message; None while it is not built."""
        sealed = self._connection.execute(select(DeliveryRow.payload).where(DeliveryRow.id == delivery)).scalar()
        return None if sealed is None else self._sealer.open(sealed, _place(delivery, "payload"))

    def move(self, before: Delivery, after: Delivery, payload: bytes | None = None) -> bool:
        """Brings the row from the one state and lease to the other; False, and nothing, when it no longer stands at the first.

        A `payload` is kept with it. Raises ValueError for a step that the state machine does not have.
        """
        if not may(before.state, after.state):
            raise ValueError(f"no step from {before.state} to {after.state}")
        values: dict[str, object] = {
            "of": before.id,
            "from_state": before.state,
            "from_lease": before.lease_until,
            "state": after.state,
            "attempts": after.attempts,
            "lease_until": after.lease_until,
            "reason": after.reason,
            "error": after.error,
            "receipt": after.receipt,
            "link": after.link,
            "sent_at": after.sent_at,
            "untold": tells(after),
        }
        if payload is not None:
            values["payload"] = self._sealer.seal(payload, _place(before.id, "payload"))
        return self._connection.execute(_MOVING, values).first() is not None

    def ahead(self, schedule: int, since: datetime) -> tuple[Delivery, ...]:
        """What the schedule is to bring by itself from that business time on and nobody is sending."""
        unsent = (DeliveryRow.state.in_(_NOBODYS), DeliveryRow.asked_at.is_(None))
        found = select(*OUTLINE).where(DeliveryRow.schedule_id == schedule, DeliveryRow.due_at >= since, *unsent)
        return tuple(delivery_of(row) for row in self._connection.execute(found.order_by(DeliveryRow.due_at)))

    def rename(self, workspace: int, subject: str, to: str) -> None:
        """What showed the state of the one subject shows that of the other from now on."""
        mine = (DeliveryRow.workspace_id == workspace, DeliveryRow.subject == subject)
        self._connection.execute(update(DeliveryRow).where(*mine).values(subject=to))

    def withdraw(self, delivery: Delivery) -> None:
        """Takes a delivery back that nobody is sending: it may be planned anew. Whoever builds it at this moment, or put it off, finds it gone."""
        self._connection.execute(delete(DeliveryRow).where(DeliveryRow.id == delivery.id, DeliveryRow.state.in_(_NOBODYS)))


def _place(delivery: int, field: str) -> Place:
    return Place("deliveries", str(delivery), field)


def delivery_of(row: Row[tuple[object, ...]]) -> Delivery:
    """A row's outline as the delivery that it keeps."""
    return Delivery(
        id=row.id,
        workspace=row.workspace_id,
        key=row.key,
        kind=Kind(row.kind),
        binding=row.binding_id,
        conversation=row.conversation,
        due_at=row.due_at,
        thread=row.thread,
        visible_to=row.visible_to,
        schedule=row.schedule_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        lease_until=row.lease_until,
        reason=row.reason,
        error=row.error,
        receipt=row.receipt,
        link=row.link,
        sent_at=row.sent_at,
        subject=row.subject,
        edits=row.edits,
        touched=row.touched,
        asked_at=row.asked_at,
    )
