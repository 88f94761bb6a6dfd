"""What became of what comes by itself? A slot with its schedule and place, and what a person may still do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.deliveries import OUT, Delivery, DeliveryState, Why, rests
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel

# Why a platform did not take it, by core.errors.Reason, where no further try can help until somebody mends it.
LASTING = frozenset({"bad_credentials", "no_channel", "no_access", Why.PUT_OUT.value})
# Where the way to the whole platform is broken, and not to one channel.
CUT_OFF = frozenset({"bad_credentials", "unreachable", "unavailable"})


class Trouble(StrEnum):
    """What somebody should know of a slot. `STOPPED` is what a stop of the house made late, or let pass."""

    FAILED = "failed"
    DOUBT = "doubt"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Slot:
    """One delivery of a schedule, and where it goes; the channel is None where nobody knows it any more."""

    delivery: Delivery
    schedule: Schedule
    channel: Channel | None

    @property
    def trouble(self) -> Trouble | None:
        """What is the matter with it, if anything."""
        return trouble(self.delivery)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which slots somebody wants to see: those of a local date, those of a schedule by its number, or all that did not go out."""

    day: date | None = None
    schedule: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found for a wish, in order of time; `total` counts what is not shown too."""

    wish: Wish
    slots: tuple[Slot, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Acted:
    """What a person's wish about some slots came to. `done` go on as wished; of the `others` nothing was changed."""

    done: tuple[Slot, ...]
    others: tuple[Slot, ...]
    switched_on: tuple[Schedule, ...] = ()


def trouble(delivery: Delivery) -> Trouble | None:
    """What is the matter with a delivery. One that is late stands where it belongs, but somebody is told."""
    if rests(delivery):
        return Trouble.DOUBT
    if delivery.state in (DeliveryState.LATE, DeliveryState.MISSED):
        return Trouble.STOPPED
    if delivery.state is DeliveryState.FAILED or (delivery.state is DeliveryState.MUTED and delivery.reason == Why.PUT_OUT):
        return Trouble.FAILED
    return None


def lasting(delivery: Delivery) -> bool:
    """Whether whatever follows it to the same place would fail too."""
    return trouble(delivery) is Trouble.FAILED and delivery.reason in LASTING


def may_go_again(delivery: Delivery) -> bool:
    """Whether a person may have it sent again: it did not go out, or nobody knows."""
    return trouble(delivery) is not None and delivery.state not in OUT and delivery.receipt is None
