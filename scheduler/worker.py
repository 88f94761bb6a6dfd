"""What is due now, and what became of each? One delivery after the other goes through the chain; a fault in one does not stop the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog

from core.domain import load
from core.domain.deliveries import OPEN, Delivery, DeliveryState, Kind, Why, ripe
from core.domain.moments import business_time
from core.ports import Clock
from core.storage.unit_of_work import Database
from scheduler.chain import Chain
from scheduler.ledger import Ledger
from scheduler.stages.record import Outcome
from scheduler.stages.work import Work

log = structlog.get_logger()

AT_ONCE = timedelta(0)
NEVER = datetime.max.replace(tzinfo=UTC)

# Hears what each look at a delivery led to, and how many seconds it took.
Observer = Callable[[Work, Outcome, float], None]


def unobserved(work: Work, outcome: Outcome, seconds: float) -> None:
    """For workers whose figures nobody asks for."""


@dataclass(frozen=True, slots=True)
class Look:
    """A row that is to be looked at, not before that machine time. A `slow` one has the work of a command still before it."""

    delivery: int
    at: datetime
    slow: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A row that nobody holds, with its workspace's business time. `flows` says whether that time goes on by itself."""

    delivery: Delivery
    instant: datetime
    flows: bool


class Worker:
    """Brings deliveries out. Any number may work on one database."""

    def __init__(self, database: Database, clock: Clock, ledger: Ledger, chain: Chain, observe: Observer = unobserved) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger
        self._chain = chain
        self._observe = observe

    def run_due(self, override: datetime | None = None, *, ahead: timedelta = AT_ONCE, workspace: int | None = None) -> tuple[Outcome, ...]:
        """Works on all that is due in every workspace, or in one, and returns what became of each, in a fair order.

        `override` is business time put before each workspace's own. Messages due within `ahead` are built already where time flows.
        """
        ready = [item.delivery for item in self._waiting(override, ahead) if ripe(item.delivery, item.instant, ahead if item.flows else AT_ONCE)]
        chosen = [delivery.id for delivery in ready if workspace in (None, delivery.workspace)]
        outcomes = [self.run(delivery, override) for delivery in chosen]
        return tuple(outcome for outcome in outcomes if outcome is not None)

    def run(self, delivery: int, override: datetime | None = None) -> Outcome | None:
        """Works on one delivery; None when it is gone, or cannot be read.

        A fault is like a killed process: the lease runs out, and the ledger tells the next one what may have happened.
        """
        try:
            work = self._ledger.work(delivery, override)
        except Exception:
            log.exception("delivery_unreadable", delivery=delivery)
            return None
        return None if work is None else self._done(work, self._chain)

    def look(self, delivery: int, within: timedelta) -> Look | None:
        """Works on one delivery; says when to look at it again, where that is within that time."""
        outcome, now = self.run(delivery), self._clock.now()
        if outcome is None or outcome.delivery.state not in OPEN:
            return None
        at = outcome.delivery.lease_until or outcome.delivery.due_at
        return Look(delivery, at, _slow(outcome.delivery)) if now < at <= now + within else None

    def carry(self, work: Work) -> Outcome:
        """Sends a delivery that was written as already held. A fault is like a killed process here too."""
        return self._done(work, self._chain.carry)

    def ahead(self) -> timedelta:
        """How long before their time messages are to be built now, as if this process's one thread did all of it."""
        with self._database.read() as uow:
            planned = uow.deliveries.unbuilt(self._clock.now() + load.MOST_AHEAD)
        return load.ahead(planned, self._chain.build_time.each)

    def agenda(self, ahead: timedelta, within: timedelta) -> tuple[Look, ...]:
        """What there is to do in all workspaces until that much time has passed, the earliest first: what is ready, in a fair order, what becomes
        so, and what its holder may have left by then. Messages due within `ahead` are to be built already where time flows.
        """
        now = self._clock.now()
        looks = [Look(item.delivery.id, _ready(item, ahead, now), _slow(item.delivery)) for item in self._waiting(None, ahead + within, within)]
        return tuple(sorted((look for look in looks if look.at <= now + within), key=lambda look: look.at))

    def _done(self, work: Work, chain: Callable[[Work], Outcome]) -> Outcome:
        begun = monotonic()
        try:
            outcome = chain(work)
        except Exception:
            log.exception("delivery_fault", delivery=work.delivery.id)
            outcome = Outcome(work.delivery, Why.BROKEN)
        self._observe(work, outcome, monotonic() - begun)
        return outcome

    def _waiting(self, override: datetime | None, ahead: timedelta, leases: timedelta = AT_ONCE) -> list[_Waiting]:
        """Rows due within `ahead` that nobody holds, or may hold no more once `leases` has passed, in a fair order: what is due first."""
        now = self._clock.now()
        with self._database.read() as uow:
            workspaces = {each.id: (each, business_time(each, now, override).instant) for each in uow.workspaces.all()}
            latest = max((instant for _, instant in workspaces.values()), default=now)
            rows = uow.deliveries.waiting(latest + ahead, now + leases)
        due = [row for row in rows if row.due_at <= workspaces[row.workspace][1]]
        later = [row for row in rows if row.due_at > workspaces[row.workspace][1]]
        ordered = (*load.fairly(due), *load.fairly(later))
        return [_Waiting(row, at, override is None and owner.frozen_at is None) for row in ordered for owner, at in [workspaces[row.workspace]]]


def _slow(delivery: Delivery) -> bool:
    return delivery.kind is Kind.COMMAND and delivery.state is DeliveryState.PLANNED


def _ready(item: _Waiting, ahead: timedelta, now: datetime) -> datetime:
    """The machine time from which there is something to do; beyond all time where the workspace's own stands before it."""
    delivery, early = item.delivery, ahead if item.delivery.state is DeliveryState.PLANNED else AT_ONCE
    wait = delivery.due_at - item.instant - (early if item.flows else AT_ONCE)
    if wait > AT_ONCE and not item.flows:
        return NEVER
    return max(now + wait, delivery.lease_until or now, now)
