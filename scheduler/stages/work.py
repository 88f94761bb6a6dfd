"""What goes from stage to stage, and what can a stage decide?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.deliveries import GRACE, MAX_ATTEMPTS, PATIENT_ATTEMPTS, Delivery, DeliveryState, Request, Why, missed, pause
from core.domain.moments import Moment
from core.domain.workspaces import Workspace
from core.errors import Reason
from core.messages.codec import Frozen, thaw
from core.ports import Address, Receipt


@dataclass(frozen=True, slots=True)
class Work:
    """A delivery on its way, with what the stages have to know. `payload` is the built message; `moment` is business time at the start.

    `built` is the payload's message where it is at hand, so that it need not be read again.
    `put_out` says that it comes by itself, and that the bot is no longer where it goes.
    `overtaken` says that a later delivery changes the same standing message: what was built before would take back what that one shows. After a stop
    it says that a later one of the same schedule is due too: that one goes out.
    """

    delivery: Delivery
    workspace: Workspace
    moment: Moment
    request: Request
    enabled: bool
    payload: bytes | None
    overtaken: bool = False
    put_out: bool = False
    built: Frozen | None = None

    @property
    def frozen(self) -> Frozen:
        """The built message. Raises ValueError where nothing is built."""
        return self.built or thaw(self.payload or b"")

    @property
    def address(self) -> Address:
        """Where it goes."""
        at = self.delivery
        return Address(at.binding, at.conversation, at.thread, at.visible_to)


@dataclass(frozen=True, slots=True)
class Go:
    """On to the next stage."""

    work: Work


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing to do now, and nothing to record."""

    work: Work
    why: Why


@dataclass(frozen=True, slots=True)
class Settle:
    """The row goes to this state, and why. `until` puts an open one off to that machine time; None lets it rest."""

    work: Work
    state: DeliveryState
    why: Why | Reason
    until: datetime | None = None
    error: str | None = None
    receipt: Receipt | None = None


Decision = Go | Leave | Settle
# Nothing got out, and nothing is wrong with what was to get out.
AWAY = frozenset({Reason.UNREACHABLE, Reason.UNAVAILABLE, Reason.RATE_LIMITED})
Stage = Callable[[Work], Decision]


def again(work: Work, state: DeliveryState, why: Why | Reason, now: datetime, *, wait: float | None = None, error: str | None = None) -> Settle:
    """Another try from `state` after a pause, at least `wait` seconds; failed for good once there were too many.

    What is of use for some hours is tried for as long while its platform is away: then it is missed, as after a stop.
    """
    delivery = work.delivery
    if patient(work, why):
        # Once the platform is back, there are tries left for what may befall it then.
        delivery = replace(delivery, attempts=min(delivery.attempts, PATIENT_ATTEMPTS))
    elif delivery.attempts >= MAX_ATTEMPTS:
        return Settle(work, DeliveryState.FAILED, why, error=error)
    until = now + max(pause(delivery.attempts), timedelta(seconds=wait or 0))
    return Settle(replace(work, delivery=delivery), state, why, until=until, error=error, receipt=_standing(delivery))


def patient(work: Work, why: Why | Reason) -> bool:
    """Whether that failure uses up no tries: its platform is away, and it is still of use later."""
    delivery = work.delivery
    return why in AWAY and GRACE[delivery.kind] is not None and not missed(delivery.kind, delivery.wanted_at, work.moment.instant)


def _standing(delivery: Delivery) -> Receipt | None:
    """The message of an open row that stands already, whose files are still to follow."""
    return None if delivery.receipt is None else Receipt(delivery.receipt, delivery.link, bare=True)
