"""What is known of a metric in a period, and how sure is it? Promise 1 lives here: a figure is never a bare number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.domain.periods import Period


class State(StrEnum):
    """How far a figure may be trusted. Missing is never 0; a closed day is not a missing one."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    MISSING = "missing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as one source gave it. `received_at` is business time: before the period's end it makes the reading provisional."""

    metric: str
    period: Period
    value: Decimal
    source: str
    received_at: datetime
    state: State = State.FINAL
    segment: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value for a period as shown to people. `value` is None exactly when the state is MISSING or CLOSED."""

    metric: str
    period: Period
    value: Decimal | None
    state: State

    def __post_init__(self) -> None:
        if (self.value is None) != (self.state in (State.MISSING, State.CLOSED)):
            raise ValueError(f"a {self.state.value} figure {'has' if self.value is not None else 'lacks'} a value")
