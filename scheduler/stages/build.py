"""What does it say? The message is built once and frozen; one built ahead is built again when its figures have changed by the due time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import structlog

from core.domain.deliveries import GRACE, MAX_ATTEMPTS, Delivery, DeliveryState, Kind, Request, Why, pause
from core.domain.moments import Moment, business_time
from core.domain.workspaces import Workspace
from core.errors import Busy, Reason, SendError
from core.messages.codec import Frozen, freeze
from core.messages.model import Message
from core.ports import Alive, unheard
from scheduler.ledger import Holding, Ledger
from scheduler.stages.build_time import BuildTime
from scheduler.stages.pictures import Pictures
from scheduler.stages.work import Decision, Go, Leave, Settle, Work, again

log = structlog.get_logger()

# Makes the message of a kind, as of the moment at which it is due, with signs of life where that takes long. It may be asked more than once.
# Raises Busy where another attempt is at it.
Builder = Callable[[Request, Workspace, Moment, Alive], Message]
BUSY_PAUSE = timedelta(seconds=15)


class Build:
    """The stage that takes a planned row, makes its message and keeps it."""

    def __init__(self, ledger: Ledger, builders: Mapping[Kind, Builder], pictures: Pictures) -> None:
        self._ledger = ledger
        self._builders = builders
        self._pictures = pictures
        self.time = BuildTime()

    def __call__(self, work: Work) -> Decision:
        match work.delivery.state:
            case DeliveryState.PLANNED:
                return self._first(work)
            case DeliveryState.BUILT:
                return self._refreshed(work)
            case _:
                return Go(work)

    def _first(self, work: Work) -> Decision:
        held = self._ledger.take(work.delivery)
        if held is None:
            return Leave(work, Why.TAKEN)
        if held.attempts > MAX_ATTEMPTS:
            return Settle(replace(work, delivery=held), DeliveryState.FAILED, Why.INTERRUPTED)
        return self._made(replace(work, delivery=held), Holding(self._ledger, held))

    def _made(self, work: Work, holding: Holding) -> Decision:
        begun = monotonic()
        try:
            message = self._message(work, holding.alive)
            decision = self._kept(replace(work, delivery=holding.delivery), message)
        except Busy:
            # Somebody is at it, which is no failure of this one.
            waiting = replace(work, delivery=replace(holding.delivery, attempts=0))
            return Settle(waiting, DeliveryState.PLANNED, Why.TAKEN, until=self._ledger.clock.now() + BUSY_PAUSE)
        except SendError as error:
            return self._again(replace(work, delivery=holding.delivery), error.reason, error, wait=error.retry_after)
        except Exception as error:
            log.exception("not_built", delivery=work.delivery.key)
            return self._again(replace(work, delivery=holding.delivery), Why.NOT_BUILT, error)
        if work.delivery.schedule is not None:
            self.time.note(monotonic() - begun)
        return decision

    def _refreshed(self, work: Work) -> Decision:
        try:
            frozen = work.frozen
            if _begun(work.delivery) or not frozen.built_at < work.delivery.due_at <= work.moment.instant:
                return Go(work)
            message = self._message(work, unheard)
            return Go(work) if message == frozen.message else self._kept(work, message)
        except Exception:
            # What was built ahead stands.
            log.exception("not_refreshed", delivery=work.delivery.key)
            return Go(work)

    def _message(self, work: Work, alive: Alive) -> Message:
        due = business_time(work.workspace, self._ledger.clock.now(), work.delivery.due_at)
        return self._builders[work.delivery.kind](work.request, work.workspace, due, alive)

    def _kept(self, work: Work, message: Message) -> Decision:
        refs = self._pictures.upload(message, work.address, lambda error: self._worth(work, error))
        frozen = Frozen(message, work.moment.instant, refs)
        payload = freeze(frozen)
        built = replace(work.delivery, state=DeliveryState.BUILT, attempts=0, lease_until=None, reason=None, error=None)
        if not self._ledger.move(work.delivery, built, payload):
            return Leave(work, Why.TAKEN)
        return Go(replace(work, delivery=built, payload=payload, built=frozen))

    def _worth(self, work: Work, error: SendError) -> bool:
        """Whether to try again for a picture's sake: not where the text has a time, and would come later for it."""
        delivery = work.delivery
        if GRACE[delivery.kind] is None:
            return delivery.attempts < MAX_ATTEMPTS
        wait = max(pause(delivery.attempts), timedelta(seconds=error.retry_after or 0))
        return work.moment.instant + wait < delivery.due_at

    def _again(self, work: Work, why: Why | Reason, error: Exception, wait: float | None = None) -> Settle:
        return again(work, DeliveryState.PLANNED, why, self._ledger.clock.now(), wait=wait, error=type(error).__name__)


def _begun(delivery: Delivery) -> bool:
    """Whether it goes as it was built: it was at its turn already, or what was in doubt is sent again by hand, and nothing else may go by its key."""
    return delivery.attempts > 0 or delivery.reason == Why.PACED or delivery.asked_at is not None
