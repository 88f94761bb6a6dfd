"""May it go now? Not before its due time, and not before its turn: all replicas together keep the platform's limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.deliveries import DeliveryState, Why
from core.domain.paces import Lanes, lanes
from scheduler.ledger import Ledger
from scheduler.stages.pictures import Platforms
from scheduler.stages.work import Decision, Go, Leave, Settle, Work


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a thread waits in place for a row's turn; `wait` does it, for so many seconds. What takes longer goes back into the ledger until then.

    `shared` is for threads that have other rows to see to, `own` for one that carries a single answer.
    """

    wait: Callable[[float], None]
    shared: timedelta = timedelta(milliseconds=250)
    own: timedelta = timedelta(seconds=2)


class Pace:
    """The stage that takes the row, in its turn."""

    def __init__(self, ledger: Ledger, platforms: Platforms, patience: Patience) -> None:
        self._ledger = ledger
        self._platforms = platforms
        self._patience = patience

    def __call__(self, work: Work) -> Decision:
        if work.delivery.due_at > work.moment.instant:
            return Leave(work, Why.NOT_DUE)
        taken = self._ledger.take_turn(work.delivery, self._lanes(work), self._patience.shared)
        if taken is None:
            return Leave(work, Why.TAKEN)
        further = replace(work, delivery=taken.delivery)
        if not taken.held:
            return Leave(further, Why.PACED)
        return self._waited(further, taken.at)

    def carry(self, work: Work) -> Decision:
        """The same for a row that the caller holds already."""
        found = self._lanes(work)
        at = self._ledger.clock.now() if found is None else self._ledger.turn(found)
        if at - self._ledger.clock.now() > self._patience.own:
            # That its turn is later is no failed try.
            return Settle(replace(work, delivery=replace(work.delivery, attempts=0)), DeliveryState.BUILT, Why.PACED, until=at)
        return self._waited(work, at)

    def _waited(self, work: Work, at: datetime) -> Go:
        seconds = (at - self._ledger.clock.now()).total_seconds()
        if seconds > 0:
            self._patience.wait(seconds)
        return Go(work)

    def _lanes(self, work: Work) -> Lanes | None:
        pace = self._platforms(work.delivery.binding).capabilities.pace
        return None if pace is None else lanes(pace, work.delivery)
