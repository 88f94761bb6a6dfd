"""How fast may messages follow each other, and which of them share a limit?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.domain.deliveries import Delivery

# What was refused as too often goes half as fast from then on, for so long after the last refusal.
SLOWER = 2
SLOWEST = timedelta(seconds=30)
LEARNED_FOR = timedelta(minutes=10)
# No turn lies further ahead, and no platform is left alone for longer: what does is from a clock that was put back.
FURTHEST = timedelta(minutes=30)
# A row that comes this long after its turn has lost it.
TURN_LASTS = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Pace:
    """The least time between two messages to one conversation, and between two of the binding's app."""

    channel: timedelta
    app: timedelta


@dataclass(frozen=True, slots=True)
class Lane:
    """What shares one limit, by name, and the least time between two messages in it."""

    scope: str
    interval: timedelta


@dataclass(frozen=True, slots=True)
class Lanes:
    """The two lanes in which a message goes at once: its conversation's and its app's."""

    channel: Lane
    app: Lane

    @property
    def both(self) -> tuple[Lane, Lane]:
        """In one order for everybody, so that two messages that share a lane wait for each other and no more."""
        return self.app, self.channel


def lanes(pace: Pace, delivery: Delivery) -> Lanes:
    """Where it goes. What is for one member's eyes goes to their direct conversation, from wherever it was asked for."""
    place = delivery.conversation if delivery.visible_to is None else f"@{delivery.visible_to}"
    return Lanes(Lane(f"ch:{delivery.binding}/{place}", pace.channel), Lane(f"app:{delivery.binding}", pace.app))
