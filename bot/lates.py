"""What of an act whose answer is late? It stands in the ledger before its platform is told to wait, so that the answer outlives this process."""

from __future__ import annotations

from dataclasses import replace

from bot.courier import Courier
from bot.dispatch import Dispatcher
from core.domain.deliveries import BUILD_LEASE, Delivery, DeliveryState, Why
from core.errors import Denied
from core.ports import Clock, Invocation, JobQueue
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer
from scheduler.ledger import Ledger


class Lates:
    """Acts that are late. One's row is this process's for as long as its lease runs; then the ledger has the act done again, as one, and answers."""

    def __init__(self, database: Database, clock: Clock, dispatcher: Dispatcher, courier: Courier, jobs: JobQueue) -> None:
        self._database = database
        self._clock = clock
        self._dispatcher = dispatcher
        self._courier = courier
        self._jobs = jobs
        self._ledger = Ledger(database, clock)

    def note(self, invocation: Invocation) -> Delivery | None:
        """Writes the act down and holds it. None for whom the house does not know (yet), and where it stands there already, as slow work does, or
        its picture: that comes by itself.
        """
        with self._database.write() as uow:
            try:
                context = self._dispatcher.context(uow, invocation)
            except Denied:
                return None
            held = self._courier.keep(uow, context, invocation)
            uow.commit()
        return held

    def hold(self, held: Delivery) -> Delivery | None:
        """Holds the row anew, for the time of telling the answer. None where another has taken it up meanwhile, and answers."""
        further = replace(held, lease_until=self._clock.now() + BUILD_LEASE[held.kind])
        return further if self._ledger.move(held, further) else None

    def settle(self, held: Delivery, answer: Answer) -> None:
        """The answer was told. Where that was only that the row itself brings it, by slow work or with a picture, nobody holds the row any more."""
        if answer.delivery == held.id:
            self.release(held)
        else:
            self._ledger.move(held, replace(held, state=DeliveryState.MUTED, lease_until=None, reason=Why.ANSWERED))

    def release(self, held: Delivery) -> None:
        """The answer could not be told here: the ledger brings it, at once."""
        if self._ledger.move(held, replace(held, lease_until=None)):
            self._jobs.wake(held.id, self._clock.now())
