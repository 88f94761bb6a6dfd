"""When does something come by itself? A rule in local time, and the instants at which it falls between two others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol, assert_never
from zoneinfo import ZoneInfo

from core.domain.deliveries import Kind


class WorkingDays(Protocol):
    """What a rule has to know of a calendar."""

    def is_working(self, day: date) -> bool:
        """Whether the team works on that local date."""
        ...


@dataclass(frozen=True, slots=True)
class Daily:
    """Every local date."""

    type: Literal["daily"] = "daily"


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days of the team's calendar, 调休 included."""

    type: Literal["workdays"] = "workdays"


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Some days of the week, Monday = 0, whether worked or not."""

    days: frozenset[int]
    type: Literal["weekdays"] = "weekdays"


Days = Daily | Workdays | Weekdays


@dataclass(frozen=True, slots=True)
class Rule:
    """A local time of day, and the dates on which it counts."""

    at: time
    days: Days


@dataclass(frozen=True, slots=True)
class Schedule:
    """What comes by itself, when and in which channel. Occurrences due before `planned_until` have become deliveries."""

    id: int
    kind: Kind
    rule: Rule
    channel: int
    owner: int | None = None
    enabled: bool = True
    planned_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a schedule falls. `slot` numbers the occurrences of one local date from 0, so that a changed time of day is no new one."""

    local_date: date
    slot: int
    due_at: datetime


def occurrences(rule: Rule, zone: ZoneInfo, since: datetime, until: datetime, calendar: WorkingDays) -> Iterator[Occurrence]:
    """Every occurrence due from `since` up to but without `until` (aware instants), in order, at most one for a local date."""
    # A day earlier and later: near a change of the clock an instant may lie on the neighbouring date.
    day = since.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date() + timedelta(days=1)
    while day <= last:
        if falls_on(rule.days, day, calendar) and exists(day, zone):
            due_at = instant_of(day, rule.at, zone)
            if since <= due_at < until:
                yield Occurrence(day, 0, due_at)
        day += timedelta(days=1)


def falls_on(days: Days, day: date, calendar: WorkingDays) -> bool:
    """Whether the local date is one of those days."""
    match days:
        case Daily():
            return True
        case Workdays():
            return calendar.is_working(day)
        case Weekdays(days=chosen):
            return day.weekday() in chosen
        case _:
            assert_never(days)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone has that local date at all: Samoa went from 29 to 31 December 2011."""
    return instant_of(day, time(), zone).astimezone(zone).date() == day


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant in UTC at which local clocks show that time.

    Of two such instants the first. Where clocks jump over the time, the first instant after the jump.
    """
    wall = datetime.combine(day, at)
    shown = wall.replace(tzinfo=zone).astimezone(UTC)
    if shown.astimezone(zone).replace(tzinfo=None) == wall:
        return shown
    # Inside a jump the two readings of the wall time lie on either side of it (PEP 495).
    return _jump(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), shown, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, to the second, that has the later instant's offset."""
    before, offset = before.replace(microsecond=0), after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
