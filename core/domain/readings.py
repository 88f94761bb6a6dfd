"""What is known of a metric in a period, and how sure is it? Promise 1 lives here: a figure is never a bare number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.domain import catalogue
from core.domain.periods import Grain, Period


class State(StrEnum):
    """How far a figure may be trusted. Missing is never 0; a closed day is not a missing one."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    MISSING = "missing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as one source gave it. `received_at` is the business time from which on it counts; `on_arrival` settles it and the state."""

    metric: str
    period: Period
    value: Decimal
    source: str
    received_at: datetime
    state: State = State.FINAL
    segment: str = ""
    revision: int = 1


def on_arrival(reading: Reading, zone: tzinfo) -> Reading:
    """The reading as it is to be kept: provisional when it came before its period was over in the workspace's zone.

    One that came later counts from the period's end on: who looks back at a morning sees what is known of it now, late figures and
    corrections included.
    """
    over = datetime.combine(reading.period.end + timedelta(days=1), time(), zone)
    if reading.received_at < over:
        return replace(reading, state=State.PROVISIONAL)
    return replace(reading, received_at=over)


class Arrival(StrEnum):
    """What a reading was to the ones kept before: a new key, another value or state of a known one, or nothing new."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading after it was put: what it was, and the value that it replaced, if any."""

    reading: Reading
    arrival: Arrival
    before: Decimal | None = None


class Known(NamedTuple):
    """What is known of one metric in one period: the value of the most trusted source. A named tuple, since a board reads hundreds."""

    value: Decimal
    state: State
    source: str


def trusted(metric: str, first: Known | None, second: Known) -> Known:
    """Of two sources the one that the metric names earlier; one that it does not name comes last. What comes later from the same source holds."""
    if first is None or first.source == second.source:
        return second
    order = catalogue.metric(metric).sources
    places = [order.index(known.source) if known.source in order else len(order) for known in (first, second)]
    return second if places[1] < places[0] else first


@dataclass(frozen=True, slots=True)
class Window:
    """What was known at one instant of a stretch of days: by metric and grain, then by the period's start; of campaigns by metric and id."""

    calendar: Mapping[tuple[str, Grain], Mapping[date, Known]]
    campaigns: Mapping[tuple[str, int], Known]

    def at(self, metric: str, period: Period) -> Known | None:
        """The value given for that very period; a calendar period cut short has none."""
        if period.grain is Grain.CAMPAIGN:
            return self.campaigns.get((metric, period.campaign or 0))
        if period.last is not None:
            return None
        return self.calendar.get((metric, period.grain), {}).get(period.start)

    def with_readings(self, readings: Iterable[Reading]) -> Window:
        """What is known once these are kept too."""
        calendar, campaigns = {key: dict(series) for key, series in self.calendar.items()}, dict(self.campaigns)
        for reading in readings:
            known, period = Known(reading.value, reading.state, reading.source), reading.period
            if period.grain is Grain.CAMPAIGN:
                key = (reading.metric, period.campaign or 0)
                campaigns[key] = trusted(reading.metric, campaigns.get(key), known)
            else:
                series = calendar.setdefault((reading.metric, period.grain), {})
                series[period.start] = trusted(reading.metric, series.get(period.start), known)
        return Window(calendar, campaigns)

    def tracks(self, metric: str, grain: Grain) -> bool:
        """Whether anything at all is known of the metric at the grain."""
        return (metric, grain) in self.calendar

    def has_source(self, source: str) -> bool:
        """Whether any value comes from the source."""
        return any(known.source == source for days in self.calendar.values() for known in days.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """On how many of the open days of its period, as far as they are over, a derived figure stands."""

    known: int
    open: int

    @property
    def whole(self) -> bool:
        """Whether no day is missing."""
        return self.known >= self.open


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value for a period as shown to people. `value` is None exactly when the state is MISSING or CLOSED.

    `coverage` stands beside a figure that was computed from days.
    """

    metric: str
    period: Period
    value: Decimal | None
    state: State
    coverage: Coverage | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.state in (State.MISSING, State.CLOSED)):
            raise ValueError(f"a {self.state.value} figure {'has' if self.value is not None else 'lacks'} a value")
