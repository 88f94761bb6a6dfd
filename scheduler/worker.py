"""What is due now, and what became of each? One delivery after the other goes through the chain; a fault in one does not stop the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.domain.deliveries import Delivery, Why, ripe
from core.domain.moments import business_time
from core.ports import Clock
from core.storage.unit_of_work import Database
from scheduler.chain import Chain
from scheduler.ledger import Ledger
from scheduler.stages.record import Outcome
from scheduler.stages.work import Work

log = structlog.get_logger()

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A row that nobody holds, with its workspace's business time. `flows` says whether that time goes on by itself."""

    delivery: Delivery
    instant: datetime
    flows: bool


class Worker:
    """Brings deliveries out. Any number may work on one database."""

    def __init__(self, database: Database, clock: Clock, ledger: Ledger, chain: Chain) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger
        self._chain = chain

    def run_due(self, override: datetime | None = None, *, ahead: timedelta = AT_ONCE, workspace: int | None = None) -> tuple[Outcome, ...]:
        """Works on all that is due in every workspace, or in one, and returns what became of each, the earliest first.

        `override` is business time put before each workspace's own. Messages due within `ahead` are built already where time flows.
        """
        ready = [item.delivery for item in self._waiting(override, ahead) if ripe(item.delivery, item.instant, ahead if item.flows else AT_ONCE)]
        chosen = [delivery.id for delivery in ready if workspace in (None, delivery.workspace)]
        outcomes = [self.run(delivery, override) for delivery in chosen]
        return tuple(outcome for outcome in outcomes if outcome is not None)

    def run(self, delivery: int, override: datetime | None = None) -> Outcome | None:
        """Works on one delivery; None when it is gone.

        A fault is like a killed process: the lease runs out, and the ledger tells the next one what may have happened.
        """
        work = self._ledger.work(delivery, override)
        if work is None:
            return None
        try:
            return self._chain(work)
        except Exception:
            log.exception("delivery_fault", delivery=delivery)
            return Outcome(work.delivery, Why.BROKEN)

    def carry(self, work: Work) -> Outcome:
        """Sends a delivery that was written as already held. A fault is like a killed process here too."""
        try:
            return self._chain.carry(work)
        except Exception:
            log.exception("delivery_fault", delivery=work.delivery.id)
            return Outcome(work.delivery, Why.BROKEN)

    def upcoming(self, within: timedelta) -> tuple[Delivery, ...]:
        """Deliveries that fall due within that time, where time flows."""
        waiting = self._waiting(None, within)
        return tuple(item.delivery for item in waiting if item.flows and item.instant < item.delivery.due_at <= item.instant + within)

    def _waiting(self, override: datetime | None, ahead: timedelta) -> list[_Waiting]:
        now = self._clock.now()
        with self._database.read() as uow:
            workspaces = {each.id: (each, business_time(each, now, override).instant) for each in uow.workspaces.all()}
            latest = max((instant for _, instant in workspaces.values()), default=now)
            rows = uow.deliveries.waiting(latest + ahead, now)
        return [_Waiting(row, at, override is None and owner.frozen_at is None) for row in rows for owner, at in [workspaces[row.workspace]]]
