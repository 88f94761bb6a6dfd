"""What does a clock on the wall show when something comes by itself? Cadences, and the local times at which each falls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol, assert_never

from core.domain.calendars import DAY, dates
from core.domain.instants import MIDNIGHT

MINUTE = timedelta(minutes=1)


class WorkingDays(Protocol):
    """What a cadence has to know of a calendar."""

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


@dataclass(frozen=True, slots=True)
class MonthDay:
    """The same day of each month, 1 to 31; the last day of a month that is shorter."""

    day: int
    type: Literal["month_day"] = "month_day"


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last day of each month, or its last working day; a month without a working day has none."""

    working: bool
    type: Literal["month_end"] = "month_end"


@dataclass(frozen=True, slots=True)
class EveryDays:
    """Every so many days from the first date on."""

    days: int
    first: date
    type: Literal["every_days"] = "every_days"


@dataclass(frozen=True, slots=True)
class Once:
    """One local date."""

    day: date
    type: Literal["once"] = "once"


Days = Daily | Workdays | Weekdays | MonthDay | MonthEnd | EveryDays | Once


@dataclass(frozen=True, slots=True)
class Timed:
    """A local time of day, and the dates on which it counts."""

    at: time
    days: Days
    type: Literal["timed"] = "timed"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so long, as clocks on the wall count it, from a local time on."""

    every: timedelta
    first: datetime
    type: Literal["every"] = "every"


@dataclass(frozen=True, slots=True)
class Cron:
    """The five fields of a crontab's line, meant as Debian's cron means them, in local time."""

    expression: str
    type: Literal["cron"] = "cron"


Cadence = Timed | Every | Cron


def walls(cadence: Cadence, first: date, last: date, calendar: WorkingDays) -> Iterator[datetime]:
    """The local times (without zone) at which the cadence falls on the dates from `first` to `last`, both included, in order.

    Raises ValueError for a cron expression that is none.
    """
    match cadence:
        case Timed(at=at, days=Once(day=day)):
            return iter((datetime.combine(day, at),) if first <= day <= last else ())
        case Timed(at=at, days=days):
            return (datetime.combine(day, at) for day in dates(first, last) if falls_on(days, day, calendar))
        case Every(every=every, first=begin):
            return _steps(every, begin, first, last)
        case Cron(expression=expression):
            return cron_walls(expression, first, last)
        case _:
            assert_never(cadence)


def falls_on(days: Days, day: date, calendar: WorkingDays) -> bool:
    """Whether the local date is one of those days."""
    match days:
        case Daily():
            return True
        case Workdays():
            return calendar.is_working(day)
        case Weekdays(days=chosen):
            return day.weekday() in chosen
        case MonthDay(day=chosen):
            return day.day == chosen or (day.day < chosen and _ends_month(day))
        case MonthEnd(working=working):
            return _is_last_working(day, calendar) if working else _ends_month(day)
        case EveryDays(days=every, first=first):
            return day >= first and (day - first).days % every == 0
        case Once(day=chosen):
            return day == chosen
        case _:
            assert_never(days)


def _ends_month(day: date) -> bool:
    return (day + DAY).day == 1


def _is_last_working(day: date, calendar: WorkingDays) -> bool:
    if not calendar.is_working(day):
        return False
    day += DAY
    while day.day != 1:
        if calendar.is_working(day):
            return False
        day += DAY
    return True


def _steps(every: timedelta, begin: datetime, first: date, last: date) -> Iterator[datetime]:
    since = max(datetime.combine(first, MIDNIGHT), begin)
    wall = begin + every * -((begin - since) // every)
    while wall.date() <= last:
        yield wall
        wall += every


def is_cron(expression: str) -> bool:
    """Whether the five fields can be read."""
    try:
        _stepping(expression, datetime.combine(date.min, MIDNIGHT))
    except ValueError:
        return False
    return True


def cron_walls(expression: str, first: date, last: date) -> Iterator[datetime]:
    """The local times at which a crontab's line falls on the dates from `first` to `last`, both included. Raises ValueError for one that is none."""
    # It begins with the minute after the given one, and gives up after fifty years.
    for wall in _stepping(expression, datetime.combine(first, MIDNIGHT) - MINUTE):
        if wall.date() > last:
            return
        yield wall


def _stepping(expression: str, since: datetime) -> Iterator[datetime]:
    from cronsim import CronSim, CronSimError

    if len(expression.split()) != 5:
        raise ValueError(expression)
    try:
        # Told of no zone, it steps what clocks show.
        return CronSim(expression, since)
    except CronSimError:
        raise ValueError(expression) from None
