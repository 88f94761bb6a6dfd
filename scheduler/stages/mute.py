"""Should it go out at all? Not when its schedule is off, a newer one overtook it, the bot was put out of the channel, or it is too late."""

from __future__ import annotations

from core.domain.deliveries import Delivery, DeliveryState, Why, missed
from core.errors import Reason
from scheduler.stages.work import AWAY, Decision, Go, Leave, Settle, Work


def mute(work: Work) -> Decision:
    """Ends a delivery that nobody wants any more. What may be on its way already is never muted: it has to be looked for."""
    delivery = work.delivery
    if delivery.state not in (DeliveryState.PLANNED, DeliveryState.BUILT):
        return Go(work)
    if not work.enabled or work.put_out:
        return _unwanted(work)
    if missed(delivery.kind, delivery.wanted_at, work.moment.instant):
        return Settle(work, DeliveryState.MISSED, _kept(delivery))
    if work.overtaken:
        return Settle(work, DeliveryState.MUTED if delivery.schedule is None else DeliveryState.MISSED, Why.OVERTAKEN)
    return Go(work)


def _unwanted(work: Work) -> Decision:
    """What is not wanted at its time ends. Before that everything may still change: the schedule comes on again, the bot is back."""
    if work.moment.instant < work.delivery.due_at:
        return Leave(work, Why.NOT_DUE)
    return Settle(work, DeliveryState.MUTED, Why.PUT_OUT if work.enabled else Why.SCHEDULE_OFF)


def _kept(delivery: Delivery) -> Why | Reason:
    """What kept it until it was too late: a platform that was away all the time, or else only the time itself."""
    return Reason(delivery.reason) if delivery.reason in AWAY else Why.TOO_LATE
