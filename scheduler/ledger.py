"""Who may work on a delivery now? Short transactions around compare-and-set: taking and moving a row is all that workers share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.deliveries import OUT, POST_LASTS, SEND_LEASE, UNASKED, Delivery, DeliveryState, Why, free, local_date, put_off, renewed, taken
from core.domain.moments import business_time
from core.domain.paces import TURN_LASTS, Lane, Lanes
from core.ports import Clock, Receipt
from core.services.cards import catch_up
from core.storage.unit_of_work import Database, UnitOfWork
from scheduler.stages.work import Work


class Holding:
    """A row that is being built in this worker's hands."""

    def __init__(self, ledger: Ledger, delivery: Delivery) -> None:
        self._ledger = ledger
        self.delivery = delivery

    def alive(self) -> None:
        """Holds the row anew. One that was lost meanwhile stays lost: its new holder looks for what this one brings."""
        further = renewed(self.delivery, self._ledger.clock.now())
        if further is not self.delivery and self._ledger.move(self.delivery, further):
            self.delivery = further


@dataclass(frozen=True, slots=True)
class Turn:
    """A row that was taken to be sent at that machine time; not `held` where that is too far ahead: it is put off until then."""

    delivery: Delivery
    at: datetime
    held: bool = True


class Ledger:
    """The deliveries as a worker sees them. Every lease is machine time of the clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self.clock = clock

    def work(self, delivery: int, override: datetime | None = None) -> Work | None:
        """The delivery with all that the stages have to know; None when it is gone."""
        with self._database.read() as uow:
            row = uow.deliveries.get(delivery)
            if row is None:
                return None
            workspace = uow.workspaces.get(row.workspace)
            moment = business_time(workspace, self.clock.now(), override)
            return Work(
                delivery=row,
                workspace=workspace,
                moment=moment,
                request=uow.deliveries.request(delivery),
                enabled=row.schedule is None or row.asked_at is not None or uow.schedules.brings(row.schedule, local_date(row.key)),
                payload=uow.deliveries.payload(delivery),
                overtaken=uow.deliveries.overtaken(row, moment.instant),
                put_out=_put_out(uow, row),
            )

    def keyed(self, workspace: int, key: str) -> Delivery | None:
        """The workspace's delivery of that key."""
        with self._database.read() as uow:
            return uow.deliveries.keyed(workspace, key)

    def take(self, delivery: Delivery) -> Delivery | None:
        """The row as held from now on; None when somebody else holds it, or has moved it since it was read."""
        now = self.clock.now()
        if not free(delivery, now):
            return None
        held = taken(delivery, now)
        return held if self.move(delivery, held) else None

    def take_turn(self, delivery: Delivery, lanes: Lanes | None, patience: timedelta) -> Turn | None:
        """The row as held from now on, and when it may be sent; None when somebody else has it. One that has to wait longer than that is put off.

        Without `lanes` there is nothing to wait for. Row and turn are taken in one transaction: who loses the row takes no turn.
        """
        now = self.clock.now()
        if not free(delivery, now):
            return None
        with self._database.write() as uow:
            at = now if lanes is None or _in_turn(uow, delivery, lanes, now) else uow.paces.turn(lanes.both, now)
            held = at - now <= patience
            after = replace(taken(delivery, now), reason=None) if held else put_off(delivery, at)
            if not uow.deliveries.move(delivery, after):
                return None
            uow.commit()
        return Turn(after, at, held)

    def turn(self, lanes: Lanes) -> datetime:
        """The next turn, for a row that is held already."""
        with self._database.write() as uow:
            at = uow.paces.turn(lanes.both, self.clock.now())
            uow.commit()
        return at

    def leave_alone(self, lane: Lane, wait: timedelta) -> None:
        """What a platform asked for: nobody sends in the lane for that time."""
        with self._database.write() as uow:
            uow.paces.pause(lane, wait, self.clock.now())
            uow.commit()

    def move(self, before: Delivery, after: Delivery, payload: bytes | None = None) -> bool:
        """Brings the row from the one state and lease to the other, in a transaction of its own; False when it no longer stands there.

        What has changed while it was on its way is planned as its next state.
        """
        with self._database.write() as uow:
            moved = uow.deliveries.move(before, after, payload)
            if moved and after.state in OUT:
                catch_up(uow, after, self.clock.now())
            uow.commit()
        return moved

    def stands(self, delivery: Delivery, receipt: Receipt) -> Delivery | None:
        """Notes of a held row that its message stands, and holds it anew for the files beside that; None when it was lost."""
        until = self.clock.now() + SEND_LEASE
        standing = replace(delivery, state=DeliveryState.IN_DOUBT, receipt=receipt.message_id, link=receipt.link, lease_until=until)
        return standing if self.move(delivery, standing) else None

    def anew(self, delivery: Delivery) -> Delivery | None:
        """A doubt that was looked into, held anew for another post: looking may take longer than a lease. None when it was lost."""
        further = replace(delivery, lease_until=self.clock.now() + SEND_LEASE)
        return further if self.move(delivery, further) else None

    def holds(self, delivery: Delivery) -> bool:
        """Whether the lease of a taken row outlasts one more post: a process that was stopped for long must not go on."""
        return delivery.lease_until is not None and self.clock.now() + POST_LASTS < delivery.lease_until


def _in_turn(uow: UnitOfWork, delivery: Delivery, lanes: Lanes, now: datetime) -> bool:
    """Whether the row was put off for its turn, which is now, and its platform has asked for no pause since."""
    if delivery.reason != Why.PACED or delivery.lease_until is None or now - delivery.lease_until > TURN_LASTS:
        return False
    return not uow.paces.paused(lanes.both, now)


def _put_out(uow: UnitOfWork, row: Delivery) -> bool:
    """Whether what comes by itself goes to a channel in which the bot is no more. What is for one person goes to their own conversation."""
    if row.kind not in UNASKED or row.visible_to is not None:
        return False
    channel = uow.places.channel(row.binding, row.conversation)
    return channel is not None and channel.gone
