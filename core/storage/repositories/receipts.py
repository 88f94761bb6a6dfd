"""What became of what schedules brought, who has still to be told, and how does a row go again?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from core.domain.deliveries import OPEN, Delivery, DeliveryState, Kind, Why
from core.storage.repositories.deliveries import DELIVERIES, OUTLINE, delivery_of
from core.storage.transaction import Transaction

ROWS = DELIVERIES.c
_RESTING = and_(ROWS.state == DeliveryState.IN_DOUBT, ROWS.lease_until.is_(None))
_NOT_OUT = or_(ROWS.state.in_((DeliveryState.FAILED, DeliveryState.MISSED)), _RESTING, ROWS.reason == Why.PUT_OUT)


class Receipts:
    """The ledger as those see it who want to know what became of a slot."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _connection(self) -> Connection:
        return self._transaction.connection

    def between(self, workspace: int, since: datetime, until: datetime) -> tuple[Delivery, ...]:
        """The slots due from `since` up to but without `until`, in order of time."""
        return self._found(_slots(workspace), ROWS.due_at >= since, ROWS.due_at < until)

    def of_schedule(self, schedule: int, most: int) -> tuple[Delivery, ...]:
        """The last so many slots of a schedule, those to come among them, in order of time."""
        newest = select(*OUTLINE).where(ROWS.schedule_id == schedule).order_by(ROWS.due_at.desc(), ROWS.id).limit(most)
        return tuple(delivery_of(row) for row in reversed(self._connection.execute(newest).all()))

    def not_out(self, workspace: int, since: datetime) -> tuple[Delivery, ...]:
        """The slots due since then that did not go out, or nobody knows, in order of time."""
        return self._found(_slots(workspace), ROWS.due_at >= since, _NOT_OUT)

    def telling(self, before: datetime) -> frozenset[int]:
        """The workspaces with something of which somebody has still to learn, or with word that was due before that time and waits."""
        untold, waiting = (select(ROWS.workspace_id).where(each) for each in (ROWS.untold, _waiting_word(before)))
        return frozenset(self._connection.execute(untold.union(waiting)).scalars())

    def untold(self, workspace: int) -> tuple[Delivery, ...]:
        """What somebody of the workspace has still to learn, in order of time."""
        return self._found(ROWS.workspace_id == workspace, ROWS.untold)

    def claim(self, deliveries: Collection[int]) -> frozenset[int]:
        """Those of the deliveries that nobody else is telling of: until the commit, and then for good, the caller does."""
        mine = update(DELIVERIES).where(ROWS.id.in_(deliveries), ROWS.untold).values(untold=False).returning(ROWS.id)
        return frozenset(self._connection.execute(mine).scalars())

    def stuck(self, workspace: int, before: datetime) -> tuple[Delivery, ...]:
        """The workspace's word of other deliveries that was due before that time, and surely has not gone out."""
        return self._found(ROWS.workspace_id == workspace, _waiting_word(before))

    def under_way(self, workspace: int, since: datetime, before: datetime) -> bool:
        """Whether a slot that was due from `since` up to but without `before` may still go out by itself."""
        late = (ROWS.due_at >= since, ROWS.due_at < before, ROWS.state.in_(OPEN), ~_RESTING)
        return self._connection.execute(select(func.count()).select_from(DELIVERIES).where(_slots(workspace), *late)).scalar_one() > 0

    def change(self, before: Delivery, after: Delivery) -> bool:
        """Brings a row that rests to where a person wants it; False, and nothing, when it no longer stands at the first."""
        same = (ROWS.id == before.id, ROWS.state == before.state, ROWS.lease_until.is_(None), ROWS.asked_at.is_not_distinct_from(before.asked_at))
        wanted = {name: getattr(after, name) for name in ("state", "attempts", "reason", "error", "asked_at")}
        changed = update(DELIVERIES).where(*same).values(**wanted, untold=False).returning(ROWS.id)
        return self._connection.execute(changed).first() is not None

    def _found(self, *which: ColumnElement[bool]) -> tuple[Delivery, ...]:
        rows = self._connection.execute(select(*OUTLINE).where(*which).order_by(ROWS.due_at, ROWS.id))
        return tuple(delivery_of(row) for row in rows)


def _waiting_word(before: datetime) -> ColumnElement[bool]:
    return and_(ROWS.state.in_((DeliveryState.PLANNED, DeliveryState.BUILT)), ROWS.due_at < before, ROWS.kind == Kind.NOTICE)


def _slots(workspace: int) -> ColumnElement[bool]:
    return and_(ROWS.workspace_id == workspace, ROWS.schedule_id.is_not(None))
