"""Who wakes whom where several processes share a PostgreSQL? PgQueuer: those that plan ask, and whoever is free looks. The ledger stays the truth."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Event

from core.pool import Pool
from core.ports import Clock
from scheduler.engines.common import ASKED, FOUND, GRACE_SECONDS, SWEEP, Duties, Plans, Swept, sweeping
from scheduler.engines.line import Ask, Line
from scheduler.worker import Look, Worker

# Before what a sweep found goes what somebody waits for.
AWAITED = 1


class QueueEngine:
    """As much of it as this process's duties ask for. An `Engine` of scheduler.engines.common."""

    def __init__(self, plans: Plans, worker: Worker, clock: Clock, address: str, duties: Duties) -> None:
        self._plans = plans
        self._worker = worker
        self._clock = clock
        self._duties = duties
        self.swept: Swept | None = None
        self._found, self._asked = Pool(FOUND, "found"), Pool(ASKED, "asked")
        self._line = Line(address, self._take if duties.works else None)
        self._stopping = Event()

    @property
    def connected(self) -> bool:
        """Whether the queue is at hand."""
        return self._line.connected

    def start(self) -> None:
        """Begins at once with what the ledger holds from before."""
        self._line.start()
        if self._duties.plans or self._duties.works:
            sweeping(self.sweep, self._stopping)

    def stop(self, seconds: float = GRACE_SECONDS) -> None:
        """Takes no new work, and returns when what was begun is done, or after that time."""
        self._stopping.set()
        self._line.stop(seconds)

    def sweep(self) -> None:
        """Asks for all that there is to do before the next sweep, as early as this process's own measured time of a build wants it. Plans first."""
        if self._duties.plans:
            self._plans.run()
        agenda, now = self._worker.agenda(self._worker.ahead(), SWEEP), self._clock.now()
        self._ask(agenda)
        self.swept = Swept(now, sum(look.at <= now for look in agenda))

    def wake(self, delivery: int, at: datetime) -> None:
        """Asks for the delivery to be looked at, not before that machine time. Call it after the commit."""
        self._line.ask([_wish(Look(delivery, at), self._clock.now(), AWAITED)])

    def _ask(self, looks: Iterable[Look]) -> None:
        now = self._clock.now()
        self._line.ask([_wish(look, now, AWAITED if look.slow else 0) for look in looks])

    def _take(self, delivery: int, priority: int) -> Future[None]:
        return (self._asked if priority == AWAITED else self._found).submit(self._look, delivery)

    def _look(self, delivery: int) -> None:
        again = self._worker.look(delivery, SWEEP)
        if again is not None:
            self._ask([again])


def _wish(look: Look, now: datetime, priority: int) -> Ask:
    """What is to be done now is asked for once; what is to be done later, once for its instant."""
    if look.at <= now:
        return Ask(look.delivery, timedelta(0), str(look.delivery), priority)
    return Ask(look.delivery, look.at - now, f"{look.delivery}@{look.at.timestamp():.3f}", priority)
