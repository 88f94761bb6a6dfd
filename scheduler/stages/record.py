"""What became of it? The last stage writes the decision down, unless the row has moved on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from core.domain.deliveries import OUT, Delivery, DeliveryState, Why
from core.messages.model import Message
from scheduler.ledger import Ledger
from scheduler.stages.outgoing import outgoing
from scheduler.stages.work import Leave, Settle

log = structlog.get_logger()

_TOLD = (DeliveryState.FAILED, DeliveryState.IN_DOUBT, DeliveryState.MISSED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look at a delivery led to: the row as it stands now, and the message when this look sent it."""

    delivery: Delivery
    why: str
    message: Message | None = None

    @property
    def sent(self) -> bool:
        """Whether this look brought it out."""
        return self.message is not None


class Record:
    """Writes decisions into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __call__(self, decision: Leave | Settle) -> Outcome:
        if isinstance(decision, Leave):
            return Outcome(decision.work.delivery, decision.why)
        row = _settled(decision, self._ledger)
        if not self._ledger.move(decision.work.delivery, row):
            return Outcome(decision.work.delivery, Why.TAKEN)
        if row.state in _TOLD:
            log.warning("delivery", key=row.key, state=row.state.value, why=row.reason, error=row.error)
        return Outcome(row, decision.why, _message(decision))


def _settled(decision: Settle, ledger: Ledger) -> Delivery:
    receipt = decision.receipt
    return replace(
        decision.work.delivery,
        state=decision.state,
        lease_until=decision.until,
        reason=decision.why.value,
        error=decision.error,
        receipt=receipt.message_id if receipt else None,
        link=receipt.link if receipt else None,
        sent_at=ledger.clock.now() if receipt else None,
    )


def _message(decision: Settle) -> Message | None:
    if decision.state not in OUT or decision.work.payload is None:
        return None
    return outgoing(decision.work, decision.work.frozen)
