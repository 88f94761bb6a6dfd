"""How does it get out once? The row is held; where an earlier try may have got through, the channel is searched before another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from core.domain.deliveries import MAX_ATTEMPTS, OPEN, Delivery, DeliveryState, Kind, Why, late, missed, rests
from core.domain.paces import lanes
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Payload, Platform, Receipt
from scheduler.ledger import Ledger
from scheduler.stages.outgoing import outgoing
from scheduler.stages.pictures import Platforms
from scheduler.stages.work import Decision, Leave, Settle, Work, again, patient

log = structlog.get_logger()


# What the platform of a binding calls the people and channels that a message names, by its refs.
Names = Callable[[int, Message], Mapping[str, str]]


class _Nameless(Exception):
    """The names could not be read, which another try may do."""


class Send:
    """The stage that brings a held row, built or in doubt, to its platform."""

    def __init__(self, ledger: Ledger, platforms: Platforms, names: Names) -> None:
        self._ledger = ledger
        self._platforms = platforms
        self._names = names

    def __call__(self, work: Work) -> Decision:
        platform = self._platforms(work.delivery.binding)
        return self._looked(work, platform) if work.delivery.state is DeliveryState.IN_DOUBT else self._sent(work, platform)

    def _looked(self, work: Work, platform: Platform[Payload]) -> Decision:
        """Decides a doubt: found is sent; not found goes again, unless nobody can look so far back, it is too late, or a newer state overtook it."""
        delivery = work.delivery
        if delivery.receipt is not None:
            return self._standing(work, platform, Receipt(delivery.receipt, delivery.link))
        if work.overtaken and delivery.edits is not None:
            # A change of what stands leaves nothing to be looked for.
            return Settle(work, DeliveryState.MISSED, Why.OVERTAKEN)
        if not platform.capabilities.find:
            return self._unseen(work, platform)
        if delivery.attempts > MAX_ATTEMPTS:
            return Settle(work, DeliveryState.IN_DOUBT, Why.INTERRUPTED)
        try:
            found = platform.find(work.address, delivery.key)
        except SendError as error:
            return self._failed(work, error, DeliveryState.IN_DOUBT) if error.retryable else self._unseen(work, platform)
        if found is not None:
            return self._found(work, platform, found)
        if missed(delivery.kind, delivery.wanted_at, work.moment.instant):
            return Settle(work, DeliveryState.MISSED, Why.TOO_LATE)
        if work.overtaken:
            return Settle(work, DeliveryState.MISSED, Why.OVERTAKEN)
        if _beyond(work, platform):
            return Settle(work, DeliveryState.IN_DOUBT, Why.CANNOT_LOOK)
        return self._resent(work, platform)

    def _unseen(self, work: Work, platform: Platform[Payload]) -> Decision:
        """Nobody can look: it goes again while the platform itself would take it for the first one, after that a person has to say."""
        age = self._ledger.clock.now() - work.delivery.due_at
        if timedelta(0) <= age < platform.capabilities.same_for:
            return self._resent(work, platform)
        return Settle(work, DeliveryState.IN_DOUBT, Why.CANNOT_LOOK)

    def _resent(self, work: Work, platform: Platform[Payload]) -> Decision:
        held = self._ledger.anew(work.delivery)
        return Leave(work, Why.TAKEN) if held is None else self._sent(replace(work, delivery=held), platform)

    def _sent(self, work: Work, platform: Platform[Payload]) -> Decision:
        return self._drawn(work, platform, lambda payload: self._brought(work, platform, payload))

    def _standing(self, work: Work, platform: Platform[Payload], receipt: Receipt) -> Decision:
        """Its message is known to stand. What kept its files from it again and again, and said nothing of itself, ends the trying."""
        if work.delivery.attempts > MAX_ATTEMPTS:
            return _bare(work, receipt, Why.INTERRUPTED)
        return self._found(work, platform, receipt)

    def _found(self, work: Work, platform: Platform[Payload], receipt: Receipt) -> Decision:
        """What stands is noted first: it may still lack its files."""
        held = self._ledger.stands(work.delivery, receipt)
        if held is None:
            return Leave(work, Why.TAKEN)
        return self._drawn(replace(work, delivery=held), platform, lambda payload: self._filed(work, held, platform, payload, receipt))

    def _drawn(self, work: Work, platform: Platform[Payload], go: Callable[[Payload], Decision]) -> Decision:
        try:
            payload = self._rendered(work, platform)
        except _Nameless as fault:
            if work.delivery.state is not DeliveryState.SENDING:
                # What is in doubt stays so until its lease runs out.
                raise
            log.exception("nameless", delivery=work.delivery.key)
            return again(work, DeliveryState.BUILT, Why.BROKEN, self._ledger.clock.now(), error=type(fault.__cause__).__name__)
        except Exception as error:
            # Rendering is pure: what failed once fails always.
            log.exception("not_rendered", delivery=work.delivery.key)
            if work.delivery.receipt is not None:
                return _bare(work, Receipt(work.delivery.receipt, work.delivery.link), Why.NOT_RENDERED)
            return Settle(work, DeliveryState.FAILED, Why.NOT_RENDERED, error=type(error).__name__)
        return go(payload)

    def _brought(self, work: Work, platform: Platform[Payload], payload: Payload) -> Decision:
        if not self._ledger.holds(work.delivery):
            return Leave(work, Why.TAKEN)
        try:
            receipt = self._posted(work, platform, payload)
        except SendError as error:
            self._heed(work, platform, error)
            return self._failed(work, error, DeliveryState.BUILT)
        return self._completed(work, platform, payload, receipt)

    def _completed(self, work: Work, platform: Platform[Payload], payload: Payload, receipt: Receipt) -> Decision:
        """Sent, once what the message could not show stands beside it too. Until then the row is in doubt, and knows that the message stands."""
        if not receipt.bare:
            return _out(work, receipt)
        held = self._ledger.stands(work.delivery, receipt)
        return Leave(work, Why.TAKEN) if held is None else self._filed(work, held, platform, payload, receipt)

    def _filed(self, work: Work, held: Delivery, platform: Platform[Payload], payload: Payload, receipt: Receipt) -> Decision:
        further = replace(work, delivery=held)
        try:
            platform.attach(work.address, receipt, payload, held.key)
        except SendError as error:
            self._heed(work, platform, error)
            if error.retryable and held.attempts < MAX_ATTEMPTS:
                return again(further, DeliveryState.IN_DOUBT, error.reason, self._ledger.clock.now(), wait=error.retry_after)
            return replace(_bare(work, receipt, error.reason), work=further)
        return replace(_out(work, receipt), work=further)

    def _posted(self, work: Work, platform: Platform[Payload], payload: Payload) -> Receipt:
        """Posts, or replaces what stands already: the message that the row is about, or the note whose key its request names.

        Replacing twice does no harm.
        """
        key, standing = self._place(work, platform)
        if standing is None:
            return platform.send(work.address, payload, key)
        platform.edit(work.address, standing, payload)
        # A card that only changes its state brings no files anew.
        return replace(standing, bare=work.delivery.kind is not Kind.CARD)

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
        try:
            names = self._names(work.delivery.binding, message)
        except Exception as error:
            raise _Nameless from error
        return platform.render(message, {**frozen.refs, **names})

    def _heed(self, work: Work, platform: Platform[Payload], error: SendError) -> None:
        """A limit that was met holds for every replica."""
        pace = platform.capabilities.pace
        if pace is not None and error.reason is Reason.RATE_LIMITED:
            found = lanes(pace, work.delivery)
            lane = found.app if error.whole else found.channel
            self._ledger.leave_alone(lane, max(timedelta(seconds=error.retry_after or 0), lane.interval))

    def _failed(self, work: Work, error: SendError, state: DeliveryState) -> Decision:
        """Another try from the state. What may have got through is in doubt, and rests there for a person once tries are used up."""
        if error.reason is Reason.AMBIGUOUS:
            state = DeliveryState.IN_DOUBT
        elif not error.retryable and state is not DeliveryState.IN_DOUBT:
            return Settle(work, DeliveryState.FAILED, error.reason)
        if state is DeliveryState.IN_DOUBT and work.delivery.attempts >= MAX_ATTEMPTS and not patient(work, error.reason):
            return Settle(work, state, error.reason)
        return again(work, state, error.reason, self._ledger.clock.now(), wait=error.retry_after)


def _beyond(work: Work, platform: Platform[Payload]) -> bool:
    """Whether it may stand further back than the platform is searched: that it was not found says nothing."""
    looked = platform.capabilities.looks_back
    return looked is not None and work.moment.instant - work.delivery.wanted_at > looked


def _bare(work: Work, receipt: Receipt, why: Why | Reason) -> Settle:
    """Sent, without the files that were to stand beside it."""
    log.warning("attachment_lost", delivery=work.delivery.key, reason=why.value)
    return _out(work, receipt)


def _out(work: Work, receipt: Receipt) -> Settle:
    # One that stood before this look was not late for its files' sake.
    if work.delivery.receipt is None and late(work.delivery.kind, work.delivery.wanted_at, work.moment.instant):
        return Settle(work, DeliveryState.LATE, Why.AFTER_ITS_TIME, receipt=receipt)
    return Settle(work, DeliveryState.SENT, Why.AS_PLANNED, receipt=receipt)
