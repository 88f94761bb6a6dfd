"""How does it get out once? The row is taken first; where an earlier try may have got through, the channel is searched before another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from core.domain.deliveries import MAX_ATTEMPTS, OPEN, DeliveryState, Why, late, missed, rests
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Payload, Platform, Receipt
from scheduler.ledger import Ledger
from scheduler.stages.outgoing import outgoing
from scheduler.stages.pictures import Platforms
from scheduler.stages.work import Decision, Leave, Settle, Work, again

log = structlog.get_logger()


# What the platform of a binding calls the people and channels that a message names, by its refs.
Names = Callable[[int, Message], Mapping[str, str]]


class Send:
    """The stage that takes a built row, or one in doubt, and brings it to its platform."""

    def __init__(self, ledger: Ledger, platforms: Platforms, names: Names) -> None:
        self._ledger = ledger
        self._platforms = platforms
        self._names = names

    def __call__(self, work: Work) -> Decision:
        held = self._ledger.take(work.delivery)
        if held is None:
            return Leave(work, Why.TAKEN)
        return self.carry(replace(work, delivery=held))

    def carry(self, work: Work) -> Decision:
        """Sends what the caller holds already."""
        platform = self._platforms(work.delivery.binding)
        return self._looked(work, platform) if work.delivery.state is DeliveryState.IN_DOUBT else self._sent(work, platform)

    def _looked(self, work: Work, platform: Platform[Payload]) -> Decision:
        """Decides a doubt: found is sent; not found is sent again, unless nobody can look, or it is too late, or a newer state overtook it."""
        delivery = work.delivery
        if work.overtaken:
            return Settle(work, DeliveryState.MISSED, Why.OVERTAKEN)
        if not platform.capabilities.find:
            return Settle(work, DeliveryState.IN_DOUBT, Why.CANNOT_LOOK)
        if delivery.attempts > MAX_ATTEMPTS:
            return Settle(work, DeliveryState.IN_DOUBT, Why.INTERRUPTED)
        try:
            found = platform.find(work.address, delivery.key)
        except SendError as error:
            return self._failed(work, error, DeliveryState.IN_DOUBT)
        if found is not None:
            return _out(work, found)
        if missed(delivery.kind, delivery.due_at, work.moment.instant):
            return Settle(work, DeliveryState.MISSED, Why.TOO_LATE)
        return self._sent(work, platform)

    def _sent(self, work: Work, platform: Platform[Payload]) -> Decision:
        try:
            payload = self._rendered(work, platform)
        except Exception as error:
            # Rendering is pure: what failed once fails always.
            log.exception("not_rendered", delivery=work.delivery.key)
            return Settle(work, DeliveryState.FAILED, Why.NOT_RENDERED, error=type(error).__name__)
        if not self._ledger.holds(work.delivery):
            return Leave(work, Why.TAKEN)
        try:
            return _out(work, self._posted(work, platform, payload))
        except SendError as error:
            return self._failed(work, error, DeliveryState.BUILT)

    def _posted(self, work: Work, platform: Platform[Payload], payload: Payload) -> Receipt:
        """Posts, or replaces what stands already: the message that the row is about, or the note whose key its request names.

        Replacing twice does no harm.
        """
        key, standing = self._place(work, platform)
        if standing is None:
            return platform.send(work.address, payload, key)
        platform.edit(work.address, standing, payload)
        return standing

    def _place(self, work: Work, platform: Platform[Payload]) -> tuple[str, Receipt | None]:
        """The key to post under, and what the row takes the place of, if anything.

        A note that is still on its way is waited for, so that it does not come after its result; one whose doubt rests for a person is not.
        """
        delivery, replaces = work.delivery, work.request.replaces
        if delivery.edits is not None:
            return delivery.key, Receipt(delivery.edits)
        if replaces is None:
            return delivery.key, None
        note = self._ledger.keyed(delivery.workspace, replaces)
        if note is None:
            # Playgrounds post their notes by themselves.
            return replaces, platform.find(work.address, replaces)
        if note.state in OPEN and not rests(note):
            raise SendError(Reason.UNAVAILABLE, retryable=True)
        return delivery.key, Receipt(note.receipt, note.link) if note.receipt is not None else None

    def _rendered(self, work: Work, platform: Platform[Payload]) -> Payload:
        frozen = work.frozen
        message = outgoing(work, frozen)
        return platform.render(message, {**frozen.refs, **self._names(work.delivery.binding, message)})

    def _failed(self, work: Work, error: SendError, state: DeliveryState) -> Decision:
        """Another try from the state. What may have got through is in doubt, and rests there for a person once tries are used up."""
        if error.reason is Reason.AMBIGUOUS:
            state = DeliveryState.IN_DOUBT
        elif not error.retryable and state is not DeliveryState.IN_DOUBT:
            return Settle(work, DeliveryState.FAILED, error.reason)
        if state is DeliveryState.IN_DOUBT and work.delivery.attempts >= MAX_ATTEMPTS:
            return Settle(work, state, error.reason)
        return again(work, state, error.reason, self._ledger.clock.now(), wait=error.retry_after)


def _out(work: Work, receipt: Receipt) -> Settle:
    if late(work.delivery.kind, work.delivery.due_at, work.moment.instant):
        return Settle(work, DeliveryState.LATE, Why.AFTER_ITS_TIME, receipt=receipt)
    return Settle(work, DeliveryState.SENT, Why.AS_PLANNED, receipt=receipt)
