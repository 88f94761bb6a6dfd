"""What does it say? The message is built once and frozen; one built ahead is built again when its figures have changed by the due time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from core.domain.deliveries import MAX_ATTEMPTS, DeliveryState, Kind, Request, Why
from core.domain.moments import Moment, business_time
from core.domain.workspaces import Workspace
from core.errors import Reason, SendError
from core.messages.codec import Frozen, freeze, thaw
from core.messages.model import Message
from scheduler.ledger import Ledger
from scheduler.stages.pictures import Pictures
from scheduler.stages.work import Decision, Go, Leave, Settle, Work, again

log = structlog.get_logger()

# Makes the message of a kind, as of the moment at which it is due. It may be asked more than once.
Builder = Callable[[Request, Workspace, Moment], Message]


class Build:
    """The stage that takes a planned row, makes its message and keeps it."""

    def __init__(self, ledger: Ledger, builders: Mapping[Kind, Builder], pictures: Pictures) -> None:
        self._ledger = ledger
        self._builders = builders
        self._pictures = pictures

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
        work = replace(work, delivery=held)
        if held.attempts > MAX_ATTEMPTS:
            return Settle(work, DeliveryState.FAILED, Why.INTERRUPTED)
        try:
            return self._kept(work, self._message(work))
        except SendError as error:
            return self._again(work, error.reason, error, wait=error.retry_after)
        except Exception as error:
            log.exception("not_built", delivery=held.key)
            return self._again(work, Why.NOT_BUILT, error)

    def _refreshed(self, work: Work) -> Decision:
        try:
            frozen = thaw(work.payload or b"")
            if work.delivery.attempts or not frozen.built_at < work.delivery.due_at <= work.moment.instant:
                return Go(work)
            message = self._message(work)
            return Go(work) if message == frozen.message else self._kept(work, message)
        except Exception:
            # What was built ahead stands.
            log.exception("not_refreshed", delivery=work.delivery.key)
            return Go(work)

    def _message(self, work: Work) -> Message:
        due = business_time(work.workspace, self._ledger.clock.now(), work.delivery.due_at)
        return self._builders[work.delivery.kind](work.request, work.workspace, due)

    def _kept(self, work: Work, message: Message) -> Decision:
        refs = self._pictures.upload(message, work.address, insist=work.delivery.attempts < MAX_ATTEMPTS)
        payload = freeze(Frozen(message, work.moment.instant, refs))
        built = replace(work.delivery, state=DeliveryState.BUILT, attempts=0, lease_until=None, reason=None, error=None)
        if not self._ledger.move(work.delivery, built, payload):
            return Leave(work, Why.TAKEN)
        return Go(replace(work, delivery=built, payload=payload))

    def _again(self, work: Work, why: Why | Reason, error: Exception, wait: float | None = None) -> Settle:
        return again(work, DeliveryState.PLANNED, why, self._ledger.clock.now(), wait=wait, error=type(error).__name__)
